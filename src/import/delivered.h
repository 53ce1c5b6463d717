/* SPDX-License-Identifier: ISC */
/*
 * delivered: which message went to whom, so that it does not go twice.
 *
 * A directory `delivered` in the post office. New records are lines of the
 * file `recent`, "KEY WHO...": the delivery key of a message and the mailboxes
 * (or addresses) that have it. A message is one line, so all of its mailboxes
 * are recorded or none; the lines of a batch are one append and one fsync.
 * What stands there with its line feed is delivered, or will be by
 * maildir_recover; a torn last line counts for nothing and is overwritten by
 * the next.
 *
 * When `recent` has grown to DELIVERED_RECENT_MAX it is spread over one small
 * file for each of 4,096 groups of keys, a line for each WHO, and emptied; a
 * crash in between leaves lines in both places, which is as good as one.
 *
 * Between two batches `recent` is kept in memory and read again only when it is
 * another file, or was changed.
 *
 * Bounded: a file that grew over DELIVERED_FILE_MAX loses its older half, a
 * key's lines together; so at most 256 MB, and the last two million deliveries
 * or more are remembered. Looking up reads one such file, and `recent`
 * only where a hash of the key says that it may stand there.
 *
 * An operator may delete a line, in either, to have a message delivered again.
 *
 * Only with the lock of the post office held (import_office.h).
 */
#ifndef CCMQ_DELIVERED_H
#define CCMQ_DELIVERED_H

#include "base/error.h"
#include "base/str.h"
#include "import/durable.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define DELIVERED_FILE_MAX ((size_t)64 << 10)
#define DELIVERED_RECENT_MAX ((size_t)512 << 10)
#define DELIVERED_KEY_MAX 110	/* a uuid, an id and two numbers are 64 */

/* What is known of one key. */
struct delivered {
	struct str who;		/* "A\nB\n" */
};

#define DELIVERED_INIT { STR_INIT }

/* A WHO of more than one word: no delivery, see handoff_note.h. */
#define DELIVERED_BEGUN "begun "

/* The books, open for one batch; what was read is kept for the next. */
struct delivered_books {
	int po_dirfd;
	struct durable *durable;	/* when spreading is cheap; or NULL */
	struct str recent;	/* whole lines */
	size_t recent_end;	/* where they end in the file */
	struct stat recent_is;	/* the file that they were read from */
	unsigned char maybe[32 << 10];	/* a bit for the hash of each key */
	struct str pending;	/* noted, not on disk */
};

#define DELIVERED_BOOKS_INIT { -1, .recent = STR_INIT, .pending = STR_INIT }

/* May this be a key? [A-Za-z0-9._-], 1 to DELIVERED_KEY_MAX, no leading dot
 * or dash. */
bool delivered_is_key(const char *key);

/* Reads `recent`, if b does not know it as it is. 0, or -1; to be closed in the
 * end, and may be opened again before. */
int delivered_open(struct delivered_books *b, int po_dirfd,
	struct durable *durable, struct error *err);
void delivered_close(struct delivered_books *b);

/* Reads what is recorded for key; out (initialised) is overwritten and to be
 * released. What is noted only is not. 0, or -1. */
int delivered_load(const struct delivered_books *b, const char *key,
	struct delivered *out, struct error *err);
bool delivered_has(const struct delivered *d, const char *who);
void delivered_release(struct delivered *d);

/* Notes count deliveries of key. who: no line feeds, and no blanks but behind
 * DELIVERED_BEGUN, which stands alone. */
void delivered_note(struct delivered_books *b, const char *key,
	const char *const *who, size_t count);

/* 0: what was noted is on disk. -1: each of the messages may or may not be;
 * the books are to be opened anew. */
int delivered_commit(struct delivered_books *b, struct error *err);

#endif
