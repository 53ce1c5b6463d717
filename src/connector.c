/*
 * connector: its life, its turns and what it waits for. See connector.h.
 */
#include "connector_private.h"
#include "clock.h"
#include "fsutil.h"
#include "log.h"
#include "operations.h"
#include "text.h"
#include "und_account.h"
#include "xalloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS CLOCK_SECOND		/* data_version, as the truth */
#define ERROR_WAIT_MS 100		/* doubling up to … */
#define ERROR_WAIT_CAP_MS (2 * CLOCK_SECOND)
#define ERRORS_MAX 5			/* in a row, when it is to end */
#define LOCK_WAIT_MS (5 * CLOCK_SECOND)	/* for a ccmq that recovers */

struct store *
connector_store(struct connector *c)
{
	return &c->store;
}

/* What is on disk is not known, and trying again would not tell: a fsync
 * that failed once may say 0 the next time. */
static bool
is_fatal(const struct error *err)
{
	return err->code == ERROR_UNKNOWN && err->sys != ENOSPC;
}

static void
mark_check_needed(struct connector *c)
{
	struct error err = ERROR_INIT;

	if (spool_set_check_needed(&c->store.spool, true, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "%s", err.text);
}

/* --- the beginning ----------------------------------------------------- */

static int
take_lock(struct connector *c, struct error *err)
{
	int64_t until = clock_mono_ms() + LOCK_WAIT_MS;
	struct timespec pause = { 0, 50000000 };
	char who[128];
	int rc;

	for (;;) {
		rc = spool_take_lock(&c->store.spool, c->options.program, who,
			sizeof who, err);
		if (rc <= 0)
			return rc;
		/* Another ccmqd stays; a ccmq is done soon. */
		if (strncmp(who, c->options.program,
		    strlen(c->options.program)) == 0 &&
		    who[strlen(c->options.program)] == ' ')
			break;
		if (clock_mono_ms() >= until)
			break;
		nanosleep(&pause, NULL);
	}
	return error_set(err, ERROR_BUSY, "%s is held by %s", c->store.path,
		*who ? who : "another connector");
}

/* Ids in the directories above any that the history knows of. */
static int
check_ids(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	int64_t highest, id, found = 0;
	int rc = -1;

	if (history_highest_id(c->store.history, &highest, err) < 0)
		return -1;
	for (int d = 0; d < SPOOL_DIR_COUNT; d++) {
		if (!SPOOL_HOLDS_MESSAGES(d))
			continue;
		if (spool_highest_id(&c->store.spool, (enum spool_dir)d, &id,
		    err) < 0)
			return -1;
		if (id > found)
			found = id;
	}
	if (found <= highest)
		return 0;
	if (store_begin(&c->store, err) == 0 &&
	    history_connector_get(c->store.history, &row, err) == 0) {
		if (operations_hold_for_check(&c->store, &row, "an old "
			    "history was restored: run ccmq check --repair",
			    err) == 0 &&
		    store_event(&c->store, EVENT_OLD_HISTORY, 0, err, "id %"
			    PRId64 " is in the directories, the history gave "
			    "%" PRId64 " at most: an old history was "
			    "restored? held until ccmq check --repair", found,
			    highest) == 0)
			rc = store_commit(&c->store, err);
	}
	store_end(&c->store);
	history_connector_release(&row);
	return rc;
}

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

/* The connector before could only leave a mark, for want of a disk. */
static int
hold_if_marked(struct connector *c, struct history_connector *row,
	struct error *err)
{
	if (row->needs_check || !spool_check_needed(&c->store.spool))
		return 0;
	return operations_hold_for_check(&c->store, row, "it is not known "
		"what a failed write left on disk: run ccmq check", err);
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

		row.started_at = clock_wall();
		row.ended_at = HISTORY_NO_TIME;
		row.clean_end = false;
		row.disk_low = false;
		row.pid = getpid();
		free(row.host);
		row.host = xstrdup(host);
		c->probe_at = row.breaker_open ? row.probe_at :
			HISTORY_NO_TIME;
		if (hold_if_marked(c, &row, err) == 0 &&
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

static bool
tells_partial(const struct settings *s)
{
	for (size_t i = 0; i < s->import_program_count; i++)
		if (text_equal_nocase(s->import_program[i], "/PARTIAL") ||
		    text_equal_nocase(s->import_program[i], "--partial"))
			return true;
	return false;
}

static int
open_lane(struct connector *c, int number, struct error *err)
{
	struct lane *lane = &c->lanes[number - 1];
	int import = c->store.spool.dirs[SPOOL_IMPORT];
	char name[16];

	memset(lane, 0, sizeof *lane);
	lane->number = number;
	lane->facts.und_reason = "";
	lane->dirfd = -1;
	snprintf(name, sizeof name, "%d", number);
	if (number > 1 && fs_make_dir(import, name, 02770, err) < 0)
		return -1;
	lane->dirfd = fs_open_dir(import, number > 1 ? name : ".", err);
	if (lane->dirfd < 0)
		return -1;
	lane->dir = number > 1 ? xasprintf("%s/import/%s", c->store.path,
		name) : xasprintf("%s/import", c->store.path);
	lane->und_path = und_account_path(c->settings.und_path, lane->dir);
	lane->importer = c->options.importer->open(
		c->store.spool.dirs[SPOOL_LANES], number, err);
	return lane->importer ? 0 : -1;
}

static void
close_lane(struct connector *c, struct lane *lane)
{
	if (lane->importer)
		c->options.importer->close(lane->importer);
	if (lane->dirfd >= 0)
		close(lane->dirfd);
	free(lane->dir);
	free(lane->und_path);
	history_message_release(&lane->message);
	history_attempt_release(&lane->attempt);
	memset(lane, 0, sizeof *lane);
	lane->dirfd = -1;
}

static int
open_lanes(struct connector *c, struct error *err)
{
	int n = (int)c->settings.import_lanes, killed;

	assert(n <= CONNECTOR_LANES_MAX);
	for (c->lane_count = 0; c->lane_count < n; c->lane_count++)
		if (open_lane(c, c->lane_count + 1, err) < 0) {
			close_lane(c, &c->lanes[c->lane_count]);
			return -1;
		}
	/* What an earlier connector's programs left running goes first, or
	 * recovery would take its copy away under its hands. */
	for (int i = 0; i < n; i++) {
		struct error why = ERROR_INIT;
		int rc = c->options.importer->clear_lane(c->lanes[i].importer,
			&killed, &why);

		if (rc < 0) {
			*err = why;
			return -1;
		}
		c->lanes[i].blocked = rc == 0;
		if (rc == 0)
			log_line(LOG_LEVEL_ERROR, "%s", why.text);
		if (killed)
			log_line(LOG_LEVEL_WARNING, "%d processes of an "
				"import that outlived its connector were "
				"killed", killed);
	}
	return 0;
}

/* A hint only; without it scans and looks are the truth, and are slower. */
static void
open_inotify(struct connector *c)
{
	char *submit = xasprintf("%s/submit", c->store.path);
	char *bell = xasprintf("%s/write.lock", c->store.path);

	c->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (c->inotify >= 0) {
		c->submit_watch = inotify_add_watch(c->inotify, submit,
			IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR);
		c->bell_watch = inotify_add_watch(c->inotify, bell, IN_MODIFY);
	}
	if (c->inotify < 0 || c->submit_watch < 0 || c->bell_watch < 0)
		log_line(LOG_LEVEL_WARNING, "no inotify (%s): new messages "
			"are seen by the scan alone", strerror(errno));
	free(submit);
	free(bell);
}

static int
start(struct connector *c, struct error *err)
{
	if (take_lock(c, err) < 0)
		return -1;
	if (open_lanes(c, err) < 0 ||
	    operations_recover(&c->store, &c->settings, err) < 0 ||
	    check_ids(c, err) < 0 || note_start(c, err) < 0)
		return -1;
	open_inotify(c);
	c->uuid_prefix = xasprintf("%s-", history_uuid(c->store.history));
	c->partial = tells_partial(&c->settings);
	c->clock_offset = clock_wall() - clock_mono_ms();
	c->next_due_at = c->hold_until = HISTORY_NO_TIME;
	c->wake = true;
	if (c->options.once)
		c->once_at = clock_wall();
	return connector_start_scan(c, err);
}

struct connector *
connector_new(struct settings *settings,
	const struct connector_options *options, struct error *err)
{
	struct connector *c = xcalloc(1, sizeof *c);

	c->inotify = -1;
	c->options = *options;
	if (store_open(&c->store, settings->store, options->program,
	    STORE_WRITE, err) < 0) {
		free(c);
		return NULL;
	}
	c->store.lock_limit_ms = -1;
	c->store.waiting = options->waiting;
	c->store.waiting_arg = options->arg;
	c->store.log_events = true;
	c->settings = *settings;
	memset(settings, 0, sizeof *settings);
	if (store_upgrade(&c->store, err) < 0 || start(c, err) < 0) {
		store_end(&c->store);
		if (is_fatal(err))
			mark_check_needed(c);
		connector_free(c);
		return NULL;
	}
	return c;
}

/* --- the end ----------------------------------------------------------- */

static int
note_end(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = -1;

	if (store_begin(&c->store, err) == 0 &&
	    connector_carry_out(c, true, err) == 0 &&
	    history_connector_get(c->store.history, &row, err) == 0) {
		row.ended_at = clock_wall();
		row.clean_end = true;
		row.pid = 0;
		if (history_connector_put(c->store.history, &row, err) == 0 &&
		    store_event(&c->store, EVENT_STOPPED, 0, err, "%s ended",
			    c->options.once ? "ccmqd --once" : "ccmqd") == 0)
			rc = store_commit(&c->store, err);
	}
	store_end(&c->store);
	history_connector_release(&row);
	return rc;
}

int
connector_end(struct connector *c, struct error *err)
{
	if (note_end(c, err) == 0)
		return 0;
	if (is_fatal(err))
		mark_check_needed(c);
	return -1;
}

void
connector_free(struct connector *c)
{
	if (!c)
		return;
	for (int i = 0; i < c->lane_count; i++)
		close_lane(c, &c->lanes[i]);
	for (size_t i = 0; i < c->move_count; i++)
		history_message_release(&c->moves[i]);
	free(c->moves);
	if (c->scan)
		closedir(c->scan);
	if (c->inotify >= 0)
		close(c->inotify);
	free(c->uuid_prefix);
	settings_release(&c->settings);
	store_close(&c->store);
	free(c);
}

void
connector_stop(struct connector *c, bool now)
{
	c->stopping = true;
	c->wake = true;
	if (!now)
		return;
	for (int i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];

		if (!lane->started || lane->ended)
			continue;
		if (!lane->stop)
			lane->stop = STOP_REQUEST;
		c->options.importer->stop(lane->importer);
	}
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
connector_set_settings(struct connector *c, struct settings *settings)
{
	/* Lanes, the store and the .und path stay until the next start. */
	settings->import_lanes = c->settings.import_lanes;
	free(settings->store);
	settings->store = xstrdup(c->settings.store);
	free(settings->und_path);
	settings->und_path = xstrdup(c->settings.und_path);
	settings_release(&c->settings);
	c->settings = *settings;
	memset(settings, 0, sizeof *settings);
	c->partial = tells_partial(&c->settings);
	c->wake = true;
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

/* --- waiting ----------------------------------------------------------- */

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

int
connector_poll_fds(struct connector *c, struct pollfd fds[CONNECTOR_FDS_MAX],
	int *timeout_ms_out)
{
	int64_t now = clock_mono_ms(), left = LOOK_MS;
	bool to_launch = false;
	int n = 0;

	/* While it waits it would not read, and poll would not wait. */
	if (c->inotify >= 0 && c->error_mono_ms <= now)
		fds[n++] = (struct pollfd){ .fd = c->inotify, .events = POLLIN };
	for (int i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];
		int fd = lane->started && !lane->ended ?
			c->options.importer->fd(lane->importer) : -1;

		to_launch = to_launch || lane->ended;
		if (fd >= 0)
			fds[n++] = (struct pollfd){ .fd = fd,
				.events = POLLIN };
	}
	if (!c->stopping) {
		left = sooner(left, until_wall(c->hold_until));
		if (!(c->once_at && c->once_scanned))
			left = sooner(left, c->scan_mono_ms - now);
		if (!connector_any_busy(c)) {
			left = sooner(left, until_wall(c->next_due_at));
			left = sooner(left, until_wall(c->probe_at));
		}
	}
	if (c->move_count || store_unsettled(&c->store))
		left = sooner(left, c->settle_mono_ms - now);
	if (c->wake || c->scan || to_launch)
		left = 0;
	if (c->error_mono_ms > now)		/* after a failed write */
		left = sooner(c->error_mono_ms - now, LOOK_MS);
	*timeout_ms_out = left < 0 ? 0 : (int)left;
	return n;
}

/* What inotify says: something in submit/, or the bell. */
static void
hear(struct connector *c, bool *submit, bool *bell)
{
	char buf[4096] __attribute__((aligned(__alignof__(
		struct inotify_event))));
	ssize_t n;

	while (c->inotify >= 0 &&
	    (n = read(c->inotify, buf, sizeof buf)) > 0) {
		const struct inotify_event *e;

		for (char *p = buf; p < buf + n; p += sizeof *e + e->len) {
			e = (const struct inotify_event *)p;
			*bell = *bell || e->wd == c->bell_watch;
			*submit = *submit || e->wd == c->submit_watch ||
				(e->mask & IN_Q_OVERFLOW);
		}
	}
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
	for (int i = 0; i < c->lane_count; i++)
		c->wake = c->wake || c->lanes[i].blocked;
	c->data_version = version;
	return 0;
}

/* --- a turn ------------------------------------------------------------ */

static bool
is_due(const struct connector *c)
{
	int64_t now = clock_wall();

	if (c->wake || ((c->move_count || store_unsettled(&c->store)) &&
	    clock_mono_ms() >= c->settle_mono_ms))
		return true;
	for (int i = 0; i < c->lane_count; i++)
		if (c->lanes[i].ended)
			return true;
	if (c->stopping)
		return false;
	return (c->next_due_at != HISTORY_NO_TIME && c->next_due_at <= now) ||
		(c->probe_at != HISTORY_NO_TIME && c->probe_at <= now) ||
		(c->hold_until != HISTORY_NO_TIME && c->hold_until <= now);
}

static void
clear_lanes(struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];
		struct error err = ERROR_INIT;
		int killed = 0, rc;

		if (lane->busy && !lane->ended)
			continue;
		rc = c->options.importer->clear_lane(lane->importer, &killed,
			&err);
		if (rc > 0 && lane->blocked &&
		    spool_remove_copies(lane->dirfd, &err) < 0)
			rc = 0;
		if (rc <= 0 && !lane->blocked)
			log_line(LOG_LEVEL_ERROR, "lane %d: %s", lane->number,
				err.text);
		if (killed)
			log_line(LOG_LEVEL_WARNING, "%d processes that the "
				"import program left running were killed",
				killed);
		lane->blocked = rc <= 0;
	}
}

/* --once: has all that was due been tried? */
static int
look_if_over(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };

	if (!c->once_at || !c->once_scanned || c->scan ||
	    connector_any_busy(c))
		return 0;
	if (history_connector_get(c->store.history, &row, err) < 0)
		return -1;
	if (row.hold || row.drain)
		snprintf(c->once_why, sizeof c->once_why, "held by %s",
			row.hold_by ? row.hold_by : "somebody");
	else if (row.breaker_open)
		snprintf(c->once_why, sizeof c->once_why, "tripped: likely "
			"the post office or the importer, not the mail");
	else if (c->disk_low)
		snprintf(c->once_why, sizeof c->once_why, "the disk is low");
	for (int i = 0; i < c->lane_count; i++)
		if (c->lanes[i].blocked && !c->once_why[0])
			snprintf(c->once_why, sizeof c->once_why, "lane %d "
				"could not be used", i + 1);
	history_connector_release(&row);
	c->once_over = true;
	return 0;
}

