/* SPDX-License-Identifier: ISC */
/*
 * watch_tries: what is known of tries, and what follows: a loop, or that all
 * fail alike. See watch.h.
 *
 * A row is what failed since the last file passed. Where three or more different
 * files failed in a row it says nothing of any of them how often each did: it
 * counts as one try. A loop needs three: three rows, or three tries in one that
 * is its own.
 */
#include "reach/watch_private.h"
#include "base/xalloc.h"

#include <stdlib.h>

#define TRIALS_MAX 100000000
#define LOOSE_CYCLES 2		/* then a file is old enough to be read */
#define ROW_SURE 10		/* so many need not have been tried again */

static struct trial *
trial_of(struct watch *w, uint32_t ref)
{
	struct entry *e = &w->entries[ref];
	size_t i;

	if (e->trial != WATCH_NONE)
		return &w->trials[e->trial];
	for (i = w->trials_free ? 0 : w->trial_count; i < w->trial_count; i++)
		if (w->trials[i].ref == WATCH_NONE)
			break;
	if (i < w->trial_count) {
		w->trials_free--;
	} else {
		xgrow(&w->trials, &w->trial_cap, i + 1, sizeof *w->trials,
			TRIALS_MAX);
		w->trial_count++;
	}
	e->trial = (uint32_t)i;
	w->trials[i] = (struct trial){ .ref = ref, .code = -1 };
	return &w->trials[i];
}

static bool
is_crowd(const struct watch *w)
{
	return w->row + (w->cycle - w->row_loose_at > LOOSE_CYCLES ? 0 :
		w->row_loose) >= WATCH_ALIKE;
}

/* Is it the first of its likeness in this row, and of late? */
static bool
is_first_loose(const struct watch *w, int i)
{
	const struct loose *l = &w->loose[i];

	if (!l->likeness || l->row != w->rows || w->cycle - l->cycle > LOOSE_CYCLES)
		return false;
	for (int k = 0; k < i; k++)
		if (w->loose[k].likeness == l->likeness &&
		    w->loose[k].row == w->rows)
			return false;
	return true;
}

/* Different files of which nothing is known but their entries of late: too
 * young to be read, they failed in this row all the same. Three are enough. */
static void
count_loose(struct watch *w)
{
	w->row_loose = 0;
	w->row_loose_at = w->cycle;
	for (int i = 0; i < LOOSE_MAX && w->row_loose < WATCH_ALIKE; i++)
		w->row_loose += is_first_loose(w, i);
}

/* What the row is worth for one of it. */
static int64_t
row_worth(const struct watch *w, const struct trial *t)
{
	return is_crowd(w) && t->row_counted > 1 ? 1 : t->row_counted;
}

static bool
is_loop(const struct watch *w, const struct trial *t)
{
	return t->ref != WATCH_NONE && !w->entries[t->ref].gone &&
		t->counted + row_worth(w, t) >= WATCH_LOOP_TRIES;
}

/* --- failing and passing ------------------------------------------------ */

static void
enter_row(struct watch *w, struct trial *t, int code, int64_t at)
{
	w->row_failures++;
	w->row_code = code;
	w->row_last = at;
	if (t->counted >= WATCH_LOOP_TRIES)	/* it is known for itself */
		return;
	if (t->in_row) {
		w->row_again = true;
		return;
	}
	t->in_row = true;
	if (w->row++ == 0)
		w->row_since = at;
}

static void
note_failure(struct watch *w, uint32_t ref, int code, int64_t at)
{
	struct trial *t = trial_of(w, ref);

	if (t->tries++ == 0)
		t->first = at;
	t->last = at;
	t->code = code;
	enter_row(w, t, code, at);
	/* 2, 3 and 4 are the environment's. */
	t->row_counted += code < 2 || code > 4;
}

/* Something passed: the row is over. */
static void
note_pass(struct watch *w)
{
	for (size_t i = w->row_failures ? 0 : w->trial_count;
	    i < w->trial_count; i++) {
		struct trial *t = &w->trials[i];

		t->counted += row_worth(w, t);
		t->row_counted = 0;
		t->in_row = false;
	}
	w->row = w->row_loose = w->row_failures = 0;
	w->rows++;
	w->passed = true;
	w->row_again = false;
}

