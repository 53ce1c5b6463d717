/* status: see status.h for the contract. */
#include "store/status.h"
#include "base/clock.h"
#include "base/files.h"
#include "history/history_cause.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const connector_words[] = {
	[STATUS_RUNNING] = "running",
	[STATUS_STOPPED] = "stopped",
	[STATUS_HELD] = "held",
	[STATUS_DRAINING] = "draining",
	[STATUS_TRIPPED] = "tripped",
};

const char *
status_connector_word(enum status_connector c)
{
	return connector_words[c];
}

void
status_release(struct status *st)
{
	history_connector_release(&st->row);
	memset(st, 0, sizeof *st);
}

/* Without a connector nobody else has counted. */
static int
count_submit(struct status *st, struct store *s, struct error *err)
{
	int fd = fs_open_dir(s->spool.dirs[SPOOL_SUBMIT], ".", err);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;
	struct stat info;
	int64_t at;

	st->submit_waiting = st->submit_ignored = 0;
	st->submit_oldest_at = HISTORY_NO_TIME;
	if (!dir)
		return fd < 0 ? -1 : 0;
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		if (st->submit_waiting + st->submit_ignored ==
		    STATUS_SUBMIT_MAX) {
			st->submit_more = true;
			break;
		}
		/* What intake would leave alone does not wait. */
		if (!spool_is_message_name(d->d_name) ||
		    fstatat(fd, d->d_name, &info, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(info.st_mode) || info.st_nlink != 1) {
			st->submit_ignored++;
			continue;
		}
		st->submit_waiting++;
		at = info.st_mtim.tv_sec * INT64_C(1000);
		if (st->submit_oldest_at == HISTORY_NO_TIME ||
		    at < st->submit_oldest_at)
			st->submit_oldest_at = at;
	}
	closedir(dir);
	return 0;
}

static int
look_at_connector(struct status *st, struct store *s, struct error *err)
{
	char who[128];
	struct stat info;
	int held = spool_ask_lock(&s->spool, who, sizeof who, err);
	bool running = held > 0 && strncmp(who, "ccmqd ", 6) == 0;

	if (held < 0 || history_connector_get(s->history, &st->row, err) < 0)
		return -1;
	st->pid = running ? strtoll(who + 6, NULL, 10) : 0;
	st->connector = !running ? STATUS_STOPPED :
		st->row.breaker_open ? STATUS_TRIPPED :
		st->row.hold ? STATUS_HELD :
		st->row.drain ? STATUS_DRAINING : STATUS_RUNNING;
	st->last_sign_at = fstat(s->spool.lock, &info) == 0 ?
		info.st_mtim.tv_sec * INT64_C(1000) : HISTORY_NO_TIME;
	st->submit_waiting = st->row.submit_waiting;
	st->submit_ignored = st->row.submit_ignored;
	st->submit_oldest_at = st->row.submit_oldest_at;
	return running ? 0 : count_submit(st, s, err);
}

static int
look_at_files(struct status *st, struct store *s,
	const struct settings *settings, struct error *err)
{
	char *dir, *und;
	struct stat info;
	int64_t inodes;

	if (fs_free(s->spool.root, &st->disk_free, &inodes, err) < 0)
		return -1;
	if (fstatat(s->spool.root, "history.db-wal", &info, 0) == 0)
		st->wal_bytes = info.st_size;
	for (int lane = 1; lane <= (int)settings->import_lanes; lane++) {
		dir = lane == 1 ? xasprintf("%s/import", s->path) :
			xasprintf("%s/import/%d", s->path, lane);
		und = und_account_path(settings->und_path, dir);
		if (stat(und, &info) == 0)
			st->und_bytes += info.st_size;
		free(und);
		free(dir);
	}
	return 0;
}

static int
look_at_rates(struct status *st, struct store *s, int64_t now,
	struct error *err)
{
	int64_t minute = now - now % CLOCK_MINUTE;
	struct history_minute sum;

	if (history_minute_sum(s->history, minute - CLOCK_MINUTE, minute,
	    &st->last_minute, err) < 0 ||
	    history_minute_sum(s->history, now - 10 * CLOCK_MINUTE,
	    now + CLOCK_MINUTE, &sum, err) < 0)
		return -1;
	st->und_growth_10min = sum.und_bytes;
	if (history_minute_sum(s->history, now - CLOCK_HOUR,
	    now + CLOCK_MINUTE, &sum, err) < 0)
		return -1;
	st->und_growth_per_hour = sum.und_bytes;
	return 0;
}

/* The oldest waiting message, and the oldest running attempt. */
static int
look_at_queue(struct status *st, struct store *s, struct verdict_facts *f,
	struct error *err)
{
	struct history_query q = { .states = STATE_BIT(STATE_QUEUED) };
	struct history_message m;
	struct history_attempt a;
	int rc;

