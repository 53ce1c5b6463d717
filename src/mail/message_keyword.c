/* SPDX-License-Identifier: ISC */
/* message_scan: keywords and counts; see message_scan.h for the contract. */
#include "mail/message_scan.h"

#include <string.h>
#include <strings.h>

#define CTRL_Z '\x1A'
#define COUNT_LINE_MAX 40	/* a 12-character field; some slack */

/* Words begin with a letter or a blank: most lines are known by that. */
bool
keyword_begins(const char *data, size_t len, const char *word)
{
	size_t n;

	if (!len || (*data | 0x20) != (*word | 0x20))
		return false;
	n = strlen(word);
	return len >= n && strncasecmp(data, word, n) == 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "Word item:", the word of up to 16 letters; its length with the colon. */
static size_t
other_item(const char *data, size_t len)
{
	size_t n = 0;

	while (n < len && n < 16 && ((data[n] | 0x20) >= 'a' &&
		(data[n] | 0x20) <= 'z'))
		n++;
	return n && keyword_begins(data + n, len - n, " item:") ? n + 6 : 0;
}

/* True if nothing but blanks stands in the rest of the line. */
static bool
rest_is_blank(const char *data, size_t len, bool whole)
{
	while (len && is_space(*data)) {
		data++;
		len--;
	}
	return whole && (!len || *data == CTRL_Z);
}

enum keyword
keyword_at(const char *data, size_t len, bool whole, size_t *len_out)
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
		size_t n;

		if (!keyword_begins(data, len, words[i].word))
			continue;
		n = *len_out = strlen(words[i].word);
		if (words[i].alone && !rest_is_blank(data + n, len - n, whole))
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
	/* A stray CR is one of a line that ends otherwise than others do. */
	while (i < len && (data[i] == ' ' || data[i] == '\r'))
		i++;
	if (i < len || len == 0)
		return COUNT_NONE;
	*out = n;
	return digits ? COUNT_GOOD : COUNT_BLANK;
}
