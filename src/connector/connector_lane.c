/* SPDX-License-Identifier: ISC */
/*
 * connector_lane: lanes, what they have in hand, and what an earlier attempt
 * left in them. See connector_private.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/und_account.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLEAR_MS 50			/* doubling up to … */
#define CLEAR_CAP_MS (30 * CLOCK_SECOND)
#define TELL_MS (2 * CLOCK_SECOND)	/* a pause that long is worth an event */

int
lane_count_in(const struct lane *lane, enum hand_state state)
{
	int n = 0;

	for (int i = 0; i < lane->count; i++)
		n += lane->hand[i]->state == state;
	return n;
}

int
lane_in_hand(const struct lane *lane)
{
	return lane->count - lane_count_in(lane, HAND_WRITTEN);
}

bool
lane_is_occupied(const struct lane *lane)
{
	return lane_in_hand(lane) > 0;
}

bool
connector_any_busy(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++)
		if (lane_is_occupied(&c->lanes[i]))
			return true;
	return false;
}

struct in_hand *
lane_add(struct lane *lane)
{
	struct in_hand *h = xcalloc(1, sizeof *h);

	assert(lane->count < HAND_MAX);
	h->facts.und_reason = "";
	lane->hand[lane->count++] = h;
	return h;
}

void
lane_remove(struct lane *lane, int i)
{
	struct in_hand *h = lane->hand[i];

	history_message_release(&h->message);
	history_message_release(&h->after);
	history_attempt_release(&h->attempt);
	free(h);
	memmove(lane->hand + i, lane->hand + i + 1,
		(size_t)(--lane->count - i) * sizeof *lane->hand);
}

static int
open_lane(struct connector *c, int number, struct error *err)
{
	struct lane *lane = &c->lanes[number - 1];
	int import = c->store.spool.dirs[SPOOL_IMPORT];
	char name[16];

	memset(lane, 0, sizeof *lane);
	lane->number = number;
	lane->dirfd = -1;
	snprintf(name, sizeof name, "%d", number);
	if (number > 1 && fs_make_dir(import, name, 02770, err) < 0)
		return -1;
	lane->dirfd = fs_open_dir(import, number > 1 ? name : ".", err);
	if (lane->dirfd < 0)
		return -1;
	lane->dir = number > 1 ? xasprintf("%s/import/%s", c->store.path,
		name) : xasprintf("%s/import", c->store.path);
	lane->und_path = und_account_path(c->settings.und_path, lane->dir);
	lane->importer = c->options.importer->open(
		c->store.spool.dirs[SPOOL_LANES], number, err);
	return lane->importer ? 0 : -1;
}

void
lane_forget_spares(struct lane *lane)
{
	lane->spare_files = 0;
	while (lane->spare_count > 0)
		free(lane->spare_dirs[--lane->spare_count].name);
}

static void
close_lane(struct connector *c, struct lane *lane)
{
	struct error ignored;

	if (lane->spare_files + lane->spare_count > 0)
		spool_remove_copies(lane->dirfd, true, &ignored);
	lane_forget_spares(lane);
	if (lane->importer)
		c->options.importer->close(lane->importer);
	if (lane->dirfd >= 0)
		close(lane->dirfd);
	while (lane->count > 0)
		lane_remove(lane, lane->count - 1);
	und_ahead_free(lane->ahead);
	str_release(&lane->asks);
	str_release(&lane->answers);
	free(lane->dir);
	free(lane->und_path);
	memset(lane, 0, sizeof *lane);
	lane->dirfd = -1;
}

int
connector_open_lanes(struct connector *c, struct error *err)
{
	int n = (int)c->settings.import_lanes;

	assert(n <= CONNECTOR_LANES_MAX);
	for (c->lane_count = 0; c->lane_count < n; c->lane_count++)
		if (open_lane(c, c->lane_count + 1, err) < 0) {
			close_lane(c, &c->lanes[c->lane_count]);
			return -1;
		}
	return 0;
}

void
connector_close_lanes(struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++)
		close_lane(c, &c->lanes[i]);
	c->lane_count = 0;
}

void
lane_stop(struct connector *c, struct lane *lane, enum stop_why why)
{
	if (!lane->started)
		return;
	if (!lane->stop)
		lane->stop = why;
	c->options.importer->stop(lane->importer);
}

/* --- what an earlier attempt left --------------------------------------- */

void
lane_block(struct lane *lane, bool unusable, const struct error *why)
{
	lane->blocked = true;
	lane->unusable = unusable;
	snprintf(lane->why, sizeof lane->why, "%.*s",
		(int)sizeof lane->why - 1, why->text);
}

static int
tell_blocked(struct connector *c, struct lane *lane, struct error *err)
{
	if (lane->blocked_told || lane->clear_pause_ms < TELL_MS)
		return 0;
	lane->blocked_told = true;
	if (store_begin(&c->store, err) < 0 ||
	    store_event(&c->store, EVENT_LANE, 0, err, "lane %d stands: %s",
		    lane->number, lane->why) < 0 || store_commit(&c->store, err) < 0)
		return -1;
	return 0;
}

/* It is free: nothing of before is left in its directory, either. */
static void
unblock(struct connector *c, struct lane *lane)
{
	struct error err = ERROR_INIT;

	lane_forget_spares(lane);
	if (spool_remove_copies(lane->dirfd, true, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "lane %d: %s", lane->number,
			err.text);
	lane->blocked = lane->blocked_told = false;
	lane->clear_pause_ms = 0;
	c->wake = true;
}

static int
clear_lane(struct connector *c, struct lane *lane, struct error *err)
{
	struct error why = ERROR_INIT;
	int killed = 0, rc;

	rc = c->options.importer->clear_lane(lane->importer, &killed, &why);
	if (killed)
		log_line(LOG_LEVEL_WARNING, "the import program left something "
			"running in lane %d: %d killed", lane->number, killed);
	if (rc > 0) {
		if (lane->blocked)
			unblock(c, lane);
		return 0;
	}
	lane_block(lane, rc < 0, &why);
	lane->clear_pause_ms = lane->clear_pause_ms ?
		lane->clear_pause_ms * 2 : CLEAR_MS;
	if (lane->clear_pause_ms > CLEAR_CAP_MS)
		lane->clear_pause_ms = CLEAR_CAP_MS;
	lane->clear_mono_ms = clock_mono_ms() + lane->clear_pause_ms;
	rc = tell_blocked(c, lane, err);
	store_end(&c->store);
	return rc;
}

int
connector_clear_lanes(struct connector *c, struct error *err)
{
	int64_t now = clock_mono_ms();

	for (int i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];

		if (lane->started ||
		    (lane->blocked && now < lane->clear_mono_ms))
			continue;
		if (clear_lane(c, lane, err) < 0)
			return -1;
	}
	return 0;
}
