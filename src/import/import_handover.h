/* SPDX-License-Identifier: ISC */
/*
 * import_handover: a mail to its recipients elsewhere, by the `deliver`
 * command of the post office.
 *
 * What is handed over is noted before and recorded after (handoff_note.h).
 * With partial, where several are refused together each is asked for alone,
 * as it may be for the sake of one. Without it there is one command, and when
 * it refuses, nobody has it.
 */
#ifndef CCMQ_IMPORT_HANDOVER_H
#define CCMQ_IMPORT_HANDOVER_H

#include "import/import_message.h"

/* Hands the mail fd to the foreign recipients of d->judged; who is refused
 * becomes a reason. DONE, or UNKNOWN or UNUSABLE with err. */
enum import_code import_handover(struct import_delivery *d, int fd,
	const char *sender, struct error *err);

#endif
