/* SPDX-License-Identifier: ISC */
/* watch: see watch.h for the contract. */
#include "app/watch.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "store/status_word.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_AROUND_MS (10 * CLOCK_SECOND)
/* So long `lock` is asked each second when it was opened or closed: its holder
 * takes it after that, and loses it after that. */
#define LOCK_MS (5 * CLOCK_SECOND)
#define DEAD_AGE_S 10

static void
say_present(struct watch *w)
{
	const struct spool *spool = &w->desk->store.spool;
	struct error ignored;

	if (w->desk->read_only || spool->dirs[SPOOL_CONSOLES] < 0)
		return;
	/* Without it nobody sees us, nor can a job tell that we are here. */
	w->presence = spool_hold_console(spool, w->presence_name, &ignored);
	if (w->presence < 0)
		return;
	snprintf(w->desk->presence, sizeof w->desk->presence, "%s",
		w->presence_name);
	/* Without a name in it nobody sees us: no more harm than that. */
	(void)!write(w->presence, w->desk->actor.by, strlen(w->desk->actor.by));
}

/* What nobody locks is of a console that was killed; a new one has its lock
 * within a moment. */
static void
remove_dead(struct watch *w, int dir, int fd, const char *name)
{
	struct stat st;

	if (!w->desk->read_only && fstat(fd, &st) == 0 &&
	    clock_wall() / 1000 - st.st_mtim.tv_sec > DEAD_AGE_S &&
	    flock(fd, LOCK_SH | LOCK_NB) == 0)
		unlinkat(dir, name, 0);
}

/* Adds the name in a file that somebody holds locked. */
static void
add_other(struct watch *w, int dir, const char *name)
{
	char who[32] = "";
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
		O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return;
	if (w->other_count < WATCH_OTHERS_MAX &&
	    flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK &&
	    (n = read(fd, who, sizeof who - 1)) > 0) {
		who[n] = '\0';
		who[strcspn(who, " \n")] = '\0';
		text_printable(w->others[w->other_count],
			sizeof *w->others, who, strlen(who));
		w->other_count++;
	}
	remove_dead(w, dir, fd, name);
	close(fd);
}

static void
look_for_others(struct watch *w)
{
	int consoles = w->desk->store.spool.dirs[SPOOL_CONSOLES];
	struct error ignored;
	DIR *dir = consoles < 0 ? NULL : fs_open_names(consoles, ".",
		&ignored);
	size_t before_count = w->other_count;
	char before[WATCH_OTHERS_MAX][16];
	const struct dirent *d;

	memcpy(before, w->others, sizeof before);
	memset(w->others, 0, sizeof w->others);
	w->other_count = 0;
	while (dir && fs_next(dir, &d, &ignored) > 0)
		if (d->d_name[0] != '.' &&
		    strcmp(d->d_name, w->presence_name) != 0)
			add_other(w, dirfd(dir), d->d_name);
	if (dir)
		closedir(dir);
	if (before_count != w->other_count ||
	    memcmp(before, w->others, sizeof before) != 0)
		w->desk->dirty = true;
}

static int
add_watch(struct watch *w, const char *name, uint32_t mask)
{
	char *path = xasprintf("%s/%s", w->desk->store.path, name);
	int watch = w->inotify < 0 ? -1 :
		inotify_add_watch(w->inotify, path, mask);

	free(path);
	return watch;
}

void
watch_open(struct watch *w, struct desk *desk)
{
	*w = (struct watch){ .desk = desk, .presence = -1 };
	w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	(void)add_watch(w, "write.lock", IN_MODIFY);
	w->watch_consoles = add_watch(w, "consoles",
		IN_CLOSE_WRITE | IN_DELETE | IN_MODIFY);
	w->watch_lock = add_watch(w, "lock", IN_OPEN | IN_CLOSE_WRITE);
	/* What a connector that is watched does rings nothing of ours. */
	w->ask_until_mono_ms = w->watch_lock < 0 ||
		*desk->settings->foreign_submit ? INT64_MAX : 0;
	say_present(w);
	look_for_others(w);
}

void
watch_close(struct watch *w)
{
	if (w->inotify >= 0)
		close(w->inotify);
	spool_drop_console(&w->desk->store.spool, w->presence_name,
		w->presence);
}

