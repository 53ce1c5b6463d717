/* SPDX-License-Identifier: ISC */
/* settings_table: see settings_table.h for the contract. */
#include "settings/settings_table.h"
#include "base/clock.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define FIELD(field) .at = offsetof(struct settings, field)
#define KILO INT64_C(1024)
#define TERA (KILO * KILO * KILO * KILO)
#define CENTURY (36500 * CLOCK_DAY)

static const char *const themes[] = {
	[SETTINGS_THEME_DARK] = "dark",
	[SETTINGS_THEME_LIGHT] = "light",
	[SETTINGS_THEME_MONO] = "mono",
	NULL,
};

static const char *const date_orders[] = {
	[0] = "",			/* no order: never matches */
	[CCMAIL_DATE_MDY] = "mdy",
	[CCMAIL_DATE_DMY] = "dmy",
	[CCMAIL_DATE_YMD] = "ymd",
	NULL,
};

static const char *const on_lost[] = {
	[SETTINGS_ON_LOST_GO_ON] = "go-on",
	[SETTINGS_ON_LOST_STOP] = "stop",
	NULL,
};

static const char *const advice_words[] = {
#define X(word) #word,
	SETTINGS_ADVICE_LIST(X)
#undef X
	NULL,
};

/* Enums are read and written as what they are. */
_Static_assert(sizeof(enum settings_theme) == sizeof(unsigned) &&
	sizeof(enum settings_on_lost) == sizeof(unsigned) &&
	sizeof(enum ccmail_date_order) == sizeof(unsigned), "size of enums");

