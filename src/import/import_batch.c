/* SPDX-License-Identifier: ISC */
/* import_batch: see import_batch.h for the contract. */
#include "import/import_batch.h"
#include "import/import_file.h"
#include "import/import_und.h"

#include <string.h>

static void
fail_all(struct import_item **items, size_t count, enum import_code code,
	const struct error *err)
{
	for (size_t i = 0; i < count; i++)
		import_item_fail(items[i], code, err);
}

static void
deliver_all(struct import_office *office, struct import_item **items,
	size_t count)
{
	struct import_pack pack = IMPORT_PACK_INIT(office);

	for (size_t i = 0; i < count; i++) {
		if (pack.broken)
			import_item_fail(items[i], IMPORT_UNUSABLE, &pack.err);
		else
			import_file(&pack, items[i]);
	}
	if (!pack.broken)
		import_pack_flush(&pack);
}

/* How many from the first on have the same .und file. */
static size_t
same_und(struct import_item *const *items, size_t count)
{
	size_t n = 1;

	while (n < count && strcmp(items[0]->und, items[n]->und) == 0)
		n++;
	return n;
}

/* What failed is not undeliverable: its entries are made by the attempt that
 * ends otherwise. */
static bool
has_entries(const struct import_item *i)
{
	return i->code == IMPORT_UNDELIVERABLE && i->spool.length > 0;
}

static int
append_entries(struct import_und *u, struct import_item **items, size_t count,
	struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!has_entries(items[i]))
			continue;
		if (u->fd < 0 && import_und_open(u, items[i]->und, err) < 0)
			return -1;
		if (import_und_append(u, items[i], err) < 0)
			return -1;
	}
	return u->fd < 0 ? 0 : import_und_commit(u, err);
}

/* All into one file; if that fails, none of them is there. */
static void
write_und(struct import_item **items, size_t count)
{
	struct import_und u = IMPORT_UND_INIT;
	struct error err;

	if (append_entries(&u, items, count, &err) < 0)
		for (size_t i = 0; i < count; i++) {
			if (!has_entries(items[i]))
				continue;
			items[i]->und_start = items[i]->und_end = 0;
			import_item_fail(items[i], err.code == ERROR_BUSY ?
				IMPORT_LOCKED : IMPORT_UNUSABLE, &err);
		}
	import_und_close(&u);
}

void
import_batch(struct import_office *office, struct import_item **items,
	size_t count)
{
	struct error err;
	enum import_code code = import_office_enter(office, &err);

	if (code == IMPORT_DONE)
		deliver_all(office, items, count);
	else
		fail_all(items, count, code, &err);
	for (size_t i = 0, n; code == IMPORT_DONE && i < count; i += n) {
		n = same_und(items + i, count - i);
		write_und(items + i, n);
	}
	import_office_leave(office);
}
