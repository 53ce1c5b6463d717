/* message_scan: see message_scan.h for the contract. */
#include "message_scan.h"
#include "xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CTRL_Z '\x1A'
#define COUNT_LINE_MAX 40	/* a 12-character field; some slack */

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
		got = ask(s, s->window_at + (int64_t)s->window_len,
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

/* Finds the line end at or behind at, before limit: *len_out is its length
 * (0 if limit comes first). Returns its place, or limit. */
static int64_t
find_line_end(struct scan *s, int64_t at, int64_t limit, int *len_out)
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
	int64_t end = find_line_end(s, at, limit, &len);

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

static bool
begins(const char *data, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && strncasecmp(data, word, n) == 0;
}

/* True if nothing but blanks stands up to the line's end. */
static bool
rest_is_blank(const char *data, size_t len, bool at_end)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\r' || data[i] == '\n')
			return true;
		if (data[i] != ' ' && data[i] != '\t')
			return at_end && data[i] == CTRL_Z;
	}
	return at_end;
}

/* "Word item:", the word of up to 16 letters; its length with the colon. */
static size_t
other_item(const char *data, size_t len)
{
	size_t n = 0;

	while (n < len && n < 16 && ((data[n] | 0x20) >= 'a' &&
		(data[n] | 0x20) <= 'z'))
		n++;
	return n && begins(data + n, len - n, " item:") ? n + 6 : 0;
}

enum keyword
keyword_at(const char *data, size_t len, bool at_end, size_t *len_out)
{
	static const struct {
		enum keyword keyword;
		const char *word;
		bool alone;
	} words[] = {
		{ KEYWORD_MESSAGE, "Message:", true },
		{ KEYWORD_CONTENTS, "Contents:", true },
		{ KEYWORD_TEXT, "Text item:", false },
		{ KEYWORD_FILE, "File item:", false },
		{ KEYWORD_FAX, "Fax item:", false },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i].word);

		if (!begins(data, len, words[i].word))
			continue;
		*len_out = n;
		if (words[i].alone && !rest_is_blank(data + n, len - n, at_end))
			return KEYWORD_NONE;
		return words[i].keyword;
	}
	*len_out = other_item(data, len);
	return *len_out ? KEYWORD_OTHER : KEYWORD_NONE;
}

enum count_kind
count_parse(const char *data, size_t len, int64_t *out)
{
	size_t i = 0, digits = 0;
	int64_t n = 0;

	if (len > COUNT_LINE_MAX)
		return COUNT_NONE;
	while (i < len && data[i] == ' ')
		i++;
	for (; i < len && data[i] >= '0' && data[i] <= '9'; i++, digits++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, data[i] - '0', &n))
			n = INT64_MAX;
	while (i < len && data[i] == ' ')
		i++;
	if (i < len || len == 0)
		return COUNT_NONE;
	*out = n;
	return digits ? COUNT_GOOD : COUNT_BLANK;
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
		(from_too && begins(line.data, line.len, "From:"));
}

/* The same for the line [start, end), whose beginning may have left the
 * window; its end has not: SCAN_BACK bytes stay. */
static bool
tail_is_message(struct scan *s, int64_t start, int64_t end, int end_len,
	int64_t limit)
{
	const char *p;

	if (end_len == 0 || end - start <= 8 || end - 9 < s->window_at)
		return false;
	p = s->window + (end - 9 - s->window_at);
	return scan_ends_in_message(s, p, 9, end + end_len, limit, true);
}

