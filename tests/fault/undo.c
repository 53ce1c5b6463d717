/* SPDX-License-Identifier: ISC */
/* undo: see undo.h for the contract. */
#include "undo.h"
#include "undo_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where each inode is now. */
struct where {
	uint64_t ino;
	char *path;
};

static struct {
	struct where *list;
	size_t n, cap;
	bool remove_shm;
} map;

static int
complain(const char *what, const char *path)
{
	fprintf(stderr, "undo: %s %s: %s\n", what, path, strerror(errno));
	return -1;
}

static int
visit(const char *path, const struct stat *st, int type, struct FTW *f)
{
	size_t len = strlen(path);

	(void)type;
	(void)f;
	if (map.remove_shm && len > 4 && strcmp(path + len - 4, "-shm") == 0)
		return unlink(path) < 0 ? complain("remove", path) : 0;
	if (map.n == map.cap) {
		map.cap = map.cap ? map.cap * 2 : 256;
		map.list = realloc(map.list, map.cap * sizeof *map.list);
		if (!map.list)
			abort();
	}
	map.list[map.n].ino = st->st_ino;
	map.list[map.n].path = strdup(path);
	if (!map.list[map.n++].path)
		abort();
	return 0;
}

static int
by_ino(const void *a, const void *b)
{
	const struct where *x = a, *y = b;

	return (x->ino > y->ino) - (x->ino < y->ino);
}

static void
map_clear(void)
{
	for (size_t i = 0; i < map.n; i++)
		free(map.list[i].path);
	map.n = 0;
}

static int
map_read(const struct undo *u)
{
	map_clear();
	map.remove_shm = true;
	if (nftw(u->root, visit, 32, FTW_PHYS) != 0 ||
	    nftw(u->side, visit, 32, FTW_PHYS) != 0)
		return -1;
	qsort(map.list, map.n, sizeof *map.list, by_ino);
	return 0;
}

static const char *
map_find(uint64_t ino)
{
	struct where key = { ino, NULL }, *found;

	found = map.n ? bsearch(&key, map.list, map.n, sizeof key, by_ino) :
		NULL;
	return found ? found->path : NULL;
}

/* What a name shall stand for again. */
struct wish {
	const char *path;
	const struct fault_entry *old;
	size_t order;
};

static int
by_path(const void *a, const void *b)
{
	const struct wish *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	return c ? c : (x->order > y->order) - (x->order < y->order);
}

/* For each name its state before the first change that is undone, parents
 * before what is in them. */
static size_t
collect(const struct undo_plan *plan, struct wish **out)
{
	struct wish *w = calloc(plan->n * 2 + 1, sizeof *w);
	size_t n = 0, kept = 0;

	if (!w)
		abort();
	for (size_t i = 0; i < plan->n; i++)
		for (int k = 0; k < 2; k++) {
			const struct fault_record *r = plan->items[i].record;

			if (r->kind != FAULT_REC_NAME ||
			    !plan->items[i].undone[k])
				continue;
			w[n].path = undo_path(r, k);
			w[n].old = &r->entry[k];
			w[n].order = n;
			n++;
		}
	qsort(w, n, sizeof *w, by_path);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(w[i].path, w[kept - 1].path) != 0)
			w[kept++] = w[i];
	*out = w;
	return kept;
}

static bool
is_same(const struct stat *st, const struct fault_entry *e)
{
	return st->st_ino == e->ino &&
		(st->st_mode & S_IFMT) == (e->mode & S_IFMT);
}

/* Takes away what is under the name, if it is not what shall be there. */
static int
put_aside(const struct undo *u, const struct wish *w, size_t index)
{
	char to[4096];
	struct stat st;

	if (lstat(w->path, &st) < 0 || is_same(&st, w->old))
		return 0;
	snprintf(to, sizeof to, "%s/a%zu", u->side, index);
	if (rename(w->path, to) < 0)
		return complain("put aside", w->path);
	return 0;
}

static int
put_dir_back(const struct undo *u, const struct wish *w)
{
	const char *from = map_find(w->old->ino);
	struct stat st;

	if (lstat(w->path, &st) == 0)
		return 0;
	if (from && lstat(from, &st) == 0 && is_same(&st, w->old)) {
		if (rename(from, w->path) < 0)
			return complain("put back", w->path);
		return map_read(u);	/* all below it has moved */
	}
	if (mkdir(w->path, 0700) < 0 ||
	    chown(w->path, w->old->uid, w->old->gid) < 0 ||
	    chmod(w->path, w->old->mode & 07777) < 0)
		return errno == ENOENT ? 0 : complain("make", w->path);
	return 0;
}

