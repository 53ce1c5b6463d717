/* SPDX-License-Identifier: ISC */
/*
 * convert: where the messages of an archive go, a Maildir or an mbox.
 *
 * Maildir: straight into cur/, as read mail: it is an archive. Written to tmp/
 * in batches, made durable together, then renamed, so that what has its name
 * is whole. What is there under its name, whatever its flags, is left alone:
 * the directory is listed once for that, not once a message. In tmp/ no two
 * runs have a name in common; what a killed one left goes after two days.
 *
 * mbox: a new file, under a name that nobody has until it is complete and on
 * disk. Lines that begin with "From " behind any number of '>' get one more
 * (mboxrd).
 */
#include "convert/convert_private.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BATCH 500		/* files between two syncfs */
#define PIECE ((size_t)64 << 10)
#define FLAGS ":2,S"		/* seen */
#define TEMP "ccmq-convert."	/* what begins so in tmp/ is ours */
#define TEMP_AGE (48 * 3600)	/* s; a Maildir's own rule is 36 h */

struct pending {
	char *temp, *name;	/* in tmp/, and in cur/ without flags */
};

struct convert_target {
	struct convert *convert;
	int dirfd;		/* the Maildir, or -1 */
	GHashTable *there;	/* names without flags */
	struct pending pending[BATCH];	/* not yet in cur/ */
	size_t pending_count;
	uint32_t run;		/* of this run alone, as far as chance goes */
	int64_t written;
	int mbox_fd;		/* or -1 */
	char *mbox_temp;	/* its name while it is incomplete, or NULL */
	const char *mbox;
	struct str buffer;
};

static int
list_names(struct convert_target *t, const char *part, struct error *err)
{
	DIR *dir = fs_open_names(t->dirfd, part, err);
	const struct dirent *d;
	int rc;

	if (!dir)
		return -1;
	while ((rc = fs_next(dir, &d, err)) > 0)
		g_hash_table_add(t->there, g_strndup(d->d_name,
			strcspn(d->d_name, ":")));
	closedir(dir);
	return rc < 0 ? error_prefix(err, "%s/", part) : 0;
}

/* The time of a mail is its message's: that of the inode tells its age. */
static int
sweep_temp(struct convert_target *t, struct error *err)
{
	DIR *dir = fs_open_names(t->dirfd, "tmp", err);
	const struct dirent *d;
	struct stat st;
	int rc;

	if (!dir)
		return -1;
	while ((rc = fs_next(dir, &d, err)) > 0)
		if (strncmp(d->d_name, TEMP, strlen(TEMP)) == 0 &&
		    fstatat(dirfd(dir), d->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_ctime < time(NULL) - TEMP_AGE)
			unlinkat(dirfd(dir), d->d_name, 0);
	closedir(dir);
	return rc < 0 ? error_prefix(err, "tmp/") : 0;
}

static int
open_maildir(struct convert_target *t, const char *path, struct error *err)
{
	static const char *const parts[] = { "tmp", "new", "cur" };

	if (fs_make_path(path, 0700, err) < 0)
		return -1;
	t->dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->dirfd < 0)
		return error_sys(err, errno, "open %s", path);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (fs_make_dir(t->dirfd, parts[i], 0700, err) < 0)
			return -1;
	if (sweep_temp(t, err) < 0 || list_names(t, "new", err) < 0)
		return -1;
	return list_names(t, "cur", err);
}

static int
open_mbox(struct convert_target *t, const char *path, struct error *err)
{
	char *temp;

	t->mbox = path;
	if (strcmp(path, "-") == 0) {
		t->mbox_fd = STDOUT_FILENO;
		return 0;
	}
	if (access(path, F_OK) == 0)
		return error_set(err, ERROR_INVALID, "%s is there already",
			path);
	temp = xasprintf("%s.XXXXXX.part", path);
	t->mbox_fd = mkostemps(temp, (int)strlen(".part"), O_CLOEXEC);
	if (t->mbox_fd < 0) {
		free(temp);
		return error_sys(err, errno, "make a file beside %s", path);
	}
	t->mbox_temp = temp;
	return 0;
}

