/* SPDX-License-Identifier: ISC */
/*
 * import_und: what is undeliverable, into the .und file.
 *
 * The entries of an item are kept (und_spool, in import_item.h) until its
 * deliveries are on disk, then appended: so the file does not grow with every
 * attempt of a broken environment, and each item knows its range.
 *
 * The file is locked (flock) against other runs from the first append on; the
 * appends of a batch become durable together. What is not committed is cut
 * off again. A torn tail that a crash left stays; the next entry begins on a
 * line of its own.
 *
 * Calling order: open, append..., commit, close (which takes back what was not
 * committed).
 */
#ifndef CCMQ_IMPORT_UND_H
#define CCMQ_IMPORT_UND_H

#include "import/import_item.h"
#include "mail/message.h"
#include "mail/und.h"

#include <stdbool.h>

#define UND_SPOOL_MEMORY ((size_t)256 << 10)

/* Adds one entry. dir_fd: where a file without a name may be made. 0 or -1. */
int und_spool_add(struct und_spool *s, int dir_fd,
	const struct message_source *src, const struct message *m,
	const struct und_reason *reasons, size_t count, struct error *err);

struct import_und {
	const char *path;
	int fd;			/* -1: not open */
	int64_t start, end;	/* before the first append; now */
	bool fresh_line;	/* the next entry needs a line end before it */
	bool kept;		/* committed */
};

#define IMPORT_UND_INIT { NULL, -1, 0, 0, false, false }

/* 0; -1. ERROR_BUSY: somebody else kept the lock. */
int import_und_open(struct import_und *u, const char *path, struct error *err);

/* Appends the spool of an item and sets its range. 0; -1: take it back. */
int import_und_append(struct import_und *u, struct import_item *item,
	struct error *err);

/* 0: all entries are on disk. */
int import_und_commit(struct import_und *u, struct error *err);
void import_und_close(struct import_und *u);

#endif
