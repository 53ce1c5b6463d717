/* SPDX-License-Identifier: ISC */
/* Tests of verdict: every row of the table, and which row wins. */
#include "unit/sentence.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/verdict.h"
#include "base/width.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A Tuesday, 14:10 UTC. */
#define NOW INT64_C(1795529400000)
#define AT(hours, minutes) \
	(NOW + ((hours) - 14) * CLOCK_HOUR + ((minutes) - 10) * CLOCK_MINUTE)
#define M ((uint64_t)1 << 20)

/* Each case overrides what it is about. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define WELL \
	.now = NOW, .running = true, .last_sign_at = NOW - 5000, \
	.scan_interval_ms = 15000, .last_import_at = AT(14, 2), \
	.breaker_code = -1, .disk_free_bytes = 4100 * M, \
	.disk_min_bytes = 256 * M

static const struct {
	const char *name;
	struct verdict_facts facts;
	enum verdict_kind kind;
	const char *text;
	const char *brief;
} cases[] = {
	{ "all well", { WELL }, VERDICT_OK,
	  "All well: last import 14:02", "All well: last import 14:02" },
	{ "new store", { WELL, .last_import_at = 0 }, VERDICT_OK,
	  "All well: nothing imported yet", "All well: nothing imported yet" },
	{ "stopped", { WELL, .running = false, .stopped_at = AT(2, 10),
	    .ended_unclean = true }, VERDICT_STOPPED,
	  "No connector since 02:10, it did not end by itself. "
	  "systemctl start ccmqd", "No connector since 02:10" },
	{ "stopped in order", { WELL, .running = false,
	    .stopped_at = AT(2, 10) }, VERDICT_STOPPED,
	  "No connector since 02:10, it was told to end. "
	  "systemctl start ccmqd", "No connector since 02:10" },
	{ "never ran", { WELL, .running = false }, VERDICT_STOPPED,
	  "No connector has run yet. systemctl start ccmqd",
	  "No connector has run yet" },
	{ "disk", { WELL, .disk_low = true, .disk_free_bytes = 241 * M },
	  VERDICT_DISK,
	  "Disk 241M free, under 256M: nothing is taken in or imported",
	  "Disk 241M free: all stands" },
	{ "disk, on its way up", { WELL, .disk_low = true,
	    .disk_free_bytes = 300 * M }, VERDICT_DISK,
	  "Disk 300M free, not yet over 384M: nothing is taken in or imported",
	  "Disk 300M free: all stands" },
	{ "disk, seen by the reader alone", { WELL,
	    .disk_free_bytes = 241 * M }, VERDICT_DISK,
	  "Disk 241M free, under 256M: nothing is taken in or imported", NULL },
	{ "disk, whose ccmqd has another limit", { WELL, .disk_told = true,
	    .disk_free_bytes = 241 * M }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "disk, whose ccmqd said so and is silent now", { WELL,
	    .disk_told = true, .disk_free_bytes = 0,
	    .last_sign_at = NOW - 4 * CLOCK_MINUTE }, VERDICT_DISK,
	  "Disk 0 free, under 256M: nothing is taken in or imported", NULL },
	{ "disk of a watched connector", { WELL, .watches = true,
	    .disk_free_bytes = 2 * M, .disk_min_bytes = 3 * M }, VERDICT_DISK,
	  "Disk 2.0M free, under 3.0M, where the watched connector works",
	  "Disk 2.0M free: it may stand" },
	{ "disk, inodes of a watched connector", { WELL, .watches = true,
	    .disk_inodes_low = true }, VERDICT_DISK, "Disk has hardly any "
	  "inodes left where the watched connector works", NULL },
	{ "disk, inodes", { WELL, .disk_inodes_low = true },
	  VERDICT_DISK, "Disk has hardly any inodes left: nothing is taken "
	  "in or imported", "Disk out of inodes: all stands" },
	{ "store", { WELL, .write_error = "commit, outcome unknown: "
	    "write or read the history: history: disk I/O error" }, VERDICT_STORE,
	  "The history cannot be written: disk I/O error",
	  "The history cannot be written" },
	{ "not the history", { WELL, .write_error = "read submit/: "
	    "Permission denied" }, VERDICT_STORE,
	  "ccmqd cannot go on: read submit/: Permission denied",
	  "ccmqd cannot go on" },
	{ "a check is needed", { WELL, .needs_check = true, .held = true,
	    .check_why = "it is not known what a failed write left on disk: "
	    "run ccmq check" }, VERDICT_STORE, "Held: it is not known what a "
	  "failed write left on disk: run ccmq check",
	  "Held until ccmq check finds nothing" },
	{ "… and why is not known", { WELL, .needs_check = true,
	    .held = true }, VERDICT_STORE,
	  "Held until ccmq check finds nothing",
	  "Held until ccmq check finds nothing" },
	{ "replaced, and it ended", { WELL, .running = false,
	    .stopped_at = AT(14, 2), .replaced_at = AT(14, 2) },
	  VERDICT_REPLACED, "history.db was replaced at 14:02, ccmqd ended. "
	  "See a before starting it", "history.db was replaced at 14:02" },
	{ "replaced, and it writes on", { WELL, .replaced_at = AT(14, 2),
	    .replaced_running = true }, VERDICT_REPLACED,
	  "history.db was replaced while ccmqd runs: what it writes is lost",
	  NULL },
	{ "restarts", { WELL, .bad_ends = 3, .bad_ends_from = AT(2, 10),
	    .bad_end_why = "killed by signal 9" }, VERDICT_RESTARTS,
	  "ccmqd ended badly 3 times since 02:10: killed by signal 9",
	  "ccmqd ended badly 3 times" },
	{ "two are none", { WELL, .bad_ends = 2, .bad_ends_from = AT(2, 10) },
	  VERDICT_OK, "All well: last import 14:02", NULL },
	{ "loop", { WELL, .loop_name = "Msg4F2C.ccm", .loop_tries = 214,
	    .loop_since = AT(1, 12), .disk_full_in_ms = 19 * CLOCK_HOUR },
	  VERDICT_LOOP, "LOOP: Msg4F2C.ccm tried 214 times since 01:12; disk "
	  "full in 19 h", "LOOP: Msg4F2C.ccm, 214 times" },
	{ "path", { WELL, .path_at = AT(2, 40), .path_code = 3,
	    .path_words = "not configured" }, VERDICT_PATH,
	  "The control message of 02:40 failed: code 3, not configured",
	  "Control message of 02:40 failed" },
	{ "lane, that nobody holds", { WELL, .lane = 1, .lane_unusable = true,
	    .lane_since = AT(13, 2) }, VERDICT_LANE, "Lane 1 stands since "
	  "13:02: its lock or files cannot be had", NULL },
	{ "lane", { WELL, .lane = 1, .lane_pid = 4711, .lane_id = 1042,
	    .lane_since = AT(14, 2) }, VERDICT_LANE, "#1042's program "
	  "(pid 4711) cannot be ended: lane 1 stands since 14:02",
	  "Lane 1 stands since 14:02" },
	{ "lane, nothing known", { WELL, .lane = 2 }, VERDICT_LANE,
	  "What an import left cannot be ended: lane 2 stands", NULL },
	{ "a sign of before the clock was set back", { WELL,
	    .last_sign_at = NOW + CLOCK_HOUR }, VERDICT_SILENT,
	  "Connector runs, but no sign of life since the clock was set back",
	  "No sign of life" },
	{ "an import of before the clock was set back", { WELL, .due = 1,
	    .due_since = AT(13, 50), .last_import_at = NOW + CLOCK_HOUR },
	  VERDICT_WAITING, "Nothing moves since 13:50: 1 is due. a says what "
	  "is known", "Nothing moves since 13:50: 1 due" },
	{ "set aside by no person", { WELL, .aside = 1, .aside_at =
	    AT(14, 2) }, VERDICT_FAILED, "Nothing urgent: the connector "
	  "quarantined 1, at 14:02", "1 quarantined by the connector" },
	{ "in vain, and nothing else passes", { WELL, .vain = 2,
	    .vain_since = AT(14, 2) }, VERDICT_WAITING, "None is imported "
	  "since 14:02: 2 deferred, tried again and again",
	  "None imported since 14:02" },
	{ "in vain, and others pass", { WELL, .vain = 2,
	    .vain_since = AT(13, 2) }, VERDICT_BUSY, "2 deferred, tried again "
	  "and again since 13:02; others are imported",
	  "2 tried in vain since 13:02" },
	{ "in vain, and the breaker says it", { WELL, .vain = 2,
	    .vain_since = AT(14, 2), .breaker_open = true,
	    .breaker_streak = 3, .breaker_code = 4 }, VERDICT_TRIPPED,
	  "Likely the post office or importer, not the mail: 3 in a row, "
	  "code 4", "Not the mail: 3 in a row code 4" },
	{ "moves", { WELL, .moves = 2, .moves_from = "queue",
	    .moves_to = "failed", .moves_why = "Input/output error" },
	  VERDICT_MOVES, "2 files cannot be moved, queue/ to failed/: "
	  "Input/output error", "2 files cannot be moved" },
	{ "lost", { WELL, .lost = 1, .lost_at = AT(14, 2) }, VERDICT_MOVES,
	  "1 message lost its file, at 14:02: see ccmq check",
	  "1 lost its file" },
	{ "blocked", { WELL, .hand_id = 1042, .hand_since = NOW - 12000,
	    .hand_count = 1, .hand_limit_ms = 120000, .usual_ms = 400,
	    .waiting = 22 }, VERDICT_BLOCKED, "#1042 in the importer for "
	  "12 s, usual 0.4 s; 22 wait behind it", "#1042 for 12 s; 22 wait" },
	{ "a batch that is answered is not blocked", { WELL, .hand_id = 1042,
	    .hand_since = NOW - 12000, .answer_at = NOW - 4000,
	    .hand_count = 8, .usual_ms = 400, .waiting = 22 }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "blocked, and quick as a rule", { WELL, .hand_id = 1042,
	    .hand_since = NOW - 12000, .hand_count = 1, .hand_limit_ms = 120000,
	    .usual_ms = 30, .waiting = 22 }, VERDICT_BLOCKED, "#1042 in the importer for "
	  "12 s, usual under 0.1 s; 22 wait behind it", "#1042 for 12 s; 22 wait" },
	{ "slow as usual", { WELL, .hand_id = 1042, .hand_since = NOW - 12000,
	    .hand_count = 1, .usual_ms = 2400, .waiting = 22 }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "waiting", { WELL, .due = 40, .due_since = AT(13, 50) },
	  VERDICT_WAITING, "Nothing moves since 14:02: 40 are due. a says "
	  "what is known", "Nothing moves since 14:02: 40 due" },
	{ "waiting, all fail", { WELL, .due = 1, .due_since = AT(14, 3),
	    .answer_at = NOW }, VERDICT_WAITING, "None is imported since "
	  "14:03: 1 is due, and the importer answers", NULL },
	{ "held, nobody waits for that", { WELL, .due = 40, .held = true,
	    .hold_by = "mlopez", .due_since = AT(13, 50) }, VERDICT_HELD,
	  "Held by mlopez. Imports nothing", NULL },
	{ "due for less than four scans", { WELL, .due = 40,
	    .due_since = NOW - 60000 }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "job", { WELL, .job_by = "mlopez", .job_verb = "retry",
	    .job_done = 6, .job_total = 1165,
	    .job_why = "3 failed again, code 5" }, VERDICT_JOB,
	  "mlopez's retry paused after 6 of 1,165: 3 failed again, code 5",
	  "mlopez's retry paused by itself" },
	{ "doubtful", { WELL, .doubtful = 3, .doubtful_at = AT(2, 10),
	    .doubtful_why = "ccmqd was killed" }, VERDICT_DOUBTFUL,
	  "ccmqd was killed at 02:10: 3 may have been delivered already",
	  "3 may have been delivered" },
	{ "doubtful, for several reasons", { WELL, .doubtful = 1,
	    .doubtful_at = AT(2, 10) }, VERDICT_DOUBTFUL,
	  "1 may have been delivered already, newest 02:10", NULL },
	{ "wal", { WELL, .wal_bytes = 136 * M, .wal_pid = 4711,
	    .wal_program = "sqlite3" }, VERDICT_WAL, "A reader (pid 4711, "
	  "sqlite3) keeps the history from shrinking: 136M",
	  "The history's WAL is 136M" },
	{ "64M are no WAL", { WELL, .wal_bytes = 64 * M }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "busy", { WELL, .due = 1204, .due_since = AT(13, 50),
	    .last_import_at = NOW, .imported_per_minute = 95 }, VERDICT_BUSY,
	  "1,204 are due, oldest since 13:50; 95/m are imported",
	  "1,204 due, oldest 13:50" },
	{ "suspects", { WELL, .suspects = 10 }, VERDICT_SUSPECTS,
	  "10 suspects can go back now: r on their cause",
	  "10 suspects can go back now" },
	{ "failed", { WELL, .failed = 9, .failed_at = AT(14, 2) },
	  VERDICT_FAILED, "Nothing urgent: 9 failed wait for you, "
	  "newest 14:02", "9 failed wait for you" },
	{ "one failed", { WELL, .failed = 1, .failed_at = AT(14, 2) },
	  VERDICT_FAILED, "Nothing urgent: 1 failed waits for you, "
	  "since 14:02", NULL },
	{ "tripped, not by one result", { WELL, .breaker_open = true,
	    .breaker_streak = 7, .breaker_class = CLASS_UNAVAILABLE,
	    .breaker_code = 2, .breaker_mixed = true }, VERDICT_TRIPPED,
	  "Likely the post office or importer, not the mail: 7 in a row, "
	  "unavailable", NULL },
	{ "tripped, and the tests ended otherwise", { WELL,
	    .breaker_open = true, .breaker_streak = 11, .breaker_code = 1,
	    .breaker_class = CLASS_REJECTED, .breaker_mixed = true,
	    .breaker_classes = true }, VERDICT_TRIPPED,
	  "Likely the post office or importer, not the mail: 11 in a row",
	  "Not the mail: 11 in a row" },
	{ "somebody has it", { WELL, .failed = 9, .failed_at = AT(14, 2),
	    .again_id = 1042, .again_at = AT(13, 58), .again_times = 2,
	    .mine[VERDICT_BACK_AGAIN] = "mlopez" }, VERDICT_BACK_AGAIN,
	  "#1042 failed again after a retry, for the 2nd time "
	  "(mlopez has it)", "#1042 failed again" },
	{ "somebody has it, a milder one is nobody's", { WELL, .suspects = 2,
	    .again_id = 1042, .again_at = AT(13, 58), .again_times = 2,
	    .mine[VERDICT_BACK_AGAIN] = "mlopez" }, VERDICT_SUSPECTS,
	  "2 suspects can go back now: r on their cause", NULL },
	{ "silent", { WELL, .last_sign_at = NOW - 4 * CLOCK_MINUTE - 59000 },
	  VERDICT_SILENT, "Connector runs, but no sign of life for 4 min",
	  "No sign of life for 4 min" },
	{ "silent after a minute", { WELL, .last_sign_at = NOW - CLOCK_MINUTE },
	  VERDICT_SILENT, "Connector runs, but no sign of life for 1 min",
	  "No sign of life for 1 min" },
	{ "not silent for 59 s", { WELL, .last_sign_at = NOW - 59999 },
	  VERDICT_OK, "All well: last import 14:02", NULL },
	{ "slow scans, two missed", { WELL, .scan_interval_ms = CLOCK_HOUR,
	    .last_sign_at = NOW - 3 * CLOCK_HOUR + 1 }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "slow scans, three missed", { WELL, .scan_interval_ms = CLOCK_HOUR,
	    .last_sign_at = NOW - 3 * CLOCK_HOUR }, VERDICT_SILENT,
	  "Connector runs, but no sign of life for 3 h", NULL },
	{ "tripped", { WELL, .breaker_open = true, .breaker_streak = 15,
	    .breaker_class = CLASS_REJECTED, .breaker_code = 1 },
	  VERDICT_TRIPPED, "Likely the post office or importer, not the mail: "
	  "15 in a row, code 1", "Not the mail: 15 in a row code 1" },
	{ "tripped, signal", { WELL, .breaker_open = true,
	    .breaker_streak = 10, .breaker_class = CLASS_CRASHED,
	    .breaker_signal = 11 }, VERDICT_TRIPPED,
	  "Likely the post office or importer, not the mail: "
	  "10 in a row, signal 11", "Not the mail: 10 in a row signal 11" },
	{ "tripped, no code", { WELL, .breaker_open = true,
	    .breaker_streak = 3, .breaker_class = CLASS_UNAVAILABLE },
	  VERDICT_TRIPPED, "Likely the post office or importer, not the mail: "
	  "3 in a row, unavailable", NULL },
	{ "held", { WELL, .held = true, .hold_by = "jgrewal",
	    .hold_reason = "post office maintenance",
	    .hold_until = AT(14, 10) + INT64_C(13) * CLOCK_HOUR +
		50 * CLOCK_MINUTE }, VERDICT_HELD,
	  "Held by jgrewal until Wed 04:00: post office maintenance. "
	  "Imports nothing", "Held by jgrewal until Wed 04:00" },
	{ "held, today", { WELL, .held = true, .hold_by = "jgrewal",
	    .hold_reason = "post office maintenance",
	    .hold_until = AT(16, 0) }, VERDICT_HELD,
	  "Held by jgrewal until 16:00: post office maintenance. "
	  "Imports nothing", "Held by jgrewal until 16:00" },
	{ "held, for good, no reason", { WELL, .held = true,
	    .hold_by = "a-rather-long-name" }, VERDICT_HELD,
	  "Held by a-rather->. Imports nothing", NULL },
	{ "held, long hostile reason", { WELL, .held = true,
	    .hold_by = "mlopez", .hold_reason = "\x1b[2J the post office "
	    "is being moved to another building by some people" },
	  VERDICT_HELD, "Held by mlopez: \\x1b[2J the post office is being "
	  "moved t>. Imports nothing", NULL },
	{ "draining", { WELL, .draining = true, .hold_by = "mlopez",
	    .hold_reason = "move" }, VERDICT_HELD,
	  "Drain by mlopez: move. Takes nothing in", NULL },
	{ "backlog", { WELL, .submit_waiting = 214,
	    .submit_oldest_ms = 40 * CLOCK_MINUTE }, VERDICT_BACKLOG,
	  "214 files in submit/ not taken in, oldest 40 min",
	  "214 files wait in submit/" },
	{ "four scans are no backlog", { WELL, .submit_waiting = 214,
	    .submit_oldest_ms = 60000 }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "backlog, one, uncounted", { WELL, .submit_waiting = 1,
	    .submit_more = true, .submit_oldest_ms = 60001 },
	  VERDICT_BACKLOG, "1+ files in submit/ not taken in, oldest 60 s",
	  NULL },
	{ "stuck", { WELL, .hand_id = 1042, .hand_since = AT(14, 1),
	    .hand_limit_ms = 2 * CLOCK_MINUTE }, VERDICT_STUCK,
	  "#1042 in the importer since 14:01, limit 2 min",
	  "#1042 runs since 14:01" },
	{ "within its limit", { WELL, .hand_id = 1042,
	    .hand_since = NOW - 2 * CLOCK_MINUTE,
	    .hand_limit_ms = 2 * CLOCK_MINUTE }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "leftover", { WELL, .foreign_files = 2 }, VERDICT_LEFTOVER,
	  "2 foreign files in import/", "2 foreign files in import/" },
	{ "one left over", { WELL, .foreign_files = 1 }, VERDICT_LEFTOVER,
	  "1 foreign file in import/", NULL },
	{ "storm", { WELL, .storm_count = 1187, .storm_from = AT(13, 52),
	    .storm_to = AT(14, 9), .storm_reason = "Unknown Date Format" },
	  VERDICT_STORM, "1,187 failed from 13:52 to 14:09 for one reason: "
	  "Unknown Date Format", "1,187 failed for one reason" },
	{ "19 are no storm", { WELL, .storm_count = 19,
	    .storm_to = AT(14, 9) }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "a storm is over after an hour", { WELL, .storm_count = 1187,
	    .storm_to = AT(13, 9) }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ "back again", { WELL, .again_id = 1042, .again_at = AT(13, 58),
	    .again_times = 2, .rest_flows = true }, VERDICT_BACK_AGAIN,
	  "#1042 failed again after a retry, for the 2nd time. "
	  "Everything else flows", "#1042 failed again" },
	{ "back again, once", { WELL, .again_id = 1042,
	    .again_at = AT(13, 58), .again_times = 1 }, VERDICT_BACK_AGAIN,
	  "#1042 failed again after a retry", NULL },
	{ "back again, often", { WELL, .again_id = 1042,
	    .again_at = AT(13, 58), .again_times = 13 }, VERDICT_BACK_AGAIN,
	  "#1042 failed again after a retry, for the 13th time", NULL },
	{ "back again, yesterday", { WELL, .again_id = 1042,
	    .again_at = NOW - CLOCK_DAY, .again_times = 3 }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
	{ ".und", { WELL, .und_growth_per_hour = 2202010,
	    .disk_full_in_ms = 19 * CLOCK_HOUR }, VERDICT_UND,
	  ".und grows 2.1M/h; disk full in 19 h at this rate",
	  ".und: disk full in 19 h" },
	{ ".und, two days left", { WELL, .und_growth_per_hour = 2202010,
	    .disk_full_in_ms = 48 * CLOCK_HOUR }, VERDICT_OK,
	  "All well: last import 14:02", NULL },
};

/* The worst, and how many more. */
static void
judge(const struct verdict_facts *f, struct verdict *out)
{
	enum verdict_kind all[VERDICT_COUNT];
	unsigned n = verdict_all(f, all);

	verdict_say(f, all[0], out);
	out->more = n - 1;
}

