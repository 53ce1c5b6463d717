/* SPDX-License-Identifier: ISC */
/* screen_run: see screen_run.h for the contract. */
#include "app/screen_run.h"
#include "app/says.h"
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

struct run_screen {
	struct screen screen;
	struct desk *desk;
	char title[80];
	pid_t pid;		/* 0: it has ended */
	int fd;			/* of what it prints */
	struct str output;
};

/* ---- the program ---- */

static void
become(char *const *argv, int in, int out)
{
	sigset_t none;
	gid_t own = getgid();

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)setsid();
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
	    close_range(3, ~0u, 0) < 0 || setresgid(own, own, own) < 0)
		_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

static int
start(char *const *argv, int in, struct run_screen *rs, struct error *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_sys(err, errno, "make a pipe");
	rs->pid = fork();
	if (rs->pid == 0)
		become(argv, in, fds[1]);
	close(fds[1]);
	rs->fd = fds[0];
	if (rs->pid < 0) {
		close(fds[0]);
		return error_sys(err, errno, "start a process");
	}
	return 0;
}

static void
end(struct run_screen *rs)
{
	if (rs->pid > 0) {
		(void)kill(-rs->pid, SIGKILL);
		(void)kill(rs->pid, SIGKILL);
		while (waitpid(rs->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	rs->pid = 0;
}

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
}

/* True: there was something to be read. */
static bool
read_some(struct run_screen *rs, int wait_ms)
{
	struct pollfd fd = { .fd = rs->fd, .events = POLLIN };
	char buf[65536];
	ssize_t n;

	if (poll(&fd, 1, wait_ms) <= 0)
		return false;
	n = read(rs->fd, buf, sizeof buf);
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
	char ended[40] = "ended: too much is printed";
	int status;

	rs->desk->dirty |= read_some(rs, WAIT_MS);
	if (rs->output.len < OUTPUT_MAX) {
		if (waitpid(rs->pid, &status, WNOHANG) != rs->pid)
			return true;
		while (rs->output.len < OUTPUT_MAX && read_some(rs, 0))
			;
		snprintf(ended, sizeof ended, WIFEXITED(status) ?
			"exit status %d" : "ended by signal %d",
			WIFEXITED(status) ? WEXITSTATUS(status) :
			WTERMSIG(status));
		/* What it left behind. */
		(void)kill(-rs->pid, SIGKILL);
		rs->pid = 0;
	}
	end(rs);
	show(rs, ended);
	return false;
}

static struct request
key(struct screen *s, const struct key_event *event)
{
	struct run_screen *rs = (struct run_screen *)s;

	if (event->key == KEYS_ESC || event->key == KEY_CTRL('C') ||
	    event->key == KEY_CTRL('G') || event->key == 'q') {
		end(rs);
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

	end(rs);
	close(rs->fd);
	str_release(&rs->output);
	free(rs);
}

static const struct screen_kind screen_run = {
	.name = "run", .still = true, .key = key, .tick = tick,
	.draw_bottom = draw_bottom, .close = close_run,
};

int
screen_run_open(struct desk *desk, const char *title, char *const *argv,
	int in, struct error *err)
{
	struct run_screen *rs = xcalloc(1, sizeof *rs);

	rs->screen.kind = &screen_run;
	rs->desk = desk;
	str_init(&rs->output);
	snprintf(rs->title, sizeof rs->title, "%s", title);
	if (start(argv, in, rs, err) < 0) {
		free(rs);
		return -1;
	}
	screens_push(&desk->screens, &rs->screen);
	return 0;
}
