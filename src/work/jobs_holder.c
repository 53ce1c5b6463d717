/* SPDX-License-Identifier: ISC */
/* jobs_holder: who carries a job out. See jobs.h. */
#include "work/jobs.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TRIES_MAX 30		/* failed turns in a row, a second apart */

static int
open_lock(const struct store *s, int64_t id, int flags)
{
	char name[32];

	snprintf(name, sizeof name, "%" PRId64, id);
	return openat(s->spool.dirs[SPOOL_JOBS], name, flags | O_CLOEXEC |
		O_NOFOLLOW, 0660);
}

int
jobs_take(const struct store *s, int64_t id, struct error *err)
{
	int fd = open_lock(s, id, O_RDWR | O_CREAT);

	if (fd < 0)
		return error_sys(err, errno, "open jobs/%" PRId64, id);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return errno == EWOULDBLOCK ? -2 : error_sys(err, errno,
		"lock jobs/%" PRId64, id);
}

int
jobs_take_left(const struct store *s, int64_t *id_out)
{
	struct error ignored;
	DIR *dir = fs_open_names(s->spool.dirs[SPOOL_JOBS], ".", &ignored);
	const struct dirent *d;
	int taken = -1;

	while (dir && taken < 0 && fs_next(dir, &d, &ignored) > 0)
		if (text_parse_int(d->d_name, 1, INT64_MAX, id_out,
		    &ignored) == 0)
			taken = jobs_take(s, *id_out, &ignored);
	if (dir)
		closedir(dir);
	return taken < 0 ? -1 : taken;
}

bool
jobs_is_held(const struct store *s, int64_t id)
{
	int fd = open_lock(s, id, O_RDONLY);
	bool held;

	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	close(fd);
	return held;
}

void
jobs_drop(const struct store *s, int64_t id, int fd)
{
	char name[32];

	snprintf(name, sizeof name, "%" PRId64, id);
	unlinkat(s->spool.dirs[SPOOL_JOBS], name, 0);
	close(fd);
}

int
jobs_hold(struct store *s, int64_t id, struct error *err)
{
	int fd = jobs_take(s, id, err), failed = 0, rc = 1;

	if (fd < 0)
		return fd == -2 ? 0 : -1;
	while (rc > 0) {
		struct timespec pause = { 0, 0 };
		int64_t wait_ms = 1;

		rc = jobs_turn(s, id, &wait_ms, err);
		failed = rc < 0 ? failed + 1 : 0;
		/* A busy store, a full disk: they may end. */
		if (rc < 0 && failed < TRIES_MAX && err->code != ERROR_UNKNOWN
		    && err->code != ERROR_REPLACED &&
		    err->code != ERROR_NOT_FOUND) {
			wait_ms = CLOCK_SECOND;
			rc = 1;
		}
		pause.tv_sec = wait_ms / 1000;
		pause.tv_nsec = wait_ms % 1000 * 1000000;
		if (rc > 0)
			nanosleep(&pause, NULL);
	}
	jobs_drop(s, id, fd);
	return rc;
}

/* In a child, which ends: so the holder is nobody's that would have to bury it.
 * 0, or what errno says. */
static int
start_apart(const char *const argv[])
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, all;
	pid_t pid;

	sigemptyset(&none);
	sigfillset(&all);
	/* Nothing of the terminal's, and of nobody's files, goes on with it. */
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&fa, 0, 1);
	posix_spawn_file_actions_adddup2(&fa, 0, 2);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return posix_spawn(&pid, "/proc/self/exe", &fa, &attr,
		(char **)(uintptr_t)argv, environ);
}

int
jobs_start_holder(const char *program, const char *config,
	const struct store *s, int64_t id, struct error *err)
{
	char number[32];
	const char *argv[10] = { program, "-s", s->path };
	int n = 3, status = 0;
	pid_t pid;

	snprintf(number, sizeof number, "%" PRId64, id);
	if (config) {
		argv[n++] = "-c";
		argv[n++] = config;
	}
	argv[n++] = "job";
	argv[n++] = number;
	argv[n++] = "hold";
	pid = fork();
	if (pid == 0)
		_exit(start_apart(argv));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return error_sys(err, errno, "start the holder of job %"
			PRId64, id);
	return status == 0 ? 0 : error_sys(err, WIFEXITED(status) ?
		WEXITSTATUS(status) : EINTR, "start the holder of job %"
		PRId64, id);
}
