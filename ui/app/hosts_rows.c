/* SPDX-License-Identifier: ISC */
/* hosts_rows: see hosts_rows.h for the contract. */
#include "app/hosts_rows.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "list/list_kept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_NAME, HOST_TEXT, HOST_FAILED, HOST_QUEUE, HOST_OLDEST, HOST_UND,
	HOST_DISK, HOST_IMPORT, HOST_AGE, HOST_VERSION };
enum { CAUSE_N, CAUSE_WORDS, CAUSE_HOSTS, CAUSE_FIRST, CAUSE_LAST };
enum { ITEM_HOST, ITEM_ID, ITEM_RESULT, ITEM_WHY };

static const struct list_column host_columns[] = {
	[HOST_NAME] = { "HOST", 0, 10, 20, false, 0, false },
	[HOST_TEXT] = { "VERDICT", 0, 17, LIST_UNLIMITED, false, 0, true },
	[HOST_FAILED] = { "FAILED", 0, 6, 0, true, 1, false },
	[HOST_QUEUE] = { "QUEUE", 0, 5, 0, true, 2, false },
	[HOST_OLDEST] = { "OLDEST", 0, 6, 0, true, 6, false },
	[HOST_UND] = { ".UND", 0, 5, 0, true, 5, false },
	[HOST_DISK] = { "DISK", 0, 5, 0, true, 4, false },
	[HOST_IMPORT] = { "IMPORT", 0, 6, 0, true, 7, false },
	[HOST_AGE] = { "ROW", 0, 4, 0, true, 3, false },
	[HOST_VERSION] = { "VERSION", 0, 7, 12, false, 8, false },
};
static const struct list_column cause_columns[] = {
	[CAUSE_N] = { "MESSAGES", 0, 8, 0, true, 0, false },
	[CAUSE_WORDS] = { "CAUSE", 0, 14, LIST_UNLIMITED, false, 0, true },
	[CAUSE_HOSTS] = { "HOSTS", 0, 5, 0, true, 0, false },
	[CAUSE_FIRST] = { "FIRST", 0, 6, 0, true, 2, false },
	[CAUSE_LAST] = { "LAST", 0, 6, 0, true, 1, false },
};
static const struct list_column item_columns[] = {
	[ITEM_HOST] = { "HOST", 0, 10, 20, false, 0, false },
	[ITEM_ID] = { "MESSAGE", 0, 8, 0, true, 0, false },
	[ITEM_RESULT] = { "RESULT", 0, 9, 0, false, 0, false },
	[ITEM_WHY] = { "WHY", 0, 8, LIST_UNLIMITED, false, 0, true },
};

const struct list_column *
hosts_columns(enum hosts_what what, int width, size_t *count_out)
{
	(void)width;
	*count_out = what == HOSTS_ROWS ? sizeof host_columns /
		sizeof *host_columns : what == HOSTS_CAUSES ?
		sizeof cause_columns / sizeof *cause_columns :
		sizeof item_columns / sizeof *item_columns;
	return what == HOSTS_ROWS ? host_columns : what == HOSTS_CAUSES ?
		cause_columns : item_columns;
}

/* ---- hosts ---- */

static int
host_order(const void *a, const void *b)
{
	return host_compare(a, b);
}

static int64_t
host_id(const void *row)
{
	return ((const struct host *)row)->id;
}

static void *
host_copy(const void *row)
{
	return xmemdup(row, sizeof(struct host));
}

/* What is wrong with the line counts more than what was last heard. */
static const char *
host_text(const struct host *o)
{
	if (o->state != HOST_LIVE && *o->why && !o->old)
		return o->why;
	return o->facts.known ? o->facts.text : "no word yet";
}

/* Whether every word of the filter occurs in one of two texts, in whatever case,
 * and none of those behind a -. */
static bool
passes(const struct hosts_rows *r, const char *one, const char *other)
{
	char words[HOSTS_FILTER_MAX], *save, *w;

	snprintf(words, sizeof words, "%s", r->filter);
	for (w = strtok_r(words, " ", &save); w;
	     w = strtok_r(NULL, " ", &save)) {
		bool not = *w == '-' && w[1];

		if ((strcasestr(one, w + not) || strcasestr(other, w + not)) ==
		    not)
			return false;
	}
	return true;
}

static int
host_count(void *ctx, int64_t *out, struct error *err)
{
	struct hosts_rows *r = ctx;
	int n = 0;

	(void)err;
	free(r->host);
	r->host = xcalloc(r->hosts->count, sizeof *r->host);
	for (size_t i = 0; i < r->hosts->count; i++)
		if (passes(r, r->hosts->host[i].set->name,
		    host_text(&r->hosts->host[i])))
			r->host[n++] = r->hosts->host[i];
	r->count[HOSTS_ROWS] = n;
	*out = n;
	return 0;
}

