/* SPDX-License-Identifier: ISC */
/*
 * history_at_private: what the files history_at*.c share.
 *
 * Who left a state after a time is read once and kept; another time reads only
 * what lies between, and what was written meanwhile.
 */
#ifndef CCMQ_HISTORY_AT_PRIVATE_H
#define CCMQ_HISTORY_AT_PRIVATE_H

#include "history/history_at.h"
#include "history/history_cause.h"
#include "history/history_private.h"

#define AT_CAUSE_UNKNOWN (-1)	/* nobody has looked yet */

/* A message was in a state from since until left. */
struct stay {
	int64_t id, since, left;
	int64_t failed;			/* end of its last attempt, when that
					 * made it suspect, and its … */
	int64_t suspect_at;
	int32_t cause;			/* … cause, once they were looked up */
	uint8_t state;
};

struct history_at {
	struct history *h;
	int64_t at;
	int64_t version;		/* of the data when it was read last */
	int64_t low;			/* stays that ended after it are kept … */
	int64_t high;			/* … if they began until then */
	int64_t change, attempt;	/* newest rows that were read */
	struct stay *stays;
	size_t count, cap;

	/* Of them those at `at`, each once, by id and by since; and of one
	 * cause, by when they failed (0: of none yet). */
	size_t *by_id, *by_since, *by_failed;
	size_t left, failed;
	int64_t failed_cause;
	unsigned failed_states;
	int failed_suspect;
	struct history_counts counts;
	struct history_cause_row last;	/* the cause that was looked up last */
};

/* What is kept is what the data say now, for `at`. In a read transaction. 0 or
 * -1. */
int history_at_gather(struct history_at *a, struct error *err);

/* Blanks what is not known of a message then that stayed where it was. 0 or
 * -1. */
int history_at_stayed(struct history *h, struct history_message *m, int64_t at,
	struct error *err);

/* One that left, as it was. 1, 0 it was deleted, -1. */
int history_at_left(struct history *h, const struct stay *s, int64_t at,
	struct history_message *out, struct error *err);

/* m's cause, of its class, code, signal and reason. 0 or -1. */
int history_at_find_cause(struct history *h, struct history_message *m,
	struct error *err);

/* The cause of one that left, and when it failed, looked up once; 0: none. 0
 * or -1. */
int history_at_cause(struct history_at *a, struct stay *s, struct error *err);
/* After that: whether it was suspect at `at`. */
bool history_at_suspect(const struct history_at *a, const struct stay *s);

#endif
