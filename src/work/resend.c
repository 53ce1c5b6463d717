/* SPDX-License-Identifier: ISC */
/* resend: see resend.h for the contract. */
#include "work/resend.h"
#include "base/xalloc.h"
#include "mail/fd_source.h"
#include "mail/und.h"
#include "store/und_account.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOES_ITSELF (STATE_BIT(STATE_QUEUED) | STATE_BIT(STATE_IMPORTING) | \
	STATE_BIT(STATE_DEFERRED) | STATE_BIT(STATE_IMPORTED))

/* An entry, and what it was. */
struct entry {
	struct history_und_entry row;
	struct history_message of;	/* its message; id 0: nobody's */
	int fd;
	struct message_source file, bytes;
	struct message_slice slice;
	struct message m;
};

struct resending {
	const struct resend *resend;
	const struct made_spec *spec;	/* the caller's */
	struct operation_target *aside;	/* messages that failed */
	size_t aside_count;
	int64_t *good;			/* entries that can be resent */
	size_t good_count;
};

static void
entry_release(struct entry *e)
{
	history_und_entry_release(&e->row);
	history_message_release(&e->of);
	message_release(&e->m);
	if (e->fd >= 0)
		close(e->fd);
}

/* --- reading ------------------------------------------------------------------- */

static int
open_und(const struct resending *rs, int64_t file, struct error *err)
{
	const struct store *s = rs->spec->store;
	struct history_und_file f;
	char *path;
	int fd = -1, rc = history_und_next(s->history, file - 1, &f, err);

	if (rc > 0 && f.id == file) {
		path = und_account_lane_path(s->path, rs->resend->und_path,
			f.lane, f.number);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			error_sys(err, errno, "open %s", path);
		free(path);
	} else if (rc >= 0) {
		error_set(err, ERROR_NOT_FOUND, "its file is not there any "
			"more");
	}
	return fd;
}

/* The entry as a message. 1, 0 it is none (words in err). */
static int
read_entry(struct entry *e, struct error *err)
{
	struct message_options options = { .und = true };
	struct message_reader *r;
	struct stat st;
	int rc;

	if (fstat(e->fd, &st) < 0)
		return error_sys(err, errno, "look at its file"), 0;
	e->file = fd_source(&e->fd, st.st_size);
	e->slice = (struct message_slice){ &e->file, e->row.start };
	e->bytes = message_source_slice(&e->slice, e->row.length);
	r = message_reader_new(&e->bytes, &options);
	rc = message_reader_next(r, &e->m, err);
	message_reader_free(r);
	if (rc > 0 && e->m.contents_seen && !e->m.torn)
		return 1;
	if (rc >= 0)
		error_set(err, ERROR_INVALID, "it is cut off, or no message");
	return 0;
}

/* The row, its message and its bytes. 1, 0 it cannot be resent (words in err),
 * -1. */
static int
entry_open(struct entry *e, const struct resending *rs, int64_t id,
	struct error *err)
{
	struct history *h = rs->spec->store->history;
	int rc;

	memset(e, 0, sizeof *e);
	e->fd = -1;
	message_init(&e->m);
	rc = history_und_entry_get(h, id, &e->row, err);
	if (rc == 0)
		error_set(err, ERROR_NOT_FOUND, "there is none of that "
			"number: ccmq und list shows those there are");
	if (rc > 0 && e->row.message && history_message_get(h, e->row.message,
	    &e->of, err) < 0)
		return -1;
	if (rc <= 0)
		return rc;
	e->fd = open_und(rs, e->row.file, err);
	return e->fd < 0 ? 0 : read_entry(e, err);
}

/* --- may it be? ------------------------------------------------------------------ */

/* Is its message on its way by itself, or was it? */
static bool
goes_itself(const struct history_message *of, struct error *err)
{
	if (!of->id || !(STATE_BIT(of->state) & GOES_ITSELF))
		return false;
	if (of->state == STATE_IMPORTED)
		error_set(err, ERROR_INVALID, "its message #%" PRId64 " was "
			"imported since: --again resends it", of->id);
	else
		error_set(err, ERROR_INVALID, "its message #%" PRId64 " is %s: "
			"that one is tried again", of->id,
			state_word(of->state));
	return true;
}

/* 1, 0 (words in err). */
static int
may_be(const struct resending *rs, const struct entry *e, struct error *err)
{
	if (rs->resend->again)
		return 1;
	if (e->row.resent) {
		error_set(err, ERROR_INVALID, "it was resent as #%" PRId64
			": --again does it once more", e->row.resent);
		return 0;
	}
	return !goes_itself(&e->of, err);
}

static void
say(const struct resending *rs, int64_t entry, enum operation_code result,
	const char *why)
{
	struct made_one one = { .number = entry, .result = result };

	one.why = xstrdup(why);
	rs->spec->result(rs->spec->arg, &one);
	free(one.why);
}

/* Looks at all of them, says what cannot be, and notes what is to be done. */
static int
look_at(struct resending *rs, int64_t id, struct error *err)
{
	struct error why = ERROR_INIT;
	struct entry e;
	int rc = entry_open(&e, rs, id, &why);

	if (rc > 0)
		rc = may_be(rs, &e, &why);
	if (rc < 0)
		*err = why;
	else if (rc == 0)
		say(rs, id, why.code == ERROR_INVALID ? OPERATION_SKIPPED :
			OPERATION_FAILED, why.text);
	else if (rs->resend->dry_run)
		say(rs, id, OPERATION_DONE, NULL);
	if (rc > 0) {
		rs->good[rs->good_count++] = id;
		if (e.of.id && e.of.state == STATE_FAILED)
			rs->aside[rs->aside_count++] = (struct
				operation_target){ e.of.id, STATE_FAILED };
	}
	entry_release(&e);
	return rc < 0 ? -1 : 0;
}

