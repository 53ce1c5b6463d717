/* SPDX-License-Identifier: ISC */
/* errand: see errand.h for the contract. */
#include "app/errand.h"
#include "app/says.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 30		/* for the lock, each time */

void
errand_begin(struct desk *desk, struct errand *e)
{
	assert(!desk->errand);
	desk->errand = e;
	desk->dirty = true;
	snprintf(desk->errand_words, sizeof desk->errand_words,
		says_under_way, e->verb);
}

void
errand_free(struct desk *desk)
{
	struct errand *e = desk->errand;

	if (e && e->release)
		e->release(e);
	free(e);
	desk->errand = NULL;
}

void
errand_give_up(struct desk *desk)
{
	desk->errand->given_up = true;
}

/* The lock is somebody else's: another turn. */
static bool
on_waiting(void *arg, const char *holder)
{
	struct desk *desk = arg;
	char who[64];

	text_printable(who, sizeof who, holder, strlen(holder));
	snprintf(desk->errand_words, sizeof desk->errand_words, says_waiting,
		who);
	return false;
}

/* Without a connector nobody has recovered yet. */
static int
recover(struct desk *desk, struct error *err)
{
	char who[128];
	int rc = spool_take_lock(&desk->store.spool, "ccmq", who, sizeof who,
		err);

	if (rc != 0)
		return rc < 0 ? -1 : 1;
	rc = operations_recover(&desk->store, desk->settings, err);
	spool_drop_lock(&desk->store.spool);
	if (rc < 0)
		store_end(&desk->store);
	return rc < 0 ? -1 : 1;
}

static int
piece(struct errand *e, struct desk *desk, struct error *err)
{
	int rc;

	if (e->given_up) {
		rc = e->give_up ? e->give_up(e, desk, err) : 0;
		if (rc == 0)
			desk_note(desk, says_nothing_done);
		return rc;
	}
	if (e->recovered)
		return e->piece(e, desk, err);
	rc = recover(desk, err);
	e->recovered = rc > 0;
	return rc;
}

void
errand_step(struct desk *desk)
{
	struct errand *e = desk->errand;
	struct error err = ERROR_INIT;
	int rc;

	if (!e)
		return;
	desk->store.waiting = on_waiting;
	desk->store.waiting_arg = desk;
	desk->store.waiting_ms = WAIT_MS;
	rc = piece(e, desk, &err);
	desk->store.waiting = NULL;
	desk->dirty = true;
	if (rc > 0 || (rc < 0 && err.code == ERROR_STOPPED))
		return;
	if (rc < 0)
		desk_fail(desk, &err);
	desk->stale = true;
	errand_free(desk);
}
