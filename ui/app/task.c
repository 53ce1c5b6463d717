/* SPDX-License-Identifier: ISC */
/* task: see task.h for the contract. */
#include "app/task.h"
#include "app/says.h"
#include "base/text.h"
#include "base/width.h"
#include "base/xalloc.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 250		/* ids between two looks at the keys */
#define WAIT_MS 30		/* for the lock, each time */
#define DETAILS_MAX (1 << 20)	/* bytes that are shown at once */

enum stage {
	STAGE_NONE,
	STAGE_RECOVER,		/* what a dead ccmqd left; then `next` */
	STAGE_LOAD,		/* the targets of an action */
	STAGE_RECORD,		/* the list, before the first is touched */
	STAGE_BATCH,
	STAGE_WHOLE,		/* what is one transaction */
	STAGE_DROP,
};

struct task {
	struct store *store;
	const struct settings *settings;
	const struct actor *actor;

	enum stage stage, next;
	int (*whole)(struct task *t, struct error *err);
	char verb[24], *reason, *subject;
	enum verb kind;
	struct history_action *of;	/* undone, or gone on with */
	struct operation_target *targets;
	size_t n, at;			/* at: how many of them are through */
	struct tags *tags;
	bool final, stop;
	enum connector_verb connector;
	int64_t until, action;
	struct operation_summary sum;
	char first_why[160], waits_for[64], words[160];
	struct str details;

	struct task_result result;
	bool has_result;
	int64_t test;			/* its result is to come */
};

struct task *
task_new(struct store *store, const struct settings *settings,
	const struct actor *actor)
{
	struct task *t = xcalloc(1, sizeof *t);

	t->store = store;
	t->settings = settings;
	t->actor = actor;
	str_init(&t->details);
	str_init(&t->result.details);
	return t;
}

/* As it was before anything began, but for the result. */
static void
clear(struct task *t)
{
	struct task fresh = { .store = t->store, .settings = t->settings,
		.actor = t->actor, .details = STR_INIT, .result = t->result,
		.has_result = t->has_result, .test = t->test };

	if (t->of)
		history_action_release(t->of);
	free(t->of);
	free(t->targets);
	free(t->reason);
	free(t->subject);
	str_release(&t->details);
	*t = fresh;
}

void
task_free(struct task *t)
{
	if (!t)
		return;
	clear(t);
	str_release(&t->result.details);
	free(t);
}

bool
task_runs(const struct task *t)
{
	return t->stage != STAGE_NONE;
}

void
task_stop(struct task *t)
{
	t->stop = task_runs(t);
}

/* ---- beginning ---- */

static void
begin(struct task *t, enum stage next, const char *verb, const char *reason)
{
	assert(!task_runs(t));
	t->stage = STAGE_RECOVER;
	t->next = next;
	snprintf(t->verb, sizeof t->verb, "%s", verb);
	t->reason = reason && reason[strspn(reason, " ")] ? xstrdup(reason) :
		NULL;
}

void
task_begin_verb(struct task *t, const struct task_verb *v)
{
	begin(t, v->n > BATCH ? STAGE_RECORD : STAGE_BATCH,
		verb_word(v->verb), v->reason);
	t->kind = v->verb;
	t->targets = v->targets;
	t->n = v->n;
	t->tags = v->tags;
	t->final = v->for_good;
	t->subject = xstrdup(v->subject);
	t->sum.pending = (int64_t)v->n;
}

static int undo_connector(struct task *t, struct error *err);

void
task_begin_undo(struct task *t, struct history_action *of, const char *reason)
{
	bool mail = verb_parse(of->verb, &t->kind);

	begin(t, mail ? STAGE_LOAD : STAGE_WHOLE, "undo", reason);
	t->whole = undo_connector;
	t->final = true;
	t->of = xmemdup(of, sizeof *of);
	memset(of, 0, sizeof *of);
}

void
task_begin_rest(struct task *t, struct history_action *of, bool drop)
{
	begin(t, drop ? STAGE_DROP : STAGE_LOAD, of->verb, of->reason);
	if (!verb_parse(of->verb, &t->kind))
		t->final = true;	/* an undo: the kind is not looked at */
	t->action = of->id;
	t->of = xmemdup(of, sizeof *of);
	memset(of, 0, sizeof *of);
}

static int
do_connector(struct task *t, struct error *err)
{
	int rc = operations_connector(t->store, t->actor, t->connector,
		t->reason, t->until, err);

	if (rc == 2)
		snprintf(t->result.words, sizeof t->result.words,
			says_nothing_to_do, err->text);
	else if (rc > 0)
		snprintf(t->result.words, sizeof t->result.words,
			says_connector_done, t->verb);
	return rc > 0 ? 0 : -1;
}

void
task_begin_connector(struct task *t, enum connector_verb verb,
	const char *reason, int64_t until)
{
	static const char *const words[] = { "hold", "drain", "resume" };

	begin(t, STAGE_WHOLE, words[verb], reason);
	t->whole = do_connector;
	t->connector = verb;
	t->until = until;
}