/* --- doing it ---------------------------------------------------------------------- */

static int
by_id(const void *a, const void *b)
{
	const struct operation_target *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* Several entries may be of one message. */
static size_t
each_once(struct operation_target *t, size_t n)
{
	size_t kept = 0;

	qsort(t, n, sizeof *t, by_id);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || t[i].id != t[kept - 1].id)
			t[kept++] = t[i];
	return kept;
}

static int
set_aside(struct resending *rs, struct error *err)
{
	struct operation op = {
		.actor = rs->spec->actor, .verb = "quarantine",
		.kind = VERB_QUARANTINE, .reason = "resent from the .und file",
	};
	struct operation_summary sum;

	if (rs->aside_count == 0)
		return 0;
	return operations_apply(rs->spec->store, &op, rs->aside,
		each_once(rs->aside, rs->aside_count), &sum, err);
}

/* Was the same made of another entry of that message? 1 (one says so), 0, -1. */
static int
is_another(struct history *h, struct made_one *one, struct error *err)
{
	struct history_message m;
	int64_t after = 0;
	int rc = 0;

	if (!one->m.parent)
		return 0;
	while (!one->why && (rc = history_message_content(h, one->m.content,
	    after, &m, err)) > 0) {
		after = m.id;
		if (m.parent == one->m.parent) {
			one->result = OPERATION_UNCHANGED;
			one->why = xasprintf("it is the same as what was "
				"resent as #%" PRId64, m.id);
		}
		history_message_release(&m);
	}
	return rc < 0 ? -1 : one->why != NULL;
}

/* Once more, in the transaction: others may have been here. */
static int
decide(void *arg, struct made_one *one, struct error *err)
{
	struct resending *rs = arg;
	struct history *h = rs->spec->store->history;
	struct history_und_entry row;
	int rc = rs->resend->again ? 0 : history_und_entry_get(h, one->number,
		&row, err);

	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	if (row.resent) {
		one->result = OPERATION_SKIPPED;
		one->why = xasprintf("it was resent as #%" PRId64, row.resent);
	}
	history_und_entry_release(&row);
	rc = one->why ? 1 : is_another(h, one, err);
	return rc < 0 ? -1 : !rc;
}

static int
note_resent(void *arg, struct made_one *one, struct error *err)
{
	struct resending *rs = arg;

	return history_und_entry_resent(rs->spec->store->history, one->number,
		one->m.id, err);
}

static void
tell(void *arg, const struct made_one *one)
{
	struct resending *rs = arg;

	rs->spec->result(rs->spec->arg, one);
}

static int
write_entry(void *arg, int fd, struct error *err)
{
	struct entry *e = arg;

	return und_restore(&e->bytes, &e->m, made_sink, &fd, err);
}

/* Does the file of that message hold one only? Then the entry is that one. */
static bool
holds_one(const struct store *s, const struct history_message *of)
{
	struct error ignored = ERROR_INIT;
	struct message_reader *r;
	struct message_source src;
	enum spool_dir dir;
	struct message m;
	struct stat st;
	int n = 0, fd = of->id ? store_open_message(s, of, &st, &dir,
		&ignored) : -1;

	if (fd < 0)
		return false;
	src = fd_source(&fd, st.st_size);
	message_init(&m);
	r = message_reader_new(&src, NULL);
	while (n < 2 && message_reader_next(r, &m, &ignored) > 0)
		n++;
	message_reader_free(r);
	message_release(&m);
	close(fd);
	return n == 1;
}

static int
make_one(struct resending *rs, struct made *made, int64_t id,
	struct error *err)
{
	struct made_one *one;
	char name[SPOOL_NAME_MAX + 5];
	struct entry e;
	int rc = entry_open(&e, rs, id, err);

	snprintf(name, sizeof name, "und-%" PRId64 ".ccm", id);
	if (rc > 0)
		rc = made_add(made, e.of.id ? e.of.name : name, write_entry,
			&e, &one, err) < 0 ? -1 : 1;
	if (rc > 0) {
		one->number = id;
		one->m.parent = e.of.id;
		/* Again means to all. */
		if (!rs->resend->again && holds_one(rs->spec->store, &e.of))
			one->m.key = store_part_key(&e.of, 1);
	}
	entry_release(&e);
	return rc > 0 ? 0 : error_prefix(err, ".und entry %" PRId64, id);
}

static int
make_all(struct resending *rs, struct error *err)
{
	struct made_spec own = *rs->spec;
	struct made made;
	int rc;

	own.verb = "resend";
	own.total = (int64_t)rs->good_count;
	own.decide = decide;
	own.done = note_resent;
	own.result = tell;
	own.arg = rs;
	rc = made_begin(&made, &own, err);
	for (size_t i = 0; rc == 0 && i < rs->good_count; i++)
		rc = make_one(rs, &made, rs->good[i], err);
	if (rc == 0)
		rc = made_commit(&made, err);
	made_end(&made);
	return rc;
}

int
resend_do(const struct resend *r, const struct made_spec *spec,
	struct error *err)
{
	struct resending rs = { .resend = r, .spec = spec };
	int rc = 0;

	rs.good = xcalloc(r->n + 1, sizeof *rs.good);
	rs.aside = xcalloc(r->n + 1, sizeof *rs.aside);
	for (size_t i = 0; rc == 0 && i < r->n; i++)
		rc = look_at(&rs, r->entries[i], err);
	if (rc == 0 && rs.good_count && !r->dry_run)
		rc = set_aside(&rs, err) < 0 ? -1 : make_all(&rs, err);
	free(rs.good);
	free(rs.aside);
	return rc;
}
