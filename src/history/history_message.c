/* SPDX-License-Identifier: ISC */
/* history_message: the rows of messages. See history.h for the contract. */
#include "history/history_private.h"
#include "history/seal_history.h"
#include "history/history_columns.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void
history_message_release(struct history_message *m)
{
	free(m->name);
	free(m->key);
	free(m->true_name);
	free(m->move_from);
	free(m->move_to);
	free(m->from);
	free(m->to);
	free(m->subject);
	free(m->date_text);
	free(m->class);
	free(m->reason);
	free(m->action_reason);
	free(m->action_by);
	free(m->noted_verb);
	free(m->content);
	memset(m, 0, sizeof *m);
}

void
history_read_message(sqlite3_stmt *st, struct history_message *out)
{
	struct history_message m = { .id = sqlite3_column_int64(st, 0) };
	int i = 1;

#define X(column, type, member) HISTORY_READ_##type(st, i, &m, member), i++;
	HISTORY_MESSAGE_LIST(X)
#undef X
	m.was = m.state;
	m.was_since = m.since;
	*out = m;
}

/* They bind what the file is, and what becomes of it, from the i-th value on;
 * the next free one. */
#define X(column, type, member) HISTORY_BIND_##type(st, i, m, member), i++;
static int
bind_file(sqlite3_stmt *st, int i, const struct history_message *m)
{
	HISTORY_MESSAGE_FILE_LIST(X)
	return i;
}

static int
bind_state(sqlite3_stmt *st, int i, const struct history_message *m)
{
	HISTORY_MESSAGE_STATE_LIST(X)
	return i;
}
#undef X

/* One message from a statement that gives at most one. */
static int
one_message(struct history *h, sqlite3_stmt *st, struct history_message *out,
	struct error *err)
{
	int rc = history_step(h, st, err);

	if (rc > 0) {
		history_read_message(st, out);
		history_done(st);
	}
	return rc;
}

int
history_message_get(struct history *h, int64_t id, struct history_message *out,
	struct error *err)
{
	return one_message(h, history_stmt(h, err, SQL_MESSAGE_GET, "i", id),
		out, err);
}

int
history_message_content(struct history *h, const char *content, int64_t after,
	struct history_message *out, struct error *err)
{
	return one_message(h, history_stmt(h, err, SQL_MESSAGE_CONTENT, "ti",
		content, after), out, err);
}

int
history_child_next(struct history *h, int64_t parent, int64_t after,
	int64_t *id_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CHILD_NEXT, "ii", parent,
		after);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*id_out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc;
}

int
history_content_unknown(struct history *h, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CONTENT_UNKNOWN, "");
	int rc = history_step(h, st, err);

	if (rc > 0)
		history_done(st);
	return rc;
}

/* 16 random hex digits. */
static int
make_key(char out[17], struct error *err)
{
	uint64_t n;

	if (getrandom(&n, sizeof n, 0) != (ssize_t)sizeof n)
		return error_sys(err, errno, "random numbers");
	snprintf(out, 17, "%016" PRIx64, n);
	return 0;
}

int
history_message_new_key(struct history_message *m, struct error *err)
{
	char key[17];

	if (make_key(key, err) < 0)
		return -1;
	xstrset(&m->key, key);
	return 0;
}

/* id 0 lets SQLite give the next one. */
static int
insert(struct history *h, int64_t id, const struct history_message *m,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_MESSAGE_ADD, "n",
		id ? id : HISTORY_NO_TIME);
	struct history_message row = *m;
	char key[17];

	if (!st || (!m->key && make_key(key, err) < 0) ||
	    history_txn(h, &row.txn, err) < 0)
		return -1;
	if (!m->key)
		row.key = key;
	if (!m->content)
		row.content = (char *)(uintptr_t)"";
	bind_state(st, bind_file(st, 2, &row), &row);
	return history_run(h, st, err);
}

int
history_message_add(struct history *h, const struct history_message *m,
	int64_t *id_out, struct error *err)
{
	if (insert(h, 0, m, err) < 0)
		return -1;
	*id_out = sqlite3_last_insert_rowid(h->db);
	return 0;
}

