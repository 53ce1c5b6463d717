/* SPDX-License-Identifier: ISC */
/* program: see program.h for the contract. */
#include "app/program.h"
#include "base/compat.h"
#include "work/row_json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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

int
program_start(char *const *argv, int in, struct program *out,
	struct error *err)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_sys(err, errno, "make a pipe");
	pid = fork();
	if (pid == 0)
		become(argv, in, fds[1]);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return error_sys(err, errno, "start a process");
	}
	*out = (struct program){ pid, fds[0] };
	return 0;
}

bool
program_ended(struct program *p, char ended[PROGRAM_ENDED_MAX])
{
	int status;

	if (waitpid(p->pid, &status, WNOHANG) != p->pid)
		return false;
	snprintf(ended, PROGRAM_ENDED_MAX, WIFEXITED(status) ?
		"exit status %d" : "ended by signal %d", WIFEXITED(status) ?
		WEXITSTATUS(status) : WTERMSIG(status));
	(void)kill(-p->pid, SIGKILL);
	p->pid = 0;
	return true;
}

void
program_end(struct program *p)
{
	if (p->pid > 0) {
		(void)kill(-p->pid, SIGKILL);
		(void)kill(p->pid, SIGKILL);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	p->pid = 0;
}

/* ---- a command of the settings ---- */

/* A message in the members of list --json. */
static struct json_line *
message_json(struct store *store, int64_t id, struct error *err)
{
	struct history_message m;
	struct json_line *j;
	int rc = history_message_get(store->history, id, &m, err);

	if (rc == 0)
		error_set(err, ERROR_NOT_FOUND, "there is no such message");
	if (rc <= 0)
		return NULL;
	j = row_message_json(&m);
	history_message_release(&m);
	return j;
}

/* The object, to be read from its beginning. A descriptor or -1. */
static int
make_input(struct store *store, const struct program_about *about,
	struct error *err)
{
	const char *kind = about->cause ? "cause" : "message";
	struct json_line *j, *row = about->cause ? row_cause_json(
		about->cause) : message_json(store, about->on->message, err);
	struct str text = STR_INIT;
	int fd;

	if (!row)
		return -1;
	j = json_line_new();
	json_put_text(j, "kind", kind);
	json_put_text(j, "host", about->host);
	json_put_text(j, "store", store->path);
	json_put_text(j, "by", about->by);
	json_put_object(j, kind, row);
	json_line_append(j, &text);
	fd = memfd_create("command", MFD_CLOEXEC);
	if (fd < 0 || write(fd, text.data, text.len) != (ssize_t)text.len ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		error_sys(err, errno, "keep what it is to read");
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	str_release(&text);
	return fd;
}

int
program_start_command(const struct settings *settings, struct store *store,
	const struct program_about *about, struct program *out,
	struct error *err)
{
	int in, rc;

	if (settings_trusted_program(settings, about->command, err) < 0 ||
	    (in = make_input(store, about, err)) < 0)
		return -1;
	rc = program_start(about->command->run, in, out, err);
	close(in);
	return rc;
}
