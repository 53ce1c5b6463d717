/* SPDX-License-Identifier: ISC */
/* check: the look at everything, and the second one. See check.h for the
 * contract. */
#include "work/check.h"
#include "work/check_private.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- one look ---------------------------------------------------------- */

/* The files from `at` on that have one id; judged with its row, if any. The
 * next place. */
static size_t
judge_files(struct check *c, size_t at, int64_t id,
	const struct history_message *m)
{
	size_t end = at;

	while (end < c->file_count && c->files[end].id == id)
		end++;
	check_judge(c, id, m, c->files + at, end - at);
	return end;
}

/* Files of ids below `id` have no row. */
static size_t
judge_orphans(struct check *c, size_t at, int64_t id)
{
	while (at < c->file_count && c->files[at].id < id)
		at = judge_files(c, at, c->files[at].id, NULL);
	return at;
}

/* Rows and files side by side, in the order of ids. */
static int
merge(struct check *c, struct error *err)
{
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	int64_t after = 0, highest = 0;
	size_t at = 0;
	int n;

	if (history_highest_id(c->store->history, &highest, err) < 0) {
		free(rows);
		return -1;
	}
	while ((n = history_places(c->store->history, after, HISTORY_PAGE,
	    rows, err)) > 0) {
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			at = judge_orphans(c, at, after);
			at = judge_files(c, at, after, &rows[i]);
			history_message_release(&rows[i]);
		}
		check_tell(c, "comparing", after, highest);
	}
	free(rows);
	judge_orphans(c, at, INT64_MAX);
	return n;
}

static int
look_at_ids(struct check *c, struct error *err)
{
	const struct check_file *last = c->file_count ?
		&c->files[c->file_count - 1] : NULL;
	int64_t used = check_highest(c), highest;
	char why[80];

	if (history_highest_id(c->store->history, &highest, err) < 0)
		return -1;
	snprintf(why, sizeof why, "its highest is %" PRId64, highest);
	if (used > highest && last && last->id == used)
		check_doubt(c, CHECK_IDS, used, (enum spool_dir)last->dir,
			c->text + last->name, why);
	else if (used > highest)
		check_doubt(c, CHECK_IDS, used, SPOOL_NOWHERE, "", why);
	return 0;
}

/* Open attempts and moves while nobody is there to end them. */
static int
look_at_open(struct check *c, struct error *err)
{
	struct history_message m;
	struct history_attempt a;
	char who[128];
	int held = spool_ask_lock(&c->store->spool, who, sizeof who, err), rc;

	if (held != 0 && !c->owns_lock)
		return held < 0 ? -1 : 0;
	rc = history_attempt_open(c->store->history, 0, &a, err);
	if (rc > 0) {
		check_doubt(c, CHECK_OPEN, a.message, SPOOL_NOWHERE, "",
			"an attempt without an end");
		history_attempt_release(&a);
	}
	if (rc < 0)
		return -1;
	rc = history_moves(c->store->history, false, 0, 1, &m, err);
	/* Out of submit/ the next ccmqd moves. */
	if (rc > 0 && !(c->owns_lock && strcmp(m.move_from, "submit") == 0))
		check_doubt(c, CHECK_OPEN, m.id, SPOOL_NOWHERE, m.name,
			"a move");
	if (rc > 0)
		history_message_release(&m);
	return rc < 0 ? -1 : 0;
}

static int
look_at_whole(struct check *c, struct error *err)
{
	struct error words = ERROR_INIT;
	int rc;

	if (look_at_ids(c, err) < 0)
		return -1;
	rc = history_tally_agrees(c->store->history, err);
	if (rc == 0)
		check_doubt(c, CHECK_TALLY, 0, SPOOL_NOWHERE, "", "");
	if (rc < 0)
		return -1;
	rc = history_integrity(c->store->history, &words);
	if (rc < 0) {
		*err = words;
		return -1;
	}
	if (rc == 0)
		check_doubt(c, CHECK_INTEGRITY, 0, SPOOL_NOWHERE, "",
			words.text);
	return look_at_open(c, err);
}

static int
by_order(const void *a, const void *b, void *c)
{
	return check_compare(c, a, c, b);
}

