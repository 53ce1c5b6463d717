/* SPDX-License-Identifier: ISC */
/*
 * connector: its turns and what it waits for. See connector.h; how it begins
 * and ends is in connector_life.c.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define LOOK_MS CLOCK_SECOND		/* data_version, as the truth */
#define ERROR_WAIT_MS 100		/* doubling up to … */
#define ERROR_WAIT_CAP_MS (2 * CLOCK_SECOND)
#define ERRORS_MAX 5			/* in a row, when it is to end */

struct store *
connector_store(struct connector *c)
{
	return &c->store;
}

bool
connector_idle(const struct connector *c)
{
	return !connector_any_busy(c);
}

bool
connector_once_done(const struct connector *c, bool *worked_out,
	char why[160])
{
	if (!c->once_over)
		return false;
	*worked_out = c->once_failed == 0 && !c->once_why[0];
	snprintf(why, 160, "%s", c->once_why);
	return true;
}

void
connector_note(struct connector *c, enum event number, const char *text)
{
	struct error err = ERROR_INIT;

	if (store_begin(&c->store, &err) < 0 ||
	    store_event(&c->store, number, 0, &err, "%s", text) < 0 ||
	    store_commit(&c->store, &err) < 0)
		log_line(LOG_LEVEL_WARNING, "%s", text);
	store_end(&c->store);
}

/* --- waiting ---------------------------------------------------------- */

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* ms until a wall time; HISTORY_NO_TIME is never. */
static int64_t
until_wall(int64_t at)
{
	int64_t left;

	if (at == HISTORY_NO_TIME)
		return INT64_MAX;
	left = at - clock_wall();
	return left < 0 ? 0 : left;
}

