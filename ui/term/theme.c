/* SPDX-License-Identifier: ISC */
/* theme: see theme.h for the contract. */
#include "term/theme.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

struct look {
	int fg8, fg256, bg8, bg256;
	unsigned attrs;
};

struct theme {
	const char *name;
	struct look looks[ROLE_OWN];
};

#define PLAIN -1, -1, -1, -1

/* What needs no colour is the same in all three. */
#define COMMON \
	[ROLE_NORMAL] = { PLAIN, 0 }, \
	[ROLE_TITLE] = { PLAIN, THEME_BOLD }, \
	[ROLE_HERE] = { PLAIN, THEME_REVERSE }, \
	[ROLE_CURSOR] = { PLAIN, THEME_REVERSE }, \
	[ROLE_TAGGED] = { PLAIN, THEME_BOLD }, \
	[ROLE_FRESH] = { PLAIN, THEME_BOLD }, \
	[ROLE_FIELD] = { PLAIN, THEME_UNDERLINE }, \
	[ROLE_FIELD_HERE] = { PLAIN, THEME_REVERSE }, \
	[ROLE_KEY] = { PLAIN, THEME_BOLD }, \
	[ROLE_HOST] = { PLAIN, THEME_BOLD }

static const struct theme themes[] = {
	{
		.name = "dark",
		.looks = {
			COMMON,
			[ROLE_GOOD] = { 2, 114, -1, -1, 0 },
			[ROLE_LOOK] = { 3, 221, -1, -1, THEME_BOLD },
			[ROLE_BAD] = { 1, 203, -1, -1, THEME_BOLD },
			[ROLE_DIM] = { -1, 246, -1, -1, THEME_DIM },
			[ROLE_WARM] = { -1, 187, -1, -1, 0 },
			[ROLE_OLD] = { 3, 180, -1, -1, 0 },
			[ROLE_RULE] = { -1, 243, -1, -1, 0 },
			[ROLE_BAR] = { 6, 67, -1, -1, 0 },
			[ROLE_ON_BAD] = { 6, 67, 1, 203, 0 },
		},
	},
	{
		/* Yellow letters cannot be read on white. */
		.name = "light",
		.looks = {
			COMMON,
			[ROLE_GOOD] = { 2, 28, -1, -1, 0 },
			[ROLE_LOOK] = { 0, 16, 3, 222, 0 },
			[ROLE_BAD] = { 1, 160, -1, -1, THEME_BOLD },
			[ROLE_DIM] = { -1, 241, -1, -1, THEME_DIM },
			[ROLE_WARM] = { -1, 94, -1, -1, 0 },
			[ROLE_OLD] = { 1, 130, -1, -1, 0 },
			[ROLE_RULE] = { -1, 246, -1, -1, 0 },
			[ROLE_BAR] = { 4, 67, -1, -1, 0 },
			[ROLE_ON_BAD] = { 4, 67, 1, 160, 0 },
		},
	},
	{
		.name = "mono",
		.looks = {
			COMMON,
			[ROLE_GOOD] = { PLAIN, 0 },
			[ROLE_LOOK] = { PLAIN, THEME_BOLD },
			[ROLE_BAD] = { PLAIN, THEME_BOLD | THEME_UNDERLINE },
			[ROLE_DIM] = { PLAIN, THEME_DIM },
			/* The time says it: 14:02, Mon. */
			[ROLE_WARM] = { PLAIN, 0 },
			[ROLE_OLD] = { PLAIN, 0 },
			[ROLE_RULE] = { PLAIN, 0 },
			[ROLE_BAR] = { PLAIN, 0 },
			/* Without colours nothing is drawn so. */
			[ROLE_ON_BAD] = { PLAIN, THEME_BOLD },
		},
	},
};

const struct theme *
theme_find(const char *name, struct error *err)
{
	char shown[64];

	for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
		if (strcmp(themes[i].name, name) == 0)
			return &themes[i];
	error_set(err, ERROR_INVALID,
		"\"%s\" is no theme: dark, light and mono are",
		text_printable(shown, sizeof shown, name, strlen(name)));
	return NULL;
}

struct theme_style
theme_style(const struct theme *theme, enum role role, int colors,
	int host_color)
{
	bool host = role == ROLE_HOST || role >= ROLE_OWN;
	const struct look *look = &theme->looks[host ? ROLE_HOST : role];
	struct theme_style style = { THEME_DEFAULT, THEME_DEFAULT, 0 };

	if (colors < 8) {
		/* Signs that colour alone would give are kept as mono's. */
		style.attrs = themes[2].looks[host ? ROLE_HOST : role].attrs;
		return style;
	}
	style.attrs = look->attrs;
	style.fg = colors >= 256 ? look->fg256 : look->fg8;
	style.bg = colors >= 256 ? look->bg256 : look->bg8;
	/* With 256 colours grey says it; dim besides would be too faint. */
	if (colors >= 256 && style.fg != THEME_DEFAULT)
		style.attrs &= ~THEME_DIM;
	if (host && host_color != THEME_DEFAULT)
		style.fg = colors >= 256 ? host_color : host_color % 8;
	return style;
}

int
theme_direct(int color)
{
	static const int bright[] = { 0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00,
		0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF };
	static const int level[] = { 0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF };
	int grey = 8 + 10 * (color - 232), cube = color - 16;

	if (color < 8)
		return color;
	if (color < 16)
		return bright[color - 8];
	if (color >= 232)
		return grey << 16 | grey << 8 | grey;
	return level[cube / 36] << 16 | level[cube / 6 % 6] << 8 |
		level[cube % 6];
}

int
theme_parse_color(const char *word, int *out, struct error *err)
{
	static const char *const names[] = {
		"black", "red", "green", "yellow", "blue", "magenta", "cyan",
		"white",
	};
	struct error ignored;
	char shown[64];
	int64_t number;

	if (!*word) {
		*out = THEME_DEFAULT;
		return 0;
	}
	for (int i = 0; i < 8; i++) {
		if (text_equal_nocase(word, names[i])) {
			*out = i;
			return 0;
		}
	}
	if (text_parse_int(word, 0, 255, &number, &ignored) == 0) {
		*out = (int)number;
		return 0;
	}
	return error_set(err, ERROR_INVALID, "\"%s\" is no colour: black red "
		"green yellow blue magenta cyan white, or 0 to 255",
		text_printable(shown, sizeof shown, word, strlen(word)));
}
