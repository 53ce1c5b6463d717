/* SPDX-License-Identifier: ISC */
/*
 * history_message: the history's rows of messages, and lists of them. See
 * history.h, which includes this, for the handle, who may call what when, and
 * errors.
 */
#ifndef CCMQ_HISTORY_MESSAGE_H
#define CCMQ_HISTORY_MESSAGE_H

#include "base/error.h"
#include "history/match.h"
#include "history/state.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_NO_TIME INT64_MIN	/* a time that is not known: NULL */
#define HISTORY_NO_CODE INT32_MIN	/* no result code: NULL */
#define HISTORY_PAGE 500		/* rows a call copies out at the most */

struct history;

/* --- messages ---------------------------------------------------------- */

struct history_message {
	int64_t id;
	char *name;			/* reduced: safe in a path */
	char *true_name;		/* as dropped, raw bytes */
	size_t true_name_len;
	char *key;			/* 16 hex digits, random at intake; ""
					 * in rows of before version 3 */
	enum state state;
	int64_t since;			/* in that state */
	enum state from_state;		/* what restore goes back to */
	char *move_from;		/* open move, or NULL; "" is nowhere */
	char *move_to;
	bool move_stuck;		/* … that could not be carried out */
	int64_t inode, mtime_ns;	/* of the file as taken in */
	int64_t size;
	int64_t received_at;
	char *from;			/* UTF-8; NULL unknown, as all four */
	char *to;			/* addresses, a line feed between */
	char *subject;
	char *date_text;
	int64_t date_at;
	int64_t attempts;		/* all of them */
	int64_t tries;			/* since the last retry */
	int64_t rejected, crashed, unavailable;	/* counted, since then */
	int64_t retries;		/* by people, ever */
	int64_t failures;		/* times it came to failed, ever */
	int64_t failed_at;		/* end of the last attempt that did not
					 * import it, or NO_TIME; verbs leave
					 * it alone */
	int code;			/* HISTORY_NO_CODE if none */
	int signal;			/* that ended the last attempt, or 0 */
	char *class;			/* word, or NULL before an attempt */
	char *reason;			/* the importer's or the .und's */
	int64_t cause;			/* cause.id, 0 none */
	int64_t imports_seen;		/* imports counter at last attempt */
	int64_t next_attempt_at;	/* HISTORY_NO_TIME unless deferred */
	bool late;			/* put back by a job: one place in
					 * eight while others wait */
	bool alone;			/* interrupted among several: its next
					 * attempt has company of nobody */
	bool too_large;			/* deferred until the disk has room */
	int64_t rereads;		/* times its file changed meanwhile */
	bool suspect;
	bool maybe_delivered;
	bool doubt;			/* … and nobody has decided since */
	int64_t und_bytes, und_entries;
	int64_t changed_by;		/* action.id of the last change, or 0 */
	int64_t put_back_by;		/* action.id that put it back last */
	char *action_reason;		/* a person's */
	char *action_by;
	char *noted_verb;		/* to be done when the attempt ends */
	int64_t noted_action;
	int64_t parent;			/* message it was made from, or 0 */
	int64_t parts;			/* messages in its file that are
					 * messages of their own now */
	char *content;			/* of its file's bytes, see
					 * STORE_CONTENT_MAX; "" not known */
	bool control;			/* a control message: it was never mail */
	bool watched;			/* its file is a watched connector's: in
					 * submit (queued), import (importing)
					 * or bad (failed) over there */
	bool kept;			/* imported, and a copy is in imported/ */
	int64_t txn;			/* the transaction that wrote the row
					 * last; set by who writes it */

	/* Not columns: as it was read, and the attempt that changes it, for
	 * the row of the change. */
	enum state was;
	int64_t was_since, attempt;
};

void history_message_release(struct history_message *m);

/* 1 got it, 0 no such id, -1. */
int history_message_get(struct history *h, int64_t id,
	struct history_message *out, struct error *err);

/* A new message; every field but id is taken from m; id_out gets the id. With
 * no key in m it gets one. */
int history_message_add(struct history *h, const struct history_message *m,
	int64_t *id_out, struct error *err);

/* The message that has content, with an id above `after`: 1, 0, -1. */
int history_message_content(struct history *h, const char *content,
	int64_t after, struct history_message *out, struct error *err);

/* The next message that was made from `parent`, id > after: 1, 0, -1. */
int history_child_next(struct history *h, int64_t parent, int64_t after,
	int64_t *id_out, struct error *err);

/* Was anything imported, here or by a connector that was watched, whose content
 * is not known? 1, 0, -1. */
