/* SPDX-License-Identifier: ISC */
/*
 * check: store against history, and the mending of it.
 *
 * All three are one merge: each directory is read once, names only, sorted by
 * id, and held against the rows, which are read in the order of their ids, a
 * page at a time. check_run takes no lock and reports only what a second look
 * at each of its doubts, a moment later, says too: ccmqd may run beside it.
 *
 * check_repair and check_rebuild need `lock` for their time and write.lock for
 * each thousand messages that they mend; they trust the directories. What the
 * history calls imported but lies in queue/ goes to quarantine, as does a
 * second file of an id, under an id of its own. Files that the history does not
 * know become messages with new keys, marked as perhaps delivered; before that
 * the ids are moved past all that were ever given. What one file will not have
 * done to it is told with that file, and stops nothing. At the end a new look
 * says what is left.
 *
 * A rebuild is a repair of an empty history with a new uuid; the old one is kept
 * beside it. It is held from its first moment on, and needs a check until it is
 * whole: a second check_rebuild goes on where one was killed. It ends in a hold
 * that a person ends.
 *
 * A hundred thousand files: under two seconds to look, under ten to rebuild;
 * memory grows with the names of one directory.
 */
#ifndef CCMQ_CHECK_H
#define CCMQ_CHECK_H

#include "base/error.h"
#include "settings/settings.h"
#include "store/store.h"

#include <stdint.h>

#define CHECK_LIST(X) \
	X(CHECK_MISSING, "missing", "is not there") \
	X(CHECK_FOREIGN, "foreign", "a file that is no message of this store") \
	X(CHECK_NO_ROW, "no_row", "a file that the history does not know") \
	X(CHECK_TWO_FILES, "two_files", "a second file of this message") \
	X(CHECK_WRONG_NAME, "wrong_name", \
		"a file of this id under another name than the history's") \
	X(CHECK_BAD_NAME, "bad_name", \
		"the history has a name for it that no file can have") \
	X(CHECK_SIZE, "size", "the history has a size that no disk has") \
	X(CHECK_NO_FILE, "no_file", "its file is nowhere") \
	X(CHECK_WRONG_DIR, "wrong_directory", \
		"its file is not where its state says") \
	X(CHECK_STUCK, "stuck", "its move could not be carried out") \
	X(CHECK_IDS, "ids", \
		"the history gave no id so high: an old one was restored?") \
	X(CHECK_TALLY, "tally", "counts that do not add up") \
	X(CHECK_INTEGRITY, "integrity", "SQLite's integrity check failed") \
	X(CHECK_OPEN, "open", "an attempt or a move that nobody carries on")

enum check_kind {
#define X(name, word, sentence) name,
	CHECK_LIST(X)
#undef X
};

/* The strings live as long as the call that hands them over. */
struct check_finding {
	enum check_kind kind;
	int64_t id;			/* or 0 */
	const char *dir;		/* of the file, or "" */
	const char *file;		/* as it is on disk: raw; or "" */
	const char *text;		/* all of it in words, printable */
	bool mended;
};

const char *check_kind_word(enum check_kind kind);

struct check_watch {
	void (*finding)(void *arg, const struct check_finding *f);
	/* Several times a second, in words what is being done and how far it
	 * is; total may be 0: not known. May be NULL. */
	void (*progress)(void *arg, const char *what, int64_t done,
		int64_t total);
	void *arg;
};

/* Directories and lock files that a store should have and has not; with
 * make they are made. To be asked first: without them nothing can be opened.
 * Number (each reported), or -1. */
int check_missing(const struct settings *settings, bool make,
	const struct check_watch *watch, struct error *err);

/* Number of findings (each reported), or -1. If there are none, and the
 * store may be written, a hold that waited for this is ended. */
int64_t check_run(struct store *s, const struct check_watch *watch,
	struct error *err);

/* Mends; reports what was mended and what is left. Number of findings that
 * are left, or -1. */
int64_t check_repair(struct store *s, const struct settings *settings,
	const struct check_watch *watch, struct error *err);

struct check_rebuilt {
	int64_t messages;		/* all that the history has now */
	int64_t left;			/* findings that are left, reported */
	char aside[96];			/* what the old history is called now;
					 * "" there was none */
};

/* 0 or -1. */
int check_rebuild(const struct settings *settings,
	const struct check_watch *watch, struct check_rebuilt *out,
	struct error *err);

#endif
