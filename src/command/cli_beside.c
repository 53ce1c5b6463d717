/* SPDX-License-Identifier: ISC */
/* cli_beside: see cli_beside.h for the contract. */
#include "command/cli_beside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 12

extern char **environ;

bool
cli_beside(char *path, size_t size, const char *name)
{
	static const char *const folders[] = { "", "../sbin/" };
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n <= 0)
		return false;
	self[n] = '\0';
	strrchr(self, '/')[1] = '\0';
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (snprintf(path, size, "%s%s%s", self, folders[i], name) <
		    (int)size && access(path, X_OK) == 0)
			return true;
	return false;
}

/* Its standard output in *out. The pid, or -1. */
static pid_t
start(const char *path, const char *const *args, FILE **out)
{
	posix_spawn_file_actions_t fa;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fds[1], STDOUT_FILENO);
	errno = posix_spawn(&pid, path, &fa, NULL,
		(char *const *)(uintptr_t)args, environ);
	if (errno)
		pid = -1;
	posix_spawn_file_actions_destroy(&fa);
	close(fds[1]);
	*out = pid < 0 ? NULL : fdopen(fds[0], "r");
	if (!*out)
		close(fds[0]);
	return pid;
}

/* Every line is an object. False: one is not, or not all could be read. */
static bool
read_lines(FILE *from, void (*line)(void *arg, struct json_line *j), void *arg)
{
	struct error ignored;
	struct json_line *j;
	char *text = NULL;
	size_t size = 0;
	ssize_t n;
	bool good = true;

	while ((n = getline(&text, &size, from)) > 0) {
		j = json_line_read(text, (size_t)n, &ignored);
		good = good && j;
		if (j)
			line(arg, j);
	}
	free(text);
	return good && feof(from);
}

int
cli_archive(struct cli *cli, const char *const *options,
	void (*line)(void *arg, struct json_line *j), void *arg)
{
	const char *args[ARGS_MAX + 1] = { "ccmq-archive" };
	char path[PATH_MAX];
	FILE *from = NULL;
	int n = 1, status = -1;
	bool good;
	pid_t pid;

	if (cli->config) {
		args[n++] = "-c";
		args[n++] = cli->config;
	}
	while (n < ARGS_MAX && *options)
		args[n++] = *options++;
	if (!cli_beside(path, sizeof path, args[0])) {
		cli_notice(cli, "this needs the program ccmq-archive, which is "
			"there where ccmq was built with libpq");
		return CLI_UNUSABLE;
	}
	pid = start(path, args, &from);
	good = from && read_lines(from, line, arg);
	if (from)
		fclose(from);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (pid > 0 && WIFEXITED(status) && (WEXITSTATUS(status) || good))
		return WEXITSTATUS(status);
	cli_notice(cli, "ccmq-archive: %s", pid < 0 ? strerror(errno) :
		"did not answer to its end");
	return CLI_UNUSABLE;
}
