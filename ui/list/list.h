/* SPDX-License-Identifier: ISC */
/*
 * list: a list of anything with ids, of any length, of which only what the
 * screen shows is in memory.
 *
 * The rows come from a source, by window and by place ("the next 20 after
 * this row"), so that a million rows cost what twenty cost. The cursor stays
 * on its id, on its line of the screen where it can, through every refresh
 * and every sort; where the list's beginning is on the screen, new rows there
 * come into sight and push it down. Rows that leave the list while they are on
 * the screen stay as gone ("~") until the cursor moves, or, all but the
 * cursor's own, until forget_gone is set. A frozen list stands still: what is
 * on the screen stays as it was read, and the cursor moves over it. No drawing
 * here: see list_draw.h.
 *
 * Calling order: list_init, list_resize, list_reload; then list_refresh when
 * the data changed, list_reload when order or filter did, and the moves; before
 * each of the first two list_ready, until it is 0.
 * All that can fail fails because the source did, and leaves the list as it
 * was before.
 */
#ifndef CCMQ_UI_LIST_H
#define CCMQ_UI_LIST_H

#include "base/error.h"
#include "base/str.h"
#include "list/tags.h"
#include "term/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIST_HEIGHT_MAX 500	/* no terminal is higher */
#define LIST_GONE_MAX 64
#define LIST_RANK_MAX 10000	/* so far from both ends nobody counts */
#define LIST_FAR INT64_MAX

#define LIST_MARKS 3		/* columns of marks */

struct list_row {
	int64_t id;
	int state;		/* it is seen in, the source's word for it; tags
				 * carry it */
	void *data;		/* the source's own; owned by the list */
};

typedef void list_add_id(void *arg, int64_t id, int state);

/* Where rows come from. ctx is what list_init was given. */
struct list_source {
	/* Before anything is asked, and after each change: does some of what it
	 * takes until answers are cheap, a few milliseconds. 1 there is more, 0,
	 * -1. NULL: they are. */
	int (*ready)(void *ctx, struct error *err);
	/* Nobody waits for that: an order that is cheap. */
	void (*give_up)(void *ctx);

	/* How many there are. 0 or -1. */
	int (*count)(void *ctx, int64_t *out, struct error *err);

	/*
	 * Up to n rows in order after (forward) or, nearest first, before the
	 * place of the anchor; NULL: from the beginning, or back from the end.
	 * The anchor itself is not among them, and need not exist any more.
	 * How many were stored in out; less than n only at the end; -1.
	 */
	int (*fetch)(void *ctx, const struct list_row *anchor, bool forward,
		size_t n, struct list_row *out, struct error *err);

	/* The row with this id, as it is now: 1, 0 it is not in the list (any
	 * more; gone then says where it is now: "imported 14:02"), -1. */
	int (*lookup)(void *ctx, int64_t id, struct list_row *out,
		char gone[LIST_GONE_MAX], struct error *err);

	/* <0, 0, >0: the order of two rows, with the order now in force. */
	int (*compare)(void *ctx, const struct list_row *a,
		const struct list_row *b);

	/* Begins to tell the ids from one row to the other, both included;
	 * NULL: from the beginning, to the end. NULL with err. */
	void *(*ids_begin)(void *ctx, const struct list_row *from,
		const struct list_row *to, struct error *err);
	/* Tells some, as many as take a few milliseconds. 1 there may be more,
	 * 0 not, -1. No such function: there are no tags here, and the calls
	 * about them do nothing. */
	int (*ids)(void *ctx, void *walk, list_add_id *add, void *arg,
		struct error *err);
	void (*ids_end)(void *walk);

	/* How many rows are before this one, or behind it: LIST_FAR if that is
	 * not known, for one thing because there are max or more. No such
	 * function: it is never known. 0 or -1. */
	int (*rank)(void *ctx, const struct list_row *row, bool before,
		int64_t max, int64_t *out, struct error *err);

	/* Whether reading is dear: the rows that are shown are then not read again
	 * because the cursor moves among them. NULL: it is not. */
	bool (*dear)(void *ctx);

	void (*row_free)(void *ctx, struct list_row *row);

	/* Appends the text of a column (foreign bytes are fine). */
	void (*cell)(void *ctx, const struct list_row *row, size_t column,
		struct str *out);

	/* The marks of a row, blanks where there is none (out holds blanks);
	 * the list adds '~' and '*' to the second column. NULL: none. */
	void (*marks)(void *ctx, const struct list_row *row,
		char out[LIST_MARKS]);

	/* What a mark says: "suspect". */
	const char *(*explain)(char mark);

	/* New rows at the beginning are followed: a cursor on the first row
	 * stays on the first row. */
	bool follows;

	/* The role of the whole row; NULL: ROLE_NORMAL. */
	enum role (*role)(void *ctx, const struct list_row *row);

	/* The role of a cell in a row of ROLE_NORMAL; NULL: that. */
	enum role (*cell_role)(void *ctx, const struct list_row *row,
		size_t column);
};

