/* SPDX-License-Identifier: ISC */
/* changes: see changes.h for the contract. */
#include "history/changes.h"
#include "history/seal_history.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 50		/* messages or actions at once */

/* Who tells what to whom. */
struct teller {
	struct history *h;
	int64_t txn, rows;		/* told so far */
	void (*tell)(void *arg, const struct history_told *t);
	void *arg;
};

static void
tell_one(struct teller *to, const struct history_told *t)
{
	to->rows++;
	to->tell(to->arg, t);
}

/* --- rows that were inserted ------------------------------------------------ */

static int
tell_attempt(struct teller *to, int64_t id, struct error *err)
{
	struct history_told t = { .kind = TOLD_ATTEMPT, .txn = to->txn };
	sqlite3_stmt *st = history_stmt(to->h, err, SQL_ATTEMPT_GET, "i", id);
	int rc = history_step(to->h, st, err);

	if (rc <= 0)
		return rc;
	history_read_attempt(st, &t.attempt);
	history_done(st);
	tell_one(to, &t);
	history_attempt_release(&t.attempt);
	return 1;
}

/* A change comes behind the attempt whose end it is. */
static int
tell_change(struct teller *to, sqlite3_stmt *st, struct error *err)
{
	struct history_told t = { .kind = TOLD_CHANGE, .txn = to->txn };
	int rc = 1;

	t.change = (struct history_change){
		.id = sqlite3_column_int64(st, 0),
		.at = sqlite3_column_int64(st, 1),
		.message = sqlite3_column_int64(st, 2),
		.state_from = history_text(st, 3),
		.since_from = sqlite3_column_int64(st, 4),
		.state_to = history_text(st, 5),
		.attempt = sqlite3_column_int64(st, 6),
		.action = sqlite3_column_int64(st, 7),
	};
	if (t.change.attempt)
		rc = tell_attempt(to, t.change.attempt, err);
	if (rc >= 0)
		tell_one(to, &t);
	free(t.change.state_from);
	free(t.change.state_to);
	return rc < 0 ? -1 : 1;
}

static void
tell_event(struct teller *to, sqlite3_stmt *st)
{
	struct history_told t = { .kind = TOLD_EVENT, .txn = to->txn };

	history_read_event(st, &t.event);
	tell_one(to, &t);
	history_event_release(&t.event);
}

static void
tell_note(struct teller *to, sqlite3_stmt *st)
{
	struct history_told t = { .kind = TOLD_NOTE, .txn = to->txn };

	t.note = (struct history_note){
		.id = sqlite3_column_int64(st, 0),
		.at = sqlite3_column_int64(st, 1),
		.by = history_text(st, 2),
		.message = sqlite3_column_int64(st, 3),
		.cause = sqlite3_column_int64(st, 4),
		.mine = sqlite3_column_int(st, 5),
		.until = history_time(st, 6),
		.text = history_text(st, 7),
	};
	tell_one(to, &t);
	history_note_release(&t.note);
}

/* The row of an entry: 1 on it (then history_done), 0 it is not there, -1. */
static int
find_row(struct history *h, const struct seal_entry *e, sqlite3_stmt **st,
	struct error *err)
{
	int rc = history_sealed_next(h, e->kind, e->first - 1, st, err);

	if (rc > 0 && sqlite3_column_int64(*st, 0) != e->first) {
		history_done(*st);
		rc = 0;
	}
	return rc;
}

/* Actions are told by the transaction that wrote them last. 1, 0 it is not
 * there, -1. */
static int
tell_row(struct teller *to, const struct seal_entry *e,
	struct error *err)
{
	sqlite3_stmt *st;
	int rc = e->kind == SEAL_ATTEMPT ? tell_attempt(to, e->first, err) :
		find_row(to->h, e, &st, err);

	if (rc <= 0 || e->kind == SEAL_ATTEMPT)
		return rc;
	if (e->kind == SEAL_CHANGE)
		rc = tell_change(to, st, err);
	else if (e->kind == SEAL_EVENT)
		tell_event(to, st);
	else if (e->kind == SEAL_NOTE)
		tell_note(to, st);
	history_done(st);
	return rc;
}

/* --- rows that were written ------------------------------------------------- */

static int
tell_actions(struct teller *to, struct error *err)
{
	struct history_told t[PAGE];
	int64_t after = 0;
	sqlite3_stmt *st;
	int n, rc;

	do {
		st = history_stmt(to->h, err, SQL_TXN_ACTIONS, "iii", to->txn,
			after, (int64_t)PAGE);
		for (n = 0; (rc = history_step(to->h, st, err)) > 0; n++) {
			t[n] = (struct history_told){ .kind = TOLD_ACTION,
				.txn = to->txn };
			history_read_action(st, 0, &t[n].action);
		}
		for (int i = 0; i < n; i++) {
			after = t[i].action.id;
			tell_one(to, &t[i]);
			history_action_release(&t[i].action);
		}
	} while (rc == 0 && n == PAGE);
	return rc;
}

