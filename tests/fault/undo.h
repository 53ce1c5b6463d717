/* SPDX-License-Identifier: ISC */
/*
 * undo: what a power loss does to a store.
 *
 * Model. What was there when the run began is durable. After that
 *   - bytes, size, mode, owner and mtime of an inode are durable from the next
 *     fsync or fdatasync of that inode on;
 *   - a name (made, renamed, linked, removed) is durable from the next fsync
 *     of its directory on; fsync of a new file does not make its name durable
 *     (POSIX promises no more; SQLite relies on no more: it syncs the
 *     directory itself after making a journal or WAL);
 *   - syncfs and sync make everything durable.
 * Everything else is undone. Mapped memory is not seen; files named *-shm are
 * removed (SQLite makes them anew).
 *
 * strict 1 (default): a rename happens wholly or not at all, as on every
 *   journaling file system, but counts as durable only when both directories
 *   were synced; where a later durable change needs it, it stays too.
 * strict 2: the two names of a rename are lost or kept each by itself.
 * strict 0: as ext4 does it: any fsync makes all earlier names, modes and
 *   owners durable, of data only the file's own.
 *
 * What is lost may be less than all, for the kernel writes back when it likes:
 * only data (names stay: the empty file under its final name), only names, or
 * for each inode and directory a random number of its last changes.
 */
#ifndef CCMQ_TESTS_UNDO_H
#define CCMQ_TESTS_UNDO_H

#include <stdint.h>

enum undo_lose {
	UNDO_ALL,
	UNDO_DATA,
	UNDO_NAMES,
	UNDO_RANDOM,
};

struct undo {
	const char *root;	/* absolute, as the run had it */
	const char *log;	/* the journal; none: nothing happened */
	const char *side;	/* same file system; empty afterwards */
	int strict;
	enum undo_lose lose;
	uint64_t seed;		/* of UNDO_RANDOM */
};

/* Undoes. No process of the run may be alive. The number of changes undone,
 * or -1 after a line on standard error. */
int undo_run(const struct undo *u);

#endif
