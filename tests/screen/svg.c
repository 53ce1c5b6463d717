/* SPDX-License-Identifier: ISC */
/* svg: see svg.h for the contract. */
#include "svg.h"
#include "repeat.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <vterm.h>

/* Tenths of a pixel: what a cell of a 14 px font takes. */
#define CELL_WIDTH 84
#define CELL_HEIGHT 180
#define BASELINE 135
#define MARGIN 120

/* The 16 colours of a terminal; letters and ground. */
static const struct look_set {
	const char *palette[16], *letters, *ground;
} dark = {
	{ "#2b303b", "#e06c75", "#98c379", "#e5c07b",
	  "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
	  "#5c6370", "#ff7b85", "#b5e08d", "#ffd58a",
	  "#7cc0ff", "#d898ee", "#6fd0dc", "#ffffff" },
	"#c8ccd4", "#1c1f26",
}, light = {
	{ "#000000", "#c91b00", "#007a1f", "#a67f00",
	  "#0225c7", "#a6209f", "#007f8a", "#bfbfbf",
	  "#686868", "#e0453a", "#1f9a3d", "#c9a000",
	  "#3d5afe", "#c44fbd", "#1aa0ab", "#ffffff" },
	"#24292f", "#fbfbfa",
};

/* How a cell looks; two that look the same make one text. */
struct look {
	char fg[8], bg[8];
	bool bold, underline;
};

struct drawing {
	VTermScreen *screen;
	const struct svg_terminal *terminal;
	const struct look_set *colors;
	struct str *out;
};

static void
add_px(struct str *out, const char *name, int tenths)
{
	str_addf(out, " %s=\"%d", name, tenths / 10);
	if (tenths % 10)
		str_addf(out, ".%d", tenths % 10);
	str_add_char(out, '"');
}

static void
color_words(const struct drawing *d, const VTermColor *color,
	const char *by_default, char out[8])
{
	VTermColor rgb = *color;

	if (VTERM_COLOR_IS_DEFAULT_FG(color) ||
	    VTERM_COLOR_IS_DEFAULT_BG(color)) {
		snprintf(out, 8, "%s", by_default);
	} else if (VTERM_COLOR_IS_INDEXED(color) && color->indexed.idx < 16) {
		snprintf(out, 8, "%s", d->colors->palette[color->indexed.idx]);
	} else {
		vterm_screen_convert_color_to_rgb(d->screen, &rgb);
		snprintf(out, 8, "#%02x%02x%02x", rgb.rgb.red, rgb.rgb.green,
			rgb.rgb.blue);
	}
}

static struct look
look_of(const struct drawing *d, const VTermScreenCell *cell)
{
	struct look look = {
		.bold = cell->attrs.bold,
		.underline = cell->attrs.underline,
	};
	bool reverse = cell->attrs.reverse;

	color_words(d, &cell->fg, d->colors->letters, reverse ? look.bg : look.fg);
	color_words(d, &cell->bg, d->colors->ground, reverse ? look.fg : look.bg);
	return look;
}

static bool
same_look(const struct look *a, const struct look *b)
{
	return strcmp(a->fg, b->fg) == 0 && strcmp(a->bg, b->bg) == 0 &&
		a->bold == b->bold && a->underline == b->underline;
}

static void
add_code(struct str *out, uint32_t cp)
{
	if (cp == '&') {
		str_add(out, "&amp;");
	} else if (cp == '<') {
		str_add(out, "&lt;");
	} else if (cp < 0x80) {
		str_add_char(out, (char)cp);
	} else {
		str_addf(out, "&#%u;", (unsigned)cp);
	}
}

static void
get_cell(const struct drawing *d, int row, int column, VTermScreenCell *out)
{
	VTermPos pos = { .row = row, .col = column };

	vterm_screen_get_cell(d->screen, pos, out);
}

