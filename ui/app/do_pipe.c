/* SPDX-License-Identifier: ISC */
/*
 * do_pipe: the message on the page to a command, what it prints to a text. The
 * command gets the file as its standard input and none of our descriptors, has
 * a session of its own (no terminal) and the operator's own group; Esc or
 * Ctrl-C ends it, with all it started. See do.h.
 */
#include "app/ask.h"
#include "app/do.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/screen_text.h"
#include "base/compat.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "term/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX (1 << 20)	/* what is shown; then it is ended */
#define WAIT_MS 20		/* for output, so that keys are heard */

struct pipe_ask {
	struct ask ask;
	int64_t id;
};

struct pipe_screen {
	struct screen screen;
	struct desk *desk;
	char title[80];
	pid_t pid;		/* 0: it has ended */
	int fd;			/* of what it prints */
	struct str output;
};

/* ---- the command ---- */

static void
become(const char *command, int in, int out)
{
	sigset_t none;
	gid_t own = getgid();

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)setsid();
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
	    close_range(3, ~0u, 0) < 0 || setresgid(own, own, own) < 0)
		_exit(126);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* The message's file to its standard input. 0 or -1. */
static int
start(struct desk *desk, int64_t id, const char *command,
	struct pipe_screen *ps, struct error *err)
{
	struct history_message m;
	struct stat st;
	enum spool_dir dir;
	int fds[2], in, rc = history_message_get(desk->store.history, id, &m,
		err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no such message");
	in = store_open_message(&desk->store, &m, &st, &dir, err);
	history_message_release(&m);
	if (in < 0)
		return -1;
	if (pipe2(fds, O_CLOEXEC) < 0) {
		close(in);
		return error_sys(err, errno, "make a pipe");
	}
	ps->pid = fork();
	if (ps->pid == 0)
		become(command, in, fds[1]);
	close(in);
	close(fds[1]);
	ps->fd = fds[0];
	if (ps->pid < 0) {
		close(fds[0]);
		return error_sys(err, errno, "start a process");
	}
	return 0;
}

static void
end(struct pipe_screen *ps)
{
	if (ps->pid > 0) {
		(void)kill(-ps->pid, SIGKILL);
		(void)kill(ps->pid, SIGKILL);
		while (waitpid(ps->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	ps->pid = 0;
}

/* ---- what it prints ---- */

/* Its output and how it ended become a text of its own. */
static void
show(struct pipe_screen *ps, const char *ended)
{
	struct str text = STR_INIT;
	const char *line = ps->output.data;

	while (*line) {
		size_t n = strcspn(line, "\n");

		text_add_printable(&text, line, n);
		str_add_char(&text, '\n');
		line += n + (line[n] == '\n');
	}
	str_addf(&text, "-- %s \n", ended);
	screens_close(&ps->desk->screens, &ps->screen);
	screen_text_open(ps->desk, ps->title, &text);
}

/* True: there was something to be read. */
static bool
read_some(struct pipe_screen *ps, int wait_ms)
{
	struct pollfd fd = { .fd = ps->fd, .events = POLLIN };
	char buf[65536];
	ssize_t n;

	if (poll(&fd, 1, wait_ms) <= 0)
		return false;
	n = read(ps->fd, buf, sizeof buf);
	for (ssize_t i = 0; i < n; i++)
		if (!buf[i])
			buf[i] = '?';
	if (n > 0)
		str_add_bytes(&ps->output, buf, (size_t)n);
	return n > 0;
}

static bool
tick(struct screen *s)
{
	struct pipe_screen *ps = (struct pipe_screen *)s;
	char ended[40] = "ended: too much is printed";
	int status;

	ps->desk->dirty |= read_some(ps, WAIT_MS);
	if (ps->output.len < OUTPUT_MAX) {
		if (waitpid(ps->pid, &status, WNOHANG) != ps->pid)
			return true;
		while (ps->output.len < OUTPUT_MAX && read_some(ps, 0))
			;
		snprintf(ended, sizeof ended, WIFEXITED(status) ?
			"exit status %d" : "ended by signal %d",
			WIFEXITED(status) ? WEXITSTATUS(status) :
			WTERMSIG(status));
		/* What it left behind. */
		(void)kill(-ps->pid, SIGKILL);
		ps->pid = 0;
	}
	end(ps);
	show(ps, ended);
	return false;
}

static struct request
key(struct screen *s, const struct key_event *event)
{
	struct pipe_screen *ps = (struct pipe_screen *)s;

	if (event->key == KEYS_ESC || event->key == KEY_CTRL('C') ||
	    event->key == KEY_CTRL('G') || event->key == 'q') {
		end(ps);
		show(ps, "ended by you");
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
close_pipe(struct screen *s)
{
	struct pipe_screen *ps = (struct pipe_screen *)s;

	end(ps);
	close(ps->fd);
	str_release(&ps->output);
	free(ps);
}

static const struct screen_kind screen_pipe = {
	.name = "pipe", .still = true, .key = key, .tick = tick,
	.draw_bottom = draw_bottom, .close = close_pipe,
};

/* ---- asking ---- */

static bool
done(struct ask *a, struct request *out)
{
	struct pipe_ask *pa = (struct pipe_ask *)a;
	const char *command = a->prompt.fields[0].text.data;
	struct pipe_screen *ps = xcalloc(1, sizeof *ps);
	struct error err = ERROR_INIT;

	(void)out;
	ps->screen.kind = &screen_pipe;
	ps->desk = a->desk;
	str_init(&ps->output);
	snprintf(ps->title, sizeof ps->title, "#%" PRId64 " | %.50s", pa->id,
		command);
	if (start(a->desk, pa->id, command, ps, &err) < 0) {
		free(ps);
		prompt_refuse(&a->prompt, 0, err.text);
		return false;
	}
	screens_close(&a->desk->screens, &a->screen);
	screens_push(&a->desk->screens, &ps->screen);
	return true;
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
