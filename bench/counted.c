/* SPDX-License-Identifier: ISC */
/*
 * counted: linked into a ccmqd with --wrap=posix_spawn, for bench_seal.sh: it
 * starts its runner by its own path, as /proc/self/exe is valgrind's.
 */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

int __real_posix_spawn(pid_t *pid, const char *path,
	const posix_spawn_file_actions_t *fa, const posix_spawnattr_t *attr,
	char *const argv[], char *const envp[]);
int __wrap_posix_spawn(pid_t *pid, const char *path,
	const posix_spawn_file_actions_t *fa, const posix_spawnattr_t *attr,
	char *const argv[], char *const envp[]);
int
__wrap_posix_spawn(pid_t *pid, const char *path,
	const posix_spawn_file_actions_t *fa, const posix_spawnattr_t *attr,
	char *const argv[], char *const envp[])
{
	char own[4096] = "";

	if (strcmp(path, "/proc/self/exe") != 0)
		return __real_posix_spawn(pid, path, fa, attr, argv, envp);
	if (readlink(path, own, sizeof own - 1) < 0)
		return errno;
	return __real_posix_spawn(pid, own, fa, attr, argv, envp);
}
