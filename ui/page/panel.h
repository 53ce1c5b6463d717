/* SPDX-License-Identifier: ISC */
/*
 * panel: what a verdict, an event or a cause means, on what evidence, what is
 * safe, what to do and what not, in words for somebody at three in the
 * morning: with the names of the files concerned and the commands to type.
 *
 * A panel is six texts, some of which may be empty. They come from tables of
 * templates (panel_verdict.c, panel_event.c); panel_fill.h says how facts get
 * into them. Pure: facts in, texts out; local times use the process's time
 * zone. Foreign texts among the facts need not be printable: they are made so,
 * and within a command they are quoted for a shell.
 *
 *	panel_verdict, panel_event or panel_cause	the texts
 *	panel_lines					as lines, as often as drawn
 *	panel_release
 */
#ifndef CCMQ_UI_PANEL_H
#define CCMQ_UI_PANEL_H

#include "base/str.h"
#include "store/status.h"
#include "view/causes_advice.h"

#include <stdbool.h>
#include <stddef.h>

/* name, label, in the order in which they are shown */
#define PANEL_LIST(X) \
	X(PANEL_MEANING, "Meaning") \
	X(PANEL_EVIDENCE, "Evidence") \
	X(PANEL_SAFE, "Safe") \
	X(PANEL_TODO, "To do") \
	X(PANEL_SITE, "Here") \
	X(PANEL_DONT, "Do not")

enum panel_part {
#define X(name, label) name,
	PANEL_LIST(X)
#undef X
	PANEL_PARTS
};

struct panel {
	struct str parts[PANEL_PARTS];	/* a line feed ends a line */
};

struct panel_facts {
	const struct status *status;
	const char *config;		/* -c, or NULL */
	const char *store;		/* its path */
	bool store_is_default;		/* then commands do not name it */
	const char *advice;		/* the site's own line, or NULL */
};

/* What a verdict means, whether it is the worst or a further one. */
void panel_verdict(const struct panel_facts *facts, enum verdict_kind kind,
	struct panel *out);

/* What an event means. */
void panel_event(const struct panel_facts *facts,
	const struct history_event *event, struct panel *out);

/* What a cause means; advice is the site's line for it, or NULL. */
void panel_cause(const struct causes_advice *facts, const char *advice,
	struct panel *out);

void panel_release(struct panel *panel);

/* Where it is drawn: columns, rows (0: as many as it takes), and how many
 * lines of what scrolls are above it. */
struct panel_room {
	size_t width, rows, scroll;
};

/*
 * Appends its lines, each with a line feed, none wider than the room. When they
 * are too many Meaning shrinks, then Evidence, then Safe, to one line each at
 * the least; when that is not enough all but Do not scrolls, and Do not stands
 * at the end, whole. How many lines can be scrolled further: 0 when the rest is
 * there.
 */
size_t panel_lines(const struct panel *panel, struct panel_room room,
	struct str *out);

#endif
