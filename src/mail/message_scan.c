/* SPDX-License-Identifier: ISC */
/* message_scan: see message_scan.h for the contract. */
#include "mail/message_scan.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CTRL_Z '\x1A'
#define LOOK 64			/* longer than any keyword with its blanks */

/* Asks the source. How many bytes came; fewer move the end. */
static size_t
ask(struct scan *s, int64_t at, char *buf, size_t len)
{
	size_t got = 0;

	if (at >= s->end || s->failed)
		return 0;
	if ((int64_t)len > s->end - at)
		len = (size_t)(s->end - at);
	if (s->src.read_at(s->src.arg, at, buf, len, &got, &s->err) < 0) {
		s->failed = true;
		got = 0;
	}
	if (got >= len)
		return len;
	s->end = at + (int64_t)got;
	if (s->text_end > s->end)
		s->text_end = s->end;
	return got;
}

/* Finds where the Ctrl-Zs at the end begin. DOS editors end a text with one,
 * CP/M habit fills the last sector with them. */
static void
find_text_end(struct scan *s)
{
	char tail[SCAN_TAIL];
	int64_t at = s->end > SCAN_TAIL ? s->end - SCAN_TAIL : 0;
	size_t n = ask(s, at, tail, sizeof tail);

	s->text_end = s->end;
	while (n && tail[n - 1] == CTRL_Z) {
		n--;
		s->text_end--;
	}
}

void
scan_init(struct scan *s, const struct message_source *src)
{
	*s = (struct scan){
		.src = *src,
		.end = src->size > 0 ? src->size : 0,
		.window = xmalloc(SCAN_WINDOW),
	};
	find_text_end(s);
	scan_learn_line_end(s, 0);
}

void
scan_release(struct scan *s)
{
	free(s->window);
}

/* How many bytes of the window stand at `at`. */
static size_t
visible(const struct scan *s, int64_t at)
{
	int64_t n = s->window_at + (int64_t)s->window_len - at;

	return at < s->window_at || n < 0 ? 0 : (size_t)n;
}

size_t
scan_view(struct scan *s, int64_t at, size_t want, const char **out)
{
	if (at >= s->end)
		want = 0;
	else if ((int64_t)want > s->end - at)
		want = (size_t)(s->end - at);
	if (visible(s, at) < want) {
		s->window_at = at;
		s->window_len = ask(s, at, s->window, want > SCAN_CHUNK ?
			want : SCAN_CHUNK);
	}
	want = visible(s, at);
	*out = want ? s->window + (at - s->window_at) : "";
	return want;
}

size_t
scan_probe(struct scan *s, int64_t at, char out[SCAN_PROBE])
{
	size_t n = visible(s, at);

	if (n < SCAN_PROBE && at + (int64_t)n < s->end)
		return ask(s, at, out, SCAN_PROBE);
	if (n > SCAN_PROBE)
		n = SCAN_PROBE;
	if (n)
		memcpy(out, s->window + (at - s->window_at), n);
	return n;
}

/* The first CR or LF, or NULL. */
static const char *
first_of_both(const char *p, size_t len)
{
	const char *lf = memchr(p, '\n', len);
	const char *cr = memchr(p, '\r', lf ? (size_t)(lf - p) : len);

	return cr ? cr : lf;
}

void
scan_learn_line_end(struct scan *s, int64_t at)
{
	const char *p, *end;
	size_t n = scan_view(s, at, LOOK, &p);

	s->line_end = MESSAGE_LINE_END_CRLF;
	end = first_of_both(p, n);
	if (!end) {
		n = scan_view(s, at, SCAN_LINE_MAX, &p);
		end = first_of_both(p, n);
	}
	if (!end)
		return;
	if (*end == '\n')
		s->line_end = MESSAGE_LINE_END_LF;
	else if (scan_view(s, at + (end - p), 2, &p) < 2 || p[1] != '\n')
		s->line_end = MESSAGE_LINE_END_CR;
}

