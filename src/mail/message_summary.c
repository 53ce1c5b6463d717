/* SPDX-License-Identifier: ISC */
/* message_summary: see message_summary.h for the contract. */
#include "mail/message_summary.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* What is read at first and, as long as the headers do not end, after it. */
static const size_t steps[] = { 8 << 10, 32 << 10, MESSAGE_SUMMARY_READ_MAX };

#define STEPS (sizeof steps / sizeof *steps)

void
message_summary_init(struct message_summary *s)
{
	memset(s, 0, sizeof *s);
	s->date_at = CCMAIL_DATE_UNKNOWN;
}

void
message_summary_release(struct message_summary *s)
{
	for (size_t i = 0; i < s->to_count; i++)
		free(s->to[i]);
	free(s->to);
	message_summary_init(s);
}

/* True if nothing behind the bytes that were read can add a header. */
static bool
has_all_headers(const struct message *m)
{
	bool begun = m->count_line.offset > 0;

	return m->contents_seen || m->item_count || (begun && !m->torn);
}

/*
 * Parses the first message out of as much of the source as it takes. 1 got
 * one, 0 none, -1. The message is all of its own: it needs no source.
 */
static int
read_first(const struct message_source *src, struct message *m,
	struct error *err)
{
	char *buf = NULL;
	size_t have = 0, want, got;
	int rc = 0;
	bool enough = false;

	for (size_t i = 0; i < STEPS && !enough && rc >= 0; i++) {
		struct message_memory memory;
		struct message_source part;
		struct message_reader *r;

		want = (int64_t)steps[i] < src->size ? steps[i] :
			(size_t)src->size;
		buf = xrealloc(buf, want);
		got = 0;
		if (have < want && src->read_at(src->arg, (int64_t)have,
				buf + have, want - have, &got, err) < 0) {
			rc = -1;
			break;
		}
		enough = got < want - have || (int64_t)want >= src->size;
		have += got;
		memory = (struct message_memory){ buf, have };
		part = message_source_memory(&memory);
		r = message_reader_new(&part, NULL);
		rc = message_reader_next(r, m, err);
		message_reader_free(r);
		enough = enough || (rc > 0 && has_all_headers(m));
	}
	free(buf);
	return rc;
}

static void
add_recipients(const struct message *m, struct charset *cs,
	struct message_summary *out)
{
	const struct message_header *h = NULL;
	char text[MESSAGE_SUMMARY_TEXT_MAX];
	size_t most = m->recipient_count < MESSAGE_SUMMARY_TO_MAX ?
		m->recipient_count : MESSAGE_SUMMARY_TO_MAX;

	out->to_total = (int64_t)m->recipient_count;
	if (most)
		out->to = xcalloc(most, sizeof *out->to);
	while (out->to_count < most && (h = message_recipient(m, h)))
		out->to[out->to_count++] = xstrdup(charset_line(cs, text,
			sizeof text, h->value.data, h->value.len));
}

static void
copy_line(struct charset *cs, char out[MESSAGE_SUMMARY_TEXT_MAX],
	const struct message_header *h)
{
	if (h)
		charset_line(cs, out, MESSAGE_SUMMARY_TEXT_MAX, h->value.data,
			h->value.len);
}

static void
fill(const struct message *m, struct charset *cs,
	enum ccmail_date_order order, struct message_summary *out)
{
	struct ccmail_date date;

	copy_line(cs, out->from, m->from);
	copy_line(cs, out->subject, m->subject);
	copy_line(cs, out->date, m->date);
	if (m->date && ccmail_date_parse(m->date->value.data,
			m->date->value.len, order ? order : CCMAIL_DATE_MDY,
			&date))
		out->date_at = ccmail_date_at(&date);
	add_recipients(m, cs, out);
}

int
message_summary(const struct message_source *src, struct charset *cs,
	enum ccmail_date_order order, struct message_summary *out,
	struct error *err)
{
	struct message m;
	int rc;

	message_summary_release(out);
	message_init(&m);
	rc = read_first(src, &m, err);
	if (rc > 0 && !m.from && !m.subject && !m.date && !m.recipient_count)
		rc = 0;
	if (rc > 0)
		fill(&m, cs, order, out);
	message_release(&m);
	return rc;
}
