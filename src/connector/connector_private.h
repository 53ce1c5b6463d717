/* SPDX-License-Identifier: ISC */
/*
 * connector_private: what the files connector_*.c share.
 *
 * A lane has something in hand: one message, or with a worker up to eight
 * batches, so that the worker has the next ones while the ends of the first are
 * written down. Each goes its own way through the states of enum hand_state;
 * what it says of the open transaction comes true, or is taken back, with it.
 *
 * Files from the ground up: moves, working copies (copy), life of a lane (lane),
 * the program or worker (program, worker), the end of one attempt (ending), which is next (begin),
 * the transaction of ends and beginnings (attempt), intake, care, beginning and
 * end of it all (life), the turn (connector.c).
 */
#ifndef CCMQ_CONNECTOR_PRIVATE_H
#define CCMQ_CONNECTOR_PRIVATE_H

#include "base/str.h"
#include "connector/arrivals.h"
#include "connector/connector.h"
#include "connector/listing.h"
#include "store/status_word.h"
#include "work/outcome.h"

#include <sys/stat.h>

#define IGNORED_MAX 1000	/* names in submit/ reported once a run */
#define BATCH_MAX 256		/* messages a worker gets at once */
#define BATCH_BYTES (8 << 20)	/* … of more than one message */
#define SPARES_MAX BATCH_MAX
#define HAND_MAX (16 * BATCH_MAX)	/* eight, and those whose ends are written */

enum stop_why {
	STOP_NONE,
	STOP_REQUEST,		/* a second SIGTERM, or its time is over */
	STOP_DISK,
	STOP_SILENT,		/* a worker past import.timeout */
	STOP_NONSENSE,		/* a worker that broke its contract */
};

enum hand_state {
	HAND_BEGUN,		/* recorded in the open transaction */
	HAND_RECORDED,		/* … and that is on disk: to be started */
	HAND_RUNNING,		/* the program has it */
	HAND_ENDED,		/* its end is known */
	HAND_WRITTEN,		/* … and stands in the open transaction */
};

struct in_hand {
	enum hand_state state;
	struct history_message message;	/* inode, size, mtime: the copy's */
	struct history_attempt attempt;
	int64_t test_action;		/* it is the test of that action */
	bool solo;			/* it is to have no company */
	bool control;			/* a message of our own */
	bool lost;			/* its file is gone */
	bool too_large;			/* there was no room for its copy */
	struct outcome_facts facts;
	char words[ERROR_TEXT_MAX];	/* for facts.words */
	int64_t und_start, und_end;	/* range that a worker named, or 0, 0 */
	struct stat copy;		/* as it was made */
	struct history_message after;	/* as written, until it is true */
};

struct lane {
	int number;			/* from 1 on */
	struct importer *importer;
	int dirfd;			/* import/ or import/N */
	char *dir;
	char *und_path;
	struct in_hand *hand[HAND_MAX];	/* in the order of their beginning */
	int count;
	enum stop_why stop;

	int spare_files, spare_count;	/* for copies: connector_copy.c */
	struct spare {
		int64_t id;		/* the directory was this message's */
		char *name;		/* of the copy in it; NULL: none */
	} spare_dirs[SPARES_MAX];

	bool blocked;			/* something of before lives on … */
	bool unusable;			/* … or its lock or files will not do */
	char why[200];
	int64_t clear_mono_ms;		/* next look at it */
	int64_t clear_pause_ms;
	bool blocked_told;

	/* a program, or a worker with its conversation */
	bool started;			/* it runs; its end will be told */
	bool finishing;			/* … and its input is closed */
	bool renew;			/* it gets nothing more */
	bool mute;			/* it closed its output */
	int64_t finish_mono_ms;		/* then it is ended */
	int64_t heard_mono_ms;		/* its last answer, or its first task */
	int64_t handed;			/* messages it was given */
	int64_t last_action;		/* that put back what it got last */
	struct str asks, answers;	/* not written, not understood yet */
	char nonsense[200];		/* what it did wrong */
	struct importer_result result;

	bool rotate;			/* its .und file, before it goes on */
	struct und_ahead *ahead;	/* ranges named beyond what is counted */
};

/* What the disk has no room for, and is not told of yet. */
struct too_large {
	int count;
	int64_t first;
	char name[SPOOL_NAME_MAX + 5];
};

struct connector {
	struct store store;
	struct status_word_writer word;	/* what is true whatever the disk says */
	struct settings settings;
	struct connector_options options;
	struct lane lanes[CONNECTOR_LANES_MAX];
	int lane_count;
	bool worker;			/* the program is one (no %f) */
	bool anew;			/* settings changed: look at it again when
					 * nothing runs */
	bool partial;			/* the program is told /PARTIAL */

	int inotify;			/* submit/ and the bell; -1 without */
	int submit_watch, bell_watch;
	struct spool_identity submit_at;	/* what submit_watch looks at */
	int64_t data_version;
	bool wake;			/* look for work in this turn */
	bool ran_dry;			/* when looked last, nothing waited */
	struct too_large too_large;
	int64_t look_mono_ms;		/* data_version looked at */

