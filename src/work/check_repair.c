/* SPDX-License-Identifier: ISC */
/*
 * check_repair: mends what check found, a thousand messages a transaction. See
 * check.h for the contract.
 */
#include "work/check_private.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "store/follower.h"
#include "work/operations.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* An old history that was restored begins an epoch, for those who follow it.
 * Its ids go past all that were ever given, before one is given anew; a new
 * `lock` hears of them. */
static int
mend_ids(struct check *c, struct error *err)
{
	struct spool *spool = &c->store->spool;
	int64_t highest = 0, used = check_highest(c);
	struct spool_ids ids;
	int rc = -1;

	spool_read_ids(spool, &ids);
	if (store_begin(c->store, err) == 0 &&
	    history_highest_id(c->store->history, &highest, err) == 0) {
		rc = followers_part(c->store) || highest < used ?
			history_begin_epoch(c->store->history, err) : 0;
		if (rc == 0 && highest < used) {
			highest = used < ids.given ? ids.given : used;
			rc = history_set_highest_id(c->store->history, highest,
				err);
		}
		if (rc == 0 && ids.given < highest)
			rc = spool_write_given(spool, highest, err);
		if (rc == 0)
			rc = store_commit(c->store, err);
		if (rc == 0 && ids.committed < highest)
			spool_write_committed(spool, highest);
	}
	store_end(c->store);
	return rc;
}

/* One id as it is now. 0, or -1 when the history cannot be written. */
static int
mend_group(struct check *c, struct check *now, size_t first, size_t end,
	int *moves, struct error *err)
{
	struct error why = ERROR_INIT;
	struct history_message m;
	char words[200];
	int rc, left;

	now->text_len = 1;
	now->doubt_count = 0;
	rc = check_look_again(now, c, first, end, &m, err);
	if (rc < 0)
		return -1;
	left = check_mend_one(now, rc ? &m : NULL, moves, &why, err);
	if (rc)
		history_message_release(&m);
	if (left > 0)
		text_printable(words, sizeof words, why.text,
			strlen(why.text));
	for (size_t i = first; i < end && left > 0; i++)
		if (c->doubts[i].kind < CHECK_IDS)
			c->doubts[i].why = check_keep(c, words);
	for (size_t i = 0; i < now->doubt_count && left == 0 && !c->rebuild;
	    i++)
		if (store_event(c->store, EVENT_REPAIRED, c->doubts[first].id,
		    err, "check --repair mended message #%" PRId64 ": %s",
		    c->doubts[first].id, check_kind_word(
			    (enum check_kind)now->doubts[i].kind)) < 0)
			return -1;
	return left < 0 ? -1 : 0;
}

/* Ends a transaction, and carries out the moves that were noted in it. */
static int
end_batch(struct store *s, int moves, struct error *err)
{
	struct store_moves done = { 0 };

	if (store_commit(s, err) < 0)
		return -1;
	if (moves > 0 && (store_begin(s, err) < 0 ||
	    store_finish_moves(s, &done, err) < 0 || store_commit(s, err) < 0))
		return -1;
	return 0;
}

/* From the doubt *at on: a thousand ids. 0 or -1. */
static int
mend_batch(struct check *c, struct check *now, size_t *at, struct error *err)
{
	int moves = 0;

	if (store_begin(c->store, err) < 0)
		return -1;
	for (size_t end, n = 0; n < STORE_BATCH && *at < c->doubt_count;
	    *at = end, n++) {
		end = check_group(c, *at);
		if (c->doubts[*at].id && mend_group(c, now, *at, end, &moves,
		    err) < 0)
			return -1;
	}
	return end_batch(c->store, moves, err);
}

static int
mend_tally(struct check *c, struct error *err)
{
	int rc = -1;

	if (store_begin(c->store, err) == 0 &&
	    history_tally_anew(c->store->history, err) == 0)
		rc = store_commit(c->store, err);
	store_end(c->store);
	return rc;
}

