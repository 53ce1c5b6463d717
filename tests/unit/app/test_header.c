/* SPDX-License-Identifier: ISC */
/* Tests of header: the rows as they were drawn first, and what
 * they become with long names, huge numbers and narrow screens. */
#include "unit/unit.h"
#include "base/clock.h"
#include "app/header.h"
#include "base/width.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Midnight of a Tuesday, in CET. */
#define DAY INT64_C(1795474800000)
#define AT(hours, minutes) \
	(DAY + (hours) * CLOCK_HOUR + (minutes) * CLOCK_MINUTE)
#define NIGHT AT(3, 2)
#define M (INT64_C(1) << 20)

#pragma GCC diagnostic ignored "-Woverride-init"
#define NEVER HISTORY_NO_TIME
#define ROW .breaker_at = NEVER, .probe_at = NEVER, .hold_at = NEVER, \
	.hold_until = NEVER, .ended_at = NEVER, .last_import_at = AT(2, 41), \
	.clean_end = true
#define STATUS .host = "hq-mail01", .disk_free = 4198 * M, \
	.und_bytes = 18842 * 1024, .last_sign_at = NEVER, \
	.last_minute = { .arrived = 57 }, \
	.counts = { .n = { [STATE_QUEUED] = 1204, [STATE_FAILED] = 42, \
		[STATE_QUARANTINED] = 4 } }, \
	.verdict = { .severity = VERDICT_WELL, .text = "All well: last import " \
		"02:41", .brief = "All well: last import 02:41" }
#define TRIPPED .verdict = { .severity = VERDICT_ACT, \
		.text = "Likely the post office or importer, not the mail: " \
			"15 in a row, code 1", \
		.brief = "Not the mail: 15 in a row code 1" }, \
	.connector = STATUS_TRIPPED, \
	.row = { ROW, .breaker_open = true, .breaker_at = AT(2, 44), \
		.probe_at = AT(3, 14) }

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
struct other {
	const char *names[4];
	size_t views;			/* 0: six */
	int64_t as_it_was_at;
	enum alarm_level queue, failed;
};

