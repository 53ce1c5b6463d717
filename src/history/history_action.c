/* SPDX-License-Identifier: ISC */
/* history_action: what people did, and to which messages. See history.h. */
#include "history/history_private.h"
#include "history/seal_history.h"
#include "history/history_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
history_action_release(struct history_action *a)
{
	free(a->verb);
	free(a->reason);
	free(a->by);
	free(a->user);
	free(a->euser);
	free(a->tty);
	free(a->ssh);
	free(a->session);
	free(a->program);
	free(a->detail);
	free(a->request);
	free(a->job_state);
	free(a->job_by);
	free(a->job_why);
	free(a->steps);
	free(a->console);
	memset(a, 0, sizeof *a);
}

void
history_read_action(sqlite3_stmt *st, int first, struct history_action *out)
{
	struct history_action a = { 0 };

	a.id = sqlite3_column_int64(st, first);
	a.at = sqlite3_column_int64(st, first + 1);
	a.ended_at = history_time(st, first + 2);
	a.verb = history_text(st, first + 3);
	a.reason = history_text(st, first + 4);
	a.by = history_text(st, first + 5);
	a.uid = sqlite3_column_int64(st, first + 6);
	a.euid = sqlite3_column_int64(st, first + 7);
	a.user = history_text(st, first + 8);
	a.euser = history_text(st, first + 9);
	a.tty = history_text(st, first + 10);
	a.ssh = history_text(st, first + 11);
	a.session = history_text(st, first + 12);
	a.program = history_text(st, first + 13);
	a.pid = sqlite3_column_int64(st, first + 14);
	a.total = sqlite3_column_int64(st, first + 15);
	a.done = sqlite3_column_int64(st, first + 16);
	a.skipped = sqlite3_column_int64(st, first + 17);
	a.failed = sqlite3_column_int64(st, first + 18);
	a.undo_of = sqlite3_column_int64(st, first + 19);
	a.undone_by = sqlite3_column_int64(st, first + 20);
	a.detail = history_text(st, first + 21);
	first += 22;
#define X(column, type, member) HISTORY_READ_##type(st, first, &a, member), \
	first++;
	HISTORY_JOB_LIST(X)
	HISTORY_OUTCOME_LIST(X)
#undef X
	*out = a;
}

static int
one_action(struct history *h, sqlite3_stmt *st, struct history_action *out,
	struct error *err)
{
	int rc = history_step(h, st, err);

	if (rc > 0) {
		history_read_action(st, 0, out);
		history_done(st);
	}
	return rc;
}

int
history_action_add(struct history *h, struct history_action *a,
	struct error *err)
{
	return history_txn(h, &a->txn, err) < 0 ? -1 : history_insert(h, err,
		SEAL_ACTION, &a->id, "itttiit" "ttttt" "iii|ntit", a->at,
		a->verb, a->reason, a->by, a->uid, a->euid, a->user, a->euser,
		a->tty, a->ssh, a->session, a->program, a->pid, a->total,
		a->undo_of, a->ended_at, a->detail, a->txn, a->request);
}

int
history_action_of_request(struct history *h, const char *request,
	int64_t *id_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_ACTION_REQUEST, "t",
		request);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*id_out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc;
}

int
history_action_end(struct history *h, const struct history_action *a,
	struct error *err)
{
	int64_t txn;

	return history_txn(h, &txn, err) < 0 ? -1 : history_run(h,
		history_stmt(h, err, SQL_ACTION_END, "iniiiti", a->id,
		a->ended_at, a->done, a->skipped, a->failed, a->detail, txn),
		err);
}

int
history_action_get(struct history *h, int64_t id, struct history_action *out,
	struct error *err)
{
	return one_action(h, history_stmt(h, err, SQL_ACTION_GET, "i", id),
		out, err);
}

int
history_action_mark_undone(struct history *h, int64_t id, int64_t by,
	struct error *err)
{
	int64_t txn;

	return history_txn(h, &txn, err) < 0 ? -1 : history_run(h,
		history_stmt(h, err, SQL_ACTION_MARK_UNDONE, "iii", id, by,
		txn), err);
}

int
history_action_undoable(struct history *h, const char *session,
	struct history_action *out, struct error *err)
{
	return one_action(h, history_stmt(h, err, SQL_ACTION_UNDOABLE, "t",
		session), out, err);
}

int
history_action_pending(struct history *h, const char *verb,
	struct history_action *out, struct error *err)
{
	return one_action(h, history_stmt(h, err, SQL_ACTION_PENDING, "t",
		verb), out, err);
}

static int
read_actions(struct history *h, sqlite3_stmt *st,
	struct history_action *rows_out, struct error *err)
{
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		history_read_action(st, 0, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_action_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_actions(struct history *h, int64_t before,
	struct history_action *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_ACTIONS, "ii",
		before ? before : INT64_MAX, (int64_t)max);

	return read_actions(h, st, rows_out, err);
}

int
history_actions_open(struct history *h, struct history_action *rows_out,
	int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_ACTIONS_OPEN, "i",
		(int64_t)max);

	return read_actions(h, st, rows_out, err);
}

int
history_jobs_count(struct history *h, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_JOBS_COUNT, "");
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : 0;
}

int
history_jobs_after(struct history *h, int64_t after,
	struct history_action *rows_out, int max, struct error *err)
{
	return read_actions(h, history_stmt(h, err, SQL_JOBS_AFTER, "ii",
		after, (int64_t)max), rows_out, err);
}

void
history_item_release(struct history_item *i)
{
	free(i->result);
	free(i->from_state);
	free(i->to_state);
	free(i->why);
	free(i->outcome);
	free(i->outcome_reason);
	memset(i, 0, sizeof *i);
}

