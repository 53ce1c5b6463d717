/* SPDX-License-Identifier: ISC */
/* verdict_store: the rows about the store and the connector. See
 * verdict_private.h. */
#include "store/verdict_private.h"
#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SAY(...) snprintf(v->text, sizeof v->text, __VA_ARGS__)
#define BRIEF(...) snprintf(v->brief, sizeof v->brief, __VA_ARGS__)

static bool
given(const char *text)
{
	return text && *text;
}

bool
verdict_replaced_holds(const struct verdict_facts *f)
{
	return f->replaced_at != 0;
}

void
verdict_replaced_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX];

	text_time(at, f->replaced_at, f->now);
	if (f->replaced_running)
		SAY("history.db was replaced while ccmqd runs: "
			"what it writes is lost");
	else
		SAY("history.db was replaced at %s, ccmqd ended. "
			"See a before starting it", at);
	BRIEF("history.db was replaced at %s", at);
}

bool
verdict_store_holds(const struct verdict_facts *f)
{
	return given(f->write_error) || f->needs_check;
}

/* What SQLite said is behind what it was that was tried. */
static const char *
after_last(const char *text, const char *word)
{
	const char *found = NULL;

	for (const char *p = strstr(text, word); p; p = strstr(p + 1, word))
		found = p + strlen(word);
	return found ? found : "";
}

void
verdict_store_say(const struct verdict_facts *f, struct verdict *v)
{
	const char *said = f->needs_check ? "" :
		after_last(f->write_error, "history: ");

	if (f->needs_check) {
		BRIEF("Held until ccmq check finds nothing");
		if (given(f->check_why))
			verdict_join(v->text, "Held: ", f->check_why, "");
		else
			SAY("%s", v->brief);
		return;
	}
	if (!*said) {
		verdict_join(v->text, "ccmqd cannot go on: ", f->write_error,
			"");
		BRIEF("ccmqd cannot go on");
		return;
	}
	verdict_join(v->text, "The history cannot be written: ", said, "");
	BRIEF("The history cannot be written");
}

static bool
disk_under(const struct verdict_facts *f)
{
	return f->disk_min_bytes && f->disk_free_bytes < f->disk_min_bytes;
}

/* One that runs says itself whether it stands, by settings of its own; what one
 * said that is silent now is old. */
bool
verdict_disk_holds(const struct verdict_facts *f)
{
	if (f->disk_told && !verdict_silent_holds(f))
		return f->disk_low;
	return f->disk_low || f->disk_inodes_low || disk_under(f);
}

/* Nobody of ours waits for that disk, and what a connector does without one is
 * not known. */
static void
say_their_disk(const struct verdict_facts *f, struct verdict *v)
{
	char free_text[TEXT_NUMBER_MAX], least[TEXT_NUMBER_MAX];

	text_size_words(free_text, f->disk_free_bytes);
	text_size(least, f->disk_min_bytes);
	v->opens = VERDICT_OPENS_UND;
	if (disk_under(f)) {
		SAY("Disk %s free, under %s, where the watched connector "
			"works", free_text, least);
		BRIEF("Disk %s free: it may stand", free_text);
	} else {
		SAY("Disk has hardly any inodes left where the watched "
			"connector works");
		BRIEF("Disk out of inodes: it may stand");
	}
}

void
verdict_disk_say(const struct verdict_facts *f, struct verdict *v)
{
	char free_text[TEXT_NUMBER_MAX], least[TEXT_NUMBER_MAX];

	if (f->watches) {
		say_their_disk(f, v);
		return;
	}
	if (f->disk_inodes_low) {
		SAY("Disk has hardly any inodes left: nothing is taken in or "
			"imported");
		BRIEF("Disk out of inodes: all stands");
		return;
	}
	text_size_words(free_text, f->disk_free_bytes);
	/* It goes on above one and a half times the least. */
	text_size(least, disk_under(f) ? f->disk_min_bytes :
		f->disk_min_bytes + f->disk_min_bytes / 2);
	SAY("Disk %s free, %s %s: nothing is taken in or imported", free_text,
		disk_under(f) ? "under" : "not yet over", least);
	BRIEF("Disk %s free: all stands", free_text);
}

bool
verdict_stopped_holds(const struct verdict_facts *f)
{
	return !f->running;
}

void
verdict_stopped_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX];

	if (!f->stopped_at) {
		SAY("No connector has run yet. systemctl start ccmqd");
		BRIEF("No connector has run yet");
		return;
	}
	text_time(at, f->stopped_at, f->now);
	SAY("No connector since %s, %s. systemctl start ccmqd", at,
		f->ended_unclean ? "it did not end by itself" :
		"it was told to end");
	BRIEF("No connector since %s", at);
}

bool
verdict_silent_holds(const struct verdict_facts *f)
{
	int64_t limit = VERDICT_SILENT_SCANS * f->scan_interval_ms;

	if (limit < CLOCK_MINUTE)
		limit = CLOCK_MINUTE;
	/* A sign from the future is one of before the clock was set back. */
	return f->running && f->last_sign_at &&
		(f->now - f->last_sign_at >= limit ||
		 f->last_sign_at - f->now >= limit);
}

