/* SPDX-License-Identifier: ISC */
/*
 * do_program: a command of the settings, run on the message or cause that is
 * meant (screen_run.h). It gets one JSON object on its standard input, and
 * nothing of it on its command line. See do.h.
 */
#include "app/do.h"
#include "app/says.h"
#include "app/screen_run.h"
#include "app/subject.h"

#include <stdio.h>

/* Whether it may be run here and now, on this; says why not. */
static bool
may_run(struct desk *desk, const struct settings_program *p,
	struct note_on *on)
{
	struct screen *top = screens_top(&desk->screens);
	unsigned here = top->kind->context ? top->kind->context(top) : 0;

	if ((desk->then || p->writes) && !desk_may_write(desk))
		return false;
	if (!(here & (KEYMAP_MAIL | KEYMAP_LOG))) {
		desk_note(desk, says_not_here, p->name);
		return false;
	}
	if (!subject_take(desk, on))
		return false;
	if (on->message ? p->on_message : p->on_cause)
		return true;
	desk_note(desk, on->message ? says_for_causes : says_for_messages,
		p->name);
	return false;
}

void
do_program(struct desk *desk, const struct settings_program *p)
{
	struct error err = ERROR_INIT;
	struct note_on on;
	struct program_about about = { p, &on, NULL, desk->status.host,
		desk->actor.by };
	struct program program;
	char title[80];

	if (!may_run(desk, p, &on))
		return;
	about.cause = subject_cause(desk);
	snprintf(title, sizeof title, "%.30s: %.45s", p->name, on.words);
	if (program_start_command(desk->settings, &desk->store, &about,
	    &program, &err) < 0)
		desk_fail(desk, &err);
	else
		screen_run_open(desk, title, &program);
}

void
do_program_key(struct desk *desk, key_code key)
{
	const struct settings_programs *all = &desk->settings->commands;
	key_code its;

	for (size_t i = 0; i < all->count; i++)
		if (key_parse(all->of[i].key, &its) && its == key) {
			do_program(desk, &all->of[i]);
			return;
		}
	desk_note(desk, says_no_key);
}
