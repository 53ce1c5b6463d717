/* SPDX-License-Identifier: ISC */
/* message_writer: see message_writer.h for the contract. */
#include "mail/message_writer.h"
#include "mail/message_scan.h"
#include "base/str.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COPY_CHUNK ((size_t)64 << 10)
#define KEYWORD_MAX 32		/* what the reader takes for one */
#define COUNT_MAX INT64_C(999999999999)	/* twelve characters */
#define COUNT_LINE 14		/* a count's field and CR LF */

static const char *const item_words[] = {
	[MESSAGE_ITEM_TEXT] = "Text item:",
	[MESSAGE_ITEM_FILE] = "File item:",
	[MESSAGE_ITEM_FAX] = "Fax item:",
};

int
message_copy(const struct message_source *src, struct message_range range,
	message_sink sink, void *arg, struct error *err)
{
	int64_t at = range.offset, end = range.offset + range.length;
	char *buf = xmalloc(COPY_CHUNK);
	size_t len, got;
	int rc = 0;

	while (rc == 0 && at < end) {
		len = end - at < (int64_t)COPY_CHUNK ? (size_t)(end - at) :
			COPY_CHUNK;
		rc = src->read_at(src->arg, at, buf, len, &got, err);
		if (rc == 0 && got < len)
			rc = error_set(err, ERROR_INVALID, "copy message: the "
				"source ends at %" PRId64 ", before %" PRId64,
				at + (int64_t)got, end);
		if (rc == 0)
			rc = sink(arg, buf, len, err);
		at += (int64_t)len;
	}
	free(buf);
	return rc;
}

static bool
is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
is_keyword(const char *word)
{
	size_t len = strlen(word);

	if (!is_letter(*word) || len > KEYWORD_MAX ||
	    strcasecmp(word, "Message") == 0 ||
	    strcasecmp(word, "Contents") == 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_letter(word[i]) && !strchr("0123456789-_", word[i]))
			return false;
	return true;
}

static bool
is_one_line(struct message_bytes text)
{
	return !memchr(text.data, '\r', text.len) &&
		!memchr(text.data, '\n', text.len) &&
		!memchr(text.data, '\0', text.len);
}

static int
check_headers(const struct message_out *m, struct error *err)
{
	if (m->header_count > MESSAGE_HEADERS_MAX)
		return error_set(err, ERROR_INVALID, "write message: more than "
			"%d headers", MESSAGE_HEADERS_MAX);
	for (size_t i = 0; i < m->header_count; i++) {
		if (!is_keyword(m->headers[i].keyword))
			return error_set(err, ERROR_INVALID, "write message: "
				"header %zu: not a keyword", i + 1);
		if (!is_one_line(m->headers[i].value))
			return error_set(err, ERROR_INVALID, "write message: "
				"header %zu: not one line", i + 1);
	}
	return 0;
}

/* Refuses a body that has a keyword line, which would end it in plain form. */
static int
check_plain_body(const struct message_out_item *item, size_t number,
	struct error *err)
{
	struct message_slice slice = { item->body, item->range.offset };
	struct message_source src = message_source_slice(&slice,
		item->range.length);
	enum keyword found;
	struct scan scan;
	int64_t at;
	int rc = 0;

	scan_init(&scan, &src);
	scan.line_end = MESSAGE_LINE_END_CRLF;	/* of the file it will be in */
	found = scan_keyword(&scan, 0, src.size, KEYWORD_ITEMS |
		KEYWORD_BIT(KEYWORD_MESSAGE), &at);
	if (scan.failed) {
		*err = scan.err;
		rc = -1;
	} else if (found != KEYWORD_NONE) {
		rc = error_set(err, ERROR_INVALID, "write message: item %zu has "
			"a keyword line at %" PRId64 ", which needs counts",
			number, at);
	}
	scan_release(&scan);
	return rc;
}

static int
check_items(const struct message_out *m, struct error *err)
{
	if (m->item_count > MESSAGE_ITEMS_MAX)
		return error_set(err, ERROR_INVALID, "write message: more than "
			"%d items", MESSAGE_ITEMS_MAX);
	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_out_item *item = &m->items[i];

		if (item->kind > MESSAGE_ITEM_FAX ||
		    item->title.len > MESSAGE_TITLE_MAX ||
		    !is_one_line(item->title))
			return error_set(err, ERROR_INVALID, "write message: "
				"item %zu: a kind or title that cannot be",
				i + 1);
		if (item->range.offset < 0 || item->range.length < 0 ||
		    item->range.offset > item->body->size ||
		    item->range.length > item->body->size - item->range.offset)
			return error_set(err, ERROR_INVALID, "write message: "
				"item %zu: a body outside of its source", i + 1);
		if (m->form == MESSAGE_PLAIN &&
		    check_plain_body(item, i + 1, err) < 0)
			return -1;
	}
	return 0;
}

