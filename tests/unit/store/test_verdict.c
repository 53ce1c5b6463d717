/* Tests of verdict: every row of the table, and which row wins. */
#include "unit/unit.h"
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
	{ "disk, inodes", { WELL, .disk_low = true, .disk_inodes_low = true },
	  VERDICT_DISK, "Disk has hardly any inodes left: nothing is taken "
	  "in or imported", "Disk out of inodes: all stands" },
	{ "store", { WELL, .write_error = "disk I/O error" }, VERDICT_STORE,
	  "The history cannot be written: disk I/O error",
	  "The history cannot be written" },
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
	  "moved to >. Imports nothing", NULL },
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
	  VERDICT_BACKLOG, "1+ file in submit/ not taken in, oldest 60 s",
	  NULL },
	{ "stuck", { WELL, .running_id = 1042, .running_since = AT(14, 1),
	    .running_limit_ms = 2 * CLOCK_MINUTE }, VERDICT_STUCK,
	  "1042 in the importer since 14:01, limit 2 min",
	  "1042 runs since 14:01" },
	{ "within half of its limit", { WELL, .running_id = 1042,
	    .running_since = NOW - 1 * CLOCK_MINUTE,
	    .running_limit_ms = 2 * CLOCK_MINUTE }, VERDICT_OK,
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
	  "1042 failed again after a retry, for the 2nd time. "
	  "Everything else flows", "1042 failed again" },
	{ "back again, once", { WELL, .again_id = 1042,
	    .again_at = AT(13, 58), .again_times = 1 }, VERDICT_BACK_AGAIN,
	  "1042 failed again after a retry", NULL },
	{ "back again, often", { WELL, .again_id = 1042,
	    .again_at = AT(13, 58), .again_times = 13 }, VERDICT_BACK_AGAIN,
	  "1042 failed again after a retry, for the 13th time", NULL },
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

static void
rows(void **state)
{
	struct verdict v;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		verdict_judge(&cases[i].facts, &v);
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

/* Everything is wrong; then one thing after the other is mended. */
static void
first_match_wins(void **state)
{
	struct verdict_facts f = {
		WELL, .running = false, .disk_low = true, .write_error = "x",
		.breaker_open = true, .held = true, .submit_waiting = 1,
		.submit_oldest_ms = CLOCK_HOUR, .running_id = 7,
		.running_since = 1, .running_limit_ms = 1, .foreign_files = 1,
		.storm_count = 20, .storm_from = NOW, .storm_to = NOW,
		.again_id = 8, .again_at = NOW, .again_times = 1,
		.und_growth_per_hour = 1, .disk_full_in_ms = 1,
	};
	struct verdict v;

	(void)state;
	f.last_sign_at = 1;
	for (int kind = VERDICT_STOPPED; kind < VERDICT_COUNT; kind++) {
		verdict_judge(&f, &v);
		assert_int_equal(v.kind, kind);
		f.running = true;
		f.disk_low = f.disk_low && kind < VERDICT_DISK;
		f.write_error = kind < VERDICT_STORE ? "x" : NULL;
		f.last_sign_at = kind < VERDICT_SILENT ? 1 : NOW;
		f.breaker_open = kind < VERDICT_TRIPPED;
		f.held = kind < VERDICT_HELD;
		f.submit_waiting = kind < VERDICT_BACKLOG;
		f.running_id = kind < VERDICT_STUCK ? 7 : 0;
		f.foreign_files = kind < VERDICT_LEFTOVER;
		f.storm_count = kind < VERDICT_STORM ? 20 : 0;
		f.again_id = kind < VERDICT_BACK_AGAIN ? 8 : 0;
		f.und_growth_per_hour = kind < VERDICT_UND;
	}
}

static void
what_a_opens(void **state)
{
	struct verdict_facts f = { WELL, .foreign_files = 1 };
	struct verdict v;

	(void)state;
	verdict_judge(&f, &v);
	assert_int_equal(v.opens, VERDICT_OPENS_LOG);
	assert_int_equal(v.severity, VERDICT_LOOK);
	assert_string_equal(verdict_sign(v.severity), "! ");
	assert_int_equal(v.opens_id, 0);
	f.again_id = 1042;
	f.again_at = NOW;
	f.foreign_files = 0;
	verdict_judge(&f, &v);
	assert_int_equal(v.opens, VERDICT_OPENS_MESSAGE);
	assert_int_equal(v.opens_id, 1042);
	assert_string_equal(verdict_word(v.kind), "back again");
	assert_string_equal(verdict_word(VERDICT_OK), "ok");
	f.breaker_open = true;
	verdict_judge(&f, &v);
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
		verdict_judge(&f, &v);
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
		cmocka_unit_test(first_match_wins),
		cmocka_unit_test(what_a_opens),
		cmocka_unit_test(hostile_texts),
		cmocka_unit_test(columns),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
