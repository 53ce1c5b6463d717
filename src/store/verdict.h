/*
 * verdict: the one sentence that says how things are.
 *
 * A closed table (CONSOLE section 1): its rows are asked in order, the first
 * that is true of the facts wins. Row 2 of the console and `ccmq status` say
 * the same words. Pure: facts in, sentence out; no files, no clock. Local
 * times use the process's time zone.
 *
 * Foreign texts among the facts (reasons, names, errors) need not be
 * printable: they are made so and cut here. Times are wall times in ms, 0
 * means unknown or never; spans are in ms.
 */
#ifndef CCMQ_VERDICT_H
#define CCMQ_VERDICT_H

#include "history/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What `a` opens; the console starts there. */
enum verdict_opens {
	VERDICT_OPENS_QUEUE,
	VERDICT_OPENS_FAILED,		/* at the cause of the verdict */
	VERDICT_OPENS_TRASH,
	VERDICT_OPENS_UND,
	VERDICT_OPENS_LOG,
	VERDICT_OPENS_MESSAGE,		/* opens_id */
};

enum verdict_severity {
	VERDICT_WELL,			/* "  " */
	VERDICT_LOOK,			/* "! " somebody should look */
	VERDICT_ACT,			/* "!!" a person must act */
};

/* name, word in --json, severity, what `a` opens */
#define VERDICT_LIST(X) \
	X(VERDICT_STOPPED, "stopped", VERDICT_ACT, VERDICT_OPENS_QUEUE) \
	X(VERDICT_DISK, "disk", VERDICT_ACT, VERDICT_OPENS_TRASH) \
	X(VERDICT_STORE, "store", VERDICT_ACT, VERDICT_OPENS_LOG) \
	X(VERDICT_SILENT, "silent", VERDICT_ACT, VERDICT_OPENS_QUEUE) \
	X(VERDICT_TRIPPED, "tripped", VERDICT_ACT, VERDICT_OPENS_FAILED) \
	X(VERDICT_HELD, "held", VERDICT_LOOK, VERDICT_OPENS_QUEUE) \
	X(VERDICT_BACKLOG, "backlog", VERDICT_LOOK, VERDICT_OPENS_LOG) \
	X(VERDICT_STUCK, "stuck", VERDICT_LOOK, VERDICT_OPENS_MESSAGE) \
	X(VERDICT_LEFTOVER, "leftover", VERDICT_LOOK, VERDICT_OPENS_LOG) \
	X(VERDICT_STORM, "storm", VERDICT_LOOK, VERDICT_OPENS_FAILED) \
	X(VERDICT_BACK_AGAIN, "back again", VERDICT_LOOK, \
		VERDICT_OPENS_MESSAGE) \
	X(VERDICT_UND, "und", VERDICT_LOOK, VERDICT_OPENS_UND) \
	X(VERDICT_OK, "ok", VERDICT_WELL, VERDICT_OPENS_QUEUE)

enum verdict_kind {
#define X(name, word, severity, opens) name,
	VERDICT_LIST(X)
#undef X
	VERDICT_COUNT
};

#define VERDICT_STORM_LEAST 20		/* failed in an hour, for one reason */
#define VERDICT_BACKLOG_SCANS 4
#define VERDICT_SILENT_SCANS 3

/* All zero: a connector that is not running and never was. Texts are borrowed
 * for the call; NULL is as good as "". */
struct verdict_facts {
	int64_t now;

	bool running;			/* a ccmqd holds `lock` */
	int64_t stopped_at;		/* its last sign of life or its end */
	bool ended_unclean;		/* it did not end in order */

	bool disk_low;			/* event 98 holds */
	bool disk_inodes_low;		/* … for want of inodes, not of bytes */
	uint64_t disk_free_bytes;
	uint64_t disk_min_bytes;	/* disk.min_free */

	const char *write_error;	/* of the last write, if it failed */

	int64_t last_sign_at;		/* the last scan of the running ccmqd */
	int64_t scan_interval_ms;	/* import.interval */

	bool breaker_open;
	uint64_t breaker_streak;	/* different messages in a row */
	enum outcome_class breaker_class;
	int breaker_code;		/* the result code, or -1 */
	int breaker_signal;		/* the signal, or 0 */

	bool held;
	bool draining;			/* held is not asked then */
	const char *hold_by;
	const char *hold_reason;
	int64_t hold_until;		/* 0: until someone resumes */

	uint64_t submit_waiting;
	bool submit_more;		/* there are more than were counted */
	int64_t submit_oldest_ms;	/* age of the oldest */

	int64_t running_id;		/* the oldest attempt, 0 for none */
	int64_t running_since;
	int64_t running_limit_ms;	/* import.timeout */

	uint64_t foreign_files;		/* in import/, not ours */

	uint64_t storm_count;		/* failed for one reason in an hour */
	int64_t storm_from;
	int64_t storm_to;
	const char *storm_reason;

	int64_t again_id;		/* failed after a retry, 0 for none */
	int64_t again_at;		/* when */
	unsigned again_times;		/* how often, at least 1 */
	bool rest_flows;		/* imports went on since again_at */

	uint64_t und_growth_per_hour;	/* bytes */
	int64_t disk_full_in_ms;	/* at this growth; 0: not foreseeable */

	int64_t last_import_at;
};

#define VERDICT_COLUMNS 76		/* of the sentence, without the sign */
#define VERDICT_BRIEF_COLUMNS 36	/* for screens of 40 columns */
#define VERDICT_BYTES 512		/* room for either in UTF-8 */

struct verdict {
	enum verdict_kind kind;
	enum verdict_severity severity;
	char text[VERDICT_BYTES];	/* printable, no full stop */
	char brief[VERDICT_BYTES];
	enum verdict_opens opens;
	int64_t opens_id;		/* for VERDICT_OPENS_MESSAGE */
};

/* Always fills all of *out. */
void verdict_judge(const struct verdict_facts *facts, struct verdict *out);

const char *verdict_word(enum verdict_kind kind);	/* "ok", "tripped" … */
const char *verdict_sign(enum verdict_severity severity);  /* two columns */

#endif