static void
rows(void **state)
{
	struct verdict v;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		judge(&cases[i].facts, &v);
		if (v.kind != cases[i].kind)
			print_message("case: %s\n", cases[i].name);
		assert_int_equal(v.kind, cases[i].kind);
		assert_string_equal(v.text, cases[i].text);
		if (cases[i].brief)
			assert_string_equal(v.brief, cases[i].brief);
		assert_true(width_text(v.text) <= VERDICT_COLUMNS);
		assert_true(width_text(v.brief) <= VERDICT_BRIEF_COLUMNS);
	}
}

/* Makes each row true, and no other that was not. */
static void
make(enum verdict_kind kind, struct verdict_facts *f)
{
	switch (kind) {
	case VERDICT_REPLACED: f->replaced_at = AT(14, 2); break;
	case VERDICT_STORE: f->write_error = "history: disk I/O error"; break;
	case VERDICT_DISK: f->disk_free_bytes = 241 * M; break;
	case VERDICT_STOPPED: f->running = false; break;
	case VERDICT_SILENT: f->last_sign_at = AT(13, 10); break;
	case VERDICT_RESTARTS:
		f->bad_ends = 14;
		f->bad_ends_from = AT(13, 58);
		f->bad_end_why = "killed by signal 9";
		break;
	case VERDICT_TRIPPED:
		f->breaker_open = true;
		f->breaker_streak = 9142;
		f->breaker_code = 255;
		break;
	case VERDICT_LOOP:
		f->loop_tries = 10420;
		f->loop_name = "Msg4F2C.ccm";
		f->loop_id = 1042;
		f->loop_since = AT(1, 12) - CLOCK_DAY;
		break;
	case VERDICT_PATH:
		f->path_at = AT(2, 40);
		f->path_code = 3;
		f->path_words = "not configured";
		break;
	case VERDICT_LANE:
		f->lane = 16;
		f->lane_id = 1042;
		f->lane_pid = 4194304;
		f->lane_since = AT(14, 2);
		break;
	case VERDICT_MOVES:
		f->moves = 204200;
		f->moves_from = "quarantine";
		f->moves_to = "failed";
		f->moves_why = "Input/output error";
		break;
	case VERDICT_STUCK:
		f->hand_id = 1042;
		f->hand_since = AT(14, 1) - CLOCK_DAY;
		f->hand_limit_ms = CLOCK_HOUR;
		break;
	case VERDICT_BLOCKED:
		f->hand_id = 1042;
		f->hand_since = NOW - 300000;
		f->hand_count = 32;
		f->usual_ms = 400;
		f->waiting = 123456;
		break;
	case VERDICT_WAITING:
		f->due = 123456;
		f->due_since = AT(14, 0);
		break;
	case VERDICT_UND:
		f->und_growth_per_hour = 2202010;
		f->disk_full_in_ms = 19 * CLOCK_HOUR;
		break;
	case VERDICT_BACKLOG:
		f->submit_waiting = 10000;
		f->submit_more = true;
		f->submit_oldest_ms = 40 * CLOCK_MINUTE;
		break;
	case VERDICT_LEFTOVER:
		f->foreign_files = 2;
		f->foreign_names = "old.und, X.TMP";
		break;
	case VERDICT_HELD:
		f->held = true;
		f->hold_by = "jgrewal";
		f->hold_reason = "post office maintenance";
		break;
	case VERDICT_JOB:
		f->job_total = 1165;
		f->job_done = 156;
		f->job_by = "mlopez";
		f->job_verb = "quarantine";
		f->job_why = "3 failed again, code 5";
		break;
	case VERDICT_STORM:
		f->storm_count = 118700;
		f->storm_from = AT(13, 52);
		f->storm_to = AT(14, 9);
		f->storm_reason = "Unknown Date Format";
		break;
	case VERDICT_DOUBTFUL:
		f->doubtful = 3142;
		f->doubtful_at = AT(2, 10) - CLOCK_DAY;
		f->doubtful_why = "The importer timed out";
		break;
	case VERDICT_BACK_AGAIN:
		f->again_id = 1042;
		f->again_at = AT(13, 58);
		f->again_times = 12;
		f->rest_flows = true;
		break;
	case VERDICT_WAL:
		f->wal_bytes = 1360 * M;
		f->wal_pid = 4194304;
		f->wal_program = "python3.11";
		break;
	case VERDICT_BUSY:
		f->due = 123456;
		f->due_since = AT(13, 50) - CLOCK_DAY;
		f->last_import_at = NOW;
		f->imported_per_minute = 9500;
		break;
	case VERDICT_SUSPECTS: f->suspects = 1000; break;
	case VERDICT_FAILED:
		f->failed = 9420;
		f->failed_at = AT(14, 2) - CLOCK_DAY;
		break;
	case VERDICT_OK:
	case VERDICT_COUNT: break;
	}
}

