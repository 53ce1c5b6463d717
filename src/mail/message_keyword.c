/* message_scan: keywords and counts; see message_scan.h for the contract. */
#include "mail/message_scan.h"

#include <string.h>
#include <strings.h>

#define CTRL_Z '\x1A'
#define COUNT_LINE_MAX 40	/* a 12-character field; some slack */

/* Words begin with a letter or a blank: most lines are known by that. */
static bool
begins(const char *data, size_t len, const char *word)
{
	size_t n;

	if (!len || (*data | 0x20) != (*word | 0x20))
		return false;
	n = strlen(word);
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

/* What keywords that are looked for begin with. */
static const bool first_letters[256] = {
	['f'] = true, ['F'] = true, ['m'] = true, ['M'] = true,
	['t'] = true, ['T'] = true,
};

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
	while ((at = scan_pass_lines(s, at, limit, first_letters)) < limit) {
		n = scan_have(s, at, 64, &p);
		if (!n)
			break;
		if ((int64_t)n > limit - at)
			n = (size_t)(limit - at);
		if (first_letters[(unsigned char)*p]) {
			enum keyword k = keyword_at(p, n,
				at + (int64_t)n >= limit, &used);

			*at_out = at;
			if (mask & KEYWORD_BIT(k))
				return k;
		}
		end = scan_find_end(s, at, limit, &end_len);
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
