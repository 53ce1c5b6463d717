/* SPDX-License-Identifier: ISC */
/*
 * connector_jobs: a job whose holder is gone is carried on by ccmqd, one at a
 * time, a turn of it a turn of ours. See jobs.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/log.h"
#include "work/jobs.h"

#include <inttypes.h>

#define LOOK_MS (5 * CLOCK_SECOND)
#define OPEN_MAX 20

/* Takes the first one whose lock is free, or what a holder left that died when
 * it was over. 1 took it, 0, -1. */
static int
take_orphan(struct connector *c, struct error *err)
{
	struct history_action rows[OPEN_MAX];
	int64_t id;
	int n = history_jobs_open(c->store.history, 0, rows, OPEN_MAX, err);

	for (int i = 0; i < n; i++) {
		bool wanted = rows[i].job_auto ||
			rows[i].job_state[0] != 'p';	/* paused by a person */

		if (!c->job && wanted) {
			c->job_lock = jobs_take(&c->store, rows[i].id, err);
			if (c->job_lock >= 0)
				c->job = rows[i].id;
		}
		history_action_release(&rows[i]);
	}
	if (n >= 0 && !c->job && (c->job_lock = jobs_take_left(&c->store,
	    &id)) >= 0)
		c->job = id;
	return n < 0 ? -1 : c->job != 0;
}

void
connector_drop_job(struct connector *c)
{
	if (c->job)
		jobs_drop(&c->store, c->job, c->job_lock);
	c->job = 0;
}

int
connector_turn_job(struct connector *c, struct error *err)
{
	int64_t wait_ms = LOOK_MS;
	int rc;

	if (c->stopping || c->once_at || clock_mono_ms() < c->job_mono_ms)
		return 0;
	if (!c->job && take_orphan(c, err) < 0)
		return -1;
	if (c->job) {
		rc = jobs_turn(&c->store, c->job, &wait_ms, err);
		if (rc < 0 && !c->job_failed)
			log_line(LOG_LEVEL_ERROR, "job %" PRId64 ": %s",
				c->job, err->text);
		c->job_failed = rc < 0;
		if (rc <= 0)
			connector_drop_job(c);
		c->wake = true;
	}
	c->job_mono_ms = clock_mono_ms() + wait_ms;
	return 0;
}
