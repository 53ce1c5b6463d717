/* SPDX-License-Identifier: ISC */
/*
 * ccmq-archive: copies the history into PostgreSQL. See ccmq-archive(8) and
 * reach/archive.h.
 *
 * Exit status: 0 ended on request, or with --once all is copied; 1 it is not;
 * 2 usage; 3 the store, the settings or the database cannot be used.
 */
#include "base/clock.h"
#include "base/options.h"
#include "base/text.h"
#include "command/cli.h"
#include "reach/archive.h"
#include "work/row_json.h"

#include <inttypes.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAUSE_MS CLOCK_SECOND		/* after a fault, doubling to … */
#define PAUSE_MAX_MS CLOCK_MINUTE
#define ASK_MS CLOCK_MINUTE		/* a question ends, whatever it is */
#define END_S 3				/* told to end, it does */

static volatile sig_atomic_t ending;

/* A database that hangs is waited for only so long: wherever it is ended, it
 * goes on from its place. */
static void
on_end(int sig)
{
	if (sig == SIGALRM)
		_exit(CLI_DONE);
	ending = 1;
	alarm(END_S);
}

static void
usage(FILE *to)
{
	fputs(
"usage: ccmq-archive [-c FILE] [-s STORE] [--once]\n"
"       ccmq-archive [-c FILE] --init | --upgrade | --prune AGE\n"
"       ccmq-archive [-c FILE] --find EXPR [--limit N] | --from MS --to MS\n"
"\n"
"Copies the history of a store into the PostgreSQL database of the setting\n"
"archive.database, as it comes.\n"
"\n"
"  -c, --config FILE   settings\n"
"  -s, --store STORE   the store, over the settings\n"
"      --once          copy what is there, end\n"
"      --init          as the database's owner: make tables, views, roles, and\n"
"                      the partitions of the next two years; again: what is\n"
"                      missing\n"
"      --upgrade       the same for tables of an older version\n"
"      --prune AGE     as the owner: drop whole months that ended so long ago\n"
"                      (730d)\n"
"      --find EXPR     as a reader: messages that match, as JSON; the newest N\n"
"                      (1000)\n"
"      --from MS --to MS\n"
"                      as a reader: what came and went between, in\n"
"                      milliseconds since 1970, as JSON\n"
"      --help, --version\n", to);
}

static int
say(const struct error *err)
{
	char shown[600];

	fprintf(stderr, "ccmq-archive: %s\n", text_printable(shown,
		sizeof shown, err->text, strlen(err->text)));
	return -1;
}

struct options {
	const char *config, *store, *prune, *find, *limit, *from, *to;
	bool once, init, upgrade, help, version;
};

/* One thing at a time, and with --find and --from what is theirs. */
static bool
is_whole(const struct options *o)
{
	return o->once + o->init + o->upgrade + (o->prune != NULL) +
		(o->find != NULL) + (o->from != NULL) <= 1 &&
		!o->from == !o->to && (!o->limit || o->find);
}

/* 0, or -1 to end with *status_out. */
static int
read_options(int argc, char **argv, struct options *o, int *status_out)
{
	const struct options_row rows[] = {
		{ "config", 'c', OPTIONS_TEXT, &o->config },
		{ "store", 's', OPTIONS_TEXT, &o->store },
		{ "once", 0, OPTIONS_FLAG, &o->once },
		{ "init", 0, OPTIONS_FLAG, &o->init },
		{ "upgrade", 0, OPTIONS_FLAG, &o->upgrade },
		{ "prune", 0, OPTIONS_TEXT, &o->prune },
		{ "find", 0, OPTIONS_TEXT, &o->find },
		{ "limit", 0, OPTIONS_TEXT, &o->limit },
		{ "from", 0, OPTIONS_TEXT, &o->from },
		{ "to", 0, OPTIONS_TEXT, &o->to },
		{ "help", 'h', OPTIONS_FLAG, &o->help },
		{ "version", 0, OPTIONS_FLAG, &o->version },
		{ NULL, 0, OPTIONS_FLAG, NULL },
	};
	struct error err = ERROR_INIT;
	int operands = options_read(argc, argv, rows, &err);

	*status_out = CLI_DONE;
	if (operands == argc && o->help)
		usage(stdout);
	else if (operands == argc && o->version)
		puts("ccmq-archive " PACKAGE_VERSION);
	else if (operands == argc && is_whole(o))
		return 0;
	else
		*status_out = CLI_USAGE;
	if (operands < 0)
		say(&err);
	else if (*status_out == CLI_USAGE)
		usage(stderr);
	return -1;
}

/* --- the owner's --- */

static int
own(const struct settings *s, const struct options *o)
{
	struct error err = ERROR_INIT;
	struct archive *a;
	int64_t age = 0;
	int n;

	if (o->prune && text_parse_duration(o->prune, &age, &err) < 0) {
		say(&err);
		return CLI_USAGE;
	}
	a = archive_open(s->archive_database, 0, &err);
	n = !a ? -1 : !o->prune ? archive_init(a, &err) :
		archive_prune(a, clock_wall() - age, &err);
	archive_close(a);
	if (n < 0) {
		say(&err);
		return CLI_UNUSABLE;
	}
	if (o->prune)
		printf("%d partitions dropped\n", n);
	return CLI_DONE;
}

/* --- a reader's, for `ccmq find --archive` and `ccmq report --archive` --- */

static void
print_found(void *arg, const char *host, const char *store,
	const struct history_message *m)
{
	struct json_line *j = row_message_json(m);

	(void)arg;
	json_put_text(j, "host", host);
	json_put_text(j, "store", store);
	json_line_print(j, stdout);
}

static void
print_line(void *arg, struct json_line *j)
{
	(void)arg;
	json_line_print(j, stdout);
}

