/* SPDX-License-Identifier: ISC */
/*
 * How it was: messages go through states by chance, what each was at any time
 * is kept beside it, and the history has to say the same, whole and by pages,
 * also while others go on.
 */
#include "unit/unit.h"
#include "unit/history_file.h"
#include "base/xalloc.h"
#include "history/event.h"
#include "history/history_at.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGES 200
#define STEPS 4000
#define EACH_MS 10

struct stay {
	int64_t id, from, to;		/* to: INT64_MAX, it is there still */
	enum state state;
	int code;			/* of the last attempt that had ended */
	int64_t attempts, cause;
	int64_t failed;			/* end of the last attempt, and when */
	int64_t suspect_at;		/* … that became suspect, or never */
};

static struct stay stays[MESSAGES + STEPS];
static int stay_count;
static int last[MESSAGES + 1];		/* of each message its last stay */
static int64_t running[MESSAGES + 1];	/* attempts */

static void
must(int rc)
{
	assert_true(rc >= 0);
}

static void
add_message(int64_t at)
{
	struct error err = ERROR_INIT;
	struct history_message m = { .name = xstrdup("a.ccm"),
		.true_name = xstrdup("a.ccm"), .true_name_len = 5,
		.state = STATE_QUEUED, .since = at, .received_at = at,
		.code = HISTORY_NO_CODE, .failed_at = HISTORY_NO_TIME,
		.next_attempt_at = HISTORY_NO_TIME, .size = 7 };

	must(history_message_add(h, &m, &m.id, &err));
	last[m.id] = stay_count;
	stays[stay_count++] = (struct stay){ m.id, at, INT64_MAX,
		STATE_QUEUED, HISTORY_NO_CODE, 0, 0, 0, INT64_MAX };
	history_message_release(&m);
}

static void
end_attempt(struct history_message *m, int64_t at)
{
	struct error err = ERROR_INIT;
	struct history_attempt a = { .id = running[m->id], .message = m->id,
		.ended_at = at, .class = xstrdup("rejected"),
		.code = rand() % 5 };

	m->code = a.code;
	m->attempt = a.id;
	m->failed_at = at;
	xstrset(&m->class, a.class);
	must(history_cause(h, a.class, a.code, 0, NULL, &m->cause, &err));
	must(history_attempt_end(h, &a, &err));
	history_attempt_release(&a);
}

static void
begin_attempt(struct history_message *m, int64_t at)
{
	struct error err = ERROR_INIT;
	struct history_attempt a = { .message = m->id, .why = xstrdup("x"),
		.number = m->attempts + 1, .lane = 1, .started_at = at,
		.ended_at = HISTORY_NO_TIME, .code = HISTORY_NO_CODE,
		.from_state = m->state, .from_since = m->since };

	m->attempts++;
	must(history_attempt_begin(h, &a, &err));
	running[m->id] = a.id;
	history_attempt_release(&a);
}

/* Another state for a message; in it may be what a program would not do. */
static void
change(int64_t id, int64_t at)
{
	struct error err = ERROR_INIT;
	struct history_message m;
	enum state was, next;
	int64_t suspect_at;

	assert_int_equal(history_message_get(h, id, &m, &err), 1);
	was = m.state;
	do
		next = (enum state)(rand() % STATE_COUNT);
	while (next == was);
	if (was == STATE_IMPORTING)
		end_attempt(&m, at);
	if (next == STATE_IMPORTING)
		begin_attempt(&m, at);
	m.state = next;
	m.since = at;
	m.suspect = m.suspect && was != STATE_IMPORTING;
	assert_int_equal(history_message_update(h, &m, was, &err), 1);
	suspect_at = was == STATE_IMPORTING ? INT64_MAX :
		stays[last[id]].suspect_at;
	stays[last[id]].to = at;
	last[id] = stay_count;
	stays[stay_count++] = (struct stay){ id, at, INT64_MAX, next, m.code,
		m.attempts, m.cause, m.failed_at, suspect_at };
	history_message_release(&m);
}

/* The breaker trips: the failed ones of its row are suspect. */
static void
trip(int64_t at)
{
	struct error err = ERROR_INIT;

	must(history_streak_clear(h, &err));
	for (int64_t id = 1; id <= MESSAGES; id += 3) {
		struct stay *s = &stays[last[id]];

		if (!last[id] && id > 1)
			break;
		must(history_streak_add(h, id, &err));
		if (s->state == STATE_FAILED && s->cause &&
		    s->suspect_at == INT64_MAX)
			s->suspect_at = at;
	}
	must(history_streak_suspect(h, at, &err));
}

