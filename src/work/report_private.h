/* SPDX-License-Identifier: ISC */
/*
 * report_private: how a report is written. A section is a title, lines and, in
 * JSON, an array of objects; each line is given once as a sentence and once in
 * members, and the format says which of them goes out.
 */
#ifndef CCMQ_REPORT_PRIVATE_H
#define CCMQ_REPORT_PRIVATE_H

#include "work/report.h"

struct report {
	struct store *s;
	const struct report_spec *spec;
	struct str *out;
	struct json_line *j;		/* the whole object, or NULL */
	const char *key;		/* of the section in it */
	int lines;			/* in this section */
};

void report_begin(struct report *r, struct store *s,
	const struct report_spec *spec, struct str *out, const char *title);
void report_end(struct report *r);

/* A section, whose array is `key`; report_none ends one that has no line. */
void report_section(struct report *r, const char *title, const char *key);
void report_none(struct report *r, const char *words);

/* A line: its members (taken over; NULL: none), and the sentence. */
void report_line(struct report *r, struct json_line *members,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* An object for report_line, or NULL where none is wanted. */
struct json_line *report_members(const struct report *r);

/* "14:02" or with the day, as near as the report is. */
const char *report_time(const struct report *r, char out[40], int64_t at);
/* Foreign text, printable, at most 120 bytes; "-" for NULL. */
const char *report_foreign(char out[130], const char *text);

/* Notes on a message or a cause, or (both 0) of the span; one line each. 0 or
 * -1. */
int report_notes(struct report *r, int64_t message, int64_t cause,
	struct error *err);
/* An action, as one line. 0 or -1. */
int report_action(struct report *r, const struct history_action *a,
	struct error *err);

#endif
