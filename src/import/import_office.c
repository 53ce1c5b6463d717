/* SPDX-License-Identifier: ISC */
/* import_office: see import_office.h for the contract. */
#include "import/import_office.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/trust.h"
#include "base/xalloc.h"
#include "import/handoff_note.h"
#include "import/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOCK_NAME "postoffice.lock"
#define LOCK_WAIT (5 * CLOCK_SECOND)	/* a delivery takes milliseconds … */
#define WORKER_WAIT (20 * CLOCK_SECOND)	/* … and 128 on a busy disk seconds */
#define SHOWN(path) text_printable((char[128]){ 0 }, 128, (path), strlen(path))

void
import_office_init(struct import_office *o,
	const struct import_options *options)
{
	const char *zone = getenv("TZ");

	*o = (struct import_office){ .options = options, .dirfd = -1,
		.lock_fd = -1, .staging_fd = -1,
		.process_zone = zone ? xstrdup(zone) : NULL,
		.durable = DURABLE_ONCE, .large = DURABLE_LARGE,
		.names = DURABLE_ONCE, .books = DELIVERED_BOOKS_INIT };
	if (options->worker)
		o->durable = o->names = (struct durable)DURABLE_INIT;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
forget(struct import_office *o)
{
	charset_free(o->charset);
	postoffice_free(o->po);
	o->charset = NULL;
	o->po = NULL;
}

void
import_office_release(struct import_office *o)
{
	import_office_leave(o);
	forget(o);
	delivered_close(&o->books);
	close_fd(&o->dirfd);
	free(o->process_zone);
}

static bool
is_store(int dirfd)
{
	return faccessat(dirfd, "history.db", F_OK, 0) == 0 &&
		faccessat(dirfd, "queue", F_OK, 0) == 0;
}

/* In a store operators may rename and make directories: who puts another post
 * office in the place of this one chooses what is started. */
static int
check_place(int dirfd, const char *shown, struct error *err)
{
	struct stat here, above;
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), up;
	bool in_store = is_store(fd), top = fstat(fd, &here) < 0;

	while (!in_store && !top) {
		up = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = up;
		top = fd < 0 || fstat(fd, &above) < 0 ||
			(above.st_dev == here.st_dev &&
			above.st_ino == here.st_ino);
		in_store = !top && is_store(fd);
		here = above;
	}
	close_fd(&fd);
	return in_store ? error_set(err, ERROR_STORE, "the post office %s lies "
		"in a store of ccmqd, where operators may put another in its "
		"place: move it elsewhere", shown) : 0;
}

/* Is the directory still the one that is open? If not, nothing of it is. */
static int
open_directory(struct import_office *o, struct error *err)
{
	struct stat was, is;
	int fd = open(o->options->directory,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &is) < 0) {
		error_sys(err, errno, "open post office %s",
			SHOWN(o->options->directory));
		close_fd(&fd);
		return -1;
	}
	if (o->dirfd >= 0 && fstat(o->dirfd, &was) == 0 &&
	    was.st_dev == is.st_dev && was.st_ino == is.st_ino) {
		close(fd);
		return 0;
	}
	if (check_place(fd, SHOWN(o->options->directory), err) < 0) {
		close(fd);
		return -1;
	}
	forget(o);
	close_fd(&o->dirfd);
	o->dirfd = fd;
	return 0;
}

/* Q179072: shut down for maintenance. */
static bool
is_down(const struct import_office *o, struct error *err)
{
	if (faccessat(o->dirfd, "CCPODOWN", F_OK, 0) < 0 &&
	    faccessat(o->dirfd, "ccpodown", F_OK, 0) < 0)
		return false;
	error_set(err, ERROR_BUSY, "post office %s is shut down for "
		"maintenance (CCPODOWN)", SHOWN(o->options->directory));
	return true;
}

static void
set_zone(const struct import_office *o)
{
	const char *zone = o->po->time_zone ? o->po->time_zone :
		o->process_zone;

	if (zone)
		setenv("TZ", zone, 1);
	else
		unsetenv("TZ");
	tzset();
}

