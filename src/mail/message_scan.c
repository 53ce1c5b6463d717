/* message_scan: see message_scan.h for the contract. */
#include "mail/message_scan.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CTRL_Z '\x1A'

size_t
scan_ask(struct scan *s, int64_t at, char *buf, size_t len)
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
	size_t n = scan_ask(s, at, tail, sizeof tail);

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
		.next_cr = -1,
		.next_lf = -1,
	};
	find_text_end(s);
}

void
scan_release(struct scan *s)
{
	free(s->window);
	free(s->blocks);
	free(s->block_at);
	free(s->block_len);
	free(s->slots);
}

/* Moves the window so that at (less SCAN_BACK) is its start. */
static void
slide(struct scan *s, int64_t at)
{
	int64_t keep = at - SCAN_BACK;
	size_t drop;

	if (keep <= s->window_at)
		return;
	if (keep >= s->window_at + (int64_t)s->window_len) {
		s->window_at = at;	/* a jump: nothing of it is here */
		s->window_len = 0;
		return;
	}
	drop = (size_t)(keep - s->window_at);
	s->window_len -= drop;
	memmove(s->window, s->window + drop, s->window_len);
	s->window_at = keep;
}

size_t
scan_have(struct scan *s, int64_t at, size_t want, const char **out)
{
	size_t before, need, got;

	assert(at >= s->window_at && want <= SCAN_WINDOW - SCAN_BACK);
	if (at - s->window_at > (int64_t)(SCAN_WINDOW - want) ||
	    at > s->window_at + (int64_t)s->window_len)
		slide(s, at);
	if (at > s->window_at + (int64_t)s->window_len) {
		s->window_at = at;
		s->window_len = 0;
	}
	before = (size_t)(at - s->window_at);
	need = before + want;
	while (s->window_len < need) {
		size_t len = SCAN_WINDOW - s->window_len;

		if (len > SCAN_CHUNK)
			len = SCAN_CHUNK;
		got = scan_ask(s, s->window_at + (int64_t)s->window_len,
			s->window + s->window_len, len);
		s->window_len += got;
		if (!got)
			break;
	}
	*out = s->window + before;
	got = s->window_len > before ? s->window_len - before : 0;
	return got < want ? got : want;
}

/*
 * The first c at or behind at that the window has, or the window's end.
 * *cache is as far as is known that there is none; places are asked for in
 * rising order, so it stays true. Without it a file with LF alone would have
 * its rest searched for a CR at each line.
 */
static int64_t
next_byte(struct scan *s, int64_t *cache, int64_t at, char c)
{
	int64_t end = s->window_at + (int64_t)s->window_len;
	const char *start, *p;

	if (*cache < at)
		*cache = at;
	if (*cache >= end)
		return end;
	start = s->window + (*cache - s->window_at);
	p = memchr(start, c, (size_t)(end - *cache));
	*cache = p ? s->window_at + (p - s->window) : end;
	return *cache;
}

static int64_t
next_line_byte(struct scan *s, int64_t at)
{
	int64_t cr = next_byte(s, &s->next_cr, at, '\r');
	int64_t lf = next_byte(s, &s->next_lf, at, '\n');

	return cr < lf ? cr : lf;
}

int64_t
scan_find_end(struct scan *s, int64_t at, int64_t limit, int *len_out)
{
	const char *p;
	size_t n;

	*len_out = 0;
	while (at < limit) {
		int64_t here;

		if (!scan_have(s, at, 1, &p))
			return at < s->end ? at : s->end;
		here = next_line_byte(s, at);
		if (here >= limit)
			return limit;
		if (here >= s->window_at + (int64_t)s->window_len) {
			at = here;
			continue;
		}
		n = scan_have(s, here, 2, &p);
		*len_out = n == 2 && p[0] == '\r' && p[1] == '\n' &&
			here + 1 < limit ? 2 : 1;
		return here;
	}
	return limit;
}

int64_t
scan_line_end(struct scan *s, int64_t at, int64_t limit)
{
	int len;
	int64_t end = scan_find_end(s, at, limit, &len);

	return end + len;
}

bool
scan_line(struct scan *s, int64_t at, int64_t limit, struct line *out)
{
	size_t want = 512, n = 0, i = 0;
	const char *p = "";

	if (limit > s->end)
		limit = s->end;
	if (at >= limit)
		return false;
	*out = (struct line){ .at = at };
	for (;;) {
		if ((int64_t)want > limit - at)
			want = (size_t)(limit - at);
		n = scan_have(s, at, want, &p);
		while (i < n && p[i] != '\r' && p[i] != '\n')
			i++;
		if (i < n || n < want || (int64_t)n == limit - at ||
		    want == SCAN_LINE_MAX + 1)
			break;
		want = want * 4 > SCAN_LINE_MAX ? SCAN_LINE_MAX + 1 : want * 4;
	}
	if (n == 0)
		return false;
	out->data = p;
	out->len = i;
	out->next = at + (int64_t)i;
	if (i == SCAN_LINE_MAX + 1) {
		out->len = SCAN_LINE_MAX;
		out->cut = true;
		return true;
	}
	if (i == n)
		return true;		/* the end ends it */
	out->next++;
	if (p[i] == '\n' || out->next >= limit)
		return true;
	/* A CR: an LF may follow, perhaps not yet in the window. */
	n = scan_have(s, at, i + 2, &out->data);
	if (n == i + 2 && out->data[i + 1] == '\n')
		out->next++;
	return true;
}

int64_t
scan_pass_lines(struct scan *s, int64_t at, int64_t limit,
	const bool first[256])
{
	int64_t end = s->window_at + (int64_t)s->window_len, here;

	if (end > limit)
		end = limit;
	while (at < end) {
		const char *line = s->window + (at - s->window_at), *stop;

		if (first[(unsigned char)*line])
			break;
		here = next_line_byte(s, at);
		stop = line + (here - at);
		/* A CR at the very end may have its LF behind it. */
		if (here + 1 >= end || (stop > line && stop[-1] == ':'))
			break;
		at = here + 1 + (stop[0] == '\r' && stop[1] == '\n');
	}
	return at;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int64_t
scan_skip_space(struct scan *s, int64_t at, int64_t limit)
{
	const char *p;
	size_t n, i;

	if (limit > s->text_end)
		limit = s->text_end;
	while (at < limit) {
		n = scan_have(s, at, 256, &p);
		for (i = 0; i < n && is_space(p[i]); i++)
			;
		at += (int64_t)i;
		if (i < n || !n)
			break;
	}
	return at < limit ? at : limit;
}
