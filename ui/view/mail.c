/* SPDX-License-Identifier: ISC */
/* mail: see mail.h for the contract. */
#include "view/mail.h"
#include "history/history_note.h"
#include "history/history_walk.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
mail_init(struct mail *mail, const struct mail_kind *kind,
	struct history *history)
{
	*mail = (struct mail){
		.kind = kind, .history = history,
		.query = { .states = kind->states },
		.by = kind->by, .backward = kind->backward,
		.now = clock_wall(), .new_after = INT64_MAX,
	};
}

static void
forget_sorted(struct mail *mail)
{
	history_sorted_free(mail->sorted);
	mail->sorted = NULL;
}

void
mail_set_match(struct mail *mail, struct match *match)
{
	forget_sorted(mail);
	match_free(mail->query.match);
	mail->query.match = match;
}

void
mail_release(struct mail *mail)
{
	mail_set_match(mail, NULL);
}

int64_t
mail_past(struct history_at *const *then)
{
	return then && *then ? history_at_time(*then) : 0;
}

int64_t
mail_now(struct history_at *const *then)
{
	int64_t past = mail_past(then);

	return past ? past : clock_wall();
}

static struct list_row
take_row(struct history_message *m)
{
	return (struct list_row){ m->id, (int)m->state,
		xmemdup(m, sizeof *m) };
}

enum history_order
mail_order(const struct mail *mail)
{
	return mail->by == HISTORY_BY_ID || !mail_past(mail->then) ?
		mail->by : HISTORY_BY_SINCE;
}

static struct history_window
window_of(const struct mail *mail, bool forward,
	const struct history_message *anchor)
{
	enum history_order by = mail_order(mail);

	return (struct history_window){
		/* Within a cause an index has when each failed. */
		.by = mail->query.cause && (by == HISTORY_BY_SINCE ||
			mail_past(mail->then)) ? HISTORY_BY_FAILED : by,
		.forward = forward != mail->backward,
		.anchor = anchor,
	};
}

/* ---- an order that no index has ---- */

bool
mail_has_index(const struct mail *mail)
{
	enum history_order by = window_of(mail, true, NULL).by;

	return by == HISTORY_BY_ID || by == HISTORY_BY_SINCE ||
		by == HISTORY_BY_FAILED;
}

/* What is asked can be answered from memory. */
static bool
is_sorted(const struct mail *mail)
{
	return mail->sorted && history_sorted_whole(mail->sorted) &&
		history_sorted_is(mail->sorted, &mail->query,
		window_of(mail, true, NULL).by);
}

static int
mail_ready(void *ctx, struct error *err)
{
	struct mail *mail = ctx;
	enum history_order by = window_of(mail, true, NULL).by;
	int more;

	if (mail->sorted && !history_sorted_is(mail->sorted, &mail->query, by))
		forget_sorted(mail);
	if (mail_has_index(mail))
		return 0;
	if (!mail->sorted && history_sorted_new(mail->history, &mail->query,
	    by, &mail->sorted, err) < 0)
		return -1;
	more = history_sorted_next(mail->history, mail->sorted, err);
	if (more < 0)
		forget_sorted(mail);
	return more;
}

void
mail_give_up(void *ctx)
{
	struct mail *mail = ctx;

	forget_sorted(mail);
	mail->by = mail->kind->by;
	mail->backward = mail->kind->backward;
}

/* ---- what there is ---- */

#define CAUSES_MOST 1000	/* the history keeps no more */

static int
count_cause_then(struct mail *mail, int64_t *out, struct error *err)
{
	struct history_cause_row *rows = xcalloc(CAUSES_MOST, sizeof *rows);
	int n = history_at_causes(*mail->then, mail->kind->cause_state, rows,
		CAUSES_MOST, err);

	for (int i = 0; i < n; i++) {
		if (rows[i].cause == mail->query.cause && rows[i].suspect ==
		    (mail->query.suspect == HISTORY_SUSPECT_YES))
			*out = rows[i].n;
		history_cause_row_release(&rows[i]);
	}
	free(rows);
	return n < 0 ? -1 : 0;
}

