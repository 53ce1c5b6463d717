/* SPDX-License-Identifier: ISC */
/*
 * message_parse: the reader's inside, shared by its files. Internal.
 *
 *   message_parse.c    the reader: where messages begin and end
 *   message_headers.c  the header part
 *   message_items.c    the items of the contents
 *   message_attach.c   what an item is: file name and date, MacBinary, hex,
 *                      forwarding history
 *   message_count.c    whether to believe a count
 *
 * Everything goes forward: `pos` never goes back.
 */
#ifndef CCMQ_MESSAGE_PARSE_H
#define CCMQ_MESSAGE_PARSE_H

#include "mail/message.h"
#include "mail/message_scan.h"

#include <stdbool.h>
#include <stdint.h>

struct message_reader {
	struct scan scan;
	struct message_options options;
	struct message *m;	/* the one being made */
	int64_t pos;
	int number;		/* messages begun */
	bool ended;
	bool date_known;	/* the order of dates was given */

	/* of the message being made: */
	int64_t limit;		/* where it must end: its count's end, else the
				 * source's */
	bool limit_known;	/* a count said it and was believed */
	int64_t header_bytes;
	unsigned seen;		/* bits of message_header_kind */
	bool headers_full;	/* more are not kept */
	bool stopped;		/* the next message was met */
	bool cut;		/* it begins within a line of this one */
	bool overran;		/* a count pointed behind the source's end */
};

/* Reads the header part: leaves pos behind it, on `Contents:`, an item, the
 * next `Message:` or the end. True if it is on `Contents:`. */
bool message_parse_headers(struct message_reader *r);

/* Reads the items from pos to the limit or the next message. */
void message_parse_items(struct message_reader *r);

/* What parts there are that a count may stand for. */
enum part {
	PART_MESSAGE,
	PART_CONTENTS,
	PART_ITEM,
};

/*
 * Whether a part of `count` bytes from start on may be believed to end where
 * it says: true, with *end_out there. False with the defect noted at the count
 * line, which is at `at`.
 */
bool message_parse_count(struct message_reader *r, enum part part, int64_t at,
	int64_t start, int64_t count, int64_t *end_out);

/* The first bytes of an item's body are looked at before it is passed over. */
#define ATTACH_PEEK 512

/* Fills in the name and the date of what is no text, from the title. */
void message_attach_name(const struct message_reader *r,
	struct message_item *item);

/* Fills in encoding, forks and is_history. peek: the first n bytes of the
 * body, of which item->body knows the length. */
void message_attach_kind(struct message_reader *r, struct message_item *item,
	const char *peek, size_t n);

#endif
