/* SPDX-License-Identifier: ISC */
/* Tests of chore: what takes longer than a turn goes on in the next, and keys
 * are heard between; what does not shows nothing. A step takes 3 ms here. */
#include "unit/unit.h"
#include "app/chore.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <string.h>

#define STEP_MS 3
#define TURN_MOST_MS 16

static struct desk desk;
static int steps, released;
static char ends[40];

struct counting {
	struct chore chore;
	int left;
	bool fails;
};

static int
step(struct chore *c, struct error *err)
{
	struct counting *k = (struct counting *)c;

	steps++;
	clock_advance(STEP_MS);
	if (--k->left > 0)
		return 1;
	return k->fails ? error_set(err, ERROR_SYSTEM, "as asked") : 0;
}

static void
say(const struct chore *c, char words[160])
{
	(void)c;
	words[0] = '\0';
}

static void
end(struct chore *c, int how, const struct error *err)
{
	(void)c;
	strcat(ends, how == 0 ? "done " : how > 0 ? "given up " : err->text);
}

static void
release(struct chore *c)
{
	(void)c;
	released++;
}

static const struct chore_kind kind = {
	.step = step, .say = say, .end = end, .release = release,
};

static void
close_bottom(struct screen *s)
{
	(void)s;
}

static const struct screen_kind bottom_kind = {
	.name = "bottom", .close = close_bottom,
};
static struct screen bottom = { .kind = &bottom_kind };

static void
begin(int left, bool fails)
{
	struct counting *k = xcalloc(1, sizeof *k);

	steps = released = 0;
	ends[0] = '\0';
	k->left = left;
	k->fails = fails;
	chore_run(&desk, &k->chore, &kind);
}

/* No turn takes longer than a key may wait. True: there is more. */
static bool
turn(void)
{
	int64_t began = clock_mono_ms();
	bool more = screens_tick(&desk.screens);

	assert_true(clock_mono_ms() - began <= TURN_MOST_MS);
	screens_sweep(&desk.screens);
	return more;
}

static void
within_a_turn(void **state)
{
	(void)state;
	begin(2, false);
	assert_int_equal(desk.screens.count, 1);
	assert_string_equal(ends, "done ");
	assert_int_equal(released, 1);
	begin(2, true);
	assert_int_equal(desk.screens.count, 1);
	assert_string_equal(ends, "as asked");
}

static void
over_some_turns(void **state)
{
	int turns = 1;

	(void)state;
	begin(100, false);
	assert_int_equal(desk.screens.count, 2);
	assert_true(screens_top(&desk.screens)->kind->still);
	while (turn())
		turns++;
	assert_true(turns > 10);
	assert_int_equal(steps, 100);
	assert_int_equal(desk.screens.count, 1);
	assert_string_equal(ends, "done ");
	assert_int_equal(released, 1);
	begin(10, true);
	while (turn())
		;
	assert_string_equal(ends, "as asked");
}

static void
given_up(void **state)
{
	struct key_event esc = { .key = KEYS_ESC }, other = { .key = 'r' };
	struct screen *s;
	int before;

	(void)state;
	begin(100, false);
	assert_true(turn());
	s = screens_top(&desk.screens);
	(void)s->kind->key(s, &other);
	assert_true(turn());
	before = steps;
	(void)s->kind->key(s, &esc);
	assert_string_equal(ends, "given up ");
	assert_false(turn());
	assert_int_equal(steps, before);
	assert_int_equal(desk.screens.count, 1);
	assert_int_equal(released, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_a_turn),
		cmocka_unit_test(over_some_turns),
		cmocka_unit_test(given_up),
	};

	clock_freeze(INT64_C(1773147750000), 1000);
	screens_push(&desk.screens, &bottom);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
