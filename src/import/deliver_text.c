/* SPDX-License-Identifier: ISC */
/* deliver: a text item as a part. */
#include "import/deliver_private.h"
#include "base/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN_MAX (256 << 10)	/* three bytes of UTF-8 at most for each */
#define LINE_MAX_SAFE 900	/* RFC 5322 2.1.1 allows 998 */

/* What a text is like, to choose how it travels. */
struct text_traits {
	size_t line;		/* bytes in the current line */
	bool last_cr;		/* the last byte was a CR not yet written */
	bool long_line, odd;	/* … and a CR that ends none */
	char last;		/* the last byte written */
	int64_t high, total;
};

#define EACH_BYTE(n) ((uint64_t)(n) * UINT64_C(0x0101010101010101))

/* Bytes above ASCII, eight at a time. No NUL comes out of a character set. */
static void
count_high(struct text_traits *t, const char *text, size_t len)
{
	size_t i = 0;

	for (uint64_t w; i + sizeof w <= len; i += sizeof w) {
		memcpy(&w, text + i, sizeof w);
		if (w & EACH_BYTE(0x80))
			t->high += __builtin_popcountll(w & EACH_BYTE(0x80));
	}
	for (; i < len; i++)
		t->high += (unsigned char)text[i] >> 7;
}

/* Looks at the lines of text that is to be written, LF at their ends: mostly
 * from one to the last that ends in time. */
static void
look(struct text_traits *t, const char *text, size_t len)
{
	const char *end = text + len, *p = text, *lf;

	while (p < end) {
		size_t most = LINE_MAX_SAFE - t->line;
		size_t left = (size_t)(end - p);

		lf = memrchr(p, '\n', left > most ? most + 1 : left);
		if (!lf && left > most) {
			t->long_line = true;
			lf = memchr(p, '\n', left);
		}
		if (!lf) {
			t->line += left;
			break;
		}
		t->line = 0;
		p = lf + 1;
	}
	if (t->line > LINE_MAX_SAFE) {
		t->long_line = true;
		t->line = LINE_MAX_SAFE;
	}
	t->total += (int64_t)len;
	if (len)
		t->last = text[len - 1];
}

static int
put_text(struct spool *to, struct text_traits *t, const char *text, size_t len,
	struct error *err)
{
	look(t, text, len);
	return spool_add(to, text, len, err);
}

/* A CR that ends no line. */
static int
put_cr(struct spool *to, struct text_traits *t, struct error *err)
{
	t->odd = true;
	return put_text(to, t, "\r", 1, err);
}

/* CR LF becomes LF, in place; a CR alone stays what it is, one at the end is
 * kept until what follows is known. */
static int
add_text(struct spool *to, struct text_traits *t, char *text, size_t len,
	struct error *err)
{
	char *out = text, *end = text + len;

	if (len == 0)
		return 0;
	count_high(t, text, len);
	if (t->last_cr && *text != '\n' && put_cr(to, t, err) < 0)
		return -1;
	t->last_cr = false;
	for (char *p = text; p < end;) {
		char *cr = memchr(p, '\r', (size_t)(end - p));
		size_t n = (size_t)((cr ? cr : end) - p);

		memmove(out, p, n);
		out += n;
		if (cr && cr + 1 == end)
			t->last_cr = true;
		else if (cr && cr[1] != '\n') {
			t->odd = true;
			*out++ = '\r';
		}
		p = cr ? cr + 1 : end;
	}
	return put_text(to, t, text, (size_t)(out - text), err);
}

static int
end_text(struct spool *to, struct text_traits *t, struct error *err)
{
	if (t->last_cr && put_cr(to, t, err) < 0)
		return -1;
	/* A text of some bytes ends with a line end. */
	if (t->total && t->last != '\n')
		return put_text(to, t, "\n", 1, err);
	return 0;
}

