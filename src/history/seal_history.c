/* SPDX-License-Identifier: ISC */
/* seal_history: see seal_history.h for the contract. */
#include "history/seal_history.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	enum sql add, next;
} tables[SEAL_KINDS] = {
	[SEAL_ATTEMPT] = { SQL_ATTEMPT_BEGIN, SQL_SEALED_ATTEMPT },
	[SEAL_ACTION] = { SQL_ACTION_ADD, SQL_SEALED_ACTION },
	[SEAL_CHANGE] = { SQL_CHANGE_ADD, SQL_SEALED_CHANGE },
	[SEAL_EVENT] = { SQL_EVENT_ADD, SQL_SEALED_EVENT },
	[SEAL_NOTE] = { SQL_NOTE_ADD, SQL_SEALED_NOTE },
};

/* The highest number that was given, and the digest of the newest seal. A seal
 * that somebody took away is not given anew: a gap stays. */
static int
read_newest(struct history *h, int64_t *txn_out,
	unsigned char digest_out[SEAL_BYTES], struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_SEAL_NEWEST, "");
	int rc = history_step(h, st, err);

	memset(digest_out, 0, SEAL_BYTES);
	*txn_out = 0;
	if (rc <= 0)
		return rc;
	*txn_out = sqlite3_column_int64(st, 0);
	if (sqlite3_column_bytes(st, 1) == SEAL_BYTES)
		memcpy(digest_out, sqlite3_column_blob(st, 1), SEAL_BYTES);
	history_done(st);
	return 1;
}

int
history_txn(struct history *h, int64_t *out, struct error *err)
{
	if (h->txn == 0) {
		assert(!sqlite3_get_autocommit(h->db));
		if (read_newest(h, &h->txn, h->seal_before, err) < 0)
			return -1;
		h->txn++;
		seal_begin(&h->seal_list);
	}
	*out = h->txn;
	return 0;
}

static void
put_values(struct str *row, const char *types, va_list ap)
{
	for (; *types && *types != '|'; types++) {
		const char *text;
		int64_t n;

		switch (*types) {
		case 'i':
			seal_put_int(row, va_arg(ap, int64_t));
			break;
		case 'n':
			n = va_arg(ap, int64_t);
			if (n == HISTORY_NO_TIME)
				seal_put_null(row);
			else
				seal_put_int(row, n);
			break;
		case 't':
			text = va_arg(ap, const char *);
			seal_put_text(row, text, text ? strlen(text) : 0);
			break;
		default:
			assert(!"a letter put_values knows");
		}
	}
}

int
history_insert(struct history *h, struct error *err, enum seal_kind kind,
	int64_t *id_out, const char *types, ...)
{
	struct seal_entry e = { .what = SEAL_ROW, .kind = kind };
	sqlite3_stmt *st;
	va_list ap;
	int64_t txn;

	va_start(ap, types);
	st = history_vstmt(h, err, tables[kind].add, types, ap);
	va_end(ap);
	if (history_run(h, st, err) < 0 || history_txn(h, &txn, err) < 0)
		return -1;
	e.first = e.last = sqlite3_last_insert_rowid(h->db);
	seal_row_begin(&h->seal_row, kind, e.first);
	va_start(ap, types);
	put_values(&h->seal_row, types, ap);
	va_end(ap);
	seal_row_digest(&h->seal_row, e.digest);
	seal_add(&h->seal_list, &e);
	*id_out = e.first;
	return 0;
}

int
history_remove(struct history *h, sqlite3_stmt *st, enum seal_kind kind,
	struct error *err)
{
	int64_t txn;
	int n = 0, rc;

	if (history_txn(h, &txn, err) < 0)
		return -1;
	for (; (rc = history_step(h, st, err)) > 0; n++)
		seal_add_removed(&h->seal_list, kind,
			sqlite3_column_int64(st, 0));
	return rc < 0 ? -1 : n;
}

int
history_seal(struct history *h, struct error *err)
{
	unsigned char digest[SEAL_BYTES];

	if (h->txn == 0)
		return 0;
	seal_finish(&h->seal_list, h->txn, h->seal_before, digest);
	return history_run(h, history_stmt(h, err, SQL_SEAL_ADD, "ibb", h->txn,
		(const void *)digest, sizeof digest,
		(const void *)(h->seal_list.data + SEAL_HEAD),
		h->seal_list.len - SEAL_HEAD), err);
}

int
history_seal_first(struct history *h, struct error *err)
{
	sqlite3_stmt *st = NULL;
	int64_t txn;
	int rc;

	if (history_txn(h, &txn, err) < 0)
		return -1;
	st = history_stmt(h, err, SQL_SEALED_BEFORE, "");
	while ((rc = history_step(h, st, err)) > 0)
		seal_add(&h->seal_list, &(struct seal_entry){
			.what = SEAL_BEFORE, .first = 1,
			.kind = (enum seal_kind)sqlite3_column_int(st, 0),
			.last = sqlite3_column_int64(st, 1) });
	rc = rc < 0 ? -1 : history_seal(h, err);
	h->txn = 0;
	return rc;
}

void
history_seal_release(struct history_seal *s)
{
	free(s->list);
	memset(s, 0, sizeof *s);
}

int
history_seal_next(struct history *h, int64_t after, struct history_seal *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_SEAL_NEXT, "i", after);
	struct history_seal s = { 0 };
	int rc = history_step(h, st, err);

	if (rc <= 0)
		return rc;
	s.txn = sqlite3_column_int64(st, 0);
	if (sqlite3_column_bytes(st, 1) == SEAL_BYTES)
		memcpy(s.digest, sqlite3_column_blob(st, 1), SEAL_BYTES);
	s.list = (unsigned char *)history_blob(st, 2, &s.len);
	history_done(st);
	*out = s;
	return 1;
}

int
history_seal_highest(struct history *h, int64_t *out, struct error *err)
{
	unsigned char digest[SEAL_BYTES];

	return read_newest(h, out, digest, err) < 0 ? -1 : 0;
}

int
history_sealed_next(struct history *h, enum seal_kind kind, int64_t after,
	sqlite3_stmt **out, struct error *err)
{
	*out = history_stmt(h, err, tables[kind].next, "i", after);
	return history_step(h, *out, err);
}
