/* text: see text.h for the contract. */
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

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
static const char *
scaled(char *out, double value, char unit)
{
	int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	snprintf(out, TEXT_NUMBER_MAX, "%.*f%c", decimals, value, unit);
	return out;
}

const char *
text_exact(char out[TEXT_NUMBER_MAX], uint64_t n)
{
	char digits[24];
	size_t len, at = 0;

	len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n);
	if (len + (len - 1) / 3 >= TEXT_NUMBER_MAX) {	/* over 10^18 */
		memcpy(out, digits, len + 1);
		return out;
	}
	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

const char *
text_count(char out[TEXT_NUMBER_MAX], uint64_t n)
{
	if (n < 10000)
		return text_exact(out, n);
	if (n < 999500) {
		double k = (double)n / 1e3;

		snprintf(out, TEXT_NUMBER_MAX, k < 99.95 ? "%.1fk" : "%.0fk", k);
		return out;
	}
	if (n < 999500000)
		return scaled(out, (double)n / 1e6, 'M');
	return scaled(out, (double)n / 1e9, 'G');
}

const char *
text_size(char out[TEXT_NUMBER_MAX], uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	double value = (double)bytes;
	int unit = -1;

	if (bytes < 1000) {
		snprintf(out, TEXT_NUMBER_MAX, "%" PRIu64, bytes);
		return out;
	}
	do {
		value /= 1024;
		unit++;
	} while (value >= 999.5);
	snprintf(out, TEXT_NUMBER_MAX, value < 99.95 ? "%.1f%c" : "%.0f%c",
		value, units[unit]);
	return out;
}

const char *
text_duration(char out[TEXT_NUMBER_MAX], int64_t ms)
{
	int64_t s = ms / 1000;

	if (ms < 0)
		s = ms = 0;
	if (ms < 10000)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 ".%" PRId64 "s", s,
			ms % 1000 / 100);
	else if (s < 120)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 "s", s);
	else if (s < 7200)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 "m", s / 60);
	else if (s < 2 * 86400)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 "h", s / 3600);
	else
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 "d", s / 86400);
	return out;
}

static void
local_time(int64_t at, struct tm *tm)
{
	time_t t = (time_t)(at / 1000);

	if (!localtime_r(&t, tm))
		memset(tm, 0, sizeof *tm);
}

const char *
text_ago(char out[TEXT_TIME_MAX], int64_t at, int64_t now)
{
	int64_t away = at > now ? at - now : now - at;
	char span[TEXT_NUMBER_MAX];
	struct tm tm;

	if (away >= INT64_C(2) * 86400 * 1000) {
		local_time(at, &tm);
		strftime(out, TEXT_TIME_MAX, "%Y-%m-%d %H:%M", &tm);
		return out;
	}
	if (away < 1000)
		return strcpy(out, "just now");
	text_duration(span, away / 1000 * 1000);
	if (strchr(span, '.'))		/* whole seconds are enough here */
		snprintf(span, sizeof span, "%" PRId64 "s", away / 1000);
	snprintf(out, TEXT_TIME_MAX, at > now ? "in %s" : "%s ago", span);
	return out;
}

const char *
text_rfc3339(char out[TEXT_TIME_MAX], int64_t at)
{
	int64_t ms = ((at % 1000) + 1000) % 1000;
	time_t t = (time_t)((at - ms) / 1000);
	struct tm tm;
	size_t n;

	if (!gmtime_r(&t, &tm))
		memset(&tm, 0, sizeof tm);
	n = strftime(out, TEXT_TIME_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, TEXT_TIME_MAX - n, ".%03dZ", (int)ms);
	return out;
}

const char *
text_time(char out[TEXT_TIME_MAX], int64_t at, int64_t now)
{
	struct tm tm, today;
	int64_t away = at > now ? at - now : now - at;

	local_time(at, &tm);
	local_time(now, &today);
	if (tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year)
		strftime(out, TEXT_TIME_MAX, "%H:%M", &tm);
	else if (away < INT64_C(6) * 86400 * 1000)
		strftime(out, TEXT_TIME_MAX, "%a %H:%M", &tm);
	else
		strftime(out, TEXT_TIME_MAX, "%Y-%m-%d", &tm);
	return out;
}

/* Digits, then a unit out of a list; *scale_out is that unit's worth. */
struct unit {
	const char *word;
	int64_t scale;
};

static int
parse_with_unit(const char *s, const struct unit *units, int64_t *out)
{
	int64_t n = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *p - '0', &n))
			return -1;
	if (p == s)
		return -1;
	for (; units->word; units++)
		if (strcmp(p, units->word) == 0)
			return __builtin_mul_overflow(n, units->scale, out) ?
				-1 : 0;
	return -1;
}

