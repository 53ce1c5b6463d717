/* SPDX-License-Identifier: ISC */
/* text_number: sizes, durations, counts and times, written and read. See
 * text.h for the contract. */
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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
		/* Where it is cut is told in whole numbers: what 99.95 is
		 * depends on the processor. */
		snprintf(out, TEXT_NUMBER_MAX, n < 99950 ? "%.1fk" : "%.0fk",
			(double)n / 1e3);
		return out;
	}
	if (n < 999500000)
		return scaled(out, (double)n / 1e6, 'M');
	return scaled(out, (double)n / 1e9, 'G');
}

const char *
text_brief_count(char out[TEXT_NUMBER_MAX], uint64_t n)
{
	if (n < 10000)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRIu64, n);
	else if (n < 999500)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRIu64 "k", (n + 500) / 1000);
	else
		snprintf(out, TEXT_NUMBER_MAX, n < 9950000 ? "%.1fM" : "%.0fM",
			(double)n / 1e6);
	return out;
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
text_size_words(char out[TEXT_NUMBER_MAX], uint64_t bytes)
{
	if (bytes == 0 || bytes >= 1000)
		return text_size(out, bytes);
	snprintf(out, TEXT_NUMBER_MAX, "%" PRIu64 " byte%s", bytes,
		bytes == 1 ? "" : "s");
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
text_moment(char out[TEXT_TIME_MAX], int64_t at, int64_t now)
{
	struct tm tm;
	size_t n;

	local_time(at, &tm);
	text_time(out, at, now);
	n = strlen(out);
	if (n >= 5 && out[n - 3] == ':')
		n -= 5;
	else
		out[n++] = ' ';
	strftime(out + n, TEXT_TIME_MAX - n, "%H:%M:%S", &tm);
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

enum parsed { PARSED, PARSED_NOT, PARSED_TOO_LARGE };

static enum parsed
parse_with_unit(const char *s, const struct unit *units, int64_t *out)
{
	bool large = false;
	int64_t n = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++)
		large = large || __builtin_mul_overflow(n, 10, &n) ||
			__builtin_add_overflow(n, *p - '0', &n);
	if (p == s)
		return PARSED_NOT;
	for (; units->word; units++)
		if (strcmp(p, units->word) == 0)
			return large || __builtin_mul_overflow(n, units->scale,
				out) ? PARSED_TOO_LARGE : PARSED;
	return PARSED_NOT;
}

/* Says what is wrong with s, which should be a `what`. Returns -1. */
static int
refuse(struct error *err, enum parsed parsed, const char *s, const char *what)
{
	char shown[80];

	text_printable(shown, sizeof shown, s, strlen(s));
	if (parsed == PARSED_TOO_LARGE)
		return error_set(err, ERROR_INVALID, "\"%s\" is too large a "
			"number", shown);
	return error_set(err, ERROR_INVALID, "\"%s\" is not a %s", shown, what);
}

int
text_parse_duration(const char *s, int64_t *ms_out, struct error *err)
{
	static const struct unit units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
		{ "d", 86400000 }, { NULL, 0 },
	};
	enum parsed parsed;
	int64_t ms;

	parsed = parse_with_unit(s, units, &ms);
	if (parsed != PARSED)
		return error_is_failure(refuse(err, parsed, s,
			"duration such as 30s, 5m, 2h or 3d"));
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
	enum parsed parsed;
	int64_t bytes;

	parsed = parse_with_unit(s, units, &bytes);
	if (parsed != PARSED)
		return error_is_failure(refuse(err, parsed, s,
			"size such as 800, 10K, 1M or 2G"));
	*bytes_out = bytes;
	return 0;
}

int
text_parse_int(const char *s, int64_t least, int64_t most, int64_t *out,
	struct error *err)
{
	static const struct unit units[] = { { "", 1 }, { NULL, 0 } };
	bool minus = *s == '-';
	enum parsed parsed;
	int64_t n;

