/* SPDX-License-Identifier: ISC */
/* child: see child.h for the contract. */
#include "child.h"
#include "base/compat.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
child_end(struct child *child)
{
	if (child->pid && !child->ended) {
		kill(-child->group, SIGKILL);
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
	}
	close_fd(&child->master);
	close_fd(&child->slave);
	picture_free(child->picture);
	str_release(&child->raw);
	str_release(&child->answers);
	str_release(&child->asked);
	*child = (struct child)CHILD_INIT;
	str_init(&child->raw);
	str_init(&child->answers);
	str_init(&child->asked);
}

/* The session's leader: as the job, so it. */
static void
lead(pid_t job)
{
	int status;

	while (waitpid(job, &status, WUNTRACED) == job) {
		if (WIFSTOPPED(status)) {
			raise(SIGSTOP);
		} else if (WIFEXITED(status)) {
			_exit(WEXITSTATUS(status));
		} else {
			signal(WTERMSIG(status), SIG_DFL);
			raise(WTERMSIG(status));
		}
	}
	_exit(126);
}

static void
start_job(struct child *child, char **argv)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP,
		SIGTTOU, SIGTTIN };
	pid_t job;

	login_tty(child->slave);
	close_range(STDERR_FILENO + 1, ~0U, 0);	/* the other terminals, too */
	job = fork();
	if (job == 0) {
		signal(SIGTTOU, SIG_IGN);
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		/* Whoever runs the tests in the background ignores some. */
		for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
			signal(ignored[i], SIG_DFL);
		execv(argv[0], argv);
		printf("cannot run %s\r\n", argv[0]);
		fflush(stdout);
		_exit(127);
	}
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	lead(job);
}

int
child_run(struct child *child, char **argv, int columns, int rows)
{
	struct winsize size = {
		.ws_col = (unsigned short)columns,
		.ws_row = (unsigned short)rows,
	};

	child_end(child);
	if (openpty(&child->master, &child->slave, NULL, NULL, &size) < 0) {
		printf("# openpty: %s\n", strerror(errno));
		return -1;
	}
	fcntl(child->master, F_SETFL, O_NONBLOCK);
	tcgetattr(child->slave, &child->before);
	child->picture = picture_new(columns, rows);
	fflush(stdout);
	child->pid = fork();
	if (child->pid == 0)
		start_job(child, argv);
	return child->pid < 0 ? -1 : 0;
}

void
child_signal(struct child *child, int number)
{
	/* Before it goes on, as it may stop again at once. */
	if (number == SIGCONT)
		child->stopped = false;
	kill(-child->group, number);
	if (number == SIGCONT)
		kill(child->pid, SIGCONT);
}

static void
look_after(struct child *child)
{
	int status;

	if (!child->pid || child->ended ||
	    waitpid(child->pid, &status, WNOHANG | WUNTRACED) <= 0)
		return;
	if (WIFSTOPPED(status)) {
		child->stopped = true;
	} else {
		child->ended = true;
		child->status = status;
	}
}

/* What has arrived is drawn, up to a question where the cursor is: then the
 * picture is what that question is about. */
static void
draw_some(struct child *child)
{
	static const char question[] = "\x1b[6n";
	const char *from = child->raw.data + child->shown;
	const char *at = strstr(from, question);
	size_t n = at ? (size_t)(at - from) + strlen(question) :
		child->raw.len - child->shown;

	picture_feed(child->picture, from, n);
	child->shown += n;
	if (!at)
		return;
	str_clear(&child->asked);
	picture_text(child->picture, &child->asked);
}

/* The same for all of it, and what the terminal answers is sent. */
static void
show(struct child *child)
{
	char answer[256];
	size_t n;

	if (child->stalled)
		return;
	do
		draw_some(child);
	while (child->shown < child->raw.len);
	while ((n = picture_answer(child->picture, answer, sizeof answer)) > 0)
		if (!child->silent)
			str_add_bytes(&child->answers, answer, n);
}

bool
child_has_read(const struct child *child)
{
	int unread = 0;

	return child->ended || child->stopped || child->slave < 0 ||
		ioctl(child->slave, FIONREAD, &unread) < 0 || unread == 0;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
send_answers(struct child *child)
{
	ssize_t n = write(child->master, child->answers.data,
		child->answers.len);

	if (n <= 0)
		return;
	child->asked_ms = now_ms();
	memmove(child->answers.data, child->answers.data + n,
		child->answers.len - (size_t)n);
	str_truncate(&child->answers, child->answers.len - (size_t)n);
}

static bool
pump(struct child *child, int ms)
{
	struct pollfd fd = { .fd = child->master, .events = POLLIN };
	char bytes[4096];
	ssize_t n = 0;

	if (poll(&fd, child->master >= 0, ms) > 0)
		n = read(child->master, bytes, sizeof bytes);
	if (child->master >= 0 && tcgetpgrp(child->master) > 0)
		child->group = tcgetpgrp(child->master);
	if (n > 0)
		str_add_bytes(&child->raw, bytes, (size_t)n);
	if (child->picture)
		show(child);
	look_after(child);
	return n > 0;
}

bool
child_pump(struct child *child, int ms)
{
	bool came = pump(child, ms);

	if (child->answers.len && child->master >= 0)
		send_answers(child);
	return came;
}

bool
child_send(struct child *child, const char *bytes, size_t len)
{
	str_clear(&child->asked);
	while (len > 0 && child->master >= 0 && !child->ended) {
		ssize_t n = write(child->master, bytes, len);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n < 0)		/* no answer into the midst of a key */
			pump(child, 1);
		bytes += n < 0 ? 0 : n;
		len -= n < 0 ? 0 : (size_t)n;
	}
	return len == 0;
}

void
child_resize(struct child *child, int columns, int rows)
{
	struct winsize size = {
		.ws_col = (unsigned short)columns,
		.ws_row = (unsigned short)rows,
	};

	picture_resize(child->picture, columns, rows);
	ioctl(child->master, TIOCSWINSZ, &size);
}

void
child_hang_up(struct child *child)
{
	close_fd(&child->slave);
	close_fd(&child->master);
}

bool
child_is_restored(const struct child *child)
{
	struct termios now;

	return tcgetattr(child->slave, &now) == 0 &&
		now.c_iflag == child->before.c_iflag &&
		now.c_oflag == child->before.c_oflag &&
		now.c_cflag == child->before.c_cflag &&
		now.c_lflag == child->before.c_lflag &&
		memcmp(now.c_cc, child->before.c_cc, sizeof now.c_cc) == 0;
}
