/* SPDX-License-Identifier: ISC */
/* header: see header.h for the contract. */
#include "app/header_private.h"
#include "app/says.h"
#include "view/mail.h"
#include "term/term.h"
#include "base/text.h"
#include "base/width.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define HOST_COLUMNS 14
#define NAME_COLUMNS 10
#define STORE_COLUMNS_LEAST 8	/* a shorter end of a path says nothing */

int
header_rows(int screen_rows)
{
	return screen_rows < 20 ? 3 : HEADER_ROWS;
}

/* A foreign text, printable and cut. */
static const char *
foreign(char out[256], const char *text, size_t columns)
{
	char clean[256];

	text_printable(clean, sizeof clean, text, strlen(text));
	return width_cut(out, 256, clean, columns);
}

/* ---- row 1 ---- */

/* What goes when the row is full, one after the other. */
enum tight {
	TIGHT_BLANKS = 1,	/* double ones become single */
	TIGHT_STORE,		/* its end only */
	TIGHT_NAMES,		/* "2 on" */
	TIGHT_ZONE,
	TIGHT_UNTIL,		/* when it tests or goes on */
	TIGHT_OTHERS,
	TIGHT_NO_STORE,
	TIGHT_SINCE,
	TIGHT_HOST,		/* cut to what is left */
};

struct top {
	char host[256], store[256], word[32], since[64], until[64],
		others[256], clock[64];
};

/* Since when a connector that is not there has not been there. */
static int64_t
stopped_at(const struct status *st)
{
	if (st->word.started_at)
		return st->facts.stopped_at;
	return st->row.clean_end ? st->row.ended_at : st->last_sign_at;
}

static void
since_words(char out[64], int64_t at, const struct header_facts *f,
	int columns)
{
	char time[TEXT_TIME_MAX];

	if (at == HISTORY_NO_TIME || at == 0)
		return;
	snprintf(out, 64, says_top_since, columns < 60 ?
		mail_time(time, at, f->now) : text_time(time, at, f->now));
}

static void
hold_words(const struct header_facts *f, struct top *t)
{
	const struct history_connector *row = &f->status->row;
	char time[TEXT_TIME_MAX];

	if (row->hold_until != HISTORY_NO_TIME && row->hold_until != 0)
		snprintf(t->until, sizeof t->until, says_top_until,
			text_time(time, row->hold_until, f->now));
}

/* What lies where, over there; its .und is in the row of views. */
static void
watch_words(const struct header_facts *f, struct top *t)
{
	const int64_t *n = f->status->counts.n;
	char submit[TEXT_NUMBER_MAX], import[TEXT_NUMBER_MAX],
		bad[TEXT_NUMBER_MAX];

	snprintf(t->until, sizeof t->until, says_top_watches,
		text_count(submit, (uint64_t)n[STATE_QUEUED]),
		text_count(import, (uint64_t)n[STATE_IMPORTING]),
		text_count(bad, (uint64_t)n[STATE_FAILED]));
}

static void
tripped_words(const struct header_facts *f, struct top *t)
{
	const struct history_connector *row = &f->status->row;
	char time[TEXT_TIME_MAX];

	if (row->hold)
		strcpy(t->until, says_top_and_held);
	else if (row->probe_at <= f->now)
		strcpy(t->until, says_top_tests_now);
	else
		snprintf(t->until, sizeof t->until, says_top_tests,
			text_time(time, row->probe_at, f->now));
}

/* "AS IT WAS AT Mon 02:40:00" */
static void
past_words(const struct header_facts *f, struct top *t)
{
	time_t at = (time_t)(f->as_it_was_at / 1000);
	char seconds[8], minutes[TEXT_TIME_MAX];
	struct tm tm;

	localtime_r(&at, &tm);
	strftime(seconds, sizeof seconds, ":%S", &tm);
	strcpy(t->word, says_top_then);
	text_time(minutes, f->as_it_was_at, f->now);
	snprintf(t->since, sizeof t->since, " %s%s", minutes,
		strchr(minutes, ':') ? seconds : "");
}

