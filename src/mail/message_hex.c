/* SPDX-License-Identifier: ISC */
/* message_hex: see message_hex.h for the contract. */
#include "mail/message_hex.h"

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

size_t
message_hex_decode(struct message_hex *h, const void *in, size_t len,
	uint8_t *out)
{
	const char *p = in;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		int d = digit(p[i]);

		if (d < 0) {
			h->bad = h->bad || (p[i] != ' ' && p[i] != '\t' &&
				p[i] != '\r' && p[i] != '\n');
		} else if (!h->high) {
			h->high = 1 + d;
			h->any = true;
		} else {
			if (out)
				out[n] = (uint8_t)((h->high - 1) << 4 | d);
			h->high = 0;
			n++;
		}
	}
	return n;
}

bool
message_hex_end(const struct message_hex *h)
{
	return h->any && !h->bad && !h->high;
}
