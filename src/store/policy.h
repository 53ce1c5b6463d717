/* SPDX-License-Identifier: ISC */
/*
 * policy: what follows from the end of an attempt.
 *
 * Pure: values in, values out; no files, no clock, no memory of its own. The
 * caller keeps the counters with the message and the breaker in the history,
 * and passes the time and a random number.
 *
 * Three decisions, made in this order when an attempt has ended:
 *
 *	policy_class		what the end of the program means
 *	policy_decide		what becomes of the message
 *	policy_breaker_note	what becomes of the breaker
 *
 * No message has more counted attempts of a kind since its last retry than
 * the limit of that kind; the attempt that reaches the limit fails it. Not
 * counted are only: `unavailable` while nothing else was imported, failed
 * probes, and what was ended on request. All of these leave the message
 * deferred.
 */
#ifndef CCMQ_POLICY_H
#define CCMQ_POLICY_H

#include "settings/settings.h"
#include "history/state.h"

#include <stdbool.h>
#include <stdint.h>

enum policy_end {
	POLICY_END_EXIT,	/* exited with a code */
	POLICY_END_SIGNAL,	/* died of a signal that we did not send */
	POLICY_END_TIMEOUT,	/* ended by import.timeout */
	POLICY_END_DIED,	/* a worker ended without an answer to it */
	POLICY_END_DISK,	/* ended because the disk was filling up */
	POLICY_END_NOT_RUN,	/* could not be executed (event 43) */
	POLICY_END_OWN_FAULT,	/* its file could not be handed over */
	POLICY_END_INTERRUPTED,	/* nobody saw its end, or ended with us */
};

/*
 * The class of an end; code counts only for POLICY_END_EXIT. A code that the
 * settings do not map is taken as IMPORT meant it: 0 imported, 1 rejected,
 * 2 3 4 unavailable, 5 undeliverable, any other crashed. What cannot be
 * executed is the environment's fault: unavailable; a file that cannot be read
 * is its message's: rejected; what the disk guard ended is interrupted.
 */
enum outcome_class policy_class(const struct settings *settings,
	enum policy_end end, int code);

/* Since the message's last retry or release; all 0 for a new message. */
struct policy_counters {
	int64_t tries;		/* all attempts, counted or not */
	int64_t rejected;	/* rejected and undeliverable */
	int64_t crashed;	/* crashed and interrupted */
	int64_t unavailable;	/* those that counted */
};

struct policy_attempt {
	enum outcome_class class;
	struct policy_counters before;	/* without this attempt */
	/* Another message was imported since the attempt of this one before
	 * this one ended; false for its first attempt. */
	bool other_imported;
	bool probe;			/* started by the breaker, or `test`
					 * while it is open */
	bool uncounted;			/* interrupted: we ended it ourselves, or
					 * it was one of several in hand */
	int64_t ended_at;
	uint64_t random;		/* any number, new each time */
};

#define POLICY_WHY_MAX 96

struct policy_decision {
	enum state next;	/* imported, failed or deferred */
	struct policy_counters after;
	bool counted;		/* towards a limit */
	int64_t next_attempt_at; /* deferred; else 0 */
	char why[POLICY_WHY_MAX];	/* "limit of 3 crashes reached"; "" for
				 * imported */
};

/* A disk with fewer free inodes is as good as full. */
#define POLICY_MIN_INODES 1000

/*
 * What becomes of the message. Deferred messages wait backoff.first, twice as
 * long with each further try, at most backoff.cap, all give or take 10 %;
 * interrupted ones are due at once.
 *
 * A failed probe stays deferred and does not count, with two exceptions:
 * `interrupted` counts, or a message that kills the machine would do so for
 * ever as a probe; `undeliverable` counts, because the post office did answer
 * and each further answer would lengthen the .und file.
 */
void policy_decide(struct policy_decision *out,
	const struct policy_attempt *attempt, const struct settings *settings);

/* The wait after so many tries (>= 1), in ms. Never over backoff.cap: a time
 * beyond now + cap is taken for the work of a wrong clock. */
int64_t policy_backoff_ms(const struct settings *settings, int64_t tries,
	uint64_t random);

/* What the row of endings that the breaker watches consists of. */
enum policy_row {
	POLICY_ROW_NONE,
	POLICY_ROW_UNAVAILABLE,
	POLICY_ROW_RESULT,	/* the same result, rejected or crashed */
};

/*
 * The breaker. Plain values, to be stored field by field. All zero is closed
 * with no row. While it is open the row is the one that tripped it.
 */
struct policy_breaker {
	bool open;
	int64_t tripped_at;		/* open: since when */
	int64_t probe_at;		/* open: when the next probe is due;
					 * `resume` and `test` set it to now */
	int64_t probe_delay_ms;		/* open: between probes, doubling */
	bool next_probe_youngest;	/* open: else the oldest */
	bool mixed;			/* not all of the row ended alike */
	enum policy_row row;
	enum outcome_class class;	/* of the row */
	int code, signal;		/* of a row of the same result */
	int64_t count;			/* different messages in the row */
	int64_t since_at;		/* end of the row's first attempt */
};

#define POLICY_BREAKER_INIT { .open = false }

struct policy_ending {
	enum outcome_class class;
	int code, signal;	/* whatever tells results apart; a timeout
				 * needs a pair of its own, such as -1, 0 */
	bool distinct;		/* the message is not yet in the row: none of
				 * its attempts that ended at or after since_at
				 * was noted */
	bool retried;		/* a person has retried the message */
	bool suspected;		/* it counts towards its own limit already, or
				 * its fault is known: it says nothing of
				 * others */
	bool probe;
};

enum policy_note {
	POLICY_NOTE_NOTHING,
	POLICY_NOTE_TRIPPED,	/* mark the failed ones of the row suspect */
	POLICY_NOTE_CLOSED,	/* make what is deferred as unavailable due */
	POLICY_NOTE_PROBE_FAILED,
};

/*
 * Notes the end of one attempt, in the order of their ending.
 *
 * Closed: `imported` and `undeliverable` end the row (the post office
 * answered); `interrupted`, messages that a person retried and those that are
 * suspected themselves neither count nor end it; the row's result counts once
 * for each message; any other result begins a new row. The row trips at
 * breaker.unavailable or breaker.rejected messages.
 *
 * Open: `imported` closes, of whatever attempt. A probe that fails doubles the
 * delay; one that was undeliverable or interrupted has told nothing, and the
 * next follows after the same delay. Other endings are ignored: they began
 * before it tripped.
 */
enum policy_note policy_breaker_note(struct policy_breaker *breaker,
	const struct policy_ending *ending, const struct settings *settings,
	int64_t now);

/* Whether an open breaker's next probe may start: its time has come, or it
 * lies further away than breaker.probe_cap allows. */
bool policy_breaker_wants_probe(const struct policy_breaker *breaker,
	const struct settings *settings, int64_t now);

#endif
