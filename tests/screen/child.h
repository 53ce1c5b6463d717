/* SPDX-License-Identifier: ISC */
/*
 * child: the program under test in a pseudo-terminal.
 *
 * One at a time. The harness keeps the terminal's other side open, so that
 * its settings can be asked after the program has ended. The program is a job
 * of a session leader, which stops when it stops and ends as it ends: without
 * one it would be an orphan, and those cannot be stopped by SIGTSTP.
 */
#ifndef CCMQ_TESTS_CHILD_H
#define CCMQ_TESTS_CHILD_H

#include "picture.h"
#include "base/str.h"

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

struct child {
	pid_t pid;		/* of the session's leader; 0: none */
	pid_t group;		/* of the program */
	int master, slave;	/* -1: closed */
	bool stopped;
	bool ended;
	int status;		/* as waitpid says */
	struct termios before;	/* the terminal's settings at the start */
	struct picture *picture;
	struct str raw;		/* all bytes it sent */
	size_t mark;		/* raw.len at the last `mark` */
	size_t shown;		/* of raw: what the picture has got */
	bool stalled;		/* what it sends is under way, not shown */
	bool silent;		/* the terminal answers no queries */
	struct str answers;	/* of the terminal, to be sent */
	struct str asked;	/* the picture when it asked where the cursor
				 * is, if that is since the last input */
	int64_t asked_ms;	/* … and when that was answered */
};

#define CHILD_INIT { .master = -1, .slave = -1 }

/* 0, or -1 with a line on standard output. Ends the one before. */
int child_run(struct child *child, char **argv, int columns, int rows);
void child_end(struct child *child);

/* Takes what it sends for at most ms. True: something came. */
bool child_pump(struct child *child, int ms);

/* Sends a signal to the program (SIGCONT also wakes the leader). */
void child_signal(struct child *child, int number);

/* Waits, taking what it sends, while its input is full. False: it has ended, or
 * the line is closed. */
bool child_send(struct child *child, const char *bytes, size_t len);

/* Whether it has read all that was sent, or never will. */
bool child_has_read(const struct child *child);
void child_resize(struct child *child, int columns, int rows);

/* Closes both sides: the line is lost. */
void child_hang_up(struct child *child);

/* Whether the settings are what they were. */
bool child_is_restored(const struct child *child);

#endif
