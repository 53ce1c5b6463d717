/* delivered: see delivered.h for the contract. */
#include "import/delivered.h"
#include "base/files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIR_NAME "delivered"
#define NEW_NAME DIR_NAME "/.new"
#define GROUPS 4096u
/* One message to 8,192 recipients on top of a full file. */
#define READ_MAX ((size_t)4 << 20)

bool
delivered_is_key(const char *key)
{
	size_t len = strlen(key);

	return len && len <= DELIVERED_KEY_MAX && *key != '.' && *key != '-' &&
		strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
		"XYZ0123456789._-") == len;
}

/* FNV-1a: spreads keys that differ in their last digits only. */
static void
file_name(char out[24], const char *key)
{
	uint32_t h = 2166136261u;

	for (const char *p = key; *p; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	snprintf(out, 24, DIR_NAME "/%03x", (h ^ h >> 16) % GROUPS);
}

/* Whole lines only: what a crash tore off never happened. */
static int
read_lines(int po_dirfd, const char *name, struct str *out, struct error *err)
{
	str_clear(out);
	if (fs_read_file(po_dirfd, name, READ_MAX, out, err) < 0)
		return -1;
	while (out->len && out->data[out->len - 1] != '\n')
		str_truncate(out, out->len - 1);
	return 0;
}

/* NULs are a hole that a crash left, or somebody else's bytes: lines around
 * them are lines all the same. A line that has some in it is two. */
static void
drop_nuls(struct str *lines)
{
	for (char *p = lines->data, *end = p + lines->len;
	    (p = memchr(p, '\0', (size_t)(end - p))); p++)
		*p = '\n';
}

int
delivered_load(int po_dirfd, const char *key, struct delivered *out,
	struct error *err)
{
	struct str lines = STR_INIT;
	size_t key_len = strlen(key);
	char name[24];
	int rc;

	str_clear(&out->who);
	file_name(name, key);
	rc = read_lines(po_dirfd, name, &lines, err);
	drop_nuls(&lines);
	for (char *p = lines.data, *end; rc == 0 && *p; p = end + 1) {
		end = strchr(p, '\n');
		if (strncmp(p, key, key_len) == 0 && p[key_len] == ' ')
			str_add_bytes(&out->who, p + key_len + 1,
				(size_t)(end - p) - key_len);
	}
	str_release(&lines);
	return rc;
}

bool
delivered_has(const struct delivered *d, const char *who)
{
	size_t len = strlen(who);

	for (const char *p = d->who.data, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		if ((size_t)(end - p) == len && memcmp(p, who, len) == 0)
			return true;
	}
	return false;
}

void
delivered_release(struct delivered *d)
{
	str_release(&d->who);
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
	int dir = fs_open_dir(po_dirfd, DIR_NAME, err);
	int rc = dir < 0 ? -1 : fs_sync(dir, DIR_NAME, err);

	if (dir >= 0)
		close(dir);
	return rc;
}

static int
open_file(int po_dirfd, const char *name, int flags, struct error *err)
{
	int fd = openat(po_dirfd, name, flags | O_CREAT | O_WRONLY |
		O_NOFOLLOW | O_CLOEXEC, 0660);

	if (fd < 0)
		return error_sys(err, errno, "open %s", name);
	return fd;
}

/* The newer half of old and the added lines, in place of the file. */
static int
replace_file(int po_dirfd, const char *name, const struct str *old,
	const struct str *added, struct error *err)
{
	size_t from = newer_half(old);
	int fd = open_file(po_dirfd, NEW_NAME, O_TRUNC, err);
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

/* Appends to the file, whose whole lines end at `good`. */
static int
append_file(int po_dirfd, const char *name, off_t good,
	const struct str *added, struct error *err)
{
	int fd = open_file(po_dirfd, name, 0, err);
	off_t end;
	int rc = -1;

	if (fd < 0)
		return -1;
	end = lseek(fd, 0, SEEK_END);
	if (end < 0 || (end > good && ftruncate(fd, good) < 0) ||
	    lseek(fd, good, SEEK_SET) < 0)
		error_sys(err, errno, "append to %s", name);
	else if (fs_write_all(fd, added->data, added->len, err) == 0)
		rc = fs_sync(fd, name, err);
	close(fd);
	/* An empty file may have been made just now. */
	return rc == 0 && good == 0 ? sync_dir(po_dirfd, err) : rc;
}

int
delivered_add(int po_dirfd, const char *key, const char *const *who,
	size_t count, struct error *err)
{
	struct str lines = STR_INIT, added = STR_INIT;
	char name[24];
	int rc;

	assert(delivered_is_key(key));
	file_name(name, key);
	for (size_t i = 0; i < count; i++)
		str_addf(&added, "%s %s\n", key, who[i]);
	rc = fs_make_dir(po_dirfd, DIR_NAME, 0770, err);
	if (rc > 0)
		rc = fs_sync(po_dirfd, "post office", err);
	if (rc == 0)
		rc = read_lines(po_dirfd, name, &lines, err);
	if (rc == 0 && lines.len > DELIVERED_FILE_MAX)
		rc = replace_file(po_dirfd, name, &lines, &added, err);
	else if (rc == 0)
		rc = append_file(po_dirfd, name, (off_t)lines.len, &added, err);
	str_release(&lines);
	str_release(&added);
	return rc;
}
