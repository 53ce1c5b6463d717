/* SPDX-License-Identifier: ISC */
/* cmd_serve_answer: what `ccmq serve` answers to one request. See
 * ccmq-serve(7). */
#include "command/cmd_serve.h"
#include "command/cli_report.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "reach/serve.h"
#include "work/notes.h"
#include "work/row_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAUSES_MAX 1000

struct request {
	struct cli *cli;
	const struct json_line *asked;
	const char *id;
	const char *verb;
};

/* A line of the answer, in which j (taken) stands at key; NULL: nothing. */
static void
put(const struct request *r, const char *key, struct json_line *j)
{
	struct json_line *line = json_line_new();

	json_put_text(line, "id", r->id);
	if (j)
		json_put_object(line, key, j);
	else
		json_put_bool(line, key, true);
	json_line_print(line, stdout);
}

static void
refuse(const struct request *r, const char *why)
{
	struct json_line *line = json_line_new();

	json_put_text(line, "id", r->id);
	json_put_text(line, "error", why);
	json_line_print(line, stdout);
}

static const char *
text_of(const struct request *r, const char *key)
{
	const char *text = NULL;

	json_get_text(r->asked, key, &text);
	return text;
}

/* How many at the most: its limit, if that is a sensible one. */
static int64_t
limit_of(const struct request *r)
{
	int64_t n = SERVE_LIST_MAX;

	json_get_number(r->asked, "limit", &n);
	return n < 1 ? 1 : n > SERVE_LIST_MAX ? SERVE_LIST_MAX : n;
}

/* The newest that match, newest first. 0 or -1. */
static int
newest(const struct request *r, struct history_query *q, struct error *err)
{
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_message last = { 0 };
	struct history_window w = { .by = HISTORY_BY_ID };
	int64_t left = limit_of(r);
	int n = 1;

	while (left > 0 && n > 0) {
		n = history_window(r->cli->store.history, q, &w, left <
			HISTORY_PAGE ? (int)left : HISTORY_PAGE, rows, err);
		for (int i = 0; i < n; i++) {
			last.id = rows[i].id;
			put(r, "message", row_message_json(&rows[i]));
			history_message_release(&rows[i]);
		}
		w.anchor = &last;
		left -= n;
	}
	free(rows);
	return n < 0 ? -1 : 0;
}

/* list: those in a state, or that wait; find: whatever its state. */
static int
answer_list(const struct request *r, struct error *err)
{
	bool find = strcmp(r->verb, "find") == 0;
	const char *expr = text_of(r, "match"), *word = text_of(r, "state");
	struct history_query q = { .states = find ? 0 :
		STATE_BIT(STATE_QUEUED) | STATE_BIT(STATE_IMPORTING) |
		STATE_BIT(STATE_DEFERRED) };
	enum state state;
	int rc;

	if (word && !state_parse(word, &state))
		return error_set(err, ERROR_INVALID, "there is no such state");
	if (word)
		q.states = STATE_BIT(state);
	if (expr && *expr)
		q.match = match_compile(expr, 0, clock_wall(), err);
	if (expr && *expr && !q.match)
		return -1;
	rc = newest(r, &q, err);
	match_free(q.match);
	return rc;
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Is the row of the class, code, signal and reason that were asked for? */
static bool
is_meant(const struct request *r, const struct history_cause_row *row)
{
	int64_t code = HISTORY_NO_CODE, signal = 0;

	json_get_number(r->asked, "code", &code);
	json_get_number(r->asked, "signal", &signal);
	return code == row->code && signal == row->signal &&
		same_text(text_of(r, "class"), row->class) &&
		same_text(text_of(r, "reason"), row->reason);
}

/* The failed messages of a cause. 0 or -1. */
static int
put_ids(const struct request *r, const struct history_cause_row *row,
	struct error *err)
{
	struct history_query q = { .states = STATE_BIT(STATE_FAILED),
		.cause = row->cause, .suspect = row->suspect ?
		HISTORY_SUSPECT_YES : HISTORY_SUSPECT_NO };
	int64_t ids[HISTORY_PAGE], after = 0, left = SERVE_LIST_MAX;
	int n;

	while (left > 0 && (n = history_page_ids(r->cli->store.history, &q,
	    after, HISTORY_PAGE, ids, err)) != 0) {
		struct json_line *line = json_line_new();

		if (n < 0) {
			json_line_free(line);
			return -1;
		}
		after = ids[n - 1];
		left -= n;
		json_put_text(line, "id", r->id);
		json_put_numbers(line, "ids", ids, (size_t)n);
		json_line_print(line, stdout);
	}
	return 0;
}

/* causes: of what failed; ids: the messages of one. */
static int
answer_causes(const struct request *r, struct error *err)
{
	struct history_cause_row *rows = xcalloc(CAUSES_MAX, sizeof *rows);
	bool ids = strcmp(r->verb, "ids") == 0;
	int n = history_causes(r->cli->store.history, STATE_FAILED, rows,
		CAUSES_MAX, err);
	int rc = n < 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		if (!ids)
			put(r, "cause", row_cause_json(&rows[i]));
		else if (rc == 0 && is_meant(r, &rows[i]))
			rc = put_ids(r, &rows[i], err);
		history_cause_row_release(&rows[i]);
	}
	free(rows);
	return rc;
}