const struct settings_row settings_rows[] = {
	{
		.name = "store", .type = SETTINGS_TEXT, FIELD(store),
		.def = "\"/var/lib/ccmq\"", .least = 1, .most = 3840,
		.unit = "path",
		.sentence = "The directory of the messages and their history, "
			"on a local file system.",
	},
	{
		.name = "import.program", .type = SETTINGS_PROGRAM,
		FIELD(import_program),
		.def = "[ \"ccmq-import\", \"--worker\", \"/NHUB\", "
			"\"/D/var/lib/ccmq-po\", \"/ITEMSIZE\", "
			"\"/PARTIAL\", \"/BATCH\" ]",
		.least = 1, .most = 64, .unit = "arguments",
		.sentence = "The import program and its arguments: with %f in "
			"one of them it is started for each message (%f is the "
			"working copy, %n its name, %d the import directory, "
			"%u the .und file); without, it is a worker, which "
			"stays and is handed batches (ccmqd(8)); unless set, "
			"/D follows the store.",
	},
	{
		.name = "import.batch", .type = SETTINGS_INT,
		FIELD(import_batch), .def = "32",
		.least = 1, .most = 256, .unit = "number",
		.sentence = "How many messages a worker is given at once; "
			"one fsync serves them.",
	},
	{
		.name = "import.interval", .type = SETTINGS_DURATION,
		FIELD(import_interval_ms), .def = "\"15s\"",
		.least = 100, .most = CLOCK_HOUR, .unit = "duration",
		.sentence = "How often submit/ is looked through, even if "
			"nothing was heard of it.",
	},
	{
		.name = "import.timeout", .type = SETTINGS_DURATION,
		FIELD(import_timeout_ms), .def = "\"2m\"",
		.least = CLOCK_SECOND, .most = CLOCK_DAY, .unit = "duration",
		.sentence = "How long one attempt may take before it is ended "
			"and counts as crashed.",
	},
	{
		.name = "import.lanes", .type = SETTINGS_INT,
		FIELD(import_lanes), .def = "1",
		.least = 1, .most = 16, .unit = "number",
		.sentence = "How many attempts run at a time; leave it at 1 "
			"unless the import program is safe in parallel.",
	},
	{
		.name = "import.result_codes", .type = SETTINGS_CODES,
		FIELD(result_class),
		.def = "( { code = 2; class = \"unavailable\"; } )",
		.least = 0, .most = 256, .unit = "list of { code; class; }",
		.sentence = "What the program's result codes mean, where that "
			"differs from the usual: imported, rejected, "
			"undeliverable, crashed or unavailable, code by code.",
	},
	{
		.name = "limits.rejected", .type = SETTINGS_INT,
		FIELD(limits_rejected), .def = "1",
		.least = 1, .most = 1000, .unit = "number",
		.sentence = "After so many attempts that were rejected or "
			"undeliverable a message is failed.",
	},
	{
		.name = "limits.crashed", .type = SETTINGS_INT,
		FIELD(limits_crashed), .def = "3",
		.least = 1, .most = 1000, .unit = "number",
		.sentence = "After so many attempts that crashed or were "
			"interrupted a message is failed.",
	},
	{
		.name = "limits.unavailable", .type = SETTINGS_INT,
		FIELD(limits_unavailable), .def = "20",
		.least = 1, .most = 100000, .unit = "number",
		.sentence = "After so many attempts that found the post office "
			"unavailable, while other messages were imported, a "
			"message is failed.",
	},
	{
		.name = "backoff.first", .type = SETTINGS_DURATION,
		FIELD(backoff_first_ms), .def = "\"30s\"",
		.least = 100, .most = CLOCK_DAY, .unit = "duration",
		.sentence = "How long a deferred message waits the first time; "
			"each further time it waits twice as long.",
	},
	{
		.name = "backoff.cap", .type = SETTINGS_DURATION,
		FIELD(backoff_cap_ms), .def = "\"30m\"",
		.least = 100, .most = 30 * CLOCK_DAY, .unit = "duration",
		.sentence = "The longest that a deferred message waits.",
	},
	{
		.name = "breaker.unavailable", .type = SETTINGS_INT,
		FIELD(breaker_unavailable), .def = "3",
		.least = 1, .most = 1000, .unit = "number",
		.sentence = "So many different messages in a row that found "
			"the post office unavailable trip the breaker.",
	},
	{
		.name = "breaker.rejected", .type = SETTINGS_INT,
		FIELD(breaker_rejected), .def = "10",
		.least = 2, .most = 1000, .unit = "number",
		.sentence = "So many different messages in a row with the same "
			"result and none imported between them trip the "
			"breaker.",
	},
	{
		.name = "breaker.probe", .type = SETTINGS_DURATION,
		FIELD(breaker_probe_ms), .def = "\"30s\"",
		.least = 100, .most = CLOCK_DAY, .unit = "duration",
		.sentence = "How long after tripping one message is tried; "
			"each further time it is twice as long.",
	},
	{
		.name = "breaker.probe_cap", .type = SETTINGS_DURATION,
		FIELD(breaker_probe_cap_ms), .def = "\"15m\"",
		.least = 100, .most = 30 * CLOCK_DAY, .unit = "duration",
		.sentence = "The longest time between two such tries.",
	},
	{
		.name = "intake.settle", .type = SETTINGS_DURATION,
		FIELD(intake_settle_ms), .def = "\"2s\"",
		.least = 0, .most = CLOCK_HOUR, .unit = "duration",
		.sentence = "How long the size and time of a file must stay "
			"the same before it is taken in, unless it was seen "
			"to arrive by a rename.",
	},
	{
		.name = "intake.submit", .type = SETTINGS_TEXT,
		FIELD(intake_submit), .def = "\"\"",
		.least = 0, .most = 3840, .unit = "path",
		.check = settings_check_absolute,
		.sentence = "Where producers drop messages, on the store's "
			"file system, from the next start on; empty: submit/ "
			"in the store.",
	},
	{
		.name = "mail.code_page", .type = SETTINGS_TEXT,
		FIELD(mail_code_page), .def = "\"437\"",
		.least = 1, .most = 32, .unit = "code page",
		.check = settings_check_code_page,
		.sentence = "The code page of the messages, for lists, "
			"filters and pages; the post office's own is in "
			"postoffice.conf.",
	},
	{
		.name = "mail.date_order", .type = SETTINGS_WORD,
		FIELD(mail_date_order), .def = "\"mdy\"",
		.unit = "mdy, dmy or ymd", .words = date_orders,
		.sentence = "How the dates of the messages are written.",
	},
	{
		.name = "und.path", .type = SETTINGS_TEXT, FIELD(und_path),
		.def = "\"%d/ccmail.und\"", .least = 1, .most = 3840,
		.unit = "path",
		.sentence = "The .und file that the import program appends to; "
			"%d is the import directory.",
	},
	{
		.name = "und.rotate_size", .type = SETTINGS_SIZE,
		FIELD(und_rotate_bytes), .def = "\"64M\"",
		.least = KILO, .most = TERA, .unit = "size",
		.sentence = "From this size on the .und file is set aside "
			"under a number and a new one begun.",
	},
	{
		.name = "disk.min_free", .type = SETTINGS_SIZE,
		FIELD(disk_min_free_bytes), .def = "\"256M\"",
		.least = 0, .most = TERA, .unit = "size",
		.sentence = "With less free space than this nothing is taken "
			"in and no attempt starts.",
	},
	{
		.name = "keep.imported", .type = SETTINGS_DURATION,
		FIELD(keep_imported_ms), .def = "\"1d\"",
		.least = 0, .most = CENTURY, .unit = "duration",
		.sentence = "How long copies of imported messages are kept; "
			"0s: not at all.",
	},
	{
		.name = "keep.trash", .type = SETTINGS_DURATION,
		FIELD(keep_trash_ms), .def = "\"7d\"",
		.least = 0, .most = CENTURY, .unit = "duration",
		.sentence = "How long purged messages can be restored.",
	},
	{
		.name = "keep.und", .type = SETTINGS_DURATION,
		FIELD(keep_und_ms), .def = "\"400d\"",
		.least = 0, .most = CENTURY, .unit = "duration",
		.sentence = "How long .und files that were set aside are kept.",
	},
	{
		.name = "keep.history", .type = SETTINGS_DURATION,
		FIELD(keep_history_ms), .def = "\"400d\"",
		.least = CLOCK_SECOND, .most = CENTURY, .unit = "duration",
		.sentence = "How long the history of messages that are no "
			"longer there is kept.",
	},
	{
		.name = "archive.database", .type = SETTINGS_TEXT,
		FIELD(archive_database), .def = "\"\"",
		.least = 0, .most = 2000, .unit = "libpq's words or URI",
		.sentence = "The PostgreSQL database that ccmq-archive copies "
			"the history into; passwords stand in libpq's own "
			"files.",
	},
	{
		.name = "archive.keep", .type = SETTINGS_DURATION,
		FIELD(archive_keep_ms), .def = "\"30d\"",
		.least = 0, .most = CENTURY, .unit = "duration",
		.sentence = "How much longer the history is kept for followers "
			"that have not seen it yet.",
	},
	{
		.name = "console.theme", .type = SETTINGS_WORD,
		FIELD(console_theme), .def = "\"dark\"",
		.unit = "dark, light or mono", .words = themes,
		.sentence = "The colours of the console.",
	},
	{
		.name = "console.read_only", .type = SETTINGS_BOOL,
		FIELD(console_read_only), .def = "false",
		.unit = "true or false",
		.sentence = "Whether ccmq only looks and changes nothing.",
	},
	{
		.name = "console.host_color", .type = SETTINGS_TEXT,
		FIELD(console_host_color), .def = "\"\"",
		.least = 0, .most = 32, .unit = "colour",
		.check = settings_check_color,
		.sentence = "The colour of the host's name in the console, to "
			"tell one machine from another; empty: the theme's.",
	},
	{
		.name = "console.esc_delay", .type = SETTINGS_DURATION,
		FIELD(console_esc_delay_ms), .def = "\"150ms\"",
		.least = 10, .most = 5 * CLOCK_SECOND, .unit = "duration",
		.sentence = "How long Esc waits for the rest of a key; raise "
			"it on slow lines.",
	},
	{
		.name = "console.bell", .type = SETTINGS_BOOL,
		FIELD(console_bell), .def = "true",
		.unit = "true or false",
		.sentence = "Whether the console rings when the verdict gets "
			"worse.",
	},
	{
		.name = "console.on_lost", .type = SETTINGS_WORD,
		FIELD(console_on_lost), .def = "\"go-on\"",
		.unit = "go-on or stop", .words = on_lost,
		.sentence = "What becomes of a job when the line of the "
			"console that began it, or of the command that "
			"waits for it, is lost.",
	},
	{
		.name = "console.keys", .type = SETTINGS_KEYS,
		FIELD(console_keys), .def = "( )",
		.least = 0, .most = 256, .unit = "list of { key; action; }",
		.sentence = "Further keys of the console, each with the name "
			"of its action.",
	},
	{
		.name = "hosts", .type = SETTINGS_HOSTS,
		FIELD(hosts), .def = "( )",
		.least = 0, .most = SETTINGS_HOSTS_MAX,
		.unit = "list of { name; ssh; color; }",
		.sentence = "Hosts whose stores ccmq hosts shows, each with "
			"its name, what ssh is told (the name where it is not "
			"given; empty: this host), and perhaps its colour.",
	},
	{
		.name = "control.to", .type = SETTINGS_TEXT,
		FIELD(control_to), .def = "\"\"",
		.least = 0, .most = 200, .unit = "address",
		.sentence = "To whom control messages go, a user of the post "
			"office who discards them; empty: there are none.",
	},
	{
		.name = "control.every", .type = SETTINGS_DURATION,
		FIELD(control_every_ms), .def = "\"0s\"",
		.least = 0, .most = 30 * CLOCK_DAY, .unit = "duration",
		.sentence = "How long there may be no import before a control "
			"message is sent; 0s: only when asked for.",
	},
#define ALARM(what, word, unit_check, units, of) { \
		.name = "alarm." word, .type = SETTINGS_TEXT, \
		FIELD(alarm[what]), .def = "\"\"", .most = 64, \
		.check = unit_check, .unit = units, \
		.sentence = of ": above the first somebody should look, " \
			"above a second, behind a comma, a person must act; " \
			"empty: as many as there are.", \
	}
	ALARM(ALARM_QUEUE, "queue", settings_check_counts, "numbers",
		"Messages that are queued, importing or deferred"),
	ALARM(ALARM_OLDEST, "oldest", settings_check_ages, "durations",
		"How long the oldest queued message has waited"),
	ALARM(ALARM_FAILED, "failed", settings_check_counts, "numbers",
		"Failed messages"),
	ALARM(ALARM_UND, "und", settings_check_sizes, "sizes",
		"The .und file"),
