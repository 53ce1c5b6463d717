/* SPDX-License-Identifier: ISC */
/* fault_place: which of the paths and descriptors are below the root. */
#include "fault_core.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

bool
fault_is_below(const char *path)
{
	return strncmp(path, fault.root, fault.root_len) == 0 &&
		(path[fault.root_len] == '/' || path[fault.root_len] == '\0');
}

/* The kernel's own idea of where fd is. */
bool
fault_path_of(int fd, char *path)
{
	char link[40];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return fault_is_below(path);
}

/* Cuts path into the directory (left in path) and the name. */
static const char *
split(char *path, char *name)
{
	size_t len = strlen(path);
	char *slash;
	const char *base, *dir = ".";

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	slash = strrchr(path, '/');
	base = slash ? slash + 1 : path;
	if (strlen(base) > NAME_MAX || !*base)
		return NULL;
	memcpy(name, base, strlen(base) + 1);
	if (slash == path)
		dir = "/";
	else if (slash)
		dir = path;
	if (slash)
		*slash = '\0';
	return dir;
}

bool
fault_place(struct fault_place *p, int dirfd, const char *path)
{
	char copy[PATH_MAX];
	const char *dir;
	struct stat st;
	size_t len;
	int saved = errno;

	p->dirfd = -1;
	p->exists = false;
	p->path[0] = '\0';
	if (!fault.on || !path || strlen(path) >= sizeof copy)
		return false;
	memcpy(copy, path, strlen(path) + 1);
	dir = split(copy, p->name);
	if (dir)
		p->dirfd = raw_openat(dirfd, dir,
			O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (p->dirfd < 0 || !fault_path_of(p->dirfd, p->path) ||
	    fstat(p->dirfd, &st) < 0) {
		fault_place_release(p);
		errno = saved;
		return false;
	}
	p->dir = st.st_ino;
	len = strlen(p->path);
	p->path[len] = '/';
	memcpy(p->path + len + 1, p->name, strlen(p->name) + 1);
	p->exists = fstatat(p->dirfd, p->name, &p->st,
		AT_SYMLINK_NOFOLLOW) == 0;
	errno = saved;
	return true;
}

void
fault_place_release(struct fault_place *p)
{
	int saved = errno;

	if (p->dirfd >= 0)
		close(p->dirfd);
	p->dirfd = -1;
	p->path[0] = '\0';
	errno = saved;
}

bool
fault_file(int fd, struct stat *st, char *path)
{
	int saved = errno;
	bool ours;

	ours = fault.on && fstat(fd, st) == 0 && st->st_dev == fault.dev &&
		(S_ISREG(st->st_mode) || S_ISDIR(st->st_mode)) &&
		fault_path_of(fd, path);
	errno = saved;
	return ours;
}