static void
add_span(struct str *out, int64_t s)
{
	char n[TEXT_NUMBER_MAX];

	str_add(out, s < 0 ? "" : text_duration(n, s * 1000));
}

static void
add_size(struct str *out, int64_t bytes)
{
	char n[TEXT_NUMBER_MAX];

	str_add(out, bytes < 0 ? "" : text_size(n, (uint64_t)bytes));
}

static void
add_count(struct str *out, int64_t count)
{
	char n[TEXT_NUMBER_MAX];

	str_add(out, count < 0 ? "" : text_count(n, (uint64_t)count));
}

static void
add_time(struct str *out, int64_t at)
{
	char text[TEXT_TIME_MAX];

	str_add(out, at == HISTORY_NO_TIME ? "" : text_time(text, at,
		clock_wall()));
}

static void
host_cell(void *ctx, const struct list_row *row, size_t column, struct str *out)
{
	const struct host *o = row->data;
	const struct host_facts *f = &o->facts;

	(void)ctx;
	if (column == HOST_NAME)
		str_add(out, o->set->name);
	else if (column == HOST_TEXT)
		str_add(out, host_text(o));
	else if (!f->known)
		return;
	else if (column == HOST_FAILED)
		add_count(out, f->failed);
	else if (column == HOST_QUEUE)
		add_count(out, f->queued + f->deferred);
	else if (column == HOST_OLDEST)
		add_span(out, f->oldest_s);
	else if (column == HOST_UND)
		add_size(out, f->und_bytes);
	else if (column == HOST_DISK)
		add_size(out, f->disk_free);
	else if (column == HOST_IMPORT)
		add_time(out, f->last_import_at);
	else if (column == HOST_AGE)
		str_addf(out, "%" PRId64 "s", (clock_mono_ms() -
			f->heard_mono_ms) / 10000 * 10);
	else
		str_add(out, f->version);
}

static void
host_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	const struct host *o = row->data;
	bool down = o->state != HOST_LIVE && *o->why && !o->old;

	(void)ctx;
	memcpy(out, down ? "--" : o->facts.known ?
		verdict_sign(o->facts.severity) : "  ", 2);
}

/* A host's name, in its colour if it has one. */
static enum role
name_role(const struct hosts_rows *r, size_t host)
{
	return r->own[host] < 0 ? ROLE_TITLE :
		(enum role)(ROLE_OWN + r->own[host]);
}

static enum role
host_role(void *ctx, const struct list_row *row, size_t column)
{
	const struct host *o = row->data;

	if (column == HOST_NAME)
		return name_role(ctx, (size_t)o->id - 1);
	if (column != HOST_TEXT)
		return ROLE_NORMAL;
	if (o->state != HOST_LIVE && !o->old)
		return *o->why ? ROLE_BAD : ROLE_DIM;
	return o->facts.severity == VERDICT_ACT ? ROLE_BAD :
		o->facts.severity == VERDICT_LOOK ? ROLE_LOOK : ROLE_NORMAL;
}

/* ---- causes ---- */

/* Most first. */
static int
cause_order(const void *one, const void *other)
{
	const struct hosts_cause *a = one, *b = other;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int64_t
cause_id(const void *row)
{
	return ((const struct hosts_cause *)row)->id;
}

static void *
cause_copy(const void *data)
{
	const struct hosts_cause *from = data;
	struct hosts_cause *c = xmemdup(from, sizeof *from);

	c->class = xstrdup(from->class);
	c->reason = xstrdup(from->reason);
	c->parts = NULL;		/* how many is what is shown */
	return c;
}

/* Those that have messages; their texts stay the causes'. */
static int
cause_count(void *ctx, int64_t *out, struct error *err)
{
	struct hosts_rows *r = ctx;
	char words[160];
	int n = 0;

	(void)err;
	free(r->cause);
	r->cause = xcalloc(r->causes->count + 1, sizeof *r->cause);
	for (size_t i = 0; i < r->causes->count; i++)
		if (r->causes->rows[i].n > 0 && passes(r, hosts_cause_words(
		    words, &r->causes->rows[i]), ""))
			r->cause[n++] = r->causes->rows[i];
	r->count[HOSTS_CAUSES] = n;
	*out = n;
	return 0;
}

static void
cause_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct hosts_cause *c = row->data;
	char words[160];

	(void)ctx;
	if (column == CAUSE_N)
		add_count(out, c->n);
	else if (column == CAUSE_HOSTS)
		add_count(out, (int64_t)c->part_count);
	else if (column == CAUSE_WORDS)
		str_add(out, hosts_cause_words(words, c));
	else
		add_time(out, column == CAUSE_FIRST ? c->first_at :
			c->last_at);
}

static void
cause_free(void *ctx, struct list_row *row)
{
	struct hosts_cause *c = row->data;

	(void)ctx;
	free(c->class);
	free(c->reason);
	free(c);
	row->data = NULL;
}

/* ---- results ---- */

