/* SPDX-License-Identifier: ISC */
/* observe_note: what was seen, into the history. See observe_private.h. */
#include "reach/observe_private.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LANE 1
#define ATTEMPT_ROWS 1000	/* of one message; then only its counts grow */

static const enum state states[WATCH_PLACES] = {
	[WATCH_SUBMIT] = STATE_QUEUED,
	[WATCH_IMPORT] = STATE_IMPORTING,
	[WATCH_BAD] = STATE_FAILED,
};

struct change *
observe_add(struct observer *o, enum change_kind kind, uint32_t ref)
{
	o->stirs += kind == CHANGE_MOVED || kind == CHANGE_GONE;
	xgrow(&o->changes, &o->change_cap, o->change_count + 1,
		sizeof *o->changes, CHANGES_MAX);
	o->changes[o->change_count] = (struct change){
		.kind = kind, .ref = ref, .code = -1 };
	return &o->changes[o->change_count++];
}

/* What is counted beside the rows, in one transaction. */
struct sums {
	int64_t now, imported;
	struct history_minute minute;
};

/* --- tries -------------------------------------------------------------- */

static enum outcome_class
class_of_code(int code)
{
	return code == 0 ? CLASS_IMPORTED : code == 5 ? CLASS_UNDELIVERABLE :
		code >= 2 && code <= 4 ? CLASS_UNAVAILABLE : CLASS_REJECTED;
}

/* The event that the original has for it, in its words. */
static int
add_event(struct observer *o, const struct history_message *m, int code,
	struct error *err)
{
	static const enum event numbers[] = { EVENT_IMPORTED,
		EVENT_NOT_COMPLETED, EVENT_CODE_2, EVENT_CODE_3, EVENT_CODE_4,
		EVENT_CODE_5 };

	if (code < 0)
		return 0;
	if (code == 0)
		return store_event(&o->store, EVENT_IMPORTED, m->id, err,
			"Lotus cc:Mail IMPORT from file %s completed "
			"successfully.", m->name);
	return store_event(&o->store, code > 5 ? EVENT_NOT_COMPLETED :
		numbers[code], m->id, err, "Lotus cc:Mail IMPORT from file %s "
		"returned result code %d.", m->name, code);
}

/* The range that c names, as that attempt's. */
static int
link_entry(struct observer *o, struct history_message *m,
	const struct change *c, struct history_attempt *a, char reason[81],
	struct error *err)
{
	if (c->end <= c->start)
		return 0;
	if (und_account_link(&o->store, LANE, o->settings.foreign_und,
	    &o->ahead, c->start, c->end, a, reason, err) < 0)
		return -1;
	m->und_bytes += a->und_end - a->und_start;
	m->und_entries += a->und_entries;
	return 0;
}

static int
add_attempt(struct observer *o, struct history_message *m,
	const struct change *c, int64_t now, char reason[81],
	struct error *err)
{
	struct history_attempt a = {
		.message = m->id, .number = m->attempts, .lane = 0,
		.why = (char *)(uintptr_t)"watched", .started_at = now,
		.ended_at = now, .counted = true, .from_state = m->state,
		.from_since = m->since,
		.class = (char *)(uintptr_t)class_word(class_of_code(c->code)),
		.code = c->code < 0 ? HISTORY_NO_CODE : c->code,
	};

	if (m->attempts > ATTEMPT_ROWS)
		a.id = 0;
	else if (history_attempt_begin(o->store.history, &a, err) < 0)
		return -1;
	if (link_entry(o, m, c, &a, reason, err) < 0)
		return -1;
	a.reason = *reason ? reason : NULL;
	return a.id ? history_attempt_end(o->store.history, &a, err) : 0;
}

/* Its try is told of elsewhere. */
static int
add_entry(struct observer *o, struct history_message *m,
	const struct change *c, struct error *err)
{
	struct history_attempt a = { .message = m->id };
	char reason[81];

	return link_entry(o, m, c, &a, reason, err);
}

