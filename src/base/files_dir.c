/* SPDX-License-Identifier: ISC */
/* files: what is in a directory, and removing it. See files.h. */
#include "base/files.h"
#include "base/files_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static DIR *
names_of(int fd, struct error *err)
{
	DIR *dir = fdopendir(fd);

	if (!dir) {
		error_sys(err, errno, "read the names of a directory");
		close(fd);
	}
	return dir;
}

DIR *
fs_open_names(int dirfd, const char *path, struct error *err)
{
	int fd = fs_open_dir(dirfd, path, err);

	return fd < 0 ? NULL : names_of(fd, err);
}

int
fs_next(DIR *dir, const struct dirent **out, struct error *err)
{
	const struct dirent *d;

	do {
		errno = 0;
		d = readdir(dir);
	} while (d && (strcmp(d->d_name, ".") == 0 ||
		strcmp(d->d_name, "..") == 0));
	*out = d;
	if (!d && errno)
		return error_sys(err, errno, "read the names of a directory");
	return d != NULL;
}

static int empty_dir(int fd, dev_t dev, struct error *err);

/* A file, or a directory with all that is in it. 0 or -1. */
static int
remove_one(int fd, const char *name, dev_t dev, struct error *err)
{
	struct stat st;
	int sub;

	if (unlinkat(fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return error_sys(err, errno, "remove %s", SHOWN(name));
	sub = fs_open_dir(fd, name, err);
	if (sub < 0)
		return -1;
	if (fstat(sub, &st) < 0 || st.st_dev != dev) {
		close(sub);
		return error_set(err, ERROR_STORE, "remove %s: is another "
			"file system", SHOWN(name));
	}
	if (empty_dir(sub, dev, err) < 0)
		return -1;
	if (unlinkat(fd, name, AT_REMOVEDIR) < 0)
		return error_sys(err, errno, "remove directory %s",
			SHOWN(name));
	return 0;
}

/* Empties the directory fd, which it takes over. 0 or -1. */
static int
empty_dir(int fd, dev_t dev, struct error *err)
{
	DIR *dir = names_of(fd, err);
	const struct dirent *d;
	int rc;

	if (!dir)
		return -1;
	while ((rc = fs_next(dir, &d, err)) > 0)
		if (remove_one(fd, d->d_name, dev, err) < 0) {
			rc = -1;
			break;
		}
	closedir(dir);
	return rc;
}

int
fs_remove_tree(int dirfd, const char *name, struct error *err)
{
	struct stat st, parent;
	int fd;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 :
			error_sys(err, errno, "look at %s",
				SHOWN_AT(dirfd, name));
	if (!S_ISDIR(st.st_mode))
		return fs_remove(dirfd, name, err) < 0 ? -1 : 0;
	fd = fs_open_dir(dirfd, name, err);
	if (fd < 0)
		return -1;
	if (fstatat(fd, "..", &parent, 0) < 0 || parent.st_dev != st.st_dev) {
		close(fd);
		return error_set(err, ERROR_STORE,
			"remove %s: is another file system",
			SHOWN_AT(dirfd, name));
	}
	if (empty_dir(fd, st.st_dev, err) < 0)
		return -1;
	if (unlinkat(dirfd, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return error_sys(err, errno, "remove directory %s",
			SHOWN_AT(dirfd, name));
	return 0;
}
