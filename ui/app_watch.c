/*
 * app_watch: notices that the store changed (the bell, and a look at
 * data_version a second), and who else has a console open: each that may
 * write holds a locked file in consoles/, named by its process, which holds
 * the operator's name. A file that nobody locks is a dead one's.
 */
#include "app.h"
#include "clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

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
	if (write(app->presence, app->actor.by, strlen(app->actor.by)) < 0)
		app->others[0] = '\0';
}

/* Adds the name in a file that somebody holds locked. */
static void
add_other(struct app *app, int dir, const char *name)
{
	char who[32] = "", line[96];
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
		O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return;
	if (flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK &&
	    (n = read(fd, who, sizeof who - 1)) > 0) {
		who[n] = '\0';
		who[strcspn(who, " \n")] = '\0';
		snprintf(line, sizeof line, "%s%.10s",
			*app->others ? ", " : "", who);
		strncat(app->others, line, sizeof app->others -
			strlen(app->others) - 1);
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

	app->others[0] = '\0';
	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.' &&
		    strcmp(d->d_name, app->presence_name) != 0)
			add_other(app, fd, d->d_name);
	if (dir)
		closedir(dir);
}

void
app_watch_open(struct app *app)
{
	char path[4096];

	app->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	snprintf(path, sizeof path, "%s/write.lock", app->store.path);
	if (app->inotify >= 0)
		app->watch = inotify_add_watch(app->inotify, path, IN_MODIFY);
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

static bool
bell_rang(struct app *app)
{
	char buf[4096];
	bool rang = false;

	while (app->inotify >= 0 && read(app->inotify, buf, sizeof buf) > 0)
		rang = true;
	return rang;
}

void
app_watch_look(struct app *app)
{
	struct error err = ERROR_INIT;
	int64_t now = clock_mono_ms(), version;
	bool rang = bell_rang(app);

	if (!rang && now - app->looked_at_mono_ms < CLOCK_SECOND)
		return;
	if (history_data_version(app->store.history, &version, &err) < 0) {
		app_fail(app, &err);
		return;
	}
	if (version != app->data_version || rang)
		app->stale = true;
	app->data_version = version;
	if (now - app->looked_at_mono_ms < CLOCK_SECOND)
		return;
	app->looked_at_mono_ms = now;
	look_for_others(app);
	/* What changes without a write: the lock, the disk, the minute. */
	app->stale = true;
}
