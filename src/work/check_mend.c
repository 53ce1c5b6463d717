/* SPDX-License-Identifier: ISC */
/*
 * check_mend: one id mended, trusting the directories. See check_private.h.
 */
#include "work/check_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One id at work: its row, and what came of it. */
struct mending {
	struct check *c;
	struct history_message *m;	/* NULL: none yet */
	enum state was;
	bool changed;			/* m is to be written */
	bool came;			/* its file had another name */
	int moves;
};

/* The state that a directory stands for. */
static enum state
state_of(enum spool_dir dir)
{
	switch ((int)dir) {
	case SPOOL_FAILED:
		return STATE_FAILED;
	case SPOOL_QUARANTINE:
		return STATE_QUARANTINED;
	case SPOOL_TRASH:
		return STATE_PURGED;
	case SPOOL_IMPORTED:
		return STATE_IMPORTED;
	default:
		return STATE_QUEUED;
	}
}

static void
forget_move(struct history_message *m)
{
	free(m->move_from);
	free(m->move_to);
	m->move_from = m->move_to = NULL;
	m->move_stuck = false;
}

/* Nobody knows what was done with it. */
static void
mark_doubtful(struct history_message *m)
{
	m->maybe_delivered = m->state != STATE_IMPORTED;
	m->doubt = m->maybe_delivered && m->state != STATE_PURGED;
}

/* Quarantines what lies in another directory. */
static void
set_aside(struct mending *w, struct history_message *m, enum spool_dir dir,
	const char *why)
{
	m->state = STATE_QUARANTINED;
	m->kept = false;
	xstrset(&m->action_reason, why);
	mark_doubtful(m);
	if (dir == SPOOL_QUARANTINE)
		return;
	store_note_move(m, dir, SPOOL_QUARANTINE);
	w->moves++;
}

/* Says in the row that this is where and how it was found. */
static void
place(struct mending *w, struct history_message *m, enum spool_dir dir)
{
	bool imported = m->state == STATE_IMPORTED;

	forget_move(m);
	m->state = state_of(dir);
	m->since = clock_wall();
	m->kept = dir == SPOOL_IMPORTED;
	m->changed_by = 0;
	m->next_attempt_at = HISTORY_NO_TIME;
	if (m->state == STATE_PURGED)
		m->from_state = STATE_FAILED;
	xstrset(&m->action_reason, w->c->rebuild ?
		"found there by check --rebuild" :
		"found there by check --repair");
	/* It was delivered: nobody but a person may send it again. */
	if (dir == SPOOL_QUEUE && imported)
		set_aside(w, m, dir, "was imported, but lay in queue/");
	else if (imported)
		mark_doubtful(m);
}

/* A size that no sum could bear is a lie. */
static int
clamp(struct mending *w, struct history_message *m, struct error *err)
{
	if (m->size >= 0 && m->size <= CHECK_SIZE_MAX)
		return 0;
	m->size = CHECK_SIZE_MAX;
	return store_event(w->c->store, EVENT_LIE, m->id, err, "message #%"
		PRId64 " claims more than 1 PB", m->id);
}

/* A message out of what a file says of itself. 0, or 1 with words in why. */
static int
read_file(struct mending *w, const struct check_file *f,
	struct history_message *m, struct error *why)
{
	const char *name = w->c->text + f->name;
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int fd, rc;

	*m = (struct history_message){ .code = HISTORY_NO_CODE,
		.failed_at = HISTORY_NO_TIME, .date_at = HISTORY_NO_TIME,
		.next_attempt_at = HISTORY_NO_TIME };
	spool_file_name(file, f->id, name);
	fd = spool_open_file(&w->c->store->spool, (enum spool_dir)f->dir, file,
		&st, why);
	if (fd == -2)
		error_set(why, ERROR_NOT_FOUND, "it is gone");
	if (fd < 0)
		return 1;
	rc = store_read_header(w->c->store, m, fd, &st, why);
	close(fd);
	m->name = xstrdup(name);
	m->true_name = xstrdup(name);
	m->true_name_len = strlen(name);
	m->received_at = st.st_mtim.tv_sec * INT64_C(1000);
	return rc < 0;
}

/* A file that no row knows gets one, under its own id. 0, 1, -1. */
static int
adopt(struct mending *w, const struct check_file *f, struct error *why,
	struct error *err)
{
	enum spool_dir dir = (enum spool_dir)f->dir;
	struct history_message m;
	int rc = read_file(w, f, &m, why);

	m.id = f->id;
	if (rc == 0) {
		place(w, &m, dir);
		mark_doubtful(&m);
		if (m.size > CHECK_SIZE_MAX)
			set_aside(w, &m, dir, "claims more than 1 PB");
		if (clamp(w, &m, err) < 0 || history_message_put(
		    w->c->store->history, &m, err) < 0)
			rc = -1;
	}
	history_message_release(&m);
	return rc;
}

/* Gives the file a new id, and the place that goes with it. 0, 1, -1. */
static int
rename_anew(struct mending *w, const struct check_file *f, int64_t id,
	struct error *why, struct error *err)
{
	struct spool *spool = &w->c->store->spool;
	enum spool_dir dir = (enum spool_dir)f->dir;
	char from[SPOOL_FILE_MAX], to[SPOOL_FILE_MAX];
	int rc;