static void
state_words(const struct header_facts *f, int columns, struct top *t)
{
	const struct history_connector *row = &f->status->row;

	if (f->as_it_was_at) {
		past_words(f, t);
		return;
	}

	switch (f->status->connector) {
	case STATUS_RUNNING:
		strcpy(t->word, "running");
		break;
	case STATUS_WATCHES:
		strcpy(t->word, "watches");
		watch_words(f, t);
		break;
	case STATUS_STOPPED:
		strcpy(t->word, "!! STOPPED");
		since_words(t->since, stopped_at(f->status), f, columns);
		if (row->hold)
			strcpy(t->until, says_top_and_held);
		break;
	case STATUS_TRIPPED:
		strcpy(t->word, "!! TRIPPED");
		since_words(t->since, row->breaker_at, f, columns);
		tripped_words(f, t);
		break;
	case STATUS_HELD:
	case STATUS_DRAINING:
		strcpy(t->word, f->status->connector == STATUS_HELD ?
			"!  HELD" : "!  DRAINING");
		since_words(t->since, row->hold_at, f, columns);
		hold_words(f, t);
		break;
	}
}

static enum role
state_role(const struct header_facts *f)
{
	if (f->as_it_was_at)
		return ROLE_LOOK;
	switch (f->status->connector) {
	/* Green only where it does what it is there for. */
	case STATUS_WATCHES:
	case STATUS_RUNNING:
		return f->status->verdict.severity == VERDICT_ACT ?
			ROLE_NORMAL : ROLE_GOOD;
	case STATUS_STOPPED:
	case STATUS_TRIPPED: return ROLE_BAD;
	case STATUS_HELD:
	case STATUS_DRAINING: break;
	}
	return ROLE_LOOK;
}

static void
other_words(const struct header_facts *f, int tight, char out[256])
{
	char name[256];
	size_t used;

	if (f->other_count == 0 || tight >= TIGHT_OTHERS)
		return;
	if (tight >= TIGHT_NAMES || f->other_count > 9) {
		snprintf(out, 256, says_top_others_brief, f->other_count);
		return;
	}
	used = (size_t)snprintf(out, 256, says_top_others);
	for (size_t i = 0; i < f->other_count; i++)
		used += (size_t)snprintf(out + used, 256 - used, "%s%.50s",
			i ? ", " : "", foreign(name, f->others[i],
				NAME_COLUMNS));
}

/* "(/srv/ccmq)"; too long a path loses its beginning: "(<v/ccmq-test)". */
static void
store_words(const struct header_facts *f, size_t columns, char out[256])
{
	char clean[200];
	const char *s = clean;
	size_t wide;

	*out = '\0';
	if (f->store_is_default)
		return;
	text_printable(clean, sizeof clean, f->store, strlen(f->store));
	wide = width_text(s) + 2;
	if (wide <= columns) {
		snprintf(out, 256, "(%s)", s);
		return;
	}
	while (*s && width_text(s) + 3 > columns)
		for (s++; ((unsigned char)*s & 0xC0) == 0x80; s++)
			;
	if (columns >= STORE_COLUMNS_LEAST)
		snprintf(out, 256, "(<%s)", s);
}

/* The row's texts, and how many columns they and their blanks take. */
static int
top_words(const struct header_facts *f, int tight, int columns, struct top *t)
{
	int gap = tight >= TIGHT_BLANKS ? 1 : 2;
	time_t now = (time_t)(f->now / 1000);
	size_t used;
	struct tm tm;

	*t = (struct top){ .store = "" };
	localtime_r(&now, &tm);
	strftime(t->clock, sizeof t->clock, columns < 60 ||
		tight >= TIGHT_ZONE ? "%H:%M" : "%H:%M %Z", &tm);
	foreign(t->host, f->status->host, HOST_COLUMNS);
	state_words(f, columns, t);
	if (tight >= TIGHT_UNTIL)
		*t->until = '\0';
	if (tight >= TIGHT_SINCE)
		*t->since = '\0';
	other_words(f, tight, t->others);
	used = width_text(t->host) + width_text(t->word) +
		width_text(t->since) + width_text(t->until) +
		width_text(t->others) + width_text(t->clock) + (size_t)gap *
		(2 + (*t->others != '\0')) + (f->read_only ?
			9 + (size_t)gap : 0);
	if (tight < TIGHT_STORE)
		store_words(f, 200, t->store);
	else if (tight < TIGHT_NO_STORE && (int)used + 1 < columns)
		store_words(f, (size_t)columns - used - 1, t->store);
	if (*t->store)
		used += 1 + width_text(t->store);
	else if (!f->store_is_default && tight < TIGHT_NO_STORE)
		used = 10000;		/* it should be there */
	return (int)used;
}