	bool stopping;
	int64_t stop_mono_ms;		/* what is in hand ends then */
	int64_t once_at;		/* --once: when it began, else 0 */
	bool once_scanned, once_over;
	int64_t once_failed;		/* attempts that did not import */
	char once_why[160];

	/* intake */
	struct listing *scan;		/* in progress, or NULL */
	int scan_batch;			/* messages at a time */
	int64_t take_mono_ms;		/* not before */
	bool scan_again;		/* something came meanwhile */
	bool takes_in;			/* as the last batch found it */
	int64_t scan_mono_ms;		/* next one */
	int64_t settle_in_ms;		/* something settles within, or -1 */
	int64_t waiting, ignored, oldest_at;	/* as this scan counts */
	ino_t ignored_seen[IGNORED_MAX];
	int ignored_count;
	struct arrivals *arrivals;	/* what inotify told of names */

	int64_t stuck_mono_ms;		/* next try of moves that are marked */
	int64_t stuck_pause_ms;		/* … growing; 0: there are none */
	char **stuck_names;		/* in submit/, with such a move */
	size_t stuck_count;
	int stuck_since;		/* … marked since they were listed */
	int moves_open;			/* to be carried out … */
	int64_t settle_mono_ms;		/* … then at the latest */

	/* care */
	bool disk_low, disk_written;	/* … as the history says */
	bool large_fits;		/* … the smallest that was too large */
	int64_t disk_mono_ms;
	int64_t care_mono_ms;		/* next step of retention */
	int64_t seal_mono_ms;		/* syslog is told the newest seal then */
	int64_t seal_told;		/* its transaction */
	int64_t clock_offset;		/* wall minus monotonic when last seen */
	int64_t retention_wait_ms;	/* left to run before retention */
	int64_t retention_mono_ms;	/* when that was last counted down */
	int64_t rotate_asked;		/* action that asks for a rotation */
	int64_t next_due_at;		/* of a deferred one, or NO_TIME */
	int64_t probe_at;		/* while tripped, else NO_TIME */
	int64_t control_due_at;		/* control.every, else NO_TIME */
	int64_t hold_until;
	bool held;			/* as the last transaction found it */
	int64_t job;			/* that it holds, or 0 */
	int job_lock;			/* … by this descriptor */
	bool job_failed;		/* its last turn, and that is logged */
	int64_t job_mono_ms;		/* its next turn, or next look for one */
	bool filled;			/* no change of before is untold */
	bool fill_waits;		/* for room */
	int64_t fill_mono_ms;		/* else the next step of that */
	int64_t begun;			/* attempts, for the late ones' turn */
	int lost_in_row;
	bool news;			/* a row changed in this transaction */
	char last_error[256];		/* as written to the row */
	int64_t error_mono_ms;		/* next try after a failed write */
	int errors;			/* turns that failed, in a row */
};

/* --- connector_moves.c ------------------------------------------------- */

/* m was written with an open move: it will be carried out soon. */
void connector_note_move(struct connector *c, const struct history_message *m);
/* Carries open moves out if it is time, or `now`, in a write transaction. 1
 * done, 0 not yet or none, -1. */
int connector_settle(struct connector *c, bool now, struct error *err);
/* The same in a transaction of its own, if there are too many to be left. 0 or
 * -1. */
int connector_settle_many(struct connector *c, struct error *err);

/* Tries what is marked again, if it is time; and which names in submit/ have
 * such a move, for a scan that begins. 0 or -1. */
int connector_try_stuck(struct connector *c, struct error *err);
int connector_list_stuck(struct connector *c, struct error *err);
bool connector_is_stuck(const struct connector *c, const char *name);
/* So many that it is submit/ itself: no more are taken in. */
bool connector_submit_stands(const struct connector *c);

/* Holds until a check if somebody could only leave a mark, for want of a
 * disk; in the caller's transaction. 1 it does, 0, -1. */
int connector_hold_if_marked(struct connector *c,
	struct history_connector *row, struct error *err);

/* --- connector_lane.c -------------------------------------------------- */

int connector_open_lanes(struct connector *c, struct error *err);
void connector_close_lanes(struct connector *c);

/* How many of its hand are in that state; whether anything is in hand that is
 * not written; in any lane. */
int lane_count_in(const struct lane *lane, enum hand_state state);
int lane_in_hand(const struct lane *lane);	/* not written */
bool lane_is_occupied(const struct lane *lane);
bool connector_any_busy(const struct connector *c);

/* A new place in its hand, zeroed; it must have room. */
struct in_hand *lane_add(struct lane *lane);
/* Drops what is not wanted any more. */
void lane_remove(struct lane *lane, int i);

/* Ends what runs in a lane, for that reason; its end comes as usual. */
void lane_stop(struct connector *c, struct lane *lane, enum stop_why why);
/* Nothing starts in it until it is cleared. */
void lane_block(struct lane *lane, bool unusable, const struct error *why);
/* What it kept for later copies is not its any more; the files stay. */
void lane_forget_spares(struct lane *lane);

