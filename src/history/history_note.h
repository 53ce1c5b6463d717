/* SPDX-License-Identifier: ISC */
/*
 * history_note: what people noted for each other, and what somebody has in
 * hand. A row is never changed: another one follows it. A note is of one
 * message, of one cause, or of the store (both 0). A hand (`mine`) is a note
 * with an end: the newest of its message or cause counts, while its end has
 * not come.
 */
#ifndef CCMQ_HISTORY_NOTE_H
#define CCMQ_HISTORY_NOTE_H

#include "history/history.h"

struct history_note {
	int64_t id, at;
	char *by, *text;		/* text "": a hand without words */
	int64_t message, cause;		/* 0: not of one */
	bool mine;
	int64_t until;			/* of a hand */
};

void history_note_release(struct history_note *n);

/* A new row; sets n->id. In a transaction. 0 or -1. */
int history_note_add(struct history *h, struct history_note *n,
	struct error *err);

/* Rows of one message, of one cause, or (both 0) all, id < before (0: from the
 * newest), newest first. Number or -1. */
int history_notes(struct history *h, int64_t message, int64_t cause,
	int64_t before, struct history_note *rows_out, int max,
	struct error *err);
/* All rows behind the one of that time and id (0: from that time on), oldest
 * first. Number or -1. */
int history_notes_since(struct history *h, int64_t at, int64_t after,
	struct history_note *rows_out, int max, struct error *err);

/* Is there any? 1, 0, -1. */
int history_notes_any(struct history *h, struct error *err);

/* Who has a message or its cause in hand at a time (either may be 0); the
 * message's own comes first. 1, 0 nobody, -1. */
int history_hand(struct history *h, int64_t message, int64_t cause, int64_t at,
	struct history_note *out, struct error *err);

/* The newest note with words, of a message or else of its cause. 1, 0, -1. */
int history_note_newest(struct history *h, int64_t message, int64_t cause,
	struct history_note *out, struct error *err);

#endif
