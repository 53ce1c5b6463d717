/* SPDX-License-Identifier: ISC */
/*
 * verb_page: what a prompt about several messages says before it asks.
 *
 * Calling order: verb_page_init, then verb_page_look or verb_page_missing for
 * each target in rising id order, then verb_page_fill. Memory is bounded: so
 * many causes and people are told apart (VERB_PAGE_KEPT), the rest is counted.
 * Pure: facts in, lines out; local times use the process's time zone. Foreign
 * texts among the facts need not be printable.
 */
#ifndef CCMQ_UI_VERB_PAGE_H
#define CCMQ_UI_VERB_PAGE_H

#include "base/actor.h"
#include "history/history.h"
#include "store/status.h"
#include "prompt/prompt_page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VERB_PAGE_KEPT 16	/* a line shows three, the rest is a number */

struct verb_page_cause {
	char words[80];
	int64_t n;
};

/* What somebody else did to targets since they were shown. */
struct verb_page_change {
	char by[48];			/* "" is nobody: it is just so */
	const char *word;		/* "retried" */
	int64_t n, at;
};

struct verb_page_example {
	int64_t id, at;
	char subject[80];
};

struct verb_page {
	enum verb verb;
	bool for_good;			/* a purge out of the trash */
	const char *host;		/* borrowed */
	const struct actor *actor;	/* borrowed */

	int64_t only;			/* the id of the last one looked at */
	int64_t looked;			/* targets so far */
	int64_t able;			/* that the verb can be done to */
	int64_t theirs;			/* … of them in a watched connector */
	int64_t noted;			/* … of them when their attempt ends */
	int64_t missing;
	int64_t bytes;			/* of the able ones, as all below */
	int64_t twice;			/* may have reached recipients */
	int64_t from_queue;		/* of a restore: go back there */
	struct verb_page_cause causes[VERB_PAGE_KEPT];
	size_t cause_count;
	int64_t other_causes;		/* messages */
	struct verb_page_change changes[VERB_PAGE_KEPT];
	size_t change_count;
	int64_t other_changes;
	struct verb_page_example oldest, newest;
};

/* The world around it. */
struct verb_page_world {
	int64_t now;
	const char *title;		/* "tagged messages" */
	int64_t targets;
	int64_t hidden;			/* of them: not in the list now … */
	const char *hidden_by;		/* … by "the filter" */
	int64_t cursor;			/* an id that is not among them, or 0 */
	int64_t took_ms;		/* an attempt, on average; 0 unknown */
	int64_t lanes;			/* attempts at a time; 0 is 1 */
	int64_t keep_trash_ms;		/* 0: hardly at all */
	enum status_connector connector;
	bool blind;			/* a network mount: take_out.h */
};

/* host and actor must outlive the page. for_good: the targets are in the
 * trash already (VERB_PURGE). */
void verb_page_init(struct verb_page *page, enum verb verb, bool for_good,
	const char *host, const struct actor *actor);

/* A target as it is now; seen: the state it was shown in, OPERATIONS_ANY. */
void verb_page_look(struct verb_page *page, const struct history_message *m,
	enum state seen);
void verb_page_missing(struct verb_page *page, int64_t id);

/* Fills the title and the facts; purges without return and what may arrive
 * twice are facts that stay. */
void verb_page_fill(const struct verb_page *page,
	const struct verb_page_world *world, struct prompt_page *out);

/* "1,196 can be retried; 8 not: jgrewal retried 5, quarantined 3, 14:18." */
void verb_page_which(const struct verb_page *page,
	const struct verb_page_world *world, struct str *out);

/* "code 5 Unknown Date Format": of one message. */
void verb_page_cause_words(const struct history_message *m, char out[80]);

#endif
