/* SPDX-License-Identifier: ISC */
/* observe: its beginning, turns and end. See observe.h for the contract. */
#include "reach/observe_private.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "work/duty.h"
#include "work/take_out.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#define LOOK_LEAST_MS 250	/* between two looks, however much changes */
#define LOOK_SHARE 10		/* … and so often what the last one took */
#define FORGET 100		/* rows a step of retention */
#define WATCHED (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | \
	IN_CLOSE_WRITE | IN_ONLYDIR)

/* --- the beginning ---------------------------------------------------- */

static void
know(struct observer *o, struct history_message *m)
{
	enum watch_place place = m->state == STATE_QUEUED ? WATCH_SUBMIT :
		m->state == STATE_FAILED ? WATCH_BAD : WATCH_IMPORT;
	struct watch_file f = { m->true_name, (uint64_t)m->inode, m->size,
		m->mtime_ns };
	uint32_t ref = watch_know(o->watch, place, &f, m->id);

	if (m->attempts)
		watch_tried_before(o->watch, ref, m->attempts, m->rejected,
			m->und_bytes, m->since);
}

/* What is known of before, from the history. */
static int
load(struct observer *o, struct error *err)
{
	struct history_message rows[100];
	int64_t after = 0;
	int n;

	watch_free(o->watch);
	o->watch = watch_new();
	while ((n = history_watched(o->store.history, after, 100, rows,
	    err)) > 0)
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			know(o, &rows[i]);
			history_message_release(&rows[i]);
		}
	return n;
}

/* Messages of its own wait for a connector of ours. */
static int
must_be_free(struct observer *o, struct error *err)
{
	struct history_query q = { .states = STATE_BIT(STATE_QUEUED) |
		STATE_BIT(STATE_IMPORTING) | STATE_BIT(STATE_DEFERRED) };
	struct history_message m;
	int rc = history_page(o->store.history, &q, 0, 1, &m, err);

	if (rc <= 0)
		return rc;
	if (!m.watched)
		rc = error_set(err, ERROR_STORE, "%s has messages of its own "
			"that wait for ccmqd: observe from another store "
			"(ccmq -s STORE init)", o->store.path);
	history_message_release(&m);
	return rc < 0 ? -1 : 0;
}

static int
note(struct observer *o, bool start, struct error *err)
{
	struct history_connector row = { 0 };
	char host[64] = "";
	int rc = -1;

	gethostname(host, sizeof host - 1);
	if (store_begin(&o->store, err) == 0 &&
	    history_connector_get(o->store.history, &row, err) == 0) {
		if (start)
			row.started_at = clock_wall();
		row.ended_at = start ? HISTORY_NO_TIME : clock_wall();
		row.clean_end = !start;
		row.disk_low = false;
		row.pid = start ? getpid() : 0;
		xstrset(&row.host, host);
		if (history_connector_put(o->store.history, &row, err) == 0 &&
		    store_event(&o->store, start ? EVENT_STARTED :
			    EVENT_STOPPED, 0, err, "%s --observe %s",
			    o->options.program, start ? "watches" : "ended") ==
			    0)
			rc = store_commit(&o->store, err);
	}
	store_end(&o->store);
	history_connector_release(&row);
	return rc;
}

/* A directory that was made anew is watched anew. A hint only: without it the
 * cycle is the truth. */
static void
renew_watches(struct observer *o)
{
	for (int i = 0; i < WATCH_PLACES && o->inotify >= 0; i++)
		if (*o->places[i].path)
			inotify_add_watch(o->inotify, o->places[i].path,
				WATCHED);
}

static int
start(struct observer *o, struct error *err)
{
	const struct settings *s = &o->settings;

	if (!*s->foreign_submit)
		return error_set(err, ERROR_STORE, "nothing is to be watched: "
			"set foreign.submit and foreign.import "
			"(ccmq.conf(5))");
	if (duty_take_lock(&o->store, o->options.program, err) < 0)
		return -1;
	status_word_begin(&o->word, o->store.spool.lock);
	status_word_set_watch(&o->word, &(struct status_word_found){ 0 });
	status_word_set_history(&o->word, o->store.history_at.device,
		o->store.history_at.inode);
	if (duty_check_ids(&o->store, err) < 0 || must_be_free(o, err) < 0 ||
	    note(o, true, err) < 0 || load(o, err) < 0 ||
	    observe_begin_hearing(o, err) < 0)
		return -1;
	status_word_set_error(&o->word, NULL);
	o->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	o->steady_mono_ms = clock_mono_ms();
	o->clock_offset = clock_wall() - clock_mono_ms();
	return history_event_since(o->store.history, clock_wall() -
		CLOCK_MINUTE, &o->event, err);
}

static bool
waits(void *arg, const char *holder)
{
	struct observer *o = arg;

	status_word_set_waiting(&o->word, holder);
	return !o->options.waiting || o->options.waiting(o->options.arg,
		holder);
}

struct observer *
observer_new(struct settings *settings,
	const struct observer_options *options, struct error *err)
{
	struct observer *o = xcalloc(1, sizeof *o);

	o->inotify = -1;
	o->options = *options;
	if (store_open_daemon(&o->store, settings->store,
	    settings->intake_submit, options->program, waits, o, err) < 0) {
		free(o);
		return NULL;
	}
	store_use_mail(&o->store, settings->mail_code_page,
		settings->mail_date_order);
	store_use_theirs(&o->store, settings->foreign_submit,
		settings->foreign_import);
	o->settings = *settings;
	memset(settings, 0, sizeof *settings);
	o->places[WATCH_SUBMIT].path = o->settings.foreign_submit;
	o->places[WATCH_IMPORT].path = o->settings.foreign_import;
	o->places[WATCH_BAD].path = o->settings.foreign_bad;
	if (store_upgrade(&o->store, err) < 0 || start(o, err) < 0) {
		store_end(&o->store);
		status_word_end(&o->word, err->code == ERROR_STOPPED ?
			STATUS_WORD_ASKED : STATUS_WORD_FAILED, err->text);
		observer_free(o);
		return NULL;
	}
	return o;
}

