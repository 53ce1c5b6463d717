/* SPDX-License-Identifier: ISC */
/*
 * elsewhere: a library to be loaded before a program (LD_PRELOAD), that makes
 * it believe that it runs on hq-mail01, for $ELSEWHERE_USER, on pts/3, where
 * nobody logged in: so that pictures do not show where they were made.
 *
 * With $ELSEWHERE_AT (seconds since 1970) the time of day stands still there, or
 * with $ELSEWHERE_CLOCK where the file of that name says, and with
 * $ELSEWHERE_FREE so many bytes of every disk are free: so that they do not
 * show when, either. The monotonic clock goes on. While there is a file
 * $ELSEWHERE_FULL 241M are free. $ELSEWHERE_PID is what a process thinks it is.
 * With $ELSEWHERE_FUSE every disk is one that other machines may have, too; with
 * $ELSEWHERE_DEAF nothing can be watched by inotify.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

int
gethostname(char *name, size_t len)
{
	snprintf(name, len, "hq-mail01");
	return 0;
}

struct passwd *
getpwuid(uid_t uid)
{
	static struct passwd someone;

	someone.pw_uid = uid;
	someone.pw_name = getenv("ELSEWHERE_USER");
	return someone.pw_name ? &someone : NULL;
}

int
ttyname_r(int fd, char *name, size_t len)
{
	(void)fd;
	snprintf(name, len, "/dev/pts/3");
	return 0;
}

/* Who logged in, and in which session, is asked of /proc. */
int
openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	if (strcmp(path, "/proc/self/loginuid") == 0 ||
	    strcmp(path, "/proc/self/sessionid") == 0)
		path = "/dev/null";
	return (int)syscall(SYS_openat, dir, path, flags | O_LARGEFILE, mode);
}

/* The number in the environment, or -1. */
static long long
number(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? atoll(value) : -1;
}

/* The time that is shown: ELSEWHERE_AT, or what stands in the file that
 * ELSEWHERE_CLOCK names, so that a test moves the clock; -1: the real one. */
static long long
wall_clock(void)
{
	const char *path = getenv("ELSEWHERE_CLOCK");
	char words[32] = "";
	int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) : -1;

	if (fd < 0)
		return number("ELSEWHERE_AT");
	(void)!read(fd, words, sizeof words - 1);
	close(fd);
	return atoll(words);
}

/* Where long has 32 bits, that which has room for years to come. */
#if defined SYS_clock_gettime64 && _TIME_BITS == 64
#define CLOCK_GETTIME SYS_clock_gettime64
#else
#define CLOCK_GETTIME SYS_clock_gettime
#endif

int
clock_gettime(clockid_t id, struct timespec *out)
{
	long long at = id == CLOCK_REALTIME ? wall_clock() : -1;

	if (at < 0)
		return (int)syscall(CLOCK_GETTIME, id, out);
	*out = (struct timespec){ .tv_sec = (time_t)at };
	return 0;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

pid_t
getpid(void)
{
	long long pid = number("ELSEWHERE_PID");

	return pid > 0 ? (pid_t)pid : (pid_t)syscall(SYS_getpid);
}

/* A file's time is when it was written: since then nothing came, either. */
int
fstatat(int fd, const char *restrict path, struct stat *restrict out, int flags)
{
	int (*next)(int, const char *, struct stat *, int);
	int rc;

	*(void **)&next = dlsym(RTLD_NEXT, "fstatat64");
	rc = next(fd, path, out, flags);
	if (rc == 0 && number("ELSEWHERE_AT") >= 0)
		out->st_ctim = out->st_mtim;
	return rc;
}

int
fstatvfs(int fd, struct statvfs *out)
{
	int (*next)(int, struct statvfs *);
	const char *full = getenv("ELSEWHERE_FULL");
	long long bytes = full && access(full, F_OK) == 0 ? 241LL << 20 :
		number("ELSEWHERE_FREE");
	int rc;

	/* What fstatvfs is where a file may be large. */
	*(void **)&next = dlsym(RTLD_NEXT, "fstatvfs64");
	rc = next(fd, out);
	if (rc == 0 && bytes >= 0) {
		out->f_bavail = (fsblkcnt_t)bytes / out->f_frsize;
		out->f_blocks = 4 * out->f_bavail;
	}
	return rc;
}

int
fstatfs(int fd, struct statfs *out)
{
	int (*next)(int, struct statfs *);
	int rc;

	*(void **)&next = dlsym(RTLD_NEXT, "fstatfs64");
	rc = next(fd, out);
	if (rc == 0 && getenv("ELSEWHERE_FUSE"))
		out->f_type = 0x65735546;
	return rc;
}

int
inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	if (!getenv("ELSEWHERE_DEAF"))
		return (int)syscall(SYS_inotify_add_watch, fd, path, mask);
	errno = ENOSPC;
	return -1;
}
