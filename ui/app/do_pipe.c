/* SPDX-License-Identifier: ISC */
/* do_pipe: the message on the page to a command of a shell, what it prints to a
 * text (screen_run.h). See do.h. */
#include "app/ask.h"
#include "app/do.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/screen_run.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <unistd.h>

struct pipe_ask {
	struct ask ask;
	int64_t id;
};

/* The message's file, or -1. */
static int
open_file(struct desk *desk, int64_t id, struct error *err)
{
	struct history_message m;
	struct stat st;
	enum spool_dir dir;
	int in, rc = history_message_get(desk->store.history, id, &m, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no such message");
	in = store_open_message(&desk->store, &m, &st, &dir, err);
	history_message_release(&m);
	return in;
}

static bool
done(struct ask *a, struct request *out)
{
	struct pipe_ask *pa = (struct pipe_ask *)a;
	char *command = a->prompt.fields[0].text.data, title[80];
	char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct error err = ERROR_INIT;
	struct program program;
	int in = open_file(a->desk, pa->id, &err);
	bool runs;

	(void)out;
	snprintf(title, sizeof title, "#%" PRId64 " | %.50s", pa->id, command);
	runs = in >= 0 && program_start(argv, in, &program, &err) == 0;
	if (runs)
		screen_run_open(a->desk, title, &program);
	if (in >= 0)
		close(in);
	if (!runs)
		prompt_refuse(&a->prompt, 0, err.text);
	return runs;
}

static const struct ask_kind kind = { .line = true, .done = done };

void
do_pipe(struct desk *desk)
{
	struct message_screen *ms = screen_message_top(desk);
	struct pipe_ask *pa;

	if (desk->read_only)
		desk_note(desk, says_read_only, desk->read_only_why);
	if (desk->read_only || !ms)
		return;
	pa = xcalloc(1, sizeof *pa);
	pa->id = ms->id;
	str_init(&pa->ask.page.title);
	prompt_add_text(&pa->ask.prompt, "|", "", true);
	snprintf(pa->ask.hint, sizeof pa->ask.hint, says_hint_pipe, ms->id);
	ask_open(desk, &pa->ask, &kind);
}
