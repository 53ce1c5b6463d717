/* SPDX-License-Identifier: ISC */
/*
 * term: the terminal. The only module that knows curses.
 *
 * A process has one terminal, so this module holds it; calls are for the main
 * thread. Whatever ends the process gives the terminal back as it was found:
 * term_close, exit, SIGTERM, SIGINT, SIGHUP (told as an event, so that work
 * can end in order), a second SIGTERM or SIGINT, and every other signal that
 * ends a process, a stack that overflows included, at once, from the handler.
 *
 * Curses draws; keys are decoded by keydecode, not by curses.
 *
 * A turn: term_wait, term_next until it says no, then term_begin, term_put …,
 * term_end. Only what differs from the last turn is sent. All text passes
 * `cells`, so any bytes may be given.
 */
#ifndef CCMQ_UI_TERM_H
#define CCMQ_UI_TERM_H

#include "base/error.h"
#include "term/canvas.h"
#include "term/keydecode.h"
#include "term/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct term_options {
	const struct theme *theme;
	bool no_color;			/* --no-color; NO_COLOR is seen here */
	int host_color;			/* of ROLE_HOST, or THEME_DEFAULT */
	int own_colors[ROLE_OWN_COUNT];	/* of ROLE_OWN and those behind it … */
	int own_count;			/* … so many */
	int64_t esc_delay_ms;
};

/*
 * Takes the terminal on descriptors 0 and 1 (setlocale was called before). 0,
 * or -1 with nothing changed: not a terminal, or one without a cursor to move;
 * the words name what else there is.
 */
int term_open(const struct term_options *options, struct error *err);

/* Gives the terminal back. Does nothing if it is not open. */
void term_close(void);

void term_size(int *rows_out, int *columns_out);
bool term_is_utf8(void);

/* ---- drawing; rows and columns count from 0, what is outside is cut ---- */

/* Begins an empty picture. */
void term_begin(void);

/* Puts text into at most `columns` columns (-1: up to the edge); cut text
 * ends in '>'. Returns the columns it took. */
int term_put(int row, int column, int columns, enum role role,
	const char *text);

/* The same for len bytes, leaving out the first `skip` columns and without
 * the '>'. */
int term_put_bytes(int row, int column, int columns, enum role role,
	const char *bytes, size_t len, size_t skip);

/* Blanks in a role. */
void term_fill(int row, int column, int columns, enum role role);

/* The terminal as a canvas. */
const struct canvas *term_canvas(void);

/* A line of '-' across. */
void term_rule(int row);

/* Where the hardware cursor stands after term_end. */
void term_cursor(int row, int column);

/* Sends what changed since the last picture. */
void term_end(void);

/* Rings the terminal's bell, once. */
void term_bell(void);

/* The next term_end sends everything (Ctrl-L). */
void term_redraw(void);

/* ---- input ---- */

enum term_event_kind {
	TERM_KEY,
	TERM_RESIZE,		/* or come back from the shell: draw */
	TERM_REPORT,		/* the answer to the newest term_query */
	TERM_END,		/* a signal asks to end: leave in order, soon */
	TERM_LOST,		/* the line is gone: leave, soon */
};

struct term_event {
	enum term_event_kind kind;
	struct key_event key;	/* for TERM_KEY */
	int signal;		/* for TERM_END */
};

/* To wait for, beside other things: readable when term_next may have news. */
#define TERM_FDS 2
void term_fds(int fds_out[TERM_FDS]);

/* When term_next has news without any of them, in ms of the monotonic clock;
 * -1: never. */
int64_t term_deadline(void);

/* Waits for news, at most so long (-1: without limit). */
void term_wait(int64_t timeout_ms);

/* The next event. False: none now. Never blocks. After TERM_LOST it is all
 * that comes. */
bool term_next(struct term_event *out);

/* Whether an event waits to be told, without taking it. */
bool term_input_waits(void);

/* Whether keys go to a text field (see keydecode). */
void term_field(bool field);

/*
 * Asks the terminal where its cursor is: its answer, TERM_REPORT, says that
 * all that was sent before has reached the operator. An answer to an older
 * question is no answer. Nothing is asked of a line that is gone.
 */
void term_query(void);

/*
 * A prompt opens: all input so far is dropped, and all that comes until its
 * picture has reached the operator. The next term_end asks for a report; keys
 * are told when the answer is there, TERM_DEAF_MS after the picture at the
 * soonest. A terminal that has never answered, not even TERM_START_MS after the
 * first question, is given TERM_ANSWER_MS; one that has, all the time it takes.
 * Ctrl-C and Ctrl-G are told meanwhile, but for what came before the picture was
 * sent.
 */
#define TERM_DEAF_MS 250
#define TERM_ANSWER_MS 1000
#define TERM_START_MS 5000
void term_deaf(void);

/* Ctrl-Z: gives the terminal back, stops the process group, and takes it
 * again when continued; TERM_RESIZE follows. */
void term_suspend(void);

#endif
