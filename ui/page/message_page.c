/* SPDX-License-Identifier: ISC */
/* message_page: the page's lines. See message_page.h for the contract. */
#include "page/message_page.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/width.h"
#include "term/wrap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define VALUE_AT 10		/* where values stand, behind their labels */
#define RIGHT_AT 40		/* the second column of the summary */
#define PRINTED_LINES 3		/* of what the importer printed */
#define PRINTED_AT 13

void
message_page_title(const struct history_message *m, struct str *out)
{
	const char *subject = m->subject && *m->subject ? m->subject : m->name;

	str_addf(out, "#%" PRId64 " ", m->id);
	for (const char *s = state_word(m->state); *s; s++)
		str_add_char(out, (char)(*s - ('a' - 'A')));
	str_add(out, "  ");
	text_add_printable(out, subject, strlen(subject));
}

/* ---- the summary ---- */

enum { ROWS = 4 };

/* Left and right, as they stand in pairs. */
struct summary {
	struct str from, to, subject, date, file, arrived, reached, und;
};

static void
add_text(struct str *out, const char *text)
{
	if (text && *text)
		text_add_printable(out, text, strlen(text));
	else
		str_add_char(out, '-');
}

/* "Admin at HUBPO2, 2 more": as many as there is room for, the first in any
 * case; the number of the others stays. */
static void
add_recipients(const char *to, size_t columns, struct str *out)
{
	size_t more = 0, shown = 0;
	struct str one = STR_INIT;
	char rest[40], cut[512];

	for (const char *s = to ? to : ""; *s; s += strcspn(s, "\n"),
	    s += *s == '\n')
		more++;
	for (const char *s = to ? to : ""; *s; s += strcspn(s, "\n"),
	    s += *s == '\n') {
		str_clear(&one);
		text_add_printable(&one, s, strcspn(s, "\n"));
		*rest = '\0';
		if (more > 1)
			snprintf(rest, sizeof rest, ", %zu more", more - 1);
		if (shown && width_text(out->data) + 2 + width_text(one.data) +
		    strlen(rest) > columns)
			break;
		str_addf(out, "%s%s", shown ? "; " : "", shown ? one.data :
			width_cut(cut, sizeof cut, one.data, columns >
				strlen(rest) + 4 ? columns - strlen(rest) :
				4));
		shown++;
		more--;
	}
	if (more)
		str_addf(out, ", %zu more", more);
	if (!shown)
		str_add_char(out, '-');
	str_release(&one);
}

static void
add_arrived(int64_t at, int64_t now, struct str *out)
{
	time_t t = (time_t)(at / 1000);
	struct tm tm;
	char words[48];

	localtime_r(&t, &tm);
	strftime(words, sizeof words, now - at < 6 * CLOCK_DAY ?
		"%a %H:%M:%S %Z" : "%Y-%m-%d %H:%M:%S %Z", &tm);
	str_add(out, words);
}

static const char *
reached(const struct history_message *m, bool past)
{
	/* Who may have got it is known of now alone. */
	if (past && m->state != STATE_IMPORTED && m->attempts)
		return "-";
	if (m->state == STATE_IMPORTED)
		return m->maybe_delivered ? "all, some perhaps twice" : "all";
	if (m->maybe_delivered)
		return "perhaps some, nobody knows";
	return m->attempts == 0 ? "nobody, not tried yet" :
		"nobody, as far as known";
}

static void
gather(const struct message_page *p, size_t left, struct summary *s)
{
	const struct history_message *m = p->message;
	char n[TEXT_NUMBER_MAX];

	add_text(&s->from, m->from);
	add_recipients(m->to, left, &s->to);
	add_text(&s->subject, m->subject);
	add_text(&s->date, m->date_text);
	text_add_printable(&s->file, m->true_name, m->true_name_len);
	str_addf(&s->file, "  %s bytes", text_exact(n, (uint64_t)m->size));
	add_arrived(m->received_at, p->now, &s->arrived);
	str_add(&s->reached, reached(m, p->past));
	if (m->und_entries)
		str_addf(&s->und, "%" PRId64 " entr%s, ", m->und_entries,
			m->und_entries == 1 ? "y" : "ies");
	if (m->und_bytes)
		str_addf(&s->und, "%s bytes", text_exact(n,
			(uint64_t)m->und_bytes));
	else
		str_add(&s->und, p->past ? "-" : "nothing");
}