static int
do_test(struct task *t, struct error *err)
{
	if (operations_test(t->store, t->actor, NULL, false, &t->test,
			err) < 0)
		return -1;
	snprintf(t->result.words, sizeof t->result.words,
		says_test_asked);
	return 0;
}

void
task_begin_test(struct task *t)
{
	begin(t, STAGE_WHOLE, "test", NULL);
	t->whole = do_test;
}

/* ---- pieces ---- */

/* While the lock is waited for. */
static bool
on_waiting(void *arg, const char *holder)
{
	struct task *t = arg;

	text_printable(t->waits_for, sizeof t->waits_for, holder,
		strlen(holder));
	return false;
}

static void
on_result(void *arg, const struct operation_result *r)
{
	struct task *t = arg;
	bool done = r->result == OPERATION_DONE ||
		r->result == OPERATION_NOTED;
	char why[140];

	if (done) {
		if (t->tags)
			tags_remove(t->tags, r->id);
		return;
	}
	text_printable(why, sizeof why, r->why ? r->why : "",
		strlen(r->why ? r->why : ""));
	if (!*t->first_why)
		snprintf(t->first_why, sizeof t->first_why, "#%" PRId64 " %s",
			r->id, why);
	if (t->details.len < DETAILS_MAX)
		str_addf(&t->details, " #%-8" PRId64 " %-8s %s\n", r->id,
			operation_word(r->result), why);
}

static void
fill_op(struct task *t, struct operation *op)
{
	*op = (struct operation){
		.actor = t->actor, .reason = t->reason, .verb = t->verb,
		.kind = t->kind, .batch = BATCH, .result = on_result, .arg = t,
		.undo_of = !t->of ? 0 : t->action ? t->of->undo_of : t->of->id,
	};
}

