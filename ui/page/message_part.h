/* SPDX-License-Identifier: ISC */
/*
 * message_part: the parts of one message: what is in its file, what it left
 * in the .und file, what happened to it.
 *
 * A part of any size costs what is shown of it: the file is read in pieces of
 * MESSAGE_PIECE_BYTES, one at a time, that begin where lines do; of a message
 * without counts no more than MESSAGE_PARSED_BYTES are looked at to take it
 * apart. Text is taken as code page 437. Nothing here fails: what cannot be
 * read is said in the text.
 */
#ifndef CCMQ_UI_MESSAGE_PART_H
#define CCMQ_UI_MESSAGE_PART_H

#include "settings/settings.h"
#include "store/store.h"
#include "base/str.h"

#include <stdint.h>

#define MESSAGE_PIECE_BYTES (64 << 10)	/* some milliseconds */
#define MESSAGE_PARSED_BYTES (1 << 20)	/* the same */
#define MESSAGE_UND_ENTRIES 50		/* the oldest are shown */
#define MESSAGE_LOG_ROWS 300		/* of attempts, and of actions */

enum message_tab {
	TAB_TEXT,
	TAB_HEADERS,
	TAB_ITEMS,
	TAB_RAW,
	TAB_HEX,
	TAB_UND,
	TAB_LOG,
	TAB_COUNT,
};

const char *message_part_word(enum message_tab tab);	/* "Text" */

struct message_part {
	struct store *store;		/* borrowed, as all three */
	const struct settings *settings;
	const struct history_message *message;
	enum message_tab tab;
	int64_t now;
	bool past;			/* … is a time that is past: what came
					 * later is not told */
	int64_t piece;			/* from 0; moved to the last one when
					 * there are fewer */
	int64_t pieces;			/* filled in: how many, at least 1 */
	int64_t items;			/* filled in where it was taken apart;
					 * 0 before: not known */
};

/* Appends a title line ("-- Text, code page 437 ") and the lines of the part,
 * or of its piece. */
void message_part_text(struct message_part *part, struct str *out);

/* How many items, .und entries, rows of the log; -1: not known. Takes the file
 * apart if message_part_text has not done so. */
void message_part_counts(struct message_part *part,
	int64_t counts_out[TAB_COUNT]);

#endif
