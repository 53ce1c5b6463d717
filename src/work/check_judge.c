/* SPDX-License-Identifier: ISC */
/*
 * check_judge: what a message's row and its files say of each other. See
 * check_private.h.
 */
#include "work/check_private.h"

#include <stdio.h>
#include <string.h>

/* Of several files without a row the one that is furthest on its way is the
 * message: what is in imported/ shall not be imported again. */
static void
judge_without_row(struct check *c, int64_t id, const struct check_file *files,
	size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_doubt(c, i + 1 == n ? CHECK_NO_ROW : CHECK_TWO_FILES, id,
			(enum spool_dir)files[i].dir, c->text + files[i].name,
			"");
}

static enum spool_dir
dir_of(const char *word)
{
	enum spool_dir dir = SPOOL_NOWHERE;

	spool_dir_parse(word, &dir);
	return dir;
}

/* Which of the directories, at least one, has the message itself? */
static enum spool_dir
which(const struct history_message *m, unsigned places)
{
	enum spool_dir home = store_home(m);

	if (places & 1u << home)
		return home;
	if (m->move_to && places & 1u << dir_of(m->move_from))
		return dir_of(m->move_from);
	return (enum spool_dir)(31 - __builtin_clz(places));
}

/* Is a file of message m in a directory where it may be? */
static bool
may_be_in(const struct history_message *m, enum spool_dir dir)
{
	if (!m->move_to)
		return dir == store_home(m);
	return dir == dir_of(m->move_from) || dir == dir_of(m->move_to);
}

/* It was made, and its move failed. */
static bool
in_making(struct check *c, const struct history_message *m)
{
	struct error ignored = ERROR_INIT;
	char file[SPOOL_FILE_MAX];
	struct stat st;

	if (!m->move_from || dir_of(m->move_from) != SPOOL_MAKING)
		return false;
	spool_file_name(file, m->id, m->name);
	return spool_exists(&c->store->spool, SPOOL_MAKING, file, &st,
		&ignored) != 0;
}

/* On its way in; also where we may not look. */
static bool
in_submit(struct check *c, const struct history_message *m)
{
	struct error ignored = ERROR_INIT;
	struct stat st;

	return m->move_from && dir_of(m->move_from) == SPOOL_SUBMIT &&
		spool_is_dropped_name(m->true_name, m->true_name_len) &&
		spool_exists(&c->store->spool, SPOOL_SUBMIT, m->true_name, &st,
			&ignored) != 0;
}

/* The one file under the message's name, and the others. */
static void
judge_places(struct check *c, const struct history_message *m,
	unsigned places)
{
	char calls[64];
	enum spool_dir own;

	snprintf(calls, sizeof calls, "the history calls it %s",
		state_word(m->state));
	if (!places) {
		if (store_home(m) != SPOOL_NOWHERE && !in_submit(c, m) &&
		    !in_making(c, m))
			check_doubt(c, CHECK_NO_FILE, m->id, store_home(m),
				m->name, calls);
		return;
	}
	own = which(m, places);
	for (int d = 0; d < SPOOL_DIR_COUNT; d++)
		if (places & 1u << d && d != (int)own)
			check_doubt(c, CHECK_TWO_FILES, m->id,
				(enum spool_dir)d, m->name, "");
	if (!may_be_in(m, own))
		check_doubt(c, CHECK_WRONG_DIR, m->id, own, m->name, calls);
}

void
check_judge(struct check *c, int64_t id, const struct history_message *m,
	const struct check_file *files, size_t n)
{
	bool has_name = m && spool_is_reduced_name(m->name);
	unsigned places = 0;

	if (!m) {
		judge_without_row(c, id, files, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (has_name && strcmp(c->text + files[i].name, m->name) == 0)
			places |= 1u << files[i].dir;
		else
			check_doubt(c, CHECK_WRONG_NAME, id,
				(enum spool_dir)files[i].dir,
				c->text + files[i].name, "");
	if (!has_name)
		check_doubt(c, CHECK_BAD_NAME, id, store_home(m),
			m->name ? m->name : "", "");
	if (m->size < 0 || m->size > CHECK_SIZE_MAX)
		check_doubt(c, CHECK_SIZE, id, store_home(m), m->name, "");
	judge_places(c, m, places);
	if (m->move_stuck && m->move_to)
		check_doubt(c, CHECK_STUCK, id, dir_of(m->move_from), m->name,
			*m->move_to ? m->move_to : "to nowhere");
}
