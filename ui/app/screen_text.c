/* SPDX-License-Identifier: ISC */
/* screen_text: see screen_text.h for the contract. */
#include "app/screen_text.h"
#include "app/says.h"
#include "base/width.h"
#include "base/xalloc.h"
#include "term/term.h"
#include "term/wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULE_LEAST 10		/* rows; lower screens want each of them */

struct text {
	struct screen screen;
	struct desk *desk;
	char title[80];
	struct str words;	/* as it was given */
	int width;		/* it is wrapped for */
	struct pager pager;
};

/* Where the second column of a line begins (keys and what they do), or where
 * its words do. */
static size_t
indent_of(const char *line, size_t len)
{
	size_t at = 0;

	while (at < len && line[at] == ' ')
		at++;
	for (size_t i = at; i + 2 < len && i < 20; i++)
		if (line[i] == ' ' && line[i + 1] == ' ') {
			while (i < len && line[i] == ' ')
				i++;
			return i < 24 ? i : at;
		}
	return at;
}

static void
wrap(struct text *t, int width)
{
	struct str out = STR_INIT;
	const char *line = t->words.data;

	t->width = width;
	while (*line) {
		size_t n = strcspn(line, "\n"), indent = indent_of(line, n);
		size_t start = out.len;
		char *all = xstrndup(line, n);

		if (width_text(all) <= (size_t)width) {
			str_addf(&out, "%s\n", all);
		} else {
			wrap_add(&out, (struct wrap){ NULL, indent,
				(size_t)width }, all + indent);
			memcpy(out.data + start, line, indent);
		}
		free(all);
		line += n + (line[n] == '\n');
	}
	pager_set(&t->pager, &out);
}

static unsigned
context(const struct screen *s)
{
	(void)s;
	return KEYMAP_TEXT;
}

bool
screen_text_move(struct desk *desk, struct pager *pager, enum action action)
{
	int found;

	if (action != ACTION_FIND_NEXT && action != ACTION_FIND_PREVIOUS)
		return pager_act(pager, action);
	if (!*desk->search) {
		desk_note(desk, says_how_to_search);
		return true;
	}
	found = pager_find(pager, desk->search, action == ACTION_FIND_NEXT);
	if (found == 0)
		desk_note(desk, says_not_found, desk->search);
	else if (found == 2)
		desk_note(desk, "%s", action == ACTION_FIND_NEXT ?
			says_from_beginning : says_from_end);
	return true;
}

static bool
act(struct screen *s, enum action action, struct request *out)
{
	struct text *t = (struct text *)s;

	(void)out;
	if (action == ACTION_BACK || action == ACTION_ESCAPE ||
	    action == ACTION_HELP)
		screens_close(&t->desk->screens, s);
	else if (action != ACTION_OPEN)
		return screen_text_move(t->desk, &t->pager, action);
	return true;
}

static void
draw(struct screen *s, int row, int rows, int width)
{
	struct text *t = (struct text *)s;
	int rule = rows >= RULE_LEAST;

	if (width != t->width)
		wrap(t, width);
	term_put(row, 0, width, ROLE_TITLE, t->title);
	if (rule)
		term_rule(row + 1);
	pager_draw(&t->pager, row + 1 + rule, (size_t)(rows - 1 - rule),
		width);
	term_cursor(row, 0);
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	struct text *t = (struct text *)s;
	const struct pager *p = &t->pager;
	size_t end = p->top + p->height < p->count ? p->top + p->height :
		p->count;
	char place[64];

	snprintf(place, sizeof place, "lines %zu-%zu of %zu",
		p->count ? p->top + 1 : 0, end, p->count);
	if (!desk_draw_note(t->desk, rows - 2, width))
		term_put(rows - 2, 0, width, ROLE_NORMAL, place);
	desk_draw_keys(t->desk, rows - 1, width, KEYMAP_TEXT, NULL);
}

static void
close_text(struct screen *s)
{
	struct text *t = (struct text *)s;

	str_release(&t->words);
	pager_release(&t->pager);
	free(t);
}

const struct screen_kind screen_text = {
	.name = "text", .context = context, .act = act, .draw = draw,
	.draw_bottom = draw_bottom, .close = close_text,
};

void
screen_text_open(struct desk *desk, const char *title, struct str *text)
{
	struct text *t = xcalloc(1, sizeof *t);

	t->screen.kind = &screen_text;
	t->desk = desk;
	snprintf(t->title, sizeof t->title, "%.79s", title);
	t->words = *text;
	str_init(text);
	pager_init(&t->pager);
	screens_push(&desk->screens, &t->screen);
}
