/* SPDX-License-Identifier: ISC */
/* status: see status.h for the contract. */
#include "store/status_private.h"
#include "history/history_note.h"
#include "base/clock.h"
#include "history/history_cause.h"
#include "history/history_look.h"
#include "base/xalloc.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS_MAX 20		/* open ones that are looked at */

static const char *const connector_words[] = {
	[STATUS_RUNNING] = "running",
	[STATUS_STOPPED] = "stopped",
	[STATUS_WATCHES] = "watches",
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
	while (st->text_count > 0)
		free(st->texts[--st->text_count]);
	memset(st, 0, sizeof *st);
}

/* --- what flows --------------------------------------------------------- */

/* The last whole minute, or the time since a start that is younger. */
static int
look_at_minute(struct status *st, struct store *s, struct error *err)
{
	int64_t now = st->facts.now, to = now - now % CLOCK_MINUTE;
	int64_t from = to - CLOCK_MINUTE, start = st->word.started_at;

	if (st->facts.running && start > from) {
		from = start - start % CLOCK_MINUTE;
		to += CLOCK_MINUTE;
	}
	return history_minute_sum(s->history, from, to, &st->last_minute,
		err) < 0 || history_minute_back(s->history, from, to,
		&st->last_minute, err) < 0 ? -1 : 0;
}

static int
look_at_rates(struct status *st, struct store *s, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	struct history_minute sum;

	if (look_at_minute(st, s, err) < 0 ||
	    history_minute_sum(s->history, f->now - 10 * CLOCK_MINUTE,
	    f->now + CLOCK_MINUTE, &sum, err) < 0)
		return -1;
	st->und_growth_10min = sum.und_bytes;
	if (history_minute_sum(s->history, f->now - CLOCK_HOUR,
	    f->now + CLOCK_MINUTE, &sum, err) < 0)
		return -1;
	st->und_growth_per_hour = sum.und_bytes;
	f->imported_per_minute = (uint64_t)st->last_minute.imported;
	f->und_growth_per_hour = (uint64_t)st->und_growth_per_hour;
	if (st->und_growth_per_hour > 0)
		f->disk_full_in_ms = (int64_t)((double)st->disk_free /
			(double)st->und_growth_per_hour * CLOCK_HOUR);
	return 0;
}

/* A lane that cannot be cleared, and who holds it. */
static void
look_at_lane(struct status *st, struct store *s)
{
	struct verdict_facts *f = &st->facts;
	char name[16];
	struct stat info;

	f->lane = f->running ? st->word.lane : 0;
	f->lane_unusable = f->lane && st->word.lane_pid == STATUS_WORD_UNUSABLE;
	f->lane_pid = f->lane_unusable ? 0 : st->word.lane_pid;
	f->lane_id = st->word.lane_id;
	f->lane_since = st->word.lane_since;
	snprintf(name, sizeof name, "%d", f->lane);
	if (f->lane && !f->lane_unusable && !f->lane_pid &&
	    fstatat(s->spool.dirs[SPOOL_LANES], name, &info, 0) == 0)
		f->lane_pid = status_lock_holder("FLOCK", "WRITE", info.st_ino,
			0, 0, st->pid);
}

/* What the importer has: ccmqd says how much and when it answered last. One
 * whose end cannot be written is not there any more. */
static int
look_at_hand(struct status *st, struct store *s,
	const struct settings *settings, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	struct history_attempt a;
	int rc = history_attempt_open(s->history, 0, &a, err);

	f->hand_limit_ms = settings->import_timeout_ms;
	f->answer_at = st->word.answer_at;
	if (rc > 0 && f->running && (!st->word.started_at ||
	    st->word.hand_id)) {
		f->hand_id = a.message;
		f->hand_since = a.started_at;
		f->hand_count = st->counts.n[STATE_IMPORTING] > 0 ?
			(uint64_t)st->counts.n[STATE_IMPORTING] : 1;
	}
	if (rc > 0) {
		history_attempt_release(&a);
		rc = history_took_ms(s->history, &f->usual_ms, err);
	}
	if (rc < 0)
		return -1;
	look_at_lane(st, s);
	status_count_foreign(st, s, settings, f->hand_since);
	return 0;
}

static int
look_at_oldest(struct status *st, struct store *s, struct error *err)
{
	struct history_query q = { .states = STATE_BIT(STATE_QUEUED) };
	struct history_message m;
	int rc;

	st->oldest_queued_at = HISTORY_NO_TIME;
	rc = history_page(s->history, &q, 0, 1, &m, err);
	if (rc > 0) {
		st->oldest_queued_at = m.received_at;
		history_message_release(&m);
	}
	return rc < 0 ? -1 : 0;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a == HISTORY_NO_TIME ? b : b == HISTORY_NO_TIME ? a :
		a < b ? a : b;
}

