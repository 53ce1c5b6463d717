/* SPDX-License-Identifier: ISC */
/* und_list: see und_list.h for the contract. */
#include "view/und_list.h"
#include "base/clock.h"
#include "list/list_kept.h"
#include "term/bar.h"
#include "view/mail.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { R_REASON, R_ENTRIES, R_SIZE, R_10MIN, R_HOUR, R_LAST, R_SHARE };
enum { E_WHEN, E_MESSAGE, E_SIZE, E_STATE, E_FROM, E_SUBJECT, E_REASON };

#define SHARE_COLUMNS 16

static const char nobodys[] = "nobody's (grew between attempts)";

const struct list_column und_reason_columns[UND_REASON_COLUMNS] = {
	[R_REASON] = { "REASON", 0, 16, 60, false, 0, true },
	[R_ENTRIES] = { "ENTRIES", 0, 7, 0, true, 1, false },
	[R_SIZE] = { "SIZE", 0, 6, 0, true, 0, false },
	[R_10MIN] = { "10 MIN", 0, 7, 0, true, 3, false },
	[R_HOUR] = { "1 HOUR", 0, 7, 0, true, 2, false },
	[R_LAST] = { "LAST", 0, 8, 0, true, 0, false },
	[R_SHARE] = { "SHARE", 0, SHARE_COLUMNS, 0, false, 4, false },
};

#define ENTRY_COLUMNS(state) { \
	[E_WHEN] = { "WHEN", 0, 8, 0, true, 0, false }, \
	[E_MESSAGE] = { "MESSAGE", 0, 7, 9, true, 0, false }, \
	[E_SIZE] = { "SIZE", 0, 5, 0, true, 3, false }, \
	[E_STATE] = { state, 0, 12, 0, false, 1, false }, \
	[E_FROM] = { "FROM", 0, 14, 22, false, 4, false }, \
	[E_SUBJECT] = { "SUBJECT", 0, 10, LIST_UNLIMITED, false, 2, true }, \
	[E_REASON] = { "REASON", 0, 20, 30, false, 5, false } }

const struct list_column *
und_entry_columns(const struct und_entries *u)
{
	static const struct list_column now[UND_ENTRY_COLUMNS] =
		ENTRY_COLUMNS("STATE NOW");
	static const struct list_column then[UND_ENTRY_COLUMNS] =
		ENTRY_COLUMNS("STATE THEN");

	return mail_past(u->then) ? then : now;
}

const char *
und_reason_words(const char *reason)
{
	return reason && *reason ? reason : "no reason given";
}

/* ---- reasons ---- */

/* FNV-1a, 63 bits: a row's id through every refresh. */
static int64_t
reason_id(const char *reason)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *reason; reason++)
		h = (h ^ (unsigned char)*reason) * UINT64_C(1099511628211);
	return (int64_t)(h >> 1) + 1;
}

static void
forget(struct und_reasons *u)
{
	while (u->count > 0)
		history_und_reason_release(&u->rows[--u->count]);
}

void
und_reasons_init(struct und_reasons *u, struct history *history)
{
	*u = (struct und_reasons){ .history = history,
		.rows = xcalloc(UND_REASONS_MAX + 1, sizeof *u->rows) };
}

void
und_reasons_release(struct und_reasons *u)
{
	forget(u);
	free(u->rows);
	u->rows = NULL;
}

bool
und_is_nobodys(const struct history_und_reason *r)
{
	return strcmp(r->reason, nobodys) == 0;
}

/* The bytes of all files, and of those that are full. 0 or -1. */
static int
sum_files(struct und_reasons *u, int64_t *all_out, struct error *err)
{
	struct history_und_file f = { 0 };
	int rc;

	*all_out = u->older_bytes = 0;
	while ((rc = history_und_next(u->history, f.id, &f, err)) > 0) {
		*all_out += f.size;
		if (f.number != 0)
			u->older_bytes += f.size;
	}
	return rc;
}

static int64_t
more(int64_t all, int64_t known)
{
	return all > known ? all - known : 0;
}

/* A row for what none of the others accounts for, if there is any. 0 or -1. */
static int
add_nobodys(struct und_reasons *u, int64_t end, struct error *err)
{
	struct history_und_reason *s = &u->sum, r = { 0 };
	struct history_minute ten, hour;
	int64_t all;

	if (sum_files(u, &all, err) < 0 ||
	    history_minute_sum(u->history, end - 10 * CLOCK_MINUTE, end, &ten,
	    err) < 0 || history_minute_sum(u->history, end - CLOCK_HOUR, end,
	    &hour, err) < 0)
		return -1;
	r.bytes = more(all, s->bytes);
	r.bytes_10min = more(ten.und_bytes, s->bytes_10min);
	r.bytes_hour = more(hour.und_bytes, s->bytes_hour);
	if (!r.bytes && !r.bytes_10min && !r.bytes_hour)
		return 0;
	r.reason = xstrdup(nobodys);
	s->bytes += r.bytes;
	s->bytes_10min += r.bytes_10min;
	s->bytes_hour += r.bytes_hour;
	u->rows[u->count++] = r;
	return 0;
}

