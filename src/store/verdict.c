/* verdict: see verdict.h for the contract. */
#include "store/verdict.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_COLUMNS 10		/* CONSOLE section 1: a name is cut there */

/* "40 s", "4 min", "19 h", "15 days": whole units, rounded down. */
static const char *
span(char out[TEXT_NUMBER_MAX], int64_t ms)
{
	int64_t minutes = ms / CLOCK_MINUTE;

	if (ms < 2 * CLOCK_MINUTE && ms % CLOCK_MINUTE != 0)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 " s", ms / 1000);
	else if (minutes < 120)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 " min", minutes);
	else if (minutes < 48 * 60)
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 " h", minutes / 60);
	else
		snprintf(out, TEXT_NUMBER_MAX, "%" PRId64 " days",
			minutes / 1440);
	return out;
}

/* A foreign text, printable and at most so many columns. */
static const char *
foreign(char out[VERDICT_BYTES], const char *text, size_t columns)
{
	char printable[VERDICT_BYTES];

	if (!text)
		text = "";
	text_printable(printable, sizeof printable, text,
		strnlen(text, VERDICT_BYTES));
	return width_cut(out, VERDICT_BYTES / 2, printable, columns);
}

/* Joins before, as much of the foreign text as fits, and after. */
static void
join(char out[VERDICT_BYTES], const char *before, const char *text,
	const char *after)
{
	char shown[VERDICT_BYTES];
	size_t taken = width_text(before) + width_text(after);
	size_t room = taken < VERDICT_COLUMNS ? VERDICT_COLUMNS - taken : 0;

	snprintf(out, VERDICT_BYTES, "%.200s%s%.50s", before,
		foreign(shown, text, room), after);
}

/*
 * Each row of the table: `holds` says whether it is true; `say` writes the
 * sentence, and the brief one where its beginning alone would not do.
 */
static bool
stopped_holds(const struct verdict_facts *f)
{
	return !f->running;
}

static void
stopped_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX];

	if (!f->stopped_at) {
		strcpy(v->text, "No connector has run yet. "
			"systemctl start ccmqd");
		strcpy(v->brief, "No connector has run yet");
		return;
	}
	text_time(at, f->stopped_at, f->now);
	snprintf(v->text, sizeof v->text, "No connector since %s, %s. "
		"systemctl start ccmqd", at, f->ended_unclean ?
		"it did not end by itself" : "it was told to end");
	snprintf(v->brief, sizeof v->brief, "No connector since %s", at);
}

static bool
disk_holds(const struct verdict_facts *f)
{
	return f->disk_low;
}

static void
disk_say(const struct verdict_facts *f, struct verdict *v)
{
	char free_text[TEXT_NUMBER_MAX], least[TEXT_NUMBER_MAX];
	bool under = f->disk_free_bytes < f->disk_min_bytes;

	text_size(free_text, f->disk_free_bytes);
	/* It goes on above one and a half times the least (DESIGN 3). */
	text_size(least, under ? f->disk_min_bytes :
		f->disk_min_bytes + f->disk_min_bytes / 2);
	if (f->disk_inodes_low)
		strcpy(v->text, "Disk has hardly any inodes left: "
			"nothing is taken in or imported");
	else
		snprintf(v->text, sizeof v->text, "Disk %s free, %s %s: "
			"nothing is taken in or imported", free_text,
			under ? "under" : "not yet over", least);
	if (f->disk_inodes_low)
		strcpy(v->brief, "Disk out of inodes: all stands");
	else
		snprintf(v->brief, sizeof v->brief, "Disk %s free: all stands",
			free_text);
}

static bool
store_holds(const struct verdict_facts *f)
{
	return f->write_error && *f->write_error;
}

static void
store_say(const struct verdict_facts *f, struct verdict *v)
{
	join(v->text, "The history cannot be written: ", f->write_error, "");
	strcpy(v->brief, "The history cannot be written");
}

static int64_t
silence_ms(const struct verdict_facts *f)
{
	return f->now - f->last_sign_at;
}

static bool
silent_holds(const struct verdict_facts *f)
{
	int64_t limit = VERDICT_SILENT_SCANS * f->scan_interval_ms;

	if (limit < CLOCK_MINUTE)
		limit = CLOCK_MINUTE;
	return f->last_sign_at && silence_ms(f) >= limit;
}

