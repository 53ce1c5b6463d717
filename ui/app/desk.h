/* SPDX-License-Identifier: ISC */
/*
 * desk: what every screen of the console may use: the store and who works on
 * it, the facts of the last look, the stack of screens, the one line for what
 * is to be said, and the work under way.
 *
 * What is shown belongs to the screens; what is asked for is handed up as a
 * request (screen.h); nothing here knows any screen.
 */
#ifndef CCMQ_UI_DESK_H
#define CCMQ_UI_DESK_H

#include "app/screen.h"
#include "base/actor.h"
#include "base/error.h"
#include "history/history_at.h"
#include "settings/settings.h"
#include "store/status.h"
#include "store/store.h"
#include "term/theme.h"

#define DESK_NOTE_MAX 256
#define DESK_REASONS_MAX 10	/* used before, that a prompt offers */
#define DESK_ROWS_LEAST 10
#define DESK_COLUMNS_LEAST 40

struct errand;
struct tags;

/* What was done here last: follow.h. */
struct follow {
	int64_t action;			/* 0: nothing is followed */
	bool for_good;			/* there is no undo */
	struct tags *tags;		/* what is done comes off these, or NULL */
	int64_t tags_to;		/* … up to this message */
	char subject[100];		/* of a single message, or "" */
	char why[160];			/* of the first that was not done */
	char words[400];		/* the live line */
	int64_t over_at_mono_ms;	/* nothing more comes of it; 0: it does */
};

struct desk {
	const struct settings *settings;
	const char *config;		/* -c, or NULL */
	bool store_named;		/* by -s */
	struct store store;
	struct actor actor;
	struct keymap keys;
	bool read_only;
	char read_only_why[200];
	int64_t last_visit_at;		/* what came since is '+' */

	struct status status;		/* of the last look */
	bool status_known;
	struct history_at *then;	/* the screen is as it was at that time,
					 * nothing can be done; NULL: now */

	struct screens screens;
	struct errand *errand;		/* what it does to the store, or NULL */
	char errand_words[160];
	struct follow followed;
	char presence[64];		/* its name in consoles/, or "" */
	char note[DESK_NOTE_MAX];	/* until the next key */
	bool note_bad;
	char running[120];		/* "mlopez: retry, 412 of 1,204" */
	char *reasons[DESK_REASONS_MAX];	/* newest first */
	size_t reason_count;
	char search[128];		/* in texts */

	bool attending;			/* what a verdict opened is shown: */
	bool attended;			/* this one, by its key; else, from the
					 * start on, the worst there is */
	enum verdict_kind attention;
	enum verdict_kind attention_worst;	/* … when its key was pressed */
	bool note_attends;		/* the note is its sentence */
	bool frozen;			/* no look at the store */
	int64_t changes;		/* … that were left out */
	bool stale;			/* what is shown must be read again */
	bool glance;			/* … or what no bell tells of, perhaps */
	bool dirty;			/* … and must be drawn again */
	bool leave, leave_then;		/* then: when the errand is done */
	int64_t looking_since_mono_ms;	/* a filter, at this turn; 0: not */
	bool looking_said;
};

/* Says something in the last line but one, until the next key. */
void desk_note(struct desk *desk, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void desk_fail(struct desk *desk, const struct error *err);

/* Whether the store may be changed now; says why not. */
bool desk_may_write(struct desk *desk);

/* The time the screen is of: now, or as it was. */
int64_t desk_now(const struct desk *desk);

/* A look is due: the screen stands no longer still. Says so if it did. */
void desk_thaw(struct desk *desk);

/* Remembers a reason, to be offered. */
void desk_add_reason(struct desk *desk, const char *reason);

/* Draws words that end in that row, wrapped over those above it: how many rows
 * they took. */
int desk_draw_words(const char *words, enum role role, int row, int width);

/* Draws the note, or what is under way, so. False: there is nothing to say,
 * the line is free. */
bool desk_draw_note(struct desk *desk, int row, int width);

/* The keys of the context in the last line; labels as keymap_footer_parts.
 * What changes the store is dim where it may not be. */
void desk_draw_keys(struct desk *desk, int row, int width, unsigned context,
	const struct keymap_label *labels);

/* The label of a line ("From     Ops, Night at Hub"), if one begins in that
 * column: it is drawn again, dim. */
void desk_dim_label(const char *line, size_t len, size_t label, int row,
	int column);

/* Text of many lines into so many rows; labels are dim, keys that are named in
 * what is to be done stand out. */
void desk_draw_lines(const char *text, int row, int rows, int width);
void desk_put_right(int row, int width, enum role role, const char *text);

/* For history_patience (arg is the desk): says after a while that it looks.
 * False: a key waits. */
bool desk_go_on_looking(void *desk);

void desk_release(struct desk *desk);

#endif
