/*
 * import_run: one file into one post office.
 *
 * The whole run holds the lock of the post office (`postoffice.lock`, flock):
 * several of us take turns. In order: lock; CCPODOWN; postoffice.conf; what an
 * earlier crash left is finished; all messages of the file are read, and one
 * that is none stops the run before anything is delivered; each message is
 * delivered; what is undeliverable is appended to the .und file; the source
 * is deleted. Everything is on disk before the next step, so a crash anywhere
 * is repaired by running again with the same CCMQ_ID.
 */
#ifndef CCMQ_IMPORT_RUN_H
#define CCMQ_IMPORT_RUN_H

#include "base/error.h"
#include "import/import_options.h"

#include <stddef.h>

/* IMPORT's result codes (DOMAIN section 3). */
enum import_code {
	IMPORT_DONE = 0,
	IMPORT_FAILED = 1,		/* not a message */
	IMPORT_UNKNOWN = 2,		/* the `deliver` command failed */
	IMPORT_UNUSABLE = 3,		/* settings, rights, disk, command line */
	IMPORT_LOCKED = 4,
	IMPORT_UNDELIVERABLE = 5,
};

struct import_report {
	size_t messages;	/* in the file */
	size_t deliveries;	/* made now; not those of an earlier attempt */
	size_t undeliverable;	/* messages, wholly or partly */
};

/* err is filled for every code but DONE and UNDELIVERABLE. Notices about
 * recipients go to standard error. */
enum import_code import_run(const struct import_options *options,
	struct import_report *report_out, struct error *err);

#endif
