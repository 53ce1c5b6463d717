/* SPDX-License-Identifier: ISC */
/* log_list: see log_list.h for the contract. */
#include "view/log_list.h"
#include "base/clock.h"
#include "history/event.h"
#include "view/mail.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { L_WHEN, L_WHAT, L_MESSAGE, L_WORDS, L_FROM, L_SUBJECT };

const struct list_column log_columns[LOG_COLUMNS] = {
	[L_WHEN] = { "WHEN", 0, 8, 0, true, 0, false },
	[L_WHAT] = { "WHAT", 0, 7, 0, false, 3, false },
	[L_MESSAGE] = { "MESSAGE", 0, 7, 9, true, 1, false },
	[L_WORDS] = { "RESULT", 0, 18, 60, false, 0, true },
	[L_FROM] = { "FROM", 0, 12, 28, false, 4, false },
	[L_SUBJECT] = { "SUBJECT", 0, 10, LIST_UNLIMITED, false, 2, false },
};

int64_t
log_row_id(enum history_log_kind kind, int64_t id)
{
	return id * (HISTORY_LOG_KINDS + 1) + (int64_t)kind;
}

static void
release_row(struct log_row *row)
{
	history_log_release(&row->log);
	free(row->from);
	free(row->subject);
}

static void
log_row_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	release_row(row->data);
	free(row->data);
	row->data = NULL;
}

/* Takes the row over. 0 or -1. */
static int
take_row(struct log_list *l, struct log_row *row, struct list_row *out,
	struct error *err)
{
	struct history_message m;
	int rc = !row->log.message ? 0 : history_message_get(l->history,
		row->log.message, &m, err);

	if (rc < 0) {
		release_row(row);
		return -1;
	}
	if (rc > 0) {
		row->from = m.from ? xstrdup(m.from) : NULL;
		row->subject = xstrdup(m.subject ? m.subject : m.name);
		history_message_release(&m);
	}
	*out = (struct list_row){
		.id = log_row_id(row->log.kind, row->log.id),
		.data = xmemdup(row, sizeof *row) };
	return 0;
}

/* Nobody counts what happened; the list is as long as one likes to look. */
static int
log_count(void *ctx, int64_t *out, struct error *err)
{
	struct log_list *l = ctx;

	(void)err;
	l->now = mail_now(l->then);
	l->partial = false;
	*out = 0;
	return 0;
}

/* ---- what is a row ---- */

static bool
went_well(const struct history_log_row *row)
{
	return row->attempt.class && strcmp(row->attempt.class,
		class_word(CLASS_IMPORTED)) == 0;
}

/* Whether a person's action, which stands beside it, says the same. 1, 0,
 * -1. */
static int
repeats_action(struct log_list *l, const struct history_log_row *row,
	struct error *err)
{
	/* The action was written in the same transaction. */
	struct history_log_row place = { .kind = HISTORY_LOG_ACTION,
		.id = INT64_MIN, .at = row->at }, next;
	int n = row->event.number, got;

	if (n != EVENT_HELD && n != EVENT_RESUMED && n != EVENT_DRAINING &&
	    n != EVENT_TEST)
		return 0;
	got = history_log_rest(l->history, &place, true, &next, 1, err);
	if (got <= 0)
		return got;
	got = next.kind == HISTORY_LOG_ACTION && next.at == row->at;
	history_log_release(&next);
	return got;
}

/* Whether the filter leaves it out. 1, 0, -1. */
static int
is_filtered(struct log_list *l, const struct history_log_row *row,
	struct error *err)
{
	struct history_message m;
	int rc;

	if (!l->match)
		return 0;
	rc = !row->message ? 0 : history_message_get(l->history, row->message,
		&m, err);
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	rc = mail_matches(l->history, l->match, m.id, m.state, err);
	history_message_release(&m);
	return rc < 0 ? -1 : !rc;
}

