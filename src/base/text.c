/* SPDX-License-Identifier: ISC */
/* text: see text.h for the contract. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define COMBINING_MAX 4		/* marks kept on one character */

struct range {
	uint32_t first, last;
};

/* Sources: UnicodeData.txt (Mn, Me, Cf) as far as a mail screen needs it. */
static const struct range combining[] = {
	{ 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD },
	{ 0x05BF, 0x05BF }, { 0x05C1, 0x05C2 }, { 0x05C4, 0x05C5 },
	{ 0x05C7, 0x05C7 }, { 0x0610, 0x061A }, { 0x064B, 0x065F },
	{ 0x0670, 0x0670 }, { 0x06D6, 0x06DC }, { 0x06DF, 0x06E4 },
	{ 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED }, { 0x0711, 0x0711 },
	{ 0x0730, 0x074A }, { 0x07A6, 0x07B0 }, { 0x07EB, 0x07F3 },
	{ 0x0816, 0x0823 }, { 0x0825, 0x082D }, { 0x0859, 0x085B },
	{ 0x08D3, 0x0902 }, { 0x093A, 0x093A }, { 0x093C, 0x093C },
	{ 0x0941, 0x0948 }, { 0x094D, 0x094D }, { 0x0951, 0x0957 },
	{ 0x0962, 0x0963 }, { 0x0981, 0x0981 }, { 0x09BC, 0x09BC },
	{ 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E },
	{ 0x0EB1, 0x0EB1 }, { 0x0EB4, 0x0EBC }, { 0x0EC8, 0x0ECD },
	{ 0x0F18, 0x0F19 }, { 0x0F35, 0x0F39 }, { 0x0F71, 0x0F84 },
	{ 0x135D, 0x135F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF },
	{ 0x20D0, 0x20F0 }, { 0x302A, 0x302D }, { 0x3099, 0x309A },
	{ 0xA66F, 0xA672 }, { 0xA674, 0xA67D }, { 0xFE00, 0xFE0F },
	{ 0xFE20, 0xFE2F }, { 0x1D165, 0x1D169 }, { 0x1D16D, 0x1D172 },
	{ 0xE0100, 0xE01EF },
};

static const struct range invisible[] = {
	{ 0x00AD, 0x00AD }, { 0x034F, 0x034F }, { 0x061C, 0x061C },
	{ 0x115F, 0x1160 }, { 0x17B4, 0x17B5 }, { 0x180B, 0x180F },
	{ 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },
	{ 0x3164, 0x3164 }, { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 },
	{ 0xFFF0, 0xFFFB }, { 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A },
	{ 0xE0000, 0xE00FF },
};

static bool
in_table(const struct range *table, size_t n, uint32_t cp)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= table[i].first && cp <= table[i].last)
			return true;
	return false;
}

bool
text_is_combining(uint32_t cp)
{
	return cp >= 0x300 && in_table(combining,
		sizeof combining / sizeof *combining, cp);
}

bool
text_is_invisible(uint32_t cp)
{
	return cp >= 0xAD && in_table(invisible,
		sizeof invisible / sizeof *invisible, cp);
}

size_t
text_decode(const char *s, size_t len, uint32_t *cp_out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = len ? (unsigned char)s[0] : 0;
	size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
	uint32_t cp;

	if (!len || (c >= 0x80 && c < 0xC2) || c > 0xF4 || n > len)
		return 0;
	cp = n == 1 ? c : c & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xC0) != 0x80)
			return 0;
		cp = cp << 6 | ((unsigned char)s[i] & 0x3F);
	}
	if (cp < least[n] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return 0;
	*cp_out = cp;
	return n;
}

