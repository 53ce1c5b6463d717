/* SPDX-License-Identifier: ISC */
/* jobs_words: what came of an action on messages, in words. See jobs.h. */
#include "work/jobs.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MOST 250		/* messages that are looked at one by one */

static void
add_count(struct str *out, const char **comma, int64_t n, const char *words)
{
	char count[TEXT_NUMBER_MAX];

	if (n == 0)
		return;
	str_addf(out, "%s%s %s", *comma, text_exact(count, (uint64_t)n),
		words);
	*comma = ", ";
}

int
jobs_sentence(struct history *h, const struct history_action *a,
	struct str *out, struct error *err)
{
	int64_t left = a->total - a->done - a->skipped - a->failed, n;
	char count[TEXT_NUMBER_MAX], words[160] = "";
	const char *comma = "";
	int code = HISTORY_NO_CODE, rc = 0;

	str_addf(out, "%s of %s: ", a->verb, text_exact(count,
		(uint64_t)a->total));
	if (a->again + a->deferred > 0)
		rc = history_outcome_reason(h, a->id, &code, words,
			sizeof words, &n, err);
	if (rc < 0)
		return -1;
	if (!a->waits && !a->imported && !a->again && !a->deferred && !a->acted)
		add_count(out, &comma, a->done, "done");
	add_count(out, &comma, a->imported, "imported");
	add_count(out, &comma, a->again, "failed again");
	if (a->again > 0 && (code != HISTORY_NO_CODE || *words)) {
		str_add(out, " (");
		if (code != HISTORY_NO_CODE)
			str_addf(out, "code %d%s", code, *words ? " " : "");
		str_addf(out, "%s)", words);
	}
	add_count(out, &comma, a->deferred, "deferred");
	add_count(out, &comma, a->acted, "acted on since");
	add_count(out, &comma, a->skipped, "skipped");
	add_count(out, &comma, a->failed, "not done");
	add_count(out, &comma, a->waits + left, "to come");
	if (!*comma)
		str_add(out, "nothing done");
	return 0;
}

void
jobs_item_sentence(const struct history_action *a,
	const struct history_item *i, struct str *out)
{
	const char *words = i->outcome_reason ? i->outcome_reason : "";
	enum verb verb;

	if (i->outcome && strcmp(i->outcome, "waits") != 0) {
		bool acted = strcmp(i->outcome, "acted on") == 0;

		str_addf(out, "%s%s", i->outcome, acted && *words ? " by " :
			*words || i->outcome_code > 0 ? ", " : "");
		if (i->outcome_code > 0)
			str_addf(out, "code %d%s", i->outcome_code, *words ?
				" " : "");
		str_addf(out, "%s.", words);
	} else if (strcmp(i->result, "noted") == 0) {
		str_add(out, "noted, happens when the attempt ends.");
	} else if (strcmp(i->result, "done") != 0) {
		str_addf(out, "not done%s%s", i->why ? ", " : "", i->why ?
			i->why : "");
	} else if (a->undo_of) {
		str_add(out, "taken back.");
	} else {
		str_addf(out, "%s.", i->to_state && strcmp(i->to_state,
			"removed") == 0 ? "removed for good" :
			verb_parse(a->verb, &verb) ? verb_past(verb) : a->verb);
	}
}

/* Messages that are in the importer on its behalf: not to be taken back. */
static int64_t
count_tried(struct history *h, int64_t action, struct error *err)
{
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_query q = { .states = STATE_BIT(STATE_IMPORTING) };
	int n = history_page(h, &q, 0, HISTORY_PAGE, rows, err);
	int64_t tried = n < 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		tried += rows[i].put_back_by == action;
		history_message_release(&rows[i]);
	}
	free(rows);
	return tried;
}

/* One by one: those that nobody, and no attempt, has changed since. */
static int64_t
count_unchanged(struct store *s, int64_t action, struct error *err)
{
	struct history_item *rows = xcalloc(LOOK_MOST, sizeof *rows);
	int n = history_items(s->history, action, 0, rows, LOOK_MOST, err);
	int64_t same = n < 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		struct history_message m;

		if (history_message_get(s->history, rows[i].message, &m,
		    err) > 0) {
			same += jobs_is_undoable(s, action, &rows[i], &m);
			history_message_release(&m);
		}
		history_item_release(&rows[i]);
	}
	free(rows);
	return same;
}

/* What was noted, and has happened: where the attempt left it is known of a
 * purge only. What came out of a connector that is watched is given back by a
 * release, and what was given back is no longer here. */
bool
jobs_is_undoable(const struct store *s, int64_t action,
	const struct history_item *item, const struct history_message *m)
{
	bool lost = (strcmp(item->result, operation_word(OPERATION_NOTED)) ==
		0 && m->state != STATE_PURGED) || m->state == STATE_GONE ||
		m->state == STATE_REMOVED ||
		(s->their_submit && m->state == STATE_QUARANTINED);

	return m->noted_action == action || (m->changed_by == action && !lost);
}

int
jobs_undoable(struct store *s, const struct history_action *a,
	int64_t *out, struct error *err)
{
	int64_t tried = 0;
	bool puts_back = strcmp(a->verb, verb_word(VERB_RETRY)) == 0 ||
		strcmp(a->verb, verb_word(VERB_RELEASE)) == 0;

	if (a->total <= LOOK_MOST) {
		*out = count_unchanged(s, a->id, err);
		return *out < 0 ? -1 : 0;
	}
	if (puts_back && (tried = count_tried(s->history, a->id,
	    err)) < 0)
		return -1;
	*out = puts_back ? a->waits - tried : a->done;
	return 0;
}
