/* SPDX-License-Identifier: ISC */
/*
 * screen: one thing on the terminal that keys go to, and the stack of them.
 *
 * At the bottom are the views, which never close; over them lie the page of a
 * message, a text, a prompt, a question, one over the other. What the console
 * is about is said by this stack alone.
 *
 *   A screen keeps its subject: what it is about is copied when it opens, and
 *   nothing under it changes that.
 *   A screen that was not drawn gets no keys: whoever reads keys draws first
 *   (screens_hear). What closes uncovers a screen, which is then drawn again
 *   before it hears.
 *   A question stays until it is answered: others open over it or not at all,
 *   and what is said meanwhile stands elsewhere.
 *   A key means what the table of keys says for the context of the screen on
 *   top, whether it was pressed or its word was typed after `:`. A screen
 *   without a context takes its keys itself.
 *   A still screen lets nothing under it change.
 *
 * Keys come to key() or act(); both may open and close screens, and hand on
 * what is not theirs as a request. Nothing draws but draw(), once a turn. What
 * was closed stays in memory until screens_sweep, so that a screen may close
 * itself and return.
 *
 * This module knows neither terminal nor store.
 */
#ifndef CCMQ_UI_SCREEN_H
#define CCMQ_UI_SCREEN_H

#include "term/keymap.h"
#include "term/keydecode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a screen cannot do itself, for whoever knows all of them. */
struct request {
	enum request_kind {
		REQUEST_NONE,
		REQUEST_ACTION,		/* that no screen does itself */
		REQUEST_WORD,		/* an action, as if its key was pressed */
		REQUEST_MESSAGE,	/* the page of message `id`, at `part` */
		REQUEST_VIEW,		/* view number `id` */
		REQUEST_PROGRAM,	/* command number `id` of the settings */
		REQUEST_TIME,		/* the screen as it was at `id` */
	} kind;
	enum action action;
	int64_t id;
	int part;
};

struct screen;

struct screen_kind {
	const char *name;		/* "message": of tests and asserts */
	/* Nothing below changes while it is open; no text may cover it. */
	bool still;

	/* Where keys mean something (KEYMAP_…), or 0: key() takes them. */
	unsigned (*context)(const struct screen *s);
	struct request (*key)(struct screen *s, const struct key_event *event);
	/* An action of the context. False: it is not this screen's. */
	bool (*act)(struct screen *s, enum action action, struct request *out);

	/* The rows between header and the last two; NULL: those below it are
	 * seen. */
	void (*draw)(struct screen *s, int row, int rows, int width);
	/* The last two rows (what is shown, the keys), of so many; it may take
	 * more, upwards. */
	void (*draw_bottom)(struct screen *s, int rows, int width);
	/* The store changed; NULL: nothing to do. */
	void (*refresh)(struct screen *s);
	/* Does some more of what takes long. True: there is more. NULL: none. */
	bool (*tick)(struct screen *s);
	/* Frees it. */
	void (*close)(struct screen *s);
	bool trend;			/* the last hour stands below it */
};

/* The first member of each. */
struct screen {
	const struct screen_kind *kind;
	bool drawn;
};

#define SCREENS_MAX 8		/* a message, help over it, a prompt … */

struct screens {
	struct screen *stack[SCREENS_MAX];
	size_t count;
	struct screen *closed[2 * SCREENS_MAX];
	size_t closed_count;
	bool changed;			/* opened or closed since drawn */
};

/* Puts a screen on top; it belongs to the stack. What is too much closes the
 * lowest one over the bottom. */
void screens_push(struct screens *all, struct screen *s);
/* Closes one, wherever it is. The bottom closes only with the stack. */
void screens_close(struct screens *all, struct screen *s);
/* Closes all over the bottom. */
void screens_clear(struct screens *all);
/* Frees what was closed. */
void screens_sweep(struct screens *all);
void screens_release(struct screens *all);

struct screen *screens_top(const struct screens *all);

/* Whether a still one is over it. */
bool screens_is_still(const struct screens *all, const struct screen *s);

/* Whether the last hour stands below what is seen. */
bool screens_trend(const struct screens *all);

/* Draws what is seen into rows below `row`, and notes that it was drawn; so
 * many above the last two are somebody else's. */
void screens_draw(struct screens *all, int row, int rows, int taken,
	int width);

/* Whether the one on top may get a key: it was drawn. */
bool screens_hear(const struct screens *all);
/* The picture is not what is there any more: nobody hears until the next. */
void screens_cover(struct screens *all);

/* The key to the top. What is not a key of the context says so:
 * REQUEST_ACTION with ACTION_NONE, and the key as its id. */
struct request screens_key(struct screens *all, const struct keymap *keys,
	const struct key_event *event);

/* An action for the top, if its context has it: false with REQUEST_NONE if
 * not. */
bool screens_act(struct screens *all, enum action action,
	struct request *out);

/* Tells all that nothing still lies over, from the bottom up. */
void screens_refresh(struct screens *all);
/* True: some screen has more to do. */
bool screens_tick(struct screens *all);

#endif