/* They cannot both be true. */
static const enum verdict_kind never[][2] = {
	{ VERDICT_STOPPED, VERDICT_SILENT },
	{ VERDICT_TRIPPED, VERDICT_SUSPECTS },
	{ VERDICT_STUCK, VERDICT_BLOCKED },
	{ VERDICT_WAITING, VERDICT_HELD },
	{ VERDICT_WAITING, VERDICT_BUSY },
};

static bool
can_be_both(enum verdict_kind a, enum verdict_kind b)
{
	for (size_t i = 0; i < COUNT(never); i++)
		if (never[i][0] == a && never[i][1] == b)
			return false;
	return true;
}

/* Of two that are true the higher one is shown, and one more leads to the
 * other. */
static void
pairs(void **state)
{
	enum verdict_kind all[VERDICT_COUNT];
	struct verdict v;

	(void)state;
	for (int a = 0; a < VERDICT_OK; a++)
		for (int b = a + 1; b < VERDICT_OK; b++) {
			struct verdict_facts f = { WELL };
			bool both = can_be_both((enum verdict_kind)a,
				(enum verdict_kind)b);

			make((enum verdict_kind)a, &f);
			make((enum verdict_kind)b, &f);
			judge(&f, &v);
			if (!both) {
				assert_int_equal(v.more, 0);
				continue;
			}
			if (v.kind != (enum verdict_kind)a || v.more != 1)
				print_message("%s and %s\n", verdict_word(
					(enum verdict_kind)a), verdict_word(
					(enum verdict_kind)b));
			assert_int_equal(v.kind, a);
			assert_int_equal(v.more, 1);
			assert_int_equal(verdict_all(&f, all), 2);
			assert_int_equal(all[1], b);
		}
}

