/* SPDX-License-Identifier: ISC */
/*
 * header: the rows at the top of the console: host and connector, the verdict,
 * the rates, the views.
 *
 * header_fill makes them of facts, as pieces of text with a column and a role
 * each; header_draw puts the pieces on the terminal. At most HEADER_COLUMNS
 * are used, but for the meters of the disk and, where its peak of the last hour has room
 * beside it, the queue, behind the rates, from HEADER_METERS columns on; a number takes at most five. When a row is full double blanks go
 * first, then `/min` becomes `/m`, `Quarantine` `Quar`, the store loses its
 * beginning, names become a number, the counts of Trash, Quarantine and .und
 * go; then, on screens narrower than 80, what matters least is left out: never
 * the host, the connector's state, READ-ONLY, the clock, how many verdicts
 * more there are, or the view that is open.
 *
 * header_fill is pure: facts in, pieces out; local times use the process's
 * time zone. Foreign texts among the facts need not be printable.
 */
#ifndef CCMQ_UI_HEADER_H
#define CCMQ_UI_HEADER_H

#include "store/status.h"
#include "term/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEADER_COLUMNS 80
#define HEADER_METERS 100
#define HEADER_ROWS 4		/* three on a screen below 20 rows */
#define HEADER_PIECES_MAX 20

/* One entry of the row of views. */
struct header_view {
	const char *name;	/* "Failed" */
	const char *brief;	/* when the row is full; NULL: name */
	enum { HEADER_NOTHING, HEADER_COUNT, HEADER_SIZE } shows;
	int64_t number;		/* messages or bytes */
	enum alarm_level level;	/* above a limit: it has the sign's role */
};

struct header_facts {
	const struct status *status;
	const char *store;		/* its path */
	bool store_is_default;		/* then it is not shown */
	bool read_only;
	const char *const *others;	/* who else has a console open */
	size_t other_count;
	const struct header_view *views;
	size_t view_count;
	size_t view;			/* the one that is open */
	int64_t queue_most;		/* in the last hour; 0: not known */
	int64_t now;
	int64_t as_it_was_at;		/* the screen shows that time; 0: now.
					 * Process, disk and presence are not
					 * known of it */
};

struct header_piece {
	int column;
	enum role role;
	char text[VERDICT_BYTES];
};

struct header_row {
	size_t count;
	struct header_piece pieces[HEADER_PIECES_MAX];
};

/* How many header rows a screen of so many rows has. */
int header_rows(int screen_rows);

/* Fills `rows` rows (3 or 4) for a screen of so many columns. With three the
 * rates are left out; their last import stands behind the views then. */
void header_fill(const struct header_facts *facts, int rows, int columns,
	struct header_row out[HEADER_ROWS]);

/* Puts the rows on the terminal, from row 0 on. */
void header_draw(const struct header_facts *facts, int rows, int columns);

#endif
