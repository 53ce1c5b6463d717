/* SPDX-License-Identifier: ISC */
/*
 * archive: the history of many stores in PostgreSQL; see ccmq-archive(8) and
 * (5). Only ccmq-archive knows this module and libpq.
 *
 * It follows the history transaction by transaction (changes.h) and copies what
 * each wrote, by COPY straight into keyed tables, in batches. The place moves in
 * the database transaction that copies, by UPDATE … WHERE place = <the old one>:
 * what is copied is copied once, whoever dies when, and a key that is there
 * already is an alarm. Rows are read into memory first: no read of the history
 * is open while the database is waited for.
 *
 * Rows that change later are kept as their versions, newest by views. Keys are
 * (store, epoch, id, transaction). Foreign text goes as printable text, with its
 * bytes beside it where they differ. A row that is refused all the same is
 * found by halves, recorded, and passed. What retention had removed before it
 * was followed is a row of `gap`.
 */
#ifndef CCMQ_ARCHIVE_H
#define CCMQ_ARCHIVE_H

#include "base/json.h"
#include "history/changes.h"
#include "history/match.h"
#include "store/follower.h"

#define ARCHIVE_VERSION 2
#define ARCHIVE_BATCH 5000		/* rows */

struct archive;

/* Connects. NULL with err: what is wrong, and the way out. Tables of a version
 * that is older or newer by more than one are refused (ERROR_STORE); with 0 for
 * the version any will do. */
struct archive *archive_open(const char *database, int version,
	struct error *err);
void archive_close(struct archive *a);

/* The owner's: makes tables, views, roles and the partitions of the months to
 * come, or what is missing of them. 0 or -1. */
int archive_init(struct archive *a, struct error *err);
/* Whole months that ended before then. Number, or -1. */
int archive_prune(struct archive *a, int64_t before, struct error *err);

/* Questions from here on end with an error after so long in all, unless the server, the
 * role or PGOPTIONS has a limit already; and when who asked is gone. 0 or -1. */
int archive_limit(struct archive *a, int64_t ms, struct error *err);
/* The newest messages of all stores that match, newest first; match was compiled
 * with MATCH_ARCHIVE. A message is the callback's for that call. 0 or -1. */
typedef void (*archive_found)(void *arg, const char *host, const char *store,
	const struct history_message *m);
int archive_find(struct archive *a, const struct match *match, int64_t limit,
	archive_found found, void *arg, struct error *err);
/* What came of each store's mail in [from, to), what failed, who did what: an
 * object each, with its kind, taken over by the callback. 0 or -1. */
int archive_report(struct archive *a, int64_t from, int64_t to,
	void (*line)(void *arg, struct json_line *j), void *arg,
	struct error *err);

/* What is copied of the store: its place there. It must be the history that was
 * copied so far: ERROR_INVALID names both seals. 0 or -1. */
int archive_begin(struct archive *a, struct store *s, struct error *err);
/* Copies what is newer, to the end of what is there. 0; -1: nothing of the last
 * batch is copied, and it is to be opened anew (a->… is closed). */
int archive_copy(struct archive *a, struct store *s, struct follower *place,
	struct error *err);

/* So far: rows, and those that were refused. */
void archive_counts(const struct archive *a, int64_t *rows_out,
	int64_t *refused_out, int64_t *gap_out);

#endif