int
history_message_put(struct history *h, const struct history_message *m,
	struct error *err)
{
	assert(m->id > 0);
	return insert(h, m->id, m, err);
}

/* The way into importing is told by the attempt. */
static int
add_change(struct history *h, const struct history_message *m,
	enum state was, struct error *err)
{
	int64_t id;

	if (m->state == was || m->state == STATE_IMPORTING)
		return 0;
	return history_insert(h, err, SEAL_CHANGE, &id, "iititii", m->since,
		m->id, state_word(was), m->was_since, state_word(m->state),
		m->changed_by ? 0 : m->attempt, m->changed_by);
}

/* What was put back ended in no attempt's outcome and by nobody's hand: its file
 * has gone, or became another. Or a job would wait for it for ever. */
static int
tell_end(struct history *h, const struct history_message *m,
	struct error *err)
{
	bool lost = m->state == STATE_LOST;
	struct history_item item = {
		.action = m->put_back_by, .message = m->id,
		.outcome = (char *)(uintptr_t)"failed again",
		.outcome_code = HISTORY_NO_CODE, .outcome_at = m->since,
		.outcome_reason = lost ? (char *)(uintptr_t)
			"its file disappeared" : m->action_reason,
	};

	return m->put_back_by && (lost || (!m->changed_by &&
		m->state == STATE_QUARANTINED)) ? history_outcome(h, &item,
			err) : 0;
}

static int
update(struct history *h, bool file, const struct history_message *m,
	enum state was, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, file ? SQL_MESSAGE_UPDATE :
		SQL_MESSAGE_UPDATE_STATE, "");
	struct history_message row = *m;
	int i;

	if (!st || history_txn(h, &row.txn, err) < 0)
		return -1;
	i = bind_state(st, file ? bind_file(st, 1, &row) : 1, &row);
	sqlite3_bind_int64(st, i, m->id);
	sqlite3_bind_text(st, i + 1, state_word(was), -1, SQLITE_STATIC);
	if (history_run(h, st, err) < 0)
		return -1;
	if (sqlite3_changes(h->db) == 0)
		return 0;
	return add_change(h, m, was, err) < 0 || (m->state != was &&
		tell_end(h, m, err) < 0) ? -1 : 1;
}

int
history_message_update(struct history *h, const struct history_message *m,
	enum state was, struct error *err)
{
	return update(h, true, m, was, err);
}

int
history_message_update_state(struct history *h,
	const struct history_message *m, enum state was, struct error *err)
{
	return update(h, false, m, was, err);
}

int
history_message_begin(struct history *h, const struct history_message *m,
	enum state was, struct error *err)
{
	int64_t txn;

	assert(m->state == STATE_IMPORTING);
	if (history_txn(h, &txn, err) < 0 || history_run(h, history_stmt(h,
	    err, SQL_MESSAGE_BEGIN, "ittiiii", m->id, state_word(was),
	    state_word(m->state), m->since, m->attempts, m->tries, txn),
	    err) < 0)
		return -1;
	return sqlite3_changes(h->db) != 0;
}

int
history_move_clear(struct history *h, int64_t id, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_MOVE_CLEAR, "i", id),
		err);
}

int
history_moves_clear(struct history *h, int64_t last, bool with_submit,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_MOVES_CLEAR, "ii", last,
		(int64_t)with_submit), err);
}

int
history_move_stuck(struct history *h, int64_t id, struct error *err)
{
	int64_t txn;

	return history_txn(h, &txn, err) < 0 ? -1 : history_run(h,
		history_stmt(h, err, SQL_MOVE_STUCK, "ii", id, txn), err);
}

int
history_moves_open(struct history *h, int64_t max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_MOVES_OPEN, "i", max);
	int n = -1;

	if (history_step(h, st, err) > 0) {
		n = sqlite3_column_int(st, 0);
		history_done(st);
	}
	return n;
}

/* The one of two messages that is there, or has the lower id, to *out. */
static int
lower(int a_rc, struct history_message *a, int b_rc,
	struct history_message *b, struct history_message *out)
{
	bool first = a_rc > 0 && (b_rc <= 0 || a->id < b->id);

