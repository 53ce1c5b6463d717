/* SPDX-License-Identifier: ISC */
/* delivered: see delivered.h for the contract. */
#include "import/delivered_private.h"
#include "base/files.h"

#include <assert.h>
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

int
delivered_open(struct delivered_books *b, int po_dirfd,
	struct durable *durable, struct error *err)
{
	*b = (struct delivered_books){ po_dirfd, durable, STR_INIT, 0,
		STR_INIT };
	if (books_read(po_dirfd, BOOKS_RECENT, &b->recent, err) < 0)
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
	books_file_name(name, books_group(key, strlen(key)));
	rc = books_read(b->po_dirfd, name, &lines, err);
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
	if (rc == 0) {
		str_add_bytes(&b->recent, b->pending.data, b->pending.len);
		b->recent_end += b->pending.len;
	}
	str_clear(&b->pending);
	return rc;
}
