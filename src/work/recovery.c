/* SPDX-License-Identifier: ISC */
/*
 * recovery: after a crash, or before a verb while no connector
 * runs. Finishes open moves, ends open attempts as interrupted, removes the
 * working copies. Nothing else. See operations.h.
 */
#include "work/operations.h"
#include "base/clock.h"
#include "base/files.h"
#include "work/outcome.h"
#include "base/text.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define LANES_MAX 16

static char *
lane_und_path(const struct store *s, const struct settings *settings, int lane)
{
	char *dir = lane == 1 ? xasprintf("%s/import", s->path) :
		xasprintf("%s/import/%d", s->path, lane);
	char *path = und_account_path(settings->und_path, dir);

	free(dir);
	return path;
}

/* One attempt nobody saw the end of. */
static int
interrupt(struct store *s, const struct settings *settings,
	struct history_attempt *a, bool several, struct error *err)
{
	struct outcome_facts facts = {
		.end = POLICY_END_INTERRUPTED, .und_reason = "",
		.several = several,
	};
	struct history_connector row = { 0 };
	struct history_message m = { 0 };
	enum policy_note note;
	char reason[81];
	char *path;
	int rc;

	a->ended_at = clock_wall();
	a->took_ms = a->ended_at - a->started_at;
	if (a->took_ms < 0)
		a->took_ms = 0;
	rc = history_message_get(s->history, a->message, &m, err);
	if (rc < 0)
		return -1;
	if (rc == 0 || m.state != STATE_IMPORTING) {
		free(a->class);
		a->class = xstrdup(class_word(CLASS_INTERRUPTED));
		rc = history_attempt_end(s->history, a, err);
		history_message_release(&m);
		return rc;
	}
	path = lane_und_path(s, settings, a->lane);
	rc = und_account_measure(s, a->lane, path, a, reason, err);
	free(path);
	facts.und_reason = reason;
	if (getrandom(&facts.random, sizeof facts.random, 0) < 0)
		facts.random = (uint64_t)a->ended_at;
	if (rc == 0 && history_connector_get(s->history, &row, err) < 0)
		rc = -1;
	if (rc == 0)
		rc = outcome_record(s, settings, &row, &m, a, &facts, &note,
			err);
	if (rc == 0)
		rc = history_connector_put(s->history, &row, err);
	history_connector_release(&row);
	history_message_release(&m);
	return rc;
}

static int
end_attempts(struct store *s, const struct settings *settings,
	struct error *err)
{
	struct history_attempt a;
	int64_t after = 0;
	int rc, open;

	if (store_begin(s, err) < 0)
		return -1;
	/* Of several nobody knows which one it was: none is counted. */
	open = history_attempts_open(s->history, 2, err);
	if (open < 0)
		return -1;
	while ((rc = history_attempt_open(s->history, after, &a, err)) > 0) {
		after = a.id;
		rc = interrupt(s, settings, &a, open > 1, err);
		history_attempt_release(&a);
		if (rc < 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	return store_commit(s, err);
}

static int
empty_import(struct store *s, struct error *err)
{
	int import = s->spool.dirs[SPOOL_IMPORT];
	char name[16];
	int fd, rc;

	if (spool_remove_copies(import, true, err) < 0)
		return -1;
	for (int lane = 2; lane <= LANES_MAX; lane++) {
		struct error ignored;

		snprintf(name, sizeof name, "%d", lane);
		fd = fs_open_dir(import, name, &ignored);
		if (fd < 0)
			continue;
		rc = spool_remove_copies(fd, true, err);
		close(fd);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
finish_moves(struct store *s, struct error *err)
{
	struct store_moves moves = { 0 };
	int rc = -1;

	if (store_begin(s, err) == 0 &&
	    store_finish_moves(s, &moves, err) == 0)
		rc = store_commit(s, err);
	store_end(s);
	return rc;
}

int
operations_recover(struct store *s, const struct settings *settings,
	struct error *err)
{
	char *path;
	int rc;

	if (finish_moves(s, err) < 0)
		return -1;
	rc = end_attempts(s, settings, err);
	store_end(s);
	if (rc < 0)
		return -1;
	for (int lane = 1; lane <= (int)settings->import_lanes; lane++) {
		path = lane_und_path(s, settings, lane);
		rc = und_account_recover(s, lane, path, err);
		free(path);
		if (rc < 0)
			return -1;
	}
	/* An interrupted message may have come to failed: its move. */
	if (finish_moves(s, err) < 0)
		return -1;
	return empty_import(s, err);
}
