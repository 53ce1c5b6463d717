/* SPDX-License-Identifier: ISC */
/* do_note: a note on a message or a cause, and that somebody has it in hand.
 * See do.h, and notes.h for what they are. */
#include "app/ask.h"
#include "app/do.h"
#include "app/says.h"
#include "app/subject.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <string.h>

struct note_ask {
	struct ask ask;
	struct note_on on;
};

static bool
done(struct ask *a, struct request *out)
{
	struct note_ask *na = (struct note_ask *)a;
	struct error err = ERROR_INIT;

	(void)out;
	if (!desk_may_write(a->desk))
		return true;
	if (notes_write(&a->desk->store, &a->desk->actor, &na->on,
	    a->prompt.fields[0].text.data, &err) < 0) {
		prompt_refuse(&a->prompt, 0, err.text);
		return false;
	}
	desk_note(a->desk, says_noted, na->on.words);
	a->desk->stale = true;
	return true;
}

static const struct ask_kind kind = { .line = true, .done = done };

void
do_note(struct desk *desk)
{
	struct note_ask *na;
	struct note_on on;

	if (!desk_may_write(desk) || !subject_take(desk, &on))
		return;
	na = xcalloc(1, sizeof *na);
	na->on = on;
	str_init(&na->ask.page.title);
	prompt_add_text(&na->ask.prompt, "Note", "", true);
	snprintf(na->ask.hint, sizeof na->ask.hint, says_hint_note, on.words);
	ask_open(desk, &na->ask, &kind);
}

void
do_mine(struct desk *desk)
{
	struct history_note now, was;
	struct error err = ERROR_INIT;
	struct note_on on;
	char until[TEXT_TIME_MAX], by[48];
	bool other;

	if (!desk_may_write(desk) || !subject_take(desk, &on))
		return;
	if (notes_take(&desk->store, &desk->actor, &on, 0, &now, &was, &err) <
	    0) {
		desk_fail(desk, &err);
		return;
	}
	other = was.by && strcmp(was.by, now.by) != 0;
	text_time(until, now.until, now.at);
	if (now.until <= now.at)
		desk_note(desk, says_not_mine, on.words);
	else if (other)
		desk_note(desk, says_mine_now, on.words, until, text_printable(
			by, sizeof by, was.by, strcspn(was.by, " ")));
	else
		desk_note(desk, says_mine, on.words, until);
	history_note_release(&now);
	history_note_release(&was);
	desk->stale = true;
}
