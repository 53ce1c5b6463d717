/* SPDX-License-Identifier: ISC */
/* observe_hear: what is new in the log and the .und. See observe_private.h. */
#include "reach/observe_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"
#include "mail/fd_source.h"
#include "mail/und.h"
#include "reach/likeness.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LANE 1			/* under which the .und is counted */
#define LOG_MOST (1 << 20)	/* bytes a look; the rest in the next */
#define UND_MOST (16 << 20)
#define HEARD_MAX 1000000

static struct heard *
add_heard(struct observer *o)
{
	xgrow(&o->heard, &o->heard_cap, o->heard_count + 1, sizeof *o->heard,
		HEARD_MAX);
	o->heard[o->heard_count] = (struct heard){ .entry = false };
	return &o->heard[o->heard_count++];
}

/* --- the log ------------------------------------------------------------ */

/* Opens it where it goes on; what was replaced or cut begins anew. -1: it is
 * not there. */
static int
open_log(struct observer *o, struct stat *st)
{
	const char *path = o->settings.foreign_log;
	int fd = *path ? fs_open_quietly(AT_FDCWD, path) : -1;

	if (fd < 0)
		return -1;
	if (fstat(fd, st) < 0 || !S_ISREG(st->st_mode)) {
		close(fd);
		return -1;
	}
	if (st->st_ino != o->log_inode || st->st_size < o->log_offset)
		o->log_offset = 0;
	o->log_inode = st->st_ino;
	return fd;
}

/* The whole lines of text; how many bytes they are. */
static size_t
read_lines(struct observer *o, const char *text, size_t len)
{
	size_t at = 0;
	const char *feed;
	struct original_event e;

	while ((feed = memchr(text + at, '\n', len - at))) {
		if (original_log_read(text + at, (size_t)(feed - text) - at,
		    &e))
			add_heard(o)->line = e;
		at = (size_t)(feed - text) + 1;
	}
	return at;
}

static void
hear_log(struct observer *o)
{
	struct error ignored;
	struct stat st;
	int fd = open_log(o, &st);
	char *text;
	ssize_t n;

	if (fd < 0)
		return;
	watch_expect_log(o->watch);
	if (st.st_size > o->log_offset) {
		text = xcalloc(1, LOG_MOST);
		n = fs_read_at(fd, text, LOG_MOST, o->log_offset, &ignored);
		if (n > 0) {
			size_t whole = read_lines(o, text, (size_t)n);

			/* A line that is longer than all of that. */
			o->log_offset += whole || n < LOG_MOST ?
				(int64_t)whole : n;
		}
		free(text);
	}
	close(fd);
}

/* --- the .und ----------------------------------------------------------- */

struct scan {
	struct observer *o;
	int fd;
	int64_t at;			/* end of the entry before */
	bool grows;			/* it may still be written */
	int64_t limit;
	char *buf;
};

static int
on_entry(void *arg, const struct und_entry *e)
{
	struct scan *s = arg;
	struct error ignored;
	struct heard *h;
	size_t want = e->length < LIKENESS_READ ? (size_t)e->length :
		LIKENESS_READ;
	ssize_t n;

	/* The last one: it has its end in the next look. */
	if (!e->complete && s->grows && e->offset + e->length >= s->limit)
		return 1;
	n = fs_read_at(s->fd, s->buf, want, e->offset, &ignored);
	h = add_heard(s->o);
	h->entry = true;
	h->start = s->at;
	h->end = s->at = e->offset + e->length;
	h->likeness = n > 0 ? likeness_of(s->buf, (size_t)n) : 0;
	return 0;
}

static int
scan_und(struct observer *o, int fd, int64_t from, int64_t to, bool grows,
	struct error *err)
{
	struct message_source src = fd_source(&fd, to);
	struct scan s = { o, fd, from, grows, to, xcalloc(1, LIKENESS_READ) };
	int64_t next;
	struct charset *cs = store_charset(&o->store, err);
	int rc = cs ? und_scan(&src, cs, from, to, on_entry, &s, &next, err) :
		-1;

	free(s.buf);
	return rc;
}

/* What the history knows of it; 1, 0 nothing. A file that is not the one that
 * it knows is read from its beginning: und_account will see the same. */
static int
known_until(struct observer *o, const struct stat *st, int64_t *from_out,
	struct error *err)
{
	struct history_und_file f;
	int rc = history_und_current(o->store.history, LANE, &f, err);

	*from_out = 0;
	if (rc > 0 && f.inode == (int64_t)st->st_ino && f.size <= st->st_size)
		*from_out = f.size;
	return rc;
}

static int
hear_und(struct observer *o, struct error *err)
{
	const char *path = o->settings.foreign_und;
	int fd = *path ? fs_open_quietly(AT_FDCWD, path) : -1, rc = 0;
	int64_t from, to;
	struct stat st;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		rc = known_until(o, &st, &from, err);
		to = st.st_size - from > UND_MOST ? from + UND_MOST :
			st.st_size;
		if (rc >= 0 && to > from)
			rc = scan_und(o, fd, from, to, st.st_size !=
				o->und_size || to < st.st_size, err);
		o->und_size = st.st_size;
	}
	close(fd);
	return rc < 0 ? -1 : 0;
}

/* --- both --------------------------------------------------------------- */

/* What was in the .und before is nobody's news, and no growth of this hour. */
static int
begin_und(struct observer *o, struct error *err)
{
	struct history_und_file f = { .lane = LANE, .opened_at = clock_wall(),
		.rotated_at = HISTORY_NO_TIME };
	struct stat st;
	int rc;

	if (!*o->settings.foreign_und || stat(o->settings.foreign_und,
	    &st) < 0)
		return 0;
	o->und_size = st.st_size;
	if (store_begin(&o->store, err) < 0)
		return -1;
	rc = history_und_current(o->store.history, LANE, &f, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	f.inode = (int64_t)st.st_ino;
	f.size = st.st_size;
	if (history_und_add(o->store.history, &f, err) < 0 ||
	    history_und_update(o->store.history, &f, err) < 0)
		return -1;
	return store_commit(&o->store, err);
}

int
observe_begin_hearing(struct observer *o, struct error *err)
{
	struct stat st;
	int fd = open_log(o, &st), rc;

	if (fd >= 0) {
		o->log_offset = st.st_size;
		close(fd);
	}
	rc = begin_und(o, err);
	store_end(&o->store);
	return rc;
}

int
observe_hear(struct observer *o, struct error *err)
{
	o->heard_count = 0;
	hear_log(o);
	return hear_und(o, err);
}
