/* SPDX-License-Identifier: ISC */
/* seal_verify: see seal_verify.h for the contract. */
#include "history/seal_verify.h"
#include "history/seal_history.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More ranges than that are of a history that is not worth a list. */
#define RANGES_MAX ((size_t)64 << 20)

struct range {
	int64_t first, last, txn;
};

struct ranges {
	struct range *r;
	size_t count, cap;
};

struct walk {
	struct history *h;
	void (*found)(void *arg, const struct seal_finding *f);
	void *arg;
	struct seal_sum sum;
	struct str row;
	int64_t last[SEAL_KINDS];	/* id that was looked at */
	struct ranges missing[SEAL_KINDS], removed[SEAL_KINDS];
};

const char *
seal_finding_word(enum seal_finding_kind kind)
{
	static const char *const words[] = {
#define X(name, word) word,
		SEAL_FINDING_LIST(X)
#undef X
	};

	return words[kind];
}

static void
report(struct walk *w, struct seal_finding *f)
{
	static const char *const say[] = {
		[SEAL_ALTERED] = "is not what was sealed",
		[SEAL_UNSEALED] = "was never sealed",
		[SEAL_MISSING] = "is missing",
	};
	const char *what = strcmp(f->table, "seal") == 0 ? "transaction" :
		f->table;
	char by[40] = "";

	if (f->txn)
		snprintf(by, sizeof by, " (transaction %" PRId64 ")", f->txn);
	if (f->first == f->last)
		snprintf(f->text, sizeof f->text, "%s %" PRId64 " %s%s", what,
			f->first, say[f->kind], by);
	else
		snprintf(f->text, sizeof f->text, "%ss %" PRId64 " to %" PRId64
			" %s%s", what, f->first, f->last, f->kind ==
			SEAL_MISSING ? "are missing" : say[f->kind], by);
	w->sum.found++;
	w->found(w->arg, f);
}

static void
report_row(struct walk *w, enum seal_finding_kind what, enum seal_kind kind,
	int64_t id, int64_t txn)
{
	report(w, &(struct seal_finding){ .kind = what, .first = id,
		.last = id, .table = seal_kind_word(kind), .txn = txn });
}

static void
report_seals(struct walk *w, enum seal_finding_kind what, int64_t first,
	int64_t last)
{
	report(w, &(struct seal_finding){ .kind = what, .first = first,
		.last = last, .table = "seal" });
}

/* Behind the last range, or as part of it. */
static void
add_range(struct ranges *s, int64_t first, int64_t last, int64_t txn)
{
	struct range *end = s->count ? &s->r[s->count - 1] : NULL;

	if (end && end->last + 1 == first) {
		end->last = last;
		return;
	}
	xgrow(&s->r, &s->cap, s->count + 1, sizeof *s->r, RANGES_MAX);
	s->r[s->count++] = (struct range){ first, last, txn };
}

/* --- a row ---------------------------------------------------------------- */

/* The values of a row as they stand there, of whatever type. */
static void
put_columns(struct str *row, sqlite3_stmt *st)
{
	for (int i = 1; i < sqlite3_column_count(st); i++) {
		const void *bytes;
		int type = sqlite3_column_type(st, i);

		if (type == SQLITE_INTEGER) {
			seal_put_int(row, sqlite3_column_int64(st, i));
			continue;
		}
		if (type == SQLITE_NULL) {
			seal_put_null(row);
			continue;
		}
		bytes = type == SQLITE_BLOB ? sqlite3_column_blob(st, i) :
			sqlite3_column_text(st, i);
		seal_put_other(row, type == SQLITE_TEXT ? 't' : 'x',
			bytes ? bytes : "",
			(size_t)sqlite3_column_bytes(st, i));
	}
}

/* The row an entry tells of; those before it are in no seal. 0 or -1. */
static int
check_row(struct walk *w, const struct seal_entry *e, int64_t txn,
	struct error *err)
{
	unsigned char digest[SEAL_BYTES];
	int64_t id = e->first - 1;
	sqlite3_stmt *st;
	int rc;

