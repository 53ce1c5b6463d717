/* SPDX-License-Identifier: ISC */
/* fake_source: see fake_source.h for the contract. */
#include "fake_source.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int64_t
fake_size(int64_t id)
{
	return 1024 + id * 7919 % 99991;
}

static int
by_key(const void *a, const void *b)
{
	const struct fake_key *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

void
fake_init(struct fake *fake, int64_t n)
{
	*fake = (struct fake){ .n = n, .only_multiples_of = 1 };
	fake->order = xcalloc((size_t)n, sizeof *fake->order);
	fake->absent = xcalloc((size_t)n + 1, sizeof *fake->absent);
	fake_sort_by_id(fake, false);
}

void
fake_release(struct fake *fake)
{
	free(fake->order);
	free(fake->absent);
}

void
fake_sort_by_id(struct fake *fake, bool backward)
{
	fake->backward = backward;
	for (int64_t i = 0; i < fake->n; i++)
		fake->order[i] = (struct fake_key){ i + 1, i + 1 };
}

void
fake_sort_by_size(struct fake *fake, bool backward)
{
	fake->backward = backward;
	for (int64_t i = 0; i < fake->n; i++)
		fake->order[i] = (struct fake_key){ fake_size(i + 1), i + 1 };
	qsort(fake->order, (size_t)fake->n, sizeof *fake->order, by_key);
}

static bool
is_shown(const struct fake *fake, int64_t id)
{
	return !fake->absent[id] && id % fake->only_multiples_of == 0;
}

/* The key of an id in the order now in force. */
static struct fake_key
key_of(const struct fake *fake, int64_t id)
{
	bool by_id = fake->n < 2 || fake->order[0].key == 1;

	return (struct fake_key){ by_id ? id : fake_size(id), id };
}

static int
fail(struct fake *fake, struct error *err)
{
	fake->calls++;
	return fake->fail ? error_set(err, ERROR_SYSTEM, "as asked") : 0;
}

static int
fake_count(void *ctx, int64_t *out, struct error *err)
{
	struct fake *fake = ctx;

	if (fail(fake, err) < 0)
		return -1;
	*out = fake->n;
	return 0;
}

static struct list_row
make_row(struct fake *fake, int64_t id)
{
	int64_t *data = xmalloc(sizeof *data);

	*data = id;
	fake->rows_alive++;
	return (struct list_row){ .id = id, .state = (int)(id % 3),
		.data = data };
}

/* Index of the first in order that is not below key. */
static int64_t
place(const struct fake *fake, struct fake_key key)
{
	int64_t low = 0, high = fake->n;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (by_key(&fake->order[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
fake_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct fake *fake = ctx;
	int step = forward != fake->backward ? 1 : -1;
	int64_t at = step > 0 ? 0 : fake->n - 1;
	size_t got = 0;

	if (fail(fake, err) < 0)
		return -1;
	if (anchor) {
		at = place(fake, key_of(fake, anchor->id));
		if (step < 0 || fake->order[at].id == anchor->id)
			at += step;
	}
	for (; at >= 0 && at < fake->n && got < n; at += step)
		if (is_shown(fake, fake->order[at].id))
			out[got++] = make_row(fake, fake->order[at].id);
	fake->rows_read += got;
	return (int)got;
}

static int
fake_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct fake *fake = ctx;

	if (fail(fake, err) < 0)
		return -1;
	if (id < 1 || id > fake->n || !is_shown(fake, id)) {
		snprintf(gone, LIST_GONE_MAX, "imported 14:02");
		return 0;
	}
	*out = make_row(fake, id);
	return 1;
}

static int
fake_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	const struct fake *fake = ctx;
	struct fake_key x = key_of(fake, a->id), y = key_of(fake, b->id);

	return fake->backward ? by_key(&y, &x) : by_key(&x, &y);
}

struct fake_walk {
	bool has_from, has_to;
	struct list_row from, to;
	int64_t at;
};

static void *
fake_ids_begin(void *ctx, const struct list_row *from,
	const struct list_row *to, struct error *err)
{
	struct fake_walk *w;

	if (fail(ctx, err) < 0)
		return NULL;
	w = xcalloc(1, sizeof *w);
	w->has_from = from != NULL;
	w->has_to = to != NULL;
	if (from)
		w->from = *from;
	if (to)
		w->to = *to;
	return w;
}

/* From the highest down, some thousands at a time. */
static int
fake_ids(void *ctx, void *walk, list_add_id *add, void *arg,
	struct error *err)
{
	struct fake *fake = ctx;
	struct fake_walk *w = walk;

	if (fail(fake, err) < 0)
		return -1;
	for (int i = 0; i < 5000 && w->at < fake->n; i++) {
		struct list_row row = { .id = fake->n - w->at++ };

		if (is_shown(fake, row.id) &&
		    (!w->has_from || fake_compare(ctx, &w->from, &row) <= 0) &&
		    (!w->has_to || fake_compare(ctx, &row, &w->to) <= 0))
			add(arg, row.id, (int)(row.id % 3));
	}
	return w->at < fake->n;
}

static void
fake_ids_end(void *walk)
{
	free(walk);
}

static void
fake_row_free(void *ctx, struct list_row *row)
{
	struct fake *fake = ctx;

	fake->rows_alive--;
	free(row->data);
	row->data = NULL;
}

static void
fake_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	static const char *const results[] = {
		"5 not in directory", "1 did not complete", "1 suspect",
	};
	static const char *const senders[] = {
		"Admin at HUBPO2", "Grewal, Jeff at Hub", "Doe, Jane at Hub",
		"Ops, Night at Hub",
	};
	const struct fake *fake = ctx;
	char number[TEXT_NUMBER_MAX];

	switch ((enum fake_column)column) {
	case FAKE_ID:
		str_addf(out, "%" PRId64, row->id);
		break;
	case FAKE_SINCE:
		str_addf(out, "%02d:%02d", (int)(row->id / 60 % 24),
			(int)(row->id % 60));
		break;
	case FAKE_SIZE:
		str_add(out, text_size(number, (uint64_t)fake_size(row->id)));
		break;
	case FAKE_RESULT:
		str_add(out, results[row->id % 3]);
		break;
	case FAKE_FROM:
		str_add(out, senders[row->id % 4]);
		break;
	case FAKE_SUBJECT:
		if (fake->subject)
			str_add(out, fake->subject(row->id));
		else
			str_addf(out, "Minutes of meeting %" PRId64
				" about the shift list", row->id);
		break;
	case FAKE_COLUMNS:
		break;
	}
}

static void
fake_marks(void *ctx, const struct list_row *row, char out[LIST_MARKS])
{
	(void)ctx;
	if (row->id % 10 == 7)
		out[1] = '+';
	if (row->id % 10 == 2)
		out[2] = '!';
}

static const char *
fake_explain(char mark)
{
	return mark == '+' ? "new" : mark == '!' ? "failed again" : NULL;
}

static int
fake_rank(void *ctx, const struct list_row *row, bool before, int64_t max,
	int64_t *out, struct error *err)
{
	struct fake *fake = ctx;
	int64_t at = place(fake, key_of(fake, row->id));

	if (fail(fake, err) < 0)
		return -1;
	*out = fake->backward == before ? fake->n - 1 - at : at;
	if (*out >= max)
		*out = LIST_FAR;
	return 0;
}

static int
fake_ready(void *ctx, struct error *err)
{
	struct fake *fake = ctx;

	(void)err;
	fake->slices -= fake->slices > 0;
	return fake->slices > 0;
}

const struct list_source fake_source = {
	.ready = fake_ready,
	.count = fake_count,
	.fetch = fake_fetch,
	.lookup = fake_lookup,
	.compare = fake_compare,
	.ids_begin = fake_ids_begin,
	.ids = fake_ids,
	.ids_end = fake_ids_end,
	.row_free = fake_row_free,
	.cell = fake_cell,
	.marks = fake_marks,
	.explain = fake_explain,
	.rank = fake_rank,
};
