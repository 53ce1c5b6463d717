/* check_rebuild: a lost history made anew from the directories. See check.h. */
#include "work/check_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ASIDE_MAX 96

static const char *const history_parts[] = { "", "-journal", "-wal", "-shm" };
#define HISTORY_PARTS (sizeof history_parts / sizeof *history_parts)

/* What the old history is called, which no part of an older one is. */
static void
aside_name(struct spool *spool, char out[ASIDE_MAX])
{
	char stamp[32], part[ASIDE_MAX + 16];
	time_t now = (time_t)(clock_wall() / 1000);
	struct tm tm;
	bool taken = true;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	snprintf(out, ASIDE_MAX, "history.db.old-%s", stamp);
	for (int n = 2; taken; n++) {
		taken = false;
		for (size_t i = 0; i < HISTORY_PARTS && !taken; i++) {
			snprintf(part, sizeof part, "%s%s", out,
				history_parts[i]);
			taken = faccessat(spool->root, part, F_OK, 0) == 0;
		}
		if (taken)
			snprintf(out, ASIDE_MAX, "history.db.old-%s.%d", stamp,
				n);
	}
}

/* The old history goes aside, with all that belongs to it: what is left of a
 * journal would be played into the new one. */
static int
put_aside(struct spool *spool, struct error *err)
{
	char from[64], aside[ASIDE_MAX], to[ASIDE_MAX + 16];
	int rc;

	aside_name(spool, aside);
	for (size_t i = 0; i < HISTORY_PARTS; i++) {
		snprintf(from, sizeof from, "history.db%s", history_parts[i]);
		snprintf(to, sizeof to, "%s%s", aside, history_parts[i]);
		rc = fs_rename(spool->root, from, spool->root, to, err);
		if (rc < 0)
			return -1;
		if (rc == 1)
			return error_set(err, ERROR_STORE, "put %s aside: %s "
				"is there already", from, to);
	}
	return fs_sync(spool->root, spool->path, err);
}

static int
hold_after_rebuild(struct store *s, int64_t found, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = -1;

	if (store_begin(s, err) == 0 &&
	    history_connector_get(s->history, &row, err) == 0) {
		row.hold = true;
		row.hold_at = clock_wall();
		row.hold_until = HISTORY_NO_TIME;
		xstrset(&row.hold_by, "check --rebuild");
		xstrset(&row.hold_reason, "the history was made anew: look, "
			"then resume");
		if (history_connector_put(s->history, &row, err) == 0 &&
		    store_event(s, EVENT_REPAIRED, 0, err, "the history was "
			    "made anew from the directories: %" PRId64
			    " messages; held", found) == 0)
			rc = store_commit(s, err);
	}
	store_end(s);
	history_connector_release(&row);
	return rc;
}

static void
report_nothing(void *arg, const struct check_finding *f)
{
	(void)arg;
	(void)f;
}

/* With both locks: a new history, filled from the directories. */
static int64_t
fill_anew(const struct settings *settings, struct error *err)
{
	struct store s;
	struct check c = { .store = &s, .owns_lock = true };
	int64_t found = -1, rest;

	if (store_open(&s, settings->store, "ccmq", STORE_WRITE, err) < 0)
		return -1;
	store_use_code_page(&s, settings->mail_code_page);
	if (check_look(&c, err) == 0 && check_mend_all(&c, err) == 0) {
		found = (int64_t)c.file_count;
		store_end(&s);
		if (hold_after_rebuild(&s, found, err) < 0)
			found = -1;
	}
	store_end(&s);
	check_release(&c);
	rest = found < 0 ? -1 : check_run(&s, report_nothing, NULL, err);
	store_close(&s);
	return rest < 0 ? -1 : found;
}

int64_t
check_rebuild(const struct settings *settings, struct error *err)
{
	const char *path = settings->store;
	char *file = xasprintf("%s/history.db", path);
	struct spool spool;
	int64_t found = -1;

	if (spool_open(&spool, path, true, err) < 0) {
		free(file);
		return -1;
	}
	if (check_take_lock(&spool, err) == 0) {
		if (fs_lock(spool.write_lock, 10000, NULL, NULL, err) != 0)
			error_set(err, ERROR_BUSY, "the store is being "
				"written: try again");
		else if (put_aside(&spool, err) == 0 &&
		    history_create(file, clock_wall(), err) == 0 &&
		    fs_sync(spool.root, path, err) == 0)
			found = 0;
		fs_unlock(spool.write_lock);
		if (found == 0)
			found = fill_anew(settings, err);
	}
	spool_close(&spool);
	free(file);
	return found;
}
