/* SPDX-License-Identifier: ISC */
/* subject: see subject.h for the contract. */
#include "app/subject.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/view_mail.h"
#include "app/views.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "view/log_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDS_MAX 1000		/* of a cause, that are asked about */

const struct history_cause_row *
subject_cause(struct desk *desk)
{
	struct view *v = views_here(desk);
	const struct list_row *row = !screen_message_top(desk) &&
		view_mail_of(v) && v->at == PANE_OUTER ?
		list_current(view_list(v)) : NULL;

	return row ? row->data : NULL;
}

/* The message that is meant, or 0. */
static int64_t
message_here(struct desk *desk)
{
	struct message_screen *ms = screen_message_top(desk);
	const struct history_message *m = views_message(desk);
	struct view *v = views_here(desk);
	const struct list_row *row = v->kind == &view_log &&
		v->at == PANE_OUTER ? list_current(view_list(v)) : NULL;
	const struct log_row *line = row ? row->data : NULL;

	return ms ? ms->id : m ? m->id : line ? line->log.message : 0;
}

bool
subject_take(struct desk *desk, struct note_on *out)
{
	const struct history_cause_row *cause = subject_cause(desk);

	if (cause && causes_is_doubt(cause))
		cause = NULL;
	*out = (struct note_on){ .message = cause ? 0 : message_here(desk),
		.cause = cause ? cause->cause : 0 };
	if (cause)
		history_cause_words(out->words, cause);
	else
		snprintf(out->words, sizeof out->words, "#%" PRId64,
			out->message);
	if (!out->cause && !out->message)
		desk_note(desk, says_no_subject);
	return out->cause || out->message;
}

/* ---- who has it in hand ---- */

/* A cause: its own hand, or that of one of its messages. */
static int
hand_of_cause(struct desk *desk, const struct history_cause_row *cause,
	int64_t *id_out, struct history_note *out, struct error *err)
{
	struct history_query q = causes_query(&view_mail_of(
		views_here(desk))->causes, cause);
	int64_t *ids, now = clock_wall(), got;
	int n = history_hand(desk->store.history, 0, cause->cause, now, out,
		err);

	*id_out = 0;
	if (n > 0 && strcmp(out->by, desk->actor.by) == 0) {
		history_note_release(out);
		n = 0;
	}
	if (n)
		return n;
	ids = xcalloc(IDS_MAX, sizeof *ids);
	n = history_page_ids(desk->store.history, &q, 0, IDS_MAX, ids, err);
	got = n < 0 ? -1 : notes_in_hand(&desk->store, &desk->actor, ids,
		(size_t)n, now, id_out, out, err);
	free(ids);
	return got < 0 ? -1 : got > 0;
}

int
subject_hand(struct desk *desk, int64_t *id_out, struct history_note *out,
	struct error *err)
{
	struct view *v = views_here(desk);
	bool page = screen_message_top(desk) != NULL;
	const struct history_cause_row *cause = subject_cause(desk);
	const struct tags *tags = &view_list(v)->tags;
	int64_t id = message_here(desk), n;
	int rc = history_notes_any(desk->store.history, err);

	if (rc <= 0 || !view_mail_of(v))
		return rc < 0 ? -1 : 0;
	if (cause)
		return hand_of_cause(desk, cause, id_out, out, err);
	n = !page && tags->count ? notes_in_hand(&desk->store, &desk->actor,
		tags->ids, tags->count, clock_wall(), id_out, out, err) : 0;
	if (n == 0 && id)
		n = notes_in_hand(&desk->store, &desk->actor, &id, 1,
			clock_wall(), id_out, out, err);
	return n < 0 ? -1 : n > 0;
}
