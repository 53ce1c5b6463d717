/* SPDX-License-Identifier: ISC */
/* maildir: see maildir.h for the contract. */
#include "import/maildir.h"
#include "import/delivered.h"
#include "base/files.h"
#include "base/str.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LEN 320		/* mail/ + 64 + /new/ + a key */
#define SYNC_FEW 16		/* more directories: one syncfs for all */
#define PART ".part"		/* no mailbox: there is no '=' before it */

static void
staged_name(char out[PATH_LEN], const char *key, const char *mailbox)
{
	snprintf(out, PATH_LEN, MAILDIR_STAGING "/%s%s%s", key,
		mailbox ? "=" : PART, mailbox ? mailbox : "");
}

static void
new_name(char out[PATH_LEN], const char *mailbox, const char *key)
{
	snprintf(out, PATH_LEN, MAILDIR_ROOT "/%s/new/%s", mailbox, key);
}

/* The post office's own bits for the group, so that whoever may look into it
 * may read the mail: base is 0700 or 0600. */
static mode_t
mode_like(const struct stat *po, mode_t base)
{
	mode_t group = po->st_mode & (base & 0100 ? 02070 : 0060);

	return base | group;
}

static int
sync_path(int po_dirfd, const char *path, struct error *err)
{
	int fd = fs_open_dir(po_dirfd, path, err);
	int rc = fd < 0 ? -1 : fs_sync(fd, path, err);

	if (fd >= 0)
		close(fd);
	return rc;
}

/* The directories, not yet durable. */
static int
make_maildir(int po_dirfd, const char *mailbox, struct error *err)
{
	static const char *const parts[] = { "", "/tmp", "/cur", "/new" };
	char path[PATH_LEN];
	struct stat po;
	mode_t mode;

	if (fstat(po_dirfd, &po) < 0)
		return error_sys(err, errno, "look at post office");
	mode = mode_like(&po, 0700);
	if (fs_make_dir(po_dirfd, MAILDIR_ROOT, mode, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		snprintf(path, sizeof path, MAILDIR_ROOT "/%s%s", mailbox,
			parts[i]);
		if (fs_make_dir(po_dirfd, path, mode, err) < 0)
			return -1;
	}
	return 0;
}

static int
sync_maildirs(int po_dirfd, const char *const *mailboxes, size_t count,
	struct error *err)
{
	char path[PATH_LEN];

	if (count > SYNC_FEW)
		return fs_sync_all(po_dirfd, "post office", err);
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof path, MAILDIR_ROOT "/%s", mailboxes[i]);
		if (sync_path(po_dirfd, path, err) < 0)
			return -1;
	}
	if (sync_path(po_dirfd, MAILDIR_ROOT, err) < 0)
		return -1;
	return fs_sync(po_dirfd, "post office", err);
}

int
maildir_keep(int po_dirfd, const char *const *mailboxes, size_t count,
	struct error *err)
{
	char path[PATH_LEN];

	if (count == 0 || sync_maildirs(po_dirfd, mailboxes, count, err) == 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof path, MAILDIR_ROOT "/%s/new",
			mailboxes[i]);
		unlinkat(po_dirfd, path, AT_REMOVEDIR);
	}
	return -1;
}

int
maildir_need(int po_dirfd, const char *mailbox, struct error *err)
{
	char path[PATH_LEN];
	struct stat st, po;
	int rc, made = 0;

	snprintf(path, sizeof path, MAILDIR_ROOT "/%s/new", mailbox);
	rc = fstatat(po_dirfd, path, &st, 0);
	if (rc < 0 && errno == ENOENT) {
		if (make_maildir(po_dirfd, mailbox, err) < 0) {
			/* What stands there was made durable: not so this. */
			unlinkat(po_dirfd, path, AT_REMOVEDIR);
			return -1;
		}
		made = 1;
		rc = fstatat(po_dirfd, path, &st, 0);
	}
	if (rc < 0 || fstatat(po_dirfd, MAILDIR_STAGING, &po, 0) < 0)
		return error_sys(err, errno, "look at %s", path);
	if (!S_ISDIR(st.st_mode) || st.st_dev != po.st_dev)
		return error_set(err, ERROR_STORE, "%s is not a directory in "
			"the file system of the post office", path);
	if (faccessat(po_dirfd, path, W_OK | X_OK, AT_EACCESS) < 0)
		return error_sys(err, errno, "write to %s", path);
	return made;
}

int
maildir_open_staging(int po_dirfd, struct error *err)
{
	int made = fs_make_dir(po_dirfd, MAILDIR_STAGING, 0700, err);

	if (made < 0 || (made > 0 && fs_sync(po_dirfd, "post office", err) < 0))
		return -1;
	return fs_open_dir(po_dirfd, MAILDIR_STAGING, err);
}

int
maildir_stage(int po_dirfd, const char *key, const char *mailbox,
	struct error *err)
{
	char path[PATH_LEN];
	struct stat po;
	int fd;

