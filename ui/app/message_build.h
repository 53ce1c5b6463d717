/* SPDX-License-Identifier: ISC */
/*
 * message_build: the page of one message made of what the store and the last
 * look say, for the page itself and for the preview beside a list.
 */
#ifndef CCMQ_UI_MESSAGE_BUILD_H
#define CCMQ_UI_MESSAGE_BUILD_H

#include "app/desk.h"

/* All but the parts, in lines of so many columns; whole: with what to do, if it
 * is attended to. What cannot be read is said. */
void message_build_page(struct desk *desk, const struct history_message *m,
	size_t width, bool whole, struct str *out);

/* Who has the message in hand, or (0) the cause, and the newest notes on it:
 * lines, or nothing. */
void message_build_notes(struct desk *desk, int64_t message, int64_t cause,
	size_t width, struct str *out);

#endif
