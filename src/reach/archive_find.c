/* SPDX-License-Identifier: ISC */
/* archive_find: what is asked of the archive. See archive.h. */
#include "reach/archive_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS(column) "(extract(epoch FROM " column ") * 1000)::bigint"

/* What it was, before it was made printable. */
#define BYTES(column, bytes) \
	"coalesce(" bytes ", convert_to(" column ", 'UTF8'))"

/* host and path are the store's; then columns of the message, in the order of
 * read_message. */
#define FIND_BEGIN \
	"SELECT s.host, s.path, id, " BYTES("name", "name_bytes") ", state, " \
	"size, " MS("received_at") ", attempts, tries, result_code, class, " \
	BYTES("reason", "reason_bytes") ", " \
	BYTES("from_addr", "from_bytes") ", " BYTES("to_addrs", "to_bytes") \
	", " BYTES("subject", "subject_bytes") ", " \
	BYTES("date_text", "date_bytes") ", und_bytes, suspect, " MS("at") \
	", maybe_delivered, retries, " \
	BYTES("action_reason", "action_reason_bytes") ", action_by, parent, " \
	"content FROM ccmq.message m JOIN ccmq.store s ON s.store = m.store " \
	"AND s.epoch = m.epoch AND s.newest WHERE "
/* The newest version: its key is looked up for what matches alone. */
#define FIND_END \
	" AND txn = (SELECT max(n.txn) FROM ccmq.message n WHERE n.store = " \
	"m.store AND n.epoch = m.epoch AND n.id = m.id) ORDER BY received_at " \
	"DESC, s.host, id DESC LIMIT $1::bigint"

/* Columns of a row, one behind the other. */
struct cursor {
	const PGresult *r;
	int row, column;
};

static char *
next_text(struct cursor *c)
{
	int column = c->column++;

	return PQgetisnull(c->r, c->row, column) ? NULL :
		PQgetvalue(c->r, c->row, column);
}

static int64_t
next_number(struct cursor *c, int64_t none)
{
	const char *text = next_text(c);

	return text ? strtoll(text, NULL, 10) : none;
}

static bool
next_bool(struct cursor *c)
{
	const char *text = next_text(c);

	return text && *text == 't';
}

/* To be freed, or NULL. */
static char *
next_bytes(struct cursor *c, size_t *len_out)
{
	const char *text = next_text(c);
	unsigned char *bytes = text ? PQunescapeBytea((const unsigned char *)
		text, len_out) : NULL;
	char *copy = bytes ? xstrndup((const char *)bytes, *len_out) : NULL;

	PQfreemem(bytes);
	return copy;
}

/* Words of ours stay the result's. */
static void
read_message(struct cursor *c, struct history_message *m)
{
	size_t len;

	*m = (struct history_message){ .id = next_number(c, 0) };
	m->true_name = next_bytes(c, &m->true_name_len);
	(void)state_parse(next_text(c), &m->state);
	m->size = next_number(c, 0);
	m->received_at = next_number(c, HISTORY_NO_TIME);
	m->attempts = next_number(c, 0);
	m->tries = next_number(c, 0);
	m->code = (int)next_number(c, HISTORY_NO_CODE);
	m->class = next_text(c);
	m->reason = next_bytes(c, &len);
	m->from = next_bytes(c, &len);
	m->to = next_bytes(c, &len);
	m->subject = next_bytes(c, &len);
	m->date_text = next_bytes(c, &len);
	m->und_bytes = next_number(c, 0);
	m->suspect = next_bool(c);
	m->since = next_number(c, 0);
	m->maybe_delivered = next_bool(c);
	m->retries = next_number(c, 0);
	m->action_reason = next_bytes(c, &len);
	m->action_by = next_text(c);
	m->parent = next_number(c, 0);
	m->content = next_text(c);
	m->next_attempt_at = HISTORY_NO_TIME;
}

static void
free_message(struct history_message *m)
{
	char *const texts[] = { m->true_name, m->reason, m->from, m->to,
		m->subject, m->date_text, m->action_reason };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
}

/* The values of the expression behind the limit; to free, each but the first. */
static const char **
bind(const struct match *match, const char *limit)
{
	size_t n = match_value_count(match);
	const char **values = xcalloc(n + 1, sizeof *values);

	values[0] = limit;
	for (size_t i = 0; i < n; i++) {
		struct match_value v = match_value(match, i);

		values[i + 1] = v.type == MATCH_VALUE_TEXT ? xstrdup(v.text) :
			xasprintf("%" PRId64, v.number);
	}
	return values;
}