static struct message_bytes
trimmed(struct message_bytes text)
{
	text_trim(&text.data, &text.len);
	return text;
}

/* "Word: value" and a line end. */
static void
add_line(struct str *s, const char *word, struct message_bytes value)
{
	value = trimmed(value);
	str_add(s, word);
	if (value.len)
		str_add_char(s, ' ');
	str_add_bytes(s, value.data, value.len);
	str_add(s, "\r\n");
}

static void
add_item_line(struct str *s, const struct message_out_item *item)
{
	add_line(s, item_words[item->kind], item->title);
}

static void
add_count(struct str *s, int64_t count)
{
	str_addf(s, "%-12" PRId64 "\r\n", count);
}

/* How many bytes the items take in counted form; -1 with err if a count of
 * twelve digits cannot say it. */
static int64_t
contents_length(const struct message_out *m, struct error *err)
{
	struct str line = STR_INIT;
	int64_t length = 0;

	for (size_t i = 0; i < m->item_count; i++) {
		int64_t body = m->items[i].range.length;

		str_clear(&line);
		add_item_line(&line, &m->items[i]);
		if (body > COUNT_MAX - length - (int64_t)line.len - COUNT_LINE -
		    MESSAGE_HEADER_BYTES_MAX) {
			length = error_set(err, ERROR_INVALID, "write message: "
				"larger than a count can say");
			break;
		}
		length += body + (int64_t)line.len + COUNT_LINE;
	}
	str_release(&line);
	return length;
}

/* Everything before the first item. */
static int
write_head(const struct message_out *m, int64_t contents, message_sink sink,
	void *arg, struct error *err)
{
	struct str headers = STR_INIT, out = STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < m->header_count; i++) {
		char word[KEYWORD_MAX + 2];

		snprintf(word, sizeof word, "%s:", m->headers[i].keyword);
		add_line(&headers, word, m->headers[i].value);
		if (headers.len > MESSAGE_HEADER_BYTES_MAX) {
			rc = error_set(err, ERROR_INVALID, "write message: "
				"headers over %d bytes",
				MESSAGE_HEADER_BYTES_MAX);
			break;
		}
	}
	str_add(&headers, "Contents:\r\n");
	if (m->form == MESSAGE_COUNTED)
		add_count(&headers, contents);
	str_add(&out, "Message:\r\n");
	if (m->form == MESSAGE_COUNTED)
		add_count(&out, (int64_t)headers.len + contents);
	str_add_bytes(&out, headers.data, headers.len);
	if (rc == 0)
		rc = sink(arg, out.data, out.len, err);
	str_release(&headers);
	str_release(&out);
	return rc;
}

/* True if the body is empty or ends with CR LF. */
static int
look_at_end(const struct message_out_item *item, bool *ends_out,
	struct error *err)
{
	int64_t end = item->range.offset + item->range.length;
	char last[2] = "";
	size_t got;

	*ends_out = !item->range.length;
	if (item->range.length >= 2 && item->body->read_at(item->body->arg,
	    end - 2, last, 2, &got, err) < 0)
		return -1;
	*ends_out = *ends_out || memcmp(last, "\r\n", 2) == 0;
	return 0;
}

static int
write_item(const struct message_out *m, const struct message_out_item *item,
	message_sink sink, void *arg, struct error *err)
{
	struct str line = STR_INIT;
	bool ends;
	int rc;

	add_item_line(&line, item);
	if (m->form == MESSAGE_COUNTED)
		add_count(&line, item->range.length);
	rc = sink(arg, line.data, line.len, err);
	str_release(&line);
	if (rc < 0 || message_copy(item->body, item->range, sink, arg, err) < 0)
		return -1;
	if (m->form == MESSAGE_COUNTED)
		return 0;
	if (look_at_end(item, &ends, err) < 0)
		return -1;
	return ends ? 0 : sink(arg, "\r\n", 2, err);
}

int
message_write(const struct message_out *m, message_sink sink, void *arg,
	struct error *err)
{
	int64_t contents;

	if (check_headers(m, err) < 0 || check_items(m, err) < 0)
		return -1;
	contents = contents_length(m, err);
	if (contents < 0 || write_head(m, contents, sink, arg, err) < 0)
		return -1;
	for (size_t i = 0; i < m->item_count; i++)
		if (write_item(m, &m->items[i], sink, arg, err) < 0)
			return -1;
	return 0;
}
