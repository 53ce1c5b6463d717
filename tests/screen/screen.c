/*
 * screen: runs scripts of keys and expectations against a program on a
 * terminal in memory.
 *
 * screen SCRIPT. A line is a command and its words; '#' begins a comment.
 *
 *   test NAME               begins a test case; the first failure ends it
 *   for NAME in WORD… / end the lines between once for each word, as $NAME
 *   size COLUMNS ROWS       of the next run
 *   env NAME=VALUE, env NAME   sets, unsets for the next runs
 *   run PROGRAM WORD…       below the build tree
 *   key NAME…               j Enter Up Ctrl-C …
 *   send TEXT               bytes, with \e \r \n \t \\ and \xNN
 *   after MS                lets so much time pass before the next bytes
 *   wait TEXT, gone TEXT    until the text is, is not, on the screen
 *   quiet [MS]              until nothing came for so long (150)
 *   expect FILE             the screen is the picture FILE.screen
 *   cursor ROW              the cursor is visible and on that row (from 0)
 *   attributes TEXT = WORDS how the text looks
 *   alternate yes|no        which screen is shown
 *   mark, bytes MOST        counts what was sent since the mark
 *   clean                   all bytes so far were harmless
 *   saw TEXT, never TEXT    bytes (with escapes) among all that were sent
 *   resize COLUMNS ROWS     while it runs
 *   signal NAME             TERM HUP TSTP CONT ABRT INT SEGV STOP
 *   stopped                 it stopped
 *   hangup                  the line is lost
 *   exit STATUS|NAME [MS]   it ends so (a signal's name), in time (5000)
 *   restored                the terminal's settings are what they were
 *
 * Nothing waits longer than LIMIT_MS. With SCREEN_UPDATE=1 pictures are
 * written instead of compared. Output is TAP.
 */
#include "child.h"
#include "key.h"
#include "text.h"
#include "xalloc.h"

#include <ctype.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define LIMIT_MS 8000
#define LINES_MAX 2000
#define WORDS_MAX 64

static struct {
	struct child child;
	char *lines[LINES_MAX];
	size_t count, line;
	int columns, rows;
	char test[128];
	bool failed, any;
	int tests, failures;
	struct str why;
} run = { .child = CHILD_INIT, .columns = 80, .rows = 24 };

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
fail(const char *what, const char *text)
{
	struct str screen = STR_INIT;

	str_addf(&run.why, "# line %zu: %s %s\n", run.line + 1, what, text);
	if (run.child.picture) {
		picture_text(run.child.picture, &screen);
		for (char *s = screen.data, *end; *s; s = end + 1) {
			end = strchr(s, '\n');
			str_addf(&run.why, "#|%.*s\n", (int)(end - s), s);
		}
	}
	str_release(&screen);
	return false;
}

/* \e \r \n \t \\ and \xNN. */
static void
unescape(const char *text, struct str *out)
{
	static const char from[] = "ernt\\s", to[] = "\x1b\r\n\t\\ ";
	unsigned value;
	const char *p;

	for (; *text; text++) {
		if (*text != '\\' || !text[1]) {
			str_add_char(out, *text);
		} else if (text[1] == 'x' && sscanf(text + 2, "%2x",
		    &value) == 1) {
			str_add_char(out, (char)value);
			text += 3;
		} else if ((p = strchr(from, text[1])) != NULL) {
			str_add_char(out, to[p - from]);
			text++;
		}
	}
}

/* ---- commands: false is a failure, told by fail() ---- */

static bool
do_size(char *args)
{
	return sscanf(args, "%d %d", &run.columns, &run.rows) == 2;
}

static bool
do_env(char *args)
{
	char *value = strchr(args, '=');

	if (!value)
		return unsetenv(args) == 0;
	*value++ = '\0';
	return setenv(args, value, 1) == 0;
}

