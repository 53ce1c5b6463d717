/* SPDX-License-Identifier: ISC */
/*
 * connector_intake: from submit/ into queue/. See connector.h.
 *
 * A scan walks submit/ in batches: look at the files, make them durable
 * (syncfs), commit their rows with the open move, rename, compare with what
 * was read, settle. Between batches the connector does its other work: the
 * first ones of a scan are small, so that the importer need not wait for all, and
 * while something is imported it rests after each for as long as that took.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/notify.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define IGNORE_AGE_MS CLOCK_MINUTE	/* younger: a producer may be at it */
#define BATCH_FIRST 64			/* doubling up to STORE_BATCH */
#define BATCH_BYTES_MOST (32 << 20)	/* that are read, and one more file */
#define OPEN_AGE_MS (15 * CLOCK_MINUTE)	/* as long as FTP servers wait */

void
connector_watch_submit(struct connector *c)
{
	struct spool_identity *is = &c->store.spool.at[SPOOL_SUBMIT];
	char *path;

	if (c->inotify < 0 || (c->submit_at.inode == is->inode &&
	    c->submit_at.device == is->device))
		return;
	path = spool_submit_path(&c->store.spool);
	inotify_rm_watch(c->inotify, c->submit_watch);
	arrivals_clear(c->arrivals);
	c->submit_watch = inotify_add_watch(c->inotify, path, ARRIVALS_EVENTS);
	c->submit_at = *is;
	free(path);
}

int
connector_start_scan(struct connector *c, struct error *err)
{
	if (c->scan) {
		c->scan_again = true;
		return 0;
	}
	if (store_look_at_names(&c->store, err) < 0 ||
	    connector_list_stuck(c, err) < 0)
		return -1;
	connector_watch_submit(c);
	c->scan = listing_open(c->store.spool.dirs[SPOOL_SUBMIT], err);
	if (!c->scan)
		return error_prefix(err, "submit/");
	c->scan_batch = BATCH_FIRST;
	c->scan_again = false;
	c->waiting = c->ignored = 0;
	c->settle_in_ms = -1;
	c->oldest_at = HISTORY_NO_TIME;
	return 0;
}

/* True the first time in this run. */
static bool
ignored_first_time(struct connector *c, ino_t inode)
{
	for (int i = 0; i < c->ignored_count; i++)
		if (c->ignored_seen[i] == inode)
			return false;
	if (c->ignored_count == IGNORED_MAX)
		return false;
	c->ignored_seen[c->ignored_count++] = inode;
	return true;
}

struct candidate {
	struct history_message m;
	int64_t mtime_ns;
};

struct batch {
	struct candidate *rows;
	int n;
	int64_t bytes;
	char ignored[16][340];		/* to be said; more in the next scan */
	int ignored_count;
};

/* Said once, and not while a producer may be at it. */
static void
say_left_alone(struct connector *c, struct batch *b, const struct stat *st,
	const char *why)
{
	int64_t age = clock_wall() - st->st_ctim.tv_sec * INT64_C(1000);

	if (age < IGNORE_AGE_MS && S_ISREG(st->st_mode) && st->st_nlink == 1)
		return;
	if (b->ignored_count == 16 || !ignored_first_time(c, st->st_ino))
		return;
	snprintf(b->ignored[b->ignored_count++], sizeof *b->ignored, "%s",
		why);
}

static void
ignore(struct connector *c, struct batch *b, const char *name,
	const struct stat *st, const char *why)
{
	char shown[200], words[300];

	text_printable(shown, sizeof shown, name, strlen(name));
	snprintf(words, sizeof words, "submit/%s %s", shown, why);
	c->ignored++;
	say_left_alone(c, b, st, words);
}

static void
count_waiting(struct connector *c, const struct stat *st)
{
	int64_t at = spool_came_at(st);

	c->waiting++;
	if (c->oldest_at == HISTORY_NO_TIME || at < c->oldest_at)
		c->oldest_at = at;
}

/* A message that cannot be taken in, yet: not one to be forgotten. */
static void
leave_waiting(struct connector *c, struct batch *b, const struct stat *st,
	const char *why)
{
	count_waiting(c, st);
	say_left_alone(c, b, st, why);
}

static const char *
kind_word(mode_t mode)
{
	return S_ISLNK(mode) ? "is a symbolic link" :
		S_ISDIR(mode) ? "is a directory" :
		S_ISFIFO(mode) ? "is a FIFO" :
		S_ISSOCK(mode) ? "is a socket" : "is a device";
}

/*
 * May its writer still be at it? Who renames or closes says that it is whole,
 * unless somebody has it open for writing all the same;
 * of what nobody told, being unchanged for intake.settle has to do. A file that
 * was created and never closed (a second link that somebody reads has no close)
 * is taken when it has been quiet for longer than any upload stands.
 */
