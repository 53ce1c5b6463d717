/* SPDX-License-Identifier: ISC */
/* metrics: see metrics.h for the contract. */
#include "reach/metrics.h"
#include "base/files.h"
#include "base/xalloc.h"
#include "history/history_cause.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CAUSES_MAX 1000
#define JOBS_MAX 1000

static void
head(struct str *out, const char *name, const char *type, const char *help)
{
	str_addf(out, "# HELP ccmq_%s %s\n# TYPE ccmq_%s %s\n", name, help,
		name, type);
}

static void
gauge(struct str *out, const char *name, const char *help, int64_t value)
{
	head(out, name, "gauge", help);
	str_addf(out, "ccmq_%s %" PRId64 "\n", name, value);
}

/* A time that is not known has no line: 0 would be 1970. */
static void
timestamp(struct str *out, const char *name, const char *help, int64_t at)
{
	head(out, name, "gauge", help);
	if (at > 0)
		str_addf(out, "ccmq_%s %" PRId64 ".%03d\n", name, at / 1000,
			(int)(at % 1000));
}

static void
add_states(struct str *out, const struct status *st)
{
	head(out, "messages", "gauge", "Messages by state.");
	for (int i = 0; i < STATE_COUNT; i++)
		if (i != STATE_REMOVED)
			str_addf(out, "ccmq_messages{state=\"%s\"} %" PRId64
				"\n", state_word((enum state)i),
				st->counts.n[i]);
}

static int
add_causes(struct str *out, struct history *h, enum state state,
	struct error *err)
{
	struct history_cause_row *rows = xcalloc(CAUSES_MAX, sizeof *rows);
	int64_t sums[CLASS_COUNT] = { 0 };
	int n = history_causes(h, state, rows, CAUSES_MAX, err);

	for (int i = 0; i < n; i++) {
		enum outcome_class class;

		if (rows[i].class && class_parse(rows[i].class, &class))
			sums[class] += rows[i].n;
		history_cause_row_release(&rows[i]);
	}
	free(rows);
	for (int i = 0; n >= 0 && i < CLASS_COUNT; i++)
		str_addf(out, "ccmq_messages_by_class{state=\"%s\",class=\"%s\""
			"} %" PRId64 "\n", state_word(state),
			class_word((enum outcome_class)i), sums[i]);
	return n < 0 ? -1 : 0;
}

/* What the tally of attempts holds. */
struct attempts {
	int64_t of[CLASS_COUNT], in[HISTORY_TALLY_BANDS], took_ms;
};

static int
read_attempts(struct history *h, struct attempts *a, struct error *err)
{
	struct history_attempt_tally rows[CLASS_COUNT * HISTORY_TALLY_BANDS];
	int n = history_attempt_tallies(h, rows, CLASS_COUNT *
		HISTORY_TALLY_BANDS, err);

	memset(a, 0, sizeof *a);
	for (int i = 0; i < n; i++) {
		a->of[rows[i].class] += rows[i].n;
		a->in[rows[i].band] += rows[i].n;
		a->took_ms += rows[i].took_ms;
	}
	return n < 0 ? -1 : 0;
}

static int
add_attempts(struct str *out, struct history *h, struct error *err)
{
	struct attempts a;
	int64_t n = 0;

	if (read_attempts(h, &a, err) < 0)
		return -1;
	head(out, "attempts_total", "counter", "Attempts that ended, by class, "
		"since the store was made or upgraded.");
	for (int i = 0; i < CLASS_COUNT; i++)
		str_addf(out, "ccmq_attempts_total{class=\"%s\"} %" PRId64 "\n",
			class_word((enum outcome_class)i), a.of[i]);
	head(out, "import_seconds", "histogram", "What attempts took.");
	for (int i = 0; i < HISTORY_TALLY_BANDS; i++) {
		int ms = history_tally_ms[i];

		n += a.in[i];
		if (ms)
			str_addf(out, "ccmq_import_seconds_bucket{le=\"%d.%03d"
				"\"} %" PRId64 "\n", ms / 1000, ms % 1000, n);
		else
			str_addf(out, "ccmq_import_seconds_bucket{le=\"+Inf\"} "
				"%" PRId64 "\n", n);
	}
	str_addf(out, "ccmq_import_seconds_sum %" PRId64 ".%03d\n"
		"ccmq_import_seconds_count %" PRId64 "\n", a.took_ms / 1000,
		(int)(a.took_ms % 1000), n);
	return 0;
}

