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

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The object, to be read from its beginning. A descriptor or -1. */
static int
make_input(struct json_line *j, struct error *err)
{
	struct str text = STR_INIT;
	int fd = memfd_create("command", MFD_CLOEXEC);

	json_line_append(j, &text);
	if (fd < 0 || write(fd, text.data, text.len) != (ssize_t)text.len ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		error_sys(err, errno, "keep what it is to read");
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	str_release(&text);
	return fd;
}

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
	struct json_line *j;
	struct note_on on;
	char title[80];
	int in = -1;

	if (!may_run(desk, p, &on))
		return;
	snprintf(title, sizeof title, "%.30s: %.45s", p->name, on.words);
	if (settings_trusted_program(desk->settings, p, &err) < 0 ||
	    !(j = subject_json(desk, &on, &err)) ||
	    (in = make_input(j, &err)) < 0 ||
	    screen_run_open(desk, title, p->run, in, &err) < 0)
		desk_fail(desk, &err);
	if (in >= 0)
		close(in);
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
