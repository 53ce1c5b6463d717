/* SPDX-License-Identifier: ISC */
/* message_explain: the sentence that says why a message is where it is, and
 * what will become of it. See message_page.h. */
#include "base/clock.h"
#include "page/message_page.h"
#include "base/text.h"
#include "work/outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WHO_BYTES 64

static void
add_printable(struct str *out, const char *text)
{
	text_add_printable(out, text, strlen(text));
}

/* "at 13:58", "Mon 13:58", "on 2026-11-10". */
static const char *
at_words(char out[TEXT_TIME_MAX + 4], int64_t at, int64_t now)
{
	char time[TEXT_TIME_MAX];

	text_time(time, at, now);
	snprintf(out, TEXT_TIME_MAX + 4, "%s%s", strlen(time) == 5 ? "at " :
		strchr(time, '-') ? "on " : "", time);
	return out;
}

/* The login name of whoever acted last: "mlopez" of "mlopez (as root)". */
static const char *
who(const struct history_message *m, char out[WHO_BYTES])
{
	const char *by = m->changed_by && m->action_by ? m->action_by :
		"the connector";
	const char *as = strstr(by, " (");

	return text_printable(out, WHO_BYTES, by, as ? (size_t)(as - by) :
		strlen(by));
}

static void
add_reason_of(const struct history_message *m, struct str *out)
{
	if (!m->action_reason || !*m->action_reason)
		return;
	str_add(out, ": \"");
	add_printable(out, m->action_reason);
	str_add_char(out, '"');
}

static enum outcome_class
class_of(const struct history_message *m)
{
	enum outcome_class class = CLASS_IMPORTED;

	if (m->class)
		class_parse(m->class, &class);
	return class;
}

/* ---- what the importer did ---- */

/* "IMPORT said code 1 (did not complete)", "The importer died of signal 11". */
static void
add_result(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	const char *meaning = m->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(m->code);
	char span[TEXT_NUMBER_MAX];

	if (m->signal)
		str_addf(out, "The importer died of signal %d", m->signal);
	else if (m->code != HISTORY_NO_CODE && meaning)
		str_addf(out, "IMPORT said code %d (%s)", m->code, meaning);
	else if (m->code != HISTORY_NO_CODE)
		str_addf(out, "IMPORT ended with code %d, which is not "
			"documented", m->code);
	else if (class_of(m) == CLASS_INTERRUPTED)
		str_add(out, "The machine or ccmqd went down while it was in "
			"the importer");
	else if (m->reason && strcmp(m->reason, "timed out") == 0)
		str_addf(out, "The importer was ended after %s",
			text_duration(span,
				p->settings->import_timeout_ms));
	else {
		str_add(out, "It could not be tried: ");
		add_printable(out, m->reason ? m->reason : m->class);
	}
}

/* Why it cannot loop, where that was feared (Q223772). */
static void
add_copy(const struct message_page *p, struct str *out)
{
	const char *copy = p->attempt_count ? p->attempts[0].copy : NULL;

	if (class_of(p->message) == CLASS_REJECTED && copy &&
	    strcmp(copy, "left") == 0)
		str_add(out, " and left its copy of the file behind; that "
			"copy was removed, so it cannot loop");
}

static void
add_undeliverable(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	const struct history_attempt *last = p->attempt_count ?
		&p->attempts[0] : NULL;
	char n[TEXT_NUMBER_MAX];

	str_addf(out, "IMPORT could read it, but not deliver it%s",
		m->maybe_delivered ? " to everybody" : "");
	if (m->reason) {
		str_add(out, ": ");
		add_printable(out, m->reason);
	}
	str_add(out, ".");
	if (last && last->und_end > last->und_start)
		str_addf(out, " What it could not deliver stands in the .und "
			"file, %s bytes.", text_exact(n,
				(uint64_t)(last->und_end - last->und_start)));
}

/* How often, where that is why it is here. */
static void
add_times(const struct message_page *p, enum outcome_class class,
	struct str *out)
{
	const struct history_message *m = p->message;
	int64_t n = class == CLASS_UNAVAILABLE ? m->unavailable :
		class == CLASS_CRASHED || class == CLASS_INTERRUPTED ?
		m->crashed : 0;

	if (n > 1)
		str_addf(out, ", %" PRId64 " times", n);
	if (class == CLASS_UNAVAILABLE)
		str_add(out, " while others went through");
}

