/* SPDX-License-Identifier: ISC */
/* listing: see listing.h for the contract. */
#include "connector/listing.h"
#include "base/files.h"
#include "base/xalloc.h"
#include "store/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct listed {
	char *name;
	bool message;
	int64_t mtime_ns;
};

struct listing {
	DIR *dir;
	size_t count, next;
	struct listed names[LISTING_MAX];
};

struct listing *
listing_open(int dirfd, struct error *err)
{
	DIR *dir = fs_open_names(dirfd, ".", err);
	struct listing *l = NULL;

	if (dir) {
		l = xcalloc(1, sizeof *l);
		l->dir = dir;
	}
	return l;
}

static void
forget(struct listing *l)
{
	while (l->count > 0)
		free(l->names[--l->count].name);
	l->next = 0;
}

void
listing_close(struct listing *l)
{
	if (!l)
		return;
	forget(l);
	closedir(l->dir);
	free(l);
}

static void
add(struct listing *l, const struct dirent *d)
{
	struct listed *n = &l->names[l->count++];
	struct stat st;

	*n = (struct listed){ .name = xstrdup(d->d_name),
		.message = d->d_type == DT_REG &&
			spool_is_message_name(d->d_name) };
	if (n->message && fstatat(dirfd(l->dir), n->name, &st,
	    AT_SYMLINK_NOFOLLOW) == 0)
		n->mtime_ns = st.st_mtim.tv_sec * INT64_C(1000000000) +
			st.st_mtim.tv_nsec;
}

static int
by_age(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	if (x->message != y->message)
		return x->message ? 1 : -1;
	if (x->mtime_ns != y->mtime_ns)
		return x->mtime_ns < y->mtime_ns ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
fill(struct listing *l, struct error *err)
{
	const struct dirent *d;
	int rc = 1;

	forget(l);
	while (l->count < LISTING_MAX && (rc = fs_next(l->dir, &d, err)) > 0)
		add(l, d);
	qsort(l->names, l->count, sizeof *l->names, by_age);
	return rc < 0 ? -1 : l->count > 0;
}

int
listing_next(struct listing *l, const char **name_out, bool *message_out,
	struct error *err)
{
	int rc = l->next < l->count ? 1 : fill(l, err);

	if (rc <= 0)
		return rc;
	*name_out = l->names[l->next].name;
	*message_out = l->names[l->next++].message;
	return 1;
}