#undef ALARM
	{
		.name = "foreign.submit", .type = SETTINGS_TEXT,
		FIELD(foreign_submit), .def = "\"\"",
		.least = 0, .most = 3840, .unit = "path",
		.check = settings_check_absolute,
		.sentence = "Of a connector that is watched (ccmqd --observe): where "
			"messages wait for it.",
	},
	{
		.name = "foreign.import", .type = SETTINGS_TEXT,
		FIELD(foreign_import), .def = "\"\"",
		.least = 0, .most = 3840, .unit = "path",
		.check = settings_check_absolute,
		.sentence = "… where it hands them to its importer.",
	},
	{
		.name = "foreign.bad", .type = SETTINGS_TEXT,
		FIELD(foreign_bad), .def = "\"\"",
		.least = 0, .most = 3840, .unit = "path",
		.check = settings_check_absolute,
		.sentence = "… where it sets aside what it cannot convert; empty: "
			"that is not looked at.",
	},
	{
		.name = "foreign.und", .type = SETTINGS_TEXT,
		FIELD(foreign_und), .def = "\"\"",
		.least = 0, .most = 3840, .unit = "path",
		.check = settings_check_absolute,
		.sentence = "… its file of undeliverable messages; empty: that is not "
			"looked at.",
	},
	{
		.name = "foreign.log", .type = SETTINGS_TEXT,
		FIELD(foreign_log), .def = "\"\"",
		.least = 0, .most = 3840, .unit = "path",
		.check = settings_check_absolute,
		.sentence = "… its event log as a file of lines, with events 58 to 63 "
			"in the original's words; empty: there is none.",
	},
	{
		.name = "foreign.cycle", .type = SETTINGS_DURATION,
		FIELD(foreign_cycle_ms), .def = "\"15s\"",
		.least = 100, .most = CLOCK_HOUR, .unit = "duration",
		.sentence = "… how often it looks for messages, and so how often all "
			"of its files are looked at; where the system tells of "
			"changes they are looked at sooner.",
	},
	{
		.name = "metrics.file", .type = SETTINGS_TEXT,
		FIELD(metrics_file), .def = "\"\"",
		.least = 0, .most = 4096, .unit = "path",
		.sentence = "Where ccmq watch and ccmq metrics --write put what "
			"Prometheus reads, such as a *.prom of node_exporter's textfile "
			"directory.",
	},
	{
		.name = "hooks", .type = SETTINGS_HOOKS, FIELD(hooks),
		.def = "( )", .least = 0, .most = 32,
		.unit = "list of { on; run; at_most; limit; }",
		.sentence = "Programs that ccmq watch runs when a verdict begins "
			"and when it ends: on names verdicts by their words in "
			"status --json, run has the program and its arguments, "
			"%word in them is that word; at_most (1/10m) holds for "
			"each word, limit (1m) is how long one may take.",
	},
	{
		.name = "commands", .type = SETTINGS_COMMANDS, FIELD(commands),
		.def = "( )", .least = 0, .most = 7,
		.unit = "list of { key; name; run; where; writes; }",
		.sentence = "Programs that the console runs for a key, F6 to F12, "
			"on what is selected, which they get as JSON: name is its "
			"word in help and after \":\", run has an absolute path "
			"and arguments, where is message, cause or both; with "
			"writes = true not in read-only mode.",
	},
	{
		.name = "advice", .type = SETTINGS_ADVICE,
		.at = offsetof(struct settings, advice), .def = "{ }",
		.least = 0, .most = 200, .unit = "group { verdict = text; }",
		.sentence = "A line of your own for a verdict, by its word in "
			"status --json, such as whom to call.",
	},
};

