/* SPDX-License-Identifier: ISC */
/* Tests of list, tags and list_layout on a million rows. */
#include "unit/unit.h"
#include "fake_source.h"
#include "list/list_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MILLION 1000000

struct fixture {
	struct fake fake;
	struct list list;
	struct error err;
};

static struct fixture *
fixture_new(int64_t n, size_t height)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_non_null(f);
	fake_init(&f->fake, n);
	list_init(&f->list, &fake_source, &f->fake);
	assert_int_equal(list_resize(&f->list, height, &f->err), 0);
	assert_int_equal(list_reload(&f->list, &f->err), 0);
	return f;
}

static void
fixture_free(struct fixture *f)
{
	list_release(&f->list);
	assert_int_equal(f->fake.rows_alive, 0);
	fake_release(&f->fake);
	free(f);
}

/* "10 >11 12~": what the screen shows. */
static const char *
shown(const struct list *list)
{
	static char out[4096];
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < list->count; i++)
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%s%d%s",
			i ? " " : "", i == list->cursor ? ">" : "",
			(int)list->lines[i].row.id,
			list->lines[i].is_gone ? "~" : "");
	return out;
}

#define assert_shows(f, text) assert_string_equal(shown(&(f)->list), text)
#define ok(call) assert_int_equal(call, 0)

/* To the end of what was begun. */
static int
rest(struct fixture *f, int more)
{
	while (more > 0)
		more = list_gather(&f->list, &f->err);
	return more;
}

static void
moving(void **state)
{
	struct fixture *f = fixture_new(MILLION, 5);
	struct list *l = &f->list;

	(void)state;
	assert_shows(f, ">1 2 3 4 5");
	ok(list_move(l, 1, &f->err));
	assert_shows(f, "1 >2 3 4 5");
	ok(list_move(l, -3, &f->err));
	assert_shows(f, ">1 2 3 4 5");
	ok(list_move(l, -1, &f->err));
	assert_shows(f, ">1 2 3 4 5");
	ok(list_move(l, 4, &f->err));
	assert_shows(f, "1 2 3 4 >5");
	ok(list_move(l, 1, &f->err));
	assert_shows(f, "2 3 4 5 >6");
	ok(list_page(l, 5, &f->err));
	assert_shows(f, "7 8 9 10 >11");
	ok(list_page(l, -5, &f->err));
	ok(list_page(l, -5, &f->err));
	assert_shows(f, ">1 2 3 4 5");
	ok(list_last(l, &f->err));
	assert_shows(f, "999996 999997 999998 999999 >1000000");
	ok(list_move(l, 1, &f->err));
	ok(list_page(l, 5, &f->err));
	assert_shows(f, "999996 999997 999998 999999 >1000000");
	ok(list_first(l, &f->err));
	assert_shows(f, ">1 2 3 4 5");
	assert_int_equal(list_select(l, 500000, &f->err), 1);
	assert_shows(f, "499998 499999 >500000 500001 500002");
	assert_int_equal(list_select(l, 499998, &f->err), 1);
	assert_shows(f, ">499998 499999 500000 500001 500002");
	assert_int_equal(list_select(l, MILLION + 1, &f->err), 0);
	assert_shows(f, ">499998 499999 500000 500001 500002");
	fixture_free(f);
}

/* Each key costs about a screen of rows, wherever it happens. */
static void
a_million_rows_cost_a_screen(void **state)
{
	struct fixture *f = fixture_new(MILLION, 20);

	(void)state;
	assert_true(f->fake.rows_read <= 40);
	assert_int_equal(list_select(&f->list, 700000, &f->err), 1);
	f->fake.rows_read = f->fake.calls = 0;
	for (int i = 0; i < 100; i++)
		ok(list_move(&f->list, 1, &f->err));
	assert_true(f->fake.rows_read <= 100 * 22);
	f->fake.rows_read = 0;
	ok(list_refresh(&f->list, &f->err));
	assert_true(f->fake.rows_read <= 22);
	assert_true(f->fake.rows_alive <= 22);
	/* How many there are, the cursor's row, those before it, and the rank
	 * from either end: no row is looked up by itself … */
	f->fake.calls = 0;
	ok(list_refresh(&f->list, &f->err));
	assert_int_equal(f->fake.calls, 5);
	/* … but those that went. */
	f->fake.absent[f->list.lines[2].row.id] = true;
	f->fake.absent[f->list.lines[3].row.id] = true;
	f->fake.calls = 0;
	ok(list_refresh(&f->list, &f->err));
	assert_int_equal(f->fake.calls, 7);
	fixture_free(f);
}