static int
reasons_count(void *ctx, int64_t *out, struct error *err)
{
	struct und_reasons *u = ctx;
	int64_t end;
	int n;

	forget(u);
	u->now = mail_now(u->then);
	end = mail_past(u->then) ? u->now :
		u->now - u->now % CLOCK_MINUTE + CLOCK_MINUTE;
	n = history_und_reasons(u->history, end, mail_past(u->then), u->rows,
		UND_REASONS_MAX, err);
	if (n < 0)
		return -1;
	u->count = n;
	u->sum = (struct history_und_reason){ 0 };
	for (int i = 0; i < n; i++) {
		u->sum.entries += u->rows[i].entries;
		u->sum.bytes += u->rows[i].bytes;
		u->sum.bytes_10min += u->rows[i].bytes_10min;
		u->sum.bytes_hour += u->rows[i].bytes_hour;
	}
	if (!mail_past(u->then) && add_nobodys(u, end, err) < 0)
		return -1;
	*out = u->count;
	return 0;
}

/* Newest first. */
static int
order(const void *one, const void *other)
{
	const struct history_und_reason *a = one, *b = other;

	if (a->last_at != b->last_at)
		return a->last_at > b->last_at ? -1 : 1;
	return strcmp(a->reason, b->reason);
}

static void *
copy(const void *data)
{
	const struct history_und_reason *from = data;
	struct history_und_reason *row = xmemdup(from, sizeof *from);

	row->reason = xstrdup(from->reason);
	return row;
}

static int64_t
id_of(const void *row)
{
	return reason_id(((const struct history_und_reason *)row)->reason);
}

static const struct list_kept kept = {
	.size = sizeof(struct history_und_reason), .order = order, .id = id_of,
	.copy = copy, .gone = "no entry any more",
};

static int
reasons_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct und_reasons *u = ctx;

	(void)err;
	return list_kept_fetch(&kept, u->rows, u->count, anchor, forward, n,
		out);
}

static int
reasons_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct und_reasons *u = ctx;

	(void)err;
	return list_kept_lookup(&kept, u->rows, u->count, id, out, gone);
}

static int
reasons_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	return order(a->data, b->data);
}

static void
reasons_row_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	history_und_reason_release(row->data);
	free(row->data);
	row->data = NULL;
}

static void
add_growth(struct str *out, int64_t bytes)
{
	char n[TEXT_NUMBER_MAX];

	str_addf(out, "%s%s", bytes ? "+" : "", text_size(n, (uint64_t)bytes));
}

static void
reasons_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct und_reasons *u = ctx;
	const struct history_und_reason *r = row->data;
	char n[TEXT_NUMBER_MAX], at[16];

	switch (column) {
	case R_REASON: str_add(out, und_reason_words(r->reason)); break;
	case R_ENTRIES:
		str_add(out, und_is_nobodys(r) ? "-" :
			text_count(n, (uint64_t)r->entries));
		break;
	case R_SIZE: str_add(out, text_size(n, (uint64_t)r->bytes)); break;
	case R_10MIN: add_growth(out, r->bytes_10min); break;
	case R_HOUR: add_growth(out, r->bytes_hour); break;
	case R_LAST: str_add(out, mail_moment(at, r->last_at, u->now)); break;
	case R_SHARE:
		bar_add(out, SHARE_COLUMNS, r->bytes, u->sum.bytes, u->blocks);
		break;
	default: break;
	}
}

/* What grows now stands out. */
static enum role
reasons_cell_role(void *ctx, const struct list_row *row, size_t column)
{
	const struct und_reasons *u = ctx;
	const struct history_und_reason *r = row->data;

	return column == R_SHARE ? ROLE_BAR : column == R_LAST ?
		mail_time_role(r->last_at, u->now) : column == R_10MIN &&
		r->bytes_10min ? ROLE_FRESH : ROLE_NORMAL;
}

const struct list_source und_reasons_source = {
	.count = reasons_count,
	.fetch = reasons_fetch,
	.lookup = reasons_lookup,
	.compare = reasons_compare,
	.row_free = reasons_row_free,
	.cell = reasons_cell,
	.cell_role = reasons_cell_role,
};

/* ---- entries ---- */

void
und_entries_init(struct und_entries *u, struct history *history)
{
	*u = (struct und_entries){ .history = history };
}

void
und_entries_release(struct und_entries *u)
{
	free(u->reason);
	u->reason = NULL;
}

