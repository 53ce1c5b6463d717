/* SPDX-License-Identifier: ISC */
/*
 * und_list: the .und file as lists: its reasons with their growth, and its
 * entries, newest first, of one reason or of all.
 *
 * Sources in the sense of list.h. Reasons are read at each count (there are at
 * most UND_REASONS_MAX); the data of their rows is a struct
 * history_und_reason, that of entries a struct und_row. They add up: what no
 * entry accounts for is a row of its own, the last (und_is_nobodys), and
 * `sum` is what the rows make together; its windows are of whole minutes, as
 * those of the sums per minute are.
 */
#ifndef CCMQ_UI_UND_LIST_H
#define CCMQ_UI_UND_LIST_H

#include "history/history_at.h"
#include "list/list.h"
#include "list/list_layout.h"

#define UND_REASONS_MAX 200
#define UND_REASON_COLUMNS 7	/* the last one for wide screens */
#define UND_WIDE 100
#define UND_ENTRY_COLUMNS 7

extern const struct list_column und_reason_columns[UND_REASON_COLUMNS];

struct und_reasons {
	struct history *history;	/* borrowed */
	struct history_at *const *then;	/* borrowed; if there is one: of then,
					 * without what is nobody's */
	struct history_und_reason *rows;	/* UND_REASONS_MAX, one more */
	int count;
	struct history_und_reason sum;	/* of them; its reason is NULL */
	int64_t older_bytes;		/* of it in files that are full */
	int64_t now;
	bool blocks;			/* for bars; whoever draws sets it */
};

struct und_entries {
	struct history *history;	/* borrowed */
	struct history_at *const *then;	/* as above */
	char *reason;			/* NULL: of all; "": of none */
	int64_t now;
};

struct und_row {
	struct history_und_entry entry;
	bool known;			/* the message; what follows is its */
	enum state state;
	bool retried;			/* and waits again */
	char *from, *subject;
};

extern const struct list_source und_reasons_source, und_entries_source;

/* UND_ENTRY_COLUMNS of them; of a time that is past a state is one of then. */
const struct list_column *und_entry_columns(const struct und_entries *u);

void und_reasons_init(struct und_reasons *u, struct history *history);
void und_reasons_release(struct und_reasons *u);
void und_entries_init(struct und_entries *u, struct history *history);
void und_entries_release(struct und_entries *u);

/* What no entry accounts for: the file grew between attempts, or a program died
 * while it wrote. */
bool und_is_nobodys(const struct history_und_reason *r);

/* What it is called: "no reason given" for none. */
const char *und_reason_words(const char *reason);

#endif
