/* SPDX-License-Identifier: ISC */
/* Tests of message_page: the page of the picture, and the sentence for every
 * state and cause. */
#include "unit/sentence.h"
#include "base/clock.h"
#include "page/message_page.h"
#include "base/width.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Midnight of a Tuesday, in CET. */
#define DAY INT64_C(1795474800000)
#define AT(hours, minutes) \
	(DAY + (hours) * CLOCK_HOUR + (minutes) * CLOCK_MINUTE)
#define NOW AT(14, 2)
#define NEVER HISTORY_NO_TIME
#define NONE HISTORY_NO_CODE

#pragma GCC diagnostic ignored "-Woverride-init"
#define MESSAGE .id = 1042, .name = (char *)"Msg4F2C.ccm", \
	.true_name = (char *)"Msg4F2C.ccm", .true_name_len = 11, \
	.size = 2112, .received_at = AT(11, 2) + 14000, \
	.from = (char *)"Grewal, Jeff at Hub", \
	.to = (char *)"Admin at HUBPO2\nOps at Hub\nDoe, Jane at Hub", \
	.subject = (char *)"Budget for Q3", \
	.date_text = (char *)"6/2/98 8:39", .since = AT(13, 58), \
	.attempts = 3, .code = NONE, .next_attempt_at = NEVER
#define FAILED MESSAGE, .state = STATE_FAILED, .code = 1, \
	.class = (char *)"rejected", .failures = 3, .retries = 2, \
	.und_entries = 3, .und_bytes = 6444

static const struct settings settings = {
	.import_timeout_ms = 2 * CLOCK_MINUTE, .limits_rejected = 1,
	.limits_crashed = 3, .limits_unavailable = 20,
	.keep_imported_ms = CLOCK_DAY, .keep_trash_ms = 7 * CLOCK_DAY,
};

#define ATTEMPT(n, w, at) { .number = n, .why = (char *)w, .started_at = at, \
	.ended_at = at + 400, .took_ms = 400, .class = (char *)"rejected", \
	.code = 1, .copy = (char *)"left", \
	.output = (char *)"IMPORT process ended with error: 1.\r\n", \
	.output_len = 37, .und_end = 2148, .und_entries = 1, \
	.reason = (char *)"Disk error in creating message item" }

static const struct history_attempt three[] = {
	ATTEMPT(3, "retry mlopez (as root)", AT(13, 58) + 2000),
	ATTEMPT(2, "retry jgrewal", AT(11, 20) + 40000),
	ATTEMPT(1, "arrived", AT(11, 2) + 15000),
};

static void
compare(const char *name, const char *text, const char *expected)
{
	if (strcmp(text, expected) != 0)
		print_message("# %s:\n%s\n", name, text);
	assert_string_equal(text, expected);
	sentence_check(text);
}

static const struct history_message looping = { FAILED };

static const struct message_page picture = {
	.message = &looping, .attempts = three, .attempt_count = 3,
	.settings = &settings, .others = 10204, .others_since = AT(11, 2),
	.now = NOW,
};

