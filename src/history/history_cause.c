/* SPDX-License-Identifier: ISC */
/* history_cause: see history_cause.h for the contract. */
#include "history/history_cause.h"
#include "history/history_private.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

int
history_cause_get(struct history *h, int64_t id, struct history_cause_row *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CAUSE_GET, "i", id);
	int rc = history_step(h, st, err);

	if (rc > 0) {
		*out = (struct history_cause_row){
			.cause = id, .class = history_text(st, 0),
			.code = history_code(st, 1),
			.signal = sqlite3_column_int(st, 2),
			.reason = history_text(st, 3),
		};
		history_done(st);
	}
	return rc;
}

const char *
history_cause_words(char out[160], const struct history_cause_row *row)
{
	const char *reason = row->reason ? row->reason :
		row->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(row->code);
	char words[120] = "", what[40];

	if (row->code != HISTORY_NO_CODE)
		snprintf(what, sizeof what, "code %d", row->code);
	else if (row->signal)
		snprintf(what, sizeof what, "%.20s, signal %d", row->class,
			row->signal);
	else
		snprintf(what, sizeof what, "%.30s", row->class);
	if (reason)
		text_printable(words, sizeof words, reason, strlen(reason));
	snprintf(out, 160, "%s%s%s", what, *words ? " " : "", words);
	return out;
}

int
history_cause_look(struct history *h, enum state state, int64_t cause,
	bool suspect, struct history_cause_look *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CAUSE_LOOK, "tiii",
		state_word(state), cause, (int64_t)suspect,
		(int64_t)HISTORY_CAUSE_ROWS);

	if (history_step(h, st, err) <= 0)
		return -1;
	*out = (struct history_cause_look){
		.rows = sqlite3_column_int64(st, 0),
		.senders = sqlite3_column_int64(st, 1),
		.tries_least = sqlite3_column_int64(st, 2),
		.tries_most = sqlite3_column_int64(st, 3),
		.maybe_delivered = sqlite3_column_int64(st, 4) > 0,
	};
	history_done(st);
	return 0;
}

int
history_tests_since(struct history *h, int64_t since,
	struct history_tests *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TESTS_SINCE, "ii", since,
		(int64_t)HISTORY_TESTS_ROWS);

	if (history_step(h, st, err) <= 0)
		return -1;
	*out = (struct history_tests){
		.n = sqlite3_column_int64(st, 0),
		.others = sqlite3_column_int64(st, 1),
		.last_at = history_time(st, 2),
	};
	history_done(st);
	return 0;
}

int
history_tests_alike(struct history *h, const struct history_connector *row,
	bool *class_out, bool *result_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TESTS, "i",
		(int64_t)HISTORY_TESTS_ROWS);
	bool class = true, result = true;
	int rc;

	while ((rc = history_step(h, st, err)) > 0) {
		const char *word = (const char *)sqlite3_column_text(st, 2);

		if (sqlite3_column_int64(st, 0) < row->breaker_at)
			break;
		if (!sqlite3_column_int(st, 1))
			continue;
		class = class && row->streak_class && word &&
			strcmp(word, row->streak_class) == 0;
		result = result && history_code(st, 3) == row->streak_code &&
			sqlite3_column_int(st, 4) == row->streak_signal;
	}
	if (rc < 0)
		return -1;
	if (rc > 0)
		history_done(st);
	*class_out = class;
	*result_out = class && result;
	return 0;
}

int
history_took_ms(struct history *h, int64_t *ms_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_TOOK, "i",
		(int64_t)HISTORY_TOOK_ROWS);

	if (history_step(h, st, err) <= 0)
		return -1;
	*ms_out = sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}