static void
add_cell(struct str *out, const char *label, const char *value, size_t columns)
{
	char cut[1024];

	str_addf(out, " %-*s%s", VALUE_AT - 1, label, width_cut(cut,
		sizeof cut, value, columns));
}

static void
add_pair(const char *const labels[2], const struct str *left,
	const struct str *right, size_t split, size_t width, struct str *out)
{
	size_t start = out->len;

	add_cell(out, labels[0], left->data, split - VALUE_AT - 1);
	for (size_t used = width_text(out->data + start); used + 1 < split;
	    used++)
		str_add_char(out, ' ');
	add_cell(out, labels[1], right->data, width - split + 1 - VALUE_AT);
	str_add_char(out, '\n');
}

size_t
message_page_split(size_t width)
{
	return width < 100 ? RIGHT_AT : width / 2;
}

static void
add_summary(const struct message_page *p, size_t width, struct str *out)
{
	static const char *const labels[ROWS][2] = { { "From", "File" },
		{ "To", "Arrived" }, { "Subject", "Reached" },
		{ "Date", ".und" } };
	bool two = width >= MESSAGE_PAGE_TWO_COLUMNS;
	size_t split = message_page_split(width);
	struct summary s = { STR_INIT, STR_INIT, STR_INIT, STR_INIT, STR_INIT,
		STR_INIT, STR_INIT, STR_INIT };
	struct str *const left[] = { &s.from, &s.to, &s.subject, &s.date };
	struct str *const right[] = { &s.file, &s.arrived, &s.reached,
		&s.und };

	gather(p, (two ? split - 1 : width) - VALUE_AT, &s);
	for (int i = 0; i < ROWS && two; i++)
		add_pair(labels[i], left[i], right[i], split, width, out);
	for (int i = 0; i < 2 * ROWS && !two; i++) {
		add_cell(out, labels[i % ROWS][i / ROWS], (i < ROWS ? left :
			right)[i % ROWS]->data, width - VALUE_AT);
		str_add_char(out, '\n');
	}
	for (int i = 0; i < ROWS; i++) {
		str_release(left[i]);
		str_release(right[i]);
	}
}

/* ---- attempts ---- */

/* The parts of a line; empty ones leave their columns blank. */
struct line {
	char try[24], when[32], why[64], took[24], result[64], copy[16],
		und[32];
};

static void
when_words(char out[32], int64_t at, int64_t now)
{
	time_t t = (time_t)(at / 1000), n = (time_t)(now / 1000);
	struct tm tm, today;

	localtime_r(&t, &tm);
	localtime_r(&n, &today);
	strftime(out, 32, tm.tm_yday == today.tm_yday &&
		tm.tm_year == today.tm_year ? "%H:%M:%S" :
		now - at < 6 * CLOCK_DAY ? "%a %H:%M" : "%Y-%m-%d", &tm);
}

/* "retry mlopez" of "retry mlopez (as root)". */
static void
why_words(char out[64], const char *why, size_t columns)
{
	char clean[64];

	if (strcmp(why, "after interruption") == 0)
		why = "interrupted";
	text_printable(clean, sizeof clean, why, strstr(why, " (") ?
		(size_t)(strstr(why, " (") - why) : strlen(why));
	width_cut(out, 64, clean, columns);
}

static void
result_words(char out[64], const struct history_attempt *a)
{
	const char *meaning = a->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(a->code);
	char reason[64];

	if (!a->class)
		strcpy(out, a->ended_at == HISTORY_NO_TIME ? "running" :
			"nobody saw its end");
	else if (strcmp(a->class, class_word(CLASS_IMPORTED)) == 0)
		strcpy(out, "imported");
	else if (a->signal)
		snprintf(out, 64, "crashed, signal %d", a->signal);
	else if (a->code != HISTORY_NO_CODE)
		snprintf(out, 64, "code %d %s", a->code, meaning ? meaning :
			a->class);
	else if (a->reason && strcmp(a->class,
	    class_word(CLASS_INTERRUPTED)) != 0)
		snprintf(out, 64, "%s", text_printable(reason, sizeof reason,
			a->reason, strlen(a->reason)));
	else
		snprintf(out, 64, "%s", a->class);
}

