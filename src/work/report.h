/* SPDX-License-Identifier: ISC */
/*
 * report: what there is to be told of a span of time (the report of a shift),
 * of a cause or of a message (the incident note, for a ticket).
 *
 * Nothing stands in it that the history does not say. Foreign texts are made
 * printable; in Markdown what would be markup is escaped. Reads only.
 */
#ifndef CCMQ_REPORT_H
#define CCMQ_REPORT_H

#include "base/json.h"
#include "base/str.h"
#include "store/store.h"

enum report_format {
	REPORT_TEXT,
	REPORT_MARKDOWN,
	REPORT_JSON,			/* one object */
};

struct report_spec {
	enum report_format format;
	int64_t from, to, now;		/* of a shift: [from, to) */
	int64_t cause, message;		/* of a note: one of them */
	bool private;			/* no sender, no subject */
};

/* The report of a shift, and the note, appended to out. 0 or -1; a message that
 * is not there is ERROR_NOT_FOUND. */
int report_shift(struct store *s, const struct report_spec *spec,
	struct str *out, struct error *err);
int report_incident(struct store *s, const struct report_spec *spec,
	struct str *out, struct error *err);

/* The report of many stores, out of what ccmq-archive said of them: its lines,
 * which are taken. */
void report_archive(const struct report_spec *spec, struct json_line **lines,
	size_t count, struct str *out);

#endif
