/* SPDX-License-Identifier: ISC */
/* files: see files.h for the contract. */
#include "base/files.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/files_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <unistd.h>

#define COPY_CHUNK (64u << 10)

#define SHOWN_FD(fd) files_where((char[256]){ 0 }, (fd), NULL)

const char *
files_where(char out[256], int fd, const char *name)
{
	char link[40], path[4400];
	int saved = errno;
	ssize_t n = 0;

	if (fd >= 0 && !(name && *name == '/')) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		n = readlink(link, path, 4096);
	}
	if (n < 0)
		n = 0;
	if (n && name)
		path[n++] = '/';
	n += snprintf(path + n, sizeof path - (size_t)n, "%.256s",
		name ? name : n ? "" : "a file");
	errno = saved;
	return text_printable(out, 256, path, (size_t)n);
}

int
fs_open_dir(int dirfd, const char *path, struct error *err)
{
	int fd = openat(dirfd, path,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return error_sys(err, errno, "open directory %s",
			SHOWN_AT(dirfd, path));
	return fd;
}

int
fs_open_quietly(int dirfd, const char *path)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = openat(dirfd, path, flags | O_NOATIME);

	return fd < 0 && errno == EPERM ? openat(dirfd, path, flags) : fd;
}

int
fs_make_dir(int dirfd, const char *name, mode_t mode, struct error *err)
{
	if (mkdirat(dirfd, name, 0700) < 0) {
		if (errno == EEXIST)
			return 0;
		return error_sys(err, errno, "make directory %s",
			SHOWN_AT(dirfd, name));
	}
	if (fchmodat(dirfd, name, mode, 0) < 0)
		return error_sys(err, errno, "set mode of %s",
			SHOWN_AT(dirfd, name));
	return 1;
}

static int
not_durable(const char *call, const char *what, struct error *err)
{
	error_sys(err, errno, "%s %s", call, SHOWN(what));
	err->code = ERROR_UNKNOWN;
	err->sys = EIO;
	return -1;
}

int
fs_sync(int fd, const char *what, struct error *err)
{
	return fsync(fd) == 0 ? 0 : not_durable("fsync", what, err);
}

bool
fs_is_network(int fd, bool or_fuse)
{
	static const unsigned long magic[] = { 0x65735546,	/* FUSE */
		0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x73757245, 0x01021997,
	};
	struct statfs v;

	if (fstatfs(fd, &v) < 0)
		return false;
	for (size_t i = !or_fuse; i < sizeof magic / sizeof *magic; i++)
		if (((unsigned long)v.f_type & 0xffffffff) == magic[i])
			return true;
	return false;
}

