/* SPDX-License-Identifier: ISC */
/* verb_page_text: the title and the facts of the page. See verb_page.h. */
#include "base/clock.h"
#include "base/text.h"
#include "prompt/verb_page_private.h"
#include "base/width.h"
#include "work/take_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SHOWN 3			/* causes and people by name */

/* ---- who asks what ---- */

static void
add_you(const struct actor *a, struct str *out)
{
	bool as = a->euser && a->user && strcmp(a->euser, a->user) != 0;

	text_add_printable(out, a->user ? a->user : "?",
		strlen(a->user ? a->user : "?"));
	if (as || a->tty)
		str_addf(out, " (%s%s%s%s%s)", as ? "as " : "",
			as ? a->euser : "", as && a->tty ? ", " : "",
			a->tty ? "on " : "", a->tty ? a->tty : "");
}

static void
add_title(const struct verb_page *p, const struct verb_page_world *world,
	struct str *out)
{
	char host[64], n[TEXT_NUMBER_MAX];

	for (const char *s = verb_word(p->verb); *s; s++)
		str_add_char(out, (char)(*s - ('a' - 'A')));
	if (p->for_good)
		str_add(out, " FOR GOOD");
	if (world->targets == 1 && p->only)
		str_addf(out, " #%" PRId64, p->only);
	else
		str_addf(out, " %s %s", text_exact(n,
			(uint64_t)world->targets), world->title);
	str_addf(out, " on %s?", width_cut(host, sizeof host, p->host, 14));
}

/* ---- of them ---- */

/* " retried 5, quarantined 3, 14:18" of one person, and who. */
static void
add_person(const struct verb_page *p, size_t first, int64_t now,
	struct str *out)
{
	const char *by = p->changes[first].by;
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];
	int64_t latest = 0;
	const char *comma = "";

	str_addf(out, "%s ", by);
	for (size_t i = first; i < p->change_count; i++) {
		const struct verb_page_change *c = &p->changes[i];

		if (strcmp(c->by, by) != 0)
			continue;
		str_addf(out, "%s%s %s", comma, c->word, text_exact(n,
			(uint64_t)c->n));
		comma = ", ";
		if (c->at > latest)
			latest = c->at;
	}
	if (latest)
		str_addf(out, ", %s", text_time(at, latest, now));
}

static bool
is_first_of(const struct verb_page *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(p->changes[k].by, p->changes[i].by) == 0)
			return false;
	return true;
}

static int64_t
changes_of(const struct verb_page *p, const char *by)
{
	int64_t n = 0;

	for (size_t i = 0; i < p->change_count; i++)
		if (strcmp(p->changes[i].by, by) == 0)
			n += p->changes[i].n;
	return n;
}

static void
add_unable(const struct verb_page *p, int64_t now, struct str *out)
{
	int64_t rest = p->other_changes;
	const char *sep = ": ";
	char n[TEXT_NUMBER_MAX];
	int people = 0;

	for (size_t i = 0; i < p->change_count; i++) {
		const struct verb_page_change *c = &p->changes[i];

		if (!*c->by) {
			str_addf(out, "%s%s %s", sep, text_exact(n,
				(uint64_t)c->n), c->word);
		} else if (!is_first_of(p, i)) {
			continue;
		} else if (people == SHOWN) {
			rest += changes_of(p, c->by);
			continue;
		} else {
			people++;
			str_add(out, sep);
			add_person(p, i, now, out);
		}
		sep = "; ";
	}
	if (p->missing)
		str_addf(out, "%s%s forgotten by the history", sep,
			text_exact(n, (uint64_t)p->missing));
	if (rest)
		str_addf(out, "; and %s more", text_exact(n, (uint64_t)rest));
}


void
verb_page_which(const struct verb_page *p, const struct verb_page_world *world,
	struct str *out)
{
	char n[TEXT_NUMBER_MAX];
	int64_t unable = p->looked - p->able;