/* What a lane is waited for by: its end, and a worker's words. */
static int
poll_lane(struct connector *c, struct lane *lane, struct pollfd *fds)
{
	int fd = lane->started ? c->options.importer->fd(lane->importer) : -1;
	int n = 0;

	if (fd >= 0)
		fds[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	if (lane->started && c->worker)
		n += worker_poll(c, lane, fds + n);
	return n;
}

/* ms until a lane wants to be looked at. */
static int64_t
until_lane(const struct connector *c, const struct lane *lane, int64_t now)
{
	int64_t left = INT64_MAX;

	if (lane_count_in(lane, HAND_ENDED) > 0)
		return 0;
	if (lane->started && c->worker && !lane->stop)
		left = worker_next_mono_ms(c, lane) - now;
	if (lane->blocked)
		left = sooner(left, lane->clear_mono_ms - now);
	return left;
}

/* ms until something of the store's is due. */
static int64_t
until_due(const struct connector *c, int64_t now)
{
	int64_t left = until_wall(c->hold_until);

	if (!(c->once_at && c->once_scanned))
		left = sooner(left, c->scan_mono_ms - now);
	if (!connector_any_busy(c)) {
		left = sooner(left, until_wall(c->next_due_at));
		left = sooner(left, until_wall(c->probe_at));
		left = sooner(left, until_wall(c->control_due_at));
	}
	return left;
}

int
connector_poll_fds(struct connector *c, struct pollfd fds[CONNECTOR_FDS_MAX],
	int *timeout_ms_out)
{
	int64_t now = clock_mono_ms(), left = LOOK_MS;
	int n = 0;

	/* While it waits it would not read, and poll would not wait. */
	if (c->inotify >= 0 && c->error_mono_ms <= now)
		fds[n++] = (struct pollfd){ .fd = c->inotify, .events = POLLIN };
	for (int i = 0; i < c->lane_count; i++) {
		n += poll_lane(c, &c->lanes[i], fds + n);
		left = sooner(left, until_lane(c, &c->lanes[i], now));
	}
	if (!c->stopping)
		left = sooner(left, until_due(c, now));
	if (c->moves_open)
		left = sooner(left, c->settle_mono_ms - now);
	if (c->stuck_pause_ms)
		left = sooner(left, c->stuck_mono_ms - now);
	if (c->job && !c->stopping)
		left = sooner(left, c->job_mono_ms - now);
	if (!c->filled && !c->stopping)
		left = sooner(left, c->fill_mono_ms - now);
	if (c->scan)
		left = sooner(left, c->take_mono_ms - now);
	if (c->wake)
		left = 0;
	if (c->error_mono_ms > now)		/* after a failed write */
		left = sooner(c->error_mono_ms - now, LOOK_MS);
	*timeout_ms_out = left < 0 ? 0 : (int)left;
	return n;
}

static void
hear_one(struct connector *c, const struct inotify_event *e, bool *submit,
	bool *bell)
{
	*bell = *bell || e->wd == c->bell_watch;
	if (e->mask & IN_Q_OVERFLOW) {
		arrivals_clear(c->arrivals);
		*submit = true;
	} else if (e->wd == c->submit_watch && e->len > 0) {
		*submit = arrivals_note(c->arrivals, e->mask, e->name) ||
			*submit;
	}
}

/* What inotify says: something in submit/, or the bell. */
static void
hear(struct connector *c, bool *submit, bool *bell)
{
	char buf[16384] __attribute__((aligned(__alignof__(
		struct inotify_event))));
	const struct inotify_event *e;
	ssize_t n;

	while (c->inotify >= 0 &&
	    (n = read(c->inotify, buf, sizeof buf)) > 0)
		for (char *p = buf; p < buf + n; p += sizeof *e + e->len) {
			e = (const struct inotify_event *)p;
			hear_one(c, e, submit, bell);
		}
	arrivals_end(c->arrivals);
}

/* Did another process commit something? */
static int
look(struct connector *c, bool bell, struct error *err)
{
	int64_t now = clock_mono_ms(), version;

	if (!bell && now < c->look_mono_ms)
		return 0;
	c->look_mono_ms = now + LOOK_MS;
	if (history_data_version(c->store.history, &version, err) < 0)
		return -1;
	if (version != c->data_version)
		c->wake = true;
	c->data_version = version;
	return 0;
}

/* What is in the importer, and which lane stands, for who looks. */
static void
note_hand(struct connector *c)
{
	int64_t id = 0, since = 0, n = 0;
	int blocked = 0;
	bool unusable = false;

	for (int i = 0; i < c->lane_count; i++) {
		const struct lane *lane = &c->lanes[i];

		if (lane->blocked && !blocked) {
			blocked = lane->number;
			unusable = lane->unusable;
		}
		for (int k = 0; k < lane->count; k++) {
			const struct history_attempt *a =
				&lane->hand[k]->attempt;

			if (lane->hand[k]->state >= HAND_ENDED)
				continue;
			n++;
			if (id && a->started_at >= since)
				continue;
			id = a->message;
			since = a->started_at;
		}
	}
	status_word_set_hand(&c->word, id, since, n);
	status_word_set_lane(&c->word, blocked, unusable ?
		STATUS_WORD_UNUSABLE : 0, 0);
}

/* --- a turn ----------------------------------------------------------- */

static bool
is_due(const struct connector *c)
{
	int64_t now = clock_wall();

	if (c->wake || (c->moves_open && clock_mono_ms() >=
	    c->settle_mono_ms))
		return true;
	for (int i = 0; i < c->lane_count; i++)
		if (lane_count_in(&c->lanes[i], HAND_ENDED) > 0)
			return true;
	if (c->stopping)
		return false;
	return (c->next_due_at != HISTORY_NO_TIME && c->next_due_at <= now) ||
		(c->probe_at != HISTORY_NO_TIME && c->probe_at <= now) ||
		(c->control_due_at != HISTORY_NO_TIME &&
		 c->control_due_at <= now) ||
		(c->hold_until != HISTORY_NO_TIME && c->hold_until <= now);
}

static bool
any_started(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++)
		if (c->lanes[i].started)
			return true;
	return false;
}

/* A worker that is to end, for the next one. */
static bool
any_ending(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++)
		if (c->lanes[i].renew || c->lanes[i].finishing ||
		    (c->lanes[i].started && c->lanes[i].stop))
			return true;
	return false;
}

