/* SPDX-License-Identifier: ISC */
/* Tests of make_ready: what it takes is done over some turns, then what was
 * wanted, once; given up or failed, in the order that is cheap. A slice takes
 * 3 ms here. */
#include "unit/unit.h"
#include "app/make_ready.h"
#include "app/view.h"
#include "base/clock.h"

#define SLICE_MS 3

static struct desk desk;
static int left, given_up, done;
static bool fails;

static int
ready(void *ctx, struct error *err)
{
	(void)ctx;
	clock_advance(SLICE_MS);
	if (--left > 0)
		return 1;
	return fails ? error_set(err, ERROR_SYSTEM, "as asked") : 0;
}

static void
give_up(void *ctx)
{
	(void)ctx;
	given_up++;
}

static void
then(struct desk *d, struct view *v)
{
	(void)d, (void)v;
	done++;
}

static const struct list_source dear = { .ready = ready, .give_up = give_up };
static const struct list_source cheap = { .ready = NULL };

static void
begin(struct view *v, const struct list_source *source, int slices)
{
	*v = (struct view){ .at = PANE_INNER };
	list_init(view_list(v), source, NULL);
	left = slices;
	done = given_up = 0;
	desk.note[0] = '\0';
	make_ready(&desk, v, view_list(v), then);
}

static bool
turn(void)
{
	bool more = screens_tick(&desk.screens);

	screens_sweep(&desk.screens);
	return more;
}

static void
at_once(void **state)
{
	struct view v;

	(void)state;
	begin(&v, &cheap, 0);
	assert_int_equal(done, 1);
	begin(&v, &dear, 1);
	assert_int_equal(done, 1);
	assert_int_equal(given_up, 0);
	assert_int_equal(desk.screens.count, 1);
}

static void
over_some_turns(void **state)
{
	struct view v;

	(void)state;
	begin(&v, &dear, 100);
	assert_int_equal(done, 0);
	assert_int_equal(desk.screens.count, 2);
	while (turn())
		assert_int_equal(done, 0);
	assert_int_equal(done, 1);
	assert_int_equal(given_up, 0);
	assert_int_equal(left, 0);
	assert_int_equal(desk.screens.count, 1);
}

static void
nobody_waits(void **state)
{
	struct key_event esc = { .key = KEYS_ESC };
	struct screen *s;
	struct view v;

	(void)state;
	begin(&v, &dear, 100);
	assert_true(turn());
	s = screens_top(&desk.screens);
	(void)s->kind->key(s, &esc);
	assert_int_equal(given_up, 1);
	assert_int_equal(done, 1);
	assert_false(turn());
	assert_true(*desk.note);
	assert_int_equal(desk.screens.count, 1);
}

static void
it_fails(void **state)
{
	struct view v;

	(void)state;
	fails = true;
	begin(&v, &dear, 100);
	while (turn())
		;
	fails = false;
	assert_int_equal(given_up, 1);
	assert_int_equal(done, 1);
	assert_true(desk.note_bad);
}

/* What changed is caught up with beside what is shown, a turn at a time. */
static void
some_in_a_turn(void **state)
{
	int64_t began = clock_mono_ms();
	struct view v;

	(void)state;
	begin(&v, &dear, 1);
	left = 100;
	assert_false(make_ready_some(&desk, view_list(&v)));
	assert_true(clock_mono_ms() - began < 30);
	left = 2;
	assert_true(make_ready_some(&desk, view_list(&v)));
	assert_int_equal(desk.screens.count, 1);
}

static void
close_bottom(struct screen *s)
{
	(void)s;
}

static const struct screen_kind bottom_kind = {
	.name = "bottom", .close = close_bottom,
};
static struct screen bottom = { .kind = &bottom_kind };

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_once),
		cmocka_unit_test(over_some_turns),
		cmocka_unit_test(nobody_waits),
		cmocka_unit_test(it_fails),
		cmocka_unit_test(some_in_a_turn),
	};

	clock_freeze(INT64_C(1773147750000), 1000);
	screens_push(&desk.screens, &bottom);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