/* Kills what an earlier attempt left behind in idle lanes, with a growing
 * pause; one that cannot be cleared is an event. 0 or -1. */
int connector_clear_lanes(struct connector *c, struct error *err);

/* --- connector_copy.c -------------------------------------------------- */

/* The private copy of one in hand. 0, or -1 with facts of its end set. */
int copy_make(struct connector *c, struct lane *lane, struct in_hand *h,
	struct error *err);
/* It goes; its attempt gets the word for what the program did to it: left,
 * deleted, changed. */
void copy_remove(struct connector *c, struct lane *lane, struct in_hand *h);
/* Nothing more is to be copied for now … */
void copy_keep_few(struct lane *lane);
/* … nor is there anything in hand. */
void copy_remove_spares(struct lane *lane);
void copy_remove_all(struct lane *lane);

/* --- connector_program.c, connector_worker.c ----------------------------- */

/* Starts what is recorded; looks for what has ended. */
void program_launch(struct connector *c, struct lane *lane);
void program_collect(struct connector *c, struct lane *lane);

/* It ends before the program had it. */
void lane_could_not_start(struct in_hand *h, const struct error *err);

void worker_launch(struct connector *c, struct lane *lane);
void worker_collect(struct connector *c, struct lane *lane);
/* What to poll for besides the end: 0 nothing. */
int worker_poll(struct connector *c, struct lane *lane, struct pollfd fds[2]);
/* May more be handed over, as far as the worker goes? How many? */
int worker_room(const struct connector *c, const struct lane *lane);
/* Lets it end when it has answered all: another one takes over. */
void worker_renew(struct lane *lane);
/* When it is to be looked at again, on the monotonic clock. */
int64_t worker_next_mono_ms(const struct connector *c,
	const struct lane *lane);

/* --- connector_control.c ----------------------------------------------- */

/* Is a control message due: asked for by that test (or NULL), as a probe, or
 * because it was quiet for long? */
bool connector_wants_control(struct connector *c,
	const struct history_connector *row, const struct history_action *test,
	bool probe);
/* When it has been quiet for control.every; HISTORY_NO_TIME: never. */
int64_t connector_control_due_at(const struct connector *c,
	const struct history_connector *row);
/* Begins one in a lane that is empty. 0 or -1. */
int connector_begin_control(struct connector *c, struct lane *lane,
	int64_t test_action, bool probe, struct error *err);
/* Writes it where a copy would stand. 0 or -1. */
int connector_write_control(struct connector *c, struct in_hand *h, int dirfd,
	struct stat *st_out, struct error *err);
/* What came of it, in the caller's transaction. 0 or -1. */
int connector_end_control(struct connector *c, struct in_hand *h,
	struct history_connector *row, struct error *err);

/* --- connector_ending.c ------------------------------------------------ */

/* The ends that are known, in the caller's transaction. 1 there were some, 0,
 * -1. */
int connector_end_some(struct connector *c, struct lane *lane,
	struct history_connector *row, struct error *err);

/* --- connector_begin.c ------------------------------------------------- */

/* Attempts in a lane with room, as many as may begin, in the caller's
 * transaction. 1 some, 0, -1. */
int connector_begin_in(struct connector *c, struct lane *lane,
	struct history_connector *row, struct error *err);

/* --- connector_seal.c -------------------------------------------------- */

void connector_tell_seal(struct connector *c);

/* --- connector_attempt.c ----------------------------------------------- */

/* Ends and beginnings, all in one write transaction. 1 something changed, 0,
 * -1. */
int connector_work(struct connector *c, struct error *err);

/* --- connector_intake.c ------------------------------------------------ */

/* inotify looks at the submit/ that is open: another one may have come to its
 * name. */
void connector_watch_submit(struct connector *c);
int connector_start_scan(struct connector *c, struct error *err);
/* One batch of a scan in progress. 1 more to come, 0 it is over, -1. */
int connector_take_in(struct connector *c, struct error *err);

/* --- connector_life.c -------------------------------------------------- */

/* What the settings say of the program, when nothing of it runs. */
void connector_look_at_program(struct connector *c);

/* --- connector_jobs.c -------------------------------------------------- */

/* A turn of a job that nobody holds. 0 or -1. */
int connector_turn_job(struct connector *c, struct error *err);

/* --- connector_fill.c --------------------------------------------------- */

/* A step of what an older history can tell, if it is time. 0 or -1. */
int connector_fill(struct connector *c, struct error *err);
void connector_drop_job(struct connector *c);

/* --- connector_care.c -------------------------------------------------- */

int connector_look_at_disk(struct connector *c, struct error *err);
/* A turn failed, whatever it came to: that it lives, and whether the disk is
 * low, stands in the status word all the same. */
void connector_show_life(struct connector *c);
int connector_care(struct connector *c, struct error *err);
int connector_rotate(struct connector *c, struct error *err);
void connector_guard(struct connector *c);
/* Is the clock of this start one to throw away by? */
int connector_look_at_clock(struct connector *c, struct error *err);

#endif