	if (world->cursor)
		str_addf(out, "Not the one under the cursor (#%" PRId64
			", untagged). ", world->cursor);
	if (world->hidden)
		str_addf(out, "%s %s hidden now, by %s. ", text_exact(n,
			(uint64_t)world->hidden), world->hidden == 1 ? "is" :
			"are", world->hidden_by);
	if (unable) {
		str_addf(out, "%s can be %s", text_exact(n,
			(uint64_t)p->able), verb_past(p->verb));
		str_addf(out, "; %s not", text_exact(n, (uint64_t)unable));
		add_unable(p, world->now, out);
		str_add_char(out, '.');
	}
	if (p->noted)
		str_addf(out, "%s%s %s in the importer: %s when %s, unless "
			"imported.", out->len ? "\n" : "", text_exact(n,
				(uint64_t)p->noted), p->noted == 1 ? "is" :
			"are", verb_past(p->verb), p->noted == 1 ? "its attempt "
			"ends" : "their attempts end");
}

static void
add_causes(const struct verb_page *p, struct str *out)
{
	bool told[VERB_PAGE_KEPT] = { false };
	char n[TEXT_NUMBER_MAX];
	int64_t rest = p->other_causes;

	if (p->able == 1 && p->cause_count == 1) {
		str_add(out, p->causes[0].words);
		return;
	}
	for (int k = 0; k < SHOWN && (size_t)k < p->cause_count; k++) {
		size_t most = VERB_PAGE_KEPT;

		for (size_t i = 0; i < p->cause_count; i++)
			if (!told[i] && (most == VERB_PAGE_KEPT ||
			    p->causes[i].n > p->causes[most].n))
				most = i;
		told[most] = true;
		str_addf(out, "%s%s: %s", k ? "; " : "", text_exact(n,
			(uint64_t)p->causes[most].n), p->causes[most].words);
	}
	for (size_t i = 0; i < p->cause_count; i++)
		rest += told[i] ? 0 : p->causes[i].n;
	if (rest)
		str_addf(out, "; %s of other causes", text_exact(n,
			(uint64_t)rest));
}

/* ---- how much, and which ---- */

static void
add_example(const struct verb_page_example *e, const char *size,
	struct str *out)
{
	char at[16];
	time_t t = (time_t)(e->at / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(at, sizeof at, "%a %H:%M", &tm);
	str_addf(out, "%s  #%" PRId64 "  %s", at, e->id, e->subject);
	if (size)
		str_addf(out, "  (%s in all)", size);
}

static void
add_examples(const struct verb_page *p, struct prompt_page *out)
{
	char size[TEXT_NUMBER_MAX];

	if (!p->able)
		return;
	text_size_words(size, (uint64_t)p->bytes);
	if (p->able == 1) {
		str_add(prompt_page_fact(out, "Size"), size);
		return;
	}
	add_example(&p->oldest, size, prompt_page_fact(out, "Oldest"));
	add_example(&p->newest, NULL, prompt_page_fact(out, "Newest"));
}

static void
add_twice(const struct verb_page *p, struct prompt_page *out)
{
	char n[TEXT_NUMBER_MAX];

	if (!p->twice || (p->verb != VERB_RETRY && p->verb != VERB_RELEASE))
		return;
	if (p->able == 1)
		str_add(prompt_page_fact_stays(out, "Twice?"), "It may have "
			"been delivered already (D).");
	else
		str_addf(prompt_page_fact_stays(out, "Twice?"), "%s may have "
			"been delivered already (D).", text_exact(n,
				(uint64_t)p->twice));
}

/* What is known of who has theirs open: they were looked at (take_out.h). */
static void
add_open(const struct verb_page *p, const struct verb_page_world *world,
	struct prompt_page *out)
{
	if (p->theirs && world->blind)
		str_add(prompt_page_fact_stays(out, "Open?"), TAKE_OUT_BLIND
			": stop that connector's service first.");
	else if (p->theirs == 1)
		str_add(prompt_page_fact(out, "Open?"), "Nobody has it open, "
			"as far as can be seen here.");
}

void
verb_page_fill(const struct verb_page *p, const struct verb_page_world *world,
	struct prompt_page *out)
{
	add_title(p, world, &out->title);
	if (world->targets == 1 && *p->oldest.subject)
		str_add(prompt_page_fact(out, "Subject"), p->oldest.subject);
	verb_page_which(p, world, prompt_page_fact(out, "Which"));
	add_causes(p, prompt_page_fact(out, "Cause"));
	add_examples(p, out);
	verb_page_add_then(p, world, prompt_page_fact(out, "Then"));
	add_you(p->actor, prompt_page_fact(out, "You"));
	add_open(p, world, out);
	add_twice(p, out);
	str_add(p->for_good ? prompt_page_fact_stays(out, "Undo") :
		prompt_page_fact(out, "Undo"), verb_page_undo(p));
}