void
verdict_silent_say(const struct verdict_facts *f, struct verdict *v)
{
	char away[TEXT_NUMBER_MAX];

	if (f->last_sign_at > f->now) {
		SAY("Connector runs, but no sign of life since the clock was "
			"set back");
		BRIEF("No sign of life");
		return;
	}
	verdict_span(away, f->now - f->last_sign_at, false);
	SAY("Connector runs, but no sign of life for %s", away);
	BRIEF("No sign of life for %s", away);
}

bool
verdict_restarts_holds(const struct verdict_facts *f)
{
	return f->bad_ends >= 3;
}

void
verdict_restarts_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX], before[100];

	text_time(at, f->bad_ends_from, f->now);
	snprintf(before, sizeof before, "ccmqd ended badly %u times since "
		"%s%s", f->bad_ends, at, given(f->bad_end_why) ? ": " : "");
	verdict_join(v->text, before, f->bad_end_why, "");
	BRIEF("ccmqd ended badly %u times", f->bad_ends);
}

bool
verdict_tripped_holds(const struct verdict_facts *f)
{
	return f->breaker_open;
}

void
verdict_tripped_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX], result[32];

	text_count(count, f->breaker_streak);
	if (f->breaker_classes)
		*result = '\0';
	else if (f->breaker_mixed)
		snprintf(result, sizeof result, ", %s",
			class_word(f->breaker_class));
	else if (f->breaker_signal > 0)
		snprintf(result, sizeof result, ", signal %d",
			f->breaker_signal);
	else if (f->breaker_code >= 0)
		snprintf(result, sizeof result, ", code %d", f->breaker_code);
	else
		snprintf(result, sizeof result, ", %s",
			class_word(f->breaker_class));
	SAY("Likely the post office or importer, not the mail: %s in a row%s",
		count, result);
	if (BRIEF("Not the mail: %s in a row%s", count, *result ? result + 1 :
	    "") > VERDICT_BRIEF_COLUMNS)
		BRIEF("%s in a row%s", count, result);
}

bool
verdict_loop_holds(const struct verdict_facts *f)
{
	return f->loop_tries > 0;
}

void
verdict_loop_say(const struct verdict_facts *f, struct verdict *v)
{
	char tries[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX], left[TEXT_NUMBER_MAX];
	char name[VERDICT_BYTES], full[60] = "";

	if (f->disk_full_in_ms > 0 && f->disk_full_in_ms < VERDICT_SOON_MS)
		snprintf(full, sizeof full, "; disk full in %s",
			verdict_span(left, f->disk_full_in_ms, false));
	verdict_foreign(name, f->loop_name, 20);
	text_exact(tries, f->loop_tries);
	SAY("LOOP: %.100s tried %s times since %s%s", name, tries,
		text_time(at, f->loop_since, f->now), full);
	BRIEF("LOOP: %.100s, %s times", name, tries);
	v->opens_id = f->loop_id;
}

bool
verdict_path_holds(const struct verdict_facts *f)
{
	return f->path_at != 0;
}

void
verdict_path_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX], before[100];

	text_time(at, f->path_at, f->now);
	if (f->path_code >= 0)
		snprintf(before, sizeof before, "The control message of %s "
			"failed: code %d%s", at, f->path_code,
			given(f->path_words) ? ", " : "");
	else
		snprintf(before, sizeof before, "The control message of %s "
			"failed%s", at, given(f->path_words) ? ": " : "");
	verdict_join(v->text, before, f->path_words, "");
	BRIEF("Control message of %s failed", at);
}

bool
verdict_lane_holds(const struct verdict_facts *f)
{
	return f->lane > 0;
}

void
verdict_lane_say(const struct verdict_facts *f, struct verdict *v)
{
	char what[60] = "What an import left", pid[40] = "";
	char at[TEXT_TIME_MAX], since[60] = "";

	if (f->lane_id)
		snprintf(what, sizeof what, "#%" PRId64 "'s program",
			f->lane_id);
	if (f->lane_pid)
		snprintf(pid, sizeof pid, " (pid %" PRId64 ")", f->lane_pid);
	if (f->lane_since)
		snprintf(since, sizeof since, " since %s",
			text_time(at, f->lane_since, f->now));
	if (f->lane_unusable)
		SAY("Lane %d stands%s: its lock or files cannot be had",
			f->lane, since);
	else
		SAY("%s%s cannot be ended: lane %d stands%s", what, pid,
			f->lane, since);
	BRIEF("Lane %d stands%s", f->lane, since);
	v->opens_id = f->lane_id;
	if (!f->lane_id)
		v->opens = VERDICT_OPENS_LOG;
}

bool
verdict_moves_holds(const struct verdict_facts *f)
{
	return f->moves > 0 || f->lost > 0;
}

