/* SPDX-License-Identifier: ISC */
/*
 * store_explain: why a store cannot be opened or made, and what to do. Looks
 * only when something is wrong already. See store_explain.h.
 */
#include "store/store_explain.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT_MAX 10000		/* files that are counted one by one */
#define HEADER_BYTES 16
static const char magic[HEADER_BYTES] = "SQLite format 3";

/* Message files in one directory of the store. */
static int64_t
count_dir(int root, const char *name, int64_t so_far)
{
	struct error ignored;
	DIR *dir = fs_open_names(root, name, &ignored);
	const struct dirent *d;
	int64_t id;

	if (!dir)
		return so_far;
	while (so_far < COUNT_MAX && fs_next(dir, &d, &ignored) > 0)
		so_far += spool_parse_file_name(d->d_name, &id);
	closedir(dir);
	return so_far;
}

/* Files of messages in the directories of a store, up to COUNT_MAX. */
static int64_t
count_files(const char *path)
{
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int64_t n = 0;

	for (int i = 0; root >= 0 && i < SPOOL_DIR_COUNT; i++)
		if (SPOOL_HOLDS_MESSAGES(i))
			n = count_dir(root, spool_dir_word((enum spool_dir)i),
				n);
	if (root >= 0)
		close(root);
	return n;
}

static const char *
how_many(char out[64], int64_t n)
{
	char number[TEXT_NUMBER_MAX];

	snprintf(out, 64, "%s%s message file%s", text_exact(number,
		(uint64_t)n), n == COUNT_MAX ? "+" : "", n == 1 ? "" : "s");
	return out;
}

int
store_explain_missing(const char *path, struct error *err)
{
	int64_t n = count_files(path);
	char shown[200], many[64];

	text_printable(shown, sizeof shown, path, strlen(path));
	if (n > 0)
		return error_set(err, ERROR_STORE, "%s/history.db is gone, %s "
			"%s there: put back a backup of it, or make it anew "
			"with ccmq -s %s check --rebuild", shown, how_many(many,
				n), n == 1 ? "is" : "are", shown);
	return error_set(err, ERROR_STORE, "%s is no store (it has no "
		"history.db): make one with ccmq -s %s init, or name another "
		"with -s", shown, shown);
}

int
store_explain_files(const char *path, struct error *err)
{
	int64_t n = count_files(path);
	char shown[200], many[64];

	if (n == 0)
		return 0;
	text_printable(shown, sizeof shown, path, strlen(path));
	return error_set(err, ERROR_STORE, "%s holds %s and no history.db, an "
		"empty one would not know them: put back a backup of it, or "
		"make it anew with ccmq -s %s check --rebuild", shown,
		how_many(many, n), shown);
}

void
store_explain_history(int root, const char *path, struct error *err)
{
	char shown[200], head[HEADER_BYTES] = "";
	const char *what = NULL;
	int fd = openat(root, "history.db", O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof head, 0);
	struct stat st;

	if (fd < 0 && errno == ELOOP)
		what = "is a symbolic link";
	else if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		what = "is not a file";
	else if (n == 0)
		what = "is empty (0 bytes)";
	else if (n > 0 && (n < HEADER_BYTES ||
	    memcmp(head, magic, sizeof magic) != 0))
		what = "is not a database of SQLite";
	if (fd >= 0)
		close(fd);
	if (!what)
		return;
	text_printable(shown, sizeof shown, path, strlen(path));
	error_set(err, ERROR_STORE, "%s/history.db %s: put back a backup of "
		"it, or move it away and make it anew with ccmq -s %s check "
		"--rebuild", shown, what, shown);
}

/* The name of the group that may, or its number. */
static const char *
group_of(char out[40], const struct stat *st)
{
	struct group *g = getgrgid(st->st_gid);

	if (g)
		return text_printable(out, 40, g->gr_name, strlen(g->gr_name));
	snprintf(out, 40, "%u", (unsigned)st->st_gid);
	return out;
}

int
store_explain_closed(const char *path, struct error *err)
{
	char shown[200], group[40];
	struct stat st;
	int why = errno;

	text_printable(shown, sizeof shown, path, strlen(path));
	if (why == EACCES && stat(path, &st) == 0)
		error_set(err, ERROR_STORE, "no permission to enter the store "
			"%s: operators are in the group %s", shown,
			group_of(group, &st));
	else
		error_set(err, ERROR_STORE, "enter the store %s: %s", shown,
			strerror(why));
	return -1;
}

void
store_explain_read_only(int root, const char *path, const char *name,
	char out[STORE_WHY_MAX])
{
	char shown[140], group[40];
	struct stat st;
	int why = errno;

	text_printable(shown, sizeof shown, path, strlen(path));
	if (why == EACCES && fstatat(root, name, &st, 0) == 0)
		snprintf(out, STORE_WHY_MAX, "no permission to write %s/%s: "
			"operators are in the group %s", shown, name,
			group_of(group, &st));
	else
		snprintf(out, STORE_WHY_MAX, "cannot write %s/%s: %s", shown,
			name, strerror(why));
}
