/* SPDX-License-Identifier: ISC */
/*
 * notes: notes and hands, for command line and console.
 *
 * What a note is on: a message, a cause, or the store. Nothing is ever edited;
 * a hand is given back, taken over or ends by itself. Calls that write take
 * the store's lock for one transaction.
 */
#ifndef CCMQ_NOTES_H
#define CCMQ_NOTES_H

#include "base/actor.h"
#include "history/history_note.h"
#include "store/store.h"

#define NOTES_HAND_MS INT64_C(7200000)		/* of `mine` without --for */
#define NOTES_HAND_MAX_MS INT64_C(604800000)	/* a week: who forgot it left */
#define NOTES_TEXT_MAX 2000			/* bytes of a note */

struct note_on {
	int64_t message, cause;		/* both 0: the store */
	char words[160];		/* "#1042", "code 5 Unknown Date …" */
};

/* Reads "1042", "#1042", "store" or "cause:EXPR", of which the messages in
 * Failed (or deferred ones) that match must have one class, code and reason.
 * 0, or -1: ERROR_INVALID, or ERROR_NOT_FOUND. */
int notes_on(struct store *s, const char *text, int64_t now,
	struct note_on *out, struct error *err);

/* 0 or -1. */
int notes_write(struct store *s, const struct actor *actor,
	const struct note_on *on, const char *text, struct error *err);

/*
 * It is the actor's from now until `for_ms` later; for_ms 0: if it is his, not
 * any more, else for NOTES_HAND_MS. *out becomes the new row; was_out (its by
 * NULL: nobody) who had it until now. Both to be released. 0 or -1.
 */
int notes_take(struct store *s, const struct actor *actor,
	const struct note_on *on, int64_t for_ms, struct history_note *out,
	struct history_note *was_out, struct error *err);

/* Of the messages ids[0..n) those that somebody else has in hand: how many, and
 * the row of the first (released by the caller if it is not 0). Looks at the
 * first 10,000. Number or -1. */
int64_t notes_in_hand(struct store *s, const struct actor *actor,
	const int64_t *ids, size_t n, int64_t now, int64_t *id_out,
	struct history_note *out, struct error *err);

/* "mlopez has it until 16:02", for lists and questions. */
const char *notes_hand_words(char out[160], const struct history_note *hand,
	int64_t now);

#endif
