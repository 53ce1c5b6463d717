/* SPDX-License-Identifier: ISC */
/* Tests of verb_page: the prompt's page, for every verb. */
#include "unit/sentence.h"
#include "base/clock.h"
#include "work/operations.h"
#include "prompt/verb_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Midnight of a Tuesday, in CET. */
#define DAY INT64_C(1795474800000)
#define AT(hours, minutes) \
	(DAY + (hours) * CLOCK_HOUR + (minutes) * CLOCK_MINUTE)
#define NOW AT(14, 20)

static const struct actor mlopez = { .user = (char *)"mlopez",
	.euser = (char *)"root", .tty = (char *)"pts/3" };

static const struct verb_page_world tagged = {
	.now = NOW, .title = "tagged messages",
	.targets = 1204, .took_ms = 400, .lanes = 1,
	.keep_trash_ms = 7 * CLOCK_DAY,
};

static struct history_message
message(int64_t id, enum state state)
{
	return (struct history_message){ .id = id, .state = state,
		.size = 1654, .received_at = AT(-2, 14),
		.subject = (char *)"Re[2]: List of parts",
		.name = (char *)"Msg.ccm", .class = (char *)"undeliverable",
		.code = 5, .reason = (char *)"Unknown Date Format" };
}

static void
changed(struct verb_page *p, int64_t id, enum state state, const char *by)
{
	struct history_message m = message(id, state);

	m.since = AT(14, 18);
	m.changed_by = by ? 7 : 0;
	m.action_by = (char *)by;
	verb_page_look(p, &m, STATE_FAILED);
}

/* The 1,204 messages of the picture. */
static void
fill(struct verb_page *p)
{
	for (int64_t id = 1043; id < 1043 + 1196; id++) {
		struct history_message m = message(id, STATE_FAILED);

		m.maybe_delivered = id < 1043 + 31;
		if (id % 133 == 0)
			m.reason = (char *)"Not found in directory";
		if (id == 1043 + 1195) {
			m.id = 2310;
			m.received_at = AT(14, 9);
			m.subject = (char *)"Timesheet wk 23";
		}
		verb_page_look(p, &m, STATE_FAILED);
	}
	for (int i = 0; i < 5; i++)
		changed(p, 3000 + i, STATE_QUEUED, "jgrewal (as root)");
	for (int i = 0; i < 3; i++)
		changed(p, 4000 + i, STATE_QUARANTINED, "jgrewal (as root)");
}

/* The page as text, fields and all. */
static void
add_page(const struct verb_page *p, const struct verb_page_world *world,
	size_t rows, size_t width, struct str *out)
{
	struct prompt_page page = PROMPT_PAGE_INIT;
	struct prompt_rows all = { NULL, 0, 0 };
	struct prompt prompt;

	prompt_init(&prompt);
	prompt_add_text(&prompt, "Reason", "", true);
	prompt_add_key(&prompt, 'y', "y: do it");
	verb_page_fill(p, world, &page);
	prompt_page_layout(&page, &prompt, rows, width, &all);
	for (size_t i = 0; i < all.count; i++)
		str_addf(out, "%s\n", all.rows[i].text.data);
	prompt_rows_release(&all);
	prompt_page_release(&page);
	prompt_release(&prompt);
}

static void
is_text(const struct verb_page *p, const struct verb_page_world *world,
	size_t width, size_t rows, const char *expected)
{
	struct str out = STR_INIT;

	add_page(p, world, rows, width, &out);
	assert_string_equal(out.data, expected);
	str_release(&out);
}

