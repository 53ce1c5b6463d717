/* SPDX-License-Identifier: ISC */
/* verb_ask: see verb_ask.h. */
#include "app/verb_ask.h"
#include "app/ask.h"
#include "app/errand.h"
#include "app/says.h"
#include "app/view_mail.h"
#include "app/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "prompt/verb_page.h"
#include "work/take_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 250		/* messages looked at in a turn */
#define TYPED_FROM 101		/* so many want their number typed */
#define STEPS_FROM 20		/* so many are proposed to go in steps */
#define STEPS "1,5,25,125"
#define RATE_MOST 1000000

struct verb_ask {
	struct ask ask;
	enum verb verb;
	struct operation_target *targets;
	struct flags {
		bool able;		/* the verb can be done to it */
		bool twice;		/* may have been delivered */
	} *flags;
	size_t n, at, cap, flags_cap;	/* at: so many were looked at */
	unsigned shown;			/* states of the list they are from */
	struct tags *tags;		/* of that list, or NULL */
	bool cause;			/* of this query, targets to come */
	struct history_query query;
	void *walk;			/* through what the list shows now */
	int64_t found;			/* … so many of them tagged */
	struct verb_page page;
	struct verb_page_world world;
	/* fields; 0: none (but reason) */
	size_t reason, twice, oldest, steps, speed, lost, decides;
};

/* ---- targets ---- */

void
verb_ask_add(struct verb_ask *va, int64_t id, enum state seen)
{
	xgrow(&va->targets, &va->cap, va->n + 1, sizeof *va->targets,
		OPERATIONS_MAX);
	xgrow(&va->flags, &va->flags_cap, va->n + 1, sizeof *va->flags,
		OPERATIONS_MAX);
	va->flags[va->n] = (struct flags){ false, false };
	va->targets[va->n++] = (struct operation_target){ id, seen };
}

static void
look_at(struct verb_ask *va, const struct history_message *m, size_t i)
{
	int64_t able = va->page.able;

	verb_page_look(&va->page, m, va->targets[i].seen);
	va->flags[i].able = va->page.able > able;
	va->flags[i].twice = va->flags[i].able && m->maybe_delivered &&
		(va->verb == VERB_RETRY || va->verb == VERB_RELEASE);
}

/* More ids of a cause. 1 there is more, 0 not, -1. */
static int
look_at_cause(struct verb_ask *va, struct error *err)
{
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_message last = { .id = va->n ?
		va->targets[va->n - 1].id : 0 };
	struct history_window w = { .forward = true, .anchor = &last };
	int n = history_window(va->ask.desk->store.history, &va->query, &w,
		HISTORY_PAGE, rows, err);

	for (int i = 0; i < n; i++) {
		verb_ask_add(va, rows[i].id, rows[i].state);
		look_at(va, &rows[i], va->n - 1);
		history_message_release(&rows[i]);
	}
	free(rows);
	return n < 0 ? -1 : n > 0;
}

/* Some more of a list of ids: the state each was shown in is the one it has
 * now, if that is one of its list's. 1, 0, -1. */
static int
look_at_ids(struct verb_ask *va, struct error *err)
{
	size_t end = va->n - va->at < PIECE ? va->n : va->at + PIECE;
	struct history_message m;

	for (; va->at < end; va->at++) {
		struct operation_target *t = &va->targets[va->at];
		int rc = history_message_get(va->ask.desk->store.history,
			t->id, &m, err);

		if (rc < 0)
			return -1;
		if (rc == 0) {
			verb_page_missing(&va->page, t->id);
			continue;
		}
		/* Tagged as queued and deferred since: it is in that list. */
		if (va->shown & STATE_BIT(m.state))
			t->seen = m.state;
		look_at(va, &m, va->at);
		history_message_release(&m);
	}
	return va->at < va->n;
}

/* ---- the fields ---- */

/* How many would be done: without those that may arrive twice, the oldest so
 * many of those that can be. */