/* Whose message or cause somebody has in hand ranks just above FAILED. */
static void
in_hand(void **state)
{
	enum verdict_kind all[VERDICT_COUNT];

	(void)state;
	for (int a = 0; a < VERDICT_FAILED; a++) {
		struct verdict_facts f = { WELL };

		f.mine[a] = "mlopez";
		make((enum verdict_kind)a, &f);
		if (a != VERDICT_TRIPPED && a != VERDICT_SUSPECTS)
			make(VERDICT_SUSPECTS, &f);
		make(VERDICT_FAILED, &f);
		assert_true(verdict_all(&f, all) >= 2);
		assert_int_equal(all[verdict_all(&f, all) - 2], a);
		assert_int_equal(all[verdict_all(&f, all) - 1],
			VERDICT_FAILED);
	}
}

/* Ids are written #1042 and nothing else has a #; all is whole in its room. */
static void
check_sentence(const char *text, size_t columns, bool whole)
{
	const char *p = text;

	if (whole && text[strlen(text) - 1] == '>')
		print_message("cut: %s\n", text);
	assert_true(!whole || text[strlen(text) - 1] != '>');
	assert_true(width_text(text) <= columns);
	assert_true(*text && text[strlen(text) - 1] != '.');
	for (p = strstr(text, "1042"); p; p = strstr(p + 1, "1042"))
		assert_true(p > text && p[-1] == '#' && p[4] != '0');
	for (p = strchr(text, '#'); p; p = strchr(p + 1, '#'))
		assert_memory_equal(p, "#1042", 5);
	sentence_check(text);
}

