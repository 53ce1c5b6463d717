/* SPDX-License-Identifier: ISC */
/*
 * line: lines that are typed, for `ccmq --plain`. The one module that knows
 * libedit, which gives history and completion; without it, and where standard
 * input is no terminal, lines are as they come.
 */
#ifndef CCMQ_UI_LINE_H
#define CCMQ_UI_LINE_H

#include <stdbool.h>

#define LINE_PROMPT "ccmq> "
#define LINE_MAX_BYTES 4096

struct line_options {
	/* Completed as first words; ended by NULL, borrowed. */
	const char *const *words;
	/* Waits until fd has something to read (0), or until it has printed
	 * something, whole lines (1); not if quiet: a line is half typed. -1:
	 * no line is wanted any more. */
	int (*wait)(void *arg, int fd, bool quiet);
	void *arg;
};

/* Is libedit there? */
bool line_can_edit(void);

void line_open(const struct line_options *options);
void line_close(void);
/* The next line without its line feed, valid until the next call; NULL: there
 * is none any more. */
const char *line_read(void);

#endif
