/*
 * import_message: one message of a file to its recipients.
 *
 * Asks what was delivered before, makes the mail once, puts it into the
 * Maildirs and hands it to the site's mail system for the others.
 */
#ifndef CCMQ_IMPORT_MESSAGE_H
#define CCMQ_IMPORT_MESSAGE_H

#include "mail/charset.h"
#include "import/delivered.h"
#include "import/import_judge.h"
#include "import/import_run.h"

/* Where and with what; the same for all messages of a run. */
struct import_place {
	int dirfd;			/* the post office */
	struct postoffice *po;
	struct charset *charset;
	int source_fd;			/* the file */
};

struct import_delivery {
	const struct import_place *place;
	char key[DELIVERED_KEY_MAX + 1];
	bool partial;
	struct judged judged;	/* filled; to be released by the caller */
	size_t made;		/* deliveries made now */
};

/*
 * DONE: everybody has it. UNDELIVERABLE: judged holds the reasons, to be put
 * into the .und file; with partial the others have it, without it nobody.
 * UNUSABLE, UNKNOWN: err; some may have it, and running again completes it.
 */
enum import_code import_message(struct import_delivery *d,
	const struct message *m, struct error *err);

#endif