/* Whether it is left out. 1, 0, -1. */
static int
is_hidden(struct log_list *l, const struct history_log_row *row,
	struct error *err)
{
	int rc = row->kind == HISTORY_LOG_ATTEMPT ? !row->attempt.class :
		row->kind == HISTORY_LOG_EVENT ? repeats_action(l, row, err) :
		0;

	return rc ? rc : is_filtered(l, row, err);
}

/* Rows gathered from several places in time. */
struct gathered {
	struct log_row *rows;
	int count;
};

static void
release_all(struct gathered *g)
{
	while (g->count > 0)
		release_row(&g->rows[--g->count]);
}

#define LOOK_MOST 2000		/* rows that a filter is asked about */

/* A row as it was then. False: it was not there yet. */
static bool
is_told(struct log_list *l, struct history_log_row *row)
{
	int64_t past = mail_past(l->then);

	if (!past || row->at > past)
		return !past;
	if (row->kind == HISTORY_LOG_ATTEMPT)
		history_at_attempt(&row->attempt, past);
	else if (row->kind == HISTORY_LOG_ACTION)
		history_at_action(&row->action, past);
	return true;
}

/* Up to n of what did not go well, of actions and events. 0 or -1. */
static int
gather_rest(struct log_list *l, const struct history_log_row *place,
	bool later, int n, struct gathered *g, struct error *err)
{
	struct history_log_row *rows = xcalloc((size_t)n, sizeof *rows), last;
	int kept = 0, got = n, hidden = 0, looked = 0;

	while (kept < n && got == n && hidden >= 0) {
		if (l->match && (looked += n) > LOOK_MOST) {
			l->partial = true;
			break;
		}
		got = history_log_rest(l->history, place, later, rows, n, err);
		if (got > 0)
			last = (struct history_log_row){ .at = rows[got - 1].at,
				.kind = rows[got - 1].kind,
				.id = rows[got - 1].id };
		place = &last;
		for (int i = 0; i < got; i++) {
			if (hidden >= 0)
				hidden = !is_told(l, &rows[i]) ? 1 :
					is_hidden(l, &rows[i], err);
			if (hidden || kept == n) {
				history_log_release(&rows[i]);
				continue;
			}
			g->rows[g->count++] = (struct log_row){
				.log = rows[i] };
			kept++;
		}
	}
	free(rows);
	return got < 0 || hidden < 0 ? -1 : 0;
}

static int64_t
fold_of(int64_t at)
{
	return at - at % LOG_FOLD_MS;
}

static int
make_fold(struct log_list *l, int64_t begin, struct log_row *out,
	struct error *err)
{
	int64_t past = mail_past(l->then), end = begin + LOG_FOLD_MS;
	struct history_minute sum;

	/* Of the minute itself nobody knows what came in it by then. */
	if (past && past < end)
		end = past - past % CLOCK_MINUTE;
	if (history_minute_sum(l->history, begin, end, &sum, err) < 0)
		return -1;
	*out = (struct log_row){ .imported = sum.imported, .log = {
		.kind = LOG_FOLD, .id = begin, .at = end - 1 } };
	return 0;
}

/* Up to n tens of minutes in which something was imported. 0 or -1. */
static int
gather_folds(struct log_list *l, const struct history_log_row *place,
	bool later, int n, struct gathered *g, struct error *err)
{
	int64_t past = mail_past(l->then), minute, at = !place ?
		(later ? 0 : past ? past - past % CLOCK_MINUTE : INT64_MAX) :
		later && place->kind == LOG_FOLD ? place->id + LOG_FOLD_MS :
		fold_of(place->at);
	int rc = 1;

	for (int i = 0; i < n && rc > 0 && !l->match && !l->no_folds; i++) {
		rc = history_minute_imported(l->history, at, later, &minute,
			err);
		if (rc <= 0 || (past && minute >= past))
			break;
		at = fold_of(minute);
		if (make_fold(l, at, &g->rows[g->count], err) < 0)
			return -1;
		g->count++;
		at += later ? LOG_FOLD_MS : 0;
	}
	return rc < 0 ? -1 : 0;
}