static int
play(void **state)
{
	struct error err = ERROR_INIT;
	int64_t at = 1000000;

	(void)state;
	history_file_open(1);
	srand(4711);
	must(history_begin(h, &err));
	for (int i = 0; i < STEPS; i++, at += EACH_MS) {
		if (i % (STEPS / MESSAGES) == 0)
			add_message(at);
		else
			change(rand() % (i / (STEPS / MESSAGES) + 1) + 1, at);
		if (i % 301 == 300)
			trip(at + 3);
	}
	must(history_commit(h, &err));
	return 0;
}

static const struct stay *
stay_of(int64_t id, int64_t at)
{
	for (int i = 0; i < stay_count; i++)
		if (stays[i].id == id && stays[i].from <= at &&
		    at < stays[i].to)
			return &stays[i];
	return NULL;
}

/* Between two steps, at one, and at the very end and beginning. */
static int64_t
some_time(int i)
{
	return 1000000 - 5 + i * 797;
}

static void
counts(void **state)
{
	struct error err = ERROR_INIT;
	struct history_at *a = history_at_open(h, some_time(25));
	struct history_counts c;

	(void)state;
	for (int i = 0; i < 52; i++) {
		int64_t at = some_time((i * 31 + 40) % 52), want[STATE_COUNT] = { 0 };

		history_at_go(a, at);

		for (int k = 0; k < stay_count; k++)
			if (stays[k].from <= at && at < stays[k].to)
				want[stays[k].state]++;
		must(history_at_counts(a, &c, &err));
		for (int s = 0; s < STATE_COUNT; s++)
			assert_int_equal(c.n[s], want[s]);
	}
	history_at_free(a);
}

/* What a list shows: in an order, and each way. */
struct asked {
	unsigned states;
	int64_t cause;			/* 0: any */
	enum history_order by;
	bool forward;
	int suspect;			/* HISTORY_SUSPECT_… */
};

static bool
is_asked(const struct stay *s, const struct asked *q, int64_t at)
{
	return s->from <= at && at < s->to &&
		(!q->states || q->states & STATE_BIT(s->state)) &&
		(!q->cause || s->cause == q->cause) &&
		(q->suspect == HISTORY_SUSPECT_ANY || (s->suspect_at <= at) ==
		(q->suspect == HISTORY_SUSPECT_YES));
}

static const struct asked *order;

static int64_t
place(const struct stay *s)
{
	return order->by == HISTORY_BY_ID ? 0 : order->by ==
		HISTORY_BY_FAILED ? s->failed : s->from;
}

static int
by_order(const void *x, const void *y)
{
	const struct stay *a = *(const struct stay *const *)x,
		*b = *(const struct stay *const *)y;
	int rc = place(a) != place(b) ? place(a) < place(b) ? -1 : 1 :
		a->id < b->id ? -1 : a->id > b->id;

	return order->forward ? rc : -rc;
}

/* All that should be there, in order. How many. */
static int
want(const struct asked *q, int64_t at, const struct stay **out)
{
	int n = 0;

	for (int i = 0; i < stay_count; i++)
		if (is_asked(&stays[i], q, at))
			out[n++] = &stays[i];
	order = q;
	qsort(out, (size_t)n, sizeof *out, by_order);
	return n;
}

static void
is_as_it_was(const struct history_message *m, const struct stay *s, int64_t at)
{
	assert_int_equal(m->id, s->id);
	assert_int_equal(m->state, s->state);
	assert_int_equal(m->since, s->from);
	assert_int_equal(m->code, s->code);
	assert_int_equal(m->attempts, s->attempts);
	assert_int_equal(m->cause, s->cause);
	if (s->cause)
		assert_int_equal(m->suspect, s->suspect_at <= at);
}

