/* SPDX-License-Identifier: ISC */
/*
 * verdict: the sentences that say how things are.
 *
 * A closed table, one row each; its order is their rank. Of
 * the rows that are true the first is the verdict; the others follow it, so
 * that a milder one never hides a worse one. Row 2 of the console, `ccmq
 * status` and panels say the same words. Pure: facts in, sentences out; no
 * files, no clock. Local times use the process's time zone.
 *
 * "All well" (VERDICT_OK) is what is left when no row is true: so a fact that
 * nobody fills is a fault that nobody is told. status.h fills them, by looking.
 *
 * Foreign texts among the facts (reasons, names, errors) need not be
 * printable: they are made so and cut here. Times are wall times in ms, 0
 * means unknown or never; spans are in ms. A number that is a message is
 * written #1042, a count never is.
 */
#ifndef CCMQ_VERDICT_H
#define CCMQ_VERDICT_H

#include "base/clock.h"
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
	VERDICT_OPENS_WORK,
	VERDICT_OPENS_MESSAGE,		/* opens_id */
};

enum verdict_severity {
	VERDICT_WELL,			/* "  " */
	VERDICT_LOOK,			/* "! " somebody should look */
	VERDICT_ACT,			/* "!!" a person must act */
};

/* name, its rows' functions (verdict_private.h), word in --json and settings,
 * severity, what `a` opens */
#define VERDICT_LIST(X) \
	X(REPLACED, replaced, "replaced", VERDICT_ACT, VERDICT_OPENS_LOG) \
	X(STORE, store, "store", VERDICT_ACT, VERDICT_OPENS_LOG) \
	X(DISK, disk, "disk", VERDICT_ACT, VERDICT_OPENS_TRASH) \
	X(STOPPED, stopped, "stopped", VERDICT_ACT, VERDICT_OPENS_QUEUE) \
	X(SILENT, silent, "silent", VERDICT_ACT, VERDICT_OPENS_QUEUE) \
	X(RESTARTS, restarts, "restarts", VERDICT_ACT, VERDICT_OPENS_LOG) \
	X(TRIPPED, tripped, "tripped", VERDICT_ACT, VERDICT_OPENS_FAILED) \
	X(LOOP, loop, "loop", VERDICT_ACT, VERDICT_OPENS_MESSAGE) \
	X(PATH, path, "path", VERDICT_ACT, VERDICT_OPENS_LOG) \
	X(LANE, lane, "lane", VERDICT_ACT, VERDICT_OPENS_MESSAGE) \
	X(MOVES, moves, "moves", VERDICT_ACT, VERDICT_OPENS_LOG) \
	X(STUCK, stuck, "stuck", VERDICT_LOOK, VERDICT_OPENS_MESSAGE) \
	X(BLOCKED, blocked, "blocked", VERDICT_LOOK, VERDICT_OPENS_MESSAGE) \
	X(WAITING, waiting, "waiting", VERDICT_LOOK, VERDICT_OPENS_QUEUE) \
	X(UND, und, "und", VERDICT_LOOK, VERDICT_OPENS_UND) \
	X(BACKLOG, backlog, "backlog", VERDICT_LOOK, VERDICT_OPENS_LOG) \
	X(LEFTOVER, leftover, "leftover", VERDICT_LOOK, VERDICT_OPENS_LOG) \
	X(HELD, held, "held", VERDICT_LOOK, VERDICT_OPENS_QUEUE) \
	X(JOB, job, "job", VERDICT_LOOK, VERDICT_OPENS_WORK) \
	X(STORM, storm, "storm", VERDICT_LOOK, VERDICT_OPENS_FAILED) \
	X(DOUBTFUL, doubtful, "doubtful", VERDICT_LOOK, \
		VERDICT_OPENS_FAILED) \
	X(BACK_AGAIN, again, "back_again", VERDICT_LOOK, \
		VERDICT_OPENS_MESSAGE) \
	X(WAL, wal, "wal", VERDICT_LOOK, VERDICT_OPENS_LOG) \
	X(BUSY, busy, "busy", VERDICT_WELL, VERDICT_OPENS_QUEUE) \
	X(SUSPECTS, suspects, "suspects", VERDICT_WELL, \
		VERDICT_OPENS_FAILED) \
	X(FAILED, failed, "failed", VERDICT_WELL, VERDICT_OPENS_FAILED) \
	X(OK, ok, "ok", VERDICT_WELL, VERDICT_OPENS_QUEUE)

