/* SPDX-License-Identifier: ISC */
/*
 * causes_advice: the facts that the advice on a cause of failure is made of
 * (panel_cause in page/panel.h). Plain values; texts are borrowed.
 */
#ifndef CCMQ_UI_CAUSES_ADVICE_H
#define CCMQ_UI_CAUSES_ADVICE_H

#include "history/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct causes_advice {
	enum state state;		/* failed or deferred */
	enum outcome_class class;
	bool suspect;			/* failed in a row with others */
	int64_t n;			/* messages of this cause */
	int code, signal;		/* HISTORY_NO_CODE, 0: none */
	const char *reason;		/* NULL: none; need not be printable */
	const char *importer;		/* what it printed last, or NULL */
	int64_t tries_least, tries_most;	/* of each; 0 unknown */
	bool maybe_delivered;		/* some recipients may have them */
	bool delivered;			/* the importer's output says so */

	bool stopped, tripped;		/* the connector now */
	int64_t tests, last_test_at;	/* that failed since it tripped */
	int64_t imports;		/* ever */
	int64_t imports_since;		/* since the newest of these failed */
	int64_t imports_since_first;	/* since the first of them did */
	int64_t last_import_at;		/* HISTORY_NO_TIME: never */
	int64_t waiting;		/* queued and deferred */
	int64_t next_at;		/* deferred: next try, or NO_TIME */
	int64_t now;
};

#endif
