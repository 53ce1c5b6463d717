/* SPDX-License-Identifier: ISC */
/* shape: see shape.h for the contract. */
#include "work/shape.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "history/history_cause.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SLICE 50000		/* rows of one read transaction */
#define SLOTS (1u << 18)	/* over twice SHAPE_MAX, a power of two */

/* With its hash beside it, a slot of another name costs no look at that. */
struct slot {
	uint32_t hash;
	uint32_t row;			/* its index + 1, or 0 */
};

struct collect {
	struct shape *out;
	struct slot *slots;
	size_t cap;
	int64_t now;
	bool lines;			/* a text is several, a line each */
	struct shape_row *last;		/* neighbours are often alike */
};

static const char *const bands[SHAPE_BANDS] = {
	"5m", "10m", "20m", "40m", "80m", "160m", "320m", "640m", "21h",
	">21h",
};

const char *
shape_band(int band)
{
	return bands[band];
}

static int
band_of(int64_t age_ms)
{
	int64_t end = 5 * CLOCK_MINUTE;
	int i = 0;

	for (; i < SHAPE_BANDS - 1 && age_ms >= end; i++)
		end *= 2;
	return i;
}

/* FNV-1a. */
static uint32_t
hash(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h;
}

static bool
is_row(const struct shape_row *row, const char *text, size_t len)
{
	return strncmp(row->name, text, len) == 0 && !row->name[len];
}

/* The slot of a name, or the free one for it. */
static struct slot *
slot_of(struct collect *c, uint32_t h, const char *text, size_t len)
{
	uint32_t i = h & (SLOTS - 1);

	while (c->slots[i].row && (c->slots[i].hash != h ||
	    !is_row(&c->out->rows[c->slots[i].row - 1], text, len)))
		i = (i + 1) & (SLOTS - 1);
	return &c->slots[i];
}

/* The row of a name, made if it is new; that of others when there are too
 * many. */
static struct shape_row *
row_of(struct collect *c, const char *text, size_t len)
{
	struct shape *out = c->out;
	struct slot *slot;
	uint32_t h;

	if (c->last && is_row(c->last, text, len))
		return c->last;
	h = hash(text, len);
	slot = slot_of(c, h, text, len);
	if (!slot->row) {
		if (out->count == SHAPE_MAX)
			return &out->others;
		xgrow(&out->rows, &c->cap, out->count + 1, sizeof *out->rows,
			SHAPE_MAX);
		out->rows[out->count] = (struct shape_row){
			.name = xstrndup(text, len) };
		*slot = (struct slot){ h, (uint32_t)++out->count };
	}
	c->last = &out->rows[slot->row - 1];
	return c->last;
}

static void
count(struct shape_row *row, int band)
{
	row->n++;
	row->bands[band]++;
}

static void
on_row(void *arg, int64_t received_at, const char *text, size_t len)
{
	struct collect *c = arg;
	int band = band_of(c->now - received_at);
	const char *end;

	count(&c->out->total, band);
	if (!text)
		text = "", len = 0;
	while (c->lines && (end = memchr(text, '\n', len))) {
		count(row_of(c, text, (size_t)(end - text)), band);
		len -= (size_t)(end + 1 - text);
		text = end + 1;
	}
	count(row_of(c, text, len), band);
}

static int
most_first(const void *x, const void *y)
{
	const struct shape_row *a = x, *b = y;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* From the ids of causes to their words. 0 or -1. */
static int
name_causes(struct history *h, struct shape *s, struct error *err)
{
	for (size_t i = 0; i < s->count; i++) {
		struct history_cause_row row;
		char words[160];
		int rc = history_cause_get(h, strtoll(s->rows[i].name, NULL,
			10), &row, err);

		if (rc < 0)
			return -1;
		if (rc > 0) {
			history_cause_words(words, &row);
			history_cause_row_release(&row);
		}
		xstrset(&s->rows[i].name, rc ? words : "not failed yet");
	}
	return 0;
}

static bool
goes_on(struct history_patience *p)
{
	if (p && !p->gave_up)
		p->gave_up = !p->go_on(p->arg);
	return !p || !p->gave_up;
}

int
shape_collect(struct history *h, enum history_shape by, int64_t now,
	struct history_patience *patience, struct shape *out,
	struct error *err)
{
	static const enum state states[] = { STATE_QUEUED, STATE_IMPORTING,
		STATE_DEFERRED };
	struct collect c = { .out = out, .now = now,
		.slots = xcalloc(SLOTS, sizeof *c.slots),
		.lines = by == HISTORY_SHAPE_RECIPIENT };
	int n = 0;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; n >= 0 && i < sizeof states / sizeof *states &&
	     !(patience && patience->gave_up); i++) {
		int64_t after = 0;

		do
			n = history_shape(h, by, states[i], &after, SLICE,
				on_row, &c, err);
		while (n == SLICE && goes_on(patience));
	}
	free(c.slots);
	if (n >= 0 && by == HISTORY_SHAPE_CAUSE)
		n = name_causes(h, out, err);
	if (n < 0) {
		shape_release(out);
		return -1;
	}
	if (out->count)
		qsort(out->rows, out->count, sizeof *out->rows, most_first);
	return 0;
}

void
shape_release(struct shape *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->rows[i].name);
	free(s->rows);
	memset(s, 0, sizeof *s);
}
