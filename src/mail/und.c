/* SPDX-License-Identifier: ISC */
/* und: see und.h for the contract. */
#include "mail/und.h"
#include "mail/message_writer.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYWORD_LEN 8		/* of `Message:` */
#define KEYWORD_LOOK_BACK 16	/* over the length of `Message:` */
#define REASON_WORDS (UND_REASON_MAX - 1)

/* One line of printable text. */
static void
printable(struct charset *cs, char *out, size_t cap, struct message_bytes from)
{
	char line[UND_TEXT_MAX];

	charset_line(cs, line, sizeof line, from.data, from.len);
	text_printable(out, cap, line, strlen(line));
}

static void
fill_reasons(struct charset *cs, const struct message *m, struct und_entry *e)
{
	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];

		if (h->kind == MESSAGE_HEADER_REASON && !e->reasons++)
			printable(cs, e->reason, sizeof e->reason, h->value);
	}
}

static void
fill_entry(struct charset *cs, const struct message *m, struct und_entry *e)
{
	const struct message_header *to = message_recipient(m, NULL);

	*e = (struct und_entry){
		.offset = m->range.offset,
		.length = m->range.length,
		.complete = !m->torn && m->contents_seen,
	};
	fill_reasons(cs, m, e);
	if (m->from)
		printable(cs, e->from, sizeof e->from, m->from->value);
	if (to)
		printable(cs, e->to, sizeof e->to, to->value);
	if (m->subject)
		printable(cs, e->subject, sizeof e->subject, m->subject->value);
}

/* What has no `Message:` is no entry; but its end may be the beginning of one
 * ("Messa"), so that is looked at again. */
static int64_t
nothing_ends(const struct message *m)
{
	int64_t again = m->range.length < KEYWORD_LOOK_BACK ?
		m->range.length : KEYWORD_LOOK_BACK;

	return m->range.offset + m->range.length - again;
}

/* True if m, got from a range of size bytes, is not there or not whole yet. */
static bool
is_unfinished(const struct message *m, int64_t size)
{
	return m->torn && m->range.offset + m->range.length >= size;
}

int
und_scan(const struct message_source *src, struct charset *cs, int64_t start,
	int64_t end,
	int (*entry)(void *arg, const struct und_entry *e), void *arg,
	int64_t *next_out, struct error *err)
{
	struct message_options options = { .und = true };
	struct message_slice slice = { src, start };
	struct message_source range;
	struct message_reader *r;
	struct und_entry e;
	struct message m;
	int64_t next;
	int rc = 0, more;

	assert(start >= 0);
	if (start > src->size) {
		*next_out = 0;
		return 0;
	}
	next = end = end > src->size ? src->size : end < start ? start : end;
	range = message_source_slice(&slice, end - start);
	message_init(&m);
	r = message_reader_new(&range, &options);
	while (rc == 0 && (more = message_reader_next(r, &m, err)) > 0) {
		if (!m.count_line.offset) {
			next = start + nothing_ends(&m);
			break;
		}
		fill_entry(cs, &m, &e);
		e.offset += start;
		if (is_unfinished(&m, range.size))
			next = e.offset;
		rc = entry(arg, &e);
		if (rc > 0)
			next = e.offset + e.length;
	}
	if (rc == 0 && more < 0)
		rc = -1;
	message_reader_free(r);
	message_release(&m);
	if (rc < 0)
		return -1;
	*next_out = next;
	return 0;
}

/* The place behind the line end that a reason goes to. */
static int64_t
reason_place(const struct message *m, const struct message_header *h)
{
	if (!h)
		h = m->subject;
	if (!h && m->header_count)
		h = &m->headers[m->header_count - 1];
	return h ? h->offset + h->length :
		m->count_line.offset + m->count_line.length;
}

/* What is being written. */
struct out {
	const struct message_source *src;
	message_sink sink;
	void *arg;
	const char *line_end;	/* of the message: a reader goes by one kind */
	char last[2];		/* bytes written */
	struct error *err;
};

static bool
ends_line(const char last[2], const char *line_end)
{
	size_t n = strlen(line_end);

	return memcmp(last + 2 - n, line_end, n) == 0;
}

static int
put(struct out *o, const char *bytes, size_t len)
{
	o->last[0] = len > 1 ? bytes[len - 2] : o->last[1];
	o->last[1] = bytes[len - 1];
	return o->sink(o->arg, bytes, len, o->err);
}

static int
put_piece(void *arg, const void *bytes, size_t len, struct error *err)
{
	(void)err;		/* it is the same as in *arg */
	return put(arg, bytes, len);
}

static int
copy(struct out *o, int64_t at, int64_t end)
{
	struct message_range range = { at, end - at };

	return message_copy(o->src, range, put_piece, o, o->err);
}

