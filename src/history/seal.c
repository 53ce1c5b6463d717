/* SPDX-License-Identifier: ISC */
/* seal: digests of rows and of transactions. See seal.h for the contract. */
#include "history/seal.h"
#include "base/xalloc.h"

#include <nettle/sha2.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RANGE_LEN 17		/* what and kind, first, last */
#define ROW_LEN (9 + SEAL_BYTES)	/* what and kind, id, digest */

const char *
seal_kind_word(enum seal_kind kind)
{
	static const char *const words[] = {
#define X(name, table) table,
		SEAL_KIND_LIST(X)
#undef X
	};

	return words[kind];
}

static void
put_number(unsigned char out[8], int64_t n)
{
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)((uint64_t)n >> (56 - 8 * i));
}

static int64_t
get_number(const unsigned char *p)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | p[i];
	return (int64_t)n;
}

static void
add_lettered(struct str *s, unsigned char letter, int64_t n)
{
	unsigned char bytes[9] = { letter };

	put_number(bytes + 1, n);
	str_add_bytes(s, bytes, sizeof bytes);
}

void
seal_row_begin(struct str *row, enum seal_kind kind, int64_t id)
{
	str_clear(row);
	add_lettered(row, (unsigned char)kind, id);
}

void
seal_put_int(struct str *row, int64_t n)
{
	add_lettered(row, 'i', n);
}

void
seal_put_null(struct str *row)
{
	str_add_char(row, '0');
}

void
seal_put_other(struct str *row, char letter, const void *bytes, size_t len)
{
	add_lettered(row, (unsigned char)letter, (int64_t)len);
	str_add_bytes(row, bytes, len);
}

void
seal_put_text(struct str *row, const char *text, size_t len)
{
	if (text)
		seal_put_other(row, 't', text, len);
	else
		seal_put_null(row);
}

static void
digest(const void *bytes, size_t len, unsigned char out[SEAL_BYTES])
{
	struct sha256_ctx ctx;

	static_assert(SEAL_BYTES == SHA256_DIGEST_SIZE, "as the header says");
	sha256_init(&ctx);
	sha256_update(&ctx, len, bytes);
	sha256_digest(&ctx, SEAL_BYTES, out);
}

struct seal_sum {
	struct sha256_ctx ctx;
};

struct seal_sum *
seal_sum_new(void)
{
	struct seal_sum *s = xcalloc(1, sizeof *s);

	sha256_init(&s->ctx);
	return s;
}

void
seal_sum_add(struct seal_sum *s, const void *bytes, size_t len)
{
	sha256_update(&s->ctx, len, bytes);
}

void
seal_sum_take(struct seal_sum *s, unsigned char out[SEAL_BYTES])
{
	sha256_digest(&s->ctx, SEAL_BYTES, out);
	free(s);
}

void
seal_row_digest(const struct str *row, unsigned char out[SEAL_BYTES])
{
	digest(row->data, row->len, out);
}

void
seal_begin(struct str *list)
{
	static const unsigned char room[SEAL_HEAD];

	str_clear(list);
	str_add_bytes(list, room, sizeof room);
}

void
seal_add(struct str *list, const struct seal_entry *e)
{
	unsigned char bytes[8];

	add_lettered(list, (unsigned char)(e->what << 4 | e->kind), e->first);
	if (e->what == SEAL_ROW) {
		str_add_bytes(list, e->digest, SEAL_BYTES);
		return;
	}
	put_number(bytes, e->last);
	str_add_bytes(list, bytes, sizeof bytes);
}

void
seal_add_removed(struct str *list, enum seal_kind kind, int64_t id)
{
	unsigned char *last = (unsigned char *)list->data + list->len -
		RANGE_LEN;

	if (list->len >= SEAL_HEAD + RANGE_LEN &&
	    *last == (SEAL_REMOVED << 4 | (int)kind) &&
	    get_number(last + 9) == id - 1)
		put_number(last + 9, id);
	else
		seal_add(list, &(struct seal_entry){ .what = SEAL_REMOVED,
			.kind = kind, .first = id, .last = id });
}

void
seal_finish(struct str *list, int64_t number,
	const unsigned char before[SEAL_BYTES], unsigned char out[SEAL_BYTES])
{
	assert(list->len >= SEAL_HEAD);
	memcpy(list->data, before, SEAL_BYTES);
	put_number((unsigned char *)list->data + SEAL_BYTES, number);
	digest(list->data, list->len, out);
}

int
seal_next(const unsigned char *list, size_t len, size_t *at,
	struct seal_entry *out)
{
	const unsigned char *p = list + *at;
	size_t left = len - *at, need;

	if (left == 0)
		return 0;
	out->what = (enum seal_what)(*p >> 4);
	out->kind = (enum seal_kind)(*p & 15);
	need = out->what == SEAL_ROW ? ROW_LEN : RANGE_LEN;
	if (out->what > SEAL_BEFORE || out->kind >= SEAL_KINDS ||
	    (out->kind == SEAL_MESSAGE && out->what == SEAL_ROW) || left < need)
		return -1;
	out->first = out->last = get_number(p + 1);
	if (out->what == SEAL_ROW)
		memcpy(out->digest, p + 9, SEAL_BYTES);
	else
		out->last = get_number(p + 9);
	*at += need;
	return 1;
}

void
seal_hex(char out[SEAL_HEX], const unsigned char bytes[SEAL_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < SEAL_BYTES; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[SEAL_HEX - 1] = '\0';
}