static int64_t
how_many(const struct verb_ask *va)
{
	const struct prompt *p = &va->ask.prompt;
	int64_t all = va->page.able;

	if (va->twice && p->fields[va->twice].choice == 0)
		all -= va->page.twice;
	if (va->oldest && prompt_number(p, va->oldest) < all)
		all = prompt_number(p, va->oldest);
	return all;
}

static bool
wants_host(const struct verb_ask *va)
{
	return va->verb == VERB_PURGE && va->page.able >= TYPED_FROM &&
		va->ask.desk->actor.ssh;
}

/* What the deciding line says, of as many as the other fields leave. */
static void
update(struct ask *a)
{
	struct verb_ask *va = (struct verb_ask *)a;
	struct prompt *p = &a->prompt;
	struct field *f = &p->fields[va->decides];
	int64_t n;
	char digits[TEXT_NUMBER_MAX];

	if (va->oldest) {
		struct field *oldest = &p->fields[va->oldest];

		oldest->most = va->page.able - (va->twice &&
			p->fields[va->twice].choice == 0 ? va->page.twice : 0);
		snprintf(oldest->words[0], sizeof oldest->words[0], "all %s",
			text_exact(digits, (uint64_t)oldest->most));
	}
	n = how_many(va);
	if (f->kind == FIELD_WORD && !wants_host(va))
		snprintf(f->words[0], sizeof f->words[0], "%" PRId64, n);
	else if (f->kind == FIELD_KEY && va->n == 1)
		snprintf(f->words[0], sizeof f->words[0], "%c: %s it", f->key,
			verb_word(va->verb));
	else if (f->kind == FIELD_KEY)
		snprintf(f->words[0], sizeof f->words[0], "%c: %s %s", f->key,
			verb_word(va->verb), text_exact(digits, (uint64_t)n));
}

static bool
puts_back(const struct verb_ask *va)
{
	return va->verb == VERB_RETRY || va->verb == VERB_RELEASE;
}

/* What only a job has. */
static void
add_job_fields(struct verb_ask *va)
{
	struct prompt *p = &va->ask.prompt;

	if (puts_back(va) && va->page.able >= STEPS_FROM) {
		va->steps = prompt_add_choice(p, "Steps", "1, 5, 25, 125, rest",
			"all at once");
		p->fields[va->steps].hint =
			"stops by itself when a step fails again";
		va->speed = prompt_add_number(p, "Speed", RATE_MOST,
			"as fast as it goes");
		p->fields[va->speed].hint = "or so many a minute";
	}
	if (!va->steps && va->page.able <= ERRAND_SHORT)
		return;
	va->lost = prompt_add_choice(p, "If lost", "goes on", "stops");
	p->fields[va->lost].choice = va->ask.desk->settings->console_on_lost ==
		SETTINGS_ON_LOST_STOP;
	p->fields[va->lost].hint = "when this line is lost";
}

static void
add_fields(struct verb_ask *va)
{
	struct prompt *p = &va->ask.prompt;
	struct desk *desk = va->ask.desk;
	bool many = va->page.able >= TYPED_FROM;
	char words[FIELD_WORDS_MAX], n[TEXT_NUMBER_MAX];

	va->reason = prompt_add_text(p, "Reason", "", va->n > 1);
	p->offers = (const char *const *)desk->reasons;
	p->offer_count = desk->reason_count;
	if (va->page.twice && va->n > 1 && puts_back(va)) {
		bool one = va->page.twice == 1;

		snprintf(words, sizeof words, says_leave_out, text_exact(n,
			(uint64_t)va->page.twice));
		va->twice = prompt_add_choice(p, "Twice", one ?
			says_leave_out_one : words, one ?
			says_put_back_too_one : says_put_back_too);
		/* Where it is all of them, that is what was asked for. */
		p->fields[va->twice].choice = va->page.twice == va->page.able;
	}
	if (many)
		va->oldest = prompt_add_number(p, "Oldest", va->page.able, "");
	add_job_fields(va);
	va->decides = wants_host(va) ? prompt_add_word(p, desk->status.host) :
		many || va->page.for_good ? prompt_add_word(p, "0") :
		prompt_add_key(p, va->verb == VERB_PURGE ? 'p' : 'y', "");
	p->focus = va->n > 1 ? va->reason : va->decides;
	update(&va->ask);
}