/* Without a connector nobody has recovered yet. */
static int
recover(struct task *t, struct error *err)
{
	char who[128];
	int rc = spool_take_lock(&t->store->spool, "ccmq", who, sizeof who,
		err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = operations_recover(t->store, t->settings, err);
	spool_drop_lock(&t->store->spool);
	if (rc < 0)
		store_end(t->store);
	return rc;
}

static int
load(struct task *t, struct error *err)
{
	bool rest = t->action != 0;

	if (operations_targets(t->store, t->of->id, rest ?
	    OPERATION_PENDING : OPERATION_DONE,
	    &t->targets, &t->n, err) < 0)
		return -1;
	t->sum.pending = (int64_t)t->n;
	t->next = rest || t->n <= BATCH ? STAGE_BATCH : STAGE_RECORD;
	return 0;
}

static int
record(struct task *t, struct error *err)
{
	struct operation op;

	fill_op(t, &op);
	if (operations_record(t->store, &op, t->targets, t->n, &t->at,
	    &t->action, err) < 0)
		return -1;
	if (t->at == t->n) {
		t->next = STAGE_BATCH;
		t->at = 0;
	}
	return 0;
}

static int
batch(struct task *t, struct error *err)
{
	size_t n = t->n - t->at < BATCH ? t->n - t->at : BATCH;
	struct operation op;
	int rc;

	fill_op(t, &op);
	rc = t->action ? operations_batch(t->store, &op, t->action,
			t->targets + t->at, n, &t->sum, err) :
		operations_apply(t->store, &op, t->targets, t->n, &t->sum,
			err);
	if (rc < 0)
		return -1;
	t->at += n;
	if (t->at == t->n)
		t->next = STAGE_NONE;
	return 0;
}

static int
drop(struct task *t, struct error *err)
{
	t->next = STAGE_NONE;
	return operations_drop(t->store, t->actor, t->action, err);
}

static int
undo_connector(struct task *t, struct error *err)
{
	struct operation op;

	fill_op(t, &op);
	if (operations_undo(t->store, &op, t->of, &t->sum, err) < 0)
		return -1;
	snprintf(t->result.words, sizeof t->result.words, t->sum.done ?
		says_undone : says_undone_none, t->of->verb);
	return 0;
}

static int
piece(struct task *t, struct error *err)
{
	switch (t->stage) {
	case STAGE_RECOVER: return recover(t, err);
	case STAGE_LOAD: return load(t, err);
	case STAGE_RECORD: return record(t, err);
	case STAGE_BATCH: return batch(t, err);
	case STAGE_DROP: return drop(t, err);
	case STAGE_WHOLE:
		t->next = STAGE_NONE;
		return t->whole(t, err);
	case STAGE_NONE: break;
	}
	return 0;
}

/* ---- the end ---- */

static void add(struct task *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void
add(struct task *t, const char *fmt, ...)
{
	char *words = t->result.words;
	size_t used = strlen(words);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words + used, sizeof t->result.words - used, fmt, ap);
	va_end(ap);
}

static void
add_count(struct task *t, const char *before, int64_t n, const char *after)
{
	char digits[TEXT_NUMBER_MAX];

	if (n)
		add(t, "%s%s%s", before, text_exact(digits, (uint64_t)n),
			after);
}

/* Of one message: what became of it. */
static void
say_one(struct task *t)
{
	char subject[100];

	add(t, "#%" PRId64 "%s%s: ", t->targets[0].id, t->subject ? " " : "",
		width_cut(subject, sizeof subject, t->subject ? t->subject :
			"", 30));
	if (t->sum.done)
		add(t, "%s.", strcmp(t->verb, "undo") == 0 ? "taken back" :
			t->final ? "removed for good" : verb_past(t->kind));
	else if (t->sum.noted)
		add(t, "noted, happens when the attempt ends.");
	else
		add(t, "not done,%s", t->first_why + strcspn(t->first_why,
			" "));
}

static void
say_many(struct task *t)
{
	char n[TEXT_NUMBER_MAX];
	bool dropped = t->stage == STAGE_DROP;

	add(t, "%s of %s: %" PRId64 " done", t->verb, text_exact(n,
		(uint64_t)t->n), t->sum.done);
	add_count(t, ", ", t->sum.noted, " noted, for when the attempt ends");
	add_count(t, ", ", t->sum.skipped, " skipped");
	add_count(t, ", ", t->sum.failed, " failed");
	if (t->sum.pending)
		add_count(t, ", stopped: ", t->sum.pending, dropped ?
			" stay as they were" : " not reached");
	if (*t->first_why)
		add(t, ": %s", t->first_why);
}

/* What it came to, in words. */
static void
finish(struct task *t, int rc, const struct error *err)
{
	struct task_result *r = &t->result;
	int64_t back = t->sum.done + t->sum.noted;

	str_release(&r->details);
	r->bad = rc < 0;
	if (t->n == 1)
		say_one(t);
	else if (t->n)
		say_many(t);
	else if (!*r->words && rc == 0)
		snprintf(r->words, sizeof r->words, says_dropped);
	if (t->n == 1 && !t->final && back)
		add(t, "  u takes it back");
	else if (t->n && !t->final)
		add_count(t, "  u takes back ", back, "");
	if (rc < 0)
		snprintf(r->words, sizeof r->words, "%.250s", err->text);
	snprintf(r->title, sizeof r->title, "%s: %" PRId64 " done, %" PRId64
		" skipped, %" PRId64 " failed", t->verb, t->sum.done,
		t->sum.skipped, t->sum.failed);
	if (t->sum.skipped + t->sum.failed > 1) {
		r->details = t->details;
		str_init(&t->details);
	}
	t->has_result = true;
	clear(t);
}

void
task_step(struct task *t)
{
	struct error err = ERROR_INIT;
	int rc;

	if (!task_runs(t))
		return;
	if (t->stop && t->stage != STAGE_DROP) {
		if (t->action) {
			t->stage = STAGE_DROP;
		} else {
			error_set(&err, ERROR_STOPPED, "Nothing was done");
			finish(t, -1, &err);
			return;
		}
	}
	t->store->waiting = on_waiting;
	t->store->waiting_arg = t;
	t->store->waiting_ms = WAIT_MS;
	t->waits_for[0] = '\0';
	rc = piece(t, &err);
	t->store->waiting = NULL;
	if (rc < 0 && err.code == ERROR_STOPPED)
		return;			/* somebody has the lock: again */
	if (rc < 0 || t->next == STAGE_NONE)
		finish(t, rc, &err);
	else
		t->stage = t->next;
}

const char *
task_words(const struct task *t)
{
	struct task *words_of = (struct task *)(uintptr_t)t;
	char a[TEXT_NUMBER_MAX], b[TEXT_NUMBER_MAX];

	if (*t->waits_for)
		snprintf(words_of->words, sizeof t->words, says_waiting, t->waits_for);
	else if (t->n > 1)
		snprintf(words_of->words, sizeof t->words,
			says_progress, t->verb, text_exact(a,
			t->stage == STAGE_RECORD ? 0 : t->at), text_exact(b,
			t->n));
	else
		snprintf(words_of->words, sizeof t->words, says_under_way, t->verb);
	return t->words;
}

/* The test that was asked for has ended. */
static void
look_for_test(struct task *t)
{
	struct history_action a;
	struct error err = ERROR_INIT;
	const char *detail;
	int rc = history_action_get(t->store->history, t->test, &a, &err);

	if (rc > 0 && a.ended_at == HISTORY_NO_TIME) {
		history_action_release(&a);
		return;
	}
	t->test = 0;
	if (rc <= 0)
		return;
	detail = a.detail ? a.detail : "done";
	snprintf(t->result.words, sizeof t->result.words, says_test,
		isdigit((unsigned char)*detail) ? "#" : "", detail);
	t->result.bad = false;
	t->has_result = true;
	history_action_release(&a);
}

bool
task_take_result(struct task *t, struct task_result *out)
{
	if (t->test && !t->has_result && !task_runs(t))
		look_for_test(t);
	if (!t->has_result)
		return false;
	*out = t->result;
	t->has_result = false;
	memset(&t->result, 0, sizeof t->result);
	str_init(&t->result.details);
	return true;
}
