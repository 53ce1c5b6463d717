/* SPDX-License-Identifier: ISC */
/*
 * import_item: one file to be imported, and what came of it.
 *
 * `struct import_item i = { .path = ..., };`, then import_batch, then
 * import_item_release. What was asked belongs to the caller and outlives the
 * item.
 */
#ifndef CCMQ_IMPORT_ITEM_H
#define CCMQ_IMPORT_ITEM_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define IMPORT_WORDS_MAX 4096	/* the connector keeps as much */

/* The last line on the screen, with the code. */
#define IMPORT_ENDED "IMPORT process ended with error: %d."

/* IMPORT's result codes (ccmq-import(1)). */
enum import_code {
	IMPORT_DONE = 0,
	IMPORT_FAILED = 1,		/* not a message */
	IMPORT_UNKNOWN = 2,		/* the `deliver` command failed */
	IMPORT_UNUSABLE = 3,		/* settings, rights, disk, command line */
	IMPORT_LOCKED = 4,
	IMPORT_UNDELIVERABLE = 5,
};

/* Entries for the .und file that wait until all else is done: in memory, and
 * from some size on in a file without a name. */
struct und_spool {
	struct str memory;
	int fd;			/* -1: all is in memory */
	int64_t length;
};

#define UND_SPOOL_INIT { STR_INIT, -1, 0 }

struct import_item {
	/* asked */
	int64_t id;		/* only a worker's */
	const char *path;
	const char *key;	/* CCMQ_ID; NULL: the content is the key */
	const char *und;	/* the undeliverable file */

	/* answered */
	enum import_code code;
	struct error err;	/* for every code but DONE and UNDELIVERABLE */
	struct str words;	/* notices, a line each, for people */
	size_t messages;	/* in the file */
	size_t deliveries;	/* made now; not those of an earlier attempt */
	size_t undeliverable;	/* messages, wholly or partly */
	int64_t und_start, und_end;	/* in the .und file; equal: nothing */

	/* meanwhile */
	struct und_spool spool;
};

#define IMPORT_ITEM_INIT { .words = STR_INIT, .spool = UND_SPOOL_INIT }

/* Adds a line to the words, until there are enough. */
void import_item_say(struct import_item *i, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The first thing that went wrong stands. */
void import_item_fail(struct import_item *i, enum import_code code,
	const struct error *err);

/* Appends what IMPORT says on the screen: the words, why it failed, and the
 * line that operators know. */
void import_item_add_words(const struct import_item *i, struct str *out);

void import_item_release(struct import_item *i);

#endif