struct convert_target *
convert_target_open(struct convert *c, struct error *err)
{
	struct convert_target *t = xcalloc(1, sizeof *t);
	int rc;

	t->convert = c;
	t->dirfd = t->mbox_fd = -1;
	t->run = g_random_int();
	t->there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
		NULL);
	str_init(&t->buffer);
	if (c->options.maildir)
		rc = open_maildir(t, c->options.maildir, err);
	else
		rc = open_mbox(t, c->options.mbox, err);
	if (rc == 0)
		return t;
	convert_target_close(t, false, NULL);
	return NULL;
}

/* fs_rename, also where the file system cannot say "unless it is there" of a
 * rename (NFS, FUSE): a link says it. */
static int
rename_new(int dirfd, const char *from, const char *to, struct error *err)
{
	int rc = fs_rename(dirfd, from, dirfd, to, err);

	if (rc >= 0 || err->sys != EINVAL)
		return rc;
	if (linkat(dirfd, from, dirfd, to, 0) < 0)
		return errno == EEXIST ? 1 : error_sys(err, errno, "link %s "
			"to %s", from, to);
	unlinkat(dirfd, from, 0);
	return 0;
}

/* Gives a mail its name, unless another run was first. */
static int
name_mail(struct convert_target *t, const struct pending *p,
	struct error *err)
{
	char *to = xasprintf("cur/%s" FLAGS, p->name);
	int rc = rename_new(t->dirfd, p->temp, to, err);

	if (rc == 1 && unlinkat(t->dirfd, p->temp, 0) < 0)
		rc = error_sys(err, errno, "remove %s", p->temp);
	else if (rc == 2)
		rc = error_set(err, ERROR_NOT_FOUND, "%s has gone", p->temp);
	free(to);
	if (rc < 0)
		return -1;
	t->convert->converted += rc == 0;
	t->convert->existed += rc == 1;
	return 0;
}

static void
forget_pending(struct convert_target *t)
{
	for (size_t i = 0; i < t->pending_count; i++) {
		free(t->pending[i].temp);
		free(t->pending[i].name);
	}
	t->pending_count = 0;
}

static int
flush_maildir(struct convert_target *t, struct error *err)
{
	if (t->pending_count && syncfs(t->dirfd) < 0)
		return error_sys(err, errno, "sync the Maildir");
	for (size_t i = 0; i < t->pending_count; i++)
		if (name_mail(t, &t->pending[i], err) < 0)
			return -1;
	forget_pending(t);
	return 0;
}

/* What mail servers show as the day that a mail came. */
static void
set_time(int fd, int64_t at)
{
	struct timespec times[2];

	times[0].tv_sec = times[1].tv_sec = (time_t)(at / 1000);
	times[0].tv_nsec = times[1].tv_nsec = 0;
	futimens(fd, times);
}

