/* SPDX-License-Identifier: ISC */
/* view_und: the .und file: its growth by reason, then its entries. See
 * view.h. */
#include "app/views.h"
#include "app/log_tail.h"
#include "app/says.h"
#include "base/clock.h"
#include "term/term.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "page/message_part.h"
#include "view/growth.h"
#include "view/und_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOTS 12		/* of five minutes */
#define SLOT_MS (5 * CLOCK_MINUTE)
#define YEAR_MS (365 * CLOCK_DAY)
#define ENTRIES_BELOW 6		/* rows of entries there should be room for */

#define GROWTH_ROWS 9		/* of the picture at the least, with times */
#define GROWTH_FROM 20		/* rows below the reasons */
#define QUARTER_MS (15 * CLOCK_MINUTE)

struct und_view {
	struct und_reasons reasons;
	struct und_entries entries;
	struct growth growth;
	int64_t growth_of;		/* the minute it was read in */
};

static void
init(struct desk *desk, struct view *v)
{
	struct und_view *uv = xcalloc(1, sizeof *uv);

	und_reasons_init(&uv->reasons, desk->store.history);
	und_entries_init(&uv->entries, desk->store.history);
	uv->reasons.then = uv->entries.then = &desk->then;
	v->own = uv;
	v->panes[PANE_OUTER].ctx = &uv->reasons;
	v->panes[PANE_INNER].ctx = &uv->entries;
}

static void
release(struct view *v)
{
	struct und_view *uv = v->own;

	und_reasons_release(&uv->reasons);
	und_entries_release(&uv->entries);
	free(uv);
}

static void
narrow(struct view *v, const struct list_row *row)
{
	const struct history_und_reason *r = row ? row->data : NULL;
	struct und_view *uv = v->own;

	free(uv->entries.reason);
	uv->entries.reason = r ? xstrdup(r->reason) : NULL;
}

/* ---- both panes: how large, how fast ---- */

static void
draw_size(struct desk *desk, const struct und_reasons *u, int row, int width)
{
	char size[TEXT_NUMBER_MAX], most[TEXT_NUMBER_MAX], line[200];
	bool brief = width < 72;
	int n = snprintf(line, sizeof line, brief ? says_und_size_brief :
		says_und_size, text_size_words(size, (uint64_t)(desk->then ?
			desk->status.und_bytes : u->sum.bytes -
			u->older_bytes)), text_size(most,
			(uint64_t)desk->settings->und_rotate_bytes));

	if (u->older_bytes && !desk->then)
		snprintf(line + n, sizeof line - (size_t)n, brief ?
			says_und_before_brief : says_und_before,
			text_size_words(size, (uint64_t)u->older_bytes));
	term_put(row, 0, width, ROLE_NORMAL, line);
}

static void
draw_growth(struct desk *desk, const struct und_reasons *u, int row, int width)
{
	char ten[TEXT_NUMBER_MAX], hour[TEXT_NUMBER_MAX],
		left[TEXT_NUMBER_MAX], line[200];
	int64_t lasts_ms;
	size_t used;

	if (!u->sum.bytes_hour) {
		term_put(row, 0, width, ROLE_NORMAL, says_und_no_growth);
		return;
	}
	lasts_ms = (int64_t)((double)desk->status.disk_free /
		(double)u->sum.bytes_hour * CLOCK_HOUR);
	snprintf(line, sizeof line, width < 72 ? says_und_growth_brief :
		says_und_growth,
		text_size_words(ten, (uint64_t)u->sum.bytes_10min),
		text_size_words(hour, (uint64_t)u->sum.bytes_hour));
	used = strlen(line);
	if (width >= 72 && !desk->then && lasts_ms > YEAR_MS)
		snprintf(line + used, sizeof line - used, says_und_no_danger);
	else if (width >= 72 && !desk->then)
		snprintf(line + used, sizeof line - used, says_und_lasts,
			text_duration(left, lasts_ms));
	term_put(row, 0, width, ROLE_NORMAL, line);
}

static void
draw_above(struct desk *desk, struct view *v, int row, int width)
{
	struct und_view *uv = v->own;

	uv->reasons.blocks = term_canvas()->blocks;
	draw_size(desk, &uv->reasons, row, width);
	draw_growth(desk, &uv->reasons, row + 1, width);
}