/* Reads all of a list, by so many at a time. */
static void
compare_list(struct history_at *a, const struct asked *q, int limit)
{
	const struct stay *wanted[MESSAGES];
	struct history_query query = { .states = q->states,
		.cause = q->cause };
	struct history_window w = { .by = q->by, .forward = q->forward };
	struct history_message rows[HISTORY_PAGE], before = { 0 };
	struct error err = ERROR_INIT;
	int all = want(q, history_at_time(a), wanted), at = 0, n;
	int64_t rank;

	query.suspect = q->suspect == HISTORY_SUSPECT_YES ?
		HISTORY_SUSPECT_YES : q->suspect == HISTORY_SUSPECT_NO ?
		HISTORY_SUSPECT_NO : HISTORY_SUSPECT_ANY;
	while ((n = history_at_window(a, &query, &w, limit, rows, &err)) > 0) {
		for (int i = 0; i < n; i++) {
			assert_true(at < all);
			is_as_it_was(&rows[i], wanted[at++],
				history_at_time(a));
			history_message_release(&before);
			before = rows[i];
		}
		w.anchor = &before;
		must(history_at_rank(a, &query, &w, 1000, &rank, &err));
		assert_int_equal(rank, at - 1);
	}
	assert_int_equal(n, 0);
	assert_int_equal(at, all);
	history_message_release(&before);
}

static void
lists(void **state)
{
	static const struct asked lists[] = {
		{ 0, 0, HISTORY_BY_ID, true, 0 },
		{ 0, 0, HISTORY_BY_ID, false, 0 },
		{ STATE_BIT(STATE_QUEUED) | STATE_BIT(STATE_FAILED), 0,
			HISTORY_BY_ID, true, 0 },
		{ STATE_BIT(STATE_FAILED), 0, HISTORY_BY_SINCE, false, 0 },
		{ STATE_BIT(STATE_FAILED) | STATE_BIT(STATE_PURGED), 0,
			HISTORY_BY_SINCE, true, 0 },
		{ STATE_BIT(STATE_FAILED), 2, HISTORY_BY_FAILED, false, 0 },
		{ STATE_BIT(STATE_FAILED), 2, HISTORY_BY_FAILED, true,
			HISTORY_SUSPECT_YES },
		{ STATE_BIT(STATE_FAILED), 2, HISTORY_BY_FAILED, false,
			HISTORY_SUSPECT_NO },
	};
	struct history_at *a = history_at_open(h, 1000000);

	(void)state;
	for (int i = 0; i < 52; i++) {
		history_at_go(a, some_time((i * 31 + 40) % 52));
		for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
			compare_list(a, &lists[k], 500);
			compare_list(a, &lists[k], 7);
		}
	}
	history_at_free(a);
}

/* By cause: how many of each, the first and the last. */
static void
causes(void **state)
{
	struct history_at *a = history_at_open(h, some_time(51));
	struct history_cause_row rows[50];
	struct error err = ERROR_INIT;
	int all_suspects = 0;

	(void)state;
	for (int i = 0; i < 52; i++) {
		int64_t at = some_time((i * 31 + 40) % 52);
		int n, sum = 0, all = 0, suspects = 0;

		history_at_go(a, at);
		n = history_at_causes(a, STATE_FAILED, rows, 50, &err);
		assert_true(n >= 0);
		for (int k = 0; k < n; k++) {
			struct asked q = { STATE_BIT(STATE_FAILED),
				rows[k].cause, HISTORY_BY_FAILED, true,
				rows[k].suspect ? HISTORY_SUSPECT_YES :
				HISTORY_SUSPECT_NO };
			const struct stay *w[MESSAGES];
			int count = want(&q, at, w);

			assert_int_equal(rows[k].n, count);
			suspects += rows[k].suspect;
			assert_int_equal(rows[k].first_at, w[0]->failed);
			assert_int_equal(rows[k].last_at,
				w[count - 1]->failed);
			assert_int_equal(rows[k].code, w[0]->code);
			assert_true(k == 0 || rows[k - 1].last_at >=
				rows[k].last_at);
			sum += count;
		}
		while (n > 0)
			history_cause_row_release(&rows[--n]);
		for (int k = 0; k < stay_count; k++)
			all += stays[k].state == STATE_FAILED && stays[k].cause
				&& stays[k].from <= at && at < stays[k].to;
		assert_int_equal(sum, all);
		all_suspects += suspects;
	}
	assert_true(all_suspects > 0);
	history_at_free(a);
}

static void
one_message(void **state)
{
	struct error err = ERROR_INIT;
	struct history_message m;

	(void)state;
	for (int i = 0; i < 52; i++)
		for (int64_t id = 1; id <= MESSAGES; id += 7) {
			const struct stay *s = stay_of(id, some_time(i));
			int rc = history_at_message(h, id, some_time(i), &m,
				&err);

			assert_int_equal(rc, s != NULL);
			if (!s)
				continue;
			assert_int_equal(m.state, s->state);
			assert_int_equal(m.code, s->code);
			history_message_release(&m);
		}
}

