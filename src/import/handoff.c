/* SPDX-License-Identifier: ISC */
/* handoff: see handoff.h for the contract. */
#include "import/handoff.h"
#include "base/str.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define SHOWN(text) text_printable((char[96]){ 0 }, 96, (text), strlen(text))

static enum handoff_result
judge(const char *program, int status, struct error *err)
{
	if (WIFSIGNALED(status)) {
		error_set(err, ERROR_STORE, "%s was ended by signal %d",
			SHOWN(program), WTERMSIG(status));
		return HANDOFF_FAILED;
	}
	if (WEXITSTATUS(status) == 0)
		return HANDOFF_TAKEN;
	error_set(err, ERROR_STORE, "%s exited with status %d",
		SHOWN(program), WEXITSTATUS(status));
	switch (WEXITSTATUS(status)) {
	case EX_NOUSER:
		return HANDOFF_NOBODY;
	case EX_DATAERR:
		return HANDOFF_REFUSED;
	default:
		return HANDOFF_FAILED;
	}
}

static int
start(pid_t *pid_out, char **argv, int fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int rc;

	/* GMime's libraries ignore SIGPIPE; a mail system should not. */
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	/* Its words are for people; our standard output ends with a line that
	 * programs read. */
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO,
		STDOUT_FILENO);
	rc = posix_spawnp(pid_out, argv[0], &actions, &attributes, argv,
		environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* An argument of the command with the sender put in; to be freed. */
static char *
with_sender(const char *argument, const char *sender)
{
	struct str out = STR_INIT;
	const char *mark;

	while ((mark = strstr(argument, "%s"))) {
		str_add_bytes(&out, argument, (size_t)(mark - argument));
		str_add(&out, sender);
		argument = mark + 2;
	}
	str_add(&out, argument);
	return str_steal(&out);
}

static enum handoff_result
run(char **argv, int fd, struct error *err)
{
	int status = 0, rc;
	pid_t pid;

	if (lseek(fd, 0, SEEK_SET) < 0) {
		error_sys(err, errno, "rewind message");
		return HANDOFF_FAILED;
	}
	rc = start(&pid, argv, fd);
	if (rc != 0) {
		error_sys(err, rc, "start %s", SHOWN(argv[0]));
		return HANDOFF_FAILED;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return judge(argv[0], status, err);
}

enum handoff_result
handoff(const struct name_list *command, const char *sender, int fd,
	const char *const *recipients, size_t count, struct error *err)
{
	char **argv = xcalloc(command->count + count + 1, sizeof *argv);
	enum handoff_result result;

	assert(command->count && count && count <= HANDOFF_RECIPIENTS_MAX);
	for (size_t i = 0; i < command->count; i++)
		argv[i] = with_sender(command->list[i], sender);
	for (size_t i = 0; i < count; i++) {
		/* Could be taken for an option otherwise. */
		assert(postoffice_is_address(recipients[i]));
		argv[command->count + i] = (char *)(uintptr_t)recipients[i];
	}
	result = run(argv, fd, err);
	for (size_t i = 0; i < command->count; i++)
		free(argv[i]);
	free(argv);
	return result;
}