/* ---- the page ---- */

static void
count_shown(void *arg, int64_t id, int state)
{
	struct verb_ask *va = arg;

	(void)state;
	va->found += tags_has(va->tags, id);
}

/* How many of the tagged are not in the list as it is filtered, or narrowed to
 * a cause. 1 there is more to look at, 0, -1. */
static int
count_hidden(struct verb_ask *va, struct error *err)
{
	struct view *v = views_here(va->ask.desk);
	struct mail_view *mv = view_mail_of(v);
	int more;

	if (!va->tags || (!mv->mail.query.match && !v->narrowed))
		return 0;
	if (!va->walk)
		va->walk = mail_source.ids_begin(&mv->mail, NULL, NULL, err);
	more = !va->walk ? -1 : mail_source.ids(&mv->mail, va->walk,
		count_shown, va, err);
	va->world.hidden = (int64_t)va->n - va->found;
	va->world.hidden_by = mv->mail.query.match ? "the filter" :
		"the cause that is open";
	return more;
}

static int
look_at_world(struct verb_ask *va, struct error *err)
{
	struct desk *desk = va->ask.desk;

	va->world.now = clock_wall();
	va->world.targets = (int64_t)va->n;
	va->world.lanes = desk->settings->import_lanes;
	va->world.keep_trash_ms = desk->settings->keep_trash_ms;
	va->world.connector = desk->status.connector;
	va->world.blind = va->page.theirs && take_out_is_blind(&desk->store);
	return history_took_ms(desk->store.history, &va->world.took_ms, err);
}

static void
give_up(struct verb_ask *va, const char *why)
{
	screens_close(&va->ask.desk->screens, &va->ask.screen);
	desk_note(va->ask.desk, "%.250s", why);
}

/* Why the one that another connector has cannot be taken out now, or NULL: who
 * has it open is said before anything is asked. */
static char *
why_not(struct verb_ask *va)
{
	struct store *s = &va->ask.desk->store;
	struct error err = ERROR_INIT;
	struct history_message m;
	char *why = NULL;

	if (history_message_get(s->history, va->targets[0].id, &m, &err) <= 0)
		return NULL;
	if (take_out_look(s, &m, false, &why, &err) < 0)
		why = xstrdup(err.text);
	history_message_release(&m);
	return why;
}

/* All were looked at: the page, or why there is none. */
static void
fill(struct verb_ask *va)
{
	struct error err = ERROR_INIT;
	struct str which = STR_INIT;
	char *why = NULL;

	if (va->n == 0) {
		give_up(va, says_no_message);
	} else if (look_at_world(va, &err) < 0) {
		give_up(va, err.text);
	} else if (va->n == 1 && va->page.theirs && (why = why_not(va))) {
		give_up(va, why);
		free(why);
	} else if (va->page.able == 0) {
		verb_page_which(&va->page, &va->world, &which);
		give_up(va, which.data);
	} else {
		prompt_page_release(&va->ask.page);
		verb_page_fill(&va->page, &va->world, &va->ask.page);
		add_fields(va);
	}
	str_release(&which);
}

static bool
look(struct ask *a)
{
	struct verb_ask *va = (struct verb_ask *)a;
	struct error err = ERROR_INIT;
	int more = va->cause ? look_at_cause(va, &err) :
		look_at_ids(va, &err);
	char n[TEXT_NUMBER_MAX];

	if (more == 0)
		more = count_hidden(va, &err);
	if (more < 0) {
		give_up(va, err.text);
	} else if (more) {
		prompt_page_release(&a->page);
		str_addf(&a->page.title, "%s: looking at %s, more to come",
			verb_word(va->verb), text_exact(n, va->cause ? va->n :
			va->at));
	} else {
		fill(va);
	}
	return more > 0;
}

