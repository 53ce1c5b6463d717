/* SPDX-License-Identifier: ISC */
/* check_missing: what a store should have and has not. See check.h. */
#include "work/check_private.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct looking {
	const struct check_watch *watch;	/* NULL: only counts */
	bool make, lock;
	int n;
};

static void
on_missing(void *arg, const char *name)
{
	struct looking *l = arg;
	struct check_finding f = { .kind = CHECK_MISSING, .dir = "",
		.file = "", .mended = l->make };
	enum spool_dir dir;
	char text[300];

	l->n++;
	l->lock = l->lock || strcmp(name, "lock") == 0;
	if (!l->watch)
		return;
	if (*name == '/' || spool_dir_parse(name, &dir))
		f.dir = name;
	else
		f.file = name;
	snprintf(text, sizeof text, "%s%s: is not there", name,
		*f.dir ? "/" : "");
	f.text = text;
	l->watch->finding(l->watch->arg, &f);
}

/* Does the ccmqd that began last still live? Its lock has lost its name, and
 * holds nobody back. Its pid, or 0. */
static int64_t
living_daemon(const char *path)
{
	char *file = xasprintf("%s/history.db", path);
	struct history_connector row = { 0 };
	struct error ignored = ERROR_INIT;
	struct history *h = history_open(file, HISTORY_READ, &ignored);
	struct str comm = STR_INIT;
	char proc[64];
	int64_t pid = 0;

	if (h && history_connector_get(h, &row, &ignored) == 0 &&
	    !row.clean_end && row.pid > 0) {
		snprintf(proc, sizeof proc, "/proc/%" PRId64 "/comm", row.pid);
		if (fs_read_file(AT_FDCWD, proc, 64, &comm, &ignored) > 0 &&
		    strcmp(comm.data, "ccmqd\n") == 0)
			pid = row.pid;
	}
	str_release(&comm);
	history_connector_release(&row);
	history_close(h);
	free(file);
	return pid;
}

int
check_missing(const struct settings *settings, bool make,
	const struct check_watch *watch, struct error *err)
{
	const char *path = settings->store, *submit = settings->intake_submit;
	struct looking l = { .watch = NULL };
	char *file = xasprintf("%s/history.db", path);
	bool has_history = access(file, F_OK) == 0;
	int64_t pid;
	int n;

	free(file);
	if (access(path, F_OK) < 0)
		return 0;		/* who opens it has the words */
	n = spool_missing(path, submit, false, on_missing, &l, err);
	if (n <= 0 || (!has_history && n == SPOOL_DIR_COUNT + 2))
		return n < 0 ? -1 : 0;
	if (make && l.lock && (pid = living_daemon(path)) > 0)
		return error_set(err, ERROR_BUSY, "ccmqd (%" PRId64 ") still "
			"runs on %s, though its lock is gone: stop it first",
			pid, path);
	l = (struct looking){ .watch = watch, .make = make };
	return spool_missing(path, submit, make, on_missing, &l, err);
}
