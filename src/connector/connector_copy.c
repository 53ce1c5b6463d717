/* SPDX-License-Identifier: ISC */
/*
 * connector_copy: the working copy that a program gets. See
 * connector_private.h.
 *
 * It stands in the lane's directory, or in m<id>/ there. A file that nobody has
 * touched is not removed but becomes a later copy: who removes and makes files
 * without a pause has ext4 look at each inode that was freed in the last minute,
 * which cost more than all else. One of a program is hidden meanwhile; one of a
 * worker stays in its directory, which will be the other message's. All but a few
 * go as soon as nothing more waits to be copied, beside what is still imported;
 * the few when nothing is.
 */
#include "connector/connector_private.h"
#include "base/files.h"
#include "base/log.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_CHUNK (1 << 16)
#define SPARES_FEW 32
#define SPARE_BYTES (128 << 10)		/* a larger one is not kept */

/* --- making it ------------------------------------------------------------ */

static bool
is_ours_to_blame(int sys)
{
	return sys == EMFILE || sys == ENFILE || sys == ENOMEM;
}

/* Can all of it be read? Asked when copying it failed. */
static bool
can_be_read(int in, off_t size)
{
	char *buf = xmalloc(READ_CHUNK);
	struct error ignored;
	off_t at = 0;
	ssize_t n = 1;

	while (at < size && n > 0) {
		n = fs_read_at(in, buf, READ_CHUNK, at, &ignored);
		at += n;
	}
	free(buf);
	return n >= 0;
}

static void
spare_name(char out[32], int i)
{
	snprintf(out, 32, SPOOL_SPARE "%d", i);
}

/* Gives a file of before the name of the copy. */
static int
name_spare(struct lane *lane, int dirfd, const char *old, const char *name)
{
	char spare[32];

	if (old)
		return strcmp(old, name) == 0 ? 0 :
			renameat(dirfd, old, dirfd, name);
	if (lane->spare_files == 0)
		return -1;
	spare_name(spare, --lane->spare_files);
	return renameat(lane->dirfd, spare, dirfd, name);
}

/* A file of before (`old`, in the same directory, or a hidden one) under that
 * name, still nobody else's. Its descriptor, and its size; or -1: there is
 * none. */
static int
use_spare(struct lane *lane, int dirfd, const char *old, const char *name,
	off_t *size_out)
{
	struct stat st;
	int fd;

	if (name_spare(lane, dirfd, old, name) < 0)
		return -1;
	fd = openat(dirfd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_nlink == 1 && fs_is_alone(fd)) {
		*size_out = st.st_size;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	unlinkat(dirfd, name, 0);
	return -1;
}

static int
make_file(int dirfd, const char *name)
{
	return openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		O_NOFOLLOW, 0660);
}

/* Copies into a file of its own; *copy_out is that as it became. 0 or -1. */
static int
copy_to(struct lane *lane, int in, const struct stat *st, int dirfd,
	const char *old, const char *name, struct stat *copy_out,
	struct error *err)
{
	/* What has holes is to keep them. */
	bool dense = st->st_blocks * INT64_C(512) >= st->st_size;
	bool fits = dense && st->st_size <= SPARE_BYTES;
	off_t before = 0;
	int out = fits ? use_spare(lane, dirfd, old, name, &before) : -1, rc;
	bool spare = out >= 0;

	if (!spare && old)
		unlinkat(dirfd, old, 0);
	if (out < 0)
		out = make_file(dirfd, name);
	if (out < 0 && errno == EEXIST &&
	    fs_remove_tree(dirfd, name, err) == 0)
		out = make_file(dirfd, name);
	if (out < 0)
		return error_sys(err, errno, "make the working copy");
	rc = spare ? fs_overwrite(in, out, st->st_size, before, err) :
		fs_copy(in, out, st->st_size, err);
	if (rc == 0 && fstat(out, copy_out) < 0)
		rc = error_sys(err, errno, "look at the working copy");
	close(out);
	return rc;
}

