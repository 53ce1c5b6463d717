/* SPDX-License-Identifier: ISC */
/*
 * panel_fill: facts into the templates of panels.
 *
 *	{name}		the fact of that name (the list below), in words
 *	{name?text}	text, if that fact is known or not none
 *	{name!text}	text, if it is not
 *	{name=one|many}	the one text if the fact is "1", else the other
 *
 * Texts in braces may hold braces again. For panel_verdict.c and panel_event.c.
 */
#ifndef CCMQ_UI_PANEL_FILL_H
#define CCMQ_UI_PANEL_FILL_H

#include "page/panel.h"

/* Five templates: a panel but for the site's own line. */
struct panel_text {
	const char *meaning, *evidence, *safe, *todo, *dont;
};

void panel_fill(const struct panel_facts *facts,
	const struct history_event *event, const struct panel_text *text,
	struct panel *out);

#endif
