/* SPDX-License-Identifier: ISC */
/* panel_cause: what a cause of failure means and what to do. See panel.h. */
#include "page/panel.h"
#include "view/mail.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "these 10", "this one", for sentences about all of a cause. */
static const char *
these(const struct causes_advice *a, char out[TEXT_NUMBER_MAX + 8])
{
	char n[TEXT_NUMBER_MAX];

	if (a->n == 1)
		return strcpy(out, "this one");
	snprintf(out, TEXT_NUMBER_MAX + 8, "these %s", text_exact(n,
		(uint64_t)a->n));
	return out;
}

static void
add_reason(const struct causes_advice *a, struct str *out)
{
	if (a->reason && *a->reason)
		text_add_printable(out, a->reason, strlen(a->reason));
	else
		str_add(out, "no reason given");
}

static bool
has_reason(const struct causes_advice *a, const char *words)
{
	return a->reason && strstr(a->reason, words);
}

/* ---- Meaning ---- */

static void
mean_in_a_row(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8], n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];

	if (a->tests > 0) {
		str_addf(out, "%s different messages failed the same way, one "
			"after the other: %s, then ", text_exact(n,
				(uint64_t)(a->n + a->tests)), these(a, who));
		str_addf(out, "%s test%s (back in the queue, last %s). ",
			text_exact(n, (uint64_t)a->tests), a->tests == 1 ? ""
			: "s", text_time(at, a->last_test_at, a->now));
	} else if (a->n == 1) {
		str_add(out, "Several messages failed the same way, one after "
			"the other; this is one of them. ");
	} else {
		str_addf(out, "%s different messages failed the same way, one "
			"after the other. ", text_exact(n, (uint64_t)a->n));
	}
}

static void
mean_tripped(const struct causes_advice *a, struct str *out)
{
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];

	mean_in_a_row(a, out);
	if (a->last_import_at == HISTORY_NO_TIME)
		str_add(out, "None was ever imported here. ");
	else
		str_addf(out, "None was imported since %s, %s before that. ",
			text_time(at, a->last_import_at, a->now),
			text_exact(n, (uint64_t)a->imports));
	str_add(out, "One bad message does not do that.");
}

static void
mean_suspect(const struct causes_advice *a, struct str *out)
{
	char n[TEXT_NUMBER_MAX];

	if (a->tripped) {
		mean_tripped(a, out);
		return;
	}
	mean_in_a_row(a, out);
	if (a->imports_since > 0)
		str_addf(out, "Since then %s %s imported: the importer works "
			"again, and most likely it was not the mail.",
			text_exact(n, (uint64_t)a->imports_since),
			a->imports_since == 1 ? "was" : "were");
	else
		str_add(out, "Nothing was imported since. One bad message does "
			"not do that.");
}

static void
mean_rejected(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8], n[TEXT_NUMBER_MAX];

	str_addf(out, "IMPORT gave up on %s", these(a, who));
	if (a->code != HISTORY_NO_CODE)
		str_addf(out, " with code %d", a->code);
	if (a->reason && *a->reason) {
		str_add(out, ": ");
		add_reason(a, out);
	}
	str_add(out, ". ");
	if (a->imports_since_first > 0)
		str_addf(out, "It imported %s other%s since%s: most likely the "
			"fault is in the message%s.", text_exact(n,
				(uint64_t)a->imports_since_first),
			a->imports_since_first == 1 ? "" : "s",
			a->n == 1 ? "" : " the first of them",
			a->n == 1 ? "" : "s");
	else
		str_add(out, "It imported nothing since: that may be the "
			"importer's fault as well.");
}

static void
mean_undeliverable(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8];

	str_addf(out, "IMPORT could read %s, but not deliver %s: ",
		these(a, who), a->maybe_delivered ? "to everybody" :
		a->n == 1 ? "it" : "them");
	add_reason(a, out);
	str_addf(out, ". What it could not deliver stands in the .und file "
		"(5). %s", a->maybe_delivered ? "The recipients that it found "
		"may have got theirs (/PARTIAL)." :
		"Nobody has got anything.");
}

static void
mean_crashed(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8];

	if (a->signal)
		str_addf(out, "The importer died of signal %d on %s",
			a->signal, these(a, who));
	else if (a->code != HISTORY_NO_CODE)
		str_addf(out, "The importer ended with code %d, which is not "
			"documented, on %s", a->code, these(a, who));
	else if (has_reason(a, "timed out"))
		str_addf(out, "The importer had not ended at its time limit on "
			"%s", these(a, who));
	else
		str_addf(out, "The importer crashed on %s", these(a, who));
	if (a->tries_most > 1 && a->tries_least == a->tries_most)
		str_addf(out, ", %" PRId64 " times%s", a->tries_most,
			a->n == 1 ? "" : " each");
	str_add(out, !a->delivered ? ". Some recipients may have got theirs "
		"before it did." : a->n == 1 ? ". Before that it said that it "
		"delivered: most likely it is where it belongs." : ". Before "
		"that it said that it delivered: most likely they are where "
		"they belong.");
}

