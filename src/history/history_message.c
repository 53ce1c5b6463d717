/* history_message: the rows of messages. See history.h for the contract. */
#include "history/history_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
history_message_release(struct history_message *m)
{
	free(m->name);
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
	memset(m, 0, sizeof *m);
}

static enum state
read_state(sqlite3_stmt *st, int col)
{
	const char *word = (const char *)sqlite3_column_text(st, col);
	enum state state = STATE_LOST;

	/* A word that is not ours: somebody wrote into the history by hand. */
	if (word)
		state_parse(word, &state);
	return state;
}

void
history_read_message(sqlite3_stmt *st, struct history_message *out)
{
	struct history_message m = { 0 };

	m.id = sqlite3_column_int64(st, 0);
	m.name = history_text(st, 1);
	m.true_name = history_blob(st, 2, &m.true_name_len);
	m.state = read_state(st, 3);
	m.since = sqlite3_column_int64(st, 4);
	m.from_state = read_state(st, 5);
	m.move_from = history_text(st, 6);
	m.move_to = history_text(st, 7);
	m.inode = sqlite3_column_int64(st, 8);
	m.mtime_ns = sqlite3_column_int64(st, 9);
	m.size = sqlite3_column_int64(st, 10);
	m.received_at = sqlite3_column_int64(st, 11);
	m.from = history_text(st, 12);
	m.to = history_text(st, 13);
	m.subject = history_text(st, 14);
	m.date_text = history_text(st, 15);
	m.date_at = history_time(st, 16);
	m.attempts = sqlite3_column_int64(st, 17);
	m.tries = sqlite3_column_int64(st, 18);
	m.rejected = sqlite3_column_int64(st, 19);
	m.crashed = sqlite3_column_int64(st, 20);
	m.unavailable = sqlite3_column_int64(st, 21);
	m.retries = sqlite3_column_int64(st, 22);
	m.failures = sqlite3_column_int64(st, 23);
	m.code = history_code(st, 24);
	m.signal = sqlite3_column_int(st, 25);
	m.class = history_text(st, 26);
	m.reason = history_text(st, 27);
	m.cause = sqlite3_column_int64(st, 28);
	m.imports_seen = sqlite3_column_int64(st, 29);
	m.next_attempt_at = history_time(st, 30);
	m.suspect = sqlite3_column_int(st, 31);
	m.maybe_delivered = sqlite3_column_int(st, 32);
	m.und_bytes = sqlite3_column_int64(st, 33);
	m.und_entries = sqlite3_column_int64(st, 34);
	m.changed_by = sqlite3_column_int64(st, 35);
	m.action_reason = history_text(st, 36);
	m.action_by = history_text(st, 37);
	m.noted_verb = history_text(st, 38);
	m.noted_action = sqlite3_column_int64(st, 39);
	m.kept = sqlite3_column_int(st, 40);
	*out = m;
}

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

static const char *
word_or_null(enum state state, bool has)
{
	return has ? state_word(state) : NULL;
}

/* id 0 lets SQLite give the next one. */
static int
insert(struct history *h, int64_t id, const struct history_message *m,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_MESSAGE_ADD,
		"ntbtittti" "iiitttt" "nitt",
		id ? id : HISTORY_NO_TIME, m->name,
		(const void *)m->true_name, m->true_name_len,
		state_word(m->state), m->since,
		word_or_null(m->from_state, m->state == STATE_PURGED),
		m->move_from, m->move_to, m->inode, m->mtime_ns, m->size,
		m->received_at, m->from, m->to, m->subject, m->date_text,
		m->date_at, m->changed_by, m->action_reason, m->action_by),
		err);
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

int
history_message_update(struct history *h, const struct history_message *m,
	enum state was, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_MESSAGE_UPDATE,
		"ittittt" "iiiiiiiiii" "cittiinii" "iiitt" "tii",
		m->id, state_word(was), state_word(m->state), m->since,
		word_or_null(m->from_state, m->state == STATE_PURGED),
		m->move_from, m->move_to, m->inode, m->mtime_ns, m->size,
		m->attempts, m->tries, m->rejected, m->crashed, m->unavailable,
		m->retries, m->failures, m->code, (int64_t)m->signal, m->class,
		m->reason, m->cause, m->imports_seen, m->next_attempt_at,
		(int64_t)m->suspect, (int64_t)m->maybe_delivered, m->und_bytes,
		m->und_entries, m->changed_by, m->action_reason, m->action_by,
		m->noted_verb, m->noted_action, (int64_t)m->kept);

	if (history_run(h, st, err) < 0)
		return -1;
	return sqlite3_changes(h->db) > 0;
}

int
history_message_set_header(struct history *h, const struct history_message *m,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_MESSAGE_HEADER,
		"ittttniii", m->id, m->from, m->to, m->subject, m->date_text,
		m->date_at, m->inode, m->mtime_ns, m->size), err);
}

int
history_move_clear(struct history *h, int64_t id, const char *from,
	const char *to, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_MOVE_CLEAR, "itt", id,
		from, to), err);
}

int
history_move_next(struct history *h, int64_t after,
	struct history_message *out, struct error *err)
{
	return one_message(h, history_stmt(h, err, SQL_MOVE_NEXT, "i", after),
		out, err);
}

int
history_next_due(struct history *h, int64_t now, struct history_message *out,
	struct error *err)
{
	struct history_message deferred;
	int queued_rc, deferred_rc;

	deferred_rc = one_message(h, history_stmt(h, err, SQL_NEXT_DEFERRED,
		"i", now), &deferred, err);
	if (deferred_rc < 0)
		return -1;
	queued_rc = one_message(h, history_stmt(h, err, SQL_NEXT_QUEUED, ""),
		out, err);
	if (deferred_rc == 0)
		return queued_rc;
	if (queued_rc > 0 && out->id < deferred.id) {
		history_message_release(&deferred);
		return 1;
	}
	if (queued_rc > 0)
		history_message_release(out);
	if (queued_rc < 0) {
		history_message_release(&deferred);
		return -1;
	}
	*out = deferred;
	return 1;
}

int
history_next_probe(struct history *h, bool youngest,
	struct history_message *out, struct error *err)
{
	int rc = one_message(h, history_stmt(h, err,
		youngest ? SQL_PROBE_YOUNGEST : SQL_PROBE_OLDEST, ""), out, err);

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
	return history_run(h, history_stmt(h, err, SQL_UNAVAILABLE_DUE, "i",
		now), err);
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
	if (history_run(h, history_stmt(h, err, SQL_CAP_DUE, "ii", now,
	    latest), err) < 0)
		return -1;
	return sqlite3_changes(h->db);
}
