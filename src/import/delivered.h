/*
 * delivered: which message went to whom, so that it does not go twice.
 *
 * A directory `delivered` in the post office, with one small text file for
 * each of 4,096 groups of keys. A line is "KEY WHO": the delivery key of a
 * message and the mailbox (or address) that has it. What stands there with its
 * line feed is delivered, or will be by maildir_recover; a torn last line
 * counts for nothing and is overwritten by the next.
 *
 * Bounded: a file that grew over DELIVERED_FILE_MAX loses its older half, a
 * key's lines together; so at most 256 MB, and the last two million deliveries
 * or more are remembered. Looking up reads one such file.
 *
 * An operator may delete a line to have a message delivered again.
 *
 * Only with the lock of the post office held (import_run.h).
 */
#ifndef CCMQ_DELIVERED_H
#define CCMQ_DELIVERED_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define DELIVERED_FILE_MAX ((size_t)64 << 10)
#define DELIVERED_KEY_MAX 110	/* a uuid, an id and two numbers are 64 */

/* What is known of one key. */
struct delivered {
	struct str who;		/* "A\nB\n" */
};

#define DELIVERED_INIT { STR_INIT }

/* May this be a key? [A-Za-z0-9._-], 1 to DELIVERED_KEY_MAX, no leading dot
 * or dash. */
bool delivered_is_key(const char *key);

/* Reads what is recorded for key; out (initialised) is overwritten and to be
 * released. 0, or -1. */
int delivered_load(int po_dirfd, const char *key, struct delivered *out,
	struct error *err);
bool delivered_has(const struct delivered *d, const char *who);
void delivered_release(struct delivered *d);

/* Records count deliveries of key in one append. 0: it is on disk. -1: it may
 * or may not be there. who: no line feeds. */
int delivered_add(int po_dirfd, const char *key, const char *const *who,
	size_t count, struct error *err);

#endif
