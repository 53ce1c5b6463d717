/* SPDX-License-Identifier: ISC */
/* adopt: see adopt.h for the contract. */
#include "reach/adopt.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"
#include "work/operations.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REASON "taken over from the connector that was watched"

/* --- does it work still? ---------------------------------------------------- */

/* Looks until that time, and at least so often: a look can take longer than a
 * cycle. 0 or -1. */
static int
look_until(struct observer *o, int64_t until_mono_ms, int looks,
	struct error *err)
{
	int64_t enough = observer_cycles(o) + looks;
	struct pollfd fds[1];
	int timeout, n, rc = 0;

	while (rc == 0 && (clock_mono_ms() < until_mono_ms ||
	    observer_cycles(o) < enough)) {
		n = observer_poll_fds(o, fds, &timeout);
		if (poll(fds, (nfds_t)n, timeout < 100 ? timeout : 100) < 0 &&
		    errno != EINTR)
			rc = error_sys(err, errno, "poll");
		else
			rc = observer_turn(o, err);
	}
	return rc;
}

int
adopt_watch(struct settings *settings,
	const struct observer_options *options, bool *works,
	struct error *err)
{
	int64_t cycle = settings->foreign_cycle_ms, begin = clock_mono_ms();
	struct observer *o = observer_new(settings, options, err);
	/* In the first two looks it sees what was new before. */
	int rc = o ? look_until(o, begin + cycle * 3 / 2, 2, err) : -1;
	int64_t before = rc == 0 ? observer_stirs(o) : 0;

	if (rc == 0)
		rc = look_until(o, begin + cycle * 3 / 2 +
			ADOPT_CYCLES * cycle, ADOPT_CYCLES, err);
	if (rc == 0) {
		*works = observer_stirs(o) != before;
		rc = observer_end(o, err);
	}
	observer_free(o);
	return rc;
}

/* --- the settings ----------------------------------------------------------- */

bool
adopt_settings(const struct settings *s, struct str *out)
{
	struct settings ours = *s, defaults = SETTINGS_INIT;
	struct stat theirs, store;
	bool one = stat(s->foreign_submit, &theirs) == 0 &&
		stat(s->store, &store) == 0 && theirs.st_dev == store.st_dev;
	char none[] = "";

	if (one)
		ours.intake_submit = s->foreign_submit;
	ours.foreign_submit = ours.foreign_import = ours.foreign_bad =
		ours.foreign_und = ours.foreign_log = none;
	settings_init(&defaults);
	ours.foreign_cycle_ms = defaults.foreign_cycle_ms;
	settings_release(&defaults);
	settings_print_set(&ours, out);
	return one;
}

/* --- what is there ---------------------------------------------------------- */

/* Calls each for all messages in these states that are watched, or not. */
static int
walk(struct adopt *a, bool watched, unsigned states,
	void (*each)(struct adopt *a, const struct history_message *m,
		void *arg), void *arg, struct error *err)
{
	struct history_query q = { .states = states };
	struct history_message rows[100];
	int64_t after = 0;
	int n;

	do {
		n = watched ? history_watched(a->store->history, after, 100,
			rows, err) : history_page(a->store->history, &q, after,
			100, rows, err);
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			if (states & STATE_BIT(rows[i].state))
				each(a, &rows[i], arg);
			history_message_release(&rows[i]);
		}
	} while (n > 0);
	return n;
}

static bool
is_taken(const struct history_message *m)
{
	return m->action_reason && strcmp(m->action_reason, REASON) == 0 &&
		!m->maybe_delivered;
}

static void
count_one(struct adopt *a, const struct history_message *m, void *arg)
{
	(void)arg;
	a->waiting += m->watched && m->state == STATE_QUEUED;
	a->handed += m->watched && m->state == STATE_IMPORTING;
	a->bad += m->watched && m->state == STATE_FAILED;
	a->taken += !m->watched && is_taken(m);
}

