/* SPDX-License-Identifier: ISC */
/*
 * Fuzzer of the message reader, the summary and the writer: ranges lie where
 * they must, not much more is asked for than is there, and what is written of a message
 * that was read is read back as the same.
 */
#include "mail/message.h"
#include "mail/message_summary.h"
#include "mail/message_writer.h"
#include "fuzz.h"
#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void
check_range(struct message_range inner, struct message_range outer)
{
	assert(inner.offset >= outer.offset && inner.length >= 0);
	assert(inner.offset + inner.length <= outer.offset + outer.length);
}

static void
check_message(const struct message *m, const struct message_source *src)
{
	struct message_range all = { 0, src->size };
	int64_t at = m->range.offset;

	check_range(m->range, all);
	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];

		check_range((struct message_range){ h->offset, h->length },
			m->range);
		assert(h->offset >= at);
		at = h->offset + h->length;
	}
	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];

		check_range(item->line, m->range);
		check_range(item->body, m->range);
		assert(item->line.offset >= at);
		assert(item->body.offset ==
			item->line.offset + item->line.length);
		at = item->body.offset + item->body.length;
		if (item->encoding != MESSAGE_ENCODING_MACBINARY)
			continue;
		check_range(item->data_fork, item->body);
		if (item->resource_fork.length)
			check_range(item->resource_fork, item->body);
	}
	if (m->contents_seen)
		check_range(m->contents, m->range);
	assert(m->defect_total >= (int64_t)m->defect_count);
}

static void
check_same(const struct message *a, const struct str *text)
{
	struct message_memory memory = { text->data, text->len };
	struct message_source src = message_source_memory(&memory);
	struct message_reader *r = message_reader_new(&src, NULL);
	struct error err;
	struct message b;
	int rc;

	message_init(&b);
	rc = message_reader_next(r, &b, &err);
	assert(rc == 1 && b.header_count == a->header_count);
	for (size_t i = 0; i < b.header_count; i++) {
		assert(b.headers[i].kind == a->headers[i].kind);
		assert(b.headers[i].value.len == a->headers[i].value.len);
		assert(memcmp(b.headers[i].value.data, a->headers[i].value.data,
			b.headers[i].value.len) == 0);
	}
	assert(b.item_count == a->item_count);
	for (size_t i = 0; i < b.item_count; i++)
		assert(b.items[i].body.length == a->items[i].body.length);
	rc = message_reader_next(r, &b, &err);
	assert(rc == 0);
	message_release(&b);
	message_reader_free(r);
}

/* Writes m anew, with counts, and reads that. */
static void
check_written(const struct message *m, const struct message_source *src)
{
	struct message_out_header *headers = calloc(m->header_count + 1,
		sizeof *headers);
	struct message_out_item *items = calloc(m->item_count + 1,
		sizeof *items);
	struct message_out out = { MESSAGE_COUNTED, headers, m->header_count,
		items, m->item_count };
	char (*words)[40] = calloc(m->header_count + 1, sizeof *words);
	struct str text = STR_INIT;
	struct error err;
	bool can = true;

	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];

		can = can && h->kind <= MESSAGE_HEADER_UNKNOWN;
		memcpy(words[i], h->keyword.data, h->keyword.len);
		headers[i].keyword = words[i];
		headers[i].value = h->value;
	}
	for (size_t i = 0; i < m->item_count; i++) {
		can = can && m->items[i].kind != MESSAGE_ITEM_OTHER;
		items[i].kind = m->items[i].kind;
		items[i].title = m->items[i].title;
		items[i].body = src;
		items[i].range = m->items[i].body;
	}
	if (can && message_write(&out, fuzz_to_str, &text, &err) == 0)
		check_same(m, &text);
	else
		assert(text.len == 0);
	str_release(&text);
	free(headers);
	free(items);
	free(words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_source f;
	struct message_source src = fuzz_source(&f, data, size);
	struct message_options options = {
		.hex_files = size % 3 == 1,
		.date_order = (enum ccmail_date_order)(size % 4),
	};
	struct message_reader *r = message_reader_new(&src, &options);
	static struct charset *cs[2];
	struct message_summary summary;
	struct message m;
	struct error err;
	int64_t end = 0, before, written = 0;
	int rewritten = 0;

	for (int i = 0; i < 2 && !cs[i]; i++)
		cs[i] = charset_new(i ? "437" : "932", &err);
	message_init(&m);
	while (message_reader_next(r, &m, &err) == 1) {
		check_message(&m, &src);
		assert(m.range.offset >= end && m.range.length > 0);
		end = m.range.offset + m.range.length;
		before = f.asked;
		if (message_note_characters(&m, &src, cs[size % 2], &err) < 0)
			abort();
		if (m.verdict != MESSAGE_NOT && rewritten++ < 20)
			check_written(&m, &src);
		written += f.asked - before;
	}
	message_reader_free(r);
	message_release(&m);
	fuzz_check(f.asked - written, size);
	message_summary_init(&summary);
	message_summary(&src, cs[size % 2], options.date_order, &summary, &err);
	message_summary_release(&summary);
	return 0;
}
