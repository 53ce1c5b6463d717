/* SPDX-License-Identifier: ISC */
/*
 * term_private: what the files of `term` share. Nobody else includes it.
 *
 * From the ground up: term_info.c asks terminfo and holds the state,
 * term_signal.c gives the terminal back, term_screen.c lets curses take and
 * leave it, term_input.c reads, term.c opens and draws. Fields that handlers
 * write are sig_atomic_t; those that handlers read (restore, saved,
 * taken) change only while taken is 0.
 */
#ifndef CCMQ_UI_TERM_PRIVATE_H
#define CCMQ_UI_TERM_PRIVATE_H

#include "term/term.h"

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

#define TERM_RESTORE_MAX 256
#define TERM_CHUNK 256

#define TERM_PASTE_ON "\x1b[?2004h"	/* bracketed paste; all or ignored */
/* What another program left on: clicks, motion, selections, focus, and the
 * ways to write them. */
#define TERM_MOUSE_OFF \
	"\x1b[?9;1000;1001;1002;1003;1004;1005;1006;1015;1016l"
#define TERM_PASTE_OFF "\x1b[?2004l"
#define TERM_OTHER "\n  with another: TERM=xterm ccmq"
#define TERM_ELSEWHERE \
	"\n  without one: ccmq status, ccmq list, ccmq events --follow"

struct term_state {
	bool utf8, blocks;
	int rows, columns;
	int cursor_row, cursor_column;

	struct keydecode decode;
	unsigned char chunk[TERM_CHUNK];	/* of one read … */
	size_t chunk_len, chunk_at;
	int64_t chunk_time;			/* … and when that was */
	bool lost;
	bool deaf_pending;			/* until the next picture */
	int64_t deaf_at;			/* that was sent; 0: no more */
	unsigned asked;				/* questions so far */
	int64_t asked_at;			/* the first of them */
	bool waiting;				/* for the newest answer */
	bool answers;				/* one came */
	struct term_event peeked;
	bool has_peeked;
	bool resized;

	/* What gives the terminal back, ready for a handler. */
	struct termios saved;
	char restore[TERM_RESTORE_MAX];
	size_t restore_len;
	volatile sig_atomic_t taken;		/* by process `owner` */
	pid_t owner;

	int wake[2];				/* handlers write, we wait */
	volatile sig_atomic_t ended;		/* the signal that asks to */
	volatile sig_atomic_t winch;
	volatile sig_atomic_t continued;
	volatile sig_atomic_t stop;
};

extern struct term_state term;

/* Whether the console can be shown here; fills `restore`. 0 or -1. */
int term_info_check(struct error *err);

/* Whether so many colours are red, green and blue, and no palette. */
bool term_info_is_direct(int colors);

/* Whether its fonts have the blocks of eighths: consoles and old terminals do
 * not. */
bool term_info_has_blocks(void);

/* Before curses starts: SIGTSTP is not the default's then, and curses leaves
 * it alone. Else it ignores it while it draws, and one that waits, blocked or
 * not, is thrown away by that. */
void term_signals_before(void);

int term_signals_install(struct error *err);
void term_signals_remove(void);

/* Stops the process group; returns when it goes on. */
void term_signals_stop(void);

/* Async-signal-safe: resets the line settings, and the screen too where curses
 * will not (`restore` begins with TERM_PASTE_OFF, which curses never does). */
void term_give_back(bool screen_too);

/* Curses takes and leaves the screen. */
void term_screen_leave(void);
void term_screen_enter(void);

/* Takes the size from the line, tells curses. */
void term_resize_now(void);

/* The picture was sent: see term_deaf. */
void term_picture_sent(void);

/* Takes an answer that is under way, so that it is not typed into the shell. */
void term_drain(void);

#endif