static int
take_in(struct connector *c, bool submit, struct error *err)
{
	if (c->stopping)
		return 0;
	if (!c->scan && (submit || clock_mono_ms() >= c->scan_mono_ms) &&
	    !(c->once_at && c->once_scanned))
		return connector_start_scan(c, err);
	if (c->scan && submit)
		c->scan_again = true;
	return 0;
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
	connector_collect(c);
	if (now >= c->disk_mono_ms) {
		if (connector_look_at_disk(c, err) < 0)
			return -1;
		connector_guard(c);
	}
	if (take_in(c, submit, err) < 0)
		return -1;
	if (c->scan && connector_take_in(c, err) < 0)
		return -1;
	if (is_due(c)) {
		clear_lanes(c);
		c->wake = false;
		rc = connector_work(c, err);
		if (rc < 0) {
			c->wake = true;
			return -1;
		}
		connector_launch(c);
	}
	if (rc == 0 && !c->stopping && look_if_over(c, err) < 0)
		return -1;
	if (!connector_any_busy(c) || now >= c->care_mono_ms) {
		if (connector_rotate(c, err) < 0)
			return -1;
		if (now >= c->care_mono_ms && connector_care(c, err) < 0)
			return -1;
	}
	return 0;
}

/* The history cannot be written: say so in it as soon as it can. */
static void
note_error(struct connector *c, const struct error *err)
{
	struct history_connector row = { 0 };
	struct error again = ERROR_INIT;

	if (strcmp(c->last_error, err->text) == 0)
		return;
	log_line(LOG_LEVEL_ERROR, "%s", err->text);
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

int
connector_turn(struct connector *c, struct error *err)
{
	int lost;

	if (clock_mono_ms() < c->error_mono_ms) {
		connector_collect(c);
		return 0;
	}
	/* What a failed turn left open is finished before the next scan, or
	 * a file would be taken in twice. */
	if ((!c->last_error[0] || store_finish_all(&c->store, &lost,
	    err) == 0) && turn(c, err) == 0) {
		c->errors = 0;
		return 0;
	}
	store_end(&c->store);
	if (c->scan) {
		closedir(c->scan);
		c->scan = NULL;
		c->scan_mono_ms = 0;
	}
	if (err->code == ERROR_STOPPED)
		return 0;
	if (!is_fatal(err)) {
		put_off(c);
		note_error(c, err);
		return must_end(c) ? -1 : 0;
	}
	mark_check_needed(c);
	return -1;
}