int
check_mend_all(struct check *c, struct error *err)
{
	struct check now;
	bool tally = false;
	size_t at = 0;
	int rc = mend_ids(c, err);

	check_init(&now, c->store, c->watch);
	now.rebuild = c->rebuild;
	/* From a sum that was not exact a lie cannot be taken away. */
	for (size_t i = 0; i < c->doubt_count; i++)
		tally = tally || c->doubts[i].kind == CHECK_TALLY ||
			c->doubts[i].kind == CHECK_SIZE;
	while (rc == 0 && at < c->doubt_count) {
		rc = mend_batch(c, &now, &at, err);
		/* Between two: others have the lock, a signal its effect. */
		store_end(c->store);
		store_give_way();
		check_tell(c, "mending", (int64_t)at, (int64_t)c->doubt_count);
	}
	check_release(&now);
	free(c->files);		/* a million take room */
	c->files = NULL;
	c->file_count = c->file_cap = 0;
	return rc == 0 && tally ? mend_tally(c, err) : rc;
}

/* Whether what was found is mended is what a new look says. Number left. */
static int64_t
report_left(const struct check *c, const struct check *after)
{
	size_t i = 0, k = 0;

	while (i < c->doubt_count || k < after->doubt_count) {
		int order = i == c->doubt_count ? 1 :
			k == after->doubt_count ? -1 : check_compare(c,
				&c->doubts[i], after, &after->doubts[k]);

		if (order <= 0)
			check_report(c, &c->doubts[i], order < 0);
		else
			check_report(after, &after->doubts[k], false);
		i += order <= 0;
		k += order >= 0;
	}
	return (int64_t)after->doubt_count;
}

/* Of a rebuild only what did not become a message is told. */
static void
forget_adopted(struct check *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->doubt_count; i++)
		if (c->doubts[i].kind != CHECK_IDS &&
		    (c->doubts[i].kind != CHECK_NO_ROW || c->doubts[i].why))
			c->doubts[kept++] = c->doubts[i];
	c->doubt_count = c->doubt_cap = kept;
	c->doubts = xreallocarray(c->doubts, kept + 1, sizeof *c->doubts);
	if (kept > 0)
		return;
	free(c->text);
	c->text = NULL;
	c->text_len = c->text_cap = 0;
	check_keep(c, "");
}

int64_t
check_mend_and_look(struct check *c, struct error *err)
{
	struct check after;
	int64_t left = -1;

	if (check_look(c, err) < 0 || check_mend_all(c, err) < 0)
		return -1;
	if (c->rebuild)
		forget_adopted(c);
	check_init(&after, c->store, c->watch);
	after.owns_lock = true;
	if (check_look(&after, err) == 0)
		left = report_left(c, &after);
	check_release(&after);
	return left;
}

int
check_take_lock(const struct spool *spool, struct error *err)
{
	char who[128];
	int rc = spool_take_lock(spool, "ccmq", who, sizeof who, err);

	if (rc <= 0)
		return rc;
	return error_set(err, ERROR_BUSY, "the store is in use by %s: stop it "
		"first (systemctl stop ccmqd)", who);
}

/* What could not be moved is tried once more. */
static int
try_stuck(struct store *s, struct error *err)
{
	struct store_moves moves = { 0 };
	int rc = -1;

	if (store_begin(s, err) == 0 && store_try_stuck(s, &moves, err) == 0)
		rc = store_commit(s, err);
	store_end(s);
	return rc;
}

int64_t
check_repair(struct store *s, const struct settings *settings,
	const struct check_watch *watch, struct error *err)
{
	struct check c;
	int64_t left = -1;

	if (check_take_lock(&s->spool, err) < 0)
		return -1;
	check_init(&c, s, watch);
	c.owns_lock = true;
	if (operations_recover(s, settings, err) == 0 &&
	    try_stuck(s, err) == 0)
		left = check_mend_and_look(&c, err);
	store_end(s);
	check_release(&c);
	if (left == 0 && check_end_hold(s, err) < 0)
		left = -1;
	spool_drop_lock(&s->spool);
	return left;
}