/* --once: what was not even tried. */
static void
say_not_tried(struct connector *c, const struct history_connector *row,
	bool large)
{
	char *why = c->once_why;
	const size_t cap = sizeof c->once_why;

	if (row->hold || row->drain)
		snprintf(why, cap, "held by %s", row->hold_by ? row->hold_by :
			"somebody");
	else if (row->breaker_open)
		snprintf(why, cap, "tripped: likely the post office or the "
			"importer, not the mail");
	else if (c->disk_low)
		snprintf(why, cap, "the disk is low");
	else if (large)
		snprintf(why, cap, "a message is larger than what is free "
			"above disk.min_free");
	else if (c->stuck_pause_ms)
		snprintf(why, cap, "a file could not be moved to where it "
			"belongs: see ccmq check");
	else if (c->takes_in && c->waiting > 0)
		snprintf(why, cap, "%" PRId64 " in submit/ could not be taken "
			"in: see ccmq events", c->waiting);
	for (int i = 0; i < c->lane_count; i++)
		if (c->lanes[i].blocked && !*why)
			snprintf(why, cap, "lane %d could not be used: %s",
				i + 1, c->lanes[i].why);
}

/* --once: has all that was due been tried? */
static int
look_if_over(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	int64_t size;
	int large;

	if (!c->once_at || !c->once_scanned || c->scan ||
	    connector_any_busy(c) || any_ending(c))
		return 0;
	/* Whether the last files could be moved is part of the answer. */
	if (c->moves_open) {
		c->settle_mono_ms = 0;
		c->wake = true;
		return 0;
	}
	large = history_too_large_least(c->store.history, &size, err);
	if (large < 0 || history_connector_get(c->store.history, &row,
	    err) < 0)
		return -1;
	say_not_tried(c, &row, large > 0);
	history_connector_release(&row);
	c->once_over = true;
	return 0;
}

static int
take_in(struct connector *c, bool submit, struct error *err)
{
	if (c->stopping)
		return 0;
	/* Nothing is taken in: what comes meanwhile is for the next scan to
	 * count, not a reason to look at all of them again. */
	if (!c->takes_in)
		submit = false;
	if (!c->scan && (submit || clock_mono_ms() >= c->scan_mono_ms) &&
	    !(c->once_at && c->once_scanned))
		return connector_start_scan(c, err);
	if (c->scan && submit)
		c->scan_again = true;
	return 0;
}

/* Starts what is recorded. */
static void
launch(struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++) {
		if (c->worker)
			worker_launch(c, &c->lanes[i]);
		else
			program_launch(c, &c->lanes[i]);
	}
}

/* Looks for what has ended. */
static void
collect(struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++) {
		if (!c->lanes[i].started)
			continue;
		if (c->worker)
			worker_collect(c, &c->lanes[i]);
		else
			program_collect(c, &c->lanes[i]);
	}
}

static int
turn(struct connector *c, struct error *err)
{
	bool submit = false, bell = false;
	int64_t now = clock_mono_ms();
	int rc = 0;

	hear(c, &submit, &bell);
	if (look(c, bell, err) < 0)
		return -1;
	collect(c);
	if (now >= c->disk_mono_ms) {
		if (connector_look_at_disk(c, err) < 0)
			return -1;
		connector_guard(c);
	}
	if (connector_try_stuck(c, err) < 0 || take_in(c, submit, err) < 0)
		return -1;
	if (c->scan && now >= c->take_mono_ms && connector_take_in(c, err) < 0)
		return -1;
	if (connector_clear_lanes(c, err) < 0)
		return -1;
	if (c->anew && !any_started(c) && !connector_any_busy(c)) {
		connector_look_at_program(c);
		c->wake = true;
	}
	if (is_due(c)) {
		c->wake = false;
		rc = connector_work(c, err);
		if (rc < 0) {
			c->wake = true;
			return -1;
		}
		note_hand(c);
		launch(c);
	}
	if (rc == 0 && !c->stopping && look_if_over(c, err) < 0)
		return -1;
	if (connector_rotate(c, err) < 0 || connector_turn_job(c, err) < 0 ||
	    connector_fill(c, err) < 0)
		return -1;
	return now >= c->care_mono_ms ? connector_care(c, err) : 0;
}

