/* SPDX-License-Identifier: ISC */
/*
 * text: words for people and from people.
 *
 * Making foreign bytes printable, and reading and writing sizes, durations,
 * counts and times. Pure: no files, no clock (the caller says what "now" is);
 * local times use the process's time zone.
 */
#ifndef CCMQ_TEXT_H
#define CCMQ_TEXT_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Appends bytes made harmless for a terminal, a log or a page: valid UTF-8
 * that is printable stays; control characters, C1 controls and bytes that are
 * not UTF-8 become \xNN, bidirectional controls and other invisible format
 * characters \u{NNNN}; of a run of combining marks only the first four stay.
 * Line feeds and tabs count as control characters.
 */
void text_add_printable(struct str *s, const void *bytes, size_t len);

/* The same into a fixed buffer (cap >= 1), cut at a character's end. Returns
 * out, so that it can stand in an argument list. */
const char *text_printable(char *out, size_t cap, const void *bytes,
	size_t len);

/* Appends bytes as valid UTF-8: what is not becomes U+FFFD, and NUL too. */
void text_add_utf8(struct str *s, const void *bytes, size_t len);

/*
 * Decodes the character at s[0..len): returns the number of bytes it takes
 * (1 to 4) and stores its code point in *cp_out, or returns 0 if it is not
 * valid UTF-8 (surrogates, overlong forms and > U+10FFFF are not).
 */
size_t text_decode(const char *s, size_t len, uint32_t *cp_out);

/* True for code points that change or hide what is around them: bidirectional
 * controls, zero width format characters, line and paragraph separators. */
bool text_is_invisible(uint32_t cp);

/* True for combining marks (wcwidth 0 in any locale; own table). */
bool text_is_combining(uint32_t cp);

#define TEXT_NUMBER_MAX 24	/* room for any of the following */
#define TEXT_TIME_MAX 40

/* 0 999 9,999 12.3k 113k 1.20M 18.4M …: at most five characters. */
const char *text_count(char out[TEXT_NUMBER_MAX], uint64_t n);

/* 0 9999 12k 113k 1.2M 18M: at most four, below 10^9. */
const char *text_brief_count(char out[TEXT_NUMBER_MAX], uint64_t n);

/* 0 999 2.1K 18.4M 4.1G, powers of 1024: at most five characters. */
const char *text_size(char out[TEXT_NUMBER_MAX], uint64_t bytes);

/* The same within a sentence: "185 bytes", "0", "1.6K". */
const char *text_size_words(char out[TEXT_NUMBER_MAX], uint64_t bytes);

/* How many lines end in it. */
size_t text_lines(const char *text);

/* 2,112: all digits, with commas. */
const char *text_exact(char out[TEXT_NUMBER_MAX], uint64_t n);

/* 0.4s 12s 3m 2h 5d, rounded down: how long something took or is. */
const char *text_duration(char out[TEXT_NUMBER_MAX], int64_t ms);

/* "3m ago", "just now", "in 5m"; for times over 2 days away the local date. */
const char *text_ago(char out[TEXT_TIME_MAX], int64_t at, int64_t now);

/* 2026-11-23T09:15:02.123Z: RFC 3339 in UTC with milliseconds. */
const char *text_rfc3339(char out[TEXT_TIME_MAX], int64_t at);

/* 14:02 today, Tue 14:02 within 6 days, else 2026-11-23, local time. */
const char *text_time(char out[TEXT_TIME_MAX], int64_t at, int64_t now);

/* "30s" "5m" "2h" "3d" "150ms", digits and one unit, no sign, no blank;
 * to milliseconds. Returns 0, or -1 with err naming the text. */
int text_parse_duration(const char *s, int64_t *ms_out, struct error *err);

/* "10K" "1M" "2G" or plain bytes, powers of 1024; to bytes. 0 or -1. */
int text_parse_size(const char *s, int64_t *bytes_out, struct error *err);

/* A whole decimal number from least to most; nothing around it. 0 or -1. */
int text_parse_int(const char *s, int64_t least, int64_t most,
	int64_t *out, struct error *err);

/* A moment: "14:30" (the next one after now, local), "2026-11-23 14:30",
 * "2026-11-23", RFC 3339, or a duration meaning that long after now. */
int text_parse_time(const char *s, int64_t now, int64_t *at_out,
	struct error *err);

/* A moment that is past: "02:40" or "02:40:11" (the last one until now, local),
 * "yesterday 14:02", "2026-11-23 02:40:11", RFC 3339, or a duration, with or
 * without a minus, meaning that long before now. */
int text_parse_past(const char *s, int64_t now, int64_t *at_out,
	struct error *err);

/* "02:40:11" on now's day, "Tue 02:40:11" within 6 days, else with the date. */
const char *text_moment(char out[TEXT_TIME_MAX], int64_t at, int64_t now);

/* A blank or a TAB. */
bool text_is_blank(char c);

/* Takes blanks and TABs off both ends of the *len bytes at *data. */
void text_trim(const char **data, size_t *len);

/* ASCII only, whatever the locale. */
bool text_equal_nocase(const char *a, const char *b);

/*
 * What was most likely meant by a word that is none of those known: `struct
 * text_guess g = { .typed = word }`, text_guess_try with each known one, then
 * g.best, which is NULL when none is near: at most one edit for three
 * characters, a swap of two neighbours being one, or one is the beginning of
 * the other (three at least); up to 63 bytes, no case. True when the word is
 * the best so far; it must outlive g.
 */
struct text_guess {
	const char *typed, *best;
	unsigned away;
};
bool text_guess_try(struct text_guess *g, const char *word);

#endif