static void
cursor_stays_on_its_message(void **state)
{
	struct fixture *f = fixture_new(100, 5);
	struct list *l = &f->list;

	(void)state;
	assert_int_equal(list_select(l, 50, &f->err), 1);
	assert_shows(f, "48 49 >50 51 52");
	/* By size, then back: the same message, the same line. */
	fake_sort_by_size(&f->fake, true);
	ok(list_reload(l, &f->err));
	assert_int_equal(l->lines[l->cursor].row.id, 50);
	assert_int_equal(l->cursor, 2);
	fake_sort_by_id(&f->fake, true);
	ok(list_reload(l, &f->err));
	assert_shows(f, "52 51 >50 49 48");
	/* A filter that it does not pass: what is nearest. */
	fake_sort_by_id(&f->fake, false);
	ok(list_reload(l, &f->err));
	f->fake.only_multiples_of = 7;
	ok(list_reload(l, &f->err));
	assert_shows(f, "42 49 >56 63 70");
	f->fake.only_multiples_of = 1;
	ok(list_reload(l, &f->err));
	assert_shows(f, "54 55 >56 57 58");
	/* Rows before it come and go. */
	for (int i = 1; i < 54; i++)
		f->fake.absent[i] = true;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "54 55 >56 57 58");
	fixture_free(f);
}

static void
gone_lines_stay_until_the_cursor_moves(void **state)
{
	struct fixture *f = fixture_new(100, 5);
	struct list *l = &f->list;

	(void)state;
	assert_int_equal(list_select(l, 50, &f->err), 1);
	f->fake.absent[49] = f->fake.absent[50] = true;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "48 49~ >50~ 51 52");
	assert_string_equal(l->lines[2].gone, "imported 14:02");
	assert_null(list_current(l));
	f->fake.absent[51] = true;
	ok(list_refresh(l, &f->err));
	ok(list_refresh(l, &f->err));
	assert_shows(f, "48 49~ >50~ 51~ 52");
	ok(list_move(l, 1, &f->err));
	assert_shows(f, "46 47 48 >52 53");
	assert_non_null(list_current(l));
	/* The last of all goes, then the cursor moves at the end. */
	ok(list_last(l, &f->err));
	f->fake.absent[100] = true;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "96 97 98 99 >100~");
	ok(list_move(l, 1, &f->err));
	assert_shows(f, "95 96 97 98 >99");
	/* All go. */
	for (int i = 1; i <= 100; i++)
		f->fake.absent[i] = true;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "95~ 96~ 97~ 98~ >99~");
	ok(list_move(l, -1, &f->err));
	assert_shows(f, "");
	ok(list_move(l, 1, &f->err));
	ok(list_refresh(l, &f->err));
	f->fake.absent[7] = false;
	ok(list_refresh(l, &f->err));
	assert_shows(f, ">7");
	fixture_free(f);
}

/* New rows above do not push the cursor's line away. */
static void
arrivals(void **state)
{
	struct fixture *f = fixture_new(100, 4);
	struct list *l = &f->list;

	(void)state;
	for (int i = 1; i <= 100; i++)
		f->fake.absent[i] = i > 50;
	fake_sort_by_id(&f->fake, true);
	ok(list_reload(l, &f->err));
	assert_int_equal(list_select(l, 49, &f->err), 1);
	ok(list_first(l, &f->err));
	assert_shows(f, ">50 49 48 47");
	/* New rows at the beginning come into sight, the cursor stays on its
	 * row as long as the screen is high enough. */
	f->fake.absent[51] = false;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "51 >50 49 48");
	f->fake.absent[52] = f->fake.absent[53] = false;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "53 52 51 >50");
	f->fake.absent[54] = false;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "53 52 51 >50");
	/* Away from the beginning the screen stands still. */
	ok(list_move(l, -3, &f->err));
	assert_shows(f, ">53 52 51 50");
	f->fake.absent[55] = false;
	ok(list_refresh(l, &f->err));
	assert_shows(f, ">53 52 51 50");
	fixture_free(f);
}

static bool
always(void *ctx)
{
	(void)ctx;
	return true;
}

