/* SPDX-License-Identifier: ISC */
/* report_archive: the report of many stores, out of what the archive said. See
 * report.h. */
#include "work/report_private.h"
#include "base/text.h"
#include "history/history_cause.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *
text_of(const struct json_line *j, const char *key)
{
	const char *text = NULL;

	json_get_text(j, key, &text);
	return text;
}

static const char *
number_of(char out[TEXT_NUMBER_MAX], const struct json_line *j,
	const char *key)
{
	int64_t n = 0;

	json_get_number(j, key, &n);
	return text_exact(out, n < 0 ? 0 : (uint64_t)n);
}

/* "" where it is not known. */
static const char *
time_of(const struct report *r, char out[TEXT_TIME_MAX],
	const struct json_line *j, const char *key)
{
	int64_t at = 0;

	*out = '\0';
	return json_get_time(j, key, &at) == 1 ? report_time(r, out, at) : out;
}

static void
flow_line(struct report *r, struct json_line *j)
{
	char host[130], store[130], at[TEXT_TIME_MAX], a[TEXT_NUMBER_MAX];
	char b[TEXT_NUMBER_MAX], c[TEXT_NUMBER_MAX];

	report_foreign(host, text_of(j, "host"));
	report_foreign(store, text_of(j, "store"));
	time_of(r, at, j, "copied_at");
	report_line(r, j, "%s %s: %s arrived, %s imported, %s failed%s%s", host,
		store, number_of(a, j, "arrived"), number_of(b, j, "imported"),
		number_of(c, j, "failed"), *at ? "; copied last " : "", at);
}

static void
failure_line(struct report *r, struct json_line *j)
{
	char from[TEXT_TIME_MAX], to[TEXT_TIME_MAX], a[TEXT_NUMBER_MAX];
	char b[TEXT_NUMBER_MAX], hosts[130], words[160];
	struct history_cause_row row = { .code = HISTORY_NO_CODE,
		.class = (char *)(uintptr_t)text_of(j, "class"),
		.reason = (char *)(uintptr_t)text_of(j, "reason") };
	int64_t code;

	if (json_get_number(j, "result_code", &code) == 1)
		row.code = (int)code;
	report_line(r, j, "%s of %s stores from %s to %s: %s (%s)",
		number_of(a, j, "messages"), number_of(b, j, "stores"),
		time_of(r, from, j, "first_at"), time_of(r, to, j, "last_at"),
		history_cause_words(words, &row),
		report_foreign(hosts, text_of(j, "hosts")));
}

static void
action_line(struct report *r, struct json_line *j)
{
	char at[TEXT_TIME_MAX], by[130], host[130], verb[130], why[130];
	char a[TEXT_NUMBER_MAX], b[TEXT_NUMBER_MAX];
	const char *reason = text_of(j, "reason");

	report_line(r, j, "%s %s on %s: %s of %s, %s done%s%s",
		time_of(r, at, j, "at"), report_foreign(by, text_of(j, "by")),
		report_foreign(host, text_of(j, "host")),
		report_foreign(verb, text_of(j, "verb")),
		number_of(a, j, "total"), number_of(b, j, "done"),
		reason ? ": " : "", reason ? report_foreign(why, reason) : "");
}

static const struct {
	const char *kind, *title;
	void (*tell)(struct report *r, struct json_line *j);
} sections[] = {
	{ "flow", "What came and went", flow_line },
	{ "failures", "What failed, over all stores", failure_line },
	{ "actions", "Who did what", action_line },
};

void
report_archive(const struct report_spec *spec, struct json_line **lines,
	size_t count, struct str *out)
{
	char from[TEXT_TIME_MAX], to[TEXT_TIME_MAX], title[120];
	struct report r;

	snprintf(title, sizeof title, "Report of all stores from %s to %s",
		text_moment(from, spec->from, spec->now),
		text_moment(to, spec->to, spec->now));
	report_begin(&r, NULL, spec, out, title);
	if (r.j) {
		json_put_time(r.j, "from", spec->from);
		json_put_time(r.j, "to", spec->to);
	}
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		report_section(&r, sections[i].title, sections[i].kind);
		for (size_t k = 0; k < count; k++) {
			const char *kind = lines[k] ? text_of(lines[k],
				"kind") : NULL;

			if (!kind || strcmp(kind, sections[i].kind) != 0)
				continue;
			sections[i].tell(&r, lines[k]);
			if (r.j)
				lines[k] = NULL;	/* it is the report's */
		}
		report_none(&r, "nothing");
	}
	for (size_t k = 0; k < count; k++)
		json_line_free(lines[k]);
	report_end(&r);
}
