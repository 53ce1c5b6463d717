/* SPDX-License-Identifier: ISC */
/*
 * ccmq: the console (no command, on a terminal) and the command line. See
 * ccmq(1); exit statuses in cli.h.
 */
#include "command/cli_beside.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_CONSOLE
#include "app/console.h"
#include "term/line.h"
#include "term/keymap.h"
#include "term/theme.h"
#endif

#define MATCH_HELP \
"EXPR: words that must all hold; - before one negates it; | between groups.\n" \
"  state:failed from:grewal to:hub subject:\"budget\" name:Msg4* code:1\n" \
"  class:crashed reason:directory age>2h size>1M attempts>=2 tries>=2\n" \
"  und>100K suspect:yes id:1042 parent:1042; ~ before a value: a PCRE2 expression;\n" \
"  a bare word looks in from, to, subject and name.\n"

#define AT_HELP \
"  --at TIME  as it was then: 02:40, 02:40:11, \"yesterday 14:02\",\n" \
"             \"2026-11-23 02:40\", -2h\n"

#define ON_HELP \
"ON: an id, store, or cause:EXPR, of which the messages that failed have one\n" \
"class, code and reason.\n"

#define VERB_ARGS "[ID... | - | --match EXPR] [--reason TEXT] " \
	"[--dry-run] [--yes]"
#define BACK_ARGS VERB_ARGS " [--steps N,N... | --rate N/m] [--first]\n" \
	"        [--wait | --outcome]"
#define BACK_HELP VERB_HELP \
"  --steps 1,5,25  a job: put back 1, then 5 if that passed, ... then the rest;\n" \
"                 it stops by itself when a step fails again\n" \
"  --rate 30/m    a job: so many a minute\n" \
"  --first        not behind new mail\n" \
"  --wait         follow it to its end; --outcome: exit 0 only if all that\n" \
"                 was put back is imported\n"
#define VERB_HELP \
"Acts on exactly the ids given, read from standard input (-), or matched;\n" \
"each only if its state is still the one it acts from.\n" \
"  --match EXPR   all that match, in the states the verb acts from\n" \
"  --reason TEXT  why, for the history; two messages or more want it\n" \
"  --dry-run      say what would be done, do nothing\n" \
"  --yes          do not ask\n" \
"  --json         one object a line\n" MATCH_HELP

