/* SPDX-License-Identifier: ISC */
/* alarm: see alarm.h for the contract. */
#include "settings/alarm.h"
#include "settings/settings.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

const char *
alarm_word(enum alarm what)
{
	static const char *const words[ALARM_COUNT] = {
#define X(name, word, unit) [ALARM_##name] = #word,
		ALARM_LIST(X)
#undef X
	};

	return words[what];
}

enum alarm_unit
alarm_unit(enum alarm what)
{
	static const enum alarm_unit units[ALARM_COUNT] = {
#define X(name, word, unit) [ALARM_##name] = unit,
		ALARM_LIST(X)
#undef X
	};

	return units[what];
}

static int
parse_one(enum alarm_unit unit, const char *text, int64_t *out,
	struct error *err)
{
	switch (unit) {
	case ALARM_TIME:
		return text_parse_duration(text, out, err);
	case ALARM_BYTES:
		return text_parse_size(text, out, err);
	case ALARM_COUNTED:
		break;
	}
	return text_parse_int(text, 0, ALARM_NONE - 1, out, err);
}

int
alarm_parse(enum alarm_unit unit, const char *text, struct alarm_limit *out,
	struct error *err)
{
	struct alarm_limit limit = { ALARM_NONE, ALARM_NONE };
	const char *comma = strchr(text, ',');
	char first[32];

	if (strcspn(text, ",") >= sizeof first)
		return error_set(err, ERROR_INVALID, "the first limit is too "
			"long");
	snprintf(first, sizeof first, "%.*s", comma ? (int)(comma - text) :
		(int)sizeof first - 1, text);
	if (*text && parse_one(unit, first, &limit.look, err) < 0)
		return -1;
	if (comma && parse_one(unit, comma + 1, &limit.act, err) < 0)
		return -1;
	if (limit.act < limit.look)
		return error_set(err, ERROR_INVALID, "the second limit is "
			"below the first");
	*out = limit;
	return 0;
}

struct alarm_limit
alarm_limit(const struct settings *s, enum alarm what)
{
	struct alarm_limit limit = { ALARM_NONE, ALARM_NONE };
	struct error ignored = ERROR_INIT;

	/* It was checked when it was read. */
	if (s->alarm[what])
		alarm_parse(alarm_unit(what), s->alarm[what], &limit, &ignored);
	return limit;
}

enum alarm_level
alarm_level(struct alarm_limit limit, int64_t n)
{
	return n > limit.act ? ALARM_ACT : n > limit.look ? ALARM_LOOK :
		ALARM_WELL;
}