static bool
do_run(char *args)
{
	const char *builddir = getenv("builddir");
	char *argv[WORDS_MAX] = { NULL }, *save, *path;
	size_t n = 0;
	int status;

	for (char *w = strtok_r(args, " ", &save); w && n < WORDS_MAX - 1;
	     w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	if (!n)
		return fail("run", "what?");
	path = xasprintf("%s/%s", builddir ? builddir : ".", argv[0]);
	argv[0] = path;
	status = child_run(&run.child, argv, run.columns, run.rows);
	free(path);
	return status == 0 || fail("run", argv[0]);
}

static bool
send_bytes(const char *bytes, size_t len)
{
	return child_send(&run.child, bytes, len) ||
		fail("send", "the terminal is closed");
}

static const char *
key_bytes(key_code key, char out[8])
{
	static const struct { key_code key; const char *bytes; } special[] = {
		{ KEYS_ESC, "\x1b" }, { KEYS_ENTER, "\r" }, { KEYS_TAB, "\t" },
		{ KEYS_BACKTAB, "\x1b[Z" }, { KEYS_BACKSPACE, "\x7f" },
		{ KEYS_UP, "\x1b[A" }, { KEYS_DOWN, "\x1b[B" },
		{ KEYS_LEFT, "\x1b[D" }, { KEYS_RIGHT, "\x1b[C" },
		{ KEYS_PGUP, "\x1b[5~" }, { KEYS_PGDN, "\x1b[6~" },
		{ KEYS_HOME, "\x1b[H" }, { KEYS_END, "\x1b[F" },
		{ KEYS_DEL, "\x1b[3~" }, { KEYS_F1, "\x1bOP" },
		{ KEYS_F5, "\x1b[15~" },
	};

	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (special[i].key == key)
			return special[i].bytes;
	if (key < 0x80) {
		out[0] = (char)key;
		out[1] = '\0';
		return out;
	}
	return NULL;
}

static bool
do_key(char *args)
{
	char *save, out[8];
	const char *bytes;
	key_code key;

	for (char *w = strtok_r(args, " ", &save); w;
	     w = strtok_r(NULL, " ", &save)) {
		if (!key_parse(w, &key) || !(bytes = key_bytes(key, out)))
			return fail("no such key:", w);
		if (!send_bytes(bytes, strlen(bytes)))
			return false;
	}
	return true;
}

static bool
do_send(char *args)
{
	struct str bytes = STR_INIT;
	bool sent;

	unescape(args, &bytes);
	sent = send_bytes(bytes.data, bytes.len);
	str_release(&bytes);
	return sent;
}

static bool
do_after(char *args)
{
	int64_t end = now_ms() + strtol(args, NULL, 10);

	while (now_ms() < end)
		child_pump(&run.child, (int)(end - now_ms()));
	return true;
}

static bool
on_screen(const char *text)
{
	struct str screen = STR_INIT;
	bool found;

	picture_text(run.child.picture, &screen);
	found = strstr(screen.data, text) != NULL;
	str_release(&screen);
	return found;
}

static bool
wait_for(const char *text, bool wanted)
{
	int64_t end = now_ms() + LIMIT_MS;

	if (!run.child.picture)
		return fail("nothing runs:", text);
	while (on_screen(text) != wanted) {
		if (now_ms() > end)
			return fail(wanted ? "never came:" : "stayed:", text);
		child_pump(&run.child, 50);
	}
	return true;
}

static bool
do_wait(char *args)
{
	return wait_for(args, true);
}

static bool
do_gone(char *args)
{
	return wait_for(args, false);
}

static bool
do_quiet(char *args)
{
	int ms = *args ? atoi(args) : 150;
	int64_t end = now_ms() + LIMIT_MS;

	while (child_pump(&run.child, ms))
		if (now_ms() > end)
			return fail("never quiet", "");
	return true;
}

static bool
read_file(const char *path, struct str *out)
{
	char bytes[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return false;
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		str_add_bytes(out, bytes, n);
	fclose(f);
	return true;
}

static bool
update(const char *path, const struct str *screen)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return fail("cannot write", path);
	fwrite(screen->data, 1, screen->len, f);
	return fclose(f) == 0;
}

/* The picture may still be on its way: looks again while bytes come. */
static bool
do_expect(char *args)
{
	const char *srcdir = getenv("srcdir");
	struct str wanted = STR_INIT, screen = STR_INIT;
	char *path = xasprintf("%s/tests/screen/%s.screen",
		srcdir ? srcdir : ".", args);
	bool same = false;

	do_quiet((char[]){ "" });
	if (getenv("SCREEN_UPDATE")) {
		picture_text(run.child.picture, &screen);
		same = update(path, &screen);
	} else if (read_file(path, &wanted)) {
		do {
			str_clear(&screen);
			picture_text(run.child.picture, &screen);
			same = strcmp(screen.data, wanted.data) == 0;
		} while (!same && child_pump(&run.child, 500));
	}
	if (!same)
		fail("the screen is not", path);
	free(path);
	str_release(&wanted);
	str_release(&screen);
	return same;
}

static bool
do_cursor(char *args)
{
	int row, column;
	char is[40];

	picture_cursor(run.child.picture, &row, &column);
	snprintf(is, sizeof is, "%d %s", row,
		picture_cursor_visible(run.child.picture) ? "" : "hidden");
	return (row == atoi(args) &&
		picture_cursor_visible(run.child.picture)) ||
		fail("the cursor's row is", is);
}

static bool
do_attributes(char *args)
{
	char *words = strstr(args, " = ");
	struct str is = STR_INIT;
	bool same;

	if (!words)
		return fail("attributes TEXT = WORDS", "");
	*words = '\0';
	same = picture_attributes(run.child.picture, args, &is) &&
		strcmp(is.data, words + 3) == 0;
	if (!same)
		fail("looks:", is.data);
	str_release(&is);
	return same;
}

static bool
do_alternate(char *args)
{
	return picture_alternate(run.child.picture) ==
		(strcmp(args, "yes") == 0) || fail("alternate is not", args);
}

static bool
do_mark(char *args)
{
	(void)args;
	run.child.mark = run.child.raw.len;
	return true;
}

static bool
do_bytes(char *args)
{
	size_t sent = run.child.raw.len - run.child.mark;
	char is[40];

	snprintf(is, sizeof is, "%zu", sent);
	printf("# line %zu: %zu bytes\n", run.line + 1, sent);
	return sent <= strtoul(args, NULL, 10) || fail("bytes sent:", is);
}

static bool
do_clean(char *args)
{
	struct str wrong = STR_INIT;
	bool clean = picture_is_clean(run.child.raw.data, run.child.raw.len,
		&wrong);

	(void)args;
	if (!clean)
		fail("not clean:", wrong.data);
	str_release(&wrong);
	return clean;
}

static bool
was_sent(char *args)
{
	struct str bytes = STR_INIT;
	bool found;

	unescape(args, &bytes);
	found = memmem(run.child.raw.data, run.child.raw.len, bytes.data,
		bytes.len) != NULL;
	str_release(&bytes);
	return found;
}

static bool
do_saw(char *args)
{
	return was_sent(args) || fail("was not sent:", args);
}

static bool
do_never(char *args)
{
	return !was_sent(args) || fail("was sent:", args);
}

static bool
do_resize(char *args)
{
	int columns, rows;

	if (sscanf(args, "%d %d", &columns, &rows) != 2)
		return fail("resize COLUMNS ROWS", "");
	child_resize(&run.child, columns, rows);
	return true;
}

static int
signal_number(const char *name)
{
	static const struct { const char *name; int number; } signals[] = {
		{ "TERM", SIGTERM }, { "HUP", SIGHUP }, { "TSTP", SIGTSTP },
		{ "CONT", SIGCONT }, { "ABRT", SIGABRT }, { "INT", SIGINT },
		{ "SEGV", SIGSEGV }, { "STOP", SIGSTOP }, { "KILL", SIGKILL },
	};

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	return 0;
}

static bool
do_signal(char *args)
{
	int number = signal_number(args);

	if (!number)
		return fail("no signal", args);
	child_signal(&run.child, number);
	return true;
}

static bool
do_stopped(char *args)
{
	int64_t end = now_ms() + LIMIT_MS;

	(void)args;
	while (!run.child.stopped && now_ms() < end)
		child_pump(&run.child, 20);
	return run.child.stopped || fail("did not stop", "");
}

static bool
do_hangup(char *args)
{
	(void)args;
	child_hang_up(&run.child);
	return true;
}

static bool
do_exit(char *args)
{
	char how[16] = "", is[40];
	int limit = 5000, status;
	int64_t start = now_ms();

	sscanf(args, "%15s %d", how, &limit);
	while (!run.child.ended && now_ms() - start < limit)
		child_pump(&run.child, 10);
	if (!run.child.ended)
		return fail("did not end in time, ms:", args);
	while (child_pump(&run.child, 0))
		;
	status = run.child.status;
	snprintf(is, sizeof is, "%s %d", WIFSIGNALED(status) ? "signal" :
		"exit", WIFSIGNALED(status) ? WTERMSIG(status) :
		WEXITSTATUS(status));
	if (isdigit((unsigned char)how[0]))
		return (WIFEXITED(status) && WEXITSTATUS(status) ==
			atoi(how)) || fail("ended with", is);
	return (WIFSIGNALED(status) && WTERMSIG(status) ==
		signal_number(how)) || fail("ended with", is);
}

static bool
do_restored(char *args)
{
	(void)args;
	return child_is_restored(&run.child) ||
		fail("the terminal's settings are not restored", "");
}

static const struct {
	const char *word;
	bool (*call)(char *args);
} commands[] = {
	{ "size", do_size }, { "env", do_env }, { "run", do_run },
	{ "key", do_key }, { "send", do_send }, { "after", do_after },
	{ "wait", do_wait }, { "gone", do_gone }, { "quiet", do_quiet },
	{ "expect", do_expect }, { "cursor", do_cursor },
	{ "attributes", do_attributes }, { "alternate", do_alternate },
	{ "mark", do_mark }, { "bytes", do_bytes }, { "clean", do_clean },
	{ "saw", do_saw }, { "never", do_never }, { "resize", do_resize },
	{ "signal", do_signal }, { "stopped", do_stopped },
	{ "hangup", do_hangup }, { "exit", do_exit },
	{ "restored", do_restored },
};

/* ---- the script ---- */

static void
end_test(void)
{
	if (!run.any)
		return;
	printf("%sok %d - %s\n%s", run.failed ? "not " : "", ++run.tests,
		run.test, run.why.data);
	fflush(stdout);
	run.failures += run.failed;
	str_clear(&run.why);
}

static void
begin_test(const char *name)
{
	end_test();
	snprintf(run.test, sizeof run.test, "%s", name);
	run.failed = false;
	run.any = true;
}

/* The line with $NAME and ${NAME} of the environment put in, to be freed. */
static char *
expand(const char *line)
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

static void
command(char *line)
{
	char *args = line + strcspn(line, " ");

	if (*args)
		*args++ = '\0';
	if (strcmp(line, "test") == 0) {
		begin_test(args);
		return;
	}
	if (run.failed)
		return;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(commands[i].word, line) != 0)
			continue;
		run.failed = !commands[i].call(args);
		return;
	}
	run.failed = !fail("no such command:", line);
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
	char *words = xstrdup(run.lines[from] + 4), *save;
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
		line = expand(run.lines[i]);
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
	while (getline(&line, &cap, f) > 0 && run.count < LINES_MAX) {
		char *s = line + strspn(line, " \t");

		s[strcspn(s, "\n")] = '\0';
		run.lines[run.count++] = xstrdup(s);
	}
	free(line);
	return fclose(f) == 0;
}

int
main(int argc, char **argv)
{
	str_init(&run.why);
	str_init(&run.child.raw);
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
	signal(SIGPIPE, SIG_IGN);
	run_lines(0, run.count);
	end_test();
	child_end(&run.child);
	printf("1..%d\n", run.tests);
	for (size_t i = 0; i < run.count; i++)
		free(run.lines[i]);
	str_release(&run.why);
	return run.failures > 0;
}