	w->sum.rows++;
	while ((rc = history_sealed_next(w->h, e->kind, w->last[e->kind], &st,
	    err)) > 0) {
		id = sqlite3_column_int64(st, 0);
		if (id >= e->first)
			break;
		report_row(w, SEAL_UNSEALED, e->kind, id, 0);
		w->last[e->kind] = id;
	}
	if (rc < 0)
		return -1;
	if (rc == 0 || id != e->first) {
		add_range(&w->missing[e->kind], e->first, e->first, txn);
	} else {
		seal_row_begin(&w->row, e->kind, id);
		put_columns(&w->row, st);
		seal_row_digest(&w->row, digest);
		if (memcmp(digest, e->digest, SEAL_BYTES) != 0)
			report_row(w, SEAL_ALTERED, e->kind, id, txn);
	}
	if (rc > 0)
		history_done(st);
	w->last[e->kind] = e->first;
	return 0;
}

/* --- a transaction ---------------------------------------------------------- */

static int
check_entry(struct walk *w, const struct seal_entry *e, int64_t txn,
	struct error *err)
{
	/* What cannot be is of a list that was altered, which is said of its
	 * transaction. */
	if (e->first <= 0 || e->last < e->first || e->last == INT64_MAX)
		return 0;
	switch (e->what) {
	case SEAL_ROW:
		return e->first <= w->last[e->kind] ? 0 :
			check_row(w, e, txn, err);
	case SEAL_REMOVED:
		if (e->kind == SEAL_MESSAGE)
			return 0;
		w->sum.removed += e->last - e->first + 1;
		add_range(&w->removed[e->kind], e->first, e->last, txn);
		return 0;
	case SEAL_BEFORE:
		if (w->sum.transactions == 0)
			w->last[e->kind] = e->last;
		return 0;
	}
	return 0;
}

/* Its number and its digest, over the one before. */
static bool
check_digest(struct walk *w, const struct history_seal *s)
{
	unsigned char digest[SEAL_BYTES];

	if (s->txn > w->sum.newest + 1)
		report_seals(w, SEAL_MISSING, w->sum.newest + 1, s->txn - 1);
	seal_begin(&w->row);
	str_add_bytes(&w->row, s->list, s->len);
	seal_finish(&w->row, s->txn, w->sum.digest, digest);
	/* Behind a gap the digest before it is not there to be checked. */
	return s->txn != w->sum.newest + 1 ||
		memcmp(digest, s->digest, SEAL_BYTES) == 0;
}

static int
check_seal(struct walk *w, const struct history_seal *s, struct error *err)
{
	struct seal_entry e;
	size_t at = 0;
	bool good = check_digest(w, s);
	int rc;

	for (size_t i = 0; good && (rc = seal_next(s->list, s->len, &i,
	    &e)) != 0; )
		good = rc > 0;
	if (!good)
		report_seals(w, SEAL_ALTERED, s->txn, s->txn);
	while (seal_next(s->list, s->len, &at, &e) > 0)
		if (check_entry(w, &e, s->txn, err) < 0)
			return -1;
	w->sum.transactions++;
	w->sum.newest = s->txn;
	memcpy(w->sum.digest, s->digest, SEAL_BYTES);
	return 0;
}

/* --- all of them ------------------------------------------------------------ */

/* What is newer than the newest seal. */
struct tail {
	int64_t given, carried;		/* transactions */
	int64_t row[SEAL_KINDS];	/* id, or 0 */
};

