/* SPDX-License-Identifier: ISC */
/* message_headers: the header part of a message. See message_parse.h. */
#include "mail/message_parse.h"
#include "mail/message_store.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEYWORD_MAX 32		/* longer than any header's name; a line with
				 * its first colon behind that is no header */
#define GLUED_MAX 512		/* longer lines are not looked at for that */
#define SUBJECT_MAX 60		/* characters */

static enum message_header_kind
kind_of(struct message_bytes keyword)
{
	for (int k = 0; k < MESSAGE_HEADER_UNKNOWN; k++) {
		const char *word = message_header_word(
			(enum message_header_kind)k);

		if (strlen(word) == keyword.len &&
		    strncasecmp(word, keyword.data, keyword.len) == 0)
			return (enum message_header_kind)k;
	}
	return MESSAGE_HEADER_UNKNOWN;
}

/* The length of the keyword that data begins with, up to its colon; 0 if it
 * does not begin with one. */
static size_t
keyword_len(const char *data, size_t len)
{
	size_t i = 0;

	for (; i < len && i <= KEYWORD_MAX && data[i] != ':'; i++) {
		bool letter = (data[i] | 0x20) >= 'a' &&
			(data[i] | 0x20) <= 'z';
		bool other = (data[i] >= '0' && data[i] <= '9') ||
			data[i] == '-' || data[i] == '_' || text_is_blank(data[i]);

		if (!letter && !(i && other))
			return 0;
	}
	return i < len && i <= KEYWORD_MAX ? i : 0;
}

/* `***  reason  ***`: what is between the stars. */
static bool
reason_of(const char *data, size_t len, struct message_bytes *out)
{
	struct message_bytes all = message_trimmed(data, len);

	if (all.len < 3 || memcmp(all.data, "***", 3) != 0)
		return false;
	while (all.len && *all.data == '*') {
		all.data++;
		all.len--;
	}
	while (all.len && all.data[all.len - 1] == '*')
		all.len--;
	*out = message_trimmed(all.data, all.len);
	return true;
}

/* Takes a kept line apart. */
static void
fill_header(struct message_header *h, struct message_bytes text)
{
	size_t n;

	h->kind = MESSAGE_HEADER_REASON;
	if (reason_of(text.data, text.len, &h->value))
		return;
	n = keyword_len(text.data, text.len);
	h->kind = MESSAGE_HEADER_NONE;
	h->value = message_trimmed(text.data, text.len);
	if (!n)
		return;
	h->keyword = message_trimmed(text.data, n);
	h->value = message_trimmed(text.data + n + 1, text.len - n - 1);
	h->kind = kind_of(h->keyword);
}

/* The defects of one kept header. */
static void
note_header(struct message_reader *r, const struct message_header *h)
{
	struct message *m = r->m;
	unsigned once = 1u << MESSAGE_HEADER_FROM | 1u << MESSAGE_HEADER_DATE |
		1u << MESSAGE_HEADER_SUBJECT | 1u << MESSAGE_HEADER_RECEIPT;
	unsigned bit = 1u << h->kind;

	if (h->kind == MESSAGE_HEADER_NONE)
		message_add_defect(m, MESSAGE_DEFECT_JUNK_HEADER, h->offset,
			NULL);
	else if (h->kind == MESSAGE_HEADER_UNKNOWN)
		message_add_defect(m, MESSAGE_DEFECT_UNKNOWN_HEADER, h->offset,
			NULL);
	else if (h->kind == MESSAGE_HEADER_REASON && !r->options.und)
		message_add_defect(m, MESSAGE_DEFECT_REASON, h->offset, NULL);
	else if (r->seen & bit & once)
		message_add_defect(m, MESSAGE_DEFECT_REPEATED, h->offset, "%s:",
			message_header_word(h->kind));
	r->seen |= bit;
	if (memchr(h->value.data, '\0', h->value.len))
		message_add_defect(m, MESSAGE_DEFECT_NUL, h->offset, NULL);
	if (h->kind >= MESSAGE_HEADER_UNKNOWN)
		return;
	if (memchr(h->value.data, '[', h->value.len) ||
	    memchr(h->value.data, ']', h->value.len))
		message_add_defect(m, MESSAGE_DEFECT_BRACKET, h->offset, NULL);
	if (h->kind == MESSAGE_HEADER_SUBJECT && h->value.len > SUBJECT_MAX)
		message_add_defect(m, MESSAGE_DEFECT_SUBJECT_LONG, h->offset,
			"%zu", h->value.len);
}