/* Up to n attempts of the fold that is open. 0 or -1. */
static int
gather_open(struct log_list *l, const struct history_log_row *place,
	bool later, int n, struct gathered *g, struct error *err)
{
	struct history_log_row *rows;
	int got;

	if (!l->open || l->match || l->no_folds)
		return 0;
	rows = xcalloc((size_t)n, sizeof *rows);
	got = history_log_imported(l->history, place, later, l->open, l->open +
		LOG_FOLD_MS, rows, n, err);
	for (int i = 0; i < got; i++)
		if (is_told(l, &rows[i]))
			g->rows[g->count++] = (struct log_row){
				.log = rows[i] };
		else
			history_log_release(&rows[i]);
	free(rows);
	return got < 0 ? -1 : 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct log_row *x = a, *y = b;

	return history_log_compare(&x->log, &y->log);
}

static int
by_time_back(const void *a, const void *b)
{
	return by_time(b, a);
}

/* The n rows nearest to a place. 0 or -1 with none. */
static int
gather(struct log_list *l, const struct list_row *anchor, bool later, int n,
	struct gathered *g, struct error *err)
{
	const struct log_row *row = anchor ? anchor->data : NULL;
	struct history_log_row start = { .at = mail_past(l->then) + 1,
		.id = INT64_MIN };
	const struct history_log_row *place = row ? &row->log :
		mail_past(l->then) && !later ? &start : NULL;

	*g = (struct gathered){ .rows = xcalloc(3 * (size_t)n,
		sizeof *g->rows) };
	if (gather_rest(l, place, later, n, g, err) < 0 ||
	    gather_folds(l, place, later, n, g, err) < 0 ||
	    gather_open(l, place, later, n, g, err) < 0) {
		release_all(g);
		return -1;
	}
	if (g->count)
		qsort(g->rows, (size_t)g->count, sizeof *g->rows,
			later ? by_time : by_time_back);
	while (g->count > n)
		release_row(&g->rows[--g->count]);
	return 0;
}

static int
log_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct log_list *l = ctx;
	struct gathered g;
	/* Newest first: forward in the list is back in time. */
	int rc = gather(l, anchor, !forward, (int)n, &g, err), got = 0;

	for (int i = 0; i < g.count; i++)
		if (rc < 0)
			release_row(&g.rows[i]);
		else if ((rc = take_row(l, &g.rows[i], &out[got], err)) == 0)
			got++;
	while (rc < 0 && got > 0)
		log_row_free(ctx, &out[--got]);
	free(g.rows);
	return rc < 0 ? -1 : got;
}

#define RANK_MOST 500	/* newer ones are counted as far */

static int
log_rank(void *ctx, const struct list_row *row, bool before, int64_t max,
	int64_t *out, struct error *err)
{
	struct gathered g;

	*out = LIST_FAR;
	if (!before)
		return 0;
	if (gather(ctx, row, true, RANK_MOST, &g, err) < 0) {
		free(g.rows);
		return -1;
	}
	if (g.count < RANK_MOST && g.count < max)
		*out = g.count;
	release_all(&g);
	free(g.rows);
	return 0;
}

/* Whether a row that there is does not stand in the list. 1, 0, -1. */
static int
is_left_out(struct log_list *l, const struct history_log_row *row,
	struct error *err)
{
	if (row->kind == LOG_FOLD)
		return l->match || l->no_folds;
	if (row->kind == HISTORY_LOG_ATTEMPT && went_well(row))
		return l->match || l->no_folds ||
			fold_of(row->at) != l->open;
	return is_hidden(l, row, err);
}

static int
log_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct log_list *l = ctx;
	struct log_row row = { 0 };
	int kind = (int)(id % (HISTORY_LOG_KINDS + 1)), rc = 1, left_out = 0;

	id /= HISTORY_LOG_KINDS + 1;
	snprintf(gone, LIST_GONE_MAX, "forgotten");
	if (kind == LOG_FOLD)
		rc = make_fold(l, id, &row, err) < 0 ? -1 : row.imported > 0;
	else
		rc = history_log_get(l->history, (enum history_log_kind)kind,
			id, &row.log, err);
	if (rc > 0)
		left_out = is_left_out(l, &row.log, err);
	if (left_out) {
		snprintf(gone, LIST_GONE_MAX, "folded");
		release_row(&row);
		return left_out < 0 ? -1 : 0;
	}
	return rc > 0 && take_row(l, &row, out, err) < 0 ? -1 : rc;
}

