/* app_page: texts: the .und file, the log, help and results. See app.h. */
#include "app.h"
#include "clock.h"
#include "text.h"
#include "width.h"
#include "xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REASONS_MAX 50
#define ENTRIES_MAX 100
#define LOG_MAX 300		/* of each kind: what somebody scrolls through */

static const char *
moment(char out[32], int64_t at, int64_t now)
{
	time_t t = (time_t)(at / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(out, 32, now - at < 20 * CLOCK_HOUR ? "%H:%M:%S" :
		now - at < 6 * CLOCK_DAY ? "%a %H:%M" : "%m-%d %H:%M", &tm);
	return out;
}

/* Text cut or padded to so many columns. */
static void
add_cell(struct str *out, const char *text, size_t columns)
{
	struct str clean = STR_INIT;
	char cut[512];

	text_add_printable(&clean, text, strlen(text));
	width_cut(cut, sizeof cut, clean.data, columns);
	str_add(out, cut);
	for (size_t w = width_text(cut); w < columns; w++)
		str_add_char(out, ' ');
	str_release(&clean);
}

static void
add_reasons(struct app *app, int64_t now, struct str *out)
{
	struct history_und_reason rows[REASONS_MAX];
	struct error err = ERROR_INIT;
	char n[TEXT_NUMBER_MAX], size[TEXT_NUMBER_MAX], ten[TEXT_NUMBER_MAX],
		hour[TEXT_NUMBER_MAX], at[32];
	int count = history_und_reasons(app->store.history, now, rows,
		REASONS_MAX, &err);

	if (count < 0)
		app_fail(app, &err);
	str_add(out, "  REASON                              ENTRIES   SIZE  "
		"10 MIN  1 HOUR     LAST\n");
	for (int i = 0; i < count; i++) {
		struct history_und_reason *r = &rows[i];

		str_add(out, "  ");
		add_cell(out, r->reason && *r->reason ? r->reason :
			"no reason given", 34);
		str_addf(out, " %8s %6s %7s %7s %8s\n",
			text_count(n, (uint64_t)r->entries),
			text_size(size, (uint64_t)r->bytes),
			text_size(ten, (uint64_t)r->bytes_10min),
			text_size(hour, (uint64_t)r->bytes_hour),
			moment(at, r->last_at, now));
		history_und_reason_release(r);
	}
	if (count == 0)
		str_add(out, "  Nothing was undeliverable so far.\n");
}

static void
add_entries(struct app *app, int64_t now, struct str *out)
{
	struct history_und_entry rows[ENTRIES_MAX];
	struct history_message m;
	struct error err = ERROR_INIT;
	char size[TEXT_NUMBER_MAX], at[32];
	int count = history_und_newest(app->store.history, rows, ENTRIES_MAX,
		&err);

	if (count < 0)
		app_fail(app, &err);
	for (int i = 0; i < count; i++) {
		struct history_und_entry *e = &rows[i];

		str_addf(out, "  %-11s %8" PRId64 " %5s  ", moment(at, e->at,
			now), e->message, text_size(size,
				(uint64_t)e->length));
		if (e->message && history_message_get(app->store.history,
		    e->message, &m, &err) > 0) {
			add_cell(out, state_word(m.state), 11);
			str_add_char(out, ' ');
			add_cell(out, m.from ? m.from : "", 18);
			str_add_char(out, ' ');
			add_cell(out, m.subject ? m.subject : m.name, 200);
			history_message_release(&m);
		}
		str_add_char(out, '\n');
		history_und_entry_release(e);
	}
}

void
app_und_refresh(struct app *app)
{
	const struct status *st = &app->status;
	char size[TEXT_NUMBER_MAX], ten[TEXT_NUMBER_MAX], hour[TEXT_NUMBER_MAX],
		rotate[TEXT_NUMBER_MAX], left[TEXT_NUMBER_MAX];
	struct str out = STR_INIT;
	int64_t now = clock_wall();

	str_addf(&out, " ccmail.und: what IMPORT could not deliver   %s, "
		"rotates at %s\n", text_size(size, (uint64_t)st->und_bytes),
		text_size(rotate, (uint64_t)app->settings->und_rotate_bytes));
	str_addf(&out, " Growth +%s in 10 min, +%s in 1 hour.", text_size(ten,
		(uint64_t)st->und_growth_10min), text_size(hour,
			(uint64_t)st->und_growth_per_hour));
	if (st->und_growth_per_hour > 0)
		str_addf(&out, "   Disk as a whole lasts %s at that rate",
			text_duration(left, (int64_t)((double)st->disk_free /
				(double)st->und_growth_per_hour * CLOCK_HOUR)));
	str_add_char(&out, '\n');
	add_reasons(app, now, &out);
	str_add(&out, "-- Entries, newest first \n"
		"  WHEN         MESSAGE  SIZE  STATE NOW   FROM               "
		"SUBJECT\n");
	add_entries(app, now, &out);
	pager_set(&app->und, &out);
}

/* ---- the log ---- */

struct entry {
	int64_t at;
	int kind;		/* of what happened at once: order */
	char *text;
};

struct entries {
	struct entry *rows;
	size_t count, cap;
};

static void
add_entry(struct entries *e, int64_t at, int kind, struct str *text)
{
	xgrow(&e->rows, &e->cap, e->count + 1, sizeof *e->rows, 100000);
	e->rows[e->count++] = (struct entry){ at, kind, str_steal(text) };
}

static int
newest_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return y->kind - x->kind;
}

