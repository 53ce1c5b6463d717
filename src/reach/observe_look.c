/* SPDX-License-Identifier: ISC */
/*
 * observe_look: one look at the directories, and what it means. See watch.h for
 * the order of things.
 */
#include "reach/observe_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "reach/likeness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t
mtime_ns(const struct stat *st)
{
	return st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec;
}

/* --- a directory -------------------------------------------------------- */

/* Said once, and once more when it is back: 0 or -1. */
static int
say_away(struct observer *o, struct observed *d, const char *why,
	struct error *err)
{
	char shown[200];
	int rc;

	if (d->away == (why != NULL))
		return 0;
	text_printable(shown, sizeof shown, d->path, strlen(d->path));
	rc = store_begin(&o->store, err) < 0 || store_event(&o->store,
		why ? EVENT_AWAY : EVENT_BACK, 0, err, "%s%s%s", shown, why ?
		": " : " is read again", why ? why : "") < 0 ||
		store_commit(&o->store, err) < 0 ? -1 : 0;
	store_end(&o->store);
	d->away = why != NULL;
	return rc;
}

/* NULL with why it cannot be read. Another file system under its name is no
 * answer about the files of the one before. */
static DIR *
open_observed(struct observed *d, const char **why)
{
	/* Whatever links lead to it. */
	char *path = xasprintf("%s/.", d->path);
	int fd = fs_open_quietly(AT_FDCWD, path);
	struct stat st;
	DIR *dir;

	*why = fd < 0 ? strerror(errno) : NULL;
	free(path);
	if (fd >= 0 && fstat(fd, &st) == 0 && d->device &&
	    d->device != st.st_dev)
		*why = "another file system is there: was it unmounted?";
	dir = *why ? NULL : fdopendir(fd);
	if (!dir && fd >= 0)
		close(fd);
	if (dir)
		d->device = st.st_dev;
	return dir;
}

static void
fill_arrived(struct change *c, enum watch_place place, const char *name,
	const struct stat *st)
{
	static const enum state states[WATCH_PLACES] = {
		STATE_QUEUED, STATE_IMPORTING, STATE_FAILED };
	char reduced[SPOOL_NAME_MAX + 5];
	int64_t now = clock_wall();

	spool_reduce_name(reduced, name, strlen(name));
	c->m = (struct history_message){
		.name = xstrdup(reduced), .true_name = xstrdup(name),
		.true_name_len = strlen(name), .state = states[place],
		.since = now, .received_at = now, .watched = true,
		.inode = (int64_t)st->st_ino, .mtime_ns = mtime_ns(st),
		.size = st->st_size, .code = HISTORY_NO_CODE,
		.date_at = HISTORY_NO_TIME, .failed_at = place == WATCH_BAD ?
			now : HISTORY_NO_TIME,
		.next_attempt_at = HISTORY_NO_TIME,
	};
}

static void
see(struct observer *o, enum watch_place place, const char *name,
	const struct stat *st)
{
	struct watch_file f = { name, st->st_ino, st->st_size, mtime_ns(st) };
	int64_t at = spool_came_at(st);
	struct change *c;
	uint32_t ref;

	if (place == WATCH_SUBMIT && (!o->oldest_at || at < o->oldest_at))
		o->oldest_at = at;
	switch (watch_see(o->watch, place, &f, &ref)) {
	case WATCH_ARRIVED:
		c = observe_add(o, CHANGE_ARRIVED, ref);
		fill_arrived(c, place, name, st);
		break;
	case WATCH_GREW:
		c = observe_add(o, CHANGE_GREW, ref);
		c->m.size = st->st_size;
		c->m.mtime_ns = f.mtime_ns;
		break;
	case WATCH_NOTHING:
		/* Under a name that may have another case there. */
		if (watch_place(o->watch, ref) == place)
			break;
		c = observe_add(o, CHANGE_MOVED, ref);
		c->place = place;
		c->m.true_name = xstrdup(name);
		break;
	case WATCH_MOVED:
	case WATCH_MISSING:
		break;
	}
}

/* 0, 1: not to the end, -1. */
static int
read_names(struct observer *o, enum watch_place place, DIR *dir,
	struct error *err)
{
	const struct dirent *d;
	struct error ignored;
	struct stat st;
	int rc;

	while ((rc = fs_next(dir, &d, &ignored)) > 0) {
		if (d->d_name[0] == '.')
			continue;
		if (!spool_is_message_name(d->d_name)) {
			o->ignored += place == WATCH_SUBMIT;
			continue;
		}
		if (fstatat(dirfd(dir), d->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) < 0) {
			if (errno != ENOENT)
				return 1;
			continue;
		}
		if (!S_ISREG(st.st_mode))
			continue;
		see(o, place, d->d_name, &st);
		if (o->change_count >= STORE_BATCH && observe_write(o,
		    err) < 0)
			return -1;
	}
	return rc < 0;
}

