/* SPDX-License-Identifier: ISC */
/*
 * state: the states of a message, the verbs and the classes of an attempt's
 * outcome. Closed lists; the same words in code, screen, command line, log
 * and manual. Pure.
 */
#ifndef CCMQ_STATE_H
#define CCMQ_STATE_H

#include <stdbool.h>

/* name, word, directory of the store that holds the file ("" nowhere) */
#define STATE_LIST(X) \
	X(STATE_QUEUED, "queued", "queue") \
	X(STATE_IMPORTING, "importing", "queue") \
	X(STATE_DEFERRED, "deferred", "queue") \
	X(STATE_IMPORTED, "imported", "imported") \
	X(STATE_FAILED, "failed", "failed") \
	X(STATE_QUARANTINED, "quarantined", "quarantine") \
	X(STATE_PURGED, "purged", "trash") \
	X(STATE_REMOVED, "removed", "") \
	X(STATE_LOST, "lost", "") \
	X(STATE_GONE, "gone", "")	/* left a watched connector */

enum state {
#define X(name, word, dir) name,
	STATE_LIST(X)
#undef X
	STATE_COUNT
};

#define STATE_BIT(state) (1u << (state))

/* name, word, past tense, mask of states it acts from */
#define VERB_LIST(X) \
	X(VERB_RETRY, "retry", "retried", \
		STATE_BIT(STATE_FAILED) | STATE_BIT(STATE_DEFERRED)) \
	X(VERB_QUARANTINE, "quarantine", "quarantined", \
		STATE_BIT(STATE_QUEUED) | STATE_BIT(STATE_DEFERRED) | \
		STATE_BIT(STATE_FAILED)) \
	X(VERB_RELEASE, "release", "released", \
		STATE_BIT(STATE_QUARANTINED)) \
	X(VERB_PURGE, "purge", "purged", \
		STATE_BIT(STATE_QUEUED) | STATE_BIT(STATE_DEFERRED) | \
		STATE_BIT(STATE_FAILED) | STATE_BIT(STATE_QUARANTINED) | \
		STATE_BIT(STATE_PURGED)) \
	X(VERB_RESTORE, "restore", "restored", STATE_BIT(STATE_PURGED))

enum verb {
#define X(name, word, past, from) name,
	VERB_LIST(X)
#undef X
	VERB_COUNT
};

/* name, word: what an attempt came to */
#define CLASS_LIST(X) \
	X(CLASS_IMPORTED, "imported") \
	X(CLASS_REJECTED, "rejected") \
	X(CLASS_UNDELIVERABLE, "undeliverable") \
	X(CLASS_CRASHED, "crashed") \
	X(CLASS_INTERRUPTED, "interrupted") \
	X(CLASS_UNAVAILABLE, "unavailable")

enum outcome_class {
#define X(name, word) name,
	CLASS_LIST(X)
#undef X
	CLASS_COUNT
};

const char *state_word(enum state state);
const char *state_dir(enum state state);	/* "" for nowhere */
bool state_parse(const char *word, enum state *out);	/* any case */

const char *verb_word(enum verb verb);
const char *verb_past(enum verb verb);
unsigned verb_from(enum verb verb);		/* STATE_BITs */
bool verb_parse(const char *word, enum verb *out);

const char *class_word(enum outcome_class class);
bool class_parse(const char *word, enum outcome_class *out);

/* The documented meaning of a result code: "did not complete" for 1, …;
 * NULL for a code that nothing is known about. */
const char *result_code_meaning(int code);

#endif
