/* SPDX-License-Identifier: ISC */
/*
 * seal: what makes the history's rows checkable. Values in, values out: no
 * files, no clock, no SQL; the one module that knows the hash library.
 *
 * Each write transaction ends with a seal. It has the transaction's number,
 * which rises by one, and lists for each row that was inserted a digest of the
 * columns that are fixed from then on; its own digest is over the number, that
 * list and the digest of the seal before it. So the list of a seal can be
 * trusted as far as any later digest can, also when the rows are long gone.
 *
 * A row is written down as its values, each with a letter for its type, so
 * that no two rows are written alike: seal_put_… into a string that begins
 * with the row's kind and id, then seal_digest.
 */
#ifndef CCMQ_SEAL_H
#define CCMQ_SEAL_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define SEAL_BYTES 32			/* SHA-256 */
#define SEAL_HEX (2 * SEAL_BYTES + 1)

/* Kinds of rows, by the names of their tables. The numbers stand in every
 * history: a new kind comes last. Messages change and are not sealed, but that
 * one was removed is told. */
#define SEAL_KIND_LIST(X) \
	X(ATTEMPT, "attempt") \
	X(ACTION, "action") \
	X(CHANGE, "change") \
	X(EVENT, "event") \
	X(NOTE, "note") \
	X(MESSAGE, "message")

enum seal_kind {
#define X(name, table) SEAL_##name,
	SEAL_KIND_LIST(X)
#undef X
	SEAL_KINDS
};

const char *seal_kind_word(enum seal_kind kind);

enum seal_what {
	SEAL_ROW,		/* inserted: first is its id, with its digest */
	SEAL_REMOVED,		/* by retention: first to last */
	SEAL_BEFORE,		/* 1 to last are older than the first seal */
};

struct seal_entry {
	enum seal_what what;
	enum seal_kind kind;
	int64_t first, last;
	unsigned char digest[SEAL_BYTES];
};

/* A row begins with what it is; then its values in the order of its columns.
 * NULL text is NULL. */
void seal_row_begin(struct str *row, enum seal_kind kind, int64_t id);
void seal_put_int(struct str *row, int64_t n);
void seal_put_null(struct str *row);
void seal_put_text(struct str *row, const char *text, size_t len);
/* Anything that has no business in a sealed column: as its own letter. */
void seal_put_other(struct str *row, char letter, const void *bytes,
	size_t len);
void seal_row_digest(const struct str *row, unsigned char out[SEAL_BYTES]);

/*
 * The list of a transaction. begin leaves room for the number and the digest
 * before, which finish fills in; what is to be kept is behind SEAL_HEAD.
 */
#define SEAL_HEAD (SEAL_BYTES + 8)
void seal_begin(struct str *list);
void seal_add(struct str *list, const struct seal_entry *e);
/* An id that was removed; one next to the last one is of its range. */
void seal_add_removed(struct str *list, enum seal_kind kind, int64_t id);
void seal_finish(struct str *list, int64_t number,
	const unsigned char before[SEAL_BYTES], unsigned char out[SEAL_BYTES]);

/* The next entry of a kept list, from *at on (0 at first). 1, 0 at its end,
 * -1 it is none. */
int seal_next(const unsigned char *list, size_t len, size_t *at,
	struct seal_entry *out);

/* The same digest of bytes that come piece by piece, a file's. take ends it. */
struct seal_sum;
struct seal_sum *seal_sum_new(void);
void seal_sum_add(struct seal_sum *s, const void *bytes, size_t len);
void seal_sum_take(struct seal_sum *s, unsigned char out[SEAL_BYTES]);

void seal_hex(char out[SEAL_HEX], const unsigned char digest[SEAL_BYTES]);

#endif
