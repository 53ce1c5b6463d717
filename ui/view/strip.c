/* SPDX-License-Identifier: ISC */
/* strip: see strip.h for the contract. */
#include "view/strip.h"
#include "base/str.h"
#include "base/text.h"
#include "term/bar.h"

#include <stdio.h>

#define LABEL 20		/* columns before the hour */
#define DAY_GAP 2
#define GAP STRIP_GRAPHS	/* columns between now and an hour ago, at most */
#define DAY_LABEL 8		/* "312/min " */

enum graph { GRAPH_OUT, GRAPH_IN, GRAPH_QUEUE, GRAPH_UND };

static const char *const names[STRIP_GRAPHS] = {
	[GRAPH_OUT] = "imp/fail", [GRAPH_IN] = "in", [GRAPH_QUEUE] = "queue",
	[GRAPH_UND] = ".und",
};

/* A row of columns to be drawn: one of the hour or the day. */
struct series {
	const struct strip_point *points;
	int count;		/* of points */
	int each;		/* points a column */
	int minutes;		/* of a point */
	int now, mark;		/* columns; mark -1: none */
};

/* ---- the numbers ---- */

static struct strip_point
point_of(const struct history_minute *m)
{
	return (struct strip_point){ .in = m->arrived, .imported = m->imported,
		.failed = m->failed, .und = m->und_bytes,
		.moved = m->back - m->out };
}

/* Backwards from what waits now: before a time there waited what it brought
 * less and what it took more. */
static void
derive_queue(struct strip_point *points, int count, int now, int64_t queue)
{
	for (int i = 0; i < count; i++) {
		struct strip_point *p = &points[(now - i + count) % count];

		p->queue = queue < 0 ? 0 : queue;
		queue = p->queue - p->in + p->imported + p->failed - p->moved;
	}
}

void
strip_build(struct strip *strip, int minute_of_day,
	const struct history_minute hour[STRIP_MINUTES],
	const struct history_minute day[STRIP_QUARTERS], int64_t queue)
{
	int minute = minute_of_day % 60, quarter = minute_of_day / 15;

	*strip = (struct strip){ .minute = minute_of_day, .mark = -1 };
	for (int i = 0; i < STRIP_MINUTES; i++)
		strip->hour[(minute + 1 + i) % STRIP_MINUTES] =
			point_of(&hour[i]);
	for (int i = 0; i < STRIP_QUARTERS; i++)
		strip->day[(quarter + 1 + i) % STRIP_QUARTERS] =
			point_of(&day[i]);
	derive_queue(strip->hour, STRIP_MINUTES, minute, queue);
	derive_queue(strip->day, STRIP_QUARTERS, quarter, queue);
}

/* ---- the picture ---- */

/* What a column means: per minute, or the longest queue in it. */
static int64_t
column_value(const struct series *s, int column, enum graph graph,
	int64_t *failed_out)
{
	int64_t sum = 0, failed = 0, queue = 0;

	for (int i = column * s->each; i < (column + 1) * s->each; i++) {
		const struct strip_point *p = &s->points[i];

		failed += p->failed;
		queue = p->queue > queue ? p->queue : queue;
		sum += graph == GRAPH_OUT ? p->imported + p->failed :
			graph == GRAPH_IN ? p->in : p->und;
	}
	*failed_out = graph == GRAPH_OUT ? failed : 0;
	return graph == GRAPH_QUEUE ? queue : sum;
}

/* Of sums to numbers a minute, rounded up: a trickle is not nothing. */
static int64_t
a_minute(const struct series *s, enum graph graph, int64_t value)
{
	int64_t minutes = (int64_t)s->each * s->minutes;

	return graph == GRAPH_QUEUE ? value : (value + minutes - 1) / minutes;
}

static int64_t
peak_of(const struct series *s, enum graph graph)
{
	int64_t peak = 0, failed;

	for (int i = 0; i < s->count / s->each; i++) {
		int64_t value = column_value(s, i, graph, &failed);

		peak = value > peak ? value : peak;
	}
	return peak;
}