enum verdict_kind {
#define X(name, row, word, severity, opens) VERDICT_##name,
	VERDICT_LIST(X)
#undef X
	VERDICT_COUNT
};

#define VERDICT_STORM_LEAST 20		/* failed in an hour, for one reason */
#define VERDICT_SCANS 4			/* so long may what is due wait */
#define VERDICT_SILENT_SCANS 3
#define VERDICT_RESTARTS_MS (15 * 60000)
#define VERDICT_WAL_BYTES ((uint64_t)64 << 20)
#define VERDICT_BLOCKED_TIMES 5		/* what the last ones took */
#define VERDICT_BLOCKED_LEAST_MS 5000

/* All zero: a connector that is not running and never was. Texts are borrowed;
 * NULL is as good as "". */
struct verdict_facts {
	int64_t now;
	int64_t scan_interval_ms;	/* import.interval */

	/* the store */
	int64_t replaced_at;		/* history.db was, 0: it was not */
	bool replaced_running;		/* … and ccmqd has not ended yet */
	const char *write_error;	/* the last write failed with that */
	int64_t write_error_at;
	bool needs_check;		/* held until a check … */
	const char *check_why;
	bool disk_told;			/* a running ccmqd says so itself: */
	bool disk_low;			/* a running ccmqd stands for it … */
	int64_t disk_low_at;		/* … since then; 0: not known */
	uint64_t disk_free_bytes;
	uint64_t disk_min_bytes;	/* disk.min_free; 0: not asked */
	bool disk_inodes_low;
	uint64_t wal_bytes;
	int64_t wal_pid;		/* who holds a read open, 0: unknown */
	const char *wal_program;

	/* the connector */
	bool running;			/* a ccmqd holds `lock` */
	int64_t pid;
	int64_t stopped_at;		/* its end, or its last sign of life */
	bool ended_unclean;		/* it did not end in order */
	const char *end_why;
	int64_t last_sign_at;		/* the last scan of the running ccmqd */
	const char *lock_holder;	/* of write.lock, if it is waited for */
	unsigned bad_ends;		/* within VERDICT_RESTARTS_MS */
	int64_t bad_ends_from;
	const char *bad_end_why;	/* of the newest */
	bool held;
	bool draining;			/* held is not asked then */
	const char *hold_by;
	const char *hold_reason;
	int64_t hold_until;		/* 0: until someone resumes */

	/* the breaker */
	bool breaker_open;
	uint64_t breaker_streak;	/* different messages in a row */
	enum outcome_class breaker_class;
	int breaker_code;		/* the result code, or -1 */
	int breaker_signal;		/* the signal, or 0 */
	bool breaker_mixed;		/* more than one result … */
	bool breaker_classes;		/* … and of more than one class */

	/* a watched connector's loop, the control message */
	bool watches;			/* … it is another's, and only looked at */
	const char *their_submit, *their_import;
	const char *loop_path;		/* where its file is */
	const char *loop_name;
	int64_t loop_id;
	uint64_t loop_tries;
	int64_t loop_since;
	int64_t path_at;		/* the newest one failed, 0: it did not */
	int path_code;			/* or -1 */
	const char *path_words;

	/* what cannot be done */
	int lane;			/* that cannot be cleared, or 0 */
	int64_t lane_pid, lane_id, lane_since;	/* or 0 each */
	bool lane_unusable;		/* nobody holds it */
	uint64_t moves;			/* that could not be carried out */
	const char *moves_from, *moves_to;	/* directories, of one */
	const char *moves_why;
	uint64_t lost;			/* within a day */
	int64_t lost_at;		/* the newest */