static void
fill_line(struct line *l, const struct history_attempt *a, int64_t now)
{
	char n[TEXT_NUMBER_MAX];
	int64_t grown = a->und_end - a->und_start;

	snprintf(l->try, sizeof l->try, "%" PRId64, a->number);
	when_words(l->when, a->started_at, now);
	why_words(l->why, a->why, 15);
	*l->took = '\0';
	if (a->class && a->took_ms < 100)
		strcpy(l->took, "<0.1s");
	else if (a->class)
		text_duration(l->took, a->took_ms);
	result_words(l->result, a);
	snprintf(l->copy, sizeof l->copy, "%.8s", a->copy ? a->copy : "");
	*l->und = '\0';
	if (grown > 0)
		snprintf(l->und, sizeof l->und, "+%s", grown < 100000 ?
			text_exact(n, (uint64_t)grown) :
			text_size(n, (uint64_t)grown));
}

/* Appends what fits behind the line that began at start. */
static void
add_rest(const char *text, size_t start, size_t width, struct str *out)
{
	size_t used = width_text(out->data + start);
	char cut[128];

	str_add(out, width_cut(cut, sizeof cut, text, width > used ?
		width - used : 0));
}

/* Copy and .und at the end share 12 columns. */
static void
add_line(const struct line *l, size_t width, struct str *out)
{
	char rest[128], result[128];
	size_t start = out->len;

	str_addf(out, " %3s  %-9s ", l->try, l->when);
	if (width >= 60)
		str_addf(out, "%-15s %5s  ", l->why, l->took);
	if (width >= 76)
		snprintf(rest, sizeof rest, "%-24s %s%s%*s",
			width_cut(result, sizeof result, l->result, 24),
			l->copy, *l->und ? " " : "", *l->und ? 11 -
			(int)strlen(l->copy) : 0, l->und);
	add_rest(width >= 76 ? rest : l->result, start, width, out);
	str_add_char(out, '\n');
}

static void
add_attempts(const struct message_page *p, size_t width, struct str *out)
{
	static const struct line titles = { "TRY", "WHEN", "WHY", "TOOK",
		"RESULT", "COPY", ".UND" };
	struct line l;

	str_addf(out, "-- Attempts %" PRId64, p->message->attempts);
	if ((int64_t)p->attempt_count < p->message->attempts)
		str_addf(out, ", the last %zu", p->attempt_count);
	str_add(out, " \n");
	if (p->attempt_count)
		add_line(&titles, width, out);
	for (size_t i = 0; i < p->attempt_count; i++) {
		fill_line(&l, &p->attempts[i], p->now);
		add_line(&l, width, out);
	}
}

/* ---- what it said ---- */

static void
add_said(const char *label, const char *text, size_t len, size_t width,
	struct str *out)
{
	struct str clean = STR_INIT;

	text_add_printable(&clean, text, len);
	wrap_add(out, (struct wrap){ label, PRINTED_AT, width }, clean.data);
	str_release(&clean);
}

/* The last lines that the importer printed, and the .und's reason. */
static void
add_output(const struct history_attempt *a, size_t width, struct str *out)
{
	size_t end = a->output_len, start;
	const char *label = "It printed";
	int lines = 0;

	while (end > 0 && strchr("\r\n ", a->output[end - 1]))
		end--;
	for (start = end; start > 0; start--)
		if (a->output[start - 1] == '\n' && ++lines == PRINTED_LINES)
			break;
	while (start < end) {
		const char *line = a->output + start;
		const char *stop = memchr(line, '\n', end - start);
		size_t n = stop ? (size_t)(stop - line) : end - start;

		add_said(label, line, n && line[n - 1] == '\r' ? n - 1 : n,
			width, out);
		label = NULL;
		start += n + 1;
	}
}

static bool
was_printed(const struct history_attempt *a)
{
	size_t n = strlen(a->reason);

	for (size_t i = 0; i + n <= a->output_len; i++)
		if (memcmp(a->output + i, a->reason, n) == 0)
			return true;
	return false;
}

static void
add_words(const struct message_page *p, size_t width, struct str *out)
{
	const struct history_attempt *a = p->attempts;

	if (!p->attempt_count)
		return;
	if (a->output_len)
		add_output(a, width, out);
	if (a->reason && *a->reason && !was_printed(a))
		add_said(a->und_end > a->und_start ? ".und says" : "Reason",
			a->reason, strlen(a->reason), width, out);
}

void
message_page_text(const struct message_page *p, size_t width,
	struct str *out)
{
	struct str words = STR_INIT;

	message_page_explain(p, width, &words);
	wrap_add(out, (struct wrap){ NULL, 1, width }, words.data);
	str_release(&words);
	str_add(out, p->notes ? p->notes : "");
	str_add_char(out, '\n');
	add_summary(p, width, out);
	add_attempts(p, width, out);
	add_words(p, width, out);
}
