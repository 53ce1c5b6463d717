/* SPDX-License-Identifier: ISC */
/*
 * mail: messages of some states as a list: the source behind the views Queue,
 * Failed, Quarantine, Trash and Done.
 *
 * A struct mail is the source's ctx. Rows come out of the history by window,
 * their data is a struct history_message. After query, order or match changed
 * the list is to be reloaded. In an order that no index has it has to be made
 * ready (list_ready); else each question reads all of it.
 */
#ifndef CCMQ_UI_MAIL_H
#define CCMQ_UI_MAIL_H

#include "history/history_at.h"
#include "history/history_sorted.h"
#include "term/key.h"
#include "list/list.h"
#include "list/list_layout.h"

#include <stdbool.h>
#include <stdint.h>

enum mail_column {
	MAIL_ID,
	MAIL_SINCE,
	MAIL_ARRIVED,
	MAIL_NEXT,
	MAIL_TRIES,
	MAIL_SIZE,
	MAIL_RESULT,
	MAIL_BY,
	MAIL_REASON,
	MAIL_GONE_ON,
	MAIL_FROM,
	MAIL_TO,
	MAIL_SUBJECT,
};

#define MAIL_COLUMNS_MAX 8

/* What is different from view to view. */
struct mail_kind {
	const char *name;		/* "Failed" */
	unsigned states;		/* STATE_BITs */
	enum state cause_state;		/* by cause: of these */
	enum verb back;			/* what `r` is here */
	enum history_order by;		/* the order it begins with */
	bool backward;
	enum mail_column columns[MAIL_COLUMNS_MAX];
	struct list_column layout[MAIL_COLUMNS_MAX];
	size_t column_count;
};

enum { MAIL_QUEUE, MAIL_FAILED, MAIL_QUARANTINE, MAIL_TRASH, MAIL_KINDS };
extern const struct mail_kind mail_kinds[MAIL_KINDS];
extern const struct mail_kind mail_kind_done;	/* imported, newest first */
extern const struct mail_kind mail_kind_left;	/* of one that is watched: what
						 * left it, as far as seen */

struct mail {
	const struct mail_kind *kind;
	struct history *history;	/* borrowed */
	struct history_at *const *then;	/* borrowed; if there is one, it is as
					 * it was: by id or since, no match */
	struct history_query query;	/* its match is mail_set_match's */
	enum history_order by;
	bool backward;
	struct history_sorted *sorted;	/* of an order no index has, or NULL */
	struct history_patience patience;	/* of a filter; see partial */
	bool partial;			/* it ended: not all was looked at */
	int64_t now;
	bool notes;			/* there are any */
	int64_t new_after;		/* since then: '+' */
	int64_t keep_trash_ms;
};

extern const struct list_source mail_source;

void mail_init(struct mail *mail, const struct mail_kind *kind,
	struct history *history);
/* With its match. */
void mail_release(struct mail *mail);

/* Another match, which is taken; NULL: none. The one before is freed. */
void mail_set_match(struct mail *mail, struct match *match);

/* The time that a list is of; NULL, or none there: now. mail_past: 0: now. */
int64_t mail_now(struct history_at *const *then);
int64_t mail_past(struct history_at *const *then);

/* 'm': somebody has the message or its cause in hand; 'i': there is a note on
 * it (message 0: on the cause); else a blank. */
char mail_note_mark(struct history *history, int64_t message, int64_t cause,
	int64_t now);

/* What a mark means: "suspect"; NULL for none. */
const char *mail_mark_words(char mark);

/* "5 Not found in directory", "crashed, signal 11". */
void mail_result_words(char out[120], const struct history_message *m);

/* A time in at most five columns: 14:02, Mon, 11-23. */
const char *mail_time(char out[16], int64_t at, int64_t now);
/* In at most eight: 14:02:11, Mon, 11-23. */
const char *mail_moment(char out[16], int64_t at, int64_t now);

/* Whether a match holds for a message that is in that state. 1, 0, -1. */
int mail_matches(struct history *history, struct match *match, int64_t id,
	enum state state, struct error *err);

/* How a row looks that changed then: it stands out for a while. */
#define MAIL_FRESH_MS INT64_C(10000)
enum role mail_fresh_role(int64_t at, int64_t now);

/* How a time looks: it warms up after an hour, after a day. */
enum role mail_time_role(int64_t at, int64_t now);

/* Orders by the column with that letter; again: the other way round. False:
 * there is none. */
bool mail_sort(struct mail *mail, key_code letter);
/* Whether an index has the order in force; and back to the one that it begins
 * with, which one has. */
bool mail_has_index(const struct mail *mail);
void mail_give_up(void *mail);
/* The order in force. */
enum history_order mail_order(const struct mail *mail);
/* "newest first", "by size, falling". */
const char *mail_order_words(const struct mail *mail);

#endif
