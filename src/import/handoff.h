/* SPDX-License-Identifier: ISC */
/*
 * handoff: a message to the site's mail system, through the command that
 * postoffice.conf names in `deliver`.
 *
 * The command is started without a shell, the message on its standard input,
 * the recipients behind its arguments, at most HANDOFF_RECIPIENTS_MAX at a
 * time. Its exit status is read as sendmail's (sysexits.h):
 *
 *   0                            taken
 *   65 (data), 67 (no user)      refused
 *   anything else, a signal, not to be started          failed: try again
 *
 * 68 (no host) and 69 (unavailable) are what msmtp says when its relay does
 * not resolve and Postfix when it cannot run postdrop: no word about the
 * message.
 *
 * A crash between the command's end and our record of it makes the next
 * attempt hand over again, with the same Message-ID: the one place where
 * "exactly once" ends, because it is not in our hands. That it happened is
 * known, see handoff_note.h.
 */
#ifndef CCMQ_HANDOFF_H
#define CCMQ_HANDOFF_H

#include "base/error.h"
#include "import/postoffice.h"

#include <stddef.h>

#define HANDOFF_RECIPIENTS_MAX 500	/* x 254 bytes: well under ARG_MAX */

enum handoff_result {
	HANDOFF_TAKEN,
	HANDOFF_REFUSED,	/* err says how */
	HANDOFF_NOBODY,		/* refused: no such user */
	HANDOFF_FAILED,		/* err says how */
};

/* Hands the file fd (read from its start) to count recipients. "%s" in the
 * arguments of the command becomes sender, an address or "<>". */
enum handoff_result handoff(const struct name_list *command,
	const char *sender, int fd, const char *const *recipients, size_t count,
	struct error *err);

#endif
