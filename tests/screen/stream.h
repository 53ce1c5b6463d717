/* SPDX-License-Identifier: ISC */
/*
 * stream: whether bytes are what a program that draws with curses may send to
 * a terminal, and nothing else.
 *
 * The sequences curses sends are taken from terminfo for that TERM: every
 * capability, with any numbers where it has numbers. What comes from a
 * message must not reach the terminal as one of the others: titles, reports,
 * clipboards, modes.
 */
#ifndef CCMQ_TESTS_STREAM_H
#define CCMQ_TESTS_STREAM_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Only printable UTF-8, CR LF BS HT, and sequences of terminal `name` (and
 * bracketed paste on and off, mouse modes off, the question for the cursor, the
 * bell before a picture). No other control, C1, bidirectional control;
 * no more than four marks on a character. Appends what is wrong to out; true:
 * nothing is.
 */
bool stream_is_clean(const char *name, const char *bytes, size_t len,
	struct str *out);

#endif
