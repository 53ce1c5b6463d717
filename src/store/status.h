/*
 * status: how things are, gathered for `ccmq status` and the console's header.
 *
 * Cost does not grow with the store: tallies, one row, a few index look-ups,
 * and, while no connector runs, up to 10,000 names in submit/.
 */
#ifndef CCMQ_STATUS_H
#define CCMQ_STATUS_H

#include "settings/settings.h"
#include "store/store.h"
#include "store/verdict.h"

#include <stdbool.h>
#include <stdint.h>

#define STATUS_SUBMIT_MAX 10000		/* names counted without a connector */

enum status_connector {
	STATUS_RUNNING,
	STATUS_STOPPED,
	STATUS_HELD,
	STATUS_DRAINING,
	STATUS_TRIPPED,
};

struct status {
	char host[64];
	int64_t pid;			/* of the running ccmqd, or 0 */
	enum status_connector connector;
	struct history_counts counts;
	struct history_connector row;
	int64_t submit_waiting, submit_ignored;
	bool submit_more;		/* "10,000+" */
	int64_t submit_oldest_at;
	int64_t last_sign_at;
	int64_t und_bytes, und_growth_per_hour, und_growth_10min;
	int64_t disk_free, wal_bytes;
	int64_t oldest_queued_at;	/* HISTORY_NO_TIME if none */
	struct history_minute last_minute;
	int64_t storm_cause;		/* of VERDICT_STORM, or 0 */
	struct verdict verdict;
};

/* 0 or -1; status_release afterwards. */
int status_collect(struct status *out, struct store *s,
	const struct settings *settings, int64_t now, struct error *err);
void status_release(struct status *st);

const char *status_connector_word(enum status_connector c);

#endif