/* Of everything one, but of what has to be more. */
static void
make_one(struct verdict_facts *f)
{
	uint64_t *counts[] = { &f->due, &f->waiting, &f->doubtful,
		&f->suspects, &f->failed, &f->submit_waiting };

	for (size_t i = 0; i < COUNT(counts); i++)
		*counts[i] = *counts[i] > 0;
	f->moves = f->moves > 0;
	f->foreign_files = f->foreign_files > 0;
	f->hand_count = f->hand_count > 0;
	f->submit_more = false;
	f->foreign_names = f->foreign_names ? "old.und" : NULL;
}

static void
sentences(void **state)
{
	struct verdict v;

	(void)state;
	for (int kind = 0; kind <= VERDICT_OK; kind++) {
		struct verdict_facts f = { WELL };

		make((enum verdict_kind)kind, &f);
		judge(&f, &v);
		assert_int_equal(v.kind, kind);
		print_message("# %-10s %s%s\n# %10s   %s\n",
			verdict_word(v.kind), verdict_sign(v.severity),
			v.text, "", v.brief);
		check_sentence(v.text, VERDICT_COLUMNS, true);
		check_sentence(v.brief, VERDICT_BRIEF_COLUMNS, true);
		f.watches = true;
		verdict_say(&f, (enum verdict_kind)kind, &v);
		print_message("# %10s   %s\n# %10s   %s\n", "watched",
			v.text, "", v.brief);
		check_sentence(v.text, VERDICT_COLUMNS, true);
		check_sentence(v.brief, VERDICT_BRIEF_COLUMNS, true);
		f.watches = false;
		make_one(&f);
		verdict_say(&f, (enum verdict_kind)kind, &v);
		print_message("# %10s   %s\n# %10s   %s\n", "of one", v.text,
			"", v.brief);
		check_sentence(v.text, VERDICT_COLUMNS, true);
		check_sentence(v.brief, VERDICT_BRIEF_COLUMNS, true);
	}
}