/* Where the first line end is, or NULL; *len_out its length. */
static const char *
find_break(const struct scan *s, const char *p, size_t len, int *len_out)
{
	const char *lf = p;

	*len_out = 1;
	if (s->line_end == MESSAGE_LINE_END_CR)
		return memchr(p, '\r', len);
	if (s->line_end == MESSAGE_LINE_END_LF)
		return memchr(p, '\n', len);
	*len_out = 2;
	while ((lf = memchr(lf, '\n', len - (size_t)(lf - p)))) {
		if (lf > p && lf[-1] == '\r')
			return lf - 1;
		lf++;
	}
	return NULL;
}

/* The first CR or LF in what is part of a line, or NULL. */
static const char *
find_stray(const struct scan *s, const char *p, size_t len)
{
	if (s->line_end == MESSAGE_LINE_END_CR)
		return memchr(p, '\n', len);
	if (s->line_end == MESSAGE_LINE_END_LF)
		return memchr(p, '\r', len);
	return first_of_both(p, len);
}

static void
note_stray(struct scan *s, int64_t at, const char *p, size_t len)
{
	const char *stray = s->stray < 0 ? find_stray(s, p, len) : NULL;

	if (stray)
		s->stray = at + (stray - p);
}

/* Finds the line end at or behind at, before limit: *len_out is its length
 * (0 if limit comes first). Returns its place, or limit. */
static int64_t
next_break(struct scan *s, int64_t at, int64_t limit, int *len_out)
{
	const char *p, *found;
	size_t n;

	while (at < limit && (n = scan_view(s, at, 2, &p))) {
		if ((int64_t)n > limit - at)
			n = (size_t)(limit - at);
		found = find_break(s, p, n, len_out);
		/* A CR at the very end may have its LF behind it. */
		if (!found && n > 1 && p[n - 1] == '\r')
			n--;
		note_stray(s, at, p, found ? (size_t)(found - p) : n);
		if (found)
			return at + (found - p);
		at += (int64_t)n;
	}
	*len_out = 0;
	return limit < s->end ? limit : s->end;
}

int64_t
scan_line_end(struct scan *s, int64_t at, int64_t limit)
{
	int len;
	int64_t end = next_break(s, at, limit, &len);

	return end + len;
}

bool
scan_line(struct scan *s, int64_t at, int64_t limit, struct line *out)
{
	size_t want = 512, n;
	const char *p, *end;
	int end_len;

	for (;;) {
		n = scan_view(s, at, want, &p);
		if ((int64_t)n > limit - at)
			n = limit > at ? (size_t)(limit - at) : 0;
		end = find_break(s, p, n, &end_len);
		if (end || n < want || want == SCAN_WINDOW)
			break;
		want = want * 4 > SCAN_WINDOW ? SCAN_WINDOW : want * 4;
	}
	if (n == 0)
		return false;
	*out = (struct line){ .data = p, .len = n, .at = at,
		.next = at + (int64_t)n };
	if (end) {
		out->len = (size_t)(end - p);
		out->next = at + (int64_t)out->len + end_len;
	}
	if (out->len > SCAN_LINE_MAX) {
		out->len = SCAN_LINE_MAX;
		out->next = at + (int64_t)SCAN_LINE_MAX;
		out->cut = true;
	}
	out->stray = find_stray(s, p, out->len) != NULL;
	return true;
}

int64_t
scan_skip_space(struct scan *s, int64_t at, int64_t limit)
{
	const char *p;
	size_t n, i;

	if (limit > s->text_end)
		limit = s->text_end;
	while (at < limit && (n = scan_view(s, at, 1, &p))) {
		for (i = 0; i < n && strchr(" \t\r\n", p[i]) && p[i]; i++)
			;
		at += (int64_t)i;
		if (i < n)
			break;
	}
	return at < limit ? at : limit;
}

enum keyword
scan_keyword_at(const struct scan *s, const char *data, size_t len,
	bool at_end, size_t *len_out)
{
	int end_len;
	const char *end = find_break(s, data, len, &end_len);

	if (s->mixed && keyword_begins(data, len, "Message:"))
		end = first_of_both(data, len);
	return keyword_at(data, end ? (size_t)(end - data) : len,
		end || at_end, len_out);
}

