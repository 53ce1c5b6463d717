/* SPDX-License-Identifier: ISC */
/*
 * fault_raw: the system calls themselves, and both names of those calls that
 * have an offset. Nothing is looked up, and nothing loops back.
 *
 * Where long has 32 bits, an offset goes to the kernel in two halves (as
 * i386 wants them, the lower one first), some calls have a newer number, and
 * with _FILE_OFFSET_BITS=64 `open` is open64 to the linker: there the narrow
 * name is the other one.
 */
#ifndef CCMQ_TESTS_FAULT_RAW_H
#define CCMQ_TESTS_FAULT_RAW_H

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define RAW(name, ...) syscall(SYS_##name, __VA_ARGS__)

/* The library is built with hidden symbols: this one is interposed. */
#define EXPORT __attribute__((visibility("default")))

/* ALSO(MACRO, name, ...): what MACRO makes of name, under its other name. */
#if !defined __GLIBC__
#define ALSO(macro, ...)
#elif ULONG_MAX == UINT64_MAX
typedef off_t other_off_t;
#define ALSO(macro, name, ...) macro(name##64, ##__VA_ARGS__)
#define pwritev264 pwritev64v2
#else
typedef long other_off_t;
#define ALSO(macro, name, ...) macro(narrow_##name, ##__VA_ARGS__)
#define NARROW(type, name, ...) \
	EXPORT type narrow_##name(__VA_ARGS__) __asm__(#name)
NARROW(int, open, const char *, int, ...);
NARROW(int, openat, int, const char *, int, ...);
NARROW(int, creat, const char *, mode_t);
NARROW(int, mkstemp, char *);
NARROW(int, mkostemp, char *, int);
NARROW(FILE *, fopen, const char *, const char *);
NARROW(ssize_t, pwrite, int, const void *, size_t, long);
NARROW(ssize_t, pwritev, int, const struct iovec *, int, long);
NARROW(ssize_t, pwritev2, int, const struct iovec *, int, long, int);
NARROW(ssize_t, sendfile, int, int, long *, size_t);
NARROW(int, ftruncate, int, long);
NARROW(int, truncate, const char *, long);
NARROW(int, fallocate, int, int, long, long);
NARROW(int, posix_fallocate, int, long, long);
#endif

#if ULONG_MAX == UINT64_MAX
#define HALVES(offset) (offset)
#define NARROW_OR(narrow, wide) wide
#else
#define HALVES(offset) (long)(offset), (long)((int64_t)(offset) >> 32)
#define NARROW_OR(narrow, wide) narrow
#endif

static inline int
raw_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	return (int)RAW(openat, dirfd, path, flags | O_LARGEFILE, mode);
}

static inline ssize_t
raw_pread(int fd, void *buf, size_t len, int64_t offset)
{
	return RAW(pread64, fd, buf, len, HALVES(offset));
}

static inline ssize_t
raw_pwrite(int fd, const void *buf, size_t len, int64_t offset)
{
	return RAW(pwrite64, fd, buf, len, HALVES(offset));
}

/* The only one that takes two halves everywhere. */
static inline ssize_t
raw_pwritev2(int fd, const struct iovec *iov, int n, int64_t offset, int flags)
{
	return RAW(pwritev2, fd, iov, n, (long)offset,
		(long)NARROW_OR((offset >> 32), 0), flags);
}

static inline int
raw_ftruncate(int fd, int64_t size)
{
	return (int)syscall(NARROW_OR(SYS_ftruncate64, SYS_ftruncate), fd,
		HALVES(size));
}

static inline int
raw_fallocate(int fd, int mode, int64_t offset, int64_t len)
{
	return (int)RAW(fallocate, fd, mode, HALVES(offset), HALVES(len));
}

static inline int
raw_sync_file_range(int fd, int64_t offset, int64_t len, unsigned flags)
{
	return (int)RAW(sync_file_range, fd, HALVES(offset), HALVES(len),
		flags);
}

static inline ssize_t
raw_sendfile(int out, int in, int64_t *from, size_t len)
{
	return syscall(NARROW_OR(SYS_sendfile64, SYS_sendfile), out, in, from,
		len);
}

/* times: as wide as time_t is. */
static inline int
raw_utimensat(int dirfd, const char *path, const struct timespec times[2],
	int flags)
{
#if defined SYS_utimensat_time64 && _TIME_BITS == 64
	return (int)RAW(utimensat_time64, dirfd, path, times, flags);
#else
	return (int)RAW(utimensat, dirfd, path, times, flags);
#endif
}

static inline int
raw_fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)syscall(NARROW_OR(SYS_fchown32, SYS_fchown), fd, uid, gid);
}

#endif