/* The line of a reason; returns its length. */
static size_t
reason_line(const struct out *o, const struct und_reason *reason,
	char out[REASON_WORDS + 16])
{
	char words[UND_REASON_MAX];

	text_printable(words, sizeof words, reason->text,
		strlen(reason->text));
	return (size_t)snprintf(out, REASON_WORDS + 16, "***  %s  ***%s",
		words, o->line_end);
}

/* A reason and where it goes. */
struct placed {
	int64_t place;
	const struct und_reason *reason;
};

/* Of one place in the order in which they were given. */
static int
by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->reason < y->reason ? -1 : x->reason > y->reason;
}

/* Ends the line that is being written, if it has not ended. */
static int
put_line_end(struct out *o)
{
	return ends_line(o->last, o->line_end) ? 0 :
		put(o, o->line_end, strlen(o->line_end));
}

/* Copies [at, end) with the reasons put in. */
static int
copy_with_reasons(struct out *o, const struct message *m, int64_t at,
	int64_t end, const struct und_reason *reasons, size_t n)
{
	struct placed *placed = xcalloc(n + 1, sizeof *placed);
	char line[REASON_WORDS + 16];
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		placed[i] = (struct placed){ reason_place(m,
			reasons[i].header), &reasons[i] };
	qsort(placed, n, sizeof *placed, by_place);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		int64_t place = placed[i].place < at ? at : placed[i].place;

		if (copy(o, at, place) < 0 || put_line_end(o) < 0 ||
		    put(o, line, reason_line(o, placed[i].reason, line)) < 0)
			rc = -1;
		at = place;
	}
	free(placed);
	return rc < 0 ? -1 : copy(o, at, end);
}

/* What the reasons add to the message. Where a header line was cut off by the
 * end of the message, a line end is put before a reason, see above. */
static int
reasons_length(const struct out *o, const struct message *m,
	const struct und_reason *reasons, size_t n, int64_t *out)
{
	int64_t end = m->range.offset + m->range.length;
	char line[REASON_WORDS + 16], last[2];
	bool at_end = false;
	size_t got;

	*out = 0;
	for (size_t i = 0; i < n; i++) {
		*out += (int64_t)reason_line(o, &reasons[i], line);
		at_end = at_end || reason_place(m, reasons[i].header) == end;
	}
	if (!at_end)
		return 0;
	if (o->src->read_at(o->src->arg, end - 2, last, 2, &got, o->err) < 0)
		return -1;
	if (!ends_line(last, o->line_end))
		*out += (int64_t)strlen(o->line_end);
	return 0;
}

/* The `Message:` line and, if it had one, its count. */
static int
put_beginning(struct out *o, const struct message *m, int64_t length)
{
	char count[40];

	/* From the end of this line a reader learns how the others end: it
	 * may have a stray CR. */
	if (copy(o, m->range.offset, m->range.offset + KEYWORD_LEN) < 0 ||
	    put_line_end(o) < 0)
		return -1;
	snprintf(count, sizeof count, "%-12" PRId64 "%s", length,
		o->line_end);
	return m->count_line.length ? put(o, count, strlen(count)) : 0;
}

int
und_write(const struct message_source *src, const struct message *m,
	const struct und_reason *reasons, size_t reason_count, bool fresh_line,
	message_sink sink, void *arg, struct error *err)
{
	struct out o = { src, sink, arg,
		message_line_end_bytes(m->line_end), "", err };
	int64_t start = m->count_line.offset + m->count_line.length;
	int64_t end = m->range.offset + m->range.length, added;

	if (reasons_length(&o, m, reasons, reason_count, &added) < 0)
		return -1;
	if (fresh_line && put(&o, "\r\n", 2) < 0)
		return -1;
	if (put_beginning(&o, m, end - start + added) < 0)
		return -1;
	if (copy_with_reasons(&o, m, start, end, reasons, reason_count) < 0)
		return -1;
	return put_line_end(&o);
}

int
und_restore(const struct message_source *src, const struct message *m,
	message_sink sink, void *arg, struct error *err)
{
	struct out o = { src, sink, arg,
		message_line_end_bytes(m->line_end), "", err };
	int64_t at = m->count_line.offset + m->count_line.length;
	int64_t end = m->range.offset + m->range.length, length = end - at;

	for (size_t i = 0; i < m->header_count; i++)
		if (m->headers[i].kind == MESSAGE_HEADER_REASON)
			length -= m->headers[i].length;
	if (put_beginning(&o, m, length) < 0)
		return -1;
	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];

		if (h->kind != MESSAGE_HEADER_REASON)
			continue;
		if (copy(&o, at, h->offset) < 0)
			return -1;
		at = h->offset + h->length;
	}
	return copy(&o, at, end);
}
