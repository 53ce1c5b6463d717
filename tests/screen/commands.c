/* SPDX-License-Identifier: ISC */
/* The commands of scripts that run a program and send to it; screen.c lists
 * all. */
#include "script.h"
#include "term/key.h"
#include "base/xalloc.h"

#include <ctype.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX 64

int64_t
script_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A promise about time is one about a machine that is not overloaded. */
int64_t
script_patience(int64_t ms)
{
	double load;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (getloadavg(&load, 1) != 1 || cpus < 1 || load <= (double)cpus)
		return ms;
	return (int64_t)((double)ms * load / (double)cpus);
}

int64_t
script_deadline(void)
{
	int64_t ms = run.limit_ms ? run.limit_ms : SCRIPT_LIMIT_MS;

	run.limit_ms = 0;
	return script_now_ms() + script_patience(ms);
}

bool
script_pump(int ms)
{
	for (size_t i = 0; i < CHILDREN; i++)
		if (&run.children[i] != run.child && run.children[i].pid)
			while (child_pump(&run.children[i], 0))
				;
	return child_pump(run.child, ms);
}

void
script_pass(int64_t ms)
{
	int64_t end = script_now_ms() + script_patience(SCRIPT_LIMIT_MS), left;

	while ((script_pump(2) || !child_has_read(run.child)) &&
	    script_now_ms() < end)
		;
	end = script_now_ms() + ms;
	while ((left = end - script_now_ms()) > 0)
		script_pump((int)left);
}

bool
script_fail(const char *what, const char *text)
{
	struct str screen = STR_INIT;

	str_addf(&run.why, "# line %zu: %s %s\n", run.line + 1, what, text);
	if (run.child->picture) {
		picture_text(run.child->picture, &screen);
		/* One that has ended has an empty screen. */
		if (run.child->ended)
			str_addf(&run.why, "# it has ended, status %#x, and "
				"said %.300s\n",
				(unsigned)run.child->status, run.child->raw.data);
		for (char *s = screen.data, *end; !run.child->ended && *s;
		     s = end + 1) {
			end = strchr(s, '\n');
			str_addf(&run.why, "#|%.*s\n", (int)(end - s), s);
		}
	}
	str_release(&screen);
	return false;
}

void
script_unescape(const char *text, struct str *out)
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
	return sscanf(args, "%d%*[ _x]%d", &run.columns, &run.rows) == 2;
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
do_default(char *args)
{
	char *value = strchr(args, '=');

	if (!value)
		return script_fail("default NAME=VALUE", args);
	*value++ = '\0';
	return setenv(args, value, 0) == 0;
}

static bool
do_run(char *args)
{
	const char *builddir = getenv("builddir");
	char *argv[WORDS_MAX] = { NULL }, *save, *path;
	size_t n = 0;
	bool started;

	for (char *w = strtok_r(args, " ", &save); w && n < WORDS_MAX - 1;
	     w = strtok_r(NULL, " ", &save))
		argv[n++] = script_expand(w);
	if (!n)
		return script_fail("run", "what?");
	if (argv[0][0] != '/') {
		path = xasprintf("%s/%s", builddir ? builddir : ".", argv[0]);
		free(argv[0]);
		argv[0] = path;
	}
	started = child_run(run.child, argv, run.columns, run.rows) == 0 ||
		script_fail("run", argv[0]);
	while (n)
		free(argv[--n]);
	return started;
}