static void
the_picture(void **state)
{
	struct verb_page_world world = tagged;
	struct verb_page p;

	(void)state;
	world.cursor = 1042;
	world.hidden = 9;
	world.hidden_by = "the filter";
	verb_page_init(&p, VERB_RETRY, false, "hq-mail01", &mlopez);
	fill(&p);
	assert_int_equal(p.able, 1196);
	is_text(&p, &world, 80, 50,
" RETRY 1,204 tagged messages on hq-mail01?\n"
"\n"
" Which    Not the one under the cursor (#1042, untagged). 9 are hidden now, by\n"
"          the filter. 1,196 can be retried; 8 not: jgrewal retried 5,\n"
"          quarantined 3, 14:18.\n"
" Cause    1,187: code 5 Unknown Date Format; 9: code 5 Not found in directory\n"
" Oldest   Mon 22:14  #1043  Re[2]: List of parts  (1.9M in all)\n"
" Newest   Tue 14:09  #2310  Timesheet wk 23\n"
" Then     Takes about 8 min. What fails again comes back to Failed.\n"
" You      mlopez (as root, on pts/3)\n"
" Undo     u, for those not tried yet. What is delivered cannot be taken back.\n"
" Twice?   31 may have been delivered already (D).\n"
"\n"
" Reason   \n"
" Do it?   \n");
}

static void
small_screens(void **state)
{
	struct verb_page p;

	(void)state;
	verb_page_init(&p, VERB_RETRY, false, "hq-mail01", &mlopez);
	fill(&p);
	is_text(&p, &tagged, 80, 7,
" RETRY 1,204 tagged messages on hq-mail01?\n"
" Which    1,196 can be retried; 8 not: jgrewal retried 5, quarantined 3, 14:18.\n"
" Cause    1,187: code 5 Unknown Date Format; 9: code 5 Not found in directory\n"
" Oldest   Mon 22:14  #1043  Re[2]: List of parts  (1.9M in all)\n"
" Twice?   31 may have been delivered already (D).\n"
" Reason   \n"
" Do it?   \n");
	is_text(&p, &tagged, 40, 7,
" RETRY 1,204 tagged messages on\n"
" hq-mail01?\n"
" Which    1,196 can be retried; 8 not:\n"
" Twice?   31 may have been delivered\n"
"          already (D).\n"
" Reason   \n"
" Do it?   \n");
	/* However small: what asks is there. */
	is_text(&p, &tagged, 40, 2,
" Reason   \n"
" Do it?   \n");
}

static void
one_message(void **state)
{
	struct verb_page_world world = tagged;
	struct history_message m = message(1042, STATE_FAILED);
	struct verb_page p;

	(void)state;
	world.targets = 1;
	m.maybe_delivered = true;
	verb_page_init(&p, VERB_RETRY, false, "hq-mail01", &mlopez);
	verb_page_look(&p, &m, STATE_FAILED);
	is_text(&p, &world, 80, 50,
" RETRY #1042 on hq-mail01?\n"
"\n"
" Subject  Re[2]: List of parts\n"
" Cause    code 5 Unknown Date Format\n"
" Size     1.6K\n"
" Then     What fails again comes back to Failed.\n"
" You      mlopez (as root, on pts/3)\n"
" Undo     u, until it is tried. What is delivered cannot be taken back.\n"
" Twice?   It may have been delivered already (D).\n"
"\n"
" Reason   \n"
" Do it?   \n");
}

static void
purge(void **state)
{
	struct verb_page_world world = tagged;
	struct verb_page p;

	(void)state;
	world.targets = 3;
	verb_page_init(&p, VERB_PURGE, false, "hq-mail01", &mlopez);
	for (int i = 0; i < 2; i++) {
		struct history_message m = message(1043 + i, STATE_FAILED);

		verb_page_look(&p, &m, STATE_FAILED);
	}
	verb_page_missing(&p, 1045);
	is_text(&p, &world, 80, 50,
" PURGE 3 tagged messages on hq-mail01?\n"
"\n"
" Which    2 can be purged; 1 not: 1 forgotten by the history.\n"
" Cause    2: code 5 Unknown Date Format\n"
" Oldest   Mon 22:14  #1043  Re[2]: List of parts  (3.2K in all)\n"
" Newest   Mon 22:14  #1044  Re[2]: List of parts\n"
" Then     They go to the trash. That frees no disk: 3.2K are freed when the\n"
"          trash is emptied, by itself from 2026-12-01 on, or at once by X in\n"
"          Trash.\n"
" You      mlopez (as root, on pts/3)\n"
" Undo     u, or r in Trash, until then.\n"
"\n"
" Reason   \n"
" Do it?   \n");
}

