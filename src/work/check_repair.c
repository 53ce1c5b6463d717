/*
 * check_repair: mends what check found, trusting the directories. See check.h
 * for the contract.
 */
#include "work/check_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "work/operations.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The name of a message's file in a directory, found by its id. 1, 0, -1. */
static int
find_name(struct store *s, enum spool_dir dir, int64_t id, char *out,
	size_t cap, struct error *err)
{
	int fd = fs_open_dir(s->spool.dirs[dir], ".", err);
	DIR *handle = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;
	int64_t found;
	int rc = 0;

	if (!handle)
		return -1;
	while (rc == 0 && (d = readdir(handle)))
		if (spool_parse_file_name(d->d_name, &found) && found == id) {
			snprintf(out, cap, "%s", d->d_name);
			rc = 1;
		}
	closedir(handle);
	return rc;
}

/* Says in the row that this is where and how it was found. */
static void
place(struct history_message *m, enum spool_dir dir)
{
	bool imported = m->state == STATE_IMPORTED;

	m->state = state_of(dir);
	m->since = clock_wall();
	m->kept = dir == SPOOL_IMPORTED;
	m->changed_by = 0;
	m->next_attempt_at = HISTORY_NO_TIME;
	if (m->state == STATE_PURGED)
		m->from_state = STATE_FAILED;
	free(m->move_from);
	free(m->move_to);
	m->move_from = m->move_to = NULL;
	xstrset(&m->action_reason, "found there by check --repair");
	if (dir == SPOOL_QUEUE && imported) {
		/* It was delivered: nobody but a person may send it again. */
		m->state = STATE_QUARANTINED;
		m->maybe_delivered = true;
		xstrset(&m->action_reason, "was imported, but lay in queue/");
		store_note_move(m, SPOOL_QUEUE, SPOOL_QUARANTINE);
	}
}

static int
write_placed(struct store *s, struct history_message *m, enum state was,
	struct error *err)
{
	if (history_message_update(s->history, m, was, err) < 0)
		return -1;
	return 0;
}

/* A file that no row knows gets one, under its own id. */
static int
adopt(struct store *s, int64_t id, enum spool_dir dir, struct error *err)
{
	struct history_message m = { .id = id, .code = HISTORY_NO_CODE,
		.failed_at = HISTORY_NO_TIME };
	char file[256];
	struct stat st;
	int fd, rc = find_name(s, dir, id, file, sizeof file, err);

	if (rc <= 0)
		return rc;
	fd = spool_open_file(&s->spool, dir, file, &st, err);
	if (fd < 0)
		return fd == -2 ? 0 : -1;
	rc = store_read_header(s, &m, fd, &st, err);
	close(fd);
	m.name = xstrdup(strchr(file, '-') + 1);
	m.true_name = xstrdup(m.name);
	m.true_name_len = strlen(m.name);
	m.received_at = st.st_mtim.tv_sec * INT64_C(1000);
	m.next_attempt_at = HISTORY_NO_TIME;
	place(&m, dir);
	if (rc == 0)
		rc = history_message_put(s->history, &m, err);
	history_message_release(&m);
	return rc < 0 ? -1 : 1;
}

/* Of two files the one where the state says stays; the other becomes a
 * message of its own in quarantine. */
static int
split(struct store *s, struct history_message *m, enum spool_dir other,
	struct error *err)
{
	struct history_message extra = { .code = HISTORY_NO_CODE };
	char from[SPOOL_FILE_MAX], to[SPOOL_FILE_MAX];
	int rc;

	extra.name = xstrdup(m->name);
	extra.true_name = xmemdup(m->true_name, m->true_name_len + 1);
	extra.true_name_len = m->true_name_len;
	extra.state = STATE_QUARANTINED;
	extra.since = extra.received_at = clock_wall();
	extra.next_attempt_at = extra.date_at = HISTORY_NO_TIME;
	extra.size = m->size;
	extra.action_reason = xasprintf("second file of message %" PRId64
		", found in %s", m->id, spool_dir_word(other));
	rc = history_message_add(s->history, &extra, &extra.id, err);
	if (rc == 0) {
		spool_file_name(from, m->id, m->name);
		spool_file_name(to, extra.id, extra.name);
		rc = fs_rename(s->spool.dirs[other], from,
			s->spool.dirs[SPOOL_QUARANTINE], to, err);
		if (rc > 0)
			rc = error_set(err, ERROR_STORE, "cannot rename %s",
				from);
	}
	history_message_release(&extra);
	if (rc == 0 && (spool_sync_dir(&s->spool, other, err) < 0 ||
	    spool_sync_dir(&s->spool, SPOOL_QUARANTINE, err) < 0))
		rc = -1;
	return rc < 0 ? -1 : 1;
}

