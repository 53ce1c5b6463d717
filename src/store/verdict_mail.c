/* SPDX-License-Identifier: ISC */
/* verdict_mail: the rows about what is imported, waits and failed. See
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
verdict_stuck_holds(const struct verdict_facts *f)
{
	return f->hand_id && f->hand_limit_ms > 0 &&
		f->now - f->hand_since > f->hand_limit_ms;
}

void
verdict_stuck_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX], limit[TEXT_NUMBER_MAX];

	text_time(at, f->hand_since, f->now);
	SAY("#%" PRId64 " in the importer since %s, limit %s", f->hand_id, at,
		verdict_span(limit, f->hand_limit_ms, false));
	BRIEF("#%" PRId64 " runs since %s", f->hand_id, at);
	v->opens_id = f->hand_id;
}

/* Since when the importer has not answered. */
static int64_t
unanswered_ms(const struct verdict_facts *f)
{
	return f->now - (f->answer_at > f->hand_since ? f->answer_at :
		f->hand_since);
}

bool
verdict_blocked_holds(const struct verdict_facts *f)
{
	int64_t most = VERDICT_BLOCKED_TIMES * f->usual_ms;

	if (most < VERDICT_BLOCKED_LEAST_MS)
		most = VERDICT_BLOCKED_LEAST_MS;
	return f->hand_id && f->waiting > 0 && unanswered_ms(f) > most &&
		!verdict_stuck_holds(f);
}

void
verdict_blocked_say(const struct verdict_facts *f, struct verdict *v)
{
	char in[TEXT_NUMBER_MAX], usual[TEXT_NUMBER_MAX], n[TEXT_NUMBER_MAX];
	char others[60] = "", known[60] = "";

	verdict_span(in, unanswered_ms(f), false);
	text_count(n, f->waiting);
	if (f->hand_count > 1)
		snprintf(others, sizeof others, " and %s more", text_count(
			usual, f->hand_count - 1));
	if (f->usual_ms)
		snprintf(known, sizeof known, ", usual %s",
			f->usual_ms < 100 ? "under 0.1 s" :
			verdict_span(usual, f->usual_ms, true));
	SAY("#%" PRId64 "%s in the importer for %s%s; %s wait%s%s",
		f->hand_id, others, in, known, n, f->waiting == 1 ? "s" : "",
		f->hand_count > 1 ? "" : " behind it");
	BRIEF("#%" PRId64 " for %s; %s wait%s", f->hand_id, in, n,
		f->waiting == 1 ? "s" : "");
	v->opens_id = f->hand_id;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

bool
verdict_due_for_long(const struct verdict_facts *f)
{
	return f->due > 0 && f->scan_interval_ms > 0 && f->due_since &&
		f->now - f->due_since > VERDICT_SCANS * f->scan_interval_ms;
}

/* One from the future is of before the clock was set back: unknown. */
static int64_t
import_at(const struct verdict_facts *f)
{
	return f->last_import_at - f->now > CLOCK_MINUTE ? 0 :
		f->last_import_at;
}

static bool
imported_lately(const struct verdict_facts *f)
{
	return import_at(f) && f->now - import_at(f) <=
		VERDICT_SCANS * f->scan_interval_ms;
}

/* Nothing is due just now, but what is deferred was tried in vain for some
 * times, and since the first of it came nothing was imported (or: others were).
 * While the breaker is open that is what it says. */
static bool
in_vain(const struct verdict_facts *f, bool others_pass)
{
	return f->vain > 0 && !f->breaker_open &&
		(import_at(f) > f->vain_since) == others_pass;
}

bool
verdict_waiting_holds(const struct verdict_facts *f)
{
	return !f->held && ((verdict_due_for_long(f) && !imported_lately(f)) ||
		in_vain(f, false));
}

void
verdict_waiting_say(const struct verdict_facts *f, struct verdict *v)
{
	/* Something was due, and nothing was imported: since then. */
	int64_t since = later(f->due_since, import_at(f));
	char at[TEXT_TIME_MAX], n[TEXT_NUMBER_MAX];
	const char *more = f->due_more ? "+" : "";
	bool one = f->due == 1, answers = f->answer_at > since;

	if (!verdict_due_for_long(f)) {
		text_time(at, f->vain_since, f->now);
		text_count(n, f->vain);
		SAY("None is imported since %s: %s deferred, tried again and "
			"again", at, n);
		BRIEF("None imported since %s", at);
		return;
	}
	text_time(at, since, f->now);
	text_count(n, f->due);
	SAY("%s since %s: %s%s %s due%s", answers ? "None is imported" :
		"Nothing moves", at, n, more, one ? "is" : "are", answers ?
		", and the importer answers" : ". a says what is known");
	BRIEF("%s since %s: %s%s due", answers ? "None imported" :
		"Nothing moves", at, n, more);
}

bool
verdict_job_holds(const struct verdict_facts *f)
{
	return f->job_total > 0;
}

void
verdict_job_say(const struct verdict_facts *f, struct verdict *v)
{
	char by[VERDICT_BYTES], done[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];
	char before[VERDICT_BYTES];
	const char *verb = given(f->job_verb) ? f->job_verb : "job";

	verdict_foreign(by, given(f->job_by) ? f->job_by : "someone",
		VERDICT_NAME_COLUMNS);
	text_exact(done, f->job_done);
	text_exact(all, f->job_total);
	snprintf(before, sizeof before, "%.100s's %.20s paused after %s of "
		"%s%s", by, verb, done, all, given(f->job_why) ? ": " : "");
	verdict_join(v->text, before, f->job_why, "");
	BRIEF("%.100s's %.20s paused by itself", by, verb);
}

bool
verdict_storm_holds(const struct verdict_facts *f)
{
	return f->storm_count >= VERDICT_STORM_LEAST &&
		f->now - f->storm_to <= CLOCK_HOUR;
}

void
verdict_storm_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX], from[TEXT_TIME_MAX], to[TEXT_TIME_MAX];
	char before[VERDICT_BYTES], until[TEXT_TIME_MAX + 8] = "";

	text_time(from, f->storm_from, f->now);
	text_time(to, f->storm_to, f->now);
	if (strcmp(from, to) != 0)
		snprintf(until, sizeof until, " to %s", to);
	snprintf(before, sizeof before, "%s failed %s %s%s for one reason: ",
		text_count(count, f->storm_count), *until ? "from" : "at",
		from, until);
	verdict_join(v->text, before, f->storm_reason, "");
	BRIEF("%s failed for one reason", count);
}

