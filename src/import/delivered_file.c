/* SPDX-License-Identifier: ISC */
/* delivered: the files of the books; see delivered.h for what is in them. */
#include "import/delivered_private.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NEW_NAME BOOKS_DIR "/.new"
#define GROUPS 4096u

/* FNV-1a: spreads keys that differ in their last digits only. */
uint32_t
books_hash(const char *key, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)key[i]) * 16777619u;
	return h ^ h >> 16;
}

unsigned
books_group(const char *key, size_t len)
{
	return books_hash(key, len) % GROUPS;
}

void
books_file_name(char out[24], unsigned group)
{
	snprintf(out, 24, BOOKS_DIR "/%03x", group);
}

int
books_read(int po_dirfd, const char *name, struct str *out, struct error *err)
{
	str_clear(out);
	if (fs_read_file(po_dirfd, name, BOOKS_READ_MAX, out, err) < 0)
		return -1;
	while (out->len && out->data[out->len - 1] != '\n')
		str_truncate(out, out->len - 1);
	return 0;
}

static size_t
line_start(const struct str *s, size_t at)
{
	while (at && s->data[at - 1] != '\n')
		at--;
	return at;
}

/* Where the newer half begins: not between two lines of one key. */
static size_t
newer_half(const struct str *s)
{
	size_t at = line_start(s, s->len - DELIVERED_FILE_MAX / 2);

	while (at) {
		size_t before = line_start(s, at - 1);
		size_t key = strcspn(s->data + at, " \n");

		if (strncmp(s->data + before, s->data + at, key + 1) != 0)
			break;
		at = before;
	}
	return at;
}

static int
sync_dir(int po_dirfd, struct error *err)
{
	int dir = fs_open_dir(po_dirfd, BOOKS_DIR, err);
	int rc = dir < 0 ? -1 : fs_sync(dir, BOOKS_DIR, err);

	if (dir >= 0)
		close(dir);
	return rc;
}

int
books_open(int po_dirfd, const char *name, int flags, struct error *err)
{
	int fd = openat(po_dirfd, name, flags | O_CREAT | O_WRONLY |
		O_NOFOLLOW | O_CLOEXEC, 0660);

	if (fd < 0)
		return error_sys(err, errno, "open %s", name);
	return fd;
}

int
books_replace(int po_dirfd, const char *name, const struct str *old,
	const struct str *added, struct error *err)
{
	size_t from = newer_half(old);
	int fd = books_open(po_dirfd, NEW_NAME, O_TRUNC, err);
	int rc = -1;

	if (fd < 0)
		return -1;
	if (fs_write_all(fd, old->data + from, old->len - from, err) == 0 &&
	    fs_write_all(fd, added->data, added->len, err) == 0)
		rc = fs_sync(fd, name, err);
	close(fd);
	if (rc == 0 && renameat(po_dirfd, NEW_NAME, po_dirfd, name) < 0)
		rc = error_sys(err, errno, "rename to %s", name);
	return rc < 0 ? -1 : sync_dir(po_dirfd, err);
}

int
books_append(int po_dirfd, const char *name, off_t good,
	const struct str *added, bool durably, struct error *err)
{
	int fd = books_open(po_dirfd, name, 0, err);
	off_t end;
	int rc = -1;

	if (fd < 0)
		return -1;
	end = lseek(fd, 0, SEEK_END);
	if (end < 0 || (end > good && ftruncate(fd, good) < 0) ||
	    lseek(fd, good, SEEK_SET) < 0)
		error_sys(err, errno, "append to %s", name);
	else if (fs_write_all(fd, added->data, added->len, err) == 0)
		rc = durably ? fs_sync(fd, name, err) : 0;
	close(fd);
	/* An empty file may have been made just now. */
	return rc == 0 && durably && good == 0 ? sync_dir(po_dirfd, err) : rc;
}
