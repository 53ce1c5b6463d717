/* SPDX-License-Identifier: ISC */
/*
 * connector_copy: the working copy that a program gets. See
 * connector_private.h.
 *
 * It stands in the lane's directory, or in m<id>/ there. Files that nobody has
 * touched are not removed but hidden, and become the next copies; so do the
 * directories, which stay, empty: who removes and makes files without a pause has ext4 look at each
 * inode that was freed in the last minute, which cost more than all else. They
 * go when nothing more is to be copied.
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

/* A hidden file under that name, still nobody else's. Its descriptor, or -1:
 * there is none. */
static int
use_spare(struct lane *lane, int dirfd, const char *name)
{
	char spare[32];
	struct stat st;
	int fd;

	if (lane->spare_files == 0)
		return -1;
	spare_name(spare, --lane->spare_files);
	if (renameat(lane->dirfd, spare, dirfd, name) < 0)
		return -1;
	fd = openat(dirfd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_nlink == 1 && fs_is_alone(fd))
		return fd;
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
	const char *name, struct stat *copy_out, struct error *err)
{
	/* What has holes is to keep them. */
	bool dense = st->st_blocks * INT64_C(512) >= st->st_size;
	int out = dense && st->st_size <= SPARE_BYTES ?
		use_spare(lane, dirfd, name) : -1, rc;
	bool spare = out >= 0;

	if (out < 0)
		out = make_file(dirfd, name);
	if (out < 0 && errno == EEXIST &&
	    fs_remove_tree(dirfd, name, err) == 0)
		out = make_file(dirfd, name);
	if (out < 0)
		return error_sys(err, errno, "make the working copy");
	rc = spare ? fs_overwrite(in, out, st->st_size, err) :
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
	struct error *err)
{
	struct history_message *m = &h->message;
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int in, rc;

	if (h->control) {
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
	rc = copy_to(lane, in, &st, dirfd, m->name, &st, err);
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
 * it is no other's, then. */
static int
make_dir(struct lane *lane, int64_t id, const char *name, struct error *err)
{
	int i = 0, last = lane->spare_count - 1;
	char spare[32];

	while (i < last && lane->spare_dirs[i] != id)
		i++;
	if (last >= 0) {
		dir_name(spare, lane->spare_dirs[i]);
		lane->spare_dirs[i] = lane->spare_dirs[last];
		lane->spare_count--;
		if (renameat(lane->dirfd, spare, lane->dirfd, name) == 0)
			return 0;
	}
	return fs_make_dir(lane->dirfd, name, 02770, err) < 0 ? -1 : 0;
}

int
copy_make(struct connector *c, struct lane *lane, struct in_hand *h,
	struct error *err)
{
	char name[32];
	int fd, rc;

	h->facts.end = POLICY_END_NOT_RUN;
	if (!c->worker)
		return make_in(c, lane, h, lane->dirfd, err);
	dir_name(name, h->message.id);
	if (make_dir(lane, h->message.id, name, err) < 0)
		return -1;
	fd = fs_open_dir(lane->dirfd, name, err);
	if (fd < 0)
		return -1;
	rc = make_in(c, lane, h, fd, err);
	close(fd);
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

/* It goes, whatever it is, or is hidden if it is as it was made: whoever
 * links, opens up or writes a file changes that. */
static void
put_away(struct lane *lane, struct in_hand *h, int dirfd)
{
	char spare[32];
	struct stat st = { 0 };

	xstrset(&h->attempt.copy, word(h, dirfd, &st));
	if (lane->spare_files < SPARES_MAX && S_ISREG(st.st_mode) &&
	    st.st_size <= SPARE_BYTES && fs_is_same_file(&st, &h->copy)) {
		spare_name(spare, lane->spare_files);
		if (renameat(dirfd, h->message.name, lane->dirfd, spare) == 0) {
			lane->spare_files++;
			return;
		}
	}
	unlinkat(dirfd, h->message.name, 0);
}

/* Mostly there was nothing else in it; what else there is goes, too, and so
 * does what is no directory (dirfd -1). */
static void
put_away_dir(struct lane *lane, int64_t id, int dirfd, const char *name)
{
	struct error err = ERROR_INIT;

	if (lane->spare_count < SPARES_MAX && fs_is_empty_dir(dirfd)) {
		lane->spare_dirs[lane->spare_count++] = id;
		return;
	}
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
		lane->blocked = true;
	}
}

void
copy_remove(struct connector *c, struct lane *lane, struct in_hand *h)
{
	struct error err = ERROR_INIT;
	char name[32];
	int fd;

	if (!c->worker) {
		put_away(lane, h, lane->dirfd);
		remove_in(lane, false);
		return;
	}
	dir_name(name, h->message.id);
	fd = fs_open_dir(lane->dirfd, name, &err);
	if (fd < 0)
		xstrset(&h->attempt.copy, "deleted");
	else
		put_away(lane, h, fd);
	put_away_dir(lane, h->message.id, fd, name);
	if (fd >= 0)
		close(fd);
}


void
copy_remove_all(struct lane *lane)
{
	lane->spare_files = lane->spare_count = 0;
	remove_in(lane, true);
}

void
copy_remove_spares(struct lane *lane)
{
	if (lane->spare_files + lane->spare_count > 0)
		copy_remove_all(lane);
}