	st->oldest_queued_at = HISTORY_NO_TIME;
	rc = history_page(s->history, &q, 0, 1, &m, err);
	if (rc > 0) {
		st->oldest_queued_at = m.received_at;
		history_message_release(&m);
	}
	if (rc < 0)
		return -1;
	rc = history_attempt_open(s->history, 0, &a, err);
	if (rc > 0) {
		f->running_id = a.message;
		f->running_since = a.started_at;
		history_attempt_release(&a);
	}
	return rc < 0 ? -1 : 0;
}

/* A cause that took many in the last hour, and what came back after a retry. */
static int
look_at_failures(struct status *st, struct store *s, struct verdict_facts *f,
	int64_t now, char reason[128], struct error *err)
{
	struct history_storm storm;
	int rc = history_storm(s->history, now - CLOCK_HOUR, &storm, err);

	if (rc > 0) {
		st->storm_cause = storm.cause;
		f->storm_count = (uint64_t)storm.n;
		f->storm_from = storm.first_at;
		f->storm_to = storm.last_at;
		snprintf(reason, 128, "%s", storm.reason);
		f->storm_reason = reason;
	}
	if (rc >= 0)
		rc = history_again(s->history, now - CLOCK_DAY, &f->again_id,
			&f->again_at, &f->again_times, err);
	return rc < 0 ? -1 : 0;
}

/* The tests that failed since it tripped lengthen the row that it counts. */
static int
look_at_tests(const struct status *st, struct store *s,
	struct verdict_facts *f, struct error *err)
{
	int64_t n = 0, at;

	if (st->row.breaker_open && history_tests_since(s->history,
	    st->row.breaker_at, &n, &at, err) < 0)
		return -1;
	f->breaker_streak = (uint64_t)(st->row.streak_count + n);
	return 0;
}

static int64_t
known(int64_t at)
{
	return at == HISTORY_NO_TIME ? 0 : at;
}

static void
fill_facts(const struct status *st, const struct settings *settings,
	struct verdict_facts *f)
{
	const struct history_connector *row = &st->row;

	f->running = st->connector != STATUS_STOPPED;
	f->stopped_at = row->clean_end ? known(row->ended_at) :
		known(st->last_sign_at);
	f->ended_unclean = !row->clean_end;
	f->disk_low = row->disk_low;
	f->disk_free_bytes = (uint64_t)st->disk_free;
	f->disk_min_bytes = (uint64_t)settings->disk_min_free_bytes;
	f->disk_inodes_low = row->disk_low &&
		st->disk_free > settings->disk_min_free_bytes * 3 / 2;
	f->write_error = row->last_error;
	f->last_sign_at = known(st->last_sign_at);
	f->scan_interval_ms = settings->import_interval_ms;
	f->breaker_open = row->breaker_open;
	if (row->streak_class)
		class_parse(row->streak_class, &f->breaker_class);
	f->breaker_code = row->streak_code == HISTORY_NO_CODE ? -1 :
		row->streak_code;
	f->breaker_signal = row->streak_signal;
	f->held = row->hold;
	f->draining = row->drain;
	f->hold_by = row->hold_by;
	f->hold_reason = row->hold_reason;
	f->hold_until = known(row->hold_until);
	f->submit_waiting = (uint64_t)st->submit_waiting;
	f->submit_more = st->submit_more;
	if (st->submit_oldest_at != HISTORY_NO_TIME)
		f->submit_oldest_ms = f->now - st->submit_oldest_at;
	f->running_limit_ms = settings->import_timeout_ms;
	f->foreign_files = (uint64_t)row->foreign_files;
	f->last_import_at = known(row->last_import_at);
	f->rest_flows = f->again_at && f->last_import_at > f->again_at;
	f->und_growth_per_hour = (uint64_t)st->und_growth_per_hour;
	if (st->und_growth_per_hour > 0)
		f->disk_full_in_ms = (int64_t)((double)st->disk_free /
			(double)st->und_growth_per_hour * CLOCK_HOUR);
}

int
status_collect(struct status *out, struct store *s,
	const struct settings *settings, int64_t now, struct error *err)
{
	struct verdict_facts f = { .now = now };
	char reason[128];

	memset(out, 0, sizeof *out);
	gethostname(out->host, sizeof out->host - 1);
	if (look_at_connector(out, s, err) < 0 ||
	    history_counts(s->history, &out->counts, err) < 0 ||
	    look_at_files(out, s, settings, err) < 0 ||
	    look_at_rates(out, s, now, err) < 0 ||
	    look_at_queue(out, s, &f, err) < 0 ||
	    look_at_failures(out, s, &f, now, reason, err) < 0 ||
	    look_at_tests(out, s, &f, err) < 0) {
		status_release(out);
		return -1;
	}
	fill_facts(out, settings, &f);
	verdict_judge(&f, &out->verdict);
	return 0;
}
