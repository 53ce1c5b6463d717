/* SPDX-License-Identifier: ISC */
/* hosts: the clients. See hosts.h for the contract. */
#include "reach/hosts.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "reach/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFACE_MAX 65536
#define TURN_BYTES 65536	/* of one host, that are read in a turn */
#define PAUSE_FIRST_MS 1000
#define PAUSE_CAP_MS 60000
#define PROVEN_MS 60000		/* so long it was well: the pause is short */
#define LOOK_MS 50		/* for one that has closed and is not gone */
#define GONE_MS 1000		/* … so long until it is killed */

extern char **environ;

/* Two descriptors for each, beside our own. */
static void
raise_limit(size_t count)
{
	struct rlimit r;
	rlim_t want = 64 + count * HOSTS_FDS;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < want) {
		r.rlim_cur = want < r.rlim_max ? want : r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

void
hosts_open(struct hosts *h, const struct settings *settings,
	const char *config, const char *store)
{
	char name[65] = "";

	*h = (struct hosts){ .config = config, .store = store,
		.count = settings->hosts_count };
	if (h->count == 0) {
		h->count = 1;
		gethostname(name, sizeof name - 1);
		h->here = (struct settings_host){ xstrdup(name), xstrdup(""),
			xstrdup("") };
	}
	h->host = xcalloc(h->count, sizeof *h->host);
	for (size_t i = 0; i < h->count; i++)
		h->host[i] = (struct host){ .id = (int64_t)i + 1, .fd = -1, .err_fd = -1,
			.in = STR_INIT, .out = STR_INIT, .errors = STR_INIT,
			.set = settings->hosts_count ? &settings->hosts[i] :
			&h->here };
	raise_limit(h->count);
}

static void
close_fds(struct host *o)
{
	if (o->fd >= 0)
		close(o->fd);
	if (o->err_fd >= 0)
		close(o->err_fd);
	o->fd = o->err_fd = -1;
}

void
hosts_close(struct hosts *h)
{
	for (size_t i = 0; i < h->count; i++) {
		struct host *o = &h->host[i];

		close_fds(o);
		if (o->pid > 0)
			kill(-o->pid, SIGTERM);
		str_release(&o->in);
		str_release(&o->out);
		str_release(&o->errors);
	}
	/* One that does not go is the system's. */
	for (size_t i = 0; i < h->count; i++)
		if (h->host[i].pid > 0)
			waitpid(h->host[i].pid, NULL, WNOHANG);
	free(h->host);
	free(h->here.name);
	free(h->here.ssh);
	free(h->here.color);
	*h = (struct hosts){ 0 };
}

/* ---- starting ---- */

/* A group of its own, so that the terminal's keys do not reach it; a socket as
 * its input and output. The pid or -1. */
static pid_t
spawn(const char *program, const char *const *args, int fd, int err_fd)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, all;
	pid_t pid = -1;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fd, 0);
	posix_spawn_file_actions_adddup2(&fa, fd, 1);
	posix_spawn_file_actions_adddup2(&fa, err_fd, 2);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(&pid, program, &fa, &attr,
		(char *const *)(uintptr_t)args, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	errno = rc;
	return rc == 0 ? pid : -1;
}

/* What stands on the command line of this host's own ccmq. */
static void
own_command(const struct hosts *h, const char *args[HOSTS_ARGS],
	const char *const *remote)
{
	size_t n = 0;

	args[n++] = "ccmq";
	if (h->config) {
		args[n++] = "-c";
		args[n++] = h->config;
	}
	if (h->store) {
		args[n++] = "-s";
		args[n++] = h->store;
	}
	for (remote++; *remote; remote++)
		args[n++] = *remote;
	args[n] = NULL;
}

static void
wait_longer(struct host *o, int64_t now)
{
	int64_t pause = PAUSE_FIRST_MS << (o->tries < 6 ? o->tries : 6);

	o->tries++;
	o->next_mono_ms = now + (pause < PAUSE_CAP_MS ? pause : PAUSE_CAP_MS);
	o->state = HOST_WAITS;
}

static void
start(struct hosts *h, struct host *o, int64_t now)
{
	static const char *const serve[] = { "ccmq", "serve", NULL };
	static const char *const status[] = { "ccmq", "status", "--json",
		NULL };
	const char *args[HOSTS_ARGS];
	bool here = !*o->set->ssh;
	int io[2] = { -1, -1 }, err[2] = { -1, -1 };

	if (here)
		own_command(h, args, o->old ? status : serve);
	else
		hosts_command(args, o->set->ssh, o->old ? status : serve);
	o->pid = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, io) == 0 &&
	    pipe2(err, O_CLOEXEC | O_NONBLOCK) == 0)
		o->pid = spawn(here ? "/proc/self/exe" : "ssh", args, io[1],
			err[1]);
	if (o->pid < 0)
		snprintf(o->why, sizeof o->why, "%s: %s", here ? "ccmq" :
			"ssh", strerror(errno));
	if (io[1] >= 0)
		close(io[1]);
	if (err[1] >= 0)
		close(err[1]);
	o->fd = io[0];
	o->err_fd = err[0];
	if (o->pid < 0) {
		close_fds(o);
		wait_longer(o, now);
		o->changed++;
		return;
	}
	fcntl(o->fd, F_SETFL, O_NONBLOCK);
	str_clear(&o->in);
	str_clear(&o->out);
	str_clear(&o->errors);
	o->preface = 0;
	o->silent = o->spoke = false;
	o->newer = 0;
	o->state = o->old ? HOST_OLD : HOST_STARTS;
	o->since_mono_ms = o->heard_mono_ms = now;
}