struct list_line {
	struct list_row row;
	bool is_gone;
	char gone[LIST_GONE_MAX];
};

#define LIST_RUNS 32		/* of more ids than there are */

/* Ids on their way to be tags: rising runs, each at least twice as long as the
 * next. */
struct list_gather {
	void *walk;			/* the source's; NULL: none under way */
	struct tags runs[LIST_RUNS];
	size_t run_count;
	size_t found;			/* so many ids until now */
	bool ends_range;
};

struct list {
	const struct list_source *source;
	void *ctx;

	/* What others may read. */
	struct list_line *lines;	/* what the screen shows */
	size_t count;			/* of lines; 0: the list is empty */
	size_t height;			/* lines there is room for */
	size_t cursor;			/* index of the line; < count if any */
	int64_t total;
	size_t left;			/* columns shifted sideways */
	struct tags tags;
	bool range;			/* between the two `v` */
	bool forget_gone;		/* a refresh keeps only the cursor's */
	bool frozen;
	bool at_beginning;		/* the first line is the list's first */
	int64_t before;			/* rows before the first line, or
					 * LIST_FAR: not known */
	uint64_t changes;		/* while frozen */

	/* The list's own. */
	struct tags untagged;		/* what `U` brings back */
	struct list_row range_from;
	struct list_gather gather;
};

/* The source is borrowed and must outlive the list. Cannot fail. */
void list_init(struct list *list, const struct list_source *source, void *ctx);
void list_release(struct list *list);

/* Room for so many lines (cut at LIST_HEIGHT_MAX); frozen, lines are cut off
 * but none are read. 0, or -1; 1: as frozen until a refresh, for the list is
 * not ready. */
int list_resize(struct list *list, size_t height, struct error *err);

/* As struct list_source's ready, 0 where there is none. Before list_refresh and
 * list_reload; while it is 1 what is shown stands. */
int list_ready(struct list *list, struct error *err);

/* The data changed: same messages, new facts. Frozen, it only counts. */
int list_refresh(struct list *list, struct error *err);

/* Order, filter or source changed, or the first time: the cursor stays on its
 * id, or goes to what is nearest. No gone lines remain, a range under way is
 * dropped, a frozen list thaws. */
int list_reload(struct list *list, struct error *err);

/* Nothing of it is in memory until the next reload; tags stay. */
void list_forget(struct list *list);

/* Freezes; thawing refreshes. 0 or -1. */
int list_freeze(struct list *list, bool frozen, struct error *err);

/* The cursor so many rows down (up if negative); a page moves the screen with
 * it. At the ends it stays. 0 or -1. */
int list_move(struct list *list, int64_t rows, struct error *err);
int list_page(struct list *list, int64_t rows, struct error *err);
int list_first(struct list *list, struct error *err);
int list_last(struct list *list, struct error *err);

/* The cursor to an id. 1 there, 0 not in the list, -1. */
int list_select(struct list *list, int64_t id, struct error *err);

/* Sideways by so many columns; never below 0. */
void list_sideways(struct list *list, int columns);

/* Where the cursor is, from 1; LIST_FAR if that is not known. */
int64_t list_position(const struct list *list);

/* The row under the cursor, NULL if the list is empty or the row is gone. */
const struct list_row *list_current(const struct list *list);

/* The marks of a line, all of them: the source's, '~' for gone, '*' for tagged,
 * which count more than '+'. */
void list_marks(const struct list *list, const struct list_line *line,
	char out[LIST_MARKS]);

/* Appends what the marks on the screen say, once each: "   ? suspect". */
void list_add_legend(const struct list *list, struct str *out);

/* Appends "12 of 419"; "419" where the position is not known. */
void list_add_position(const struct list *list, struct str *out);

/* ---- tags ---- */

/* Whether a line counts as tagged, the range under way included. */
bool list_is_tagged(const struct list *list, const struct list_line *line);

int list_tag(struct list *list, struct error *err);	/* toggles, and down */
/* These look at a slice of the list: 1 there is more, 0 all is tagged, -1. */
int list_range(struct list *list, struct error *err);	/* begins, ends */
int list_tag_all(struct list *list, struct error *err);
/* Another slice, with the list as it was. 1, 0, -1. */
int list_gather(struct list *list, struct error *err);
/* Nothing of it becomes tags; a range stays open. */
void list_gather_drop(struct list *list);
void list_untag_all(struct list *list);		/* again: brings them back */

/* What a verb is about. */
enum list_which {
	LIST_WHICH_NONE,		/* nothing there */
	LIST_WHICH_CURSOR,
	LIST_WHICH_TAGGED,
	LIST_WHICH_ASK,			/* tags exist, not on the cursor's */
};

enum list_which list_which(const struct list *list);

/* Before a verb: a range under way counts as it is shown, as if `v` had ended
 * it. 1, 0, -1. */
int list_range_end(struct list *list, struct error *err);

#endif
