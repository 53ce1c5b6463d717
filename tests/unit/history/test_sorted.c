/* SPDX-License-Identifier: ISC */
/* An order in memory is what the history itself says, from each end and each
 * place, whatever was read when and whatever changed since: messages that came,
 * went, were forgotten or have another value. */
#include "unit/unit.h"
#include "unit/history_file.h"
#include "base/xalloc.h"
#include "history/history_sorted.h"
#include "history/match.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGES 1200		/* more than a slice */
#define ROUNDS 15
#define PAGE 110

static unsigned seed = 4711;

/* The C standard's own example, so that each run is the same. */
static int64_t
any(int64_t below)
{
	seed = seed * 1103515245u + 12345u;
	return (int64_t)(seed >> 16) % below;
}

static const enum state states[] = {
	STATE_QUEUED, STATE_FAILED, STATE_DEFERRED, STATE_QUARANTINED,
};

/* Other values; returns another state. */
static enum state
fill(struct history_message *m)
{
	static const char *const texts[] = { "red", "blue", "Zebra", "" };

	m->since = any(50);
	m->size = any(20);
	m->attempts = any(4);
	m->code = any(3) ? (int)any(6) : HISTORY_NO_CODE;
	m->failed_at = any(2) ? any(50) : HISTORY_NO_TIME;
	m->next_attempt_at = any(2) ? any(50) : HISTORY_NO_TIME;
	free(m->subject);
	m->subject = any(5) ? xstrdup(texts[any(COUNT(texts))]) : NULL;
	free(m->from);
	m->from = any(5) ? xstrdup(texts[any(COUNT(texts))]) : NULL;
	return states[any(COUNT(states))];
}

static void
add(int n)
{
	struct error err = ERROR_INIT;

	assert_int_equal(history_begin(h, &err), 0);
	for (int i = 0; i < n; i++) {
		struct history_message m = { .name = xstrdup("a.ccm"),
			.true_name = xstrdup("a.ccm"), .true_name_len = 5,
			.date_at = HISTORY_NO_TIME };
		int64_t id;

		m.state = fill(&m);
		assert_int_equal(history_message_add(h, &m, &id, &err), 0);
		history_message_release(&m);
	}
	assert_int_equal(history_commit(h, &err), 0);
}

/* Writes it, and lets go of it. */
static void
change_to(struct history_message *m, enum state to)
{
	enum state before = m->state;
	struct error err = ERROR_INIT;

	m->state = to;
	assert_int_equal(history_message_update(h, m, before, &err), 1);
	history_message_release(m);
}

/* Some in one transaction. */
static void
change(int n)
{
	struct error err = ERROR_INIT;
	int64_t highest;

	assert_int_equal(history_highest_id(h, &highest, &err), 0);
	assert_int_equal(history_begin(h, &err), 0);
	for (int i = 0; i < n; i++) {
		struct history_message m;

		assert_int_equal(history_message_get(h, 1 + any(highest), &m,
			&err), 1);
		change_to(&m, fill(&m));
	}
	assert_int_equal(history_commit(h, &err), 0);
}

static void
catch_up(struct history_sorted *s)
{
	struct error err = ERROR_INIT;
	int more;

	while ((more = history_sorted_next(h, s, &err)) > 0)
		;
	assert_int_equal(more, 0);
	assert_true(history_sorted_whole(s));
}

/* Page after page the same messages. */
static int64_t
compare(const struct history_sorted *s, const struct history_query *q,
	enum history_order by, bool forward)
{
	struct history_message last = { 0 }, want[PAGE], got[PAGE];
	struct history_window w = { .by = by, .forward = forward };
	struct error err = ERROR_INIT;
	int64_t n = 0;
	int k;

	while ((k = history_window(h, q, &w, PAGE, want, &err)) > 0) {
		assert_int_equal(history_sorted_window(h, s, &w, PAGE, got,
			&err), k);
		if (w.anchor)
			assert_int_equal(history_sorted_rank(s, &w, INT64_MAX),
				n - 1);
		for (int i = 0; i < k; i++) {
			assert_int_equal(got[i].id, want[i].id);
			history_message_release(&want[i]);
			history_message_release(&last);
			last = got[i];
			w.anchor = &last;
		}
		n += k;
	}
	assert_int_equal(k, 0);
	assert_int_equal(history_sorted_window(h, s, &w, PAGE, got, &err), 0);
	history_message_release(&last);
	return n;
}