static int
note_try(struct observer *o, struct history_message *m,
	const struct change *c, struct sums *sums, struct error *err)
{
	enum outcome_class class = class_of_code(c->code);
	char reason[81] = "";

	m->attempts++;
	m->tries++;
	if (add_attempt(o, m, c, sums->now, reason, err) < 0)
		return -1;
	m->code = c->code < 0 ? HISTORY_NO_CODE : c->code;
	xstrset(&m->class, class_word(class));
	if (*reason || c->code >= 0)
		xstrset(&m->reason, *reason ? reason : NULL);
	if (class != CLASS_IMPORTED)
		m->failed_at = sums->now;
	else
		sums->imported++;
	sums->minute.failed += class == CLASS_UNDELIVERABLE;
	if (history_cause(o->store.history, m->class, m->code, 0, m->reason,
	    &m->cause, err) < 0)
		return -1;
	return add_event(o, m, c->code, err);
}

/* --- changes ------------------------------------------------------------ */

static int
add_message(struct observer *o, struct change *c, struct sums *sums,
	struct error *err)
{
	sums->minute.arrived++;
	sums->imported += c->m.state == STATE_GONE && c->m.code == 0;
	if (store_add_message(&o->store, &c->m, err) < 0)
		return -1;
	if (c->ref != WATCH_NONE)
		watch_name(o->watch, c->ref, c->m.id);
	return 0;
}

static int
move(struct observer *o, struct history_message *m, const struct change *c,
	struct sums *sums, struct error *err)
{
	m->state = states[c->place];
	m->since = sums->now;
	xstrset(&m->true_name, c->m.true_name);
	m->true_name_len = strlen(m->true_name);
	if (m->state != STATE_FAILED)
		return 0;
	m->failures++;
	m->failed_at = sums->now;
	sums->minute.failed++;
	return store_event(&o->store, EVENT_MOVED_TO_BAD, m->id, err,
		"Message %s was moved to the bad directory.", m->name);
}

/* It left; whether it was imported is known where a line said so. */
static void
leave(struct observer *o, struct history_message *m, struct sums *sums)
{
	m->state = STATE_GONE;
	m->since = sums->now;
	m->watched = false;
	if (!m->class && !watch_log_speaks(o->watch))
		sums->imported++;
}

static void
take_header(struct history_message *m, struct history_message *read)
{
	xstrset(&m->from, read->from);
	xstrset(&m->to, read->to);
	xstrset(&m->subject, read->subject);
	xstrset(&m->date_text, read->date_text);
	m->date_at = read->date_at;
}

static int
change_message(struct observer *o, struct change *c, struct sums *sums,
	struct error *err)
{
	struct history_message m = { 0 };
	enum state was;
	int rc = history_message_get(o->store.history, c->ref == WATCH_NONE ?
		c->m.id : watch_id(o->watch, c->ref), &m, err);

	if (rc > 0 && !m.watched && c->ref != WATCH_NONE &&
	    m.state != STATE_GONE) {
		history_message_release(&m);	/* it was taken out */
		return 0;
	}
	if (rc <= 0)
		return rc;
	was = m.state;
	rc = 0;
	switch (c->kind) {
	case CHANGE_GREW:
		m.size = c->m.size;
		m.mtime_ns = c->m.mtime_ns;
		break;
	case CHANGE_MOVED: rc = move(o, &m, c, sums, err); break;
	case CHANGE_GONE: leave(o, &m, sums); break;
	case CHANGE_TRIED: rc = note_try(o, &m, c, sums, err); break;
	case CHANGE_ENTRY: rc = add_entry(o, &m, c, err); break;
	case CHANGE_READ: take_header(&m, &c->m); break;
	case CHANGE_ARRIVED: break;
	}
	/* What does count is known again after a restart. */
	if (c->ref != WATCH_NONE)
		m.rejected = watch_counted(o->watch, c->ref);
	if (rc == 0)
		rc = history_message_update(o->store.history, &m, was, err);
	history_message_release(&m);
	return rc < 0 ? -1 : 0;
}

static int
write_sums(struct observer *o, struct sums *sums, struct error *err)
{
	struct history_connector row = { 0 };
	int rc;

	sums->minute.at = sums->now;
	sums->minute.imported = sums->imported;
	if (history_minute_add(o->store.history, &sums->minute, err) < 0)
		return -1;
	if (sums->imported == 0)
		return 0;
	if (history_connector_get(o->store.history, &row, err) < 0)
		return -1;
	row.imports += sums->imported;
	row.last_import_at = sums->now;
	rc = history_connector_put(o->store.history, &row, err);
	history_connector_release(&row);
	return rc;
}

