/* SPDX-License-Identifier: ISC */
/* ages: see ages.h for the contract. */
#include "view/ages.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "list/list_kept.h"
#include "view/mail.h"

#include <stdlib.h>
#include <string.h>

#define BRIEF_COLUMNS 76	/* narrower screens get fewer bands */
#define BAND(title, drop) { title, 0, 4, 0, true, drop, false }

/* The titles are those of shape_band(), which the test compares. */
static const struct list_column wide[] = {
	{ "SENDER", 0, 14, 40, false, 0, true },
	{ "ALL", 0, 4, 0, true, 0, false },
	BAND("5m", 0), BAND("10m", 0), BAND("20m", 0), BAND("40m", 0),
	BAND("80m", 0), BAND("160m", 0), BAND("320m", 0), BAND("640m", 0),
	BAND("21h", 0), BAND(">21h", 0),
};

/* For narrow screens: bands together, up to and with which. */
static const struct list_column brief[] = {
	{ "SENDER", 0, 10, 40, false, 0, true },
	{ "ALL", 0, 4, 0, true, 1, false },
	BAND("20m", 0), BAND("160m", 0), BAND("21h", 0), BAND(">21h", 0),
};
static const int brief_ends[] = { 3, 6, 9, 10 };

const struct list_column *
ages_layout(struct ages *a, int width, size_t *count_out)
{
	a->brief = width < BRIEF_COLUMNS;
	*count_out = a->brief ? sizeof brief / sizeof *brief :
		sizeof wide / sizeof *wide;
	return a->brief ? brief : wide;
}

static void
forget(struct ages *a)
{
	while (a->count > 0)
		free(a->rows[--a->count].shape.name);
}

void
ages_release(struct ages *a)
{
	forget(a);
	free(a->rows);
	a->rows = NULL;
}

static void
add_counts(struct shape_row *to, const struct shape_row *more)
{
	to->n += more->n;
	for (int i = 0; i < SHAPE_BANDS; i++)
		to->bands[i] += more->bands[i];
}

/* Takes the names over: the rows that are shown. */
static void
take(struct ages *a, struct shape *s)
{
	size_t own = s->count < AGES_MAX ? s->count : AGES_MAX;

	if (!s->total.n)
		return;
	a->rows[a->count++] = (struct ages_row){ AGES_ALL, s->total };
	for (size_t i = 0; i < own; i++) {
		a->rows[a->count++] = (struct ages_row){ AGES_SENDER,
			s->rows[i] };
		s->rows[i].name = NULL;
	}
	for (size_t i = own; i < s->count; i++)
		add_counts(&s->others, &s->rows[i]);
	if (s->others.n)
		a->rows[a->count++] = (struct ages_row){ AGES_OTHERS,
			s->others };
}

static int
ages_count(void *ctx, int64_t *out, struct error *err)
{
	struct ages *a = ctx;
	struct shape shape;

	a->now = mail_now(a->then);
	a->patience.gave_up = false;
	if (!a->rows)
		a->rows = xcalloc(AGES_MAX + 2, sizeof *a->rows);
	if (!mail_past(a->then) && shape_collect(a->history,
	    HISTORY_SHAPE_SENDER, a->now, a->patience.go_on ? &a->patience :
	    NULL, &shape, err) < 0)
		return -1;
	forget(a);
	if (!mail_past(a->then)) {
		a->senders = (int64_t)shape.count;
		take(a, &shape);
		shape_release(&shape);
	}
	*out = a->count;
	return 0;
}

static void *
copy(const void *data)
{
	struct ages_row *row = xmemdup(data, sizeof *row);

	if (row->shape.name)
		row->shape.name = xstrdup(row->shape.name);
	return row;
}

/* FNV-1a of the name: it stays the same from count to count. */
static int64_t
id_of(const void *data)
{
	const struct ages_row *row = data;
	uint64_t h = UINT64_C(14695981039346656037);

	if (row->kind != AGES_SENDER)
		return row->kind == AGES_ALL ? 1 : 2;
	for (const char *c = row->shape.name; *c; c++)
		h = (h ^ (unsigned char)*c) * UINT64_C(1099511628211);
	return (int64_t)(h >> 1 | 4);
}

/* All first, then who wrote most, and the others last. */
static int
order(const void *one, const void *other)
{
	const struct ages_row *a = one, *b = other;

	if (a->kind != b->kind || a->kind != AGES_SENDER)
		return (int)a->kind - (int)b->kind;
	if (a->shape.n != b->shape.n)
		return a->shape.n > b->shape.n ? -1 : 1;
	return strcmp(a->shape.name, b->shape.name);
}

static const struct list_kept kept = {
	.size = sizeof(struct ages_row), .order = order, .id = id_of,
	.copy = copy, .gone = "nothing waits any more",
};

static int
ages_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct ages *a = ctx;

	(void)err;
	return list_kept_fetch(&kept, a->rows, a->count, anchor, forward, n,
		out);
}

static int
ages_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct ages *a = ctx;

	(void)err;
	return list_kept_lookup(&kept, a->rows, a->count, id, out, gone);
}

static int
ages_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	return order(a->data, b->data);
}

static void
ages_row_free(void *ctx, struct list_row *row)
{
	struct ages_row *r = row->data;

	(void)ctx;
	free(r->shape.name);
	free(r);
	row->data = NULL;
}

/* ---- cells ---- */

/* The messages in a column of bands. */
static int64_t
in_column(const struct ages *a, const struct ages_row *r, size_t column)
{
	int64_t n = 0;
	int end, i;

	if (column == 1)
		return r->shape.n;
	end = a->brief ? brief_ends[column - 2] : (int)column - 1;
	i = !a->brief ? end - 1 : column > 2 ? brief_ends[column - 3] : 0;
	for (; i < end; i++)
		n += r->shape.bands[i];
	return n;
}

static void
ages_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct ages *a = ctx;
	const struct ages_row *r = row->data;
	char number[TEXT_NUMBER_MAX];
	int64_t n;

	if (column == 0) {
		str_add(out, r->kind == AGES_ALL ? "all of them" :
			r->kind == AGES_OTHERS ? "all others" :
			*r->shape.name ? r->shape.name : "not known");
		return;
	}
	n = in_column(a, r, column);
	str_add(out, n ? text_brief_count(number, (uint64_t)n) : ".");
}

/* What is old warms up, as times do in lists. */
static enum role
ages_cell_role(void *ctx, const struct list_row *row, size_t column)
{
	const struct ages *a = ctx;
	size_t last = a->brief ? sizeof brief / sizeof *brief - 1 :
		sizeof wide / sizeof *wide - 1;

	if (column < 2 || !in_column(a, row->data, column))
		return column < 2 ? ROLE_NORMAL : ROLE_DIM;
	return column == last ? ROLE_OLD : !a->brief && column > 5 ?
		ROLE_WARM : ROLE_NORMAL;
}

const struct list_source ages_source = {
	.count = ages_count,
	.fetch = ages_fetch,
	.lookup = ages_lookup,
	.compare = ages_compare,
	.row_free = ages_row_free,
	.cell = ages_cell,
	.cell_role = ages_cell_role,
};

void
ages_expression(const struct ages_row *row, struct str *out)
{
	if (!*row->shape.name) {
		str_add(out, "-from:?*");
		return;
	}
	str_add(out, "from=\"");
	for (const char *c = row->shape.name; *c; c++) {
		if (strchr("*?\"\\", *c))
			str_add_char(out, '\\');
		str_add_char(out, *c);
	}
	str_add_char(out, '"');
}