/* What leaves between two pages is on the second all the same. */
static void
while_others_go_on(void **state)
{
	struct error err = ERROR_INIT;
	struct history *other = h;
	struct history_message rows[HISTORY_PAGE], fifth = { .id = 5 };
	struct history_query all = { 0 };
	struct history_window w = { .forward = true };
	int64_t at = 1000000 + (STEPS + 10) * EACH_MS;
	struct history_at *a;
	int n, seen = 0;

	(void)state;
	other = history_open(history_file, HISTORY_READ, &err);
	assert_non_null(other);
	a = history_at_open(other, at);
	n = history_at_window(a, &all, &w, 5, rows, &err);
	assert_int_equal(n, 5);
	for (int i = 0; i < n; i++)
		history_message_release(&rows[i]);
	must(history_begin(h, &err));
	for (int64_t id = 1; id <= MESSAGES; id++)
		change(id, at + 5);
	must(history_commit(h, &err));
	w.anchor = &fifth;
	n = history_at_window(a, &all, &w, HISTORY_PAGE, rows, &err);
	for (int i = 0; i < n; i++) {
		seen += rows[i].state == stay_of(rows[i].id, at)->state;
		history_message_release(&rows[i]);
	}
	assert_int_equal(seen, MESSAGES - 5);
	history_at_free(a);
	history_close(other);
}

/* --- the connector --------------------------------------------------------- */

static void
event(int number, int64_t at, const char *text)
{
	struct error err = ERROR_INIT;
	struct history_event e = { .at = at, .number = number,
		.text = (char *)(uintptr_t)text };

	must(history_event_add(h, &e, &err));
}

static void
action(const char *verb, int64_t at, const char *detail)
{
	struct error err = ERROR_INIT;
	struct history_action a = { .at = at, .ended_at = at,
		.verb = xstrdup(verb), .reason = xstrdup("why"),
		.by = xstrdup("mlopez"), .session = xstrdup("1"),
		.program = xstrdup("ccmq"), .detail = xstrdup(detail) };

	must(history_action_add(h, &a, &err));
	history_action_release(&a);
}

static void
connector(void **state)
{
	static const struct {
		int64_t at;
		bool hold, drain, open;
		const char *reason;
	} cases[] = {
		{ 5, false, false, false, NULL },
		{ 10, true, false, false, "why" },
		{ 25, true, false, true, "why" },
		{ 35, false, false, false, NULL },
		{ 45, false, true, false, "why" },
		{ 55, true, false, false, "why" },
		{ 65, true, false, false, "disk I/O error" },
		{ 75, true, false, false, "disk I/O error" },
		{ 85, false, false, false, NULL },
	};
	struct history_connector c;
	struct error err = ERROR_INIT;

	(void)state;
	must(history_begin(h, &err));
	action("hold", 9, "until 1970-01-01T00:00:00.029Z");
	event(EVENT_HELD, 10, "hold by mlopez: why");
	event(EVENT_TRIPPED, 20, "3 in a row");
	event(EVENT_RESUMED, 29, "the time of the hold by mlopez is over");
	event(EVENT_CLOSED, 30, "imported");
	action("drain", 40, NULL);
	event(EVENT_DRAINING, 40, "drain by mlopez: why");
	event(EVENT_DRAINED, 50, "the queue is empty: held");
	event(EVENT_HELD, 60, "held: disk I/O error");
	event(EVENT_HELD, 70, "held until a check, too: disk I/O error");
	event(EVENT_RESUMED, 72, "a check found nothing: held, until a "
		"person resumes");
	event(EVENT_RESUMED, 80, "resume by mlopez");
	must(history_commit(h, &err));
	for (size_t i = 0; i < COUNT(cases); i++) {
		must(history_at_connector(h, cases[i].at, &c, &err));
		assert_int_equal(c.hold, cases[i].hold);
		assert_int_equal(c.drain, cases[i].drain);
		assert_int_equal(c.breaker_open, cases[i].open);
		if (cases[i].reason)
			assert_string_equal(c.hold_reason, cases[i].reason);
		if (cases[i].at == 10)
			assert_int_equal(c.hold_until, 29);
		history_connector_release(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(lists),
		cmocka_unit_test(causes),
		cmocka_unit_test(one_message),
		cmocka_unit_test(while_others_go_on),
		cmocka_unit_test(connector),
	};

	return cmocka_run_group_tests(tests, play, history_file_close);
}
