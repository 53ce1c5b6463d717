/* SPDX-License-Identifier: ISC */
/*
 * fault_data: the calls that change contents and size.
 *
 * Not seen: writes through a mapping, splice, extended attributes, calls made
 * with syscall() or io_uring. stdio is reported (see fault_stdio.c).
 */
#include "fault_core.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>

/* Where a write without an offset goes. */
static int64_t
position(int fd, const struct stat *st)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_APPEND) ? st->st_size :
		lseek(fd, 0, SEEK_CUR);
}

/* offset < 0: at the position of fd. */
static ssize_t
do_write(const char *name, int fd, const void *buf, size_t len,
	int64_t offset)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct stat st;
	long rc;

	if (!fault_file(fd, &st, path))
		return offset < 0 ? RAW(write, fd, buf, len) :
			raw_pwrite(fd, buf, len, offset);
	if (fault_begin(&c, name, FAULT_WRITE | (len > 1 ? FAULT_CUT : 0),
		st.st_ino, path, NULL) < 0)
		return -1;
	fault_note_data(&c, fd, &st, offset < 0 ? position(fd, &st) : offset,
		(int64_t)len);
	len = fault_cut(&c, len);
	rc = offset < 0 ? RAW(write, fd, buf, len) :
		raw_pwrite(fd, buf, len, offset);
	return fault_end(&c, rc);
}

EXPORT ssize_t
write(int fd, const void *buf, size_t len)
{
	return do_write("write", fd, buf, len, -1);
}

#define PWRITE(name, offset_type) \
	EXPORT ssize_t \
	name(int fd, const void *buf, size_t len, offset_type offset) \
	{ \
		if (offset < 0) { \
			errno = EINVAL; \
			return -1; \
		} \
		return do_write("pwrite", fd, buf, len, offset); \
	}

PWRITE(pwrite, off_t)
ALSO(PWRITE, pwrite, other_off_t)

/* A vector that is to be cut loses the later half of its parts, or half of
 * its only part. */
static ssize_t
do_writev(const char *name, int fd, const struct iovec *iov, int n,
	int64_t offset, int flags)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct iovec one;
	struct stat st;
	size_t len = 0;
	long rc;

	if (n <= 0 || !fault_file(fd, &st, path))
		return raw_pwritev2(fd, iov, n, offset, flags);
	for (int i = 0; i < n; i++)
		len += iov[i].iov_len;
	if (fault_begin(&c, name, FAULT_WRITE | (len > 1 ? FAULT_CUT : 0),
		st.st_ino, path, NULL) < 0)
		return -1;
	fault_note_data(&c, fd, &st, offset < 0 ? position(fd, &st) : offset,
		(int64_t)len);
	if (c.cut && n == 1) {
		one.iov_base = iov->iov_base;
		one.iov_len = fault_cut(&c, iov->iov_len);
		iov = &one;
	} else if (c.cut) {
		n /= 2;
	}
	rc = raw_pwritev2(fd, iov, n, offset, flags);
	return fault_end(&c, rc);
}

EXPORT ssize_t
writev(int fd, const struct iovec *iov, int n)
{
	return do_writev("writev", fd, iov, n, -1, 0);
}

#define PWRITEV(name, offset_type) \
	EXPORT ssize_t \
	name(int fd, const struct iovec *iov, int n, offset_type offset) \
	{ \
		if (offset < 0) { \
			errno = EINVAL; \
			return -1; \
		} \
		return do_writev("pwritev", fd, iov, n, offset, 0); \
	}
#define PWRITEV2(name, offset_type) \
	EXPORT ssize_t \
	name(int fd, const struct iovec *iov, int n, offset_type offset, \
		int flags) \
	{ \
		return do_writev("pwritev2", fd, iov, n, offset, flags); \
	}

PWRITEV(pwritev, off_t)
ALSO(PWRITEV, pwritev, other_off_t)
PWRITEV2(pwritev2, off_t)
ALSO(PWRITEV2, pwritev2, other_off_t)

static int __attribute__((format(printf, 2, 0)))
do_dprintf(int fd, const char *fmt, va_list ap)
{
	char *text;
	int len = vasprintf(&text, fmt, ap);
	ssize_t n = 0;

	if (len < 0)
		return -1;
	for (int done = 0; done < len && n >= 0; done += (int)n)
		n = do_write("dprintf", fd, text + done, (size_t)(len - done),
			-1);
	free(text);
	return n < 0 ? -1 : len;
}

EXPORT int
vdprintf(int fd, const char *fmt, va_list ap)
{
	return do_dprintf(fd, fmt, ap);
}

EXPORT int
dprintf(int fd, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = do_dprintf(fd, fmt, ap);
	va_end(ap);
	return rc;
}