/* Most often they are in order already, and sorting takes as much room again. */
static void
sort_doubts(struct check *c)
{
	size_t i = 1;

	while (i < c->doubt_count && by_order(&c->doubts[i - 1],
	    &c->doubts[i], c) <= 0)
		i++;
	if (i < c->doubt_count)
		qsort_r(c->doubts, c->doubt_count, sizeof *c->doubts, by_order,
			c);
}

int
check_look(struct check *c, struct error *err)
{
	/* Files first: a message that arrives between is in the rows. */
	if (check_read_names(c, err) < 0 || merge(c, err) < 0 ||
	    look_at_whole(c, err) < 0)
		return -1;
	sort_doubts(c);
	return 0;
}

/* --- the second look at one id ------------------------------------------ */

/* Adds the file if it is there and is not yet known. */
static int
add_if_there(struct check *c, int64_t id, enum spool_dir dir,
	const char *name, struct error *err)
{
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int rc;

	for (size_t i = 0; i < c->file_count; i++)
		if (c->files[i].dir == dir &&
		    strcmp(c->text + c->files[i].name, name) == 0)
			return 0;
	spool_file_name(file, id, name);
	rc = spool_exists(&c->store->spool, dir, file, &st, err);
	if (rc > 0)
		check_add_file(c, id, dir, name);
	return rc < 0 ? -1 : 0;
}

/* The files of an id that were doubted, and those under the row's name. */
static int
find_files(struct check *c, const struct check *from, size_t first,
	size_t end, const struct history_message *m, struct error *err)
{
	int64_t id = from->doubts[first].id;

	c->file_count = 0;
	for (size_t i = first; i < end; i++)
		if (SPOOL_HOLDS_MESSAGES(from->doubts[i].dir) &&
		    spool_is_reduced_name(from->text + from->doubts[i].name) &&
		    add_if_there(c, id, (enum spool_dir)from->doubts[i].dir,
			    from->text + from->doubts[i].name, err) < 0)
			return -1;
	/* Twice: what is moved meanwhile may be missed once. */
	for (int d = 0; m && spool_is_reduced_name(m->name) &&
	    d < 2 * SPOOL_DIR_COUNT; d++) {
		int dir = d % SPOOL_DIR_COUNT;

		if (SPOOL_HOLDS_MESSAGES(dir) && add_if_there(c, id,
		    (enum spool_dir)dir, m->name, err) < 0)
			return -1;
	}
	check_sort_files(c);
	return 0;
}

static bool
is_same_row(const struct history_message *a, const struct history_message *b)
{
	return a->state == b->state && a->since == b->since &&
		a->kept == b->kept && !a->move_to == !b->move_to;
}

/* Is the row still as m (NULL: none)? 1, 0, -1. */
static int
row_stands(struct check *c, int64_t id, const struct history_message *m,
	struct error *err)
{
	struct history_message now;
	int rc = history_message_get(c->store->history, id, &now, err);

	if (rc <= 0)
		return rc < 0 ? -1 : !m;
	rc = m && is_same_row(m, &now);
	history_message_release(&now);
	return rc;
}

#define TRIES 5		/* at a message that changes while it is looked at */

int
check_look_again(struct check *c, const struct check *from, size_t first,
	size_t end, struct history_message *m_out, struct error *err)
{
	int64_t id = from->doubts[first].id;
	size_t known = c->doubt_count;
	int rc, stands = 0;

	for (int i = 0; stands == 0 && i < TRIES; i++) {
		struct history_message *m;

		c->doubt_count = known;
		rc = history_message_get(c->store->history, id, m_out, err);
		if (rc < 0)
			return -1;
		m = rc ? m_out : NULL;
		stands = find_files(c, from, first, end, m, err);
		if (stands == 0) {
			check_judge(c, id, m, c->files, c->file_count);
			stands = c->doubt_count == known ? 1 :
				row_stands(c, id, m, err);
		}
		if (m && stands != 1)
			history_message_release(m);
	}
	if (stands == 0)
		c->doubt_count = known;
	return stands < 0 ? -1 : stands && rc;
}

/* --- two looks ---------------------------------------------------------- */

