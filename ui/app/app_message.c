/* app_message: the page of one message: message_page and message_part put
 * together. See app.h. */
#include "app/app.h"
#include "base/clock.h"
#include "page/message_page.h"
#include "term/term.h"
#include "base/text.h"
#include "base/width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ATTEMPTS_SHOWN 20
#define OTHERS_SPAN CLOCK_DAY	/* how far back imports are counted */

const char *
app_tab_words(const struct app *app, enum message_tab tab, char out[32])
{
	char n[TEXT_NUMBER_MAX];

	if (app->tab_counts[tab] > 0)
		snprintf(out, 32, "%s %s", message_part_word(tab), text_count(n,
			(uint64_t)app->tab_counts[tab]));
	else
		snprintf(out, 32, "%s", message_part_word(tab));
	return out;
}

/* How many others were imported since this one was tried first: whether it is
 * the importer's fault. */
static void
count_others(struct app *app, struct message_page *page)
{
	const struct history_attempt *first = page->attempt_count ?
		&page->attempts[page->attempt_count - 1] : NULL;
	struct history_minute sum;
	struct error err = ERROR_INIT;
	int64_t since;

	page->others_since = HISTORY_NO_TIME;
	if (!first || page->message->state != STATE_FAILED)
		return;
	since = first->started_at > page->now - OTHERS_SPAN ?
		first->started_at : page->now - OTHERS_SPAN;
	if (history_minute_sum(app->store.history, since,
	    page->now + CLOCK_MINUTE, &sum, &err) < 0)
		return;
	/* The minutes are whole ones: what came in the first is missing. */
	page->others = app->status.row.imports - page->message->imports_seen;
	if (sum.imported > page->others)
		page->others = sum.imported;
	page->others_since = since;
}

void
app_message_page(struct app *app, const struct history_message *m, size_t width,
	struct str *out)
{
	struct history_attempt rows[ATTEMPTS_SHOWN];
	struct error err = ERROR_INIT;
	int n = history_attempts(app->store.history, m->id, 0, rows,
		ATTEMPTS_SHOWN, &err);
	struct message_page page = {
		.message = m, .attempts = rows,
		.attempt_count = n > 0 ? (size_t)n : 0,
		.connector = app->status.connector,
		.settings = app->settings, .now = clock_wall(),
		.waiting = app->status.counts.n[STATE_QUEUED] +
			app->status.counts.n[STATE_DEFERRED],
	};

	if (n < 0)
		app_fail(app, &err);
	count_others(app, &page);
	message_page_text(&page, width, out);
	while (n > 0)
		history_attempt_release(&rows[--n]);
}

/* The first piece of a part stands below the page; others stand alone. */
static void
build(struct app *app, const struct history_message *m, struct str *out)
{
	struct message_part part = {
		.store = &app->store, .settings = app->settings, .message = m,
		.tab = app->tab, .now = clock_wall(), .piece = app->piece,
	};
	int rows, width;

	term_size(&rows, &width);
	if (app->piece == 0)
		app_message_page(app, m, (size_t)width, out);
	app->part_line = 0;
	for (size_t i = 0; i < out->len; i++)
		app->part_line += out->data[i] == '\n';
	message_part_text(&part, out);
	message_part_counts(&part, app->tab_counts);
	app->piece = part.piece;
	app->pieces = part.pieces;
}

void
app_message_refresh(struct app *app)
{
	struct history_message m;
	struct error err = ERROR_INIT;
	struct str out = STR_INIT, title = STR_INIT;
	int rc = history_message_get(app->store.history, app->message, &m,
		&err);

	if (rc <= 0) {
		if (rc < 0)
			app_fail(app, &err);
		else
			app_note(app, "There is no message %" PRId64,
				app->message);
		app->over = OVER_NONE;
		return;
	}
	app->message_state = m.state;
	app_place(app);
	message_page_title(&m, &title);
	width_cut(app->message_title, sizeof app->message_title, title.data,
		sizeof app->message_title);
	build(app, &m, &out);
	pager_set(&app->page, &out);
	str_release(&title);
	history_message_release(&m);
}

static void
open_part(struct app *app, enum message_tab tab, bool at_part)
{
	app->tab = tab;
	app->piece = 0;
	app->page.top = 0;
	app_message_refresh(app);
	if (at_part)
		app->page.top = app->part_line;
}

void
app_message_tab(struct app *app, enum message_tab tab)
{
	open_part(app, tab, true);
}

void
app_message_open(struct app *app, int64_t id)
{
	app_message_open_at(app, id, TAB_TEXT);
}

void
app_message_open_at(struct app *app, int64_t id, enum message_tab tab)
{
	app->message = id;
	app->over = OVER_MESSAGE;
	app->page.left = 0;
	open_part(app, tab, tab != TAB_TEXT);
}

static void
go_to_piece(struct app *app, int64_t piece, bool end)
{
	app->piece = piece;
	app->page.top = 0;
	app_message_refresh(app);
	if (end)
		(void)pager_act(&app->page, ACTION_LAST);
}

bool
app_message_turn(struct app *app, enum action action)
{
	const struct pager *p = &app->page;
	bool at_end = p->top + p->height >= p->count;

	switch ((int)action) {
	case ACTION_DOWN: case ACTION_PAGE_DOWN: case ACTION_HALF_DOWN:
		if (!at_end || app->piece + 1 >= app->pieces)
			return false;
		go_to_piece(app, app->piece + 1, false);
		return true;
	case ACTION_UP: case ACTION_PAGE_UP: case ACTION_HALF_UP:
		if (p->top > 0 || app->piece == 0)
			return false;
		go_to_piece(app, app->piece - 1, true);
		return true;
	case ACTION_FIRST:
		if (app->piece > 0)
			go_to_piece(app, 0, false);
		return false;
	case ACTION_LAST:
		if (app->piece + 1 < app->pieces)
			go_to_piece(app, app->pieces - 1, true);
		return false;
	default:
		return false;
	}
}
