/* SPDX-License-Identifier: ISC */
/*
 * theme: what looks how.
 *
 * Whoever draws names a role, never a colour. Red is for what a person must
 * act on, yellow for what somebody should look at, green only for the word
 * "running", blue for what is drawn; reverse is the cursor; dim never stands alone as a sign (there
 * is always a word or a mark as well, for terminals without it). Pure.
 */
#ifndef CCMQ_UI_THEME_H
#define CCMQ_UI_THEME_H

#include "base/error.h"

enum role {
	ROLE_NORMAL,
	ROLE_TITLE,		/* titles of columns and pages */
	ROLE_HERE,		/* the view that is open: a reversed tab */
	ROLE_GOOD,		/* the word "running" */
	ROLE_LOOK,		/* with "!" */
	ROLE_BAD,		/* with "!!" */
	ROLE_CURSOR,		/* the row under the cursor */
	ROLE_TAGGED,		/* with "*" */
	ROLE_FRESH,		/* changed just now */
	ROLE_DIM,
	ROLE_WARM,		/* a time of over an hour ago */
	ROLE_OLD,		/* … of over a day ago */
	ROLE_RULE,		/* the lines between parts */
	ROLE_BAR,		/* what is drawn rather than written */
	ROLE_ON_BAD,		/* … on what is bad */
	ROLE_FIELD,		/* a field of a prompt */
	ROLE_FIELD_HERE,	/* the field that keys go to */
	ROLE_KEY,		/* a key's name in footer and help */
	ROLE_HOST,		/* the host's name; its colour is a setting */
	ROLE_OWN,		/* … of many hosts: this, and those behind it */
	ROLE_COUNT = ROLE_OWN + 16
};
#define ROLE_OWN_COUNT (ROLE_COUNT - ROLE_OWN)

#define THEME_BOLD 1u
#define THEME_DIM 2u
#define THEME_UNDERLINE 4u
#define THEME_REVERSE 8u

#define THEME_DEFAULT (-1)	/* the terminal's own colour */

struct theme_style {
	int fg, bg;		/* 0 to 255, or THEME_DEFAULT */
	unsigned attrs;		/* THEME_… */
};

struct theme;

/* "dark", "light" or "mono"; NULL with err for another name. */
const struct theme *theme_find(const char *name, struct error *err);

/* The style of a role on a terminal with so many colours (below 8: none).
 * host_color is for ROLE_HOST, and for a ROLE_OWN; THEME_DEFAULT for none. */
struct theme_style theme_style(const struct theme *theme, enum role role,
	int colors, int host_color);

/* A colour as 0xRRGGBB, for terminals whose colours are no palette; below 8 as
 * it is: there too those are the terminal's own. */
int theme_direct(int color);

/* A colour's name (black red green yellow blue magenta cyan white) or number
 * (0 to 255); "" is THEME_DEFAULT. 0, or -1. */
int theme_parse_color(const char *word, int *out, struct error *err);

#endif
