/* SPDX-License-Identifier: ISC */
/*
 * metrics: how things are, in Prometheus' text format 0.0.4: what `ccmq
 * status` says, as numbers. Times are timestamps, never ages; no label has
 * values that a message could give it.
 *
 * Cost does not grow with the store: status.h, and tallies.
 */
#ifndef CCMQ_METRICS_H
#define CCMQ_METRICS_H

#include "base/str.h"
#include "store/status.h"

/* Adds them to out. 0 or -1. */
int metrics_write(struct str *out, struct store *s, const struct status *st,
	struct error *err);

/* Puts text in the place of a file, so that nobody reads half of it. 0 or -1. */
int metrics_put_file(const char *path, const struct str *text,
	struct error *err);

#endif