bool
script_send(const char *bytes, size_t len)
{
	return child_send(run.child, bytes, len) ||
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
		{ KEYS_F5, "\x1b[15~" }, { KEYS_F6, "\x1b[17~" },
		{ KEYS_F7, "\x1b[18~" }, { KEYS_F8, "\x1b[19~" },
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

const char *
script_key_bytes(const char *name, char out[8])
{
	key_code key;

	return key_parse(name, &key) ? key_bytes(key, out) : NULL;
}

static bool
do_key(char *args)
{
	char *save, out[8];
	const char *bytes;

	for (char *w = strtok_r(args, " ", &save); w;
	     w = strtok_r(NULL, " ", &save)) {
		if (!(bytes = script_key_bytes(w, out)))
			return script_fail("no such key:", w);
		if (!script_send(bytes, strlen(bytes)))
			return false;
		run.keys += strcmp(w, "a") != 0;
	}
	return true;
}

static bool
do_send(char *args)
{
	struct str bytes = STR_INIT;
	bool sent;

	script_unescape(args, &bytes);
	run.keys++;
	sent = script_send(bytes.data, bytes.len);
	str_release(&bytes);
	return sent;
}

static bool
do_after(char *args)
{
	script_pass(strtol(args, NULL, 10));
	return true;
}

static bool
do_within(char *args)
{
	run.limit_ms = strtol(args, NULL, 10);
	return run.limit_ms > 0;
}

static bool
do_terminal(char *args)
{
	int n = atoi(args);

	if (n < 1 || n > CHILDREN)
		return script_fail("no terminal", args);
	run.child = &run.children[n - 1];
	return true;
}

static bool
do_stall(char *args)
{
	(void)args;
	run.child->stalled = true;
	return true;
}

static bool
do_flow(char *args)
{
	(void)args;
	run.child->stalled = false;
	return true;
}

static bool
do_silent(char *args)
{
	(void)args;
	run.child->silent = true;
	return true;
}

static bool
do_resize(char *args)
{
	int columns, rows;

	if (sscanf(args, "%d%*[ _]%d", &columns, &rows) != 2)
		return script_fail("resize COLUMNS ROWS", "");
	child_resize(run.child, columns, rows);
	return true;
}

static int
signal_number(const char *name)
{
	for (int i = 1; i < SIGRTMIN; i++)
		if (sigabbrev_np(i) && strcmp(sigabbrev_np(i), name) == 0)
			return i;
	return strcmp(name, "IO") == 0 ? SIGIO : 0;
}

static bool
do_signal(char *args)
{
	int number = signal_number(args);

	if (strcmp(args, "LINE") == 0) {
		child_hang_up(run.child);
		return true;
	}
	if (!number)
		return script_fail("no signal", args);
	child_signal(run.child, number);
	return true;
}

static bool
do_stopped(char *args)
{
	int64_t end = script_deadline();

	(void)args;
	while (!run.child->stopped && script_now_ms() < end)
		script_pump(20);
	return run.child->stopped || script_fail("did not stop", "");
}

static bool
do_hangup(char *args)
{
	(void)args;
	child_hang_up(run.child);
	return true;
}

static bool
do_exit(char *args)
{
	char how[16] = "", is[40];
	int limit = 5000, status;
	int64_t end;

	sscanf(args, "%15s %d", how, &limit);
	end = script_now_ms() + script_patience(limit);
	while (!run.child->ended && script_now_ms() < end)
		script_pump(10);
	if (!run.child->ended)
		return script_fail("did not end in time, ms:", args);
	while (script_pump(0))
		;
	if (run.child->group > 0 && kill(-run.child->group, 0) == 0)
		return script_fail("a process is left of", args);
	status = run.child->status;
	snprintf(is, sizeof is, "%s %d", WIFSIGNALED(status) ? "signal" :
		"exit", WIFSIGNALED(status) ? WTERMSIG(status) :
		WEXITSTATUS(status));
	if (strcmp(how, "ANY") == 0)
		return true;
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
	return child_is_restored(run.child) ||
		script_fail("the terminal's settings are not restored", "");
}

const struct script_row script_run_commands[] = {
	{ "size", do_size }, { "env", do_env }, { "default", do_default }, { "run", do_run },
	{ "terminal", do_terminal }, { "key", do_key }, { "send", do_send },
	{ "after", do_after }, { "within", do_within },
	{ "stall", do_stall }, { "flow", do_flow }, { "silent", do_silent },
	{ "resize", do_resize }, { "signal", do_signal },
	{ "stopped", do_stopped }, { "hangup", do_hangup },
	{ "exit", do_exit }, { "restored", do_restored },
	{ NULL, NULL },
};

script_command
script_find(const char *word)
{
	const struct script_row *const files[] = { script_run_commands,
		script_look_commands, script_store_commands };

	for (size_t f = 0; f < sizeof files / sizeof *files; f++)
		for (const struct script_row *r = files[f]; r->word; r++)
			if (strcmp(r->word, word) == 0)
				return r->call;
	return NULL;
}
