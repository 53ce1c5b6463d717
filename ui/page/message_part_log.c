/* SPDX-License-Identifier: ISC */
/* message_part_log: what happened to one message, newest first. See
 * message_part.h. */
#include "base/clock.h"
#include "history/history_at.h"
#include "page/message_part_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct entry {
	int64_t at;
	int kind;		/* of what happened at once: order */
	char *text;
};

struct entries {
	struct entry rows[2 * MESSAGE_LOG_ROWS];
	size_t count;
};

static void
add_printable(struct str *out, const char *text)
{
	text_add_printable(out, text, strlen(text));
}

static void
add_entry(struct entries *e, int64_t at, int kind, struct str *text)
{
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
attempt_words(const struct history_attempt *a, struct str *s)
{
	char took[TEXT_NUMBER_MAX];

	str_addf(s, "attempt %" PRId64 "  ", a->number);
	add_printable(s, a->why);
	str_addf(s, ", %s", a->class ? a->class :
		a->ended_at == HISTORY_NO_TIME ? "running" :
		"nobody saw its end");
	if (a->signal)
		str_addf(s, ", signal %d", a->signal);
	else if (a->code != HISTORY_NO_CODE)
		str_addf(s, ", code %d", a->code);
	if (a->class)
		str_addf(s, ", %s", text_duration(took, a->took_ms));
	if (a->reason) {
		str_add(s, ", ");
		add_printable(s, a->reason);
	}
}

static int
add_attempts(const struct message_part *part, struct entries *e,
	struct error *err)
{
	struct history_attempt *rows = xcalloc(MESSAGE_LOG_ROWS,
		sizeof *rows);
	int n = history_attempts(part->store->history, part->message->id, 0,
		rows, MESSAGE_LOG_ROWS, err);

	for (int i = 0; i < n; i++) {
		struct str s = STR_INIT;

		if (part->past)
			history_at_attempt(&rows[i], part->now);
		attempt_words(&rows[i], &s);
		add_entry(e, rows[i].started_at, 1, &s);
		history_attempt_release(&rows[i]);
	}
	free(rows);
	return n;
}

static void
action_words(const struct history_action *a, const struct history_item *item,
	struct str *s)
{
	str_addf(s, "%s by ", a->verb);
	add_printable(s, a->by);
	str_addf(s, ": %s%s%s", item->result, item->to_state ? ", " : "",
		item->to_state ? item->to_state : "");
	if (a->reason) {
		str_add(s, "  \"");
		add_printable(s, a->reason);
		str_add(s, "\"");
	}
	if (item->why) {
		str_add(s, "  (");
		add_printable(s, item->why);
		str_add(s, ")");
	}
}

static int
add_actions(const struct message_part *part, struct entries *e,
	struct error *err)
{
	struct history_action *rows = xcalloc(MESSAGE_LOG_ROWS, sizeof *rows);
	struct history_item *items = xcalloc(MESSAGE_LOG_ROWS, sizeof *items);
	int n = history_message_items(part->store->history, part->message->id,
		items, rows, MESSAGE_LOG_ROWS, err);

	for (int i = 0; i < n; i++) {
		struct str s = STR_INIT;

		action_words(&rows[i], &items[i], &s);
		add_entry(e, items[i].at, 2, &s);
		history_action_release(&rows[i]);
		history_item_release(&items[i]);
	}
	free(items);
	free(rows);
	return n;
}

static void
add_moment(int64_t at, int64_t now, struct str *out)
{
	time_t t = (time_t)(at / 1000);
	char words[32];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(words, sizeof words, now - at < 20 * CLOCK_HOUR ? "%H:%M:%S" :
		now - at < 6 * CLOCK_DAY ? "%a %H:%M" : "%Y-%m-%d", &tm);
	str_addf(out, " %-10s  ", words);
}

void
message_part_log(const struct message_part *part, struct str *out)
{
	struct entries *e = xcalloc(1, sizeof *e);
	struct error err = ERROR_INIT;

	if (add_attempts(part, e, &err) < 0 || add_actions(part, e, &err) < 0)
		str_addf(out, " %s\n", err.text);
	qsort(e->rows, e->count, sizeof *e->rows, newest_first);
	for (size_t i = 0; i < e->count; i++) {
		if (!part->past || e->rows[i].at <= part->now) {
			add_moment(e->rows[i].at, part->now, out);
			str_addf(out, "%s\n", e->rows[i].text);
		}
		free(e->rows[i].text);
	}
	add_moment(part->message->received_at, part->now, out);
	str_add(out, "arrived as ");
	text_add_printable(out, part->message->true_name,
		part->message->true_name_len);
	str_add_char(out, '\n');
	free(e);
}

int64_t
message_part_log_rows(const struct message_part *part)
{
	struct history_action *rows = xcalloc(MESSAGE_LOG_ROWS, sizeof *rows);
	struct history_item *items = xcalloc(MESSAGE_LOG_ROWS, sizeof *items);
	struct error err = ERROR_INIT;
	int n = history_message_items(part->store->history, part->message->id,
		items, rows, MESSAGE_LOG_ROWS, &err);

	for (int i = 0; i < n; i++) {
		history_action_release(&rows[i]);
		history_item_release(&items[i]);
	}
	free(items);
	free(rows);
	return n < 0 ? -1 : n + part->message->attempts + 1;
}
