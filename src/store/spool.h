/* SPDX-License-Identifier: ISC */
/*
 * spool: the directories of a store, the names of files in them, and the
 * locks. No SQL, no states' meaning: files only.
 *
 * A message's file is DIR/<id, 12 digits>-<name> in one of the directories of
 * state.h, or submit/<true name> before it is taken in. Directories are held
 * open, so that moving the store away does not mislead anybody half-way.
 *
 * Locks: write.lock (flock, exclusive, for every write transaction and
 * checkpoint; offset 0 says who, offset 64 is the bell, offset 65 is '!' when
 * a check is needed), lock (OFD, held by the running ccmqd for its life, or by
 * a ccmq that recovers), lanes/N (flock, inherited by what runs in a lane).
 */
#ifndef CCMQ_SPOOL_H
#define CCMQ_SPOOL_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define SPOOL_NAME_MAX 64		/* bytes before ".ccm" */
#define SPOOL_FILE_MAX 96		/* "<12+ digits>-<name>.ccm", NUL */
#define SPOOL_ID_MAX INT64_C(999999999999999)	/* so many come after it */
#define SPOOL_BELL_OFFSET 64
#define SPOOL_CHECK_OFFSET 65
/* In `lock`: who holds it, as a line; then the two numbers. */
#define SPOOL_GIVEN_OFFSET 128
#define SPOOL_COMMITTED_OFFSET 160

enum spool_dir {
	SPOOL_SUBMIT,
	SPOOL_QUEUE,
	SPOOL_IMPORT,
	SPOOL_FAILED,
	SPOOL_QUARANTINE,
	SPOOL_TRASH,
	SPOOL_IMPORTED,
	SPOOL_CONSOLES,
	SPOOL_LANES,
	SPOOL_JOBS,
	SPOOL_MAKING,			/* see made.h */
	SPOOL_FOLLOWERS,		/* see follower.h */
	SPOOL_DIR_COUNT,
	SPOOL_NOWHERE = SPOOL_DIR_COUNT,
};

/* The directories that hold messages under their id: queue … imported. */
#define SPOOL_HOLDS_MESSAGES(dir) \
	((dir) == SPOOL_QUEUE || (dir) == SPOOL_FAILED || \
	 (dir) == SPOOL_QUARANTINE || (dir) == SPOOL_TRASH || \
	 (dir) == SPOOL_IMPORTED)

struct spool_identity {
	dev_t device;
	ino_t inode;
};

struct spool {
	char *path;			/* of the store */
	char *submit;			/* intake.submit, or NULL: submit/ */
	int root;
	int dirs[SPOOL_DIR_COUNT];
	struct spool_identity at[SPOOL_DIR_COUNT];	/* as opened */
	int write_lock;			/* descriptor */
	int lock;			/* descriptor */
	dev_t device;
	bool writable;
};

const char *spool_dir_word(enum spool_dir dir);	/* "" for nowhere */
bool spool_dir_parse(const char *word, enum spool_dir *out);

/* Makes the directories and lock files; missing ones only. `submit`: see
 * spool_open. 0 or -1. */
int spool_create(const char *path, const char *submit, struct error *err);

/* What an existing store should have and has not: found, which may be NULL,
 * hears of each directory and lock file; with `make` they are made. Number, or
 * -1. */
int spool_missing(const char *path, const char *submit, bool make,
	void (*found)(void *arg, const char *name), void *arg,
	struct error *err);

/* Opens it. Messages come into `submit` (absolute; "": submit/ in the store),
 * which may be a bind mount of that or a directory elsewhere on that file
 * system. For writing it refuses several
 * file systems, a network file system, directories that are not setgid, lock
 * files that are not 0660. 0 or -1 (ERROR_STORE, or ERROR_READ_ONLY when
 * only permissions are missing). */
int spool_open(struct spool *s, const char *path, const char *submit,
	bool writable, struct error *err);

/* Is there a submit/ in the store that nobody would look into, because it lies
 * elsewhere? 0, or -1 with the words. */
int spool_check_submit(const struct spool *s, struct error *err);

/* Where producers drop messages, absolute or below the store's path as given;
 * to free. */
char *spool_submit_path(const struct spool *s);
void spool_close(struct spool *s);

/* The dropped name reduced: [A-Za-z0-9._-], no leading dash or dot, at most
 * 64 bytes before ".ccm", at least "_.ccm". */
