/* SPDX-License-Identifier: ISC */
/*
 * moves: where a message's file is, and carrying it from one directory
 * to another. See store.h for the contract.
 */
#include "store/store.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOVES_PAGE 32
#define LOST_MAX 10		/* in a row: something is wrong with the store */

void
store_note_move(struct history_message *m, enum spool_dir from,
	enum spool_dir to)
{
	assert(!m->move_to);
	m->move_from = xstrdup(spool_dir_word(from));
	m->move_to = xstrdup(spool_dir_word(to));
}

enum spool_dir
store_home(const struct history_message *m)
{
	enum spool_dir dir = SPOOL_NOWHERE;

	if ((m->state == STATE_IMPORTED && !m->kept) || m->watched)
		return SPOOL_NOWHERE;
	spool_dir_parse(state_dir(m->state), &dir);
	return dir;
}

static enum spool_dir
parse_dir(const char *word)
{
	enum spool_dir dir = SPOOL_NOWHERE;

	spool_dir_parse(word ? word : "", &dir);
	return dir;
}

/* The file's name in a directory, or NULL for one that no file of ours has: a
 * history that somebody wrote into is no reason to leave the store. buf is for
 * the names under an id. */
static const char *
name_in(const struct history_message *m, enum spool_dir dir,
	char buf[SPOOL_FILE_MAX], struct error *err)
{
	if (dir == SPOOL_SUBMIT ? spool_is_dropped_name(m->true_name,
	    m->true_name_len) : spool_is_reduced_name(m->name)) {
		if (dir == SPOOL_SUBMIT)
			return m->true_name;
		spool_file_name(buf, m->id, m->name);
		return buf;
	}
	error_set(err, ERROR_STORE, "the history has a name for message #%"
		PRId64 " that no file of a store can have: see ccmq check",
		m->id);
	return NULL;
}

static void
forget_move(struct history_message *m)
{
	free(m->move_from);
	free(m->move_to);
	m->move_from = m->move_to = NULL;
}

static void
touch(struct store *s, enum spool_dir dir)
{
	if (dir != SPOOL_NOWHERE)
		s->dirty |= 1u << dir;
}

/* Is the file in any directory that holds messages? 1, 0, -1. */
static int
find_elsewhere(struct store *s, const struct history_message *m,
	enum spool_dir *dir_out, struct error *err)
{
	char name[SPOOL_FILE_MAX];
	struct stat st;

	if (!name_in(m, SPOOL_QUEUE, name, err))
		return -1;
	for (int d = 0; d < SPOOL_DIR_COUNT; d++) {
		int rc = SPOOL_HOLDS_MESSAGES(d) ? spool_exists(&s->spool,
			(enum spool_dir)d, name, &st, err) : 0;

		if (rc != 0) {
			*dir_out = (enum spool_dir)d;
			return rc;
		}
	}
	return 0;
}

/* What an open move has of a message is where its file is; who writes the row
 * needs all of it. 0 or -1. */
static int
read_whole(struct store *s, struct history_message *m, struct error *err)
{
	struct history_message whole;
	int rc = history_message_get(s->history, m->id, &whole, err);

	if (rc == 0)
		error_set(err, ERROR_STORE, "message #%" PRId64 " is not in "
			"the history any more", m->id);
	if (rc <= 0)
		return -1;
	history_message_release(m);
	*m = whole;
	return 0;
}

/* A move that cannot be carried out leaves the index of open ones: it stops
 * nobody, and check names it. Returns 0 or -1; words become err. */
static int
stuck(struct store *s, struct history_message *m, enum event number,
	const struct error *words, struct error *err)
{
	if (!m->move_stuck &&
	    (store_event(s, number, m->id, err, "%s", words->text) < 0 ||
	     history_move_stuck(s->history, m->id, err) < 0))
		return -1;
	m->move_stuck = true;
	*err = *words;
	return 0;
}