static void
add_printable(struct str *out, const char *text)
{
	if (text)
		text_add_printable(out, text, strlen(text));
}

static void
add_attempts(struct app *app, int64_t message, struct entries *e)
{
	struct history_attempt *rows = xcalloc(LOG_MAX, sizeof *rows);
	struct error err = ERROR_INIT;
	char took[TEXT_NUMBER_MAX];
	int n = history_attempts(app->store.history, message, 0, rows, LOG_MAX,
		&err);

	if (n < 0)
		app_fail(app, &err);
	for (int i = 0; i < n; i++) {
		struct history_attempt *a = &rows[i];
		struct str s = STR_INIT;

		str_addf(&s, "attempt  %8" PRId64 "  %s, %s", a->message,
			a->why, a->class ? a->class : "running");
		if (a->signal)
			str_addf(&s, ", signal %d", a->signal);
		else if (a->code != HISTORY_NO_CODE)
			str_addf(&s, ", code %d", a->code);
		if (a->class)
			str_addf(&s, ", %s", text_duration(took, a->took_ms));
		if (a->reason) {
			str_add(&s, ", ");
			add_printable(&s, a->reason);
		}
		add_entry(e, a->started_at, 1, &s);
		history_attempt_release(a);
	}
	free(rows);
}

static void
add_action(const struct history_action *a, const struct history_item *item,
	struct entries *e)
{
	struct str s = STR_INIT;

	str_addf(&s, "action   ");
	if (item)
		str_addf(&s, "%8" PRId64 "  ", item->message);
	else
		str_add(&s, "          ");
	str_addf(&s, "%s by ", a->verb);
	add_printable(&s, a->by);
	if (item)
		str_addf(&s, ": %s%s%s", item->result, item->to_state ? ", " :
			"", item->to_state ? item->to_state : "");
	else if (a->total)
		str_addf(&s, ": %" PRId64 " of %" PRId64 " done, %" PRId64
			" skipped, %" PRId64 " failed", a->done, a->total,
			a->skipped, a->failed);
	if (a->reason) {
		str_add(&s, "  \"");
		add_printable(&s, a->reason);
		str_add(&s, "\"");
	}
	if (item && item->why) {
		str_add(&s, "  (");
		add_printable(&s, item->why);
		str_add(&s, ")");
	}
	add_entry(e, item ? item->at : a->at, 2, &s);
}