bool
verdict_doubtful_holds(const struct verdict_facts *f)
{
	return f->doubtful > 0;
}

void
verdict_doubtful_say(const struct verdict_facts *f, struct verdict *v)
{
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX], before[120];
	const char *more = f->doubtful_more ? "+" : "";

	text_count(n, f->doubtful);
	text_time(at, f->doubtful_at, f->now);
	BRIEF("%s%s may have been delivered", n, more);
	if (f->doubtful_wait)
		v->opens = VERDICT_OPENS_QUEUE;
	if (given(f->doubtful_why)) {
		snprintf(before, sizeof before, "%.50s at %s: ",
			f->doubtful_why, at);
		SAY("%s%s%s may have been delivered already", before, n,
			more);
		return;
	}
	SAY("%s%s may have been delivered already, newest %s", n, more, at);
}

bool
verdict_again_holds(const struct verdict_facts *f)
{
	return f->again_id && f->now - f->again_at < CLOCK_DAY;
}

static const char *
ordinal_ending(unsigned n)
{
	if (n / 10 % 10 == 1)
		return "th";
	return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" :
		n % 10 == 3 ? "rd" : "th";
}

void
verdict_again_say(const struct verdict_facts *f, struct verdict *v)
{
	char times[40] = "";

	if (f->again_times > 1)
		snprintf(times, sizeof times, ", for the %u%s time",
			f->again_times, ordinal_ending(f->again_times));
	SAY("#%" PRId64 " failed again after a retry%s%s", f->again_id, times,
		f->rest_flows ? ". Everything else flows" : "");
	BRIEF("#%" PRId64 " failed again", f->again_id);
	v->opens_id = f->again_id;
}

bool
verdict_busy_holds(const struct verdict_facts *f)
{
	return !verdict_waiting_holds(f) && ((verdict_due_for_long(f) &&
		imported_lately(f)) || in_vain(f, true));
}

void
verdict_busy_say(const struct verdict_facts *f, struct verdict *v)
{
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX], rate[TEXT_NUMBER_MAX];
	bool one = f->due == 1;

	if (!verdict_due_for_long(f)) {
		text_count(n, f->vain);
		text_time(at, f->vain_since, f->now);
		SAY("%s deferred, tried again and again since %s; others are "
			"imported", n, at);
		BRIEF("%s tried in vain since %s", n, at);
		return;
	}
	text_count(n, f->due);
	text_time(at, f->due_since, f->now);
	SAY("%s%s %s due, oldest since %s; %s/m are imported", n,
		f->due_more ? "+" : "", one ? "is" : "are", at,
		text_count(rate, f->imported_per_minute));
	BRIEF("%s%s due, oldest %s", n, f->due_more ? "+" : "", at);
}

bool
verdict_suspects_holds(const struct verdict_facts *f)
{
	return f->suspects > 0 && !f->breaker_open;
}

void
verdict_suspects_say(const struct verdict_facts *f, struct verdict *v)
{
	char n[TEXT_NUMBER_MAX];
	bool one = f->suspects == 1;

	text_count(n, f->suspects);
	SAY("%s suspect%s can go back now: r on %s cause", n, one ? "" : "s",
		one ? "its" : "their");
	BRIEF("%s suspect%s can go back now", n, one ? "" : "s");
}

bool
verdict_failed_holds(const struct verdict_facts *f)
{
	return f->failed > 0 || f->aside > 0;
}

void
verdict_failed_say(const struct verdict_facts *f, struct verdict *v)
{
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX], newest[60] = "";
	bool one = f->failed == 1;

	if (f->failed_at)
		snprintf(newest, sizeof newest, ", %s %s", one ? "since" :
			"newest", text_time(at, f->failed_at, f->now));
	if (!f->failed) {
		one = f->aside == 1;
		text_count(n, f->aside);
		SAY("the connector quarantined %s, %s %s", n,
			one ? "at" : "newest", text_time(at, f->aside_at,
				f->now));
		BRIEF("%s quarantined by the connector", n);
		v->opens = VERDICT_OPENS_LOG;
		return;
	}
	text_count(n, f->failed);
	SAY("%s failed wait%s for you%s", n, one ? "s" : "", newest);
	BRIEF("%s failed wait%s for you", n, one ? "s" : "");
}

void
verdict_ok_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX];

	if (f->last_import_at)
		SAY("All well: last import %s", text_time(at,
			f->last_import_at, f->now));
	else
		SAY("All well: nothing imported yet");
}
