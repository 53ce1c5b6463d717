/* SPDX-License-Identifier: ISC */
/* message: see message.h; here is what a message is made of and its words. */
#include "mail/message.h"
#include "mail/message_store.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORE_BLOCK ((size_t)16 << 10)

/* One block of kept bytes; the newest is first. */
struct message_store {
	struct message_store *older;
	size_t used, size;
	char data[];
};

static const struct {
	enum message_verdict verdict;
	const char *words;
} defects[] = {
#define X(name, verdict, words) [name] = { verdict, words },
	MESSAGE_DEFECT_LIST(X)
#undef X
};

void
message_init(struct message *m)
{
	memset(m, 0, sizeof *m);
}

static void
free_store(struct message_store *store)
{
	while (store) {
		struct message_store *older = store->older;

		free(store);
		store = older;
	}
}

void
message_release(struct message *m)
{
	free(m->headers);
	free(m->items);
	free(m->defects);
	free_store(m->store);
	message_init(m);
}

void
message_clear(struct message *m)
{
	struct message old = *m;

	free_store(old.store);
	message_init(m);
	m->headers = old.headers;
	m->header_cap = old.header_cap;
	m->items = old.items;
	m->item_cap = old.item_cap;
	m->defects = old.defects;
	m->defect_cap = old.defect_cap;
}

struct message_bytes
message_keep(struct message *m, const void *bytes, size_t len)
{
	struct message_store *block = m->store;
	char *to;

	if (len == 0)
		return (struct message_bytes){ "", 0 };
	if (!block || block->size - block->used < len) {
		size_t size = len > STORE_BLOCK ? len : STORE_BLOCK;

		block = xmalloc(sizeof *block + size);
		block->older = m->store;
		block->used = 0;
		block->size = size;
		m->store = block;
	}
	to = block->data + block->used;
	memcpy(to, bytes, len);
	block->used += len;
	return (struct message_bytes){ to, len };
}

static bool
is_space(char c)
{
	return text_is_blank(c) || c == '\r' || c == '\n';
}

struct message_bytes
message_trimmed(const char *data, size_t len)
{
	while (len && is_space(*data)) {
		data++;
		len--;
	}
	while (len && is_space(data[len - 1]))
		len--;
	return (struct message_bytes){ data, len };
}

struct message_header *
message_add_header(struct message *m)
{
	struct message_header *h;

	if (m->header_count == MESSAGE_HEADERS_MAX)
		return NULL;
	xgrow(&m->headers, &m->header_cap, m->header_count + 1,
		sizeof *m->headers, MESSAGE_HEADERS_MAX);
	h = &m->headers[m->header_count++];
	*h = (struct message_header){ .keyword = { "", 0 }, .value = { "", 0 } };
	return h;
}

struct message_item *
message_add_item(struct message *m)
{
	struct message_item *item;

	if (m->item_count == MESSAGE_ITEMS_MAX)
		return NULL;
	xgrow(&m->items, &m->item_cap, m->item_count + 1, sizeof *m->items,
		MESSAGE_ITEMS_MAX);
	item = &m->items[m->item_count++];
	*item = (struct message_item){ .title = { "", 0 }, .name = { "", 0 } };
	return item;
}

void
message_add_defect(struct message *m, enum message_defect_kind kind,
	int64_t offset, const char *fmt, ...)
{
	struct message_defect *d;
	va_list ap;
	int n;

	if (m->verdict < defects[kind].verdict)
		m->verdict = defects[kind].verdict;
	m->defect_total++;
	if (m->defects_of[kind]++ >= MESSAGE_DEFECTS_SAME_MAX)
		return;
	xgrow(&m->defects, &m->defect_cap, m->defect_count + 1,
		sizeof *m->defects, MESSAGE_DEFECTS_MAX);
	d = &m->defects[m->defect_count++];
	d->kind = kind;
	d->offset = offset;
	n = snprintf(d->words, sizeof d->words, "%s", defects[kind].words);
	if (!fmt || (size_t)n + 3 > sizeof d->words)
		return;
	memcpy(d->words + n, ": ", 3);
	n += 2;
	va_start(ap, fmt);
	vsnprintf(d->words + n, sizeof d->words - (size_t)n, fmt, ap);
	va_end(ap);
}

static bool
is_recipient(const struct message_header *h)
{
	return h->kind == MESSAGE_HEADER_TO || h->kind == MESSAGE_HEADER_CC ||
		h->kind == MESSAGE_HEADER_BCC;
}

const struct message_header *
message_recipient(const struct message *m, const struct message_header *after)
{
	size_t i = after ? (size_t)(after - m->headers) + 1 : 0;

	for (; i < m->header_count; i++)
		if (is_recipient(&m->headers[i]))
			return &m->headers[i];
	return NULL;
}

const struct message_defect *
message_why_not(const struct message *m)
{
	for (size_t i = 0; i < m->defect_count; i++)
		if (defects[m->defects[i].kind].verdict == MESSAGE_NOT)
			return &m->defects[i];
	return NULL;
}

const char *
message_verdict_word(enum message_verdict verdict)
{
	static const char *const words[] = {
		[MESSAGE_WHOLE] = "whole",
		[MESSAGE_REPAIRED] = "repaired",
		[MESSAGE_NOT] = "not a message",
	};

	return words[verdict];
}

const char *
message_form_word(enum message_form form)
{
	return form == MESSAGE_COUNTED ? "counted" : "plain";
}

const char *
message_line_end_bytes(enum message_line_end line_end)
{
	return line_end == MESSAGE_LINE_END_CRLF ? "\r\n" :
		line_end == MESSAGE_LINE_END_LF ? "\n" : "\r";
}

const char *
message_item_word(enum message_item_kind kind)
{
	static const char *const words[] = {
		[MESSAGE_ITEM_TEXT] = "text",
		[MESSAGE_ITEM_FILE] = "file",
		[MESSAGE_ITEM_FAX] = "fax",
		[MESSAGE_ITEM_OTHER] = "other",
	};

	return words[kind];
}

const char *
message_encoding_word(enum message_encoding encoding)
{
	static const char *const words[] = {
		[MESSAGE_ENCODING_RAW] = "raw",
		[MESSAGE_ENCODING_HEX] = "hex",
		[MESSAGE_ENCODING_MACBINARY] = "macbinary",
	};

	return words[encoding];
}

const char *
message_header_word(enum message_header_kind kind)
{
	static const char *const words[] = {
#define X(name, word) [name] = word,
		MESSAGE_HEADER_LIST(X)
#undef X
	};

	assert(kind < MESSAGE_HEADER_KINDS);
	return words[kind];
}

const char *
message_defect_word(enum message_defect_kind kind)
{
	assert(kind < MESSAGE_DEFECT_KINDS);
	return defects[kind].words;
}

static int
read_memory(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	const struct message_memory *m = arg;
	size_t at = (size_t)offset, n;

	(void)err;
	n = at >= m->len ? 0 : m->len - at < len ? m->len - at : len;
	if (n)
		memcpy(buf, (const char *)m->data + at, n);
	*got_out = n;
	return 0;
}

struct message_source
message_source_memory(const struct message_memory *m)
{
	return (struct message_source){
		.read_at = read_memory,
		.arg = (void *)m,
		.size = (int64_t)m->len,
	};
}

static int
read_slice(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	const struct message_slice *slice = arg;

	return slice->src->read_at(slice->src->arg, slice->start + offset, buf,
		len, got_out, err);
}

struct message_source
message_source_slice(const struct message_slice *slice, int64_t size)
{
	return (struct message_source){
		.read_at = read_slice,
		.arg = (void *)slice,
		.size = size,
	};
}