bool
scan_ends_in_message(struct scan *s, const char *text, size_t len,
	int64_t next, int64_t limit, bool from_too)
{
	struct line line;
	int64_t count;

	if (len <= 8 || text[len - 1] != ':' ||
	    strncasecmp(text + len - 8, "Message:", 8) != 0)
		return false;
	if (!scan_line(s, next, limit, &line))
		return false;
	return count_parse(line.data, line.len, &count) == COUNT_GOOD ||
		(from_too && keyword_begins(line.data, line.len, "From:"));
}

/* The same for the line [start, end). */
static bool
tail_is_message(struct scan *s, int64_t start, int64_t end, int end_len,
	int64_t limit)
{
	char tail[9];
	const char *p;

	if (end_len == 0 || end - start < (int64_t)sizeof tail ||
	    scan_view(s, end - (int64_t)sizeof tail, sizeof tail, &p) <
	    sizeof tail)
		return false;
	memcpy(tail, p, sizeof tail);	/* looking ahead may move the window */
	return scan_ends_in_message(s, tail, sizeof tail, end + end_len, limit,
		true);
}

/* Might a keyword that is looked for begin there: File, Fax, Message, Text? */
static bool
may_be_keyword(const char *p, size_t len)
{
	int second = len > 1 ? p[1] | 0x20 : 0;

	switch (*p | 0x20) {
	case 'f':
		return !second || second == 'i' || second == 'a';
	case 'm':
	case 't':
		return !second || second == 'e';
	default:
		return false;
	}
}

/* The end of a line without a CR or LF in it, or NULL: to be looked at. */
static const char *
plain_break(const struct scan *s, const char *p, size_t len, int *len_out)
{
	const char *end, *lf;

	if (s->line_end == MESSAGE_LINE_END_CRLF) {
		lf = memchr(p, '\n', len);
		if (!lf || lf == p || lf[-1] != '\r' ||
		    memchr(p, '\r', (size_t)(lf - 1 - p)))
			return NULL;
		*len_out = 2;
		return lf - 1;
	}
	end = find_break(s, p, len, len_out);
	return end && find_stray(s, p, (size_t)(end - p)) ? NULL : end;
}

/* How many bytes of p are lines that begin with no keyword and do not end with
 * a colon: nearly all that a body has. */
static size_t
pass_lines(const struct scan *s, const char *p, size_t len)
{
	size_t done = 0;
	int end_len;

	while (done < len && !may_be_keyword(p + done, len - done)) {
		const char *end = plain_break(s, p + done, len - done,
			&end_len);

		if (!end || (end > p + done && end[-1] == ':'))
			break;
		done = (size_t)(end - p) + (size_t)end_len;
	}
	return done;
}

enum keyword
scan_keyword(struct scan *s, int64_t from, int64_t limit, unsigned mask,
	int64_t *at_out)
{
	int64_t at = from, end;
	const char *p;
	size_t n, used;
	enum keyword k;
	int end_len;

	if (limit > s->text_end)
		limit = s->text_end;
	s->in_line = false;
	s->stray = -1;
	while (at < limit && (n = scan_view(s, at, LOOK, &p))) {
		if ((int64_t)n > limit - at)
			n = (size_t)(limit - at);
		used = pass_lines(s, p, n);
		at += (int64_t)used;
		if (used)
			continue;
		k = scan_keyword_at(s, p, n < LOOK ? n : LOOK,
			at + (int64_t)n >= limit && n <= LOOK, &used);
		*at_out = at;
		if (mask & KEYWORD_BIT(k))
			return k;
		end = next_break(s, at, limit, &end_len);
		*at_out = end - 8;
		if ((mask & KEYWORD_BIT(KEYWORD_MESSAGE)) &&
		    tail_is_message(s, at, end, end_len, limit)) {
			s->in_line = true;
			return KEYWORD_MESSAGE;
		}
		at = end + end_len;
	}
	*at_out = limit < s->end ? limit : s->end;
	return KEYWORD_NONE;
}
