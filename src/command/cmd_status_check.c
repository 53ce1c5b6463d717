/* SPDX-License-Identifier: ISC */
/* cmd_status_check: `ccmq status --check`, a monitoring plugin. See ccmq(1). */
#include "command/cli.h"
#include "command/cmd_status.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const enum alarm_level level_of[] = {
	[VERDICT_WELL] = ALARM_WELL,
	[VERDICT_LOOK] = ALARM_LOOK,
	[VERDICT_ACT] = ALARM_ACT,
};

/* As people read it, and as it is measured: seconds, bytes. */
static void
add_value(struct str *out, enum alarm_unit unit, int64_t n, bool exact)
{
	char words[TEXT_TIME_MAX];

	if (exact)
		str_addf(out, "%" PRId64 "%s", unit == ALARM_TIME ? n / 1000 :
			n, unit == ALARM_TIME ? "s" : unit == ALARM_BYTES ?
			"B" : "");
	else if (unit == ALARM_TIME)
		str_add(out, verdict_span(words, n, false));
	else if (unit == ALARM_BYTES)
		str_add(out, text_size(words, (uint64_t)n));
	else
		str_add(out, text_exact(words, (uint64_t)n));
}

/* "name=12;10;100;0" */
static void
add_measure(struct str *out, enum alarm what, int64_t n,
	struct alarm_limit limit)
{
	int64_t scale = alarm_unit(what) == ALARM_TIME ? 1000 : 1;

	str_addf(out, " %s=", alarm_word(what));
	add_value(out, alarm_unit(what), n, true);
	str_add_char(out, ';');
	if (limit.look != ALARM_NONE)
		str_addf(out, "%" PRId64, limit.look / scale);
	str_add_char(out, ';');
	if (limit.act != ALARM_NONE)
		str_addf(out, "%" PRId64, limit.act / scale);
	str_add(out, ";0");
}

static void
add_excess(struct str *out, enum alarm what, int64_t n,
	struct alarm_limit limit, enum alarm_level level)
{
	str_addf(out, "; %s ", alarm_word(what));
	add_value(out, alarm_unit(what), n, false);
	str_add(out, " is above ");
	add_value(out, alarm_unit(what), level == ALARM_ACT ? limit.act :
		limit.look, false);
}

void
status_check(struct cli *cli, const struct status *st,
	const struct alarm_limit limits[ALARM_COUNT])
{
	static const char *const words[] = { [ALARM_WELL] = "OK",
		[ALARM_LOOK] = "WARNING", [ALARM_ACT] = "CRITICAL" };
	enum alarm_level worst = level_of[st->verdict.severity];
	struct str text = STR_INIT, measures = STR_INIT;

	str_add(&text, st->verdict.text);
	for (enum alarm i = 0; i < ALARM_COUNT; i++) {
		int64_t n = status_measure(st, i, cli->now);
		enum alarm_level level = alarm_level(limits[i], n);

		if (level != ALARM_WELL)
			add_excess(&text, i, n, limits[i], level);
		worst = level > worst ? level : worst;
		add_measure(&measures, i, n, limits[i]);
	}
	/* A bar begins what is measured. */
	for (char *p = text.data; (p = strchr(p, '|'));)
		*p = '/';
	printf("CCMQ %s: ", words[worst]);
	cli_put(stdout, text.data);
	printf(" |%s\n", measures.data);
	cli->plugin_status = (int)worst;
	str_release(&text);
	str_release(&measures);
}