static int
add_jobs(struct str *out, struct history *h, struct error *err)
{
	static const char *const words[] = { "running", "waiting", "paused" };
	struct history_action *rows = xcalloc(JOBS_MAX, sizeof *rows);
	int64_t sums[3] = { 0 };
	int n = history_jobs_open(h, 0, rows, JOBS_MAX, err);

	for (int i = 0; i < n; i++) {
		for (int w = 0; w < 3; w++)
			sums[w] += rows[i].job_state &&
				strcmp(rows[i].job_state, words[w]) == 0;
		history_action_release(&rows[i]);
	}
	free(rows);
	head(out, "jobs", "gauge", "Jobs that are not over, by state.");
	for (int w = 0; w < 3; w++)
		str_addf(out, "ccmq_jobs{state=\"%s\"} %" PRId64 "\n", words[w],
			sums[w]);
	return n < 0 ? -1 : 0;
}

static void
add_verdicts(struct str *out, const struct status *st)
{
	head(out, "verdict", "gauge", "1: it is true now.");
	for (int i = 0; i < VERDICT_COUNT; i++) {
		bool holds = false;

		for (unsigned n = 0; n < st->verdict_count; n++)
			holds = holds || (int)st->verdicts[n] == i;
		str_addf(out, "ccmq_verdict{word=\"%s\"} %d\n",
			verdict_word((enum verdict_kind)i), holds);
	}
}

static void
add_rest(struct str *out, const struct status *st)
{
	gauge(out, "up", "1: a ccmqd runs on the store.", st->pid != 0);
	gauge(out, "held", "1: somebody holds the connector.", st->row.hold);
	gauge(out, "draining", "1: somebody drains it.", st->row.drain);
	gauge(out, "breaker_open", "1: it has tripped.",
		st->row.breaker_open);
	if (st->submit_waiting >= 0) {
		gauge(out, "submit_waiting_files", "Not taken in yet.",
			st->submit_waiting);
		gauge(out, "submit_ignored_files", "Left alone in submit/.",
			st->submit_ignored);
	}
	gauge(out, "und_bytes", "Of the .und files.", st->und_bytes);
	gauge(out, "disk_free_bytes", "For whoever is not root.",
		st->disk_free);
	gauge(out, "wal_bytes", "Of the history's WAL.", st->wal_bytes);
	timestamp(out, "last_import_timestamp_seconds", "Of the newest import.",
		st->row.last_import_at);
	timestamp(out, "last_sign_timestamp_seconds", "Of the newest scan.",
		st->last_sign_at);
	timestamp(out, "oldest_queued_timestamp_seconds", "When the oldest "
		"that is queued arrived.", st->oldest_queued_at);
	timestamp(out, "hold_until_timestamp_seconds", "When a hold ends by "
		"itself.", st->row.hold || st->row.drain ?
		st->row.hold_until : 0);
}

int
metrics_write(struct str *out, struct store *s, const struct status *st,
	struct error *err)
{
	add_states(out, st);
	head(out, "messages_by_class", "gauge", "Failed and deferred messages "
		"by the class of their cause.");
	if (add_causes(out, s->history, STATE_FAILED, err) < 0 ||
	    add_causes(out, s->history, STATE_DEFERRED, err) < 0 ||
	    add_attempts(out, s->history, err) < 0 ||
	    add_jobs(out, s->history, err) < 0)
		return -1;
	add_rest(out, st);
	add_verdicts(out, st);
	return 0;
}

int
metrics_put_file(const char *path, const struct str *text, struct error *err)
{
	/* node_exporter reads *.prom: this is none. */
	char *temporary = xasprintf("%s.%d.new", path, (int)getpid());
	struct stat there;
	int fd, rc;

	/* A device or a link would be no more, and root may. */
	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		free(temporary);
		return error_set(err, ERROR_SYSTEM, "%s is no file", path);
	}
	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	rc = fd < 0 ? error_sys(err, errno, "make %s", temporary) :
		fs_write_all(fd, text->data, text->len, err);
	if (rc == 0 && fchmod(fd, 0644) < 0)
		rc = error_sys(err, errno, "set mode of %s", temporary);
	if (fd >= 0)
		close(fd);
	if (rc == 0 && rename(temporary, path) < 0)
		rc = error_sys(err, errno, "rename %s to %s", temporary, path);
	if (rc < 0 && fd >= 0)
		unlink(temporary);
	free(temporary);
	return rc;
}
