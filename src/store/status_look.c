/* SPDX-License-Identifier: ISC */
/* status_look: what is seen in submit/, import/ and of other processes. See
 * status_private.h. */
#include "store/status_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *
status_keep(struct status *st, const char *text)
{
	if (!text || !*text)
		return NULL;
	assert(st->text_count < STATUS_TEXTS);
	return st->texts[st->text_count++] = xstrdup(text);
}

static DIR *
open_dir(const struct store *s, enum spool_dir which)
{
	struct error ignored;

	return fs_open_names(s->spool.dirs[which], ".", &ignored);
}

/* One name in submit/: what intake would leave alone does not wait. */
static void
count_one(struct status *st, DIR *dir, const char *name)
{
	struct stat info;
	int64_t at;

	if (fstatat(dirfd(dir), name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (!spool_is_message_name(name) || !S_ISREG(info.st_mode) ||
	    info.st_nlink != 1) {
		st->submit_ignored++;
		return;
	}
	st->submit_waiting++;
	at = spool_came_at(&info);
	if (st->submit_oldest_at == HISTORY_NO_TIME ||
	    at < st->submit_oldest_at)
		st->submit_oldest_at = at;
}

void
status_count_submit(struct status *st, struct store *s)
{
	DIR *dir = open_dir(s, SPOOL_SUBMIT);
	const struct dirent *d;
	struct error ignored;
	int rc = -1;

	st->submit_waiting = st->submit_ignored = 0;
	st->submit_oldest_at = HISTORY_NO_TIME;
	while (dir && (rc = fs_next(dir, &d, &ignored)) > 0) {
		if (d->d_name[0] == '.')
			continue;
		if (st->submit_waiting + st->submit_ignored ==
		    STATUS_SUBMIT_MAX) {
			st->submit_more = true;
			break;
		}
		count_one(st, dir, d->d_name);
	}
	/* What could not be read to its end is not known. */
	if (rc < 0)
		st->submit_waiting = st->submit_ignored = -1;
	if (dir)
		closedir(dir);
}

#define NAMED_OF 1000		/* names that are looked at for that */
#define NAMED (STATUS_NAMES / 2)

/* Keeps the first ones, in their order: not each time others. */
static void
keep_first(char *names[NAMED], const char *name)
{
	char *more = xstrdup(name);

	for (int i = 0; i < NAMED; i++)
		if (!names[i] || strcmp(more, names[i]) < 0) {
			char *later = names[i];

			names[i] = more;
			more = later;
		}
	free(more);
}

void
status_name_submit(struct status *st, struct store *s)
{
	int64_t before = st->facts.now - VERDICT_SCANS *
		st->facts.scan_interval_ms;
	DIR *dir = open_dir(s, SPOOL_SUBMIT);
	char *first[NAMED] = { NULL };
	struct str names = STR_INIT;
	const struct dirent *d;
	struct error ignored;
	struct stat info;

	for (int i = 0; dir && i < NAMED_OF && fs_next(dir, &d, &ignored) > 0;
	     i++)
		if (spool_is_message_name(d->d_name) && !strchr(d->d_name,
		    '\n') && fstatat(dirfd(dir), d->d_name, &info,
		    AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode) &&
		    spool_came_at(&info) <= before)
			keep_first(first, d->d_name);
	if (dir)
		closedir(dir);
	for (int i = 0; i < NAMED && first[i]; i++) {
		str_addf(&names, "%s%s", i ? "\n" : "", first[i]);
		free(first[i]);
	}
	st->submit_names = status_keep(st, names.data);
	str_release(&names);
}

/* Lanes, batches, the .und file and what it was rotated to. */
static bool
is_ours(const char *name, const char *und)
{
	const char *digits = *name == 'm' ? name + 1 : name;

	return name[0] == '.' || strncmp(name, und, strlen(und)) == 0 ||
		(*digits && strspn(digits, "0123456789") == strlen(digits));
}

#define KERNEL_TICK_MS 10	/* a file's time may lag behind the clock */

static int64_t
came_at(const struct stat *info)
{
	return info->st_ctim.tv_sec * INT64_C(1000) +
		info->st_ctim.tv_nsec / 1000000;
}

void
status_count_foreign(struct status *st, struct store *s,
	const struct settings *settings, int64_t hand_since)
{
	struct verdict_facts *f = &st->facts;
	DIR *dir = open_dir(s, SPOOL_IMPORT);
	struct str names = STR_INIT, list = STR_INIT;
	char *path = und_account_path(settings->und_path, "");
	const char *und = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	int64_t before = hand_since ? hand_since : f->now - CLOCK_SECOND;
	const struct dirent *d;
	struct error ignored;
	struct stat info;

	while (dir && f->foreign_files < STATUS_FOREIGN_MAX &&
	    fs_next(dir, &d, &ignored) > 0) {
		if (is_ours(d->d_name, und) || fstatat(dirfd(dir), d->d_name,
		    &info, AT_SYMLINK_NOFOLLOW) < 0 ||
		    came_at(&info) + KERNEL_TICK_MS >= before)
			continue;
		if (f->foreign_files < STATUS_NAMES && !strchr(d->d_name,
		    '\n'))
			str_addf(&list, "%s%s", list.len ? "\n" : "",
				d->d_name);
		if (f->foreign_files++ < 3) {
			str_add(&names, names.len ? ", " : "");
			text_add_printable(&names, d->d_name,
				strlen(d->d_name));
		}
	}
	if (f->foreign_files > 3)
		str_add(&names, ", ...");
	if (dir)
		closedir(dir);
	f->foreign_names = status_keep(st, names.data);
	st->foreign_list = status_keep(st, list.data);
	str_release(&names);
	str_release(&list);
	free(path);
}

int64_t
status_lock_holder(const char *kind, const char *mode, uint64_t inode,
	uint64_t first, uint64_t last, int64_t but_pid)
{
	FILE *locks = fopen("/proc/locks", "re");
	int64_t found = 0;
	char line[256];

	while (locks && fgets(line, sizeof line, locks)) {
		char is_kind[16], is_mode[16];
		unsigned long of_inode;
		unsigned long long start;
		long long pid;

		/* "12: POSIX  ADVISORY  READ 4711 08:01:123456 123 123" */
		if (sscanf(line, "%*d: %15s %*s %15s %lld %*x:%*x:%lu %llu",
		    is_kind, is_mode, &pid, &of_inode, &start) != 5)
			continue;
		if (strcmp(is_kind, kind) != 0 || strcmp(is_mode, mode) != 0 ||
		    of_inode != inode || start < first || start > last ||
		    pid <= 0 || pid == getpid())
			continue;
		found = pid;
		if (pid != but_pid)
			break;
	}
	if (locks)
		fclose(locks);
	return found;
}

void
status_process_name(int64_t pid, char out[32])
{
	char path[64];
	FILE *f;

	out[0] = '\0';
	snprintf(path, sizeof path, "/proc/%" PRId64 "/comm", pid);
	f = fopen(path, "re");
	if (f && fgets(out, 32, f))
		out[strcspn(out, "\n")] = '\0';
	if (f)
		fclose(f);
}
