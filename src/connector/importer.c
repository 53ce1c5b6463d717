/* SPDX-License-Identifier: ISC */
/*
 * importer: the connector's side of a lane. See importer.h for the contract;
 * the runner's side is importer_runner.c.
 */
#include "connector/importer.h"
#include "base/clock.h"
#include "base/files.h"
#include "connector/importer_private.h"
#include "base/str.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CLOSE_MS 3000		/* for the runner to end its program */
#define CLEAR_TRIES 10		/* of 5 ms, for killed processes to be gone */

struct importer {
	int lanes_fd;
	char name[16];		/* of the lock in lanes/ */
	int lock;		/* held for the attempt to come, or -1 */
	int socket;		/* to the runner, or -1 */
	int ask, answer;	/* ends of a worker's pipes, or -1 */
	pid_t runner;
	bool running;
	int64_t started_mono_ms;
};

static struct importer *
importer_open(int lanes_fd, int lane, struct error *err)
{
	struct importer *im = xcalloc(1, sizeof *im);

	(void)err;
	im->lanes_fd = lanes_fd;
	im->lock = im->socket = im->ask = im->answer = -1;
	snprintf(im->name, sizeof im->name, "%d", lane);
	return im;
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
drop_runner(struct importer *im)
{
	if (im->socket >= 0)
		close(im->socket);
	im->socket = -1;
	if (im->runner > 0) {
		kill(im->runner, SIGKILL);
		waitpid(im->runner, NULL, 0);
	}
	im->runner = 0;
}

static void
importer_close(struct importer *im)
{
	struct pollfd p;

	if (!im)
		return;
	if (im->socket >= 0) {
		/* Let it kill its program first: it ends by itself then. */
		shutdown(im->socket, SHUT_WR);
		p = (struct pollfd){ .fd = im->socket, .events = POLLIN };
		while (im->running && poll(&p, 1, CLOSE_MS) > 0) {
			char buf[64];

			if (recv(im->socket, buf, sizeof buf, 0) <= 0)
				break;
		}
	}
	drop_runner(im);
	close_end(&im->ask);
	close_end(&im->answer);
	close_end(&im->lock);
	free(im);
}

/* Does process pid have the file st open? */
static bool
has_open(const char *pid, const struct stat *st)
{
	char path[300];
	const struct dirent *d;
	struct error ignored;
	struct stat other;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && fs_next(dir, &d, &ignored) > 0)
		found = fstatat(dirfd(dir), d->d_name, &other, 0) == 0 &&
			other.st_dev == st->st_dev &&
			other.st_ino == st->st_ino;
	closedir(dir);
	return found;
}

/* Kills every process but this one that has the lane's lock open. */
static int
kill_holders(const struct stat *st)
{
	const struct dirent *d;
	struct error ignored;
	DIR *dir = opendir("/proc");
	int killed = 0;

	if (!dir)
		return 0;
	while (fs_next(dir, &d, &ignored) > 0) {
		pid_t pid = (pid_t)strtol(d->d_name, NULL, 10);

		if (pid > 1 && pid != getpid() && has_open(d->d_name, st) &&
		    kill(pid, SIGKILL) == 0)
			killed++;
	}
	closedir(dir);
	/* Those of them that are our own children now. */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return killed;
}

static int
importer_clear_lane(struct importer *im, int *killed_out, struct error *err)
{
	struct timespec pause = { 0, 5000000 };
	struct stat st;

	*killed_out = 0;
	if (im->lock >= 0)
		return 1;
	assert(!im->running);
	im->lock = openat(im->lanes_fd, im->name, O_RDWR | O_CREAT | O_CLOEXEC |
		O_NOFOLLOW, 0660);
	if (im->lock < 0)
		return error_sys(err, errno, "open lanes/%s", im->name);
	for (int tries = 0; tries < CLEAR_TRIES; tries++) {
		if (flock(im->lock, LOCK_EX | LOCK_NB) == 0)
			return 1;
		if (errno != EWOULDBLOCK || fstat(im->lock, &st) < 0) {
			error_sys(err, errno, "lock lanes/%s", im->name);
			close_end(&im->lock);
			return -1;
		}
		/* A runner that is about to end holds it for a moment. */
		if (tries >= CLEAR_TRIES / 2)
			*killed_out += kill_holders(&st);
		nanosleep(&pause, NULL);
	}
	close_end(&im->lock);
	error_set(err, ERROR_BUSY, "something that the import program left "
		"running in lane %s cannot be killed", im->name);
	return 0;
}

static int
start_runner(struct importer *im, struct error *err)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	char *argv[] = { (char []){ "ccmqd" }, (char []){ "--runner" }, NULL };
	sigset_t none, all;
	int pair[2], rc;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return error_sys(err, errno, "make a socket for the runner");
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&fa, pair[1], RUNNER_SOCKET);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(&im->runner, "/proc/self/exe", &fa, &attr, argv,
		environ);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	close(pair[1]);
	if (rc != 0) {
		close(pair[0]);
		im->runner = 0;
		return error_sys(err, rc, "start the runner");
	}
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	im->socket = pair[0];
	return 0;
}

