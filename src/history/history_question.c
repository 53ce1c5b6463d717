/* SPDX-License-Identifier: ISC */
/* history_question: see history_question.h for the contract. */
#include "history/history_question.h"

#include <stdlib.h>
#include <string.h>

unsigned
question_states(const struct history_query *q)
{
	unsigned states = q->states ? q->states : STATE_BIT(STATE_COUNT) - 1;

	return q->match ? states & match_states(q->match) : states;
}

/* States are words of ours, and stand in the text: of an index that is for
 * some of them alone SQLite must see that it will do. */
void
question_add(struct str *sql, const struct history_query *q,
	enum state state, bool by_since)
{
	char *where;

	str_addf(sql, " FROM message m%s WHERE m.state = '%s'", q->doubt ?
		" INDEXED BY message_doubt" : "", state_word(state));
	if (q->doubt)
		str_add(sql, " AND m.doubt = 1");
	if (q->cause)
		str_addf(sql, " AND m.cause <> 0 AND m.cause = ?%d", QUESTION_CAUSE);
	if (q->cause && (state == STATE_FAILED || state == STATE_DEFERRED))
		str_add(sql, " AND m.state IN ('failed', 'deferred')");
	if (q->suspect != HISTORY_SUSPECT_ANY)
		str_addf(sql, " AND m.suspect = %d",
			q->suspect == HISTORY_SUSPECT_YES);
	if (q->marked_at)
		str_addf(sql, " AND %sEXISTS (SELECT 1 FROM attempt a WHERE "
			"a.message = m.id AND a.suspect_at <= ?%d)",
			q->marked_after ? "NOT " : "", QUESTION_MARKED);
	/* The order has its index; a range of another would sort them all. */
	if (q->before_since)
		str_addf(sql, " AND %sm.since < ?%d", by_since ? "" : "+",
			QUESTION_BEFORE);
	if (q->match) {
		where = match_where(q->match, QUESTION_FIRST_MATCH);
		str_addf(sql, " AND (%s)", where);
		free(where);
	}
}

static void
bind_match(sqlite3_stmt *st, const struct match *match)
{
	for (size_t i = 0; match && i < match_value_count(match); i++) {
		struct match_value v = match_value(match, i);

		if (v.type == MATCH_VALUE_TEXT)
			sqlite3_bind_text(st, QUESTION_FIRST_MATCH + (int)i, v.text, -1,
				SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(st, QUESTION_FIRST_MATCH + (int)i, v.number);
	}
}

#define PATIENCE_STEPS 20000	/* of SQLite's machine: about a millisecond */

static int
ask_patience(void *arg)
{
	struct history_patience *p = arg;

	if (p->go_on(p->arg))
		return 0;
	p->gave_up = true;
	return 1;
}

void
question_begin(struct history *h, const struct history_query *q)
{
	h->regex = q->match;
	if (q->match && q->patience)
		sqlite3_progress_handler(h->db, PATIENCE_STEPS, ask_patience,
			q->patience);
}

void
question_end(struct history *h)
{
	sqlite3_progress_handler(h->db, 0, NULL, NULL);
	h->regex = NULL;
}

bool
question_gave_up(const struct history_query *q)
{
	return q->patience && q->patience->gave_up;
}

/* One that was kept with that text, which is not kept any more; NULL: none. */
static sqlite3_stmt *
take_kept(struct history *h, const char *sql)
{
	for (size_t i = 0; i < HISTORY_KEPT; i++) {
		sqlite3_stmt *st = h->kept[i];

		if (st && strcmp(sqlite3_sql(st), sql) == 0) {
			h->kept[i] = NULL;
			return st;
		}
	}
	return NULL;
}

void
question_keep(struct history *h, sqlite3_stmt *st)
{
	size_t i = 0;

	if (!st)
		return;
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	while (i < HISTORY_KEPT - 1 && h->kept[i])
		i++;
	sqlite3_finalize(h->kept[i]);
	memmove(h->kept + 1, h->kept, i * sizeof *h->kept);
	h->kept[0] = st;
}

sqlite3_stmt *
question_prepare(struct history *h, const struct str *sql,
	const struct history_query *q, struct error *err)
{
	sqlite3_stmt *st = take_kept(h, sql->data);

	if (!st && sqlite3_prepare_v3(h->db, sql->data, -1,
	    SQLITE_PREPARE_PERSISTENT, &st, NULL) != SQLITE_OK) {
		history_fail(h, err, "look for messages");
		return NULL;
	}
	sqlite3_bind_int64(st, QUESTION_CAUSE, q->cause);
	sqlite3_bind_int64(st, QUESTION_BEFORE, q->before_since);
	sqlite3_bind_int64(st, QUESTION_MARKED, q->marked_at);
	bind_match(st, q->match);
	return st;
}

int
question_step(struct history *h, sqlite3_stmt *st,
	const struct history_query *q, struct error *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE ||
	    (rc == SQLITE_INTERRUPT && question_gave_up(q)))
		return 0;
	return history_fail(h, err, "look for messages");
}

/* ---- orders ---- */

const char *const question_orders[HISTORY_ORDER_COUNT] = {
#define X(name, expression, value) [name] = expression,
	HISTORY_ORDER_LIST(X)
#undef X
};

#define NUMBER(n) ((struct history_value){ NULL, (n) })
#define TEXT(t) ((struct history_value){ (t) ? (t) : "", 0 })

struct history_value
question_value(enum history_order by, const struct history_message *m)
{
	switch (by) {
#define X(name, expression, value) case name: return value;
	HISTORY_ORDER_LIST(X)
#undef X
	case HISTORY_ORDER_COUNT: break;
	}
	return NUMBER(0);
}