void
verdict_moves_say(const struct verdict_facts *f, struct verdict *v)
{
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX], before[120];
	bool one = (f->moves ? f->moves : f->lost) == 1;

	text_count(n, f->moves ? f->moves : f->lost);
	if (!f->moves) {
		SAY("%s message%s lost %s file%s, %s %s: see ccmq check", n,
			one ? "" : "s", one ? "its" : "their", one ? "" : "s",
			one ? "at" : "newest", text_time(at, f->lost_at,
				f->now));
		BRIEF("%s lost %s file%s", n, one ? "its" : "their",
			one ? "" : "s");
		return;
	}
	snprintf(before, sizeof before, "%s file%s cannot be moved, %.20s/ to "
		"%.20s%s%s", n, one ? "" : "s", f->moves_from ? f->moves_from :
		"", given(f->moves_to) ? f->moves_to : "nowhere",
		given(f->moves_to) ? "/" : "", given(f->moves_why) ? ": " :
		": see ccmq check");
	verdict_join(v->text, before, f->moves_why, "");
	BRIEF("%s file%s cannot be moved", n, one ? "" : "s");
}

bool
verdict_und_holds(const struct verdict_facts *f)
{
	return f->und_growth_per_hour > 0 && f->disk_full_in_ms > 0 &&
		f->disk_full_in_ms <= CLOCK_DAY;
}

void
verdict_und_say(const struct verdict_facts *f, struct verdict *v)
{
	char growth[TEXT_NUMBER_MAX], left[TEXT_NUMBER_MAX];

	text_size_words(growth, f->und_growth_per_hour);
	verdict_span(left, f->disk_full_in_ms, false);
	SAY(".und grows %s/h; disk full in %s at this rate", growth, left);
	BRIEF(".und: disk full in %s", left);
}

bool
verdict_backlog_holds(const struct verdict_facts *f)
{
	return f->submit_waiting && !f->draining && f->scan_interval_ms > 0 &&
		f->submit_oldest_ms > VERDICT_SCANS * f->scan_interval_ms;
}

void
verdict_backlog_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX], age[TEXT_NUMBER_MAX];
	const char *more = f->submit_more ? "+" : "";
	bool one = f->submit_waiting == 1 && !f->submit_more;

	text_exact(count, f->submit_waiting);
	SAY("%s%s file%s in submit/ not taken in, %s %s", count, more,
		one ? "" : "s", one ? "for" : "oldest", verdict_span(age,
			f->submit_oldest_ms, false));
	BRIEF("%s%s file%s wait%s in submit/", text_count(count,
		f->submit_waiting), more, one ? "" : "s", one ? "s" : "");
}

bool
verdict_leftover_holds(const struct verdict_facts *f)
{
	return f->foreign_files > 0;
}

void
verdict_leftover_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX], before[80];
	bool one = f->foreign_files == 1;

	text_count(count, f->foreign_files);
	snprintf(before, sizeof before, "%s foreign file%s in import/%s",
		count, one ? "" : "s", given(f->foreign_names) ? ": " : "");
	verdict_join(v->text, before, f->foreign_names, "");
	BRIEF("%s foreign file%s in import/", count, one ? "" : "s");
}

bool
verdict_held_holds(const struct verdict_facts *f)
{
	return (f->held && !f->needs_check) || f->draining;
}

void
verdict_held_say(const struct verdict_facts *f, struct verdict *v)
{
	char by[VERDICT_BYTES], at[TEXT_TIME_MAX], until[TEXT_TIME_MAX + 8];
	char before[VERDICT_BYTES];
	const char *word = f->draining ? "Drain" : "Held";
	const char *after = f->draining ? ". Takes nothing in" :
		". Imports nothing";

	until[0] = '\0';
	if (f->hold_until)
		snprintf(until, sizeof until, " until %s",
			text_time(at, f->hold_until, f->now));
	verdict_foreign(by, given(f->hold_by) ? f->hold_by : "someone",
		VERDICT_NAME_COLUMNS);
	snprintf(before, sizeof before, "%s by %.120s%s%s", word, by, until,
		given(f->hold_reason) ? ": " : "");
	verdict_join(v->text, before, f->hold_reason, after);
	BRIEF("%s by %.120s%s", word, by, until);
}

bool
verdict_wal_holds(const struct verdict_facts *f)
{
	return f->wal_bytes > VERDICT_WAL_BYTES;
}

void
verdict_wal_say(const struct verdict_facts *f, struct verdict *v)
{
	char size[TEXT_NUMBER_MAX], name[VERDICT_BYTES], who[200] = "Something";

	text_size(size, f->wal_bytes);
	if (f->wal_pid)
		snprintf(who, sizeof who, "A reader (pid %" PRId64 "%s%.60s)",
			f->wal_pid, given(f->wal_program) ? ", " : "",
			verdict_foreign(name, f->wal_program, 12));
	SAY("%s keeps the history from shrinking: %s", who, size);
	BRIEF("The history's WAL is %s", size);
}
