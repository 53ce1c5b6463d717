/* SPDX-License-Identifier: ISC */
/*
 * import_office: the post office, open.
 *
 * Entered for each batch and left after it, so that what somebody changed in
 * between is seen: CCPODOWN, postoffice.conf, the directory itself. What did
 * not change is kept from batch to batch.
 *
 * Entering takes the lock of the post office (`postoffice.lock`, flock):
 * several of us take turns. postoffice.conf is read before, as it may be
 * large. What an earlier crash left is finished before anything else.
 *
 * postoffice.conf, the program it names in `deliver` and every directory on the
 * way to them must belong to root or to us, and nobody else may write there
 * (trust.h); nor may the post office lie in a store, where operators can.
 */
#ifndef CCMQ_IMPORT_OFFICE_H
#define CCMQ_IMPORT_OFFICE_H

#include "mail/charset.h"
#include "import/delivered.h"
#include "import/durable.h"
#include "import/import_item.h"
#include "import/import_options.h"
#include "import/postoffice.h"

#include <sys/stat.h>

struct import_office {
	const struct import_options *options;
	char *process_zone;	/* TZ before a post office set it; or NULL */
	int dirfd;
	struct postoffice *po;
	struct stat conf;	/* of the file that po was read from */
	struct charset *charset;
	struct durable durable;		/* batches of mail … */
	struct durable large;		/* … of which most is large … */
	struct durable names;		/* … and the directories they went to */
	/* Only while entered: */
	int lock_fd, staging_fd;
	struct delivered_books books;
};

void import_office_init(struct import_office *o,
	const struct import_options *options);
void import_office_release(struct import_office *o);

/* DONE, or UNUSABLE or LOCKED with err. To be left either way. */
enum import_code import_office_enter(struct import_office *o,
	struct error *err);
void import_office_leave(struct import_office *o);

#endif
