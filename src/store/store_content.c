/* SPDX-License-Identifier: ISC */
/*
 * store_content: what a file is known by when its bytes come again. See
 * store.h for the contract.
 */
#include "store/store.h"
#include "history/seal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE 65536

int
store_content(int fd, int64_t size, char out[STORE_CONTENT_HEX],
	struct error *err)
{
	unsigned char digest[SEAL_BYTES], piece[PIECE];
	struct seal_sum *sum;
	char hex[SEAL_HEX];
	int64_t at = 0;
	ssize_t n = 1;

	out[0] = '\0';
	if (size > STORE_CONTENT_MAX)
		return 0;
	sum = seal_sum_new();
	while (at < size && (n = pread(fd, piece, size - at < PIECE ?
	    (size_t)(size - at) : PIECE, at)) > 0) {
		seal_sum_add(sum, piece, (size_t)n);
		at += n;
	}
	seal_sum_take(sum, digest);
	if (n < 0)
		return error_sys(err, errno, "read the file");
	seal_hex(hex, digest);
	memcpy(out, hex, STORE_CONTENT_HEX - 1);
	out[STORE_CONTENT_HEX - 1] = '\0';
	return 0;
}
