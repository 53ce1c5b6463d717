/* SPDX-License-Identifier: ISC */
/*
 * says: what the console says in a line of its own: notes, questions, hints of
 * prompts in a line. One table, with values as they may come: a test prints
 * them all. A number that is a message is written #1042, one that is a count
 * never is. Longer ones than the screen is wide are wrapped.
 */
#ifndef CCMQ_UI_SAYS_H
#define CCMQ_UI_SAYS_H

#include <inttypes.h>

#define SAYS_ID INT64_C(1042)
#define SAYS_NO
#define SAYS_WITH(...) , __VA_ARGS__

/* name, format, values for the test */
#define SAYS_LIST(X) \
	/* notes */ \
	X(says_nothing_done, "Nothing was done", SAYS_NO) \
	X(says_nothing_runs, "Nothing runs. q leaves", SAYS_NO) \
	X(says_no_key, "No such key here; ? help", SAYS_NO) \
	X(says_purge_is, "Purge is X (Shift-x), or Del", SAYS_NO) \
	X(says_read_only, "Read-only: %.200s", SAYS_WITH( \
		"not in group ccmq: sudo -g ccmq ccmq")) \
	X(says_as_it_was, "This is as it was: nothing can be done to it. " \
		":now goes back", SAYS_NO) \
	X(says_not_then, "#%" PRId64 " was not there then", \
		SAYS_WITH(SAYS_ID)) \
	X(says_not_known_then, "What it did to each message is not told of the " \
		"past: :now goes back", SAYS_NO) \
	X(says_is_now, "This is how it is now", SAYS_NO) \
	X(says_one_thing, "One thing at a time: Ctrl-C gives up what waits", \
		SAYS_NO) \
	X(says_not_followed, "No longer followed here: it goes on, see 8 Work", \
		SAYS_NO) \
	X(says_leave_then, "Leaves as soon as the job is written to disk", \
		SAYS_NO) \
	X(says_thawed, "No longer frozen: the screen goes on", SAYS_NO) \
	X(says_no_connector, "No connector runs on %s: systemctl start ccmqd", \
		SAYS_WITH("hq-mail01")) \
	X(says_no_filter_here, "No filter here: messages, Log and Work have one", \
		SAYS_NO) \
	X(says_no_column, "No column with that letter", SAYS_NO) \
	X(says_one_order, "This list has one order: newest first", SAYS_NO) \
	X(says_undo_none, "Nothing of your %.12s of %s can be taken back any " \
		"more%s", SAYS_WITH("quarantine", "Tue 14:02", \
		": r in Quarantine releases")) \
	X(says_later, "Left as it is: it is in the Log (6), and you are asked " \
		"again at the next start", SAYS_NO) \
	X(says_is_queued, "It waits in the queue already", SAYS_NO) \
	X(says_is_importing, "It is in the importer now", SAYS_NO) \
	X(says_cannot, "A message that is %s cannot be %s", \
		SAYS_WITH("quarantined", "retried")) \
	X(says_for_messages, "\"%.64s\" is for messages: Enter opens those of " \
		"a cause", SAYS_WITH("open ticket")) \
	X(says_for_causes, "\"%.64s\" is for causes, which = shows in Queue " \
		"and Failed", SAYS_WITH("open ticket")) \
	X(says_no_subject, "There is no message or cause under the cursor", \
		SAYS_NO) \
	X(says_noted, "Noted on %.150s, for everybody", SAYS_WITH( \
		"code 5 Unknown Date Format")) \
	X(says_mine, "%.120s is yours until %s; m again: not any more", \
		SAYS_WITH("code 5 Unknown Date Format", "16:02")) \
	X(says_mine_now, "%.120s is yours until %s. %s had it until now", \
		SAYS_WITH("#1042", "16:02", "mlopez")) \
	X(says_not_mine, "%.150s is not yours any more", SAYS_WITH("#1042")) \
	X(says_no_message, "There is no message under the cursor", SAYS_NO) \
	X(says_left, "#%" PRId64 " is not in this list any more: %.40s. Enter " \
		"opens it", SAYS_WITH(SAYS_ID, "imported 14:02")) \
	X(says_no_message_here, "There is no message here to do that to", \
		SAYS_NO) \
	X(says_no_such_message, "There is no message #%" PRId64, \
		SAYS_WITH(SAYS_ID)) \
	X(says_forgotten, "Its message is forgotten", SAYS_NO) \
	X(says_written, "Written to %s", SAYS_WITH("/home/mlopez/failed.csv")) \
	X(says_write_what, "Only a list or a message can be written to a file", SAYS_NO) \
	X(says_all_well, "All is well: there is nothing to look at", SAYS_NO) \
	X(says_a_again, "a again: the next that is true (%u more)", \
		SAYS_WITH(3u)) \
	X(says_neighbours, "J and K go through a list of messages; press " \
		"= for it", SAYS_NO) \
	X(says_no_job, "There is no job under the cursor", SAYS_NO) \
	X(says_no_entry, "There is no entry under the cursor: Enter opens " \
		"those of a reason", SAYS_NO) \
	X(says_last_one, "This is the last one", SAYS_NO) \
	X(says_first_one, "This is the first one", SAYS_NO) \
	X(says_how_to_search, "/ searches; n and N go to the next place", \
		SAYS_NO) \
	X(says_not_found, "Not found: %.100s", SAYS_WITH("access denied")) \
	X(says_from_beginning, "From the beginning again", SAYS_NO) \
	X(says_from_end, "From the end again", SAYS_NO) \
	X(says_no_groups, "Causes are in Queue and Failed, reasons in .und", \
		SAYS_NO) \
	X(says_ages_others, "They wrote less than those above; press = for " \
		"the list", SAYS_NO) \
	X(says_no_search_here, "n and N search in texts; / filters a list", \
		SAYS_NO) \
	/* what an empty list says */ \
	X(says_empty_queue, "Nothing waits.", SAYS_NO) \
	X(says_empty_deferred, "Nothing is deferred.", SAYS_NO) \
	X(says_empty_failed, "Nothing failed.", SAYS_NO) \
	X(says_empty_quarantine, "Nothing is set aside.", SAYS_NO) \
	X(says_empty_trash, "The trash is empty.", SAYS_NO) \
	X(says_empty_trash_full, "The trash is empty: nothing to free here. " \
		"Look at .und (5), and at the disk (df).", SAYS_NO) \
	X(says_empty_done, "Nothing was imported, or it is forgotten.", \
		SAYS_NO) \
	X(says_empty_looked, "Nothing found as far as was looked.", SAYS_NO) \
	X(says_empty_filter, "Nothing matches the filter.", SAYS_NO) \
	X(says_cause_gone, "No message has this cause any more. What happened " \
		"last stands below", SAYS_NO) \
	X(says_empty_cause, "No message of this cause any more. q goes back.", \
		SAYS_NO) \
	X(says_empty_und, "Nothing was undeliverable so far.", SAYS_NO) \
	X(says_empty_reason, "No entry of this reason any more. q goes back.", \
		SAYS_NO) \
	X(says_empty_log, "Nothing has happened yet.", SAYS_NO) \
	X(says_empty_log_filter, "Nothing here is about such a message; what " \
		"was imported is in Done.", SAYS_NO) \
	X(says_empty_ages_then, "The ages of what waited then are not " \
		"known. :now goes back.", SAYS_NO) \
	X(says_empty_work, "Nothing was done to messages yet.", SAYS_NO) \
	X(says_empty_items, "Its messages are forgotten.", SAYS_NO) \
	/* under a list */ \
	X(says_info_ages, "%s%s message%s of %s sender%s   at %s   = by cause", \
		SAYS_WITH("1,204", "+", "s", "419", "s", "14:02")) \
	X(says_info_causes, "%s cause%s, %s message%s", SAYS_WITH("12", "s", \
		"1,204", "s")) \
	X(says_info_newest_failure, "newest failure first", SAYS_NO) \
	X(says_info_newest, "newest first", SAYS_NO) \
	X(says_info_as_list, "= as list", SAYS_NO) \
	X(says_info_shown_of, " shown of %s", SAYS_WITH("1,204")) \
	X(says_info_tagged, "   %s tagged", SAYS_WITH("1,204")) \
	X(says_info_range, "   range: v ends it", SAYS_NO) \
	X(says_info_filter, "   filter: %s", SAYS_WITH("from:grewal")) \
	X(says_info_filter_then, "   the filter is of now alone", SAYS_NO) \
	X(says_info_stopped, "   stopped looking: / and Enter go on", SAYS_NO) \
	X(says_info_reasons, "%s reason%s   newest first   = all entries", \
		SAYS_WITH("12", "s")) \
	X(says_info_entries, "%s entr%s   ", SAYS_WITH("1,204", "ies")) \
	X(says_info_by_reason, "   = by reason", SAYS_NO) \
	X(says_info_jobs, "running first   Enter: its messages", SAYS_NO) \
	X(says_info_frozen, "FROZEN, %s change%s, z goes on   ", \
		SAYS_WITH("1,204", "s")) \
	X(says_info_then, ", . :now ends it   ", SAYS_NO) \
	X(says_info_many_newer, "many newer   ", SAYS_NO) \
	X(says_info_newer, "%s newer   ", SAYS_WITH("37")) \
	X(says_info_log_filter, "%s%s shown   filter: %s%s   ", SAYS_WITH( \
		"17", "+", "from:grewal", " (as far as was looked)")) \
	X(says_info_log_partial, " (as far as was looked)", SAYS_NO) \
	X(says_info_log, "newest first   ! what matters   Enter opens", \
		SAYS_NO) \
	/* above a list */ \
	X(says_importer, " In the importer since %s, limit %s: #%" PRId64 "  ", \
		SAYS_WITH("14:02:26", "2m", SAYS_ID)) \
	X(says_importer_then, "then: %s, %.*s  ", SAYS_WITH("quarantine", 6, \
		"mlopez")) \
	X(says_importer_none, " Nothing is in the importer.", SAYS_NO) \
	X(says_importer_at, " In %s importer since %s: #%" PRId64 "  ", \
		SAYS_WITH("their", "14:02:26", SAYS_ID)) \
	X(says_importer_none_then, " Nothing was in the importer.", SAYS_NO) \
	X(says_importer_none_theirs, " Nothing is in their importer.", \
		SAYS_NO) \
	X(says_und_size, " ccmail.und: what IMPORT could not deliver   %s, " \
		"rotates at %s", SAYS_WITH("18.4M", "64.0M")) \
	X(says_und_size_brief, " ccmail.und  %s, rotates at %s", \
		SAYS_WITH("18.4M", "64.0M")) \
	X(says_und_before, "; before that %s", SAYS_WITH("64.0M")) \
	X(says_und_before_brief, "; old %s", SAYS_WITH("64.0M")) \
	X(says_und_no_growth, " Growth none in the last hour.", SAYS_NO) \
	X(says_und_growth, " Growth +%s in 10 min, +%s in 1 hour.   ", \
		SAYS_WITH("1.8M", "2.1M")) \
	X(says_und_growth_brief, " +%s in 10 min, +%s in 1 h", \
		SAYS_WITH("619 bytes", "999 bytes")) \
	X(says_und_no_danger, "Disk lasts over a year", SAYS_NO) \
	X(says_und_lasts, "Disk as a whole lasts %s", SAYS_WITH("15d")) \
	/* below a prompt */ \
	X(says_keys_looking, "Looking; Esc: nothing", SAYS_NO) \
	X(says_keys_facts, "PgDn, PgUp: on, back  any other: the fields", \
		SAYS_NO) \
	X(says_keys_facts_brief, "PgDn: on  any other: back", SAYS_NO) \
	X(says_keys_brief, "Tab: next  Esc: nothing", SAYS_NO) \
	X(says_keys_choice_brief, "Space: turns  Tab: next", SAYS_NO) \
	X(says_keys_choice, "Space: turns  Tab: next field  Esc: nothing", \
		SAYS_NO) \
	X(says_keys_reasons, "Up Down: reasons used before  Tab: next  " \
		"Esc: nothing", SAYS_NO) \
	X(says_keys_decides, "Tab: the other fields  n, q, Esc: nothing", \
		SAYS_NO) \
	X(says_keys_field, "Tab: next field  Esc: nothing", SAYS_NO) \
	X(says_keys_more, "PgDn: more facts", SAYS_NO) \
	X(says_keys_more_brief, "PgDn: facts", SAYS_NO) \
	X(says_keys_question, "One of these keys; any other does nothing", \
		SAYS_NO) \
	/* what is followed, and of others */ \
	X(says_takes_it_back, "  u takes it back", SAYS_NO) \
	X(says_takes_back, "  u takes back %s", SAYS_WITH("1,204")) \
	X(says_paused, "; paused: %s", SAYS_WITH("3 failed again, code 5")) \
	X(says_runs, "%.20s: %.12s, %s of %s", SAYS_WITH("mlopez", \
		"quarantine", "120,250", "200,000")) \
	X(says_too_small, "ccmq wants 40x10; q leaves", SAYS_NO) \
	/* words of the header */ \
	X(says_top_watches, " submit %s import %s bad %s", SAYS_WITH( \
		"1,204", "1", "12")) \
	X(says_top_and_held, ", and held", SAYS_NO) \
	X(says_top_tests_now, ", tests now", SAYS_NO) \
	X(says_top_tests, ", tests again %s", SAYS_WITH("Tue 03:14")) \
	X(says_top_until, " until %s", SAYS_WITH("Tue 04:00")) \
	X(says_top_since, " since %s", SAYS_WITH("Tue 02:44")) \
	X(says_top_others, "also on: ", SAYS_NO) \
	X(says_top_others_brief, "%zu on", SAYS_WITH((size_t)12)) \
	X(says_top_then, "!  AS IT WAS AT", SAYS_NO) \
	/* prompts: what follows, and how it ends */ \
	X(says_hold_then, "Mail is taken in, nothing is imported; what is in " \
		"the importer now goes on to its end.", SAYS_NO) \
	X(says_hold_end, "c r resumes, or the time below.", SAYS_NO) \
	X(says_drain_then, "Nothing is taken in; when the queue is empty " \
		"(deferred ones stay) it holds.", SAYS_NO) \
	X(says_resume_then, "It goes on: takes in and imports. One that has " \
		"tripped tests at once.", SAYS_NO) \
	X(says_resume_end, "c h holds it.", SAYS_NO) \
	X(says_test_then, "It tries one message now, also while it is held or " \
		"tripped; the result comes here.", SAYS_NO) \
	X(says_test_end, "A message that is imported stays imported.", \
		SAYS_NO) \
	X(says_until_so, "Such as 04:00, 2h or 2026-11-23 04:00", SAYS_NO) \
	X(says_leave_out, "leave those %s out", SAYS_WITH("31")) \
	X(says_leave_out_one, "leave that one out", SAYS_NO) \
	X(says_put_back_too, "put them back too", SAYS_NO) \
	X(says_put_back_too_one, "put it back too", SAYS_NO) \
	X(says_none_left, "Then nothing is left to do", SAYS_NO) \
	/* questions */ \
	X(says_leave, "Job %" PRId64 ", your %.20s, stops when you leave, with " \
		"%s of %s to come.  y: leave   Esc: stay", SAYS_WITH( \
		(int64_t)17, "quarantine", "79,750", "200,000")) \
	X(says_stop_job, "Stop job %" PRId64 ", the %.20s of %.60s?  What was not " \
		"put back stays where it is.  y: stop it   Esc: nothing", \
		SAYS_WITH((int64_t)17, "retry", "mlopez")) \
	X(says_resent, "Entry %" PRId64 " is queued again, as #%" PRId64, \
		SAYS_WITH((int64_t)12, (int64_t)1042)) \
	X(says_not_resent, "Entry %" PRId64 ": %.200s", \
		SAYS_WITH((int64_t)12, "it was resent as #1042")) \
	X(says_connector, "Connector:  h hold   d drain   r resume   t test " \
		"with one message   Esc: nothing", SAYS_NO) \
	X(says_sort, "Sort by%.200s   again: the other way", SAYS_WITH( \
		"  i ID  s SINCE  t TRIES  z SIZE  r RESULT  f FROM  " \
		"u SUBJECT")) \
	X(says_unfinished, "Your %.20s of %s stopped after %s; %s left.  " \
		"g: go on   d: drop the rest   Esc: later", SAYS_WITH("quarantine", \
		"200,000", "120,250", "79,750")) \
	X(says_in_hand, "%.40s has %.40s in hand since %s, until %s.  y: do it " \
		"all the same   Esc: nothing", SAYS_WITH("mlopez", "#1042", \
		"14:02", "16:02")) \
	X(says_which, "Which?  t: the %s tagged   c: #%" PRId64 " under the " \
		"cursor   Esc: nothing", SAYS_WITH("1,204", SAYS_ID)) \
	/* hints */ \
	X(says_hint_command, "An action, a view, #1042, at 02:40.  Tab " \
		"completes, Enter does it", SAYS_NO) \
	X(says_hint_filter, "Filter: %s%s shown.  from:grewal subject:\"x\" " \
		"code:1 age>2h -word", SAYS_WITH("1,204", "+")) \
	X(says_hint_filter_work, "Filter: %s%s shown.  by:mlopez state:paused " \
		"verb:retry reason:x word -word", SAYS_WITH("12", "")) \
	X(says_hint_no_filter, "No filter: %.380s", SAYS_WITH( \
		"no key \"sate\"; did you mean \"state\"?")) \
	X(says_hint_search, "Search; then n and N go on", SAYS_NO) \
	X(says_hint_write_message, "Write #%" PRId64 " as it is, to a new " \
		"file", SAYS_WITH(SAYS_ID)) \
	X(says_hint_write_list, "Write the list to a new file: text, or " \
		".csv, or .json", SAYS_NO) \
	X(says_hint_note, "A note on %.150s, for everybody; it stays", \
		SAYS_WITH("code 5 Unknown Date Format")) \
	X(says_hint_incident, "The incident note of %.120s to a new file: text, " \
		"or .md, or .json", SAYS_WITH("code 5 Unknown Date Format")) \
	X(says_hint_pipe, "Pipe #%" PRId64 " to a command; what it prints is " \
		"shown", SAYS_WITH(SAYS_ID)) \
	X(says_pipe_runs, "The command runs; what it prints is shown when it " \
		"ends", SAYS_NO) \
	X(says_wants_more, "It wants more behind it: a number, or a time such as 02:40", SAYS_NO) \
	X(says_begin_so, "%zu begin so: which?", SAYS_WITH((size_t)12)) \
	X(says_not_here, "%s is not for this screen", \
		SAYS_WITH("previous-message")) \
	/* what work came to */ \
	X(says_connector_done, "Done: %s.  u takes it back", \
		SAYS_WITH("resume")) \
	X(says_nothing_to_do, "Nothing to do: it %.200s", \
		SAYS_WITH("is held already, for the same reason")) \
	X(says_undone, "Done: the %.20s is taken back", SAYS_WITH("resume")) \
	X(says_undone_none, "Nothing was done: the %.20s had ended already", \
		SAYS_WITH("hold")) \
	X(says_test_asked, "Asked for a test; its result comes here", \
		SAYS_NO) \
	X(says_test, "Test: %.200s", SAYS_WITH( \
		"#2021 rejected, code 1; it waits again")) \
	X(says_waiting, "Waiting for the store, which is being written by " \
		"%.50s. Ctrl-C gives up", SAYS_WITH("ccmqd (pid 4711)")) \
	X(says_under_way, "%s is under way", SAYS_WITH("resume")) \
	X(says_keys_chore, "Esc: stop", SAYS_NO) \
	X(says_sorting, "Reading all of them, to put them in order", SAYS_NO) \
	X(says_not_sorted, "Stopped: in the order as before", SAYS_NO) \
	X(says_tagging, "Tagging: %s so far", SAYS_WITH("118,000")) \
	X(says_none_tagged, "Stopped: none of them was tagged", SAYS_NO) \
	X(says_writing, "Writing the list: %s rows so far", \
		SAYS_WITH("118,000")) \
	X(says_none_written, "Stopped: nothing was written", SAYS_NO)

/* Formats that the compiler still checks. */
#define X(name, format, ...) static const char name[] = format;
SAYS_LIST(X)
#undef X

#endif
