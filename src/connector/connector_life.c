/* SPDX-License-Identifier: ISC */
/*
 * connector_life: how the connector begins, is told things, and ends. See
 * connector.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "work/duty.h"
#include "work/operations.h"
#include "base/text.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

/* --- the beginning ---------------------------------------------------- */

/* Tests that were asked of a connector that is no more. */
static int
end_old_requests(struct connector *c, struct error *err)
{
	static const char *const verbs[] = { "test" };
	struct history_action a;
	int rc;

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		while ((rc = history_action_pending(c->store.history, verbs[i],
		    &a, err)) != 0) {
			if (rc < 0)
				return -1;
			a.ended_at = clock_wall();
			a.failed = 1;
			free(a.detail);
			a.detail = xstrdup("the connector was started anew");
			rc = history_action_end(c->store.history, &a, err);
			history_action_release(&a);
			if (rc < 0)
				return -1;
		}
	return 0;
}

static int
note_start(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	char host[64] = "";
	int rc = -1;

	gethostname(host, sizeof host - 1);
	if (store_begin(&c->store, err) == 0 &&
	    history_connector_get(c->store.history, &row, err) == 0 &&
	    end_old_requests(c, err) == 0) {
		bool unclean = !row.clean_end;

		/* A history of before knows the time it ran last. */
		if (!row.newest_at && row.started_at > 0)
			row.newest_at = row.started_at;
		row.started_at = clock_wall();
		row.ended_at = HISTORY_NO_TIME;
		row.clean_end = false;
		row.disk_low = false;
		c->retention_wait_ms = row.retention_wait_ms;
		row.pid = getpid();
		free(row.host);
		row.host = xstrdup(host);
		c->probe_at = row.breaker_open ? row.probe_at :
			HISTORY_NO_TIME;
		if (connector_hold_if_marked(c, &row, err) >= 0 &&
		    history_connector_put(c->store.history, &row, err) == 0 &&
		    (!unclean || store_event(&c->store, EVENT_UNCLEAN, 0, err,
			    "the connector before this one did not end by "
			    "itself") == 0) &&
		    store_event(&c->store, EVENT_STARTED, 0, err, "%s %s "
			    "started on %s", c->options.program,
			    PACKAGE_VERSION, c->store.path) == 0)
			rc = store_commit(&c->store, err);
	}
	store_end(&c->store);
	history_connector_release(&row);
	return rc;
}

/* An argument with %f is the path of one message: no worker. */
static bool
is_worker(const struct settings *s)
{
	for (size_t i = 0; i < s->import_program_count; i++)
		for (const char *p = s->import_program[i];
		    (p = strchr(p, '%')) && p[1]; p += 2)
			if (p[1] == 'f')
				return false;
	return true;
}

static bool
tells_partial(const struct settings *s)
{
	for (size_t i = 0; i < s->import_program_count; i++)
		if (text_equal_nocase(s->import_program[i], "/PARTIAL") ||
		    text_equal_nocase(s->import_program[i], "--partial"))
			return true;
	return false;
}

void
connector_look_at_program(struct connector *c)
{
	c->anew = false;
	c->worker = is_worker(&c->settings);
	c->partial = tells_partial(&c->settings);
}

/* A hint only; without it scans and looks are the truth, and are slower. */
static void
open_inotify(struct connector *c)
{
	char *bell = xasprintf("%s/write.lock", c->store.path);

	c->arrivals = arrivals_new();
	c->takes_in = true;
	c->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (c->inotify >= 0) {
		connector_watch_submit(c);
		c->bell_watch = inotify_add_watch(c->inotify, bell, IN_MODIFY);
	}
	if (c->inotify < 0 || c->submit_watch < 0 || c->bell_watch < 0)
		log_line(LOG_LEVEL_WARNING, "no inotify (%s): new messages "
			"are seen by the scan alone", strerror(errno));
	free(bell);
}

/* Which history it has open: anybody can see if that loses its name. */
static void
note_history(struct connector *c)
{
	status_word_set_history(&c->word, c->store.history_at.device,
		c->store.history_at.inode);
}

/* What another connector has is not to be imported from here. */
static int
must_be_ours(struct connector *c, struct error *err)
{
	struct history_message m;
	int rc = history_watched(c->store.history, 0, 1, &m, err);

	if (rc <= 0)
		return rc;
	history_message_release(&m);
	return error_set(err, ERROR_STORE, "%s watches another connector: "
		"ccmqd --observe goes on with that, ccmq init --adopt makes it "
		"one of ours", c->store.path);
}