int history_content_unknown(struct history *h, struct error *err);

/* Another key, for a file that is not what was attempted before. 0 or -1. */
int history_message_new_key(struct history_message *m, struct error *err);

/* Puts a message back under its own id (rebuild). */
int history_message_put(struct history *h, const struct history_message *m,
	struct error *err);

/*
 * Writes the row if it is still in state `was`; m comes from this transaction.
 * A change of state is a row of `change`, but the way into importing. 1 done,
 * 0 it is not, -1.
 */
int history_message_update(struct history *h, const struct history_message *m,
	enum state was, struct error *err);
/* The same, but for what the file is (HISTORY_MESSAGE_FILE_LIST): m has not
 * changed that. It leaves the indexes over that alone. */
int history_message_update_state(struct history *h,
	const struct history_message *m, enum state was, struct error *err);
/* The same of the way into importing: state, since, attempts, tries; not changed
 * by a person, with no next attempt. */
int history_message_begin(struct history *h, const struct history_message *m,
	enum state was, struct error *err);

/* Ends the open move of id; marks one that cannot be carried out. 0 or -1. */
int history_move_clear(struct history *h, int64_t id, struct error *err);
int history_move_stuck(struct history *h, int64_t id, struct error *err);
/* Ends all open moves that are not marked, up to an id; those out of submit/
 * only if with_submit. 0 or -1. */
int history_moves_clear(struct history *h, int64_t last, bool with_submit,
	struct error *err);

/* Messages with an open move, those that are marked or those that are not, as
 * history_places. Number or -1. */
int history_moves(struct history *h, bool stuck, int64_t after, int limit,
	struct history_message *rows_out, struct error *err);

/* How many moves are open and not marked, counted up to max; or -1. */
int history_moves_open(struct history *h, int64_t max, struct error *err);

/* The message to be tried next: the lower id of the oldest queued and the
 * first deferred that is due; those that are late come after, or first of all
 * when late_first. What is too large for the disk is passed over; now
 * HISTORY_NO_TIME: and all that is deferred. 1, 0 none, -1. */
int history_next_due(struct history *h, int64_t now, bool late_first,
	struct history_message *out, struct error *err);

/* For a probe: a never-attempted one, youngest or oldest; else the one whose
 * last attempt is longest ago. 1, 0, -1. */
int history_next_probe(struct history *h, bool youngest,
	struct history_message *out, struct error *err);

/* When the next deferred message is due; HISTORY_NO_TIME if none. */
int history_next_due_at(struct history *h, int64_t *out, struct error *err);

/* Everything deferred with class unavailable is due now. */
int history_unavailable_due(struct history *h, int64_t now,
	struct error *err);

/* What was too large for the disk and is at most `room` is due. The number of
 * them, or -1. */
/* The size of the smallest that waits for room. 1, 0 none waits, -1. */
int history_too_large_least(struct history *h, int64_t *size_out,
	struct error *err);
int history_too_large_due(struct history *h, int64_t now, int64_t room,
	struct error *err);

/* What is deferred to later than `latest` (a clock was wrong) is due now.
 * The number of them, or -1. */
int history_cap_due(struct history *h, int64_t now, int64_t latest,
	struct error *err);

/* The highest id ever given, and moving that up. */
int history_highest_id(struct history *h, int64_t *out, struct error *err);
int history_set_highest_id(struct history *h, int64_t id, struct error *err);

/* --- lists ------------------------------------------------------------- */

/* A question that may have to read everything can be given up: go_on is asked
 * every few milliseconds. Given up, the answer is what was found so far. */
struct history_patience {
	bool (*go_on)(void *arg);	/* must not use the history */
	void *arg;
	bool gave_up;			/* set, never cleared, by the history */
};

struct history_query {
	unsigned states;		/* STATE_BITs; 0 means all */
	struct match *match;		/* or NULL */
	int64_t cause;			/* or 0 */
	bool doubt;			/* only those nobody has decided on */
	int64_t before_since;		/* only since < this; 0: no limit */
	enum {
		HISTORY_SUSPECT_ANY,
		HISTORY_SUSPECT_NO,
		HISTORY_SUSPECT_YES,
	} suspect;
	/* Only those marked suspect until then, or after; 0: any. */
	int64_t marked_at;
	bool marked_after;
	/* Of history_window and _count, with a match; NULL: to the end. */
	struct history_patience *patience;
	/* Private to the pages: where the last one ended, and where each state
	 * goes on. */
	int64_t page_end, page_after[STATE_COUNT];
};