const struct command commands[] = {
	{ "init", "[--upgrade | --if-missing | --adopt FILE]",
		"make the store and its history", cmd_init,
		"  --upgrade     bring the history of an older version up to "
		"date\n"
		"  --if-missing  a store that is there already is no error\n"
		"  --adopt FILE  in place of the connector that is watched: "
		"writes its settings and\n"
		"                takes over what waits, step by step\n" },
	{ "status", "[--at TIME | --check [--queue N,M] [--oldest T,T]\n"
		"        [--failed N,M] [--und SIZE,SIZE]]",
		"the connector, the verdict, the counts", cmd_status,
		"  --check    as a monitoring plugin: one line, and the exit status 0 ok,\n"
		"             1 warning, 2 critical, 3 unknown; the limits, over those of\n"
		"             alarm in the settings, warn above the first and are\n"
		"             critical above the second\n" AT_HELP },
	{ "list", "[--state S[,S]] [--match EXPR | --at TIME] [--limit N]",
		"messages, oldest first", cmd_list,
		"Without --state or state: those that wait (queued, importing, "
		"deferred).\n"
		"States: queued importing deferred imported failed quarantined "
		"purged\n        removed lost, or all\n" AT_HELP MATCH_HELP },
	{ "show", "ID [--raw | --und | --at TIME]", "everything known of one message",
		cmd_show,
		"  --raw  its file, as it is\n"
		"  --und  what it left in the .und file\n" AT_HELP },
	{ "retry", BACK_ARGS, "put failed or deferred messages back",
		cmd_verb, BACK_HELP },
	{ "quarantine", VERB_ARGS, "set messages aside", cmd_verb, VERB_HELP },
	{ "release", BACK_ARGS, "put quarantined messages back", cmd_verb,
		BACK_HELP },
	{ "purge", VERB_ARGS, "throw messages away; again: for good",
		cmd_verb, "A purged message waits in trash/ and can be "
		"restored; purging it again\nremoves its file for good. A "
		"match means those only with state:purged in it.\n"
		VERB_HELP },
	{ "restore", VERB_ARGS, "take purged messages out of the trash",
		cmd_verb, VERB_HELP },
	{ "jobs", "[--follow | --at TIME]", "work on many messages, and what came of it",
		cmd_jobs, NULL },
	{ "job", "ID [pause | go-on | stop] [--reason TEXT]",
		"one job, message by message; or an order to it", cmd_job,
		"  pause   it puts nothing more back\n"
		"  go-on   after a pause\n"
		"  stop    for good; what was not put back stays where it is\n" },
	{ "undo", "[ACTION] [--reason TEXT] [--dry-run]",
		"take back the newest action of this login session", cmd_undo,
		NULL },
	{ "hold", "--reason TEXT [--for D | --until T]",
		"take in, but start no attempt", cmd_connector,
		"  --for 2h           for so long\n"
		"  --until 04:00      until then (also 2026-11-23 04:00)\n" },
	{ "drain", "--reason TEXT [--for D | --until T]",
		"take in no more, empty the queue, then hold", cmd_connector,
		NULL },
	{ "resume", "[--reason TEXT]", "go on; test at once when tripped",
		cmd_connector, NULL },
	{ "test", "[--control] [--reason TEXT]",
		"try one message now, also while held", cmd_test,
		"  --control  a message of the connector's own, to control.to: "
		"is it the\n             importer, or the mail?\n"
		"Exit status: 0 imported, 1 not, 3 no connector.\n" },
	{ "history", "[ID] [--since D] [--limit N]",
		"attempts and actions, of one message or of all",
		cmd_history, NULL },
	{ "events", "[--since D] [--follow]", "what happened, as it happens",
		cmd_events, NULL },
	{ "metrics", "[--write]", "how things are, for Prometheus",
		cmd_metrics,
		"  --write  into metrics.file of the settings, for "
		"node_exporter's textfile collector\n" },
	{ "watch", "", "runs hooks, and writes metrics, as things change",
		cmd_watch,
		"A process of its own, so that it also sees a dead ccmqd. It "
		"runs until it is\nended. hooks and metrics.file of the "
		"settings say what it does.\n" },
	{ "split", "ID [--reason TEXT] [--dry-run]",
		"makes messages of a file that holds several", cmd_split,
		"Each of its messages becomes one of its own, and is tried "
		"alone: so one that stops\nthe import stops it alone. The "
		"original is set aside in quarantine.\n" },
	{ "replay", "FILE|DIR... [--again] [--reason TEXT] [--dry-run]",
		"makes messages of saved .ccm files, in their order",
		cmd_replay,
		"By mtime, then name. What was imported before, by its bytes, "
		"and what is here\nstill, is left out and named.\n"
		"  --again        replay it all the same\n"
		"  --reason TEXT  why, for the history; two files or more want "
		"it\n"
		"  --dry-run      say what would be done, do nothing\n" },
	{ "und", "[status | list | show N | rotate |\n"
		"        resend N...|--match EXPR [--again] [--reason TEXT] "
		"[--dry-run]]",
		"the .und file, entry by entry", cmd_und,
		"  list    its entries: number, when, message, size, reason\n"
		"  show N  one entry, as it stands there\n"
		"  rotate  rename it to ccmail.und.N and begin a new one\n"
		"  resend  make messages of entries again, without the reason "
		"lines, each once;\n"
		"          --match: what the messages that match left there; "
		"--again: once more\n" MATCH_HELP },
	{ "shape", "[--by sender|recipient|cause] [--limit N]",
		"how old what waits is, by sender, recipient or cause",
		cmd_shape,
		"Queued, importing and deferred messages: how many arrived in "
		"the last 5 minutes,\n10, 20 and so on, most first; with "
		"several recipients a message counts for each.\n" },
	{ "report", "[--since D | --from T] [--to T] [--format F] [--archive] | "
		"--cause EXPR | --message ID",
		"what the next shift has to know, or a note for a ticket",
		cmd_report,
		"  --since 8h          the last 8 hours (where nothing is "
		"said)\n"
		"  --from T, --to T    between two times that are past: 22:00, "
		"yesterday 14:00\n"
		"  --archive           of all stores that ccmq-archive(8) has, "
		"not of this one\n"
		"  --cause EXPR        of a cause: what, when, how many, "
		"samples, what was done\n"
		"  --message ID        of a message\n"
		"  --private           without senders and subjects\n"
		"  --format F          text, markdown or json\n" },
	{ "note", "[ON] [TEXT | --at TIME]", "a note for the others, or what was noted",
		cmd_note, ON_HELP
		"Without TEXT it shows what was noted, newest first.\n" },
	{ "mine", "ON [--for D]", "it is mine, again: not any more", cmd_mine,
		ON_HELP
		"  --for 2h   for so long (2h where it is not said); others "
		"are asked once more\n             before they act on it\n" },
	{ "check", "[--repair | --rebuild]", "compare store and history",
		cmd_check,
		"  --repair   mend disagreements, trusting the directories\n"
		"  --rebuild  make a lost history anew from the "
		"directories\n" },
	{ "verify", "[--against FILE]",
		"compare the history with its seals", cmd_verify,
		"  --against FILE  and with the seals that syslog kept: FILE "
		"holds its lines\n" },
	{ "hosts", "[--follow]", "how the hosts of the settings are, worst first",
		cmd_hosts,
		"  --follow  then a row each time one changes\n"
		"Without hosts in the settings: this one. Each is asked over "
		"ssh(1), by the account\nand the keys that are there for it.\n" },
	{ "find", "EXPR [--limit N] [--archive]",
		"messages of all hosts, merged by time", cmd_find,
		"  --archive  those that ccmq-archive(8) has, of all stores and years, "
		"instead\n"
		"  --limit N  the newest N of each host (1000 where it is not "
		"said)\n" MATCH_HELP },
	{ "serve", "", "speak with another host's ccmq, over ssh", cmd_serve,
		"JSON, a line each, on standard input and output; see "
		"ccmq-serve(7).\n" },
	{ "changes", "[--from N] [--as NAME] [--follow]",
		"what each transaction wrote, in order", cmd_changes,
		"  --from N   those after transaction N; without it, all that "
		"are whole\n"
		"  --as NAME  keeps the place in the store: goes on there, and "
		"retention waits\n             for it\n" },
	{ "convert", "[--to eml|text|defects] FILE...",
		"print .ccm files as mail, text or a list of defects", NULL,
		NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

#ifdef HAVE_CONSOLE
/* What only the console knows, for the settings file. */
static int
check_key(const char *key, const char *action, struct error *err)
{
	struct keymap map;

	keymap_init(&map);
	return keymap_bind(&map, key, action, err);
}

/* A name that is not what something else is called after `:`. */
static int
check_command(const char *name, struct error *err)
{
	struct error unknown;

	return keymap_parse(name, &unknown) == ACTION_NONE ? 0 :
		error_set(err, ERROR_INVALID, "\"%s\" is the word of an action "
			"already", name);
}

static int
check_color(const char *word, struct error *err)
{
	int color;

	return theme_parse_color(word, &color, err);
}
#endif

static void
usage(FILE *to)
{
	fputs(
"usage: ccmq [-c FILE] [-s STORE] [--read-only] [COMMAND ...]\n"
"\n"
"Without a command, on a terminal: the console.\n"
"\n", to);
	for (const struct command *c = commands; c->name; c++)
		fprintf(to, "  %-11s %s\n", c->name, c->summary);
	fputs(
"\n"
"  -c, --config FILE   settings; else $CCMQ_CONFIG,\n"
"                      ~/.config/ccmq/ccmq.conf, /etc/ccmq/ccmq.conf\n"
"  -s, --store STORE   the store, over the settings\n"
"      --read-only     change nothing\n"
"      --no-color      no colours\n"
#ifdef HAVE_CONSOLE
"      --hosts         the console of all hosts in the settings\n"
"      --plain         the console as lines\n"
#endif
"      --json          one object a line; see ccmq(1)\n"
"      --help, --version, --print-features\n"
"\n"
"These stand before or after the command, each once. ccmq COMMAND --help\n"
"says more.\n"
"Exit status: 0 done, 1 something was not done, 2 usage, 3 store or\n"
"settings cannot be used.\n", to);
}

int
cli_help(const struct cli *cli)
{
	const struct command *c = commands;

	while (strcmp(c->name, cli->command) != 0)
		c++;
	printf("usage: ccmq %s %s\n\n%c%s.\n", c->name, c->args,
		c->summary[0] - ('a' <= c->summary[0] && c->summary[0] <= 'z' ?
			32 : 0), c->summary + 1);
	if (c->help)
		printf("\n%s", c->help);
	return CLI_DONE;
}

/* What this build can do: a row each, or one object. */
static void
print_features(const struct cli *cli)
{
	const struct {
		const char *name;
		bool there;
	} features[] = {
#ifdef HAVE_CONSOLE
		{ "console", true }, { "libedit", line_can_edit() },
#else
		{ "console", false }, { "libedit", false },
#endif
#ifdef HAVE_LIBPQ
		{ "archive", true },
#else
		{ "archive", false },
#endif
	};
	struct json_line *j = cli->json ? json_line_new() : NULL;

	if (j)
		json_put_text(j, "version", PACKAGE_VERSION);
	for (size_t i = 0; i < sizeof features / sizeof *features; i++)
		if (j)
			json_put_bool(j, features[i].name, features[i].there);
		else
			printf("%-10s %s\n", features[i].name,
				features[i].there ? "yes" : "no");
	if (j)
		json_line_print(j, stdout);
}

#ifdef HAVE_CONSOLE
/* What can be typed first in --plain. */
static int
plain(struct cli *cli)
{
	static const char *words[64] = { "look", "causes", "quit", "queue",
		"failed", "trash", "done", "log", "work", "help" };
	size_t n = 10;

	for (const struct command *c = commands; c->name; c++)
		if (n < 63)
			words[n++] = c->name;
	return console_plain(&cli->settings, cli->config, cli->store_path,
		cli->read_only, words);
}

/* --hosts and --plain; other options may stand behind it. */
static int
other_console(struct cli *cli, struct cli_args *args, bool is_plain)
{
	static const char *const none[] = { NULL };
	int i = cli_next(cli, args, none), rc;

	if (i == CLI_OPERAND)
		return cli_usage(cli, "--%s is a console, without a command",
			is_plain ? "plain" : "hosts");
	if (i != -1)
		return CLI_USAGE;
	rc = cli_settings(cli);
	return rc ? rc : is_plain ? plain(cli) : console_hosts(&cli->settings,
		cli->config, cli->store_path, cli->read_only, cli->no_color);
}
#endif

/* Options before the command: 0 with its name in args->value (NULL: there is
 * none), or -1 to end with *status_out. */
static int
before_command(struct cli *cli, struct cli_args *args, int *status_out)
{
	static const char *const names[] = {
		"version", "print-features",
#ifdef HAVE_CONSOLE
		"mdoc-keys",		/* for the manual */
		"hosts", "plain",
#endif
		NULL,
	};

	int i = cli_next(cli, args, names);

	*status_out = CLI_DONE;
	switch (i) {
	case CLI_OPERAND:
		return 0;
	case -1:
		args->value = NULL;
		return 0;
	case 0:
		puts("ccmq " PACKAGE_VERSION);
		return -1;
	case 1:
		cli_next(cli, args, names);	/* --json behind it */
		print_features(cli);
		return -1;
#ifdef HAVE_CONSOLE
	case 2:
		console_print_keys();
		return -1;
	case 3:
	case 4:
		*status_out = other_console(cli, args, i == 4);
		return -1;
#endif
	case CLI_HELP:
		usage(stdout);
		return -1;
	default:
		*status_out = CLI_USAGE;
		return -1;
	}
}

static const struct command *
find_command(const struct cli *cli, const char *name)
{
	struct text_guess g = { .typed = name };
	char shown[64];

	for (const struct command *c = commands; c->name; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
		text_guess_try(&g, c->name);
	}
	text_printable(shown, sizeof shown, name, strlen(name));
	if (g.best)
		cli_notice(cli, "there is no command \"%s\"; did you mean "
			"%s?", shown, g.best);
	else
		cli_notice(cli, "there is no command \"%s\": ccmq --help lists "
			"all", shown);
	return NULL;
}

static void
look_at_terminal(struct cli *cli)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	const char *columns = getenv("COLUMNS");
	struct winsize ws;

	if (!isatty(STDOUT_FILENO))
		return;
	cli->color = !(no && *no) && term && strcmp(term, "dumb") != 0;
	cli->columns = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0)
		cli->columns = ws.ws_col;
	else if (columns && atoi(columns) > 0)
		cli->columns = atoi(columns);
}