static int
look_into(struct observer *o, enum watch_place place, struct error *err)
{
	static const char *const places[WATCH_PLACES] = {
		"foreign.submit", "foreign.import", "foreign.bad" };
	struct observed *d = &o->places[place];
	const char *why;
	DIR *dir;
	int rc;

	if (!*d->path)
		return 0;
	dir = open_observed(d, &why);
	if (!dir) {
		why = why ? why : strerror(errno);
		watch_unread(o->watch, place);
		if (!*o->away)
			snprintf(o->away, sizeof o->away, "%s: %s",
				places[place], why);
		return say_away(o, d, why, err);
	}
	rc = read_names(o, place, dir, err);
	if (rc > 0)
		watch_unread(o->watch, place);
	closedir(dir);
	return rc < 0 ? -1 : say_away(o, d, NULL, err);
}

/* --- what changed ------------------------------------------------------- */

/* Is that file under its name in any of the directories? */
static bool
is_anywhere(const struct observer *o, const struct history_message *m)
{
	struct stat st;

	for (int i = 0; i < WATCH_PLACES; i++) {
		char *path = *o->places[i].path ? xasprintf("%s/%s",
			o->places[i].path, m->true_name) : NULL;
		bool there = path && lstat(path, &st) == 0 &&
			(int64_t)st.st_ino == m->inode && st.st_size ==
			m->size && mtime_ns(&st) == m->mtime_ns;

		free(path);
		if (there)
			return true;
	}
	return false;
}

/* It was not seen: two looks must agree. 0 or -1. */
static int
look_for(struct observer *o, uint32_t ref, struct error *err)
{
	struct history_message m;
	int rc = history_message_get(o->store.history, watch_id(o->watch,
		ref), &m, err);

	if (rc > 0) {
		bool there = is_anywhere(o, &m);

		history_message_release(&m);
		/* Somebody of ours may be taking it out: that is noted before
		 * it is begun. */
		if (!there)
			rc = history_message_get(o->store.history, watch_id(
				o->watch, ref), &m, err);
		if (!there && rc > 0) {
			if (!m.noted_verb)
				watch_is_gone(o->watch, ref);
			history_message_release(&m);
		}
	} else if (rc == 0) {
		watch_is_gone(o->watch, ref);
	}
	return rc < 0 ? -1 : 0;
}

/* The gone are written when it is known what was said of them: *gone_out, of
 * *n_out refs. 0 or -1. */
static int
find_changes(struct observer *o, uint32_t **gone_out, size_t *n_out,
	struct error *err)
{
	uint32_t cursor = 0, ref;
	enum watch_news news;
	size_t cap = 0;

	while ((news = watch_change(o->watch, &cursor, &ref)) !=
	    WATCH_NOTHING) {
		if (news == WATCH_MISSING && look_for(o, ref, err) < 0)
			return -1;
		if (watch_is_there(o->watch, ref))
			continue;
		xgrow(gone_out, &cap, *n_out + 1, sizeof **gone_out,
			CHANGES_MAX);
		(*gone_out)[(*n_out)++] = ref;
	}
	return 0;
}

/* --- tries -------------------------------------------------------------- */

/* A name that the log alone knows: it came and went between two looks. Where it
 * lies still it will be seen. */
static void
add_unseen(struct observer *o, const struct heard *h)
{
	struct stat none = { 0 };
	struct change *c;

	if (h->line.code >= 2 && h->line.code <= 4)
		return;
	c = observe_add(o, CHANGE_ARRIVED, WATCH_NONE);
	fill_arrived(c, WATCH_IMPORT, h->line.name, &none);
	c->m.state = STATE_GONE;
	c->m.watched = false;
	c->m.code = h->line.code;
	c->m.class = xstrdup(class_word(h->line.code == 0 ? CLASS_IMPORTED :
		h->line.code == 5 ? CLASS_UNDELIVERABLE : CLASS_REJECTED));
	c->m.attempts = c->m.tries = 1;
}

static void
note_line(struct observer *o, const struct heard *h, int64_t now)
{
	uint32_t ref = watch_line(o->watch, h->line.name, h->line.code, now);

	if (ref == WATCH_NONE)
		add_unseen(o, h);
	else
		observe_add(o, CHANGE_TRIED, ref)->code = h->line.code;
}

/* The line that told of the same try, if it came in this look. */
static struct change *
told_by_line(struct observer *o, uint32_t ref)
{
	for (size_t i = 0; i < o->change_count; i++)
		if (o->changes[i].kind == CHANGE_TRIED &&
		    o->changes[i].ref == ref && !o->changes[i].end)
			return &o->changes[i];
	return NULL;
}

static void
note_entry(struct observer *o, const struct heard *h, int64_t now)
{
	bool tried;
	uint32_t ref = watch_entry(o->watch, h->likeness, h->end - h->start,
		now, &tried);
	struct change *c = ref == WATCH_NONE || tried ? NULL :
		told_by_line(o, ref);

	if (!c)
		c = observe_add(o, tried ? CHANGE_TRIED : CHANGE_ENTRY, ref);
	c->start = h->start;
	c->end = h->end;
}

