/* SPDX-License-Identifier: ISC */
/* duty: see duty.h for the contract. */
#include "work/duty.h"
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOCK_WAIT_MS (5 * CLOCK_SECOND)	/* for who is done soon */

/* Another ccmqd stays. A ccmq is done soon; and so is what a ccmqd that was
 * killed had just started: until its exec that has the lock, too. */
static bool
will_stay(const char *program, const char *who)
{
	size_t len = strlen(program);
	long pid;

	if (strncmp(who, program, len) != 0 || who[len] != ' ')
		return false;
	pid = strtol(who + len, NULL, 10);
	return pid <= 0 || kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

int
duty_take_lock(struct store *s, const char *program, struct error *err)
{
	int64_t until = clock_mono_ms() + LOCK_WAIT_MS;
	struct timespec pause = { 0, 50000000 };
	char who[128];
	int rc;

	for (;;) {
		rc = spool_take_lock(&s->spool, program, who,
			sizeof who, err);
		if (rc <= 0)
			return rc;
		if (will_stay(program, who) || clock_mono_ms() >= until)
			break;
		nanosleep(&pause, NULL);
	}
	return error_set(err, ERROR_BUSY, "%s is held by %s", s->path,
		*who ? who : "another connector");
}

static int
highest_file(struct store *s, int64_t *out, struct error *err)
{
	int64_t id;

	*out = 0;
	for (int d = 0; d < SPOOL_DIR_COUNT; d++) {
		if (!SPOOL_HOLDS_MESSAGES(d))
			continue;
		if (spool_highest_id(&s->spool, (enum spool_dir)d, &id,
		    err) < 0)
			return -1;
		if (id > *out)
			*out = id;
	}
	return 0;
}

static int
hold_old_history(struct store *s, int64_t found, int64_t highest,
	struct error *err)
{
	struct history_connector row = { 0 };
	int rc = history_connector_get(s->history, &row, err);

	if (rc == 0 && !row.needs_check)
		rc = store_event(s, EVENT_OLD_HISTORY, 0, err, "id %"
			PRId64 " was given, this history gave %" PRId64 " at "
			"most: an old one was restored? Nothing is taken in "
			"and nothing starts before ccmq check --repair", found,
			highest);
	if (rc == 0)
		rc = store_hold_for_check(s, &row, "an old history "
			"was restored: run ccmq check --repair", err);
	history_connector_release(&row);
	return rc;
}

/* Ids in use above any that the history knows of: it is an old one that was
 * restored. Ids that were given and never used (a crash in between) are passed
 * over without a word. */
int
duty_check_ids(struct store *s, struct error *err)
{
	struct spool_ids ids;
	int64_t highest, found;
	int rc = -1;

	spool_read_ids(&s->spool, &ids);
	if (highest_file(s, &found, err) < 0)
		return -1;
	if (found < ids.committed)
		found = ids.committed;
	if (store_begin(s, err) == 0 &&
	    history_highest_id(s->history, &highest, err) == 0) {
		rc = found > highest ? hold_old_history(s, found, highest,
			err) : highest < ids.given ? history_set_highest_id(
			s->history, ids.given, err) : 0;
		if (rc == 0)
			rc = store_commit(s, err);
	}
	store_end(s);
	return rc;
}
