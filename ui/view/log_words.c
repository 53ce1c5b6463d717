/* SPDX-License-Identifier: ISC */
/* log_list: what happened, in words. See log_list.h. */
#include "view/log_list.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/status_at.h"

#include <string.h>

static void
add_printable(struct str *out, const char *text)
{
	text_add_printable(out, text, strlen(text));
}

static void
attempt_words(const struct history_attempt *a, struct str *out)
{
	const char *meaning = a->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(a->code);
	char took[TEXT_NUMBER_MAX];

	if (!a->class)
		str_add(out, "runs");
	else if (a->signal)
		str_addf(out, "crashed, signal %d", a->signal);
	else if (a->code != HISTORY_NO_CODE && a->reason && strcmp(a->class,
	    class_word(CLASS_UNDELIVERABLE)) == 0)
		str_addf(out, "code %d", a->code);	/* why says more */
	else if (a->code != HISTORY_NO_CODE)
		str_addf(out, "code %d %s", a->code, meaning ? meaning :
			a->class);
	else
		str_add(out, a->class);
	if (a->took_ms >= CLOCK_SECOND)
		str_addf(out, ", %s", text_duration(took, a->took_ms));
	if (a->reason) {
		str_add(out, ": ");
		add_printable(out, a->reason);
	}
	if (strcmp(a->why, "arrived") != 0)
		str_addf(out, " (%s)", a->why);
}

void
log_action_words(const struct history_action *a, struct str *out)
{
	char n[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];

	str_addf(out, "%s by ", a->verb);
	add_printable(out, a->by);
	if (a->total > 1)
		str_addf(out, ": %s of %s done", text_exact(n,
			(uint64_t)a->done), text_exact(all,
				(uint64_t)a->total));
	if (a->skipped)
		str_addf(out, ", %s skipped", text_exact(n,
			(uint64_t)a->skipped));
	if (a->failed)
		str_addf(out, ", %s failed", text_exact(n,
			(uint64_t)a->failed));
	if (a->total > 1 && a->ended_at == HISTORY_NO_TIME)
		str_add(out, ", not finished");
	if (a->undone_by)
		str_add(out, ", undone");
	if (a->reason) {
		str_add(out, "  \"");
		add_printable(out, a->reason);
		str_add(out, "\"");
	}
	if (a->detail) {
		str_add(out, "  ");
		add_printable(out, a->detail);
	}
}

/* Of a verdict its sentence, without the word that programs read. */
static void
event_words(const struct history_event *e, struct str *out)
{
	struct verdict v;

	add_printable(out, e->number == EVENT_VERDICT &&
		status_read_verdict(e->text, &v) ? v.text : e->text);
}

void
log_words(const struct history_log_row *row, struct str *out)
{
	if (row->kind == HISTORY_LOG_ATTEMPT)
		attempt_words(&row->attempt, out);
	else if (row->kind == HISTORY_LOG_ACTION)
		log_action_words(&row->action, out);
	else
		event_words(&row->event, out);
}