static void
silent_say(const struct verdict_facts *f, struct verdict *v)
{
	char away[TEXT_NUMBER_MAX];

	span(away, silence_ms(f));
	snprintf(v->text, sizeof v->text,
		"Connector runs, but no sign of life for %s", away);
	snprintf(v->brief, sizeof v->brief, "No sign of life for %s", away);
}

static bool
tripped_holds(const struct verdict_facts *f)
{
	return f->breaker_open;
}

static void
tripped_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX], result[32];

	text_count(count, f->breaker_streak);
	if (f->breaker_signal > 0)
		snprintf(result, sizeof result, "signal %d", f->breaker_signal);
	else if (f->breaker_code >= 0)
		snprintf(result, sizeof result, "code %d", f->breaker_code);
	else
		snprintf(result, sizeof result, "%s",
			class_word(f->breaker_class));
	snprintf(v->text, sizeof v->text, "Likely the post office or importer, "
		"not the mail: %s in a row, %s", count, result);
	snprintf(v->brief, sizeof v->brief, "Not the mail: %s in a row %s",
		count, result);
}

static bool
held_holds(const struct verdict_facts *f)
{
	return f->held || f->draining;
}

static void
held_say(const struct verdict_facts *f, struct verdict *v)
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
	foreign(by, f->hold_by && *f->hold_by ? f->hold_by : "someone",
		NAME_COLUMNS);
	snprintf(before, sizeof before, "%s by %.120s%s%s", word, by, until,
		f->hold_reason && *f->hold_reason ? ": " : "");
	join(v->text, before, f->hold_reason, after);
	snprintf(v->brief, sizeof v->brief, "%s by %.120s%s", word, by, until);
}

static bool
backlog_holds(const struct verdict_facts *f)
{
	return f->submit_waiting && f->scan_interval_ms > 0 &&
		f->submit_oldest_ms >
		VERDICT_BACKLOG_SCANS * f->scan_interval_ms;
}

static void
backlog_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX], age[TEXT_NUMBER_MAX];
	const char *files = f->submit_waiting == 1 ? "file" : "files";
	const char *more = f->submit_more ? "+" : "";

	text_exact(count, f->submit_waiting);
	snprintf(v->text, sizeof v->text,
		"%s%s %s in submit/ not taken in, oldest %s", count, more,
		files, span(age, f->submit_oldest_ms));
	snprintf(v->brief, sizeof v->brief, "%s%s %s wait in submit/",
		text_count(count, f->submit_waiting), more, files);
}

static bool
stuck_holds(const struct verdict_facts *f)
{
	/* From half of its limit on: past the limit it is ended at once, and
	 * nobody would ever see what everything waits behind. */
	return f->running_id && f->running_limit_ms > 0 &&
		f->now - f->running_since > f->running_limit_ms / 2;
}

static void
stuck_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX], limit[TEXT_NUMBER_MAX];

	text_time(at, f->running_since, f->now);
	snprintf(v->text, sizeof v->text, "%" PRId64
		" in the importer since %s, limit %s", f->running_id, at,
		span(limit, f->running_limit_ms));
	snprintf(v->brief, sizeof v->brief, "%" PRId64 " runs since %s",
		f->running_id, at);
	v->opens_id = f->running_id;
}

static bool
leftover_holds(const struct verdict_facts *f)
{
	return f->foreign_files > 0;
}

static void
leftover_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX];

	snprintf(v->text, sizeof v->text, "%s foreign file%s in import/",
		text_count(count, f->foreign_files),
		f->foreign_files == 1 ? "" : "s");
}

static bool
storm_holds(const struct verdict_facts *f)
{
	return f->storm_count >= VERDICT_STORM_LEAST &&
		f->now - f->storm_to <= CLOCK_HOUR;
}

static void
storm_say(const struct verdict_facts *f, struct verdict *v)
{
	char count[TEXT_NUMBER_MAX], from[TEXT_TIME_MAX], to[TEXT_TIME_MAX];
	char before[VERDICT_BYTES];

	snprintf(before, sizeof before,
		"%s failed from %s to %s for one reason: ",
		text_count(count, f->storm_count),
		text_time(from, f->storm_from, f->now),
		text_time(to, f->storm_to, f->now));
	join(v->text, before, f->storm_reason, "");
	snprintf(v->brief, sizeof v->brief, "%s failed for one reason", count);
}

