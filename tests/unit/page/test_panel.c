/* SPDX-License-Identifier: ISC */
/* Tests of panel: every verdict's and every event's, at 80 and 40 columns, with
 * much and with little known; the room they get; what is quoted. */
#include "unit/unit.h"
#include "base/clock.h"
#include "base/width.h"
#include "page/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Tuesday, 10 March 2026, 14:02:30 in CET. */
#define NOW INT64_C(1773147750000)
#define AT (NOW - CLOCK_HOUR)
#define MANY 9204

/* Everything is known, and much of it is wrong. */
static const struct status much = {
	.host = "hq-mail01", .disk_free = INT64_C(4200) << 20,
	.und_bytes = 18 << 20, .und_growth_per_hour = 2 << 20,
	.wal_bytes = 136 << 20, .submit_waiting = MANY,
	.counts = { .n = { MANY, 3, 20, MANY, MANY, MANY, MANY, MANY, MANY },
		.bytes = { 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20,
			1 << 20, 1 << 20 } },
	.row = { .breaker_open = true, .breaker_at = AT, .probe_at = NOW },
	.foreign_list = "old.und\nit's mine.tmp\n-rf\n\x1b[2J",
	.submit_names = "Msg1001.ccm\nMsg1002.ccm",
	.facts = {
		.now = NOW, .running = true, .pid = 4711, .stopped_at = AT,
		.ended_unclean = true, .end_why = "killed by signal 9",
		.last_sign_at = AT, .lock_holder = "ccmq 4712 mlopez",
		.replaced_at = AT, .replaced_running = true,
		.write_error = "history: disk I/O error", .write_error_at = AT,
		.needs_check = true, .check_why = "ten messages in a row had "
			"lost their files",
		.disk_min_bytes = 256 << 20, .disk_low_at = AT,
		.disk_full_in_ms = 19 * CLOCK_HOUR,
		.wal_pid = 4713, .wal_program = "sqlite3", .bad_ends = 7,
		.bad_ends_from = AT, .bad_end_why = "killed by signal 9",
		.submit_more = true, .submit_oldest_ms = CLOCK_HOUR,
		.breaker_open = true, .breaker_streak = 15, .breaker_code = 1,
		.breaker_class = CLASS_REJECTED, .last_import_at = AT,
		.loop_name = "Msg4F2C.ccm", .loop_tries = 214,
		.loop_since = AT, .path_at = AT, .path_code = 3,
		.path_words = "not configured", .lane = 1, .lane_pid = 4714,
		.lane_id = 1042, .moves = 2, .moves_from = "queue",
		.moves_to = "failed", .moves_why = "Input/output error",
		.lost = 2, .lost_at = AT, .hand_id = 1042, .hand_since = AT,
		.hand_count = 32, .hand_limit_ms = 120000, .usual_ms = 400,
		.answer_at = AT, .due = MANY, .due_since = AT,
		.imported_per_minute = 95, .foreign_files = 4,
		.foreign_names = "old.und, it's mine.tmp, -rf, ...",
		.hold_by = "jgrewal", .hold_until = NOW,
		.hold_reason = "post office maintenance", .job_by = "mlopez",
		.job_verb = "retry", .job_why = "3 failed again, code 5",
		.job_done = 6, .job_total = 1165, .storm_count = 1187,
		.storm_from = AT, .storm_to = NOW, .rest_flows = true,
		.storm_reason = "Unknown Date Format", .doubtful = 3,
		.doubtful_at = AT, .doubtful_why = "ccmqd was killed",
		.again_id = 1042, .again_at = AT, .again_times = 2,
		.suspects = 10, .failed = 42, .failed_at = AT,
	},
};