/* The same file under another inode, as a network mount may give it? Then what
 * is known of its tries goes over. */
static bool
is_renumbered(struct watch *w, struct entry *e)
{
	uint32_t ref;

	for (ref = watch_first(w, e->name); ref != WATCH_NONE;
	    ref = watch_next(w, ref)) {
		struct entry *other = &w->entries[ref];

		if (other == e || other->gone || !other->seen ||
		    other->place != e->place || other->print != e->print)
			continue;
		e->renumbered = true;
		if (e->trial != WATCH_NONE && other->trial == WATCH_NONE) {
			other->trial = e->trial;
			w->trials[e->trial].ref = ref;
			e->trial = WATCH_NONE;
		}
		return true;
	}
	return false;
}

void
watch_is_gone(struct watch *w, uint32_t ref)
{
	struct entry *e = &w->entries[ref];

	e->gone = true;
	e->went = w->cycle;
	w->places[e->place]--;
	/* Where no log tells, what left passed, as far as can be seen. */
	if (!is_renumbered(w, e) && !w->log_speaks && e->place != WATCH_BAD)
		note_pass(w);
}

/* --- the log ------------------------------------------------------------ */

/*
 * Whose line it is: what went in this look comes before what is in import now;
 * a file in submit is tried only where its copy is, so it is its own if it was
 * there before that copy came, or if there is none.
 */
static uint32_t
owner(const struct watch *w, const char *name)
{
	uint32_t gone = WATCH_NONE, here = WATCH_NONE, waits = WATCH_NONE;
	uint32_t ref = watch_first(w, watch_fold(name));

	for (; ref != WATCH_NONE; ref = watch_next(w, ref)) {
		const struct entry *e = &w->entries[ref];

		if (e->gone)
			gone = e->renumbered || e->over ? gone : ref;
		else if (e->place == WATCH_IMPORT)
			here = ref;
		else if (e->place == WATCH_SUBMIT && e->came < w->cycle)
			waits = ref;
	}
	if (gone == WATCH_NONE)
		return here != WATCH_NONE ? here : waits;
	if (waits != WATCH_NONE &&
	    w->entries[waits].came < w->entries[gone].came)
		return waits;
	return gone;
}

uint32_t
watch_line(struct watch *w, const char *name, int code, int64_t at)
{
	uint32_t ref = owner(w, name);
	struct trial *t;

	w->log_speaks = true;
	if (code == 0 || code == 5) {
		if (ref != WATCH_NONE)
			watch_drop_trial(w, &w->entries[ref]);
		note_pass(w);
		if (ref != WATCH_NONE)
			w->entries[ref].over = w->entries[ref].gone;
	} else if (ref != WATCH_NONE) {
		t = trial_of(w, ref);
		/* The try that its entry told of already. */
		if (t->log || t->tries == 0)
			note_failure(w, ref, code, at);
		w->trials[w->entries[ref].trial].log = true;
	}
	if (ref != WATCH_NONE)
		w->entries[ref].heard = w->entries[ref].gone;
	return ref;
}

/* --- the .und ----------------------------------------------------------- */

/* Of those that are alike and still there the one that was tried least. */
static uint32_t
alike_file(const struct watch *w, uint64_t likeness)
{
	const struct trial *best = NULL;

	for (size_t i = 0; i < w->trial_count; i++) {
		const struct trial *t = &w->trials[i];

		if (t->ref != WATCH_NONE && t->likeness == likeness &&
		    !w->entries[t->ref].gone &&
		    (!best || t->und_bytes < best->und_bytes))
			best = t;
	}
	return best ? best->ref : WATCH_NONE;
}

