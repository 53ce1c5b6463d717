/* SPDX-License-Identifier: ISC */
/*
 * importer_runner: starts the import program, waits for it, and leaves
 * nothing of it behind. See importer.h.
 *
 * The runner is a subreaper: whatever the program forked and left becomes its
 * child, so "no children" (ECHILD) means that nothing lives on.
 */
#include "connector/importer_private.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM_LOCK 3		/* the lane's lock in the program */
#define GRACE_MS 2000		/* between TERM and KILL */
#define KILL_MS 5000		/* for killed processes to be gone */
#define DRAIN_MAX (1 << 20)	/* output read after its end: never wait */

struct run {
	int lock;
	int in, out;			/* a worker's, or -1 */
	int output;			/* read end */
	int pidfd;
	pid_t pid;
	int64_t start_mono_ms, until_mono_ms;
	bool term_sent, stopped, timed_out, orphaned;
	struct runner_reply *reply;
};

/* Keeps the last IMPORTER_OUTPUT_MAX bytes. */
static void
keep_tail(struct runner_reply *r, const char *bytes, size_t n)
{
	size_t over;

	if (n > IMPORTER_OUTPUT_MAX) {
		bytes += n - IMPORTER_OUTPUT_MAX;
		n = IMPORTER_OUTPUT_MAX;
	}
	over = r->output_len + n > IMPORTER_OUTPUT_MAX ?
		r->output_len + n - IMPORTER_OUTPUT_MAX : 0;
	memmove(r->output, r->output + over, r->output_len - over);
	r->output_len -= over;
	memcpy(r->output + r->output_len, bytes, n);
	r->output_len += n;
}