static int
tell_messages(struct teller *to, struct error *err)
{
	struct history_told t[PAGE];
	int64_t after = 0;
	sqlite3_stmt *st;
	int n, rc;

	do {
		st = history_stmt(to->h, err, SQL_TXN_MESSAGES, "iii", to->txn,
			after, (int64_t)PAGE);
		for (n = 0; (rc = history_step(to->h, st, err)) > 0; n++) {
			t[n] = (struct history_told){ .kind = TOLD_MESSAGE,
				.txn = to->txn };
			history_read_message(st, &t[n].message);
		}
		for (int i = 0; i < n; i++) {
			after = t[i].message.id;
			tell_one(to, &t[i]);
			history_message_release(&t[i].message);
		}
	} while (rc == 0 && n == PAGE);
	return rc;
}

/* --- a transaction ---------------------------------------------------------- */

static int
not_whole(int64_t txn, struct error *err)
{
	return error_set(err, ERROR_NOT_FOUND, "transaction %" PRId64 " is not "
		"whole any more: retention has removed of it", txn);
}

static int
tell_list(struct teller *to, const struct history_seal *s,
	struct error *err)
{
	struct seal_entry e;
	size_t at = 0;
	int rc;

	while (seal_next(s->list, s->len, &at, &e) > 0) {
		if (e.what == SEAL_REMOVED)
			tell_one(to, &(struct history_told){
				.kind = TOLD_REMOVED, .txn = s->txn,
				.removed = { seal_kind_word(e.kind), e.first,
					e.last } });
		if (e.what != SEAL_ROW)
			continue;
		rc = tell_row(to, &e, err);
		if (rc <= 0)
			return rc < 0 ? -1 : not_whole(s->txn, err);
	}
	return 0;
}

/* The first one above *after: 1, 0 there is none, -1. */
static int
tell_next(struct teller *to, int64_t *after, struct error *err)
{
	struct history_told end = { .kind = TOLD_SEAL };
	struct history_seal s;
	int rc = history_seal_next(to->h, *after, &s, err);

	if (rc <= 0)
		return rc;
	to->txn = end.txn = s.txn;
	if (*after && s.txn != *after + 1)
		rc = not_whole(*after + 1, err);
	else
		rc = tell_list(to, &s, err) < 0 || tell_actions(to, err) < 0 ||
			tell_messages(to, err) < 0 ? -1 : 1;
	if (rc > 0) {
		seal_hex(end.seal, s.digest);
		tell_one(to, &end);
		*after = s.txn;
	}
	history_seal_release(&s);
	return rc;
}

int
history_changes_next(struct history *h, int64_t *after, int64_t rows,
	void (*tell)(void *arg, const struct history_told *t), void *arg,
	struct error *err)
{
	struct teller to = { .h = h, .tell = tell, .arg = arg };
	int rc;

	/* A read of its own for each row would be most of the work. */
	if (history_begin_read(h, err) < 0)
		return -1;
	do
		rc = tell_next(&to, after, err);
	while (rc > 0 && to.rows < rows);
	history_end_read(h);
	return rc < 0 ? -1 : to.rows > 0;
}

/* Is each row of it there? 1, 0, -1. */
static int
is_whole(struct history *h, const struct history_seal *s, struct error *err)
{
	struct seal_entry e;
	sqlite3_stmt *st;
	size_t at = 0;
	int rc = 1;

	while (rc > 0 && seal_next(s->list, s->len, &at, &e) > 0) {
		if (e.what != SEAL_ROW)
			continue;
		rc = find_row(h, &e, &st, err);
		if (rc > 0)
			history_done(st);
	}
	return rc;
}

int
history_changes_gap(struct history *h, int64_t after, int64_t *gap_out,
	struct error *err)
{
	struct history_seal s;
	int64_t gap = 0;
	int rc;

	while ((rc = history_seal_next(h, after, &s, err)) > 0) {
		/* Somebody took seals away. */
		if (after && s.txn != after + 1)
			gap = s.txn - 1;
		after = s.txn;
		rc = is_whole(h, &s, err);
		if (rc == 0)
			gap = s.txn;
		history_seal_release(&s);
		if (rc < 0)
			return -1;
	}
	if (rc == 0)
		*gap_out = gap;
	return rc;
}