/* Both places have a file of that name. */
static int
both(struct store *s, struct history_message *m, struct error *err)
{
	struct error words = ERROR_INIT;

	error_set(&words, ERROR_STORE, "message #%" PRId64 ": a file is in "
		"%s/ and in %s/, neither was touched: see ccmq check", m->id,
		m->move_from, m->move_to);
	return stuck(s, m, EVENT_BOTH, &words, err);
}

/* The row of what lies in quarantine/ now. 1 or -1. */
static int
note_set_aside(struct store *s, struct history_message *m, const char *why,
	struct error *err)
{
	touch(s, SPOOL_QUARANTINE);
	m->state = STATE_QUARANTINED;
	m->since = clock_wall();
	free(m->action_reason);
	m->action_reason = xstrdup("changed while it was taken in");
	free(m->action_by);
	m->action_by = xstrdup(STORE_CONNECTOR);
	/* The move that is open now ends where the file is. */
	forget_move(m);
	store_note_move(m, SPOOL_QUEUE, SPOOL_QUARANTINE);
	if (history_message_update(s->history, m, STATE_QUEUED, err) < 0 ||
	    store_event(s, EVENT_CHANGED, m->id, err, "%s became something "
	    "else while it was taken in: quarantined (%s)", m->name, why) < 0)
		return -1;
	forget_move(m);
	return 1;
}

/* What came out of submit/ is no message's file, or cannot be read: set aside.
 * Where that fails it stays in queue/, and its attempt refuses it. */
static int
set_aside(struct store *s, struct history_message *m, const char *file,
	const char *why, struct error *err)
{
	struct error ignored = ERROR_INIT;
	char target[SPOOL_FILE_MAX];
	const char *name = name_in(m, SPOOL_QUARANTINE, target, &ignored);

	if (!name || fs_rename(s->spool.dirs[SPOOL_QUEUE], file,
	    s->spool.dirs[SPOOL_QUARANTINE], name, &ignored) != 0)
		return store_event(s, EVENT_CHANGED, m->id, err, "%s became "
			"something else while it was taken in (%s)", m->name,
			why);
	return note_set_aside(s, m, why, err) < 0 ? -1 : 0;
}

/* What came out of submit/ is not what was read: read it anew, or set it
 * aside if it is not a message's file. */
static int
changed_in_submit(struct store *s, struct history_message *m,
	const char *file, struct error *err)
{
	struct error why = ERROR_INIT;
	struct stat st;
	int fd, rc;

	fd = spool_open_file(&s->spool, SPOOL_QUEUE, file, &st, &why);
	if (fd < 0)
		return set_aside(s, m, file, why.text, err);
	rc = fs_sync(fd, file, err);
	if (rc == 0)
		rc = store_read_header(s, m, fd, &st, &why) < 0;
	close(fd);
	if (rc > 0)
		return set_aside(s, m, file, why.text, err);
	if (rc < 0 || history_message_update(s->history, m, m->state, err) < 0)
		return -1;
	return store_event(s, EVENT_CHANGED, m->id, err, "%s changed while it "
		"was taken in, and was read again", m->name);
}

/* A look that fails is no fault of others: its attempt looks again. */
static int
check_intake(struct store *s, struct history_message *m, struct error *err)
{
	struct error ignored = ERROR_INIT;
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int rc;

	spool_file_name(file, m->id, m->name);
	rc = spool_exists(&s->spool, SPOOL_QUEUE, file, &st, &ignored);
	if (rc < 0 || (rc > 0 && store_is_same_file(m, &st)))
		return 0;
	return read_whole(s, m, err) < 0 ? -1 :
		changed_in_submit(s, m, file, err);
}