/*
 * Up to limit (<= HISTORY_PAGE) messages with id > after in rising id order,
 * copied to rows_out, which has room for them and whose elements the caller
 * releases. Returns the number, or -1. Each call is a read transaction of its
 * own. q must be the same, and otherwise unchanged, from page to page.
 */
int history_page(struct history *h, struct history_query *q, int64_t after,
	int limit, struct history_message *rows_out, struct error *err);

/* The ids alone, up to n. Number or -1. */
int history_page_ids(struct history *h, struct history_query *q,
	int64_t after, int n, int64_t *ids_out, struct error *err);

/* As history_page, of all messages, but only what says where its file is: id,
 * name, true_name, state, kept, the open move, size, inode and mtime_ns. */
int history_places(struct history *h, int64_t after, int limit,
	struct history_message *rows_out, struct error *err);

/* The ids of those to which something is noted. Number or -1. */
int history_noted(struct history *h, int64_t *ids_out, int max,
	struct error *err);

/* Those whose file is a watched connector's, as history_page. */
int history_watched(struct history *h, int64_t after, int limit,
	struct history_message *rows_out, struct error *err);

/* name, expression, what an anchor has there; the id breaks ties. */
#define HISTORY_ORDER_LIST(X) \
	X(HISTORY_BY_ID, "m.id", NUMBER(m->id)) \
	X(HISTORY_BY_SINCE, "m.since", NUMBER(m->since)) \
	/* Of a cause: an index has it. */ \
	X(HISTORY_BY_FAILED, "ifnull(m.failed_at, m.since)", \
		NUMBER(m->failed_at == HISTORY_NO_TIME ? m->since : \
			m->failed_at)) \
	X(HISTORY_BY_NEXT, "ifnull(m.next_attempt_at, 0)", \
		NUMBER(m->next_attempt_at == HISTORY_NO_TIME ? 0 : \
			m->next_attempt_at)) \
	X(HISTORY_BY_ATTEMPTS, "m.attempts", NUMBER(m->attempts)) \
	X(HISTORY_BY_SIZE, "m.size", NUMBER(m->size)) \
	X(HISTORY_BY_CODE, "ifnull(m.result_code, -1)", \
		NUMBER(m->code == HISTORY_NO_CODE ? -1 : m->code)) \
	X(HISTORY_BY_PERSON, "ifnull(m.action_by, '')", TEXT(m->action_by)) \
	X(HISTORY_BY_REASON, "ifnull(m.action_reason, '')", \
		TEXT(m->action_reason)) \
	X(HISTORY_BY_FROM, "ifnull(m.from_addr, '')", TEXT(m->from)) \
	X(HISTORY_BY_SUBJECT, "ifnull(m.subject, m.name)", \
		TEXT(m->subject ? m->subject : m->name))

enum history_order {
#define X(name, expression, value) name,
	HISTORY_ORDER_LIST(X)
#undef X
	HISTORY_ORDER_COUNT
};

/* A place in an order, and which way from there. */
struct history_window {
	enum history_order by;
	bool forward;			/* rising */
	const struct history_message *anchor;	/* its id and what the order
					 * is by count, it need not exist;
					 * NULL: an end */
};

/* Up to limit (<= HISTORY_PAGE) messages behind the anchor, in the window's
 * order. By id and since, and by failed with a cause and with suspect said, it
 * costs what the rows cost, not what the store holds, unless a match leaves
 * most of them out; the other orders read all of the states asked for. Number
 * or -1. */
int history_window(struct history *h, const struct history_query *q,
	const struct history_window *w, int limit,
	struct history_message *rows_out, struct error *err);

/* How many messages are before the anchor in the window's order, counted up to
 * max, or as long as there is patience. 0 or -1. */
int history_rank(struct history *h, const struct history_query *q,
	const struct history_window *w, int64_t max, int64_t *out,
	struct error *err);

/* <0, 0, >0: the order of two messages in the window's order. */
int history_window_compare(const struct history_window *w,
	const struct history_message *a, const struct history_message *b);

/* How many there are: from the tallies without a match, else by reading. 0 or
 * -1. */
int history_count(struct history *h, const struct history_query *q,
	int64_t *out, struct error *err);

struct history_counts {
	int64_t n[STATE_COUNT];
	int64_t bytes[STATE_COUNT];
};

int history_counts(struct history *h, struct history_counts *out,
	struct error *err);

/* Do the tallies agree with the rows? Reads every row. 1, 0, -1. */
int history_tally_agrees(struct history *h, struct error *err);
/* Counts them anew, in a write transaction. 0 or -1. */
int history_tally_anew(struct history *h, struct error *err);

#endif
