/* SPDX-License-Identifier: ISC */
/* history_list: where all files are, and causes. See history.h. */
#include "history/history_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
read_place(sqlite3_stmt *st, struct history_message *out)
{
	*out = (struct history_message){
		.id = sqlite3_column_int64(st, 0),
		.name = history_text(st, 1),
		.state = history_state(st, 3),
		.kept = sqlite3_column_int(st, 4),
		.move_from = history_text(st, 5),
		.move_to = history_text(st, 6),
		.move_stuck = sqlite3_column_int(st, 7),
		.size = sqlite3_column_int64(st, 8),
		.watched = sqlite3_column_int(st, 9),
		.inode = sqlite3_column_int64(st, 10),
		.mtime_ns = sqlite3_column_int64(st, 11),
	};
	out->true_name = history_blob(st, 2, &out->true_name_len);
}

/* Number or -1. */
static int
read_places(struct history *h, sqlite3_stmt *st,
	struct history_message *rows_out, struct error *err)
{
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		read_place(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_message_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_places(struct history *h, int64_t after, int limit,
	struct history_message *rows_out, struct error *err)
{
	return read_places(h, history_stmt(h, err, SQL_MESSAGE_PLACES, "ii",
		after, (int64_t)limit), rows_out, err);
}

int
history_moves(struct history *h, bool stuck, int64_t after, int limit,
	struct history_message *rows_out, struct error *err)
{
	return read_places(h, history_stmt(h, err, stuck ? SQL_MOVES_STUCK :
		SQL_MOVES, "ii", after, (int64_t)limit), rows_out, err);
}

int
history_noted(struct history *h, int64_t *ids_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_NOTED, "i", (int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		ids_out[n++] = sqlite3_column_int64(st, 0);
	return rc < 0 ? -1 : n;
}

int
history_watched(struct history *h, int64_t after, int limit,
	struct history_message *rows_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_WATCHED, "ii", after,
		(int64_t)limit);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0)
		history_read_message(st, &rows_out[n++]);
	while (rc < 0 && n > 0)
		history_message_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

#define CAUSES_MAX 1000		/* a program that prints numbers as reasons */

int
history_cause(struct history *h, const char *class, int code, int signal,
	const char *reason, int64_t *id_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CAUSE_FIND, "tcit", class,
		code, (int64_t)signal, reason);
	int rc = history_step(h, st, err);

	if (rc == 0) {
		st = history_stmt(h, err, SQL_CAUSE_COUNT, "");
		rc = history_step(h, st, err);
		if (rc > 0 && reason &&
		    sqlite3_column_int64(st, 0) >= CAUSES_MAX) {
			history_done(st);
			return history_cause(h, class, code, signal, NULL,
				id_out, err);
		}
		if (rc > 0)
			history_done(st);
		st = history_stmt(h, err, SQL_CAUSE_ADD, "tcit", class, code,
			(int64_t)signal, reason);
		rc = rc < 0 ? -1 : history_step(h, st, err);
	}
	if (rc < 0)
		return -1;
	*id_out = sqlite3_column_int64(st, 0);
	history_done(st);
	return 0;
}

void
history_cause_row_release(struct history_cause_row *row)
{
	free(row->class);
	free(row->reason);
	memset(row, 0, sizeof *row);
}

int
history_causes(struct history *h, enum state state,
	struct history_cause_row *rows_out, int max, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CAUSES, "ti",
		state_word(state), (int64_t)max);
	int n = 0, rc;

	while ((rc = history_step(h, st, err)) > 0) {
		struct history_cause_row *row = &rows_out[n++];

		row->cause = sqlite3_column_int64(st, 0);
		row->class = history_text(st, 1);
		row->code = history_code(st, 2);
		row->signal = sqlite3_column_int(st, 3);
		row->reason = history_text(st, 4);
		row->suspect = sqlite3_column_int(st, 5);
		row->n = sqlite3_column_int64(st, 6);
		row->bytes = sqlite3_column_int64(st, 7);
		row->retried = sqlite3_column_int64(st, 8);
		row->first_at = history_time(st, 9);
		row->last_at = history_time(st, 10);
	}
	while (rc < 0 && n > 0)
		history_cause_row_release(&rows_out[--n]);
	return rc < 0 ? -1 : n;
}

int
history_cause_doubt(struct history *h, enum state state,
	struct history_cause_row *out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CAUSE_DOUBT, "t",
		state_word(state));

	if (history_step(h, st, err) <= 0)
		return -1;
	*out = (struct history_cause_row){ .cause = HISTORY_CAUSE_DOUBT,
		.n = sqlite3_column_int64(st, 0),
		.code = sqlite3_column_int(st, 1),
		.bytes = sqlite3_column_int64(st, 2),
		.retried = sqlite3_column_int64(st, 3),
		.first_at = history_time(st, 4),
		.last_at = history_time(st, 5) };
	history_done(st);
	return out->n > 0;
}

#define STORM_LEAST 20

int
history_storm(struct history *h, int64_t since, struct history_storm *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_STORM, "i", since);
	int rc = history_step(h, st, err);
	const char *reason;

	if (rc <= 0)
		return rc;
	out->cause = sqlite3_column_int64(st, 0);
	out->n = sqlite3_column_int64(st, 1);
	out->first_at = sqlite3_column_int64(st, 2);
	out->last_at = sqlite3_column_int64(st, 3);
	reason = (const char *)sqlite3_column_text(st, 4);
	snprintf(out->reason, sizeof out->reason, "%s", reason ? reason : "");
	history_done(st);
	return out->n >= STORM_LEAST;
}

int
history_again(struct history *h, int64_t since, int64_t *id_out,
	int64_t *at_out, unsigned *times_out, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_AGAIN, "i", since);
	int rc = history_step(h, st, err);

	if (rc < 0)
		return -1;
	*id_out = rc ? sqlite3_column_int64(st, 0) : 0;
	*at_out = rc ? sqlite3_column_int64(st, 1) : 0;
	*times_out = rc ? (unsigned)sqlite3_column_int(st, 2) : 0;
	if (rc)
		history_done(st);
	return 0;
}
