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
#include "base/options.h"
#include "reach/observe.h"
#include "base/text.h"
#include "store/status_word.h"
#include "base/xalloc.h"

#include <errno.h>
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
	bool once, observe, print, sample, help, version;
	bool mdoc_settings, mdoc_events;	/* of the build: for manuals */
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

/* What only prints. -1 to go on, else the exit status. */
static int
print_and_end(const struct options *o)
{
	if (o->mdoc_settings)
		print_text(settings_print_mdoc);
	else if (o->mdoc_events)
		print_events();
	else if (o->help)
		usage(stdout);
	else if (o->version)
		puts("ccmqd " PACKAGE_VERSION);
	else if (o->sample)
		print_text(settings_print_sample);
	else
		return -1;
	return 0;
}

/* 0, or -1 with err: none of its command lines. */
static int
read_options(int argc, char **argv, struct options *o, struct error *err)
{
	const struct options_row rows[] = {
		{ "config", 'c', OPTIONS_TEXT, &o->config },
		{ "store", 's', OPTIONS_TEXT, &o->store },
		{ "once", 0, OPTIONS_FLAG, &o->once },
		{ "observe", 0, OPTIONS_FLAG, &o->observe },
		{ "print-settings", 0, OPTIONS_FLAG, &o->print },
		{ "print-sample", 0, OPTIONS_FLAG, &o->sample },
		{ "mdoc-settings", 0, OPTIONS_FLAG, &o->mdoc_settings },
		{ "mdoc-events", 0, OPTIONS_FLAG, &o->mdoc_events },
		{ "help", 0, OPTIONS_FLAG, &o->help },
		{ "version", 0, OPTIONS_FLAG, &o->version },
		{ NULL, 0, OPTIONS_FLAG, NULL },
	};
	char shown[64];
	int operands = options_read(argc, argv, rows, err);

	if (operands < 0)
		return -1;
	if (o->once && o->observe)
		return error_set(err, ERROR_INVALID, "--once and --observe "
			"exclude each other");
	return operands == argc ? 0 : error_set(err, ERROR_INVALID, "\"%s\" "
		"is too much: it takes options only", text_printable(shown,
		sizeof shown, argv[operands], strlen(argv[operands])));
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
	if (read_options(argc, argv, &o, &err) < 0) {
		fprintf(stderr, "ccmqd: %s\ntry: ccmqd --help\n", err.text);
		return 2;
	}
	status = print_and_end(&o);
	if (status >= 0)
		return status;
	xalloc_keep();
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