static int
add_to_maildir(struct convert_target *t, struct convert_file *f,
	const struct message *m, const char *name, struct error *err)
{
	char *temp = xasprintf("tmp/" TEMP "%d.%08" PRIx32 ".%" PRId64,
		(int)getpid(), t->run, t->written++);
	int fd = openat(t->dirfd, temp, O_WRONLY | O_CREAT | O_EXCL |
		O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc;

	if (fd < 0) {
		rc = error_sys(err, errno, "make %s", temp);
		free(temp);
		return rc;
	}
	t->pending[t->pending_count++] = (struct pending){ temp,
		xstrdup(name) };
	rc = convert_eml(f, m, fd, err);
	set_time(fd, convert_date(f, m));
	close(fd);
	if (rc == 0 && t->pending_count == BATCH)
		rc = flush_maildir(t, err);
	return rc;
}

/* The piece of mail in t->buffer behind `at`, quoted; at_start: it begins a
 * line. Quotes may be counted only in whole lines, so a line that the piece
 * cuts is kept back, unless it is too long to begin with From. */
static size_t
quote(struct str *out, const char *text, size_t len, bool last, bool *at_start)
{
	size_t done = 0;

	while (done < len) {
		const char *nl = memchr(text + done, '\n', len - done);
		size_t line = nl ? (size_t)(nl - text) + 1 - done : len - done;
		size_t arrows = 0;

		if (!nl && !last && line < PIECE / 2)
			break;
		while (arrows < line && text[done + arrows] == '>')
			arrows++;
		if (*at_start && line - arrows >= 5 &&
		    memcmp(text + done + arrows, "From ", 5) == 0)
			str_add_char(out, '>');
		str_add_bytes(out, text + done, line);
		*at_start = nl != NULL;
		done += line;
	}
	return done;
}

static int
copy_quoted(struct convert_target *t, int fd, struct error *err)
{
	char *buf = xmalloc(PIECE);
	size_t kept = 0, used;
	bool at_start = true;
	off_t at = 0;
	ssize_t n;
	int rc = 0;

	do {
		n = fs_read_at(fd, buf + kept, PIECE - kept, at, err);
		if (n < 0) {
			rc = -1;
			break;
		}
		at += n;
		str_clear(&t->buffer);
		used = quote(&t->buffer, buf, kept + (size_t)n, n == 0,
			&at_start);
		kept = kept + (size_t)n - used;
		memmove(buf, buf + used, kept);
		if (n == 0)
			str_add(&t->buffer, at_start ? "\n" : "\n\n");
		rc = fs_write_all(t->mbox_fd, t->buffer.data, t->buffer.len,
			err);
	} while (rc == 0 && n > 0);
	free(buf);
	return rc;
}

static int
add_to_mbox(struct convert_target *t, struct convert_file *f,
	const struct message *m, struct error *err)
{
	const char *dir = getenv("TMPDIR");
	time_t at = (time_t)(convert_date(f, m) / 1000);
	char line[64], stamp[32];
	struct tm tm;
	int fd, rc;

	/* asctime: the form that this line has always had. */
	gmtime_r(&at, &tm);
	asctime_r(&tm, stamp);
	snprintf(line, sizeof line, "From MAILER-DAEMON %s", stamp);
	fd = open(dir && *dir ? dir : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC,
		0600);
	if (fd < 0)
		return error_sys(err, errno, "make a temporary file");
	rc = convert_eml(f, m, fd, err);
	if (rc == 0)
		rc = fs_write_all(t->mbox_fd, line, strlen(line), err);
	if (rc == 0)
		rc = copy_quoted(t, fd, err);
	close(fd);
	t->convert->converted += rc == 0;
	return rc;
}

int
convert_target_add(struct convert_target *t, struct convert_file *file,
	const struct message *m, struct error *err)
{
	char *name = g_strdup_printf("%s.%d", file->key, m->number);
	int rc = 0;

	if (g_hash_table_contains(t->there, name))
		t->convert->existed++;
	else if (t->dirfd >= 0)
		rc = add_to_maildir(t, file, m, name, err);
	else
		rc = add_to_mbox(t, file, m, err);
	g_hash_table_add(t->there, name);
	return rc;
}

static int
finish_maildir(struct convert_target *t, struct error *err)
{
	if (flush_maildir(t, err) < 0)
		return -1;
	if (syncfs(t->dirfd) < 0)
		return error_sys(err, errno, "sync the Maildir");
	return 0;
}

static int
finish_mbox(struct convert_target *t, struct error *err)
{
	if (!t->mbox_temp)
		return 0;
	if (fs_sync(t->mbox_fd, t->mbox_temp, err) < 0)
		return -1;
	switch (rename_new(AT_FDCWD, t->mbox_temp, t->mbox, err)) {
	case 0:
		return 0;
	case 1:
		return error_set(err, ERROR_INVALID, "%s is there already; "
			"what was converted is in %s", t->mbox, t->mbox_temp);
	case 2:
		return error_set(err, ERROR_NOT_FOUND, "%s has gone",
			t->mbox_temp);
	default:
		return -1;
	}
}

/* What was not finished is in nobody's way. */
static void
forget_temp(struct convert_target *t)
{
	for (size_t i = 0; i < t->pending_count; i++)
		unlinkat(t->dirfd, t->pending[i].temp, 0);
	forget_pending(t);
}

int
convert_target_close(struct convert_target *t, bool keep, struct error *err)
{
	int rc = 0;

	if (keep)
		rc = t->dirfd >= 0 ? finish_maildir(t, err) :
			finish_mbox(t, err);
	if (!keep && t->mbox_temp)
		unlink(t->mbox_temp);
	forget_temp(t);
	g_hash_table_destroy(t->there);
	if (t->dirfd >= 0)
		close(t->dirfd);
	if (t->mbox_temp && t->mbox_fd >= 0)
		close(t->mbox_fd);
	free(t->mbox_temp);
	str_release(&t->buffer);
	free(t);
	return rc;
}
