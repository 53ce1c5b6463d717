/* SPDX-License-Identifier: ISC */
/* status_private: what the files status*.c share. */
#ifndef CCMQ_STATUS_PRIVATE_H
#define CCMQ_STATUS_PRIVATE_H

#include "store/status.h"

/* Keeps a copy of text for as long as the status lives; NULL stays NULL. */
const char *status_keep(struct status *st, const char *text);

static inline int64_t
status_known(int64_t at)
{
	return at == HISTORY_NO_TIME ? 0 : at;
}

/* status_store.c: the facts of the connector and of the store. 0 or -1. */
int status_look_at_connector(struct status *st, struct store *s,
	const struct settings *settings, struct error *err);
void status_look_at_hold(struct status *st, const struct store *s);
void status_look_at_submit(struct status *st, struct store *s);
int status_look_at_files(struct status *st, struct store *s,
	const struct settings *settings, struct error *err);

/* status_look.c: what is seen in the directories and of other processes. */

/* Without a connector nobody else has counted. */
void status_count_submit(struct status *st, struct store *s);

/* What in submit/ waits and should not: its oldest names, of the first 1,000. */
void status_name_submit(struct status *st, struct store *s);

/* What lies in import/ and is not the connector's: what was there before the
 * oldest attempt began (hand_since), so it cannot be of one. */
void status_count_foreign(struct status *st, struct store *s,
	const struct settings *settings, int64_t hand_since);

/* Which process has a lock on a file: of `kind` ("POSIX", "FLOCK"), reading
 * or writing, beginning at a byte from first to last. Best effort: /proc says
 * it, of this pid namespace. Its pid, or 0. */
int64_t status_lock_holder(const char *kind, const char *mode, uint64_t inode,
	uint64_t first, uint64_t last, int64_t but_pid);

/* The name of a process, "" if it has gone. */
void status_process_name(int64_t pid, char out[32]);

#endif