static void
mean_unavailable(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8];
	const char *meaning = a->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(a->code);

	if (a->code != HISTORY_NO_CODE)
		str_addf(out, "IMPORT said code %d (%s) for %s", a->code,
			meaning ? meaning : "not now", these(a, who));
	else
		str_addf(out, "The importer could not run for %s",
			these(a, who));
	if (a->reason && *a->reason && a->code == HISTORY_NO_CODE) {
		str_add(out, ": ");
		add_reason(a, out);
	}
	str_add(out, a->state == STATE_DEFERRED ? ". That is no fault of the "
		"mail." : ". So it went again and again, while it imported "
		"others: it is not the post office alone. Look at what is "
		"different about ");
	if (a->state != STATE_DEFERRED)
		str_add(out, a->n == 1 ? "it." : "them.");
}

static void
mean_interrupted(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8];

	str_addf(out, "The machine or ccmqd went down while %s %s in the "
		"importer%s. ", these(a, who), a->n == 1 ? "was" : "were",
		a->state == STATE_FAILED ? ", each time it was tried" : "");
	str_add(out, a->state == STATE_FAILED ? "That may be what brought it "
		"down. Some recipients may have got theirs." : a->n == 1 ?
		"It is tried again. Some recipients may have got theirs." :
		"They are tried again, one at a time. Some recipients may have "
		"got theirs.");
}

static void
add_meaning(const struct causes_advice *a, struct str *out)
{
	if (a->suspect) {
		mean_suspect(a, out);
		if (a->maybe_delivered)
			str_add(out, " Some recipients may have got theirs.");
		return;
	}
	switch (a->class) {
	case CLASS_IMPORTED:
	case CLASS_REJECTED: mean_rejected(a, out); break;
	case CLASS_UNDELIVERABLE: mean_undeliverable(a, out); break;
	case CLASS_CRASHED: mean_crashed(a, out); break;
	case CLASS_INTERRUPTED: mean_interrupted(a, out); break;
	case CLASS_UNAVAILABLE: mean_unavailable(a, out); break;
	case CLASS_COUNT: break;
	}
}

/* ---- Safe ---- */

static void
add_safe(const struct causes_advice *a, struct str *out)
{
	char n[TEXT_NUMBER_MAX];

	if (a->waiting > 0)
		str_addf(out, "%s wait%s in the queue. Nothing is lost",
			text_exact(n, (uint64_t)a->waiting),
			a->waiting == 1 ? "s" : "");
	else
		str_add(out, "Nothing waits in the queue, nothing is lost");
	if (a->suspect && a->tripped && a->tests == 1)
		str_add(out, "; the test does not count.");
	else if (a->suspect && a->tripped && a->tests > 1)
		str_addf(out, "; the %s tests do not count.", text_exact(n,
			(uint64_t)a->tests));
	else
		str_add(out, ".");
}

/* What it did to the importer is its own, and some may have it. */
static bool
is_odd(const struct causes_advice *a)
{
	return a->class == CLASS_CRASHED || a->class == CLASS_INTERRUPTED;
}

/* ---- To do ---- */

static void
do_suspect(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8];

	these(a, who);
	if (!a->tripped) {
		str_addf(out, a->imports_since > 0 ? "r  puts %s back in the "
			"queue." : "1  c t  tests now with one message.\n"
			"2  r  when that has passed: puts %s back in the queue.",
			who);
		return;
	}
	str_add(out, "1  Mend the post office: rights, path, password, disk "
		"over there.\n");
	str_add(out, a->stopped ? "2  systemctl start ccmqd: it tests with one "
		"message and goes on if that passes.\n" :
		"2  c t  tests now with one message; if it passes, the rest "
		"follows.\n");
	str_addf(out, "3  r    here, after that: puts %s back in the queue.",
		who);
}

static void
do_undeliverable(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8];

	if (has_reason(a, "Date"))
		str_add(out, "1  Enter: compare the Date of one with the date "
			"order of the post office.\n");
	else if (has_reason(a, "directory"))
		str_add(out, "1  Enter: who is missing? Mend the directory, or "
			"tell the sender.\n");
	else
		str_add(out, "1  Enter: what stands beside the reason in .und? "
			"Mend what it names.\n");
	str_addf(out, "2  r  after that: tries %s again%s.\n", these(a, who),
		a->maybe_delivered ? "; who got it before gets it twice" : "");
	str_add(out, "3  x  sets aside, with a reason, what cannot be mended.");
}

/* Of several: of one there is no fewer. */
static const char *
one_first(const struct causes_advice *a)
{
	return a->n == 1 ? "" : ", one of them first (Enter)";
}

static void
do_rejected(const struct causes_advice *a, struct str *out)
{
	str_addf(out, "1  Enter: what did it print? Look at Headers, Items and "
		"Raw.\n"
		"2  r  only after something was mended%s.\n"
		"3  x  sets aside, with a reason, what cannot be mended.",
		one_first(a));
}

