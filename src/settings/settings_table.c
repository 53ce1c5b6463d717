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

/* The commonest kinds of rows. */
#define ROW(name_, field, type_, unit_, def_) .name = name_, FIELD(field), \
	.type = SETTINGS_##type_, .unit = unit_, .def = def_
#define DURATION(name, field, def, from, to) \
	ROW(name, field, DURATION, "duration", def), .least = from, .most = to
#define NUMBER(name, field, def, from, to) \
	ROW(name, field, INT, "number", def), .least = from, .most = to
#define SIZE(name, field, def, from, to) \
	ROW(name, field, SIZE, "size", def), .least = from, .most = to
#define PATH(name, field, def, from, to) \
	ROW(name, field, TEXT, "path", def), .least = from, .most = to
#define BOOL(name, field, def) \
	ROW(name, field, BOOL, "true or false", def)

const struct settings_row settings_rows[] = {
	{
		PATH("store", store, "\"/var/lib/ccmq\"", 1, 3840),
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
		NUMBER("import.batch", import_batch, "32", 1, 256),
		.sentence = "How many messages a worker is given at once; "
			"one fsync serves them.",
	},
	{
		DURATION("import.interval", import_interval_ms, "\"15s\"", 100,
			CLOCK_HOUR),
		.sentence = "How often submit/ is looked through, even if "
			"nothing was heard of it.",
	},
	{
		DURATION("import.timeout", import_timeout_ms, "\"2m\"",
			CLOCK_SECOND, CLOCK_DAY),
		.sentence = "How long one attempt may take before it is ended "
			"and counts as crashed.",
	},
	{
		NUMBER("import.lanes", import_lanes, "1", 1, 16),
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
		NUMBER("limits.rejected", limits_rejected, "1", 1, 1000),
		.sentence = "After so many attempts that were rejected or "
			"undeliverable a message is failed.",
	},
	{
		NUMBER("limits.crashed", limits_crashed, "3", 1, 1000),
		.sentence = "After so many attempts that crashed or were "
			"interrupted a message is failed.",
	},
	{
		NUMBER("limits.unavailable", limits_unavailable, "20", 1,
			100000),
		.sentence = "After so many attempts that found the post office "
			"unavailable, while other messages were imported, a "
			"message is failed.",
	},
	{
		DURATION("backoff.first", backoff_first_ms, "\"30s\"", 100,
			CLOCK_DAY),
		.sentence = "How long a deferred message waits the first time; "
			"each further time it waits twice as long.",
	},
	{
		DURATION("backoff.cap", backoff_cap_ms, "\"30m\"", 100,
			30 * CLOCK_DAY),
		.sentence = "The longest that a deferred message waits.",
	},
	{
		NUMBER("breaker.unavailable", breaker_unavailable, "3", 1,
			1000),
		.sentence = "So many different messages in a row that found "
			"the post office unavailable trip the breaker.",
	},
	{
		NUMBER("breaker.rejected", breaker_rejected, "10", 2, 1000),
		.sentence = "So many different messages in a row with the same "
			"result and none imported between them trip the "
			"breaker.",
	},
	{
		DURATION("breaker.probe", breaker_probe_ms, "\"30s\"", 100,
			CLOCK_DAY),
		.sentence = "How long after tripping one message is tried; "
			"each further time it is twice as long.",
	},
	{
		DURATION("breaker.probe_cap", breaker_probe_cap_ms, "\"15m\"",
			100, 30 * CLOCK_DAY),
		.sentence = "The longest time between two such tries.",
	},
	{
		DURATION("intake.settle", intake_settle_ms, "\"2s\"", 0,
			CLOCK_HOUR),
		.sentence = "How long the size and time of a file must stay "
			"the same before it is taken in, unless it was seen "
			"to arrive by a rename.",
	},
	{
		PATH("intake.submit", intake_submit, "\"\"", 0, 3840),
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
		PATH("und.path", und_path, "\"%d/ccmail.und\"", 1, 3840),
		.sentence = "The .und file that the import program appends to; "
			"%d is the import directory.",
	},
	{
		SIZE("und.rotate_size", und_rotate_bytes, "\"64M\"", KILO,
			TERA),
		.sentence = "From this size on the .und file is set aside "
			"under a number and a new one begun.",
	},
	{
		SIZE("disk.min_free", disk_min_free_bytes, "\"256M\"", 0, TERA),
		.sentence = "With less free space than this nothing is taken "
			"in and no attempt starts.",
	},
	{
		DURATION("keep.imported", keep_imported_ms, "\"1d\"", 0,
			CENTURY),
		.sentence = "How long copies of imported messages are kept; "
			"0s: not at all.",
	},
	{
		DURATION("keep.trash", keep_trash_ms, "\"7d\"", 0, CENTURY),
		.sentence = "How long purged messages can be restored.",
	},
	{
		DURATION("keep.und", keep_und_ms, "\"400d\"", 0, CENTURY),
		.sentence = "How long .und files that were set aside are kept.",
	},
	{
		DURATION("keep.history", keep_history_ms, "\"400d\"",
			CLOCK_SECOND, CENTURY),
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
		DURATION("archive.keep", archive_keep_ms, "\"30d\"", 0,
			CENTURY),
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
		BOOL("console.read_only", console_read_only, "false"),
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
		DURATION("console.esc_delay", console_esc_delay_ms, "\"150ms\"",
			10, 5 * CLOCK_SECOND),
		.sentence = "How long Esc waits for the rest of a key; raise "
			"it on slow lines.",
	},
	{
		BOOL("console.bell", console_bell, "true"),
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
		DURATION("control.every", control_every_ms, "\"0s\"", 0,
			30 * CLOCK_DAY),
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
		PATH("foreign.submit", foreign_submit, "\"\"", 0, 3840),
		.check = settings_check_absolute,
		.sentence = "Of a connector that is watched (ccmqd --observe): where "
			"messages wait for it.",
	},
	{
		PATH("foreign.import", foreign_import, "\"\"", 0, 3840),
		.check = settings_check_absolute,
		.sentence = "… where it hands them to its importer.",
	},
	{
		PATH("foreign.bad", foreign_bad, "\"\"", 0, 3840),
		.check = settings_check_absolute,
		.sentence = "… where it sets aside what it cannot convert; empty: "
			"that is not looked at.",
	},
	{
		PATH("foreign.und", foreign_und, "\"\"", 0, 3840),
		.check = settings_check_absolute,
		.sentence = "… its file of undeliverable messages; empty: that is not "
			"looked at.",
	},
	{
		PATH("foreign.log", foreign_log, "\"\"", 0, 3840),
		.check = settings_check_absolute,
		.sentence = "… its event log as a file of lines, with events 58 to 63 "
			"in the original's words; empty: there is none.",
	},
	{
		DURATION("foreign.cycle", foreign_cycle_ms, "\"15s\"", 100,
			CLOCK_HOUR),
		.sentence = "… how often it looks for messages, and so how often all "
			"of its files are looked at; where the system tells of "
			"changes they are looked at sooner.",
	},
	{
		PATH("metrics.file", metrics_file, "\"\"", 0, 4096),
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
