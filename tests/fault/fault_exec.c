/* SPDX-License-Identifier: ISC */
/*
 * fault_exec: children are followed, whatever environment they are given.
 *
 * The connector starts its import program with a minimal environment; the
 * variables of the harness are put in again. What is looked up
 * in libc is looked up before main, so that the calls stay fit for a vfork child.
 */
#include "fault_core.h"

#include <dlfcn.h>
#include <spawn.h>
#include <string.h>

#define CHILD_MAX 512		/* variables of a child; more stay as they are */

typedef int spawn_function(pid_t *, const char *,
	const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
	char *const *, char *const *);

static spawn_function *real_spawn, *real_spawnp;
static int (*real_execvpe)(const char *, char *const *, char *const *);

void
fault_look_up(void *function, const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, sizeof found);
}

static void __attribute__((constructor))
find_real(void)
{
	if (real_spawn)
		return;
	fault_look_up(&real_spawn, "posix_spawn");
	fault_look_up(&real_spawnp, "posix_spawnp");
	fault_look_up(&real_execvpe, "execvpe");
}

static bool
has(char *const *env, size_t n, const char *variable)
{
	size_t len = strcspn(variable, "=") + 1;

	for (size_t i = 0; i < n; i++)
		if (strncmp(env[i], variable, len) == 0)
			return true;
	return false;
}

/* env and, behind it, what is missing of ours; room has CHILD_MAX. */
static char *const *
add_ours(char *const *env, char **room)
{
	size_t n = 0;

	if (!fault.environment[0] || !env)
		return env;
	for (; env[n]; n++) {
		if (n + FAULT_ENVIRONMENT_MAX + 1 >= CHILD_MAX)
			return env;
		room[n] = env[n];
	}
	for (char **o = fault.environment; *o; o++)
		if (!has(room, n, *o))
			room[n++] = *o;
	room[n] = NULL;
	return room;
}

EXPORT int
execve(const char *path, char *const argv[], char *const env[])
{
	char *room[CHILD_MAX];

	return (int)RAW(execve, path, argv, add_ours(env, room));
}

EXPORT int
execvpe(const char *file, char *const argv[], char *const env[])
{
	char *room[CHILD_MAX];

	find_real();	/* a constructor may run before ours */
	return real_execvpe(file, argv, add_ours(env, room));
}

EXPORT int
fexecve(int fd, char *const argv[], char *const env[])
{
	char *room[CHILD_MAX];

	return (int)RAW(execveat, fd, "", argv, add_ours(env, room),
		0x1000 /* AT_EMPTY_PATH */);
}

EXPORT int
posix_spawn(pid_t *pid, const char *path,
	const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attr, char *const argv[], char *const env[])
{
	char *room[CHILD_MAX];

	find_real();	/* a constructor may run before ours */
	return real_spawn(pid, path, actions, attr, argv,
		add_ours(env, room));
}

EXPORT int
posix_spawnp(pid_t *pid, const char *file,
	const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attr, char *const argv[], char *const env[])
{
	char *room[CHILD_MAX];

	find_real();	/* a constructor may run before ours */
	return real_spawnp(pid, file, actions, attr, argv,
		add_ours(env, room));
}
