/* SPDX-License-Identifier: ISC */
/* attention: see attention.h for the contract. */
#include "app/attention.h"

#include <string.h>

#define DEFAULT_STORE "/var/lib/ccmq"	/* of the settings */

static struct panel_facts
facts_of(const struct desk *desk, const char *advice)
{
	return (struct panel_facts){ .status = &desk->status,
		.store = desk->store.path, .advice = advice,
		.store_is_default = strcmp(desk->store.path, DEFAULT_STORE) ==
			0 };
}

static void
add_panel(struct panel *panel, size_t width, size_t rows, struct str *out)
{
	(void)panel_lines(panel, (struct panel_room){ width, rows, 0 }, out);
	panel_release(panel);
}

/* False: nothing is attended to. */
static bool
attended(const struct desk *desk, struct verdict *out)
{
	if (!desk->attending || desk->then ||
	    desk->attention >= desk->status.verdict_count)
		return false;
	status_verdict(&desk->status, desk->attention, out);
	return true;
}

void
attention_panel(const struct desk *desk, enum verdict_kind kind,
	struct panel *out)
{
	struct panel_facts facts = facts_of(desk, settings_advice(
		desk->settings, verdict_word(kind)));

	panel_verdict(&facts, kind, out);
}

void
attention_lines(struct desk *desk, size_t width, size_t rows, struct str *out)
{
	struct verdict v;
	struct panel panel;

	if (!attended(desk, &v) || v.kind == VERDICT_OK ||
	    v.opens == VERDICT_OPENS_FAILED ||
	    v.opens == VERDICT_OPENS_MESSAGE)
		return;
	attention_panel(desk, v.kind, &panel);
	add_panel(&panel, width, rows, out);
}

void
attention_message(struct desk *desk, int64_t id, size_t width,
	struct str *out)
{
	struct verdict v;
	struct panel panel;

	if (!attended(desk, &v) || v.opens != VERDICT_OPENS_MESSAGE ||
	    v.opens_id != id)
		return;
	attention_panel(desk, v.kind, &panel);
	for (int part = PANEL_MEANING; part < PANEL_TODO; part++)
		str_clear(&panel.parts[part]);
	add_panel(&panel, width, 0, out);
}

void
attention_event(struct desk *desk, const struct history_event *event,
	size_t width, struct str *out)
{
	struct panel_facts facts = facts_of(desk, NULL);
	struct panel panel;

	panel_event(&facts, event, &panel);
	add_panel(&panel, width, 0, out);
}
