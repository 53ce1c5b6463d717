/* SPDX-License-Identifier: ISC */
/* Tests of panel: every verdict's, every event's and every cause's, at 80 and 40
 * columns, with much and with little known; the room they get; what is quoted. */
#include "unit/sentence.h"
#include "base/clock.h"
#include "base/width.h"
#include "page/panel.h"

#include <ctype.h>
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
	.host = "hq-mail01", .disk_free = INT64_C(300) << 20,
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
		.disk_free_bytes = INT64_C(300) << 20,
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

/* Next to nothing is known but what makes each true, and one of each. */
static const struct status little = {
	.host = "hq-mail01", .submit_waiting = 1, .foreign_list = "old.und",
	.disk_free = 1 << 20, .und_bytes = 1 << 20, .wal_bytes = 65 << 20,
	.und_growth_per_hour = 1 << 20,
	.counts = { .n = { [STATE_FAILED] = 1, [STATE_PURGED] = 1 } },
	.facts = {
		.now = NOW, .breaker_code = -1, .path_code = -1,
		.breaker_class = CLASS_UNAVAILABLE, .lane = 1,
		.lane_unusable = true, .moves = 0,
		.lost = 1, .due = 1, .doubtful = 1, .suspects = 1,
		.failed = 1, .loop_since = AT, .path_at = AT, .storm_from = AT,
		.storm_to = NOW, .doubtful_at = AT, .due_since = AT,
		.hand_since = AT, .again_at = AT, .pid = 4711,
		.foreign_names = "old.und", .job_by = "mlopez",
		.job_verb = "retry", .job_why = "3 failed again",
		.job_done = 6, .job_total = 7, .storm_reason = "code 1",
		.und_growth_per_hour = 1 << 20, .disk_full_in_ms = CLOCK_HOUR,
		.replaced_at = AT, .disk_free_bytes = 1 << 20,
		.disk_min_bytes = 256 << 20,
		.submit_oldest_ms = CLOCK_HOUR, .hand_limit_ms = 1000, .bad_ends = 3,
		.bad_ends_from = AT, .again_id = 1042, .again_times = 1,
		.hand_id = 1042, .hand_count = 1, .storm_count = 20,
		.write_error = "history: disk I/O error", .loop_tries = 1,
		.loop_name = "Msg4F2C.ccm", .breaker_streak = 5,
		.submit_waiting = 1, .foreign_files = 1,
	},
};

/* Another connector is only watched. */
static const struct status watched = {
	.host = "hq-mail01", .disk_free = 241 << 20, .und_bytes = 18 << 20,
	.und_growth_per_hour = 2 << 20, .wal_bytes = 65 << 20,
	.counts = { .n = { [STATE_QUEUED] = 2, [STATE_FAILED] = 3,
		[STATE_PURGED] = 1 } },
	.submit_names = "Msg1001.ccm", .foreign_list = "old.und",
	.facts = {
		.now = NOW, .running = true, .pid = 4711, .watches = true,
		.their_import = "/mnt/cc/import", .their_submit =
			"/mnt/cc/submit", .loop_path = "/mnt/cc/import/A.ccm",
		.disk_free_bytes = 241 << 20, .disk_min_bytes = 256 << 20,
		.disk_full_in_ms = 19 * CLOCK_HOUR, .last_sign_at = AT,
		.replaced_at = AT, .breaker_open = true,
		.breaker_streak = 15, .breaker_code = 1, .breaker_class =
			CLASS_REJECTED, .last_import_at = AT, .loop_name =
			"A.ccm", .loop_tries = 3, .loop_since = AT,
		.path_at = AT, .path_code = -1, .lane = 1, .lost = 2,
		.lost_at = AT, .hand_id = 1042, .hand_since = AT,
		.hand_limit_ms = CLOCK_HOUR, .due = 2, .due_since = AT,
		.foreign_names = "old.und", .job_by = "mlopez", .job_verb =
			"retry", .job_total = 7, .storm_reason = "code 1",
		.bad_ends = 3, .bad_ends_from = AT, .storm_count = 20,
		.storm_from = AT, .storm_to = NOW, .again_id = 1042,
		.again_at = AT, .again_times = 1, .suspects = 2, .failed = 3,
		.doubtful = 2, .submit_oldest_ms = CLOCK_HOUR,
	},
	.submit_waiting = 2,
};

static const struct panel_facts facts[] = {
	{ &much, "/etc/hq.conf", "/srv/mail store", false,
	  "post office on call: 4711" },
	{ &little, NULL, "/var/lib/ccmq", true, NULL },
	{ &watched, NULL, "/var/lib/ccmq", true, NULL },
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
	check_ids(out.data);
	str_release(&out);
}

/* Where the store is not named each word of it fits in a line: none is cut,
 * so that a command can be taken from the screen. */