/* True if the line still fits into what is kept; notes the first that does
 * not. */
static bool
has_room(struct message_reader *r, const struct line *line)
{
	int64_t before = r->header_bytes;

	r->header_bytes += line->next - line->at;
	if (before <= MESSAGE_HEADER_BYTES_OLD &&
	    r->header_bytes > MESSAGE_HEADER_BYTES_OLD)
		message_add_defect(r->m, MESSAGE_DEFECT_HEADERS_BIG, line->at,
			NULL);
	if (r->headers_full || r->header_bytes <= MESSAGE_HEADER_BYTES_MAX)
		return !r->headers_full;
	r->headers_full = true;
	message_add_defect(r->m, MESSAGE_DEFECT_HEADERS_LONG, line->at, NULL);
	return false;
}

static void
parse_header(struct message_reader *r, const struct line *line)
{
	struct message_header *h;

	if (!has_room(r, line))
		return;
	h = message_add_header(r->m);
	if (!h) {
		r->headers_full = true;
		message_add_defect(r->m, MESSAGE_DEFECT_HEADERS_MANY, line->at,
			NULL);
		return;
	}
	h->offset = line->at;
	h->length = line->next - line->at;
	fill_header(h, message_keep(r->m, line->data, line->len));
	note_header(r, h);
}

static bool
is_blank_line(const struct line *line)
{
	return message_trimmed(line->data, line->len).len == 0;
}

/* If the line is torn and the next message was written on behind it, cuts it
 * there and stops. A count does not stand among headers, and `From:` only once:
 * so a subject that ends in "Message:" is left alone. */
static void
cut_glued(struct message_reader *r, struct line *line, char copy[GLUED_MAX])
{
	if (r->limit_known || line->len > GLUED_MAX || line->len <= 8 ||
	    line->data[line->len - 1] != ':')
		return;
	memcpy(copy, line->data, line->len);
	line->data = copy;	/* looking ahead may move the window */
	if (!scan_ends_in_message(&r->scan, copy, line->len, line->next,
			r->scan.text_end, r->seen & 1u << MESSAGE_HEADER_FROM))
		return;
	line->len -= 8;
	line->next = line->at + (int64_t)line->len;
	r->stopped = r->cut = true;
}

bool
message_parse_headers(struct message_reader *r)
{
	int64_t limit = r->limit_known ? r->limit : r->scan.text_end;
	char copy[GLUED_MAX];
	struct line line;
	enum keyword k;
	size_t used;

	while (scan_line(&r->scan, r->pos, limit, &line)) {
		k = scan_keyword_at(&r->scan, line.data, line.len, true,
			&used);
		if (k == KEYWORD_CONTENTS)
			return true;
		if (KEYWORD_BIT(k) & KEYWORD_ITEMS)
			return false;
		r->stopped = k == KEYWORD_MESSAGE && !r->limit_known;
		if (r->stopped)
			return false;
		if (line.stray)
			message_add_defect(r->m, MESSAGE_DEFECT_STRAY, line.at,
				NULL);
		cut_glued(r, &line, copy);
		if (is_blank_line(&line))
			message_add_defect(r->m, MESSAGE_DEFECT_BLANK_LINE,
				line.at, NULL);
		else
			parse_header(r, &line);
		r->pos = line.cut ? scan_line_end(&r->scan, line.next, limit) :
			line.next;
		if (r->stopped)
			return false;
	}
	return false;
}