/* An entry that is nobody's: its bytes are counted all the same. */
static int
count_entry(struct observer *o, const struct change *c, struct error *err)
{
	char reason[81];

	return und_account_link(&o->store, LANE, o->settings.foreign_und,
		&o->ahead, c->start, c->end, NULL, reason, err);
}

static int
write_some(struct observer *o, size_t from, size_t to, struct error *err)
{
	struct sums sums = { .now = clock_wall() };

	if (store_begin(&o->store, err) < 0)
		return -1;
	for (size_t i = from; i < to; i++) {
		struct change *c = &o->changes[i];
		int rc = c->kind == CHANGE_ARRIVED ? add_message(o, c, &sums,
			err) : c->kind == CHANGE_ENTRY && c->ref ==
			WATCH_NONE ? count_entry(o, c, err) :
			change_message(o, c, &sums, err);

		if (rc < 0)
			return -1;
	}
	if (write_sums(o, &sums, err) < 0)
		return -1;
	return store_commit(&o->store, err);
}

int
observe_write(struct observer *o, struct error *err)
{
	int rc = 0;

	for (size_t at = 0; at < o->change_count && rc == 0;
	    at += STORE_BATCH) {
		size_t to = at + STORE_BATCH < o->change_count ?
			at + STORE_BATCH : o->change_count;

		rc = write_some(o, at, to, err);
		store_end(&o->store);
	}
	for (size_t i = 0; i < o->change_count; i++)
		history_message_release(&o->changes[i].m);
	o->change_count = 0;
	return rc;
}

/* --- what follows ------------------------------------------------------- */

static bool
is_told(const struct observer *o, int64_t id)
{
	for (int i = 0; i < o->told_count; i++)
		if (o->told[i] == id)
			return true;
	return false;
}

static int
tell_loops(struct observer *o, const struct watch_loop *loops, int n,
	struct error *err)
{
	struct history_message m;

	for (int i = 0; i < n; i++) {
		if (is_told(o, loops[i].id) || history_message_get(
		    o->store.history, loops[i].id, &m, err) <= 0)
			continue;
		if (store_event(&o->store, EVENT_LOOP, m.id, err, "%s was "
		    "tried %" PRId64 " times and is still there", m.name,
		    loops[i].tries) < 0) {
			history_message_release(&m);
			return -1;
		}
		history_message_release(&m);
	}
	return 0;
}

static int
tell_alike(struct observer *o, const struct watch_alike *alike,
	struct error *err)
{
	if (o->alike_told || !alike->count)
		return 0;
	return store_event(&o->store, EVENT_TRIPPED, 0, err, "%" PRId64
		" different files failed in a row, and none passed",
		alike->count);
}

int
observe_tell(struct observer *o, struct error *err)
{
	struct watch_loop loops[TOLD_MAX] = { { 0 } };
	int all = watch_loops(o->watch, loops, TOLD_MAX), rc = 0;
	int n = all < TOLD_MAX ? all : TOLD_MAX;
	struct watch_alike alike = { 0 };
	bool news = watch_alike(o->watch, &alike) && !o->alike_told;

	for (int i = 0; i < n; i++)
		news = news || !is_told(o, loops[i].id);
	if (news) {
		rc = store_begin(&o->store, err) < 0 ||
			tell_loops(o, loops, n, err) < 0 ||
			tell_alike(o, &alike, err) < 0 ||
			store_commit(&o->store, err) < 0 ? -1 : 0;
		store_end(&o->store);
	}
	if (rc < 0)
		return -1;
	o->alike_told = alike.count > 0;
	for (o->told_count = 0; o->told_count < n; o->told_count++)
		o->told[o->told_count] = loops[o->told_count].id;
	status_word_set_watch(&o->word, &(struct status_word_found){
		.loops = all, .id = loops[0].id, .tries = loops[0].tries,
		.since = loops[0].since, .alike = alike.count,
		.alike_since = alike.since, .alike_code = alike.code,
	});
	return 0;
}
