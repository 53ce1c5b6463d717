/* SPDX-License-Identifier: ISC */
/*
 * connector_moves: open moves that wait for company, so that one fsync serves
 * them; and those that cannot be carried out. See connector.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define SETTLE_MOVES 128
#define SETTLE_MS 200
#define STUCK_MS CLOCK_SECOND		/* doubling up to … */
#define STUCK_CAP_MS (5 * CLOCK_MINUTE)
#define STUCK_NAMES_MAX 1000	/* then it is submit/ itself */

void
connector_note_move(struct connector *c, const struct history_message *m)
{
	if (m->move_to && c->moves_open++ == 0)
		c->settle_mono_ms = clock_mono_ms() + SETTLE_MS;
}

/* There are some that are marked, by whomever. */
static void
try_soon(struct connector *c)
{
	if (c->stuck_pause_ms)
		return;
	c->stuck_pause_ms = STUCK_MS;
	c->stuck_mono_ms = clock_mono_ms() + STUCK_MS;
}

int
connector_settle(struct connector *c, bool now, struct error *err)
{
	struct store_moves moves = { 0 };
	int n = history_moves_open(c->store.history, SETTLE_MOVES, err);

	if (n < 0)
		return -1;
	c->moves_open = n;
	if (n == 0 || (!now && n < SETTLE_MOVES &&
	    clock_mono_ms() < c->settle_mono_ms))
		return 0;
	if (store_finish_moves(&c->store, &moves, err) < 0)
		return -1;
	c->moves_open = 0;
	c->stuck_since += moves.stuck;
	if (moves.stuck)
		try_soon(c);
	return 1;
}

int
connector_settle_many(struct connector *c, struct error *err)
{
	if (c->moves_open <= SETTLE_MOVES)
		return 0;
	return store_begin(&c->store, err) < 0 ||
		connector_settle(c, true, err) < 0 ||
		store_commit(&c->store, err) < 0 ? -1 : 0;
}

/* --- moves that are marked ---------------------------------------------- */

static int
try_stuck(struct connector *c, struct store_moves *moves, struct error *err)
{
	if (store_begin(&c->store, err) < 0 ||
	    store_try_stuck(&c->store, moves, err) < 0)
		return -1;
	return moves->done + moves->lost ? store_commit(&c->store, err) : 0;
}

int
connector_try_stuck(struct connector *c, struct error *err)
{
	struct store_moves moves = { 0 };
	int rc;

	if (!c->stuck_pause_ms || clock_mono_ms() < c->stuck_mono_ms)
		return 0;
	rc = try_stuck(c, &moves, err);
	store_end(&c->store);
	if (rc < 0)
		return -1;
	c->wake = c->wake || moves.done > 0;
	c->stuck_pause_ms = moves.stuck ? c->stuck_pause_ms * 2 : 0;
	if (c->stuck_pause_ms > STUCK_CAP_MS)
		c->stuck_pause_ms = STUCK_CAP_MS;
	c->stuck_mono_ms = clock_mono_ms() + c->stuck_pause_ms;
	return 0;
}

int
connector_list_stuck(struct connector *c, struct error *err)
{
	struct history_message m;
	size_t cap = c->stuck_count;
	int64_t last = 0;
	int rc = 0;

	while (c->stuck_count > 0)
		free(c->stuck_names[--c->stuck_count]);
	while (c->stuck_count < STUCK_NAMES_MAX && (rc = history_moves(
	    c->store.history, true, last, 1, &m, err)) > 0) {
		last = m.id;
		try_soon(c);
		if (strcmp(m.move_from, "submit") == 0) {
			xgrow(&c->stuck_names, &cap, c->stuck_count + 1,
				sizeof *c->stuck_names, STUCK_NAMES_MAX);
			c->stuck_names[c->stuck_count++] =
				xstrdup(m.true_name);
		}
		history_message_release(&m);
	}
	c->stuck_since = 0;
	return rc < 0 ? -1 : 0;
}

bool
connector_submit_stands(const struct connector *c)
{
	return (int)c->stuck_count + c->stuck_since >= STUCK_NAMES_MAX;
}

bool
connector_is_stuck(const struct connector *c, const char *name)
{
	for (size_t i = 0; i < c->stuck_count; i++)
		if (strcmp(c->stuck_names[i], name) == 0)
			return true;
	return false;
}

int
connector_hold_if_marked(struct connector *c, struct history_connector *row,
	struct error *err)
{
	if (row->needs_check || !spool_check_needed(&c->store.spool))
		return 0;
	return store_hold_for_check(&c->store, row, "it is not known what a "
		"failed write left on disk: run ccmq check", err) < 0 ? -1 : 1;
}