/* What the importer says it delivered is not to be delivered again. */
static void
do_delivered(struct str *out)
{
	str_add(out, "1  Look into a recipient's mailbox: is it there?\n"
		"2  X  throws away what everybody has, with that reason.\n"
		"3  Only what is not there: Enter, r.");
}

static void
do_crashed(const struct causes_advice *a, struct str *out)
{
	str_addf(out, "1  Enter: what did it print? w there keeps %s for "
		"whoever mends the importer.\n"
		"2  x  sets %s aside until the importer is mended.\n"
		"3  r  after that%s.", a->n == 1 ? "it" : "one",
		a->n == 1 ? "it" : "them", one_first(a));
}

static void
do_unavailable(const struct causes_advice *a, struct str *out)
{
	str_addf(out, "1  Enter: to whom, how big, what did it print?\n"
		"2  r  after something was mended%s.\n"
		"3  x  sets aside, with a reason, what cannot be mended.",
		one_first(a));
}

static void
do_interrupted(const struct causes_advice *a, struct str *out)
{
	str_addf(out, "1  Log (6): what happened at that time?\n"
		"2  x  sets aside what brings it down.\n"
		"3  %s, while you look, if nobody has it.", a->n == 1 ?
		"r  tries it" : "Enter, r: tries one of them");
}

static void
do_deferred(const struct causes_advice *a, struct str *out)
{
	char at[TEXT_TIME_MAX];
	bool one = a->n == 1;

	if (a->tripped) {
		str_add(out, "Mend the post office; c t tests now with one "
			"message. When one passes all are tried again by "
			"themselves.");
		return;
	}
	str_addf(out, "Nothing: %s tried again by %s", one ? "it is" :
		"they are", one ? "itself" : "themselves");
	if (a->next_at != HISTORY_NO_TIME && a->next_at > a->now)
		str_addf(out, ", %s %s", one ? "next" : "the next", text_time(
			at, a->next_at, a->now));
	str_addf(out, is_odd(a) ? ". Enter: how far did %s get?" : ". r tries "
		"%s now, and begins to count anew.", one ? "it" : is_odd(a) ?
		"they" : "them");
}

static void
add_todo(const struct causes_advice *a, struct str *out)
{
	if (a->state == STATE_DEFERRED) {
		do_deferred(a, out);
		return;
	}
	if (a->delivered) {
		do_delivered(out);
		return;
	}
	if (a->suspect) {
		do_suspect(a, out);
		return;
	}
	switch (a->class) {
	case CLASS_IMPORTED:
	case CLASS_REJECTED: do_rejected(a, out); break;
	case CLASS_UNDELIVERABLE: do_undeliverable(a, out); break;
	case CLASS_CRASHED: do_crashed(a, out); break;
	case CLASS_INTERRUPTED: do_interrupted(a, out); break;
	case CLASS_UNAVAILABLE: do_unavailable(a, out); break;
	case CLASS_COUNT: break;
	}
}

/* ---- Do not ---- */

static void
add_dont(const struct causes_advice *a, struct str *out)
{
	char who[TEXT_NUMBER_MAX + 8];

	if (a->delivered && a->state != STATE_DEFERRED) {
		str_addf(out, "retry %s without a look: somebody would get it "
			"twice.", these(a, who));
		return;
	}
	if (a->suspect || (a->state == STATE_DEFERRED && !is_odd(a))) {
		str_addf(out, "purge or quarantine %s: nothing is known to be "
			"wrong with %s.", these(a, who), a->n == 1 ? "it" :
			"them");
		return;
	}
	switch (a->class) {
	case CLASS_UNDELIVERABLE:
		str_add(out, "retry unchanged: each try appends to the .und "
			"file again.");
		break;
	case CLASS_CRASHED:
	case CLASS_INTERRUPTED:
		str_addf(out, "retry %s: each try may reach somebody twice.",
			a->n == 1 ? "it again and again" : "many at once");
		break;
	case CLASS_IMPORTED:
	case CLASS_REJECTED:
	case CLASS_UNAVAILABLE:
	case CLASS_COUNT:
		str_add(out, "retry unchanged: most likely it fails again.");
		break;
	}
}

/* ---- all ---- */

static void
add_evidence(const struct causes_advice *a, struct str *out)
{
	if (a->importer && *a->importer) {
		str_add_char(out, '"');
		text_add_printable(out, a->importer, strlen(a->importer));
		str_add_char(out, '"');
	}
}

void
panel_cause(const struct causes_advice *a, const char *advice,
	struct panel *out)
{
	static void (*const add[PANEL_PARTS])(const struct causes_advice *a,
		struct str *out) = {
		[PANEL_MEANING] = add_meaning, [PANEL_EVIDENCE] = add_evidence,
		[PANEL_SAFE] = add_safe, [PANEL_TODO] = add_todo,
		[PANEL_DONT] = add_dont,
	};

	for (int i = 0; i < PANEL_PARTS; i++) {
		str_init(&out->parts[i]);
		if (add[i])
			add[i](a, &out->parts[i]);
	}
	if (advice)
		text_add_printable(&out->parts[PANEL_SITE], advice,
			strlen(advice));
}