/* What made them doubtful, in words, where it is one thing and known. */
static const char *
doubt_words(const struct status *st, const struct history_look *look)
{
	const char *end = st->facts.bad_end_why;
	enum outcome_class class;

	if (!class_parse(look->doubtful_class, &class))
		return NULL;
	if (strcmp(look->doubtful_reason, "timed out") == 0)
		return "The importer timed out";
	if (class == CLASS_CRASHED)
		return "The importer crashed";
	if (class != CLASS_INTERRUPTED)
		return NULL;
	if (end && strncmp(end, "killed", 6) == 0)
		return "ccmqd was killed";
	if (end && strcmp(end, "the machine went down") == 0)
		return "The machine went down";
	return "An import was cut off";
}

/* Why the newest of the moves that cannot be made cannot: its event says. */
static int
look_at_moves(struct status *st, struct store *s, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	struct history_log_row row;
	int64_t moved, both;
	char *why, *end;
	int rc;

	if (f->moves == 0)
		return 0;
	if (history_event_newest(s->history, EVENT_STUCK_MOVE, &moved,
	    err) < 0 || history_event_newest(s->history, EVENT_BOTH, &both,
	    err) < 0)
		return -1;
	rc = moved || both ? history_log_get(s->history, HISTORY_LOG_EVENT,
		moved > both ? moved : both, &row, err) : 0;
	if (rc <= 0)
		return rc;
	/* "… cannot be moved …: WHY", "message #1: WHY: see ccmq check" */
	why = row.event.text;
	end = why && both > moved ? strstr(why, ": see ccmq check") : NULL;
	if (end)
		*end = '\0';
	why = why ? strrchr(why, ':') : NULL;
	if (why)
		f->moves_why = status_keep(st, why + 1 + (why[1] == ' '));
	history_log_release(&row);
	return 0;
}

/* Since when it is low: unless that could not be written. */
static int
look_at_disk(struct status *st, struct store *s, struct error *err)
{
	struct history_log_row row;
	int64_t low, enough;
	int rc;

	if (!st->facts.disk_low)
		return 0;
	if (history_event_newest(s->history, EVENT_DISK_LOW, &low, err) < 0 ||
	    history_event_newest(s->history, EVENT_DISK_OK, &enough, err) < 0)
		return -1;
	rc = low > enough ? history_log_get(s->history, HISTORY_LOG_EVENT,
		low, &row, err) : 0;
	if (rc <= 0)
		return rc;
	st->facts.disk_low_at = row.event.at;
	history_log_release(&row);
	return 0;
}

/* One from the future is of before the clock was set back: old. */
static int64_t
past(const struct verdict_facts *f, int64_t at)
{
	return at - f->now > CLOCK_MINUTE ? f->now -
		(VERDICT_SCANS + 1) * f->scan_interval_ms : at;
}

static int
look_at_queue(struct status *st, struct store *s, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	struct history_look look;

	if (history_look(s->history, f->now, &look, err) < 0)
		return -1;
	f->waiting = (uint64_t)(st->counts.n[STATE_QUEUED] +
		look.deferred_due);
	/* What is too large for the disk would be due, had it the room. */
	f->due = f->waiting + (uint64_t)look.large;
	f->due_more = look.deferred_due == HISTORY_LOOK_MAX ||
		look.large == HISTORY_LOOK_MAX;
	f->due_since = past(f, status_known(sooner(look.large_since,
		sooner(look.queued_since, look.deferred_since))));
	f->vain = (uint64_t)look.vain;
	f->vain_since = status_known(look.vain_since);
	f->last_import_at = status_known(st->row.last_import_at);
	f->failed = (uint64_t)st->counts.n[STATE_FAILED];
	f->failed_at = status_known(look.failed_at);
	f->aside = (uint64_t)look.aside;
	f->aside_at = status_known(look.aside_at);
	f->lost = (uint64_t)look.lost;
	f->lost_at = status_known(look.lost_at);
	f->moves = (uint64_t)look.stuck;
	f->moves_from = status_keep(st, look.stuck_from);
	f->moves_to = status_keep(st, look.stuck_to);
	f->doubtful = (uint64_t)look.doubtful;
	f->doubtful_more = look.doubtful == HISTORY_LOOK_ROWS;
	f->doubtful_at = status_known(look.doubtful_at);
	f->doubtful_wait = !look.doubtful_failed;
	class_parse(look.doubtful_class, &f->doubtful_class);
	f->doubtful_why = doubt_words(st, &look);
	return look_at_moves(st, s, err) < 0 ||
		look_at_disk(st, s, err) < 0 ? -1 :
		look_at_oldest(st, s, err);
}

