/* SPDX-License-Identifier: ISC */
/*
 * compat: what some C library of Linux does not declare, though the kernel
 * has it. configure asks for the rest, and says what is missing.
 */
#ifndef CCMQ_BASE_COMPAT_H
#define CCMQ_BASE_COMPAT_H

#include <stdio.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

/* musl before 1.2.5 */
#ifndef HAVE_RENAMEAT2
static inline int
renameat2(int from_dirfd, const char *from, int to_dirfd, const char *to,
	unsigned flags)
{
	return (int)syscall(SYS_renameat2, from_dirfd, from, to_dirfd, to,
		flags);
}
#endif

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* glibc before 2.34, musl */
#ifndef HAVE_CLOSE_RANGE
static inline int
close_range(unsigned first, unsigned last, int flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}
#endif

/* glibc before 2.36, musl */
#ifndef HAVE_PIDFD_OPEN
static inline int
pidfd_open(pid_t pid, unsigned flags)
{
	return (int)syscall(SYS_pidfd_open, pid, flags);
}
#else
#include <sys/pidfd.h>
#endif

#endif
