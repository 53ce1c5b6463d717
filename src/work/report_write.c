/* SPDX-License-Identifier: ISC */
/* report_write: see report_private.h. */
#include "work/report_private.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "history/history_cause.h"
#include "history/history_note.h"
#include "work/jobs.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 100

/* A backslash before what Markdown would take for markup. */
static void
add_escaped(struct report *r, const char *text)
{
	for (; *text; text++) {
		if (r->spec->format == REPORT_MARKDOWN &&
		    strchr("\\`*_{}[]<>#|~!&", *text))
			str_add_char(r->out, '\\');
		str_add_char(r->out, *text);
	}
}

void
report_begin(struct report *r, struct store *s,
	const struct report_spec *spec, struct str *out, const char *title)
{
	*r = (struct report){ .s = s, .spec = spec, .out = out };
	if (spec->format == REPORT_JSON) {
		r->j = json_line_new();
		return;
	}
	if (spec->format == REPORT_MARKDOWN)
		str_add(out, "# ");
	add_escaped(r, title);
	str_add_char(out, '\n');
}

void
report_end(struct report *r)
{
	if (r->j)
		json_line_append(r->j, r->out);
	r->j = NULL;
}

void
report_section(struct report *r, const char *title, const char *key)
{
	r->key = key;
	r->lines = 0;
	if (r->j)
		json_put_array(r->j, key);
	else if (r->spec->format == REPORT_MARKDOWN)
		str_addf(r->out, "\n## %s\n\n", title);
	else
		str_addf(r->out, "\n%s\n", title);
}

struct json_line *
report_members(const struct report *r)
{
	return r->j ? json_line_new() : NULL;
}

void
report_line(struct report *r, struct json_line *members, const char *fmt, ...)
{
	struct str line = STR_INIT;
	va_list ap;

	r->lines++;
	if (r->j) {
		if (members)
			json_put_append(r->j, r->key, members);
		return;
	}
	va_start(ap, fmt);
	str_vaddf(&line, fmt, ap);
	va_end(ap);
	str_add(r->out, r->spec->format == REPORT_MARKDOWN ? "* " : "  ");
	add_escaped(r, line.data);
	str_add_char(r->out, '\n');
	str_release(&line);
}

void
report_none(struct report *r, const char *words)
{
	if (r->lines == 0)
		report_line(r, NULL, "%s", words);
}

const char *
report_time(const struct report *r, char out[TEXT_TIME_MAX], int64_t at)
{
	return text_time(out, at, r->spec->now);
}

const char *
report_foreign(char out[130], const char *text)
{
	return text ? text_printable(out, 121, text, strlen(text)) : "-";
}

/* What a note is on: "#1042", a cause, "the store". */
static void
on_words(struct report *r, const struct history_note *n, char out[160])
{
	struct history_cause_row row;
	struct error ignored;

	snprintf(out, 160, "%s", "the store");
	if (n->message)
		snprintf(out, 160, "#%" PRId64, n->message);
	else if (n->cause && history_cause_get(r->s->history, n->cause, &row,
	    &ignored) > 0) {
		history_cause_words(out, &row);
		history_cause_row_release(&row);
	}
}

static void
note_line(struct report *r, const struct history_note *n)
{
	char at[TEXT_TIME_MAX], until[TEXT_TIME_MAX], by[130], on[160];
	struct json_line *j = report_members(r);

	on_words(r, n, on);
	report_foreign(by, n->by);
	if (j) {
		json_put_time(j, "at", n->at);
		json_put_text(j, "by", n->by);
		json_put_text(j, "on", on);
		json_put_text(j, "note", n->mine ? NULL : n->text);
		json_put_time(j, "mine_until", n->mine ? n->until :
			HISTORY_NO_TIME);
	}
	report_time(r, at, n->at);
	if (n->mine && n->until <= n->at) {
		report_line(r, j, "%s %s on %s: not any more in hand", at, by,
			on);
	} else if (n->mine) {
		report_line(r, j, "%s %s on %s: in hand until %s", at, by, on,
			report_time(r, until, n->until));
	} else {
		struct str text = STR_INIT;

		text_add_printable(&text, n->text, strlen(n->text));
		report_line(r, j, "%s %s on %s: %s", at, by, on, text.data);
		str_release(&text);
	}
}

int
report_notes(struct report *r, int64_t message, int64_t cause,
	struct error *err)
{
	struct history_note rows[PAGE] = { { 0 } };
	const struct report_spec *spec = r->spec;
	bool span = !message && !cause;
	int64_t from = spec->from, id = 0;
	int n;

	do {
		n = span ? history_notes_since(r->s->history, from, id,
			rows, PAGE, err) : history_notes(r->s->history, message,
			cause, id, rows, PAGE, err);
		for (int i = 0; i < n; i++) {
			from = rows[i].at;
			id = rows[i].id;
			if (!span || rows[i].at < spec->to)
				note_line(r, &rows[i]);
			history_note_release(&rows[i]);
		}
	} while (n == PAGE);
	return n < 0 ? -1 : 0;
}

int
report_action(struct report *r, const struct history_action *a,
	struct error *err)
{
	char at[TEXT_TIME_MAX], by[130], why[130];
	struct str words = STR_INIT;
	struct json_line *j;

	if (a->total > 0 ? jobs_sentence(r->s->history, a, &words, err) < 0 : false) {
		str_release(&words);
		return -1;
	}
	if (a->total == 0)
		str_addf(&words, "%s%s%s", a->verb, a->detail ? " " : "",
			a->detail ? a->detail : "");
	j = report_members(r);
	if (j) {
		json_put_number(j, "action", a->id);
		json_put_time(j, "at", a->at);
		json_put_text(j, "by", a->by);
		json_put_text(j, "verb", a->verb);
		json_put_text(j, "reason", a->reason);
		json_put_text(j, "text", words.data);
	}
	report_line(r, j, "%s %s: %s%s%s", report_time(r, at, a->at),
		report_foreign(by, a->by), words.data, a->reason ? ": " : "",
		a->reason ? report_foreign(why, a->reason) : "");
	str_release(&words);
	return 0;
}