static int
read_tail(struct walk *w, struct tail *t, struct error *err)
{
	sqlite3_stmt *st = history_stmt(w->h, err, SQL_TXN_HIGHEST, "");
	int rc = history_step(w->h, st, err);

	if (rc > 0) {
		t->carried = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	for (int k = 0; rc >= 0 && k < SEAL_MESSAGE; k++) {
		rc = history_sealed_next(w->h, (enum seal_kind)k, w->last[k],
			&st, err);
		if (rc <= 0)
			continue;
		t->row[k] = sqlite3_column_int64(st, 0);
		history_done(st);
	}
	return rc < 0 ? -1 : history_seal_highest(w->h, &t->given, err);
}

static void
report_tail(struct walk *w, const struct tail *t)
{
	int64_t newest = t->given > t->carried ? t->given : t->carried;

	if (newest > w->sum.newest)
		report_seals(w, SEAL_MISSING, w->sum.newest + 1, newest);
	for (int k = 0; k < SEAL_MESSAGE; k++)
		if (t->row[k])
			report_row(w, SEAL_UNSEALED, (enum seal_kind)k,
				t->row[k], 0);
}

/* To the newest seal; somebody may have written meanwhile. */
static int
walk(struct walk *w, struct error *err)
{
	struct history_seal s;
	struct tail tail;
	int rc;

	do {
		memset(&tail, 0, sizeof tail);
		if (read_tail(w, &tail, err) < 0)
			return -1;
		rc = history_seal_next(w->h, w->sum.newest, &s, err);
		if (rc <= 0)
			break;
		do {
			if (check_seal(w, &s, err) < 0)
				rc = -1;
			history_seal_release(&s);
		} while (rc > 0 && (rc = history_seal_next(w->h,
			w->sum.newest, &s, err)) > 0);
	} while (rc == 0);
	if (rc == 0)
		report_tail(w, &tail);
	return rc;
}

static int
by_first(const void *x, const void *y)
{
	const struct range *a = x, *b = y;

	return a->first < b->first ? -1 : a->first > b->first;
}

/* What is missing, less what retention removed. */
static void
report_missing(struct walk *w, enum seal_kind kind)
{
	struct ranges *gone = &w->removed[kind];
	size_t g = 0;

	if (gone->count)
		qsort(gone->r, gone->count, sizeof *gone->r, by_first);
	for (size_t i = 0; i < w->missing[kind].count; i++) {
		struct range m = w->missing[kind].r[i];

		while (m.first <= m.last) {
			int64_t end = m.last;

			while (g < gone->count && gone->r[g].last < m.first)
				g++;
			if (g < gone->count && gone->r[g].first <= m.first) {
				m.first = gone->r[g].last + 1;
				continue;
			}
			if (g < gone->count && gone->r[g].first <= end)
				end = gone->r[g].first - 1;
			report(w, &(struct seal_finding){ .kind = SEAL_MISSING,
				.table = seal_kind_word(kind), .txn = m.txn,
				.first = m.first, .last = end });
			m.first = end + 1;
		}
	}
}

int
history_verify(struct history *h,
	void (*found)(void *arg, const struct seal_finding *f), void *arg,
	struct seal_sum *out, struct error *err)
{
	struct walk w = { .h = h, .found = found, .arg = arg, .row = STR_INIT };
	int rc = walk(&w, err);

	for (int k = 0; k < SEAL_KINDS; k++) {
		if (rc == 0)
			report_missing(&w, (enum seal_kind)k);
		free(w.missing[k].r);
		free(w.removed[k].r);
	}
	str_release(&w.row);
	if (rc == 0)
		*out = w.sum;
	return rc;
}

int
history_seal_newest(struct history *h, int64_t *txn_out,
	unsigned char out[SEAL_BYTES], struct error *err)
{
	struct history_seal s;
	int64_t given;
	int rc = history_seal_highest(h, &given, err);

	rc = rc < 0 ? -1 : history_seal_next(h, given - 1, &s, err);
	if (rc > 0) {
		*txn_out = s.txn;
		memcpy(out, s.digest, SEAL_BYTES);
		history_seal_release(&s);
	}
	return rc;
}

int
history_seal_digest(struct history *h, int64_t txn,
	unsigned char out[SEAL_BYTES], struct error *err)
{
	struct history_seal s;
	int rc = history_seal_next(h, txn - 1, &s, err);

	if (rc <= 0)
		return rc;
	rc = s.txn == txn;
	if (rc)
		memcpy(out, s.digest, SEAL_BYTES);
	history_seal_release(&s);
	return rc;
}
