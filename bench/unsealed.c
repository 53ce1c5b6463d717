/* SPDX-License-Identifier: ISC */
/*
 * unsealed: linked into a ccmqd of its own with --wrap, for bench_seal.sh: all
 * that sealing does is not done. Rows have their transaction's number all the
 * same.
 */
#include "history/seal_history.h"

int __wrap_history_seal(struct history *h, struct error *err);
void __wrap_seal_row_begin(struct str *row, enum seal_kind kind, int64_t id);
void __wrap_seal_put_int(struct str *row, int64_t n);
void __wrap_seal_put_null(struct str *row);
void __wrap_seal_put_text(struct str *row, const char *text, size_t len);
void __wrap_seal_row_digest(const struct str *row,
	unsigned char out[SEAL_BYTES]);
void __wrap_seal_add(struct str *list, const struct seal_entry *e);

int
__wrap_history_seal(struct history *h, struct error *err)
{
	(void)h;
	(void)err;
	return 0;
}

void
__wrap_seal_row_begin(struct str *row, enum seal_kind kind, int64_t id)
{
	(void)row;
	(void)kind;
	(void)id;
}

void
__wrap_seal_put_int(struct str *row, int64_t n)
{
	(void)row;
	(void)n;
}

void
__wrap_seal_put_null(struct str *row)
{
	(void)row;
}

void
__wrap_seal_put_text(struct str *row, const char *text, size_t len)
{
	(void)row;
	(void)text;
	(void)len;
}

void
__wrap_seal_row_digest(const struct str *row, unsigned char out[SEAL_BYTES])
{
	(void)row;
	(void)out;
}

void
__wrap_seal_add(struct str *list, const struct seal_entry *e)
{
	(void)list;
	(void)e;
}