/* Whose fault it is that there is no copy. */
static int
blame(struct in_hand *h, bool source, const struct error *err)
{
	if (!source && (err->sys == ENOSPC || err->sys == EDQUOT))
		h->too_large = true;
	h->facts.end = source ? POLICY_END_OWN_FAULT : h->too_large ?
		POLICY_END_DISK : POLICY_END_NOT_RUN;
	return -1;
}

static void
note_copy(struct in_hand *h, const struct stat *st)
{
	struct history_message *m = &h->message;

	h->copy = *st;
	m->inode = (int64_t)st->st_ino;
	m->size = st->st_size;
	m->mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
		st->st_mtim.tv_nsec;
}

static int
make_in(struct connector *c, struct lane *lane, struct in_hand *h, int dirfd,
	const char *old, struct error *err)
{
	struct history_message *m = &h->message;
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int in, rc;

	if (h->control) {
		if (old)
			unlinkat(dirfd, old, 0);
		rc = connector_write_control(c, h, dirfd, &st, err);
		if (rc == 0)
			note_copy(h, &st);
		return rc < 0 ? blame(h, false, err) : 0;
	}
	spool_file_name(file, m->id, m->name);
	in = spool_open_file(&c->store.spool, SPOOL_QUEUE, file, &st, err);
	if (in == -2) {
		h->lost = true;
		return error_set(err, ERROR_NOT_FOUND, "its file disappeared");
	}
	if (in < 0)
		return blame(h, !is_ours_to_blame(err->sys), err);
	rc = copy_to(lane, in, &st, dirfd, old, m->name, &st, err);
	if (rc < 0)
		blame(h, !can_be_read(in, st.st_size), err);
	close(in);
	if (rc < 0)
		return -1;
	note_copy(h, &st);
	return 0;
}

static void
dir_name(char out[32], int64_t id)
{
	snprintf(out, 32, "m%" PRId64, id);
}

/* The directory of a message that comes again may be among those that are kept:
 * it is no other's, then. *old_out: the file in it, to be freed, or NULL. */
static int
make_dir(struct lane *lane, int64_t id, const char *name, char **old_out,
	struct error *err)
{
	int i = 0, last = lane->spare_count - 1;
	struct spare spare;
	char from[32];

	while (i < last && lane->spare_dirs[i].id != id)
		i++;
	if (last >= 0) {
		spare = lane->spare_dirs[i];
		lane->spare_dirs[i] = lane->spare_dirs[last];
		lane->spare_count--;
		dir_name(from, spare.id);
		if (renameat(lane->dirfd, from, lane->dirfd, name) == 0) {
			*old_out = spare.name;
			return 0;
		}
		free(spare.name);
	}
	return fs_make_dir(lane->dirfd, name, 02770, err) < 0 ? -1 : 0;
}

int
copy_make(struct connector *c, struct lane *lane, struct in_hand *h,
	struct error *err)
{
	char name[32], *old = NULL;
	int fd, rc = -1;

	h->facts.end = POLICY_END_NOT_RUN;
	if (!c->worker)
		return make_in(c, lane, h, lane->dirfd, NULL, err);
	dir_name(name, h->message.id);
	if (make_dir(lane, h->message.id, name, &old, err) < 0)
		return -1;
	fd = fs_open_dir(lane->dirfd, name, err);
	if (fd >= 0) {
		rc = make_in(c, lane, h, fd, old, err);
		close(fd);
	}
	free(old);
	return rc;
}

/* --- removing it ------------------------------------------------------------ */

/* What the program did to it. */
static const char *
word(const struct in_hand *h, int dirfd, struct stat *st_out)
{
	if (fstatat(dirfd, h->message.name, st_out, AT_SYMLINK_NOFOLLOW) < 0)
		return "deleted";
	return store_is_same_file(&h->message, st_out) ? "left" : "changed";
}

/* May it serve again? It is as it was made: whoever links, opens up or writes a
 * file changes that. */
