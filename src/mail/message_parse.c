/* SPDX-License-Identifier: ISC */
/* message_parse: where messages begin and end. See message.h and message_parse.h
 * for the contracts. */
#include "mail/message_parse.h"
#include "mail/message_store.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BANNER_MAX 512		/* bytes that an exporter may write first */

struct message_reader *
message_reader_new(const struct message_source *src,
	const struct message_options *options)
{
	struct message_reader *r = xcalloc(1, sizeof *r);

	scan_init(&r->scan, src);
	if (options)
		r->options = *options;
	r->date_known = r->options.date_order != 0;
	r->scan.mixed = r->options.und;
	if (!r->options.date_order)
		r->options.date_order = CCMAIL_DATE_MDY;
	return r;
}

void
message_reader_free(struct message_reader *r)
{
	if (!r)
		return;
	scan_release(&r->scan);
	free(r);
}

/* Reads the `Message:` line at pos and the count line behind it, if any. */
static void
parse_start(struct message_reader *r)
{
	struct message *m = r->m;
	struct line line;
	int64_t count, end;
	enum count_kind kind = COUNT_NONE;

	if (r->scan.mixed)
		scan_learn_line_end(&r->scan, r->pos);
	m->line_end = r->scan.line_end;
	m->range.offset = r->pos;
	r->pos = scan_line_end(&r->scan, r->pos, r->limit);
	m->count_line.offset = r->pos;
	if (scan_line(&r->scan, r->pos, r->limit, &line))
		kind = count_parse(line.data, line.len, &count);
	if (kind == COUNT_NONE)
		return;
	m->form = MESSAGE_COUNTED;
	r->pos = line.next;
	m->count_line.length = line.next - line.at;
	if (kind == COUNT_BLANK)
		message_add_defect(m, MESSAGE_DEFECT_COUNT_BLANK, line.at,
			"Message:");
	else if (message_parse_count(r, PART_MESSAGE, line.at, r->pos, count,
			&end)) {
		r->limit = end;
		r->limit_known = true;
	}
}

/* Reads the `Contents:` line at pos and its count, if any. */
static void
parse_contents_line(struct message_reader *r)
{
	struct message *m = r->m;
	struct line line;
	int64_t count, end;
	enum count_kind kind = COUNT_NONE;

	m->contents_seen = true;
	m->contents.offset = r->pos;
	r->pos = scan_line_end(&r->scan, r->pos, r->limit);
	if (scan_line(&r->scan, r->pos, r->limit, &line))
		kind = count_parse(line.data, line.len, &count);
	if (kind == COUNT_GOOD && m->form == MESSAGE_PLAIN) {
		m->form = MESSAGE_COUNTED;
		message_add_defect(m, MESSAGE_DEFECT_COUNT_MISSING,
			m->range.offset, "Message:");
	}
	if (m->form == MESSAGE_PLAIN)
		return;
	if (kind == COUNT_NONE) {
		message_add_defect(m, MESSAGE_DEFECT_COUNT_MISSING,
			m->contents.offset, "Contents:");
		return;
	}
	r->pos = line.next;
	if (kind == COUNT_BLANK)
		message_add_defect(m, MESSAGE_DEFECT_COUNT_BLANK, line.at,
			"Contents:");
	else if (message_parse_count(r, PART_CONTENTS, line.at, r->pos, count,
			&end) && !r->limit_known) {
		r->limit = end;
		r->limit_known = true;
	}
}

static void
find_first_headers(struct message *m)
{
	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];

		if (h->kind == MESSAGE_HEADER_FROM && !m->from)
			m->from = h;
		else if (h->kind == MESSAGE_HEADER_DATE && !m->date)
			m->date = h;
		else if (h->kind == MESSAGE_HEADER_SUBJECT && !m->subject)
			m->subject = h;
		else if (h->kind == MESSAGE_HEADER_RECEIPT && !m->receipt)
			m->receipt = h;
	}
	for (const struct message_header *h = message_recipient(m, NULL); h;
	    h = message_recipient(m, h))
		m->recipient_count++;
}

/* What is missing in the message as a whole. */
static void
note_missing(struct message_reader *r)
{
	struct message *m = r->m;
	int64_t at = m->range.offset;
	unsigned known = (1u << MESSAGE_HEADER_UNKNOWN) - 1;
	struct ccmail_date date;

	if (!m->contents_seen)
		message_add_defect(m, MESSAGE_DEFECT_NO_CONTENTS, r->pos, NULL);
	if (!(r->seen & known)) {
		message_add_defect(m, MESSAGE_DEFECT_NO_HEADERS, at, NULL);
		return;
	}
	if (!m->from)
		message_add_defect(m, MESSAGE_DEFECT_NO_FROM, at, NULL);
	if (!m->recipient_count)
		message_add_defect(m, MESSAGE_DEFECT_NO_RECIPIENT, at, NULL);
	if (!m->date)
		message_add_defect(m, MESSAGE_DEFECT_NO_DATE, at, NULL);
	else if (r->date_known && !ccmail_date_parse(m->date->value.data,
	    m->date->value.len, r->options.date_order, &date))
		message_add_defect(m, MESSAGE_DEFECT_DATE, m->date->offset,
			NULL);
	if (m->contents_seen && !m->item_count)
		message_add_defect(m, MESSAGE_DEFECT_NO_ITEM, r->pos, NULL);
}