void spool_reduce_name(char out[SPOOL_NAME_MAX + 5], const char *name,
	size_t len);

/* What spool_reduce_name can give; what a dropped name can be: no slash, no
 * NUL. A name out of the history is held against these before a path is made
 * of it. */
bool spool_is_reduced_name(const char *name);
bool spool_is_dropped_name(const char *name, size_t len);

/* Is the store's directory the one that stands at its path? 0 or -1
 * (ERROR_STORE). */
int spool_is_there(const struct spool *s, struct error *err);

/*
 * Is the store still what its names say? Another directory under one of its
 * names is opened in the place of the old one, its word told in anew_out (""
 * none). 0, or -1 with the command that mends it: the store itself was replaced
 * or a directory is gone (ERROR_STORE), or a lock file lost its name
 * (ERROR_REPLACED).
 */
int spool_verify(struct spool *s, const char **anew_out, struct error *err);

/* True for a name that is taken in: ends in .ccm, any case, no leading dot. */
bool spool_is_message_name(const char *name);

/* Since when a file lies in submit/: it may have been written long before it was
 * moved there. In milliseconds. */
int64_t spool_came_at(const struct stat *st);

void spool_file_name(char out[SPOOL_FILE_MAX], int64_t id, const char *name);

/* The id at the front of a file's name. False if it is not one of ours. */
bool spool_parse_file_name(const char *file, int64_t *id_out);

/* Is a file of that name there (not following a link)? 1, 0, -1. */
int spool_exists(const struct spool *s, enum spool_dir dir, const char *file,
	struct stat *st_out, struct error *err);

/* Opens a message's file for reading: a regular file with one link, never a
 * link, never blocking. The descriptor; -2 it is not there; -1. */
int spool_open_file(const struct spool *s, enum spool_dir dir,
	const char *file, struct stat *st_out, struct error *err);

/* The highest id among the files of a directory; 0 none. 0 or -1. */
int spool_highest_id(const struct spool *s, enum spool_dir dir,
	int64_t *id_out, struct error *err);

#define SPOOL_SPARE ".spare-"	/* begins the name of a copy that went */

/* Removes what ends in .ccm in a working directory, whatever it is; with
 * `all` also spares, and the m<id> of a worker's batch. 0 or -1. */
int spool_remove_copies(int import_dir, bool all, struct error *err);

int spool_sync_dir(const struct spool *s, enum spool_dir dir,
	struct error *err);

/* Writes to write.lock: who holds it (text, cut at 63 bytes), the bell, the
 * need of a check. The first two never fail loudly: they are for people. */
void spool_write_holder(const struct spool *s, const char *who);
void spool_read_holder(const struct spool *s, char out[64]);
void spool_ring(const struct spool *s);
int spool_set_check_needed(const struct spool *s, bool needed,
	struct error *err);
bool spool_check_needed(const struct spool *s);

/* A file of our own in consoles/, locked for as long as we are there: name_out
 * is what a job is told to look at. Its descriptor or -1. Dropping -1 does
 * nothing. */
#define SPOOL_CONSOLE_NAME 24
int spool_hold_console(const struct spool *s,
	char name_out[SPOOL_CONSOLE_NAME], struct error *err);
void spool_drop_console(const struct spool *s, const char *name, int fd);
/* Has somebody the console's file of that name locked? */
bool spool_console_is_held(const struct spool *s, const char *name);

/*
 * Two numbers in `lock`, outside the history, so that a history that was
 * restored cannot hide: the highest id given (on disk before the row that uses
 * it) and the highest committed (written after the commit). 0 where there are
 * none. Reading never fails; a torn number reads as 0.
 */
struct spool_ids {
	int64_t given, committed;
};
void spool_read_ids(const struct spool *s, struct spool_ids *out);
int spool_write_given(const struct spool *s, int64_t id, struct error *err);
void spool_write_committed(const struct spool *s, int64_t id);

/* `lock`: takes it and writes who into it. 0 taken, 1 held by another (their
 * text in who_out, cap bytes), -1. */
int spool_take_lock(const struct spool *s, const char *who, char *who_out,
	size_t cap, struct error *err);
void spool_drop_lock(const struct spool *s);
/* Is it held, and what does its text say? 1 held, 0 free, -1. */
int spool_ask_lock(const struct spool *s, char *who_out, size_t cap,
	struct error *err);

#endif
