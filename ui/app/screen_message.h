/* SPDX-License-Identifier: ISC */
/*
 * screen_message: the page of one message: message_page and message_part put
 * together.
 */
#ifndef CCMQ_UI_SCREEN_MESSAGE_H
#define CCMQ_UI_SCREEN_MESSAGE_H

#include "app/desk.h"
#include "page/message_part.h"
#include "page/pager.h"

struct message_screen {
	struct screen screen;
	struct desk *desk;
	int64_t id;
	enum state state;		/* as it is shown, as all below */
	bool watched;			/* another connector has it */
	char subject[80];
	char title[160];
	char place[64];			/* "3 of 47 in Failed  J K next" */
	enum message_tab tab;
	int64_t tab_counts[TAB_COUNT];	/* -1: not known */
	int64_t piece, pieces;		/* of the part, message_part.h */
	size_t part_line;		/* where it begins in the page */
	int width;			/* the text is made for */
	struct pager page;
};

extern const struct screen_kind screen_message;

/* Opens it at a part; a page on top goes on to that message instead. Says so
 * if there is none. */
void screen_message_open(struct desk *desk, int64_t id, enum message_tab tab);

/* The page on top, or NULL. */
struct message_screen *screen_message_top(struct desk *desk);

#endif
