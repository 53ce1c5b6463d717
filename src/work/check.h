/*
 * check: store against history, and the mending of it.
 *
 * check_run compares without locks and reports only what two looks agree on.
 * check_repair and check_rebuild need both `lock` and write.lock (they take
 * them); they trust the directories. What the history calls imported but lies
 * in queue/ goes to quarantine. A rebuild gives the store a new uuid and ends
 * in hold.
 */
#ifndef CCMQ_CHECK_H
#define CCMQ_CHECK_H

#include "base/error.h"
#include "settings/settings.h"
#include "store/store.h"

#include <stdint.h>

#define CHECK_LIST(X) \
	X(CHECK_NO_FILE, "no_file", "its file is nowhere") \
	X(CHECK_WRONG_DIR, "wrong_directory", \
		"its file is not where its state says") \
	X(CHECK_TWO_FILES, "two_files", "it has files in two places") \
	X(CHECK_WRONG_NAME, "wrong_name", "its file has another name") \
	X(CHECK_NO_ROW, "no_row", "a file that the history does not know") \
	X(CHECK_FOREIGN, "foreign", "a file that is no message of this store") \
	X(CHECK_IDS, "ids", "ids above any that the history gave") \
	X(CHECK_TALLY, "tally", "counts that do not add up") \
	X(CHECK_INTEGRITY, "integrity", "SQLite's integrity check failed") \
	X(CHECK_OPEN, "open", "an attempt or a move that nobody carries on")

enum check_kind {
#define X(name, word, sentence) name,
	CHECK_LIST(X)
#undef X
};

struct check_finding {
	enum check_kind kind;
	int64_t id;			/* or 0 */
	char dir[16];			/* where the file is, or "" */
	char text[300];			/* printable */
	bool mended;
};

const char *check_kind_word(enum check_kind kind);

typedef void check_report(void *arg, const struct check_finding *f);

/* Number of findings (each reported), or -1. If there are none, and the
 * store may be written, a hold that waited for this is ended. */
int64_t check_run(struct store *s, check_report *report, void *arg,
	struct error *err);

/* Mends; reports what was mended and what was not. Number of findings that
 * are left, or -1. */
int64_t check_repair(struct store *s, const struct settings *settings,
	check_report *report, void *arg, struct error *err);

/* Makes the history anew; the old one, if there is one, is kept beside it.
 * Number of messages found, or -1. */
int64_t check_rebuild(const struct settings *settings, struct error *err);

#endif
