/* SPDX-License-Identifier: ISC */
/* header_row: a row of the header as the pieces it is made of. See header.h. */
#include "app/header_private.h"
#include "base/width.h"

#include <stdio.h>

int
header_add(struct header_row *row, int column, enum role role,
	const char *text)
{
	struct header_piece *p;

	if (row->count < HEADER_PIECES_MAX && *text) {
		p = &row->pieces[row->count++];
		p->column = column;
		p->role = role;
		snprintf(p->text, sizeof p->text, "%s", text);
	}
	return column + (int)width_text(text);
}