int
adopt_count(struct adopt *a, struct error *err)
{
	a->waiting = a->handed = a->bad = a->taken = 0;
	return walk(a, true, ~0u, count_one, NULL, err) < 0 ||
		walk(a, false, STATE_BIT(STATE_QUARANTINED), count_one, NULL,
		err) < 0 ? -1 : 0;
}

/* --- over to us ------------------------------------------------------------- */

struct targets {
	struct operation_target *list;
	size_t n, cap;
};

static void
add_one(struct adopt *a, const struct history_message *m, void *arg)
{
	struct targets *t = arg;

	(void)a;
	if (!m->watched && !is_taken(m))
		return;
	xgrow(&t->list, &t->cap, t->n + 1, sizeof *t->list, OPERATIONS_MAX);
	t->list[t->n++] = (struct operation_target){ m->id, m->state };
}

static void
on_result(void *arg, const struct operation_result *r)
{
	struct adopt *a = arg;

	if (r->result == OPERATION_DONE)
		return;
	if (a->refused++ == 0) {
		a->refused_id = r->id;
		xstrset(&a->why, r->why);
	}
}

static int
do_verb(struct adopt *a, bool watched, unsigned states, enum verb verb,
	struct error *err)
{
	struct operation op = { .actor = a->actor, .verb = verb_word(verb),
		.kind = verb, .reason = REASON, .result = on_result,
		.arg = a };
	struct operation_summary sum;
	struct targets t = { 0 };
	int rc = walk(a, watched, states, add_one, &t, err);

	if (rc == 0 && t.n > 0)
		rc = operations_apply(a->store, &op, t.list, t.n, &sum, err);
	free(t.list);
	return rc;
}

int
adopt_take(struct adopt *a, struct error *err)
{
	return do_verb(a, true, STATE_BIT(STATE_QUEUED) |
		STATE_BIT(STATE_IMPORTING), VERB_QUARANTINE, err);
}

/* --- what stays ------------------------------------------------------------- */

static bool
is_there(const struct adopt *a, const struct history_message *m)
{
	const char *const dirs[] = { a->store->their_submit,
		a->store->their_import };
	struct stat st;
	bool there = false;

	for (int i = 0; i < 2 && !there && dirs[i]; i++) {
		char *path = xasprintf("%s/%s", dirs[i], m->true_name);

		there = lstat(path, &st) == 0 && store_is_same_file(m, &st);
		free(path);
	}
	return there;
}

static int
let_go_one(struct adopt *a, struct history_message *m, struct error *err)
{
	enum state was = m->state;

	if (was != STATE_FAILED && is_there(a, m))
		return 0;		/* it was refused */
	m->state = STATE_GONE;
	m->watched = false;
	m->since = clock_wall();
	if (was == STATE_FAILED)
		xstrset(&m->reason, "it lies in their bad directory still: that "
			"connector was replaced by ours");
	return history_message_update(a->store->history, m, was, err) < 0 ? -1 :
		0;
}

int
adopt_let_go(struct adopt *a, struct error *err)
{
	struct history_message rows[100];
	int64_t after = 0;
	int n, rc = 0;

	do {
		n = store_begin(a->store, err) < 0 ? -1 : history_watched(
			a->store->history, after, 100, rows, err);
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			rc = rc < 0 ? rc : let_go_one(a, &rows[i], err);
			history_message_release(&rows[i]);
		}
		if (rc == 0 && n >= 0)
			rc = store_commit(a->store, err);
		store_end(a->store);
	} while (n > 0 && rc == 0);
	return n < 0 ? -1 : rc;
}

/* --- into our queue ---------------------------------------------------------- */

int
adopt_queue(struct adopt *a, struct error *err)
{
	/* From here on release means our own queue. */
	store_use_theirs(a->store, "", "");
	return do_verb(a, false, STATE_BIT(STATE_QUARANTINED), VERB_RELEASE,
		err);
}