/* True if the text before pos, the source's end, ends a line. */
static bool
ends_line(struct message_reader *r)
{
	char last[SCAN_PROBE];

	return r->pos > 0 && scan_probe(&r->scan, r->pos - 1, last) == 1 &&
		(last[0] == '\n' || last[0] == '\r');
}

/* Whether more should follow at the end of the source. */
static bool
is_torn(struct message_reader *r)
{
	const struct message *m = r->m;

	if (r->cut)
		return true;
	if (r->limit_known || r->stopped || r->pos < r->scan.text_end)
		return false;
	if (r->overran || !m->contents_seen || !m->item_count)
		return true;
	return m->form == MESSAGE_PLAIN && r->scan.text_end == r->scan.end &&
		!ends_line(r);
}

/* Makes the message whose `Message:` is at pos. */
static void
parse_message(struct message_reader *r)
{
	struct message *m = r->m;

	r->limit = r->scan.end;
	r->limit_known = r->stopped = r->cut = r->overran = r->headers_full = false;
	r->header_bytes = 0;
	r->seen = 0;
	parse_start(r);
	if (message_parse_headers(r))
		parse_contents_line(r);
	if (!r->stopped)
		message_parse_items(r);
	if (r->limit_known)
		r->pos = r->limit;
	if (m->contents_seen)
		m->contents.length = r->pos - m->contents.offset;
	m->range.length = r->pos - m->range.offset;
	m->torn = is_torn(r);
	if (r->cut)
		message_add_defect(m, MESSAGE_DEFECT_CUT, r->pos, NULL);
	find_first_headers(m);
	note_missing(r);
}

/* Makes "not a message" of all from `from` to `to`. */
static void
make_nothing(struct message_reader *r, int64_t from, int64_t to,
	enum message_defect_kind why)
{
	r->m->range.offset = from;
	r->m->range.length = to - from;
	message_add_defect(r->m, why, from, NULL);
	r->pos = to;
	r->ended = to == r->scan.end;
}

/*
 * Puts pos on the next `Message:`. False if there is none: then either all is
 * read, or *m is made of what stands there. A line or two before it are passed
 * over; what is longer, or has an item, is perhaps what is left of a message,
 * and not to be lost.
 */
static bool
find_start(struct message_reader *r)
{
	unsigned mask = KEYWORD_BIT(KEYWORD_MESSAGE);
	int64_t from = r->pos, at;
	struct line line;
	enum keyword k;
	size_t used;

	r->pos = scan_skip_space(&r->scan, from, r->scan.end);
	if (!scan_line(&r->scan, r->pos, r->scan.text_end, &line))
		return false;
	if (scan_keyword_at(&r->scan, line.data, line.len, true, &used) ==
	    KEYWORD_MESSAGE)
		return true;
	k = scan_keyword(&r->scan, r->pos, r->scan.end, mask |
		(r->options.und ? 0 : KEYWORD_ITEMS), &at);
	if (k != KEYWORD_MESSAGE && k != KEYWORD_NONE)
		scan_keyword(&r->scan, at, r->scan.end, mask, &at);
	if (k == KEYWORD_MESSAGE && at - r->pos > BANNER_MAX && !r->options.und)
		k = KEYWORD_OTHER;
	if (k != KEYWORD_MESSAGE) {
		make_nothing(r, from, k == KEYWORD_NONE ||
			at == r->scan.text_end ? r->scan.end : at,
			MESSAGE_DEFECT_NO_MESSAGE);
		return false;
	}
	message_add_defect(r->m, MESSAGE_DEFECT_JUNK_BEFORE, r->pos,
		"%" PRId64, at - r->pos);
	r->pos = at;
	return true;
}

int
message_reader_next(struct message_reader *r, struct message *m,
	struct error *err)
{
	message_clear(m);
	r->m = m;
	if (!r->ended && find_start(r)) {
		m->number = ++r->number;
		if (r->number > MESSAGE_FILE_MAX && !r->options.und)
			make_nothing(r, r->pos, r->scan.end,
				MESSAGE_DEFECT_MESSAGES_MANY);
		else
			parse_message(r);
	} else if (m->defect_count) {
		m->number = ++r->number;	/* all of it is no message */
	} else {
		r->ended = true;
	}
	if (r->scan.failed) {
		message_clear(m);
		r->ended = true;
		*err = r->scan.err;
		return -1;
	}
	return m->number ? 1 : 0;
}