/* A few at a time; one that takes long does not hold up the rest. */
static void
start_some(struct hosts *h, int64_t now)
{
	int starts = 0;

	for (size_t i = 0; i < h->count; i++)
		starts += (h->host[i].state == HOST_STARTS ||
			h->host[i].state == HOST_OLD) && now -
			h->host[i].since_mono_ms < HOSTS_START_MS;
	for (size_t i = 0; i < h->count && starts < HOSTS_STARTS; i++)
		if (h->host[i].state == HOST_WAITS &&
		    h->host[i].next_mono_ms <= now) {
			start(h, &h->host[i], now);
			starts++;
		}
}

/* ---- hearing ---- */

static void
hear_hello(struct hosts *h, struct host *o, const struct json_line *j,
	int64_t protocol)
{
	const char *version = "";

	if (protocol > SERVE_PROTOCOL) {
		o->newer = protocol;
		kill(-o->pid, SIGTERM);
		return;
	}
	json_get_text(j, "version", &version);
	text_printable(o->facts.version, sizeof o->facts.version, version,
		strlen(version));
	o->writes = false;
	json_get_bool(j, "writes", &o->writes);
	o->spoke = true;
	o->state = HOST_LIVE;
	*o->why = '\0';
	if (o->preface > 0)
		snprintf(o->why, sizeof o->why, "what its shell prints at "
			"login (%zu bytes) is passed over", o->preface);
	if (h->hello)
		h->hello(h->arg, (size_t)(o - h->host));
}

static void
hear_status(struct host *o, const struct json_line *j, int64_t now)
{
	if (host_read_facts(j, &o->facts)) {
		o->facts.heard_mono_ms = now;
		o->changed++;
	}
}

/* The hello may stand behind a prompt without a line feed. */
static void
hear_preface(struct hosts *h, struct host *o, const char *line, size_t len)
{
	static const char key[] = "{\"ccmq_serve\":";
	const char *at = memmem(line, len, key, sizeof key - 1);
	struct error ignored;
	struct json_line *j = at ? json_line_read(at, len - (size_t)(at - line),
		&ignored) : NULL;
	int64_t protocol;

	o->preface += at ? (size_t)(at - line) : len + 1;
	if (j && json_get_number(j, "ccmq_serve", &protocol) == 1)
		hear_hello(h, o, j, protocol);
	json_line_free(j);
}

static void
hear_line(struct hosts *h, struct host *o, const char *line, size_t len,
	int64_t now)
{
	struct error ignored;
	struct json_line *j, *status = NULL;

	if (o->state == HOST_STARTS) {
		hear_preface(h, o, line, len);
		return;
	}
	j = json_line_read(line, len, &ignored);
	if (!j)
		return;
	o->heard_mono_ms = now;
	if (o->state == HOST_OLD)
		hear_status(o, j, now);
	else if (json_get_object(j, "status", &status) == 1)
		hear_status(o, status, now);
	else if (h->line)
		h->line(h->arg, (size_t)(o - h->host), j);
	json_line_free(status);
	json_line_free(j);
}

static void
hear_lines(struct hosts *h, struct host *o, int64_t now)
{
	size_t at = 0;
	char *end;

	while ((end = memchr(o->in.data + at, '\n', o->in.len - at))) {
		size_t len = (size_t)(end - o->in.data) - at;

		hear_line(h, o, o->in.data + at, len, now);
		at += len + 1;
	}
	str_remove(&o->in, 0, at);
	if (o->in.len > SERVE_LINE_MAX || o->preface > PREFACE_MAX) {
		o->preface += o->in.len;
		str_clear(&o->in);
	}
}

/* What is there, but no more than a little: one that floods has its turn like
 * all others. False when it has closed. */
