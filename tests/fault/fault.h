/* SPDX-License-Identifier: ISC */
/*
 * fault: what the preload library, the undo program and the sweep driver
 * agree on. See README.md for how a sweep is run.
 *
 * A point is one system call, below the root, that changes the disk or makes
 * a change durable. Points are counted from 1 in the one process that has the
 * role (FAULT_ENV_ONLY), or in all processes together when no role is named.
 *
 * The state page (LOG.state) is shared by all processes of one run and read
 * by the driver afterwards; it survives a kill. The journal (LOG) holds, for
 * each change, what was there before it; it is written under flock, record
 * by record, and state->journal_end says how much of it is whole.
 *
 * Only 64-bit Linux, only one file system below the root.
 */
#ifndef CCMQ_TESTS_FAULT_H
#define CCMQ_TESTS_FAULT_H

#include <stdatomic.h>
#include <stdint.h>

#define FAULT_ENV_ROOT "CCMQ_FAULT_ROOT"	/* only paths below it count */
#define FAULT_ENV_LOG "CCMQ_FAULT_LOG"		/* the journal, outside */
#define FAULT_ENV_SIDE "CCMQ_FAULT_SIDE"	/* keeps what was unlinked */
#define FAULT_ENV_MODE "CCMQ_FAULT_MODE"	/* see fault_modes below */
#define FAULT_ENV_AT "CCMQ_FAULT_AT"		/* the point, from 1 */
#define FAULT_ENV_ONLY "CCMQ_FAULT_ONLY"	/* program that counts */
#define FAULT_ENV_FIRST "CCMQ_FAULT_FIRST"	/* "kill-after:17": see below */
#define FAULT_ENV_NOSYNC "CCMQ_FAULT_NOSYNC"	/* 1: fsync does no work,
						also without a root */
#define FAULT_ENV_LIST "CCMQ_FAULT_LIST"	/* 1: write LOG.points */
#define FAULT_ENV_STRICT "CCMQ_FAULT_STRICT"	/* 0, 1, 2: see undo.h */

/*
 * Modes: "count", or one of these. Behind a fail mode may come "+stick"
 * (later calls of the same class fail too, in every process) or "+dead" (all
 * classes the error can come from). "+power" makes the library keep the
 * journal; what is undone then is the driver's affair.
 */
enum fault_mode {
	FAULT_COUNT,
	FAULT_KILL_BEFORE,	/* SIGKILL instead of the call */
	FAULT_KILL_AFTER,	/* SIGKILL when the call is done */
	FAULT_KILL_MID,		/* half of a write, then SIGKILL */
	FAULT_TERM,		/* SIGTERM, then the call */
	FAULT_STOP,		/* SIGSTOP; continued, the call */
	FAULT_FAIL,		/* the call is not made; errno is set */
	FAULT_SHORT,		/* half of a write; the next one: ENOSPC */
};

/*
 * With FAULT_ENV_FIRST the first process of the name given dies at that point
 * of its own, and the second one has the role: so recovery is swept with what
 * the first left uncovered still uncovered.
 */

/* Classes of calls. A point is of one class, and FAULT_CUT if it is a write
 * of more than one byte. */
enum {
	FAULT_WRITE = 1,	/* data that may need space */
	FAULT_SHRINK = 2,	/* truncation */
	FAULT_CREATE = 4,	/* a new name for something new */
	FAULT_RENAME = 8,	/* rename, link */
	FAULT_REMOVE = 16,
	FAULT_META = 32,	/* mode, owner, times */
	FAULT_SYNC = 64,
	FAULT_CUT = 128,
};

/* Which classes can fail with which error, as far as it is realistic. */
#define FAULT_CLASSES_EIO 0x7f
#define FAULT_CLASSES_ENOSPC \
	(FAULT_WRITE | FAULT_CREATE | FAULT_RENAME | FAULT_SYNC)
#define FAULT_CLASSES_EACCES \
	(FAULT_CREATE | FAULT_RENAME | FAULT_REMOVE | FAULT_META)

#define FAULT_POINTS_MAX (1u << 18)
#define FAULT_WHAT_MAX 512

struct fault_state {
	_Atomic uint32_t count;		/* points so far */
	_Atomic int32_t role;		/* pid that counts; 0 nobody yet */
	_Atomic int32_t first;		/* pid of the first process, if any */
	_Atomic uint32_t first_count;	/* its points */
	_Atomic uint32_t first_hit;	/* 1: it died as it was told */
	_Atomic uint32_t hit;		/* 1: the wanted point was reached */
	_Atomic uint32_t dead;		/* classes that fail from now on */
	_Atomic uint32_t dead_error;
	_Atomic uint64_t full_ino;	/* after a short write */
	_Atomic uint64_t journal_end;
	_Atomic uint32_t blind;		/* changes that could not be seen */
	char what[FAULT_WHAT_MAX];	/* the point that was hit */
	char blind_what[FAULT_WHAT_MAX];
	uint8_t class[FAULT_POINTS_MAX];	/* class[n - 1] of point n */
};

enum fault_kind {
	FAULT_REC_DATA = 1,	/* bytes, size, mtime of an inode before */
	FAULT_REC_META,		/* mode, owner, mtime of an inode before */
	FAULT_REC_NAME,		/* what one or two names stood for before */
	FAULT_REC_SYNC,		/* an inode was fsynced (file or directory) */
	FAULT_REC_SYNCFS,	/* everything was */
};

/* A name before the change: ino 0 means that there was none. */
struct fault_entry {
	uint64_t dir;		/* inode of the directory */
	uint64_t ino;
	uint32_t mode, uid, gid;
	uint32_t path_len;	/* absolute path, terminated; 0: no entry */
};

/* Followed by old bytes (DATA) or by the paths of the entries (NAME). */
struct fault_record {
	uint64_t size;		/* of the whole record */
	uint32_t kind;
	uint32_t mode, uid, gid;
	uint64_t ino;
	int64_t old_size, offset, len;
	int64_t mtime_s, mtime_ns;
	struct fault_entry entry[2];
};

#endif