/* ---- the answer ---- */

/* Leaves what is to be done. For all of them also what cannot be done stays,
 * to be told why. */
static void
keep_only(struct verb_ask *va, bool leave_out, int64_t most)
{
	size_t kept = 0;
	int64_t able = 0, all = va->page.able - (leave_out ? va->page.twice :
		0);

	for (size_t i = 0; i < va->n; i++) {
		if (leave_out && va->flags[i].twice)
			continue;
		if (!va->flags[i].able ? most < all : able++ >= most)
			continue;
		va->targets[kept++] = va->targets[i];
	}
	va->n = kept;
}

static struct job_spec
spec_of(const struct verb_ask *va)
{
	const struct prompt *p = &va->ask.prompt;
	const struct field *speed = &p->fields[va->speed];

	return (struct job_spec){
		.steps = va->steps && p->fields[va->steps].choice == 0 ?
			STEPS : NULL,
		.rate = va->speed && speed->text.len ?
			prompt_number(p, va->speed) : 0,
		.console = va->lost && p->fields[va->lost].choice == 1 ?
			va->ask.desk->presence : NULL,
	};
}

static bool
done(struct ask *a, struct request *out)
{
	struct verb_ask *va = (struct verb_ask *)a;
	struct prompt *p = &a->prompt;
	int64_t n = how_many(va);
	const char *reason = p->fields[va->reason].text.data;

	(void)out;
	if (n <= 0) {
		prompt_refuse(p, va->twice, says_none_left);
		return false;
	}
	if (!desk_may_write(a->desk))
		return true;
	keep_only(va, va->twice && p->fields[va->twice].choice == 0, n);
	desk_add_reason(a->desk, reason);
	errand_mail_begin(a->desk, &(struct errand_mail){
		.word = verb_word(va->verb), .verb = va->verb,
		.targets = va->targets, .n = va->n, .reason = reason,
		.spec = spec_of(va), .tags = va->tags,
		.for_good = va->page.for_good,
		.subject = va->n == 1 ? va->page.oldest.subject : NULL });
	va->targets = NULL;
	return true;
}

static void
release(struct ask *a)
{
	struct verb_ask *va = (struct verb_ask *)a;

	if (va->walk)
		mail_source.ids_end(va->walk);
	free(va->targets);
	free(va->flags);
}

static const struct ask_kind kind = {
	.done = done, .typed = update, .look = look, .release = release,
};

/* ---- beginning ---- */

struct verb_ask *
verb_ask_new(struct desk *desk, enum verb verb, enum state state)
{
	struct verb_ask *va = xcalloc(1, sizeof *va);

	va->verb = verb;
	verb_page_init(&va->page, verb, verb == VERB_PURGE &&
		state == STATE_PURGED, desk->status.host, &desk->actor);
	va->world.title = "messages";
	str_init(&va->ask.page.title);
	return va;
}

void
verb_ask_of_cause(struct verb_ask *va, const struct history_query *query)
{
	va->cause = true;
	va->world.title = query->doubt ? "messages of several causes" :
		"messages of one cause";
	va->query = *query;
}

void
verb_ask_of_tags(struct verb_ask *va, struct tags *tags, unsigned shown,
	int64_t cursor)
{
	for (size_t i = 0; i < tags->count; i++)
		verb_ask_add(va, tags->ids[i], (enum state)tags->states[i]);
	va->shown = shown;
	va->tags = tags;
	va->world.title = "tagged messages";
	va->world.cursor = cursor;
}

void
verb_ask_open(struct verb_ask *va, struct desk *desk)
{
	ask_open(desk, &va->ask, &kind);
}