/* No lease can be had of a file that is open for writing. */
bool
fs_has_writer(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

int
fs_sync_all(int fd, const char *what, struct error *err)
{
	return syncfs(fd) == 0 ? 0 : not_durable("syncfs", what, err);
}

/* fsync of the directory that path is in. */
static int
sync_parent(const char *path, struct error *err)
{
	char *parent = xasprintf("%s/..", path);
	int fd = fs_open_dir(AT_FDCWD, parent, err);
	int rc = fd < 0 ? -1 : fs_sync(fd, parent, err);

	if (fd >= 0)
		close(fd);
	free(parent);
	return rc;
}

int
fs_make_path(const char *path, mode_t mode, struct error *err)
{
	char *copy = xstrdup(path), *end = copy + strlen(copy);
	int rc = 0;

	for (char *p = copy + 1; rc >= 0 && p <= end; p++) {
		char was = *p;

		if (was != '/' && was)
			continue;
		*p = '\0';
		rc = fs_make_dir(AT_FDCWD, copy, mode, err);
		if (rc > 0)
			rc = sync_parent(copy, err);
		*p = was;
	}
	free(copy);
	return rc < 0 ? -1 : 0;
}

int
fs_rename(int from_dirfd, const char *from, int to_dirfd, const char *to,
	struct error *err)
{
	if (renameat2(from_dirfd, from, to_dirfd, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EEXIST)
		return 1;
	if (errno == ENOENT)
		return 2;
	return error_sys(err, errno, "rename %s to %s",
		SHOWN_AT(from_dirfd, from), SHOWN_AT(to_dirfd, to));
}

int
fs_remove(int dirfd, const char *name, struct error *err)
{
	if (unlinkat(dirfd, name, 0) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return error_sys(err, errno, "remove %s", SHOWN_AT(dirfd, name));
}

ssize_t
fs_read_at(int fd, void *buf, size_t len, off_t offset, struct error *err)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, (char *)buf + got, len - got,
			offset + (off_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_sys(err, errno, "read %s", SHOWN_FD(fd));
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

int
fs_write_all(int fd, const void *buf, size_t len, struct error *err)
{
	const char *p = buf;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_sys(err, errno, "write %s", SHOWN_FD(fd));
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int
fs_read_file(int dirfd, const char *name, size_t max, struct str *out,
	struct error *err)
{
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t room = max + 1;
	struct stat st;
	char *buf;
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? 0 :
			error_sys(err, errno, "open %s",
				SHOWN_AT(dirfd, name));
	/* No more memory than it needs, where it says how long it is. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (uintmax_t)st.st_size < max)
		room = (size_t)st.st_size + 1;
	buf = xmalloc(room);
	n = fs_read_at(fd, buf, room, 0, err);
	close(fd);
	if (n >= 0 && (size_t)n > max)
		n = error_set(err, ERROR_INVALID, "%s is longer than %zu bytes",
			SHOWN(name), max);
	else if (n >= 0)
		str_add_bytes(out, buf, (size_t)n);
	free(buf);
	return n < 0 ? -1 : 1;
}

/* Copies [at, end) with the kernel's help, or by hand where it has none. */
bool
fs_is_alone(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		return false;
	return fcntl(fd, F_SETLEASE, F_UNLCK) == 0;
}

bool
fs_holds_only(int dirfd, const char *name)
{
	char buf[1024] __attribute__((aligned(__alignof__(struct dirent64))));
	ssize_t n = getdents64(dirfd, buf, sizeof buf);
	size_t at = 0;

	for (const struct dirent64 *d; n > 0 && at < (size_t)n;
	    at += d->d_reclen) {
		d = (const struct dirent64 *)(buf + at);
		if (strcmp(d->d_name, ".") != 0 &&
		    strcmp(d->d_name, "..") != 0 &&
		    (!name || strcmp(d->d_name, name) != 0))
			return false;
	}
	return n > 0 && getdents64(dirfd, buf, sizeof buf) == 0;
}

/* Where it ended: `end`, or the end of what is shorter than it was; or -1. */
static off_t
copy_range(int in, int out, off_t at, off_t end, struct error *err)
{
	char *buf = NULL;
	int rc = 0;

	while (at < end) {
		off_t to = at;
		size_t want = end - at > (1 << 30) ? 1 << 30 :
			(size_t)(end - at);
		ssize_t n = buf ? -1 :
			copy_file_range(in, &at, out, &to, want, 0);

		if (n > 0)
			continue;
		if (n == 0)
			break;
		if (!buf && errno == EINTR)
			continue;
		if (!buf && errno != EXDEV && errno != ENOSYS &&
		    errno != EINVAL && errno != EOPNOTSUPP) {
			rc = error_sys(err, errno, "copy");
			break;
		}
		if (!buf)
			buf = xmalloc(COPY_CHUNK);
		n = fs_read_at(in, buf, want < COPY_CHUNK ? want : COPY_CHUNK,
			at, err);
		if (n <= 0) {
			rc = n < 0 ? -1 : 0;
			break;
		}
		if (lseek(out, at, SEEK_SET) < 0 ||
		    fs_write_all(out, buf, (size_t)n, err) < 0) {
			rc = -1;
			break;
		}
		at += n;
	}
	free(buf);
	return rc < 0 ? -1 : at;
}

/* A file that fits into one piece needs no help, and holes in it save nothing.
 * How much of it was copied, or -1. */
static ssize_t
copy_small(int in, int out, size_t size, struct error *err)
{
	char buf[COPY_CHUNK];
	ssize_t n = fs_read_at(in, buf, size, 0, err);

	return n < 0 || fs_write_all(out, buf, (size_t)n, err) < 0 ? -1 : n;
}

int
fs_overwrite(int in, int out, off_t size, off_t before, struct error *err)
{
	off_t got = size <= COPY_CHUNK ?
		copy_small(in, out, (size_t)size, err) :
		copy_range(in, out, 0, size, err);

	if (got < 0)
		return -1;
	/* What is left of before goes, even if in has become shorter. */
	if ((before > got && ftruncate(out, got) < 0) ||
	    (got != size && ftruncate(out, size) < 0))
		return error_sys(err, errno, "set length of copy");
	return 0;
}

int
fs_copy(int in, int out, off_t size, struct error *err)
{
	off_t at = 0, data, hole;

	if (size <= COPY_CHUNK) {
		at = copy_small(in, out, (size_t)size, err);
		if (at < 0 || at == size)
			return at < 0 ? -1 : 0;
	}
	while (at < size) {
		data = lseek(in, at, SEEK_DATA);
		if (data < 0 && errno == ENXIO)
			break;		/* a hole up to the end */
		if (data < 0) {		/* no such question here: all is data */
			data = at;
			hole = size;
		} else {
			hole = lseek(in, data, SEEK_HOLE);
			if (hole < 0 || hole > size)
				hole = size;
		}
		if (copy_range(in, out, data, hole, err) < 0)
			return -1;
		at = hole;
	}
	if (ftruncate(out, size) < 0)
		return error_sys(err, errno, "set length of copy");
	return 0;
}

bool
fs_is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
		a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
		a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int
fs_free(int fd, int64_t *bytes_out, int64_t *inodes_out, struct error *err)
{
	struct statvfs v;

	if (fstatvfs(fd, &v) < 0)
		return error_sys(err, errno, "ask for free disk space");
	*bytes_out = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
	*inodes_out = v.f_files ? (int64_t)v.f_favail : -1;
	return 0;
}

int
fs_size(int fd, int64_t *bytes_out, struct error *err)
{
	struct statvfs v;

	if (fstatvfs(fd, &v) < 0)
		return error_sys(err, errno, "ask for the disk's size");
	*bytes_out = (int64_t)v.f_blocks * (int64_t)v.f_frsize;
	return 0;
}

static void
on_alarm(int sig)
{
	(void)sig;		/* it only has to interrupt flock */
}

int
fs_lock(int fd, int64_t limit_ms, bool (*waiting)(void *), void *arg,
	struct error *err)
{
	struct sigaction sa = { .sa_handler = on_alarm }, old_action;
	struct itimerval old_timer, timer = { { 0, 20000 }, { 0, 20000 } };
	int64_t start = clock_mono_ms(), now;
	sigset_t alarm_set, old_mask;
	int rc = -1;

	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK && errno != EINTR)
		return error_sys(err, errno, "flock");
	/* The timer repeats, so a tick between two looks is never the last. */
	sigaction(SIGALRM, &sa, &old_action);
	sigemptyset(&alarm_set);
	sigaddset(&alarm_set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm_set, &old_mask);
	setitimer(ITIMER_REAL, &timer, &old_timer);
	for (;;) {
		if (flock(fd, LOCK_EX) == 0) {
			rc = 0;
			break;
		}
		if (errno != EINTR) {
			error_sys(err, errno, "flock");
			break;
		}
		now = clock_mono_ms();
		if (limit_ms >= 0 && now - start >= limit_ms) {
			rc = 1;
			break;
		}
		if (waiting && !waiting(arg)) {
			rc = 2;
			break;
		}
	}
	setitimer(ITIMER_REAL, &old_timer, NULL);
	sigprocmask(SIG_SETMASK, &old_mask, NULL);
	sigaction(SIGALRM, &old_action, NULL);
	return rc;
}

void
fs_unlock(int fd)
{
	flock(fd, LOCK_UN);
}

int
fs_ofd_lock(int fd, struct error *err)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &fl) == 0)
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return 1;
	return error_sys(err, errno, "lock");
}

int
fs_ofd_is_free(int fd, struct error *err)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_GETLK, &fl) < 0)
		return error_sys(err, errno, "ask for lock");
	return fl.l_type == F_UNLCK;
}
