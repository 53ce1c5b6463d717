/* SPDX-License-Identifier: ISC */
/*
 * connector_program: the working copy, and a program that gets one message and
 * ends. See connector_private.h; a program that stays is connector_worker.c.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COPY_CHUNK (1 << 16)

/* --- the working copy --------------------------------------------------- */

static bool
is_ours_to_blame(int sys)
{
	return sys == EMFILE || sys == ENFILE || sys == ENOMEM;
}

/* Can all of it be read? Asked when copying it failed. */
static bool
can_be_read(int in, off_t size)
{
	char *buf = xmalloc(COPY_CHUNK);
	struct error ignored;
	off_t at = 0;
	ssize_t n = 1;

	while (at < size && n > 0) {
		n = fs_read_at(in, buf, COPY_CHUNK, at, &ignored);
		at += n;
	}
	free(buf);
	return n >= 0;
}

static int
make_file(int dirfd, const char *name)
{
	return openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		O_NOFOLLOW, 0660);
}

/* Copies into a new file; *st_out becomes the copy's. 0 or -1. */
static int
copy_to(int in, off_t size, int dirfd, const char *name, struct stat *st_out,
	struct error *err)
{
	int out = make_file(dirfd, name), rc;

	if (out < 0 && errno == EEXIST &&
	    fs_remove_tree(dirfd, name, err) == 0)
		out = make_file(dirfd, name);
	if (out < 0)
		return error_sys(err, errno, "make the working copy");
	rc = fs_copy(in, out, size, err);
	if (rc == 0 && fstat(out, st_out) < 0)
		rc = error_sys(err, errno, "look at the working copy");
	close(out);
	return rc;
}

/* Whose fault it is that there is no copy. */
static int
blame(struct in_hand *h, bool source, const struct error *err)
{
	if (!source && (err->sys == ENOSPC || err->sys == EDQUOT))
		h->too_large = true;
	h->facts.end = source ? POLICY_END_OWN_FAULT : h->too_large ?
		POLICY_END_DISK : POLICY_END_NOT_RUN;
	return -1;
}

static void
note_copy(struct history_message *m, const struct stat *st)
{
	m->inode = (int64_t)st->st_ino;
	m->size = st->st_size;
	m->mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
		st->st_mtim.tv_nsec;
}

int
lane_make_copy(struct connector *c, struct in_hand *h, int dirfd,
	struct error *err)
{
	struct history_message *m = &h->message;
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int in, rc;

	if (h->control) {
		rc = connector_write_control(c, h, dirfd, &st, err);
		if (rc == 0)
			note_copy(m, &st);
		return rc < 0 ? blame(h, false, err) : 0;
	}
	spool_file_name(file, m->id, m->name);
	in = spool_open_file(&c->store.spool, SPOOL_QUEUE, file, &st, err);
	if (in == -2) {
		h->lost = true;
		return error_set(err, ERROR_NOT_FOUND, "its file disappeared");
	}
	if (in < 0)
		return blame(h, !is_ours_to_blame(err->sys), err);
	rc = copy_to(in, st.st_size, dirfd, m->name, &st, err);
	if (rc < 0)
		blame(h, !can_be_read(in, st.st_size), err);
	close(in);
	if (rc < 0)
		return -1;
	note_copy(m, &st);
	return 0;
}