/* ---- failed ---- */

/* Whether it is the importer's fault. A moment after the failure nobody can
 * tell yet, and one that could read the message works. */
static void
add_others(const struct message_page *p, enum outcome_class class,
	struct str *out)
{
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];

	if (p->others_since == HISTORY_NO_TIME)
		return;
	if (p->others > 0)
		str_addf(out, " The importer works: %s other message%s went "
			"through since %s.", text_exact(n,
				(uint64_t)p->others), p->others == 1 ? "" :
			"s", text_time(at, p->others_since, p->now));
	else if (class != CLASS_UNDELIVERABLE &&
	    p->now - p->message->since >= 2 * CLOCK_MINUTE)
		str_addf(out, " Nothing else was imported since %s: it may be "
			"the importer, not this message.", text_time(at,
				p->others_since, p->now));
}

/* Whether it makes sense to retry it. */
static void
add_prognosis(const struct message_page *p, enum outcome_class class,
	struct str *out)
{
	bool works = p->others > 0 && p->others_since != HISTORY_NO_TIME;

	if (p->message->maybe_delivered)
		str_addf(out, " %s may have it already: imported again, they "
			"may get it twice.", class == CLASS_UNDELIVERABLE ?
			"The recipients that it found" : "Some recipients");
	if (class == CLASS_UNDELIVERABLE)
		str_add(out, " Retried unchanged, it ends alike and the .und "
			"file grows again.");
	else if (p->attempt_count && outcome_says_delivered(p->attempts))
		str_add(out, " The importer said that it delivered: look into "
			"a recipient's mailbox before you retry it.");
	else if (class == CLASS_CRASHED && works)
		str_add(out, " Retried unchanged, it will most likely crash "
			"again; w keeps it for whoever mends "
			"the importer.");
	else if (works)
		str_add(out, " Retried unchanged, this one will most likely "
			"fail again.");
}

static void
add_retriers(const struct message_page *p, struct str *out)
{
	const char *sep = " Retried by ";

	for (size_t i = p->attempt_count; i-- > 0;) {
		const char *why = p->attempts[i].why;

		if (strncmp(why, "retry ", 6) != 0)
			continue;
		str_add(out, sep);
		text_add_printable(out, why + 6, strcspn(why + 6, " "));
		sep = ", ";
	}
	if (*sep == ',')
		str_add_char(out, '.');
}

/* Who brought it back here: out of the trash, or by taking something back. */
static void
add_back(const struct message_page *p, const char *at, struct str *out)
{
	bool undone = p->changed_verb && strcmp(p->changed_verb, "undo") == 0;
	char name[WHO_BYTES];

	str_addf(out, "%s by %s %s. Before: ", undone ? "Put back here" :
		"Taken out of the trash", who(p->message, name), at);
}

static void
explain_failed(const struct message_page *p, size_t width, struct str *out)
{
	const struct history_message *m = p->message;
	enum outcome_class class = class_of(m);
	char at[TEXT_TIME_MAX + 4];

	at_words(at, m->since, p->now);
	if (m->changed_by)
		add_back(p, at, out);
	else
		str_addf(out, "Set aside %s. ", at);
	if (class == CLASS_UNDELIVERABLE) {
		add_undeliverable(p, out);
	} else {
		add_result(p, out);
		add_times(p, class, out);
		add_copy(p, out);
		str_add_char(out, '.');
	}
	str_add(out, " It will not be tried again until someone retries it.");
	if (m->suspect)
		str_addf(out, " It failed in a row with others: most likely the "
			"post office or the importer, not this message. Retry "
			"it when that is mended%s.", m->maybe_delivered ? ": "
			"some recipients may have it already" : "");
	else
		add_others(p, class, out);
	if (!m->suspect)
		add_prognosis(p, class, out);
	if (width < MESSAGE_PAGE_TWO_COLUMNS)
		add_retriers(p, out);
}

/* ---- in the queue ---- */

/* What keeps it from being tried. */
static void
add_obstacle(const struct message_page *p, struct str *out)
{
	static const char *const words[] = {
		[STATUS_RUNNING] = "", [STATUS_DRAINING] = "",
		[STATUS_STOPPED] = " No connector runs: nothing is tried until "
			"one does.",
		[STATUS_HELD] = " The connector is held: nothing is tried "
			"until it goes on.",
		[STATUS_TRIPPED] = " The connector has tripped: only tests are "
			"tried until one passes.",
	};

	str_add(out, words[p->connector]);
}

