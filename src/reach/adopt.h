/* SPDX-License-Identifier: ISC */
/*
 * adopt: from a connector that is watched to one of ours, in the same store
 * (ccmq init --adopt). Nothing of theirs is stopped or configured from here.
 *
 * Order: adopt_watch while nobody has `lock`; then, with the store open and
 * `lock` held, adopt_count, adopt_take, adopt_let_go, adopt_queue. All of it may
 * be repeated after a kill: what is done is left out. What was taken out and not
 * queued yet is known by the reason of its action.
 */
#ifndef CCMQ_ADOPT_H
#define CCMQ_ADOPT_H

#include "base/actor.h"
#include "base/error.h"
#include "base/str.h"
#include "reach/observe.h"
#include "settings/settings.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define ADOPT_CYCLES 3		/* so long nothing may move */

/* Looks at all there is, for that many of its cycles; *works: something moved
 * that only that connector moves. settings are taken over. 0 or -1. */
int adopt_watch(struct settings *settings,
	const struct observer_options *options, bool *works,
	struct error *err);

/* The settings of ours: those of s that are no defaults, without foreign, and,
 * where both are on one file system, with its submit directory. Is it so? */
bool adopt_settings(const struct settings *s, struct str *out);

struct adopt {
	struct store *store;
	const struct actor *actor;
	int64_t waiting, handed, bad;	/* watched: in submit, import, bad */
	int64_t taken;			/* … and not queued yet */
	int64_t refused;		/* could not be taken; the first: */
	int64_t refused_id;
	char *why;			/* freed by the caller */
};

int adopt_count(struct adopt *a, struct error *err);
/* What waits and what was handed over goes into quarantine/. 0 or -1. */
int adopt_take(struct adopt *a, struct error *err);
/* What is in bad, or is there no more, is watched no more. 0 or -1. */
int adopt_let_go(struct adopt *a, struct error *err);
/* What waited goes on into queue/; from here on the store is ours. What was
 * handed over may have been delivered, and stays. 0 or -1. */
int adopt_queue(struct adopt *a, struct error *err);

#endif
