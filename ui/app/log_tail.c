/* SPDX-License-Identifier: ISC */
/* log_tail: see log_tail.h for the contract. */
#include "app/log_tail.h"
#include "list/list_draw.h"
#include "term/term.h"
#include "view/log_list.h"

#define BODY_LEAST 16		/* lower screens belong to the list */

int
log_tail_rows(int body, int64_t lines)
{
	static const int twelfths[] = { 3, 4, 6, 8, 9 };	/* for the list */

	for (size_t i = 0; body >= BODY_LEAST && i < sizeof twelfths /
	     sizeof *twelfths; i++) {
		int list = body * twelfths[i] / 12;

		/* With a title and a blank line. */
		if (lines + 2 <= list)
			return body - list < LOG_TAIL_LEAST ? 0 : body - list;
	}
	return 0;
}

void
log_tail_draw(struct desk *desk, int row, int rows, int width)
{
	struct log_list log = { .history = desk->store.history,
		.then = &desk->then };
	struct list_view view = { .top = row + 1, .width = width, .plain = true,
		.columns = log_columns, .count = LOG_COLUMNS };
	struct error err = ERROR_INIT;
	struct list list;

	for (int i = 0; i < width - 1; i++)
		term_put(row, i, 1, ROLE_RULE, "-");
	term_put(row, 2, -1, ROLE_TITLE, " Log, newest first ");
	list_init(&list, &log_source, &log);
	if (list_resize(&list, (size_t)(rows - 2), &err) < 0 ||
	    list_reload(&list, &err) < 0)
		desk_fail(desk, &err);
	list_draw(&list, &view);
	list_release(&list);
}
