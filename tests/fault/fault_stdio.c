/* SPDX-License-Identifier: ISC */
/*
 * fault_stdio: stdio writes inside of libc, where no preload sees it. A stream
 * opened for writing below the root is reported as blind; the file that it
 * makes is a point all the same.
 */
#include "fault_core.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static FILE *(*real_fdopen)(int, const char *);

static void __attribute__((constructor))
find_real(void)
{
	fault_look_up(&real_fdopen, "fdopen");
}

static int
flags_of(const char *how)
{
	int flags = O_RDONLY;

	for (const char *h = how; *h && *h != ','; h++) {
		if (*h == 'w' || *h == 'a')
			flags = (flags & ~O_ACCMODE) | O_WRONLY | O_CREAT |
				(*h == 'w' ? O_TRUNC : O_APPEND);
		if (*h == '+')
			flags = (flags & ~O_ACCMODE) | O_RDWR;
		if (*h == 'x')
			flags |= O_EXCL;
		if (*h == 'e')
			flags |= O_CLOEXEC;
	}
	return flags;
}

static FILE *
open_stream(int fd, const char *how)
{
	char path[FAULT_PATH_MAX];
	struct stat st;

	if ((flags_of(how) & O_ACCMODE) != O_RDONLY &&
	    fault_file(fd, &st, path))
		fault_blind("stdio", path);
	/* Constructors of other libraries may run before ours. */
	if (!real_fdopen)
		find_real();
	return real_fdopen(fd, how);
}

EXPORT FILE *
fdopen(int fd, const char *how)
{
	return open_stream(fd, how);
}

static FILE *
do_fopen(const char *path, const char *how)
{
	int fd = fault_open("fopen", AT_FDCWD, path, flags_of(how), 0666);
	FILE *f;

	if (fd < 0)
		return NULL;
	f = open_stream(fd, how);
	if (!f)
		close(fd);
	return f;
}

#define FOPEN(name) \
	EXPORT FILE * \
	name(const char *path, const char *how) \
	{ \
		return do_fopen(path, how); \
	}

FOPEN(fopen)
ALSO(FOPEN, fopen)
