/* SPDX-License-Identifier: ISC */
/*
 * message_part_private: what the files message_part*.c share.
 */
#ifndef CCMQ_UI_MESSAGE_PART_PRIVATE_H
#define CCMQ_UI_MESSAGE_PART_PRIVATE_H

#include "mail/message.h"
#include "page/message_part.h"

#include <stddef.h>
#include <sys/types.h>

/* Bytes of a file that are read as if they stood one behind the other. */
struct stretch {
	int fd;
	const struct message_range *ranges;
	size_t count;
	int64_t total;
};

void stretch_init(struct stretch *s, int fd,
	const struct message_range *ranges, size_t count);

/* Reads from an offset into the stretch: up to len bytes, fewer at its end.
 * The number, or -1. */
ssize_t stretch_read(const struct stretch *s, int64_t at, void *buf,
	size_t len, struct error *err);

/* Where a piece of the stretch begins: at a line's begin, if there is one in
 * the last bytes of the piece before. */
int64_t stretch_piece_at(const struct stretch *s, int64_t piece);

/* How many pieces, at least 1. */
int64_t stretch_pieces(const struct stretch *s);

/* Appends the bytes from `from` to `to` (no more than two pieces) in printable
 * lines, out of code page 437. */
void stretch_add(const struct stretch *s, int64_t from, int64_t to,
	struct str *out);

void message_part_und(const struct message_part *part, struct str *out);
void message_part_log(const struct message_part *part, struct str *out);
int64_t message_part_log_rows(const struct message_part *part);

#endif