/* --- turns -------------------------------------------------------------- */

int
observer_poll_fds(struct observer *o, struct pollfd fds[1],
	int *timeout_ms_out)
{
	int64_t now = clock_mono_ms(), left = o->cycle_mono_ms - now;

	if (o->hinted && o->look_mono_ms - now < left)
		left = o->look_mono_ms - now;
	*timeout_ms_out = left < 0 ? 0 : left > 1000 ? 1000 : (int)left;
	fds[0] = (struct pollfd){ .fd = o->inotify, .events = POLLIN };
	/* While a look is due anyway, more hints tell nothing. */
	return o->inotify >= 0 && !o->hinted;
}

static void
hear_hints(struct observer *o)
{
	char buf[4096];

	while (o->inotify >= 0 && read(o->inotify, buf, sizeof buf) > 0)
		o->hinted = true;
}

/* Old rows go, a day after the clock was last seen to jump. */
static int
care(struct observer *o, struct error *err)
{
	int64_t now = clock_wall(), offset = now - clock_mono_ms(), before;
	int rc = 0;

	if (llabs(offset - o->clock_offset) > CLOCK_HOUR)
		o->steady_mono_ms = clock_mono_ms();
	o->clock_offset = offset;
	if (clock_mono_ms() - o->steady_mono_ms < CLOCK_DAY)
		return 0;
	before = now - o->settings.keep_history_ms;
	if (store_begin(&o->store, err) < 0 ||
	    history_forget_messages(o->store.history, before, FORGET, err) <
	    0 || history_forget_rest(o->store.history, before, FORGET, err) <
	    0 || store_commit(&o->store, err) < 0)
		rc = -1;
	store_end(&o->store);
	return rc;
}

static int
look(struct observer *o, bool cycle, struct error *err)
{
	int64_t began = clock_mono_ms(), took;

	if (store_look_at_names(&o->store, err) < 0)
		return -1;
	hear_hints(o);
	o->hinted = false;
	renew_watches(o);
	if (take_out_recover(&o->store, err) < 0 ||
	    observe_look(o, cycle, err) < 0)
		return -1;
	took = clock_mono_ms() - began;
	o->look_mono_ms = began + took + (took * LOOK_SHARE > LOOK_LEAST_MS ?
		took * LOOK_SHARE : LOOK_LEAST_MS);
	if (!cycle)
		return 0;
	o->cycle_mono_ms = began + o->settings.foreign_cycle_ms;
	o->cycles++;
	return care(o, err);
}

/* A look that could not be written is made again, from what the history has. */
static int
look_again_later(struct observer *o, struct error *err)
{
	struct error again = ERROR_INIT;

	store_end(&o->store);
	status_word_set_sign(&o->word);
	if (err->code == ERROR_STOPPED)
		return 0;
	if (err->code == ERROR_REPLACED ||
	    store_mark_if_unknown(&o->store, err) ||
	    load(o, &again) < 0) {
		status_word_set_error(&o->word, err->text);
		status_word_end(&o->word, err->code == ERROR_REPLACED ?
			STATUS_WORD_REPLACED : STATUS_WORD_FAILED, err->text);
		return -1;
	}
	for (size_t i = 0; i < o->change_count; i++)
		history_message_release(&o->changes[i].m);
	o->change_count = 0;
	if (strcmp(o->last_error, err->text) != 0) {
		log_line(LOG_LEVEL_ERROR, "%s", err->text);
		status_word_set_error(&o->word, err->text);
	}
	snprintf(o->last_error, sizeof o->last_error, "%.255s", err->text);
	o->cycle_mono_ms = clock_mono_ms() + CLOCK_SECOND;
	return 0;
}

int
observer_turn(struct observer *o, struct error *err)
{
	int64_t now = clock_mono_ms();
	bool cycle = now >= o->cycle_mono_ms;

	hear_hints(o);
	if (!cycle && !(o->hinted && now >= o->look_mono_ms))
		return 0;
	if (look(o, cycle, err) < 0)
		return look_again_later(o, err);
	status_word_set_error(&o->word, *o->away ? o->away : NULL);
	*o->last_error = '\0';
	return 0;
}

int64_t
observer_stirs(const struct observer *o)
{
	return o->stirs;
}

int64_t
observer_cycles(const struct observer *o)
{
	return o->cycles;
}

/* --- the end ------------------------------------------------------------ */

int
observer_end(struct observer *o, struct error *err)
{
	if (note(o, false, err) < 0) {
		status_word_end(&o->word, STATUS_WORD_FAILED, err->text);
		return -1;
	}
	status_word_set_error(&o->word, NULL);
	status_word_end(&o->word, STATUS_WORD_ASKED, "on request");
	return 0;
}

void
observer_free(struct observer *o)
{
	if (!o)
		return;
	watch_free(o->watch);
	for (size_t i = 0; i < o->change_count; i++)
		history_message_release(&o->changes[i].m);
	free(o->changes);
	free(o->heard);
	und_ahead_free(o->ahead);
	if (o->inotify >= 0)
		close(o->inotify);
	settings_release(&o->settings);
	store_close(&o->store);
	free(o);
}