/* Where reading is dear a move within what is shown reads nothing; but lines
 * that are gone go all the same. */
static void
dear(void **state)
{
	struct fixture *f = fixture_new(100, 5);
	struct list *l = &f->list;
	struct list_source source = fake_source;
	size_t calls;

	(void)state;
	source.dear = always;
	l->source = &source;
	assert_int_equal(list_select(l, 50, &f->err), 1);
	assert_shows(f, "48 49 >50 51 52");
	calls = f->fake.calls;
	ok(list_move(l, 2, &f->err));
	assert_shows(f, "48 49 50 51 >52");
	ok(list_move(l, -4, &f->err));
	assert_shows(f, ">48 49 50 51 52");
	assert_int_equal(f->fake.calls, calls);
	ok(list_move(l, -1, &f->err));
	assert_shows(f, ">47 48 49 50 51");
	assert_true(f->fake.calls > calls);
	f->fake.absent[49] = true;
	ok(list_refresh(l, &f->err));
	assert_shows(f, ">47 48 49~ 50 51");
	ok(list_move(l, 1, &f->err));
	assert_shows(f, "47 >48 50 51 52");
	fixture_free(f);
}

static void
failing_source(void **state)
{
	struct fixture *f = fixture_new(100, 5);
	struct list *l = &f->list;

	(void)state;
	assert_int_equal(list_select(l, 50, &f->err), 1);
	f->fake.absent[50] = true;
	f->fake.fail = true;
	assert_int_equal(list_refresh(l, &f->err), -1);
	assert_int_equal(list_move(l, 1, &f->err), -1);
	assert_int_equal(list_reload(l, &f->err), -1);
	assert_int_equal(list_first(l, &f->err), -1);
	assert_int_equal(list_select(l, 3, &f->err), -1);
	assert_int_equal(list_tag_all(l, &f->err), -1);
	assert_shows(f, "48 49 >50 51 52");
	f->fake.fail = false;
	ok(list_refresh(l, &f->err));
	assert_shows(f, "48 49 >50~ 51 52");
	fixture_free(f);
}

static void
frozen(void **state)
{
	struct fixture *f = fixture_new(100, 3);
	struct list *l = &f->list;

	(void)state;
	ok(list_freeze(l, true, &f->err));
	f->fake.absent[2] = true;
	ok(list_refresh(l, &f->err));
	ok(list_refresh(l, &f->err));
	assert_shows(f, ">1 2 3");
	assert_int_equal(l->changes, 2);
	/* It stands still, whatever happens; the cursor moves over it. */
	ok(list_move(l, 1, &f->err));
	ok(list_resize(l, 2, &f->err));
	assert_shows(f, "1 >2");
	ok(list_resize(l, 3, &f->err));
	assert_shows(f, "1 >2");
	ok(list_freeze(l, false, &f->err));
	assert_shows(f, "1 >2~ 3");
	ok(list_last(l, &f->err));
	ok(list_freeze(l, true, &f->err));
	f->fake.absent[99] = true;
	ok(list_resize(l, 2, &f->err));
	assert_shows(f, "99 >100");
	ok(list_resize(l, 1, &f->err));
	assert_shows(f, ">100");
	fixture_free(f);
}

static void
resizing(void **state)
{
	struct fixture *f = fixture_new(100, 9);
	struct list *l = &f->list;

	(void)state;
	assert_int_equal(list_select(l, 50, &f->err), 1);
	for (size_t height = 9; height-- > 0;) {
		ok(list_resize(l, height, &f->err));
		assert_int_equal(l->lines[l->cursor].row.id, 50);
		assert_int_equal(l->count, height ? height : 1);
	}
	ok(list_resize(l, 100000, &f->err));
	assert_int_equal(l->count, 100);
	assert_int_equal(l->lines[l->cursor].row.id, 50);
	fixture_free(f);
}

/* Dear to be read: it stands, however it is turned, until it is ready. */
static void
resizing_what_is_not_ready(void **state)
{
	struct fixture *f = fixture_new(100, 4);
	struct list *l = &f->list;
	size_t calls;

	(void)state;
	f->fake.slices = 3;
	calls = f->fake.calls;
	assert_int_equal(list_resize(l, 2, &f->err), 1);
	assert_shows(f, ">1 2");
	assert_int_equal(list_resize(l, 4, &f->err), 1);
	assert_shows(f, ">1 2");
	assert_int_equal(f->fake.calls, calls);
	assert_int_equal(list_resize(l, 3, &f->err), 0);
	assert_shows(f, ">1 2 3");
	fixture_free(f);
}

