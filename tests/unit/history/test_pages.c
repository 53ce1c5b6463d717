/* SPDX-License-Identifier: ISC */
/* Pages and windows: messages of several states come once each, in order,
 * whatever the page's size and whatever a match leaves out. */
#include "unit/unit.h"
#include "unit/history_file.h"
#include "history/history_walk.h"
#include "base/xalloc.h"
#include "history/history_note.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGES 90


static const enum state states[] = {
	STATE_FAILED, STATE_QUEUED, STATE_IMPORTED, STATE_FAILED,
	STATE_DEFERRED, STATE_QUARANTINED, STATE_IMPORTED,
};

static enum state
state_of(int64_t id)
{
	return states[id * 5 % (int64_t)COUNT(states)];
}

static void
add_all(void)
{
	struct error err = ERROR_INIT;

	assert_int_equal(history_begin(h, &err), 0);
	for (int64_t i = 1; i <= MESSAGES; i++) {
		struct history_message m = { .name = xstrdup("a.ccm"),
			.true_name = xstrdup("a.ccm"), .true_name_len = 5,
			.state = state_of(i), .since = i * 37 % 50,
			.size = i * 11 % 17, .code = HISTORY_NO_CODE,
			.failed_at = HISTORY_NO_TIME,
			.date_at = HISTORY_NO_TIME,
			.next_attempt_at = HISTORY_NO_TIME,
			.subject = xstrdup(i % 3 ? "blue" : "red") };
		int64_t id;

		assert_int_equal(history_message_add(h, &m, &id, &err), 0);
		assert_int_equal((id - 1) % MESSAGES + 1, i);
		history_message_release(&m);
	}
	assert_int_equal(history_commit(h, &err), 0);
}

static bool
holds(int64_t id, unsigned bits, bool match)
{
	return (!bits || bits & STATE_BIT(state_of(id))) &&
		(!match || id % 3 == 0);
}

/* Every id that should come comes next, in pages of n. */
static void
check_pages(unsigned bits, struct match *match, int n)
{
	struct history_query q = { .states = bits, .match = match };
	struct history_message *rows = xcalloc((size_t)n, sizeof *rows);
	struct error err = ERROR_INIT;
	int64_t after = 0, want = 0;
	int got;

	while ((got = history_page(h, &q, after, n, rows, &err)) > 0)
		for (int i = 0; i < got; i++) {
			while (!holds(++want, bits, match))
				;
			assert_int_equal(rows[i].id, want);
			after = rows[i].id;
			history_message_release(&rows[i]);
		}
	assert_int_equal(got, 0);
	while (++want <= MESSAGES)
		assert_false(holds(want, bits, match));
	free(rows);
}

static void
pages_have_each_once(void **state)
{
	static const unsigned bits[] = {
		0, STATE_BIT(STATE_FAILED),
		STATE_BIT(STATE_FAILED) | STATE_BIT(STATE_QUEUED),
		STATE_BIT(STATE_IMPORTED) | STATE_BIT(STATE_DEFERRED) |
			STATE_BIT(STATE_QUARANTINED),
		STATE_BIT(STATE_LOST),
	};
	static const int sizes[] = { 1, 2, 7, 30, 100 };
	struct error err = ERROR_INIT;
	struct match *match = match_compile("subject:red", 0, 0, &err);

	(void)state;
	for (size_t i = 0; i < COUNT(bits); i++)
		for (size_t k = 0; k < COUNT(sizes); k++) {
			check_pages(bits[i], NULL, sizes[k]);
			check_pages(bits[i], match, sizes[k]);
		}
	match_free(match);
}

struct found {
	int n[MESSAGES + 1];
};

static void
add_found(void *arg, int64_t id, int state)
{
	((struct found *)arg)->n[id]++;
	assert_int_equal(state, state_of(id));
}

/* Between two places each that should come comes once. */
static void
check_walk(struct history_query *q, enum history_order by,
	const struct history_message *from, const struct history_message *to,
	int64_t slice)
{
	struct history_window w = { .by = by, .forward = true };
	struct found found = { .n = { 0 } };
	struct history_walk walk;
	struct history_message m;
	struct error err = ERROR_INIT;
	int more;

	assert_int_equal(history_walk_begin(h, q, by, from, to, &walk, &err),
		0);
	walk.slice = slice;
	while ((more = history_walk_next(h, &walk, add_found, &found, &err)) >
	    0)
		;
	assert_int_equal(more, 0);
	history_walk_release(&walk);
	for (int64_t i = 1; i <= MESSAGES; i++) {
		assert_int_equal(history_message_get(h, i, &m, &err), 1);
		assert_int_equal(found.n[i], holds(i, q->states, q->match) &&
			(!from || history_window_compare(&w, from, &m) <= 0) &&
			(!to || history_window_compare(&w, &m, to) <= 0));
		history_message_release(&m);
	}
}

