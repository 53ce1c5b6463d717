/* SPDX-License-Identifier: ISC */
/*
 * bare: the console without its loop, for programs that press its keys in this
 * process and look at what it has: actions go to the stack of screens as the
 * loop would bring them, and work is done at once.
 *
 * bare_open takes the terminal and the store of a configuration, bare_close
 * gives both back; what fails ends the program, with its words in the file.
 */
#ifndef CCMQ_TESTS_BARE_H
#define CCMQ_TESTS_BARE_H

#include "app/desk.h"
#include "app/views.h"

#include <stdio.h>

extern struct desk desk;
extern FILE *out;			/* what is wrong; bare_open opens it */

void bare_open(const char *config, const char *path);
/* Whether nothing was wrong. */
bool bare_close(void);

/* rc of what must not fail. */
void must(int rc, const struct error *err);

/* What is seen is drawn; what a screen does by and by is done before. */
void draw(void);
void settle(void);

void press(key_code key);
void type(const char *text);

/* Work begun by a key is done. */
void run_errand(void);

/* To a pane of a view; to the inner one, of the first row of the outer one; to
 * the page of the first message in those states, if there is one. */
struct view *view(int i, int pane);
void narrowed(int i);
void message_of(unsigned states);

/* Answers the prompt on top: the reason, then what decides. False: there is no
 * prompt. */
bool answer(void);

#endif
