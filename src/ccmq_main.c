/*
 * ccmq: the console (no command, on a terminal) and the command line. See
 * ccmq(1); exit statuses in cli.h.
 */
#include "command/cli.h"
#include "base/clock.h"
#include "convert/convert.h"
#include "base/text.h"

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
#endif

#define MATCH_HELP \
"EXPR: words that must all hold; - before one negates it; | between groups.\n" \
"  state:failed from:grewal to:hub subject:\"budget\" name:Msg4* code:1\n" \
"  class:crashed reason:directory age>2h size>1M attempts>=2 tries>=2\n" \
"  und>100K suspect:yes id:1042; ~ before a value: a PCRE2 expression;\n" \
"  a bare word looks in from, to, subject and name.\n"

#define VERB_ARGS "[ID... | - | --match EXPR] [--reason TEXT] " \
	"[--dry-run] [--yes]"
#define VERB_HELP \
"Acts on exactly the ids given, read from standard input (-), or matched;\n" \
"each only if its state is still the one it acts from.\n" \
"  --match EXPR   all that match, in the states the verb acts from\n" \
"  --reason TEXT  why, for the history\n" \
"  --dry-run      say what would be done, do nothing\n" \
"  --yes          do not ask\n" \
"  --json         one object a line\n" MATCH_HELP

