/* SPDX-License-Identifier: ISC */
/* spool: see spool.h for the contract. */
#include "store/spool.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const dir_words[] = {
	[SPOOL_SUBMIT] = "submit",
	[SPOOL_QUEUE] = "queue",
	[SPOOL_IMPORT] = "import",
	[SPOOL_FAILED] = "failed",
	[SPOOL_QUARANTINE] = "quarantine",
	[SPOOL_TRASH] = "trash",
	[SPOOL_IMPORTED] = "imported",
	[SPOOL_CONSOLES] = "consoles",
	[SPOOL_LANES] = "lanes",
	[SPOOL_JOBS] = "jobs",
	[SPOOL_MAKING] = "making",
	[SPOOL_FOLLOWERS] = "followers",
	[SPOOL_NOWHERE] = "",
};

const char *
spool_dir_word(enum spool_dir dir)
{
	return dir_words[dir];
}

bool
spool_dir_parse(const char *word, enum spool_dir *out)
{
	for (int i = 0; i <= SPOOL_NOWHERE; i++) {
		if (strcmp(dir_words[i], word) != 0)
			continue;
		*out = (enum spool_dir)i;
		return true;
	}
	return false;
}

static int
create_file(int root, const char *name, struct error *err)
{
	int fd = openat(root, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		0660);
	int rc = 0;

	if (fd < 0)
		return error_sys(err, errno, "make %s", name);
	if (fchmod(fd, 0660) < 0)
		rc = error_sys(err, errno, "set mode of %s", name);
	close(fd);
	return rc;
}

int
spool_create(const char *path, const char *submit, struct error *err)
{
	int root, rc = 0;

	if (fs_make_path(path, 02770, err) < 0 || (*submit &&
	    fs_make_path(submit, 02770, err) < 0))
		return -1;
	root = fs_open_dir(AT_FDCWD, path, err);
	if (root < 0)
		return -1;
	/* Sticky: of what stands in it an operator renames nothing. */
	if (fchmod(root, 03770) < 0)
		rc = error_sys(err, errno, "set mode of %s", path);
	for (int i = 0; rc >= 0 && i < SPOOL_DIR_COUNT; i++)
		if (i != SPOOL_SUBMIT || !*submit)
			rc = fs_make_dir(root, dir_words[i], 02770, err);
	if (rc >= 0)
		rc = create_file(root, "write.lock", err);
	if (rc >= 0)
		rc = create_file(root, "lock", err);
	if (rc >= 0)
		rc = fs_sync(root, path, err);
	close(root);
	return rc < 0 ? -1 : 0;
}

/* 1 it was missing, 0, -1. */
static int
look_for(int root, const char *name, bool is_dir, bool make,
	struct error *err)
{
	struct stat st;

	if (fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (errno != ENOENT)
		return error_sys(err, errno, "look for %s", name);
	if (!make)
		return 1;
	return (is_dir ? fs_make_dir(root, name, 02770, err) :
		create_file(root, name, err)) < 0 ? -1 : 1;
}

int
spool_missing(const char *path, const char *submit, bool make,
	void (*found)(void *arg, const char *name), void *arg,
	struct error *err)
{
	static const char *const locks[] = { "write.lock", "lock" };
	int root = fs_open_dir(AT_FDCWD, path, err);
	int rc = root < 0 ? -1 : 0, n = 0;

