/* SPDX-License-Identifier: ISC */
/*
 * handoff_note: which hand-off is under way, so that a crash leaves no guess.
 *
 * When a command took a message and we died before that was recorded, nobody
 * can know whether it did: the message is handed over again, because a second
 * copy (with the same Message-ID) is better than none. This says when that
 * happens. A file `handing` in the post office names key and recipients; it is
 * on disk before the command starts and goes when the outcome is recorded. One
 * that is found by the next run becomes lines "KEY begun ADDRESS" in
 * `delivered` (DELIVERED_BEGUN), which nobody takes for a delivery.
 *
 * Only with the lock of the post office held: so there is one at a time.
 */
#ifndef CCMQ_HANDOFF_NOTE_H
#define CCMQ_HANDOFF_NOTE_H

#include "base/error.h"
#include "import/delivered.h"

#include <stddef.h>

/* 0: it is on disk that key is handed to who. -1: the command must not be
 * started. */
int handoff_note(int po_dirfd, const char *key, const char *const *who,
	size_t count, struct error *err);

/* What came of it is recorded, or nothing did. Best effort: a note that stays
 * says only that more is possible than was. */
void handoff_note_clear(int po_dirfd);

/* What a crash left; once, before anything else. 0, or -1. */
int handoff_recover(struct delivered_books *books, struct error *err);

#endif