int
archive_find(struct archive *a, const struct match *match, int64_t limit,
	archive_found found, void *arg, struct error *err)
{
	size_t n = match_value_count(match);
	char number[24], *where = match_where(match, 2);
	const char **values = bind(match, number);
	struct str sql = STR_INIT;
	PGresult *r;

	snprintf(number, sizeof number, "%" PRId64, limit);
	str_addf(&sql, "%s%s%s", FIND_BEGIN, where, FIND_END);
	r = archive_query(a, err, sql.data, (int)n + 1, values);
	for (int i = 0; r && i < PQntuples(r); i++) {
		struct cursor c = { r, i, 2 };
		struct history_message m;

		read_message(&c, &m);
		found(arg, PQgetvalue(r, i, 0), PQgetvalue(r, i, 1), &m);
		free_message(&m);
	}
	for (size_t i = 1; i <= n; i++)
		free((char *)(uintptr_t)values[i]);
	free(values);
	free(where);
	str_release(&sql);
	PQclear(r);
	return r ? 0 : -1;
}

/* --- a report ------------------------------------------------------------------ */

/* Each of [$1, $2), a row of which becomes an object of its columns: those that
 * end in _at are times, those that are numbers are numbers. */
static const struct {
	const char *kind, *sql;
} questions[] = {
	{ "flow",
	  "SELECT s.host, s.path AS store, (SELECT count(DISTINCT id) FROM "
	  "ccmq.message m WHERE m.store = s.store AND m.epoch = s.epoch AND "
	  "m.at >= $1 AND m.received_at >= $1 AND m.received_at < $2) AS "
	  "arrived, (SELECT count(*) FROM ccmq.change c WHERE c.store = s.store "
	  "AND c.epoch = s.epoch AND c.at >= $1 AND c.at < $2 AND c.state_to = "
	  "'imported') AS imported, (SELECT count(*) FROM ccmq.change c WHERE "
	  "c.store = s.store AND c.epoch = s.epoch AND c.at >= $1 AND c.at < $2 "
	  "AND c.state_to = 'failed') AS failed, " MS("s.copied") " AS "
	  "copied_at FROM ccmq.store s WHERE s.newest ORDER BY s.host, s.path" },
	{ "failures",
	  "SELECT class, result_code, reason, count(DISTINCT (t.store, "
	  "message)) AS messages, count(DISTINCT t.store) AS stores, "
	  "string_agg(DISTINCT s.host, ' ') AS hosts, " MS("min(at)") " AS "
	  "first_at, " MS("max(at)") " AS last_at FROM ccmq.attempt t JOIN "
	  "ccmq.store s ON s.store = t.store AND s.epoch = t.epoch AND s.newest "
	  "WHERE at >= $1 AND at < $2 AND class <> 'imported' GROUP BY 1, 2, 3 "
	  "ORDER BY messages DESC, class, result_code LIMIT 100" },
	{ "actions",
	  "SELECT host, id, " MS("at") " AS at, by, verb, total, done, reason "
	  "FROM (SELECT DISTINCT ON (t.store, t.id) t.*, s.host FROM "
	  "ccmq.action t JOIN ccmq.store s ON s.store = t.store AND s.epoch = "
	  "t.epoch AND s.newest WHERE at >= $1 AND at < $2 ORDER BY t.store, "
	  "t.id, t.txn DESC) t ORDER BY at, host, id LIMIT 500" },
};

static void
put_column(struct json_line *j, const PGresult *r, int row, int column)
{
	const char *name = PQfname(r, column), *end = strrchr(name, '_');
	const char *text = PQgetvalue(r, row, column);
	bool time = strcmp(end ? end + 1 : name, "at") == 0;

	if (PQgetisnull(r, row, column))
		json_put_null(j, name);
	else if (time)
		json_put_time(j, name, strtoll(text, NULL, 10));
	else if (PQftype(r, column) == 20 || PQftype(r, column) == 23)
		json_put_number(j, name, strtoll(text, NULL, 10));
	else
		json_put_text(j, name, text);
}

int
archive_report(struct archive *a, int64_t from, int64_t to,
	void (*line)(void *arg, struct json_line *j), void *arg,
	struct error *err)
{
	char begin[TEXT_TIME_MAX], end[TEXT_TIME_MAX];
	const char *values[] = { text_rfc3339(begin, from),
		text_rfc3339(end, to) };

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		PGresult *r = archive_query(a, err, questions[i].sql, 2,
			values);

		if (!r)
			return -1;
		for (int row = 0; row < PQntuples(r); row++) {
			struct json_line *j = json_line_new();

			json_put_text(j, "kind", questions[i].kind);
			for (int c = 0; c < PQnfields(r); c++)
				put_column(j, r, row, c);
			line(arg, j);
		}
		PQclear(r);
	}
	return 0;
}