/* What rang: the bell, and whether consoles, or a ccmqd, came or went. */
struct rung {
	bool bell, consoles, lock;
};

static struct rung
what_rang(const struct watch *w)
{
	_Alignas(struct inotify_event) char buf[4096];
	struct rung rung = { .bell = false };
	ssize_t n;

	while ((n = read(w->inotify, buf, sizeof buf)) > 0)
		for (char *p = buf; p < buf + n;) {
			struct inotify_event *e = (struct inotify_event *)p;

			if (e->wd == w->watch_consoles)
				rung.consoles = true;
			else if (e->wd == w->watch_lock)
				rung.lock = true;
			else
				rung.bell = true;
			p += sizeof *e + e->len;
		}
	return rung;
}

/* Whether a ccmqd runs: what rings no bell when it is killed. */
static bool
connector_runs(struct watch *w)
{
	struct error ignored = ERROR_INIT;
	char who[128];

	return spool_ask_lock(&w->desk->store.spool, who, sizeof who,
		&ignored) > 0 && strncmp(who, "ccmqd ", 6) == 0;
}

/* The .und of a connector that is watched: it grows before its entry is whole. */
static int64_t
their_und(const struct watch *w)
{
	const char *path = w->desk->settings->foreign_und;
	struct stat st;

	return *path && stat(path, &st) == 0 ? st.st_size : 0;
}

/* What loops there, or fails alike, stands in no row. */
static bool
found_news(struct watch *w)
{
	struct status_word word;
	bool news;

	if (status_word_read(w->desk->store.spool.lock, &word) <= 0)
		return false;
	news = word.loops != w->loops || word.loop_id != w->loop_id ||
		word.alike != w->alike;
	w->loops = word.loops;
	w->loop_id = word.loop_id;
	w->alike = word.alike;
	return news;
}

/* What changed without a bell: whether a ccmqd runs, and what it watches. */
static void
look_at_connector(struct watch *w)
{
	int64_t und = their_und(w);
	bool runs = connector_runs(w);

	if (found_news(w) || runs != w->connector_ran || und != w->und_bytes)
		w->desk->stale = true;
	w->connector_ran = runs;
	w->und_bytes = und;
}

static void
look_each_second(struct watch *w, int64_t now_mono)
{
	bool around = clock_wall() / LOOK_AROUND_MS != w->looked_around;

	if (around || now_mono < w->ask_until_mono_ms)
		look_at_connector(w);
	/* The minute, the disk, and consoles that died. */
	if (around) {
		w->looked_around = clock_wall() / LOOK_AROUND_MS;
		w->desk->glance = true;
		/* Who comes rings; who is killed does not. */
		if (w->other_count || w->watch_consoles < 0)
			look_for_others(w);
	}
	w->looked_at_mono_ms = now_mono;
}

/* The truth is data_version. False: it cannot be asked. */
static bool
look_at_history(struct watch *w, int64_t now_mono)
{
	struct error err = ERROR_INIT;
	int64_t version;

	if (history_data_version(w->desk->store.history, &version, &err) < 0) {
		desk_fail(w->desk, &err);
		return false;
	}
	if (version != w->data_version) {
		w->desk->stale = true;
		w->changed_at_mono_ms = now_mono;
	}
	w->data_version = version;
	return true;
}

void
watch_look(struct watch *w, bool rings)
{
	struct rung rung = { .bell = false };
	int64_t now = clock_mono_ms(), minute = clock_wall() / CLOCK_MINUTE;
	bool second = now - w->looked_at_mono_ms >= CLOCK_SECOND ||
		minute != w->minute;

	if (rings)
		rung = what_rang(w);
	if (rung.consoles)
		look_for_others(w);
	if (rung.lock) {
		if (w->ask_until_mono_ms < now + LOCK_MS)
			w->ask_until_mono_ms = now + LOCK_MS;
		look_at_connector(w);
	}
	if ((!rung.bell && !second) || !look_at_history(w, now))
		return;
	if (minute != w->minute)
		w->desk->stale = true;
	w->minute = minute;
	if (second)
		look_each_second(w, now);
}
