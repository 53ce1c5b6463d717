/* SPDX-License-Identifier: ISC */
/*
 * import_message: one message of a file to its recipients.
 *
 * Asks what was delivered before, makes the mail once, hands it to the site's
 * mail system for those elsewhere, and puts it into the pack for the Maildirs
 * here. With /PARTIAL each fares by himself: whom the mail system refuses, or
 * whose Maildir cannot be used, does not keep it from the others, who have it
 * when this is tried again. Without it all get it or nobody: Maildirs are
 * looked at before, and the hand-off is one command and comes first.
 */
#ifndef CCMQ_IMPORT_MESSAGE_H
#define CCMQ_IMPORT_MESSAGE_H

#include "import/import_judge.h"
#include "import/import_pack.h"

struct import_delivery {
	struct import_pack *pack;
	struct import_item *item;
	char key[DELIVERED_KEY_MAX + 1];
	bool partial;
	int source_fd;		/* the file */
	struct judged judged;	/* filled; to be released by the caller */
};

/*
 * DONE: everybody has it, or will when the pack is flushed. UNDELIVERABLE:
 * judged holds the reasons, to be put into the .und file; with partial the
 * others have it, without it nobody. UNUSABLE, UNKNOWN: err; some may have it,
 * and running again completes it.
 */
enum import_code import_message(struct import_delivery *d,
	const struct message *m, struct error *err);

#endif
