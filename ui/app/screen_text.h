/* SPDX-License-Identifier: ISC */
/*
 * screen_text: a text that lies over the rest: help, results, one entry of the
 * log. It is copied; lines are wrapped anew when the screen changes.
 */
#ifndef CCMQ_UI_SCREEN_TEXT_H
#define CCMQ_UI_SCREEN_TEXT_H

#include "app/desk.h"
#include "page/pager.h"

extern const struct screen_kind screen_text;

/* Opens it; takes the text. Lines wider than the screen are wrapped. */
void screen_text_open(struct desk *desk, const char *title, struct str *text);

/* Moves, and n and N, in any text. False: not one of these. */
bool screen_text_move(struct desk *desk, struct pager *pager,
	enum action action);

#endif
