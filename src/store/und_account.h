/* SPDX-License-Identifier: ISC */
/*
 * und_account: which bytes of the .und file belong to which attempt, and the
 * file's rotation. One current file for each lane.
 *
 * Size and inode are taken before and after each attempt; what was appended
 * between belongs to it, as one range with its entries. A changed inode or a
 * smaller size starts anew, with an event. The file is never truncated: it is
 * renamed to NAME.N beside it, between attempts.
 */
#ifndef CCMQ_UND_ACCOUNT_H
#define CCMQ_UND_ACCOUNT_H

#include "base/error.h"
#include "history/history.h"
#include "store/store.h"

#include <stdint.h>

#define UND_ENTRIES_MAX 1000	/* rows for one attempt; the rest in one */

/* The path of a lane's .und file: %d of the setting filled in. Freed by the
 * caller. */
char *und_account_path(const char *und_path, const char *import_dir);

/* The same for a lane of a store, and one of its files: number 0 is the
 * current one, N the rotated NAME.N. Freed by the caller. */
char *und_account_lane_path(const char *store_path, const char *und_path,
	int lane, int64_t number);

/*
 * In a write transaction, while nothing runs in the lane: makes the history
 * agree with the file. If it grew since the last look and a is not NULL, the
 * new bytes are linked to a (und_file, und_start, und_end, und_entries set)
 * with rows for the entries, and the first reason is copied to reason_out
 * (81 bytes; "" if none). 0 or -1.
 */
int und_account_measure(struct store *s, int lane, const char *path,
	struct history_attempt *a, char reason_out[81], struct error *err);

/*
 * The same for a worker that has several messages in hand and names what each
 * of them left. ahead: ranges that were named beyond what is counted so far,
 * NULL at first; it belongs to the lane. A range counts if it lies in the
 * growth and overlaps no other; else a gets none. 0 or -1.
 */
struct und_ahead;
void und_ahead_free(struct und_ahead *ahead);
int und_account_link(struct store *s, int lane, const char *path,
	struct und_ahead **ahead, int64_t start, int64_t end,
	struct history_attempt *a, char reason_out[81], struct error *err);

/* What nobody named: it is a's, or nobody's (NULL). 0 or -1. */
int und_account_rest(struct store *s, int lane, const char *path,
	struct und_ahead **ahead, struct history_attempt *a,
	char *reason_out, struct error *err);

/* Renames the file to PATH.N and starts anew, with transactions of its own;
 * 1 done, 0 there is nothing to rotate, -1. */
int und_account_rotate(struct store *s, int lane, const char *path,
	struct error *err);

/* Ends a rotation that was begun and not ended (recovery). 0 or -1. */
int und_account_recover(struct store *s, int lane, const char *path,
	struct error *err);

#endif
