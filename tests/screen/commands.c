/* The commands of the harness's scripts; screen.c lists them. */
#include "script.h"
#include "key.h"
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
#define WORDS_MAX 64

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool
script_fail(const char *what, const char *text)
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

/* ---- commands: false is a failure, told by script_fail() ---- */

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
		return script_fail("run", "what?");
	path = xasprintf("%s/%s", builddir ? builddir : ".", argv[0]);
	argv[0] = path;
	status = child_run(&run.child, argv, run.columns, run.rows);
	free(path);
	return status == 0 || script_fail("run", argv[0]);
}

static bool
send_bytes(const char *bytes, size_t len)
{
	return child_send(&run.child, bytes, len) ||
		script_fail("send", "the terminal is closed");
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
			return script_fail("no such key:", w);
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
		return script_fail("nothing runs:", text);
	while (on_screen(text) != wanted) {
		if (now_ms() > end)
			return script_fail(wanted ? "never came:" : "stayed:", text);
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
			return script_fail("never quiet", "");
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
		return script_fail("cannot write", path);
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
		script_fail("the screen is not", path);
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
		script_fail("the cursor's row is", is);
}

static bool
do_attributes(char *args)
{
	char *words = strstr(args, " = ");
	struct str is = STR_INIT;
	bool same;

	if (!words)
		return script_fail("attributes TEXT = WORDS", "");
	*words = '\0';
	same = picture_attributes(run.child.picture, args, &is) &&
		strcmp(is.data, words + 3) == 0;
	if (!same)
		script_fail("looks:", is.data);
	str_release(&is);
	return same;
}

static bool
do_alternate(char *args)
{
	return picture_alternate(run.child.picture) ==
		(strcmp(args, "yes") == 0) || script_fail("alternate is not", args);
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
	return sent <= strtoul(args, NULL, 10) || script_fail("bytes sent:", is);
}

static bool
do_clean(char *args)
{
	struct str wrong = STR_INIT;
	bool clean = picture_is_clean(run.child.raw.data, run.child.raw.len,
		&wrong);

	(void)args;
	if (!clean)
		script_fail("not clean:", wrong.data);
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
	return was_sent(args) || script_fail("was not sent:", args);
}

static bool
do_never(char *args)
{
	return !was_sent(args) || script_fail("was sent:", args);
}

static bool
do_resize(char *args)
{
	int columns, rows;

	if (sscanf(args, "%d %d", &columns, &rows) != 2)
		return script_fail("resize COLUMNS ROWS", "");
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
		return script_fail("no signal", args);
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
	return run.child.stopped || script_fail("did not stop", "");
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
		return script_fail("did not end in time, ms:", args);
	while (child_pump(&run.child, 0))
		;
	status = run.child.status;
	snprintf(is, sizeof is, "%s %d", WIFSIGNALED(status) ? "signal" :
		"exit", WIFSIGNALED(status) ? WTERMSIG(status) :
		WEXITSTATUS(status));
	if (isdigit((unsigned char)how[0]))
		return (WIFEXITED(status) && WEXITSTATUS(status) ==
			atoi(how)) || script_fail("ended with", is);
	return (WIFSIGNALED(status) && WTERMSIG(status) ==
		signal_number(how)) || script_fail("ended with", is);
}

static bool
do_restored(char *args)
{
	(void)args;
	return child_is_restored(&run.child) ||
		script_fail("the terminal's settings are not restored", "");
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

script_command
script_find(const char *word)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].word, word) == 0)
			return commands[i].call;
	return NULL;
}
