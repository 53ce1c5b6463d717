/* SPDX-License-Identifier: ISC */
/* picture: see picture.h for the contract. */
#include "picture.h"
#include "repeat.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

struct picture {
	VTerm *vt;
	VTermScreen *screen;
	struct repeat repeat;
	int columns, rows;
	bool alternate, cursor_visible;
};

static int
on_prop(VTermProp prop, VTermValue *value, void *user)
{
	struct picture *picture = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		picture->alternate = value->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		picture->cursor_visible = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_prop };

struct picture *
picture_new(int columns, int rows)
{
	struct picture *picture = xcalloc(1, sizeof *picture);

	picture->columns = columns;
	picture->rows = rows;
	picture->cursor_visible = true;
	picture->vt = vterm_new(rows, columns);
	vterm_set_utf8(picture->vt, 1);
	picture->screen = vterm_obtain_screen(picture->vt);
	vterm_screen_set_callbacks(picture->screen, &callbacks, picture);
	vterm_screen_enable_altscreen(picture->screen, 1);
	vterm_screen_reset(picture->screen, 1);
	return picture;
}

void
picture_free(struct picture *picture)
{
	if (!picture)
		return;
	vterm_free(picture->vt);
	free(picture);
}

void
picture_resize(struct picture *picture, int columns, int rows)
{
	picture->columns = columns;
	picture->rows = rows;
	vterm_set_size(picture->vt, rows, columns);
}

void
picture_feed(struct picture *picture, const char *bytes, size_t len)
{
	repeat_feed(&picture->repeat, picture->vt, bytes, len);
}

size_t
picture_answer(struct picture *picture, char *out, size_t size)
{
	return vterm_output_read(picture->vt, out, size);
}

static void
add_code(struct str *out, uint32_t cp)
{
	if (cp < 0x80) {
		str_add_char(out, (char)cp);
	} else if (cp < 0x800) {
		str_add_char(out, (char)(0xC0 | cp >> 6));
		str_add_char(out, (char)(0x80 | (cp & 0x3F)));
	} else if (cp < 0x10000) {
		str_add_char(out, (char)(0xE0 | cp >> 12));
		str_add_char(out, (char)(0x80 | (cp >> 6 & 0x3F)));
		str_add_char(out, (char)(0x80 | (cp & 0x3F)));
	} else {
		str_add_char(out, (char)(0xF0 | cp >> 18));
		str_add_char(out, (char)(0x80 | (cp >> 12 & 0x3F)));
		str_add_char(out, (char)(0x80 | (cp >> 6 & 0x3F)));
		str_add_char(out, (char)(0x80 | (cp & 0x3F)));
	}
}

static void
add_row(const struct picture *picture, int row, struct str *out)
{
	size_t start = out->len;

	for (int column = 0; column < picture->columns;) {
		VTermPos pos = { .row = row, .col = column };
		VTermScreenCell cell;

		vterm_screen_get_cell(picture->screen, pos, &cell);
		if (!cell.chars[0])
			str_add_char(out, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL &&
		     cell.chars[i]; i++)
			add_code(out, cell.chars[i]);
		column += cell.width > 0 ? cell.width : 1;
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		str_truncate(out, out->len - 1);
}

void
picture_text(const struct picture *picture, struct str *out)
{
	for (int row = 0; row < picture->rows; row++) {
		add_row(picture, row, out);
		str_add_char(out, '\n');
	}
}

void
picture_cursor(const struct picture *picture, int *row, int *column)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(picture->vt), &pos);
	*row = pos.row;
	*column = pos.col;
}

bool
picture_cursor_visible(const struct picture *picture)
{
	return picture->cursor_visible;
}

bool
picture_alternate(const struct picture *picture)
{
	return picture->alternate;
}

static void
add_color(struct str *out, const char *prefix, const VTermColor *color,
	bool is_default)
{
	static const char *const names[] = {
		"black", "red", "green", "yellow", "blue", "magenta", "cyan",
		"white",
	};

	if (is_default)
		return;
	str_add(out, prefix);
	if (VTERM_COLOR_IS_INDEXED(color) && color->indexed.idx < 8)
		str_add(out, names[color->indexed.idx]);
	else if (VTERM_COLOR_IS_INDEXED(color))
		str_addf(out, "%d", color->indexed.idx);
	else
		str_addf(out, "#%02x%02x%02x", color->rgb.red,
			color->rgb.green, color->rgb.blue);
}

bool
picture_attributes(const struct picture *picture, const char *text,
	struct str *out)
{
	struct str line = STR_INIT;
	const char *found = NULL;
	VTermScreenCell cell;
	VTermPos pos = { 0, 0 };

	for (; pos.row < picture->rows && !found; pos.row++) {
		str_clear(&line);
		add_row(picture, pos.row, &line);
		found = strstr(line.data, text);
		/* Good enough for the ASCII texts that are looked for. */
		pos.col = found ? (int)(found - line.data) : 0;
	}
	str_release(&line);
	if (!found)
		return false;
	pos.row--;
	vterm_screen_get_cell(picture->screen, pos, &cell);
	str_add(out, "plain");
	if (cell.attrs.bold)
		str_add(out, " bold");
	if (cell.attrs.underline)
		str_add(out, " underline");
	if (cell.attrs.reverse)
		str_add(out, " reverse");
	add_color(out, " ", &cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	add_color(out, " on-", &cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
	return true;
}