	if (a_rc > 0 && b_rc > 0)
		history_message_release(first ? b : a);
	if (a_rc > 0 || b_rc > 0)
		*out = first ? *a : *b;
	return a_rc > 0 || b_rc > 0;
}

int
history_next_due(struct history *h, int64_t now, bool late_first,
	struct history_message *out, struct error *err)
{
	enum sql order[] = { SQL_NEXT_QUEUED, SQL_NEXT_LATE };
	struct history_message deferred, queued;
	int deferred_rc, queued_rc;

	deferred_rc = now == HISTORY_NO_TIME ? 0 : one_message(h,
		history_stmt(h, err, SQL_NEXT_DEFERRED, "i", now), &deferred,
		err);
	if (deferred_rc < 0)
		return -1;
	queued_rc = one_message(h, history_stmt(h, err, order[late_first], ""),
		&queued, err);
	if (queued_rc == 0 && (deferred_rc == 0 || late_first))
		queued_rc = one_message(h, history_stmt(h, err,
			order[!late_first], ""), &queued, err);
	if (queued_rc < 0) {
		if (deferred_rc > 0)
			history_message_release(&deferred);
		return -1;
	}
	if (queued_rc > 0 && late_first && queued.late && deferred_rc > 0) {
		history_message_release(&deferred);
		deferred_rc = 0;
	}
	return lower(deferred_rc, &deferred, queued_rc, &queued, out);
}

int
history_next_probe(struct history *h, bool youngest,
	struct history_message *out, struct error *err)
{
	int rc = one_message(h, history_stmt(h, err,
		youngest ? SQL_PROBE_YOUNGEST : SQL_PROBE_OLDEST, ""), out, err);

	if (rc == 0)
		rc = one_message(h, history_stmt(h, err, SQL_NEXT_QUEUED, ""),
			out, err);
	if (rc == 0)
		rc = one_message(h, history_stmt(h, err, SQL_NEXT_LATE, ""),
			out, err);
	if (rc == 0)
		rc = one_message(h, history_stmt(h, err, SQL_PROBE_OTHER, ""),
			out, err);
	return rc;
}

int
history_next_due_at(struct history *h, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_NEXT_DUE_AT, "");
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = history_time(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

int
history_unavailable_due(struct history *h, int64_t now, struct error *err)
{
	int64_t txn;

	return history_txn(h, &txn, err) < 0 ? -1 : history_run(h,
		history_stmt(h, err, SQL_UNAVAILABLE_DUE, "ii", now, txn), err);
}

int
history_too_large_due(struct history *h, int64_t now, int64_t room,
	struct error *err)
{
	int64_t txn;

	if (history_txn(h, &txn, err) < 0 || history_run(h, history_stmt(h,
	    err, SQL_TOO_LARGE_DUE, "iii", now, room, txn), err) < 0)
		return -1;
	return sqlite3_changes(h->db);
}

int
history_too_large_least(struct history *h, int64_t *size_out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TOO_LARGE_LEAST, "");
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*size_out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc;
}

int
history_highest_id(struct history *h, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_HIGHEST_ID, "");
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

int
history_set_highest_id(struct history *h, int64_t id, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_SET_HIGHEST_ID, "i", id),
		err);
}

int
history_next_expired(struct history *h, enum state state, int64_t before,
	struct history_message *out, struct error *err)
{
	assert(state == STATE_IMPORTED || state == STATE_PURGED);
	return one_message(h, history_stmt(h, err, state == STATE_IMPORTED ?
		SQL_NEXT_KEPT : SQL_NEXT_TRASH, "i", before), out, err);
}

int
history_cap_due(struct history *h, int64_t now, int64_t latest,
	struct error *err)
{
	int64_t txn;

	if (history_txn(h, &txn, err) < 0 || history_run(h, history_stmt(h,
	    err, SQL_CAP_DUE, "iii", now, latest, txn), err) < 0)
		return -1;
	return sqlite3_changes(h->db);
}
