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

/* The newest $2 versions that match of a table, by an index where there is one, and only
 * of these the newest of each message, by its key: that costs a look into each
 * month. How many of the first there were, in each row; a row without a message
 * where none is the newest. Behind host and path, the store's, stand columns of
 * the message in the order of read_message. */
#define FIND_BEGIN \
	"WITH c AS MATERIALIZED (SELECT m.*, s.host, s.path FROM ccmq.%s m " \
	"JOIN ccmq.store s ON s.store = m.store AND s.epoch = m.epoch AND " \
	"s.newest WHERE "
#define FIND_END \
	" ORDER BY received_at DESC, s.host, id DESC LIMIT $2::bigint), f AS " \
	"(SELECT * FROM c WHERE NOT EXISTS (SELECT FROM ccmq.message n WHERE " \
	"n.store = c.store AND n.epoch = c.epoch AND n.id = c.id AND n.txn > " \
	"c.txn) ORDER BY received_at DESC, host, id DESC LIMIT $1::bigint) " \
	"SELECT looked, host, path, id, " BYTES("name", "name_bytes") ", " \
	"state, size, " MS("received_at") ", attempts, tries, result_code, " \
	"class, " BYTES("reason", "reason_bytes") ", " \
	BYTES("from_addr", "from_bytes") ", " BYTES("to_addrs", "to_bytes") \
	", " BYTES("subject", "subject_bytes") ", " \
	BYTES("date_text", "date_bytes") ", und_bytes, suspect, " MS("at") \
	", maybe_delivered, retries, " \
	BYTES("action_reason", "action_reason_bytes") ", action_by, parent, " \
	"content FROM (SELECT count(*) AS looked FROM c) k LEFT JOIN f ON " \
	"true ORDER BY received_at DESC, host, id DESC"
#define FIND_VERSIONS 4			/* looked at for each asked for, … */
#define FIND_MORE 8			/* … and so many times more */

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

/* The values of the expression behind the limits; to free, each but those. */
static const char **
bind(const struct match *match, const char *limit, const char *versions)
{
	size_t n = match_value_count(match);
	const char **values = xcalloc(n + 2, sizeof *values);

	values[0] = limit;
	values[1] = versions;
	for (size_t i = 0; i < n; i++) {
		struct match_value v = match_value(match, i);

		values[i + 2] = v.type == MATCH_VALUE_TEXT ? xstrdup(v.text) :
			xasprintf("%" PRId64, v.number);
	}
	return values;
}

/* Looks at ever more versions until enough of them are the newest, or there are
 * no more. The rows, or NULL. */
static PGresult *
look(struct archive *a, const char *sql, const struct match *match,
	int64_t limit, struct error *err)
{
	size_t n = match_value_count(match);
	char number[24], versions[24];
	const char **values = bind(match, number, versions);
	int64_t most = limit;
	PGresult *r = NULL;
	bool more;

	snprintf(number, sizeof number, "%" PRId64, limit);
	for (int64_t by = FIND_VERSIONS; ; by = FIND_MORE) {
		most = most > INT64_MAX / by ? INT64_MAX : most * by;
		snprintf(versions, sizeof versions, "%" PRId64, most);
		PQclear(r);
		r = archive_limit_next(a, err) < 0 ? NULL :
			archive_query(a, err, sql, (int)n + 2, values);
		more = r && strtoll(PQgetvalue(r, 0, 0), NULL, 10) >= most &&
			(PQntuples(r) < limit || PQgetisnull(r, 0, 1));
		if (!more)
			break;
	}
	for (size_t i = 0; i < n; i++)
		free((char *)(uintptr_t)values[i + 2]);
	free(values);
	return r;
}

/* Where all that match are: of what is not imported there is little. Nearly all
 * end in these states. */
#define SETTLED (STATE_BIT(STATE_IMPORTED) | STATE_BIT(STATE_GONE))

static const char *
table_for(const struct archive *a, const struct match *match)
{
	return a->version < 2 || (match_states(match) & SETTLED) ?
		"message" : "not_imported";
}

int
archive_find(struct archive *a, const struct match *match, int64_t limit,
	archive_found found, void *arg, struct error *err)
{
	char *where = match_where(match, 3);
	struct str sql = STR_INIT;
	PGresult *r;

	str_addf(&sql, FIND_BEGIN "%s" FIND_END, table_for(a, match), where);
	r = look(a, sql.data, match, limit, err);
	for (int i = 0; r && i < PQntuples(r) && !PQgetisnull(r, i, 1); i++) {
		struct cursor c = { r, i, 3 };
		struct history_message m;

		read_message(&c, &m);
		found(arg, PQgetvalue(r, i, 1), PQgetvalue(r, i, 2), &m);
		free_message(&m);
	}
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
	  "SELECT s.host, s.path AS store, coalesce(arrived, 0) AS arrived, "
	  "coalesce(imported, 0) AS imported, coalesce(failed, 0) AS failed, "
	  MS("s.copied") " AS copied_at FROM ccmq.store s LEFT JOIN (SELECT "
	  "store, epoch, count(DISTINCT id) AS arrived FROM ccmq.message WHERE "
	  "at >= $1 AND received_at >= $1 AND received_at < $2 GROUP BY 1, 2) m "
	  "USING (store, epoch) LEFT JOIN (SELECT store, epoch, count(*) FILTER "
	  "(WHERE state_to = 'imported') AS imported, count(*) FILTER (WHERE "
	  "state_to = 'failed') AS failed FROM ccmq.change WHERE at >= $1 AND "
	  "at < $2 GROUP BY 1, 2) c USING (store, epoch) WHERE s.newest "
	  "ORDER BY s.host, s.path" },
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

	/* A span of a month is read by its index, not with the whole month. */
	if (archive_run(a, err, "SET enable_seqscan = off") < 0)
		return -1;
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		PGresult *r = archive_limit_next(a, err) < 0 ? NULL :
			archive_query(a, err, questions[i].sql, 2, values);

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
