/* SPDX-License-Identifier: ISC */
/*
 * message_page: what is known of one message, in words: the sentence that
 * explains its state, the summary, the attempts.
 *
 * Pure: rows of the history in, lines out; local times use the process's time
 * zone. Foreign texts among the facts need not be printable. The parts of the
 * message itself are message_part's.
 */
#ifndef CCMQ_UI_MESSAGE_PAGE_H
#define CCMQ_UI_MESSAGE_PAGE_H

#include "history/history.h"
#include "settings/settings.h"
#include "store/status.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

/* The column in which the labels of the second column of the summary begin. */
size_t message_page_split(size_t width);

#define MESSAGE_PAGE_TWO_COLUMNS 70	/* from this width on */

struct message_page {
	const struct history_message *message;
	const struct history_attempt *attempts;		/* newest first */
	size_t attempt_count;				/* may be fewer than all */
	enum status_connector connector;
	const struct settings *settings;		/* limits and spans */
	int64_t others;			/* messages imported since … */
	int64_t others_since;		/* HISTORY_NO_TIME: not known */
	int64_t waiting;		/* messages in the queue */
	const char *changed_verb;	/* of the action that brought it here:
					 * "restore", "undo"; NULL: not known */
	const char *notes;		/* lines that are noted of it, or "" */
	int64_t now;
	bool past;			/* … is a time that is past */
};

/* "#1042 FAILED  Budget for Q3". */
void message_page_title(const struct history_message *m, struct str *out);

/* The lines, of at most `width` columns; a line that begins with "-- " is a
 * title for pager.h. */
void message_page_text(const struct message_page *page, size_t width,
	struct str *out);

/* The sentence alone, without a line feed. */
void message_page_explain(const struct message_page *page, size_t width,
	struct str *out);

#endif