	/* the importer, and what waits for it */
	int64_t hand_id;		/* the oldest it has, 0 for none */
	int64_t hand_since;
	uint64_t hand_count;
	int64_t hand_limit_ms;		/* import.timeout */
	int64_t answer_at;		/* its last answer */
	int64_t usual_ms;		/* what the last hundred took */
	uint64_t waiting;		/* queued behind it */
	uint64_t due;			/* queued, or deferred and due */
	bool due_more;			/* there are more than were counted */
	int64_t due_since;		/* of the oldest */
	uint64_t vain;			/* tried again and again … */
	int64_t vain_since;		/* … and when the first of them came */
	int64_t last_import_at;
	uint64_t imported_per_minute;
	uint64_t submit_waiting;
	bool submit_more;		/* there are more than were counted */
	int64_t submit_oldest_ms;	/* age of the oldest */
	uint64_t foreign_files;		/* in import/, not ours */
	const char *foreign_names;	/* "old.und, X.TMP" */
	uint64_t und_growth_per_hour;	/* bytes */
#define VERDICT_SOON_MS (30 * CLOCK_DAY)	/* later is not told */
	int64_t disk_full_in_ms;	/* at this growth; 0: not foreseeable */

	/* work */
	const char *job_by;		/* of one that paused by itself */
	const char *job_verb;
	const char *job_why;		/* "3 failed again, code 5" */
	uint64_t job_done, job_total;

	/* what failed */
	uint64_t storm_count;		/* for one reason in an hour */
	int64_t storm_from;
	int64_t storm_to;
	const char *storm_reason;
	uint64_t doubtful;		/* may have been delivered */
	bool doubtful_more;		/* there are more than were counted */
	int64_t doubtful_at;		/* since the newest may */
	enum outcome_class doubtful_class;	/* of them all, or none's */
	const char *doubtful_why;	/* in words; NULL: of several kinds */
	bool doubtful_wait;		/* none of them is in Failed */
	int64_t again_id;		/* failed after a retry, 0 for none */
	int64_t again_at;		/* when */
	unsigned again_times;		/* how often, at least 1 */
	bool rest_flows;		/* imports went on since again_at */
	uint64_t suspects;
	uint64_t failed;
	int64_t failed_at;		/* the newest */
	uint64_t aside;			/* in quarantine/, by no person */
	int64_t aside_at;		/* the newest */

	/* Who has a verdict's message or cause in hand; NULL:
	 * nobody. */
	const char *mine[VERDICT_COUNT];
};

#define VERDICT_COLUMNS 74		/* of the sentence: beside it stand the
					 * sign and " +2" */
#define VERDICT_BRIEF_COLUMNS 36	/* for screens of 40 columns */
#define VERDICT_BYTES 512		/* room for either in UTF-8 */

struct verdict {
	enum verdict_kind kind;
	enum verdict_severity severity;
	char text[VERDICT_BYTES];	/* printable, no full stop */
	char brief[VERDICT_BYTES];
	enum verdict_opens opens;
	int64_t opens_id;		/* for VERDICT_OPENS_MESSAGE */
	unsigned more;			/* others that are true as well */
};

/* All that are true, the worst first; VERDICT_OK alone if none is. How many:
 * at least 1. */
unsigned verdict_all(const struct verdict_facts *facts,
	enum verdict_kind out[VERDICT_COUNT]);

bool verdict_holds(const struct verdict_facts *facts, enum verdict_kind kind);

/* Has something been due for longer than four scans? Else WAITING and BUSY
 * speak of what is tried in vain. */
bool verdict_due_for_long(const struct verdict_facts *facts);

/* One that is true, in words; all of *out but `more` is filled. */
void verdict_say(const struct verdict_facts *facts, enum verdict_kind kind,
	struct verdict *out);

const char *verdict_word(enum verdict_kind kind);	/* "ok", "tripped" … */
/* Of a word, `-` and a blank as good as `_`, any case. */
bool verdict_parse(const char *word, enum verdict_kind *out);
enum verdict_severity verdict_severity(enum verdict_kind kind);
const char *verdict_severity_word(enum verdict_severity s);	/* ok look act */
const char *verdict_sign(enum verdict_severity severity);  /* two columns */

/* "40 s", "4 min", "19 h", "15 days": whole units, rounded down; tenths of a
 * second below ten of them where `fine`. */
const char *verdict_span(char out[24], int64_t ms, bool fine);

#endif
