/* SPDX-License-Identifier: ISC */
/*
 * ccmail_date: dates as cc:Mail wrote them.
 *
 * `6/2/98 8:39`, `9-11-1998`, `2.6.98 20:39`, `98/6/2 3:10PM`: three numbers
 * with one kind of separator (slash, dash or dot) in the order of the post
 * office's language, then perhaps a time of day with or without seconds, with
 * or without am or pm. Two-digit years lie in a window: below 70 is 20xx, else
 * 19xx; four digits are taken as they are, and a four-digit first number is
 * the year whatever the order says. There is no time zone in the format: a
 * date means the local time of the post office.
 *
 * Strict: a month of 13, a 31st of June or a word behind the date is not a
 * date (the importer's reason is then "Unknown Date Format", Q180641).
 * Pure but for ccmail_date_at, which uses the process's time zone.
 */
#ifndef CCMQ_CCMAIL_DATE_H
#define CCMQ_CCMAIL_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are those of the registry value `Locale Date Format`. */
enum ccmail_date_order {
	CCMAIL_DATE_MDY = 1,
	CCMAIL_DATE_DMY = 2,
	CCMAIL_DATE_YMD = 3,
};

/* "mdy", "dmy" or "ymd", in any case. False for another word. */
bool ccmail_date_order_named(const char *word,
	enum ccmail_date_order *out);

struct ccmail_date {
	int year;		/* 1601 to 9999 */
	int month, day;		/* from 1 */
	int hour, minute, second;	/* 0 without has_time */
	bool has_time;
};

#define CCMAIL_DATE_UNKNOWN INT64_MIN

/* True if all of text (blanks around it do not count) is a date; *out is
 * untouched otherwise. */
bool ccmail_date_parse(const char *text, size_t len,
	enum ccmail_date_order order, struct ccmail_date *out);

/* Milliseconds since 1970 UTC, the date being local time of this process.
 * CCMAIL_DATE_UNKNOWN if the system cannot say. */
int64_t ccmail_date_at(const struct ccmail_date *date);

/*
 * Splits "NAME DATE TIME" as it stands in a `File item:` line. True if a date
 * stands at the end: *name_len_out is the length of what is before it, without
 * the blanks between. False: all of it is the name; nothing is written.
 */
bool ccmail_date_split_suffix(const char *text, size_t len,
	enum ccmail_date_order order, size_t *name_len_out,
	struct ccmail_date *out);

#define CCMAIL_DATE_TEXT_MAX 32

/* As it stands in a message, "6/2/1998 8:39", for the writers. */
const char *ccmail_date_format(char out[CCMAIL_DATE_TEXT_MAX],
	const struct ccmail_date *date, enum ccmail_date_order order);

#endif
