/* SPDX-License-Identifier: ISC */
/* clock: see clock.h for the contract. */
#include "base/clock.h"

#include <assert.h>
#include <stdbool.h>
#include <time.h>

static struct {
	bool frozen;
	int64_t wall_at;
	int64_t mono_ms;
} test_clock;

static int64_t
ask(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_wall(void)
{
	return test_clock.frozen ? test_clock.wall_at : ask(CLOCK_REALTIME);
}

int64_t
clock_mono_ms(void)
{
	return test_clock.frozen ? test_clock.mono_ms : ask(CLOCK_MONOTONIC);
}

void
clock_freeze(int64_t wall_at, int64_t mono_ms)
{
	test_clock.frozen = true;
	test_clock.wall_at = wall_at;
	test_clock.mono_ms = mono_ms;
}

void
clock_advance(int64_t ms)
{
	assert(test_clock.frozen);
	test_clock.wall_at += ms;
	test_clock.mono_ms += ms;
}

void
clock_use_system(void)
{
	test_clock.frozen = false;
}