/* No command: the console on a terminal, else the status. */
static int
no_command(struct cli *cli)
{
	struct cli_args none = { 0 };
#ifdef HAVE_CONSOLE
	int rc;

	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !cli->json) {
		rc = cli_settings(cli);
		return rc ? rc : console_run(&cli->settings, cli->config,
			cli->store_path, cli->read_only, cli->no_color);
	}
#endif
	cli->command = "status";
	return cmd_status(cli, &none);
}

/* It reads its own options; --json may stand before it. */
static int
convert(const struct cli *cli, int argc, char **argv)
{
	char path[PATH_MAX];
	char **all = xcalloc((size_t)argc + 2, sizeof *all);
	int n = 0;

	all[n++] = argv[0];
	if (cli->json)
		all[n++] = (char *)(uintptr_t)"--json";
	for (int i = 1; i < argc; i++)
		all[n++] = argv[i];
	if (cli_beside(path, sizeof path, "ccmq-convert"))
		execv(path, all);
	cli_notice(cli, "ccmq convert needs the program ccmq-convert in the "
		"same folder as ccmq: %s", strerror(errno));
	free(all);
	return CLI_UNUSABLE;
}

static bool
wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const struct command *c;
	struct cli_args args = { .argc = argc, .at = 1, .argv = argv };
	int status;

	if (before_command(cli, &args, &status) < 0)
		return status;
	if (!args.value)
		return no_command(cli);
	c = find_command(cli, args.value);
	if (!c)
		return CLI_USAGE;
	cli->command = c->name;
	if (!c->run)
		return convert(cli, argc - args.at + 1, argv + args.at - 1);
	args = (struct cli_args){ .argc = argc, .at = args.at, .argv = argv };
	if (wants_help(argc - args.at, argv + args.at))
		return cli_help(cli);
	return c->run(cli, &args);
}

/* Whether it is to be a monitoring plugin, whose exit status says so also when
 * something is typed wrongly. */
static bool
is_plugin(int argc, char **argv)
{
	bool status = false, check = false;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		status = status || strcmp(argv[i], "status") == 0;
		check = check || strcmp(argv[i], "--check") == 0;
	}
	return status && check;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .now = clock_wall(),
		.plugin = is_plugin(argc, argv), .plugin_status = 3 };
	int status;

#ifdef HAVE_CONSOLE
	static const struct settings_console console = {
		check_key, check_color, check_command,
	};

	settings_console = &console;
#endif
	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	umask(0007);
	look_at_terminal(&cli);
	actor_init(&cli.actor, "ccmq");
	status = run(&cli, argc, argv);
	if (cli.store_open)
		store_close(&cli.store);
	actor_release(&cli.actor);
	settings_release(&cli.settings);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		/* A reader that has seen enough is no fault. */
		if (status == CLI_DONE)
			status = CLI_NOT_DONE;
		cli.plugin_status = 3;
	}
	return cli.plugin ? cli.plugin_status : status;
}