/* How many there were then. 0 or -1. */
static int
count_then(struct mail *mail, int64_t *out, struct error *err)
{
	struct history_counts c;

	*out = 0;
	if (mail->query.cause)
		return count_cause_then(mail, out, err);
	if (history_at_counts(*mail->then, &c, err) < 0)
		return -1;
	for (int i = 0; i < STATE_COUNT; i++)
		if (mail->query.states & STATE_BIT(i))
			*out += c.n[i];
	return 0;
}

/* A question begins. */
static void
be_patient(struct mail *mail)
{
	mail->patience.gave_up = false;
	mail->query.patience = mail->query.match && mail->patience.go_on ?
		&mail->patience : NULL;
}

static int
mail_count(void *ctx, int64_t *out, struct error *err)
{
	struct mail *mail = ctx;

	mail->now = mail_now(mail->then);
	mail->partial = mail->notes = false;
	if (mail_past(mail->then))
		return count_then(mail, out, err);
	mail->notes = history_notes_any(mail->history, err) > 0;
	be_patient(mail);
	if (mail->query.match && is_sorted(mail)) {
		*out = history_sorted_count(mail->sorted);
		return 0;
	}
	if (history_count(mail->history, &mail->query, out, err) < 0)
		return -1;
	mail->partial = mail->patience.gave_up;
	return 0;
}

static int
read_rows(struct mail *mail, const struct history_window *w, int n,
	struct history_message *rows, struct error *err)
{
	if (mail_past(mail->then))
		return history_at_window(*mail->then, &mail->query, w, n, rows,
			err);
	if (is_sorted(mail))
		return history_sorted_window(mail->history, mail->sorted, w, n,
			rows, err);
	return history_window(mail->history, &mail->query, w, n, rows, err);
}

static int
mail_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct mail *mail = ctx;
	struct history_window w = window_of(mail, forward,
		anchor ? anchor->data : NULL);
	struct history_message *rows = xcalloc(n, sizeof *rows);
	int got;

	be_patient(mail);
	if (n > HISTORY_PAGE)
		n = HISTORY_PAGE;
	got = read_rows(mail, &w, (int)n, rows, err);
	mail->partial = mail->partial || mail->patience.gave_up;
	for (int i = 0; i < got; i++)
		out[i] = take_row(&rows[i]);
	free(rows);
	return got;
}

static int
look_for(struct history *history, const struct history_query *q, int64_t id,
	struct error *err)
{
	struct history_message just_before = { .id = id - 1 }, row;
	struct history_window w = { .forward = true, .anchor = &just_before };
	int got = history_window(history, q, &w, 1, &row, err);

	if (got <= 0)
		return got;
	got = row.id == id;
	history_message_release(&row);
	return got;
}

int
mail_matches(struct history *history, struct match *match, int64_t id,
	enum state state, struct error *err)
{
	struct history_query q = { .states = STATE_BIT(state),
		.match = match };

	return look_for(history, &q, id, err);
}

/* One message as the query sees it: match, cause and states hold or not. */
static int
look_up(struct mail *mail, const struct history_message *m, struct error *err)
{
	struct history_query q = mail->query;

	q.patience = NULL;
	if (!(q.states & STATE_BIT(m->state)))
		return 0;
	q.states = STATE_BIT(m->state);
	if (!q.match)
		return (!q.cause || m->cause == q.cause) &&
			(!q.doubt || m->doubt) &&
			(q.suspect == HISTORY_SUSPECT_ANY || m->suspect ==
				(q.suspect == HISTORY_SUSPECT_YES));
	return look_for(mail->history, &q, m->id, err);
}

/* One as it was. 1, 0 it was not in this list, -1. */
static int
look_up_then(struct mail *mail, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct history_message m;
	int got = history_at_message(mail->history, id, mail->now, &m, err);

	snprintf(gone, LIST_GONE_MAX, "%s", got > 0 ? state_word(m.state) :
		"not there then");
	if (got <= 0)
		return got;
	if ((mail->query.states & STATE_BIT(m.state)) && (!mail->query.cause ||
	    mail->query.cause == m.cause)) {
		*out = take_row(&m);
		return 1;
	}
	history_message_release(&m);
	return 0;
}

