/* SPDX-License-Identifier: ISC */
/*
 * subject: the message or the cause that what is on top is about: the page's,
 * the one under the cursor of a list, of causes, or of the log.
 */
#ifndef CCMQ_UI_SUBJECT_H
#define CCMQ_UI_SUBJECT_H

#include "app/desk.h"
#include "work/notes.h"

/* False: there is none (said). */
bool subject_take(struct desk *desk, struct note_on *out);

/* Its row, where it is a cause; else NULL. */
const struct history_cause_row *subject_cause(struct desk *desk);

/* Who has it in hand, or one of the messages that a verb would be about; not
 * the operator himself. 1 (*id_out is a message, or 0: the cause), 0 nobody,
 * -1. */
int subject_hand(struct desk *desk, int64_t *id_out,
	struct history_note *out, struct error *err);

#endif
