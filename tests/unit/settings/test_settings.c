/* SPDX-License-Identifier: ISC */
/* Tests of settings: every value and its bounds, every refusal, the order of
 * the files, and that what is printed loads again. */
#include "unit/unit.h"
#include "settings/settings.h"
#include "settings/settings_table.h"
#include "store/verdict.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "test_settings.XXXXXX";

static void
write_bytes(const char *name, const void *bytes, size_t len)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
write_file(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

/* Loads text from a file t.conf. */
static int
load(struct settings *s, const char *text, struct error *err)
{
	write_file("t.conf", text);
	return settings_load(s, "t.conf", NULL, err);
}

static void
defaults(void **state)
{
	struct settings s;

	(void)state;
	settings_init(&s);
	assert_null(s.file);
	assert_string_equal(s.store, "/var/lib/ccmq");
	assert_int_equal(s.import_program_count, 7);
	assert_string_equal(s.import_program[0], "ccmq-import");
	assert_string_equal(s.import_program[1], "--worker");
	assert_string_equal(s.import_program[3], "/D/var/lib/ccmq-po");
	assert_null(s.import_program[7]);
	assert_int_equal(s.import_interval_ms, 15000);
	assert_int_equal(s.import_timeout_ms, 120000);
	assert_int_equal(s.import_lanes, 1);
	assert_int_equal(s.result_class[2], CLASS_UNAVAILABLE);
	assert_int_equal(s.result_class[1], SETTINGS_CLASS_DEFAULT);
	assert_int_equal(s.limits_rejected, 1);
	assert_int_equal(s.limits_crashed, 3);
	assert_int_equal(s.limits_unavailable, 20);
	assert_int_equal(s.backoff_first_ms, 30000);
	assert_int_equal(s.backoff_cap_ms, 1800000);
	assert_int_equal(s.breaker_unavailable, 3);
	assert_int_equal(s.breaker_rejected, 10);
	assert_int_equal(s.breaker_probe_ms, 30000);
	assert_int_equal(s.breaker_probe_cap_ms, 900000);
	assert_string_equal(s.und_path, "%d/ccmail.und");
	assert_int_equal(s.und_rotate_bytes, 64 << 20);
	assert_int_equal(s.disk_min_free_bytes, 256 << 20);
	assert_int_equal(s.keep_imported_ms, 86400000);
	assert_int_equal(s.keep_trash_ms, 604800000);
	assert_int_equal(s.keep_und_ms, INT64_C(34560000000));
	assert_int_equal(s.keep_history_ms, INT64_C(34560000000));
	assert_int_equal(s.console_theme, SETTINGS_THEME_DARK);
	assert_false(s.console_read_only);
	assert_string_equal(s.console_host_color, "");
	assert_int_equal(s.console_esc_delay_ms, 150);
	assert_int_equal(s.console_keys_count, 0);
	assert_int_equal(s.import_batch, 32);
	assert_int_equal(s.intake_settle_ms, 2000);
	assert_string_equal(s.intake_submit, "");
	assert_string_equal(s.mail_code_page, "437");
	assert_int_equal(s.mail_date_order, CCMAIL_DATE_MDY);
	assert_true(s.console_bell);
	assert_int_equal(s.console_on_lost, SETTINGS_ON_LOST_GO_ON);
	assert_string_equal(s.control_to, "");
	assert_int_equal(s.control_every_ms, 0);
	assert_null(settings_advice(&s, "tripped"));
	settings_release(&s);
	settings_release(&s);
}

/* "group: { member = VALUE; };" for one row. */
static void
assignment(struct str *out, const struct settings_row *row, int64_t n)
{
	const char *dot = strchr(row->name, '.');
	const char *quote = row->type == SETTINGS_INT ? "" : "\"";
	const char *unit = row->type == SETTINGS_DURATION ? "ms" : "";

	str_clear(out);
	str_addf(out, "%.*s: { %s = %s%" PRId64 "%s%s; };",
		(int)(dot - row->name), row->name, dot + 1, quote, n, unit,
		quote);
}

/* One value of one row: what settings_read says, and that it arrived. */
static int
read_one(const struct settings_row *row, int64_t n, struct error *err)
{
	struct str text = STR_INIT;
	struct settings s;
	bool program_set;
	int rc;

	settings_init(&s);
	assignment(&text, row, n);
	rc = settings_read(&s, text.data, "t.conf", &program_set, err);
	if (rc == 0)
		assert_int_equal(*(int64_t *)settings_field(&s, row), n);
	settings_release(&s);
	str_release(&text);
	return rc;
}

static void
every_bound(void **state)
{
	const struct settings_row *row;
	struct error err = ERROR_INIT;
	int bounded = 0;

	(void)state;
	for (size_t i = 0; i < settings_rows_count; i++) {
		row = &settings_rows[i];
		if (row->type != SETTINGS_INT && row->type != SETTINGS_SIZE &&
		    row->type != SETTINGS_DURATION)
			continue;
		bounded++;
		assert_int_equal(read_one(row, row->least, &err), 0);
		assert_int_equal(read_one(row, row->most, &err), 0);
		if (row->least > 0) {
			assert_int_equal(read_one(row, row->least - 1, &err),
				-1);
			assert_non_null(strstr(err.text, "out of range"));
			assert_non_null(strstr(err.text, row->name));
		}
		assert_int_equal(read_one(row, row->most + 1, &err), -1);
		assert_int_equal(err.code, ERROR_STORE);
		assert_int_equal(read_one(row, -1, &err), -1);
	}
	assert_int_equal(bounded, 24);
}

#define LONG_TEXT "0123456789012345678901234567890123"

/* A console that knows no key and no colour. */
static int
no_key(const char *key, const char *action, struct error *err)
{
	(void)action;
	return error_set(err, ERROR_INVALID, "no key \"%s\"", key);
}

static int
no_color(const char *word, struct error *err)
{
	return error_set(err, ERROR_INVALID, "no colour \"%s\"", word);
}

static int
no_action(const char *name, struct error *err)
{
	return strcmp(name, "retry") != 0 ? 0 :
		error_set(err, ERROR_INVALID, "there is \"%s\"", name);
}

static const struct settings_console console = { no_key, no_color,
	no_action };

/* A command with one member of its own. */
#define COMMAND(key, name, where, run) "{ key = \"" key "\"; name = \"" name \
	"\"; where = \"" where "\"; run = [ \"" run "\" ]; }"

/* Wrong files and what the error must say. */
static const struct {
	const char *name, *text, *words;
} refused[] = {
	{ "unknown member", "import: {\n timout = \"5m\";\n};",
		"t.conf:2: unknown setting \"import.timout\"; did you mean "
		"\"import.timeout\"?" },
	{ "forgotten group", "timeout = \"5m\";",
		"t.conf:1: unknown setting \"timeout\"; did you mean "
		"\"import.timeout\"?" },
	{ "unknown group", "imports: { timeout = \"5m\"; };",
		"unknown setting \"imports\"" },
	{ "group inside a group", "import: { import: { }; };",
		"unknown setting \"import.import\"" },
	{ "group as number", "import = 5;",
		"t.conf:1: import: wants a group { }, not a number" },
	{ "number for a duration", "import: { interval = 15; };",
		"t.conf:1: import.interval: wants a duration in quotes such "
		"as \"30s\", not a number" },
	{ "number for a size", "und: { rotate_size = 64; };",
		"und.rotate_size: wants a size in quotes" },
	{ "string for a number", "limits: { crashed = \"3\"; };",
		"limits.crashed: wants a number, not a string" },
	{ "fraction", "limits: { crashed = 3.5; };",
		"not a number with a fraction" },
	{ "64-bit number", "limits: { crashed = 3L; };",
		"not a 64-bit number" },
	{ "number for a truth", "console: { read_only = 1; };",
		"console.read_only: wants true or false, not a number" },
	{ "number as store", "store = 7;", "store: wants a string" },
	{ "group as store", "store: { };",
		"store: wants a string, not a group { }" },
	{ "empty store", "store = \"\";", "store: must not be empty" },
	{ "long colour", "console: { host_color = \"" LONG_TEXT "\"; };",
		"host_color: is longer than 32 bytes" },
	{ "no unit", "backoff: { first = \"30\"; };",
		"t.conf:1: backoff.first: \"30\" is not a duration" },
	{ "foreign bytes in a value", "backoff: { first = \"\x1b[2J\"; };",
		"\"\\x1b[2J\" is not a duration" },
	{ "theme", "console: { theme = \"pink\"; };",
		"console.theme: must be dark, light or mono" },
	{ "theme as number", "console: { theme = 1; };",
		"console.theme: wants a string" },
	{ "cut by libconfig", "\nlimits: { crashed = 4294967299; };",
		"t.conf:2: a number of more than nine digits" },
	{ "negative and cut", "limits: { crashed = -4294967293; };",
		"more than nine digits" },
	{ "positive and cut", "limits:{crashed=+4294967299;};",
		"more than nine digits" },
	{ "hexadecimal and cut", "limits: { crashed = 0x100000003; };",
		"more than nine digits" },
	{ "after a comment", "/*/ 4294967299 */ a = 4294967299;",
		"more than nine digits" },
	{ "twice", "store = \"/a\";\nstore = \"/b\";",
		"t.conf:2: duplicate setting name" },
	{ "syntax", "store = \"/a\";\nimport: {", "t.conf:2: syntax error" },
	{ "a minus at the end", "store = -", "t.conf:1: syntax error" },
	{ "binary", "\x7f" "ELF\x02\x01", "t.conf:1: syntax error" },
	{ "program as string", "import: { program = \"x\"; };",
		"import.program: wants a list, not a string" },
	{ "program empty", "import: { program = [ ]; };",
		"import.program: has 0 members" },
	{ "program without a name", "import: { program = [ \"\" ]; };",
		"import.program: names no program" },
	{ "program with a number", "import: { program = ( \"x\", 5 ); };",
		"import.program: wants strings, not a number" },
	{ "codes as group", "import: { result_codes: { }; };",
		"import.result_codes: wants a list" },
	{ "codes of numbers", "import: { result_codes = ( 5 ); };",
		"wants list of { code; class; }, not a number" },
	{ "code without a class", "import: { result_codes = ( { code = 1; } "
		"); };", "a member has no \"class\"" },
	{ "class without a code", "import: { result_codes = ( { class = \"crashed\""
		"; } ); };", "a member has no \"code\"" },
	{ "code too high", "import: { result_codes = ( { code = 256; class = "
		"\"crashed\"; } ); };", "code 256 is out of range" },
	{ "code below zero", "import: { result_codes = ( { code = -1; class = "
		"\"crashed\"; } ); };", "code -1 is out of range" },
	{ "code as string", "import: { result_codes = ( { code = \"1\"; class "
		"= \"crashed\"; } ); };", "wants a number as code" },
	{ "class as number", "import: { result_codes = ( { code = 1; class "
		"= 1; } ); };", "wants a string as class" },
	{ "class unknown", "import: { result_codes = ( { code = 1; class = "
		"\"bad\"; } ); };", "\"bad\" is no class" },
	{ "class of our own", "import: { result_codes = ( { code = 1; class "
		"= \"interrupted\"; } ); };", "\"interrupted\" is no class" },
	{ "code twice", "import: { result_codes = ( { code = 1; class = "
		"\"crashed\"; }, { code = 1; class = \"crashed\"; } ); };",
		"code 1 stands there twice" },
	{ "unknown in a code", "import: { result_codes = ( { code = 1; klass "
		"= \"crashed\"; } ); };", "unknown member \"klass\"" },
	{ "key without action", "console: { keys = ( { key = \"x\"; } ); };",
		"console.keys: a member has no \"action\"" },
	{ "empty key", "console: { keys = ( { key = \"\"; action = \"a\"; } "
		"); };", "\"key\" must have from 1 to 64 bytes" },
	{ "host like an option", "hosts: ( { name = \"a\"; ssh = \"-oX\"; } );",
		"hosts: \"ssh\": must not begin with -" },
	{ "host with a blank", "hosts: ( { name = \"a b\"; } );",
		"hosts: \"name\": may have 64 printable" },
	{ "host twice", "hosts: ( { name = \"a\"; }, { name = \"a\"; } );",
		"hosts: a stands there twice" },
	{ "host without name", "hosts: ( { ssh = \"a\"; } );",
		"hosts: a host has no \"name\"" },
	{ "key as number", "console: { keys = ( { key = 1; action = \"a\"; } "
		"); };", "console.keys: wants strings" },
	{ "cap below first", "backoff: { first = \"2m\"; cap = \"1m\"; };",
		"t.conf: backoff.cap is less than backoff.first" },
	{ "probe cap below probe", "breaker: { probe_cap = \"1s\"; };",
		"t.conf: breaker.probe_cap is less than breaker.probe" },
	{ "relative und", "und: { path = \"ccmail.und\"; };",
		"und.path begins neither with / nor with %d/" },
	{ "message's name in und", "und: { path = \"%d/%n.und\"; };",
		"und.path has a placeholder other than %d" },
	{ "shared und", "import: { lanes = 2; }; und: { path = \"/v/u\"; };",
		"lanes do not share" },
	{ "placeholder in the store", "store = \"/srv/%d\";",
		"looks like a placeholder" },
	{ "another file", "@include \"none.conf\"\n",
		"t.conf:1: @include is refused" },
	{ "another file, later", "store = \"/@include\";\n  @include \"t.conf\"",
		"t.conf:2: @include is refused" },
	{ "a file and a worker", "import: { program = [ \"x\", \"--worker\", "
		"\"/@%f\" ]; };", "t.conf: import.program has an argument "
		"with %f, which means a program a message, and --worker" },
	{ "a batch of none", "import: { batch = 0; };",
		"import.batch: 0 is out of range (from 1 to 256)" },
	{ "no code page", "mail: { code_page = \"999999\"; };",
		"t.conf:1: mail.code_page: " },
	{ "code page that shifts", "mail: { code_page = \"UTF-7\"; };",
		"t.conf:1: mail.code_page: " },
	{ "no date order", "mail: { date_order = \"\"; };",
		"t.conf:1: mail.date_order: must be mdy, dmy or ymd" },
	{ "relative submit", "intake: { submit = \"in\"; };",
		"intake.submit: must be empty or begin with /" },
	{ "on_lost", "console: { on_lost = \"wait\"; };",
		"console.on_lost: must be go-on or stop" },
	{ "bell", "console: { bell = \"true\"; };",
		"console.bell: wants true or false, not a string" },
	{ "control to nobody", "control: { every = \"1h\"; };",
		"t.conf: control.every wants control.to" },
	{ "half of what is watched", "foreign: { submit = \"/x/SUBMIT\"; };",
		"foreign.submit and foreign.import are set together" },
	{ "watching itself", "store = \"/s\"; foreign: { submit = "
		"\"/s/submit\"; import = \"/x\"; };", "lies in the store" },
	{ "watched in one another", "foreign: { submit = \"/x/IMPORT/S\"; "
		"import = \"/x/IMPORT\"; };", "must lie apart" },
	{ "watched by a relative path", "foreign: { submit = \"x\"; "
		"import = \"/x\"; };", "must be empty or begin with /" },
	{ "advice for no verdict", "advice: { triped = \"call\"; };",
		"t.conf:1: advice: there is no verdict \"triped\"; did you "
		"mean \"tripped\"?" },
	{ "advice for all is well", "advice: { ok = \"x\"; };",
		"there is no verdict \"ok\": see ccmq(1)" },
	{ "advice as number", "advice: { disk = 1; };",
		"t.conf:1: advice: wants a string, not a number" },
	{ "advice as string", "advice = \"x\";",
		"advice: wants a group { }" },
	{ "a hook for no verdict", "hooks: ( { on = [ \"stoped\" ]; run = "
		"[ \"x\" ]; } );", "hooks: there is no verdict \"stoped\"; did "
		"you mean \"stopped\"?" },
	{ "a hook without a word", "hooks: ( { run = [ \"x\" ]; } );",
		"hooks: a member has no \"on\"" },
	{ "a hook with a key", "hooks: ( { on = [ \"disk\" ]; run = [ \"x\" ]; "
		"key = \"F6\"; } );", "hooks: unknown member \"key\"" },
	{ "a hook of nothing", "hooks: ( { on = [ \"disk\" ]; run = [ ]; } );",
		"hooks: \"run\" has 0 members" },
	{ "a hook without a rate", "hooks: ( { on = [ \"disk\" ]; run = "
		"[ \"x\" ]; at_most = \"3\"; } );", "so many in a time" },
	{ "a hook that may take days", "hooks: ( { on = [ \"disk\" ]; run = "
		"[ \"x\" ]; limit = \"2d\"; } );", "is out of range" },
	{ "a command nowhere", "commands: ( " COMMAND("F6", "n", "here", "/x")
		" );", "\"where\" is message, cause or both" },
	{ "a command without a name", "commands: ( { run = [ \"/x\" ]; "
		"where = \"cause\"; } );", "has no \"key\"" },
	{ "a command with a hook's word", "commands: ( { on = [ \"disk\" ]; } "
		");", "commands: unknown member \"on\"" },
	{ "a command on help's key", "commands: ( " COMMAND("F1", "n", "cause",
		"/x") " );", "\"key\" is F6 to F12" },
	{ "a command on a letter", "commands: ( " COMMAND("r", "n", "cause",
		"/x") " );", "\"key\" is F6 to F12" },
	{ "two commands on a key", "commands: ( " COMMAND("F6", "n", "cause",
		"/x") ", " COMMAND("f6", "m", "cause", "/x") " );",
		"commands: F6 stands there twice" },
	{ "two commands of a name", "commands: ( " COMMAND("F6", "n", "cause",
		"/x") ", " COMMAND("F7", "N", "cause", "/x") " );",
		"commands: N stands there twice" },
	{ "a command called as an action", "commands: ( " COMMAND("F6", "retry",
		"cause", "/x") " );", "there is \"retry\"" },
	{ "a command called as a time", "commands: ( " COMMAND("F6", "at 02:40",
		"cause", "/x") " );", "begins with a letter" },
	{ "a command called as a message", "commands: ( " COMMAND("F6", "#1042",
		"cause", "/x") " );", "begins with a letter" },
	{ "a command from $PATH", "commands: ( " COMMAND("F6", "n", "cause",
		"ticket") " );", "\"run\" begins with an absolute path" },
	{ "a command that says 1", "commands: ( { writes = 1; } );",
		"wants true or false, not a number" },
	{ "eight commands", "commands: ( { }, { }, { }, { }, { }, { }, { }, { } "
		");", "has 8 members; 0 to 7 are possible" },
	{ "far-fetched", "zzz = 1;",
		"unknown setting \"zzz\": ccmqd --print-sample shows" },
	{ "wrong key", "\nconsole: { keys = ( { key = \"Nokey\"; action = "
		"\"quit\"; } ); };", "t.conf:2: console.keys: no key" },
	{ "wrong colour", "\n\nconsole: { host_color = \"rubbish\"; };",
		"t.conf:3: console.host_color: no colour" },
};

static void
wrong_files(void **state)
{
	struct settings s, before;
	struct error err;

	(void)state;
	settings_console = &console;
	memset(&s, 0x5A, sizeof s);
	before = s;
	for (size_t i = 0; i < COUNT(refused); i++) {
		err = (struct error)ERROR_INIT;
		if (load(&s, refused[i].text, &err) != -1)
			fail_msg("%s: was accepted", refused[i].name);
		if (!strstr(err.text, refused[i].words))
			fail_msg("%s: \"%s\"", refused[i].name, err.text);
		assert_int_equal(err.code, ERROR_STORE);
		assert_memory_equal(&s, &before, sizeof s);
	}
	settings_console = NULL;
}

/* A key does one thing. */
static void
keys_do_not_clash(void **state)
{
	struct error err = ERROR_INIT;
	struct settings s;

	(void)state;
	assert_int_equal(load(&s, "console: { keys = ( { key = \"f6\"; action "
		"= \"quit\"; } ); }; commands: ( " COMMAND("F6", "n", "cause",
		"/x") " );", &err), -1);
	assert_non_null(strstr(err.text, "in commands and in console.keys"));
}

/* Every verdict that can be said can have a line of the site's own. */
static void
advice_for_every_verdict(void **state)
{
	struct error err = ERROR_INIT;
	struct str text = STR_INIT;
	struct settings s;
	const char *word;
	char name[40];

	(void)state;
	str_add(&text, "advice: { ");
	for (size_t i = 0; (word = settings_advice_word(i)); i++)
		str_addf(&text, "%s = \"call %s\"; ", word, word);
	str_add(&text, "};");
	assert_int_equal(load(&s, text.data, &err), 0);
	for (int kind = 0; kind < VERDICT_OK; kind++) {
		snprintf(name, sizeof name, "%s",
			verdict_word((enum verdict_kind)kind));
		for (char *p = name; *p; p++)
			*p = *p == ' ' ? '_' : *p;
		word = settings_advice(&s, name);
		if (!word || strcmp(word + 5, name) != 0)
			fail_msg("%s has no advice", name);
	}
	assert_null(settings_advice(&s, "ok"));
	settings_release(&s);
	str_release(&text);
}

static void
values_arrive(void **state)
{
	static const char text[] =
		"# a comment with 12345678901\n"
		"// another \" 12345678901\n"
		"/*/ 12345678901 */\n"
		"store = \"/srv/mail/\";	/* 12345678901 */\n"
		"import: { program = ( \"/bin/x\", \"12345678901\", \"a\\\"b\" );"
		" result_codes = ( { code = 0; class = \"Rejected\"; },"
		" { class = \"imported\"; code = 255; } ); lanes = 16; };\n"
		"console: { theme = \"Light\"; read_only = true;"
		" keys = ( { key = \"^X\"; action = \"quit\"; } ); };\n"
		"keep: { imported = \"0s\"; };\n"
		"und: { rotate_size = \"1G\"; };\n";
	struct error err = ERROR_INIT;
	struct settings s;

	(void)state;
	assert_int_equal(load(&s, text, &err), 0);
	assert_string_equal(s.file, "t.conf");
	assert_string_equal(s.store, "/srv/mail");
	assert_int_equal(s.import_program_count, 3);
	assert_string_equal(s.import_program[2], "a\"b");
	assert_null(s.import_program[3]);
	assert_int_equal(s.result_class[0], CLASS_REJECTED);
	assert_int_equal(s.result_class[255], CLASS_IMPORTED);
	assert_int_equal(s.result_class[2], SETTINGS_CLASS_DEFAULT);
	assert_int_equal(s.import_lanes, 16);
	assert_int_equal(s.console_theme, SETTINGS_THEME_LIGHT);
	assert_true(s.console_read_only);
	assert_int_equal(s.console_keys_count, 1);
	assert_string_equal(s.console_keys[0].key, "^X");
	assert_string_equal(s.console_keys[0].action, "quit");
	assert_int_equal(s.keep_imported_ms, 0);
	assert_int_equal(s.und_rotate_bytes, 1 << 30);
	settings_release(&s);
}

static void
store_and_program(void **state)
{
	struct error err = ERROR_INIT;
	char cwd[4096], want[4200];
	struct settings s;

	(void)state;
	assert_int_equal(load(&s, "store = \"/a//\";", &err), 0);
	assert_string_equal(s.store, "/a");
	assert_string_equal(s.import_program[3], "/D/a-po");
	settings_release(&s);

	write_file("t.conf", "store = \"/a\"; import: { program = "
		"[ \"x\", \"/D/b\" ]; };");
	assert_int_equal(settings_load(&s, "t.conf", "here/", &err), 0);
	assert_non_null(getcwd(cwd, sizeof cwd));
	snprintf(want, sizeof want, "%s/here", cwd);
	assert_string_equal(s.store, want);
	assert_string_equal(s.import_program[1], "/D/b");
	settings_release(&s);

	assert_int_equal(settings_load(&s, "t.conf", "", &err), -1);
	assert_int_equal(err.code, ERROR_INVALID);
	assert_int_equal(settings_load(&s, "t.conf", "/", &err), 0);
	assert_string_equal(s.store, "/");
	settings_release(&s);
}

static void
assert_file(const char *file, const char *want)
{
	struct error err = ERROR_INIT;
	struct settings s;

	if (settings_load(&s, file, NULL, &err) < 0)
		fail_msg("%s", err.text);
	if (want)
		assert_string_equal(s.file, want);
	else
		assert_null(s.file);
	settings_release(&s);
}

static void
order_of_files(void **state)
{
	struct error err = ERROR_INIT;
	char cwd[4096], xdg[4200], home[4200];
	struct settings s;

	(void)state;
	assert_non_null(getcwd(cwd, sizeof cwd));
	assert_int_equal(mkdir("ccmq", 0700), 0);
	assert_int_equal(mkdir(".config", 0700), 0);
	assert_int_equal(mkdir(".config/ccmq", 0700), 0);
	write_file("ccmq/ccmq.conf", "");
	write_file(".config/ccmq/ccmq.conf", "");
	write_file("t.conf", "");
	write_file("e.conf", "");
	snprintf(xdg, sizeof xdg, "%s/ccmq/ccmq.conf", cwd);
	snprintf(home, sizeof home, "%s/.config/ccmq/ccmq.conf", cwd);
	setenv("CCMQ_CONFIG", "e.conf", 1);
	setenv("XDG_CONFIG_HOME", cwd, 1);
	setenv("HOME", cwd, 1);
	assert_file("t.conf", "t.conf");
	assert_file(NULL, "e.conf");
	setenv("CCMQ_CONFIG", "gone.conf", 1);
	assert_int_equal(settings_load(&s, NULL, NULL, &err), -1);
	assert_string_equal(err.text, "settings file gone.conf "
		"($CCMQ_CONFIG) is not there");
	assert_int_equal(settings_load(&s, "off.conf", NULL, &err), -1);
	assert_string_equal(err.text, "settings file off.conf (-c) is not "
		"there");
	unsetenv("CCMQ_CONFIG");
	assert_file(NULL, xdg);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	assert_file(NULL, home);
	unsetenv("XDG_CONFIG_HOME");
	assert_file(NULL, home);
	setenv("HOME", "/dev/null", 1);
	if (access(SYSCONFDIR "/ccmq/ccmq.conf", F_OK) < 0)
		assert_file(NULL, NULL);
}

static void
assert_load_error(const char *file, const char *words)
{
	struct error err = ERROR_INIT;
	struct settings s;

	assert_int_equal(settings_load(&s, file, NULL, &err), -1);
	assert_int_equal(err.code, ERROR_STORE);
	if (!strstr(err.text, words) || !strstr(err.text, file))
		fail_msg("%s: \"%s\"", file, err.text);
}

static void
hostile_files(void **state)
{
	static char big[(1 << 20) + 2];

	(void)state;
	memset(big, ' ', sizeof big);
	write_bytes("big.conf", big, sizeof big);
	assert_load_error("big.conf", "is longer than 1048576 bytes");
	write_bytes("nul.conf", "a\0b", 3);
	assert_load_error("nul.conf", "holds NUL bytes");
	assert_load_error(".", "is a directory");
	assert_load_error("/dev/zero", "/dev/zero is longer");
	assert_int_equal(mkfifo("fifo.conf", 0600), 0);
	assert_load_error("fifo.conf", "Illegal seek");
	memset(big, '(', sizeof big - 3);
	memcpy(big, "a=", 2);
	big[1 << 19] = '\0';
	write_file("deep.conf", big);
	assert_load_error("deep.conf", "memory exhausted");
}

/* Permissions mean nothing to root: become somebody else in a child. */
static void
unreadable_file(void **state)
{
	(void)state;
	write_file("secret.conf", "");
	assert_int_equal(chmod("secret.conf", 0), 0);
	if (geteuid() == 0) {
		assert_int_equal(chmod(".", 0755), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	assert_load_error("secret.conf", "Permission denied");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

static void
assert_prints_as(const struct settings *s, const char *want)
{
	struct str out = STR_INIT;

	settings_print(s, &out);
	assert_string_equal(out.data, want);
	str_release(&out);
}

static void
print_loads_again(void **state)
{
	static const char text[] = "store = \"/s p/\\\"q\\\\\\x01\";"
		"import: { timeout = \"90s\"; result_codes = ( ); };"
		"disk: { min_free = \"0\"; }; und: { rotate_size = \"1500\"; };"
		"keep: { trash = \"1500ms\"; };"
		"mail: { code_page = \"850\"; date_order = \"YMD\"; };"
		"intake: { settle = \"0s\"; submit = \"/srv/in\"; };"
		"control: { to = \"a at b\"; every = \"1h\"; };"
		"hooks: ( { on = [ \"disk\", \"und\" ]; run = [ \"/p\", \"%word\" ];"
		" at_most = \"2/90s\"; } );"
		"commands: ( { key = \"f6\"; name = \"open ticket\"; run = "
		"[ \"/t\" ]; where = \"cause message\"; writes = true; } );"
		"advice: { disk = \"\\\"4711\\\"\"; back_again = \"x\"; };"
		"hosts: ( { name = \"$(a)\"; ssh = \"\"; }, { name = \"b\"; "
		"color = \"red\"; } );"
		"console: { bell = false; on_lost = \"stop\"; "
		"read_only = true; theme = \"mono\"; keys = ("
		"{ key = \"a\"; action = \"b\"; }, { key = \"\\\"\"; "
		"action = \"c\"; } ); };";
	struct error err = ERROR_INIT;
	struct str out = STR_INIT;
	struct settings s, again;

	(void)state;
	assert_int_equal(load(&s, text, &err), 0);
	settings_print(&s, &out);
	assert_non_null(strstr(out.data, "\ttimeout = \"90s\";\n"));
	assert_non_null(strstr(out.data, "\tmin_free = \"0\";\n"));
	assert_non_null(strstr(out.data, "\ttrash = \"1500ms\";\n"));
	assert_non_null(strstr(out.data, "\tresult_codes = ( );\n"));
	assert_non_null(strstr(out.data, "\tdate_order = \"ymd\";\n"));
	assert_non_null(strstr(out.data, "\ton_lost = \"stop\";\n"));
	assert_non_null(strstr(out.data, "\nadvice = { disk = "
		"\"\\\"4711\\\"\"; back_again = \"x\"; };\n"));
	assert_non_null(strstr(out.data, "\nhooks = ( { on = [ \"disk\", \"und\" "
		"]; at_most = \"2/90s\"; limit = \"1m\"; run = [ \"/p\", "
		"\"%word\" ]; } );\n"));
	assert_non_null(strstr(out.data, "\ncommands = ( { key = \"F6\"; name = "
		"\"open ticket\"; where = \"message cause\"; writes = true; "
		"run = [ \"/t\" ]; } );\n"));
	if (load(&again, out.data, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(again.store, s.store);
	assert_prints_as(&again, out.data);
	settings_release(&s);
	settings_release(&again);
	str_release(&out);
}

static void
sample_is_the_defaults(void **state)
{
	struct str sample = STR_INIT, printed = STR_INIT;
	struct error err = ERROR_INIT;
	struct settings s, def;
	char *p;

	(void)state;
	settings_init(&def);
	settings_print(&def, &printed);
	settings_print_sample(&sample);
	assert_int_equal(load(&s, sample.data, &err), 0);
	assert_prints_as(&s, printed.data);
	settings_release(&s);
	/* Every line commented in. */
	for (p = sample.data; (p = strchr(p, '#')); p++)
		if (p[1] != ' ')
			*p = ' ';
	if (load(&s, sample.data, &err) < 0)
		fail_msg("%s", err.text);
	assert_prints_as(&s, printed.data);
	for (p = strtok(sample.data, "\n"); p; p = strtok(NULL, "\n"))
		if (strstr(p, "# ") && strlen(p) > 90)
			fail_msg("long line: %s", p);
	settings_release(&s);
	settings_release(&def);
	str_release(&sample);
	str_release(&printed);
}

static void
manual_has_every_setting(void **state)
{
	struct str out = STR_INIT;
	char item[80];
	size_t len;

	(void)state;
	settings_print_mdoc(&out);
	for (size_t i = 0; i < settings_rows_count; i++) {
		snprintf(item, sizeof item, ".It Ic %s Pq ",
			settings_rows[i].name);
		assert_non_null(strstr(out.data, item));
		len = strlen(settings_rows[i].sentence) - 1;
		assert_non_null(memmem(out.data, out.len,
			settings_rows[i].sentence, len));
	}
	assert_non_null(strstr(out.data, " crashed (from 1s to 1d).\n"));
	assert_non_null(strstr(out.data, ".Ql \"\"\"15s\"\"\"\n"));
	str_release(&out);
}

static int
enter(void **state)
{
	(void)state;
	unsetenv("CCMQ_CONFIG");
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int
leave(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -rf -- %s", dir);
	return chdir("..") == 0 ? system(command) : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(every_bound),
		cmocka_unit_test(wrong_files),
		cmocka_unit_test(values_arrive),
		cmocka_unit_test(keys_do_not_clash),
		cmocka_unit_test(advice_for_every_verdict),
		cmocka_unit_test(store_and_program),
		cmocka_unit_test(order_of_files),
		cmocka_unit_test(hostile_files),
		cmocka_unit_test(unreadable_file),
		cmocka_unit_test(print_loads_again),
		cmocka_unit_test(sample_is_the_defaults),
		cmocka_unit_test(manual_has_every_setting),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
