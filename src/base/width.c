/* SPDX-License-Identifier: ISC */
/* width: see width.h for the contract. */
#include "base/width.h"
#include "base/text.h"

#include <string.h>

/* Source: EastAsianWidth.txt (W and F), joined where gaps are unassigned. */
static const struct {
	uint32_t first, last;
} wide[] = {
	{ 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2329, 0x232A },
	{ 0x23E9, 0x23EC }, { 0x23F0, 0x23F0 }, { 0x23F3, 0x23F3 },
	{ 0x25FD, 0x25FE }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 },
	{ 0x267F, 0x267F }, { 0x2693, 0x2693 }, { 0x26A1, 0x26A1 },
	{ 0x26AA, 0x26AB }, { 0x26BD, 0x26BE }, { 0x26C4, 0x26C5 },
	{ 0x26CE, 0x26CE }, { 0x26D4, 0x26D4 }, { 0x26EA, 0x26EA },
	{ 0x26F2, 0x26F3 }, { 0x26F5, 0x26F5 }, { 0x26FA, 0x26FA },
	{ 0x26FD, 0x26FD }, { 0x2705, 0x2705 }, { 0x270A, 0x270B },
	{ 0x2728, 0x2728 }, { 0x274C, 0x274C }, { 0x274E, 0x274E },
	{ 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
	{ 0x27B0, 0x27B0 }, { 0x27BF, 0x27BF }, { 0x2B1B, 0x2B1C },
	{ 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 }, { 0x2E80, 0x303E },
	{ 0x3041, 0x33FF }, { 0x3400, 0x4DBF }, { 0x4E00, 0xA4CF },
	{ 0xA960, 0xA97F }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF },
	{ 0xFE10, 0xFE19 }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 },
	{ 0xFFE0, 0xFFE6 }, { 0x16FE0, 0x18CFF }, { 0x1AFF0, 0x1B2FF },
	{ 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF }, { 0x1F18E, 0x1F18E },
	{ 0x1F191, 0x1F19A }, { 0x1F200, 0x1F320 }, { 0x1F32D, 0x1F335 },
	{ 0x1F337, 0x1F37C }, { 0x1F37E, 0x1F393 }, { 0x1F3A0, 0x1F3CA },
	{ 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 }, { 0x1F3F4, 0x1F3F4 },
	{ 0x1F3F8, 0x1F43E }, { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC },
	{ 0x1F4FF, 0x1F53D }, { 0x1F54B, 0x1F54E }, { 0x1F550, 0x1F567 },
	{ 0x1F57A, 0x1F57A }, { 0x1F595, 0x1F596 }, { 0x1F5A4, 0x1F5A4 },
	{ 0x1F5FB, 0x1F64F }, { 0x1F680, 0x1F6C5 }, { 0x1F6CC, 0x1F6CC },
	{ 0x1F6D0, 0x1F6D2 }, { 0x1F6D5, 0x1F6DF }, { 0x1F6EB, 0x1F6EC },
	{ 0x1F6F4, 0x1F6FC }, { 0x1F7E0, 0x1F7EB }, { 0x1F90C, 0x1F93A },
	{ 0x1F93C, 0x1F945 }, { 0x1F947, 0x1F9FF }, { 0x1FA70, 0x1FAFF },
	{ 0x20000, 0x3FFFD },
};

int
width_of(uint32_t cp)
{
	if (cp < 0x300)
		return 1;
	if (text_is_combining(cp))
		return 0;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (cp >= wide[i].first && cp <= wide[i].last)
			return 2;
	return 1;
}

/* The bytes and columns of the character at s. */
static size_t
one(const char *s, size_t len, size_t *columns)
{
	uint32_t cp;
	size_t n = text_decode(s, len, &cp);

	*columns = n ? (size_t)width_of(cp) : 1;
	return n ? n : 1;
}

size_t
width_text(const char *s)
{
	size_t len = strlen(s), sum = 0, columns;

	for (size_t i = 0; i < len; sum += columns)
		i += one(s + i, len - i, &columns);
	return sum;
}

/* Bytes at the beginning of s that fit into columns and cap. */
static size_t
fits(const char *s, size_t len, size_t columns, size_t cap)
{
	size_t at = 0, used = 0, n, w;

	while (at < len) {
		n = one(s + at, len - at, &w);
		if (used + w > columns || at + n > cap)
			break;
		used += w;
		at += n;
	}
	return at;
}

const char *
width_cut(char *out, size_t cap, const char *s, size_t columns)
{
	size_t len = strlen(s);
	size_t n = fits(s, len, columns, cap - 1);

	if (n < len && columns > 0 && cap > 1) {
		n = fits(s, len, columns - 1, cap - 2);
		memcpy(out, s, n);
		out[n++] = '>';
	} else {
		memcpy(out, s, n);
	}
	out[n] = '\0';
	return out;
}
