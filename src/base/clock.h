/* SPDX-License-Identifier: ISC */
/*
 * clock: what time it is, replaceable.
 *
 * Wall times (`_at`) are milliseconds since 1970-01-01 UTC, monotonic times
 * (`_mono_ms`) milliseconds since some point in the past that does not move.
 * Nothing else in the project asks the system for the time, so that a test
 * can run thirty days in a second. Both fit in int64_t for ever.
 */
#ifndef CCMQ_CLOCK_H
#define CCMQ_CLOCK_H

#include <stdint.h>

#define CLOCK_MS INT64_C(1)
#define CLOCK_SECOND INT64_C(1000)
#define CLOCK_MINUTE (60 * CLOCK_SECOND)
#define CLOCK_HOUR (60 * CLOCK_MINUTE)
#define CLOCK_DAY (24 * CLOCK_HOUR)

int64_t clock_wall(void);
int64_t clock_mono_ms(void);

/* For tests: from here on both clocks stand still, the wall clock at wall_at
 * and the monotonic one at mono_ms, until clock_advance moves both, or
 * clock_use_system ends it. */
void clock_freeze(int64_t wall_at, int64_t mono_ms);
void clock_advance(int64_t ms);
void clock_use_system(void);

#endif