static void
purge_for_good(void **state)
{
	struct verb_page_world world = tagged;
	struct history_message m = message(1043, STATE_PURGED);
	struct verb_page p;

	(void)state;
	world.targets = 1;
	verb_page_init(&p, VERB_PURGE, true, "hq-mail01", &mlopez);
	verb_page_look(&p, &m, STATE_PURGED);
	is_text(&p, &world, 80, 50,
" PURGE FOR GOOD #1043 on hq-mail01?\n"
"\n"
" Subject  Re[2]: List of parts\n"
" Cause    code 5 Unknown Date Format\n"
" Size     1.6K\n"
" Then     FOR GOOD: the file is removed, which frees 1.6K of disk now.\n"
" You      mlopez (as root, on pts/3)\n"
" Undo     No: nothing brings back what is purged here.\n"
"\n"
" Reason   \n"
" Do it?   \n");
	/* On a small screen: what cannot be undone is said. */
	is_text(&p, &world, 80, 4,
" PURGE FOR GOOD #1043 on hq-mail01?\n"
" Undo     No: nothing brings back what is purged here.\n"
" Reason   \n"
" Do it?   \n");
}

static const struct {
	const char *name;
	enum verb verb;
	enum state state, seen, from;
	enum status_connector connector;
	const char *holds[3];		/* what the page holds */
} verbs[] = {
	{ "quarantine", VERB_QUARANTINE, STATE_FAILED, STATE_FAILED, 0, 0,
	  { " QUARANTINE #1043 on hq-mail01?",
	    " Then     It is not tried until someone releases it (r in "
	    "Quarantine).\n", " Undo     u, or r in Quarantine.\n" } },
	{ "quarantine, in the importer", VERB_QUARANTINE, STATE_IMPORTING,
	  OPERATIONS_ANY, 0, 0, { " Which    1 is in the importer: "
	    "quarantined when its attempt ends, unless\n"
	    "          imported.\n" } },
	{ "purge", VERB_PURGE, STATE_FAILED, STATE_FAILED, 0, 0, { NULL } },
	{ "purge for good", VERB_PURGE, STATE_PURGED, STATE_PURGED, 0, 0,
	  { NULL } },
	{ "release", VERB_RELEASE, STATE_QUARANTINED, STATE_QUARANTINED, 0, 0,
	  { " RELEASE #1043", NULL } },
	{ "restore", VERB_RESTORE, STATE_PURGED, STATE_PURGED, STATE_DEFERRED,
	  0, { " Then     It goes back to where it was purged from. That is "
	    "the queue: it is\n          tried at once.\n" } },
	{ "restore to Failed", VERB_RESTORE, STATE_PURGED, STATE_PURGED,
	  STATE_FAILED, 0, { " Then     It goes back to where it was purged "
	    "from.\n" } },
	{ "retry, queued already", VERB_RETRY, STATE_QUEUED, OPERATIONS_ANY,
	  0, 0, { " Which    0 can be retried; 1 not: 1 in the queue "
	    "already.\n" } },
	{ "retry, imported meanwhile", VERB_RETRY, STATE_IMPORTED,
	  STATE_FAILED, 0, 0, { "1 not: the connector imported 1, 14:18.\n" } },
	{ "retry, stopped", VERB_RETRY, STATE_FAILED, STATE_FAILED, 0,
	  STATUS_STOPPED, { " Then     It waits until a connector runs: "
	    "systemctl start ccmqd.\n" } },
	{ "retry, held", VERB_RETRY, STATE_FAILED, STATE_FAILED, 0,
	  STATUS_HELD, { " Then     It waits until the hold ends (c r).\n" } },
	{ "retry, tripped", VERB_RETRY, STATE_FAILED, STATE_FAILED, 0,
	  STATUS_TRIPPED, { " Then     It waits until a test passes (c t)" } },
};

