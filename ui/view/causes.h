/* SPDX-License-Identifier: ISC */
/*
 * causes: why messages of one state are there, as a list, and in words what a
 * cause means and what to do. The id of a row is made of cause and suspicion.
 *
 * A struct causes is the source's ctx. Rows are read at each count (there are
 * at most CAUSES_MAX); their data is a struct history_cause_row. What is to be
 * said beyond the row (how many senders) is looked up when a row is shown,
 * from a bounded number of messages, and kept until the row changes. So a
 * refresh costs what changed.
 */
#ifndef CCMQ_UI_CAUSES_H
#define CCMQ_UI_CAUSES_H

#include "history/history_at.h"
#include "history/history_cause.h"
#include "list/list.h"
#include "list/list_layout.h"
#include "store/status.h"
#include "view/causes_advice.h"

#define CAUSES_MAX 1000		/* the history keeps no more */
#define CAUSES_LINE_MAX 200	/* of what the importer printed */
#define CAUSES_BRIEF_COLUMNS 60	/* narrower screens get fewer words */

/* What was looked up, and of which row. */
struct causes_look {
	int64_t id, n, last_at;
	struct history_cause_look look;
};

struct causes {
	struct history *history;	/* borrowed */
	struct history_at *const *then;	/* borrowed; if there is one: of then,
					 * without senders and retries */
	enum state state;
	struct history_cause_row *rows;	/* where those that may have been
					 * delivered have several causes, they
					 * are a row of their own, the first */
	int count;
	int cause_count;		/* without that one */
	int64_t messages;
	int64_t now;
	bool notes;			/* there are any */
	bool brief;			/* the screen is narrow */
	bool blocks;			/* for bars */

	/* Its own. */
	struct causes_look *looks;	/* by row, as far as looked up */
	int look_count;
	uint64_t generation;		/* of the rows */
	struct causes_advice advice;	/* of advice_id, at that generation */
	char advice_line[CAUSES_LINE_MAX];	/* … its importer's */
	int64_t advice_id;
	uint64_t advice_generation;
};

extern const struct list_source causes_source;

void causes_init(struct causes *causes, struct history *history,
	enum state state);
void causes_release(struct causes *causes);

/* The id of its line in the list. */
int64_t causes_row_id(const struct history_cause_row *row);

/* Those that may have been delivered already, over their causes. */
bool causes_is_doubt(const struct history_cause_row *row);

/* What has the row's messages. */
struct history_query causes_query(const struct causes *causes,
	const struct history_cause_row *row);

/* The columns for a screen so wide; the cells are made to fit them. */
const struct list_column *causes_layout(struct causes *causes, int width,
	size_t *count_out);

/* What the row's messages have in common; NULL: not known. */
const struct history_cause_look *causes_look(struct causes *causes,
	const struct history_cause_row *row);

/* The row's cause in words: "code 5  Not found in directory", brief "5 Not
 * found in directory". look may be NULL: then it is not said how often each
 * was tried. */
void causes_words(const struct history_cause_row *row,
	const struct history_cause_look *look, bool brief, struct str *out);

/* The facts of the row's cause, for panel_cause. Belong to causes; looked up
 * anew when the rows were read anew; its texts live as long as the row. */
const struct causes_advice *causes_advice(struct causes *causes,
	const struct history_cause_row *row, const struct status *status);

#endif
