/* SPDX-License-Identifier: ISC */
/*
 * screen: runs scripts of keys and expectations against a program on a
 * terminal in memory.
 *
 * screen SCRIPT. A line is a command and its words; '#' begins a comment.
 *
 *   test NAME               begins a test case; the first failure ends it
 *   for NAME in WORD… / end the lines between once for each word, as $NAME
 *   size COLUMNS ROWS       of the next run; also COLUMNS_ROWS, COLUMNSxROWS
 *   env NAME=VALUE, env NAME   sets, unsets for the next runs
 *   default NAME=VALUE      sets what is not set
 *   run PROGRAM WORD…       below the build tree, in $WORK
 *   terminal N              the commands mean that one, 1 to 3
 *   key NAME…               j Enter Up Ctrl-C …
 *   send TEXT               bytes, with \e \r \n \t \\ and \xNN
 *   random SEED N KEY…      a burst of N random keys, none of those named, or
 *                           "only" those
 *   paced SEED N KEY…       the same with pauses, so that prompts hear them
 *   every KEY…              every key but those, each then cancelled
 *   debris SEED N           N torn key sequences, some with a byte lost
 *   after MS                lets so much time pass before the next bytes, since
 *                           it has read those that were sent
 *   within MS               the next that waits waits so long (8000)
 *   wait TEXT, gone TEXT    until the text is, is not, on the screen
 *   hears TEXT              the same, of a prompt that has had the terminal's
 *                           answer: what is sent now it hears
 *   quiet [MS]              until nothing came for so long (150)
 *   remember, unchanged     the screen below the header is what it was
 *   expect FILE             the screen is the picture FILE.screen
 *   svg FILE [light]        writes what the screen shows, on that ground
 *   cursor ROW              the cursor is visible and on that row (from 0)
 *   attributes TEXT = WORDS how the text looks
 *   alternate yes|no        which screen is shown
 *   mark, bytes MOST        counts what was sent since the mark
 *   keys N                  … and the keys; a text that was typed is one, `a`
 *                           is none
 *   mask FILE NAME          what FILE holds is called NAME, as long, in pictures;
 *                           two at the most
 *   clean                   all bytes so far were text, or what terminfo has
 *   saw TEXT, never TEXT    bytes (with escapes) among all that were sent
 *   since TEXT              … among those sent since the mark
 *   stall, flow             what it sends is not shown until it flows again
 *   silent                  the terminal answers no queries from now on
 *   resize COLUMNS ROWS     while it runs
 *   signal NAME             TERM, USR1, … as sigabbrev_np(3) has it; LINE is a
 *                           hangup
 *   stopped                 it stopped
 *   hangup                  the line is lost
 *   exit STATUS|NAME [MS]   it ends so (a signal's name, ANY), in time (5000), and
 *                           no process of its is left
 *   restored                the terminal's settings are what they were
 *   needs COMMAND # WORDS   else the rest of the test case is skipped, as it
 *                           needs WORDS
 *   shell COMMAND           its exit status is 0
 *   until COMMAND           it becomes 0
 *
 * With SCREEN_UPDATE=1 pictures are
 * written instead of compared. Output is TAP.
 */
#include "script.h"
#include "base/xalloc.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct script run = {
	.children = { CHILD_INIT, CHILD_INIT, CHILD_INIT },
	.columns = 80, .rows = 24,
};

static void
end_test(void)
{
	if (!run.any)
		return;
	printf("%sok %d - %s%s%s\n%s", run.failed ? "not " : "", ++run.tests,
		run.test, run.skipped ? " # SKIP needs " : "",
		run.skipped ? run.needs : "", run.why.data);
	fflush(stdout);
	run.failures += run.failed;
	str_clear(&run.why);
}

static void
begin_test(const char *name)
{
	end_test();
	snprintf(run.test, sizeof run.test, "%s", name);
	run.failed = run.skipped = false;
	run.any = true;
}