static void
tagging(void **state)
{
	struct fixture *f = fixture_new(MILLION, 5);
	struct list *l = &f->list;

	(void)state;
	assert_int_equal(list_which(l), LIST_WHICH_CURSOR);
	ok(list_tag(l, &f->err));
	assert_shows(f, "1 >2 3 4 5");
	assert_true(tags_has(&l->tags, 1));
	assert_int_equal(list_which(l), LIST_WHICH_ASK);
	ok(list_move(l, -1, &f->err));
	assert_int_equal(list_which(l), LIST_WHICH_TAGGED);
	ok(list_tag(l, &f->err));
	assert_int_equal(l->tags.count, 0);
	/* A range of 100,000, backwards. */
	assert_int_equal(list_select(l, 300000, &f->err), 1);
	ok(rest(f, list_range(l, &f->err)));
	assert_int_equal(list_select(l, 200001, &f->err), 1);
	assert_true(list_is_tagged(l, &l->lines[l->cursor]));
	assert_true(list_is_tagged(l, &l->lines[l->cursor + 1]));
	assert_false(list_is_tagged(l, &l->lines[l->cursor - 1]));
	ok(rest(f, list_range(l, &f->err)));
	assert_int_equal(l->tags.count, 100000);
	assert_int_equal(l->tags.ids[0], 200001);
	list_untag_all(l);
	assert_int_equal(l->tags.count, 0);
	list_untag_all(l);
	assert_int_equal(l->tags.count, 100000);
	for (size_t i = 0; i < l->tags.count; i += 999)
		assert_int_equal(l->tags.states[i], l->tags.ids[i] % 3);
	/* A range begun and dropped leaves the tags alone. */
	ok(rest(f, list_range(l, &f->err)));
	list_untag_all(l);
	assert_false(l->range);
	assert_int_equal(l->tags.count, 100000);
	f->fake.only_multiples_of = 2;
	ok(rest(f, list_tag_all(l, &f->err)));
	assert_int_equal(l->tags.count, 550000);
	fixture_free(f);
}

/* What an open range shows as tagged is what a verb gets. */
static void
open_ranges(void **state)
{
	struct fixture *f = fixture_new(100, 9);
	struct list *l = &f->list;
	size_t starred = 0;

	(void)state;
	ok(rest(f, list_range(l, &f->err)));
	ok(list_move(l, 4, &f->err));
	for (size_t i = 0; i < l->count; i++)
		starred += list_is_tagged(l, &l->lines[i]);
	ok(rest(f, list_range_end(l, &f->err)));
	assert_int_equal(l->tags.count, starred);
	assert_int_equal(starred, 5);
	assert_false(l->range);
	assert_int_equal(list_which(l), LIST_WHICH_TAGGED);
	/* Without one nothing happens. */
	ok(rest(f, list_range_end(l, &f->err)));
	assert_int_equal(l->tags.count, 5);
	/* Another order, another cause: it is not the same range any more. */
	ok(rest(f, list_range(l, &f->err)));
	fake_sort_by_size(&f->fake, true);
	ok(list_reload(l, &f->err));
	assert_false(l->range);
	assert_int_equal(l->tags.count, 5);
	/* The cursor's row is gone. */
	fake_sort_by_id(&f->fake, false);
	ok(list_reload(l, &f->err));
	assert_int_equal(list_select(l, 50, &f->err), 1);
	ok(rest(f, list_range(l, &f->err)));
	ok(list_move(l, 1, &f->err));
	f->fake.absent[51] = true;
	ok(list_refresh(l, &f->err));
	ok(rest(f, list_range_end(l, &f->err)));
	assert_int_equal(l->tags.count, 6);
	assert_true(tags_has(&l->tags, 50));
	fixture_free(f);
}

