/* SPDX-License-Identifier: ISC */
/*
 * resend: entries of the .und become messages again, with the reason lines
 * taken out: the end of a non-delivery storm (Q180641, Q166499), when its cause
 * is mended.
 *
 * Each entry once (und_entry.resent), and each message once, of however many
 * attempts the entries tell. It is not resent what will be, or was, tried
 * itself: the message of an entry that waits or was imported since. One that
 * failed is set aside in quarantine, so that nobody retries it as well. Where
 * that one's file holds one message, the new one goes by its key: who got it
 * already does not get it again.
 */
#ifndef CCMQ_RESEND_H
#define CCMQ_RESEND_H

#include "work/made.h"

struct resend {
	const char *und_path;		/* of the settings */
	const int64_t *entries;		/* their numbers */
	size_t n;
	bool again;			/* also what was resent, or imported */
	bool dry_run;			/* only say what would be done */
};

/* spec: store, actor, reason, min_free, result and arg; the number of a result
 * is that of its entry. 0 or -1. */
int resend_do(const struct resend *r, const struct made_spec *spec,
	struct error *err);

#endif
