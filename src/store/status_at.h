/* SPDX-License-Identifier: ISC */
/*
 * status_at: how things stood at a time that is past, as far as the history
 * tells: counts by state, hold, breaker, the size of the .und, what came and
 * went in the minute before, the minute of the last import, and the verdict
 * that ccmqd wrote last (EVENT_VERDICT). The rest of a status is 0: who shows
 * one with `at` shows it blank. Reads only, and costs what happened since then.
 */
#ifndef CCMQ_STATUS_AT_H
#define CCMQ_STATUS_AT_H

#include "history/history_at.h"
#include "store/status.h"

/* At the time of `then`. 0 or -1; status_release afterwards. out->at is that
 * time; out->verdict.text is "" where the history does not say; its kind counts
 * only beside a text. */
int status_at(struct status *out, struct store *s, struct history_at *then,
	struct error *err);

/* What the text of an EVENT_VERDICT says, "held: Held by …": kind, severity,
 * text and brief. False: it is no such text. */
bool status_read_verdict(const char *text, struct verdict *out);

#endif