static bool
is_settled(struct connector *c, const char *name, int fd,
	const struct stat *st)
{
	bool open = fs_has_writer(fd);
	enum arrival told = open ? ARRIVAL_BEING_WRITTEN :
		arrivals_ask(c->arrivals, name);
	int64_t age = clock_wall() - st->st_ctim.tv_sec * INT64_C(1000) -
		st->st_ctim.tv_nsec / 1000000;
	int64_t wait = c->settings.intake_settle_ms;

	if (!open && (told == ARRIVAL_WHOLE || wait == 0))
		return true;
	if (told == ARRIVAL_BEING_WRITTEN && wait < OPEN_AGE_MS)
		wait = OPEN_AGE_MS;
	/* A change in the future: the clock was set back. */
	if (age < 0)
		age = arrivals_is_quiet(c->arrivals, name, st,
			clock_mono_ms(), wait) ? wait : 0;
	if (age >= wait)
		return true;
	if (c->settle_in_ms < 0 || wait - age < c->settle_in_ms)
		c->settle_in_ms = wait - age;
	return false;
}

static void
look_for_lie(struct history_message *m, int64_t size)
{
	if (size <= STORE_SIZE_MAX)
		return;
	m->state = STATE_QUARANTINED;
	m->action_by = xstrdup(STORE_CONNECTOR);
	m->action_reason = xasprintf("claims a size of %" PRId64 " bytes, "
		"which no disk has", size);
}

/* Reads what the row needs. 1 a candidate, 0 not, -1. */
static int
read_candidate(struct connector *c, struct batch *b, const char *name,
	struct candidate *out)
{
	struct spool *spool = &c->store.spool;
	struct history_message *m = &out->m;
	struct error err = ERROR_INIT;
	struct stat st;
	int fd, rc;

