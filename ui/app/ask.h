/* SPDX-License-Identifier: ISC */
/*
 * ask: a prompt on the screen: fields (prompt.h) that stand alone in the last
 * line, or with their facts on a page (prompt_page.h).
 *
 * Whoever asks embeds a struct ask as the first member, fills prompt and page,
 * and opens it. It keeps its subject; what is under it stands still, unless the
 * kind says that it is looked at meanwhile (a filter). A page is deaf until its
 * picture has reached the operator, and a line too, but for one whose text does
 * nothing to mail (a filter, `:`): there a lost letter is another word.
 */
#ifndef CCMQ_UI_ASK_H
#define CCMQ_UI_ASK_H

#include "app/desk.h"
#include "prompt/prompt_page.h"

struct ask;

struct ask_kind {
	bool line;		/* one field, in the last line */
	bool live;		/* what is under it goes on */
	bool hears;		/* what is typed before its picture, too */
	/* It was decided. False: it stays open (prompt_refuse said why); else
	 * it is closed by then. */
	bool (*done)(struct ask *a, struct request *out);
	/* What was typed changed; NULL: nothing to do. */
	void (*typed)(struct ask *a);
	/* A key before the fields see it: true, it was for this. NULL: none. */
	bool (*key)(struct ask *a, const struct key_event *event);
	void (*cancelled)(struct ask *a);	/* NULL: nothing to do */
	/* Looks further at what it is about, before it asks. True: there is
	 * more. NULL: it asks at once. */
	bool (*look)(struct ask *a);
	/* Draws above the line, of so many rows; NULL: nothing. */
	void (*draw_above)(struct ask *a, int rows, int width);
	void (*release)(struct ask *a);	/* of what it keeps; or NULL */
};

struct ask {
	struct screen screen;
	const struct ask_kind *kind;
	struct desk *desk;
	struct prompt prompt;
	struct prompt_page page;
	char hint[400];		/* of a line, above it */
	bool hint_bad;
	bool looking;		/* there is more to look at: it hears only Esc */
};

extern const struct screen_kind screen_ask, screen_ask_live;

/* Opens it; a is on the heap, filled, and freed by the screen. */
void ask_open(struct desk *desk, struct ask *a, const struct ask_kind *kind);

#endif
