/* SPDX-License-Identifier: ISC */
/* growth: see growth.h for the contract. */
#include "view/growth.h"
#include "base/text.h"
#include "term/bar.h"

#include <stdio.h>

#define LABEL 9			/* columns before the picture: "  18.4M  " */
#define HOURS 24		/* back, and on */
#define TIMES_STEP 6		/* hours between two times */

struct plot {
	const struct canvas *canvas;
	struct rect rect;		/* without labels and times */
	int each;			/* quarters a column */
	int now;			/* the present column, the last of the day */
	int64_t ground, top;
};

/* How large it was at the end of a column of the day. */
static int64_t
size_at(const struct growth *g, const struct plot *p, int column)
{
	int64_t size = g->size;

	for (int i = (column + 1) * p->each; i < GROWTH_QUARTERS; i++)
		size -= g->quarters[i];
	return size > 0 ? size : 0;
}

/* … and will be, at the end of a column behind it. */
static int64_t
size_then(const struct growth *g, const struct plot *p, int column)
{
	return g->size + (int64_t)((double)g->an_hour * (column - p->now) *
		p->each / 4);
}

static struct plot
plot_of(const struct canvas *canvas, struct rect rect,
	const struct growth *g)
{
	int columns = (rect.columns - LABEL) / 2, each = 2;
	struct plot p = { .canvas = canvas };
	int64_t full = g->size + g->disk_free;

	while (GROWTH_QUARTERS / each > columns)
		each *= 2;
	p.each = each;
	p.now = GROWTH_QUARTERS / each - 1;
	p.rect = (struct rect){ rect.row, rect.column + LABEL, rect.rows - 1,
		2 * (p.now + 1) };
	p.ground = size_at(g, &p, -1);
	p.top = size_then(g, &p, p.rect.columns - 1);
	if (g->disk_free && p.top > full)
		p.top = full;
	return p;
}

static void
put(const struct plot *p, int row, int column, enum role role,
	const char *text)
{
	p->canvas->put(p->canvas->arg, p->rect.row + row,
		p->rect.column + column, role, text);
}

static void
draw_day(const struct plot *p, const struct growth *g)
{
	for (int column = 0; column <= p->now; column++) {
		int height = bar_height(size_at(g, p, column) - p->ground,
			p->top - p->ground, p->rect.rows);

		for (int row = p->rect.rows; row-- > 0; height -= BAR_LEVELS)
			if (height > 0)
				put(p, row, column, ROLE_BAR, bar_level(height,
					p->canvas->blocks));
	}
}

/* A point a column; at the end of the disk it ends, with the time. */
static void
draw_line(const struct plot *p, const struct growth *g)
{
	int64_t full = g->size + g->disk_free;

	for (int column = p->now + 1; column < p->rect.columns; column++) {
		int64_t size = size_then(g, p, column);
		bool end = g->disk_free && size >= full;
		int row = p->rect.rows - (bar_height(size - p->ground,
			p->top - p->ground, p->rect.rows) + BAR_LEVELS - 1) /
			BAR_LEVELS;

		put(p, row < p->rect.rows ? row : p->rect.rows - 1, column,
			end ? ROLE_BAD : ROLE_NORMAL, end ? "!" : ".");
		if (end)
			return;
	}
}

static void
draw_labels(const struct plot *p)
{
	char n[TEXT_NUMBER_MAX], label[16];

	snprintf(label, sizeof label, "%7s", text_size(n, (uint64_t)p->top));
	put(p, 0, -LABEL, ROLE_NORMAL, label);
	snprintf(label, sizeof label, "%7s", text_size(n, (uint64_t)p->ground));
	put(p, p->rect.rows - 1, -LABEL, ROLE_NORMAL, label);
}

static void
draw_times(const struct plot *p, const struct growth *g)
{
	int quarter = g->minute / 15;

	for (int hour = -HOURS; hour <= HOURS; hour++) {
		int time = (quarter / 4 + hour + HOURS) % HOURS;
		int column = (GROWTH_QUARTERS - 1 - quarter % 4 + hour * 4) /
			p->each;
		bool touches = column + 5 >= p->now && column <= p->now + 3;
		char label[16];

		if (time % TIMES_STEP || column < 0 || touches ||
		    column + 5 > p->rect.columns)
			continue;
		snprintf(label, sizeof label, "%02d:00", time);
		put(p, p->rect.rows, column, ROLE_DIM, label);
	}
	put(p, p->rect.rows, p->now, ROLE_KEY, "now");
}

/* What the line is, or its end; over it what the day may need of that row. */
static void
draw_words(const struct plot *p, const struct growth *g)
{
	bool full = g->disk_free && p->top == g->size + g->disk_free;

	if (g->an_hour)
		put(p, 0, 0, ROLE_DIM, full ? "!: the disk is full" :
			"at the last hour's rate");
}

void
growth_draw(const struct canvas *canvas, struct rect rect,
	const struct growth *growth)
{
	struct plot p = plot_of(canvas, rect, growth);

	draw_words(&p, growth);
	draw_day(&p, growth);
	draw_line(&p, growth);
	draw_labels(&p);
	draw_times(&p, growth);
}
