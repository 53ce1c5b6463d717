/* connector_private: what the files connector*.c share. */
#ifndef CCMQ_CONNECTOR_PRIVATE_H
#define CCMQ_CONNECTOR_PRIVATE_H

#include "connector/connector.h"
#include "store/status_word.h"
#include "work/outcome.h"

#include <dirent.h>

#define IGNORED_MAX 1000	/* names in submit/ reported once a run */

enum stop_why {
	STOP_NONE,
	STOP_REQUEST,		/* a second SIGTERM */
	STOP_DISK,
};

struct lane {
	int number;			/* from 1 on */
	struct importer *importer;
	int dirfd;			/* import/ or import/N */
	char *dir;
	char *und_path;
	bool busy;			/* an attempt is recorded and not ended */
	bool started;			/* … and its program was started */
	bool ended;			/* … and its end is known */
	bool written;			/* … and in the open transaction */
	struct {			/* begun in the open transaction */
		bool set;
		struct history_message message;
		struct history_attempt attempt;
		int64_t test_action;
	} next;
	bool blocked;			/* something of before lives on */
	enum stop_why stop;
	struct history_message message;
	struct history_attempt attempt;
	int64_t test_action;		/* it is the test of that action */
	struct outcome_facts facts;
	char words[ERROR_TEXT_MAX];	/* for facts.words */
	struct importer_result result;
	int64_t started_mono_ms;
};

struct connector {
	struct store store;
	struct status_word_writer word;	/* what is true whatever the disk says */
	struct settings settings;
	struct connector_options options;
	struct lane lanes[CONNECTOR_LANES_MAX];
	int lane_count;
	char *uuid_prefix;		/* "<store uuid>-" */
	bool partial;			/* the program is told /PARTIAL */

	int inotify;			/* submit/ and the bell; -1 without */
	int submit_watch, bell_watch;
	int64_t data_version;
	bool wake;			/* look for work in this turn */
	int64_t look_mono_ms;		/* data_version looked at */

	bool stopping;
	int64_t once_at;		/* --once: when it began, else 0 */
	bool once_scanned, once_over;
	int64_t once_failed;		/* attempts that did not import */
	char once_why[160];

	/* intake */
	DIR *scan;			/* in progress, or NULL */
	bool scan_again;		/* something came meanwhile */
	int64_t scan_mono_ms;		/* next one */
	int64_t waiting, ignored, oldest_at;	/* as this scan counts */
	ino_t ignored_seen[IGNORED_MAX];
	int ignored_count;

	int64_t stuck_mono_ms;		/* next try of moves that are marked */
	int64_t stuck_pause_ms;		/* … growing; 0: there are none */
	char **stuck_names;		/* in submit/, with such a move */
	size_t stuck_count;
	bool moves_open;		/* to be carried out … */
	int64_t settle_mono_ms;		/* … then at the latest */

	/* care */
	bool disk_low;
	int64_t disk_mono_ms;
	int64_t care_mono_ms;		/* next step of retention */
	int64_t clock_offset;		/* wall minus monotonic at start */
	int64_t retention_from_mono_ms;	/* not before: the clock was set */
	int64_t next_due_at;		/* of a deferred one, or NO_TIME */
	int64_t probe_at;		/* while tripped, else NO_TIME */
	int64_t hold_until;
	bool one_by_one;		/* after an unclean end */
	int lost_in_row;
	bool refused;			/* a test, in the open transaction */
	char last_error[256];		/* as written to the row */
	int64_t error_mono_ms;		/* next try after a failed write */
	int errors;			/* turns that failed, in a row */
};

/* connector_intake.c */
int connector_start_scan(struct connector *c, struct error *err);
/* One batch of a scan in progress. 1 more to come, 0 it is over, -1. */
int connector_take_in(struct connector *c, struct error *err);

/* connector_attempt.c: ends and beginnings, all in one write transaction. 1
 * something changed, 0, -1. */
int connector_work(struct connector *c, struct error *err);

/* connector_begin.c: an attempt in a free lane, if there is one to begin, in
 * the caller's transaction. 1, 0, -1. */
int connector_begin_in(struct connector *c, struct lane *lane,
	struct history_connector *row, struct error *err);

/* connector_ending.c: one lane's end, in the caller's transaction; *m_out is
 * the message as it is now. 0 or -1. */
int connector_end_one(struct connector *c, struct lane *lane,
	struct history_connector *row, struct history_message *m_out,
	struct error *err);

/* connector_program.c: starts what has begun; looks for what has ended */
void connector_launch(struct connector *c);
void connector_collect(struct connector *c);

/* connector_care.c */
int connector_look_at_disk(struct connector *c, struct error *err);
int connector_care(struct connector *c, struct error *err);
int connector_rotate(struct connector *c, struct error *err);
void connector_guard(struct connector *c);

/* m was written with an open move: it will be carried out soon. */
void connector_note_move(struct connector *c, const struct history_message *m);
/* Carries open moves out if it is time, or `now`, in a write transaction. 1
 * done, 0 not yet or none, -1. */
int connector_settle(struct connector *c, bool now, struct error *err);

/* Tries what is marked again, if it is time; and which names in submit/ have
 * such a move, for a scan that begins. 0 or -1. */
int connector_try_stuck(struct connector *c, struct error *err);
int connector_list_stuck(struct connector *c, struct error *err);
bool connector_is_stuck(const struct connector *c, const char *name);

/* A lane runs something, or will after this transaction; any of them. */
bool connector_is_occupied(const struct lane *lane);
bool connector_any_busy(const struct connector *c);

/* Holds until a check if somebody could only leave a mark, for want of a
 * disk; in the caller's transaction. 1 it does, 0, -1. */
int connector_hold_if_marked(struct connector *c,
	struct history_connector *row, struct error *err);

#endif