static void
add_peak(struct str *out, const struct series *s, enum graph graph,
	int64_t peak)
{
	uint64_t n = (uint64_t)a_minute(s, graph, peak);
	char number[TEXT_NUMBER_MAX];

	str_addf(out, "%5s%s", graph == GRAPH_UND ? text_size(number, n) :
		text_count(number, n), graph == GRAPH_QUEUE ? "" : "/min");
}

/* Cells of one look, put when the look changes. */
struct run {
	const struct canvas *canvas;
	int row, column, width;
	enum role role;
	struct str text;
};

static void
flush(struct run *run)
{
	if (run->text.len)
		run->canvas->put(run->canvas->arg, run->row, run->column,
			run->role, run->text.data);
	run->column += run->width;
	run->width = 0;
	str_clear(&run->text);
}

static void
put(struct run *run, enum role role, const char *sign)
{
	if (role != run->role)
		flush(run);
	run->role = role;
	str_add(&run->text, sign);
	run->width++;
}

/* How what failed looks in a cell of so many eighths, `sound` of them not: in
 * its own colour on top of what was imported. A cell can have both if it is
 * full; one that is not and mostly sound is drawn as if it were, with as much of
 * that colour as it should have, or one failure would look like many. */
static void
put_ill(struct run *run, int height, int sound)
{
	const struct canvas *canvas = run->canvas;
	bool both = height >= BAR_LEVELS ? sound > 0 : 2 * sound > height;
	int ill = (height < BAR_LEVELS ? height : BAR_LEVELS) - sound;

	if (!canvas->blocks || !canvas->colors)
		put(run, ROLE_BAD, "x");
	else
		put(run, both ? ROLE_ON_BAD : ROLE_BAD, bar_level(both ?
			BAR_LEVELS - ill : height, true));
}

/* Whether a column is blank, as it lies between now and an hour ago. Four at a
 * time become so, of each graph at another minute: to put the cursor there costs
 * more than the blanks. */
static bool
in_gap(const struct series *s, enum graph graph, int column)
{
	int count = s->count / s->each, since = (s->now + GAP - (int)graph) %
		GAP;
	int ahead = (column - s->now + count) % count;

	return ahead > 0 && ahead <= GAP - since;
}

/* One column in one row, `below` rows above the graph's ground. What waits is
 * in the colour of letters: it may be there in minutes in which nothing comes
 * or goes. */
static void
put_cell(struct run *run, const struct series *s, enum graph graph, int column,
	int64_t value, int64_t failed, int64_t peak, int rows, int below)
{
	int height = bar_height(value, peak, rows);
	int sound = bar_height(value - failed, peak, rows);

	if (failed > 0 && sound == height)
		sound--;
	height -= below * BAR_LEVELS;
	sound -= below * BAR_LEVELS;
	if (in_gap(s, graph, column))
		put(run, ROLE_NORMAL, " ");
	else if (column == s->mark)
		put(run, ROLE_CURSOR, bar_level(height, run->canvas->blocks));
	else if (height <= 0)
		put(run, ROLE_NORMAL, " ");
	else if (failed > 0 && sound < BAR_LEVELS)
		put_ill(run, height, sound);
	else
		put(run, graph == GRAPH_QUEUE ? ROLE_NORMAL : ROLE_BAR,
			bar_level(height, run->canvas->blocks));
}

static void
draw_graph(const struct canvas *canvas, struct rect rect,
	const struct series *s, enum graph graph)
{
	int64_t peak = peak_of(s, graph);

	for (int row = 0; row < rect.rows; row++) {
		struct run run = { .canvas = canvas, .row = rect.row + row,
			.column = rect.column, .role = ROLE_NORMAL,
			.text = STR_INIT };

		for (int i = 0; i < s->count / s->each; i++) {
			int64_t failed, value = column_value(s, i, graph,
				&failed);

			put_cell(&run, s, graph, i, value, failed, peak,
				rect.rows, rect.rows - 1 - row);
		}
		flush(&run);
		str_release(&run.text);
	}
}