const char *
lane_copy_word(const struct in_hand *h, int dirfd)
{
	struct stat st;

	if (fstatat(dirfd, h->message.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return "deleted";
	return store_is_same_file(&h->message, &st) ? "left" : "changed";
}

void
lane_could_not_start(struct in_hand *h, const struct error *err)
{
	h->state = HAND_ENDED;
	h->attempt.ended_at = clock_wall();
	h->attempt.took_ms = 0;
	memcpy(h->words, err->text, sizeof h->words);
	h->facts.words = h->words;
	h->facts.not_run_errno = err->sys;
}

/* --- the beginning ------------------------------------------------------ */

/* %f the copy, %n its name, %d the directory, %u the .und file, %% a %. */
static char *
fill_in(const struct lane *lane, const struct in_hand *h, const char *arg)
{
	struct str s = STR_INIT;

	for (; *arg; arg++) {
		if (arg[0] != '%' || !arg[1]) {
			str_add_char(&s, *arg);
			continue;
		}
		switch (*++arg) {
		case 'f':
			str_addf(&s, "%s/%s", lane->dir, h->message.name);
			break;
		case 'n':
			str_add(&s, h->message.name);
			break;
		case 'd':
			str_add(&s, lane->dir);
			break;
		case 'u':
			str_add(&s, lane->und_path);
			break;
		case '%':
			str_add_char(&s, '%');
			break;
		default:
			str_addf(&s, "%%%c", *arg);
		}
	}
	return str_steal(&s);
}

static int
start_program(struct connector *c, struct lane *lane, struct in_hand *h,
	struct error *err)
{
	size_t argc = c->settings.import_program_count;
	char **argv = xcalloc(argc + 1, sizeof *argv);
	char *key = store_message_key(&c->store, &h->message);
	struct importer_spec spec = {
		.argv = argv, .dir = lane->dir, .ccmq_id = key,
		.timeout_ms = c->settings.import_timeout_ms,
	};
	int rc;

	for (size_t i = 0; i < argc; i++)
		argv[i] = fill_in(lane, h, c->settings.import_program[i]);
	rc = c->options.importer->start(lane->importer, &spec, err);
	for (size_t i = 0; i < argc; i++)
		free(argv[i]);
	free(argv);
	free(key);
	return rc;
}

/* What the program did to its copy; then it goes, whatever it is. */
static void
remove_copy(struct lane *lane, struct in_hand *h)
{
	struct error err = ERROR_INIT;

	xstrset(&h->attempt.copy, lane_copy_word(h, lane->dirfd));
	/* It is tried again before the next attempt, and at each start. */
	if (spool_remove_copies(lane->dirfd, &err) < 0) {
		log_line(LOG_LEVEL_ERROR, "lane %d: %s", lane->number,
			err.text);
		lane->blocked = true;
	}
}

void
program_launch(struct connector *c, struct lane *lane)
{
	struct in_hand *h = lane->count ? lane->hand[0] : NULL;
	struct error err = ERROR_INIT;

	if (!h || h->state != HAND_RECORDED || lane->blocked)
		return;
	h->facts.end = POLICY_END_NOT_RUN;
	if (lane_make_copy(c, h, lane->dirfd, &err) < 0 ||
	    start_program(c, lane, h, &err) < 0) {
		lane_could_not_start(h, &err);
		remove_copy(lane, h);
		return;
	}
	h->state = HAND_RUNNING;
	lane->started = true;
}

/* --- the end ------------------------------------------------------------ */

static void
take_result(struct lane *lane, struct in_hand *h)
{
	struct importer_result *r = &lane->result;
	struct outcome_facts *f = &h->facts;

	switch (r->end) {
	case IMPORTER_EXITED:
		f->end = POLICY_END_EXIT;
		f->code = r->value;
		break;
	case IMPORTER_SIGNALLED:
		f->end = POLICY_END_SIGNAL;
		f->signal = r->value;
		break;
	case IMPORTER_TIMED_OUT:
		f->end = POLICY_END_TIMEOUT;
		break;
	case IMPORTER_NOT_STARTED:
		f->end = POLICY_END_NOT_RUN;
		f->not_run_errno = r->value;
		break;
	case IMPORTER_VANISHED:		/* killed together with its runner */
		f->end = POLICY_END_SIGNAL;
		f->signal = SIGKILL;
		break;
	case IMPORTER_STOPPED:
		f->end = lane->stop == STOP_DISK ? POLICY_END_DISK :
			POLICY_END_INTERRUPTED;
		f->on_request = lane->stop != STOP_DISK;
		break;
	}
	h->attempt.took_ms = r->took_ms;
	h->attempt.output = xmemdup(r->output, r->output_len + 1);
	h->attempt.output_len = r->output_len;
}

void
program_collect(struct connector *c, struct lane *lane)
{
	struct in_hand *h = lane->count ? lane->hand[0] : NULL;

	if (!lane->started || !h || c->options.importer->read(lane->importer,
	    &lane->result) <= 0)
		return;
	h->state = HAND_ENDED;
	h->attempt.ended_at = clock_wall();
	status_word_set_answer(&c->word);
	take_result(lane, h);
	remove_copy(lane, h);
	lane->started = false;
	lane->stop = STOP_NONE;
}