/* Whatever ccmqd holds itself for until a check, is said whole. */
static void
why_a_check(void **state)
{
	static const char *const whys[] = {
		"it is not known what a failed write left on disk: run ccmq "
			"check",
		"an old history was restored: run ccmq check --repair",
		"the files of ten messages in a row are gone: run ccmq check",
		"ten messages in a row had lost their files: run ccmq check",
		"the history is being made anew (if cut off: ccmq check "
			"--rebuild)",
		NULL,
	};
	struct verdict_facts f = { WELL, .needs_check = true };
	struct verdict v;

	(void)state;
	for (size_t i = 0; i < COUNT(whys); i++) {
		f.check_why = whys[i];
		judge(&f, &v);
		assert_int_equal(v.kind, VERDICT_STORE);
		check_sentence(v.text, VERDICT_COLUMNS, true);
		check_sentence(v.brief, VERDICT_BRIEF_COLUMNS, true);
	}
}

/* The order and the signs are CONSOLE's. */
static void
words(void **state)
{
	static const char order[] = "!!replaced !!store !!disk !!stopped "
		"!!silent !!restarts !!tripped !!loop !!path !!lane !!moves "
		"! stuck ! blocked ! waiting ! und ! backlog ! leftover "
		"! held ! job ! storm ! doubtful ! back_again ! wal   busy "
		"  suspects   failed   ok ";
	enum verdict_kind kind;
	char all[1000] = "";

	(void)state;
	for (int i = 0; i < VERDICT_COUNT; i++) {
		struct verdict_facts f = { WELL };
		struct verdict v;

		make((enum verdict_kind)i, &f);
		verdict_say(&f, (enum verdict_kind)i, &v);
		strcat(all, verdict_sign(v.severity));
		strcat(all, verdict_word((enum verdict_kind)i));
		strcat(all, " ");
	}
	assert_string_equal(all, order);
	for (int i = 0; i < VERDICT_COUNT; i++) {
		assert_true(verdict_parse(verdict_word((enum verdict_kind)i),
			&kind));
		assert_int_equal(kind, i);
	}
	assert_true(verdict_parse("BACK AGAIN", &kind));
	assert_int_equal(kind, VERDICT_BACK_AGAIN);
	assert_false(verdict_parse("back", &kind));
	assert_string_equal(verdict_severity_word(VERDICT_ACT), "act");
}

