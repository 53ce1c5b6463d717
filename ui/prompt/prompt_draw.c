/* prompt: fields on the terminal. See prompt.h for the contract. */
#include "prompt/prompt.h"
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
draw_text(struct prompt *prompt, size_t i, int row, int column, int columns)
{
	struct field *field = &prompt->fields[i];
	int used;

	follow_cursor(field, columns);
	used = term_put_bytes(row, column, columns, ROLE_FIELD,
		field->text.data + field->first,
		field->text.len - field->first, 0);
	for (; used < columns; used++)
		term_put(row, column + used, 1, ROLE_FIELD, "_");
	if (i == prompt->focus)
		term_cursor(row, column +
			width_between(field, field->first, field->cursor));
}

void
prompt_draw_field(struct prompt *prompt, size_t i, int row, int column,
	int columns)
{
	struct field *field = &prompt->fields[i];
	enum role role = i == prompt->focus ? ROLE_FIELD_HERE : ROLE_NORMAL;

	if (columns < 5)
		return;
	if (field->kind == FIELD_TOGGLE) {
		term_put(row, column, columns, role,
			field->yes ? "[yes]" : "[no ]");
		if (i == prompt->focus)
			term_cursor(row, column + 1);
		return;
	}
	term_put(row, column, 1, ROLE_NORMAL, "[");
	term_put(row, column + columns - 1, 1, ROLE_NORMAL, "]");
	draw_text(prompt, i, row, column + 1, columns - 2);
}
