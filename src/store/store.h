/*
 * store: the directories and the history together, one writer at a time.
 *
 * The directory says where a message is; the history says why. A change of
 * state is made so:
 *
 *	store_begin	takes write.lock (waits), starts a transaction
 *	…		checks the state it starts from, changes rows,
 *			notes the move in the message's own row
 *	store_commit	makes that durable, rings the bell
 *	store_begin	again, under the same hold of the lock
 *	store_finish_move …	renames
 *	store_settle	fsyncs the directories, clears the moves
 *	store_commit
 *	store_end	checkpoints if the WAL is long, lets go of the lock
 *
 * While write.lock is held INT, TSTP, TTIN, TTOU and HUP are blocked, so that
 * nobody stops with it. After store_begin has failed, and after a failed
 * store_commit, only store_end may follow.
 */
#ifndef CCMQ_STORE_H
#define CCMQ_STORE_H

#include "base/error.h"
#include "history/event.h"
#include "history/history.h"
#include "store/spool.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Rows in one write transaction: so long may somebody else wait. */
#define STORE_BATCH 1000

struct charset;
struct store_move;

struct store {
	struct spool spool;
	struct history *history;
	char *path;
	const char *program;		/* not owned: "ccmqd", "ccmq" */
	bool writable;
	char read_only_why[160];	/* words, when it is not */
	int64_t lock_limit_ms;		/* -1: none */
	/* Called each waiting_ms (a second at first; at the least 20) while
	 * somebody else holds the lock, with who that is; false gives up. May
	 * be NULL. */
	bool (*waiting)(void *arg, const char *holder);
	void *waiting_arg;
	int64_t waiting_ms, waited_at;
	bool log_events;		/* to syslog as well (ccmqd) */

	/* private */
	bool locked, in_transaction;
	sigset_t old_mask;
	unsigned dirty;			/* directories to fsync, bits */
	struct store_move *moves;	/* done, to be cleared */
	size_t move_count, move_cap;
	struct charset *charset;	/* of headers; made when first needed */
	char **log_lines;		/* to be logged after the commit */
	size_t log_count, log_cap;
};

enum store_mode {
	STORE_READ,
	STORE_WRITE,
	STORE_WRITE_IF_ALLOWED,		/* else reads, and says why */
};

/* Makes a store. On one that has a history already: ERROR_STORE, nothing
 * touched. 0 or -1. */
int store_create(const char *path, struct error *err);

/* 0, or -1 with ERROR_STORE (or ERROR_READ_ONLY for want of permission). */
int store_open(struct store *s, const char *path, const char *program,
	enum store_mode mode, struct error *err);
void store_close(struct store *s);

int store_begin(struct store *s, struct error *err);
int store_commit(struct store *s, struct error *err);
void store_end(struct store *s);

/* Whether what a failed write left on disk is not known, so that trying again
 * would not tell: a fsync that failed once may say 0 the next time. Then
 * nothing starts before a check, by whichever connector. (A commit for which
 * there was no space can be tried again.) store_commit, store_sync and
 * store_settle ask by themselves. */
bool store_mark_if_unknown(struct store *s, const struct error *err);

/* Brings an older history up to date (history_upgrade), under the lock. */
int store_upgrade(struct store *s, struct error *err);

/* Between two batches of a long list, without the lock: lets those who wait
 * for it have it. Who takes it again at once is always faster than they. */
void store_give_way(void);

/* Only the lock, for work that is not a transaction (check). */
int store_lock(struct store *s, struct error *err);

/* An event: into the history now, to syslog after the commit. 0 or -1. */
int store_event(struct store *s, enum event number, int64_t message,
	struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Notes in m that its file goes from one directory to another. The caller
 * writes m. m must have no open move. */
void store_note_move(struct history_message *m, enum spool_dir from,
	enum spool_dir to);

/*
 * Carries out the open move of m, in a write transaction, and remembers it to
 * be cleared by store_settle. Returns
 *   1  done (or was done already): m's move is cleared in m and will be in
 *	the history; if it came out of submit/ and is not the file that was
 *	read, m has been read anew, or is quarantined (with a new move, which
 *	has been carried out as well)
 *   0  not done: it is lost (m says so), or its file is in two places (event
 *	given, move left open); err has the words
 *  -1  failed
 */
int store_finish_move(struct store *s, struct history_message *m,
	struct error *err);

/* fsyncs what finished moves touched: before a message whose move was just
 * finished gets another, or a power loss could leave its file where neither
 * says. 0 or -1. */
int store_sync(struct store *s, struct error *err);

/* fsyncs what finished moves touched and clears them, in a write
 * transaction. 0 or -1. */
int store_settle(struct store *s, struct error *err);

/* How many moves wait for store_settle. */
size_t store_unsettled(const struct store *s);

/* Finishes every open move in the history, in batches, with transactions of
 * its own; *lost_out counts those found lost. 0 or -1. */
int store_finish_all(struct store *s, int *lost_out, struct error *err);

/* Where a message's file is now, as a mere reader: the target of an open
 * move, its source, the target again, else its state's directory. Opens it.
 * Descriptor, or -1 (ERROR_NOT_FOUND: nowhere). */
int store_open_message(const struct store *s, const struct history_message *m,
	struct stat *st_out, enum spool_dir *dir_out, struct error *err);

/* The directory a message belongs to when no move is open. */
enum spool_dir store_home(const struct history_message *m);

/* Reads from, to, subject and date out of the open file into m (releasing
 * what was there), bounded; a file that is not a message leaves them NULL.
 * 0 or -1. */
int store_read_header(struct store *s, struct history_message *m, int fd,
	const struct stat *st, struct error *err);

#endif
