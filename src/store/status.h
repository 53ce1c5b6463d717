/* SPDX-License-Identifier: ISC */
/*
 * status: how things are, gathered for `ccmq status` and the console's header.
 *
 * Facts come from looking: the disk, the locks, the directories, the history's
 * rows and the word that ccmqd keeps in `lock` (status_word.h). None needs a
 * write that may fail. Nothing is locked, nothing is written.
 *
 * Cost does not grow with the store: tallies, one row, a few index look-ups,
 * the names in import/, and, while no connector runs, up to 10,000 in submit/.
 */
#ifndef CCMQ_STATUS_H
#define CCMQ_STATUS_H

#include "settings/alarm.h"
#include "settings/settings.h"
#include "store/status_word.h"
#include "store/store.h"
#include "store/verdict.h"

#include <stdbool.h>
#include <stdint.h>

#define STATUS_SUBMIT_MAX 10000		/* names counted without a connector */
#define STATUS_FOREIGN_MAX 1000		/* names counted in import/ */
#define STATUS_NAMES 10			/* that are kept */
#define STATUS_TEXTS 24

enum status_connector {
	STATUS_RUNNING,
	STATUS_STOPPED,
	STATUS_WATCHES,			/* another connector: ccmqd --observe */
	STATUS_HELD,
	STATUS_DRAINING,
	STATUS_TRIPPED,
};

struct status {
	int64_t at;			/* 0: now; else as it was then, and
					 * most is not known: status_at.h */
	char host[64];
	int64_t pid;			/* of the running ccmqd, or 0 */
	enum status_connector connector;
	struct history_counts counts;
	struct history_connector row;
	struct status_word word;	/* all 0 if there is none */
	int64_t submit_waiting, submit_ignored;	/* -1: may not be looked at */
	bool submit_more;		/* "10,000+" */
	int64_t submit_oldest_at;
	int64_t last_sign_at;
	int64_t und_bytes, und_growth_per_hour, und_growth_10min;
	int64_t disk_free, disk_size, disk_inodes, wal_bytes;
	int64_t oldest_queued_at;	/* HISTORY_NO_TIME if none */
	/* The last whole minute; in a connector's first minute the time since
	 * its start. */
	struct history_minute last_minute;
	int64_t storm_cause;		/* of VERDICT_STORM, or 0 */

	struct verdict verdict;		/* the worst */
	struct verdict_facts facts;	/* what the verdicts are made of */
	enum verdict_kind verdicts[VERDICT_COUNT];	/* the worst first */
	unsigned verdict_count;

	/* Names, a line each, raw; NULL: none. */
	const char *submit_path;	/* where they are dropped; NULL: as it
					 * was then, in the store */
	const char *foreign_list;	/* in import/, up to STATUS_NAMES */
	const char *submit_names;	/* in submit/, if VERDICT_BACKLOG is
					 * true: those that cannot be taken in */

	/* private: the texts of facts */
	char *texts[STATUS_TEXTS];
	unsigned text_count;
};

/* 0 or -1; status_release afterwards. A status may be moved (assigned), then
 * the new one is to be released. */
int status_collect(struct status *out, struct store *s,
	const struct settings *settings, int64_t now, struct error *err);
void status_release(struct status *st);

/* Verdict number i of verdict_count, in words. */
void status_verdict(const struct status *st, unsigned i, struct verdict *out);

/* What a limit of alarm.h is compared with, in its unit. */
int64_t status_measure(const struct status *st, enum alarm what, int64_t now);

const char *status_connector_word(enum status_connector c);

#endif