static void
check_words(const struct panel *panel, size_t width)
{
	struct str out = STR_INIT;

	panel_lines(panel, (struct panel_room){ width, 0, 0 }, &out);
	for (int i = 0; i < PANEL_PARTS; i++) {
		char *words = strdup(panel->parts[i].data), *rest = words, *w;

		while ((w = strsep(&rest, " \n"))) {
			if (!strstr(out.data, w))
				print_message("# cut: %s\n", w);
			assert_non_null(strstr(out.data, w));
		}
		free(words);
	}
	str_release(&out);
}

/* "1  5  which" is read as one number: a view's key has its name beside it. A
 * command names the settings and the store, where they are not the default. */
static void
check_step(const char *step, bool elsewhere)
{
	size_t number = isdigit((unsigned char)*step) && !strncmp(step + 1,
		"  ", 2) ? 3 : 0;
	bool bare = isdigit((unsigned char)step[number]) &&
		strchr(" ,", step[number + 1]) && !isupper((unsigned char)
		step[number + 2]) && step[number + 2] != '.';

	if (!number && *step == '2')	/* no step: "2 Failed  by cause" */
		bare = step[1] != ' ' || step[2] == ' ';
	if (bare)
		print_message("# a bare key: %s\n", step);
	assert_false(bare);
	for (const char *p = step; elsewhere && (p = strstr(p, "ccmq")); p++) {
		size_t d = p[4] == 'd';

		if ((p == step || p[-1] == ' ') && p[4 + d] == ' ' &&
		    !isdigit((unsigned char)p[5 + d]) &&
		    (p == step + number || !d || p[5 + d] == '-') &&
		    !(p >= step + 3 && !strncmp(p - 3, "-u ", 3)))
			assert_memory_equal(p + 4 + d, " -c /etc/hq.conf -s "
				"'/srv/mail store' ", 38);
	}
}

static void
check_steps(const struct panel *panel, bool elsewhere)
{
	char *steps = strdup(panel->parts[PANEL_TODO].data), *rest = steps, *s;

	while ((s = strsep(&rest, "\n")))
		check_step(s, elsewhere);
	free(steps);
}

/* Each part is there, and begins and ends as a sentence does. */
static void
check_parts(const struct panel *panel, bool site)
{
	for (int i = 0; i < PANEL_PARTS; i++) {
		assert_int_equal(panel->parts[i].len > 0,
			i != PANEL_SITE || site);
		sentence_check(panel->parts[i].data);
	}
	check_steps(panel, site);
	assert_true(panel->parts[PANEL_MEANING].len < 400);
	assert_string_equal(panel->parts[PANEL_MEANING].data +
		panel->parts[PANEL_MEANING].len - 1, ".");
	assert_string_equal(panel->parts[PANEL_DONT].data +
		panel->parts[PANEL_DONT].len - 1, ".");
	assert_false(islower((unsigned char)*panel->parts[PANEL_MEANING].data)
		&& strncmp(panel->parts[PANEL_MEANING].data, "history.db", 10)
		&& strncmp(panel->parts[PANEL_MEANING].data, "ccmqd", 5)
		&& strncmp(panel->parts[PANEL_MEANING].data, "mlopez", 6)
		&& strncmp(panel->parts[PANEL_MEANING].data, "jgrewal", 7));
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
			if (i > 0)
				check_words(&panel, 40);
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
			if (k > 0)
				check_words(&panel, 40);
			panel_release(&panel);
		}
}

#define CAUSE(state_, class_, n_, ...) { .state = STATE_##state_, \
	.class = CLASS_##class_, .n = n_, .code = HISTORY_NO_CODE, \
	.now = NOW, .last_import_at = AT, .next_at = HISTORY_NO_TIME, \
	__VA_ARGS__ }

