/* SPDX-License-Identifier: ISC */
/* message_build: see message_build.h for the contract. */
#include "app/message_build.h"
#include "app/attention.h"
#include "base/clock.h"
#include "base/text.h"
#include "page/message_page.h"
#include "term/wrap.h"
#include "work/notes.h"

#include <string.h>

#define ATTEMPTS_SHOWN 20
#define NOTES_SHOWN 5
#define NOTE_AT 10		/* where values stand, as on the page */
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
	if (!first || page->past || page->message->state != STATE_FAILED)
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

/* The last ones, of a time that is past as they were then. Number or -1. */
static int
read_attempts(struct desk *desk, int64_t id,
	struct history_attempt rows[ATTEMPTS_SHOWN], struct error *err)
{
	int64_t before = 0, then = desk_now(desk);
	int n, kept = 0;

	do {
		n = history_attempts(desk->store.history, id, before, rows,
			ATTEMPTS_SHOWN, err);
		for (int i = 0; desk->then && i < n; i++) {
			before = rows[i].id;
			history_at_attempt(&rows[i], then);
			if (rows[i].started_at <= then)
				rows[kept++] = rows[i];
			else
				history_attempt_release(&rows[i]);
		}
	} while (desk->then && n > 0 && !kept);
	return desk->then && n > 0 ? kept : n;
}

void
message_build_notes(struct desk *desk, int64_t message, int64_t cause,
	size_t width, struct str *out)
{
	struct history *h = desk->store.history;
	struct history_note rows[NOTES_SHOWN], hand;
	struct error err = ERROR_INIT;
	struct str line = STR_INIT;
	int64_t now = desk_now(desk);
	char words[160], at[TEXT_TIME_MAX];
	int n = history_notes(h, message, message ? 0 : cause, 0, rows,
		NOTES_SHOWN, &err), rc = history_hand(h, message, cause, now,
		&hand, &err);

	if (rc > 0) {
		wrap_add(out, (struct wrap){ "In hand", NOTE_AT, width },
			notes_hand_words(words, &hand, now));
		history_note_release(&hand);
	}
	for (int i = 0; i < n; i++) {
		str_clear(&line);
		str_addf(&line, "%s ", text_time(at, rows[i].at, now));
		text_add_printable(&line, rows[i].by, strcspn(rows[i].by, " "));
		str_add(&line, ": ");
		text_add_printable(&line, rows[i].text, strlen(rows[i].text));
		if (*rows[i].text && rows[i].at <= now)
			wrap_add(out, (struct wrap){ "Note", NOTE_AT, width },
				line.data);
		history_note_release(&rows[i]);
	}
	if (n < 0 || rc < 0)
		desk_fail(desk, &err);
	str_release(&line);
}

void
message_build_page(struct desk *desk, const struct history_message *m,
	size_t width, bool whole, struct str *out)
{
	struct history_attempt rows[ATTEMPTS_SHOWN];
	struct error err = ERROR_INIT;
	struct str notes = STR_INIT;
	int n = read_attempts(desk, m->id, rows, &err);
	struct history_action changed;
	int by = m->changed_by ? history_action_get(desk->store.history,
		m->changed_by, &changed, &err) : 0;
	struct message_page page = {
		.message = m, .attempts = rows,
		.attempt_count = n > 0 ? (size_t)n : 0,
		.connector = desk->status.connector,
		.settings = desk->settings, .now = desk_now(desk), .past = desk->then != NULL,
		.waiting = desk->status.counts.n[STATE_QUEUED] +
			desk->status.counts.n[STATE_DEFERRED],
	};

	if (n < 0 || by < 0)
		desk_fail(desk, &err);
	page.changed_verb = by > 0 ? changed.verb : NULL;
	count_others(desk, &page);
	if (whole)
		attention_message(desk, m->id, width, &notes);
	message_build_notes(desk, m->id, m->cause, width, &notes);
	page.notes = notes.data;
	message_page_text(&page, width, out);
	str_release(&notes);
	if (by > 0)
		history_action_release(&changed);
	while (n > 0)
		history_attempt_release(&rows[--n]);
}