static void
add_maybe(const struct history_message *m, struct str *out)
{
	if (m->maybe_delivered)
		str_add(out, " Some recipients may have it already.");
}

static void
explain_queued(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX + 4], name[WHO_BYTES];

	at_words(at, m->since, p->now);
	if (m->changed_by) {
		str_addf(out, "Put back into the queue by %s %s",
			who(m, name), at);
		add_reason_of(m, out);
		str_add(out, ". It waits for its turn, and its tries are "
			"counted anew.");
	} else if (m->attempts == 0) {
		str_addf(out, "Arrived %s and waits for its turn; it was not "
			"tried yet.", at);
	} else {
		str_addf(out, "Waits for its turn since %s; it was tried "
			"before.", at);
	}
	add_obstacle(p, out);
	add_maybe(m, out);
}

static void
explain_importing(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX], n[TEXT_NUMBER_MAX],
		name[WHO_BYTES] = "somebody";

	str_addf(out, "In the importer since %s, try %" PRId64 ". It is ended "
		"after %s at the latest.", text_time(at, m->since, p->now),
		m->attempts, text_duration(n,
			p->settings->import_timeout_ms));
	if (p->waiting > 0)
		str_addf(out, " %s wait%s behind it.", text_exact(n,
			(uint64_t)p->waiting), p->waiting == 1 ? "s" : "");
	if (m->noted_verb) {
		if (m->action_by)
			text_printable(name, sizeof name, m->action_by,
				strcspn(m->action_by, " "));
		str_addf(out, " When it ends: %s, as %s asked, unless it was "
			"imported.", m->noted_verb, name);
	}
	add_maybe(m, out);
}

/* What becomes of it when it goes on like that. */
static void
add_limit(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	const struct settings *s = p->settings;
	enum outcome_class class = class_of(m);
	bool crash = class == CLASS_CRASHED || class == CLASS_INTERRUPTED;

	if (class == CLASS_UNAVAILABLE)
		str_addf(out, " That counts only while others are imported: %"
			PRId64 " of %" PRId64 " so far.", m->unavailable,
			s->limits_unavailable);
	else
		str_addf(out, " That was %" PRId64 " of %" PRId64 " such "
			"tries; after the last it is set aside.", crash ? m->crashed :
			m->rejected, crash ? s->limits_crashed :
			s->limits_rejected);
}

static void
explain_deferred(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX + 4], next[TEXT_TIME_MAX + 4];

	at_words(at, m->since, p->now);
	if (m->changed_by)
		add_back(p, at, out);
	else
		str_addf(out, "Put off %s. ", at);
	if (class_of(m) == CLASS_UNDELIVERABLE) {
		add_undeliverable(p, out);
	} else {
		add_result(p, out);
		add_copy(p, out);
		str_add_char(out, '.');
	}
	if (m->next_attempt_at <= p->now)
		str_add(out, " It is tried again by itself in its turn.");
	else
		str_addf(out, " It is tried again by itself %s; r tries it "
			"now.", at_words(next, m->next_attempt_at, p->now));
	add_limit(p, out);
	add_obstacle(p, out);
	add_maybe(m, out);
}

/* ---- elsewhere ---- */

static void
explain_imported(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX + 4], until[TEXT_TIME_MAX];

	str_addf(out, "Imported %s, at try %" PRId64 ".", at_words(at,
		m->since, p->now), m->attempts);
	if (m->kept && p->settings->keep_imported_ms > 0)
		str_addf(out, " A copy of it is kept until %s.", text_time(
			until, m->since + p->settings->keep_imported_ms,
			p->now));
	else
		str_add(out, " No copy of it is kept.");
	if (m->maybe_delivered)
		str_add(out, " An earlier try may have reached some "
			"recipients: they may have it twice.");
}

static void
explain_set_aside(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX + 4], until[TEXT_TIME_MAX], name[WHO_BYTES];

	str_addf(out, "%s by %s %s", m->state == STATE_PURGED ? "Thrown away" :
		"Set aside", who(m, name), at_words(at, m->since, p->now));
	add_reason_of(m, out);
	if (m->state == STATE_PURGED)
		str_addf(out, ". Its file stays in the trash until %s; until "
			"then r brings it back to %s. X removes it for good.",
			text_time(until, m->since +
				p->settings->keep_trash_ms, p->now),
			state_word(m->from_state));
	else
		str_add(out, ". It is not tried until someone releases it (r); "
			"then its tries are counted anew.");
	if (m->class && class_of(m) != CLASS_IMPORTED) {
		str_add(out, " Before: ");
		add_result(p, out);
		str_add_char(out, '.');
	}
	add_maybe(m, out);
}