#pragma GCC diagnostic ignored "-Woverride-init"
static const struct causes_advice causes[] = {
	CAUSE(FAILED, REJECTED, 10, .code = 1, .suspect = true,
		.tripped = true, .tests = 5, .last_test_at = AT,
		.imports = 2310, .waiting = 1204,
		.importer = "Cannot write to post office HUB: access denied"),
	CAUSE(FAILED, REJECTED, 1, .code = 1, .suspect = true,
		.tripped = true, .tests = 1, .last_test_at = AT, .imports = 1,
		.waiting = 1, .stopped = true),
	CAUSE(FAILED, REJECTED, 1, .code = 1, .suspect = true,
		.tripped = true, .last_import_at = HISTORY_NO_TIME),
	CAUSE(FAILED, REJECTED, 10, .code = 1, .suspect = true,
		.imports_since = 1),
	CAUSE(FAILED, REJECTED, 1, .code = 1, .suspect = true),
	CAUSE(FAILED, CRASHED, 10, .signal = 9, .suspect = true,
		.maybe_delivered = true, .imports_since = 2),
	CAUSE(FAILED, REJECTED, 3, .code = 1, .imports_since_first = 419),
	CAUSE(FAILED, REJECTED, 1, .code = 1, .imports_since_first = 1,
		.reason = "no post office"),
	CAUSE(FAILED, REJECTED, 1),
	CAUSE(FAILED, UNDELIVERABLE, 19, .code = 5,
		.reason = "Not found in directory", .maybe_delivered = true),
	CAUSE(FAILED, UNDELIVERABLE, 1, .code = 5,
		.reason = "Unknown Date Format"),
	CAUSE(FAILED, UNDELIVERABLE, 2, .code = 5),
	CAUSE(FAILED, CRASHED, 2, .signal = 11, .tries_least = 3,
		.tries_most = 3),
	CAUSE(FAILED, CRASHED, 1, .code = 9, .tries_least = 3,
		.tries_most = 3),
	CAUSE(FAILED, CRASHED, 2, .reason = "timed out", .delivered = true,
		.importer = "1 delivery"),
	CAUSE(FAILED, CRASHED, 1, .delivered = true),
	CAUSE(FAILED, INTERRUPTED, 2),
	CAUSE(FAILED, INTERRUPTED, 1),
	CAUSE(FAILED, UNAVAILABLE, 2, .code = 4),
	CAUSE(FAILED, UNAVAILABLE, 1,
		.reason = "the import program cannot be executed"),
	CAUSE(DEFERRED, UNAVAILABLE, 3, .code = 4, .next_at = NOW + 60000),
	CAUSE(DEFERRED, UNAVAILABLE, 1, .code = 3, .next_at = NOW + 60000),
	CAUSE(DEFERRED, UNAVAILABLE, 1, .code = 3, .tripped = true),
	CAUSE(DEFERRED, INTERRUPTED, 2),
	CAUSE(DEFERRED, CRASHED, 1, .signal = 9),
};

/* It follows from what is known. */
static void
check_advice(const struct causes_advice *a, const struct panel *panel)
{
	const char *todo = panel->parts[PANEL_TODO].data;
	const char *dont = panel->parts[PANEL_DONT].data;
	bool maybe = a->class == CLASS_CRASHED || a->class ==
		CLASS_INTERRUPTED;

	assert_true(!a->maybe_delivered || strstr(
		panel->parts[PANEL_MEANING].data, "may have got theirs"));
	/* What may have arrived is not told to be tried first of all. */
	assert_false(maybe && !a->suspect && (!strncmp(todo, "1  r", 4) ||
		!strncmp(todo, "r", 1) || strstr(todo, ". r tries")));
	assert_false(maybe && !a->suspect && strstr(dont, "nothing is known to be wrong"));
	/* What failed in a row is not tried before one has passed. */
	assert_false(a->suspect && !a->imports_since && *todo == 'r');
	/* "1 there": no field of the prompt has that for a few. */
	assert_null(strstr(todo, "1 there"));
}

static void
every_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(causes); i++) {
		struct panel panel;

		panel_cause(&causes[i], "post office on call: 4711", &panel);
		print_message("# ---- cause %zu\n", i);
		if (!panel.parts[PANEL_EVIDENCE].len)
			str_add(&panel.parts[PANEL_EVIDENCE], "nothing");
		check_parts(&panel, true);
		check_advice(&causes[i], &panel);
		check_lines(&panel, 80);
		check_lines(&panel, 40);
		check_words(&panel, 40);
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
		"ccmq -c /etc/hq.conf -s '/srv/mail store' check "));
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

/* What is only watched is not held, rotated or tested, and waits for nobody. */
static void
only_watched(void **state)
{
	static const enum verdict_kind kinds[] = { VERDICT_DISK,
		VERDICT_TRIPPED, VERDICT_LOOP, VERDICT_UND };
	static const char *const ours[] = { "in queue/", "tests", "c h", "c t",
		"und rotate", "/var/lib/ccmq" };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct panel panel;

		panel_verdict(&facts[2], kinds[i], &panel);
		for (int k = PANEL_MEANING; k < PANEL_PARTS; k++)
			for (size_t n = 0; n < COUNT(ours); n++)
				assert_null(strstr(panel.parts[k].data,
					ours[n]));
		panel_release(&panel);
	}
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
" Meaning   One message failed, some time ago or for a reason\n"
"           of its own.\n"
" Evidence  none was ever imported\n"
" Safe      In /var/lib/ccmq/failed/, whole; nothing there is\n"
"           tried again by itself.\n"
" To do     1  2 Failed  by cause, Enter: what did it print?\n"
"           2  r  retries what was mended\n"
"           3  x  sets aside, X throws away, with a reason\n"
" Do not    let them pile up: somebody waits for each.\n");
	str_clear(&out);
	panel_lines(&panel, (struct panel_room){ 60, 7, 0 }, &out);
	assert_string_equal(out.data,
" Meaning   One message failed, some time ago or for a ...\n"
" Evidence  none was ever imported\n"
" Safe      In /var/lib/ccmq/failed/, whole; nothing ...\n"
" To do     1  2 Failed  by cause, Enter: what did it print?\n"
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
		cmocka_unit_test(every_cause),
		cmocka_unit_test(only_watched),
		cmocka_unit_test(quoting),
		cmocka_unit_test(room),
		cmocka_unit_test(shrunk),
	};

	setenv("TZ", "CET-1", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
