/* SPDX-License-Identifier: ISC */
/*
 * ccmqd: the connector, in the foreground. See ccmqd(8) and connector.h.
 *
 * Exit status: 0 ended on request; with --once 0 all imported, 1 something
 * not, or held or tripped, 3 already running; 2 usage; 3 the store or the
 * settings cannot be used, or a write failed so that it had to end.
 */
#include "base/clock.h"
#include "connector/connector.h"
#include "base/log.h"
#include "base/notify.h"
#include "reach/observe.h"
#include "base/text.h"
#include "store/status_word.h"
#include "base/xalloc.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t terms, hups;

static void
on_signal(int sig)
{
	if (sig == SIGHUP)
		hups = 1;
	else
		terms++;
}

/* What ends it at once: `lock` says so, then the default does it. */
static void
on_fatal(int sig)
{
	status_word_note_signal(sig);
	raise(sig);
}

static void
usage(FILE *to)
{
	fputs(
"usage: ccmqd [-c FILE] [-s STORE] [--once | --observe]\n"
"\n"
"The ccmq connector: takes in the messages dropped into STORE/submit, hands\n"
"each to the import program, and sets aside what cannot be imported. Runs in\n"
"the foreground.\n"
"\n"
"  -c, --config FILE     settings; else $CCMQ_CONFIG,\n"
"                        ~/.config/ccmq/ccmq.conf, /etc/ccmq/ccmq.conf\n"
"  -s, --store STORE     the store, over the settings\n"
"      --once            take in, try what is due once, end\n"
"      --observe         watch another connector (settings: foreign), and\n"
"                        change nothing there\n"
"      --print-settings  print the settings in force, and end\n"
"      --print-sample    print a settings file with every default, and end\n"
"      --help            this text\n"
"      --version         the version\n"
"\n"
"SIGTERM: finish the running attempt, then end; twice: end it too.\n"
"SIGHUP: read the settings again.\n", to);
}

struct options {
	const char *config, *store;
	bool once, observe, print, sample;
};

enum { OPTION_ONCE = 256, OPTION_OBSERVE, OPTION_PRINT, OPTION_SAMPLE, OPTION_HELP,
	OPTION_VERSION, OPTION_MDOC_SETTINGS, OPTION_MDOC_EVENTS };

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "store", required_argument, NULL, 's' },
	{ "once", no_argument, NULL, OPTION_ONCE },
	{ "observe", no_argument, NULL, OPTION_OBSERVE },
	{ "print-settings", no_argument, NULL, OPTION_PRINT },
	{ "print-sample", no_argument, NULL, OPTION_SAMPLE },
	/* For the build: the tables of the manuals. */
	{ "mdoc-settings", no_argument, NULL, OPTION_MDOC_SETTINGS },
	{ "mdoc-events", no_argument, NULL, OPTION_MDOC_EVENTS },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

static void
print_text(void (*print)(struct str *))
{
	struct str s = STR_INIT;

	print(&s);
	fputs(s.data, stdout);
	str_release(&s);
}

static void
print_events(void)
{
#define X(name, number, severity, sentence) \
	printf(".It %d " #severity "\n%s.\n", number, sentence);
	EVENT_LIST(X)
#undef X
}

/* Whether an option was given before (said). */
static bool
is_second(const struct options *o, int option)
{
	const char *name = option == 'c' && o->config ? "--config" :
		option == 's' && o->store ? "--store" :
		option == OPTION_ONCE && o->once ? "--once" :
		option == OPTION_OBSERVE && o->observe ? "--observe" : NULL;

	if (name)
		fprintf(stderr, "ccmqd: %s is given twice\n"
			"try: ccmqd --help\n", name);
	return name != NULL;
}

/* -1 to go on, else the exit status. */
static int
parse_options(int argc, char **argv, struct options *o)
{
	char shown[64];
	int c;

	while ((c = getopt_long(argc, argv, "c:s:", long_options, NULL)) != -1) {
		if (is_second(o, c))
			return 2;
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 's':
			o->store = optarg;
			break;
		case OPTION_ONCE:
			o->once = true;
			break;
		case OPTION_OBSERVE:
			o->observe = true;
			break;
		case OPTION_PRINT:
			o->print = true;
			break;
		case OPTION_SAMPLE:
			o->sample = true;
			break;
		case OPTION_MDOC_SETTINGS:
			print_text(settings_print_mdoc);
			return 0;
		case OPTION_MDOC_EVENTS:
			print_events();
			return 0;
		case OPTION_HELP:
			usage(stdout);
			return 0;
		case OPTION_VERSION:
			puts("ccmqd " PACKAGE_VERSION);
			return 0;
		default:
			fputs("try: ccmqd --help\n", stderr);
			return 2;
		}
	}
	if (o->once && o->observe) {
		fputs("ccmqd: --once and --observe exclude each other\n"
			"try: ccmqd --help\n", stderr);
		return 2;
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "ccmqd: \"%s\" is too much: it takes options only\n"
		"try: ccmqd --help\n", text_printable(shown, sizeof shown,
			argv[optind], strlen(argv[optind])));
	return 2;
}

