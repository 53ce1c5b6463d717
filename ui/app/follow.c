/* SPDX-License-Identifier: ISC */
/* follow: see follow.h for the contract. */
#include "app/follow.h"
#include "app/says.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/width.h"
#include "base/xalloc.h"
#include "list/tags.h"
#include "work/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_MS (2 * CLOCK_SECOND)	/* what it came to stays so long */

static bool
is_over(const struct history_action *a)
{
	return a->ended_at != HISTORY_NO_TIME && a->waits == 0;
}

/* What was done since the last look comes off the tags. */
static void
take_tags(struct desk *desk)
{
	struct follow *f = &desk->followed;
	struct history_item *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	int64_t ids[HISTORY_PAGE];
	struct error err = ERROR_INIT;
	size_t done = 0;
	int n = history_items(desk->store.history, f->action, f->tags_to, rows,
		HISTORY_PAGE, &err);
	bool pending = false;

	for (int i = 0; i < n; i++) {
		pending = pending || strcmp(rows[i].result, "pending") == 0;
		if (!pending)
			f->tags_to = rows[i].message;
		if (!pending && (strcmp(rows[i].result, "done") == 0 ||
		    strcmp(rows[i].result, "noted") == 0))
			ids[done++] = rows[i].message;
		history_item_release(&rows[i]);
	}
	free(rows);
	tags_remove_all(f->tags, ids, done);
	desk->stale = desk->stale || (n == HISTORY_PAGE && !pending);
}

static void
say_test(const struct history_action *a, struct str *out)
{
	const char *detail = a->detail ? a->detail : "done";
	char words[200];

	if (a->ended_at == HISTORY_NO_TIME)
		str_add(out, says_test_asked);
	else
		str_addf(out, says_test, text_printable(words, sizeof words,
			detail, strlen(detail)));
}

/* "#1042 Budget for Q3: failed again, 5 Unknown Date Format." */
static int
say_one(struct desk *desk, const struct history_action *a, struct str *out,
	struct error *err)
{
	struct history_item *rows = xcalloc(1, sizeof *rows);
	char subject[100];
	int rc = history_items(desk->store.history, a->id, 0, rows, 1, err);

	if (rc > 0) {
		str_addf(out, "#%" PRId64 "%s%s: ", rows->message,
			*desk->followed.subject ? " " : "",
			width_cut(subject, sizeof subject,
				desk->followed.subject, 30));
		jobs_item_sentence(a, rows, out);
		history_item_release(rows);
	}
	free(rows);
	return rc < 0 ? -1 : 0;
}

static int
say(struct desk *desk, const struct history_action *a, struct str *out,
	struct error *err)
{
	const struct follow *f = &desk->followed;
	char n[TEXT_NUMBER_MAX];
	int64_t back = 0;

	if (a->total == 0) {
		say_test(a, out);
		return 0;
	}
	if ((a->total == 1 ? say_one(desk, a, out, err) :
	    jobs_sentence(desk->store.history, a, out, err)) < 0)
		return -1;
	if (*f->why && a->total > 1)
		str_addf(out, ": %s", f->why);
	if (a->job && strcmp(a->job_state, "paused") == 0)
		str_addf(out, says_paused, a->job_why ? a->job_why :
			a->job_by ? a->job_by : "");
	if (!f->for_good && !a->undo_of && !a->undone_by &&
	    jobs_undoable(&desk->store, a, &back, err) < 0)
		return -1;
	if (back && a->total == 1)
		str_add(out, says_takes_it_back);
	else if (back)
		str_addf(out, says_takes_back, text_exact(n, (uint64_t)back));
	return 0;
}

void
follow_look(struct desk *desk)
{
	struct follow *f = &desk->followed;
	struct history_action a;
	struct error err = ERROR_INIT;
	struct str out = STR_INIT;
	int rc;

	if (!f->action)
		return;
	rc = history_action_get(desk->store.history, f->action, &a, &err);
	if (rc > 0) {
		rc = say(desk, &a, &out, &err);
		if (is_over(&a) && !f->over_at_mono_ms)
			f->over_at_mono_ms = clock_mono_ms();
		history_action_release(&a);
		if (f->tags)
			take_tags(desk);
	}
	if (rc < 0)
		desk_fail(desk, &err);
	text_printable(f->words, sizeof f->words, out.data, out.len);
	str_release(&out);
	desk->dirty = true;
}

void
follow_begin(struct desk *desk, const struct follow *what,
	const char *subject, const char *why)
{
	desk->followed = *what;
	snprintf(desk->followed.subject, sizeof desk->followed.subject, "%s",
		subject ? subject : "");
	snprintf(desk->followed.why, sizeof desk->followed.why, "%s",
		why ? why : "");
	follow_look(desk);
}

void
follow_key(struct desk *desk)
{
	int64_t over = desk->followed.over_at_mono_ms;

	if (over && clock_mono_ms() - over > READ_MS)
		follow_end(desk);
}

void
follow_end(struct desk *desk)
{
	desk->followed = (struct follow){ 0 };
	desk->dirty = true;
}
