/* SPDX-License-Identifier: ISC */
/* delivered: see delivered.h for the contract. */
#include "import/delivered_private.h"
#include "base/files.h"

#include <assert.h>
#include <fcntl.h>
#include <string.h>

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

/* NULs are a hole that a crash left, or somebody else's bytes: lines around
 * them are lines all the same. A line that has some in it is two. */
static void
drop_nuls(struct str *lines)
{
	for (char *p = lines->data, *end = p + lines->len;
	    (p = memchr(p, '\0', (size_t)(end - p))); p++)
		*p = '\n';
}

static void
find_lines(const struct str *lines, const char *key, struct str *out)
{
	size_t key_len = strlen(key);

	for (char *p = lines->data, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		if (strncmp(p, key, key_len) == 0 && p[key_len] == ' ')
			books_add_who(out, p + key_len + 1,
				(size_t)(end - p) - key_len - 1);
	}
}

/* The bit of a key in `maybe`; the byte that it is in becomes *at_out. */
static unsigned
maybe_bit(const char *key, size_t len, size_t *at_out)
{
	struct delivered_books *b;
	uint32_t hash = books_hash(key, len);

	*at_out = hash / 8 % sizeof b->maybe;
	return 1u << hash % 8;
}

void
books_note_keys(struct delivered_books *b, const char *lines)
{
	for (const char *p = lines; *p; p = strchr(p, '\n') + 1) {
		size_t at;
		unsigned bit = maybe_bit(p, strcspn(p, " \n"), &at);

		b->maybe[at] |= (unsigned char)bit;
	}
}

static bool
may_be_recent(const struct delivered_books *b, const char *key)
{
	size_t at;
	unsigned bit = maybe_bit(key, strlen(key), &at);

	return (b->maybe[at] & bit) != 0;
}

/* `recent` as it is now; all zero: there is none. */
static void
look_at_recent(const struct delivered_books *b, struct stat *out)
{
	if (fstatat(b->po_dirfd, BOOKS_RECENT, out, AT_SYMLINK_NOFOLLOW) < 0)
		memset(out, 0, sizeof *out);
}

int
delivered_open(struct delivered_books *b, int po_dirfd,
	struct durable *durable, struct error *err)
{
	struct stat is;

	b->po_dirfd = po_dirfd;
	b->durable = durable;
	str_clear(&b->pending);
	look_at_recent(b, &is);
	if (is.st_ino && fs_is_same_file(&is, &b->recent_is))
		return 0;
	memset(&b->recent_is, 0, sizeof b->recent_is);
	memset(b->maybe, 0, sizeof b->maybe);
	b->recent_end = 0;
	if (books_read(po_dirfd, BOOKS_RECENT, &b->recent, err) < 0)
		return -1;
	b->recent_end = b->recent.len;
	drop_nuls(&b->recent);
	books_note_keys(b, b->recent.data);
	b->recent_is = is;
	return 0;
}

void
delivered_close(struct delivered_books *b)
{
	str_release(&b->recent);
	str_release(&b->pending);
	memset(&b->recent_is, 0, sizeof b->recent_is);
}

int
delivered_load(const struct delivered_books *b, const char *key,
	struct delivered *out, struct error *err)
{
	struct str lines = STR_INIT;
	char name[24];
	int rc;

	str_clear(&out->who);
	books_file_name(name, books_group(key, strlen(key)));
	rc = books_read(b->po_dirfd, name, &lines, err);
	drop_nuls(&lines);
	find_lines(&lines, key, &out->who);
	if (may_be_recent(b, key))
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
	rc = fs_make_dir(b->po_dirfd, BOOKS_DIR, 0770, err);
	if (rc > 0)
		rc = fs_sync(b->po_dirfd, "post office", err);
	if (rc == 0 && is_due(b))
		rc = books_spread(b, err);
	if (rc == 0)
		rc = books_append(b->po_dirfd, BOOKS_RECENT, (off_t)b->recent_end,
			&b->pending, true, err);
	memset(&b->recent_is, 0, sizeof b->recent_is);
	if (rc == 0) {
		str_add_bytes(&b->recent, b->pending.data, b->pending.len);
		b->recent_end += b->pending.len;
		books_note_keys(b, b->pending.data);
		look_at_recent(b, &b->recent_is);
		if (b->recent_is.st_size != (off_t)b->recent_end)
			b->recent_is.st_ino = 0;	/* somebody wrote */
	}
	str_clear(&b->pending);
	return rc;
}