static void
add_actions(struct app *app, int64_t message, struct entries *e)
{
	struct history_action *rows = xcalloc(LOG_MAX, sizeof *rows);
	struct history_item *items = xcalloc(LOG_MAX, sizeof *items);
	struct error err = ERROR_INIT;
	int n = message ? history_message_items(app->store.history, message,
		items, rows, LOG_MAX, &err) :
		history_actions(app->store.history, 0, rows, LOG_MAX, &err);

	if (n < 0)
		app_fail(app, &err);
	for (int i = 0; i < n; i++) {
		add_action(&rows[i], message ? &items[i] : NULL, e);
		history_action_release(&rows[i]);
		if (message)
			history_item_release(&items[i]);
	}
	free(items);
	free(rows);
}

static void
add_events(struct app *app, struct entries *e)
{
	struct history_event *rows = xcalloc(LOG_MAX, sizeof *rows);
	struct error err = ERROR_INIT;
	int64_t after;
	int n = history_events_newest(app->store.history, LOG_MAX, &after,
		&err);

	if (n == 0)
		n = history_events(app->store.history, after, rows, LOG_MAX,
			&err);
	if (n < 0)
		app_fail(app, &err);
	for (int i = 0; i < n; i++) {
		struct str s = STR_INIT;

		str_addf(&s, "%-8s ", rows[i].severity == SEVERITY_ERROR ?
			"!! event" : rows[i].severity == SEVERITY_WARNING ?
			"!  event" : "event");
		if (rows[i].message)
			str_addf(&s, "%8" PRId64 "  ", rows[i].message);
		else
			str_add(&s, "          ");
		add_printable(&s, rows[i].text);
		add_entry(e, rows[i].at, 3, &s);
		history_event_release(&rows[i]);
	}
	free(rows);
}

void
app_log_text(struct app *app, int64_t message, struct str *out)
{
	struct entries e = { NULL, 0, 0 };
	int64_t now = clock_wall();
	char at[32];

	add_attempts(app, message, &e);
	add_actions(app, message, &e);
	if (!message)
		add_events(app, &e);
	if (e.count)
		qsort(e.rows, e.count, sizeof *e.rows, newest_first);
	for (size_t i = 0; i < e.count; i++) {
		str_addf(out, " %-11s  %s\n", moment(at, e.rows[i].at, now),
			e.rows[i].text);
		free(e.rows[i].text);
	}
	if (!e.count)
		str_add(out, " Nothing has happened yet.\n");
	free(e.rows);
}

void
app_log_refresh(struct app *app)
{
	struct str out = STR_INIT;

	str_add(&out, " WHEN         WHAT      MESSAGE\n");
	app_log_text(app, 0, &out);
	pager_set(&app->log, &out);
}

/* ---- pages ---- */

void
app_show_text(struct app *app, const char *title, struct str *text)
{
	app->text_over_message = app->over == OVER_MESSAGE;
	app->over = OVER_TEXT;
	snprintf(app->text_title, sizeof app->text_title, "%.79s", title);
	app->text.top = app->text.left = 0;
	pager_set(&app->text, text);
}

static const char *
words_of(enum keymap_context context)
{
	switch (context) {
	case KEYMAP_CAUSES:
		return "One line for each reason why messages are here. SUSPECT: "
			"they failed in a row with\nothers, likely not by their "
			"own fault. RETRIED: how many a person retried.\n\n";
	case KEYMAP_LIST:
		return "Marks: > cursor  * tagged  ? suspect  ! failed again "
			"after a retry\n       2 some recipients may have it "
			"already  ~ is gone from this list, and where to\n\n";
	case KEYMAP_MESSAGE:
		return "Tab goes through the parts of the message; the first "
			"lines say why it is where it is.\n\n";
	case KEYMAP_UND:
		return "What IMPORT could not deliver it appends to ccmail.und. "
			"Here it is by reason.\n\n";
	case KEYMAP_LOG:
		return "Attempts, what people did, and events, newest first.\n"
			"\n";
	case KEYMAP_CONNECTOR:
		break;
	}
	return "";
}

void
app_help(struct app *app)
{
	enum keymap_context context = app_context(app);
	struct str out = STR_INIT;

	if (app->over == OVER_TEXT)
		return;
	str_add(&out, words_of(context));
	keymap_help(&app->keys, context, &out);
	app_show_text(app, "Help: q goes back", &out);
}