static void
what_a_opens(void **state)
{
	struct verdict_facts f = { WELL, .foreign_files = 1 };
	struct verdict v;

	(void)state;
	judge(&f, &v);
	assert_int_equal(v.opens, VERDICT_OPENS_LOG);
	assert_int_equal(v.severity, VERDICT_LOOK);
	assert_string_equal(verdict_sign(v.severity), "! ");
	assert_int_equal(v.opens_id, 0);
	f.again_id = 1042;
	f.again_at = NOW;
	f.foreign_files = 0;
	judge(&f, &v);
	assert_int_equal(v.opens, VERDICT_OPENS_MESSAGE);
	assert_int_equal(v.opens_id, 1042);
	assert_string_equal(verdict_word(v.kind), "back_again");
	assert_string_equal(verdict_word(VERDICT_OK), "ok");
	f.breaker_open = true;
	judge(&f, &v);
	assert_int_equal(v.opens, VERDICT_OPENS_FAILED);
	assert_int_equal(v.opens_id, 0);
	assert_string_equal(verdict_sign(v.severity), "!!");
}

/* Foreign texts of any length and kind keep the sentence within its row. */
static void
hostile_texts(void **state)
{
	struct verdict_facts f = { WELL, .held = true };
	char reason[4096];
	struct verdict v;

	(void)state;
	f.hold_reason = f.hold_by = reason;
	for (size_t n = 0; n < sizeof reason; n += 61) {
		for (size_t i = 0; i < n; i++)
			reason[i] = "\xE4\xB8\xAD\xCC\x81\x1b\xFF" [i % 7];
		reason[n] = '\0';
		judge(&f, &v);
		assert_true(width_text(v.text) <= VERDICT_COLUMNS);
		assert_null(strchr(v.text, '\x1b'));
	}
}