const struct command commands[] = {
	{ "init", "[--upgrade]", "make the store and its history", cmd_init,
		"  --upgrade  bring the history of an older version up to "
		"date\n" },
	{ "status", "", "the connector, the verdict, the counts", cmd_status,
		NULL },
	{ "list", "[--state S[,S]] [--match EXPR] [--limit N]",
		"messages, oldest first", cmd_list,
		"Without --state or state: those that wait (queued, importing, "
		"deferred).\n"
		"States: queued importing deferred imported failed quarantined "
		"purged\n        removed lost, or all\n" MATCH_HELP },
	{ "show", "ID [--raw | --und]", "everything known of one message",
		cmd_show,
		"  --raw  its file, as it is\n"
		"  --und  what it left in the .und file\n" },
	{ "retry", VERB_ARGS, "put failed or deferred messages back",
		cmd_verb, VERB_HELP },
	{ "quarantine", VERB_ARGS, "set messages aside", cmd_verb, VERB_HELP },
	{ "release", VERB_ARGS, "put quarantined messages back", cmd_verb,
		VERB_HELP },
	{ "purge", VERB_ARGS, "throw messages away; again: for good",
		cmd_verb, "A purged message waits in trash/ and can be "
		"restored; purging it again\nremoves its file.\n" VERB_HELP },
	{ "restore", VERB_ARGS, "take purged messages out of the trash",
		cmd_verb, VERB_HELP },
	{ "undo", "[ACTION] [--reason TEXT] [--dry-run]",
		"take back the newest action of this login session", cmd_undo,
		NULL },
	{ "hold", "[--reason TEXT] [--for D | --until T]",
		"take in, but start no attempt", cmd_connector,
		"  --for 2h           for so long\n"
		"  --until 04:00      until then (also 2026-11-23 04:00)\n" },
	{ "drain", "[--reason TEXT] [--for D | --until T]",
		"take in no more, empty the queue, then hold", cmd_connector,
		NULL },
	{ "resume", "[--reason TEXT]", "go on; test at once when tripped",
		cmd_connector, NULL },
	{ "test", "[--reason TEXT]", "try one message now, also while held",
		cmd_test, "Exit status: 0 imported, 1 not, 3 no connector.\n" },
	{ "history", "[ID] [--since D] [--limit N]",
		"attempts and actions, of one message or of all",
		cmd_history, NULL },
	{ "events", "[--since D] [--follow]", "what happened, as it happens",
		cmd_events, NULL },
	{ "und", "[status | list | show N | rotate]",
		"the .und file, entry by entry", cmd_und,
		"  list    its entries: number, when, message, size, reason\n"
		"  show N  one entry, as it stands there\n"
		"  rotate  rename it to ccmail.und.N and begin a new one\n" },
	{ "check", "[--repair | --rebuild]", "compare store and history",
		cmd_check,
		"  --repair   mend disagreements, trusting the directories\n"
		"  --rebuild  make a lost history anew from the "
		"directories\n" },
	{ "convert", "[--to eml|text|defects] FILE...",
		"print .ccm files as mail, text or a list of defects", NULL,
		NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

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
"      --no-color      no colours in the console\n"
"      --help, --version\n"
"\n"
"ccmq COMMAND --help says more. Every command but init takes --json.\n"
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

/* The options before the command. The index of the command, or -1 to end
 * with *status_out. */
static int
global_options(struct cli *cli, int argc, char **argv, bool *no_color,
	int *status_out)
{
	static const char *const names[] = {
		"config=", "store=", "read-only", "no-color", "version",
#ifdef HAVE_CONSOLE
		"mdoc-keys",		/* for the manual */
#endif
		NULL,
	};
	struct cli_args args = { argc, 1, argv, NULL, false };

	while (args.at < argc) {
		const char *arg = argv[args.at];

		if ((strcmp(arg, "-c") == 0 || strcmp(arg, "-s") == 0) &&
		    args.at + 1 < argc) {
			*(arg[1] == 'c' ? &cli->config : &cli->store_path) =
				argv[args.at + 1];
			args.at += 2;
			continue;
		}
		if (arg[0] != '-')
			return args.at;
		switch (cli_next(cli, &args, names)) {
		case 0:
			cli->config = args.value;
			break;
		case 1:
			cli->store_path = args.value;
			break;
		case 2:
			cli->read_only = true;
			break;
		case 3:
			*no_color = true;
			break;
		case 4:
			puts("ccmq " PACKAGE_VERSION);
			*status_out = CLI_DONE;
			return -1;
#ifdef HAVE_CONSOLE
		case 5:
			console_print_keys();
			*status_out = CLI_DONE;
			return -1;
#endif
		case CLI_HELP:
			usage(stdout);
			*status_out = CLI_DONE;
			return -1;
		case -1:
			return argc;
		default:
			*status_out = CLI_USAGE;
			return -1;
		}
	}
	return argc;
}

static const struct command *
find_command(const struct cli *cli, const char *name)
{
	const struct command *nearest = commands;
	unsigned best = 99;
	char shown[64];

	for (const struct command *c = commands; c->name; c++) {
		unsigned d = text_distance(c->name, name);

		if (d == 0)
			return c;
		if (d < best) {
			best = d;
			nearest = c;
		}
	}
	text_printable(shown, sizeof shown, name, strlen(name));
	if (best <= 2)
		cli_notice(cli, "there is no command \"%s\"; did you mean "
			"%s?", shown, nearest->name);
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
no_command(struct cli *cli, bool no_color)
{
	struct cli_args none = { 0, 0, NULL, NULL, false };

#ifdef HAVE_CONSOLE
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return console_run(&cli->settings, cli->read_only, no_color);
#endif
	(void)no_color;
	cli->command = "status";
	return cmd_status(cli, &none);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct error err = ERROR_INIT;
	const struct command *c = NULL;
	struct cli_args args = { argc, 0, argv, NULL, false };
	bool no_color = false;
	int status = CLI_DONE;

	args.at = global_options(cli, argc, argv, &no_color, &status);
	if (args.at < 0)
		return status;
	if (args.at < argc) {
		c = find_command(cli, argv[args.at]);
		if (!c)
			return CLI_USAGE;
		cli->command = c->name;
		if (!c->run)
			return convert_command(argc - args.at, argv + args.at);
		args.at++;
	}
	/* Help needs no settings. */
	for (int i = args.at; i < argc && c; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return cli_help(cli);
	if (settings_load(&cli->settings, cli->config, cli->store_path,
	    &err) < 0) {
		cli_notice(cli, "%s", err.text);
		return CLI_UNUSABLE;
	}
	actor_init(&cli->actor, "ccmq");
	return c ? c->run(cli, &args) : no_command(cli, no_color);
}

int
main(int argc, char **argv)
{
	struct cli cli = { .now = clock_wall() };
	int status;

	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	umask(0007);
	look_at_terminal(&cli);
	status = run(&cli, argc, argv);
	if (cli.store_open)
		store_close(&cli.store);
	actor_release(&cli.actor);
	settings_release(&cli.settings);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		/* A reader that has seen enough is no fault. */
		if (status == CLI_DONE)
			status = CLI_NOT_DONE;
	}
	return status;
}
