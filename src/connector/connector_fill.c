/* SPDX-License-Identifier: ISC */
/*
 * connector_fill: an older history's changes are filled in while mail flows, a
 * thousand messages a step, and no more than half of the time; four fifths of it
 * while there is no mail. What stands in the way only delays it; so does a disk
 * that has not the room at which mail would go on, so that it never takes what
 * mail needs. See history_fill.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "history/history_fill.h"

#define STEP 1000
#define AGAIN_MS CLOCK_MINUTE		/* after an error */
#define NO_ROOM_MS (5 * CLOCK_SECOND)

static int
step(struct connector *c, struct error *err)
{
	int n = -1;

	if (store_begin(&c->store, err) == 0)
		n = history_fill(c->store.history, STEP, err);
	if (n > 0 && store_commit(&c->store, err) < 0)
		n = -1;
	store_end(&c->store);
	return n;
}

/* After a step that took so long: others want the store. */
static int64_t
pause_ms(const struct connector *c, int64_t took_ms)
{
	return (connector_any_busy(c) || c->scan ? took_ms : took_ms / 4) + 1;
}

static bool
must_wait(struct connector *c)
{
	int64_t bytes, inodes, least = c->settings.disk_min_free_bytes;
	struct error ignored;
	bool room = !c->disk_low && fs_free(c->store.spool.root, &bytes,
		&inodes, &ignored) == 0 && bytes >= least + least / 2;

	if (!room && !c->fill_waits)
		log_line(LOG_LEVEL_WARNING, "changes of before the upgrade are "
			"told once one and a half times disk.min_free is free");
	c->fill_waits = !room;
	return !room;
}

int
connector_fill(struct connector *c, struct error *err)
{
	int64_t begun = clock_mono_ms(), left = 0;
	int n;

	if (c->filled || c->stopping || begun < c->fill_mono_ms)
		return 0;
	c->fill_mono_ms = begun + AGAIN_MS;
	/* Asked without the lock: mostly there is nothing to do, ever. */
	n = history_fill_left(c->store.history, &left, err);
	c->filled = n == 0 && left == 0;
	if (c->filled)
		return 0;
	if (must_wait(c)) {
		c->fill_mono_ms = begun + NO_ROOM_MS;
		return 0;
	}
	n = n < 0 ? n : step(c, err);
	if (n >= 0)
		c->fill_mono_ms = clock_mono_ms() + pause_ms(c,
			clock_mono_ms() - begun);
	else if (err->code == ERROR_UNKNOWN || err->code == ERROR_REPLACED)
		return -1;
	else
		log_line(LOG_LEVEL_WARNING, "changes of before the upgrade: "
			"%s", err->text);
	return 0;
}