/* --- when it fails ---------------------------------------------------- */

/* The history cannot be written: say so in it as soon as it can. */
static void
note_error(struct connector *c, const struct error *err)
{
	struct history_connector row = { 0 };
	struct error again = ERROR_INIT;

	if (strcmp(c->last_error, err->text) == 0)
		return;
	log_line(LOG_LEVEL_ERROR, "%s", err->text);
	status_word_set_error(&c->word, err->text);
	snprintf(c->last_error, sizeof c->last_error, "%.255s", err->text);
	if (store_begin(&c->store, &again) == 0 &&
	    history_connector_get(c->store.history, &row, &again) == 0) {
		free(row.last_error);
		row.last_error = xstrdup(c->last_error);
		if (history_connector_put(c->store.history, &row, &again) == 0
		    && store_event(&c->store, EVENT_WRITE_FAILED, 0, &again,
			    "%s", c->last_error) == 0)
			store_commit(&c->store, &again);
	}
	store_end(&c->store);
	history_connector_release(&row);
}

/* It goes on: a write comes true, and then none failed. */
static void
forget_error(struct connector *c)
{
	struct history_connector row = { 0 };
	struct error err = ERROR_INIT;

	if (!c->last_error[0]) {
		status_word_set_error(&c->word, NULL);	/* it waited */
		return;
	}
	if (store_begin(&c->store, &err) == 0 &&
	    history_connector_get(c->store.history, &row, &err) == 0) {
		xstrset(&row.last_error, NULL);
		if (history_connector_put(c->store.history, &row, &err) == 0 &&
		    store_commit(&c->store, &err) == 0) {
			c->last_error[0] = '\0';
			status_word_set_error(&c->word, NULL);
		}
	}
	store_end(&c->store);
	history_connector_release(&row);
}

/* Tries again after a while. */
static void
put_off(struct connector *c)
{
	int64_t wait = ERROR_WAIT_MS << (c->errors < 10 ? c->errors : 10);

	c->errors++;
	c->error_mono_ms = clock_mono_ms() + sooner(wait, ERROR_WAIT_CAP_MS);
}

/* An error that stays: who waits for an end gets one. The attempt whose end
 * could not be written will be interrupted. */
static bool
must_end(const struct connector *c)
{
	return c->errors >= ERRORS_MAX && (c->once_at || c->stopping);
}

static int
finish_moves(struct connector *c, struct error *err)
{
	int rc = -1;

	if (store_begin(&c->store, err) == 0 &&
	    connector_settle(c, true, err) >= 0)
		rc = store_commit(&c->store, err);
	store_end(&c->store);
	return rc;
}

static int
end_badly(struct connector *c, const struct error *err)
{
	status_word_set_error(&c->word, err->text);
	status_word_end(&c->word, err->code == ERROR_REPLACED ?
		STATUS_WORD_REPLACED : STATUS_WORD_FAILED, err->text);
	return -1;
}

int
connector_turn(struct connector *c, struct error *err)
{
	if (clock_mono_ms() < c->error_mono_ms) {
		collect(c);
		note_hand(c);
		return 0;
	}
	/* What a failed turn left open is finished before the next scan, or
	 * a file would be taken in twice. */
	if ((!c->last_error[0] || finish_moves(c, err) == 0) &&
	    turn(c, err) == 0 && store_is_known(&c->store, err) == 0) {
		c->errors = 0;
		forget_error(c);
		return 0;
	}
	store_end(&c->store);
	if (c->scan) {
		listing_close(c->scan);
		c->scan = NULL;
		c->scan_mono_ms = 0;
	}
	if (err->code == ERROR_STOPPED)
		return 0;
	if (store_mark_if_unknown(&c->store, err) ||
	    err->code == ERROR_REPLACED)
		return end_badly(c, err);
	put_off(c);
	connector_show_life(c);
	note_error(c, err);
	return must_end(c) ? end_badly(c, err) : 0;
}