int
text_parse_duration(const char *s, int64_t *ms_out, struct error *err)
{
	static const struct unit units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
		{ "d", 86400000 }, { NULL, 0 },
	};
	char shown[80];
	int64_t ms;

	if (parse_with_unit(s, units, &ms) < 0)
		return error_set(err, ERROR_INVALID,
			"\"%s\" is not a duration such as 30s, 5m, 2h or 3d",
			text_printable(shown, sizeof shown, s, strlen(s)));
	*ms_out = ms;
	return 0;
}

int
text_parse_size(const char *s, int64_t *bytes_out, struct error *err)
{
	static const struct unit units[] = {
		{ "", 1 }, { "K", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 },
		{ "T", INT64_C(1) << 40 }, { "k", 1 << 10 }, { "m", 1 << 20 },
		{ "g", 1 << 30 }, { NULL, 0 },
	};
	char shown[80];
	int64_t bytes;

	if (parse_with_unit(s, units, &bytes) < 0)
		return error_set(err, ERROR_INVALID,
			"\"%s\" is not a size such as 800, 10K, 1M or 2G",
			text_printable(shown, sizeof shown, s, strlen(s)));
	*bytes_out = bytes;
	return 0;
}

int
text_parse_int(const char *s, int64_t least, int64_t most, int64_t *out,
	struct error *err)
{
	static const struct unit units[] = { { "", 1 }, { NULL, 0 } };
	bool minus = *s == '-';
	char shown[80];
	int64_t n;

	if (parse_with_unit(s + minus, units, &n) < 0)
		return error_set(err, ERROR_INVALID, "\"%s\" is not a number",
			text_printable(shown, sizeof shown, s, strlen(s)));
	if (minus)
		n = -n;
	if (n < least || n > most)
		return error_set(err, ERROR_INVALID, "%" PRId64
			" is not from %" PRId64 " to %" PRId64, n, least, most);
	*out = n;
	return 0;
}

/* Tries one strptime format over the whole of s. */
static bool
try_format(const char *s, const char *format, struct tm *tm)
{
	const char *end = strptime(s, format, tm);

	return end && !*end;
}

static bool
parse_rfc3339(const char *s, int64_t *at_out)
{
	struct tm tm = { .tm_mday = 1 };
	const char *p = strptime(s, "%Y-%m-%dT%H:%M:%S", &tm);
	int hours = 0, minutes = 0, used = 0;
	int64_t offset = 0;

	if (!p)
		return false;
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++)
			;
	if (sscanf(p + (*p != '\0'), "%2d:%2d%n", &hours, &minutes, &used) == 2
	    && used && !p[1 + used] && (*p == '+' || *p == '-'))
		offset = (*p == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
	else if (strcasecmp(p, "Z") != 0)
		return false;
	*at_out = ((int64_t)timegm(&tm) - offset) * 1000;
	return true;
}

int
text_parse_time(const char *s, int64_t now, int64_t *at_out, struct error *err)
{
	struct tm tm, day;
	struct error ignored;
	char shown[80];
	int64_t ms;

	if (text_parse_duration(s, &ms, &ignored) == 0) {
		*at_out = now + ms;
		return 0;
	}
	if (parse_rfc3339(s, at_out))
		return 0;
	local_time(now, &day);
	tm = day;
	tm.tm_sec = 0;
	tm.tm_isdst = -1;
	if (try_format(s, "%H:%M", &tm)) {
		*at_out = (int64_t)mktime(&tm) * 1000;
		if (*at_out <= now) {
			tm.tm_mday++;
			tm.tm_isdst = -1;
			*at_out = (int64_t)mktime(&tm) * 1000;
		}
		return 0;
	}
	tm = (struct tm){ .tm_isdst = -1 };
	if (try_format(s, "%Y-%m-%d %H:%M", &tm) ||
	    try_format(s, "%Y-%m-%dT%H:%M", &tm) ||
	    try_format(s, "%Y-%m-%d", &tm)) {
		*at_out = (int64_t)mktime(&tm) * 1000;
		return 0;
	}
	return error_set(err, ERROR_INVALID, "\"%s\" is not a time such as "
		"14:30, 2026-11-23 14:30 or 2h",
		text_printable(shown, sizeof shown, s, strlen(s)));
}

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

unsigned
text_distance(const char *a, const char *b)
{
	unsigned row[64];
	size_t alen = strnlen(a, 63), blen = strnlen(b, 63);

	for (size_t j = 0; j <= blen; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= alen; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= blen; j++) {
			unsigned best = corner + (lower((unsigned char)a[i - 1])
				!= lower((unsigned char)b[j - 1]));

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[blen];
}