static const struct {
	const char *name;
	struct status status;
	const char *store;		/* NULL: the default */
	bool read_only;
	struct other others;
	int rows, columns;
	size_t view;
	const char *text[HEADER_ROWS];	/* NULL: not compared */
} cases[] = {
	{ "tripped", { STATUS, TRIPPED }, NULL, false, { { "mlopez" } }, 4, 80,
	  1, {
"hq-mail01  !! TRIPPED since 02:44, tests again 03:14  also on: mlopez  03:02 CET",
"!! Likely the post office or importer, not the mail: 15 in a row, code 1. a look",
"in 57/min  imported 0/min   failed 0/min  queue +57/min  last 02:41  disk 4.1G",
"1 Queue 1,204  [2 Failed 42]  3 Quarantine 4  4 Trash 0  5 .und 18.4M  6 Log" } },
	{ "tripped, 40x12", { STATUS, TRIPPED }, NULL, false,
	  { { "mlopez" } }, 3, 40, 1, {
"hq-mail01 !! TRIPPED since 02:44   03:02",
"!! Not the mail: 15 in a row code 1.  a",
"1 Queue 1,204 [2 Failed 42]  last 02:41" } },
	{ "running", { STATUS, .row = { ROW } }, NULL, false,
	  { { "mlopez" } }, 4, 80, 0, {
"hq-mail01  running                                    also on: mlopez  03:02 CET",
"   All well: last import 02:41",
"in 57/min  imported 0/min   failed 0/min  queue +57/min  last 02:41  disk 4.1G",
"[1 Queue 1,204]  2 Failed 42  3 Quarantine 4  4 Trash 0  5 .und 18.4M  6 Log" } },
	{ "three rows", { STATUS, .row = { ROW } }, NULL, false,
	  { { NULL } }, 3, 80, 1, {
"hq-mail01  running                                                     03:02 CET",
"   All well: last import 02:41",
"1 Queue 1,204  [2 Failed 42]  3 Quarantine 4  4 Trash 0  5 .und 18.4M  6 Log" } },
	{ "no more than 80 columns, and meters", { STATUS, .row = { ROW },
	    .disk_size = 12000 * M }, NULL, false, { { NULL } }, 4, 132, 1, {
"hq-mail01  running                                                     03:02 CET",
NULL,
"in 57/min  imported 0/min   failed 0/min  queue +57/min  last 02:41  disk 4.1G"
" [########....] queue [######......] peak 2,408" } },
	{ "one meter at 100 columns", { STATUS, .row = { ROW },
	    .disk_size = 12000 * M }, NULL, false, { { NULL } }, 4, 100, 1, {
NULL, NULL,
"in 57/min  imported 0/min   failed 0/min  queue +57/min  last 02:41  disk 4.1G"
" [###.]" } },
	{ "no meters at 99 columns", { STATUS, .row = { ROW },
	    .disk_size = 12000 * M }, NULL, false, { { NULL } }, 4, 99, 1, {
NULL, NULL,
"in 57/min  imported 0/min   failed 0/min  queue +57/min  last 02:41  disk 4.1G"
 } },
	{ "stopped", { STATUS, .connector = STATUS_STOPPED,
	    .row = { ROW, .ended_at = AT(2, 10) } }, NULL, false, { { NULL } },
	  4, 80, 0, {
"hq-mail01  !! STOPPED since 02:10                                      03:02 CET" } },
	{ "stopped, killed yesterday", { STATUS, .connector = STATUS_STOPPED,
	    .last_sign_at = AT(-2, 30), .row = { ROW, .clean_end = false,
		.hold = true } }, NULL, false, { { NULL } }, 4, 80, 0, {
"hq-mail01  !! STOPPED since Mon 22:30, and held                        03:02 CET" } },
	{ "stopped, never ran", { STATUS, .connector = STATUS_STOPPED,
	    .row = { ROW } }, NULL, false, { { NULL } }, 4, 80, 0, {
"hq-mail01  !! STOPPED                                                  03:02 CET" } },
	{ "held", { STATUS, .connector = STATUS_HELD, .row = { ROW,
		.hold = true, .hold_at = AT(2, 0), .hold_until = AT(4, 0) } },
	  NULL, false, { { NULL } }, 4, 80, 0, {
"hq-mail01  !  HELD since 02:00 until 04:00                             03:02 CET" } },
	{ "held for good", { STATUS, .connector = STATUS_HELD, .row = { ROW,
		.hold = true, .hold_at = AT(-100, 0) } }, NULL, false,
	  { { NULL } }, 4, 80, 0, {
"hq-mail01  !  HELD since Thu 20:00                                     03:02 CET" } },
	{ "draining", { STATUS, .connector = STATUS_DRAINING, .row = { ROW,
		.drain = true, .hold_at = AT(2, 0) } }, NULL, false,
	  { { NULL } }, 4, 80, 0, {
"hq-mail01  !  DRAINING since 02:00                                     03:02 CET" } },
	{ "tripped, a test is due", { STATUS, TRIPPED,
	    .row = { ROW, .breaker_at = AT(2, 44), .probe_at = AT(3, 2) } },
	  NULL, false, { { NULL } }, 4, 80, 0, {
"hq-mail01  !! TRIPPED since 02:44, tests now                           03:02 CET" } },
	{ "tripped and held", { STATUS, TRIPPED, .row = { ROW, .hold = true,
		.breaker_at = AT(2, 44), .probe_at = AT(3, 2) } },
	  NULL, false, { { NULL } }, 4, 80, 0, {
"hq-mail01  !! TRIPPED since 02:44, and held                            03:02 CET" } },
	{ "read-only", { STATUS, .row = { ROW } }, NULL, true,
	  { { "mlopez" } }, 4, 80, 0, {
"hq-mail01  running                         READ-ONLY  also on: mlopez  03:02 CET" } },
	{ "read-only, 40x12", { STATUS, TRIPPED }, NULL, true,
	  { { "mlopez" } }, 3, 40, 0, {
"hq-mail01 !! TRIPPED     READ-ONLY 03:02" } },
	{ "read-only, 40x12, long name of host", { STATUS, TRIPPED,
	    .host = "mail-gateway-17.example" }, NULL, true,
	  { { "mlopez" } }, 3, 40, 0, {
"mail-gateway> !! TRIPPED READ-ONLY 03:02" } },
	{ "another store", { STATUS, .row = { ROW } }, "/srv/ccmq-test", false,
	  { { "mlopez" } }, 4, 80, 0, {
"hq-mail01 (/srv/ccmq-test)  running                   also on: mlopez  03:02 CET" } },
	{ "another store, tripped", { STATUS, TRIPPED }, "/srv/ccmq-test",
	  false, { { NULL } }, 4, 80, 0, {
"hq-mail01 (/srv/ccmq-test)  !! TRIPPED since 02:44, tests again 03:14  03:02 CET" } },
	{ "double blanks go, then names, then the store is cut",
	  { STATUS, TRIPPED }, "/home/operator/state/ccmq/demo", false,
	  { { "mlopez" } }, 4, 80, 0, {
"hq-mail01 (</ccmq/demo) !! TRIPPED since 02:44, tests again 03:14 1 on 03:02 CET" } },
	{ "another store, 40x12", { STATUS, .row = { ROW } }, "/srv/ccmq-test",
	  false, { { NULL } }, 3, 40, 0, {
"hq-mail01 (/srv/ccmq-test) running 03:02" } },
	{ "long names, three others", { STATUS, .row = { ROW },
	    .host = "mail-gateway-17.example" }, NULL, false,
	  { { "m.lopez-garcia", "jgrewal", "ops" } }, 4, 80, 0, {
"mail-gateway->  running             also on: m.lopez-g>, jgrewal, ops  03:02 CET" } },
	{ "tripped, three others", { STATUS, TRIPPED }, NULL, false,
	  { { "mlopez", "jgrewal", "ops" } }, 4, 80, 0, {
"hq-mail01 !! TRIPPED since 02:44, tests again 03:14               3 on 03:02 CET" } },
	{ "hostile names", { STATUS, .row = { ROW }, .host = "hq\x1b[2J" },
	  NULL, false, { { "\x1b]0;x" } }, 4, 80, 0, {
"hq\\x1b[2J  running                                  also on: \\x1b]0;x  03:02 CET" } },
	{ "huge numbers", { STATUS, .row = { ROW }, .und_bytes = 999 * M,
	    .disk_free = 1023 * M * 1024, .last_minute = { .arrived = 12345,
		.imported = 99949, .failed = 12345 },
	    .counts = { .n = { [STATE_QUEUED] = 1204567,
		[STATE_FAILED] = 113456, [STATE_QUARANTINED] = 99949,
		[STATE_PURGED] = 9999 } } }, NULL, false, { { NULL } }, 4, 80,
	  1, { NULL, NULL,
"in 12.3k/m imported 99.9k/m failed 12.3k/m queue -99.9k/m last 02:41 disk 1.0T",
"1 Queue 1.20M [2 Failed 113k] 3 Quarantine 99.9k 4 Trash 9,999 5 .und 999M 6 Log" } },
	{ "three digits", { STATUS, .row = { ROW },
	    .last_minute = { .arrived = 999, .imported = 999,
		.failed = 999 } }, NULL, false, { { NULL } }, 4, 80, 0, {
NULL, NULL,
"in 999/min imported 999/min failed 999/min queue -999/min last 02:41 disk 4.1G" } },
	{ "nothing imported yet", { STATUS, .row = { ROW,
		.last_import_at = NEVER } }, NULL, false, { { NULL } }, 4, 80,
	  0, { NULL, NULL,
"in 57/min  imported 0/min   failed 0/min  queue +57/min  last -      disk 4.1G" } },
	{ "40x24", { STATUS, .row = { ROW } }, NULL, false, { { NULL } }, 4,
	  40, 3, {
"hq-mail01  running                 03:02",
"   All well: last import 02:41",
"in 57/m imp 0/m fail 0/m queue +57/m",
"1 Queue 1,204 2 Failed 42 [4 Trash 0]" } },
	{ "60x24", { STATUS, .row = { ROW } }, NULL, false, { { NULL } }, 4,
	  60, 3, { NULL, NULL,
"in 57/m imp 0/m fail 0/m queue +57/m last 02:41 disk 4.1G",
"1 Queue 1,204 2 Failed 42 3 Quar [4 Trash] 5 .und 6 Log" } },
	{ "the picture of a looping message", { STATUS, .row = { ROW },
	    .last_minute = { .arrived = 57, .imported = 95 } }, NULL, false,
	  { { NULL } }, 4, 80, 1, { NULL, NULL,
"in 57/min  imported 95/min  failed 0/min  queue -38/min  last 02:41  disk 4.1G" } },
	{ "all eight views", { STATUS, .row = { ROW } }, NULL, false,
	  { .views = 8 }, 4, 80, 1, { NULL, NULL, NULL,
"1 Queue 1,204 [2 Failed 42] 3 Quar 4 4 Trash 0 5 .und 18.4M 6 Log 7 Done 8 Work" } },
	{ "all eight, one column too many: Trash's count goes", { STATUS,
	    .row = { ROW }, .counts = { .n = { [STATE_QUEUED] = 1204,
		[STATE_FAILED] = 4200, [STATE_QUARANTINED] = 4 } } }, NULL,
	  false, { .views = 8 }, 4, 80, 1, { NULL, NULL, NULL,
"1 Queue 1,204 [2 Failed 4,200] 3 Quar 4 4 Trash 5 .und 18.4M 6 Log 7 Done 8 Work" } },
	{ "all eight, and large: counts go, in their order", { STATUS,
	    .row = { ROW }, .counts = { .n = { [STATE_QUEUED] = 99949,
		[STATE_FAILED] = 12345, [STATE_QUARANTINED] = 9999,
		[STATE_PURGED] = 9999 } } }, NULL, false, { .views = 8 }, 4,
	  80, 1, { NULL, NULL, NULL,
"1 Queue 99.9k [2 Failed 12.3k] 3 Quar 4 Trash 5 .und 18.4M 6 Log 7 Done 8 Work" } },
	{ "two more are true", { STATUS, TRIPPED, .verdict = {
	    .severity = VERDICT_ACT, .more = 2, .text = "Likely the post "
		"office or importer, not the mail: 15 in a row, code 1",
	    .brief = "Not the mail: 15 in a row code 1" } }, NULL, false,
	  { { NULL } }, 4, 80, 1, { NULL,
"!! Likely the post office or importer, not the mail: 15 in a row, code 1. a +2" } },
	{ "two more, with room", { STATUS, .row = { ROW }, .verdict = {
	    .severity = VERDICT_WELL, .more = 2, .text = "10 suspects can go "
		"back now: r on their cause" } }, NULL, false,
	  { { NULL } }, 4, 80, 1, { NULL,
"   10 suspects can go back now: r on their cause. a look +2" } },
	{ "two more, 40 columns", { STATUS, TRIPPED, .verdict = {
	    .severity = VERDICT_ACT, .more = 2, .text = "x x x x x x x x x x "
		"x x x x x x x x x x x x x x x", .brief = "9,142 in a row, "
		"code 255, and then nothing" } }, NULL, false,
	  { { NULL } }, 3, 40, 1, { NULL,
"!! 9,142 in a row, code 255, and the> +2" } },
	{ "as it was", { STATUS, .row = { ROW } }, NULL, false,
	  { .as_it_was_at = AT(2, 40) }, 4, 80, 1, {
"hq-mail01  !  AS IT WAS AT 02:40:00                                    03:02 CET",
NULL,
"in 57/min  imported 0/min   failed 0/min  queue +57/min  last 02:41" } },
	{ "40 columns, the verdict fills them", { STATUS, TRIPPED,
	    .verdict = { .severity = VERDICT_ACT, .text = "1,187 failed from "
		"13:52 to 14:09 for one reason", .brief = "1,187 failed for "
		"one reason: Unknown" } }, NULL, false, { { NULL } }, 3, 40, 1,
	  { NULL, "!! 1,187 failed for one reason: Unknown." } },
	{ "80 columns, the verdict leaves no room", { STATUS, .row = { ROW },
	    .verdict = { .severity = VERDICT_LOOK, .text = "1042 failed again "
		"after a retry, for the 2nd time. Everything else flows",
		.brief = "" } }, NULL, false, { { NULL } }, 4, 80, 1, {
NULL,
"!  1042 failed again after a retry, for the 2nd time. Everything else flows. a" } },
	{ "above limits", { STATUS, .row = { ROW } }, NULL, false,
	  { .queue = ALARM_LOOK, .failed = ALARM_ACT }, 4, 80, 1, { NULL, NULL,
NULL,
"1 Queue 1,204!  [2 Failed 42!!]  3 Quarantine 4  4 Trash 0  5 .und 18.4M  6 Log" } },
};
#define ABOVE_LIMITS (COUNT(cases) - 1)