static void
read_item(sqlite3_stmt *st, struct history_item *out)
{
	out->action = sqlite3_column_int64(st, 0);
	out->message = sqlite3_column_int64(st, 1);
	out->result = history_text(st, 2);
	out->from_state = history_text(st, 3);
	out->to_state = history_text(st, 4);
	out->why = history_text(st, 5);
	out->at = sqlite3_column_int64(st, 6);
	out->outcome = history_text(st, 7);
	out->outcome_code = history_code(st, 8);
	out->outcome_reason = history_text(st, 9);
	out->outcome_at = history_time(st, 10);
}

static int
count_outcome(struct history *h, int64_t action, const char *was,
	const char *is, struct error *err)
{
	int64_t txn;

	return history_txn(h, &txn, err) < 0 ? -1 : history_run(h,
		history_stmt(h, err, SQL_OUTCOME_COUNT, "itti", action, was,
		is, txn), err);
}

int
history_item_put(struct history *h, const struct history_item *i,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_ITEM_PUT, "iittttit",
		i->action, i->message, i->result, i->from_state, i->to_state,
		i->why, i->at, i->outcome), err);
}

int
history_action_waits(struct history *h, int64_t action, int64_t n,
	struct error *err)
{
	int64_t txn;

	return history_txn(h, &txn, err) < 0 ? -1 : history_run(h,
		history_stmt(h, err, SQL_OUTCOME_WAITS, "iii", action, n, txn),
		err);
}

int
history_outcome(struct history *h, const struct history_item *i,
	struct error *err)
{
	struct history_item was;
	int rc = history_item_get(h, i->action, i->message, &was, err);

	if (rc <= 0)
		return rc;
	if (was.outcome)
		rc = history_run(h, history_stmt(h, err, SQL_ITEM_OUTCOME,
			"iitcti", i->action, i->message, i->outcome,
			i->outcome_code, i->outcome_reason, i->outcome_at),
			err) < 0 ? -1 : count_outcome(h, i->action,
			was.outcome, i->outcome, err);
	history_item_release(&was);
	return rc < 0 ? -1 : 0;
}

int
history_outcome_reason(struct history *h, int64_t action, int *code_out,
	char *words, size_t cap, int64_t *n_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_OUTCOME_REASON, "i",
		action);
	int rc = history_step(h, st, err);
	const char *reason;

	if (rc <= 0)
		return rc;
	*code_out = history_code(st, 0);
	reason = (const char *)sqlite3_column_text(st, 1);
	snprintf(words, cap, "%s", reason ? reason : "");
	*n_out = sqlite3_column_int64(st, 2);
	history_done(st);
	return 1;
}

int
history_job_put(struct history *h, const struct history_action *a,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_JOB_PUT, "");
	struct history_action row = *a;
	int i = 1;

	if (!st || history_txn(h, &row.txn, err) < 0)
		return -1;
#define X(column, type, member) HISTORY_BIND_##type(st, i, &row, member), i++;
	HISTORY_JOB_LIST(X)
#undef X
	sqlite3_bind_int64(st, i, a->id);
	return history_run(h, st, err);
}

int
history_jobs_open(struct history *h, int64_t after,
	struct history_action *rows_out, int max, struct error *err)
{
	return read_actions(h, history_stmt(h, err, SQL_JOBS_OPEN, "ii", after,
		(int64_t)max), rows_out, err);
}

int
history_jobs(struct history *h, int64_t before,
	struct history_action *rows_out, int max, struct error *err)
{
	return read_actions(h, history_stmt(h, err, SQL_JOBS, "ii", before ?
		before : INT64_MAX, (int64_t)max), rows_out, err);
}

static int
read_items(struct history *h, sqlite3_stmt *st, struct history_item *rows_out,
	struct error *err)
{
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		read_item(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_item_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_items(struct history *h, int64_t action, int64_t after,
	struct history_item *rows_out, int max, struct error *err)
{
	return read_items(h, history_stmt(h, err, SQL_ITEMS, "iii", action,
		after, (int64_t)max), rows_out, err);
}

int
history_items_before(struct history *h, int64_t action, int64_t before,
	struct history_item *rows_out, int max, struct error *err)
{
	return read_items(h, history_stmt(h, err, SQL_ITEMS_BEFORE, "iii",
		action, before, (int64_t)max), rows_out, err);
}

int
history_item_get(struct history *h, int64_t action, int64_t message,
	struct history_item *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_ITEM_GET, "ii", action,
		message);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		read_item(st, out);
		history_done(st);
	}
	return rc;
}

int
history_items_pending(struct history *h, int64_t action, int64_t after,
	struct history_item *rows_out, int max, struct error *err)
{
	return read_items(h, history_stmt(h, err, SQL_ITEMS_PENDING, "iii",
		action, after, (int64_t)max), rows_out, err);
}

int
history_items_drop(struct history *h, int64_t action, const char *why,
	int64_t at, int n, struct error *err)
{
	if (history_run(h, history_stmt(h, err, SQL_ITEMS_DROP, "itii", action,
	    why, at, (int64_t)n), err) < 0)
		return -1;
	return sqlite3_changes(h->db);
}

int
history_message_items(struct history *h, int64_t message,
	struct history_item *rows_out, struct history_action *actions_out,
	int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_MESSAGE_ITEMS, "ii",
		message, (int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0) {
		read_item(st, &rows_out[n]);
		history_read_action(st, 11, &actions_out[n]);
		n++;
	}
	while (rc < 0 && n > 0) {
		n--;
		history_item_release(&rows_out[n]);
		history_action_release(&actions_out[n]);
	}
	return rc < 0 ? -1 : n;
}