static const struct {
	size_t width;
	const char *text;
} pages[] = {
	{ 80,
" Set aside at 13:58. IMPORT said code 1 (did not complete) and left its copy of\n"
" the file behind; that copy was removed, so it cannot loop. It will not be tried\n"
" again until someone retries it. The importer works: 10,204 other messages went\n"
" through since 11:02. Retried unchanged, this one will most likely fail again.\n"
"\n"
" From     Grewal, Jeff at Hub           File     Msg4F2C.ccm  2,112 bytes\n"
" To       Admin at HUBPO2, 2 more       Arrived  Tue 11:02:14 CET\n"
" Subject  Budget for Q3                 Reached  nobody, as far as known\n"
" Date     6/2/98 8:39                   .und     3 entries, 6,444 bytes\n"
"-- Attempts 3 \n"
" TRY  WHEN      WHY              TOOK  RESULT                   COPY    .UND\n"
"   3  13:58:02  retry mlopez     0.4s  code 1 did not complete  left  +2,148\n"
"   2  11:20:40  retry jgrewal    0.4s  code 1 did not complete  left  +2,148\n"
"   1  11:02:15  arrived          0.4s  code 1 did not complete  left  +2,148\n"
" It printed  IMPORT process ended with error: 1.\n"
" .und says   Disk error in creating message item\n" },
	{ 40,
" Set aside at 13:58. IMPORT said code 1\n"
" (did not complete) and left its copy of\n"
" the file behind; that copy was removed,\n"
" so it cannot loop. It will not be tried\n"
" again until someone retries it. The\n"
" importer works: 10,204 other messages\n"
" went through since 11:02. Retried\n"
" unchanged, this one will most likely\n"
" fail again. Retried by jgrewal, mlopez.\n"
"\n"
" From     Grewal, Jeff at Hub\n"
" To       Admin at HUBPO2, 2 more\n"
" Subject  Budget for Q3\n"
" Date     6/2/98 8:39\n"
" File     Msg4F2C.ccm  2,112 bytes\n"
" Arrived  Tue 11:02:14 CET\n"
" Reached  nobody, as far as known\n"
" .und     3 entries, 6,444 bytes\n"
"-- Attempts 3 \n"
" TRY  WHEN      RESULT\n"
"   3  13:58:02  code 1 did not complete\n"
"   2  11:20:40  code 1 did not complete\n"
"   1  11:02:15  code 1 did not complete\n"
" It printed  IMPORT process ended with\n"
"             error: 1.\n"
" .und says   Disk error in creating\n"
"             message item\n" },
	{ 132,
" Set aside at 13:58. IMPORT said code 1 (did not complete) and left its copy of the file behind;\n"
" that copy was removed, so it cannot loop. It will not be tried again until someone retries it. The\n"
" importer works: 10,204 other messages went through since 11:02. Retried unchanged, this one will\n"
" most likely fail again.\n"
"\n"
" From     Grewal, Jeff at Hub                                     File     Msg4F2C.ccm  2,112 bytes\n"
" To       Admin at HUBPO2; Ops at Hub; Doe, Jane at Hub           Arrived  Tue 11:02:14 CET\n"
" Subject  Budget for Q3                                           Reached  nobody, as far as known\n"
" Date     6/2/98 8:39                                             .und     3 entries, 6,444 bytes\n"
"-- Attempts 3 \n"
" TRY  WHEN      WHY              TOOK  RESULT                   COPY    .UND\n"
"   3  13:58:02  retry mlopez     0.4s  code 1 did not complete  left  +2,148\n"
"   2  11:20:40  retry jgrewal    0.4s  code 1 did not complete  left  +2,148\n"
"   1  11:02:15  arrived          0.4s  code 1 did not complete  left  +2,148\n"
" It printed  IMPORT process ended with error: 1.\n"
" .und says   Disk error in creating message item\n" },
};

static void
pages_of_the_picture(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++) {
		str_clear(&out);
		message_page_text(&picture, pages[i].width, &out);
		compare("page", out.data, pages[i].text);
	}
	str_clear(&out);
	message_page_title(&looping, &out);
	assert_string_equal(out.data, "#1042 FAILED  Budget for Q3");
	str_release(&out);
}

/* ---- the sentence ---- */