static void
walks_tell_each_once(void **state)
{
	static const enum history_order orders[] = { HISTORY_BY_ID,
		HISTORY_BY_SINCE, HISTORY_BY_SIZE, HISTORY_BY_SUBJECT };
	static const int64_t slices[] = { 1, 2, 7, 1000 };
	struct error err = ERROR_INIT;
	struct match *match = match_compile("subject:red", 0, 0, &err);
	struct history_message a, b;

	(void)state;
	assert_int_equal(history_message_get(h, 12, &a, &err), 1);
	assert_int_equal(history_message_get(h, 71, &b, &err), 1);
	for (size_t i = 0; i < COUNT(orders) * COUNT(slices) * 2; i++) {
		struct history_query q = { .states = i % 2 ? 0 :
			STATE_BIT(STATE_FAILED) | STATE_BIT(STATE_QUEUED) };
		enum history_order by = orders[i / 2 % COUNT(orders)];
		int64_t slice = slices[i / 2 / COUNT(orders)];
		struct history_window w = { .by = by, .forward = true };
		bool rises = history_window_compare(&w, &a, &b) < 0;

		for (int k = 0; k < 2; k++) {
			check_walk(&q, by, NULL, NULL, slice);
			check_walk(&q, by, &a, NULL, slice);
			check_walk(&q, by, &a, &a, slice);
			check_walk(&q, by, rises ? &a : &b, rises ? &b : &a,
				slice);
			q.match = match;
		}
	}
	history_message_release(&a);
	history_message_release(&b);
	match_free(match);
}

/* What comes after the beginning is not told. */
static void
a_walk_ends_where_it_began(void **state)
{
	struct history_query q = { 0 };
	struct history_walk walk;
	struct found found = { .n = { 0 } };
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(history_walk_begin(h, &q, HISTORY_BY_SINCE, NULL,
		NULL, &walk, &err), 0);
	walk.highest = 50;
	while (history_walk_next(h, &walk, add_found, &found, &err) > 0)
		;
	history_walk_release(&walk);
	for (int i = 1; i <= MESSAGES; i++)
		assert_int_equal(found.n[i], i <= 50);
}

/* A query can begin again, and anywhere. */
static void
a_page_begins_anywhere(void **state)
{
	struct history_query q = { 0 };
	struct error err = ERROR_INIT;
	int64_t ids[10];

	(void)state;
	assert_int_equal(history_page_ids(h, &q, 0, 10, ids, &err), 10);
	assert_int_equal(history_page_ids(h, &q, 40, 10, ids, &err), 10);
	assert_int_equal(ids[0], 41);
	assert_int_equal(history_page_ids(h, &q, 0, 10, ids, &err), 10);
	assert_int_equal(ids[0], 1);
	assert_int_equal(history_page_ids(h, &q, 85, 10, ids, &err), 5);
}

static bool
no_patience(void *arg)
{
	(void)arg;
	return false;
}

/* From one end to the other, each in its place; and back. */
static void
check_window(enum history_order by, bool forward, unsigned bits)
{
	struct history_query q = { .states = bits };
	struct history_message last = { 0 }, rows[4];
	struct history_window w = { .by = by, .forward = forward };
	struct error err = ERROR_INIT;
	int64_t n = 0, all, rank;
	int got;

	while ((got = history_window(h, &q, &w, 4, rows, &err)) > 0)
		for (int i = 0; i < got; i++) {
			if (n++)
				assert_true(history_window_compare(&w, &last,
					&rows[i]) < 0);
			history_message_release(&last);
			last = rows[i];
			w.anchor = &last;
		}
	assert_int_equal(got, 0);
	assert_int_equal(history_count(h, &q, &all, &err), 0);
	assert_int_equal(n, all);
	assert_int_equal(history_rank(h, &q, &w, 1000, &rank, &err), 0);
	assert_int_equal(rank, all - 1);
	history_message_release(&last);
}