EXPORT int __dprintf_chk(int fd, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

EXPORT int
__dprintf_chk(int fd, int flag, const char *fmt, ...)
{
	va_list ap;
	int rc;

	(void)flag;
	va_start(ap, fmt);
	rc = do_dprintf(fd, fmt, ap);
	va_end(ap);
	return rc;
}

/* How much of a copy can really come: never ask for a gigabyte of journal. */
static size_t
at_most(int in, const int64_t *from, size_t len)
{
	struct stat st;
	int64_t at = from ? *from : lseek(in, 0, SEEK_CUR);

	if (fstat(in, &st) < 0 || !S_ISREG(st.st_mode) || at < 0)
		return len;
	if (at >= st.st_size)
		return 0;
	return (int64_t)len > st.st_size - at ? (size_t)(st.st_size - at) : len;
}

static ssize_t
do_copy_file_range(int in, int64_t *from, int out, int64_t *to, size_t len,
	unsigned flags)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct stat st;
	size_t most;
	long rc;

	if (!fault_file(out, &st, path))
		return RAW(copy_file_range, in, from, out, to, len, flags);
	most = at_most(in, from, len);
	if (fault_begin(&c, "copy_file_range",
		FAULT_WRITE | (most > 1 ? FAULT_CUT : 0), st.st_ino, path,
		NULL) < 0)
		return -1;
	fault_note_data(&c, out, &st, to ? *to : position(out, &st),
		(int64_t)most);
	if (c.cut)
		len = fault_cut(&c, most);
	rc = RAW(copy_file_range, in, from, out, to, len, flags);
	return fault_end(&c, rc);
}

EXPORT ssize_t
copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t len,
	unsigned flags)
{
	return do_copy_file_range(in, (int64_t *)from, out, (int64_t *)to, len,
		flags);
}

static ssize_t
do_sendfile(int out, int in, int64_t *from, size_t len)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct stat st;
	size_t most;
	long rc;

	if (!fault_file(out, &st, path))
		return raw_sendfile(out, in, from, len);
	most = at_most(in, from, len);
	if (fault_begin(&c, "sendfile",
		FAULT_WRITE | (most > 1 ? FAULT_CUT : 0), st.st_ino, path,
		NULL) < 0)
		return -1;
	fault_note_data(&c, out, &st, position(out, &st), (int64_t)most);
	if (c.cut)
		len = fault_cut(&c, most);
	rc = raw_sendfile(out, in, from, len);
	return fault_end(&c, rc);
}

#define SENDFILE(name, offset_type) \
	EXPORT ssize_t \
	name(int out, int in, offset_type *from, size_t len) \
	{ \
		int64_t at = from ? *from : 0; \
		ssize_t n = do_sendfile(out, in, from ? &at : NULL, len); \
		\
		if (from) \
			*from = (offset_type)at; \
		return n; \
	}

SENDFILE(sendfile, off_t)
ALSO(SENDFILE, sendfile, other_off_t)

static int
do_ftruncate(const char *name, int fd, off_t size)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct stat st;
	long rc;

	if (!fault_file(fd, &st, path) || st.st_size == size)
		return raw_ftruncate(fd, size);
	if (fault_begin(&c, name, FAULT_SHRINK, st.st_ino, path, NULL) < 0)
		return -1;
	fault_note_data(&c, fd, &st, size, st.st_size - size);
	rc = raw_ftruncate(fd, size);
	return (int)fault_end(&c, rc);
}

#define FTRUNCATE(name, offset_type) \
	EXPORT int \
	name(int fd, offset_type size) \
	{ \
		return do_ftruncate("ftruncate", fd, size); \
	}
#define TRUNCATE(name, offset_type) \
	EXPORT int \
	name(const char *path, offset_type size) \
	{ \
		int fd = raw_openat(AT_FDCWD, path, \
			O_WRONLY | O_CLOEXEC, 0); \
		int rc = -1, saved; \
		\
		if (fd < 0) \
			return -1; \
		rc = do_ftruncate("truncate", fd, size); \
		saved = errno; \
		close(fd); \
		errno = saved; \
		return rc; \
	}

FTRUNCATE(ftruncate, off_t)
ALSO(FTRUNCATE, ftruncate, other_off_t)
TRUNCATE(truncate, off_t)
ALSO(TRUNCATE, truncate, other_off_t)

static int
do_fallocate(const char *name, int fd, int mode, off_t offset, off_t len)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct stat st;
	long rc;

	if (!fault_file(fd, &st, path))
		return raw_fallocate(fd, mode, offset, len);
	if (fault_begin(&c, name, FAULT_WRITE, st.st_ino, path, NULL) < 0)
		return -1;
	/* Mode 0 keeps what is there; the others may move all behind it. */
	fault_note_data(&c, fd, &st, offset, mode ? st.st_size : 0);
	rc = raw_fallocate(fd, mode, offset, len);
	return (int)fault_end(&c, rc);
}

#define FALLOCATE(name, offset_type) \
	EXPORT int \
	name(int fd, int mode, offset_type offset, offset_type len) \
	{ \
		return do_fallocate("fallocate", fd, mode, offset, len); \
	}
#define POSIX_FALLOCATE(name, offset_type) \
	EXPORT int \
	name(int fd, offset_type offset, offset_type len) \
	{ \
		int saved = errno, rc; \
		\
		rc = do_fallocate("posix_fallocate", fd, 0, offset, len) ? \
			errno : 0; \
		errno = saved; \
		return rc; \
	}

FALLOCATE(fallocate, off_t)
ALSO(FALLOCATE, fallocate, other_off_t)
POSIX_FALLOCATE(posix_fallocate, off_t)
ALSO(POSIX_FALLOCATE, posix_fallocate, other_off_t)

/* Clones of blocks could be neither seen nor cut: as if there were none. */
EXPORT int
ioctl(int fd, unsigned long request, ...)
{
	char path[FAULT_PATH_MAX];
	struct stat st;
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if ((request == FICLONE || request == FICLONERANGE) &&
	    fault_file(fd, &st, path)) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return (int)RAW(ioctl, fd, request, arg);
}
