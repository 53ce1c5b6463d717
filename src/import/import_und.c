/* import_und: see import_und.h for the contract. */
#include "import/import_und.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

#define LOCK_WAIT (10 * CLOCK_SECOND)
#define SHOWN(path) text_printable((char[128]){ 0 }, 128, (path), strlen(path))

void
import_und_init(struct import_und *u, const char *path)
{
	*u = (struct import_und){ .path = path, .fd = -1 };
	str_init(&u->buffer);
}

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

static int
begin(struct import_und *u, struct error *err)
{
	struct stat st;
	char last = '\n';

	if (u->fd >= 0)
		return 0;
	if (open_locked(u, err) < 0)
		return -1;
	if (fstat(u->fd, &st) < 0)
		return error_sys(err, errno, "look at %s", SHOWN(u->path));
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_STORE, "%s is not a file",
			SHOWN(u->path));
	u->start = st.st_size;
	if (st.st_size && fs_read_at(u->fd, &last, 1, st.st_size - 1, err) < 0)
		return -1;
	u->fresh_line = last != '\n' && last != '\r';
	return 0;
}

static int
flush(struct import_und *u, struct error *err)
{
	int rc = fs_write_all(u->fd, u->buffer.data, u->buffer.len, err);

	str_clear(&u->buffer);
	return rc < 0 ? error_prefix(err, "%s", SHOWN(u->path)) : 0;
}

static int
take_bytes(void *arg, const void *bytes, size_t len, struct error *err)
{
	struct import_und *u = arg;

	if (u->buffer.len + len > IMPORT_UND_BUFFER && flush(u, err) < 0)
		return -1;
	str_add_bytes(&u->buffer, bytes, len);
	return 0;
}

int
import_und_add(struct import_und *u, const struct message_source *src,
	const struct message *m, const struct und_reason *reasons,
	size_t count, struct error *err)
{
	bool fresh;

	if (begin(u, err) < 0)
		return -1;
	fresh = u->fresh_line;
	u->fresh_line = false;		/* und_write ends with a line end */
	return und_write(src, m, reasons, count, fresh, take_bytes, u, err);
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
	if (u->fd < 0)
		return 0;
	if (flush(u, err) < 0 || fs_sync(u->fd, u->path, err) < 0)
		return -1;
	if (u->start == 0 && sync_parent(u, err) < 0)
		return -1;
	u->kept = true;
	return 0;
}

void
import_und_release(struct import_und *u)
{
	if (u->fd >= 0) {
		/* If that fails too, a torn entry stays: readers take it. */
		if (!u->kept && ftruncate(u->fd, u->start) < 0)
			u->kept = false;
		close(u->fd);
	}
	u->fd = -1;
	str_release(&u->buffer);
}