static const struct {
	const char *name;
	struct history_message m;
	enum status_connector connector;
	int64_t others, since;
	const char *copy;		/* of the last attempt */
	const char *text;
} sentences[] = {
	{ "failed, nothing else went through", { FAILED }, 0, 0, AT(13, 58),
	  "deleted", "Set aside at 13:58. IMPORT said code 1 (did not "
	  "complete). It will not be tried again until someone retries it. "
	  "Nothing else was imported since 13:58: it may be the importer, not "
	  "this message." },
	{ "failed, suspect", { FAILED, .suspect = true }, STATUS_TRIPPED, 0,
	  AT(13, 58), "left", "Set aside at 13:58. IMPORT said code 1 (did "
	  "not complete) and left its copy of the file behind; that copy was "
	  "removed, so it cannot loop. It will not be tried again until "
	  "someone retries it. It failed in a row with others: most likely "
	  "the post office or the importer, not this message. Retry it when "
	  "that is mended." },
	{ "undeliverable", { FAILED, .code = 5, .class =
		(char *)"undeliverable", .maybe_delivered = true,
		.reason = (char *)"Not found in directory" }, 0, 1,
	  AT(13, 58), "deleted", "Set aside at 13:58. IMPORT could read it, "
	  "but not deliver it to everybody: Not found in directory. What it "
	  "could not deliver stands in the .und file, 2,148 bytes. It will "
	  "not be tried again until someone retries it. The importer works: "
	  "1 other message went through since 13:58. The recipients that it "
	  "found may have it already: imported again, they may get it twice. Retried "
	  "unchanged, it ends alike and the .und file grows again." },
	{ "crashed", { FAILED, .code = NONE, .signal = 11, .crashed = 3,
		.class = (char *)"crashed", .maybe_delivered = true }, 0, 12,
	  AT(13, 58), "left", "Set aside at 13:58. The importer died of "
	  "signal 11, 3 times. It will not be tried "
	  "again until someone retries it. The importer works: 12 other "
	  "messages went through since 13:58. Some recipients may have it "
	  "already: imported again, they may get it twice. Retried unchanged, "
	  "it will most likely crash again; w keeps it for whoever "
	  "mends the importer." },
	{ "timed out", { FAILED, .code = NONE, .crashed = 3, .class =
		(char *)"crashed", .reason = (char *)"timed out" }, 0, 0,
	  NEVER, NULL, "Set aside at 13:58. The importer was ended after 2m, "
	  "3 times. It will not be tried again until "
	  "someone retries it." },
	{ "a code nobody knows", { FAILED, .code = 77, .crashed = 1, .class =
		(char *)"crashed" }, 0, 0, NEVER, NULL, "Set aside at 13:58. "
	  "IMPORT ended with code 77, which is not documented. It will not be "
	  "tried again until someone retries it." },
	{ "unavailable for it alone", { FAILED, .code = 4, .unavailable = 20,
		.class = (char *)"unavailable" }, 0, 0, NEVER, NULL,
	  "Set aside at 13:58. IMPORT said code 4 (post office locked), 20 "
	  "times while others went through. It will not be tried again until "
	  "someone retries it." },
	{ "interrupted", { FAILED, .code = NONE, .crashed = 3, .class =
		(char *)"interrupted", .since = AT(-10, 0) }, 0, 0, NEVER,
	  NULL, "Set aside Mon 14:00. The machine or ccmqd went down while it "
	  "was in the importer, 3 times. It will not be tried again "
	  "until someone retries it." },
	{ "restored", { FAILED, .changed_by = 7, .action_by =
		(char *)"mlopez (as root)" }, 0, 0, NEVER, NULL, "Taken out "
	  "of the trash by mlopez at 13:58. Before: IMPORT said code 1 (did "
	  "not complete). It will not be tried again until someone retries "
	  "it." },
	{ "arrived", { MESSAGE, .state = STATE_QUEUED, .attempts = 0 },
	  STATUS_STOPPED, 0, NEVER, NULL, "Arrived at 13:58 and waits for its "
	  "turn; it was not tried yet. No connector runs: nothing is tried "
	  "until one does." },
	{ "retried", { MESSAGE, .state = STATE_QUEUED, .changed_by = 7,
		.action_by = (char *)"mlopez (as root)", .action_reason =
		(char *)"date \x1b order" }, STATUS_HELD, 0, NEVER, NULL,
	  "Put back into the queue by mlopez at 13:58: \"date \\x1b order\". "
	  "It waits for its turn, and its tries are counted anew. The "
	  "connector is held: nothing is tried until it goes on." },
	{ "importing", { MESSAGE, .state = STATE_IMPORTING, .noted_verb =
		(char *)"quarantine", .action_by = (char *)"mlopez (as root)" },
	  0, 0, NEVER, NULL, "In the importer since 13:58, try 3. It is ended "
	  "after 2m at the latest. 1,204 wait behind it. When it ends: quarantine, as mlopez "
	  "asked, unless it was imported." },
	{ "deferred, unavailable", { MESSAGE, .state = STATE_DEFERRED,
		.class = (char *)"unavailable", .code = 4, .unavailable = 2,
		.next_attempt_at = AT(14, 10) }, STATUS_TRIPPED, 0, NEVER,
	  NULL, "Put off at 13:58. IMPORT said code 4 (post office locked). "
	  "It is tried again by itself at 14:10; r tries it now. That counts "
	  "only while others are imported: 2 of 20 so far. The connector has "
	  "tripped: only tests are tried until one passes." },
	{ "deferred, crashed", { MESSAGE, .state = STATE_DEFERRED, .signal = 6,
		.class = (char *)"crashed", .crashed = 1, .maybe_delivered =
		true, .next_attempt_at = AT(14, 0) }, 0, 0, NEVER, "left",
	  "Put off at 13:58. The importer died of signal 6. It "
	  "is tried again by itself in its turn. That was 1 of 3 such tries; "
	  "after the last it is set aside. Some recipients may have it "
	  "already." },
	{ "deferred, cannot be executed", { MESSAGE, .state = STATE_DEFERRED,
		.class = (char *)"unavailable", .reason = (char *)"the import "
		"program cannot be executed", .next_attempt_at = AT(14, 10) },
	  0, 0, NEVER, NULL, "Put off at 13:58. It could not be tried: the "
	  "import program cannot be executed. It is tried again by itself at "
	  "14:10; r tries it now. That counts only while others are imported: "
	  "0 of 20 so far." },
	{ "imported", { MESSAGE, .state = STATE_IMPORTED, .kept = true }, 0,
	  0, NEVER, NULL, "Imported at 13:58, at try 3. A copy of it is kept "
	  "until Wed 13:58." },
	{ "imported, perhaps twice", { MESSAGE, .state = STATE_IMPORTED,
		.maybe_delivered = true }, 0, 0, NEVER, NULL, "Imported at "
	  "13:58, at try 3. No copy of it is kept. An earlier try may have "
	  "reached some recipients: they may have it twice." },
	{ "quarantined", { FAILED, .state = STATE_QUARANTINED, .changed_by = 7,
		.action_by = (char *)"jgrewal", .action_reason =
		(char *)"loops" }, 0, 0, NEVER, NULL, "Set aside by jgrewal "
	  "at 13:58: \"loops\". It is not tried until someone releases it "
	  "(r); then its tries are counted anew. Before: IMPORT said code 1 "
	  "(did not complete)." },
	{ "split", { MESSAGE, .attempts = 0, .state = STATE_QUARANTINED,
		.parts = 500 }, 0, 0, NEVER, NULL, "Set aside by the connector "
	  "at 13:58. It is not tried until someone releases it (r); then its "
	  "tries are counted anew. 500 messages were made of it: parent:1042 "
	  "finds them." },
	{ "made from another", { MESSAGE, .attempts = 0, .state =
		STATE_QUARANTINED, .parent = 7 }, 0, 0, NEVER, NULL, "Set aside "
	  "by the connector at 13:58. It is not tried until someone releases "
	  "it (r); then its tries are counted anew. It was made from #7." },
	{ "quarantined by the connector", { MESSAGE, .attempts = 0, .state =
		STATE_QUARANTINED }, 0, 0, NEVER, NULL, "Set aside by the "
	  "connector at 13:58. It is not tried until someone releases it (r); "
	  "then its tries are counted anew." },
	{ "purged", { FAILED, .state = STATE_PURGED, .changed_by = 7,
		.from_state = STATE_FAILED, .action_by = (char *)"jgrewal" },
	  0, 0, NEVER, NULL, "Thrown away by jgrewal at 13:58. Its file stays "
	  "in the trash until 2026-12-01; until then r brings it back to "
	  "failed. X removes it for good. Before: IMPORT said code 1 (did not "
	  "complete)." },
	{ "removed", { MESSAGE, .state = STATE_REMOVED, .changed_by = 7,
		.action_by = (char *)"jgrewal" }, 0, 0, NEVER, NULL,
	  "Removed for good by jgrewal at 13:58. What is known of it stays in "
	  "the history." },
	{ "removed by retention", { MESSAGE, .state = STATE_REMOVED,
		.action_reason = (char *)"retention (keep.trash)" }, 0, 0,
	  NEVER, NULL, "Removed for good by the connector at 13:58: "
	  "\"retention (keep.trash)\". What is known of it stays in the "
	  "history." },
	{ "lost", { MESSAGE, .state = STATE_LOST }, 0, 0, NEVER, NULL,
	  "Its file was missing at 13:58, and ccmq did not remove it: "
	  "somebody or something took it out of the store. `ccmq check` looks "
	  "for it." },
};

