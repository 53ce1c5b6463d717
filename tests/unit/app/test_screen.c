/* SPDX-License-Identifier: ISC */
/* Tests of screen: the stack, with screens that only count. */
#include "unit/unit.h"
#include "app/screen.h"

#include <stdlib.h>
#include <string.h>

static char trace[4000];		/* what was called, in order */
static struct screens all;
static struct keymap keys;

static void
add(const char *what, const struct screen *s)
{
	strcat(trace, what);
	strcat(trace, s->kind->name);
	strcat(trace, " ");
}

#define IS(wanted) \
	do { \
		assert_string_equal(trace, wanted); \
		*trace = '\0'; \
	} while (0)

static void
draw(struct screen *s, int row, int rows, int width)
{
	(void)row, (void)rows, (void)width;
	add("draw:", s);
}

static void
draw_bottom(struct screen *s, int rows, int width)
{
	(void)rows, (void)width;
	add("bottom:", s);
}

static void
refresh(struct screen *s)
{
	add("refresh:", s);
}

static void
end(struct screen *s)
{
	add("free:", s);
	free(s);
}

static unsigned
in_list(const struct screen *s)
{
	(void)s;
	return KEYMAP_LIST;
}

static unsigned
in_text(const struct screen *s)
{
	(void)s;
	return KEYMAP_TEXT;
}

static bool
act(struct screen *s, enum action action, struct request *out)
{
	(void)out;
	add(action_word(action), s);
	return action == ACTION_TAG || action == ACTION_DOWN;
}

/* Closes itself at any key. */
static struct request
key(struct screen *s, const struct key_event *event)
{
	(void)event;
	add("key:", s);
	screens_close(&all, s);
	return (struct request){ REQUEST_MESSAGE, ACTION_NONE, 7, 0 };
}

static const struct screen_kind
	list = { "list", false, in_list, NULL, act, draw, draw_bottom, refresh,
		NULL, end, true },
	text = { "text", false, in_text, NULL, act, draw, draw_bottom, refresh,
		NULL, end, false },
	question = { "question", true, NULL, key, NULL, NULL, draw_bottom,
		NULL, NULL, end, false };

static struct screen *
push(const struct screen_kind *kind)
{
	struct screen *s = calloc(1, sizeof *s);

	s->kind = kind;
	screens_push(&all, s);
	return s;
}

static struct request
press(key_code code)
{
	return screens_key(&all, &keys, &(struct key_event){ .key = code });
}

static int
setup(void **state)
{
	(void)state;
	*trace = '\0';
	memset(&all, 0, sizeof all);
	keymap_init(&keys);
	push(&list);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	screens_release(&all);
	return 0;
}

static void
who_hears(void **state)
{
	struct screen *s;

	(void)state;
	assert_false(screens_hear(&all));
	screens_draw(&all, 4, 24, 0, 80);
	IS("draw:list bottom:list ");
	assert_true(screens_hear(&all));
	push(&question);
	assert_false(screens_hear(&all));
	screens_draw(&all, 4, 24, 0, 80);
	/* What it is over is seen, but its own last lines. */
	IS("draw:list bottom:question ");
	assert_true(screens_trend(&all));
	assert_true(screens_hear(&all));
	assert_int_equal(press('x').kind, REQUEST_MESSAGE);
	IS("key:question ");
	/* It closed itself, and is there until the sweep. */
	assert_ptr_equal(screens_top(&all)->kind, &list);
	assert_false(screens_hear(&all));
	screens_sweep(&all);
	IS("free:question ");
	s = push(&text);
	screens_draw(&all, 4, 24, 0, 80);
	IS("draw:text bottom:text ");
	assert_false(screens_trend(&all));
	screens_cover(&all);
	assert_false(screens_hear(&all));
	screens_close(&all, s);
	screens_close(&all, s);
	assert_int_equal(all.count, 1);
}

static void
contexts(void **state)
{
	struct request out;

	(void)state;
	screens_draw(&all, 4, 24, 0, 80);
	*trace = '\0';
	assert_int_equal(press('t').kind, REQUEST_NONE);
	IS("taglist ");
	out = press('r');
	assert_int_equal(out.kind, REQUEST_ACTION);
	assert_int_equal(out.action, ACTION_RETRY);
	IS("retrylist ");
	out = press('%');
	assert_int_equal(out.kind, REQUEST_ACTION);
	assert_int_equal(out.action, ACTION_NONE);
	IS("");
	push(&text);
	screens_draw(&all, 4, 24, 0, 80);
	*trace = '\0';
	assert_int_equal(press('t').action, ACTION_NONE);
	assert_false(screens_act(&all, ACTION_TAG, &out));
	assert_int_equal(out.kind, REQUEST_NONE);
	IS("");
	/* A question takes no action at all. */
	push(&question);
	screens_draw(&all, 4, 24, 0, 80);
	*trace = '\0';
	for (int i = 0; i < ACTION_COUNT; i++)
		assert_false(screens_act(&all, (enum action)i, &out));
	IS("");
}

static void
still(void **state)
{
	struct screen *q;

	(void)state;
	push(&text);
	screens_refresh(&all);
	IS("refresh:list refresh:text ");
	q = push(&question);
	assert_true(screens_is_still(&all, all.stack[0]));
	assert_false(screens_is_still(&all, q));
	screens_refresh(&all);
	IS("");
	screens_close(&all, q);
	screens_refresh(&all);
	IS("refresh:list refresh:text ");
	screens_clear(&all);
	assert_int_equal(all.count, 1);
	screens_sweep(&all);
	*trace = '\0';
}

/* However many: the bottom stays, the lowest over it goes. */
static void
bounded(void **state)
{
	struct screen *bottom = all.stack[0], *first = push(&text);

	(void)state;
	for (int i = 0; i < 100; i++)
		push(&text);
	assert_int_equal(all.count, SCREENS_MAX);
	assert_ptr_equal(all.stack[0], bottom);
	for (size_t i = 0; i < all.count; i++)
		assert_ptr_not_equal(all.stack[i], first);
	*trace = '\0';
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_hears, setup, teardown),
		cmocka_unit_test_setup_teardown(contexts, setup, teardown),
		cmocka_unit_test_setup_teardown(still, setup, teardown),
		cmocka_unit_test_setup_teardown(bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