static void
draw_hour(const struct canvas *canvas, struct rect rect,
	const struct series *s, enum graph graph)
{
	struct str label = STR_INIT;

	canvas->put(canvas->arg, rect.row, rect.column, ROLE_DIM,
		names[graph]);
	add_peak(&label, s, graph, peak_of(s, graph));
	canvas->put(canvas->arg, rect.row, rect.column + 9, ROLE_NORMAL,
		label.data);
	str_release(&label);
	rect.column += LABEL;
	draw_graph(canvas, rect, s, graph);
}

static void
draw_day(const struct canvas *canvas, struct rect rect,
	const struct series *s, enum graph graph)
{
	struct str label = STR_INIT;

	rect.column += LABEL + STRIP_MINUTES + DAY_GAP;
	add_peak(&label, s, graph, peak_of(s, graph));
	/* "57/min" is said at the left; here there is room for the number. */
	str_truncate(&label, 5);
	str_add(&label, graph == GRAPH_QUEUE ? "" : "/m");
	canvas->put(canvas->arg, rect.row, rect.column, ROLE_NORMAL,
		label.data);
	str_release(&label);
	rect.column += DAY_LABEL;
	draw_graph(canvas, rect, s, graph);
}

/* How many quarters a column of the day takes in so many columns, 0: none. */
static int
quarters_each(int columns)
{
	static const int each[] = { 1, 2, 3, 4 };
	int left = columns - LABEL - STRIP_MINUTES - DAY_GAP - DAY_LABEL;

	if (columns < STRIP_DAY_COLUMNS)
		return 0;
	for (size_t i = 0; i < sizeof each / sizeof *each; i++)
		if (STRIP_QUARTERS / each[i] <= left)
			return each[i];
	return 0;
}

/* The times below a series: '^' is the present, and a label that it would touch
 * gives way. */
static void
draw_times(const struct canvas *canvas, int row, int column,
	const struct series *s, int now_minute, int step)
{
	int span = s->each * s->minutes, all = s->count * s->minutes;
	int now = now_minute / span * span;

	for (int at = 0; at < all; at += step) {
		int start = at / span, time = now / all * all + at;
		char label[16];

		time = (time > now ? time - all + 1440 : time) % 1440;
		snprintf(label, sizeof label, "%02d:%02d", time / 60 % 24,
			time % 60);
		if (s->now < start - 1 || s->now > start + 5)
			canvas->put(canvas->arg, row, column + start,
				ROLE_NORMAL, label);
	}
	canvas->put(canvas->arg, row, column + s->now, ROLE_NORMAL, "^");
}

void
strip_draw(const struct canvas *canvas, struct rect rect,
	const struct strip *strip)
{
	int height = rect.rows / STRIP_GRAPHS, each, row;
	struct series hour = { strip->hour, STRIP_MINUTES, 1, 1,
		strip->minute % 60, strip->mark };
	struct series day = { strip->day, STRIP_QUARTERS, 1, 15, 0, -1 };

	each = quarters_each(rect.columns);
	if (each) {
		day.each = each;
		day.now = strip->minute / 15 / each;
	}
	for (int i = 0; i < STRIP_GRAPHS && height > 0; i++) {
		struct rect part = { rect.row + i * height, rect.column, height,
			rect.columns };

		draw_hour(canvas, part, &hour, (enum graph)i);
		if (each)
			draw_day(canvas, part, &day, (enum graph)i);
	}
	row = rect.row + STRIP_GRAPHS * height;
	draw_times(canvas, row, rect.column + LABEL, &hour, strip->minute, 10);
	if (each)
		draw_times(canvas, row, rect.column + LABEL + STRIP_MINUTES +
			DAY_GAP + DAY_LABEL, &day, strip->minute, 360);
}

int
strip_rows(int screen_rows, int screen_columns)
{
	if (screen_rows < STRIP_SCREEN_ROWS || screen_columns < STRIP_COLUMNS)
		return 0;
	return (screen_rows < 48 ? 1 : 2) * STRIP_GRAPHS + 1;
}