/* The file is in neither place of its move. */
static int
missing(struct store *s, struct history_message *m, struct error *err)
{
	enum spool_dir dir;
	enum state was = m->state;
	struct error words = ERROR_INIT;
	int rc = find_elsewhere(s, m, &dir, err);

	if (rc < 0 || read_whole(s, m, err) < 0)
		return -1;
	/* The end came between the rename of set_aside and its commit. */
	if (rc > 0 && dir == SPOOL_QUARANTINE &&
	    strcmp(m->move_from, spool_dir_word(SPOOL_SUBMIT)) == 0)
		return note_set_aside(s, m, "a crash took the reason", err);
	if (rc > 0) {
		error_set(&words, ERROR_STORE, "message #%" PRId64 ": its file "
			"is in %s/, not in %s/ or %s/: see ccmq check", m->id,
			spool_dir_word(dir), m->move_from, m->move_to);
		return stuck(s, m, EVENT_BOTH, &words, err);
	}
	error_set(&words, ERROR_NOT_FOUND, "message #%" PRId64 ": its file "
		"disappeared from %s/%s", m->id, m->move_from, was ==
		STATE_IMPORTED ? ", after it had been imported" : "");
	forget_move(m);
	m->move_stuck = m->kept = false;
	/* What was imported is not lost, and must not come back as if it were:
	 * only no copy of it is kept. */
	if (was != STATE_IMPORTED) {
		m->state = STATE_LOST;
		m->since = clock_wall();
	}
	if (history_message_update(s->history, m, was, err) < 0 ||
	    store_event(s, EVENT_LOST, m->id, err, "%s", words.text) < 0)
		return -1;
	*err = words;
	return 0;
}

/* The call that moves the file. 0 done, 1 it is in both places, 2 in neither,
 * -1. */
static int
rename_file(struct store *s, const struct history_message *m,
	enum spool_dir from, enum spool_dir to, struct error *err)
{
	char from_buf[SPOOL_FILE_MAX], to_buf[SPOOL_FILE_MAX];
	const char *source = name_in(m, from, from_buf, err);
	const char *target = source && to != SPOOL_NOWHERE ?
		name_in(m, to, to_buf, err) : source;
	struct stat st;
	int rc;

	if (!source || !target)
		return -1;
	if (to == SPOOL_NOWHERE)
		return fs_remove(s->spool.dirs[from], source, err) < 0 ? -1 : 0;
	rc = fs_rename(s->spool.dirs[from], source, s->spool.dirs[to], target,
		err);
	if (rc != 2)
		return rc;
	rc = spool_exists(&s->spool, to, target, &st, err);
	return rc < 0 ? -1 : rc ? 0 : 2;
}

/* Carries out the open move of m. 1 done (m knows no move any more), 0 not
 * (lost, or marked; err has the words), -1 the history could not be written. */
static int
finish(struct store *s, struct history_message *m, struct error *err)
{
	enum spool_dir from = parse_dir(m->move_from);
	enum spool_dir to = parse_dir(m->move_to);
	struct error words = ERROR_INIT;
	int rc = rename_file(s, m, from, to, &words);

	if (rc == 1)
		return both(s, m, err);
	if (rc == 2)
		return missing(s, m, err);
	if (rc < 0) {
		struct error why = words;

		error_set(&words, why.code, "message #%" PRId64 " cannot be "
			"moved from %s/ to %s/: %s", m->id, m->move_from,
			*m->move_to ? m->move_to : "nowhere", why.text);
		return stuck(s, m, EVENT_STUCK_MOVE, &words, err);
	}
	if (from == SPOOL_SUBMIT && to == SPOOL_QUEUE &&
	    check_intake(s, m, err) < 0)
		return error_prefix(err, "message #%" PRId64, m->id);
	touch(s, from);
	touch(s, to);
	forget_move(m);
	return 1;
}

/* fsyncs what moves touched. */
static int
sync_dirs(struct store *s, struct error *err)
{
	for (int d = 0; d < SPOOL_DIR_COUNT; d++) {
		if (!(s->dirty & 1u << d))
			continue;
		if (spool_sync_dir(&s->spool, (enum spool_dir)d, err) < 0) {
			store_mark_if_unknown(s, err);
			return -1;
		}
		s->dirty &= ~(1u << d);
	}
	return 0;
}

