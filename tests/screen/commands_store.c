/* SPDX-License-Identifier: ISC */
/*
 * The commands of scripts that work on a store beside the console, and those
 * that send what no hand types: bursts of random keys, torn sequences.
 */
#include "script.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The shell's exit status; what it printed goes to out. Pumps meanwhile. The
 * value of a variable is one word, whatever blanks a path has. */
static int
run_shell(const char *command, struct str *out)
{
	char *line = xasprintf("IFS='\n'; exec 2>&1; %s", command), bytes[4096];
	FILE *f;
	size_t n;
	int status;

	fflush(stdout);
	f = popen(line, "r");
	free(line);
	if (!f)
		return -1;
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		str_add_bytes(out, bytes, n);
	status = pclose(f);
	script_pump(0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Its first lines. */
static void
note_output(const struct str *out)
{
	const char *s = out->data;

	for (int i = 0; i < 20 && *s; i++) {
		int n = (int)strcspn(s, "\n");

		str_addf(&run.why, "# %.*s\n", n < 300 ? n : 300, s);
		s += n + (s[n] == '\n');
	}
}

static bool
do_shell(char *args)
{
	struct str out = STR_INIT;
	int status = run_shell(args, &out);

	if (status != 0) {
		script_fail("exit status not 0:", args);
		note_output(&out);
	}
	str_release(&out);
	return status == 0;
}

static bool
do_needs(char *args)
{
	struct str out = STR_INIT;
	const char *words = strstr(args, " # ");

	run.skipped = run_shell(args, &out) != 0;
	snprintf(run.needs, sizeof run.needs, "%s", words ? words + 3 : args);
	str_release(&out);
	return true;
}

static bool
do_until(char *args)
{
	int64_t end = script_deadline();
	struct str out = STR_INIT;
	int status;

	while ((status = run_shell(args, &out)) != 0 &&
	       script_now_ms() < end) {
		str_clear(&out);
		script_pass(10);
	}
	if (status != 0) {
		script_fail("never so:", args);
		note_output(&out);
	}
	str_release(&out);
	return status == 0;
}

/* ---- random input; the same seed gives the same bytes ---- */

static uint32_t random_state;

static uint32_t
random_below(uint32_t n)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % n;
}

#define SPECIAL_KEYS "Esc Enter Tab Shift-Tab Backspace Up Down Left Right " \
	"PgUp PgDn Home End Del F1 F5 F6"
#define PRESS_MAX 160

/* The bytes of all keys but those in `except`, by name; after "only", of
 * those alone. */
static size_t
all_keys(const char *except, char *out[PRESS_MAX])
{
	struct str names = STR_INIT;
	char *save, *copy, bytes[8], padded[40], *not_these;
	const char *only = strstr(except, "only ");
	size_t n = 0;

	if (only) {
		str_add(&names, only + 5);
		except = "";
	}
	for (char c = 'A'; c <= 'Z' && !only; c++)
		if (!strchr("HIJM", c))		/* these have other names */
			str_addf(&names, "Ctrl-%c ", c);
	for (char c = 0x21; c < 0x7F && !only; c++)
		str_addf(&names, "%c ", c);
	if (!only)
		str_add(&names, "Space " SPECIAL_KEYS);
	copy = xstrdup(names.data);
	not_these = xasprintf(" %s ", except);
	for (char *w = strtok_r(copy, " ", &save); w && n < PRESS_MAX;
	     w = strtok_r(NULL, " ", &save)) {
		const char *b = script_key_bytes(w, bytes);

		snprintf(padded, sizeof padded, " %s ", w);
		if (b && !strstr(not_these, padded))
			out[n++] = xstrdup(b);
	}
	free(not_these);
	free(copy);
	str_release(&names);
	return n;
}

/* So many keys by seed, none of those named; a pause of up to most_ms before
 * each. */
static bool
press(char *args, uint32_t most_ms)
{
	char *keys[PRESS_MAX], *except = args;
	size_t n;
	long count;
	bool sent = true;

	random_state = (uint32_t)strtol(args, &except, 10);
	count = strtol(except, &except, 10);
	n = all_keys(except, keys);
	while (sent && count-- > 0) {
		const char *b = keys[random_below((uint32_t)n)];

		if (most_ms)
			script_pass(random_below(most_ms));
		sent = script_send(b, strlen(b));
	}
	while (n > 0)
		free(keys[--n]);
	return sent;
}

/* random SEED COUNT NAME...: a burst. */
static bool
do_random(char *args)
{
	return press(args, 0);
}

/* paced SEED COUNT NAME...: slowly enough for prompts, which are deaf when
 * they open. */
static bool
do_paced(char *args)
{
	return press(args, 360);
}

/* every NAME...: each key but those; what it opened is closed again. */
static bool
do_every(char *args)
{
	char *keys[PRESS_MAX];
	size_t n = all_keys(args, keys);
	bool sent = true;

	for (size_t i = 0; i < n && sent; i++) {
		sent = script_send(keys[i], strlen(keys[i]));
		script_pass(strchr("/:wuUrxXcot", keys[i][0]) ? 320 : 40);
		sent = sent && script_send("\x03", 1);
		script_pass(20);
		sent = sent && script_send("\x1b", 1);
		script_pass(180);
	}
	while (n > 0)
		free(keys[--n]);
	return sent;
}

static const char *const sequences[] = {
	"\x1b[A", "\x1bOB", "\x1b[1;5C", "\x1b[D", "\x1b[H", "\x1bOF",
	"\x1b[1~", "\x1b[4~", "\x1b[7~", "\x1b[8~", "\x1b[5~", "\x1b[6;2~",
	"\x1b[Z", "\x1b[2~", "\x1bOQ", "\x1b[13~", "\x1b[[D", "\x1b[24~",
	"\x1b[17~",
};
#define SEQUENCES (sizeof sequences / sizeof *sequences)

/*
 * debris SEED COUNT: so many key sequences, each torn at every byte, some
 * with one byte lost, with time in between. No letter is typed.
 */
static bool
do_debris(char *args)
{
	static const int gaps[] = { 0, 0, 0, 10, 60, 100, 149, 151, 300, 700 };
	char *end;
	long count;

	random_state = (uint32_t)strtol(args, &end, 10);
	count = strtol(end, NULL, 10);
	while (count-- > 0) {
		const char *s = sequences[random_below(SEQUENCES)];
		size_t len = strlen(s), lost = random_below((uint32_t)len * 2);

		/* Never the introducer and its Esc at once, nor that with an
		 * Esc too old: nobody could tell what is left from keys. So
		 * what is behind a lost introducer comes with the Esc. */
		if (lost == 1 && !script_send((char[]){ s[0], s[2] }, 2))
			return false;
		for (size_t i = lost == 1 ? 3 : 0; i < len; i++) {
			if (i != lost && !script_send(s + i, 1))
				return false;
			script_pass(gaps[random_below(10)]);
		}
		script_pass(lost < len ? 2100 : 0);
	}
	return true;
}

const struct script_row script_store_commands[] = {
	{ "shell", do_shell }, { "until", do_until }, { "needs", do_needs },
	{ "random", do_random }, { "paced", do_paced }, { "every", do_every }, { "debris", do_debris },
	{ NULL, NULL },
};
