/* SPDX-License-Identifier: ISC */
/* screen_message: see screen_message.h for the contract. */
#include "app/screen_message.h"
#include "app/message_build.h"
#include "app/says.h"
#include "app/screen_text.h"
#include "app/view_mail.h"
#include "base/text.h"
#include "base/width.h"
#include "base/xalloc.h"
#include "page/message_page.h"
#include "term/term.h"
#include "view/strip.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULE_LEAST 10		/* rows; lower screens want each of them */
#define NARROW 60		/* columns */

struct message_screen *
screen_message_top(struct desk *desk)
{
	struct screen *top = screens_top(&desk->screens);

	return top->kind == &screen_message ? (struct message_screen *)top :
		NULL;
}

/* ---- the text ---- */

#define PART_LEAST 6		/* rows left of the screen */
#define AROUND 8		/* header, title, what is shown, keys */
#define UND_MOST 4096		/* bytes of what is read only for that */

/* On a high screen, below a short part: what happened to the message, and of
 * the other parts those that have room. */
static void
add_parts(const struct message_part *of, int rows, int width, struct str *out)
{
	static const enum message_tab tabs[] = { TAB_LOG, TAB_UND, TAB_ITEMS,
		TAB_HEADERS };
	struct str text = STR_INIT;

	for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
		struct message_part part = *of;
		int left = rows - AROUND - strip_rows(rows, width) -
			(int)text_lines(out->data);

		if (of->pieces != 1 || of->tab == tabs[i] ||
		    left < PART_LEAST || (tabs[i] == TAB_UND &&
		    (!of->message->und_entries || of->message->und_bytes >
		    UND_MOST)))
			continue;
		part.tab = tabs[i];
		part.piece = 0;
		str_clear(&text);
		message_part_text(&part, &text);
		if (tabs[i] == TAB_LOG || (part.pieces == 1 &&
		    (int)text_lines(text.data) <= left))
			str_add_bytes(out, text.data, text.len);
	}
	str_release(&text);
}

/* The first piece of a part stands below the page; others stand alone. */
static void
build(struct message_screen *ms, const struct history_message *m,
	struct str *out)
{
	struct desk *desk = ms->desk;
	struct message_part part = {
		.store = &desk->store, .settings = desk->settings, .message = m,
		.tab = ms->tab, .now = desk_now(desk), .piece = ms->piece,
		.past = desk->then != NULL,
	};
	struct history_message now;
	struct error err = ERROR_INIT;
	int rows;

	/* Its file is where it is now. */
	if (desk->then && history_message_get(desk->store.history, m->id,
	    &now, &err) > 0)
		part.message = &now;

	term_size(&rows, &ms->width);
	if (ms->piece == 0)
		message_build_page(desk, m, (size_t)ms->width, true, out);
	ms->part_line = text_lines(out->data);
	message_part_text(&part, out);
	message_part_counts(&part, ms->tab_counts);
	ms->piece = part.piece;
	ms->pieces = part.pieces;
	add_parts(&part, rows, ms->width, out);
	if (part.message != m)
		history_message_release(&now);
}

static void
note_what_it_is(struct message_screen *ms, const struct history_message *m)
{
	const char *subject = m->subject && *m->subject ? m->subject : m->name;
	struct str title = STR_INIT;

	ms->state = m->state;
	ms->watched = m->watched;
	text_printable(ms->subject, sizeof ms->subject, subject,
		strlen(subject));
	message_page_title(m, &title);
	width_cut(ms->title, sizeof ms->title, title.data, sizeof ms->title);
	str_release(&title);
}

/* Looks at it again. False: there is none (said). */
static bool
look(struct message_screen *ms)
{
	struct history_message m;
	struct error err = ERROR_INIT;
	struct str out = STR_INIT;
	struct history *h = ms->desk->store.history;
	int rc = ms->desk->then ? history_at_message(h, ms->id,
		desk_now(ms->desk), &m, &err) : history_message_get(h, ms->id,
		&m, &err);

	if (rc < 0)
		desk_fail(ms->desk, &err);
	else if (rc == 0)
		desk_note(ms->desk, ms->desk->then ? says_not_then :
			says_no_such_message, ms->id);
	if (rc <= 0)
		return false;
	note_what_it_is(ms, &m);
	build(ms, &m, &out);
	pager_set(&ms->page, &out);
	history_message_release(&m);
	return true;
}

static void
refresh(struct screen *s)
{
	struct message_screen *ms = (struct message_screen *)s;

	if (!look(ms))
		screens_close(&ms->desk->screens, s);
}

static bool
open_part(struct message_screen *ms, enum message_tab tab, bool at_part)
{
	ms->tab = tab;
	ms->piece = 0;
	ms->page.top = 0;
	if (!look(ms))
		return false;
	if (at_part)
		ms->page.top = ms->part_line;
	return true;
}

static void
go_to_piece(struct message_screen *ms, int64_t piece, bool end)
{
	ms->piece = piece;
	ms->page.top = 0;
	if (look(ms) && end)
		(void)pager_act(&ms->page, ACTION_LAST);
}

/* ---- keys ---- */

static unsigned
context(const struct screen *s)
{
	(void)s;
	return KEYMAP_MESSAGE;
}

/* Moves on to the next or previous piece of a long part, where the text on the
 * screen ends. False: it does not, the pager may move. */
