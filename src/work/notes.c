/* SPDX-License-Identifier: ISC */
/* notes: see notes.h for the contract. */
#include "work/notes.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "history/history_cause.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAUSES_MAX 1000
#define LOOK_MAX 10000		/* messages a question about hands looks at */

/* Does a message of the cause match? 1, 0, -1. */
static int
matches(struct store *s, struct match *m, enum state state, int64_t cause,
	struct error *err)
{
	struct history_query q = { .states = STATE_BIT(state), .match = m,
		.cause = cause };
	int64_t id;

	return history_page_ids(s->history, &q, 0, 1, &id, err);
}

/* The causes of a state that match, up to two different ones in found. How
 * many, or -1. */
static int
find_causes(struct store *s, struct match *m, enum state state,
	int64_t found[2], int n, struct error *err)
{
	struct history_cause_row *rows = xcalloc(CAUSES_MAX, sizeof *rows);
	int count = history_causes(s->history, state, rows, CAUSES_MAX, err);

	for (int i = 0; i < count; i++) {
		int rc = n < 0 || n == 2 || (n == 1 &&
			found[0] == rows[i].cause) ? 0 : matches(s, m, state,
			rows[i].cause, err);

		if (rc > 0)
			found[n++] = rows[i].cause;
		if (rc < 0)
			n = -1;
		history_cause_row_release(&rows[i]);
	}
	free(rows);
	return count < 0 ? -1 : n;
}