static bool
again_holds(const struct verdict_facts *f)
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

static void
again_say(const struct verdict_facts *f, struct verdict *v)
{
	char times[40] = "";

	if (f->again_times > 1)
		snprintf(times, sizeof times, ", for the %u%s time",
			f->again_times, ordinal_ending(f->again_times));
	snprintf(v->text, sizeof v->text,
		"%" PRId64 " failed again after a retry%s%s", f->again_id,
		times, f->rest_flows ? ". Everything else flows" : "");
	snprintf(v->brief, sizeof v->brief, "%" PRId64 " failed again",
		f->again_id);
	v->opens_id = f->again_id;
}

static bool
und_holds(const struct verdict_facts *f)
{
	return f->und_growth_per_hour > 0 && f->disk_full_in_ms > 0 &&
		f->disk_full_in_ms <= CLOCK_DAY;
}

static void
und_say(const struct verdict_facts *f, struct verdict *v)
{
	char growth[TEXT_NUMBER_MAX], left[TEXT_NUMBER_MAX];

	text_size(growth, f->und_growth_per_hour);
	span(left, f->disk_full_in_ms);
	snprintf(v->text, sizeof v->text,
		".und grows %s/h; disk full in %s at this rate", growth, left);
	snprintf(v->brief, sizeof v->brief, ".und: disk full in %s", left);
}

static bool
ok_holds(const struct verdict_facts *f)
{
	(void)f;
	return true;
}

static void
ok_say(const struct verdict_facts *f, struct verdict *v)
{
	char at[TEXT_TIME_MAX];

	if (f->last_import_at)
		snprintf(v->text, sizeof v->text, "All well: last import %s",
			text_time(at, f->last_import_at, f->now));
	else
		strcpy(v->text, "All well: nothing imported yet");
}

static const struct {
	bool (*holds)(const struct verdict_facts *facts);
	void (*say)(const struct verdict_facts *facts, struct verdict *out);
} rows[VERDICT_COUNT] = {
	[VERDICT_STOPPED] = { stopped_holds, stopped_say },
	[VERDICT_DISK] = { disk_holds, disk_say },
	[VERDICT_STORE] = { store_holds, store_say },
	[VERDICT_SILENT] = { silent_holds, silent_say },
	[VERDICT_TRIPPED] = { tripped_holds, tripped_say },
	[VERDICT_HELD] = { held_holds, held_say },
	[VERDICT_BACKLOG] = { backlog_holds, backlog_say },
	[VERDICT_STUCK] = { stuck_holds, stuck_say },
	[VERDICT_LEFTOVER] = { leftover_holds, leftover_say },
	[VERDICT_STORM] = { storm_holds, storm_say },
	[VERDICT_BACK_AGAIN] = { again_holds, again_say },
	[VERDICT_UND] = { und_holds, und_say },
	[VERDICT_OK] = { ok_holds, ok_say },
};

static const struct {
	const char *word;
	enum verdict_severity severity;
	enum verdict_opens opens;
} kinds[VERDICT_COUNT] = {
#define X(name, word, severity, opens) [name] = { word, severity, opens },
	VERDICT_LIST(X)
#undef X
};

void
verdict_judge(const struct verdict_facts *facts, struct verdict *out)
{
	enum verdict_kind kind = VERDICT_STOPPED;
	char whole[VERDICT_BYTES];

	while (!rows[kind].holds(facts))
		kind++;
	*out = (struct verdict){
		.kind = kind,
		.severity = kinds[kind].severity,
		.opens = kinds[kind].opens,
	};
	rows[kind].say(facts, out);
	memcpy(whole, out->text, sizeof whole);
	width_cut(out->text, sizeof out->text, whole, VERDICT_COLUMNS);
	if (out->brief[0])
		memcpy(whole, out->brief, sizeof whole);
	width_cut(out->brief, sizeof out->brief, whole, VERDICT_BRIEF_COLUMNS);
}

const char *
verdict_word(enum verdict_kind kind)
{
	return kinds[kind].word;
}

const char *
verdict_sign(enum verdict_severity severity)
{
	static const char *const signs[] = {
		[VERDICT_WELL] = "  ",
		[VERDICT_LOOK] = "! ",
		[VERDICT_ACT] = "!!",
	};

	return signs[severity];
}