	fd = spool_open_file(spool, SPOOL_SUBMIT, name, &st, &err);
	if (fd == -2)
		return 0;
	if (fd < 0) {
		if (fstatat(spool->dirs[SPOOL_SUBMIT], name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0)
			leave_waiting(c, b, &st, err.text);
		return 0;
	}
	if (!is_settled(c, name, fd, &st)) {
		close(fd);
		count_waiting(c, &st);
		return 0;
	}
	memset(out, 0, sizeof *out);
	rc = store_read_header(&c->store, m, fd, &st, &err);
	close(fd);
	if (rc < 0) {
		leave_waiting(c, b, &st, err.text);
		history_message_release(m);
		return 0;
	}
	store_new_message(m, name, strlen(name));
	look_for_lie(m, st.st_size);
	store_note_move(m, SPOOL_SUBMIT, m->state == STATE_QUEUED ?
		SPOOL_QUEUE : SPOOL_QUARANTINE);
	out->mtime_ns = m->mtime_ns;
	return 1;
}

/* Looks at one name. 1 it is in the batch, 0 it is not. */
static int
look_at(struct connector *c, struct batch *b, const char *name, bool message,
	bool take)
{
	struct stat st;

	if (connector_is_stuck(c, name))	/* it has its row */
		return 0;
	/* Opening looks again, and at what is there then. */
	if (take && message)
		return read_candidate(c, b, name, &b->rows[b->n]);
	if (fstatat(c->store.spool.dirs[SPOOL_SUBMIT], name, &st,
	    AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (!spool_is_message_name(name)) {
		ignore(c, b, name, &st, "does not end in .ccm, or starts "
			"with a dot");
		return 0;
	}
	if (!S_ISREG(st.st_mode)) {
		ignore(c, b, name, &st, kind_word(st.st_mode));
		return 0;
	}
	if (take)
		return read_candidate(c, b, name, &b->rows[b->n]);
	count_waiting(c, &st);
	return 0;
}

static int
by_age(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->mtime_ns != y->mtime_ns)
		return x->mtime_ns < y->mtime_ns ? -1 : 1;
	return strcmp(x->m.true_name, y->m.true_name);
}

static int
report_ignored(struct connector *c, const struct batch *b, struct error *err)
{
	for (int i = 0; i < b->ignored_count; i++)
		if (store_event(&c->store, EVENT_IGNORED, 0, err,
		    "%s: left alone", b->ignored[i]) < 0)
			return -1;
	return 0;
}

static int
add_rows(struct connector *c, struct batch *b, struct error *err)
{
	struct history_minute minute = { .at = clock_wall(), .arrived = b->n };

	for (int i = 0; i < b->n; i++) {
		struct history_message *m = &b->rows[i].m;

		if (store_add_message(&c->store, m, err) < 0 ||
		    (m->state == STATE_QUARANTINED && store_event(&c->store,
			    EVENT_LIE, m->id, err, "%s %s: quarantined",
			    m->name, m->action_reason) < 0))
			return -1;
		arrivals_forget(c->arrivals, m->true_name);
	}
	return b->n ? history_minute_add(c->store.history, &minute, err) : 0;
}

/* Rows, then files, under one hold of the lock. */
static int
commit_batch(struct connector *c, struct batch *b, struct error *err)
{
	int submit = c->store.spool.dirs[SPOOL_SUBMIT];

	if (b->n == 0 && b->ignored_count == 0)
		return 0;
	if (b->n && fs_sync_all(submit, "submit/", err) < 0)
		return -1;
	if (store_begin(&c->store, err) < 0 || report_ignored(c, b, err) < 0 ||
	    add_rows(c, b, err) < 0 || store_commit(&c->store, err) < 0)
		return -1;
	if (b->n == 0)
		return 0;
	if (store_begin(&c->store, err) < 0 ||
	    connector_settle(c, true, err) < 0)
		return -1;
	return store_commit(&c->store, err);
}

/* Fills a batch. 1 the directory has more, 0 it is read, -1. */
static int
fill_batch(struct connector *c, struct batch *b, bool take, struct error *err)
{
	const char *name;
	bool message;
	int rc;

	for (;;) {
		if (b->n == c->scan_batch || b->ignored_count == 16 ||
		    b->bytes > BATCH_BYTES_MOST)
			return 1;
		rc = listing_next(c->scan, &name, &message, err);
		if (rc <= 0)
			return rc < 0 ? error_prefix(err, "submit/") : 0;
		if (look_at(c, b, name, message, take))
			b->bytes += b->rows[b->n++].m.size;
	}
}

/* What a scan found, into the connector's row, if it is news. */
static int
write_counts(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = 0;

	if (history_connector_get(c->store.history, &row, err) < 0)
		return -1;
	if (row.submit_waiting != c->waiting ||
	    row.submit_ignored != c->ignored ||
	    row.submit_oldest_at != c->oldest_at) {
		history_connector_release(&row);
		if (store_begin(&c->store, err) < 0 ||
		    history_connector_get(c->store.history, &row, err) < 0)
			return -1;
		row.submit_waiting = c->waiting;
		row.submit_ignored = c->ignored;
		row.submit_oldest_at = c->oldest_at;
		if (history_connector_put(c->store.history, &row, err) < 0 ||
		    store_commit(&c->store, err) < 0)
			rc = -1;
	}
	history_connector_release(&row);
	return rc;
}

static bool
may_take_in(struct connector *c, struct error *err, int *rc)
{
	struct history_connector row = { 0 };
	bool may;

	*rc = history_connector_get(c->store.history, &row, err);
	may = c->takes_in = *rc == 0 && !row.drain && !row.needs_check &&
		!c->disk_low && !c->stopping && !connector_submit_stands(c) &&
		!spool_check_needed(&c->store.spool);
	history_connector_release(&row);
	return may;
}

static int
take_batch(struct connector *c, struct batch *b, struct error *err)
{
	int more, rc = 0;
	bool take = may_take_in(c, err, &rc);

	if (rc < 0)
		return -1;
	more = fill_batch(c, b, take, err);
	if (more < 0)
		return -1;
	qsort(b->rows, (size_t)b->n, sizeof *b->rows, by_age);
	rc = commit_batch(c, b, err);
	store_end(&c->store);
	if (rc < 0)
		return -1;
	if (b->n || c->too_large.count)
		c->wake = true;
	if (b->n == c->scan_batch)
		c->scan_batch = b->n * 2 < STORE_BATCH ? b->n * 2 :
			STORE_BATCH;
	if (more)
		return 1;
	rc = write_counts(c, err);
	store_end(&c->store);
	return rc;
}

int
connector_take_in(struct connector *c, struct error *err)
{
	struct batch b = { .rows = xcalloc(STORE_BATCH, sizeof *b.rows) };
	int64_t begun = clock_mono_ms();
	int rc = take_batch(c, &b, err), took = (int)(clock_mono_ms() - begun);

	/* As long for what is imported: a flood must not stand in its way. */
	c->take_mono_ms = connector_any_busy(c) ? begun + 2 * took : 0;
	for (int i = 0; i < b.n; i++)
		history_message_release(&b.rows[i].m);
	free(b.rows);
	status_word_set_sign(&c->word);
	if (rc <= 0) {
		listing_close(c->scan);
		c->scan = NULL;
		/* The sign of life. */
		futimens(c->store.spool.lock, NULL);
	}
	if (rc == 0) {
		notify_ready();
		status_word_set_submit(&c->word, c->waiting, c->ignored,
			c->oldest_at == HISTORY_NO_TIME ? 0 : c->oldest_at);
		/* --once waits until what its scan saw has settled. */
		c->once_scanned = c->settle_in_ms < 0 || !c->takes_in;
		c->scan_mono_ms = clock_mono_ms() + (c->settle_in_ms < 0 ||
			c->settle_in_ms > c->settings.import_interval_ms ?
			c->settings.import_interval_ms : c->settle_in_ms + 1);
		if (c->scan_again)
			return connector_start_scan(c, err) < 0 ? -1 : 1;
	}
	return rc;
}