static int
mail_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct mail *mail = ctx;
	struct history_message m;
	char at[16], by[32] = "";
	int got;

	if (mail_past(mail->then))
		return look_up_then(mail, id, out, gone, err);
	got = history_message_get(mail->history, id, &m, err);
	if (got <= 0) {
		snprintf(gone, LIST_GONE_MAX, "forgotten");
		return got;
	}
	got = look_up(mail, &m, err);
	if (got > 0) {
		*out = take_row(&m);
		return 1;
	}
	/* Who did it, if a person did: his name alone. */
	if (m.changed_by && m.action_by)
		snprintf(by, sizeof by, " %.*s", (int)strcspn(m.action_by, " "),
			m.action_by);
	snprintf(gone, LIST_GONE_MAX, "%s%s %s", state_word(m.state), by,
		mail_time(at, m.since, mail->now));
	history_message_release(&m);
	return got;
}

/* What a match leaves out must be read to be known: so long. */
#define RANK_MS 10

static bool
is_before(void *arg)
{
	return clock_mono_ms() < *(int64_t *)arg;
}

static int
mail_rank(void *ctx, const struct list_row *row, bool before, int64_t max,
	int64_t *out, struct error *err)
{
	struct mail *mail = ctx;
	struct history_window w = window_of(mail, before, row->data);
	struct history_query q = mail->query;
	int64_t n, until = clock_mono_ms() + RANK_MS;
	struct history_patience patience = { is_before, &until, false };

	q.patience = &patience;
	if (is_sorted(mail)) {
		*out = history_sorted_rank(mail->sorted, &w, LIST_FAR);
		return 0;
	}
	if ((mail_past(mail->then) ? history_at_rank(*mail->then, &q, &w, max,
	    &n, err) : history_rank(mail->history, &q, &w, max, &n, err)) < 0)
		return -1;
	*out = n >= max || patience.gave_up || (!before && mail->partial) ?
		LIST_FAR : n;
	return 0;
}

/* What no index has in that order is read as a whole, each time. */
static bool
mail_dear(void *ctx)
{
	return !mail_has_index(ctx) && !is_sorted(ctx);
}

static int
mail_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	struct history_window w = window_of(ctx, true, NULL);

	return history_window_compare(&w, a->data, b->data);
}

/* All of them, whatever the patience: nobody tags half of what he sees. */
static void *
mail_ids_begin(void *ctx, const struct list_row *from,
	const struct list_row *to, struct error *err)
{
	struct mail *mail = ctx;
	struct history_walk *walk = xcalloc(1, sizeof *walk);

	/* The list's order may be the other way round. */
	if (mail->backward) {
		const struct list_row *first = from;

		from = to;
		to = first;
	}
	if (history_walk_begin(mail->history, &mail->query,
	    window_of(mail, true, NULL).by, from ? from->data : NULL,
	    to ? to->data : NULL, walk, err) == 0)
		return walk;
	history_walk_release(walk);
	free(walk);
	return NULL;
}

static int
mail_ids(void *ctx, void *walk, list_add_id *add, void *arg,
	struct error *err)
{
	return history_walk_next(((const struct mail *)ctx)->history, walk,
		add, arg, err);
}

static void
mail_ids_end(void *walk)
{
	history_walk_release(walk);
	free(walk);
}

static void
mail_row_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	history_message_release(row->data);
	free(row->data);
	row->data = NULL;
}

/* When it is tried again; for what is in the importer, since when. */
static void
add_next(const struct mail *mail, const struct history_message *m,
	struct str *out)
{
	char at[16];

	if (m->state == STATE_IMPORTING)
		str_addf(out, "importer %s", mail_time(at, m->since,
			mail->now));
	else if (m->state == STATE_DEFERRED)
		str_add(out, mail_time(at, m->next_attempt_at, mail->now));
	else
		str_add(out, "in turn");
}

/* The first of them, and how many more. */
static void
add_to(const struct history_message *m, struct str *out)
{
	const char *to = m->to ? m->to : "";
	size_t first = strcspn(to, "\n"), more = 0;

	for (const char *s = to + first; *s; s++)
		more += *s == '\n';
	str_add_bytes(out, to, first);
	if (more)
		str_addf(out, ", %zu more", more);
}