char *
script_expand(const char *line)
{
	struct str out = STR_INIT;
	char name[64];
	size_t n;

	for (; *line; line += n) {
		n = *line == '$' ? strspn(line + 1,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ_") : 0;
		if (n && n < sizeof name) {
			memcpy(name, line + 1, n);
			name[n++] = '\0';
			str_add(&out, getenv(name) ? getenv(name) : "");
		} else {
			str_add_char(&out, *line);
			n = 1;
		}
	}
	return str_steal(&out);
}

/* What the shell expands, and `run`, which first tells the words apart: a
 * path may have blanks. */
static bool
expands_itself(const char *line)
{
	static const char *const words[] = { "run ", "shell ", "needs ",
		"until " };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(line, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

static void
command(char *line)
{
	char *args = line + strcspn(line, " ");
	script_command call;

	if (*args)
		*args++ = '\0';
	if (strcmp(line, "test") == 0) {
		begin_test(args);
		return;
	}
	if (run.failed || run.skipped)
		return;
	call = script_find(line);
	if (call)
		run.failed = !call(args);
	else
		run.failed = !script_fail("no such command:", line);
}

static size_t
block_end(size_t line)
{
	size_t depth = 0;

	for (; line < run.count; line++) {
		if (strncmp(run.lines[line], "for ", 4) == 0)
			depth++;
		else if (strcmp(run.lines[line], "end") == 0 && --depth == 0)
			return line;
	}
	return run.count;
}

static void run_lines(size_t from, size_t to);

static void
run_for(size_t from, size_t to)
{
	char *words = script_expand(run.lines[from] + 4), *save;
	char *name = strtok_r(words, " ", &save);

	for (char *w = strtok_r(NULL, " ", &save); w;
	     w = strtok_r(NULL, " ", &save)) {
		if (strcmp(w, "in") == 0)
			continue;
		setenv(name, w, 1);
		run_lines(from + 1, to);
	}
	free(words);
}

static void
run_lines(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		char *line;

		if (strncmp(run.lines[i], "for ", 4) == 0) {
			size_t end = block_end(i);

			run_for(i, end);
			i = end;
			continue;
		}
		run.line = i;
		line = expands_itself(run.lines[i]) ?
			xstrdup(run.lines[i]) : script_expand(run.lines[i]);
		if (*line && *line != '#')
			command(line);
		free(line);
	}
}

static bool
load(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;

	if (!f)
		return false;
	while (getline(&line, &cap, f) > 0 && run.count < SCRIPT_LINES_MAX) {
		char *s = line + strspn(line, " \t");

		s[strcspn(s, "\n")] = '\0';
		run.lines[run.count++] = xstrdup(s);
	}
	free(line);
	return fclose(f) == 0;
}

#define NOBODYS 65533		/* a uid without a name */

/* Whether root can become somebody else and still run what is tested: not
 * below a closed home directory. */
static bool
can_be_another(void)
{
	return getuid() == 0 && system("setpriv --reuid \"${OTHER#uid-}\" "
		"--regid 0 --clear-groups test -x \"$builddir/ccmq\" "
		"2>/dev/null") == 0;
}

/* What the program under test calls a user. */
static void
uid_name(const char *variable, uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);
	char *number = xasprintf("uid-%u", (unsigned)uid);

	setenv(variable, pw ? pw->pw_name : number, 1);
	free(number);
}

/* $WORK: an empty directory below the build tree, which is also the working
 * directory of all that is run. */
static void
make_work(void)
{
	const char *builddir = getenv("builddir");
	char *path = xasprintf("%s/tests/screen/work-XXXXXX",
		builddir ? builddir : ".");

	if (!mkdtemp(path) || chdir(path) < 0) {
		printf("Bail out! no directory to work in\n");
		exit(99);
	}
	setenv("WORK", path, 1);
	/* Who is on: the console of `ccmq.sh --other` is another's, if it can
	 * be. */
	uid_name("OTHER", NOBODYS);
	uid_name("ME", getuid());
	if (!can_be_another())
		setenv("OTHER", getenv("ME"), 1);
	setenv("SRC", getenv("srcdir") ? getenv("srcdir") : ".", 0);
	setenv("XDG_STATE_HOME", path, 1);
	setenv("XDG_CONFIG_HOME", path, 1);
	free(path);
}

/* What was started in it is ended; see store.sh. */
static void
remove_work(void)
{
	fflush(stdout);
	if (system("for f in \"$WORK\"/*.pid; do [ ! -f \"$f\" ] || "
	    "kill -9 $(cat \"$f\"); done 2>/dev/null; cd / && "
	    "rm -rf \"$WORK\"") != 0)
		printf("# left: %s\n", getenv("WORK"));
}

int
main(int argc, char **argv)
{
	str_init(&run.why);
	str_init(&run.remembered);
	for (size_t i = 0; i < CHILDREN; i++)
		str_init(&run.children[i].raw);
	run.child = run.children;
	if (argc != 2 || !load(argv[1])) {
		printf("Bail out! usage: screen SCRIPT\n");
		return 2;
	}
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("CCMQ_CONFIG");
	make_work();
	signal(SIGPIPE, SIG_IGN);
	run_lines(0, run.count);
	end_test();
	for (size_t i = 0; i < CHILDREN; i++)
		child_end(&run.children[i]);
	remove_work();
	printf("1..%d\n", run.tests);
	for (size_t i = 0; i < run.count; i++)
		free(run.lines[i]);
	str_release(&run.why);
	str_release(&run.remembered);
	return run.failures > 0;
}
