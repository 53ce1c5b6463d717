/* SPDX-License-Identifier: ISC */
/*
 * store: the directories and the history together, one writer at a time.
 *
 * The directory says where a message is; the history says why. A change of
 * state is made so:
 *
 *	store_begin	takes write.lock (waits), looks whether the store is
 *			still what its names say, starts a transaction; the
 *			first of a hold finishes the moves that it finds open
 *	…		checks the state it starts from, changes rows,
 *			notes the move in the message's own row
 *	store_commit	makes that durable, rings the bell
 *	store_begin	again, under the same hold of the lock
 *	store_finish_moves	renames, fsyncs the directories, clears the moves
 *	store_commit
 *	store_end	checkpoints if the WAL is long, lets go of the lock
 *
 * Open moves are known from their rows alone, by an index that names them:
 * whoever takes the lock finishes them, whoever began them. Only the daemon may
 * leave some of its own open for a moment, so that one fsync serves them.
 *
 * While write.lock is held INT, TERM, QUIT, TSTP, TTIN, TTOU and HUP are
 * blocked, so that nobody stops with it. After store_begin has failed, and
 * after a failed store_commit, only store_end may follow.
 */
#ifndef CCMQ_STORE_H
#define CCMQ_STORE_H

#include "base/error.h"
#include "mail/ccmail_date.h"
#include "history/event.h"
#include "history/history.h"
#include "store/spool.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Rows in one write transaction: so long may somebody else wait. */
#define STORE_BATCH 1000

#define STORE_SIZE_MAX (INT64_C(1) << 50)	/* more is a lie; 0 in its row */
#define STORE_WHY_MAX 256
#define STORE_CONNECTOR "the connector"	/* who holds for a check, … */
#define STORE_REBUILD "check --rebuild"	/* … and while it is at it */

struct charset;

struct store {
	struct spool spool;
	struct history *history;
	char *path;
	const char *program;		/* not owned: "ccmqd", "ccmq" */
	bool writable;
	char read_only_why[STORE_WHY_MAX];	/* words, when it is not */
	int64_t lock_limit_ms;		/* -1: none */
	/* Called each waiting_ms (a second at first; at the least 20) while
	 * somebody else holds the lock, with who that is; false gives up. May
	 * be NULL. */
	bool (*waiting)(void *arg, const char *holder);
	void *waiting_arg;
	int64_t waiting_ms, waited_at;
	bool log_events;		/* to syslog as well (ccmqd) */
	bool daemon;			/* this is ccmqd: it moves out of
					 * submit/, and leaves moves open */

	/* private */
	bool locked, in_transaction, verified;
	sigset_t old_mask;
	struct spool_identity history_at;	/* history.db as opened */
	struct spool_identity wal_at;	/* 0: not seen yet */
	const char *anew;		/* a directory that was replaced, until
					 * that event is committed */
	int64_t given, committed;	/* ids that `lock` says are */
	int64_t highest;		/* … of a row not committed yet, or 0 */
	unsigned dirty;			/* directories to fsync, bits */
	char *their_submit, *their_import;	/* of a watched connector, or
					 * NULL */
	char code_page[33];		/* of headers; "": 437 */
	enum ccmail_date_order date_order;	/* of headers; 0: mdy */
	struct charset *charset;	/* made when first needed */
	char **log_lines;		/* to be logged after the commit */
	size_t log_count, log_cap;
	struct error unknown;		/* the first write of which it is not
					 * known whether it came true */
};

enum store_mode {
	STORE_READ,
	STORE_WRITE,
	STORE_WRITE_IF_ALLOWED,		/* else reads, and says why */
};

/* Makes a store. On one that has a history already: ERROR_STORE, nothing
 * touched. `submit`: where messages come in, "" for submit/ in the store (the
 * setting intake.submit). 0 or -1. */
int store_create(const char *path, const char *submit, struct error *err);

/* 0, or -1 with ERROR_STORE (or ERROR_READ_ONLY for want of permission). */
int store_open(struct store *s, const char *path, const char *submit,
	const char *program, enum store_mode mode, struct error *err);
/* As ccmqd: for writing, with no limit to the wait for the lock but what
 * `waiting` says; events go to syslog, moves may be left open for a moment. */
int store_open_daemon(struct store *s, const char *path, const char *submit,
	const char *program, bool (*waiting)(void *arg, const char *holder), void *arg,
	struct error *err);
void store_close(struct store *s);

/* Is it, and its history.db, still what is open? 0, or -1 with ERROR_STORE or
 * ERROR_REPLACED: whoever follows the store ends with that. Reads only. */
int store_is_there(struct store *s, struct error *err);

