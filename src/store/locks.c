/* SPDX-License-Identifier: ISC */
/* locks: the locks of a store, and what is written in their files. See
 * spool.h for the contract. */
#include "store/spool.h"
#include "base/files.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

void
spool_write_holder(const struct spool *s, const char *who)
{
	char field[SPOOL_BELL_OFFSET] = { 0 };

	snprintf(field, sizeof field, "%s", who);
	/* For people who wait; nothing rests on it. */
	if (pwrite(s->write_lock, field, sizeof field, 0) < 0)
		return;
}

void
spool_read_holder(const struct spool *s, char out[64])
{
	char field[SPOOL_BELL_OFFSET];
	ssize_t n = pread(s->write_lock, field, sizeof field, 0);

	out[0] = '\0';
	if (n > 0)
		text_printable(out, 64, field,
			strnlen(field, (size_t)n));
}

void
spool_ring(const struct spool *s)
{
	static const char bell = '\a';

	/* A look at data_version each second is the truth. */
	if (pwrite(s->write_lock, &bell, 1, SPOOL_BELL_OFFSET) < 0)
		return;
}

int
spool_set_check_needed(const struct spool *s, bool needed, struct error *err)
{
	if (pwrite(s->write_lock, needed ? "!" : ".", 1,
	    SPOOL_CHECK_OFFSET) < 0)
		return error_sys(err, errno, "write %s/write.lock", s->path);
	return fs_sync(s->write_lock, "write.lock", err);
}

bool
spool_check_needed(const struct spool *s)
{
	char c;

	return pread(s->write_lock, &c, 1, SPOOL_CHECK_OFFSET) == 1 &&
		c == '!';
}

static void
read_lock_text(const struct spool *s, char *out, size_t cap)
{
	char text[128];
	ssize_t n = pread(s->lock, text, sizeof text, 0);
	size_t len = n > 0 ? (size_t)n : 0;
	const char *end = memchr(text, '\n', len);

	text_printable(out, cap, text, end ? (size_t)(end - text) : len);
}

int
spool_take_lock(const struct spool *s, const char *who, char *who_out,
	size_t cap, struct error *err)
{
	char line[128] = { 0 };
	int rc = fs_ofd_lock(s->lock, err);
	ssize_t n;

	if (rc > 0)
		read_lock_text(s, who_out, cap);
	if (rc != 0)
		return rc;
	snprintf(line, sizeof line, "%s %d\n", who, (int)getpid());
	/* In place: that needs no space on a full disk. */
	n = pwrite(s->lock, line, sizeof line, 0);
	if (n != (ssize_t)sizeof line)
		return error_sys(err, n < 0 ? errno : ENOSPC, "write %s/lock",
			s->path);
	return 0;
}

void
spool_drop_lock(const struct spool *s)
{
	struct flock fl = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	fcntl(s->lock, F_OFD_SETLK, &fl);
}

int
spool_ask_lock(const struct spool *s, char *who_out, size_t cap,
	struct error *err)
{
	int rc = fs_ofd_is_free(s->lock, err);

	if (rc < 0)
		return -1;
	who_out[0] = '\0';
	if (rc == 0)
		read_lock_text(s, who_out, cap);
	return !rc;
}

/* A number and its complement, so that a torn one is known. */
struct number {
	int64_t n, complement;
};

static int64_t
read_number(const struct spool *s, off_t at)
{
	struct number v;

	if (pread(s->lock, &v, sizeof v, at) != (ssize_t)sizeof v ||
	    v.n < 0 || v.n != ~v.complement)
		return 0;
	return v.n;
}

void
spool_read_ids(const struct spool *s, struct spool_ids *out)
{
	out->given = read_number(s, SPOOL_GIVEN_OFFSET);
	out->committed = read_number(s, SPOOL_COMMITTED_OFFSET);
}

int
spool_write_given(const struct spool *s, int64_t id, struct error *err)
{
	struct number v = { id, ~id };
	ssize_t n = pwrite(s->lock, &v, sizeof v, SPOOL_GIVEN_OFFSET);

	if (n != (ssize_t)sizeof v)
		return error_sys(err, n < 0 ? errno : ENOSPC, "write %s/lock",
			s->path);
	return fs_sync(s->lock, "lock", err);
}

void
spool_write_committed(const struct spool *s, int64_t id)
{
	struct number v = { id, ~id };

	/* The directories tell as well, and `given`. */
	if (pwrite(s->lock, &v, sizeof v, SPOOL_COMMITTED_OFFSET) < 0)
		return;
}

int
spool_hold_console(const struct spool *s, char name_out[SPOOL_CONSOLE_NAME],
	struct error *err)
{
	int fd;

	snprintf(name_out, SPOOL_CONSOLE_NAME, "%ld", (long)getpid());
	fd = openat(s->dirs[SPOOL_CONSOLES], name_out, O_RDWR | O_CREAT |
		O_NOFOLLOW | O_CLOEXEC | O_TRUNC, 0660);
	if (fd < 0)
		return error_sys(err, errno, "open consoles/%s", name_out);
	/* Nobody else has this file. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	error_sys(err, errno, "lock consoles/%s", name_out);
	close(fd);
	return -1;
}

void
spool_drop_console(const struct spool *s, const char *name, int fd)
{
	if (fd < 0)
		return;
	unlinkat(s->dirs[SPOOL_CONSOLES], name, 0);
	close(fd);
}

bool
spool_console_is_held(const struct spool *s, const char *name)
{
	int fd = strchr(name, '/') || s->dirs[SPOOL_CONSOLES] < 0 ? -1 :
		openat(s->dirs[SPOOL_CONSOLES], name, O_RDONLY | O_NOFOLLOW |
			O_CLOEXEC | O_NONBLOCK);
	bool held;

	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	close(fd);
	return held;
}
