/* SPDX-License-Identifier: ISC */
/*
 * fault_names: the calls that make, change and remove names.
 *
 * A call that cannot change anything (the file to unlink is not there, the
 * file to create is) is no point: it goes straight to the kernel.
 */
#include "fault_core.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static int
truncate_open(const char *name, int dirfd, const char *path, int flags,
	mode_t mode, const struct fault_place *p)
{
	struct fault_call c;
	int fd = -1, old;

	if (fault_begin(&c, name, FAULT_SHRINK, p->st.st_ino, p->path,
		NULL) < 0)
		return -1;
	old = raw_openat(p->dirfd, p->name, O_PATH | O_CLOEXEC, 0);
	if (old >= 0) {
		fault_note_data(&c, old, &p->st, 0, p->st.st_size);
		close(old);
	}
	fd = raw_openat(dirfd, path, flags, mode);
	return (int)fault_end(&c, fd);
}

static int
create_open(const char *name, int dirfd, const char *path, int flags,
	mode_t mode, const struct fault_place *p)
{
	struct fault_call c;
	int fd;

	if (fault_begin(&c, name, FAULT_CREATE, 0, p->path, NULL) < 0)
		return -1;
	fault_note_names(&c, p, NULL);
	fd = raw_openat(dirfd, path, flags, mode);
	return (int)fault_end(&c, fd);
}

int
fault_open(const char *name, int dirfd, const char *path, int flags, mode_t mode)
{
	struct fault_place p;
	int fd;

	if (!(flags & (O_CREAT | O_TRUNC)) || !fault_place(&p, dirfd, path))
		return raw_openat(dirfd, path, flags, mode);
	if (!p.exists && (flags & O_CREAT))
		fd = create_open(name, dirfd, path, flags, mode, &p);
	else if (p.exists && (flags & O_TRUNC) && !(flags & O_EXCL) &&
		 S_ISREG(p.st.st_mode) && p.st.st_size > 0)
		fd = truncate_open(name, dirfd, path, flags, mode, &p);
	else
		fd = raw_openat(dirfd, path, flags, mode);
	fault_place_release(&p);
	return fd;
}

/* The mode is there only if the flags say so. */
#define MODE_OF(flags, last) __extension__({ \
	mode_t mode_ = 0; \
	if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
		va_list ap_; \
		va_start(ap_, last); \
		mode_ = va_arg(ap_, mode_t); \
		va_end(ap_); \
	} \
	mode_; \
})

#define OPEN(name) \
	EXPORT int \
	name(const char *path, int flags, ...) \
	{ \
		return fault_open("open", AT_FDCWD, path, flags, \
			MODE_OF(flags, flags)); \
	}
/* What a fortified program calls instead. */
#define OPEN_2(name) \
	EXPORT int name(const char *path, int flags); \
	EXPORT int \
	name(const char *path, int flags) \
	{ \
		return fault_open("open", AT_FDCWD, path, flags, 0); \
	}

#define OPENAT(name) \
	EXPORT int \
	name(int dirfd, const char *path, int flags, ...) \
	{ \
		return fault_open("open", dirfd, path, flags, \
			MODE_OF(flags, flags)); \
	}
#define OPENAT_2(name) \
	EXPORT int name(int dirfd, const char *path, int flags); \
	EXPORT int \
	name(int dirfd, const char *path, int flags) \
	{ \
		return fault_open("open", dirfd, path, flags, 0); \
	}

#define CREAT(name) \
	EXPORT int \
	name(const char *path, mode_t mode) \
	{ \
		return fault_open("creat", AT_FDCWD, path, \
			O_CREAT | O_WRONLY | O_TRUNC, mode); \
	}

OPEN(open)
ALSO(OPEN, open)
OPEN_2(__open_2)
OPEN_2(__open64_2)
OPENAT(openat)
ALSO(OPENAT, openat)
OPENAT_2(__openat_2)
OPENAT_2(__openat64_2)
CREAT(creat)
ALSO(CREAT, creat)

static int
do_rename(int from_dirfd, const char *from, int to_dirfd, const char *to,
	unsigned flags)
{
	struct fault_place a, b;
	struct fault_call c;
	bool ours;
	int rc;

	ours = fault_place(&a, from_dirfd, from);
	ours = fault_place(&b, to_dirfd, to) || ours;
	if (!ours || (a.dirfd >= 0 && !a.exists) ||
	    (b.exists && (flags & RENAME_NOREPLACE)))
		rc = (int)RAW(renameat2, from_dirfd, from, to_dirfd, to,
			flags);
	else if (fault_begin(&c, "rename", FAULT_RENAME, 0,
		a.dirfd >= 0 ? a.path : from,
		b.dirfd >= 0 ? b.path : to) < 0)
		rc = -1;
	else {
		fault_note_names(&c, &a, &b);
		rc = (int)RAW(renameat2, from_dirfd, from, to_dirfd, to,
			flags);
		fault_end(&c, rc);
	}
	fault_place_release(&a);
	fault_place_release(&b);
	return rc;
}

EXPORT int
rename(const char *from, const char *to)
{
	return do_rename(AT_FDCWD, from, AT_FDCWD, to, 0);
}