static const char *
empty(const struct desk *desk, const struct view *v)
{
	(void)desk;
	return v->narrowed ? says_empty_reason : says_empty_und;
}

/* ---- reasons ---- */

static const struct list_column *
reason_columns(const struct view *v, int width, size_t *count_out)
{
	(void)v;
	*count_out = UND_REASON_COLUMNS - (width < UND_WIDE);
	return und_reason_columns;
}

static void
reason_info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct list *list = &v->panes[PANE_OUTER].list;
	char n[TEXT_NUMBER_MAX];

	(void)desk;
	str_addf(out, says_info_reasons,
		text_exact(n, (uint64_t)list->total),
		list->total == 1 ? "" : "s");
}

static struct request
reason_open(struct desk *desk, struct view *v, const struct list_row *row)
{
	view_narrow(desk, v, row);
	return (struct request){ REQUEST_NONE, ACTION_NONE, 0, 0 };
}

static int
reason_below_rows(const struct desk *desk, const struct view *v, int body)
{
	const struct und_view *uv = v->own;
	int list = uv->reasons.count + 2;

	(void)desk;
	if (body < ENTRIES_BELOW + 6)
		return 0;
	if (list < 3)
		list = 3;
	if (list > body - ENTRIES_BELOW - 3)
		list = body - ENTRIES_BELOW - 3;
	return body - list;
}