static void
fill_top(const struct header_facts *f, int columns, struct header_row *row)
{
	int tight = 0, used, at, gap, room;
	char words[VERDICT_BYTES];
	struct top t;

	while ((used = top_words(f, tight, columns, &t)) > columns &&
	    tight < TIGHT_HOST)
		tight++;
	if (used > columns) {
		room = columns - used + (int)width_text(t.host);
		foreign(t.host, f->status->host, room > 4 ? (size_t)room : 4);
	}
	gap = tight >= TIGHT_BLANKS ? 1 : 2;
	at = header_add(row, 0, ROLE_HOST, t.host);
	if (*t.store)
		at = header_add(row, at + 1, ROLE_HOST, t.store);
	snprintf(words, sizeof words, "%s%s%s", t.word, t.since, t.until);
	header_add(row, at + gap, state_role(f), words);
	at = columns - (int)width_text(t.clock);
	header_add(row, at, ROLE_NORMAL, t.clock);
	if (*t.others) {
		at -= gap + (int)width_text(t.others);
		header_add(row, at, ROLE_NORMAL, t.others);
	}
	if (f->read_only)
		header_add(row, at - gap - 9, ROLE_LOOK, "READ-ONLY");
}

/* ---- row 2 ---- */

/* The sentence, or the brief one; cut if need be, but the number of those that
 * are true as well always has its room. */
static void
fill_verdict(const struct header_facts *f, int columns,
	struct header_row *row)
{
	const struct verdict *v = &f->status->verdict;
	const char *hint = columns < 60 ? "a" : "a look";
	int blanks = columns < 60 ? 2 : 1, at, room;
	enum role role = v->severity == VERDICT_ACT ? ROLE_BAD :
		v->severity == VERDICT_LOOK ? ROLE_LOOK : ROLE_NORMAL;
	char words[VERDICT_BYTES], more[16] = "";

	/* Of a time that is past nothing may be known. */
	if (f->as_it_was_at && !*v->text)
		return;
	if (v->more)
		snprintf(more, sizeof more, "+%u", v->more);
	room = columns - 3 - (*more ? 1 + (int)strlen(more) : 0);
	/* With the blank behind it: where a role has a ground, it has no gap. */
	snprintf(words, sizeof words, "%-3s", verdict_sign(v->severity));
	header_add(row, 0, role, words);
	width_cut(words, sizeof words, (int)width_text(v->text) <= room ?
		v->text : v->brief, (size_t)room);
	at = header_add(row, 3, role, words);
	room += 3;
	if ((v->severity != VERDICT_WELL || *more) && at < room)
		at = header_add(row, at, role, ".");
	if (at + blanks + (int)strlen(hint) > room)
		hint = "a";
	if ((v->severity != VERDICT_WELL || *more) && !f->as_it_was_at &&
	    at + blanks + (int)strlen(hint) <= room)
		at = header_add(row, at + blanks, ROLE_KEY, hint);
	header_add(row, at + 1, role, more);
}

/* ---- all ---- */

void
header_fill(const struct header_facts *f, int rows, int columns,
	struct header_row out[HEADER_ROWS])
{
	bool rates = rows >= HEADER_ROWS;
	int all = columns;

	if (columns > HEADER_COLUMNS)
		columns = HEADER_COLUMNS;
	memset(out, 0, HEADER_ROWS * sizeof *out);
	fill_top(f, columns, &out[0]);
	fill_verdict(f, columns, &out[1]);
	if (rates)
		header_fill_rates(f, columns, &out[2]);
	if (rates && all >= HEADER_METERS)
		header_fill_meters(f, all, &out[2]);
	header_fill_views(f, columns, !rates, &out[rates ? 3 : 2]);
}

void
header_draw(const struct header_facts *f, int rows, int columns)
{
	struct header_row out[HEADER_ROWS];

	header_fill(f, rows, columns, out);
	for (int i = 0; i < HEADER_ROWS; i++)
		for (size_t k = 0; k < out[i].count; k++)
			term_put(i, out[i].pieces[k].column, -1,
				out[i].pieces[k].role, out[i].pieces[k].text);
}