	for (int i = 0; rc >= 0 && i < SPOOL_DIR_COUNT + 2; i++) {
		bool is_dir = i < SPOOL_DIR_COUNT;
		const char *name = i == SPOOL_SUBMIT && *submit ? submit :
			is_dir ? dir_words[i] : locks[i - SPOOL_DIR_COUNT];

		rc = look_for(root, name, is_dir, make, err);
		if (rc > 0 && found)
			found(arg, name);
		n += rc > 0;
	}
	if (rc >= 0 && n > 0 && make)
		rc = fs_sync(root, path, err);
	if (root >= 0)
		close(root);
	return rc < 0 ? -1 : n;
}

/* Below the store, or, where submit/ lies elsewhere, absolute: then the
 * calls with a directory do not mind that. */
static const char *
place(const struct spool *s, int dir)
{
	return dir == SPOOL_SUBMIT && s->submit ? s->submit : dir_words[dir];
}

static char *
whole_path(const struct spool *s, int dir)
{
	return *place(s, dir) == '/' ? xstrdup(place(s, dir)) :
		xasprintf("%s/%s", s->path, place(s, dir));
}

char *
spool_submit_path(const struct spool *s)
{
	return whole_path(s, SPOOL_SUBMIT);
}

static int
not_there(const struct spool *s, int dir, struct error *err)
{
	char *path = whole_path(s, dir);

	error_set(err, ERROR_STORE, "%s is not there: ccmq check --repair "
		"makes it", path);
	free(path);
	return -1;
}

static int
check_dir(struct spool *s, int dir, struct error *err)
{
	char *path = whole_path(s, dir);
	struct stat st;
	int rc = 0;

	if (fstat(s->dirs[dir], &st) < 0)
		rc = error_sys(err, errno, "look at %s", path);
	else if (st.st_dev != s->device)
		rc = error_set(err, ERROR_STORE, "%s is on another file "
			"system: a store must be on one", path);
	else if (s->writable && !(st.st_mode & S_ISGID))
		rc = error_set(err, ERROR_STORE, "%s is not setgid, so files "
			"would get another group: chmod g+s %s", path, path);
	else
		s->at[dir] = (struct spool_identity){ st.st_dev, st.st_ino };
	free(path);
	return rc;
}

/* A bind mount of submit/ is submit/: nothing is renamed across mounts. */
static void
find_submit(struct spool *s, const char *submit)
{
	struct stat own, other;

	if (!*submit || (fstatat(s->root, dir_words[SPOOL_SUBMIT], &own,
	    AT_SYMLINK_NOFOLLOW) == 0 && stat(submit, &other) == 0 &&
	    own.st_ino == other.st_ino && own.st_dev == other.st_dev))
		return;
	s->submit = xstrdup(submit);
}

int
spool_check_submit(const struct spool *s, struct error *err)
{
	if (!s->submit || faccessat(s->root, dir_words[SPOOL_SUBMIT], F_OK,
	    AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return error_set(err, ERROR_STORE, "nobody would look into %s/submit, "
		"as intake.submit is %s: move what is in it there, then "
		"rmdir %s/submit", s->path, s->submit, s->path);
}

static bool
is_same(const struct spool_identity *at, const struct stat *st)
{
	return at->device == st->st_dev && at->inode == st->st_ino;
}

/* Another directory stands under the name. */
static int
reopen_dir(struct spool *s, int dir, struct error *err)
{
	int fd = fs_open_dir(s->root, place(s, dir), err);

	if (fd < 0)
		return -1;
	close(s->dirs[dir]);
	s->dirs[dir] = fd;
	return check_dir(s, dir, err);
}

/* A lock that lost its name excludes nobody any more. */
static int
verify_lock(const struct spool *s, const char *name, int fd,
	struct error *err)
{
	struct stat named, held;

	if (fstat(fd, &held) == 0 && fstatat(s->root, name, &named,
	    AT_SYMLINK_NOFOLLOW) == 0 && held.st_ino == named.st_ino &&
	    held.st_dev == named.st_dev)
		return 0;
	return error_set(err, ERROR_REPLACED, "%s/%s was replaced or taken "
		"away: nothing is written without it; ccmq check --repair "
		"makes a missing one", s->path, name);
}

int
spool_is_there(const struct spool *s, struct error *err)
{
	struct stat named, held;

	if (fstat(s->root, &held) == 0 && stat(s->path, &named) == 0 &&
	    held.st_ino == named.st_ino && held.st_dev == named.st_dev)
		return 0;
	return error_set(err, ERROR_STORE, "the store %s was moved or "
		"replaced: start anew where it is now", s->path);
}

int
spool_verify(struct spool *s, const char **anew_out, struct error *err)
{
	struct stat named;

	*anew_out = "";
	if (spool_is_there(s, err) < 0)
		return -1;
	if (verify_lock(s, "lock", s->lock, err) < 0 ||
	    verify_lock(s, "write.lock", s->write_lock, err) < 0)
		return -1;
	for (int i = 0; i < SPOOL_DIR_COUNT; i++) {
		if (fstatat(s->root, place(s, i), &named,
		    AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(named.st_mode))
			return not_there(s, i, err);
		if (is_same(&s->at[i], &named))
			continue;
		if (reopen_dir(s, i, err) < 0)
			return -1;
		*anew_out = dir_words[i];
	}
	return 0;
}

static int
open_lock(struct spool *s, const char *name, int *fd_out, struct error *err)
{
	struct stat st;
	int fd = openat(s->root, name, (s->writable ? O_RDWR : O_RDONLY) |
		O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ERROR_STORE, "%s/%s is not there: ccmq "
			"check --repair makes it", s->path, name);
	if (fd < 0) {
		error_sys(err, errno, "open %s/%s", s->path, name);
		err->code = errno == EACCES || errno == EROFS ?
			ERROR_READ_ONLY : ERROR_STORE;
		return -1;
	}
	*fd_out = fd;
	if (fstat(fd, &st) < 0)
		return error_sys(err, errno, "look at %s/%s", s->path, name);
	if (!S_ISREG(st.st_mode) ||
	    (s->writable && (st.st_mode & 07777) != 0660))
		return error_set(err, ERROR_STORE, "%s/%s has mode %04o, "
			"must be 0660: chmod 0660 %s/%s", s->path, name,
			(unsigned)st.st_mode & 07777, s->path, name);
	return 0;
}

/* submit/ may belong to producers: who may not enter it has a handle that
 * knows the place and no more. */
static int
open_one(struct spool *s, int dir, struct error *err)
{
	int fd = fs_open_dir(s->root, place(s, dir), err);

	if (fd < 0 && err->sys == EACCES && dir == SPOOL_SUBMIT)
		fd = openat(s->root, place(s, dir), O_PATH | O_DIRECTORY |
			O_CLOEXEC | O_NOFOLLOW);
	/* What stores of before did not have. */
	if (fd < 0 && err->sys == ENOENT && dir >= SPOOL_JOBS) {
		if (!s->writable)
			return 0;
		if (fs_make_dir(s->root, place(s, dir), 02770, err) < 0)
			return -1;
		fd = fs_open_dir(s->root, place(s, dir), err);
	}
	s->dirs[dir] = fd;
	if (fd < 0 && err->sys == ENOENT)
		return not_there(s, dir, err);
	if (fd < 0)
		return error_prefix(err, "store %s", s->path);
	return check_dir(s, dir, err);
}

static int
open_all(struct spool *s, const char *submit, struct error *err)
{
	struct stat st;

	s->root = fs_open_dir(AT_FDCWD, s->path, err);
	if (s->root < 0 || fstat(s->root, &st) < 0)
		return -1;
	s->device = st.st_dev;
	if (s->writable && fs_is_network(s->root, false))
		return error_set(err, ERROR_STORE, "%s is on a network file "
			"system: a store must be on a local one", s->path);
	find_submit(s, submit);
	for (int i = 0; i < SPOOL_DIR_COUNT; i++)
		if (open_one(s, i, err) < 0)
			return -1;
	if (open_lock(s, "write.lock", &s->write_lock, err) < 0)
		return -1;
	return open_lock(s, "lock", &s->lock, err);
}

int
spool_open(struct spool *s, const char *path, const char *submit,
	bool writable, struct error *err)
{
	memset(s, 0, sizeof *s);
	s->path = xstrdup(path);
	s->root = s->write_lock = s->lock = -1;
	for (int i = 0; i < SPOOL_DIR_COUNT; i++)
		s->dirs[i] = -1;
	s->writable = writable;
	if (open_all(s, submit, err) == 0)
		return 0;
	if (err->code == ERROR_SYSTEM)
		err->code = ERROR_STORE;
	spool_close(s);
	return -1;
}

void
spool_close(struct spool *s)
{
	for (int i = 0; i < SPOOL_DIR_COUNT; i++)
		if (s->dirs[i] >= 0)
			close(s->dirs[i]);
	if (s->write_lock >= 0)
		close(s->write_lock);
	if (s->lock >= 0)
		close(s->lock);
	if (s->root >= 0)
		close(s->root);
	free(s->path);
	free(s->submit);
	memset(s, 0, sizeof *s);
	s->root = s->write_lock = s->lock = -1;
	for (int i = 0; i < SPOOL_DIR_COUNT; i++)
		s->dirs[i] = -1;
}

static bool
ends_in_ccm(const char *name, size_t len)
{
	return len >= 4 && text_equal_nocase(name + len - 4, ".ccm");
}

static const char reduced_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	"abcdefghijklmnopqrstuvwxyz0123456789._-";

bool
spool_is_reduced_name(const char *name)
{
	size_t len = name ? strlen(name) : 0;

	return len > 4 && len <= SPOOL_NAME_MAX + 4 &&
		strspn(name, reduced_bytes) == len && *name != '.' &&
		*name != '-' && ends_in_ccm(name, len);
}

bool
spool_is_dropped_name(const char *name, size_t len)
{
	return name && len >= 4 && len <= 255 && strlen(name) == len &&
		!strchr(name, '/') && spool_is_message_name(name);
}

bool
spool_is_message_name(const char *name)
{
	return name[0] != '.' && ends_in_ccm(name, strlen(name));
}

int64_t
spool_came_at(const struct stat *st)
{
	int64_t written = st->st_mtim.tv_sec * INT64_C(1000);
	int64_t moved = st->st_ctim.tv_sec * INT64_C(1000), now = clock_wall();

	return moved <= now && (moved > written || written > now) ? moved :
		written;
}

void
spool_reduce_name(char out[SPOOL_NAME_MAX + 5], const char *name, size_t len)
{
	size_t n = 0;

	assert(ends_in_ccm(name, len));
	len -= 4;
	for (size_t i = 0; i < len && n < SPOOL_NAME_MAX; i++)
		out[n++] = name[i] && strchr(reduced_bytes, name[i]) ? name[i] : '_';
	if (n == 0)
		out[n++] = '_';
	if (out[0] == '-' || out[0] == '.')
		out[0] = '_';
	memcpy(out + n, ".ccm", 5);
}

void
spool_file_name(char out[SPOOL_FILE_MAX], int64_t id, const char *name)
{
	snprintf(out, SPOOL_FILE_MAX, "%012" PRId64 "-%s", id, name);
}

bool
spool_parse_file_name(const char *file, int64_t *id_out)
{
	int64_t id = 0;
	const char *p = file;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(id, 10, &id) ||
		    __builtin_add_overflow(id, *p - '0', &id))
			return false;
	if (p - file < 12 || *p != '-' || id <= 0 || id > SPOOL_ID_MAX ||
	    !ends_in_ccm(p, strlen(p)))
		return false;
	*id_out = id;
	return true;
}

int
spool_exists(const struct spool *s, enum spool_dir dir, const char *file,
	struct stat *st_out, struct error *err)
{
	if (fstatat(s->dirs[dir], file, st_out, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	if (errno == ENOENT || errno == ENAMETOOLONG)
		return 0;
	return error_sys(err, errno, "look for %s/%s", dir_words[dir], file);
}

int
spool_open_file(const struct spool *s, enum spool_dir dir, const char *file,
	struct stat *st_out, struct error *err)
{
	char shown[256];
	int fd = openat(s->dirs[dir], file,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	text_printable(shown, sizeof shown, file, strlen(file));
	if (fd < 0 && errno == ENOENT)
		return -2;
	if (fd < 0 && errno == ELOOP)
		return error_set(err, ERROR_INVALID, "%s/%s is a symbolic link",
			dir_words[dir], shown);
	if (fd < 0)
		return error_sys(err, errno, "open %s/%s", dir_words[dir],
			shown);
	if (fstat(fd, st_out) < 0) {
		error_sys(err, errno, "look at %s/%s", dir_words[dir], shown);
	} else if (!S_ISREG(st_out->st_mode)) {
		error_set(err, ERROR_INVALID, "%s/%s is not a regular file",
			dir_words[dir], shown);
	} else if (st_out->st_nlink != 1) {
		error_set(err, ERROR_INVALID, "%s/%s has %lu links",
			dir_words[dir], shown, (unsigned long)st_out->st_nlink);
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

int
spool_sync_dir(const struct spool *s, enum spool_dir dir, struct error *err)
{
	return fs_sync(s->dirs[dir], dir_words[dir], err);
}

static bool
is_leftover(const char *name)
{
	size_t digits = strspn(name + (*name == 'm'), "0123456789");

	return strncmp(name, SPOOL_SPARE, strlen(SPOOL_SPARE)) == 0 ||
		(*name == 'm' && digits > 0 && !name[1 + digits]);
}

int
spool_remove_copies(int import_dir, bool all, struct error *err)
{
	DIR *dir = fs_open_names(import_dir, ".", err);
	const struct dirent *d;
	int rc;

	if (!dir)
		return -1;
	while ((rc = fs_next(dir, &d, err)) > 0)
		if ((ends_in_ccm(d->d_name, strlen(d->d_name)) ||
		    (all && is_leftover(d->d_name))) &&
		    fs_remove_tree(dirfd(dir), d->d_name, err) < 0) {
			rc = -1;
			break;
		}
	closedir(dir);
	return rc;
}

int
spool_highest_id(const struct spool *s, enum spool_dir dir, int64_t *id_out,
	struct error *err)
{
	DIR *names = fs_open_names(s->dirs[dir], ".", err);
	const struct dirent *d;
	int64_t id, highest = 0;
	int rc;

	if (!names)
		return -1;
	while ((rc = fs_next(names, &d, err)) > 0)
		if (spool_parse_file_name(d->d_name, &id) && id > highest)
			highest = id;
	closedir(names);
	if (rc < 0)
		return error_prefix(err, "%s/", dir_words[dir]);
	*id_out = highest;
	return 0;
}