const size_t settings_rows_count =
	sizeof settings_rows / sizeof *settings_rows;

const struct settings_row *
settings_row_find(const char *name)
{
	for (size_t i = 0; i < settings_rows_count; i++)
		if (strcmp(settings_rows[i].name, name) == 0)
			return &settings_rows[i];
	return NULL;
}

bool
settings_group_exists(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < settings_rows_count; i++)
		if (strncmp(settings_rows[i].name, name, len) == 0 &&
		    settings_rows[i].name[len] == '.')
			return true;
	return false;
}

const char *
settings_row_nearest(const char *name)
{
	struct text_guess whole = { .typed = name }, member = { .typed = name };
	const char *of_member = NULL, *dot;

	for (size_t i = 0; i < settings_rows_count; i++) {
		text_guess_try(&whole, settings_rows[i].name);
		/* Right name, forgotten group. */
		dot = strchr(settings_rows[i].name, '.');
		if (dot && text_guess_try(&member, dot + 1))
			of_member = settings_rows[i].name;
	}
	if (of_member && (!whole.best || member.away < whole.away))
		return of_member;
	return whole.best;
}

const char *
settings_advice_word(size_t i)
{
	return advice_words[i];
}

const char *
settings_theme_word(enum settings_theme theme)
{
	return themes[theme];
}