static int
put_back(const struct undo *u, const struct wish *w)
{
	const char *from;
	struct stat st;

	if (w->old->ino == 0)
		return 0;
	if (S_ISDIR(w->old->mode))
		return put_dir_back(u, w);
	if (lstat(w->path, &st) == 0)
		return 0;
	from = map_find(w->old->ino);
	if (!from) {
		size_t len = strlen(w->path);

		if (len > 4 && strcmp(w->path + len - 4, "-shm") == 0)
			return 0;
		errno = ENOENT;
		return complain("bring back", w->path);
	}
	/* Its directory may be lost itself: then so is the name. */
	if (linkat(AT_FDCWD, from, AT_FDCWD, w->path, 0) < 0 &&
	    errno != ENOENT)
		return complain("put back", w->path);
	return 0;
}

static int
restore_meta(const struct fault_record *r, const char *path)
{
	if (lchown(path, r->uid, r->gid) < 0)
		return complain("change owner of", path);
	if (!S_ISLNK(r->mode) && chmod(path, r->mode & 07777) < 0)
		return complain("change mode of", path);
	return 0;
}

static int
restore_data(const struct fault_record *r, const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 && errno == EACCES && lstat(path, &st) == 0 &&
	    chmod(path, 0600) == 0) {
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
		if (chmod(path, st.st_mode & 07777) < 0)
			return complain("change mode of", path);
	}
	if (fd < 0)
		return complain("open", path);
	if ((r->len && pwrite(fd, r + 1, (size_t)r->len, r->offset) !=
		r->len) || ftruncate(fd, r->old_size) < 0) {
		close(fd);
		return complain("restore", path);
	}
	close(fd);
	return 0;
}

static int
restore(const struct undo_item *it)
{
	const struct fault_record *r = it->record;
	struct timespec times[2] = {
		{ 0, UTIME_OMIT }, { r->mtime_s, r->mtime_ns }
	};
	const char *path;
	int rc;

	if (!it->undone[0] || (r->kind != FAULT_REC_DATA &&
		r->kind != FAULT_REC_META))
		return 0;
	path = map_find(r->ino);
	if (!path)
		return 0;	/* a -shm, or never had a name that stayed */
	rc = r->kind == FAULT_REC_DATA ? restore_data(r, path) :
		restore_meta(r, path);
	if (rc == 0 && utimensat(AT_FDCWD, path, times,
		AT_SYMLINK_NOFOLLOW) < 0)
		rc = complain("set times of", path);
	return rc;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	if (f->level > 0 && remove(path) < 0)
		return complain("remove", path);
	return 0;
}

static int
apply(const struct undo *u, const struct undo_plan *plan)
{
	struct wish *w;
	size_t n = collect(plan, &w), i;
	int rc = 0;

	for (i = n; rc == 0 && i-- > 0;)
		rc = put_aside(u, &w[i], i);
	if (rc == 0)
		rc = map_read(u);
	for (i = plan->n; rc == 0 && i-- > 0;)
		rc = restore(&plan->items[i]);
	for (i = 0; rc == 0 && i < n; i++)
		rc = put_back(u, &w[i]);
	free(w);
	if (rc == 0)
		rc = nftw(u->side, remove_one, 32, FTW_PHYS | FTW_DEPTH);
	map_clear();
	return rc;
}

/* How much of the journal is whole. */
static int
journal_length(const struct undo *u, size_t *len_out)
{
	struct fault_state *s;
	char path[4096];
	int fd;

	snprintf(path, sizeof path, "%s.state", u->log);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain("open", path);
	s = mmap(NULL, sizeof *s, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (s == MAP_FAILED)
		return complain("map", path);
	*len_out = s->journal_end;
	munmap(s, sizeof *s);
	return 0;
}

int
undo_run(const struct undo *u)
{
	struct undo_plan plan;
	char *journal = NULL;
	size_t len = 0;
	int fd = open(u->log, O_RDONLY | O_CLOEXEC), rc, undone = 0;

	if (fd < 0 && errno != ENOENT)
		return complain("open", u->log);
	if (fd >= 0 && journal_length(u, &len) < 0)
		return -1;
	if (len) {
		journal = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
		if (journal == MAP_FAILED)
			return complain("map", u->log);
	}
	if (fd >= 0)
		close(fd);
	undo_plan_make(&plan, journal, len, u);
	rc = apply(u, &plan);
	for (size_t i = 0; i < plan.n; i++)
		undone += plan.items[i].undone[0] || plan.items[i].undone[1];
	free(plan.items);
	if (journal)
		munmap(journal, len);
	return rc < 0 ? -1 : undone;
}
