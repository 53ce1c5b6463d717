/* SPDX-License-Identifier: ISC */
/* made: see made.h for the contract. */
#include "work/made.h"
#include "work/operations_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int
making(const struct made *d)
{
	return d->spec.store->spool.dirs[SPOOL_MAKING];
}

int
made_sink(void *fd, const void *bytes, size_t len, struct error *err)
{
	return fs_write_all(*(int *)fd, bytes, len, err);
}

/* --- beginning -------------------------------------------------------------- */

/* Does a file in making/ belong to a message, whose move failed? 1, 0, -1. */
static int
is_a_message(struct store *s, const char *file, struct error *err)
{
	struct history_message m;
	int64_t id;
	int rc = spool_parse_file_name(file, &id) ?
		history_message_get(s->history, id, &m, err) : 0;

	if (rc <= 0)
		return rc;
	rc = m.move_from && strcmp(m.move_from,
		spool_dir_word(SPOOL_MAKING)) == 0;
	history_message_release(&m);
	return rc;
}

/* What a maker left that was killed. */
static int
remove_rest(struct made *d, struct error *err)
{
	const struct dirent *e;
	DIR *dir = fdopendir(d->lock);
	int rc;

	if (!dir)
		return error_sys(err, errno, "read making/");
	while ((rc = fs_next(dir, &e, err)) > 0) {
		rc = is_a_message(d->spec.store, e->d_name, err);
		if (rc == 0)
			rc = fs_remove(making(d), e->d_name, err);
		if (rc < 0)
			break;
	}
	d->lock = fcntl(dirfd(dir), F_DUPFD_CLOEXEC, 0);
	closedir(dir);
	return rc < 0 ? -1 : 0;
}

/* May anything come in, as by ccmqd's own rules? */
static int
may_come_in(struct made *d, struct error *err)
{
	struct store *s = d->spec.store;
	struct history_connector row = { 0 };
	int64_t bytes, inodes;
	int rc = history_connector_get(s->history, &row, err);
	bool check = row.needs_check || spool_check_needed(&s->spool);

	history_connector_release(&row);
	if (rc < 0 || fs_free(s->spool.root, &bytes, &inodes, err) < 0)
		return -1;
	if (check)
		return error_set(err, ERROR_STORE, "nothing is taken in before "
			"a check: run ccmq check");
	if (bytes < d->spec.min_free)
		return error_set(err, ERROR_STORE, "less than disk.min_free "
			"is free: nothing is taken in");
	return 0;
}