EXPORT int
renameat(int from_dirfd, const char *from, int to_dirfd, const char *to)
{
	return do_rename(from_dirfd, from, to_dirfd, to, 0);
}

EXPORT int
renameat2(int from_dirfd, const char *from, int to_dirfd, const char *to,
	unsigned flags)
{
	return do_rename(from_dirfd, from, to_dirfd, to, flags);
}

static int
do_link(int from_dirfd, const char *from, int to_dirfd, const char *to,
	int flags)
{
	struct fault_place p;
	struct fault_call c;
	int rc;

	if (!fault_place(&p, to_dirfd, to) || p.exists)
		rc = (int)RAW(linkat, from_dirfd, from, to_dirfd, to, flags);
	else if (fault_begin(&c, "link", FAULT_RENAME, 0, from, p.path) < 0)
		rc = -1;
	else {
		fault_note_names(&c, &p, NULL);
		rc = (int)RAW(linkat, from_dirfd, from, to_dirfd, to, flags);
		fault_end(&c, rc);
	}
	fault_place_release(&p);
	return rc;
}

EXPORT int
link(const char *from, const char *to)
{
	return do_link(AT_FDCWD, from, AT_FDCWD, to, 0);
}

EXPORT int
linkat(int from_dirfd, const char *from, int to_dirfd, const char *to,
	int flags)
{
	return do_link(from_dirfd, from, to_dirfd, to, flags);
}

EXPORT int
symlinkat(const char *target, int dirfd, const char *path)
{
	struct fault_place p;
	struct fault_call c;
	int rc;

	if (!fault_place(&p, dirfd, path) || p.exists)
		rc = (int)RAW(symlinkat, target, dirfd, path);
	else if (fault_begin(&c, "symlink", FAULT_CREATE, 0, p.path,
		NULL) < 0)
		rc = -1;
	else {
		fault_note_names(&c, &p, NULL);
		rc = (int)RAW(symlinkat, target, dirfd, path);
		fault_end(&c, rc);
	}
	fault_place_release(&p);
	return rc;
}

EXPORT int
symlink(const char *target, const char *path)
{
	return symlinkat(target, AT_FDCWD, path);
}

EXPORT int
mkdirat(int dirfd, const char *path, mode_t mode)
{
	struct fault_place p;
	struct fault_call c;
	int rc;

	if (!fault_place(&p, dirfd, path) || p.exists)
		rc = (int)RAW(mkdirat, dirfd, path, mode);
	else if (fault_begin(&c, "mkdir", FAULT_CREATE, 0, p.path, NULL) < 0)
		rc = -1;
	else {
		fault_note_names(&c, &p, NULL);
		rc = (int)RAW(mkdirat, dirfd, path, mode);
		fault_end(&c, rc);
	}
	fault_place_release(&p);
	return rc;
}

EXPORT int
mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

EXPORT int
unlinkat(int dirfd, const char *path, int flags)
{
	struct fault_place p;
	struct fault_call c;
	bool is_dir = (flags & AT_REMOVEDIR) != 0;
	int rc;

	if (!fault_place(&p, dirfd, path) || !p.exists ||
	    S_ISDIR(p.st.st_mode) != is_dir)
		rc = (int)RAW(unlinkat, dirfd, path, flags);
	else if (fault_begin(&c, is_dir ? "rmdir" : "unlink", FAULT_REMOVE,
		0, p.path, NULL) < 0)
		rc = -1;
	else {
		fault_note_names(&c, &p, NULL);
		rc = (int)RAW(unlinkat, dirfd, path, flags);
		fault_end(&c, rc);
	}
	fault_place_release(&p);
	return rc;
}

EXPORT int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

EXPORT int
rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

EXPORT int
remove(const char *path)
{
	if (unlinkat(AT_FDCWD, path, 0) == 0)
		return 0;
	return errno == EISDIR ? rmdir(path) : -1;
}

/* Temporary files are opened inside of libc: made here instead. */
static int
do_mkstemp(char *template, int suffix, int flags)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	size_t len = strlen(template);
	char *x;
	unsigned char r[6];
	int fd;

	if (len < 6 + (size_t)suffix) {
		errno = EINVAL;
		return -1;
	}
	x = template + len - (size_t)suffix - 6;
	if (memcmp(x, "XXXXXX", 6) != 0) {
		errno = EINVAL;
		return -1;
	}
	do {
		if (RAW(getrandom, r, sizeof r, 0) != (long)sizeof r)
			return -1;
		for (int i = 0; i < 6; i++)
			x[i] = letters[r[i] % 32];
		fd = fault_open("mkstemp", AT_FDCWD, template,
			(flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL,
			0600);
	} while (fd < 0 && errno == EEXIST);
	return fd;
}

#define MKSTEMP(name) \
	EXPORT int \
	name(char *template) \
	{ \
		return do_mkstemp(template, 0, 0); \
	}
#define MKOSTEMP(name) \
	EXPORT int \
	name(char *template, int flags) \
	{ \
		return do_mkstemp(template, 0, flags); \
	}

MKSTEMP(mkstemp)
ALSO(MKSTEMP, mkstemp)
MKOSTEMP(mkostemp)
ALSO(MKOSTEMP, mkostemp)