static bool
turn(struct message_screen *ms, enum action action)
{
	const struct pager *p = &ms->page;
	bool at_end = p->top + p->height >= p->count;
	bool down = action == ACTION_DOWN || action == ACTION_PAGE_DOWN ||
		action == ACTION_HALF_DOWN;
	bool up = action == ACTION_UP || action == ACTION_PAGE_UP ||
		action == ACTION_HALF_UP;

	if (down && at_end && ms->piece + 1 < ms->pieces)
		go_to_piece(ms, ms->piece + 1, false);
	else if (up && p->top == 0 && ms->piece > 0)
		go_to_piece(ms, ms->piece - 1, true);
	else if (action == ACTION_FIRST && ms->piece > 0)
		go_to_piece(ms, 0, false);
	else if (action == ACTION_LAST && ms->piece + 1 < ms->pieces)
		go_to_piece(ms, ms->pieces - 1, true);
	else
		return false;
	return true;
}

static bool
act(struct screen *s, enum action action, struct request *out)
{
	struct message_screen *ms = (struct message_screen *)s;
	int step = action == ACTION_NEXT ? 1 : TAB_COUNT - 1;

	(void)out;
	switch ((int)action) {
	case ACTION_BACK:
	case ACTION_ESCAPE:
		screens_close(&ms->desk->screens, s);
		ms->desk->stale = true;
		return true;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		(void)open_part(ms, (enum message_tab)(((int)ms->tab + step) %
			TAB_COUNT), true);
		return true;
	case ACTION_OPEN:
		return true;
	default:
		return turn(ms, action) ||
			screen_text_move(ms->desk, &ms->page, action);
	}
}

/* ---- picture ---- */

/* Of the summary: at the left, and in its second column. */
static void
dim_labels(const struct message_screen *ms, int row, int width)
{
	const struct pager *p = &ms->page;
	size_t split = message_page_split((size_t)width);

	for (size_t i = p->top; i < ms->part_line && i < p->top + p->height &&
	     !p->left; i++) {
		const char *line = p->text.data + p->starts[i];
		size_t n = p->starts[i + 1] - p->starts[i] - 1;
		size_t right = 0;
		int at = row + (int)(i - p->top);

		desk_dim_label(line, n, 1, at, 1);
		for (size_t columns = 0; right < n && columns < split;) {
			uint32_t cp;
			size_t bytes = text_decode(line + right, n - right,
				&cp);

			columns += bytes ? (size_t)width_of(cp) : 1;
			right += bytes ? bytes : 1;
		}
		if (right < n && line[right - 1] == ' ')
			desk_dim_label(line, n, right, at, (int)split);
	}
}

static void
draw(struct screen *s, int row, int rows, int width)
{
	struct message_screen *ms = (struct message_screen *)s;
	int rule = rows >= RULE_LEAST, room = width;

	if (width != ms->width)
		(void)look(ms);
	if (width >= NARROW && *ms->place) {
		desk_put_right(row, width, ROLE_NORMAL, ms->place);
		room -= 2 + (int)width_text(ms->place);
	}
	term_put(row, 0, room, ROLE_TITLE, ms->title);
	if (rule)
		term_rule(row + 1);
	pager_draw(&ms->page, row + 1 + rule, (size_t)(rows - 1 - rule),
		width);
	dim_labels(ms, row + 1 + rule, width);
	term_cursor(row, 0);
}

static const char *
tab_words(const struct message_screen *ms, enum message_tab tab, char out[32])
{
	char n[TEXT_NUMBER_MAX];

	if (ms->tab_counts[tab] > 0)
		snprintf(out, 32, "%s %s", message_part_word(tab), text_count(n,
			(uint64_t)ms->tab_counts[tab]));
	else
		snprintf(out, 32, "%s", message_part_word(tab));
	return out;
}

/* The parts of the message, and where in the text we are. */
static void
draw_tabs(const struct message_screen *ms, int row, int width)
{
	const struct pager *p = &ms->page;
	size_t end = p->top + p->height < p->count ? p->top + p->height :
		p->count;
	bool narrow = width < NARROW;
	char line[64], words[32];
	int at = term_put(row, 0, -1, ROLE_NORMAL, "Tab: ");

	snprintf(line, sizeof line, "%s%zu-%zu/%zu", narrow ? "" : "lines ",
		p->top + 1, end, p->count);
	for (int i = 0; i < TAB_COUNT; i++)
		if (!narrow || (int)ms->tab == i)
			at += 2 + term_put(row, at, -1, (int)ms->tab == i ?
				ROLE_HERE : ROLE_NORMAL, tab_words(ms,
				(enum message_tab)i, words));
	if (at + (int)strlen(line) <= width)
		desk_put_right(row, width, ROLE_NORMAL, line);
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	struct message_screen *ms = (struct message_screen *)s;

	if (!desk_draw_note(ms->desk, rows - 2, width))
		draw_tabs(ms, rows - 2, width);
	desk_draw_keys(ms->desk, rows - 1, width, KEYMAP_MESSAGE,
		view_mail_labels(ms->state, ms->watched));
}

static void
close_message(struct screen *s)
{
	struct message_screen *ms = (struct message_screen *)s;

	pager_release(&ms->page);
	free(ms);
}

const struct screen_kind screen_message = {
	.name = "message", .context = context, .act = act, .draw = draw,
	.draw_bottom = draw_bottom, .refresh = refresh,
	.close = close_message, .trend = true,
};

void
screen_message_open(struct desk *desk, int64_t id, enum message_tab tab)
{
	struct message_screen *ms = screen_message_top(desk);
	struct message_screen *fresh = xcalloc(1, sizeof *fresh);

	*fresh = (struct message_screen){ .screen = { &screen_message, false },
		.desk = desk, .id = id };
	pager_init(&fresh->page);
	if (!open_part(fresh, tab, tab != TAB_TEXT)) {
		close_message(&fresh->screen);
		return;
	}
	if (ms)
		screens_close(&desk->screens, &ms->screen);
	screens_push(&desk->screens, &fresh->screen);
}
