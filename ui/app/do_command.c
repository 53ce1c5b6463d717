/* SPDX-License-Identifier: ISC */
/*
 * do_command: `:` and a word: an action, a view, a command of the settings, the
 * number of a message, or `at` and a time.
 * What begins so is listed as it is typed, Tab takes what they have in common.
 * The word goes through the context of the screen under it like any key. See
 * do.h.
 */
#include "app/ask.h"
#include "app/do.h"
#include "app/says.h"
#include "app/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "term/term.h"

#include <stdio.h>
#include <string.h>

#define LISTED_MAX 10
#define PROGRAMS_MAX 7		/* F6 to F12 */
#define FOUND_MAX (ACTION_COUNT + VIEW_COUNT + PROGRAMS_MAX + 2)

struct command_ask {
	struct ask ask;
	unsigned context;		/* of the screen under it */
};

/* One that begins so: an action, a view, or a word that wants more. */
struct found {
	const char *word;
	enum action action;
	int view;			/* -1: none */
	const char *help;		/* of a word that wants more */
	const struct settings_program *program;
};

static const struct found wanting[] = {
	{ "at ", ACTION_NONE, -1, "02:40, or 2h: the screen as it was then",
		NULL },
	{ "#", ACTION_NONE, -1, "1042: the page of that message", NULL },
};

static size_t
find(const struct command_ask *ca, struct found out[FOUND_MAX])
{
	const char *text = ca->ask.prompt.fields[0].text.data;
	struct views *all = views_of(ca->ask.desk);
	const struct settings_programs *programs =
		&ca->ask.desk->settings->commands;
	size_t n = 0, len = strlen(text);

	for (int i = 0; i < VIEW_COUNT; i++)
		if (strncmp(all->views[i].kind->word, text, len) == 0)
			out[n++] = (struct found){ all->views[i].kind->word,
				ACTION_NONE, i, NULL, NULL };
	for (size_t i = 0; i < sizeof wanting / sizeof *wanting; i++)
		if (strncmp(wanting[i].word, text, len) == 0)
			out[n++] = wanting[i];
	for (int i = 0; i < ACTION_COUNT; i++)
		if (keymap_means((enum action)i, ca->context |
		    KEYMAP_CONNECTOR) &&
		    strncmp(action_word((enum action)i), text, len) == 0)
			out[n++] = (struct found){ action_word((enum action)i),
				(enum action)i, -1, NULL, NULL };
	for (size_t i = 0; i < programs->count && i < PROGRAMS_MAX; i++)
		if (strncmp(programs->of[i].name, text, len) == 0)
			out[n++] = (struct found){ programs->of[i].name,
				ACTION_NONE, -1, NULL, &programs->of[i] };
	return n;
}

/* The one that is meant: the only one, or the one that is just so. */
static const struct found *
meant(const struct found *all, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].word, text) == 0)
			return &all[i];
	return n == 1 ? &all[0] : NULL;
}

static void
refuse(struct command_ask *ca, size_t n)
{
	const char *text = ca->ask.prompt.fields[0].text.data;
	struct error err = ERROR_INIT;
	enum action action = n ? ACTION_NONE : keymap_parse(text, &err);
	char why[FIELD_WORDS_MAX];

	if (n == 1)
		snprintf(why, sizeof why, says_wants_more);
	else if (n)
		snprintf(why, sizeof why, says_begin_so, n);
	else if (action != ACTION_NONE)
		snprintf(why, sizeof why, says_not_here,
			action_word(action));
	else
		snprintf(why, sizeof why, "%.70s", err.text);
	prompt_refuse(&ca->ask.prompt, 0, why);
}

static struct request
request_of(struct desk *desk, const struct found *one)
{
	if (one->program)
		return (struct request){ REQUEST_PROGRAM, ACTION_NONE,
			one->program - desk->settings->commands.of, 0 };
	if (one->view >= 0)
		return (struct request){ REQUEST_VIEW, ACTION_NONE, one->view,
			0 };
	return (struct request){ REQUEST_WORD, one->action, 0, 0 };
}

