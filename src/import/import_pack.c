/* SPDX-License-Identifier: ISC */
/* import_pack: see import_pack.h for the contract. */
#include "import/import_pack.h"
#include "import/maildir.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIRECTORIES_MAX 256	/* open at a time; more: one syncfs */

static void
drop(struct packed *m)
{
	close(m->fd);
	free(m->boxes);
}

static void
fail(struct packed *m, const struct error *err)
{
	import_item_fail(m->item, IMPORT_UNUSABLE, err);
}

void
import_pack_take(struct import_pack *p, struct import_item *item,
	const char *key, int fd, const char **boxes, size_t count)
{
	struct packed *m = &p->list[p->count++];

	assert(count && !p->broken);
	*m = (struct packed){ .item = item, .fd = fd, .boxes = boxes,
		.count = count };
	snprintf(m->key, sizeof m->key, "%s", key);
	p->large += durable_begin(fd);
	if (p->count == IMPORT_PACK_MAX)
		import_pack_flush(p);
}

bool
import_pack_has(const struct import_pack *p, const char *file_key)
{
	size_t len = strlen(file_key);

	for (size_t i = 0; i < p->count; i++)
		if (strncmp(p->list[i].key, file_key, len) == 0 &&
		    (p->list[i].key[len] == '.' || !p->list[i].key[len]))
			return true;
	return false;
}

bool
import_pack_knows(const struct import_pack *p, const char *box)
{
	for (size_t i = 0; i < p->usable_count; i++)
		if (p->usable[i] == box)
			return true;
	return false;
}

void
import_pack_learn(struct import_pack *p, const char *const *boxes,
	size_t count)
{
	for (size_t i = 0; i < count &&
	    p->usable_count < IMPORT_USABLE_MAX; i++)
		if (!import_pack_knows(p, boxes[i]))
			p->usable[p->usable_count++] = boxes[i];
}

static void
link_all(struct import_pack *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++) {
		struct packed *m = &p->list[i];
		struct error err;

		if (maildir_link(p->office->dirfd, m->key, m->boxes, m->count,
		    &err) == 0) {
			p->list[kept++] = *m;
			continue;
		}
		fail(m, &err);
		drop(m);
	}
	p->count = kept;
}

static int
make_durable(struct import_pack *p)
{
	struct import_office *o = p->office;
	struct durable *d = 2 * p->large > p->count ? &o->large : &o->durable;
	int fds[IMPORT_PACK_MAX];

	for (size_t i = 0; i < p->count; i++)
		fds[i] = p->list[i].fd;
	return durable_sync(d, o->staging_fd, fds, p->count, &p->err);
}

static int
record_all(struct import_pack *p)
{
	for (size_t i = 0; i < p->count; i++)
		delivered_note(&p->office->books, p->list[i].key,
			p->list[i].boxes, p->list[i].count);
	return delivered_commit(&p->office->books, &p->err);
}

/* From here on it is delivered: what cannot be moved now, the next run
 * moves. */
static void
move_all(struct import_pack *p)
{
	struct import_office *o = p->office;
	struct error err;

	for (size_t i = 0; i < p->count; i++)
		for (size_t b = 0; b < p->list[i].count; b++)
			if (maildir_move(o->dirfd, p->list[i].key,
			    p->list[i].boxes[b], postoffice_discards(o->po,
			    p->list[i].boxes[b]), &err) < 0)
				fail(&p->list[i], &err);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The mailboxes of all, each once; to be freed. */
static const char **
mailboxes(const struct import_pack *p, size_t *count_out)
{
	size_t count = 0, kept = 0;
	const char **all;

	for (size_t i = 0; i < p->count; i++)
		count += p->list[i].count;
	all = xcalloc(count, sizeof *all);
	count = 0;
	for (size_t i = 0; i < p->count; i++)
		for (size_t b = 0; b < p->list[i].count; b++)
			all[count++] = p->list[i].boxes[b];
	qsort(all, count, sizeof *all, compare_names);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(all[kept - 1], all[i]) != 0)
			all[kept++] = all[i];
	*count_out = kept;
	return all;
}

/* The directories that got something, and staging that lost it. */
static int
sync_all(struct import_pack *p)
{
	struct import_office *o = p->office;
	int fds[DIRECTORIES_MAX], rc = 0;
	size_t count, open = 0;
	const char **boxes = mailboxes(p, &count);

	if (count > DIRECTORIES_MAX)
		rc = fs_sync_all(o->dirfd, "post office", &p->err);
	for (; rc == 0 && count <= DIRECTORIES_MAX && open < count; open++) {
		fds[open] = maildir_open_new(o->dirfd, boxes[open], &p->err);
		if (fds[open] < 0) {
			rc = -1;
			break;
		}
	}
	if (rc == 0)
		rc = durable_sync(&o->names, o->staging_fd, fds, open,
			&p->err);
	while (open)
		close(fds[--open]);
	free(boxes);
	return rc;
}

static void
throw_away(struct import_pack *p)
{
	for (size_t i = 0; i < p->count; i++)
		maildir_abort(p->office->dirfd, p->list[i].key,
			p->list[i].boxes, p->list[i].count);
}

void
import_pack_flush(struct import_pack *p)
{
	link_all(p);
	if (p->count == 0)
		return;
	if (make_durable(p) < 0) {
		p->broken = true;
		throw_away(p);
	} else if (record_all(p) < 0) {
		/* It may be on disk: the next run knows. */
		p->broken = true;
	} else {
		move_all(p);
		p->broken = sync_all(p) < 0;
	}
	for (size_t i = 0; i < p->count; i++) {
		if (p->broken)
			fail(&p->list[i], &p->err);
		else
			p->list[i].item->deliveries += p->list[i].count;
		drop(&p->list[i]);
	}
	p->count = p->large = 0;
}
