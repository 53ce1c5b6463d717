/* SPDX-License-Identifier: ISC */
/* und_account: see und_account.h for the contract. */
#include "store/und_account.h"
#include "base/clock.h"
#include "mail/fd_source.h"
#include "base/files.h"
#include "base/text.h"
#include "mail/und.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *
und_account_path(const char *und_path, const char *import_dir)
{
	if (strncmp(und_path, "%d", 2) == 0)
		return xasprintf("%s%s", import_dir, und_path + 2);
	return xstrdup(und_path);
}

char *
und_account_lane_path(const char *store_path, const char *und_path, int lane,
	int64_t number)
{
	char *dir = lane == 1 ? xasprintf("%s/import", store_path) :
		xasprintf("%s/import/%d", store_path, lane);
	char *path = und_account_path(und_path, dir);
	char *whole = number ? xasprintf("%s.%" PRId64, path, number) :
		xstrdup(path);

	free(dir);
	free(path);
	return whole;
}

/* A new current file in the history. */
static int
start_anew(struct store *s, struct history_und_file *f, int lane,
	const struct stat *st, struct error *err)
{
	*f = (struct history_und_file){
		.lane = lane, .inode = (int64_t)st->st_ino,
		.opened_at = clock_wall(), .rotated_at = HISTORY_NO_TIME,
	};
	return history_und_add(s->history, f, err);
}

/* The file that was current is not there any more. */
static int
retire(struct store *s, struct history_und_file *f, const char *why,
	struct error *err)
{
	int64_t highest;

	if (history_und_highest(s->history, f->lane, &highest, err) < 0)
		return -1;
	f->number = highest + 1;
	f->rotated_at = clock_wall();
	if (history_und_update(s->history, f, err) < 0)
		return -1;
	return store_event(s, EVENT_UND_ANEW, 0, err, "the .und file of lane "
		"%d %s; it is counted anew", f->lane, why);
}

struct collect {
	struct store *s;
	struct history_und_file *file;
	struct history_attempt *attempt;
	char *reason;
	int64_t at;
};

static int
add_entry(struct collect *c, int64_t start, int64_t length,
	const char *reason, struct error *err)
{
	struct history_und_entry e = {
		.file = c->file->id, .start = start, .length = length,
		.at = c->at, .message = c->attempt ? c->attempt->message : 0,
		.attempt = c->attempt ? c->attempt->id : 0,
		.reason = *reason ? (char *)(uintptr_t)reason : NULL,
	};

	return history_und_entry_add(c->s->history, &e, err);
}

struct scan {
	struct collect *c;
	struct error *err;
	int64_t entries;
	int64_t start;			/* of the last one, which has no row yet */
	char reason[UND_REASON_MAX];
};

/* What stands before the next one, a line end, is of the last one. */
static int
end_entry(struct scan *scan, int64_t end)
{
	return scan->entries == 0 ? 0 : add_entry(scan->c, scan->start,
		end - scan->start, scan->reason, scan->err);
}

static int
on_entry(void *arg, const struct und_entry *e)
{
	struct scan *scan = arg;
	struct collect *c = scan->c;

	if (!*c->reason && *e->reason)
		snprintf(c->reason, 81, "%s", e->reason);
	if (scan->entries >= UND_ENTRIES_MAX) {
		scan->entries++;
		return 0;
	}
	if (end_entry(scan, e->offset) < 0)
		return -1;
	scan->entries++;
	scan->start = e->offset;
	snprintf(scan->reason, sizeof scan->reason, "%s", e->reason);
	return 0;
}

/* Rows for what stands between start and end. Number of entries, or -1. */
static int64_t
collect_entries(struct collect *c, const char *path, int64_t start,
	int64_t end, struct error *err)
{
	int fd = fs_open_quietly(AT_FDCWD, path);
	struct message_source src = fd_source(&fd, end);
	struct scan scan = { .c = c, .err = err };
	int64_t next;
	int rc = 0;

	if (fd >= 0) {
		rc = !store_charset(c->s, err) ? -1 : und_scan(&src,
			c->s->charset, start, end, on_entry, &scan, &next, err);
		close(fd);
	}
	if (rc < 0 || end_entry(&scan, end) < 0)
		return -1;
	if (scan.entries == 0)		/* bytes that are no entry count too */
		return add_entry(c, start, end - start, "", err);
	return scan.entries;
}