	assert(delivered_is_key(key));
	if (fstat(po_dirfd, &po) < 0)
		return error_sys(err, errno, "look at post office");
	staged_name(path, key, mailbox);
	fd = openat(po_dirfd, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
		O_NOFOLLOW, 0600);
	if (fd < 0)
		return error_sys(err, errno, "make %s", path);
	if (fchmod(fd, mode_like(&po, 0600)) < 0) {
		error_sys(err, errno, "set mode of %s", path);
		close(fd);
		maildir_abort(po_dirfd, key, &mailbox, mailbox ? 1 : 0);
		return -1;
	}
	return fd;
}

void
maildir_abort(int po_dirfd, const char *key, const char *const *mailboxes,
	size_t count)
{
	char path[PATH_LEN];
	size_t i = 0;

	do {
		staged_name(path, key, i < count ? mailboxes[i] : NULL);
		unlinkat(po_dirfd, path, 0);
	} while (++i < count);
}

int
maildir_link(int po_dirfd, const char *key, const char *const *mailboxes,
	size_t count, struct error *err)
{
	char first[PATH_LEN], path[PATH_LEN];
	int rc = 0;

	assert(count);
	staged_name(first, key, mailboxes[0]);
	for (size_t i = 1; rc == 0 && i < count; i++) {
		staged_name(path, key, mailboxes[i]);
		if (linkat(po_dirfd, first, po_dirfd, path, 0) < 0)
			rc = error_sys(err, errno, "link %s", path);
	}
	if (rc < 0)
		maildir_abort(po_dirfd, key, mailboxes, count);
	return rc;
}

/* That a name is not in staging means that it went to its place before. */
int
maildir_move(int po_dirfd, const char *key, const char *mailbox, bool discard,
	struct error *err)
{
	char from[PATH_LEN], to[PATH_LEN];
	int rc;

	staged_name(from, key, mailbox);
	new_name(to, mailbox, key);
	rc = fs_rename(po_dirfd, from, po_dirfd, to, err);
	if (rc == 1)		/* it is there: one copy is enough */
		rc = fs_remove(po_dirfd, from, err) < 0 ? -1 : 0;
	if (rc >= 0 && discard)
		rc = fs_remove(po_dirfd, to, err);
	return rc < 0 ? -1 : 0;
}

int
maildir_open_new(int po_dirfd, const char *mailbox, struct error *err)
{
	char path[PATH_LEN];

	snprintf(path, sizeof path, MAILDIR_ROOT "/%s/new", mailbox);
	return fs_open_dir(po_dirfd, path, err);
}

static int
finish_one(int po_dirfd, const char *key, const char *mailbox,
	const struct postoffice *po, struct error *err)
{
	int fd, rc;

	if (make_maildir(po_dirfd, mailbox, err) < 0 ||
	    maildir_keep(po_dirfd, &mailbox, 1, err) < 0 ||
	    maildir_move(po_dirfd, key, mailbox, postoffice_discards(po,
	    mailbox), err) < 0)
		return -1;
	fd = maildir_open_new(po_dirfd, mailbox, err);
	rc = fd < 0 ? -1 : fs_sync(fd, mailbox, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* What to do with one name left in staging. */
static int
recover_one(const struct delivered_books *books, const struct postoffice *po,
	const char *name, struct error *err)
{
	const char *equals = strrchr(name, '=');
	struct delivered known = DELIVERED_INIT;
	char key[DELIVERED_KEY_MAX + 1], path[PATH_LEN];
	int rc = 0, po_dirfd = books->po_dirfd;

	snprintf(path, sizeof path, MAILDIR_STAGING "/%s", name);
	if (!equals || equals - name > DELIVERED_KEY_MAX)
		return fs_remove(po_dirfd, path, err) < 0 ? -1 : 0;
	snprintf(key, sizeof key, "%.*s", (int)(equals - name), name);
	rc = delivered_load(books, key, &known, err);
	if (rc == 0 && delivered_has(&known, equals + 1))
		rc = finish_one(po_dirfd, key, equals + 1, po, err);
	else if (rc == 0)
		rc = fs_remove(po_dirfd, path, err) < 0 ? -1 : 0;
	delivered_release(&known);
	return rc;
}

int
maildir_recover(const struct delivered_books *books,
	const struct postoffice *po, struct error *err)
{
	DIR *dir = fs_open_names(books->po_dirfd, MAILDIR_STAGING, err);
	const struct dirent *d;
	bool some = false;
	int rc;

	if (!dir)
		return err->sys == ENOENT ? 0 : -1;
	while ((rc = fs_next(dir, &d, err)) > 0) {
		if (d->d_name[0] == '.')
			continue;
		some = true;
		rc = recover_one(books, po, d->d_name, err);
		if (rc < 0)
			break;
	}
	if (rc == 0 && some)
		rc = fs_sync(dirfd(dir), MAILDIR_STAGING, err);
	closedir(dir);
	return rc < 0 ? error_prefix(err, "finish an interrupted delivery") : 0;
}