	parsed = parse_with_unit(s + minus, units, &n);
	if (parsed != PARSED)
		return refuse(err, parsed, s, "number");
	if (minus)
		n = -n;
	if (n < least && most == INT64_MAX)
		return error_set(err, ERROR_INVALID, "%" PRId64
			" is less than %" PRId64, n, least);
	if (n < least || n > most)
		return error_set(err, ERROR_INVALID, "%" PRId64
			" is not from %" PRId64 " to %" PRId64, n, least, most);
	*out = n;
	return 0;
}

#define MOMENT_MAX INT64_C(253402300799999)	/* the end of the year 9999 */

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
	int64_t offset = 0, ms = 0;

	if (!p)
		return false;
	if (*p == '.')
		for (int unit = 100; isdigit((unsigned char)*++p); unit /= 10)
			ms += (*p - '0') * unit;
	if (sscanf(p + (*p != '\0'), "%2d:%2d%n", &hours, &minutes, &used) == 2
	    && used && !p[1 + used] && (*p == '+' || *p == '-'))
		offset = (*p == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
	else if (strcasecmp(p, "Z") != 0)
		return false;
	*at_out = ((int64_t)timegm(&tm) - offset) * 1000 + ms;
	return true;
}

int
text_parse_time(const char *s, int64_t now, int64_t *at_out, struct error *err)
{
	struct tm tm, day;
	struct error ignored;
	char shown[80];
	int64_t ms = 0;

	if (text_parse_duration(s, &ms, &ignored) == 0) {
		if (ms > MOMENT_MAX - now)
			return refuse(err, PARSED_TOO_LARGE, s, "time");
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

/* A day and a time of it, or a time alone: then tm says which day. */
static bool
try_day(const char *s, struct tm *tm)
{
	static const char *const formats[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%dT%H:%M", "%Y-%m-%d",
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		*tm = (struct tm){ .tm_isdst = -1 };
		if (try_format(s, formats[i], tm))
			return true;
	}
	return false;
}

static bool
try_clock(const char *s, const struct tm *day, struct tm *tm)
{
	static const char *const formats[] = { "%H:%M:%S", "%H:%M" };

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		*tm = *day;
		tm->tm_sec = 0;
		tm->tm_isdst = -1;
		if (try_format(s, formats[i], tm))
			return true;
	}
	return false;
}

/* As told, which may be in the future. 0 or -1. */
static int
parse_past(const char *s, int64_t now, int64_t *at_out)
{
	static const char yesterday[] = "yesterday ";
	bool before = strncasecmp(s, yesterday, sizeof yesterday - 1) == 0;
	struct error ignored;
	struct tm tm, day;
	int64_t ms = 0;

	if (text_parse_duration(s + (*s == '-'), &ms, &ignored) == 0) {
		*at_out = ms > now ? 0 : now - ms;
		return 0;
	}
	if (parse_rfc3339(s, at_out))
		return 0;
	local_time(now, &day);
	if (before || try_clock(s, &day, &tm)) {
		if (before && !try_clock(s + sizeof yesterday - 1, &day, &tm))
			return -1;
		if (before || (int64_t)mktime(&tm) * 1000 > now) {
			tm.tm_mday--;
			tm.tm_isdst = -1;
		}
	} else if (!try_day(s, &tm)) {
		return -1;
	}
	*at_out = (int64_t)mktime(&tm) * 1000;
	return 0;
}

int
text_parse_past(const char *s, int64_t now, int64_t *at_out, struct error *err)
{
	char shown[80];
	int64_t at;

	text_printable(shown, sizeof shown, s, strlen(s));
	if (parse_past(s, now, &at) < 0)
		return error_set(err, ERROR_INVALID, "\"%s\" is not a time such "
			"as 02:40, yesterday 14:02, 2026-11-23 02:40:11 or "
			"-2h", shown);
	if (at > now)
		return error_set(err, ERROR_INVALID, "\"%s\" is not past",
			shown);
	*at_out = at;
	return 0;
}