static void
flatten(const struct header_row *row, char out[200])
{
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; i < row->count; i++) {
		const struct header_piece *p = &row->pieces[i];

		/* Pieces may come in any order, but never over each other. */
		if ((size_t)p->column + width_text(p->text) > used)
			used = (size_t)p->column + width_text(p->text);
	}
	memset(out, ' ', used);
	out[used] = '\0';
	for (size_t i = 0; i < row->count; i++)
		for (size_t k = 0; row->pieces[i].text[k]; k++) {
			char *at = &out[(size_t)row->pieces[i].column + k];

			assert_int_equal(*at, ' ');
			*at = row->pieces[i].text[k];
		}
	while (used > 0 && out[used - 1] == ' ')
		out[--used] = '\0';
}

static void
fill(size_t i, struct header_row out[HEADER_ROWS])
{
	const int64_t *n = cases[i].status.counts.n;
	const struct header_view views[] = {
		{ "Queue", NULL, HEADER_COUNT, n[STATE_QUEUED],
			cases[i].others.queue },
		{ "Failed", NULL, HEADER_COUNT, n[STATE_FAILED],
			cases[i].others.failed },
		{ "Quarantine", "Quar", HEADER_COUNT, n[STATE_QUARANTINED] },
		{ "Trash", NULL, HEADER_COUNT, n[STATE_PURGED] },
		{ ".und", NULL, HEADER_SIZE, cases[i].status.und_bytes },
		{ "Log", NULL, HEADER_NOTHING, 0 },
		{ "Done", NULL, HEADER_NOTHING, 0 },
		{ "Work", NULL, HEADER_NOTHING, 0 },
	};
	struct header_facts f = {
		.status = &cases[i].status, .store = cases[i].store,
		.store_is_default = !cases[i].store,
		.read_only = cases[i].read_only,
		.others = cases[i].others.names, .views = views,
		.view_count = cases[i].others.views ? cases[i].others.views : 6, .view = cases[i].view,
		.queue_most = 2408, .now = NIGHT, .as_it_was_at = cases[i].others.as_it_was_at,
	};

	while (f.others[f.other_count])
		f.other_count++;
	header_fill(&f, cases[i].rows, cases[i].columns, out);
}