static int
log_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	const struct log_row *x = a->data, *y = b->data;

	(void)ctx;
	return -history_log_compare(&x->log, &y->log);
}

bool
log_turn(struct log_list *l, const struct log_row *row)
{
	if (row->log.kind != LOG_FOLD)
		return false;
	l->open = l->open == row->log.id ? 0 : row->log.id;
	return true;
}

static void
add_what(const struct history_log_row *row, struct str *out)
{
	if (row->kind == HISTORY_LOG_ATTEMPT)
		str_add(out, row->attempt.probe ? "test" : "attempt");
	else if (row->kind == HISTORY_LOG_ACTION)
		str_add(out, "action");
	else
		str_add(out, "event");
}

/* "312 imported 14:10 to 14:20". */
static void
fold_words(const struct log_list *l, const struct log_row *row,
	struct str *out)
{
	int64_t end = row->log.at + 1 < l->now ? row->log.at + 1 : l->now;
	char n[TEXT_NUMBER_MAX], from[16], to[16];

	str_addf(out, "%s imported %s to %s", text_exact(n,
		(uint64_t)row->imported), mail_time(from, row->log.id, l->now),
		mail_time(to, end, l->now));
}

static void
add_message(const struct history_log_row *r, struct str *out)
{
	if (r->message)
		str_addf(out, "%" PRId64, r->message);
	else if (r->kind == HISTORY_LOG_ACTION && r->action.total > 1)
		str_add(out, "many");
}

static void
log_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct log_list *l = ctx;
	const struct log_row *r = row->data;
	bool fold = r->log.kind == LOG_FOLD;
	char at[16];

	switch (column) {
	case L_WHEN:
		if (!fold)
			str_add(out, mail_moment(at, r->log.at, l->now));
		break;
	case L_WHAT:
		if (!fold)
			add_what(&r->log, out);
		break;
	case L_MESSAGE: add_message(&r->log, out); break;
	case L_WORDS:
		if (fold)
			fold_words(l, r, out);
		else
			log_words(&r->log, out);
		break;
	case L_FROM: str_add(out, r->from ? r->from : ""); break;
	case L_SUBJECT: str_add(out, r->subject ? r->subject : ""); break;
	default: break;
	}
}

static enum history_severity
severity(const struct history_log_row *r)
{
	return r->kind == HISTORY_LOG_EVENT ? r->event.severity :
		SEVERITY_INFO;
}

/* What a person should see in passing: what failed, what stopped the mail. */
static bool
matters(const struct history_log_row *r)
{
	if (r->kind == HISTORY_LOG_ATTEMPT)
		return !went_well(r);
	if (r->kind == HISTORY_LOG_ACTION)
		return strcmp(r->action.verb, "hold") == 0 ||
			strcmp(r->action.verb, "drain") == 0;
	return severity(r) != SEVERITY_INFO;
}

static void
log_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	const struct log_row *r = row->data;

	(void)ctx;
	if (matters(&r->log))
		out[2] = '!';
}

static enum role
log_role(void *ctx, const struct list_row *row)
{
	const struct log_row *r = row->data;
	enum history_severity s = severity(&r->log);

	(void)ctx;
	return s == SEVERITY_ERROR ? ROLE_BAD : s == SEVERITY_WARNING ?
		ROLE_LOOK : ROLE_NORMAL;
}

const struct list_source log_source = {
	.count = log_count,
	.fetch = log_fetch,
	.lookup = log_lookup,
	.compare = log_compare,
	.row_free = log_row_free,
	.cell = log_cell,
	.marks = log_marks,
	.role = log_role,
	.rank = log_rank,
	.follows = true,
};
