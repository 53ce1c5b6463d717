/* SPDX-License-Identifier: ISC */
/*
 * fault_meta: the calls that change mode, owner and times, and those that
 * make changes durable.
 */
#include "fault_core.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Runs the statement `call` (which sets rc) as a point of an open file. */
#define META_FD(words, fd, call) do { \
	char path_[FAULT_PATH_MAX]; \
	struct fault_call c_; \
	struct stat st_; \
	\
	if (!fault_file(fd, &st_, path_)) { \
		call; \
	} else if (fault_begin(&c_, words, FAULT_META, st_.st_ino, path_, \
		NULL) == 0) { \
		fault_note_meta(&c_, &st_); \
		call; \
		fault_end(&c_, rc); \
	} \
} while (0)

/* The same for a path. */
#define META_AT(words, dirfd, path, call) do { \
	struct fault_place p_; \
	struct fault_call c_; \
	\
	if (!fault_place(&p_, dirfd, path) || !p_.exists) { \
		call; \
	} else if (fault_begin(&c_, words, FAULT_META, p_.st.st_ino, \
		p_.path, NULL) == 0) { \
		fault_note_meta(&c_, &p_.st); \
		call; \
		fault_end(&c_, rc); \
	} \
	fault_place_release(&p_); \
} while (0)

EXPORT int
fchmod(int fd, mode_t mode)
{
	int rc = -1;

	META_FD("fchmod", fd, rc = (int)RAW(fchmod, fd, mode));
	return rc;
}

EXPORT int
fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	int rc = -1;

	if (flags & ~AT_SYMLINK_NOFOLLOW) {
		errno = EINVAL;
		return -1;
	}
	if (flags) {
		errno = EOPNOTSUPP;
		return -1;
	}
	META_AT("chmod", dirfd, path,
		rc = (int)RAW(fchmodat, dirfd, path, mode));
	return rc;
}

EXPORT int
chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

EXPORT int
fchown(int fd, uid_t uid, gid_t gid)
{
	int rc = -1;

	META_FD("fchown", fd, rc = raw_fchown(fd, uid, gid));
	return rc;
}

EXPORT int
fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
	int rc = -1;

	META_AT("chown", dirfd, path,
		rc = (int)RAW(fchownat, dirfd, path, uid, gid, flags));
	return rc;
}

EXPORT int
chown(const char *path, uid_t uid, gid_t gid)
{
	return fchownat(AT_FDCWD, path, uid, gid, 0);
}

EXPORT int
lchown(const char *path, uid_t uid, gid_t gid)
{
	return fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

EXPORT int
futimens(int fd, const struct timespec times[2])
{
	int rc = -1;

	META_FD("futimens", fd,
		rc = raw_utimensat(fd, NULL, times, 0));
	return rc;
}

EXPORT int
utimensat(int dirfd, const char *path, const struct timespec times[2],
	int flags)
{
	int rc = -1;

	META_AT("utimens", dirfd, path,
		rc = raw_utimensat(dirfd, path, times, flags));
	return rc;
}

static int
do_sync(const char *name, int fd, bool all, bool data_only)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct stat st;
	long rc = 0;

	if (!fault_file(fd, &st, path)) {
		if (fault.nosync)
			return 0;
		if (all)
			return (int)RAW(syncfs, fd);
		return (int)(data_only ? RAW(fdatasync, fd) : RAW(fsync, fd));
	}
	if (fault_begin(&c, name, FAULT_SYNC, st.st_ino, path, NULL) < 0)
		return -1;
	if (!fault.nosync)
		rc = all ? RAW(syncfs, fd) : RAW(fsync, fd);
	if (rc == 0 && all)
		fault_note_syncfs(&c);
	else if (rc == 0)
		fault_note_sync(&c, st.st_ino);
	return (int)fault_end(&c, rc);
}

EXPORT int
fsync(int fd)
{
	return do_sync("fsync", fd, false, false);
}

EXPORT int
fdatasync(int fd)
{
	return do_sync("fdatasync", fd, false, true);
}

EXPORT int
syncfs(int fd)
{
	return do_sync("syncfs", fd, true, false);
}

/* Starts writing but promises nothing: a point that covers nothing. */
EXPORT int
sync_file_range(int fd, off_t offset, off_t len, unsigned flags)
{
	char path[FAULT_PATH_MAX];
	struct fault_call c;
	struct stat st;
	long rc = 0;

	if (!fault_file(fd, &st, path))
		return raw_sync_file_range(fd, offset, len, flags);
	if (fault_begin(&c, "sync_file_range", FAULT_SYNC, st.st_ino, path,
		NULL) < 0)
		return -1;
	if (!fault.nosync)
		rc = raw_sync_file_range(fd, offset, len, flags);
	return (int)fault_end(&c, rc);
}

EXPORT void
sync(void)
{
	struct fault_call c;

	if (!fault.on && !fault.nosync)
		RAW(sync, 0);
	if (!fault.on || fault_begin(&c, "sync", FAULT_SYNC, 0, fault.root,
		NULL) < 0)
		return;
	if (!fault.nosync)
		RAW(sync, 0);
	fault_note_syncfs(&c);
	fault_end(&c, 0);
}
