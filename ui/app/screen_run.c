/* SPDX-License-Identifier: ISC */
/* screen_run: see screen_run.h for the contract. */
#include "app/screen_run.h"
#include "app/says.h"
#include "app/screen_text.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "term/term.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_MAX (1 << 20)	/* what is shown; then it is ended */
#define WAIT_MS 20		/* for output, so that keys are heard */

struct run_screen {
	struct screen screen;
	struct desk *desk;
	char title[80];
	struct program program;
	struct str output;
};

/* ---- what it prints ---- */

/* Its output and how it ended become a text of its own. */
static void
show(struct run_screen *rs, const char *ended)
{
	struct str text = STR_INIT;
	const char *line = rs->output.data;

	while (*line) {
		size_t n = strcspn(line, "\n");

		text_add_printable(&text, line, n);
		str_add_char(&text, '\n');
		line += n + (line[n] == '\n');
	}
	str_addf(&text, "-- %s \n", ended);
	screens_close(&rs->desk->screens, &rs->screen);
	screen_text_open(rs->desk, rs->title, &text);
	rs->desk->dirty = true;		/* it may have ended in silence */
}

/* True: there was something to be read. */
static bool
read_some(struct run_screen *rs, int wait_ms)
{
	struct pollfd fd = { .fd = rs->program.fd, .events = POLLIN };
	char buf[65536];
	ssize_t n;

	if (poll(&fd, 1, wait_ms) <= 0)
		return false;
	n = read(rs->program.fd, buf, sizeof buf);
	for (ssize_t i = 0; i < n; i++)
		if (!buf[i])
			buf[i] = '?';
	if (n > 0)
		str_add_bytes(&rs->output, buf, (size_t)n);
	return n > 0;
}

static bool
tick(struct screen *s)
{
	struct run_screen *rs = (struct run_screen *)s;
	char ended[PROGRAM_ENDED_MAX] = "ended: too much is printed";

	rs->desk->dirty |= read_some(rs, WAIT_MS);
	if (rs->output.len < OUTPUT_MAX) {
		if (!program_ended(&rs->program, ended))
			return true;
		while (rs->output.len < OUTPUT_MAX && read_some(rs, 0))
			;
	}
	program_end(&rs->program);
	show(rs, ended);
	return false;
}

static struct request
key(struct screen *s, const struct key_event *event)
{
	struct run_screen *rs = (struct run_screen *)s;

	if (event->key == KEYS_ESC || event->key == KEY_CTRL('C') ||
	    event->key == KEY_CTRL('G') || event->key == 'q') {
		program_end(&rs->program);
		show(rs, "ended by you");
	}
	return (struct request){ REQUEST_NONE, ACTION_NONE, 0, 0 };
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	(void)s;
	term_fill(rows - 2, 0, width, ROLE_NORMAL);
	term_put(rows - 2, 0, width, ROLE_LOOK, says_pipe_runs);
	term_put(rows - 1, 0, width, ROLE_KEY, "Esc, Ctrl-C: end it");
	term_cursor(rows - 2, 0);
}

static void
close_run(struct screen *s)
{
	struct run_screen *rs = (struct run_screen *)s;

	program_end(&rs->program);
	close(rs->program.fd);
	str_release(&rs->output);
	free(rs);
}

static const struct screen_kind screen_run = {
	.name = "run", .still = true, .key = key, .tick = tick,
	.draw_bottom = draw_bottom, .close = close_run,
};

void
screen_run_open(struct desk *desk, const char *title,
	const struct program *program)
{
	struct run_screen *rs = xcalloc(1, sizeof *rs);

	rs->screen.kind = &screen_run;
	rs->desk = desk;
	rs->program = *program;
	str_init(&rs->output);
	snprintf(rs->title, sizeof rs->title, "%s", title);
	screens_push(&desk->screens, &rs->screen);
}