/* Causes, reasons, the log: every key that tags does nothing there. */
static void
lists_without_tags(void **state)
{
	struct list_source source = fake_source;
	struct fixture *f = fixture_new(10, 5);
	struct list *l = &f->list;

	(void)state;
	source.ids = NULL;
	l->source = &source;
	ok(list_tag(l, &f->err));
	ok(rest(f, list_range(l, &f->err)));
	ok(list_move(l, 2, &f->err));
	ok(rest(f, list_range_end(l, &f->err)));
	ok(rest(f, list_tag_all(l, &f->err)));
	list_untag_all(l);
	assert_int_equal(l->tags.count, 0);
	assert_false(l->range);
	fixture_free(f);
}

/* What is gone has no place, and takes none from those below it. */
static void
place_beside_gone(void **state)
{
	struct fixture *f = fixture_new(3, 9);
	struct list *l = &f->list;
	struct str out = STR_INIT;

	(void)state;
	f->fake.absent[1] = true;
	ok(list_refresh(l, &f->err));
	assert_true(l->lines[0].is_gone);
	list_add_position(l, &out);
	assert_null(strstr(out.data, " of "));
	ok(list_move(l, 1, &f->err));
	str_release(&out);
	list_add_position(l, &out);
	assert_memory_equal(out.data, "1 of ", 5);
	str_release(&out);
	fixture_free(f);
}

/* The marks of each line, then what the info line says. */
static void
marks(void **state)
{
	struct fixture *f = fixture_new(1000, 9);
	struct list *l = &f->list;
	struct str out = STR_INIT;
	char m[LIST_MARKS + 1] = "";

	(void)state;
	list_add_position(l, &out);
	list_add_legend(l, &out);
	assert_string_equal(out.data, "1 of 1,000   + new   ! failed again");
	ok(list_tag(l, &f->err));
	f->fake.absent[2] = true;
	ok(list_refresh(l, &f->err));
	list_marks(l, &l->lines[0], m);
	assert_string_equal(m, " * ");
	list_marks(l, &l->lines[1], m);
	assert_string_equal(m, " ~!");
	list_marks(l, &l->lines[6], m);
	assert_string_equal(m, " + ");
	str_clear(&out);
	list_add_legend(l, &out);
	assert_string_equal(out.data, "   * tagged   ~ gone   + new"
		"   ! failed again");
	str_release(&out);
	fixture_free(f);
}

static void
positions(void **state)
{
	struct fixture *f = fixture_new(MILLION, 9);
	struct list *l = &f->list;
	struct str out = STR_INIT;

	(void)state;
	assert_int_equal(list_position(l), 1);
	ok(list_move(l, 20, &f->err));
	assert_int_equal(list_position(l), 21);
	ok(list_page(l, -9, &f->err));
	assert_int_equal(list_position(l), 12);
	assert_int_equal(list_select(l, 9000, &f->err), 1);
	assert_int_equal(list_position(l), 9000);
	/* From its end, too; not from the middle of so many. */
	ok(list_last(l, &f->err));
	assert_int_equal(list_position(l), MILLION);
	ok(list_page(l, -9, &f->err));
	list_add_position(l, &out);
	assert_string_equal(out.data, "999,991 of 1,000,000");
	str_clear(&out);
	assert_int_equal(list_select(l, MILLION / 2, &f->err), 1);
	assert_int_equal(list_position(l), LIST_FAR);
	list_add_position(l, &out);
	assert_string_equal(out.data, "1,000,000");
	str_release(&out);
	fixture_free(f);
}

static void
tag_sets(void **state)
{
	struct tags t = TAGS_INIT;
	bool in[512] = { false };

	(void)state;
	srand(3);
	for (int i = 0; i < 20000; i++) {
		int id = rand() % 512;

		if (rand() % 2) {
			assert_true(tags_add(&t, id, id % 10));
			in[id] = true;
		} else {
			tags_remove(&t, id);
			in[id] = false;
		}
		assert_int_equal(tags_has(&t, id), in[id]);
	}
	for (size_t i = 1; i < t.count; i++)
		assert_true(t.ids[i - 1] < t.ids[i]);
	for (size_t i = 0; i < t.count; i++)
		assert_int_equal(t.states[i], t.ids[i] % 10);
	for (int id = 0; id < 512; id++)
		assert_int_equal(tags_has(&t, id), in[id]);
	tags_release(&t);
}

/* Random walks: whatever happens, the window is in order, without gaps, and
 * the cursor in it. */
