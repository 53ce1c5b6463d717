/*
 * import_und: the entries of one run, appended to the .und file.
 *
 * Opened with the first entry; from then on the file is locked (flock) against
 * other runs. Entries are gathered and appended in one write where they fit
 * into IMPORT_UND_BUFFER, in pieces where not; import_und_commit makes them
 * durable. What a run appended that then fails is cut off again, so that the
 * file does not grow with every attempt of a broken environment. A torn tail
 * that a crash left stays; the next entry begins on a line of its own.
 *
 * Calling order: init, add..., then commit or release alone (which takes back).
 */
#ifndef CCMQ_IMPORT_UND_H
#define CCMQ_IMPORT_UND_H

#include "base/error.h"
#include "mail/message.h"
#include "base/str.h"
#include "mail/und.h"

#include <stdbool.h>
#include <sys/types.h>

#define IMPORT_UND_BUFFER ((size_t)1 << 20)

struct import_und {
	const char *path;
	int fd;			/* -1: nothing was added */
	off_t start;		/* the length before this run */
	bool fresh_line;	/* the next entry needs a line end before it */
	bool kept;		/* committed */
	struct str buffer;
};

void import_und_init(struct import_und *u, const char *path);

/* 0; -1: take the run back. ERROR_BUSY: somebody else kept the lock. */
int import_und_add(struct import_und *u, const struct message_source *src,
	const struct message *m, const struct und_reason *reasons,
	size_t count, struct error *err);

/* 0: all entries are on disk (also if there were none). */
int import_und_commit(struct import_und *u, struct error *err);
void import_und_release(struct import_und *u);

#endif
