/* SPDX-License-Identifier: ISC */
/*
 * attention: the panel of the verdict that is attended to (it was opened by
 * `a`, or at the start): what it means, what to do, what not. It stands below
 * the rows of the view that was opened; where it has no room there it is a
 * text of its own. Verdicts about causes need none: what they open says it; those
 * about one message have theirs on its page, what to do and what not.
 */
#ifndef CCMQ_UI_ATTENTION_H
#define CCMQ_UI_ATTENTION_H

#include "app/desk.h"
#include "page/panel.h"

#define ATTENTION_LIST_ROWS 5	/* of a body, that the rows keep */
#define ATTENTION_LEAST 8	/* less is no panel */

/* Which verdict of the status `a` goes to: the worst, or where that was seen the
 * one after what is attended to. */
unsigned attention_next(const struct desk *desk);

/* After a look: a note that is its sentence goes on being true, or goes. */
void attention_refresh(struct desk *desk);

/* VIEW_QUEUE …; -1: at a cause, or a message. */
int attention_view(enum verdict_opens opens);

/* Its lines in so much room (0: all of them), if it is about this view; else
 * none. */
void attention_lines(struct desk *desk, int view, size_t width, size_t rows,
	struct str *out);

/* The panel of a verdict, to be released. */
void attention_panel(const struct desk *desk, enum verdict_kind kind,
	struct panel *out);

/* What to do and what not, for the page of the message that is attended to; of
 * others nothing. */
void attention_message(struct desk *desk, int64_t id, size_t width,
	struct str *out);

/* The lines of an event's panel. */
void attention_event(struct desk *desk, const struct history_event *event,
	size_t width, struct str *out);

#endif
