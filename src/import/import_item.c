/* SPDX-License-Identifier: ISC */
/* import_item: see import_item.h for the contract. */
#include "import/import_item.h"

#include <stdarg.h>
#include <unistd.h>

#define NAME "ccmq-import: "

void
import_item_say(struct import_item *i, const char *fmt, ...)
{
	size_t start = i->words.len;
	va_list ap;

	str_add(&i->words, NAME);
	va_start(ap, fmt);
	str_vaddf(&i->words, fmt, ap);
	va_end(ap);
	str_add_char(&i->words, '\n');
	if (i->words.len > IMPORT_WORDS_MAX)
		str_truncate(&i->words, start);
}

void
import_item_fail(struct import_item *i, enum import_code code,
	const struct error *err)
{
	if (i->code != IMPORT_DONE && i->code != IMPORT_UNDELIVERABLE)
		return;
	i->code = code;
	i->err = *err;
}

void
import_item_add_words(const struct import_item *i, struct str *out)
{
	str_add_bytes(out, i->words.data, i->words.len);
	if (i->code == IMPORT_DONE)
		return;
	if (i->code != IMPORT_UNDELIVERABLE)
		str_addf(out, NAME "%s\n", i->err.text);
	str_addf(out, IMPORT_ENDED "\n", (int)i->code);
}

void
import_item_release(struct import_item *i)
{
	str_release(&i->words);
	str_release(&i->spool.memory);
	if (i->spool.fd >= 0)
		close(i->spool.fd);
	i->spool.fd = -1;
}