static bool
drain(int fd, struct str *to)
{
	char buf[TURN_BYTES];
	ssize_t n = read(fd, buf, sizeof buf);

	if (n > 0)
		str_add_bytes(to, buf, (size_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void
send_out(struct host *o)
{
	ssize_t n;

	while (o->out.len > 0 && (n = send(o->fd, o->out.data, o->out.len,
	    MSG_NOSIGNAL)) > 0)
		str_remove(&o->out, 0, (size_t)n);
}

/* ---- ending ---- */

static void
has_ended(struct host *o, int status, int64_t now)
{
	struct host_end e = { status, o->spoke, o->silent, o->set->ssh, o->errors.data };
	bool was_old = o->old;
	char was[sizeof o->why];

	memcpy(was, o->why, sizeof was);
	o->pid = 0;
	if (was_old && o->facts.heard_mono_ms >= o->since_mono_ms) {
		snprintf(o->why, sizeof o->why, "its ccmq is too old for "
			"verbs: it is asked each %d s", HOSTS_OLD_MS / 1000);
		o->state = HOST_WAITS;
		o->next_mono_ms = o->since_mono_ms + HOSTS_OLD_MS;
		return;
	}
	o->old = !was_old && host_is_old(&e);
	if (o->old) {
		o->state = HOST_WAITS;
		o->next_mono_ms = now;
		return;
	}
	if (o->newer)
		snprintf(o->why, sizeof o->why, "speaks protocol %" PRId64
			", which is newer than this ccmq: upgrade here",
			o->newer);
	else
		host_failure(o->why, &e);
	if (e.hello && now - o->since_mono_ms > PROVEN_MS)
		o->tries = 0;
	wait_longer(o, now);
	o->changed += e.hello || strcmp(was, o->why) != 0;
}

static void
look_whether_gone(struct host *o, int64_t now)
{
	int status;

	if (now - o->heard_mono_ms > GONE_MS)
		kill(-o->pid, SIGKILL);
	if (waitpid(o->pid, &status, WNOHANG) == o->pid)
		has_ended(o, status, now);
}

static void
read_errors(struct host *o)
{
	if (o->err_fd < 0)
		return;
	if (!drain(o->err_fd, &o->errors)) {
		close(o->err_fd);
		o->err_fd = -1;
	}
	if (o->errors.len > HOSTS_ERRORS_MAX)
		str_remove(&o->errors, 0, o->errors.len - HOSTS_ERRORS_MAX);
}

static void
end_client(struct host *o, int64_t now)
{
	read_errors(o);
	close_fds(o);
	if (o->silent)
		kill(-o->pid, SIGTERM);
	o->heard_mono_ms = now;		/* from here on it may take GONE_MS */
	o->writes = false;
	o->state = HOST_ENDS;
}

/* What one of them has said, if it has. */
static void
hear(struct hosts *h, struct host *o, bool ready, bool errors, int64_t now)
{
	bool open = !ready || drain(o->fd, &o->in);

	if (ready)
		hear_lines(h, o, now);
	if (errors)
		read_errors(o);
	if (open && now - o->heard_mono_ms > (o->state == HOST_LIVE ?
	    HOSTS_SILENT_MS : HOSTS_HELLO_MS))
		o->silent = true;
	if (!open || o->silent)
		end_client(o, now);
}

static int
until(int64_t at, int64_t now, int timeout)
{
	int64_t left = at > now ? at - now : 0;

	return timeout < 0 || left < timeout ? (int)left : timeout;
}

size_t
hosts_poll(const struct hosts *h, struct pollfd *fds, int *timeout_ms_out)
{
	int64_t now = clock_mono_ms();
	size_t n = 0;
	int t = *timeout_ms_out;

	for (size_t i = 0; i < h->count; i++) {
		const struct host *o = &h->host[i];

		if (o->state == HOST_WAITS)
			t = until(o->next_mono_ms > now ? o->next_mono_ms :
				now + LOOK_MS, now, t);
		else if (o->state == HOST_ENDS)
			t = until(now + LOOK_MS, now, t);
		else
			t = until(o->state == HOST_LIVE ? o->heard_mono_ms +
				HOSTS_SILENT_MS : o->since_mono_ms +
				(now - o->since_mono_ms < HOSTS_START_MS ?
				HOSTS_START_MS : HOSTS_HELLO_MS) + 1, now, t);
		if (o->fd >= 0)
			fds[n++] = (struct pollfd){ o->fd, (short)(POLLIN |
				(o->out.len ? POLLOUT : 0)), 0 };
		if (o->err_fd >= 0)
			fds[n++] = (struct pollfd){ o->err_fd, POLLIN, 0 };
	}
	*timeout_ms_out = t;
	return n;
}

bool
hosts_turn(struct hosts *h, const struct pollfd *fds)
{
	int64_t now = clock_mono_ms();
	uint64_t before = 0, after = 0;

	for (size_t i = 0; i < h->count; i++) {
		struct host *o = &h->host[i];
		bool has_fd = o->fd >= 0;
		short ready = has_fd ? fds++->revents : 0;
		short errors = o->err_fd >= 0 ? fds++->revents : 0;

		before += o->changed;
		if (ready & POLLOUT)
			send_out(o);
		if (has_fd)
			hear(h, o, ready & ~POLLOUT, errors, now);
		else if (o->state == HOST_ENDS)
			look_whether_gone(o, now);
		after += o->changed;
	}
	start_some(h, now);
	return before != after;
}

bool
hosts_ask(struct hosts *h, size_t host, struct json_line *j)
{
	struct host *o = &h->host[host];

	if (o->state != HOST_LIVE || o->fd < 0) {
		json_line_free(j);
		return false;
	}
	json_line_append(j, &o->out);
	send_out(o);
	return true;
}

bool
hosts_all_known(const struct hosts *h)
{
	for (size_t i = 0; i < h->count; i++)
		if (!h->host[i].facts.known && (!*h->host[i].why ||
		    h->host[i].old))
			return false;
	return true;
}
