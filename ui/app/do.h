/* SPDX-License-Identifier: ISC */
/*
 * do: what actions open or do that no screen does itself. Each takes its
 * subject from what is on top of the stack now, copies it, and returns; none
 * calls another.
 */
#ifndef CCMQ_UI_DO_H
#define CCMQ_UI_DO_H

#include "app/desk.h"

/* r, x, X: a prompt that names the ids and states that were shown. */
void do_verb(struct desk *desk, enum action action);

/* u: your newest action, and how many of its messages can be taken back. */
void do_undo(struct desk *desk);

/* c, then one of h d r t; the same by its word. */
void do_connector(struct desk *desk);
void do_connector_verb(struct desk *desk, enum action action);

/* The job under the cursor of Work: pauses it or lets it go on; stops it. */
void do_job_pause(struct desk *desk);
void do_job_stop(struct desk *desk);

/* The entry under the cursor of .und becomes a message again. */
void do_resend(struct desk *desk);

/* i: a note on the message or cause; m: it is yours, again: not any more. */
void do_note(struct desk *desk);
void do_mine(struct desk *desk);

/* `,` `.`: a minute back, on; :at: the screen as it was then; :now. */
void do_time_step(struct desk *desk, int minutes);
void do_time_go(struct desk *desk, int64_t at);
void do_time_end(struct desk *desk);

/* At the start: your work that was cut off is asked about. */
void do_unfinished(struct desk *desk);

/* w: what is seen, to a new file; W: the incident note of the message or
 * cause. */
void do_write(struct desk *desk);
void do_write_note(struct desk *desk);

/* |: the message on the page to a command. */
void do_pipe(struct desk *desk);

/* A command of the site's, on the message or cause that is meant, which it gets
 * as JSON; the same by its key, which says so if it has none. */
void do_program(struct desk *desk, const struct settings_program *p);
void do_program_key(struct desk *desk, key_code key);

/* /: filters a list as it is typed, searches a text. */
void do_filter(struct desk *desk);

/* o and a column's letter. */
void do_sort(struct desk *desk);

/* `:`, a word; it becomes a request. */
void do_command(struct desk *desk);

/* ?: the words of this screen, its keys, all keys. */
void do_help(struct desk *desk);

/* a: what the verdict is about; silent at the start when all is well. */
void go_attention(struct desk *desk, bool at_start);
/* J, K: the neighbour of the message on top, in its list. */
void go_neighbour(struct desk *desk, int64_t rows);
/* Says in the page on top which of how many it is. */
void go_place(struct desk *desk);

#endif
