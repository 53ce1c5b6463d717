/* delivered: see delivered.h for the contract. */
#include "import/delivered.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIR_NAME "delivered"
#define NEW_NAME DIR_NAME "/.new"
#define RECENT_NAME DIR_NAME "/recent"
#define GROUPS 4096u
/* One message to 8,192 recipients on top of a full file is 2 MB. */
#define READ_MAX ((size_t)32 << 20)
/* `recent` is spread from here on, however dear that is. */
#define RECENT_LIMIT ((size_t)1 << 20)

bool
delivered_is_key(const char *key)
{
	size_t len = strlen(key);

	return len && len <= DELIVERED_KEY_MAX && *key != '.' && *key != '-' &&
		strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
		"XYZ0123456789._-") == len;
}

/* FNV-1a: spreads keys that differ in their last digits only. */
static unsigned
group_of(const char *key, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)key[i]) * 16777619u;
	return (h ^ h >> 16) % GROUPS;
}

static void
file_name(char out[24], unsigned group)
{
	snprintf(out, 24, DIR_NAME "/%03x", group);
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

/* Adds the WHO of a line, len bytes behind its key, each as a line. */
static void
add_who(struct str *out, const char *words, size_t len)
{
	bool one = len > strlen(DELIVERED_BEGUN) &&
		strncmp(words, DELIVERED_BEGUN, strlen(DELIVERED_BEGUN)) == 0;
	size_t start = out->len;

	str_add_bytes(out, words, len);
	str_add_char(out, '\n');
	for (char *p = out->data + start; !one && *p; p++)
		if (*p == ' ')
			*p = '\n';
}

static void
find_lines(const struct str *lines, const char *key, struct str *out)
{
	size_t key_len = strlen(key);

	for (char *p = lines->data, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		if (strncmp(p, key, key_len) == 0 && p[key_len] == ' ')
			add_who(out, p + key_len + 1,
				(size_t)(end - p) - key_len - 1);
	}
}

int
delivered_open(struct delivered_books *b, int po_dirfd,
	struct durable *durable, struct error *err)
{
	*b = (struct delivered_books){ po_dirfd, durable, STR_INIT, 0,
		STR_INIT };
	if (read_lines(po_dirfd, RECENT_NAME, &b->recent, err) < 0)
		return -1;
	b->recent_end = b->recent.len;
	drop_nuls(&b->recent);
	return 0;
}

void
delivered_close(struct delivered_books *b)
{
	str_release(&b->recent);
	str_release(&b->pending);
}

int
delivered_load(const struct delivered_books *b, const char *key,
	struct delivered *out, struct error *err)
{
	struct str lines = STR_INIT;
	char name[24];
	int rc;

	str_clear(&out->who);
	file_name(name, group_of(key, strlen(key)));
	rc = read_lines(b->po_dirfd, name, &lines, err);
	drop_nuls(&lines);
	find_lines(&lines, key, &out->who);
	find_lines(&b->recent, key, &out->who);
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

/* Appends to the file, whose whole lines end at `good`, durably if wanted. */
static int
append_file(int po_dirfd, const char *name, off_t good,
	const struct str *added, bool durably, struct error *err)
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
		rc = durably ? fs_sync(fd, name, err) : 0;
	close(fd);
	/* An empty file may have been made just now. */
	return rc == 0 && durably && good == 0 ? sync_dir(po_dirfd, err) : rc;
}

void
delivered_note(struct delivered_books *b, const char *key,
	const char *const *who, size_t count)
{
	assert(delivered_is_key(key));
	if (!count)
		return;
	str_add(&b->pending, key);
	for (size_t i = 0; i < count; i++)
		str_addf(&b->pending, " %s", who[i]);
	str_add_char(&b->pending, '\n');
}

/* --- spreading what is recent ---------------------------------------------- */

struct line {
	unsigned group;
	const char *text;	/* "KEY WHO...\n" */
};

static int
compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->text < y->text ? -1 : x->text > y->text;
}

static struct line *
sort_lines(const struct str *recent, size_t *count_out)
{
	struct line *lines = NULL;
	size_t count = 0, cap = 0;

	for (const char *p = recent->data, *end; *p; p = end + 1) {
		size_t key = strcspn(p, " \n");

		end = strchr(p, '\n');
		if (p[key] != ' ')
			continue;
		xgrow(&lines, &cap, count + 1, sizeof *lines, READ_MAX);
		lines[count++] = (struct line){ group_of(p, key), p };
	}
	if (count)
		qsort(lines, count, sizeof *lines, compare_lines);
	*count_out = count;
	return lines;
}

static void
add_spread(struct str *added, const char *line)
{
	size_t key = strcspn(line, " ");
	struct str who = STR_INIT;

	add_who(&who, line + key + 1, strcspn(line + key + 1, "\n"));
	for (char *p = who.data, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		str_add_bytes(added, line, key + 1);
		str_add_bytes(added, p, (size_t)(end - p) + 1);
	}
	str_release(&who);
}

/* Appends to the file of a group; when it is durable, the caller sees to. */
static int
add_to_group(int po_dirfd, unsigned group, const struct str *added,
	struct error *err)
{
	struct str old = STR_INIT;
	char name[24];
	int rc;

	file_name(name, group);
	rc = read_lines(po_dirfd, name, &old, err);
	if (rc == 0 && old.len > DELIVERED_FILE_MAX)
		rc = replace_file(po_dirfd, name, &old, added, err);
	else if (rc == 0)
		rc = append_file(po_dirfd, name, (off_t)old.len, added, false,
			err);
	str_release(&old);
	return rc;
}

static int
spread(struct delivered_books *b, const struct line *lines, size_t count,
	struct error *err)
{
	struct str added = STR_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		add_spread(&added, lines[i].text);
		if (i + 1 < count && lines[i + 1].group == lines[i].group)
			continue;
		rc = add_to_group(b->po_dirfd, lines[i].group, &added, err);
		str_clear(&added);
	}
	str_release(&added);
	return rc;
}

/* Empties `recent`. That it is empty need not be durable. */
static int
spread_recent(struct delivered_books *b, struct error *err)
{
	size_t count;
	struct line *lines = sort_lines(&b->recent, &count);
	int fd, rc = spread(b, lines, count, err);

	free(lines);
	if (rc == 0)
		rc = fs_sync_all(b->po_dirfd, DIR_NAME, err);
	if (rc < 0)
		return -1;
	fd = open_file(b->po_dirfd, RECENT_NAME, O_TRUNC, err);
	if (fd < 0)
		return -1;
	close(fd);
	str_clear(&b->recent);
	b->recent_end = 0;
	return 0;
}

static bool
is_due(const struct delivered_books *b)
{
	if (b->recent_end < DELIVERED_RECENT_MAX)
		return false;
	return b->recent_end >= RECENT_LIMIT || !b->durable ||
		durable_prefers_all_now(b->durable);
}

int
delivered_commit(struct delivered_books *b, struct error *err)
{
	int rc;

	if (!b->pending.len)
		return 0;
	rc = fs_make_dir(b->po_dirfd, DIR_NAME, 0770, err);
	if (rc > 0)
		rc = fs_sync(b->po_dirfd, "post office", err);
	if (rc == 0 && is_due(b))
		rc = spread_recent(b, err);
	if (rc == 0)
		rc = append_file(b->po_dirfd, RECENT_NAME, (off_t)b->recent_end,
			&b->pending, true, err);
	if (rc == 0) {
		str_add_bytes(&b->recent, b->pending.data, b->pending.len);
		b->recent_end += b->pending.len;
	}
	str_clear(&b->pending);
	return rc;
}
