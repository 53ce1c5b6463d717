/* SPDX-License-Identifier: ISC */
/*
 * fault_core: the decision at each point, and the journal. Inside libfault.so
 * only: fault_core.c decides, fault_place.c looks where a path is,
 * fault_journal.c writes; fault_names.c, fault_data.c, fault_meta.c,
 * fault_stdio.c and fault_exec.c are the interposed calls.
 *
 * Calling order of one interposed call:
 *   fault_place or fault_file   is it below the root at all? if not: the bare
 *                               call, nothing else
 *   fault_begin                 counts, may kill or say "fail" (-1, errno)
 *   fault_note_*                what is there before the change
 *   the bare call (RAW)
 *   fault_note_sync             after a sync that succeeded
 *   fault_end                   may kill; hands rc through, errno untouched
 *
 * The journal is locked from begin to end, so its order is the order of the
 * changes. Signals are blocked for that time. Nothing here allocates memory
 * or calls what is interposed, so all of it may be called in a vfork child
 * and in a signal handler.
 */
#ifndef CCMQ_TESTS_FAULT_CORE_H
#define CCMQ_TESTS_FAULT_CORE_H

#include "fault.h"
#include "fault_raw.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAULT_PATH_MAX (PATH_MAX + NAME_MAX + 2)

/* A name in a directory below the root. */
struct fault_place {
	int dirfd;			/* O_PATH; -1 when not inside */
	uint64_t dir;
	bool exists;
	struct stat st;			/* of what the name is now */
	char name[NAME_MAX + 1];
	char path[FAULT_PATH_MAX];
};

struct fault_call {
	const char *name;		/* of the call */
	unsigned class;
	uint64_t ino;			/* of the file, for short writes */
	bool kill_after, cut;
	int journal;			/* -1: none is kept */
	uint64_t at;			/* where the next record goes */
	sigset_t mask;
};

#define FAULT_ENVIRONMENT_MAX 16

/* Read once, before main. */
struct fault_config {
	bool on;		/* false: every call is the bare call */
	bool power;		/* keep the journal */
	bool nosync;		/* fsync does no work */
	bool list;
	bool named;		/* this program may take the role */
	enum fault_mode mode;
	int error;		/* errno of FAULT_FAIL */
	unsigned can_fail;	/* classes */
	bool stick, dead;
	uint32_t at;
	enum fault_mode first_mode;
	uint32_t first_at;	/* 0: there is no first */
	size_t root_len;
	dev_t dev;
	char root[PATH_MAX];
	char log[PATH_MAX];
	char side[PATH_MAX];
	struct fault_state *state;
	/* What a child must be told, whatever environment it is given. */
	char *environment[FAULT_ENVIRONMENT_MAX];
};

extern struct fault_config fault;

bool fault_is_below(const char *path);
/* The kernel's own idea of where fd is; true if that is below the root. */
bool fault_path_of(int fd, char *path);

/* Finds the place of a path. True if it is below the root; then it must be
 * released. False leaves p empty; releasing it is harmless. */
bool fault_place(struct fault_place *p, int dirfd, const char *path);
void fault_place_release(struct fault_place *p);

/* Whether fd is a regular file or directory below the root; path has
 * FAULT_PATH_MAX bytes. */
bool fault_file(int fd, struct stat *st, char *path);

/* 0 go on; -1 the call shall fail, errno says how. what: the paths. */
int fault_begin(struct fault_call *c, const char *name, unsigned class,
	uint64_t ino, const char *what, const char *what2);
long fault_end(struct fault_call *c, long rc);

/* Half of len where the write is to be cut, else len. */
size_t fault_cut(const struct fault_call *c, size_t len);

/* One or two names are about to change; b may be NULL or empty. */
void fault_note_names(struct fault_call *c, const struct fault_place *a,
	const struct fault_place *b);
/* Bytes [offset, offset + len) or the size of fd are about to change. */
void fault_note_data(struct fault_call *c, int fd, const struct stat *st,
	int64_t offset, int64_t len);
void fault_note_meta(struct fault_call *c, const struct stat *st);
void fault_note_sync(struct fault_call *c, uint64_t ino);
void fault_note_syncfs(struct fault_call *c);

/* The interposed open, under whatever name it was called. */
int fault_open(const char *name, int dirfd, const char *path, int flags,
	mode_t mode);

/* Finds the next definition of a libc function: only before main. function
 * is the address of a function pointer. */
void fault_look_up(void *function, const char *name);

/* A change below the root that cannot be seen here: the run is worthless. */
void fault_blind(const char *name, const char *what);

/* Between them signals are blocked and other processes wait. Used by
 * fault_begin and fault_end. */
void fault_journal_open(struct fault_call *c);
void fault_journal_close(struct fault_call *c);

#endif