static int
start(struct connector *c, struct error *err)
{
	if (duty_take_lock(&c->store, c->options.program, err) < 0)
		return -1;
	status_word_begin(&c->word, c->store.spool.lock);
	note_history(c);
	/* What an earlier connector's programs left running goes first, or
	 * recovery would take its copy away under its hands. */
	if (connector_open_lanes(c, err) < 0 ||
	    connector_clear_lanes(c, err) < 0 ||
	    operations_recover(&c->store, &c->settings, err) < 0 ||
	    duty_check_ids(&c->store, err) < 0 ||
	    must_be_ours(c, err) < 0 || note_start(c, err) < 0)
		return -1;
	status_word_set_error(&c->word, NULL);
	open_inotify(c);
	connector_look_at_program(c);
	c->clock_offset = clock_wall() - clock_mono_ms();
	c->retention_mono_ms = clock_mono_ms();
	if (connector_look_at_clock(c, err) < 0)
		return -1;
	c->next_due_at = c->hold_until = c->control_due_at = HISTORY_NO_TIME;
	c->stuck_pause_ms = 1;		/* whatever was marked before */
	c->wake = true;
	if (c->options.once)
		c->once_at = clock_wall();
	return connector_start_scan(c, err);
}

static bool
waits(void *arg, const char *holder)
{
	struct connector *c = arg;

	status_word_set_waiting(&c->word, holder);
	return !c->options.waiting || c->options.waiting(c->options.arg,
		holder);
}

struct connector *
connector_new(struct settings *settings,
	const struct connector_options *options, struct error *err)
{
	struct connector *c = xcalloc(1, sizeof *c);

	c->inotify = -1;
	c->options = *options;
	if (store_open_daemon(&c->store, settings->store, settings->intake_submit,
	    options->program, waits, c, err) < 0) {
		free(c);
		return NULL;
	}
	store_use_mail(&c->store, settings->mail_code_page,
		settings->mail_date_order);
	c->settings = *settings;
	memset(settings, 0, sizeof *settings);
	if (store_upgrade(&c->store, err) < 0 || start(c, err) < 0) {
		store_end(&c->store);
		store_mark_if_unknown(&c->store, err);
		status_word_end(&c->word, err->code == ERROR_STOPPED ?
			STATUS_WORD_ASKED : STATUS_WORD_FAILED, err->text);
		connector_free(c);
		return NULL;
	}
	return c;
}

/* --- being told ------------------------------------------------------- */

void
connector_stop(struct connector *c, bool now)
{
	if (!c->stopping) {
		c->stopping = c->wake = true;
		c->stop_mono_ms = clock_mono_ms() +
			c->settings.import_timeout_ms;
	}
	for (int i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];

		if (now && !lane->stop && lane_is_occupied(lane))
			lane_stop(c, lane, STOP_REQUEST);
		else if (!lane_is_occupied(lane))
			worker_renew(lane);
	}
}

void
connector_set_settings(struct connector *c, struct settings *settings)
{
	/* Lanes, the store with its submit/ and the .und path stay until the
	 * next start. */
	settings->import_lanes = c->settings.import_lanes;
	free(settings->store);
	settings->store = xstrdup(c->settings.store);
	free(settings->und_path);
	settings->und_path = xstrdup(c->settings.und_path);
	settings_release(&c->settings);
	c->settings = *settings;
	memset(settings, 0, sizeof *settings);
	store_use_mail(&c->store, c->settings.mail_code_page,
		c->settings.mail_date_order);
	/* What runs is of before. */
	for (int i = 0; i < c->lane_count; i++)
		worker_renew(&c->lanes[i]);
	c->anew = true;
	c->wake = true;
}

/* --- the end ---------------------------------------------------------- */

static int
note_end(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = -1;

	if (store_begin(&c->store, err) == 0 &&
	    connector_settle(c, true, err) >= 0 &&
	    history_connector_get(c->store.history, &row, err) == 0) {
		row.ended_at = clock_wall();
		row.clean_end = true;
		row.pid = 0;
		row.retention_wait_ms = c->retention_wait_ms;
		if (history_connector_put(c->store.history, &row, err) == 0 &&
		    store_event(&c->store, EVENT_STOPPED, 0, err, "%s ended",
			    c->options.once ? "ccmqd --once" : "ccmqd") == 0)
			rc = store_commit(&c->store, err);
	}
	store_end(&c->store);
	history_connector_release(&row);
	return rc;
}

/* Ids that were given ahead and not used are free again. */
static void
give_back_ids(struct connector *c)
{
	struct error ignored;
	int64_t highest;

	if (history_highest_id(c->store.history, &highest, &ignored) == 0)
		spool_write_given(&c->store.spool, highest, &ignored);
}

int
connector_end(struct connector *c, struct error *err)
{
	if (note_end(c, err) == 0 && store_is_known(&c->store, err) == 0) {
		give_back_ids(c);
		connector_tell_seal(c);
		status_word_set_error(&c->word, NULL);
		status_word_end(&c->word, STATUS_WORD_ASKED, "on request");
		return 0;
	}
	store_mark_if_unknown(&c->store, err);
	status_word_end(&c->word, err->code == ERROR_STOPPED ?
		STATUS_WORD_ASKED : STATUS_WORD_FAILED, err->text);
	return -1;
}

void
connector_free(struct connector *c)
{
	if (!c)
		return;
	connector_drop_job(c);
	connector_close_lanes(c);
	arrivals_free(c->arrivals);
	listing_close(c->scan);
	if (c->inotify >= 0)
		close(c->inotify);
	while (c->stuck_count > 0)
		free(c->stuck_names[--c->stuck_count]);
	free(c->stuck_names);
	settings_release(&c->settings);
	store_close(&c->store);
	free(c);
}