enum keyword
scan_keyword(struct scan *s, int64_t from, int64_t limit, unsigned mask,
	int64_t *at_out)
{
	int64_t at = from, end;
	const char *p;
	size_t n, used;
	int end_len;

	if (limit > s->text_end)
		limit = s->text_end;
	s->in_line = false;
	while (at < limit) {
		n = scan_have(s, at, 64, &p);
		if (!n)
			break;
		if ((int64_t)n > limit - at)
			n = (size_t)(limit - at);
		if (strchr("mtfMTF", *p) && *p) {
			enum keyword k = keyword_at(p, n,
				at + (int64_t)n >= limit, &used);

			*at_out = at;
			if (mask & KEYWORD_BIT(k))
				return k;
		}
		end = find_line_end(s, at, limit, &end_len);
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

/* The hash slot where block number `block` is or would be. */
static int
slot_of(const struct scan *s, int64_t block)
{
	uint64_t h = (uint64_t)block * UINT64_C(0x9E3779B97F4A7C15);
	int i = (int)(h >> 52) & (PROBE_SLOTS - 1);

	while (s->slots[i] && s->block_at[s->slots[i] - 1] != block)
		i = (i + 1) & (PROBE_SLOTS - 1);
	return i;
}

/* Reads block number `block` into out, or finds it remembered. */
static int
block_get(struct scan *s, int64_t block, char out[PROBE_BLOCK])
{
	int i;

	if (s->blocks && s->slots[i = slot_of(s, block)]) {
		int b = s->slots[i] - 1;

		memcpy(out, s->blocks + (size_t)b * PROBE_BLOCK, PROBE_BLOCK);
		return s->block_len[b];
	}
	if (s->distrust)
		return -1;
	return (int)ask(s, block * PROBE_BLOCK, out, PROBE_BLOCK);
}

/* True if [at, at + len), as far as there is so much, is in the window. */
static bool
in_window(const struct scan *s, int64_t at, size_t len)
{
	int64_t end = at + (int64_t)len < s->end ? at + (int64_t)len : s->end;

	return at >= s->window_at &&
		end <= s->window_at + (int64_t)s->window_len;
}

int
scan_probe(struct scan *s, int64_t at, char out[PROBE_LEN])
{
	char two[2 * PROBE_BLOCK];
	int64_t block = at / PROBE_BLOCK;
	size_t skip = (size_t)(at % PROBE_BLOCK);
	int n, more = 0;

	if (at >= s->end)
		return 0;
	if (in_window(s, at, PROBE_LEN)) {
		int64_t have = s->window_at + (int64_t)s->window_len - at;

		n = have < PROBE_LEN ? (int)have : PROBE_LEN;
		memcpy(out, s->window + (at - s->window_at), (size_t)n);
		return n;
	}
	n = block_get(s, block, two);
	if (n == PROBE_BLOCK && skip + PROBE_LEN > PROBE_BLOCK)
		more = block_get(s, block + 1, two + PROBE_BLOCK);
	if (n < 0 || more < 0)
		return -1;
	n += more - (int)skip;
	if (n <= 0)
		return 0;
	if (n > PROBE_LEN)
		n = PROBE_LEN;
	memcpy(out, two + skip, (size_t)n);
	return n;
}

static void
block_remember(struct scan *s, int64_t block)
{
	int i, b = s->block_count;

	if (!s->blocks) {
		s->blocks = xmalloc((size_t)PROBE_BLOCKS_MAX * PROBE_BLOCK);
		s->block_at = xcalloc(PROBE_BLOCKS_MAX, sizeof *s->block_at);
		s->block_len = xcalloc(PROBE_BLOCKS_MAX, sizeof *s->block_len);
		s->slots = xcalloc(PROBE_SLOTS, sizeof *s->slots);
	}
	i = slot_of(s, block);
	if (s->slots[i])
		return;
	if (b == PROBE_BLOCKS_MAX) {
		s->distrust = true;
		return;
	}
	s->block_at[b] = block;
	s->block_len[b] = (uint16_t)ask(s, block * PROBE_BLOCK,
		s->blocks + (size_t)b * PROBE_BLOCK, PROBE_BLOCK);
	s->slots[i] = (uint16_t)++s->block_count;
}

void
scan_probe_wrong(struct scan *s, int64_t at)
{
	if (in_window(s, at, PROBE_LEN) || at >= s->end)
		return;
	block_remember(s, at / PROBE_BLOCK);
	if (at % PROBE_BLOCK + PROBE_LEN > PROBE_BLOCK)
		block_remember(s, at / PROBE_BLOCK + 1);
}