static int
rename_to_own(struct store *s, struct history_message *m, struct error *err)
{
	char file[256], own[SPOOL_FILE_MAX];
	enum state was = m->state;
	int rc = 0;

	spool_file_name(own, m->id, m->name);
	for (int d = 0; rc == 0 && d < SPOOL_DIR_COUNT; d++) {
		if (!SPOOL_HOLDS_MESSAGES(d))
			continue;
		rc = find_name(s, (enum spool_dir)d, m->id, file, sizeof file,
			err);
		if (rc <= 0)
			continue;
		rc = fs_rename(s->spool.dirs[d], file, s->spool.dirs[d], own,
			err);
		if (rc != 0 || spool_sync_dir(&s->spool, (enum spool_dir)d,
		    err) < 0)
			return -1;
		place(m, (enum spool_dir)d);
		return write_placed(s, m, was, err) < 0 ? -1 : 1;
	}
	return rc < 0 ? -1 : 0;
}

static int
mend_message(struct check *c, struct check_finding *f,
	struct history_message *m, struct error *err)
{
	enum spool_dir places[SPOOL_DIR_COUNT], home = store_home(m);
	enum state was = m->state;
	int n = check_places(c, m, places, err);

	if (n < 0)
		return -1;
	if (f->kind == CHECK_TWO_FILES && n == 2) {
		enum spool_dir other = places[0] == home ? places[1] :
			places[0];
		enum spool_dir stays = places[0] == home ? places[0] :
			places[1];

		if (split(c->store, m, other, err) < 0)
			return -1;
		if (stays == home && !m->move_to)
			return 1;
		place(m, stays);
		return write_placed(c->store, m, was, err) < 0 ? -1 : 1;
	}
	if (f->kind == CHECK_WRONG_NAME && n == 0)
		return rename_to_own(c->store, m, err);
	if (f->kind == CHECK_WRONG_DIR && n == 1) {
		place(m, places[0]);
		return write_placed(c->store, m, was, err) < 0 ? -1 : 1;
	}
	if (f->kind != CHECK_NO_FILE || n != 0)
		return 0;
	free(m->move_from);
	free(m->move_to);
	m->move_from = m->move_to = NULL;
	m->state = STATE_LOST;
	m->since = clock_wall();
	m->kept = false;
	m->changed_by = 0;
	return history_message_update(c->store->history, m, was, err) < 0 ?
		-1 : 1;
}

/* 1 mended, 0 not, -1. In a write transaction. */
static int
mend(struct check *c, struct check_finding *f, struct error *err)
{
	struct history_message m;
	enum spool_dir dir = SPOOL_NOWHERE;
	int64_t highest;
	int rc;

	switch (f->kind) {
	case CHECK_NO_ROW:
		spool_dir_parse(f->dir, &dir);
		return adopt(c->store, f->id, dir, err);
	case CHECK_IDS:
		highest = f->id;
		return history_set_highest_id(c->store->history, highest,
			err) < 0 ? -1 : 1;
	case CHECK_TALLY:
		return history_tally_anew(c->store->history, err) < 0 ? -1 : 1;
	case CHECK_NO_FILE:
	case CHECK_WRONG_DIR:
	case CHECK_TWO_FILES:
	case CHECK_WRONG_NAME:
		rc = history_message_get(c->store->history, f->id, &m, err);
		if (rc <= 0)
			return rc;
		rc = mend_message(c, f, &m, err);
		history_message_release(&m);
		return rc;
	case CHECK_FOREIGN:
	case CHECK_INTEGRITY:
	case CHECK_OPEN:
		break;
	}
	return 0;
}

int
check_mend_all(struct check *c, struct error *err)
{
	struct store_moves moves = { 0 };
	size_t at = 0;
	int rc;

	while (at < c->finding_count) {
		if (store_begin(c->store, err) < 0)
			return -1;
		for (size_t n = 0; n < STORE_BATCH && at < c->finding_count;
		    n++, at++) {
			rc = mend(c, &c->findings[at], err);
			if (rc < 0)
				return -1;
			c->findings[at].mended = rc > 0;
			if (rc > 0 && store_event(c->store, EVENT_REPAIRED,
			    c->findings[at].id, err, "check --repair: %s",
			    c->findings[at].text) < 0)
				return -1;
		}
		if (store_finish_moves(c->store, &moves, err) < 0 ||
		    store_commit(c->store, err) < 0)
			return -1;
	}
	return 0;
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

static int64_t
repair_locked(struct store *s, const struct settings *settings,
	check_report *report, void *arg, struct error *err)
{
	struct check c = { .store = s, .owns_lock = true };
	int64_t left = -1;
	int rc = operations_recover(s, settings, err);

	store_end(s);
	if (rc == 0)
		rc = check_look(&c, err);
	if (rc == 0)
		rc = check_mend_all(&c, err);
	store_end(s);
	if (rc == 0) {
		left = 0;
		for (size_t i = 0; i < c.finding_count; i++) {
			report(arg, &c.findings[i]);
			left += !c.findings[i].mended;
		}
	}
	check_release(&c);
	if (left == 0 && check_end_hold(s, err) < 0)
		return -1;
	return left;
}

int64_t
check_repair(struct store *s, const struct settings *settings,
	check_report *report, void *arg, struct error *err)
{
	int64_t left;

	if (check_take_lock(&s->spool, err) < 0)
		return -1;
	left = repair_locked(s, settings, report, arg, err);
	spool_drop_lock(&s->spool);
	return left;
}