static void
every_verb(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(verbs); i++) {
		struct history_message m = message(1043, verbs[i].state);
		struct verb_page_world world = tagged;
		struct verb_page p;
		struct str out = STR_INIT;

		m.from_state = verbs[i].from;
		m.since = AT(14, 18);
		world.targets = 1;
		world.connector = verbs[i].connector;
		verb_page_init(&p, verbs[i].verb, false, "hq-mail01", &mlopez);
		verb_page_look(&p, &m, verbs[i].seen);
		add_page(&p, &world, 50, 80, &out);
		for (int k = 0; k < 3 && verbs[i].holds[k]; k++) {
			if (!strstr(out.data, verbs[i].holds[k]))
				print_message("# %s:\n%s", verbs[i].name,
					out.data);
			assert_non_null(strstr(out.data, verbs[i].holds[k]));
		}
		str_release(&out);
	}
}

/* A size is said with its unit. */
static void
check_sizes(const char *page)
{
	for (const char *p = strstr(page, "185"); p; p = strstr(p + 1, "185"))
		assert_memory_equal(p, "185 bytes", 9);
}

/* Each verb's page, of one message or of two, in each state and while the
 * connector is in each of its: said as of one, or of many. */
static void
every_sentence(void **state)
{
	static const size_t widths[] = { 80, 40 };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(verbs) * (STATUS_TRIPPED + 1); i++) {
		const size_t n = 1 + i % 2, k = i / 2 % COUNT(verbs);
		struct verb_page_world world = tagged;
		struct verb_page p;

		world.targets = (int64_t)n;
		world.connector = (enum status_connector)(i / 2 /
			COUNT(verbs));
		world.hidden = world.hidden_by ? 1 : 0;
		verb_page_init(&p, verbs[k].verb, verbs[k].state ==
			STATE_PURGED && verbs[k].verb == VERB_PURGE,
			"hq-mail01", &mlopez);
		for (size_t j = 0; j < n; j++) {
			struct history_message m = message(1043 + (int64_t)j,
				verbs[k].state);

			m.from_state = verbs[k].from;
			m.since = AT(14, 18);
			m.maybe_delivered = true;
			m.size = 185;
			verb_page_look(&p, &m, verbs[k].seen);
		}
		for (size_t w = 0; w < COUNT(widths); w++) {
			struct str out = STR_INIT;

			add_page(&p, &world, 50, widths[w], &out);
			print_message("%s", out.data);
			sentence_check(out.data);
			if (n == 1)
				check_sizes(out.data);
			str_release(&out);
		}
	}
}

/* However many causes and people: so much is kept, nothing is lost. */
static void
bounded(void **state)
{
	struct verb_page p;
	struct str out = STR_INIT;
	char text[60];

	(void)state;
	verb_page_init(&p, VERB_RETRY, false, "hq-mail01", &mlopez);
	for (int i = 0; i < 100; i++) {
		struct history_message m = message(i + 1, STATE_FAILED);

		snprintf(text, sizeof text, "reason \x1b %d", i);
		m.reason = text;
		verb_page_look(&p, &m, STATE_FAILED);
		snprintf(text, sizeof text, "user%d", i);
		changed(&p, 1000 + i, STATE_QUEUED, text);
	}
	add_page(&p, &tagged, 50, 80, &out);
	assert_non_null(strstr(out.data,
" Which    100 can be retried; 100 not: user0 retried 1, 14:18; user1 retried 1,\n"
"          14:18; user2 retried 1, 14:18; and 97 more.\n"
" Cause    1: code 5 reason \\x1b 0; 1: code 5 reason \\x1b 1; 1: code 5 reason\n"
"          \\x1b 2; 97 of other causes\n"));
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_picture),
		cmocka_unit_test(small_screens),
		cmocka_unit_test(one_message),
		cmocka_unit_test(purge),
		cmocka_unit_test(purge_for_good),
		cmocka_unit_test(every_verb),
		cmocka_unit_test(every_sentence),
		cmocka_unit_test(bounded),
	};

	setenv("TZ", "CET-1", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