static void
random_walks(void **state)
{
	(void)state;
	srand(11);
	for (int round = 0; round < 40; round++) {
		struct fixture *f = fixture_new(60, 1 + (size_t)rand() % 12);
		struct list *l = &f->list;

		for (int i = 0; i < 400; i++) {
			int64_t id = l->count ? l->lines[l->cursor].row.id : 0;
			bool refreshed = false;

			switch (rand() % 8) {
			case 0:
				f->fake.absent[1 + rand() % 60] ^= true;
				refreshed = true;
				ok(list_refresh(l, &f->err));
				break;
			case 1:
				ok(list_page(l, rand() % 21 - 10, &f->err));
				break;
			case 2:
				ok(list_resize(l, 1 + (size_t)rand() % 12,
					&f->err));
				break;
			case 3:
				fake_sort_by_size(&f->fake, rand() % 2);
				ok(list_reload(l, &f->err));
				break;
			case 4:
				fake_sort_by_id(&f->fake, rand() % 2);
				ok(list_reload(l, &f->err));
				break;
			case 5:
				ok(list_tag(l, &f->err));
				break;
			default:
				ok(list_move(l, rand() % 9 - 4, &f->err));
			}
			if (refreshed && id)
				assert_int_equal(id,
					l->lines[l->cursor].row.id);
			assert_true(l->count <= l->height);
			assert_true(!l->count || l->cursor < l->count);
			for (size_t k = 1; k < l->count; k++)
				assert_true(fake_source.compare(&f->fake,
					&l->lines[k - 1].row,
					&l->lines[k].row) < 0);
		}
		fixture_free(f);
	}
}

static const struct list_column columns[] = {
	{ "ID", 'i', 6, 0, true, 0, false },
	{ "SINCE", 's', 5, 0, true, 4, false },
	{ "TRIES", 't', 5, 0, true, 5, false },
	{ "SIZE", 'z', 5, 0, true, 3, false },
	{ "RESULT", 'r', 10, 18, false, 1, true },
	{ "FROM", 'f', 10, 18, false, 2, false },
	{ "SUBJECT", 0, 12, LIST_UNLIMITED, false, 0, false },
};

static void
layouts(void **state)
{
	static const struct { int width; const char *titles; } cases[] = {
		{ 200, "ID:6 SINCE:5 TRIES:5 SIZE:5 RESULT:18 FROM:18 SUBJECT:132" },
		{ 80, "ID:6 SINCE:5 TRIES:5 SIZE:5 RESULT:16 FROM:15 SUBJECT:17" },
		{ 58, "ID:6 SINCE:5 SIZE:5 RESULT:10 FROM:10 SUBJECT:12" },
		{ 40, "ID:6 RESULT:13 SUBJECT:14" },
		{ 24, "ID:6 SUBJECT:12" }, { 1, "ID:6 SUBJECT:12" },
	};
	struct list_slot slots[LIST_COLUMNS_MAX];
	char out[512];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = list_layout(columns, COUNT(columns),
			cases[i].width, slots), len = 0;

		for (size_t k = 0; k < n; k++)
			len += (size_t)snprintf(out + len, sizeof out - len,
				"%s%s:%d", k ? " " : "",
				columns[slots[k].column].title,
				slots[k].width);
		if (cases[i].width >= 24)
			assert_true(slots[n - 1].at + slots[n - 1].width <=
				cases[i].width);
		assert_string_equal(out, cases[i].titles);
	}
	assert_int_equal(list_layout_full(columns, COUNT(columns), 8, slots),
		COUNT(columns));
	assert_int_equal(slots[0].at, LIST_GUTTER - 8);
	assert_int_equal(slots[6].width, 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving),
		cmocka_unit_test(a_million_rows_cost_a_screen),
		cmocka_unit_test(cursor_stays_on_its_message),
		cmocka_unit_test(gone_lines_stay_until_the_cursor_moves),
		cmocka_unit_test(arrivals),
		cmocka_unit_test(dear),
		cmocka_unit_test(failing_source),
		cmocka_unit_test(frozen),
		cmocka_unit_test(resizing),
		cmocka_unit_test(resizing_what_is_not_ready),
		cmocka_unit_test(tagging),
		cmocka_unit_test(open_ranges),
		cmocka_unit_test(lists_without_tags),
		cmocka_unit_test(place_beside_gone),
		cmocka_unit_test(marks),
		cmocka_unit_test(positions),
		cmocka_unit_test(tag_sets),
		cmocka_unit_test(random_walks),
		cmocka_unit_test(layouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
