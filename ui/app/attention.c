/* SPDX-License-Identifier: ISC */
/* attention: see attention.h for the contract. */
#include "app/attention.h"
#include "app/views.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_STORE "/var/lib/ccmq"	/* of the settings */

static struct panel_facts
facts_of(const struct desk *desk, const char *advice)
{
	return (struct panel_facts){ .status = &desk->status,
		.config = desk->config, .store = desk->store.path, .advice = advice,
		.store_is_default = desk->config ? !desk->store_named :
			strcmp(desk->store.path, DEFAULT_STORE) == 0 };
}

static void
add_panel(struct panel *panel, size_t width, size_t rows, struct str *out)
{
	(void)panel_lines(panel, (struct panel_room){ width, rows, 0 }, out);
	panel_release(panel);
}

/* False: nothing is attended to, or it is not true any more. */
static bool
attended(const struct desk *desk, struct verdict *out)
{
	const struct status *st = &desk->status;
	unsigned i = 0;

	if (!desk->attending || desk->then)
		return false;
	while (desk->attended && i < st->verdict_count &&
	    st->verdicts[i] != desk->attention)
		i++;
	if (i >= st->verdict_count)
		return false;
	status_verdict(st, i, out);
	return true;
}

unsigned
attention_next(const struct desk *desk)
{
	const struct status *st = &desk->status;
	struct verdict v;

	if (!desk->attended || !attended(desk, &v) ||
	    st->verdicts[0] != desk->attention_worst)
		return 0;
	return v.more ? st->verdict_count - v.more : 0;
}

void
attention_refresh(struct desk *desk)
{
	struct verdict v;

	if (!desk->note_attends)
		return;
	if (!attended(desk, &v))
		desk->note[0] = '\0';
	else
		snprintf(desk->note, sizeof desk->note, "%.250s", v.text);
}

int
attention_view(enum verdict_opens opens)
{
	switch (opens) {
	case VERDICT_OPENS_QUEUE: return VIEW_QUEUE;
	case VERDICT_OPENS_TRASH: return VIEW_TRASH;
	case VERDICT_OPENS_UND: return VIEW_UND;
	case VERDICT_OPENS_LOG: return VIEW_LOG;
	case VERDICT_OPENS_WORK: return VIEW_WORK;
	case VERDICT_OPENS_FAILED:
	case VERDICT_OPENS_MESSAGE: break;
	}
	return -1;
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
attention_lines(struct desk *desk, int view, size_t width, size_t rows,
	struct str *out)
{
	struct verdict v;
	struct panel panel;

	if (!attended(desk, &v) || v.kind == VERDICT_OK ||
	    attention_view(v.opens) != view)
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
