/* history_connector: the connector's row and its streak. See history.h. */
#include "history/history_private.h"

#include <stdlib.h>
#include <string.h>

void
history_connector_release(struct history_connector *c)
{
	free(c->hold_by);
	free(c->hold_reason);
	free(c->streak_class);
	free(c->last_error);
	free(c->host);
	memset(c, 0, sizeof *c);
}

int
history_connector_get(struct history *h, struct history_connector *out,
	struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_CONNECTOR_GET, "");
	struct history_connector c = { 0 };

	if (history_step(h, st, err) <= 0)
		return -1;
	c.hold = sqlite3_column_int(st, 0);
	c.drain = sqlite3_column_int(st, 1);
	c.needs_check = sqlite3_column_int(st, 2);
	c.hold_by = history_text(st, 3);
	c.hold_reason = history_text(st, 4);
	c.hold_at = history_time(st, 5);
	c.hold_until = history_time(st, 6);
	c.breaker_open = sqlite3_column_int(st, 7);
	c.breaker_at = history_time(st, 8);
	c.probe_at = history_time(st, 9);
	c.probe_delay_ms = sqlite3_column_int64(st, 10);
	c.probe_youngest = sqlite3_column_int(st, 11);
	c.streak_kind = sqlite3_column_int(st, 12);
	c.streak_class = history_text(st, 13);
	c.streak_code = history_code(st, 14);
	c.streak_signal = sqlite3_column_int(st, 15);
	c.streak_count = sqlite3_column_int64(st, 16);
	c.imports = sqlite3_column_int64(st, 17);
	c.last_import_at = history_time(st, 18);
	c.started_at = history_time(st, 19);
	c.ended_at = history_time(st, 20);
	c.clean_end = sqlite3_column_int(st, 21);
	c.disk_low = sqlite3_column_int(st, 22);
	c.submit_waiting = sqlite3_column_int64(st, 23);
	c.submit_ignored = sqlite3_column_int64(st, 24);
	c.submit_oldest_at = history_time(st, 25);
	c.foreign_files = sqlite3_column_int64(st, 26);
	c.last_error = history_text(st, 27);
	c.host = history_text(st, 28);
	c.pid = sqlite3_column_int64(st, 29);
	c.newest_at = sqlite3_column_int64(st, 30);
	c.streak_at = sqlite3_column_int64(st, 31);
	history_done(st);
	*out = c;
	return 0;
}

int
history_connector_put(struct history *h, const struct history_connector *c,
	struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_CONNECTOR_PUT,
		"iiittnn" "innii" "itci" "iinnn" "iiiin" "ittiii",
		(int64_t)c->hold, (int64_t)c->drain, (int64_t)c->needs_check,
		c->hold_by, c->hold_reason, c->hold_at, c->hold_until,
		(int64_t)c->breaker_open, c->breaker_at, c->probe_at,
		c->probe_delay_ms, (int64_t)c->probe_youngest,
		(int64_t)c->streak_kind, c->streak_class, c->streak_code,
		(int64_t)c->streak_signal, c->streak_count, c->imports,
		c->last_import_at, c->started_at, c->ended_at,
		(int64_t)c->clean_end, (int64_t)c->disk_low, c->submit_waiting,
		c->submit_ignored, c->submit_oldest_at, c->foreign_files,
		c->last_error, c->host, c->pid, c->newest_at,
		c->streak_at), err);
}

int
history_streak_add(struct history *h, int64_t message, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_STREAK_ADD, "i",
		message), err);
}

int
history_streak_has(struct history *h, int64_t message, struct error *err)
{
	sqlite3_stmt *st = history_stmt(h, err, SQL_STREAK_HAS, "i", message);
	int rc = history_step(h, st, err);

	if (rc > 0)
		history_done(st);
	return rc;
}

int
history_streak_clear(struct history *h, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_STREAK_CLEAR, ""), err);
}

int
history_streak_suspect(struct history *h, struct error *err)
{
	return history_run(h, history_stmt(h, err, SQL_STREAK_SUSPECT, ""),
		err);
}