static void
explain_gone(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX + 4], name[WHO_BYTES];

	at_words(at, m->since, p->now);
	if (m->state == STATE_LOST) {
		str_addf(out, "Its file was missing %s, and ccmq did not "
			"remove it: somebody or something took it out of the "
			"store. `ccmq check` looks for it.", at);
		return;
	}
	str_addf(out, "Removed for good by %s %s", who(m, name), at);
	add_reason_of(m, out);
	str_add(out, ". What is known of it stays in the history.");
}

/* Its file is another connector's, or was. */
static void
explain_watched(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX + 4], n[TEXT_NUMBER_MAX], name[WHO_BYTES];

	at_words(at, m->since, p->now);
	if (m->state == STATE_GONE) {
		if (m->changed_by) {
			str_addf(out, "Given back to the connector that is "
				"watched by %s %s.", who(m, name), at);
		} else if (m->class) {
			str_addf(out, "Left the connector that is watched %s: ",
				at);
			add_result(p, out);
			str_add_char(out, '.');
		} else if (m->reason) {
			str_addf(out, "Watched no more %s: ", at);
			add_printable(out, m->reason);
			str_add_char(out, '.');
		} else {
			str_addf(out, "Left the connector that is watched %s, "
				"imported as far as can be seen.", at);
		}
		return;
	}
	str_addf(out, "%s the connector that is watched, seen in its %s "
		"directory %s.", m->state == STATE_QUEUED ? "Waits for" :
		m->state == STATE_FAILED ? "Set aside by" : "Handed over by",
		m->state == STATE_QUEUED ? "submit" : m->state ==
		STATE_FAILED ? "bad" : "import", at);
	if (m->attempts > 0)
		str_addf(out, " It was tried %s time%s and is still there.",
			text_exact(n, (uint64_t)m->attempts),
			m->attempts == 1 ? "" : "s");
	str_add(out, " Its file is not in this store: it is only watched.");
}

/* What it was made of, and what was made of it. */
static void
add_lineage(const struct history_message *m, struct str *out)
{
	char n[TEXT_NUMBER_MAX];

	if (m->parent)
		str_addf(out, " It was made from #%" PRId64 ".", m->parent);
	if (m->parts > 0)
		str_addf(out, " %s message%s made of it: parent:%" PRId64
			" finds %s.", text_exact(n, (uint64_t)m->parts),
			m->parts == 1 ? " was" : "s were", m->id,
			m->parts == 1 ? "it" : "them");
}

/* Of a time that is past: what is known of then, and no advice. */
static void
explain_then(const struct message_page *p, struct str *out)
{
	const struct history_message *m = p->message;
	char at[TEXT_TIME_MAX], since[TEXT_TIME_MAX];

	str_addf(out, "At %s it was %s, since %s", text_moment(at, p->now,
		p->now), state_word(m->state), text_moment(since, m->since,
		p->now));
	if (!m->attempts)
		str_add(out, ", not tried yet.");
	else
		str_addf(out, ", after %" PRId64 " attempt%s.", m->attempts,
			m->attempts == 1 ? "" : "s");
}

void
message_page_explain(const struct message_page *p, size_t width,
	struct str *out)
{
	if (p->past) {
		explain_then(p, out);
		return;
	}
	if (p->message->watched) {
		explain_watched(p, out);
		return;
	}
	switch (p->message->state) {
	case STATE_QUEUED: explain_queued(p, out); break;
	case STATE_IMPORTING: explain_importing(p, out); break;
	case STATE_DEFERRED: explain_deferred(p, out); break;
	case STATE_IMPORTED: explain_imported(p, out); break;
	case STATE_FAILED: explain_failed(p, width, out); break;
	case STATE_QUARANTINED:
	case STATE_PURGED: explain_set_aside(p, out); break;
	case STATE_REMOVED:
	case STATE_LOST: explain_gone(p, out); break;
	case STATE_GONE: explain_watched(p, out); break;
	case STATE_COUNT: break;
	}
	add_lineage(p->message, out);
}
