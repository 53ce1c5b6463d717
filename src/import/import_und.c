/* SPDX-License-Identifier: ISC */
/* import_und: see import_und.h for the contract. */
#include "import/import_und.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_WAIT (10 * CLOCK_SECOND)
#define PIECE ((size_t)64 << 10)
#define SHOWN(path) text_printable((char[128]){ 0 }, 128, (path), strlen(path))

/* --- kept meanwhile -------------------------------------------------------- */

struct sink {
	struct und_spool *spool;
	int dir_fd;
};

static int
need_file(struct und_spool *s, int dir_fd, struct error *err)
{
	if (s->fd >= 0)
		return 0;
	s->fd = openat(dir_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return error_sys(err, errno, "make a temporary file");
	if (fs_write_all(s->fd, s->memory.data, s->memory.len, err) < 0)
		return -1;
	str_release(&s->memory);
	return 0;
}

static int
take_bytes(void *arg, const void *bytes, size_t len, struct error *err)
{
	struct sink *to = arg;
	struct und_spool *s = to->spool;

	s->length += (int64_t)len;
	if (s->fd < 0 && s->memory.len + len <= UND_SPOOL_MEMORY) {
		str_add_bytes(&s->memory, bytes, len);
		return 0;
	}
	if (need_file(s, to->dir_fd, err) < 0)
		return -1;
	return fs_write_all(s->fd, bytes, len, err);
}

int
und_spool_add(struct und_spool *s, int dir_fd,
	const struct message_source *src, const struct message *m,
	const struct und_reason *reasons, size_t count, struct error *err)
{
	struct sink to = { s, dir_fd };

	return und_write(src, m, reasons, count, false, take_bytes, &to, err);
}

/* --- the file -------------------------------------------------------------- */

/* Is fd still what the path names? It may have been rotated away while the
 * lock was waited for. */
static bool
is_current(const struct import_und *u)
{
	struct stat a, b;

	return fstat(u->fd, &a) == 0 && stat(u->path, &b) == 0 &&
		a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int
open_locked(struct import_und *u, struct error *err)
{
	int rc;

	for (;;) {
		u->fd = open(u->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC |
			O_NOFOLLOW | O_NONBLOCK, 0660);
		if (u->fd < 0)
			return error_sys(err, errno, "open %s", SHOWN(u->path));
		rc = fs_lock(u->fd, LOCK_WAIT, NULL, NULL, err);
		if (rc == 0 && is_current(u))
			return 0;
		close(u->fd);
		u->fd = -1;
		if (rc < 0)
			return -1;
		if (rc > 0)
			return error_set(err, ERROR_BUSY, "%s is locked by "
				"another program", SHOWN(u->path));
	}
}

int
import_und_open(struct import_und *u, const char *path, struct error *err)
{
	struct stat st;
	char last = '\n';

	*u = (struct import_und)IMPORT_UND_INIT;
	u->path = path;
	if (open_locked(u, err) < 0)
		return -1;
	if (fstat(u->fd, &st) < 0)
		return error_sys(err, errno, "look at %s", SHOWN(u->path));
	u->start = u->end = st.st_size;
	if (!S_ISREG(st.st_mode)) {
		u->kept = true;		/* not ours to cut */
		return error_set(err, ERROR_STORE, "%s is not a file",
			SHOWN(u->path));
	}
	if (st.st_size && fs_read_at(u->fd, &last, 1, st.st_size - 1, err) < 0)
		return -1;
	u->fresh_line = last != '\n' && last != '\r';
	return 0;
}

static int
copy_spool(struct import_und *u, const struct und_spool *s, struct error *err)
{
	char *buf;
	int64_t at = 0;
	ssize_t n = 1;
	int rc = 0;

	if (s->fd < 0)
		return fs_write_all(u->fd, s->memory.data, s->memory.len, err);
	buf = xmalloc(PIECE);
	while (rc == 0 && at < s->length && n > 0) {
		n = fs_read_at(s->fd, buf, PIECE, at, err);
		rc = n < 0 ? -1 : fs_write_all(u->fd, buf, (size_t)n, err);
		at += n;
	}
	free(buf);
	return rc;
}

int
import_und_append(struct import_und *u, struct import_item *item,
	struct error *err)
{
	if (u->fresh_line && fs_write_all(u->fd, "\r\n", 2, err) < 0)
		return error_prefix(err, "%s", SHOWN(u->path));
	u->end += u->fresh_line ? 2 : 0;
	u->fresh_line = false;		/* und_write ends with a line end */
	if (copy_spool(u, &item->spool, err) < 0)
		return error_prefix(err, "%s", SHOWN(u->path));
	item->und_start = u->end;
	u->end += item->spool.length;
	item->und_end = u->end;
	return 0;
}

/* A file that was made just now has to have its name on disk too. */
static int
sync_parent(const struct import_und *u, struct error *err)
{
	char *copy = xstrdup(u->path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? error_sys(err, errno, "open directory of %s",
		SHOWN(u->path)) : fs_sync(fd, "directory of the .und file", err);

	if (fd >= 0)
		close(fd);
	free(copy);
	return rc;
}

int
import_und_commit(struct import_und *u, struct error *err)
{
	if (fs_sync(u->fd, u->path, err) < 0)
		return -1;
	if (u->start == 0 && sync_parent(u, err) < 0)
		return -1;
	u->kept = true;
	return 0;
}

void
import_und_close(struct import_und *u)
{
	if (u->fd >= 0) {
		/* If that fails too, a torn entry stays: readers take it. */
		if (!u->kept && ftruncate(u->fd, u->start) < 0)
			u->kept = false;
		close(u->fd);
	}
	u->fd = -1;
}