/* The number there are is told by the tally of reasons. */
static int
entries_count(void *ctx, int64_t *out, struct error *err)
{
	struct und_entries *u = ctx;
	struct history_und_reason *rows = xcalloc(UND_REASONS_MAX,
		sizeof *rows);
	int n;

	u->now = mail_now(u->then);
	n = history_und_reasons(u->history, u->now, mail_past(u->then), rows,
		UND_REASONS_MAX, err);
	if (n >= 0)
		*out = 0;
	for (int i = 0; i < n; i++) {
		if (!u->reason || strcmp(u->reason, rows[i].reason) == 0)
			*out += rows[i].entries;
		history_und_reason_release(&rows[i]);
	}
	free(rows);
	return n < 0 ? -1 : 0;
}

static int
take_entry(struct und_entries *u, struct history_und_entry *entry,
	struct list_row *out, struct error *err)
{
	struct und_row *row = xcalloc(1, sizeof *row);
	struct history_message m;
	int rc = !entry->message ? 0 : mail_past(u->then) ?
		history_at_message(u->history, entry->message,
		mail_past(u->then), &m, err) : history_message_get(u->history,
		entry->message, &m, err);

	row->entry = *entry;
	if (rc > 0) {
		row->known = true;
		row->state = m.state;
		row->retried = m.retries > 0;
		row->from = xstrdup(m.from);
		row->subject = xstrdup(m.subject ? m.subject : m.name);
		history_message_release(&m);
	}
	*out = (struct list_row){ .id = entry->id, .data = row };
	return rc < 0 ? -1 : 0;
}

static void
entries_row_free(void *ctx, struct list_row *row)
{
	struct und_row *r = row->data;

	(void)ctx;
	history_und_entry_release(&r->entry);
	free(r->from);
	free(r->subject);
	free(r);
	row->data = NULL;
}

static int
entries_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct und_entries *u = ctx;
	struct history_und_entry *rows = xcalloc(n, sizeof *rows);
	int64_t past = mail_past(u->then), place = anchor ? anchor->id :
		forward ? INT64_MAX : 0;
	int got, rc = 0;

	if (past && !anchor && forward)
		rc = history_und_place(u->history, past, &place, err);
	/* Newest first: forward in the list is back in time. */
	got = rc < 0 ? -1 : history_und_window(u->history, u->reason, place,
		!forward, rows, (int)n, err);
	while (past && !forward && got > 0 && rows[got - 1].at > past)
		history_und_entry_release(&rows[--got]);
	for (int i = 0; i < got; i++)
		if (take_entry(u, &rows[i], &out[i], err) < 0)
			rc = -1;
	for (int i = 0; rc < 0 && i < got; i++)
		entries_row_free(ctx, &out[i]);
	free(rows);
	return rc < 0 || got < 0 ? -1 : got;
}

static int
entries_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct und_entries *u = ctx;
	struct history_und_entry e;
	int rc = history_und_entry_get(u->history, id, &e, err);

	if (rc > 0 && ((u->reason && strcmp(u->reason, e.reason ? e.reason :
	    "") != 0) || e.at > u->now)) {
		history_und_entry_release(&e);
		rc = 0;
	}
	if (rc > 0 && take_entry(u, &e, out, err) < 0) {
		entries_row_free(ctx, out);
		return -1;
	}
	if (rc == 0)
		snprintf(gone, LIST_GONE_MAX, "gone with its file");
	return rc;
}

static int
entries_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	return a->id > b->id ? -1 : a->id < b->id;
}

static void
entries_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct und_entries *u = ctx;
	const struct und_row *r = row->data;
	char n[TEXT_NUMBER_MAX], at[16];

	switch (column) {
	case E_WHEN: str_add(out, mail_moment(at, r->entry.at, u->now)); break;
	case E_MESSAGE:
		if (r->entry.message)
			str_addf(out, "%" PRId64, r->entry.message);
		else
			str_add(out, "-");
		break;
	case E_SIZE:
		str_add(out, text_size(n, (uint64_t)r->entry.length));
		break;
	case E_STATE:
		str_add(out, !r->known ? "-" : r->retried && r->state ==
			STATE_QUEUED ? "queued again" : state_word(r->state));
		break;
	case E_FROM: str_add(out, r->from ? r->from : ""); break;
	case E_SUBJECT: str_add(out, r->subject ? r->subject : ""); break;
	case E_REASON:
		str_add(out, und_reason_words(r->entry.reason));
		break;
	default: break;
	}
}

const struct list_source und_entries_source = {
	.count = entries_count,
	.fetch = entries_fetch,
	.lookup = entries_lookup,
	.compare = entries_compare,
	.row_free = entries_row_free,
	.cell = entries_cell,
};