/* Among those that the match has. */
static void
rank_in_a_match(void **state)
{
	struct error err = ERROR_INIT;
	struct history_query q = { .states = 0 };
	struct history_message anchor = { .id = INT64_MAX };
	struct history_window w = { .forward = true, .anchor = &anchor };
	struct history_patience none = { no_patience, NULL, false };
	int64_t all, matched, rank;

	(void)state;
	assert_int_equal(history_count(h, &q, &all, &err), 0);
	q.match = match_compile("subject:red", 0, 0, &err);
	assert_non_null(q.match);
	assert_int_equal(history_count(h, &q, &matched, &err), 0);
	assert_in_range(matched, 1, all - 1);
	assert_int_equal(history_rank(h, &q, &w, 1000, &rank, &err), 0);
	assert_int_equal(rank, matched);
	q.patience = &none;
	assert_int_equal(history_rank(h, &q, &w, 1000, &rank, &err), 0);
	assert_true(none.gave_up || rank == matched);
	match_free(q.match);
}

static void
windows_are_in_order(void **state)
{
	(void)state;
	for (int by = 0; by < HISTORY_ORDER_COUNT; by++)
		for (int forward = 0; forward < 2; forward++) {
			check_window((enum history_order)by, forward, 0);
			check_window((enum history_order)by, forward,
				STATE_BIT(STATE_FAILED) |
				STATE_BIT(STATE_DEFERRED));
		}
}

/* Each once and in the order of time, though the clock was set back in between. */
static void
notes_of_a_clock_set_back(void **state)
{
	struct history_note rows[7];
	struct error err = ERROR_INIT;
	int64_t at = 1000, id = 0;
	int n, all = 0;

	(void)state;
	assert_int_equal(history_begin(h, &err), 0);
	for (int i = 0; i < 60; i++) {
		struct history_note note = { .by = (char *)(uintptr_t)"mlopez",
			.text = (char *)(uintptr_t)"x", .at = i < 30 ?
			2000 + i : 1000 + i % 4, .until = HISTORY_NO_TIME };

		assert_int_equal(history_note_add(h, &note, &err), 0);
	}
	while ((n = history_notes_since(h, at, id, rows, 7, &err)) > 0)
		for (int i = 0; i < n; i++, all++) {
			assert_true(rows[i].at > at || (rows[i].at == at &&
				rows[i].id > id));
			at = rows[i].at;
			id = rows[i].id;
			history_note_release(&rows[i]);
		}
	assert_int_equal(n, 0);
	assert_int_equal(all, 60);
	history_rollback(h);
}

/* A count that does not add up is seen, and mended. */
static void
tallies(void **state)
{
	struct history_message m;
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(history_tally_agrees(h, &err), 1);
	assert_int_equal(history_begin(h, &err), 0);
	assert_int_equal(history_message_get(h, 1, &m, &err), 1);
	m.size = 1000;
	m.state = STATE_LOST;
	assert_int_equal(history_message_update(h, &m, state_of(1), &err), 1);
	history_message_release(&m);
	assert_int_equal(history_tally_agrees(h, &err), 1);
	assert_int_equal(history_tally_anew(h, &err), 0);
	assert_int_equal(history_tally_agrees(h, &err), 1);
	history_rollback(h);
}

static int64_t
count_all(struct history *reader)
{
	struct history_query q = { 0 };
	struct error err = ERROR_INIT;
	int64_t n;

	assert_int_equal(history_count(reader, &q, &n, &err), 0);
	return n;
}

/* What another one writes meanwhile is seen when the outer read has ended. */
static void
reads_of_one_moment(void **state)
{
	struct error err = ERROR_INIT;
	struct history *reader = history_open(history_file, HISTORY_READ,
		&err);
	int64_t before;

	(void)state;
	assert_non_null(reader);
	assert_int_equal(history_begin_read(reader, &err), 0);
	before = count_all(reader);
	assert_int_equal(history_begin_read(reader, &err), 0);
	add_all();
	assert_int_equal(count_all(reader), before);
	history_end_read(reader);
	assert_int_equal(count_all(reader), before);
	history_end_read(reader);
	assert_int_equal(count_all(reader), before + MESSAGES);
	history_close(reader);
}

static int
open_history(void **state)
{
	(void)state;
	history_file_open(1);
	add_all();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_have_each_once),
		cmocka_unit_test(walks_tell_each_once),
		cmocka_unit_test(a_walk_ends_where_it_began),
		cmocka_unit_test(a_page_begins_anywhere),
		cmocka_unit_test(windows_are_in_order),
		cmocka_unit_test(rank_in_a_match),
		cmocka_unit_test(notes_of_a_clock_set_back),
		cmocka_unit_test(tallies),
		cmocka_unit_test(reads_of_one_moment),
	};

	return cmocka_run_group_tests(tests, open_history, history_file_close);
}
