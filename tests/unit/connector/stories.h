/* SPDX-License-Identifier: ISC */
/*
 * stories: what operators met, told to the connector of fixture.h by a clock
 * that jumps: each ends in a store that looks the same every time, at one
 * moment, with the connector running on it. One row a verdict that the
 * connector itself brings about; those of data/demo/incident.sh have its names.
 */
#ifndef UNIT_CONNECTOR_STORIES_H
#define UNIT_CONNECTOR_STORIES_H

#include "unit/connector/fixture.h"
#include "store/verdict.h"

/* Tuesday, 10 March 2026, 14:02:30 in CET: when each of them ends. */
#define STORY_END INT64_C(1773147750000)
#define STORY_FREE (UINT64_C(4400) << 20)	/* bytes of the disk */

struct story {
	const char *name;
	enum verdict_kind verdict;
	void (*tell)(struct fixture *f);
	const char *settings;		/* what a settings file says of it, too */
};

extern const struct story stories[];
extern const size_t story_count;

const struct story *story_find(const char *name);	/* or NULL */

/* In f->dir, which is not there yet. */
void story_tell(struct fixture *f, const struct story *story);
/* What operators do outside: from now on all that is imported passes, the
 * disk has room, nothing foreign is left. */
void story_mend(struct fixture *f);
/* Up to so long before the end, a second at a time; at once if that is past. */
void story_pass(struct fixture *f, int64_t before_end_ms);

#endif