static void
set_signals(void)
{
	static const int fatal[] = { SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS,
		SIGFPE, SIGSEGV, SIGUSR1, SIGUSR2, SIGXCPU, SIGSYS };
	struct sigaction sa = { .sa_handler = on_signal };
	struct sigaction last = { .sa_handler = on_fatal,
		.sa_flags = (int)SA_RESETHAND };

	for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
		sigaction(fatal[i], &last, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);		/* fs_has_writer */
	signal(SIGXFSZ, SIG_IGN);	/* a write that fails says so */
	/* What a killed runner leaves comes to us, not to init. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	umask(0007);
}

/* Somebody else holds write.lock. */
static bool
on_waiting(void *arg, const char *holder)
{
	static int64_t said_mono_ms;
	int64_t now = clock_mono_ms();

	(void)arg;
	notify_alive();			/* it waits, and does not stand */
	if (now - said_mono_ms >= 10000) {
		said_mono_ms = now;
		log_line(LOG_LEVEL_WARNING, "waiting for the store, which is "
			"being written by %s", holder);
	}
	return terms < 2;
}

static void
reread(struct connector *c, const struct options *o)
{
	struct settings fresh = SETTINGS_INIT;
	struct error err = ERROR_INIT;

	hups = 0;
	if (settings_load(&fresh, o->config, o->store, &err) < 0 ||
	    settings_trusted(&fresh, &err) < 0) {
		settings_release(&fresh);
		error_prefix(&err, "the old settings stay in force");
		connector_note(c, EVENT_SETTINGS_WRONG, err.text);
		return;
	}
	connector_set_settings(c, &fresh);
	connector_note(c, EVENT_SETTINGS, "the settings were read again");
}

static int
failed(const struct error *err)
{
	log_line(LOG_LEVEL_ERROR, "%s%s", err->text,
		err->code != ERROR_UNKNOWN ? "" : ": it cannot be known what "
		"is on disk; run ccmq check");
	return err->code == ERROR_UNKNOWN ? 1 : 3;
}

/* Turns until it is time to end. */
static int
run(struct connector *c, const struct options *o)
{
	struct pollfd fds[CONNECTOR_FDS_MAX];
	struct error err = ERROR_INIT;
	bool worked_out = true;
	char why[160] = "";
	int timeout, alive, n;

	while (!connector_once_done(c, &worked_out, why)) {
		if (hups)
			reread(c, o);
		if (terms) {
			connector_stop(c, terms > 1);
			if (connector_idle(c))
				break;
		}
		alive = notify_alive();
		n = connector_poll_fds(c, fds, &timeout);
		if (poll(fds, (nfds_t)n, timeout < alive ? timeout : alive) < 0 && errno != EINTR)
			log_line(LOG_LEVEL_ERROR, "poll: %s", strerror(errno));
		if (connector_turn(c, &err) < 0)
			return failed(&err);
	}
	if (connector_end(c, &err) < 0 && err.code != ERROR_STOPPED)
		return failed(&err);
	if (*why)
		log_line(LOG_LEVEL_WARNING, "%s", why);
	return worked_out ? 0 : 1;
}

static int
start_and_run(struct settings *settings, const struct options *o)
{
	struct connector_options options = {
		.program = "ccmqd", .importer = &importer_real,
		.once = o->once, .waiting = on_waiting,
	};
	struct error err = ERROR_INIT;
	struct connector *c = connector_new(settings, &options, &err);
	int status;

	if (!c)
		return failed(&err);
	status = run(c, o);
	connector_free(c);
	return status;
}

/* Looks until it is time to end. */
static int
watch_and_run(struct settings *settings)
{
	struct observer_options options = {
		.program = "ccmqd", .waiting = on_waiting,
	};
	struct error err = ERROR_INIT;
	struct observer *o = observer_new(settings, &options, &err);
	struct pollfd fds[1];
	int timeout, alive, n, rc = o ? 0 : -1;

	while (rc == 0 && !terms) {
		alive = notify_alive();
		n = observer_poll_fds(o, fds, &timeout);
		if (alive < timeout)
			timeout = alive;
		if (poll(fds, (nfds_t)n, timeout) < 0 && errno != EINTR)
			log_line(LOG_LEVEL_ERROR, "poll: %s", strerror(errno));
		rc = observer_turn(o, &err);
		notify_ready();
	}
	if (rc == 0)
		rc = observer_end(o, &err);
	observer_free(o);
	return rc < 0 && err.code != ERROR_STOPPED ? failed(&err) : 0;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct settings settings = SETTINGS_INIT;
	struct error err = ERROR_INIT;
	int status;

	if (argc == 2 && strcmp(argv[1], "--runner") == 0)
		return importer_runner_main();
	setlocale(LC_ALL, "");
	status = parse_options(argc, argv, &o);
	if (status >= 0)
		return status;
	if (o.sample) {
		print_text(settings_print_sample);
		return 0;
	}
	/* Before it is read: what is changed from now on is told by SIGHUP. */
	set_signals();
	if (settings_load(&settings, o.config, o.store, &err) < 0) {
		fprintf(stderr, "ccmqd: %s\n", err.text);
		return 3;
	}
	if (o.print) {
		struct str s = STR_INIT;

		settings_print(&settings, &s);
		fputs(s.data, stdout);
		str_release(&s);
		settings_release(&settings);
		return 0;
	}
	if (settings_trusted(&settings, &err) < 0) {
		fprintf(stderr, "ccmqd: %s\n", err.text);
		settings_release(&settings);
		return 3;
	}
	log_open("ccmqd");
	status = o.observe ? watch_and_run(&settings) :
		start_and_run(&settings, &o);
	settings_release(&settings);
	return status;
}
