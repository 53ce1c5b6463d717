/* SPDX-License-Identifier: ISC */
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

#define ASIDE_MAX sizeof ((struct check_rebuilt *)NULL)->aside

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
put_aside(struct spool *spool, char aside[ASIDE_MAX], struct error *err)
{
	char from[64], name[ASIDE_MAX], to[ASIDE_MAX + 16];
	int rc;

	aside_name(spool, name);
	for (size_t i = 0; i < HISTORY_PARTS; i++) {
		snprintf(from, sizeof from, "history.db%s", history_parts[i]);
		snprintf(to, sizeof to, "%s%s", name, history_parts[i]);
		rc = fs_rename(spool->root, from, spool->root, to, err);
		if (rc < 0)
			return -1;
		if (rc == 1)
			return error_set(err, ERROR_STORE, "put %s aside: %s "
				"is there already", from, to);
		if (rc == 0 && i == 0)
			snprintf(aside, ASIDE_MAX, "%s", name);
	}
	return fs_sync(spool->root, spool->path, err);
}

/* The hold of a rebuild, and whether it is whole: then only a person's word is
 * waited for. */
static int
hold(struct store *s, bool whole, int64_t messages, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = -1;

	if (store_begin(s, err) == 0 &&
	    history_connector_get(s->history, &row, err) == 0) {
		row.hold = true;
		row.needs_check = !whole;
		row.hold_at = clock_wall();
		row.hold_until = HISTORY_NO_TIME;
		xstrset(&row.hold_by, STORE_REBUILD);
		xstrset(&row.hold_reason, whole ? "the history was made anew: "
			"look, then resume" : "the history is being made anew "
			"(if cut off: ccmq check --rebuild)");
		if (history_connector_put(s->history, &row, err) == 0 &&
		    (!whole || store_event(s, EVENT_REPAIRED, 0, err, "held: "
			    "the history was made anew from the directories, "
			    "messages: %" PRId64, messages) == 0))
			rc = store_commit(s, err);
	}
	store_end(s);
	history_connector_release(&row);
	return rc;
}

/* Is what lies there a rebuild that was cut off? */
static bool
is_unfinished(const char *file)
{
	struct history_connector row = { 0 };
	struct error ignored = ERROR_INIT;
	struct history *h = history_open(file, HISTORY_READ, &ignored);
	bool is = h && history_check_version(h, &ignored) == 0 &&
		history_connector_get(h, &row, &ignored) == 0 &&
		row.needs_check && row.hold_by &&
		strcmp(row.hold_by, STORE_REBUILD) == 0;

	history_connector_release(&row);
	history_close(h);
	return is;
}

/* With both locks: an empty history in the place of what is there, if that is
 * not one already. What is started in between is held: the ids in `lock` and in
 * the directories are above any that it knows, and the mark says so too. */
static int
begin_anew(struct spool *spool, const char *file, char aside[ASIDE_MAX],
	struct error *err)
{
	if (is_unfinished(file))
		return 0;
	if (spool_set_check_needed(spool, true, err) < 0 ||
	    put_aside(spool, aside, err) < 0 ||
	    history_create(file, clock_wall(), err) < 0)
		return -1;
	return fs_sync(spool->root, spool->path, err);
}

static int
count_all(struct store *s, int64_t *out, struct error *err)
{
	struct history_query q = { 0 };

	return history_count(s->history, &q, out, err);
}

/* A repair of the empty history. */
static int
fill(const struct settings *settings, const struct check_watch *watch,
	struct check_rebuilt *out, struct error *err)
{
	struct store s;
	struct check c;
	int rc = -1;

	if (store_open(&s, settings->store, settings->intake_submit, "ccmq",
	    STORE_WRITE, err) < 0)
		return -1;
	store_use_mail(&s, settings->mail_code_page,
		settings->mail_date_order);
	check_init(&c, &s, watch);
	c.owns_lock = c.rebuild = true;
	if (hold(&s, false, 0, err) == 0)
		out->left = check_mend_and_look(&c, err);
	store_end(&s);
	check_release(&c);
	if (out->left >= 0 && count_all(&s, &out->messages, err) == 0)
		rc = hold(&s, out->left == 0, out->messages, err);
	if (rc == 0 && out->left == 0)
		rc = spool_set_check_needed(&s.spool, false, err);
	store_close(&s);
	return rc;
}

int
check_rebuild(const struct settings *settings,
	const struct check_watch *watch, struct check_rebuilt *out,
	struct error *err)
{
	const char *path = settings->store;
	char *file = xasprintf("%s/history.db", path);
	struct spool spool;
	int rc = -1;

	*out = (struct check_rebuilt){ .left = -1 };
	if (spool_open(&spool, path, settings->intake_submit, true, err) < 0) {
		free(file);
		return -1;
	}
	if (check_take_lock(&spool, err) == 0) {
		if (fs_lock(spool.write_lock, 10000, NULL, NULL, err) != 0)
			error_set(err, ERROR_BUSY, "the store is being "
				"written: try again");
		else
			rc = begin_anew(&spool, file, out->aside, err);
		fs_unlock(spool.write_lock);
		if (rc == 0)
			rc = fill(settings, watch, out, err);
	}
	spool_close(&spool);
	free(file);
	return rc;
}
