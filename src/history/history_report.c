/* SPDX-License-Identifier: ISC */
/* history_report: see history_report.h for the contract. */
#include "history/history_report.h"
#include "history/history_private.h"

#include <stdlib.h>
#include <string.h>

void
history_failure_row_release(struct history_failure_row *row)
{
	free(row->class);
	free(row->reason);
	memset(row, 0, sizeof *row);
}

int
history_failures(struct history *h, int64_t from, int64_t to,
	struct history_failure_row *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_REPORT_FAILURES, "iii",
		from, to, (int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		rows_out[n++] = (struct history_failure_row){
			.class = history_text(st, 0),
			.code = history_code(st, 1),
			.signal = sqlite3_column_int(st, 2),
			.reason = history_text(st, 3),
			.n = sqlite3_column_int64(st, 4),
			.first_at = sqlite3_column_int64(st, 5),
			.last_at = sqlite3_column_int64(st, 6),
			.failed = sqlite3_column_int64(st, 7),
			.imported = sqlite3_column_int64(st, 8),
			.waiting = sqlite3_column_int64(st, 9),
			.messages = sqlite3_column_int64(st, 10),
		};
	while (rc < 0 && n > 0)
		history_failure_row_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_actions_in(struct history *h, int64_t from, int64_t to,
	struct history_action *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_REPORT_ACTIONS, "iii",
		from, to, (int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		history_read_action(st, 0, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_action_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_turns(struct history *h, int number, int64_t from, int64_t to,
	struct history_event *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_REPORT_TURNS, "iiii",
		(int64_t)number, from, to, (int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		history_read_event(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_event_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}
