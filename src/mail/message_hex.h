/* SPDX-License-Identifier: ISC */
/*
 * message_hex: attachments as hex text (/FILES/HEX), decoded piece by piece.
 *
 * `struct message_hex h = { 0 };`, then message_hex_decode for each piece,
 * message_hex_end behind the last. Blanks and line ends do not count. Pure.
 *
 * The reader looks at all of an attachment so, and calls it hex only if it is:
 * what MESSAGE_ENCODING_HEX names decodes to the last byte, and what does not
 * is MESSAGE_ENCODING_RAW with a defect, to be handed on as it stands. So
 * somebody who decodes the body of an item has nothing to repair: an end that
 * is not good is a file that changed meanwhile.
 */
#ifndef CCMQ_MESSAGE_HEX_H
#define CCMQ_MESSAGE_HEX_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

struct message_hex {
	int high;	/* 0, or 1 + the digit that waits for its other half */
	bool any;	/* there was a digit */
	bool bad;	/* something was not a hex digit; it was skipped */
};

/* Decodes len bytes into out (room for len / 2 + 1; NULL: only looks at them);
 * returns how many bytes they mean. */
size_t message_hex_decode(struct message_hex *h, const void *in, size_t len,
	uint8_t *out);

/* True if all was hex digits, and their number even and not 0. */
bool message_hex_end(const struct message_hex *h);

#endif