/* Reads a suspected one. */
static int
read_suspect(struct observer *o, uint32_t ref, char *buf, struct error *err)
{
	struct history_message m;
	int rc = history_message_get(o->store.history, watch_id(o->watch,
		ref), &m, err), fd;
	struct error ignored;
	uint64_t likeness = 0;
	struct stat st;
	int64_t n = 0;
	char *path;

	if (rc <= 0)
		return rc;
	path = xasprintf("%s/%s", o->places[watch_place(o->watch, ref)].path,
		m.true_name);
	fd = fs_open_quietly(AT_FDCWD, path);
	if (fd >= 0 && fstat(fd, &st) == 0 && store_is_same_file(&m, &st)) {
		struct change *c = observe_add(o, CHANGE_READ, ref);
		ssize_t got = fs_read_at(fd, buf, LIKENESS_READ, 0, &ignored);

		likeness = got > 0 ? likeness_of(buf, (size_t)got) : 0;
		if (store_read_header(&o->store, &c->m, fd, &st, &ignored) < 0)
			o->change_count--;
	}
	if (fd >= 0)
		close(fd);
	free(path);
	history_message_release(&m);
	for (n = watch_liken(o->watch, ref, likeness); n > 0; n--)
		observe_add(o, CHANGE_TRIED, ref);
	return 0;
}

static int
read_suspects(struct observer *o, struct error *err)
{
	char *buf = xcalloc(1, LIKENESS_READ);
	uint32_t cursor = 0, ref;
	int rc = 0;

	for (int i = 0; i < WATCH_WANTED_MAX && rc == 0 &&
	    watch_wanted(o->watch, &cursor, &ref); i++)
		rc = read_suspect(o, ref, buf, err);
	free(buf);
	return rc;
}

static int
note_heard(struct observer *o, struct error *err)
{
	int64_t now = clock_wall();

	for (size_t i = 0; i < o->heard_count; i++)
		if (!o->heard[i].entry)
			note_line(o, &o->heard[i], now);
	for (size_t i = 0; i < o->heard_count; i++)
		if (o->heard[i].entry)
			note_entry(o, &o->heard[i], now);
	return read_suspects(o, err);
}

/* --- all of it ---------------------------------------------------------- */

/* The oldest that was handed over and of which nothing is heard. */
static int
note_hand(struct observer *o, struct error *err)
{
	struct history_query q = { .states = STATE_BIT(STATE_IMPORTING) };
	struct history_message rows[20];
	int64_t id = 0, since = 0;
	int n = history_page(o->store.history, &q, 0, 20, rows, err);

	for (int i = 0; i < n; i++) {
		if (!id && rows[i].attempts == 0) {
			id = rows[i].id;
			since = rows[i].since;
		}
		history_message_release(&rows[i]);
	}
	if (n < 0)
		return -1;
	status_word_set_hand(&o->word, id, since, id ? watch_count(o->watch,
		WATCH_IMPORT) : 0);
	status_word_set_submit(&o->word, watch_count(o->watch, WATCH_SUBMIT),
		o->ignored, o->oldest_at);
	status_word_set_sign(&o->word);
	return 0;
}

static int
look(struct observer *o, uint32_t **gone, size_t *n, struct error *err)
{
	for (int place = 0; place < WATCH_PLACES; place++)
		if (look_into(o, (enum watch_place)place, err) < 0)
			return -1;
	/* What arrived has a row before anything is told of it. */
	if (observe_write(o, err) < 0 || find_changes(o, gone, n, err) < 0 ||
	    note_heard(o, err) < 0)
		return -1;
	for (size_t i = 0; i < *n; i++)
		observe_add(o, CHANGE_GONE, (*gone)[i]);
	if (observe_write(o, err) < 0)
		return -1;
	watch_end(o->watch);
	return observe_tell(o, err) < 0 ? -1 : note_hand(o, err);
}

/* What was taken out since the last look: if it is seen again, it was given
 * back, and is another message. 0 or -1. */
static int
drop_taken(struct observer *o, struct error *err)
{
	struct history_event rows[100];
	int n;

	while ((n = history_events(o->store.history, o->event, rows, 100,
	    err)) > 0)
		for (int i = 0; i < n; i++) {
			o->event = rows[i].id;
			if (rows[i].number == EVENT_TAKEN_OUT)
				watch_drop(o->watch, rows[i].message);
			history_event_release(&rows[i]);
		}
	return n;
}

int
observe_look(struct observer *o, bool cycle, struct error *err)
{
	uint32_t *gone = NULL;
	size_t n = 0;
	int rc;

	if (drop_taken(o, err) < 0 || observe_hear(o, err) < 0)
		return -1;
	o->stirs += (int64_t)o->heard_count;
	o->ignored = o->oldest_at = 0;
	*o->away = '\0';
	watch_begin(o->watch, cycle);
	rc = look(o, &gone, &n, err);
	free(gone);
	return rc;
}
