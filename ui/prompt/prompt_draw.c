/* SPDX-License-Identifier: ISC */
/* prompt_draw: fields on the terminal. See prompt.h for the contract. */
#include "prompt/prompt_page.h"
#include "term/cells.h"
#include "term/term.h"

#include <string.h>

static int
width_between(const struct field *field, size_t from, size_t to)
{
	return (int)cells_width(field->text.data + from, to - from,
		term_is_utf8());
}

/* Shifts what is shown until the cursor is within so many columns. */
static void
follow_cursor(struct field *field, int columns)
{
	if (field->first > field->cursor)
		field->first = field->cursor;
	while (field->first < field->cursor &&
	       width_between(field, field->first, field->cursor) >= columns) {
		field->first++;
		while (((unsigned char)field->text.data[field->first] &
		    0xC0) == 0x80)
			field->first++;
	}
}

static void
draw_text(struct field *field, bool here, int row, int column, int columns)
{
	int used;

	follow_cursor(field, columns);
	used = field->text.len || field->kind != FIELD_NUMBER ?
		term_put_bytes(row, column, columns, ROLE_FIELD,
			field->text.data + field->first,
			field->text.len - field->first, 0) :
		term_put(row, column, columns, ROLE_FIELD, field->words[0]);
	for (; used < columns; used++)
		term_put(row, column + used, 1, ROLE_FIELD,
			field->kind == FIELD_NUMBER && !field->text.len ? " " :
			"_");
	if (here)
		term_cursor(row, column +
			width_between(field, field->first, field->cursor));
}

void
prompt_draw_field(struct prompt *prompt, size_t i, int row, int column,
	int columns)
{
	struct field *field = &prompt->fields[i];
	bool here = i == prompt->focus;
	enum role role = here ? ROLE_FIELD_HERE : ROLE_NORMAL;

	if (columns < 3)
		return;
	if (field->kind == FIELD_KEY) {
		term_put(row, column, columns, role, field->words[0]);
		if (here)
			term_cursor(row, column);
		return;
	}
	term_put(row, column, 1, ROLE_NORMAL, "[");
	term_put(row, column + columns - 1, 1, ROLE_NORMAL, "]");
	if (field->kind == FIELD_CHOICE) {
		term_put(row, column + 1, columns - 2, role,
			field->words[field->choice]);
		if (here)
			term_cursor(row, column + 1);
		return;
	}
	draw_text(field, here, row, column + 1, columns - 2);
}

void
prompt_page_draw(struct prompt_page *page, struct prompt *prompt, int row,
	int rows, int width)
{
	struct prompt_rows all = { NULL, 0, 0 };

	prompt_page_layout(page, prompt, (size_t)rows, (size_t)width, &all);
	for (size_t i = 0; i < all.count && (int)i < rows; i++) {
		const struct prompt_row *r = &all.rows[i];
		int at = row + (int)i;

		term_put(at, 0, r->kind == PROMPT_ROW_FIELD ? r->column :
			width, r->kind == PROMPT_ROW_TITLE ? ROLE_TITLE :
			r->kind == PROMPT_ROW_COMPLAINT ? ROLE_LOOK :
			ROLE_NORMAL, r->text.data);
		if (r->kind != PROMPT_ROW_FIELD)
			continue;
		prompt_draw_field(prompt, r->field, at, r->column, r->columns);
		if (*r->hint)
			term_put(at, r->column + r->columns + 2, -1, ROLE_DIM,
				r->hint);
	}
	prompt_rows_release(&all);
}