/* --- what failed -------------------------------------------------------- */

static int
look_at_suspects(struct status *st, struct store *s, struct error *err)
{
	struct history_query q = { .states = STATE_BIT(STATE_FAILED),
		.suspect = HISTORY_SUSPECT_YES };
	int64_t n;

	if (history_count(s->history, &q, &n, err) < 0)
		return -1;
	st->facts.suspects = (uint64_t)n;
	return 0;
}

/* A cause that took many in the last hour, and what came back after a retry. */
static int
look_at_failures(struct status *st, struct store *s, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	struct history_storm storm;
	int rc = history_storm(s->history, f->now - CLOCK_HOUR, &storm, err);

	if (rc > 0) {
		st->storm_cause = storm.cause;
		f->storm_count = (uint64_t)storm.n;
		f->storm_from = storm.first_at;
		f->storm_to = storm.last_at;
		f->storm_reason = status_keep(st, storm.reason);
	}
	if (rc >= 0)
		rc = history_again(s->history, f->now - CLOCK_DAY,
			&f->again_id, &f->again_at, &f->again_times, err);
	f->rest_flows = f->again_at && f->last_import_at > f->again_at;
	return rc < 0 ? -1 : look_at_suspects(st, s, err);
}

/* The messages that it tested in vain since it tripped lengthen the row that it
 * counts. */
static int
look_at_breaker(struct status *st, struct store *s, struct error *err)
{
	const struct history_connector *row = &st->row;
	struct verdict_facts *f = &st->facts;
	bool class = true, result = true;
	struct history_tests tests = { .n = 0 };

	if (row->breaker_open && (history_tests_since(s->history,
	    row->breaker_at, &tests, err) < 0 ||
	    history_tests_alike(s->history, row, &class, &result, err) < 0))
		return -1;
	if (row->control_class && strcmp(row->control_class,
	    class_word(CLASS_IMPORTED)) != 0) {
		f->path_at = status_known(row->control_at);
		f->path_code = row->control_code == HISTORY_NO_CODE ? -1 :
			row->control_code;
		f->path_words = status_keep(st, row->control_words);
	}
	f->breaker_open = row->breaker_open;
	f->breaker_streak = (uint64_t)(row->streak_count + tests.others);
	if (row->streak_class)
		class_parse(row->streak_class, &f->breaker_class);
	f->breaker_code = row->streak_code == HISTORY_NO_CODE ? -1 :
		row->streak_code;
	f->breaker_signal = row->streak_signal;
	f->breaker_mixed = row->streak_mixed || !result;
	f->breaker_classes = !class;
	return 0;
}

/* What is said of another connector: its worst loop, or that all fails alike,
 * which is what a breaker of ours would say. */
static int
look_at_watch(struct status *st, struct store *s,
	const struct settings *settings, struct error *err)
{
	const struct status_word *w = &st->word;
	struct verdict_facts *f = &st->facts;
	struct history_message m;
	char *path;
	int rc;

	if (st->connector != STATUS_WATCHES)
		return 0;
	f->watches = true;
	f->their_import = status_keep(st, settings->foreign_import);
	f->hand_limit_ms = 0;		/* nobody ends its importer */
	f->hand_id = w->hand_id;
	f->hand_since = w->hand_since;
	f->hand_count = (uint64_t)w->hand_count;
	f->usual_ms = f->scan_interval_ms;
	if (w->alike) {
		f->breaker_open = true;
		f->breaker_streak = (uint64_t)w->alike;
		f->breaker_code = w->alike_code;
		f->breaker_class = w->alike_code >= 2 && w->alike_code <= 4 ?
			CLASS_UNAVAILABLE : CLASS_REJECTED;
	}
	rc = w->loops ? history_message_get(s->history, w->loop_id, &m, err) :
		0;
	/* One that was taken out loops no more, before anybody has looked. */
	if (rc > 0 && m.watched) {
		f->loop_name = status_keep(st, m.true_name);
		f->loop_id = m.id;
		f->their_submit = status_keep(st, settings->foreign_submit);
		path = xasprintf("%s/%s", m.state == STATE_QUEUED ?
			settings->foreign_submit : settings->foreign_import,
			m.true_name);
		f->loop_path = status_keep(st, path);
		free(path);
		f->loop_tries = (uint64_t)w->loop_tries;
		f->loop_since = w->loop_since;
	}
	if (rc > 0)
		history_message_release(&m);
	return rc < 0 ? -1 : 0;
}

/* A job that paused by itself, because too many of a step failed again. (One
 * that waits for the end of a hold, or that a person paused, is nobody's news.) */
