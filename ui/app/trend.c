/* SPDX-License-Identifier: ISC */
/* trend: see trend.h for the contract. */
#include "app/trend.h"
#include "base/clock.h"
#include "term/term.h"

#define EACH_MS (5 * CLOCK_SECOND)	/* it costs 156 sums */

/* Another number when the strip is another picture: the minute, what came and
 * went in it, what waits. */
static int64_t
is_of(const struct status *st)
{
	const struct history_minute *m = &st->last_minute;
	const int64_t parts[] = { clock_wall() / CLOCK_MINUTE, st->row.imports,
		st->und_bytes, m->arrived, m->failed,
		st->counts.n[STATE_QUEUED], st->counts.n[STATE_DEFERRED],
		st->counts.n[STATE_FAILED], st->counts.n[STATE_IMPORTING] };
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		sum = sum * 1000003 + (uint64_t)parts[i];
	return (int64_t)sum;
}

/* The hour that ends then, of which the status is. What cannot be read is
 * said. */
static void
read_strip(struct trend *t, struct desk *desk, int64_t end)
{
	const int64_t *n = desk->status.counts.n;
	struct error err = ERROR_INIT;

	if (strip_read(&t->strip, desk->store.history, end, n[STATE_QUEUED] +
	    n[STATE_IMPORTING] + n[STATE_DEFERRED], &err) < 0)
		desk_fail(desk, &err);
	t->end = end;
}

/* As long as the time is in the hour that stands there, its mark moves. */
static void
mark(struct trend *t, struct desk *desk)
{
	int64_t then = desk_now(desk);

	if (then > t->end || t->end - then >=
	    (STRIP_MINUTES - 1) * CLOCK_MINUTE)
		read_strip(t, desk, then);
	t->strip.mark = (int)(then / CLOCK_MINUTE % STRIP_MINUTES);
	t->at_mono_ms = 0;
}

static void
look(struct trend *t, struct desk *desk)
{
	int64_t now = clock_mono_ms(), minute = clock_wall() / CLOCK_MINUTE;

	t->strip.mark = -1;
	if (desk->then) {
		mark(t, desk);
	} else if (!t->at_mono_ms || t->end / CLOCK_MINUTE != minute ||
	    (now - t->at_mono_ms >= EACH_MS &&
	    t->of != is_of(&desk->status))) {
		read_strip(t, desk, clock_wall());
		t->at_mono_ms = now;
		t->of = is_of(&desk->status);
	}
}

int64_t
trend_queue_most(struct trend *t, struct desk *desk)
{
	int64_t most = 0;

	look(t, desk);
	for (int i = 0; i < STRIP_MINUTES; i++)
		if (t->strip.hour[i].queue > most)
			most = t->strip.hour[i].queue;
	return most;
}

int
trend_draw(struct trend *t, struct desk *desk, int row, int screen_rows,
	int width)
{
	int rows = strip_rows(screen_rows, width);

	if (!rows)
		return 0;
	look(t, desk);
	strip_draw(term_canvas(), (struct rect){ row - rows, 0, rows, width },
		&t->strip);
	return rows;
}