static void
put_result(void *arg, const struct operation_result *res)
{
	const struct request *r = arg;

	put(r, "result", cli_operation_json(r->verb, res));
}

/* Nobody is here to be asked whether to take it from somebody else. */
static bool
in_hand(const struct request *r, int64_t id)
{
	struct operation_result res = { .id = id, .result = OPERATION_SKIPPED,
		.at = clock_wall() };
	struct history_note hand = { 0 };
	struct error ignored;
	char who[160];
	int64_t which;

	if (notes_in_hand(&r->cli->store, &r->cli->actor, &id, 1, res.at,
	    &which, &hand, &ignored) <= 0)
		return false;
	res.why = notes_hand_words(who, &hand, res.at);
	put_result((void *)(uintptr_t)r, &res);
	history_note_release(&hand);
	return true;
}

/* Which messages; of a request that was heard before, also those that somebody
 * has in hand now. 0 or -1. */
static int
read_targets(const struct request *r, struct operation_target **out,
	size_t *n_out, struct error *err)
{
	int64_t action;
	int heard = history_action_of_request(r->cli->store.history, r->id,
		&action, err);
	const char *word = text_of(r, "seen");
	enum state seen = OPERATIONS_ANY;
	int64_t *ids;
	size_t n;

	if (heard < 0)
		return -1;
	if (!word || !state_parse(word, &seen) ||
	    json_get_list(r->asked, "ids", &ids, &n, SERVE_IDS_MAX) != 1)
		return error_set(err, ERROR_INVALID, "a verb wants ids, %d at "
			"the most, and seen, the state they were in",
			SERVE_IDS_MAX);
	*out = xcalloc(n + 1, sizeof **out);
	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		if (ids[i] <= (i ? ids[i - 1] : 0)) {
			free(ids);
			free(*out);
			return error_set(err, ERROR_INVALID, "ids rise");
		}
		if (heard || !in_hand(r, ids[i]))
			(*out)[(*n_out)++] = (struct operation_target){
				ids[i], seen };
	}
	free(ids);
	return 0;
}

static int
answer_verb(const struct request *r, struct error *err)
{
	struct store *s = &r->cli->store;
	struct operation_target *targets = NULL;
	struct operation_summary sum;
	struct operation op = {
		.actor = &r->cli->actor, .verb = r->verb,
		.reason = text_of(r, "reason"), .request = r->id,
		.result = put_result, .arg = (void *)(uintptr_t)r,
	};
	struct error ignored;
	size_t n = 0;
	int64_t action;
	int rc;

	if (!s->writable)
		return error_set(err, ERROR_READ_ONLY, "%s",
			*s->read_only_why ? s->read_only_why :
			"read-only mode");
	if (strlen(r->id) < 16 || !op.reason || !*op.reason)
		return error_set(err, ERROR_INVALID, "a verb wants an id of "
			"16 characters or more, and a reason");
	verb_parse(r->verb, &op.kind);
	if (cli_recover(r->cli, err) < 0 ||
	    read_targets(r, &targets, &n, err) < 0)
		return -1;
	rc = n ? operations_apply(s, &op, targets, n, &sum, err) : 0;
	/* It failed after it had been recorded: what did come of it? */
	if (rc < 0 && history_action_of_request(s->history, r->id, &action,
	    &ignored) > 0)
		rc = operations_apply(s, &op, targets, n, &sum, err);
	free(targets);
	return rc;
}

static const struct {
	const char *word;
	int (*answer)(const struct request *r, struct error *err);
} known[] = {
	{ "list", answer_list }, { "find", answer_list },
	{ "causes", answer_causes }, { "ids", answer_causes },
	{ "retry", answer_verb }, { "quarantine", answer_verb },
	{ "release", answer_verb },
};

/* A member of another type than it should be would be as if it were not there:
 * a `match` that is none would match all. 0 or -1. */
static int
check_types(const struct request *r, struct error *err)
{
	static const char *const texts[] = { "match", "state", "class",
		"reason", "seen" }, *const numbers[] = { "limit", "code",
		"signal" };
	const char *text;
	int64_t n;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (json_get_text(r->asked, texts[i], &text) < 0)
			return error_set(err, ERROR_INVALID, "%s is a text",
				texts[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (json_get_number(r->asked, numbers[i], &n) < 0)
			return error_set(err, ERROR_INVALID, "%s is a number",
				numbers[i]);
	return 0;
}

/* 0 or -1. */
static int
answer(struct request *r, struct error *err)
{
	if (check_types(r, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(r->verb, known[i].word) == 0)
			return known[i].answer(r, err);
	return error_set(err, ERROR_INVALID, "nobody knows how to answer "
		"that");
}

void
serve_answer(struct cli *cli, const char *line, size_t len)
{
	struct error err = ERROR_INIT;
	struct json_line *j = json_line_read(line, len, &err);
	struct request r = { .cli = cli, .asked = j, .verb = "" };

	if (j)
		json_get_text(j, "id", &r.id);
	if (j)
		json_get_text(j, "ask", &r.verb);
	if (j && (!r.id || strlen(r.id) > SERVE_REQUEST_MAX))
		error_set(&err, ERROR_INVALID, "a request wants an id, of at "
			"most %d bytes", SERVE_REQUEST_MAX);
	if (*err.text || answer(&r, &err) < 0)
		refuse(&r, err.text);
	else
		put(&r, "end", NULL);
	json_line_free(j);
}
