/* SPDX-License-Identifier: ISC */
/* message_build: see message_build.h for the contract. */
#include "app/message_build.h"
#include "base/clock.h"
#include "page/message_page.h"

#define ATTEMPTS_SHOWN 20
#define OTHERS_SPAN CLOCK_DAY	/* how far back imports are counted */

/* How many others were imported since this one was tried first: whether it is
 * the importer's fault. */
static void
count_others(struct desk *desk, struct message_page *page)
{
	const struct history_attempt *first = page->attempt_count ?
		&page->attempts[page->attempt_count - 1] : NULL;
	struct history_minute sum;
	struct error err = ERROR_INIT;
	int64_t since;

	page->others_since = HISTORY_NO_TIME;
	if (!first || page->message->state != STATE_FAILED)
		return;
	since = first->started_at > page->now - OTHERS_SPAN ?
		first->started_at : page->now - OTHERS_SPAN;
	if (history_minute_sum(desk->store.history, since,
	    page->now + CLOCK_MINUTE, &sum, &err) < 0)
		return;
	/* The minutes are whole ones: what came in the first is missing. */
	page->others = desk->status.row.imports - page->message->imports_seen;
	if (sum.imported > page->others)
		page->others = sum.imported;
	page->others_since = since;
}

void
message_build_page(struct desk *desk, const struct history_message *m, size_t width,
	struct str *out)
{
	struct history_attempt rows[ATTEMPTS_SHOWN];
	struct error err = ERROR_INIT;
	int n = history_attempts(desk->store.history, m->id, 0, rows,
		ATTEMPTS_SHOWN, &err);
	struct history_action changed;
	int by = m->changed_by ? history_action_get(desk->store.history,
		m->changed_by, &changed, &err) : 0;
	struct message_page page = {
		.message = m, .attempts = rows,
		.attempt_count = n > 0 ? (size_t)n : 0,
		.connector = desk->status.connector,
		.settings = desk->settings, .now = clock_wall(),
		.waiting = desk->status.counts.n[STATE_QUEUED] +
			desk->status.counts.n[STATE_DEFERRED],
	};

	if (n < 0 || by < 0)
		desk_fail(desk, &err);
	page.changed_verb = by > 0 ? changed.verb : NULL;
	count_others(desk, &page);
	message_page_text(&page, width, out);
	if (by > 0)
		history_action_release(&changed);
	while (n > 0)
		history_attempt_release(&rows[--n]);
}
