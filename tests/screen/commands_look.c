/* SPDX-License-Identifier: ISC */
/* The commands of scripts that look at the screen and at the bytes. */
#include "script.h"
#include "stream.h"
#include "svg.h"
#include "base/xalloc.h"
#include "term/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
on_screen(const char *text)
{
	struct str screen = STR_INIT;
	bool found;

	picture_text(run.child->picture, &screen);
	found = strstr(screen.data, text) != NULL;
	str_release(&screen);
	return found;
}

static bool
wait_for(const char *text, bool wanted)
{
	int64_t end = script_deadline();

	if (!run.child->picture)
		return script_fail("nothing runs:", text);
	while (on_screen(text) != wanted) {
		if (script_now_ms() > end)
			return script_fail(wanted ? "never came:" : "stayed:", text);
		script_pump( 50);
	}
	return true;
}

static bool
do_wait(char *args)
{
	return wait_for(args, true);
}

/* A prompt is deaf until its picture has arrived: it asks the terminal, whose
 * answer is sent, and for a moment from then on. */
static bool
do_hears(char *args)
{
	int64_t end = script_deadline();

	while (!strstr(run.child->asked.data, args) ||
	    run.child->answers.len) {
		if (script_now_ms() > end)
			return script_fail("never asked for an answer with:",
				args);
		script_pump(50);
	}
	script_pass(run.child->asked_ms + TERM_DEAF_MS + 10 -
		script_now_ms());
	return true;
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
	int64_t end = script_deadline();

	while (script_pump(ms) || !child_has_read(run.child))
		if (script_now_ms() > end)
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

/* In pictures what a file holds, such as a place, is called otherwise, by a name
 * as long. */
static struct mask {
	struct str place;
	char name[64];
} masks[2];

static bool
do_mask(char *args)
{
	char *name = strchr(args, ' ');
	struct mask *m = masks;

	if (!name)
		return script_fail("mask FILE NAME", args);
	*name++ = '\0';
	if (*m->name && strcmp(m->name, name) != 0)
		m++;
	str_clear(&m->place);
	snprintf(m->name, sizeof m->name, "%s", name);
	if (!read_file(args, &m->place) ||
	    m->place.len != strlen(m->name))
		return script_fail("no place as long in", args);
	return true;
}

static void
take_picture(struct str *out)
{
	picture_text(run.child->picture, out);
	for (struct mask *m = masks; m < masks + 2 && *m->name; m++)
		for (char *s = out->data; (s = strstr(s, m->place.data));
		     s += m->place.len)
			memcpy(s, m->name, m->place.len);
}

/* The picture may still be on its way: looks again while bytes come. */
static bool
do_expect(char *args)
{
	const char *srcdir = getenv("srcdir");
	struct str wanted = STR_INIT, screen = STR_INIT;
	char *path = xasprintf("%s/tests/screen/%s.screen",
		srcdir ? srcdir : ".", args);
	int64_t end = script_deadline();
	bool same = false;

	do_quiet((char[]){ "" });
	if (getenv("SCREEN_UPDATE")) {
		take_picture(&screen);
		same = update(path, &screen);
	} else if (read_file(path, &wanted)) {
		do {
			str_clear(&screen);
			take_picture(&screen);
			same = strcmp(screen.data, wanted.data) == 0;
		} while (!same && (script_pump(50), script_now_ms() < end));
	}
	if (!same)
		script_fail("the screen is not", path);
	free(path);
	str_release(&wanted);
	str_release(&screen);
	return same;
}

/* "FILE [light]": on a light ground. */
static bool
do_svg(char *args)
{
	char *words = strchr(args, ' ');
	struct svg_terminal terminal = { run.child->raw.data,
		run.child->raw.len, run.columns, run.rows,
		words && strcmp(words, " light") == 0 };
	struct str out = STR_INIT;
	bool written;

	if (words)
		*words = '\0';
	svg_draw(&terminal, &out);
	written = update(args, &out);
	str_release(&out);
	return written;
}

static bool
do_cursor(char *args)
{
	int64_t end = script_deadline();
	int row, column;
	bool visible;
	char is[40];

	do {
		picture_cursor(run.child->picture, &row, &column);
		visible = picture_cursor_visible(run.child->picture);
	} while ((row != atoi(args) || !visible) &&
		(script_pump(50), script_now_ms() < end));
	snprintf(is, sizeof is, "%d %s", row, visible ? "" : "hidden");
	return (row == atoi(args) && visible) ||
		script_fail("the cursor's row is", is);
}

static bool
do_attributes(char *args)
{
	char *words = strstr(args, " = ");
	struct str is = STR_INIT;
	int64_t end = script_deadline();
	bool same;

	if (!words)
		return script_fail("attributes TEXT = WORDS", "");
	*words = '\0';
	/* The rest of the picture may still be on its way. */
	do {
		str_clear(&is);
		same = picture_attributes(run.child->picture, args, &is) &&
			strcmp(is.data, words + 3) == 0;
	} while (!same && (script_pump(50), script_now_ms() < end));
	if (!same)
		script_fail("looks:", is.data);
	str_release(&is);
	return same;
}

static bool
do_alternate(char *args)
{
	return picture_alternate(run.child->picture) ==
		(strcmp(args, "yes") == 0) || script_fail("alternate is not", args);
}

static bool
do_mark(char *args)
{
	(void)args;
	run.child->mark = run.child->raw.len;
	run.keys = 0;
	return true;
}

/* How many keys were pressed; a text that was typed is one. */
static bool
do_keys(char *args)
{
	char is[32];

	snprintf(is, sizeof is, "%u", run.keys);
	return run.keys == strtoul(args, NULL, 10) ||
		script_fail("keys, of which there were", is);
}

static bool
do_bytes(char *args)
{
	size_t sent = run.child->raw.len - run.child->mark;
	char is[40];

	snprintf(is, sizeof is, "%zu", sent);
	printf("# line %zu: %zu bytes\n", run.line + 1, sent);
	return sent <= strtoul(args, NULL, 10) || script_fail("bytes sent:", is);
}

static bool
do_clean(char *args)
{
	struct str wrong = STR_INIT;
	bool clean = stream_is_clean(getenv("TERM"), run.child->raw.data,
		run.child->raw.len, &wrong);

	(void)args;
	if (!clean)
		script_fail("not clean:", wrong.data);
	str_release(&wrong);
	return clean;
}

static bool
was_sent(size_t from, const char *args)
{
	struct str bytes = STR_INIT;
	bool found;

	script_unescape(args, &bytes);
	found = memmem(run.child->raw.data + from, run.child->raw.len - from,
		bytes.data, bytes.len) != NULL;
	str_release(&bytes);
	return found;
}

static bool
do_since(char *args)
{
	return was_sent(run.child->mark, args) ||
		script_fail("was not sent since the mark:", args);
}

static bool
do_saw(char *args)
{
	return was_sent(0, args) || script_fail("was not sent:", args);
}

static bool
do_never(char *args)
{
	return !was_sent(0, args) || script_fail("was sent:", args);
}

/* All rows but the header's. */
static void
body_text(struct str *out)
{
	struct str all = STR_INIT;
	const char *s;

	picture_text(run.child->picture, &all);
	s = all.data;
	for (int row = 0; row < 3 && strchr(s, '\n'); row++)
		s = strchr(s, '\n') + 1;
	str_clear(out);
	str_add(out, s);
	str_release(&all);
}

static bool
do_remember(char *args)
{
	(void)args;
	body_text(&run.remembered);
	return true;
}

static bool
do_unchanged(char *args)
{
	int64_t end = script_deadline();
	struct str now = STR_INIT;
	bool same;

	(void)args;
	do {
		body_text(&now);
		same = strcmp(now.data, run.remembered.data) == 0;
	} while (!same && script_now_ms() < end && (script_pump(50), true));
	str_release(&now);
	return same || script_fail("the screen changed from\n",
		run.remembered.data);
}

const struct script_row script_look_commands[] = {
	{ "wait", do_wait }, { "hears", do_hears }, { "gone", do_gone }, { "quiet", do_quiet },
	{ "expect", do_expect }, { "svg", do_svg }, { "cursor", do_cursor },
	{ "attributes", do_attributes }, { "alternate", do_alternate },
	{ "mark", do_mark }, { "keys", do_keys }, { "mask", do_mask },
	{ "bytes", do_bytes }, { "clean", do_clean },
	{ "since", do_since }, { "saw", do_saw }, { "never", do_never },
	{ "remember", do_remember }, { "unchanged", do_unchanged },
	{ NULL, NULL },
};