/* One text: cells from..to of a row, which look the same. */
static void
add_text(const struct drawing *d, int row, int from, int to,
	const struct look *look)
{
	VTermScreenCell cell;
	struct str *out = d->out;

	str_add(out, "<text");
	add_px(out, "x", MARGIN + from * CELL_WIDTH);
	add_px(out, "y", MARGIN + row * CELL_HEIGHT + BASELINE);
	add_px(out, "textLength", (to - from) * CELL_WIDTH);
	if (strcmp(look->fg, d->colors->letters) != 0)
		str_addf(out, " fill=\"%s\"", look->fg);
	if (look->bold)
		str_add(out, " font-weight=\"bold\"");
	if (look->underline)
		str_add(out, " text-decoration=\"underline\"");
	str_add_char(out, '>');
	for (int column = from; column < to;) {
		get_cell(d, row, column, &cell);
		if (!cell.chars[0])
			str_add_char(out, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL &&
		     cell.chars[i]; i++)
			add_code(out, cell.chars[i]);
		column += cell.width > 0 ? cell.width : 1;
	}
	str_add(out, "</text>\n");
}

static void
add_ground(const struct drawing *d, int row, int from, int to,
	const struct look *look)
{
	if (strcmp(look->bg, d->colors->ground) == 0)
		return;
	str_add(d->out, "<rect");
	add_px(d->out, "x", MARGIN + from * CELL_WIDTH);
	add_px(d->out, "y", MARGIN + row * CELL_HEIGHT);
	add_px(d->out, "width", (to - from) * CELL_WIDTH);
	add_px(d->out, "height", CELL_HEIGHT);
	str_addf(d->out, " fill=\"%s\"/>\n", look->bg);
}

static bool
is_blank(const struct drawing *d, int row, int column)
{
	VTermScreenCell cell;

	get_cell(d, row, column, &cell);
	return !cell.chars[0] || cell.chars[0] == ' ';
}

/* Where the text at from ends: at two blanks, or at `to`. */
static int
text_end(const struct drawing *d, int row, int from, int to)
{
	int end = from;

	while (end < to && (!is_blank(d, row, end) ||
	    (end + 1 < to && !is_blank(d, row, end + 1))))
		end++;
	return end;
}

/*
 * Cells from..to look the same. Wherever there are two blanks another text
 * begins, as what shows SVG may make one of them.
 */
static void
add_run(const struct drawing *d, int row, int from, int to,
	const struct look *look)
{
	int end;

	add_ground(d, row, from, to, look);
	for (; from < to; from = end) {
		end = from + 1;
		if (!look->underline && is_blank(d, row, from))
			continue;
		end = look->underline ? to : text_end(d, row, from, to);
		add_text(d, row, from, end, look);
	}
}

static void
add_row(const struct drawing *d, int row)
{
	struct look look = { .bold = false }, next;
	VTermScreenCell cell;
	int from = 0;

	for (int column = 0; column < d->terminal->columns;) {
		get_cell(d, row, column, &cell);
		next = look_of(d, &cell);
		if (column > from && !same_look(&look, &next)) {
			add_run(d, row, from, column, &look);
			from = column;
		}
		look = next;
		column += cell.width > 0 ? cell.width : 1;
	}
	add_run(d, row, from, d->terminal->columns, &look);
}

static void
add_head(const struct drawing *d)
{
	int width = 2 * MARGIN + d->terminal->columns * CELL_WIDTH;
	int height = 2 * MARGIN + d->terminal->rows * CELL_HEIGHT;

	str_add(d->out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	add_px(d->out, "width", width);
	add_px(d->out, "height", height);
	str_addf(d->out, " viewBox=\"0 0 %d %d\">\n", (width + 9) / 10,
		(height + 9) / 10);
	str_addf(d->out, "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" "
		"fill=\"%s\"/>\n<g font-size=\"14\" fill=\"%s\" ",
		d->colors->ground, d->colors->letters);
	str_add(d->out, "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, "
		"Consolas, monospace\">\n");
}

void
svg_draw(const struct svg_terminal *terminal, struct str *out)
{
	VTerm *vt = vterm_new(terminal->rows, terminal->columns);
	struct repeat repeat = { .n = 0 };
	struct drawing d = { vterm_obtain_screen(vt), terminal,
		terminal->light ? &light : &dark, out };

	vterm_set_utf8(vt, 1);
	vterm_screen_enable_altscreen(d.screen, 1);
	vterm_screen_reset(d.screen, 1);
	repeat_feed(&repeat, vt, terminal->bytes, terminal->len);
	add_head(&d);
	for (int row = 0; row < terminal->rows; row++)
		add_row(&d, row);
	str_add(out, "</g>\n</svg>\n");
	vterm_free(vt);
}
