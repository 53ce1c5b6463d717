/* SPDX-License-Identifier: ISC */
/* ccmail_date: see ccmail_date.h for the contract. */
#include "mail/ccmail_date.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define WINDOW 70	/* two-digit years below this are 20xx */

bool
ccmail_date_order_named(const char *word, enum ccmail_date_order *out)
{
	static const char *const words[] = {
		[CCMAIL_DATE_MDY] = "mdy",
		[CCMAIL_DATE_DMY] = "dmy",
		[CCMAIL_DATE_YMD] = "ymd",
	};

	for (int i = CCMAIL_DATE_MDY; i <= CCMAIL_DATE_YMD; i++) {
		if (text_equal_nocase(word, words[i])) {
			*out = (enum ccmail_date_order)i;
			return true;
		}
	}
	return false;
}

/* What is left to read. */
struct scan {
	const char *p, *end;
};

static void
skip_blanks(struct scan *s)
{
	while (s->p < s->end && text_is_blank(*s->p))
		s->p++;
}

/* A number of one to max_digits digits; the number of digits, or 0. */
static int
number(struct scan *s, int max_digits, int *out)
{
	int digits = 0, n = 0;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9') {
		if (++digits > max_digits)
			return 0;
		n = n * 10 + (*s->p++ - '0');
	}
	*out = n;
	return digits;
}

static bool
take(struct scan *s, char c)
{
	if (s->p >= s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static int
days_in(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
	};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* A year out of a number of so many digits; 0 is none. */
static int
year_of(int n, int digits)
{
	if (digits == 4)
		return n >= 1601 ? n : 0;
	if (digits > 2)
		return 0;
	return n < WINDOW ? 2000 + n : 1900 + n;
}

/* The three numbers and what is between them. */
static bool
scan_day(struct scan *s, enum ccmail_date_order order, struct ccmail_date *d)
{
	int n[3], digits[3], year = 2, month = 0, day = 1;
	char separator;

	digits[0] = number(s, 4, &n[0]);
	if (!digits[0] || s->p >= s->end || !strchr("/-.", *s->p) || !*s->p)
		return false;
	separator = *s->p;
	for (int i = 1; i < 3; i++) {
		if (!take(s, separator))
			return false;
		digits[i] = number(s, 4, &n[i]);
		if (!digits[i])
			return false;
	}
	if (order == CCMAIL_DATE_YMD || digits[0] == 4)
		year = 0, month = 1, day = 2;
	else if (order == CCMAIL_DATE_DMY)
		month = 1, day = 0;
	if (digits[month] > 2 || digits[day] > 2)
		return false;
	d->year = year_of(n[year], digits[year]);
	d->month = n[month];
	d->day = n[day];
	return d->year && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
		d->day <= days_in(d->year, d->month);
}

/* 'a' for am, 'p' for pm, 0 for neither; "a" and "a.m." are taken too. */
static char
scan_half(struct scan *s)
{
	char half;

	if (s->p >= s->end || !*s->p || !strchr("aApP", *s->p))
		return 0;
	half = (char)(*s->p++ | 0x20);
	take(s, '.');
	if (take(s, 'm') || take(s, 'M'))
		take(s, '.');
	return half;
}

/* 8:39, 8.39, 20:39:07, 3:10PM, 3:10 p.m.: digits are there already. */
static bool
scan_time(struct scan *s, struct ccmail_date *d)
{
	char separator, half;

	if (!number(s, 2, &d->hour) || s->p >= s->end ||
	    (*s->p != ':' && *s->p != '.'))
		return false;
	separator = *s->p++;
	if (number(s, 2, &d->minute) != 2)
		return false;
	if (take(s, separator) && number(s, 2, &d->second) != 2)
		return false;
	skip_blanks(s);
	half = scan_half(s);
	if (half && (d->hour < 1 || d->hour > 12))
		return false;
	if (half)
		d->hour = d->hour % 12 + (half == 'p' ? 12 : 0);
	d->has_time = true;
	return d->hour <= 23 && d->minute <= 59 && d->second <= 59;
}

bool
ccmail_date_parse(const char *text, size_t len, enum ccmail_date_order order,
	struct ccmail_date *out)
{
	struct scan s = { text, text + len };
	struct ccmail_date d = { 0 };

	skip_blanks(&s);
	if (!scan_day(&s, order, &d))
		return false;
	if (s.p < s.end && !text_is_blank(*s.p))
		return false;
	skip_blanks(&s);
	if (s.p < s.end && !scan_time(&s, &d))
		return false;
	skip_blanks(&s);
	if (s.p < s.end)
		return false;
	*out = d;
	return true;
}

int64_t
ccmail_date_at(const struct ccmail_date *date)
{
	struct tm tm = {
		.tm_year = date->year - 1900,
		.tm_mon = date->month - 1,
		.tm_mday = date->day,
		.tm_hour = date->hour,
		.tm_min = date->minute,
		.tm_sec = date->second,
		.tm_isdst = -1,
		.tm_wday = -1,
	};
	time_t t = mktime(&tm);

	/* -1 is a moment too: only mktime's silence about the weekday tells. */
	if (t == (time_t)-1 && tm.tm_wday < 0)
		return CCMAIL_DATE_UNKNOWN;
	return (int64_t)t * 1000;
}

/* The start of the last word of text[0..len), which does not end blank. */
static size_t
last_word(const char *text, size_t len)
{
	while (len && !text_is_blank(text[len - 1]))
		len--;
	return len;
}

bool
ccmail_date_split_suffix(const char *text, size_t len,
	enum ccmail_date_order order, size_t *name_len_out,
	struct ccmail_date *out)
{
	size_t start, name;
	bool found = false;

	while (len && text_is_blank(text[len - 1]))
		len--;
	/* A date is one to three words ("5/6/97", "3:10", "PM"); the longest
	 * that parses counts. */
	start = len;
	for (int words = 0; words < 3 && start; words++) {
		start = last_word(text, start);
		for (name = start; name && text_is_blank(text[name - 1]); name--)
			;
		if (name && ccmail_date_parse(text + start, len - start, order,
				out)) {
			*name_len_out = name;
			found = true;
		}
		start = name;
	}
	return found;
}

const char *
ccmail_date_format(char out[CCMAIL_DATE_TEXT_MAX],
	const struct ccmail_date *date, enum ccmail_date_order order)
{
	/* Bounded again here, so that the compiler knows that they fit. */
	unsigned y = (unsigned)date->year % 10000;
	unsigned m = (unsigned)date->month % 100;
	unsigned d = (unsigned)date->day % 100;
	unsigned a = order == CCMAIL_DATE_YMD ? y :
		order == CCMAIL_DATE_DMY ? d : m;
	unsigned b = order == CCMAIL_DATE_MDY ? d : m;
	unsigned c = order == CCMAIL_DATE_YMD ? d : y;
	int n = snprintf(out, CCMAIL_DATE_TEXT_MAX, "%u/%u/%u", a, b, c);

	if (date->has_time)
		n += snprintf(out + n, CCMAIL_DATE_TEXT_MAX - (size_t)n,
			" %u:%02u", (unsigned)date->hour % 100,
			(unsigned)date->minute % 100);
	if (date->has_time && date->second)
		snprintf(out + n, CCMAIL_DATE_TEXT_MAX - (size_t)n, ":%02u",
			(unsigned)date->second % 100);
	return out;
}