static int
look_at_jobs(struct status *st, struct store *s, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	struct history_action rows[JOBS_MAX];
	int n = history_jobs_open(s->history, 0, rows, JOBS_MAX, err);

	for (int i = 0; i < n; i++) {
		struct history_action *a = &rows[i];

		if (!f->job_total && a->job_state && !a->job_auto &&
		    !a->job_by && strcmp(a->job_state, "paused") == 0) {
			f->job_by = status_keep(st, a->user ? a->user : a->by);
			f->job_verb = status_keep(st, a->verb);
			f->job_why = status_keep(st, a->job_why);
			f->job_done = (uint64_t)a->done;
			f->job_total = (uint64_t)a->total;
		}
		history_action_release(a);
	}
	return n < 0 ? -1 : 0;
}

/* --- who has what in hand ------------------------------------------------ */

/* Of a message (and its cause), or of a cause. 0 or -1. */
static int
look_at_one_hand(struct status *st, struct store *s, enum verdict_kind kind,
	int64_t id, int64_t cause, struct error *err)
{
	struct history_message m;
	struct history_note hand;
	int rc = 0;

	if (id && (rc = history_message_get(s->history, id, &m, err)) > 0) {
		cause = m.cause;
		history_message_release(&m);
	}
	if (rc >= 0)
		rc = history_hand(s->history, id, cause, st->facts.now, &hand,
			err);
	if (rc > 0) {
		st->facts.mine[kind] = status_keep(st, hand.by);
		history_note_release(&hand);
	}
	return rc < 0 ? -1 : 0;
}

static int
look_at_hands(struct status *st, struct store *s, struct error *err)
{
	const struct verdict_facts *f = &st->facts;
	int any = history_notes_any(s->history, err);

	if (any <= 0)
		return any;
	if (look_at_one_hand(st, s, VERDICT_STORM, 0, st->storm_cause, err) <
	    0 ||
	    look_at_one_hand(st, s, VERDICT_BACK_AGAIN, f->again_id, 0, err) <
	    0 ||
	    look_at_one_hand(st, s, VERDICT_STUCK, f->hand_id, 0, err) < 0)
		return -1;
	return look_at_one_hand(st, s, VERDICT_BLOCKED, f->hand_id, 0, err);
}

/* --- all ---------------------------------------------------------------- */

void
status_verdict(const struct status *st, unsigned i, struct verdict *out)
{
	assert(i < st->verdict_count);
	verdict_say(&st->facts, st->verdicts[i], out);
	out->more = st->verdict_count - 1 - i;
}

static int
look_at_all(struct status *out, struct store *s,
	const struct settings *settings, struct error *err)
{
	return status_look_at_connector(out, s, settings, err) < 0 ||
		history_counts(s->history, &out->counts, err) < 0 ||
		status_look_at_files(out, s, settings, err) < 0 ||
		look_at_rates(out, s, err) < 0 ||
		look_at_hand(out, s, settings, err) < 0 ||
		look_at_queue(out, s, err) < 0 ||
		look_at_failures(out, s, err) < 0 ||
		look_at_breaker(out, s, err) < 0 ||
		look_at_watch(out, s, settings, err) < 0 ||
		look_at_jobs(out, s, err) < 0 ||
		look_at_hands(out, s, err) < 0 ? -1 : 0;
}

int
status_collect(struct status *out, struct store *s,
	const struct settings *settings, int64_t now, struct error *err)
{
	int rc;

	memset(out, 0, sizeof *out);
	out->facts.now = now;
	gethostname(out->host, sizeof out->host - 1);
	/* What the history says is of one moment. */
	if (history_begin_read(s->history, err) < 0)
		return -1;
	rc = look_at_all(out, s, settings, err);
	history_end_read(s->history);
	if (rc < 0) {
		status_release(out);
		return -1;
	}
	status_look_at_hold(out, s);
	status_look_at_submit(out, s);
	if (verdict_holds(&out->facts, VERDICT_BACKLOG))
		status_name_submit(out, s);
	out->verdict_count = verdict_all(&out->facts, out->verdicts);
	status_verdict(out, 0, &out->verdict);
	return 0;
}

int64_t
status_measure(const struct status *st, enum alarm what, int64_t now)
{
	const int64_t *n = st->counts.n;

	switch (what) {
	case ALARM_QUEUE:
		return n[STATE_QUEUED] + n[STATE_IMPORTING] + n[STATE_DEFERRED];
	case ALARM_OLDEST:
		return st->oldest_queued_at == HISTORY_NO_TIME ||
			st->oldest_queued_at > now ? 0 :
			now - st->oldest_queued_at;
	case ALARM_FAILED:
		return n[STATE_FAILED];
	case ALARM_UND:
		return st->und_bytes;
	case ALARM_COUNT:
		break;
	}
	return 0;
}
