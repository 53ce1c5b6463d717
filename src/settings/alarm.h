/* SPDX-License-Identifier: ISC */
/*
 * alarm: from how much on somebody should look, and a person must act.
 *
 * A limit is "N" or "N,M", in the unit of what it limits: above N somebody
 * should look, above M a person must act; "" is none. `ccmq status --check`
 * and the console's header judge by the same ones. Pure.
 */
#ifndef CCMQ_ALARM_H
#define CCMQ_ALARM_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

struct settings;

/* word of the option and the setting, unit */
#define ALARM_LIST(X) \
	X(QUEUE, queue, ALARM_COUNTED) \
	X(OLDEST, oldest, ALARM_TIME) \
	X(FAILED, failed, ALARM_COUNTED) \
	X(UND, und, ALARM_BYTES)

enum alarm_unit { ALARM_COUNTED, ALARM_TIME, ALARM_BYTES };

enum alarm {
#define X(name, word, unit) ALARM_##name,
	ALARM_LIST(X)
#undef X
	ALARM_COUNT
};

#define ALARM_NONE INT64_MAX

struct alarm_limit {
	int64_t look, act;		/* ms and bytes; or ALARM_NONE */
};

enum alarm_level { ALARM_WELL, ALARM_LOOK, ALARM_ACT };

const char *alarm_word(enum alarm what);
enum alarm_unit alarm_unit(enum alarm what);

/* 0, or -1 with err (ERROR_INVALID). */
int alarm_parse(enum alarm_unit unit, const char *text,
	struct alarm_limit *out, struct error *err);

/* As the settings have it. */
struct alarm_limit alarm_limit(const struct settings *s, enum alarm what);

enum alarm_level alarm_level(struct alarm_limit limit, int64_t n);

#endif