/* Next to nothing is known, and one of each. */
static const struct status little = {
	.host = "hq-mail01", .submit_waiting = 1, .foreign_list = "old.und",
	.counts = { .n = { [STATE_FAILED] = 1, [STATE_PURGED] = 1 } },
	.facts = {
		.now = NOW, .breaker_code = -1, .path_code = -1,
		.breaker_class = CLASS_UNAVAILABLE, .lane = 1, .moves = 0,
		.lost = 1, .due = 1, .doubtful = 1, .suspects = 1,
		.failed = 1, .loop_since = AT, .path_at = AT, .storm_from = AT,
		.storm_to = NOW, .doubtful_at = AT, .due_since = AT,
		.hand_since = AT, .again_at = AT, .pid = 4711,
		.foreign_names = "old.und", .job_by = "mlopez",
		.job_verb = "retry", .job_why = "3 failed again",
		.job_done = 6, .job_total = 7, .storm_reason = "code 1",
		.und_growth_per_hour = 1, .disk_full_in_ms = CLOCK_HOUR,
		.submit_oldest_ms = CLOCK_HOUR, .hand_limit_ms = 1000, .bad_ends = 3,
		.bad_ends_from = AT, .again_id = 1042, .again_times = 1,
		.hand_id = 1042, .hand_count = 1, .storm_count = 20,
		.write_error = "history: disk I/O error", .loop_tries = 1, .submit_waiting = 1, .foreign_files = 1,
	},
};

static const struct panel_facts facts[] = {
	{ &much, "/srv/mail store", false, "post office on call: 4711" },
	{ &little, "/var/lib/ccmq", true, NULL },
};

/* An id is #1042, or stands where a command or a key wants it bare. */
static void
check_ids(const char *text)
{
	for (const char *p = strstr(text, "1042"); p; p = strstr(p + 1, "1042"))
		if (p == text || !strchr("#:/", p[-1]))
			assert_memory_equal(p - 5, "show ", 5);
	for (const char *p = strchr(text, '#'); p; p = strchr(p + 1, '#'))
		assert_memory_equal(p, "#1042", 5);
}

static void
check_lines(const struct panel *panel, size_t width)
{
	struct str out = STR_INIT;

	assert_int_equal(panel_lines(panel, (struct panel_room){ width, 0, 0 },
		&out), 0);
	for (const char *line = out.data; *line; ) {
		size_t n = strcspn(line, "\n");
		char one[512];

		assert_true(n < sizeof one && line[n] == '\n');
		snprintf(one, sizeof one, "%.*s", (int)n, line);
		if (width_text(one) > width)
			print_message("# wider than %zu: %s\n", width, one);
		assert_true(width_text(one) <= width);
		print_message("# %s\n", one);
		line += n + 1;
	}
	assert_null(strpbrk(out.data, "{}\x1b"));
	assert_null(strstr(out.data, " ;"));
	assert_null(strstr(out.data, " ,"));
	assert_null(strstr(out.data, "()"));
	check_ids(out.data);
	str_release(&out);
}

/* Each part is there, and begins and ends as a sentence does. */
static void
check_parts(const struct panel *panel, bool site)
{
	for (int i = 0; i < PANEL_PARTS; i++)
		assert_int_equal(panel->parts[i].len > 0,
			i != PANEL_SITE || site);
	assert_true(panel->parts[PANEL_MEANING].len < 400);
	assert_string_equal(panel->parts[PANEL_MEANING].data +
		panel->parts[PANEL_MEANING].len - 1, ".");
	assert_string_equal(panel->parts[PANEL_DONT].data +
		panel->parts[PANEL_DONT].len - 1, ".");
}

static void
verdicts(void **state)
{
	static const size_t widths[] = { 80, 40 };

	(void)state;
	for (int kind = 0; kind < VERDICT_COUNT; kind++)
		for (size_t i = 0; i < COUNT(facts); i++) {
			struct panel panel;

			panel_verdict(&facts[i], (enum verdict_kind)kind,
				&panel);
			print_message("# ---- %s\n", verdict_word(
				(enum verdict_kind)kind));
			check_parts(&panel, i == 0);
			for (size_t k = 0; k < COUNT(widths); k++)
				check_lines(&panel, widths[k]);
			panel_release(&panel);
		}
}

static void
events(void **state)
{
	static const int numbers[] = {
#define X(name, number, severity, sentence) number,
		EVENT_LIST(X)
#undef X
	};

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++)
		for (size_t k = 0; k < COUNT(facts); k++) {
			char text[] = "what was said of #1042";
			struct history_event e = { .at = AT, .text = text,
				.number = numbers[i], .message = k ? 1042 : 0 };
			struct panel panel;

			panel_event(&facts[k], &e, &panel);
			print_message("# ---- event %d\n", numbers[i]);
			check_parts(&panel, k == 0);
			assert_null(strstr(panel.parts[PANEL_MEANING].data,
				"this version does not know"));
			check_lines(&panel, k ? 40 : 80);
			panel_release(&panel);
		}
}

