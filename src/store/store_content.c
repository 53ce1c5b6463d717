/* SPDX-License-Identifier: ISC */
/*
 * store_content: what a file is known by when its bytes come again. See
 * store.h for the contract.
 */
#include "store/store.h"
#include "history/seal.h"
#include "mail/message.h"

#include <string.h>

#define PIECE 65536

int
store_content(const struct message_source *src, char out[STORE_CONTENT_HEX],
	struct error *err)
{
	unsigned char digest[SEAL_BYTES], piece[PIECE];
	struct seal_sum *sum;
	char hex[SEAL_HEX];
	int64_t at = 0;
	size_t got = 1;
	int rc = 0;

	out[0] = '\0';
	if (src->size > STORE_CONTENT_MAX)
		return 0;
	sum = seal_sum_new();
	while (rc == 0 && at < src->size && got > 0) {
		rc = src->read_at(src->arg, at, piece, src->size - at < PIECE ?
			(size_t)(src->size - at) : PIECE, &got, err);
		if (rc == 0)
			seal_sum_add(sum, piece, got);
		at += (int64_t)got;
	}
	seal_sum_take(sum, digest);
	if (rc < 0)
		return -1;
	seal_hex(hex, digest);
	memcpy(out, hex, STORE_CONTENT_HEX - 1);
	out[STORE_CONTENT_HEX - 1] = '\0';
	return 0;
}