/* Rows for a range, linked to a (or NULL); the range becomes a's. */
static int
link_range(struct store *s, struct history_und_file *f, const char *path,
	int64_t start, int64_t end, struct history_attempt *a, char *reason,
	struct error *err)
{
	struct collect c = { s, f, a, reason, clock_wall() };
	struct history_minute minute = {
		.at = c.at, .und_bytes = end - start,
	};
	int64_t entries = collect_entries(&c, path, start, end, err);

	if (entries < 0 || history_minute_add(s->history, &minute, err) < 0)
		return -1;
	if (a) {
		a->und_file = f->id;
		a->und_start = start;
		a->und_end = end;
		a->und_entries = entries;
	}
	return 0;
}

/* The current file as the history knows it, made to agree with what is there;
 * *st is set when it is. 1 there is one, 0 none, -1. */
static int
current(struct store *s, int lane, const char *path,
	struct history_und_file *f, struct stat *st, struct error *err)
{
	int known = history_und_current(s->history, lane, f, err);
	bool there = stat(path, st) == 0 && S_ISREG(st->st_mode);

	if (known < 0)
		return -1;
	if (known && !f->rotating) {
		const char *why = !there ? "is gone" :
			(int64_t)st->st_ino != f->inode ? "was replaced" :
			st->st_size < f->size ? "was cut" : NULL;

		if (why && retire(s, f, why, err) < 0)
			return -1;
		if (why)
			known = 0;
	}
	if (!there)
		return 0;
	if (!known && start_anew(s, f, lane, st, err) < 0)
		return -1;
	return 1;
}

int
und_account_measure(struct store *s, int lane, const char *path,
	struct history_attempt *a, char reason_out[81], struct error *err)
{
	char unused[81] = "";
	struct history_und_file f;
	struct stat st;
	int rc = current(s, lane, path, &f, &st, err);

	if (reason_out)
		reason_out[0] = '\0';
	if (rc <= 0 || st.st_size <= f.size)
		return rc < 0 ? -1 : 0;
	if (link_range(s, &f, path, f.size, st.st_size, a, reason_out ?
	    reason_out : unused, err) < 0)
		return -1;
	f.size = st.st_size;
	return history_und_update(s->history, &f, err);
}

/* --- ranges that are named ------------------------------------------------ */

#define AHEAD_MAX 256

struct und_ahead {
	struct {
		int64_t start, end;
	} ranges[AHEAD_MAX];		/* rising, apart */
	int n;
};

void
und_ahead_free(struct und_ahead *ahead)
{
	free(ahead);
}

/* Its place among the others, or -1 when it overlaps one or there is no room. */
static int
place_ahead(const struct und_ahead *u, int64_t start, int64_t end)
{
	int i = 0;

	while (i < u->n && u->ranges[i].end <= start)
		i++;
	if (u->n == AHEAD_MAX || (i < u->n && u->ranges[i].start < end))
		return -1;
	return i;
}

/* What is named up to where the count stands is counted. */
static void
advance(struct und_ahead *u, int64_t *size)
{
	while (u->n > 0 && u->ranges[0].start <= *size) {
		if (u->ranges[0].end > *size)
			*size = u->ranges[0].end;
		memmove(u->ranges, u->ranges + 1,
			(size_t)--u->n * sizeof *u->ranges);
	}
}

int
und_account_link(struct store *s, int lane, const char *path,
	struct und_ahead **ahead, int64_t start, int64_t end,
	struct history_attempt *a, char reason_out[81], struct error *err)
{
	struct und_ahead *u = *ahead;
	struct history_und_file f;
	struct stat st;
	int rc = current(s, lane, path, &f, &st, err), i;

	reason_out[0] = '\0';
	if (!u)
		u = *ahead = xcalloc(1, sizeof *u);
	if (rc <= 0 || start < f.size || end > st.st_size || end <= start)
		return rc < 0 ? -1 : 0;
	i = place_ahead(u, start, end);
	if (i < 0)
		return 0;
	if (link_range(s, &f, path, start, end, a, reason_out, err) < 0)
		return -1;
	memmove(u->ranges + i + 1, u->ranges + i,
		(size_t)(u->n++ - i) * sizeof *u->ranges);
	u->ranges[i].start = start;
	u->ranges[i].end = end;
	advance(u, &f.size);
	return history_und_update(s->history, &f, err);
}