/* Is the store still what its names say, as each store_begin asks? Outside of a
 * hold of the lock; what was made anew is opened, and is an event. 0 or -1. */
int store_look_at_names(struct store *s, struct error *err);

int store_begin(struct store *s, struct error *err);
int store_commit(struct store *s, struct error *err);
void store_end(struct store *s);

/* Whether what a failed write left on disk is not known, so that trying again
 * would not tell: a fsync that failed once may say 0 the next time. Then
 * nothing starts before a check, by whichever connector. (A commit for which
 * there was no space can be tried again.) store_commit and store_finish_moves
 * ask by themselves. */
bool store_mark_if_unknown(struct store *s, const struct error *err);

/* Has that been so since it was opened, whoever passed over the failure? 0, or
 * -1 with the words of the first one. */
int store_is_known(const struct store *s, struct error *err);

/* The code page and the order of dates (mail.*) in which headers and reports
 * are read from now on. */
void store_use_mail(struct store *s, const char *code_page,
	enum ccmail_date_order date_order);

/* Where a connector that is watched has its files; "": none is. */
void store_use_theirs(struct store *s, const char *submit,
	const char *import);

/* That code page, open; NULL with err. It stays the store's. */
struct charset *store_charset(struct store *s, struct error *err);

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

/* What came of finishing moves. */
struct store_moves {
	int done, lost, stuck;
	/* Called for each that was not done, with why; may be NULL. m is lost,
	 * or its move is marked (move_stuck) and tried again by the daemon. */
	void (*not_done)(void *arg, const struct history_message *m,
		const char *why);
	void *arg;
};

/*
 * Carries out the open moves, in a write transaction: renames (what came out of
 * submit/ and is not the file that was read is read anew, or quarantined),
 * fsyncs the directories, clears the moves. One that cannot be carried out
 * becomes an event and a mark, and stops nobody; a message whose file is in no
 * place is lost; ten of those hold the store. Adds to *out. 0, or -1 when the
 * history cannot be written or a fsync failed.
 */
int store_finish_moves(struct store *s, struct store_moves *out,
	struct error *err);

/* The same for those that are marked (ccmqd, with a growing pause). */
int store_try_stuck(struct store *s, struct store_moves *out,
	struct error *err);

/* Nothing starts before a check that finds nothing: into the row, and that into
 * the history, in a write transaction. A person's hold stays beside it. 0 or
 * -1. */
int store_hold_for_check(struct store *s, struct history_connector *row,
	const char *why, struct error *err);

/* A new message into the history, in a write transaction; m->id is set. Its id
 * is above all that were ever given, also by a history that is no more. 0 or
 * -1. */
int store_add_message(struct store *s, struct history_message *m,
	struct error *err);

/* What delivery relies on, in CCMQ_ID: "<store uuid>-<id>-<key>"; without the
 * last for a message of a history before version 3. Freed by the caller. One
 * that was made of another's file (store_part_key) has that one's, a dot and
 * its number in there: so the import program knows what it did deliver of it. */
char *store_message_key(const struct store *s,
	const struct history_message *m);

/* The key of a new message that is number `part` of the file of `of`. Freed by
 * the caller. Of one that goes by such a key already, number 1 has its own. */
char *store_part_key(const struct history_message *of, int64_t part);

/* Is this still the file that m's row tells of: a regular one with one link,
 * its inode, size and mtime? */
bool store_is_same_file(const struct history_message *m,
	const struct stat *st);

/* Where a message's file is now, as a mere reader: the target of an open
 * move, its source, the target again, else its state's directory. Opens it.
 * Descriptor, or -1 (ERROR_NOT_FOUND: nowhere). */
int store_open_message(const struct store *s, const struct history_message *m,
	struct stat *st_out, enum spool_dir *dir_out, struct error *err);

/* The directory a message belongs to when no move is open. */
enum spool_dir store_home(const struct history_message *m);

#define STORE_CONTENT_MAX (INT64_C(64) << 20)	/* of a larger file nobody
					 * waits for the sum */
#define STORE_CONTENT_HEX 33		/* 32 hex digits: the first half of
					 * the SHA-256 of its bytes */

struct message_source;

/* What a file's bytes are known by: "" of a larger one. 0 or -1. */
int store_content(const struct message_source *src,
	char out[STORE_CONTENT_HEX], struct error *err);

/* A row for a file that was dropped as name, whatever is in it. */
void store_new_message(struct history_message *m, const char *name,
	size_t len);

/* Reads from, to, subject and date out of the open file into m (releasing
 * what was there), bounded; a file that is not a message leaves them NULL. And
 * what its content is known by.
 * 0 or -1. */
int store_read_header(struct store *s, struct history_message *m, int fd,
	const struct stat *st, struct error *err);

#endif
