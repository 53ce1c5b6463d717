/* SPDX-License-Identifier: ISC */
/* verb_page_then: what follows from it, and what can be undone. See
 * verb_page.h. */
#include "base/clock.h"
#include "base/text.h"
#include "prompt/verb_page_private.h"

#include <inttypes.h>
#include <stdio.h>

/* "12 s", "8 min", "3 h". */
static const char *
span(char out[TEXT_NUMBER_MAX], int64_t ms)
{
	if (ms < 2 * CLOCK_MINUTE)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 " s",
			(ms + 999) / 1000);
	else if (ms < 2 * CLOCK_HOUR)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 " min",
			(ms + CLOCK_MINUTE / 2) / CLOCK_MINUTE);
	else
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 " h",
			(ms + CLOCK_HOUR / 2) / CLOCK_HOUR);
	return out;
}

static const char *
waits(const struct verb_page *p)
{
	return p->able == 1 ? "It waits" : "They wait";
}

static void
then_queue(const struct verb_page *p, const struct verb_page_world *world,
	struct str *out)
{
	int64_t lanes = world->lanes > 0 ? world->lanes : 1;
	char total[TEXT_NUMBER_MAX];
	int64_t all_ms = p->able * world->took_ms / lanes;

	if (p->able > 1 && all_ms >= CLOCK_SECOND)
		str_addf(out, "Takes about %s. ", span(total, all_ms));
	switch (world->connector) {
	case STATUS_RUNNING:
	case STATUS_DRAINING:
		str_add(out, "What fails again comes back to Failed.");
		break;
	case STATUS_WATCHES:
		str_add(out, "Given back into the submit directory of the "
			"connector that is watched; no name there is replaced.");
		break;
	case STATUS_STOPPED:
		str_addf(out, "%s until a connector runs: systemctl start "
			"ccmqd.", waits(p));
		break;
	case STATUS_HELD:
		str_addf(out, "%s until the hold ends (c r).", waits(p));
		break;
	case STATUS_TRIPPED:
		str_addf(out, "%s until a test passes (c t): the connector "
			"has tripped.", waits(p));
		break;
	}
}

static void
then_purge(const struct verb_page *p, const struct verb_page_world *world,
	struct str *out)
{
	char size[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];
	bool one = p->able == 1;

	text_size_words(size, (uint64_t)p->bytes);
	if (p->for_good) {
		str_addf(out, "FOR GOOD: the file%s removed, which frees %s of "
			"disk now.", one ? " is" : "s are", size);
		return;
	}
	str_addf(out, "%s to the trash. That frees no disk: %s are freed "
		"when the trash is emptied, ", one ? "It goes" : "They go",
		size);
	if (world->keep_trash_ms > 0)
		str_addf(out, "by itself from %s on, or at once by X in "
			"Trash.", text_time(at, world->now +
				world->keep_trash_ms, world->now));
	else
		str_add(out, "within minutes: keep.trash is 0.");
}

void
verb_page_add_then(const struct verb_page *p,
	const struct verb_page_world *world, struct str *out)
{
	char n[TEXT_NUMBER_MAX];

	switch (p->verb) {
	case VERB_RETRY:
	case VERB_RELEASE:
		then_queue(p, world, out);
		break;
	case VERB_PURGE:
		then_purge(p, world, out);
		break;
	case VERB_QUARANTINE:
		if (p->theirs) {
			str_add(out, "Taken out of the connector that is "
				"watched, and kept here. Its service should "
				"be stopped while that is done.");
			break;
		}
		str_add(out, p->able == 1 ? "It is not tried until someone "
			"releases it (r in Quarantine)." : "They are not tried "
			"until someone releases them (r in Quarantine).");
		break;
	case VERB_RESTORE:
		str_add(out, p->able == 1 ? "It goes back to where it was "
			"purged from." : "They go back to where they were "
			"purged from.");
		if (p->from_queue && p->able == 1)
			str_add(out, " That is the queue: it is tried at "
				"once.");
		else if (p->from_queue)
			str_addf(out, " %s of them to the queue: tried at "
				"once.", text_exact(n,
					(uint64_t)p->from_queue));
		break;
	case VERB_COUNT:
		break;
	}
}

const char *
verb_page_undo(const struct verb_page *p)
{
	switch (p->verb) {
	case VERB_RETRY:
	case VERB_RELEASE:
		return p->able == 1 ? "u, until it is tried. What is delivered "
			"cannot be taken back." : "u, for those not tried yet. "
			"What is delivered cannot be taken back.";
	case VERB_QUARANTINE: if (p->theirs)
			return "r in Quarantine gives it back.";
		return "u, or r in Quarantine.";
	case VERB_RESTORE: return p->able == 1 ? "u, until it is tried." :
		"u, for those not tried yet.";
	case VERB_PURGE:
	case VERB_COUNT: break;
	}
	return p->for_good ? "No: nothing brings back what is purged here." :
		"u, or r in Trash, until then.";
}
