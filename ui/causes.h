/*
 * causes: why messages of one state are there, as a list, and in words what a
 * cause means and what to do. The id of a row is made of cause and suspicion.
 *
 * A struct causes is the source's ctx. Rows are read at each count (there are
 * at most CAUSES_MAX); their data is a struct history_cause_row.
 */
#ifndef CCMQ_UI_CAUSES_H
#define CCMQ_UI_CAUSES_H

#include "history.h"
#include "list.h"
#include "list_layout.h"
#include "status.h"

#define CAUSES_MAX 1000		/* the history keeps no more */
#define CAUSES_COLUMNS 5

extern const struct list_column causes_columns[CAUSES_COLUMNS];

struct causes {
	struct history *history;	/* borrowed */
	enum state state;
	struct history_cause_row *rows;
	int count;
	int64_t messages;
	int64_t now;
};

extern const struct list_source causes_source;

void causes_init(struct causes *causes, struct history *history,
	enum state state);
void causes_release(struct causes *causes);

/* The id of its line in the list. */
int64_t causes_row_id(const struct history_cause_row *row);

/* The row's cause in words. */
void causes_words(const struct history_cause_row *row, struct str *out);

/* Lines (with line feeds) that say what it means, what the importer printed
 * (last_words: NULL unknown), what is safe, what to do and what not. */
void causes_advice(const struct causes *causes,
	const struct history_cause_row *row, const struct status *status,
	const char *last_words, struct str *out);

#endif