static int
name_cause(struct store *s, int64_t id, char out[160], struct error *err)
{
	struct history_cause_row row;
	int rc = history_cause_get(s->history, id, &row, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no such cause");
	history_cause_words(out, &row);
	history_cause_row_release(&row);
	return 0;
}

static int
on_cause(struct store *s, const char *expr, int64_t now, struct note_on *out,
	struct error *err)
{
	struct match *m = match_compile(expr, 0, now, err);
	int64_t found[2] = { 0, 0 };
	char first[160], second[160];
	int n;

	if (!m)
		return error_prefix(err, "cause");
	n = find_causes(s, m, STATE_FAILED, found, 0, err);
	if (n >= 0 && n < 2)
		n = find_causes(s, m, STATE_DEFERRED, found, n, err);
	match_free(m);
	if (n < 0)
		return -1;
	if (n == 0)
		return error_set(err, ERROR_NOT_FOUND, "no cause of failed or "
			"deferred messages matches");
	if (name_cause(s, found[0], first, err) < 0)
		return -1;
	if (n == 2)
		return name_cause(s, found[1], second, err) < 0 ? -1 :
			error_set(err, ERROR_INVALID, "more than one cause "
				"matches: %s, and %s", first, second);
	*out = (struct note_on){ .cause = found[0] };
	memcpy(out->words, first, sizeof out->words);
	return 0;
}

int
notes_on(struct store *s, const char *text, int64_t now, struct note_on *out,
	struct error *err)
{
	struct history_message m;
	int64_t id;
	int rc;

	if (strncmp(text, "cause:", 6) == 0)
		return on_cause(s, text + 6, now, out, err);
	if (strcmp(text, "store") == 0) {
		*out = (struct note_on){ .words = "the store" };
		return 0;
	}
	if (text_parse_int(text + (*text == '#'), 1, INT64_MAX, &id, err) < 0)
		return error_set(err, ERROR_INVALID, "a note is on an id, "
			"store, or cause:EXPR");
	rc = history_message_get(s->history, id, &m, err);
	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no message #%" PRId64, id);
	history_message_release(&m);
	*out = (struct note_on){ .message = id };
	snprintf(out->words, sizeof out->words, "#%" PRId64, id);
	return 0;
}

/* The row in a transaction of its own; who had it before goes to was. */
static int
add(struct store *s, struct history_note *n, bool toggle,
	struct history_note *was, struct error *err)
{
	int rc = store_begin(s, err);

	if (rc == 0 && was && (rc = history_hand(s->history, n->message,
	    n->message ? 0 : n->cause, n->at, was, err)) > 0) {
		/* Again: not any more. */
		if (toggle && strcmp(was->by, n->by) == 0)
			n->until = n->at;
		rc = 0;
	}
	if (rc == 0)
		rc = history_note_add(s->history, n, err);
	if (rc == 0)
		rc = store_commit(s, err);
	store_end(s);
	return rc;
}

int
notes_write(struct store *s, const struct actor *actor,
	const struct note_on *on, const char *text, struct error *err)
{
	struct history_note n = {
		.at = clock_wall(), .by = actor->by, .until = HISTORY_NO_TIME,
		.text = (char *)(uintptr_t)text,
		.message = on->message, .cause = on->cause,
	};

	if (!*text)
		return error_set(err, ERROR_INVALID, "an empty note");
	if (strlen(text) > NOTES_TEXT_MAX)
		return error_set(err, ERROR_INVALID, "a note has at most %d "
			"bytes", NOTES_TEXT_MAX);
	return add(s, &n, false, NULL, err);
}

int
notes_take(struct store *s, const struct actor *actor,
	const struct note_on *on, int64_t for_ms, struct history_note *out,
	struct history_note *was_out, struct error *err)
{
	int64_t now = clock_wall();
	struct history_note was = { 0 }, n = {
		.at = now, .by = xstrdup(actor->by), .text = xstrdup(""),
		.message = on->message, .cause = on->cause, .mine = true,
		.until = now + (for_ms ? for_ms : NOTES_HAND_MS),
	};
	int rc = 0;

	if (!on->message && !on->cause)
		rc = error_set(err, ERROR_INVALID, "nobody has a whole store "
			"in hand: name a message or a cause");
	else if (for_ms > NOTES_HAND_MAX_MS)
		rc = error_set(err, ERROR_INVALID, "at most 7 days");
	if (rc == 0)
		rc = add(s, &n, for_ms == 0, &was, err);
	if (rc < 0) {
		history_note_release(&n);
		history_note_release(&was);
		return -1;
	}
	*out = n;
	*was_out = was;
	return 0;
}

/* Somebody else's hand on one message. 1, 0, -1. */
static int
hand_of_other(struct store *s, const struct actor *actor, int64_t id,
	int64_t now, struct history_note *out, struct error *err)
{
	struct history_message m;
	int rc = history_message_get(s->history, id, &m, err);

	if (rc > 0) {
		rc = history_hand(s->history, id, m.cause, now, out, err);
		history_message_release(&m);
	}
	if (rc > 0 && strcmp(out->by, actor->by) == 0) {
		history_note_release(out);
		rc = 0;
	}
	return rc;
}

int64_t
notes_in_hand(struct store *s, const struct actor *actor, const int64_t *ids,
	size_t n, int64_t now, int64_t *id_out, struct history_note *out,
	struct error *err)
{
	int rc = history_notes_any(s->history, err);
	struct history_note hand;
	int64_t count = 0;

	for (size_t i = 0; rc > 0 && i < n && i < LOOK_MAX; i++) {
		int is = hand_of_other(s, actor, ids[i], now, &hand, err);

		if (is < 0)
			rc = -1;
		if (is > 0 && count++ == 0) {
			*id_out = ids[i];
			*out = hand;
		} else if (is > 0) {
			history_note_release(&hand);
		}
	}
	if (rc < 0 && count > 0)
		history_note_release(out);
	return rc < 0 ? -1 : count;
}

const char *
notes_hand_words(char out[160], const struct history_note *hand, int64_t now)
{
	char until[TEXT_TIME_MAX], by[80];

	snprintf(out, 160, "%s has it until %s", text_printable(by, sizeof by,
		hand->by, strlen(hand->by)), text_time(until, hand->until,
		now));
	return out;
}