void *
settings_field(struct settings *s, const struct settings_row *row)
{
	return (char *)s + row->at;
}

const void *
settings_field_const(const struct settings *s, const struct settings_row *row)
{
	return (const char *)s + row->at;
}

struct unit {
	const char *word;
	int64_t scale;
};

static const struct unit durations[] = {
	{ "d", CLOCK_DAY }, { "h", CLOCK_HOUR }, { "m", CLOCK_MINUTE },
	{ "s", CLOCK_SECOND }, { "ms", 1 },
};

static const struct unit sizes[] = {
	{ "T", TERA }, { "G", KILO * KILO * KILO }, { "M", KILO * KILO },
	{ "K", KILO }, { "", 1 },
};

void
settings_add_value(struct str *out, enum settings_type type, int64_t n)
{
	const struct unit *unit = type == SETTINGS_SIZE ? sizes : durations;

	if (type == SETTINGS_INT) {
		str_addf(out, "%" PRId64, n);
		return;
	}
	if (n == 0) {
		str_add(out, type == SETTINGS_SIZE ? "0" : "0s");
		return;
	}
	while (n % unit->scale)
		unit++;
	str_addf(out, "%" PRId64 "%s", n / unit->scale, unit->word);
}

void
settings_add_range(struct str *out, const struct settings_row *row)
{
	if (row->type != SETTINGS_INT && row->type != SETTINGS_SIZE &&
	    row->type != SETTINGS_DURATION)
		return;
	str_add(out, " (from ");
	settings_add_value(out, row->type, row->least);
	str_add(out, " to ");
	settings_add_value(out, row->type, row->most);
	str_add(out, ")");
}

void
settings_add_sentence(struct str *out, const struct settings_row *row)
{
	str_add(out, row->sentence);
	assert(out->data[out->len - 1] == '.');
	str_truncate(out, out->len - 1);
	settings_add_range(out, row);
	str_add_char(out, '.');
}
