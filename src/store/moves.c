/*
 * moves: where a message's file is, and carrying it from one directory
 * to another. See store.h for the contract.
 */
#include "store/store.h"
#include "mail/charset.h"
#include "base/clock.h"
#include "mail/fd_source.h"
#include "base/files.h"
#include "mail/message_summary.h"
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

#define MOVES_MAX 100000	/* unsettled at once; callers settle sooner */

struct store_move {
	int64_t id;
	enum spool_dir from, to;
};

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

	if (m->state == STATE_IMPORTED && !m->kept)
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

/* The file's name in a directory; buf is for the names under an id. */
static const char *
name_in(const struct history_message *m, enum spool_dir dir,
	char buf[SPOOL_FILE_MAX])
{
	if (dir == SPOOL_SUBMIT)
		return m->true_name;
	spool_file_name(buf, m->id, m->name);
	return buf;
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

/* To be cleared when the directories are on disk. */
static void
remember(struct store *s, int64_t id, enum spool_dir from, enum spool_dir to)
{
	xgrow(&s->moves, &s->move_cap, s->move_count + 1, sizeof *s->moves,
		MOVES_MAX);
	s->moves[s->move_count++] = (struct store_move){ id, from, to };
}

/* Is the file in any directory that holds messages? 1, 0, -1. */
static int
find_elsewhere(struct store *s, const struct history_message *m,
	enum spool_dir *dir_out, struct error *err)
{
	char name[SPOOL_FILE_MAX];
	struct stat st;

	spool_file_name(name, m->id, m->name);
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

/* The file is in neither place of its move. */
static int
missing(struct store *s, struct history_message *m, struct error *err)
{
	enum spool_dir dir;
	enum state was = m->state;
	struct error words = ERROR_INIT;
	int rc = find_elsewhere(s, m, &dir, err);

	if (rc < 0)
		return -1;
	if (rc > 0) {
		error_set(&words, ERROR_STORE, "message %" PRId64 ": its file "
			"is in %s, not in %s or %s: see ccmq check", m->id,
			spool_dir_word(dir), m->move_from, m->move_to);
	} else {
		error_set(&words, ERROR_NOT_FOUND, "message %" PRId64 ": its "
			"file disappeared from %s", m->id, m->move_from);
		forget_move(m);
		m->state = STATE_LOST;
		m->since = clock_wall();
		m->kept = false;
		if (history_message_update(s->history, m, was, err) < 0)
			return -1;
	}
	if (store_event(s, rc ? EVENT_BOTH : EVENT_LOST, m->id, err, "%s",
	    words.text) < 0)
		return -1;
	*err = words;
	return 0;
}

/* Both places have a file of that name. */
static int
both(struct store *s, struct history_message *m, struct error *err)
{
	struct error words = ERROR_INIT;

	error_set(&words, ERROR_STORE, "message %" PRId64 ": a file is in %s "
		"and in %s, neither was touched: see ccmq check", m->id,
		m->move_from, m->move_to);
	if (store_event(s, EVENT_BOTH, m->id, err, "%s", words.text) < 0)
		return -1;
	*err = words;
	return 0;
}

static char *
text_or_null(const char *s)
{
	return *s ? xstrdup(s) : NULL;
}

int
store_read_header(struct store *s, struct history_message *m, int fd,
	const struct stat *st, struct error *err)
{
	struct message_source src = fd_source(&fd, st->st_size);
	struct message_summary sum;
	struct str to = STR_INIT;
	int rc;

	free(m->from);
	free(m->to);
	free(m->subject);
	free(m->date_text);
	m->from = m->to = m->subject = m->date_text = NULL;
	m->date_at = HISTORY_NO_TIME;
	m->inode = (int64_t)st->st_ino;
	m->size = st->st_size;
	m->mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
		st->st_mtim.tv_nsec;
	message_summary_init(&sum);
	if (!s->charset)
		s->charset = charset_new("437", err);
	rc = !s->charset ? -1 : message_summary(&src, s->charset, &sum, err);
	if (rc > 0) {
		m->from = text_or_null(sum.from);
		m->subject = text_or_null(sum.subject);
		m->date_text = text_or_null(sum.date);
		m->date_at = sum.date_at;
		for (size_t i = 0; i < sum.to_count; i++)
			str_addf(&to, "%s%s", i ? "\n" : "", sum.to[i]);
		m->to = text_or_null(to.data);
	}
	str_release(&to);
	message_summary_release(&sum);
	return rc < 0 ? -1 : 0;
}

static bool
same_file(const struct history_message *m, const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1 &&
		(int64_t)st->st_ino == m->inode && st->st_size == m->size &&
		st->st_mtim.tv_sec * INT64_C(1000000000) +
		st->st_mtim.tv_nsec == m->mtime_ns;
}

/* What came out of submit/ is not what was read: read it anew, or set it
 * aside if it is not a message's file. */
static int
changed_in_submit(struct store *s, struct history_message *m,
	const char *file, struct error *err)
{
	char target[SPOOL_FILE_MAX];
	struct stat st;
	int fd, rc;

	fd = spool_open_file(&s->spool, SPOOL_QUEUE, file, &st, err);
	if (fd >= 0) {
		rc = fs_sync(fd, file, err) < 0 ? -1 :
			store_read_header(s, m, fd, &st, err);
		close(fd);
		if (rc < 0 || history_message_set_header(s->history, m, err) < 0)
			return -1;
		return store_event(s, EVENT_CHANGED, m->id, err, "%s changed "
			"while it was taken in, and was read again", m->name);
	}
	if (store_event(s, EVENT_CHANGED, m->id, err, "%s became something "
	    "else while it was taken in: quarantined (%s)", m->name,
	    err->text) < 0)
		return -1;
	rc = fs_rename(s->spool.dirs[SPOOL_QUEUE], file,
		s->spool.dirs[SPOOL_QUARANTINE], name_in(m, SPOOL_QUARANTINE,
			target), err);
	if (rc != 0)
		return rc < 0 ? -1 : error_set(err, ERROR_STORE,
			"quarantine %s: it is not there any more", file);
	touch(s, SPOOL_QUARANTINE);
	m->state = STATE_QUARANTINED;
	m->since = clock_wall();
	free(m->action_reason);
	m->action_reason = xstrdup("changed while it was taken in");
	/* The move that is open now ends where the file is. */
	forget_move(m);
	store_note_move(m, SPOOL_QUEUE, SPOOL_QUARANTINE);
	return history_message_update(s->history, m, STATE_QUEUED, err) < 0 ?
		-1 : 0;
}

static int
check_intake(struct store *s, struct history_message *m, struct error *err)
{
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int rc;

	spool_file_name(file, m->id, m->name);
	rc = spool_exists(&s->spool, SPOOL_QUEUE, file, &st, err);
	if (rc < 0)
		return -1;
	if (rc > 0 && same_file(m, &st))
		return 0;
	return changed_in_submit(s, m, file, err);
}

int
store_finish_move(struct store *s, struct history_message *m,
	struct error *err)
{
	enum spool_dir from = parse_dir(m->move_from);
	enum spool_dir to = parse_dir(m->move_to);
	char from_buf[SPOOL_FILE_MAX], to_buf[SPOOL_FILE_MAX];
	const char *source = name_in(m, from, from_buf);
	struct stat st;
	int rc;

	assert(s->in_transaction && m->move_to && from != SPOOL_NOWHERE);
	if (to == SPOOL_NOWHERE) {
		rc = fs_remove(s->spool.dirs[from], source, err) < 0 ? -1 : 0;
	} else {
		rc = fs_rename(s->spool.dirs[from], source, s->spool.dirs[to],
			name_in(m, to, to_buf), err);
		if (rc == 1)
			return both(s, m, err);
		if (rc == 2) {
			rc = spool_exists(&s->spool, to, to_buf, &st, err);
			if (rc == 0)
				return missing(s, m, err);
			rc = rc < 0 ? -1 : 0;
		}
	}
	if (rc == 0 && from == SPOOL_SUBMIT)
		rc = check_intake(s, m, err);
	if (rc < 0)
		return error_prefix(err, "message %" PRId64, m->id);
	touch(s, from);
	touch(s, to);
	/* What changed in submit/ went one directory further. */
	spool_dir_parse(m->move_from, &from);
	spool_dir_parse(m->move_to, &to);
	forget_move(m);
	remember(s, m->id, from, to);
	return 1;
}

size_t
store_unsettled(const struct store *s)
{
	return s->move_count;
}

int
store_sync(struct store *s, struct error *err)
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

int
store_settle(struct store *s, struct error *err)
{
	assert(s->in_transaction);
	if (store_sync(s, err) < 0)
		return -1;
	for (size_t i = 0; i < s->move_count; i++)
		if (history_move_clear(s->history, s->moves[i].id,
		    spool_dir_word(s->moves[i].from),
		    spool_dir_word(s->moves[i].to), err) < 0)
			return -1;
	s->move_count = 0;
	return 0;
}

/* One batch of open moves after *last. Number seen, or -1. */
static int
finish_batch(struct store *s, int64_t *last, int *lost, struct error *err)
{
	struct history_message m;
	int n = 0, rc = 1, done;

	if (store_begin(s, err) < 0)
		return -1;
	while (n < STORE_BATCH &&
	    (rc = history_move_next(s->history, *last, &m, err)) > 0) {
		*last = m.id;
		done = store_finish_move(s, &m, err);
		*lost += done == 0 && m.state == STATE_LOST;
		history_message_release(&m);
		if (done < 0)
			return -1;
		n++;
	}
	if (rc < 0 || store_settle(s, err) < 0 || store_commit(s, err) < 0)
		return -1;
	return n;
}

int
store_finish_all(struct store *s, int *lost_out, struct error *err)
{
	int64_t last = 0;
	int lost = 0, n;

	do {
		n = finish_batch(s, &last, &lost, err);
		store_end(s);
	} while (n > 0);
	if (n == 0)
		*lost_out = lost;
	return n;
}

int
store_open_message(const struct store *s, const struct history_message *m,
	struct stat *st_out, enum spool_dir *dir_out, struct error *err)
{
	enum spool_dir places[3];
	char name[SPOOL_FILE_MAX];
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
		fd = spool_open_file(&s->spool, places[i],
			name_in(m, places[i], name), st_out, err);
		if (fd >= 0) {
			*dir_out = places[i];
			return fd;
		}
		if (fd == -1)
			return -1;
	}
	return error_set(err, ERROR_NOT_FOUND,
		"message %" PRId64 " has no file (it is %s)", m->id,
		state_word(m->state));
}