static void
quoting(void **state)
{
	struct panel panel;

	(void)state;
	panel_verdict(&facts[0], VERDICT_LEFTOVER, &panel);
	assert_non_null(strstr(panel.parts[PANEL_TODO].data,
		"mv '/srv/mail store/import/old.und' "
		"'/srv/mail store/import/it'\\''s mine.tmp' "
		"'/srv/mail store/import/-rf' "
		"$'/srv/mail store/import/\\x1b[2J' /var/tmp/"));
	panel_release(&panel);
	panel_verdict(&facts[0], VERDICT_MOVES, &panel);
	assert_non_null(strstr(panel.parts[PANEL_TODO].data,
		"ccmq -s '/srv/mail store' check "));
	panel_release(&panel);
	panel_verdict(&facts[1], VERDICT_MOVES, &panel);
	assert_non_null(strstr(panel.parts[PANEL_TODO].data, "1  ccmq check "));
	panel_release(&panel);
}

static size_t
lines_in(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* With ever fewer rows: never more lines than there is room for, Do not whole
 * and last; Meaning, Evidence and Safe go before anything scrolls. */
static void
room(void **state)
{
	(void)state;
	for (int kind = 0; kind < VERDICT_COUNT; kind++)
		for (size_t rows = 30; rows >= 6; rows--) {
			struct panel panel;
			struct str all = STR_INIT, out = STR_INIT;
			const char *dont;
			size_t more, n;

			panel_verdict(&facts[0], (enum verdict_kind)kind,
				&panel);
			panel_lines(&panel, (struct panel_room){ 80, 0, 0 },
				&all);
			dont = strstr(all.data, " Do not ");
			more = panel_lines(&panel, (struct panel_room){ 80,
				rows, 0 }, &out);
			n = lines_in(out.data);
			assert_true(n <= rows);
			assert_true(n == rows || out.len == all.len);
			assert_string_equal(out.data + out.len - strlen(dont),
				dont);
			if (more) {
				/* These are one line each by then. */
				const char *at = strchr(out.data, '\n');

				assert_memory_equal(at, "\n Evidence", 10);
				at = strchr(at + 1, '\n');
				assert_memory_equal(at, "\n Safe", 6);
				at = strchr(at + 1, '\n');
				assert_memory_equal(at, "\n To do", 7);
				str_clear(&out);
				assert_int_equal(panel_lines(&panel,
					(struct panel_room){ 80, rows, 1000 },
					&out), 0);
				assert_int_equal(lines_in(out.data), rows);
				assert_null(strstr(out.data, " Meaning"));
			}
			str_release(&all);
			str_release(&out);
			panel_release(&panel);
		}
}

static void
shrunk(void **state)
{
	struct str out = STR_INIT;
	struct panel panel;

	(void)state;
	panel_verdict(&facts[1], VERDICT_FAILED, &panel);
	panel_lines(&panel, (struct panel_room){ 60, 10, 0 }, &out);
	assert_string_equal(out.data,
" Meaning   One message was set aside, some time ago or for a\n"
"           reason of its own.\n"
" Evidence  none was ever imported\n"
" Safe      In /var/lib/ccmq/failed/, whole; nothing there is\n"
"           tried again by itself.\n"
" To do     1  2  by cause: Enter, what did the importer say?\n"
"           2  r  retries what was mended\n"
"           3  x  sets aside, X throws away, with a reason\n"
" Do not    let them pile up: somebody waits for each.\n");
	str_clear(&out);
	panel_lines(&panel, (struct panel_room){ 60, 7, 0 }, &out);
	assert_string_equal(out.data,
" Meaning   One message was set aside, some time ago or ...\n"
" Evidence  none was ever imported\n"
" Safe      In /var/lib/ccmq/failed/, whole; nothing ...\n"
" To do     1  2  by cause: Enter, what did the importer say?\n"
"           2  r  retries what was mended\n"
"           3  x  sets aside, X throws away, with a reason\n"
" Do not    let them pile up: somebody waits for each.\n");
	str_release(&out);
	panel_release(&panel);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(events),
		cmocka_unit_test(quoting),
		cmocka_unit_test(room),
		cmocka_unit_test(shrunk),
	};

	setenv("TZ", "CET-1", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