static void
mail_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct mail *mail = ctx;
	const struct history_message *m = row->data;
	char number[TEXT_NUMBER_MAX], at[16], words[120];

	switch (mail->kind->columns[column]) {
	case MAIL_ID:
		str_addf(out, "%" PRId64, m->id);
		break;
	case MAIL_SINCE:
		str_add(out, mail_time(at, m->since, mail->now));
		break;
	case MAIL_ARRIVED:
		str_add(out, mail_time(at, m->received_at, mail->now));
		break;
	case MAIL_NEXT:
		add_next(mail, m, out);
		break;
	case MAIL_TRIES:
		str_addf(out, "%" PRId64, m->attempts);
		break;
	case MAIL_SIZE:
		str_add(out, text_size(number, (uint64_t)m->size));
		break;
	case MAIL_RESULT:
		mail_result_words(words, m);
		str_add(out, words);
		break;
	case MAIL_BY:
		str_add(out, m->action_by ? m->action_by : "-");
		break;
	case MAIL_REASON:
		str_add(out, m->action_reason ? m->action_reason : "");
		break;
	case MAIL_GONE_ON:
		str_add(out, mail->keep_trash_ms ? mail_time(at, m->since +
			mail->keep_trash_ms, mail->now) : "never");
		break;
	case MAIL_FROM:
		str_add(out, m->from ? m->from : "");
		break;
	case MAIL_TO:
		add_to(m, out);
		break;
	case MAIL_SUBJECT:
		str_add(out, m->subject ? m->subject : m->name);
		break;
	}
}

char
mail_note_mark(struct history *history, int64_t message, int64_t cause,
	int64_t now)
{
	struct history_note n;
	struct error ignored = ERROR_INIT;
	char mark = ' ';

	if (history_hand(history, message, cause, now, &n, &ignored) > 0)
		mark = 'm';
	else if (history_note_newest(history, message, message ? 0 : cause, &n,
	    &ignored) > 0)
		mark = 'i';
	if (mark != ' ')
		history_note_release(&n);
	return mark;
}

static void
mail_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	const struct mail *mail = ctx;
	const struct history_message *m = row->data;

	/* An importer may have delivered it, whatever it said since. */
	if (m->maybe_delivered && m->state != STATE_IMPORTED)
		out[0] = 'D';
	if (m->since > mail->new_after)
		out[1] = '+';
	if (m->state == STATE_FAILED && m->failures > 1)
		out[2] = '!';
	else if (m->suspect)
		out[2] = '?';
	else if (mail->notes)
		out[2] = mail_note_mark(mail->history, m->id, m->cause,
			mail->now);
}

static enum role
mail_role(void *ctx, const struct list_row *row)
{
	const struct history_message *m = row->data;

	return m->state == STATE_FAILED && m->failures > 1 ? ROLE_LOOK :
		mail_fresh_role(m->since, ((const struct mail *)ctx)->now);
}

/* What failed or waits long is seen by its time. */
static enum role
mail_cell_role(void *ctx, const struct list_row *row, size_t column)
{
	const struct mail *mail = ctx;
	const struct history_message *m = row->data;
	enum mail_column c = mail->kind->columns[column];

	if (!(mail->query.states & (STATE_BIT(STATE_FAILED) |
	    STATE_BIT(STATE_QUEUED))))
		return ROLE_NORMAL;
	return c == MAIL_SINCE ? mail_time_role(m->since, mail->now) :
		c == MAIL_ARRIVED ? mail_time_role(m->received_at, mail->now) :
		ROLE_NORMAL;
}

const struct list_source mail_source = {
	.ready = mail_ready,
	.give_up = mail_give_up,
	.count = mail_count,
	.fetch = mail_fetch,
	.lookup = mail_lookup,
	.compare = mail_compare,
	.ids_begin = mail_ids_begin,
	.ids = mail_ids,
	.ids_end = mail_ids_end,
	.row_free = mail_row_free,
	.cell = mail_cell,
	.marks = mail_marks,
	.explain = mail_mark_words,
	.rank = mail_rank,
	.dear = mail_dear,
	.role = mail_role,
	.cell_role = mail_cell_role,
};