static void
pictures(void **state)
{
	struct header_row out[HEADER_ROWS];
	char text[200];
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		fill(i, out);
		for (int k = 0; k < HEADER_ROWS; k++) {
			flatten(&out[k], text);
			assert_true(width_text(text) <=
				(size_t)cases[i].columns);
			if (!cases[i].text[k])
				continue;
			if (strcmp(text, cases[i].text[k]) == 0)
				continue;
			print_message("# %s:\n# %s\n# %s\n", cases[i].name,
				text, cases[i].text[k]);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static enum role
role_of(size_t i, int row, const char *text)
{
	struct header_row out[HEADER_ROWS];

	fill(i, out);
	for (size_t k = 0; k < out[row].count; k++)
		if (strcmp(out[row].pieces[k].text, text) == 0)
			return out[row].pieces[k].role;
	fail_msg("there is no \"%s\"", text);
	return ROLE_NORMAL;
}

static void
roles(void **state)
{
	(void)state;
	assert_int_equal(role_of(ABOVE_LIMITS, 3, "1 Queue 1,204!"),
		ROLE_LOOK);
	assert_int_equal(role_of(ABOVE_LIMITS, 3, "[2 Failed 42!!]"),
		ROLE_BAD);
	assert_int_equal(role_of(0, 0, "hq-mail01"), ROLE_HOST);
	assert_int_equal(role_of(0, 0, "!! TRIPPED since 02:44, tests again "
		"03:14"), ROLE_BAD);
	assert_int_equal(role_of(0, 1, "!! "), ROLE_BAD);
	assert_int_equal(role_of(0, 3, "[2 Failed 42]"), ROLE_HERE);
	assert_int_equal(role_of(0, 3, "4 Trash 0"), ROLE_NORMAL);
	assert_int_equal(role_of(2, 0, "running"), ROLE_GOOD);
}

static void
rows(void **state)
{
	(void)state;
	assert_int_equal(header_rows(24), 4);
	assert_int_equal(header_rows(20), 4);
	assert_int_equal(header_rows(19), 3);
	assert_int_equal(header_rows(12), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures),
		cmocka_unit_test(roles),
		cmocka_unit_test(rows),
	};

	setenv("TZ", "CET-1", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