static int
find(struct archive *a, const struct options *o, struct error *err)
{
	struct match *m = match_compile(o->find, MATCH_ARCHIVE, clock_wall(),
		err);
	int64_t limit = 1000;
	int rc = m && (!o->limit || text_parse_int(o->limit, 1, INT64_MAX,
		&limit, err) == 0) ? archive_find(a, m, limit, print_found,
		NULL, err) : -1;

	match_free(m);
	return rc;
}

static int
report_span(struct archive *a, const struct options *o, struct error *err)
{
	int64_t from, to;

	if (text_parse_int(o->from, INT64_MIN, INT64_MAX, &from, err) < 0 ||
	    text_parse_int(o->to, INT64_MIN, INT64_MAX, &to, err) < 0)
		return -1;
	/* Nothing is older than 1970. */
	return archive_report(a, from < 0 ? 0 : from, to < 0 ? 0 : to, print_line, NULL, err);
}

static int
ask(const struct settings *s, const struct options *o)
{
	struct error err = ERROR_INIT;
	struct archive *a = archive_open(s->archive_database, ARCHIVE_VERSION,
		&err);
	int rc = a ? archive_limit(a, ASK_MS, &err) : -1;

	if (rc == 0)
		rc = o->find ? find(a, o, &err) : report_span(a, o, &err);
	archive_close(a);
	if (rc < 0)
		say(&err);
	return rc == 0 ? CLI_DONE : err.code == ERROR_INVALID ? CLI_USAGE :
		CLI_UNUSABLE;
}

/* --- following --- */

/* What another try does not mend. */
static bool
is_final(const struct error *err)
{
	return err->code == ERROR_INVALID || err->code == ERROR_REPLACED ||
		err->code == ERROR_BUSY || err->code == ERROR_STORE;
}

static void
report(const struct archive *a, int64_t *gap_said, int64_t *refused_said)
{
	int64_t rows, refused, gap;

	archive_counts(a, &rows, &refused, &gap);
	if (gap > *gap_said)
		fprintf(stderr, "ccmq-archive: up to transaction %" PRId64
			" retention had removed rows before they were copied: "
			"see ccmq.gap\n", gap);
	if (refused > *refused_said)
		fprintf(stderr, "ccmq-archive: rows that were refused: %" PRId64
			", see ccmq.refused\n", refused - *refused_said);
	*gap_said = gap;
	*refused_said = refused;
}

/* Connects, and copies until something fails. The store's names are looked at
 * each time. 0 ended, -1; *begun: it was there, and could be written to. */
static int
follow(struct store *s, struct follower *place, const char *database,
	const struct options *o, bool *begun, struct error *err)
{
	int64_t gap = 0, refused = 0;
	struct archive *a = archive_open(database, ARCHIVE_VERSION, err);
	int rc = a ? archive_begin(a, s, err) : -1;
	struct cli_bell bell;

	*begun = *begun || rc == 0;
	cli_bell_open(&bell, s);
	while (rc == 0 && !ending) {
		rc = archive_copy(a, s, place, err);
		report(a, &gap, &refused);
		if (rc == 0 && o->once)
			break;
		if (rc == 0)
			rc = cli_bell_wait(&bell, err);
	}
	cli_bell_close(&bell);
	archive_close(a);
	return rc;
}

/* Again and again, while that can mend it. */
static int
run(struct store *s, const char *database, const struct options *o)
{
	struct error err = ERROR_INIT;
	struct follower place = FOLLOWER_INIT;
	int64_t pause = PAUSE_MS;
	int rc = follower_open(&place, s, "archive", &err);
	bool begun = false;

	for (bool first = true; rc == 0 && !ending; first = false) {
		int64_t began = clock_mono_ms();

		rc = follow(s, &place, database, o, &begun, &err);
		if (rc == 0 || is_final(&err) || (first && !begun &&
		    clock_mono_ms() - began < PAUSE_MS) || o->once)
			break;
		say(&err);
		pause = clock_mono_ms() - began > PAUSE_MAX_MS ? PAUSE_MS :
			2 * pause < PAUSE_MAX_MS ? 2 * pause : PAUSE_MAX_MS;
		poll(NULL, 0, (int)pause);
		rc = 0;
	}
	follower_close(&place);
	if (rc < 0 && !ending)
		say(&err);
	return rc < 0 && !ending ? CLI_NOT_DONE : CLI_DONE;
}

static int
start(const struct settings *set, const struct options *o)
{
	struct sigaction end = { .sa_handler = on_end };
	struct error err = ERROR_INIT;
	struct store s;
	int status;

	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGALRM, &end, NULL);
	if (store_open(&s, set->store, set->intake_submit, "ccmq-archive",
	    STORE_READ, &err) < 0) {
		say(&err);
		return CLI_UNUSABLE;
	}
	status = run(&s, set->archive_database, o);
	store_close(&s);
	return status;
}

int
main(int argc, char **argv)
{
	struct settings settings = SETTINGS_INIT;
	struct options o = { 0 };
	struct error err = ERROR_INIT;
	int status;

	setlocale(LC_ALL, "");
	umask(0007);
	signal(SIGPIPE, SIG_IGN);
	if (read_options(argc, argv, &o, &status) < 0)
		return status;
	if (settings_load(&settings, o.config, o.store, &err) < 0 ||
	    (!*settings.archive_database && error_set(&err, ERROR_STORE,
		"archive.database is not set: see ccmq-archive(8)") < 0)) {
		say(&err);
		return CLI_UNUSABLE;
	}
	status = o.find || o.from ? ask(&settings, &o) : o.init || o.upgrade ||
		o.prune ? own(&settings, &o) : start(&settings, &o);
	settings_release(&settings);
	return status;
}