int
made_begin(struct made *d, const struct made_spec *spec, struct error *err)
{
	int rc;

	*d = (struct made){ .spec = *spec,
		.rows = xcalloc(MADE_BATCH, sizeof *d->rows) };
	d->lock = fs_open_dir(making(d), ".", err);
	if (d->lock < 0)
		return -1;
	if (flock(d->lock, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? error_set(err, ERROR_STORE,
			"another split, replay or resend is under way: wait "
			"until it is done") : error_sys(err, errno,
			"lock making/");
	/* Its first transaction finishes the moves that are open. */
	rc = store_begin(spec->store, err);
	if (rc == 0)
		rc = may_come_in(d, err);
	if (rc == 0)
		rc = remove_rest(d, err);
	if (rc == 0)
		rc = store_commit(spec->store, err);
	store_end(spec->store);
	return rc;
}

/* --- a file ----------------------------------------------------------------- */

static void
temporary_name(char out[24], int n)
{
	snprintf(out, 24, "new-%d", n);
}

/* Writes it and reads its header. */
static int
fill(struct made *d, struct history_message *m, int fd,
	int (*write)(void *arg, int fd, struct error *err), void *arg,
	struct error *err)
{
	struct stat st;

	if (fchmod(fd, 0660) < 0)
		return error_sys(err, errno, "set mode of a file in making/");
	if (write(arg, fd, err) < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return error_sys(err, errno, "look at a file in making/");
	d->bytes += st.st_size;
	return store_read_header(d->spec.store, m, fd, &st, err);
}

int
made_add(struct made *d, const char *name,
	int (*write)(void *arg, int fd, struct error *err), void *arg,
	struct made_one **out, struct error *err)
{
	struct made_one *one;
	char temporary[24];
	int fd, rc;

	if ((d->n == MADE_BATCH || d->bytes >= MADE_BYTES) &&
	    made_commit(d, err) < 0)
		return -1;
	temporary_name(temporary, d->n);
	fd = openat(making(d), temporary, O_RDWR | O_CREAT | O_EXCL |
		O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd < 0)
		return error_sys(err, errno, "make a file in making/");
	one = &d->rows[d->n++];
	memset(one, 0, sizeof *one);
	store_new_message(&one->m, name, strlen(name));
	rc = fill(d, &one->m, fd, write, arg, err);
	close(fd);
	*out = one;
	return rc;
}

/* --- the transaction --------------------------------------------------------- */

static int
put_item(struct made *d, const struct history_message *m, struct error *err)
{
	struct history_item item = {
		.action = d->action.id, .message = m->id, .at = m->since,
		.result = (char *)(uintptr_t)operation_word(OPERATION_DONE),
		.to_state = (char *)(uintptr_t)state_word(m->state),
		.outcome = (char *)(uintptr_t)"waits",
	};

	return history_item_put(d->spec.store->history, &item, err) < 0 ? -1 :
		history_action_waits(d->spec.store->history, d->action.id, 1,
		err);
}

/* Its row, and its name in making/, which is that in queue/. */
static int
make_message(struct made *d, int n, struct error *err)
{
	struct history_message *m = &d->rows[n].m;
	char temporary[24], file[SPOOL_FILE_MAX];
	int rc;

	if (!d->action.id && history_action_add(d->spec.store->history,
	    &d->action, err) < 0)
		return -1;
	m->put_back_by = d->action.id;
	m->received_at = m->since = clock_wall();
	store_note_move(m, SPOOL_MAKING, SPOOL_QUEUE);
	if (store_add_message(d->spec.store, m, err) < 0 ||
	    put_item(d, m, err) < 0)
		return -1;
	temporary_name(temporary, n);
	spool_file_name(file, m->id, m->name);
	rc = fs_rename(making(d), temporary, making(d), file, err);
	if (rc > 0)
		error_set(err, ERROR_STORE, "making/%s is not ours", file);
	return rc == 0 ? 0 : -1;
}

static int
make_all(struct made *d, struct error *err)
{
	const struct made_spec *spec = &d->spec;
	struct history_minute minute = { .at = clock_wall() };

	for (int i = 0; i < d->n; i++) {
		struct made_one *one = &d->rows[i];
		int rc = spec->decide ? spec->decide(spec->arg, one, err) : 1;

		if (rc < 0)
			return -1;
		if (rc == 0) {
			d->action.skipped++;
			continue;
		}
		one->result = OPERATION_DONE;
		if (make_message(d, i, err) < 0 ||
		    (spec->done && spec->done(spec->arg, one, err) < 0))
			return -1;
		d->action.done++;
		minute.arrived++;
	}
	if (!d->action.id)		/* nothing happened */
		return 0;
	d->action.ended_at = clock_wall();
	return history_action_end(spec->store->history, &d->action, err) < 0 ||
		history_minute_add(spec->store->history, &minute, err) < 0 ?
		-1 : 0;
}

/* Rows, then files, under one hold of the lock. */
static int
commit_batch(struct made *d, struct error *err)
{
	struct store_moves moves = { 0 };
	struct store *s = d->spec.store;

	if (fs_sync_all(making(d), "making/", err) < 0 ||
	    store_begin(s, err) < 0 || make_all(d, err) < 0 ||
	    spool_sync_dir(&s->spool, SPOOL_MAKING, err) < 0 ||
	    store_commit(s, err) < 0)
		return -1;
	if (store_begin(s, err) < 0 || store_finish_moves(s, &moves, err) < 0)
		return -1;
	return store_commit(s, err);
}

static void
forget_batch(struct made *d)
{
	char temporary[24];
	struct error ignored;

	for (int i = 0; i < d->n; i++) {
		struct made_one *one = &d->rows[i];

		temporary_name(temporary, i);
		fs_remove(making(d), temporary, &ignored);
		history_message_release(&one->m);
		free(one->from);
		free(one->why);
	}
	d->n = 0;
	d->bytes = 0;
}

int
made_commit(struct made *d, struct error *err)
{
	int rc = 0;

	if (!d->action.verb)
		operations_fill_action(&d->action, d->spec.actor, d->spec.verb,
			d->spec.reason, (size_t)d->spec.total);
	if (d->n > 0)
		rc = commit_batch(d, err);
	if (rc < 0)
		store_mark_if_unknown(d->spec.store, err);
	store_end(d->spec.store);
	for (int i = 0; rc == 0 && i < d->n; i++)
		d->spec.result(d->spec.arg, &d->rows[i]);
	if (rc == 0)
		forget_batch(d);
	return rc;
}

void
made_end(struct made *d)
{
	forget_batch(d);
	history_action_release(&d->action);
	if (d->lock >= 0)
		close(d->lock);
	free(d->rows);
}