static void
columns(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(width_text("Gr\xC3\xBC\xC3\x9F"), 4);
	assert_int_equal(width_text("\xE4\xB8\xAD\xE6\x96\x87"), 4);
	assert_int_equal(width_text("e\xCC\x81"), 1);
	assert_string_equal(width_cut(out, 64, "budget", 6), "budget");
	assert_string_equal(width_cut(out, 64, "budget", 5), "budg>");
	assert_string_equal(width_cut(out, 64, "budget", 1), ">");
	assert_string_equal(width_cut(out, 64, "budget", 0), "");
	assert_string_equal(width_cut(out, 64, "\xE4\xB8\xAD\xE6\x96\x87", 3),
		"\xE4\xB8\xAD>");
	assert_string_equal(width_cut(out, 64, "abe\xCC\x81""c", 3), "ab>");
	assert_string_equal(width_cut(out, 4, "budget", 6), "bu>");
	assert_string_equal(width_cut(out, 1, "budget", 6), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows),
		cmocka_unit_test(pairs),
		cmocka_unit_test(in_hand),
		cmocka_unit_test(sentences),
		cmocka_unit_test(why_a_check),
		cmocka_unit_test(words),
		cmocka_unit_test(what_a_opens),
		cmocka_unit_test(hostile_texts),
		cmocka_unit_test(columns),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