static int
finish_one(struct store *s, struct history_message *m,
	struct store_moves *out, struct error *err)
{
	int rc = finish(s, m, err);

	if (rc < 0)
		return -1;
	if (rc > 0) {
		out->done++;
		return m->move_stuck ? history_move_clear(s->history, m->id,
			err) : 0;
	}
	out->lost += m->state == STATE_LOST;
	out->stuck += m->move_to != NULL;
	if (out->not_done)
		out->not_done(out->arg, m, err->text);
	return 0;
}

/* Up to a page of moves; lets go of the rows. 0 or -1. */
static int
finish_page(struct store *s, struct history_message *rows, int n,
	struct store_moves *out, struct error *err)
{
	int rc = 0;

	for (int i = 0; i < n; i++) {
		/* Out of submit/ the daemon moves: others may not enter. */
		if (rc == 0 && (s->daemon ||
		    strcmp(rows[i].move_from, "submit") != 0))
			rc = finish_one(s, &rows[i], out, err);
		history_message_release(&rows[i]);
	}
	return rc;
}

/* Every move of one kind, in the order of ids. */
static int
finish_kind(struct store *s, bool marked, struct store_moves *out,
	struct error *err)
{
	struct history_message rows[MOVES_PAGE];
	int64_t last = 0;
	int n;

	do {
		n = history_moves(s->history, marked, last, MOVES_PAGE, rows,
			err);
		if (n > 0)
			last = rows[n - 1].id;
		if (n < 0 || finish_page(s, rows, n, out, err) < 0)
			return -1;
	} while (n == MOVES_PAGE);
	if (sync_dirs(s, err) < 0)
		return -1;
	return marked ? 0 : history_moves_clear(s->history, last, s->daemon,
		err);
}

static int
hold_for_lost(struct store *s, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = history_connector_get(s->history, &row, err);

	if (rc == 0)
		rc = store_hold_for_check(s, &row, "the files of ten messages "
			"in a row are gone: run ccmq check", err);
	history_connector_release(&row);
	return rc;
}

static int
finish_moves(struct store *s, bool marked, struct store_moves *out,
	struct error *err)
{
	assert(s->in_transaction);
	if (finish_kind(s, marked, out, err) < 0)
		return -1;
	return out->lost < LOST_MAX ? 0 : hold_for_lost(s, err);
}

int
store_finish_moves(struct store *s, struct store_moves *out,
	struct error *err)
{
	return finish_moves(s, false, out, err);
}

int
store_try_stuck(struct store *s, struct store_moves *out, struct error *err)
{
	return finish_moves(s, true, out, err);
}

int
store_open_message(const struct store *s, const struct history_message *m,
	struct stat *st_out, enum spool_dir *dir_out, struct error *err)
{
	enum spool_dir places[3];
	char buf[SPOOL_FILE_MAX];
	const char *name;
	int n = 0, fd;

	if (m->move_to) {
		places[n++] = parse_dir(m->move_to);
		places[n++] = parse_dir(m->move_from);
		places[n++] = parse_dir(m->move_to);
	} else {
		places[n++] = store_home(m);
	}
	for (int i = 0; i < n; i++) {
		if (places[i] == SPOOL_NOWHERE)
			continue;
		name = name_in(m, places[i], buf, err);
		if (!name)
			return -1;
		fd = spool_open_file(&s->spool, places[i], name, st_out, err);
		if (fd >= 0) {
			*dir_out = places[i];
			return fd;
		}
		if (fd == -1)
			return -1;
	}
	return error_set(err, ERROR_NOT_FOUND,
		"message #%" PRId64 " has no file%s (it is %s)", m->id,
		m->watched ? " here, it is only watched" : "",
		state_word(m->state));
}
