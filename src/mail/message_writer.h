/* SPDX-License-Identifier: ISC */
/*
 * message_writer: writes the import text format, counted or plain.
 *
 * What it writes is read back by message_reader as the same message, whole.
 * Counts stand in 12-character fields, padded with blanks.
 * Bodies are copied through the source in pieces of 64 KB and never held.
 * Pure.
 */
#ifndef CCMQ_MESSAGE_WRITER_H
#define CCMQ_MESSAGE_WRITER_H

#include "base/error.h"
#include "mail/message.h"

#include <stddef.h>

struct message_out_header {
	const char *keyword;	/* without the colon: "From" */
	struct message_bytes value;	/* one line */
};

struct message_out_item {
	enum message_item_kind kind;	/* not MESSAGE_ITEM_OTHER */
	struct message_bytes title;	/* one line, may be empty */
	const struct message_source *body;
	struct message_range range;	/* of it; written as it is */
};

struct message_out {
	enum message_form form;
	const struct message_out_header *headers;
	size_t header_count;
	const struct message_out_item *items;
	size_t item_count;
};

/*
 * Writes one message; several in a row make a file of several. 0; -1 with err:
 * ERROR_INVALID for what the format cannot carry (a line end or NUL in a
 * header or title, one over its maximum, a keyword that is none, a plain body
 * with a keyword line in it, a range that its source does not have), found
 * before anything is written; or what sink or a source said. Blanks around a
 * value or a title are not kept. In plain form a body that does not end with
 * CR LF gets one; there a body is read twice.
 */
int message_write(const struct message_out *m, message_sink sink, void *arg,
	struct error *err);

/* Copies a range of src, in pieces of up to 64 KB. That it ends before the
 * range does is an error. 0, or -1 with what sink or src said. */
int message_copy(const struct message_source *src, struct message_range range,
	message_sink sink, void *arg, struct error *err);

#endif