static const char *
clock_words(char out[16], int64_t at)
{
	time_t t = (time_t)(at / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(out, 16, "%H:%M", &tm);
	return out;
}

/* "13:02 .0 .0 .1 … 14:02": what came in each five minutes. */
static void
draw_slots(struct desk *desk, int row, int width)
{
	int64_t now = desk_now(desk), end = now - now % SLOT_MS + SLOT_MS;
	struct history_minute sum;
	struct str line = STR_INIT;
	struct error err = ERROR_INIT;
	char at[16], n[TEXT_NUMBER_MAX];

	str_addf(&line, " Each 5 min  %s", clock_words(at,
		end - SLOTS * SLOT_MS));
	for (int i = 0; i < SLOTS; i++) {
		int64_t from = end - (SLOTS - i) * SLOT_MS;

		if (history_minute_sum(desk->store.history, from, desk->then &&
		    from + SLOT_MS > now ? now : from + SLOT_MS, &sum, &err) <
		    0)
			break;
		str_addf(&line, " %s", sum.und_bytes ? text_size(n,
			(uint64_t)sum.und_bytes) : ".");
	}
	str_addf(&line, "  %s", clock_words(at, now));
	term_put(row, 0, width, ROLE_NORMAL, line.data);
	str_release(&line);
}

/* Reads the day that ends now; once a minute it is another one. */
static void
look_at_growth(struct desk *desk, struct und_view *uv)
{
	struct growth *g = &uv->growth;
	const struct und_reasons *u = &uv->reasons;
	int64_t now = desk_now(desk), end = now - now % QUARTER_MS +
		QUARTER_MS;
	struct error err = ERROR_INIT;
	struct history_minute sum;
	time_t t = (time_t)(now / 1000);
	struct tm tm;

	g->size = u->sum.bytes;
	g->an_hour = u->sum.bytes_hour;
	g->disk_free = desk->then ? 0 : desk->status.disk_free;
	localtime_r(&t, &tm);
	g->minute = tm.tm_hour * 60 + tm.tm_min;
	for (int i = 0; i < GROWTH_QUARTERS &&
	     uv->growth_of != now / CLOCK_MINUTE; i++) {
		int64_t from = end - (GROWTH_QUARTERS - i) * QUARTER_MS;

		if (history_minute_sum(desk->store.history, from,
		    from + QUARTER_MS, &sum, &err) < 0)
			desk_fail(desk, &err);
		else
			g->quarters[i] = sum.und_bytes;
	}
	uv->growth_of = now / CLOCK_MINUTE;
}

/* How it grew: the hour in a line, below it the day where there is room. The rows
 * that are left. */
static int
draw_hour_and_day(struct desk *desk, struct und_view *uv, int row, int rows,
	int width)
{
	int picture = rows < GROWTH_FROM || width < GROWTH_LEAST ? 0 :
		rows / 3 > GROWTH_ROWS ? rows / 3 : GROWTH_ROWS;

	draw_slots(desk, row, width);
	if (picture) {
		look_at_growth(desk, uv);
		growth_draw(term_canvas(), (struct rect){ row + 1, 0, picture,
			width }, &uv->growth);
	}
	return rows - 1 - (picture ? picture + 1 : 0);
}

/* The newest entries of the reason under the cursor, without a cursor; above
 * them how it grew, below them, if they are few, what happened last. */
static void
draw_below(struct desk *desk, struct view *v, int row, int rows, int width)
{
	const struct list_row *line = list_current(&v->panes[PANE_OUTER].list);
	const struct history_und_reason *r = line ? line->data : NULL;
	struct und_entries ctx = { desk->store.history, &desk->then,
		r ? r->reason : NULL, desk_now(desk) };
	struct list_view lv = { .width = width, .plain = true,
		.columns = und_entry_columns(&ctx),
		.count = UND_ENTRY_COLUMNS - 1 };
	struct error err = ERROR_INIT;
	int left = draw_hour_and_day(desk, v->own, row, rows, width), tail;
	/* With a title, and a blank line. */
	int64_t entries = r ? r->entries + 2 : 0;
	struct list list;

	row += rows - left;
	tail = entries < left - LOG_TAIL_LEAST ? left - (int)entries : 0;
	if (tail)
		log_tail_draw(desk, row + left - tail, tail, width);
	if (!r || left - tail < 2)
		return;
	lv.top = row;
	list_init(&list, &und_entries_source, &ctx);
	if (list_resize(&list, (size_t)(left - tail - 1), &err) < 0 ||
	    list_reload(&list, &err) < 0)
		desk_fail(desk, &err);
	list_draw(&list, &lv);
	list_release(&list);
}

/* It is entries that are resent. */
static const struct keymap_label *
reason_labels(const struct view *v, const struct list_row *row)
{
	static const struct keymap_label labels[] = {
		{ ACTION_OPEN, "entries" }, { ACTION_RESEND, "" },
		{ ACTION_NONE, NULL } };

	(void)v, (void)row;
	return labels;
}

static const struct pane_kind reasons = {
	.context = KEYMAP_UND,
	.source = &und_reasons_source,
	.columns = reason_columns,
	.info = reason_info,
	.empty = empty,
	.open = reason_open,
	.labels = reason_labels,
	.above_rows = 2,
	.draw_above = draw_above,
	.below_rows = reason_below_rows,
	.draw_below = draw_below,
};

/* ---- entries ---- */

static const struct list_column *
entry_columns(const struct view *v, int width, size_t *count_out)
{
	(void)width;
	*count_out = UND_ENTRY_COLUMNS - (v->narrowed ? 1 : 0);
	return und_entry_columns(v->panes[PANE_INNER].ctx);
}

static void
entry_info(struct desk *desk, const struct view *v, struct str *out)
{
	const struct list *list = &v->panes[PANE_INNER].list;
	const struct und_view *uv = v->own;
	char n[TEXT_NUMBER_MAX];

	(void)desk;
	str_addf(out, says_info_entries, text_exact(n, (uint64_t)list->total),
		list->total == 1 ? "y" : "ies");
	if (uv->entries.reason)
		str_addf(out, "%s   ", und_reason_words(uv->entries.reason));
	str_add(out, says_info_newest);
	if (!v->narrowed)
		str_add(out, says_info_by_reason);
}

static struct request
entry_open(struct desk *desk, struct view *v, const struct list_row *row)
{
	const struct und_row *r = row->data;

	(void)v;
	if (!r->known)
		desk_note(desk, says_forgotten);
	return (struct request){ r->known ? REQUEST_MESSAGE : REQUEST_NONE,
		ACTION_NONE, r->entry.message, TAB_UND };
}

static const struct pane_kind entries = {
	.context = KEYMAP_UND,
	.source = &und_entries_source,
	.columns = entry_columns,
	.info = entry_info,
	.empty = empty,
	.open = entry_open,
	.above_rows = 2,
	.draw_above = draw_above,
};

const struct view_kind view_und = {
	.name = ".und", .brief = ".und", .word = "und",
	.panes = { &reasons, &entries }, .first = PANE_OUTER, .grouped = true,
	.init = init, .release = release, .narrow = narrow,
};