static int
look_again_at_foreign(struct check *c, const struct check *from,
	const struct check_doubt *d, struct error *err)
{
	struct stat st;
	int rc = spool_exists(&c->store->spool, (enum spool_dir)d->dir,
		from->text + d->name, &st, err);

	if (rc > 0)
		check_doubt(c, CHECK_FOREIGN, 0, (enum spool_dir)d->dir,
			from->text + d->name, "");
	return rc < 0 ? -1 : 0;
}

static bool
is_whole(enum check_kind kind)
{
	return kind == CHECK_IDS || kind == CHECK_TALLY ||
		kind == CHECK_INTEGRITY || kind == CHECK_OPEN;
}

/* A second look at each doubt of `from`, from the files up. */
static int
look_at_doubts(struct check *c, const struct check *from, struct error *err)
{
	struct history_message m;
	bool whole = false;
	size_t end;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < from->doubt_count; i = end) {
		end = from->doubts[i].id ? check_group(from, i) : i + 1;
		for (size_t k = i; k < end; k++)
			whole = whole || is_whole(
				(enum check_kind)from->doubts[k].kind);
		if (from->doubts[i].kind == CHECK_FOREIGN)
			rc = look_again_at_foreign(c, from, &from->doubts[i],
				err);
		if (!from->doubts[i].id)
			continue;
		rc = check_look_again(c, from, i, end, &m, err);
		if (rc > 0)
			history_message_release(&m);
		rc = rc < 0 ? -1 : 0;
		check_tell(c, "looking again", (int64_t)i,
			(int64_t)from->doubt_count);
	}
	/* What the ids are held against: the highest file of the first look. */
	c->file_count = 0;
	if (from->file_count) {
		const struct check_file *last =
			&from->files[from->file_count - 1];

		check_add_file(c, last->id, (enum spool_dir)last->dir,
			from->text + last->name);
	}
	if (rc == 0 && whole)
		rc = look_at_whole(c, err);
	sort_doubts(c);
	return rc;
}

/* Reports what both looks say. The number. */
static int64_t
report_agreed(const struct check *first, const struct check *second)
{
	size_t i = 0, k = 0;
	int64_t n = 0;

	while (i < first->doubt_count && k < second->doubt_count) {
		int order = check_compare(first, &first->doubts[i], second,
			&second->doubts[k]);

		if (order == 0) {
			check_report(second, &second->doubts[k], false);
			n++;
		}
		i += order <= 0;
		k += order >= 0;
	}
	return n;
}

static int64_t
run(struct check *first, struct check *second, struct error *err)
{
	struct timespec moment = { 0, 300000000 };

	if (check_look(first, err) < 0)
		return -1;
	if (first->doubt_count == 0)
		return 0;
	nanosleep(&moment, NULL);
	if (look_at_doubts(second, first, err) < 0)
		return -1;
	return report_agreed(first, second);
}

int64_t
check_run(struct store *s, const struct check_watch *watch, struct error *err)
{
	struct check first, second;
	int64_t n;

	check_init(&first, s, watch);
	check_init(&second, s, watch);
	n = run(&first, &second, err);
	check_release(&first);
	check_release(&second);
	if (n == 0 && check_end_hold(s, err) < 0)
		return -1;
	return n;
}

/* --- what waits for a check ---------------------------------------------- */

static int
go_on(struct store *s, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = -1;

	if (store_begin(s, err) == 0 &&
	    history_connector_get(s->history, &row, err) == 0) {
		row.needs_check = false;
		if (row.hold_by && strcmp(row.hold_by, STORE_CONNECTOR) == 0)
			row.hold = false;
		if (history_connector_put(s->history, &row, err) == 0 &&
		    store_event(s, EVENT_RESUMED, 0, err, "a check found "
			    "nothing: %s", row.hold ? "held, until a person "
			    "resumes" : "going on") == 0)
			rc = store_commit(s, err);
	}
	store_end(s);
	history_connector_release(&row);
	return rc;
}

int
check_end_hold(struct store *s, struct error *err)
{
	struct history_connector row = { 0 };
	bool waits;

	if (!s->writable)
		return 0;
	if (spool_check_needed(&s->spool) &&
	    spool_set_check_needed(&s->spool, false, err) < 0)
		return -1;
	if (history_connector_get(s->history, &row, err) < 0)
		return -1;
	waits = row.needs_check;
	history_connector_release(&row);
	return waits ? go_on(s, err) : 0;
}