static int
load(struct import_office *o, struct error *err)
{
	const char *name = o->options->post_office;

	o->po = postoffice_load(o->options->directory, err);
	if (!o->po)
		return -1;
	if (name && !postoffice_is_named(o->po, name))
		return error_set(err, ERROR_STORE, "%s is the post office %s, "
			"not %s", SHOWN(o->options->directory),
			SHOWN(o->po->name), SHOWN(name));
	if (o->po->deliver.count &&
	    trust_program(o->po->deliver.list[0], err) < 0)
		return error_prefix(err, "deliver");
	o->charset = charset_new(o->po->code_page, err);
	if (!o->charset)
		return -1;
	set_zone(o);
	return 0;
}

static int
check_trust(const struct import_office *o, struct error *err)
{
	char *path = xasprintf("%s/%s", o->options->directory,
		POSTOFFICE_FILE);
	int rc = trust_path(path, err);

	free(path);
	return rc;
}

/* Looks at postoffice.conf, and reads it if it is another one. */
static int
look_at_settings(struct import_office *o, struct error *err)
{
	struct stat now = { 0 };
	/* That it is not there, the reader says best. Its state is taken
	 * before it is read: what changes meanwhile is read next time. */
	bool there = fstatat(o->dirfd, POSTOFFICE_FILE, &now, 0) == 0;

	if (there && check_trust(o, err) < 0) {
		forget(o);
		return -1;
	}
	if (there && o->po && fs_is_same_file(&now, &o->conf))
		return 0;
	forget(o);
	if (load(o, err) < 0) {
		forget(o);
		return -1;
	}
	o->conf = now;
	return 0;
}

static enum import_code
take_lock(struct import_office *o, struct error *err)
{
	int64_t wait = o->options->worker ? WORKER_WAIT : LOCK_WAIT;
	int rc;

	o->lock_fd = openat(o->dirfd, LOCK_NAME, O_RDWR | O_CREAT |
		O_CLOEXEC | O_NOFOLLOW, 0660);
	if (o->lock_fd < 0) {
		error_sys(err, errno, "open %s/" LOCK_NAME,
			SHOWN(o->options->directory));
		return IMPORT_UNUSABLE;
	}
	/* Who waits holds the directory, so that who comes next waits for it:
	 * one that works without a pause would starve the others. */
	rc = fs_lock(o->dirfd, wait, NULL, NULL, err);
	if (rc == 0) {
		rc = fs_lock(o->lock_fd, wait, NULL, NULL, err);
		fs_unlock(o->dirfd);
	}
	if (rc < 0)
		return IMPORT_UNUSABLE;
	if (rc > 0) {
		error_set(err, ERROR_BUSY, "post office %s is locked by "
			"another process", SHOWN(o->options->directory));
		return IMPORT_LOCKED;
	}
	return is_down(o, err) ? IMPORT_LOCKED : IMPORT_DONE;
}

static int
finish_earlier(struct import_office *o, struct error *err)
{
	o->staging_fd = maildir_open_staging(o->dirfd, err);
	if (o->staging_fd < 0 ||
	    delivered_open(&o->books, o->dirfd, &o->durable, err) < 0 ||
	    handoff_recover(&o->books, err) < 0)
		return -1;
	return maildir_recover(&o->books, o->po, err);
}

enum import_code
import_office_enter(struct import_office *o, struct error *err)
{
	enum import_code code;

	if (open_directory(o, err) < 0)
		return IMPORT_UNUSABLE;
	if (is_down(o, err))
		return IMPORT_LOCKED;
	if (look_at_settings(o, err) < 0)
		return IMPORT_UNUSABLE;
	code = take_lock(o, err);
	if (code == IMPORT_DONE && finish_earlier(o, err) < 0)
		code = IMPORT_UNUSABLE;
	return code;
}

void
import_office_leave(struct import_office *o)
{
	close_fd(&o->staging_fd);
	close_fd(&o->lock_fd);
}