static void
every_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sentences); i++) {
		struct history_attempt last = three[0];
		struct message_page p = { .message = &sentences[i].m,
			.attempts = &last, .attempt_count =
			sentences[i].m.attempts > 0, .settings = &settings,
			.connector = sentences[i].connector,
			.others = sentences[i].others,
			.others_since = sentences[i].since, .waiting = 1204,
			.now = NOW };
		struct str out = STR_INIT;

		last.copy = (char *)sentences[i].copy;
		message_page_explain(&p, 80, &out);
		compare(sentences[i].name, out.data, sentences[i].text);
		str_release(&out);
	}
}

/* ---- the rest ---- */

static void
no_line_is_too_wide(void **state)
{
	struct history_message m = { FAILED, .from = (char *)"Grewal, Jeff "
		"who has a name that is longer than any screen at Hub",
		.to = (char *)"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e with a "
		"name that is longer than any screen at Hub\nOps at Hub",
		.subject = (char *)"\x1b[2J hostile \xe2\x80\xae subject that "
		"goes on and on and on and on and on and on and on",
		.true_name = (char *)"Msg\xff.ccm", .true_name_len = 8,
		.size = INT64_C(9999999999999), .und_bytes = 1 << 30,
		.und_entries = 123456 };
	struct history_attempt odd[3] = { three[0], three[1], three[2] };
	struct message_page p = { .message = &m, .attempts = odd,
		.attempt_count = 3, .settings = &settings, .others = 1,
		.others_since = AT(-100, 0), .now = NOW };
	struct str out = STR_INIT;

	(void)state;
	m.attempts = 1234;
	odd[0].number = 1234;
	odd[0].und_end = INT64_C(1) << 40;
	odd[0].copy = (char *)"changed";
	odd[0].why = (char *)"retry a-very-long-login-name";
	odd[1].class = NULL;
	odd[1].ended_at = NEVER;
	odd[2].class = (char *)"crashed";
	odd[2].code = NONE;
	odd[2].reason = (char *)"a reason that is far too long for any column";
	for (size_t width = 40; width <= 140; width++) {
		str_clear(&out);
		message_page_text(&p, width, &out);
		for (char *s = out.data, *end; *s; s = end + 1) {
			end = strchr(s, '\n');
			*end = '\0';
			if (width_text(s) > width)
				print_message("# %zu: %s\n", width, s);
			assert_true(width_text(s) <= width);
			assert_null(strchr(s, '\x1b'));
		}
	}
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_of_the_picture),
		cmocka_unit_test(every_state),
		cmocka_unit_test(no_line_is_too_wide),
	};

	setenv("TZ", "CET-1", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