int
und_account_rest(struct store *s, int lane, const char *path,
	struct und_ahead **ahead, struct history_attempt *a,
	char *reason_out, struct error *err)
{
	struct und_ahead *u = *ahead;
	struct history_und_file f;
	char reason[81] = "";
	struct stat st;
	int rc;

	if (!u || u->n == 0)
		return und_account_measure(s, lane, path, a, reason_out, err);
	rc = current(s, lane, path, &f, &st, err);
	if (rc <= 0 || st.st_size < f.size)
		u->n = 0;		/* another file: named for nothing */
	while (rc > 0 && f.size < st.st_size) {
		int64_t to = u->n ? u->ranges[0].start : st.st_size;

		if (link_range(s, &f, path, f.size, to, NULL, reason,
		    err) < 0)
			return -1;
		f.size = to;
		advance(u, &f.size);
	}
	if (rc <= 0)
		return rc;
	return history_und_update(s->history, &f, err);
}

static int
sync_parent(const char *path, struct error *err)
{
	char *copy = xstrdup(path);
	const char *dir = dirname(copy);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? error_sys(err, errno, "open %s", dir) :
		fs_sync(fd, dir, err);

	if (fd >= 0)
		close(fd);
	free(copy);
	return rc;
}

/* The rename of a rotation that the history knows of, and its end there. */
static int
carry_out(struct store *s, struct history_und_file *f, const char *path,
	struct error *err)
{
	char *target = xasprintf("%s.%" PRId64, path, f->rotating);
	struct stat st;
	int rc = 0;

	if (stat(path, &st) == 0 && (int64_t)st.st_ino == f->inode)
		rc = fs_rename(AT_FDCWD, path, AT_FDCWD, target, err);
	if (rc == 1)
		rc = error_set(err, ERROR_STORE, "%s is there already", target);
	if (rc >= 0 && (rc = sync_parent(path, err)) < 0)
		store_mark_if_unknown(s, err);
	free(target);
	if (rc < 0)
		return -1;
	f->number = f->rotating;
	f->rotating = 0;
	f->rotated_at = clock_wall();
	if (history_und_update(s->history, f, err) < 0)
		return -1;
	return store_event(s, EVENT_UND_ROTATED, 0, err, "%s was rotated to "
		"number %" PRId64 ", %" PRId64 " bytes", path, f->number,
		f->size);
}

static int
recover(struct store *s, int lane, const char *path, struct error *err)
{
	struct history_und_file f;
	int rc;

	if (store_begin(s, err) < 0)
		return -1;
	rc = history_und_current(s->history, lane, &f, err);
	if (rc <= 0 || !f.rotating)
		return rc < 0 ? -1 : 0;
	if (carry_out(s, &f, path, err) < 0)
		return -1;
	return store_commit(s, err);
}

int
und_account_recover(struct store *s, int lane, const char *path,
	struct error *err)
{
	int rc = recover(s, lane, path, err);

	store_end(s);
	return rc;
}

/* Notes the rotation. 1 noted, 0 nothing there, -1. */
static int
note_rotation(struct store *s, int lane, const char *path, struct error *err)
{
	struct history_und_file f;
	int64_t highest;
	char *target;
	int rc;

	if (store_begin(s, err) < 0 ||
	    und_account_measure(s, lane, path, NULL, NULL, err) < 0)
		return -1;
	rc = history_und_current(s->history, lane, &f, err);
	if (rc <= 0)
		return rc;
	if (!f.rotating) {
		if (history_und_highest(s->history, lane, &highest, err) < 0)
			return -1;
		/* A name that is taken, perhaps from before a rebuild. */
		do {
			target = xasprintf("%s.%" PRId64, path, ++highest);
			rc = access(target, F_OK);
			free(target);
		} while (rc == 0);
		f.rotating = highest;
		if (history_und_update(s->history, &f, err) < 0)
			return -1;
	}
	return store_commit(s, err) < 0 ? -1 : 1;
}

int
und_account_rotate(struct store *s, int lane, const char *path,
	struct error *err)
{
	int rc = note_rotation(s, lane, path, err);

	if (rc > 0)
		rc = recover(s, lane, path, err) < 0 ? -1 : 1;
	store_end(s);
	return rc;
}
