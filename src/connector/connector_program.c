/*
 * connector_program: the working copy and the program that gets it. See
 * connector.h.
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

/* --- the beginning ---------------------------------------------------- */

/* The private copy; its inode, size and mtime replace the message's in the
 * lane. 0 or -1. */
static int
make_copy(struct connector *c, struct lane *lane, struct error *err)
{
	char file[SPOOL_FILE_MAX];
	struct stat st;
	int in, out, rc;

	spool_file_name(file, lane->message.id, lane->message.name);
	in = spool_open_file(&c->store.spool, SPOOL_QUEUE, file, &st, err);
	if (in == -2) {
		lane->message.state = STATE_LOST;
		return error_set(err, ERROR_NOT_FOUND, "its file disappeared");
	}
	if (in < 0)
		return -1;
	out = openat(lane->dirfd, lane->message.name, O_WRONLY | O_CREAT |
		O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (out < 0 && errno == EEXIST && fs_remove_tree(lane->dirfd,
	    lane->message.name, err) == 0)
		out = openat(lane->dirfd, lane->message.name, O_WRONLY |
			O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
	rc = out < 0 ? error_sys(err, errno, "make the working copy") :
		fs_copy(in, out, st.st_size, err);
	if (rc == 0 && fstat(out, &st) < 0)
		rc = error_sys(err, errno, "look at the working copy");
	close(in);
	if (out >= 0)
		close(out);
	if (rc < 0)
		return -1;
	lane->message.inode = (int64_t)st.st_ino;
	lane->message.size = st.st_size;
	lane->message.mtime_ns = st.st_mtim.tv_sec * INT64_C(1000000000) +
		st.st_mtim.tv_nsec;
	return 0;
}

/* %f the copy, %n its name, %d the directory, %u the .und file, %% a %. */
static char *
fill_in(const struct lane *lane, const char *arg)
{
	struct str s = STR_INIT;

	for (; *arg; arg++) {
		if (arg[0] != '%' || !arg[1]) {
			str_add_char(&s, *arg);
			continue;
		}
		switch (*++arg) {
		case 'f':
			str_addf(&s, "%s/%s", lane->dir, lane->message.name);
			break;
		case 'n':
			str_add(&s, lane->message.name);
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
start_program(struct connector *c, struct lane *lane, struct error *err)
{
	size_t argc = c->settings.import_program_count;
	char **argv = xcalloc(argc + 1, sizeof *argv);
	char *id = xasprintf("%s%" PRId64, c->uuid_prefix, lane->message.id);
	struct importer_spec spec = {
		.argv = argv, .dir = lane->dir, .ccmq_id = id,
		.timeout_ms = c->settings.import_timeout_ms,
	};
	int rc;

	for (size_t i = 0; i < argc; i++)
		argv[i] = fill_in(lane, c->settings.import_program[i]);
	rc = c->options.importer->start(lane->importer, &spec, err);
	for (size_t i = 0; i < argc; i++)
		free(argv[i]);
	free(argv);
	free(id);
	return rc;
}

/* What the program did to its copy; then it goes, whatever it is. */
static void
remove_copy(struct lane *lane)
{
	struct error err = ERROR_INIT;
	struct stat st;
	char *copy = NULL;

	if (fstatat(lane->dirfd, lane->message.name, &st,
	    AT_SYMLINK_NOFOLLOW) < 0)
		copy = xstrdup("deleted");
	else if ((int64_t)st.st_ino == lane->message.inode &&
	    st.st_size == lane->message.size &&
	    st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec ==
	    lane->message.mtime_ns)
		copy = xstrdup("left");
	else
		copy = xstrdup("changed");
	free(lane->attempt.copy);
	lane->attempt.copy = copy;
	/* It is tried again before the next attempt, and at each start. */
	if (spool_remove_copies(lane->dirfd, &err) < 0) {
		log_line(LOG_LEVEL_ERROR, "lane %d: %s", lane->number,
			err.text);
		lane->blocked = true;
	}
}

/* The attempt ends before its program began. */
static void
could_not_start(struct lane *lane, const struct error *err)
{
	lane->ended = true;
	lane->attempt.ended_at = clock_wall();
	lane->attempt.took_ms = 0;
	memcpy(lane->words, err->text, sizeof lane->words);
	lane->facts.words = lane->words;
	/* A link or a directory in queue/ is this message's own fault. */
	lane->facts.end = err->code == ERROR_INVALID ?
		POLICY_END_INTERRUPTED : POLICY_END_NOT_RUN;
	lane->facts.not_run_errno = err->sys;
	remove_copy(lane);
}

void
connector_launch(struct connector *c)
{
	struct error err = ERROR_INIT;

	for (int i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];

		if (!lane->busy || lane->started || lane->ended)
			continue;
		if (make_copy(c, lane, &err) < 0 ||
		    start_program(c, lane, &err) < 0) {
			could_not_start(lane, &err);
			continue;
		}
		lane->started = true;
		lane->started_mono_ms = clock_mono_ms();
	}
}

/* --- the end ---------------------------------------------------------- */

static void
take_result(struct lane *lane)
{
	struct importer_result *r = &lane->result;
	struct outcome_facts *f = &lane->facts;
	struct history_attempt *a = &lane->attempt;

	f->code = f->signal = f->not_run_errno = 0;
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
	a->took_ms = r->took_ms;
	a->output = xmemdup(r->output, r->output_len + 1);
	a->output_len = r->output_len;
}

void
connector_collect(struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];

		if (!lane->started || lane->ended ||
		    c->options.importer->read(lane->importer,
			    &lane->result) <= 0)
			continue;
		lane->ended = true;
		lane->attempt.ended_at = clock_wall();
		status_word_set_answer(&c->word);
		take_result(lane);
		remove_copy(lane);
	}
}
