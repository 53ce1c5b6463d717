/* SPDX-License-Identifier: ISC */
/*
 * follower: who follows the history, and how far: STORE/followers/NAME, one
 * line, "TRANSACTION TIME SEAL": all up to that one is told, and it needs nothing
 * that happened up to that time (ms). Who follows has the file locked. Where the
 * history has another seal there it is another history, an older one that was
 * restored: `check --repair` begins a new epoch for it (history_epoch).
 *
 * Retention keeps what a follower has not been told, but not for ever: where
 * it has waited for as long as archive.keep says it goes on, writes "gap" behind
 * the line, and removes the file after the same time once more, if its follower
 * has not come back.
 *
 * The place is written after the rows were handed over: a follower that dies in
 * between is told them again. Who must have each once keeps the number itself.
 */
#ifndef CCMQ_FOLLOWER_H
#define CCMQ_FOLLOWER_H

#include "history/seal.h"
#include "store/store.h"

#define FOLLOWER_NAME_MAX 64

struct follower {
	int fd;
	int64_t txn, at;		/* 0: nothing was told yet */
	char seal[SEAL_HEX];
};
#define FOLLOWER_INIT { .fd = -1 }

/* Takes the name: [A-Za-z0-9_-], a dot not in front. 0, or -1 (ERROR_BUSY:
 * somebody follows under it). */
int follower_open(struct follower *f, const struct store *s, const char *name,
	struct error *err);
void follower_close(struct follower *f);
int follower_move(struct follower *f, int64_t txn, int64_t at,
	const char *seal, struct error *err);
/* Is this the history that it was told of? 0, or -1 (ERROR_INVALID) naming both
 * seals. */
int follower_check(const struct follower *f, const struct store *s,
	struct error *err);
/* Were some of them told of another one? True once: it notes that as a gap. */
bool followers_part(const struct store *s);

/*
 * For retention: before which time may what is older than `before` go? At
 * least before - keep_ms. lost hears, once, of each follower for whom that is
 * not enough. It cannot fail: a file that cannot be read holds nothing up.
 */
int64_t followers_before(const struct store *s, int64_t before,
	int64_t keep_ms, void (*lost)(void *arg, const char *name, int64_t txn),
	void *arg);

#endif