static struct history_sorted *
new_sorted(const struct history_query *q, enum history_order by)
{
	struct history_sorted *s;
	struct error err = ERROR_INIT;

	assert_int_equal(history_sorted_new(h, q, by, &s, &err), 0);
	assert_true(history_sorted_is(s, q, by));
	assert_false(history_sorted_whole(s));
	return s;
}

static void
each_order(void **state)
{
	struct error err = ERROR_INIT;
	struct match *match = match_compile("subject:red", 0, 0, &err);

	(void)state;
	for (int by = HISTORY_BY_NEXT; by < HISTORY_ORDER_COUNT; by++)
		for (int k = 0; k < 4; k++) {
			struct history_query q = { .states = k % 2 ? 0 :
				STATE_BIT(STATE_FAILED) |
				STATE_BIT(STATE_DEFERRED),
				.match = k / 2 ? match : NULL };
			struct history_sorted *s = new_sorted(&q,
				(enum history_order)by);

			catch_up(s);
			assert_int_equal(compare(s, &q,
				(enum history_order)by, k % 2),
				history_sorted_count(s));
			history_sorted_free(s);
		}
	match_free(match);
}

/* What changes while it is read, and what changes later, more and less than a
 * slice, in one transaction and in several. */
static void
changes_are_seen(void **state)
{
	static const enum history_order orders[] = { HISTORY_BY_SIZE,
		HISTORY_BY_SUBJECT, HISTORY_BY_FROM, HISTORY_BY_NEXT };
	struct history_query q = { .states = STATE_BIT(STATE_FAILED) |
		STATE_BIT(STATE_QUEUED) };
	struct error err = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct history_sorted *s = new_sorted(&q, orders[i]);

		assert_int_equal(history_sorted_next(h, s, &err), 1);
		change(500);
		add(20);
		catch_up(s);
		for (int k = 0; k < ROUNDS; k++) {
			for (int64_t n = any(4); n > 0; n--)
				change((int)any(k % 5 ? 30 : 1500));
			add((int)any(5));
			catch_up(s);
			assert_int_equal(compare(s, &q, orders[i], k % 2),
				history_sorted_count(s));
		}
		history_sorted_free(s);
	}
}

/* What is not there any more is passed over: no transaction number tells it. */
static void
forgotten(void **state)
{
	struct history_query q = { .states = STATE_BIT(STATE_IMPORTED) };
	struct history_window w = { .by = HISTORY_BY_SIZE, .forward = true };
	struct history_sorted *s;
	struct history_message rows[3];
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(history_begin(h, &err), 0);
	for (int64_t id = 1; id <= 3; id++) {
		assert_int_equal(history_message_get(h, id, rows, &err), 1);
		rows->size = id;
		rows->since = 100 - id;
		change_to(rows, STATE_IMPORTED);
	}
	assert_int_equal(history_commit(h, &err), 0);
	s = new_sorted(&q, HISTORY_BY_SIZE);
	catch_up(s);
	assert_int_equal(history_sorted_window(h, s, &w, 3, rows, &err), 3);
	for (int i = 0; i < 3; i++)
		history_message_release(&rows[i]);
	assert_int_equal(history_begin(h, &err), 0);
	assert_int_equal(history_forget_messages(h, 200, 1, &err), 1);
	assert_int_equal(history_commit(h, &err), 0);
	catch_up(s);
	assert_int_equal(history_sorted_window(h, s, &w, 3, rows, &err), 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(rows[i].id, i + 1);
		history_message_release(&rows[i]);
	}
	history_sorted_free(s);
}

static void
another_question(void **state)
{
	struct history_query q = { .states = STATE_BIT(STATE_QUEUED) };
	struct history_sorted *s = new_sorted(&q, HISTORY_BY_SIZE);

	(void)state;
	assert_false(history_sorted_is(s, &q, HISTORY_BY_FROM));
	q.cause = 1;
	assert_false(history_sorted_is(s, &q, HISTORY_BY_SIZE));
	history_sorted_free(s);
}

static int
open_history(void **state)
{
	(void)state;
	history_file_open(1);
	add(MESSAGES);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_order),
		cmocka_unit_test(changes_are_seen),
		cmocka_unit_test(forgotten),
		cmocka_unit_test(another_question),
	};

	return cmocka_run_group_tests(tests, open_history, history_file_close);
}
