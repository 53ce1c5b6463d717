/* SPDX-License-Identifier: ISC */
/* sweep_child: running one program and getting rid of what it leaves. */
#include "sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void
sweep_adopt(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void __attribute__((noreturn))
become(const struct sweep_child *c)
{
	int in = open("/dev/null", O_RDONLY);
	int out = open(c->output, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	setsid();
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
	    dup2(out, 2) < 0)
		_exit(127);
	close(in);
	close(out);
	for (const char *const *e = c->env; e && *e; e++)
		if (strchr(*e, '='))
			putenv((char *)(uintptr_t)*e);
		else
			unsetenv(*e);
	execvp(c->argv[0], (char *const *)(uintptr_t)c->argv);
	fprintf(stderr, "%s: %s\n", c->argv[0], strerror(errno));
	_exit(127);
}

/* Whether the process ended in time. */
static bool
wait_for_end(pid_t pid, int timeout_s)
{
	struct pollfd p = { .events = POLLIN };
	int n;

	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p.fd < 0)
		return true;
	do
		n = poll(&p, 1, timeout_s * 1000);
	while (n < 0 && errno == EINTR);
	close(p.fd);
	return n != 0;
}

int
sweep_run(const struct sweep_child *c)
{
	bool in_time;
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		become(c);
	if (pid < 0)
		return 127;
	in_time = wait_for_end(pid, c->timeout_s);
	if (!in_time)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!in_time) {
		sweep_kill_survivors();
		return 124;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
}

/* Kills the children of this process, once. False if there are none. */
static bool
kill_children(void)
{
	char path[64], *at, *end, list[4096];
	ssize_t n;
	int fd;
	long pid;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, list, sizeof list - 1);
	close(fd);
	if (n <= 0)
		return false;
	list[n] = '\0';
	for (at = list; (pid = strtol(at, &end, 10)) > 0; at = end)
		kill((pid_t)pid, SIGKILL);
	return true;
}

/* What dies leaves its own children to us: go on until there are none. */
void
sweep_kill_survivors(void)
{
	while (kill_children())
		if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
			break;
}