/* What is not known first, then what was not done. */
static int
item_order(const void *one, const void *other)
{
	static const int place[OPERATION_RESULT_COUNT] = {
		[OPERATION_UNKNOWN] = 0, [OPERATION_PENDING] = 1,
		[OPERATION_FAILED] = 2, [OPERATION_SKIPPED] = 3,
		[OPERATION_UNCHANGED] = 4, [OPERATION_NOTED] = 5,
		[OPERATION_DONE] = 6,
	};
	const struct hosts_item *a = one, *b = other;

	if (a->result != b->result)
		return place[a->result] - place[b->result];
	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int64_t
item_id(const void *row)
{
	const struct hosts_item *i = row;

	return i->id * (SETTINGS_HOSTS_MAX + 1) + (int64_t)i->host;
}

static void *
item_copy(const void *data)
{
	const struct hosts_item *from = data;
	struct hosts_item *i = xmemdup(from, sizeof *from);

	i->why = xstrdup(from->why);
	return i;
}

static int
item_count(void *ctx, int64_t *out, struct error *err)
{
	struct hosts_rows *r = ctx;
	int n = 0;

	(void)err;
	free(r->item);
	r->item = xcalloc(r->work->count + 1, sizeof *r->item);
	for (size_t i = 0; i < r->work->count; i++) {
		const struct hosts_item *item = &r->work->items[i];

		if (passes(r, r->hosts->host[item->host].set->name,
		    item->result == OPERATION_PENDING ? "not sent" :
		    operation_word(item->result)))
			r->item[n++] = *item;
	}
	r->count[HOSTS_RESULTS] = n;
	*out = n;
	return 0;
}

static enum role
item_role(void *ctx, const struct list_row *row, size_t column)
{
	const struct hosts_item *i = row->data;

	return column == ITEM_HOST ? name_role(ctx, i->host) : ROLE_NORMAL;
}

static void
item_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct hosts_rows *r = ctx;
	const struct hosts_item *i = row->data;

	if (column == ITEM_HOST)
		str_add(out, r->hosts->host[i->host].set->name);
	else if (column == ITEM_ID)
		str_addf(out, "#%" PRId64, i->id);
	else if (column == ITEM_RESULT)
		str_add(out, i->result == OPERATION_PENDING ? "not sent" :
			operation_word(i->result));
	else if (i->why)
		str_add(out, i->why);
}

static void
item_free(void *ctx, struct list_row *row)
{
	struct hosts_item *i = row->data;

	(void)ctx;
	free(i->why);
	free(i);
	row->data = NULL;
}

/* ---- what they share ---- */

static const struct list_kept kept[HOSTS_WHATS] = {
	{ sizeof(struct host), host_order, host_id, host_copy, "" },
	{ sizeof(struct hosts_cause), cause_order, cause_id, cause_copy,
		"no message any more" },
	{ sizeof(struct hosts_item), item_order, item_id, item_copy, "" },
};

static void
plain_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	free(row->data);
	row->data = NULL;
}

#define SOURCE(what, name) \
static int \
name##_fetch(void *ctx, const struct list_row *anchor, bool forward, \
	size_t n, struct list_row *out, struct error *err) \
{ \
	struct hosts_rows *r = ctx; \
	(void)err; \
	return list_kept_fetch(&kept[what], r->name, r->count[what], anchor, \
		forward, n, out); \
} \
static int \
name##_lookup(void *ctx, int64_t id, struct list_row *out, \
	char gone[LIST_GONE_MAX], struct error *err) \
{ \
	struct hosts_rows *r = ctx; \
	(void)err; \
	return list_kept_lookup(&kept[what], r->name, r->count[what], id, \
		out, gone); \
} \
static int \
name##_rows(void *ctx, const struct list_row *a, const struct list_row *b) \
{ \
	(void)ctx; \
	return name##_order(a->data, b->data); \
}

SOURCE(HOSTS_ROWS, host)
SOURCE(HOSTS_CAUSES, cause)
SOURCE(HOSTS_RESULTS, item)

const struct list_source hosts_sources[HOSTS_WHATS] = {
	[HOSTS_ROWS] = { .count = host_count, .fetch = host_fetch,
		.lookup = host_lookup, .compare = host_rows,
		.row_free = plain_free, .cell = host_cell, .marks =
		host_marks, .cell_role = host_role },
	[HOSTS_CAUSES] = { .count = cause_count, .fetch = cause_fetch,
		.lookup = cause_lookup, .compare = cause_rows,
		.row_free = cause_free, .cell = cause_cell },
	[HOSTS_RESULTS] = { .count = item_count, .fetch = item_fetch,
		.lookup = item_lookup, .compare = item_rows,
		.row_free = item_free, .cell = item_cell,
		.cell_role = item_role },
};

void
hosts_rows_release(struct hosts_rows *r)
{
	free(r->host);
	free(r->cause);
	free(r->item);
}