static bool
is_good(struct in_hand *h, int dirfd)
{
	struct stat st = { 0 };

	xstrset(&h->attempt.copy, word(h, dirfd, &st));
	return S_ISREG(st.st_mode) && st.st_size <= SPARE_BYTES &&
		fs_is_same_file(&st, &h->copy);
}

static int
spares_most(const struct connector *c)
{
	return c->ran_dry ? SPARES_FEW : SPARES_MAX;
}

/* It goes, whatever it is, or is hidden. */
static void
put_away(struct connector *c, struct lane *lane, struct in_hand *h, int dirfd)
{
	char spare[32];

	if (is_good(h, dirfd) && lane->spare_files < spares_most(c)) {
		spare_name(spare, lane->spare_files);
		if (renameat(dirfd, h->message.name, lane->dirfd, spare) == 0) {
			lane->spare_files++;
			return;
		}
	}
	unlinkat(dirfd, h->message.name, 0);
}

/* With the copy, if that is good. Mostly there was nothing else in it; what else
 * there is goes, too, and so does what is no directory (dirfd -1). */
static void
put_away_dir(struct connector *c, struct lane *lane, struct in_hand *h,
	int dirfd, const char *name)
{
	const char *copy = dirfd >= 0 && is_good(h, dirfd) ? h->message.name :
		NULL;
	struct error err = ERROR_INIT;

	if (dirfd < 0)
		xstrset(&h->attempt.copy, "deleted");
	else if (!copy)
		unlinkat(dirfd, h->message.name, 0);
	if (lane->spare_count < spares_most(c) && fs_holds_only(dirfd, copy)) {
		lane->spare_dirs[lane->spare_count++] = (struct spare){
			h->message.id, copy ? xstrdup(copy) : NULL };
		return;
	}
	if (copy)
		unlinkat(dirfd, copy, 0);
	if (unlinkat(lane->dirfd, name, AT_REMOVEDIR) < 0 &&
	    fs_remove_tree(lane->dirfd, name, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "lane %d: %s", lane->number,
			err.text);
}

static void
remove_in(struct lane *lane, bool all)
{
	struct error err = ERROR_INIT;

	/* It is tried again before the next attempt, and at each start. */
	if (spool_remove_copies(lane->dirfd, all, &err) < 0) {
		log_line(LOG_LEVEL_ERROR, "lane %d: %s", lane->number,
			err.text);
		lane_block(lane, true, &err);
	}
}

void
copy_remove(struct connector *c, struct lane *lane, struct in_hand *h)
{
	struct error err = ERROR_INIT;
	char name[32];
	int fd;

	if (!c->worker) {
		put_away(c, lane, h, lane->dirfd);
		remove_in(lane, false);
		return;
	}
	dir_name(name, h->message.id);
	fd = fs_open_dir(lane->dirfd, name, &err);
	put_away_dir(c, lane, h, fd, name);
	if (fd >= 0)
		close(fd);
}

void
copy_remove_all(struct lane *lane)
{
	lane_forget_spares(lane);
	remove_in(lane, true);
}

/* One of a worker, with the copy in it. What does not go now goes with all. */
static void
remove_spare_dir(struct lane *lane)
{
	struct spare *s = &lane->spare_dirs[--lane->spare_count];
	char name[32], *file;

	dir_name(name, s->id);
	if (s->name) {
		file = xasprintf("%s/%s", name, s->name);
		unlinkat(lane->dirfd, file, 0);
		free(file);
	}
	unlinkat(lane->dirfd, name, AT_REMOVEDIR);
	free(s->name);
}

void
copy_keep_few(struct lane *lane)
{
	char name[32];

	while (lane->spare_count > SPARES_FEW)
		remove_spare_dir(lane);
	while (lane->spare_files > SPARES_FEW) {
		spare_name(name, --lane->spare_files);
		unlinkat(lane->dirfd, name, 0);
	}
}

void
copy_remove_spares(struct lane *lane)
{
	if (lane->spare_files + lane->spare_count > 0)
		copy_remove_all(lane);
}
