/* SPDX-License-Identifier: ISC */
/*
 * ccmq-archive: copies the history into PostgreSQL. See ccmq-archive(8) and
 * reach/archive.h.
 *
 * Exit status: 0 ended on request, or with --once all is copied; 1 it is not;
 * 2 usage; 3 the store, the settings or the database cannot be used.
 */
#include "base/clock.h"
#include "base/text.h"
#include "command/cli.h"
#include "reach/archive.h"

#include <getopt.h>
#include <inttypes.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PAUSE_MS CLOCK_SECOND		/* after a fault, doubling to … */
#define PAUSE_MAX_MS CLOCK_MINUTE

static volatile sig_atomic_t ending;

static void
on_end(int sig)
{
	(void)sig;
	ending = 1;
}

static void
usage(FILE *to)
{
	fputs(
"usage: ccmq-archive [-c FILE] [-s STORE] [--once]\n"
"       ccmq-archive [-c FILE] --init | --upgrade | --prune AGE\n"
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
"      --help, --version\n", to);
}

struct options {
	const char *config, *store, *prune;
	bool once, init;
};

/* 0, or -1 to end with *status_out. */
static int
read_options(int argc, char **argv, struct options *o, int *status_out)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "store", required_argument, NULL, 's' },
		{ "once", no_argument, NULL, 'o' },
		{ "init", no_argument, NULL, 'i' },
		{ "upgrade", no_argument, NULL, 'i' },
		{ "prune", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*status_out = CLI_DONE;
	while ((c = getopt_long(argc, argv, "c:s:h", options, NULL)) != -1)
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 's':
			o->store = optarg;
			break;
		case 'o':
			o->once = true;
			break;
		case 'i':
			o->init = true;
			break;
		case 'p':
			o->prune = optarg;
			break;
		case 'h':
			usage(stdout);
			return -1;
		case 'v':
			puts("ccmq-archive " PACKAGE_VERSION);
			return -1;
		default:
			*status_out = CLI_USAGE;
			return -1;
		}
	if (optind == argc && o->once + o->init + (o->prune != NULL) <= 1)
		return 0;
	usage(stderr);
	*status_out = CLI_USAGE;
	return -1;
}

static int
say(const struct error *err)
{
	char shown[600];

	fprintf(stderr, "ccmq-archive: %s\n", text_printable(shown,
		sizeof shown, err->text, strlen(err->text)));
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
	n = !a ? -1 : o->init ? archive_init(a, &err) :
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
		fprintf(stderr, "ccmq-archive: %" PRId64 " rows were refused: "
			"see ccmq.refused\n", refused - *refused_said);
	*gap_said = gap;
	*refused_said = refused;
}

/* Connects, and copies until something fails. The store's names are looked at
 * each time. 0 ended, -1. */
static int
follow(struct store *s, struct follower *place, const char *database,
	const struct options *o, struct error *err)
{
	int64_t gap = 0, refused = 0;
	struct archive *a = archive_open(database, ARCHIVE_VERSION, err);
	int rc = a ? archive_begin(a, s, err) : -1;
	struct cli_bell bell;

	cli_bell_open(&bell, s);
	while (rc == 0 && !ending) {
		rc = archive_copy(a, s, place, err);
		report(a, &gap, &refused);
		if (rc == 0 && o->once)
			break;
		if (rc == 0)
			cli_bell_wait(&bell);
		if (rc == 0 && store_look_at_names(s, err) < 0 &&
		    err->code == ERROR_REPLACED)
			rc = -1;
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

	for (bool first = true; rc == 0 && !ending; first = false) {
		int64_t began = clock_mono_ms();

		rc = follow(s, &place, database, o, &err);
		if (rc == 0 || is_final(&err) || (first && clock_mono_ms() -
		    began < PAUSE_MS) || o->once)
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
	struct error err = ERROR_INIT;
	struct store s;
	int status;

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
	struct sigaction end = { .sa_handler = on_end };
	struct settings settings = SETTINGS_INIT;
	struct options o = { 0 };
	struct error err = ERROR_INIT;
	int status;

	setlocale(LC_ALL, "");
	umask(0007);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (read_options(argc, argv, &o, &status) < 0)
		return status;
	if (settings_load(&settings, o.config, o.store, &err) < 0 ||
	    (!*settings.archive_database && error_set(&err, ERROR_STORE,
		"archive.database is not set: see ccmq-archive(8)") < 0)) {
		say(&err);
		return CLI_UNUSABLE;
	}
	status = o.init || o.prune ? own(&settings, &o) :
		start(&settings, &o);
	settings_release(&settings);
	return status;
}