static int
spool_text(struct deliver_run *run, const struct message_range *range,
	struct spool *to, struct text_traits *t, struct error *err)
{
	char *buf = xmalloc(DELIVER_PIECE);
	struct str utf8 = STR_INIT;
	size_t kept = 0, used;
	int64_t done = 0;
	bool last;
	int rc = 0;

	do {
		ssize_t n = deliver_read_piece(run, range, done,
			buf + kept, DELIVER_PIECE - kept, err);

		if (n < 0) {
			rc = -1;
			break;
		}
		done += n;
		last = n == 0 || done == range->length;
		str_clear(&utf8);
		used = charset_to_utf8_piece(run->job->charset, buf,
			kept + (size_t)n, last, &utf8);
		kept = kept + (size_t)n - used;
		memmove(buf, buf + used, kept);
		rc = add_text(to, t, utf8.data, utf8.len, err);
	} while (rc == 0 && !last);
	if (rc == 0)
		rc = end_text(to, t, err);
	str_release(&utf8);
	free(buf);
	return rc;
}

static GMimeContentEncoding
text_encoding(const struct text_traits *t)
{
	if (!t->high && !t->long_line && !t->odd)
		return GMIME_CONTENT_ENCODING_7BIT;
	/* Three bytes for one against four for three. */
	if (t->high > t->total / 6)
		return GMIME_CONTENT_ENCODING_BASE64;
	return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

static GMimePart *
part_of(GMimeStream *content)
{
	GMimePart *part = g_mime_part_new_with_type("text", "plain");

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset",
		"utf-8");
	deliver_set_content(part, content);
	return part;
}

GMimePart *
deliver_empty_part(void)
{
	return part_of(g_mime_stream_mem_new());
}

/* In base64 a text has its line ends as they are on the wire (RFC 2045 6.8). */
static GMimeStream *
with_crlf(GMimeStream *text)
{
	GMimeStream *stream = g_mime_stream_filter_new(text);
	GMimeFilter *filter = g_mime_filter_unix2dos_new(FALSE);

	g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), filter);
	g_object_unref(filter);
	g_object_unref(text);
	return stream;
}

GMimePart *
deliver_text_part(struct deliver_run *run, const struct message_item *item,
	struct error *err)
{
	struct text_traits traits = { 0 };
	GMimeContentEncoding encoding;
	GMimeStream *content;
	GMimePart *part = NULL;
	struct spool spool;

	spool_init(&spool, run);
	if (spool_text(run, &item->body, &spool, &traits, err) == 0) {
		encoding = text_encoding(&traits);
		content = spool_steal(&spool);
		if (encoding == GMIME_CONTENT_ENCODING_BASE64)
			content = with_crlf(content);
		part = part_of(content);
		g_mime_part_set_content_encoding(part, encoding);
	}
	spool_release(&spool);
	return part;
}

int
deliver_plain_text(const struct deliver_job *job,
	const struct message_item *item, struct str *out, struct error *err)
{
	struct deliver_run run = { .job = job };
	struct text_traits traits = { 0 };
	struct str title = STR_INIT;
	struct spool spool;
	int rc = 0;

	/* It stays in memory, so that the run needs no file. */
	if (item->body.length > PLAIN_MAX)
		return 0;
	spool_init(&spool, &run);
	if (spool_text(&run, &item->body, &spool, &traits, err) < 0)
		rc = -1;
	else if (text_encoding(&traits) == GMIME_CONTENT_ENCODING_7BIT)
		rc = 1;
	if (rc > 0) {
		str_add(out, "Content-Type: text/plain; charset=utf-8\n"
			"Content-Transfer-Encoding: 7bit\n"
			"Content-Disposition: inline\n");
		deliver_line(job->charset, &item->title, &title);
		if (title.len)
			deliver_add_header(out, "Content-Description",
				title.data);
		str_add_char(out, '\n');
		str_add_bytes(out, spool.memory.data, spool.memory.len);
	}
	str_release(&title);
	spool_release(&spool);
	return rc;
}