/* Reads what is there. False when it has ended. */
static bool
read_output(struct run *run)
{
	char buf[65536];
	ssize_t n = read(run->output, buf, sizeof buf);

	if (n > 0)
		keep_tail(run->reply, buf, (size_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static int
spawn(struct run *run, char **argv, char **envp, const char *dir)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int out[2], rc;

	if (pipe2(out, O_CLOEXEC) < 0)
		return errno;
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&fa);
	if (run->in >= 0)
		posix_spawn_file_actions_adddup2(&fa, run->in, 0);
	else
		posix_spawn_file_actions_addopen(&fa, 0, "/dev/null",
			O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, run->out >= 0 ? run->out :
		out[1], 1);
	posix_spawn_file_actions_adddup2(&fa, out[1], 2);
	posix_spawn_file_actions_adddup2(&fa, run->lock, PROGRAM_LOCK);
	posix_spawn_file_actions_addchdir_np(&fa, dir);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(&run->pid, argv[0], &fa, &attr, argv, envp);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	close(out[1]);
	if (rc == 0) {
		run->pidfd = pidfd_open(run->pid, 0);
		if (run->pidfd < 0)
			rc = errno;
	}
	if (rc != 0) {
		close(out[0]);
		return rc;
	}
	run->output = out[0];
	return 0;
}

/* TERM first, KILL when the grace is over. */
static void
push_to_end(struct run *run)
{
	int64_t now = clock_mono_ms();

	if (!run->term_sent) {
		kill(-run->pid, SIGTERM);
		run->term_sent = true;
		run->until_mono_ms = now + GRACE_MS;
	} else if (now >= run->until_mono_ms) {
		kill(-run->pid, SIGKILL);
		kill(run->pid, SIGKILL);
		run->until_mono_ms = now + GRACE_MS;
	}
}

/* The socket has something while a program runs: stop, or the connector is
 * gone. */
static void
hear(struct run *run)
{
	char byte;
	ssize_t n = recv(RUNNER_SOCKET, &byte, 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		run->orphaned = true;
	run->stopped = true;
	kill(-run->pid, SIGKILL);
	kill(run->pid, SIGKILL);
}

/* Waits until the program itself has ended; its status. */
static int
wait_for_end(struct run *run)
{
	bool open = true;
	int status = 0;

	for (;;) {
		struct pollfd p[3] = {
			{ .fd = run->pidfd, .events = POLLIN },
			{ .fd = run->orphaned ? -1 : RUNNER_SOCKET,
				.events = POLLIN },
			{ .fd = open ? run->output : -1, .events = POLLIN },
		};
		int64_t left = run->until_mono_ms - clock_mono_ms();
		int timeout = left < 0 ? 0 : left > 60000 ? 60000 : (int)left;

		if (poll(p, 3, timeout) < 0 && errno != EINTR)
			break;
		if (p[0].revents)
			break;
		if (p[1].revents)
			hear(run);
		if (p[2].revents)
			open = read_output(run);
		if (clock_mono_ms() >= run->until_mono_ms) {
			run->timed_out = !run->stopped;
			push_to_end(run);
		}
	}
	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	for (int got = 0; open && got < DRAIN_MAX; got += 65536) {
		struct pollfd p = { .fd = run->output, .events = POLLIN };

		if (poll(&p, 1, 0) <= 0 || !(p.revents & POLLIN))
			break;
		open = read_output(run);
	}
	return status;
}

/* Kills the children of this process, as /proc names them. */
static int
kill_children(void)
{
	char path[64], list[4096], *p = list, *end;
	int killed = 0, fd;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/self/task/%d/children",
		(int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, list, sizeof list - 1);
	close(fd);
	list[n > 0 ? n : 0] = '\0';
	for (;;) {
		long pid = strtol(p, &end, 10);

		if (end == p || pid <= 1)
			break;
		if (kill((pid_t)pid, SIGKILL) == 0)
			killed++;
		p = end;
	}
	return killed;
}

/* The group, then all left descendants, until there are none. */
static void
clean_up(struct run *run)
{
	int64_t until = clock_mono_ms() + KILL_MS;
	struct timespec pause = { 0, 1000000 };
	pid_t pid;

	kill(-run->pid, SIGKILL);
	for (;;) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			run->reply->killed++;
		if (pid < 0 && errno == ECHILD)
			return;
		kill_children();
		if (clock_mono_ms() >= until) {
			run->reply->alive = 1;
			return;
		}
		nanosleep(&pause, NULL);
	}
}

static void
judge(struct run *run, int status)
{
	struct runner_reply *r = run->reply;

	if (run->stopped) {
		r->end = IMPORTER_STOPPED;
	} else if (run->timed_out) {
		r->end = IMPORTER_TIMED_OUT;
	} else if (WIFSIGNALED(status)) {
		r->end = IMPORTER_SIGNALLED;
		r->value = WTERMSIG(status);
	} else {
		r->end = IMPORTER_EXITED;
		r->value = WEXITSTATUS(status);
	}
}

/* name=value out of our own environment, or NULL. */
static char *
inherit(const char *name)
{
	const char *value = getenv(name);

	return value ? xasprintf("%s=%s", name, value) : NULL;
}

static void
run_program(struct run *run, const struct runner_request *head,
	const char *strings)
{
	char **argv = xcalloc((size_t)head->argc + 1, sizeof *argv);
	char *envp[6] = { NULL };
	const char *dir = strings, *id = dir + strlen(dir) + 1;
	const char *p = id + strlen(id) + 1;
	static const char *const kept[] = { "PATH", "LANG", "TZ" };
	int n = 0, rc;

	for (int i = 0; i < head->argc; i++, p += strlen(p) + 1)
		argv[i] = (char *)(uintptr_t)p;
	if (*id)
		envp[n++] = xasprintf("CCMQ_ID=%s", id);
	for (size_t i = 0; i < 3; i++) {
		envp[n] = inherit(kept[i]);
		n += envp[n] != NULL;
	}
	run->start_mono_ms = clock_mono_ms();
	run->until_mono_ms = head->timeout_ms ? run->start_mono_ms +
		head->timeout_ms : INT64_MAX;
	rc = spawn(run, argv, envp, dir);
	/* Ours would keep the pipes open. */
	if (run->in >= 0)
		close(run->in);
	if (run->out >= 0)
		close(run->out);
	if (rc != 0) {
		run->reply->end = IMPORTER_NOT_STARTED;
		run->reply->value = rc;
	} else {
		judge(run, wait_for_end(run));
		clean_up(run);
		close(run->output);
		close(run->pidfd);
	}
	run->reply->took_ms = clock_mono_ms() - run->start_mono_ms;
	for (int i = 0; i < n; i++)
		free(envp[i]);
	free(argv);
}

/* One packet and the descriptors with it. Bytes, 0 at the end, -1. */
static ssize_t
receive(char *buf, size_t cap, int fds[RUNNER_FDS])
{
	struct iovec iov = { buf, cap };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(RUNNER_FDS * sizeof(int))];
	} control;
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control.space,
	};
	struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(RUNNER_SOCKET, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	for (int i = 0; i < RUNNER_FDS; i++)
		fds[i] = -1;
	c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(fds, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
	return n;
}

/* The socket as descriptor 3 would be overwritten by the program's lock, and
 * must not reach it; nor must what whoever started the connector left open. */
static void
prepare(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

	close_range(RUNNER_SOCKET + 1, ~0U, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "ccmqd-runner");
	fcntl(RUNNER_SOCKET, F_SETFD, FD_CLOEXEC);
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
}

int
importer_runner_main(void)
{
	char *buf = xmalloc(IMPORTER_ARGS_MAX + 1);
	struct runner_reply *reply = xmalloc(sizeof *reply);
	struct runner_request head;
	ssize_t n;
	int fds[RUNNER_FDS];

	prepare();
	while ((n = receive(buf, IMPORTER_ARGS_MAX, fds)) > 0) {
		struct run run = { .lock = fds[0], .in = fds[1],
			.out = fds[2], .reply = reply };

		if ((size_t)n <= sizeof head || run.lock < 0)
			continue;	/* a stop that came too late */
		memset(reply, 0, sizeof *reply);
		memcpy(&head, buf, sizeof head);
		buf[n] = '\0';
		run_program(&run, &head, buf + sizeof head);
		close(run.lock);
		if (run.orphaned ||
		    send(RUNNER_SOCKET, reply, sizeof *reply, 0) < 0)
			break;
	}
	free(reply);
	free(buf);
	return 0;
}