static bool
done(struct ask *a, struct request *out)
{
	struct command_ask *ca = (struct command_ask *)a;
	const char *text = a->prompt.fields[0].text.data;
	struct found found[FOUND_MAX];
	const struct found *one;
	struct error err = ERROR_INIT;
	size_t n;
	int64_t id, at;

	if (!text[strspn(text, " ")])
		return true;
	if (text_parse_int(text + (*text == '#'), 1, INT64_MAX, &id, &err) ==
	    0) {
		*out = (struct request){ REQUEST_MESSAGE, ACTION_NONE, id, 0 };
		return true;
	}
	if (strncmp(text, "at ", 3) == 0) {
		if (text_parse_past(text + 3 + strspn(text + 3, " "),
		    clock_wall(), &at, &err) < 0) {
			prompt_refuse(&a->prompt, 0, err.text);
			return false;
		}
		*out = (struct request){ REQUEST_TIME, ACTION_NONE, at, 0 };
		return true;
	}
	n = find(ca, found);
	one = meant(found, n, text);
	if (!one || one->help) {
		refuse(ca, n);
		return false;
	}
	*out = request_of(a->desk, one);
	return true;
}

/* Tab: as far as the words agree. */
static bool
key(struct ask *a, const struct key_event *event)
{
	struct command_ask *ca = (struct command_ask *)a;
	struct field *field = &a->prompt.fields[0];
	struct found found[FOUND_MAX];
	size_t n, agree;

	if (event->key != KEYS_TAB)
		return false;
	n = find(ca, found);
	agree = n ? strlen(found[0].word) : 0;
	for (size_t i = 1; i < n; i++)
		while (strncmp(found[0].word, found[i].word, agree) != 0)
			agree--;
	if (agree > field->text.len) {
		str_clear(&field->text);
		str_add_bytes(&field->text, found[0].word, agree);
		field->cursor = agree;
	}
	return true;
}

static void
draw_one(struct command_ask *ca, const struct found *f, int row, int width)
{
	struct str keys = STR_INIT, line = STR_INIT;
	bool off = f->program && f->program->writes &&
		ca->ask.desk->read_only;

	if (f->program)
		str_add(&keys, f->program->key);
	else if (f->view >= 0)
		str_addf(&keys, "%d", f->view + 1);
	else if (!f->help)
		keymap_keys(&ca->ask.desk->keys, f->action, &keys);
	str_addf(&line, " %-17s %-12s %s", f->word, keys.data, f->help ?
		f->help : off ? "not in read-only mode" : f->program ?
		f->program->run[0] : f->view >= 0 ? "the view" :
		action_help(f->action));
	term_fill(row, 0, width, ROLE_NORMAL);
	term_put(row, 0, width, off ? ROLE_DIM : ROLE_NORMAL, line.data);
	str_release(&keys);
	str_release(&line);
}

static void
draw_above(struct ask *a, int rows, int width)
{
	struct command_ask *ca = (struct command_ask *)a;
	struct found found[FOUND_MAX];
	size_t n = find(ca, found), shown = n < LISTED_MAX ? n : LISTED_MAX;
	char more[40];

	if (rows < DESK_ROWS_LEAST)
		shown = shown < 3 ? shown : 3;
	for (size_t i = 0; i < shown; i++)
		draw_one(ca, &found[i], rows - (int)(shown - i), width);
	snprintf(more, sizeof more, "%zu more begin so", n - shown + 1);
	if (n > shown) {
		term_fill(rows - 1, 0, width, ROLE_NORMAL);
		term_put(rows - 1, 1, width - 1, ROLE_LOOK, more);
	}
}

static const struct ask_kind kind = {
	.line = true, .hears = true, .done = done, .key = key, .draw_above = draw_above,
};

void
do_command(struct desk *desk)
{
	struct command_ask *ca = xcalloc(1, sizeof *ca);
	struct screen *top = screens_top(&desk->screens);

	ca->context = top->kind->context(top);
	str_init(&ca->ask.page.title);
	prompt_add_text(&ca->ask.prompt, ":", "", false);
	snprintf(ca->ask.hint, sizeof ca->ask.hint, says_hint_command);
	ask_open(desk, &ca->ask, &kind);
}
