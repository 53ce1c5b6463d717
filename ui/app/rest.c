/* SPDX-License-Identifier: ISC */
/* rest: see rest.h for the contract. */
#include "app/rest.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"

#include <string.h>

uint64_t
rest_around(const struct status *st)
{
	const int64_t parts[] = { st->und_bytes, st->submit_waiting,
		st->submit_ignored, st->pid, (int64_t)st->connector,
		(int64_t)st->verdict_count };
	char free[TEXT_NUMBER_MAX];
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		sum = sum * 1000003 + (uint64_t)parts[i];
	for (const char *c = text_size(free, (uint64_t)st->disk_free); *c; c++)
		sum = sum * 1000003 + (unsigned char)*c;
	for (const char *c = st->verdict.text; *c; c++)
		sum = sum * 1000003 + (unsigned char)*c;
	return sum;
}

bool
rest_holds(struct desk *desk)
{
	const struct status *st = &desk->status;
	char before[TEXT_NUMBER_MAX], now[TEXT_NUMBER_MAX];
	struct error ignored = ERROR_INIT;
	int64_t disk_free, inodes;

	return st->connector == STATUS_RUNNING &&
		clock_wall() - st->last_sign_at < CLOCK_MINUTE &&
		!st->counts.n[STATE_QUEUED] && !st->counts.n[STATE_IMPORTING] &&
		!st->counts.n[STATE_DEFERRED] && !st->submit_waiting &&
		fs_free(desk->store.spool.root, &disk_free, &inodes,
			&ignored) == 0 &&
		strcmp(text_size(before, (uint64_t)st->disk_free),
			text_size(now, (uint64_t)disk_free)) == 0;
}