/* Sends the request with the lane's lock, and what else the program gets. */
static int
send_request(struct importer *im, const struct str *packet, const int *fds,
	size_t n, struct error *err)
{
	struct iovec iov = { packet->data, packet->len };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(RUNNER_FDS * sizeof(int))];
	} control = { 0 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	if (sendmsg(im->socket, &msg, MSG_NOSIGNAL) != (ssize_t)packet->len)
		return error_sys(err, errno, "send to the runner");
	return 0;
}

static void
build_request(const struct importer_spec *spec, struct str *out)
{
	struct runner_request head = {
		.timeout_ms = spec->timeout_ms, .worker = spec->worker,
	};

	for (char **a = spec->argv; *a; a++)
		head.argc++;
	str_add_bytes(out, &head, sizeof head);
	str_add_bytes(out, spec->dir, strlen(spec->dir) + 1);
	str_add_bytes(out, spec->ccmq_id, strlen(spec->ccmq_id) + 1);
	for (char **a = spec->argv; *a; a++)
		str_add_bytes(out, *a, strlen(*a) + 1);
}

/* To a runner that may have died while it had nothing to do. */
static int
ask_runner(struct importer *im, const struct str *packet, const int *fds,
	size_t n, struct error *err)
{
	int rc;

	if (im->socket < 0 && start_runner(im, err) < 0)
		return -1;
	rc = send_request(im, packet, fds, n, err);
	if (rc == 0)
		return 0;
	drop_runner(im);
	return start_runner(im, err) < 0 ? -1 :
		send_request(im, packet, fds, n, err);
}

/* The pipes of a worker: theirs go to the runner, ours stay. */
static int
make_pipes(struct importer *im, int theirs[2], struct error *err)
{
	int in[2], out[2];

	close_end(&im->ask);
	close_end(&im->answer);
	if (pipe2(in, O_CLOEXEC) < 0)
		return error_sys(err, errno, "make a pipe for the worker");
	if (pipe2(out, O_CLOEXEC) < 0) {
		close(in[0]);
		close(in[1]);
		return error_sys(err, errno, "make a pipe for the worker");
	}
	theirs[0] = in[0];
	theirs[1] = out[1];
	im->ask = in[1];
	im->answer = out[0];
	fcntl(im->ask, F_SETFL, O_NONBLOCK);
	fcntl(im->answer, F_SETFL, O_NONBLOCK);
	return 0;
}

static int
importer_start(struct importer *im, const struct importer_spec *spec,
	struct error *err)
{
	int fds[RUNNER_FDS] = { im->lock, -1, -1 };
	struct str packet = STR_INIT;
	int rc = 0;

	assert(im->lock >= 0 && !im->running);
	build_request(spec, &packet);
	if (packet.len > IMPORTER_ARGS_MAX)
		rc = error_set(err, ERROR_INVALID,
			"import.program: arguments are too long");
	if (rc == 0 && spec->worker)
		rc = make_pipes(im, fds + 1, err);
	if (rc == 0)
		rc = ask_runner(im, &packet, fds, spec->worker ? 3 : 1, err);
	str_release(&packet);
	close_end(&im->lock);
	close_end(&fds[1]);
	close_end(&fds[2]);
	im->running = rc == 0;
	im->started_mono_ms = clock_mono_ms();
	return rc;
}

static int
importer_fd(const struct importer *im)
{
	return im->running ? im->socket : -1;
}

static int
importer_read(struct importer *im, struct importer_result *out)
{
	struct runner_reply reply;
	ssize_t n;

	if (!im->running)
		return 0;
	n = recv(im->socket, &reply, sizeof reply, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	memset(out, 0, offsetof(struct importer_result, output));
	im->running = false;
	if (n != (ssize_t)sizeof reply) {
		out->end = IMPORTER_VANISHED;
		out->took_ms = clock_mono_ms() - im->started_mono_ms;
		drop_runner(im);
		return 1;
	}
	out->end = (enum importer_end)reply.end;
	out->value = reply.value;
	out->took_ms = reply.took_ms;
	out->killed = reply.killed;
	out->alive = reply.alive;
	out->output_len = reply.output_len;
	memcpy(out->output, reply.output, sizeof out->output);
	return 1;
}

static void
importer_stop(struct importer *im)
{
	if (im->running && send(im->socket, "", 1, MSG_NOSIGNAL) < 0)
		kill(im->runner, SIGKILL);
}

static int
importer_ask_fd(const struct importer *im)
{
	return im->ask;
}

static int
importer_answer_fd(const struct importer *im)
{
	return im->answer;
}

static void
importer_finish(struct importer *im)
{
	close_end(&im->ask);
}

const struct importer_ops importer_real = {
	.open = importer_open,
	.close = importer_close,
	.clear_lane = importer_clear_lane,
	.start = importer_start,
	.fd = importer_fd,
	.read = importer_read,
	.stop = importer_stop,
	.ask_fd = importer_ask_fd,
	.answer_fd = importer_answer_fd,
	.finish = importer_finish,
};
