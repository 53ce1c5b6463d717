/*
 * app_watch: notices that the store changed (the bell, and a look at
 * data_version a second), and who else has a console open: each that may
 * write holds a locked file in consoles/, named by its process, which holds
 * the operator's name. A file that nobody locks is a dead one's.
 */
#include "app/app.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#define LOOK_AROUND_MS (10 * CLOCK_SECOND)

static void
say_present(struct app *app)
{
	int dir = app->store.spool.dirs[SPOOL_CONSOLES];

	if (app->read_only || dir < 0)
		return;
	snprintf(app->presence_name, sizeof app->presence_name, "%ld",
		(long)getpid());
	app->presence = openat(dir, app->presence_name, O_RDWR | O_CREAT |
		O_NOFOLLOW | O_CLOEXEC | O_TRUNC, 0660);
	if (app->presence < 0)
		return;
	/* Nobody else has this file: a lock that fails is no harm. */
	(void)flock(app->presence, LOCK_EX | LOCK_NB);
	/* Without a name in it nobody sees us: no more harm than that. */
	(void)!write(app->presence, app->actor.by, strlen(app->actor.by));
}

/* Adds the name in a file that somebody holds locked. */
static void
add_other(struct app *app, int dir, const char *name)
{
	char who[32] = "";
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
		O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return;
	if (app->other_count < APP_OTHERS_MAX &&
	    flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK &&
	    (n = read(fd, who, sizeof who - 1)) > 0) {
		who[n] = '\0';
		who[strcspn(who, " \n")] = '\0';
		text_printable(app->others[app->other_count],
			sizeof *app->others, who, strlen(who));
		app->other_count++;
	}
	close(fd);
}

static void
look_for_others(struct app *app)
{
	int fd = app->store.spool.dirs[SPOOL_CONSOLES] < 0 ? -1 :
		openat(app->store.spool.dirs[SPOOL_CONSOLES], ".",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;

	app->other_count = 0;
	app->dirty = true;
	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.' &&
		    strcmp(d->d_name, app->presence_name) != 0)
			add_other(app, fd, d->d_name);
	if (dir)
		closedir(dir);
}

static int
add_watch(struct app *app, const char *name, uint32_t mask)
{
	char *path = xasprintf("%s/%s", app->store.path, name);
	int watch = app->inotify < 0 ? -1 :
		inotify_add_watch(app->inotify, path, mask);

	free(path);
	return watch;
}

void
app_watch_open(struct app *app)
{
	app->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	app->watch = add_watch(app, "write.lock", IN_MODIFY);
	app->watch_consoles = add_watch(app, "consoles",
		IN_CLOSE_WRITE | IN_DELETE | IN_MODIFY);
	say_present(app);
	look_for_others(app);
}

void
app_watch_close(struct app *app)
{
	if (app->inotify >= 0)
		close(app->inotify);
	if (app->presence >= 0) {
		unlinkat(app->store.spool.dirs[SPOOL_CONSOLES],
			app->presence_name, 0);
		close(app->presence);
	}
}

/* What rang: the bell, and whether consoles came or went. */
static bool
bell_rang(struct app *app, bool *consoles_out)
{
	_Alignas(struct inotify_event) char buf[4096];
	bool rang = false;
	ssize_t n;

	while (app->inotify >= 0 && (n = read(app->inotify, buf,
	    sizeof buf)) > 0)
		for (char *p = buf; p < buf + n;) {
			struct inotify_event *e = (struct inotify_event *)p;

			if (e->wd == app->watch_consoles)
				*consoles_out = true;
			else
				rang = true;
			p += sizeof *e + e->len;
		}
	return rang;
}

/* Whether a ccmqd runs: what nobody rings a bell for when it is killed. */
static bool
connector_runs(struct app *app)
{
	struct error ignored = ERROR_INIT;
	char who[128];

	return spool_ask_lock(&app->store.spool, who, sizeof who,
		&ignored) > 0 && strncmp(who, "ccmqd ", 6) == 0;
}

/* Each second: what changed without a bell. */
static void
look_each_second(struct app *app, int64_t now_mono)
{
	int64_t now = clock_wall();
	bool runs = connector_runs(app);

	if (runs != app->connector_ran)
		app->stale = true;
	app->connector_ran = runs;
	/* The minute, the disk, and consoles that died. */
	if (now / LOOK_AROUND_MS != app->looked_around) {
		app->looked_around = now / LOOK_AROUND_MS;
		app->stale = true;
		look_for_others(app);
	}
	app->looked_at_mono_ms = now_mono;
}

void
app_watch_look(struct app *app)
{
	struct error err = ERROR_INIT;
	int64_t now = clock_mono_ms(), version;
	bool consoles = false, rang = bell_rang(app, &consoles);
	bool second = now - app->looked_at_mono_ms >= CLOCK_SECOND ||
		clock_wall() / CLOCK_MINUTE != app->minute;

	if (consoles)
		look_for_others(app);
	if (!rang && !second)
		return;
	if (history_data_version(app->store.history, &version, &err) < 0) {
		app_fail(app, &err);
		return;
	}
	if (version != app->data_version)
		app->stale = true;
	app->data_version = version;
	if (clock_wall() / CLOCK_MINUTE != app->minute)
		app->stale = true;
	app->minute = clock_wall() / CLOCK_MINUTE;
	if (second)
		look_each_second(app, now);
}
