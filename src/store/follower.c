/* SPDX-License-Identifier: ISC */
/* follower: see follower.h for the contract. */
#include "store/follower.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "history/seal_verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LINE_MAX_BYTES 160
#define GAP " gap"

static bool
is_name(const char *name)
{
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789._-");

	return len > 0 && len <= FOLLOWER_NAME_MAX && !name[len] &&
		name[0] != '.' && name[0] != '-';
}

/* True if the place stands there; *gap_out: and retention's word. */
static bool
read_place(int fd, struct follower *f, bool *gap_out)
{
	char line[LINE_MAX_BYTES + 1] = "";
	ssize_t n = pread(fd, line, LINE_MAX_BYTES, 0);

	f->txn = f->at = 0;
	f->seal[0] = '\0';
	*gap_out = n > 0 && strstr(line, GAP);
	return n > 0 && sscanf(line, "%" SCNd64 " %" SCNd64 " %64[0-9a-f]",
		&f->txn, &f->at, f->seal) >= 2 && f->txn >= 0 && f->at >= 0;
}

int
follower_open(struct follower *f, const struct store *s, const char *name,
	struct error *err)
{
	char shown[TEXT_NUMBER_MAX + FOLLOWER_NAME_MAX];
	bool gap;
	int fd;

	if (!is_name(name))
		return error_set(err, ERROR_INVALID, "\"%s\" is no name of a "
			"follower: letters, digits, _ - and . make one",
			text_printable(shown, sizeof shown, name,
				strlen(name)));
	if (s->spool.dirs[SPOOL_FOLLOWERS] < 0)
		return error_set(err, ERROR_STORE, "%s/followers is not there:"
			" ccmqd makes it when it starts", s->path);
	fd = openat(s->spool.dirs[SPOOL_FOLLOWERS], name, O_RDWR | O_CREAT |
		O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0660);
	if (fd < 0)
		return error_sys(err, errno, "open followers/%s", name);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int why = errno;

		close(fd);
		return why == EWOULDBLOCK ? error_set(err, ERROR_BUSY,
			"somebody follows as %s already", name) :
			error_sys(err, why, "lock followers/%s", name);
	}
	f->fd = fd;
	read_place(fd, f, &gap);
	return 0;
}

void
follower_close(struct follower *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

int
follower_move(struct follower *f, int64_t txn, int64_t at, const char *seal,
	struct error *err)
{
	char line[LINE_MAX_BYTES];
	int len = snprintf(line, sizeof line, "%" PRId64 " %" PRId64 " %s\n",
		txn, at, seal);

	if (pwrite(f->fd, line, (size_t)len, 0) != len ||
	    ftruncate(f->fd, len) < 0)
		return error_sys(err, errno, "write a follower's place");
	f->txn = txn;
	f->at = at;
	if (seal != f->seal)
		snprintf(f->seal, sizeof f->seal, "%s", seal);
	return 0;
}

int
follower_check(const struct follower *f, const struct store *s,
	struct error *err)
{
	unsigned char digest[SEAL_BYTES];
	char now[SEAL_HEX] = "none";
	int rc = f->txn && *f->seal ? history_seal_digest(s->history, f->txn,
		digest, err) : 0;

	if (rc < 0 || !f->txn || !*f->seal)
		return rc;
	if (rc > 0)
		seal_hex(now, digest);
	if (strcmp(now, f->seal) == 0)
		return 0;
	return error_set(err, ERROR_INVALID, "transaction %" PRId64 " was told "
		"with the seal %s, and now has %s: an older history was "
		"restored, or this one was changed; ccmq verify, then ccmq "
		"check --repair, which begins a new epoch", f->txn, f->seal,
		now);
}

/* That it misses something. */
static bool
mark(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size > 0 &&
		pwrite(fd, GAP "\n", sizeof GAP, st.st_size - 1) > 0;
}

/* What one follower still needs: the time up to which things may go. */
static int64_t
needs(int dir, const char *name, int64_t before, int64_t keep_ms, bool *lost,
	struct follower *f)
{
	int fd = openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK);
	int64_t now = clock_wall(), at = before;
	struct stat st;
	bool gap;

	if (fd < 0 && errno != ENOENT && errno != ELOOP) {
		/* Not known: as much as any may ask for. */
		at = before - keep_ms;
	} else if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    !read_place(fd, f, &gap)) {
		;
	} else if (gap) {
		if (now - (int64_t)st.st_mtime * 1000 > keep_ms)
			unlinkat(dir, name, 0);
	} else if (f->at > now) {
		/* Told by a clock that was wrong: it says nothing. */
		at = before - keep_ms;
	} else if (f->at >= before - keep_ms) {
		at = f->at;
	} else {
		*lost = mark(fd);
		at = before - keep_ms;
	}
	if (fd >= 0)
		close(fd);
	return at;
}

int64_t
followers_before(const struct store *s, int64_t before, int64_t keep_ms,
	void (*lost)(void *arg, const char *name, int64_t txn), void *arg)
{
	struct error err;
	int64_t least = before;
	int followers = s->spool.dirs[SPOOL_FOLLOWERS], rc = -1;
	DIR *dir = followers < 0 ? NULL : fs_open_names(followers, ".", &err);
	const struct dirent *d;

	if (followers < 0)
		return before;
	while (dir && (rc = fs_next(dir, &d, &err)) > 0) {
		struct follower f = FOLLOWER_INIT;
		bool is_lost = false;
		int64_t at;

		if (!is_name(d->d_name))
			continue;
		at = needs(dirfd(dir), d->d_name, before, keep_ms, &is_lost, &f);
		if (is_lost)
			lost(arg, d->d_name, f.txn);
		if (at < least)
			least = at;
	}
	if (dir)
		closedir(dir);
	/* Who follows is not known: as much as any may ask for is kept. */
	return rc < 0 && least > before - keep_ms ? before - keep_ms : least;
}

bool
followers_part(const struct store *s)
{
	struct error err;
	bool part = false, gap;
	int followers = s->spool.dirs[SPOOL_FOLLOWERS];
	DIR *dir = followers < 0 ? NULL : fs_open_names(followers, ".", &err);
	const struct dirent *d;

	while (dir && fs_next(dir, &d, &err) > 0) {
		struct follower f = FOLLOWER_INIT;

		f.fd = is_name(d->d_name) ? openat(dirfd(dir), d->d_name, O_RDWR |
			O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
		if (f.fd < 0)
			continue;
		if (read_place(f.fd, &f, &gap) && !gap && follower_check(&f,
		    s, &err) < 0 && err.code == ERROR_INVALID)
			part = mark(f.fd) || part;
		follower_close(&f);
	}
	if (dir)
		closedir(dir);
	return part;
}
