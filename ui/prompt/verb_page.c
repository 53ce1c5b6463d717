/* SPDX-License-Identifier: ISC */
/* verb_page: what is gathered of the targets. See verb_page.h. */
#include "prompt/verb_page.h"
#include "work/operations.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

void
verb_page_init(struct verb_page *p, enum verb verb, bool for_good,
	const char *host, const struct actor *actor)
{
	*p = (struct verb_page){ .verb = verb, .for_good = for_good,
		.host = host, .actor = actor };
}

/* ---- what the verb can be done to ---- */

void
verb_page_cause_words(const struct history_message *m, char out[80])
{
	const char *meaning = m->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(m->code);
	char reason[64] = "";

	if (m->reason)
		text_printable(reason, sizeof reason, m->reason,
			strlen(m->reason));
	if (!m->class)
		snprintf(out, 80, "not tried yet");
	else if (m->signal)
		snprintf(out, 80, "crashed, signal %d", m->signal);
	else if (m->code == HISTORY_NO_CODE)
		snprintf(out, 80, "%s", *reason ? reason : m->class);
	else if (m->suspect)
		snprintf(out, 80, "code %d, suspect", m->code);
	else if (strcmp(m->class, class_word(CLASS_UNDELIVERABLE)) == 0 &&
	    *reason)
		snprintf(out, 80, "code %d %s", m->code, reason);
	else
		snprintf(out, 80, "code %d %s", m->code, meaning ? meaning :
			m->class);
}

static void
note_cause(struct verb_page *p, const struct history_message *m)
{
	char words[80];
	size_t i;

	verb_page_cause_words(m, words);
	for (i = 0; i < p->cause_count; i++)
		if (strcmp(p->causes[i].words, words) == 0)
			break;
	if (i == VERB_PAGE_KEPT) {
		p->other_causes++;
		return;
	}
	if (i == p->cause_count) {
		memcpy(p->causes[i].words, words, sizeof words);
		p->cause_count++;
	}
	p->causes[i].n++;
}

static void
note_example(struct verb_page_example *e, const struct history_message *m)
{
	const char *subject = m->subject && *m->subject ? m->subject : m->name;

	e->id = m->id;
	e->at = m->received_at;
	text_printable(e->subject, sizeof e->subject, subject,
		strlen(subject));
}

static void
note_able(struct verb_page *p, const struct history_message *m)
{
	p->able++;
	p->noted += m->state == STATE_IMPORTING && !m->watched;
	p->bytes += m->size;
	p->twice += m->maybe_delivered;
	p->from_queue += m->state == STATE_PURGED &&
		(m->from_state == STATE_QUEUED ||
			m->from_state == STATE_DEFERRED);
	note_cause(p, m);
	if (!p->oldest.id || m->id < p->oldest.id)
		note_example(&p->oldest, m);
	if (m->id > p->newest.id)
		note_example(&p->newest, m);
}

/* ---- what it cannot be done to any more ---- */

/* What was done to it, of one that was shown in state seen. */
static const char *
change_word(const struct history_message *m, enum state seen)
{
	switch (m->state) {
	case STATE_QUEUED:
	case STATE_DEFERRED:
		if (!m->changed_by)
			return "put off";
		return seen == STATE_QUARANTINED ? "released" :
			seen == STATE_PURGED ? "restored" : "retried";
	case STATE_FAILED:
		return m->changed_by ? "restored" : "set aside";
	case STATE_IMPORTING: return "is trying";
	case STATE_IMPORTED: return "imported";
	case STATE_QUARANTINED: return "quarantined";
	case STATE_PURGED: return "purged";
	case STATE_REMOVED: return "removed";
	case STATE_LOST: return "lost";
	case STATE_GONE: return "gone";
	case STATE_COUNT: break;
	}
	return "changed";
}

/* Nobody did anything: the verb is just not for that state. */
static const char *
plain_word(enum state state)
{
	switch (state) {
	case STATE_QUEUED: return "in the queue already";
	case STATE_DEFERRED: return "in the queue";
	case STATE_IMPORTING: return "in the importer now";
	case STATE_IMPORTED: return "imported";
	case STATE_FAILED: return "in Failed";
	case STATE_QUARANTINED: return "in Quarantine";
	case STATE_PURGED: return "in the trash";
	case STATE_REMOVED: return "removed";
	case STATE_LOST: return "lost";
	case STATE_GONE: return "gone";
	case STATE_COUNT: break;
	}
	return "not";
}

static void
note_change(struct verb_page *p, const char *by, const char *word, int64_t at)
{
	struct verb_page_change *c;
	size_t i;

	for (i = 0; i < p->change_count; i++)
		if (strcmp(p->changes[i].by, by) == 0 &&
		    strcmp(p->changes[i].word, word) == 0)
			break;
	if (i == VERB_PAGE_KEPT) {
		p->other_changes++;
		return;
	}
	c = &p->changes[i];
	if (i == p->change_count) {
		*c = (struct verb_page_change){ .word = word };
		snprintf(c->by, sizeof c->by, "%s", by);
		p->change_count++;
	}
	c->n++;
	if (at > c->at)
		c->at = at;
}

static void
note_unable(struct verb_page *p, const struct history_message *m,
	enum state seen)
{
	char by[48] = "the connector";

	if (seen == OPERATIONS_ANY || seen == m->state) {
		note_change(p, "", plain_word(m->state), 0);
		return;
	}
	if (m->changed_by && m->action_by)
		text_printable(by, sizeof by, m->action_by,
			strcspn(m->action_by, " ("));
	note_change(p, by, change_word(m, seen), m->since);
}

void
verb_page_look(struct verb_page *p, const struct history_message *m,
	enum state seen)
{
	bool waits = m->state == STATE_IMPORTING &&
		(p->verb == VERB_QUARANTINE || p->verb == VERB_PURGE);
	bool able = (verb_from(p->verb) & STATE_BIT(m->state)) &&
		(seen == OPERATIONS_ANY || seen == m->state);

	p->looked++;
	p->only = m->id;
	if (m->watched) {
		able = p->verb == VERB_QUARANTINE && m->state != STATE_FAILED
			&& (seen == OPERATIONS_ANY || seen == m->state);
		waits = false;
		p->theirs += able;
		if (!able) {
			note_change(p, "", "another connector's", 0);
			return;
		}
	}
	if (able || waits)
		note_able(p, m);
	else
		note_unable(p, m, seen);
}

void
verb_page_missing(struct verb_page *p, int64_t id)
{
	p->looked++;
	p->only = id;
	p->missing++;
}
