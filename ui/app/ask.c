/* SPDX-License-Identifier: ISC */
/* ask: see ask.h for the contract. */
#include "app/ask.h"
#include "app/says.h"
#include "term/term.h"
#include "base/width.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static bool
is_cancel(key_code key)
{
	return key == KEYS_ESC || key == KEY_CTRL('C') || key == KEY_CTRL('G');
}

static void
close_it(struct ask *a)
{
	screens_close(&a->desk->screens, &a->screen);
	term_field(false);
	a->desk->stale = true;
}

static void
cancel(struct ask *a)
{
	close_it(a);
	if (a->kind->cancelled)
		a->kind->cancelled(a);
	else if (!a->kind->line)
		desk_note(a->desk, says_nothing_done);
}

static char *
all_values(const struct prompt *p)
{
	struct str s = STR_INIT;

	for (size_t i = 0; i < p->count; i++)
		str_addf(&s, "%s\n%zu", p->fields[i].text.data,
			p->fields[i].choice);
	return str_steal(&s);
}

static void
to_fields(struct ask *a, const struct key_event *event, struct request *out)
{
	char *before = all_values(&a->prompt), *after;
	enum prompt_state state = prompt_key(&a->prompt, event);

	after = all_values(&a->prompt);
	if (state == PROMPT_OPEN && a->kind->typed &&
	    strcmp(before, after) != 0)
		a->kind->typed(a);
	free(before);
	free(after);
	if (state == PROMPT_DONE && a->kind->done(a, out))
		close_it(a);
	else if (state == PROMPT_CANCELLED)
		cancel(a);
	else
		term_field(prompt_is_text(&a->prompt));
}

static struct request
key(struct screen *s, const struct key_event *event)
{
	struct ask *a = (struct ask *)s;
	struct request out = { REQUEST_NONE, ACTION_NONE, 0, 0 };

	if (event->key == KEY_CTRL('L'))
		term_redraw();
	else if (a->looking && is_cancel(event->key))
		cancel(a);
	else if (!a->looking && !prompt_page_key(&a->page, event->key) &&
	    !(a->kind->key && a->kind->key(a, event)))
		to_fields(a, event, &out);
	return out;
}

/* The fields are there: what was typed before is no answer. */
static void
begin_to_hear(struct ask *a)
{
	a->looking = false;
	term_deaf();
	term_field(prompt_is_text(&a->prompt));
}

static bool
tick(struct screen *s)
{
	struct ask *a = (struct ask *)s;

	if (!a->looking)
		return false;
	a->desk->dirty = true;
	if (a->kind->look(a))
		return true;
	if (a->prompt.count)
		begin_to_hear(a);
	return false;
}

static void
draw(struct screen *s, int row, int rows, int width)
{
	struct ask *a = (struct ask *)s;
	bool rules = rows > 14;

	if (rules)
		term_rule(row);
	/* The last line but one is the prompt's, too. */
	prompt_page_draw(&a->page, &a->prompt, row + rules, rows + 1 - rules,
		width);
}

static const char *
keys_words(const struct ask *a, int width)
{
	enum field_kind kind = a->prompt.fields[a->prompt.focus].kind;

	if (a->looking)
		return says_keys_looking;
	if (a->page.open)
		return width < 72 ? says_keys_facts_brief :
			says_keys_facts;
	if (width < 72)
		return kind == FIELD_CHOICE ? says_keys_choice_brief :
			says_keys_brief;
	if (kind == FIELD_CHOICE)
		return says_keys_choice;
	if (a->prompt.offer_count && a->prompt.focus == 0)
		return says_keys_reasons;
	return kind == FIELD_KEY ? says_keys_decides :
		says_keys_field;
}

static void
draw_keys(const struct ask *a, int row, int width)
{
	int at = term_put(row, 0, width, ROLE_KEY, keys_words(a, width));

	if (a->page.hidden && !a->page.open)
		term_put(row, at + 2, width - at - 2, ROLE_KEY,
			width < 72 ? says_keys_more_brief : says_keys_more);
}

static void
draw_line(struct ask *a, int rows, int width)
{
	struct prompt *p = &a->prompt;
	const char *complaint = p->fields[0].complaint;
	int at, lines;

	lines = desk_draw_words(*complaint ? complaint : a->hint, a->hint_bad ||
		*complaint ? ROLE_LOOK : ROLE_TITLE, rows - 2, width);
	if (a->kind->draw_above)
		a->kind->draw_above(a, rows - 1 - lines, width);
	at = term_put(rows - 1, 0, -1, ROLE_NORMAL, p->fields[0].label) + 1;
	prompt_draw_field(p, 0, rows - 1, at, width - at);
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	struct ask *a = (struct ask *)s;

	if (a->kind->line)
		draw_line(a, rows, width);
	else
		draw_keys(a, rows - 1, width);
}

static void
close_ask(struct screen *s)
{
	struct ask *a = (struct ask *)s;

	if (a->kind->release)
		a->kind->release(a);
	prompt_release(&a->prompt);
	prompt_page_release(&a->page);
	free(a);
}

#define ASK .key = key, .draw_bottom = draw_bottom, .tick = tick, \
	.close = close_ask

const struct screen_kind screen_ask = {
	.name = "prompt", .still = true, .draw = draw, ASK
};
static const struct screen_kind still_line = {
	.name = "line", .still = true, ASK
};
const struct screen_kind screen_ask_live = { .name = "live line", ASK };

void
ask_open(struct desk *desk, struct ask *a, const struct ask_kind *kind)
{
	a->screen.kind = !kind->line ? &screen_ask : kind->live ?
		&screen_ask_live : &still_line;
	a->kind = kind;
	a->desk = desk;
	a->looking = kind->look != NULL;
	desk->note[0] = '\0';
	screens_push(&desk->screens, &a->screen);
	if (!kind->hears)
		term_deaf();
	term_field(!a->looking && prompt_is_text(&a->prompt));
}