	spool_file_name(from, f->id, w->c->text + f->name);
	spool_file_name(to, id, w->c->text + f->name);
	rc = fs_rename(spool->dirs[dir], from, spool->dirs[SPOOL_QUARANTINE],
		to, why);
	if (rc > 0)
		error_set(why, ERROR_STORE, "it cannot become %s", to);
	if (rc != 0)
		return 1;
	return spool_sync_dir(spool, dir, err) < 0 || spool_sync_dir(spool,
		SPOOL_QUARANTINE, err) < 0 ? -1 : 0;
}

/* A second file becomes a message of its own, in quarantine. It is renamed
 * before its row is: a file without a row is found again. 0, 1, -1. */
static int
split(struct mending *w, const struct check_file *f, struct error *why,
	struct error *err)
{
	struct store *s = w->c->store;
	struct history_message m;
	int rc = read_file(w, f, &m, why);
	int64_t id;

	if (rc == 0 && history_highest_id(s->history, &id, err) < 0)
		rc = -1;
	if (rc == 0)
		rc = rename_anew(w, f, ++id, why, err);
	if (rc == 0) {
		m.state = STATE_QUARANTINED;
		m.since = clock_wall();
		m.action_reason = xasprintf("second file of message #%" PRId64
			", found in %s/", f->id,
			spool_dir_word((enum spool_dir)f->dir));
		mark_doubtful(&m);
		m.id = id;
		rc = clamp(w, &m, err) < 0 || store_add_message(s, &m,
			err) < 0 ? -1 : 0;
		assert(rc < 0 || m.id == id);
	}
	history_message_release(&m);
	return rc;
}

/* Is it the message's own file, whatever it is called? */
static bool
is_own(const struct mending *w, const struct check_file *f)
{
	const struct history_message *m = w->m;
	char file[SPOOL_FILE_MAX];
	struct error ignored;
	struct stat st;

	for (size_t i = 0; i < w->c->file_count; i++)
		if (strcmp(w->c->text + w->c->files[i].name, m->name) == 0)
			return false;
	spool_file_name(file, f->id, w->c->text + f->name);
	return !w->came &&
		spool_exists(&w->c->store->spool, (enum spool_dir)f->dir, file,
			&st, &ignored) > 0 && st.st_size == m->size &&
		st.st_mtim.tv_sec * INT64_C(1000000000) +
		st.st_mtim.tv_nsec == m->mtime_ns;
}

static int
wrong_name(struct mending *w, const struct check_file *f, struct error *why,
	struct error *err)
{
	if (!is_own(w, f))
		return split(w, f, why, err);
	xstrset(&w->m->name, w->c->text + f->name);
	w->came = w->changed = true;
	if (store_home(w->m) != (enum spool_dir)f->dir)
		place(w, w->m, (enum spool_dir)f->dir);
	return 0;
}

/* Its name was nobody's. */
static void
bad_name(struct mending *w)
{
	char name[SPOOL_NAME_MAX + 5] = "_.ccm";
	const char *was = w->m->name;

	if (was && spool_is_message_name(was))
		spool_reduce_name(name, was, strlen(was));
	xstrset(&w->m->name, name);
	w->changed = true;
}

static void
be_lost(struct mending *w)
{
	struct history_message *m = w->m;

	forget_move(m);
	m->state = STATE_LOST;
	m->since = clock_wall();
	m->kept = false;
	m->changed_by = 0;
	w->changed = true;
}

static int
mend(struct mending *w, const struct check_doubt *d, struct error *why,
	struct error *err)
{
	const struct check_file file = { d->id, d->name, d->dir };

	switch ((enum check_kind)d->kind) {
	case CHECK_NO_ROW:
		return adopt(w, &file, why, err);
	case CHECK_TWO_FILES:
		return split(w, &file, why, err);
	case CHECK_WRONG_NAME:
		return wrong_name(w, &file, why, err);
	case CHECK_BAD_NAME:
		if (!spool_is_reduced_name(w->m->name))
			bad_name(w);
		return 0;
	case CHECK_SIZE:
		w->changed = true;
		return clamp(w, w->m, err);
	case CHECK_NO_FILE:
		if (!w->came)
			be_lost(w);
		return 0;
	case CHECK_WRONG_DIR:
		place(w, w->m, (enum spool_dir)d->dir);
		w->changed = true;
		return 0;
	case CHECK_STUCK:
		if (!w->m->move_to)
			return 0;	/* placed meanwhile */
		error_set(why, ERROR_STORE, "it was tried again");
		return 1;
	case CHECK_MISSING:
	case CHECK_FOREIGN:
	case CHECK_IDS:
	case CHECK_TALLY:
	case CHECK_INTEGRITY:
	case CHECK_OPEN:
		break;
	}
	return 0;
}

int
check_mend_one(struct check *c, struct history_message *m, int *moves_out,
	struct error *why, struct error *err)
{
	struct mending w = { .c = c, .m = m };
	int rc = 0, left = 0;

	w.was = m ? m->state : STATE_LOST;
	for (size_t i = 0; rc >= 0 && i < c->doubt_count; i++) {
		rc = mend(&w, &c->doubts[i], why, err);
		left += rc > 0;
	}
	if (rc >= 0 && w.changed && history_message_update(
	    c->store->history, m, w.was, err) < 0)
		rc = -1;
	*moves_out += w.moves;
	return rc < 0 ? -1 : left > 0;
}