/* The harmless form of the character at s; its length in *used. */
static size_t
printable_one(char out[16], const char *s, size_t len, size_t *used,
	unsigned *marks)
{
	uint32_t cp;
	size_t n = text_decode(s, len, &cp);

	*used = n ? n : 1;
	if (!n || cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) {
		*marks = 0;
		/* A C1 control is two bytes: both are shown. */
		if (n == 2)
			return (size_t)snprintf(out, 16, "\\x%02x\\x%02x",
				(unsigned char)s[0], (unsigned char)s[1]);
		return (size_t)snprintf(out, 16, "\\x%02x",
			(unsigned char)s[0]);
	}
	if (text_is_invisible(cp))
		return (size_t)snprintf(out, 16, "\\u{%04X}", (unsigned)cp);
	*marks = text_is_combining(cp) ? *marks + 1 : 0;
	if (*marks > COMBINING_MAX)
		return 0;
	memcpy(out, s, n);
	return n;
}

void
text_add_printable(struct str *s, const void *bytes, size_t len)
{
	const char *in = bytes;
	unsigned marks = 0;
	char one[16];
	size_t used, n;

	for (size_t i = 0; i < len; i += used) {
		/* Most of it is ASCII: together. */
		for (n = 0; i + n < len && in[i + n] >= ' ' && in[i + n] <= '~';)
			n++;
		if (n) {
			str_add_bytes(s, in + i, used = n);
			marks = 0;
			continue;
		}
		n = printable_one(one, in + i, len - i, &used, &marks);
		str_add_bytes(s, one, n);
	}
}

const char *
text_printable(char *out, size_t cap, const void *bytes, size_t len)
{
	const char *in = bytes;
	unsigned marks = 0;
	char one[16];
	size_t used, n, at = 0;

	for (size_t i = 0; i < len; i += used) {
		n = printable_one(one, in + i, len - i, &used, &marks);
		if (at + n >= cap)
			break;
		memcpy(out + at, one, n);
		at += n;
	}
	out[at] = '\0';
	return out;
}

void
text_add_utf8(struct str *s, const void *bytes, size_t len)
{
	const char *in = bytes;
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = text_decode(in + i, len - i, &cp);
		if (n && cp)
			str_add_bytes(s, in + i, n);
		else
			str_add(s, "\xEF\xBF\xBD");
		if (!n)
			n = 1;
	}
}

/* Three digits and a unit: 1.20M 12.3M 123M. */
static int
lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

bool
text_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void
text_trim(const char **data, size_t *len)
{
	while (*len && text_is_blank(**data)) {
		(*data)++;
		(*len)--;
	}
	while (*len && text_is_blank((*data)[*len - 1]))
		(*len)--;
}

bool
text_equal_nocase(const char *a, const char *b)
{
	while (*a && lower((unsigned char)*a) == lower((unsigned char)*b)) {
		a++;
		b++;
	}
	return lower((unsigned char)*a) == lower((unsigned char)*b);
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many edits make a into b. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned rows[3][64], *row = rows[0], *above = rows[1],
		*two_above = rows[2], *oldest;
	size_t alen = strnlen(a, 63), blen = strnlen(b, 63);

	for (size_t j = 0; j <= blen; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= alen; i++) {
		oldest = two_above;
		two_above = above;
		above = row;
		row = oldest;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= blen; j++) {
			int x = lower((unsigned char)a[i - 1]);
			int y = lower((unsigned char)b[j - 1]);

			row[j] = least(above[j - 1] + (x != y),
				least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 &&
			    x == lower((unsigned char)b[j - 2]) &&
			    y == lower((unsigned char)a[i - 2]))
				row[j] = least(row[j], two_above[j - 2] + 1);
		}
	}
	return row[blen];
}

/* Is one the beginning of the other? */
static bool
is_beginning(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && lower((unsigned char)a[n]) ==
	    lower((unsigned char)b[n]))
		n++;
	return n >= 3 && (!a[n] || !b[n]);
}

bool
text_guess_try(struct text_guess *g, const char *word)
{
	size_t len = strlen(g->typed), longest = strlen(word);
	unsigned away = distance(g->typed, word);

	longest = len > longest ? len : longest;
	if (len > 63 || (away * 3 > longest && !is_beginning(g->typed, word)) ||
	    (g->best && away >= g->away))
		return false;
	g->best = word;
	g->away = away;
	return true;
}

size_t
text_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}