uint32_t
watch_entry(struct watch *w, uint64_t likeness, int64_t bytes, int64_t at,
	bool *tried)
{
	uint32_t ref = likeness ? alike_file(w, likeness) : WATCH_NONE;
	struct trial *t;

	*tried = false;
	if (ref == WATCH_NONE) {
		w->und_grew = true;
		w->loose[w->loose_next++ % LOOSE_MAX] = (struct loose){
			likeness, bytes, at, w->cycle,
			/* What is heard is older than what was seen. */
			w->rows - w->passed };
		count_loose(w);
		return ref;
	}
	t = trial_of(w, ref);
	t->und_bytes += bytes;
	*tried = !t->log;
	if (*tried)
		note_failure(w, ref, -1, at);
	return ref;
}

/* What may be the file of an entry, or of a line. */
static bool
is_suspect(const struct watch *w, const struct entry *e)
{
	const struct trial *t = e->trial == WATCH_NONE ? NULL :
		&w->trials[e->trial];

	if (!e->there || e->gone || e->place == WATCH_BAD ||
	    w->cycle - e->came < 2 || (t && (t->likeness || t->refused)))
		return false;
	return t ? t->tries > 0 : w->und_grew && e->place == WATCH_IMPORT &&
		!w->log_speaks;
}

bool
watch_wanted(struct watch *w, uint32_t *cursor, uint32_t *ref_out)
{
	for (; *cursor < w->count; (*cursor)++) {
		if (!is_suspect(w, &w->entries[*cursor]))
			continue;
		*ref_out = (*cursor)++;
		return true;
	}
	return false;
}

int64_t
watch_liken(struct watch *w, uint32_t ref, uint64_t likeness)
{
	struct trial *t = trial_of(w, ref);
	int64_t n = 0;

	t->likeness = likeness;
	t->refused = likeness == 0;
	for (size_t i = 0; likeness && i < LOOSE_MAX; i++) {
		struct loose *l = &w->loose[(w->loose_next + i) % LOOSE_MAX];

		if (l->likeness != likeness ||
		    l->cycle < w->entries[ref].came)
			continue;
		t->und_bytes += l->bytes;
		l->likeness = 0;
		if (t->log)
			continue;
		note_failure(w, ref, -1, l->at);
		n++;
	}
	count_loose(w);
	return n;
}

/* --- what follows ------------------------------------------------------- */

void
watch_tried_before(struct watch *w, uint32_t ref, int64_t tries,
	int64_t counted, int64_t und_bytes, int64_t at)
{
	struct trial *t = trial_of(w, ref);

	t->tries = tries;
	t->counted = counted;
	t->und_bytes = und_bytes;
	t->first = t->last = at;
}

int64_t
watch_tries(const struct watch *w, uint32_t ref)
{
	uint32_t i = w->entries[ref].trial;

	return i == WATCH_NONE ? 0 : w->trials[i].tries;
}

int64_t
watch_counted(const struct watch *w, uint32_t ref)
{
	uint32_t i = w->entries[ref].trial;

	return i == WATCH_NONE ? 0 : w->trials[i].counted +
		row_worth(w, &w->trials[i]);
}

void
watch_expect_log(struct watch *w)
{
	w->log_speaks = true;
}

bool
watch_log_speaks(const struct watch *w)
{
	return w->log_speaks;
}

int
watch_loops(const struct watch *w, struct watch_loop *out, int max)
{
	int n = 0, at;

	for (size_t i = 0; i < w->trial_count; i++) {
		const struct trial *t = &w->trials[i];

		if (!is_loop(w, t))
			continue;
		/* Sorted in; the last one falls off. */
		for (at = n++ < max ? n - 1 : max - 1; at >= 0; at--) {
			if (at > 0 && out[at - 1].tries < t->tries) {
				out[at] = out[at - 1];
				continue;
			}
			if (at == max - 1 && n > max &&
			    out[at].tries >= t->tries)
				break;
			out[at] = (struct watch_loop){ t->ref,
				w->entries[t->ref].id, t->tries, t->first,
				t->last, t->und_bytes };
			break;
		}
	}
	return n;
}

bool
watch_alike(const struct watch *w, struct watch_alike *out)
{
	if (w->row < WATCH_ALIKE || (!w->row_again && w->row < ROW_SURE))
		return false;
	*out = (struct watch_alike){ w->row, w->row_code, w->row_since,
		w->row_last };
	return true;
}
