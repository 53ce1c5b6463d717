/* SPDX-License-Identifier: ISC */
/* take_out: see take_out.h for the contract. */
#include "work/take_out.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xalloc.h"
#include "work/operations.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HIDDEN_MAX 40
#define COMPARE (64 * 1024)

/* A message on its way, and the names that it may have. */
struct way {
	struct store *s;
	struct history_message *m;
	int import, submit, quarantine;	/* directories; -1: not there */
	char hidden[HIDDEN_MAX], part[HIDDEN_MAX];	/* over there */
	char ours[SPOOL_FILE_MAX];	/* in quarantine/ */
};

static int
open_way(struct way *w, struct store *s, struct history_message *m,
	struct error *err)
{
	struct error ignored;

	*w = (struct way){ .s = s, .m = m, .import = -1, .submit = -1,
		.quarantine = s->spool.dirs[SPOOL_QUARANTINE] };
	if (!s->their_submit || !spool_is_reduced_name(m->name) ||
	    !spool_is_dropped_name(m->true_name, m->true_name_len))
		return error_set(err, ERROR_STORE, "message #%" PRId64
			" cannot be taken out or given back: see foreign in "
			"ccmq.conf(5)", m->id);
	snprintf(w->hidden, sizeof w->hidden, ".ccmq-%" PRId64, m->id);
	snprintf(w->part, sizeof w->part, ".ccmq-%" PRId64 ".new", m->id);
	spool_file_name(w->ours, m->id, m->name);
	w->submit = fs_open_dir(AT_FDCWD, s->their_submit, &ignored);
	w->import = fs_open_dir(AT_FDCWD, s->their_import, &ignored);
	return 0;
}

static void
close_way(struct way *w)
{
	if (w->submit >= 0)
		close(w->submit);
	if (w->import >= 0)
		close(w->import);
}

static bool
exists(int dir, const char *name)
{
	struct stat st;

	return dir >= 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- who has it open ------------------------------------------------------ */

/* The first process that has it open, by /proc, as far as that may be seen. */
static int64_t
opened_by(const struct stat *file)
{
	DIR *proc = opendir("/proc"), *fds;
	const struct dirent *p, *f;
	struct error ignored;
	int64_t found = 0;
	struct stat st;
	char path[300];

	while (proc && !found && fs_next(proc, &p, &ignored) > 0) {
		long pid = strtol(p->d_name, NULL, 10);

		if (pid <= 0 || pid == getpid())
			continue;
		snprintf(path, sizeof path, "/proc/%ld/fd", pid);
		fds = opendir(path);
		while (fds && !found && fs_next(fds, &f, &ignored) > 0)
			if (fstatat(dirfd(fds), f->d_name, &st, 0) == 0 &&
			    st.st_dev == file->st_dev &&
			    st.st_ino == file->st_ino)
				found = pid;
		if (fds)
			closedir(fds);
	}
	if (proc)
		closedir(proc);
	return found;
}

/* A lease is had only where nobody else has it open; who may not ask for one
 * looks into /proc. */
static char *
open_words(int fd, const struct stat *st)
{
	int64_t pid;

	if (fcntl(fd, F_SETLEASE, F_WRLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		return NULL;
	}
	if (errno == EAGAIN) {
		pid = opened_by(st);
		return pid ? xasprintf("process %" PRId64 " has it open: stop "
			"that connector's service first", pid) :
			xstrdup("a process has it open: stop that connector's "
			"service first");
	}
	pid = opened_by(st);
	return pid ? xasprintf("process %" PRId64 " has it open: stop that "
		"connector's service first", pid) : NULL;
}

/* --- looking -------------------------------------------------------------- */

/* Opens m's own file over there, if it is the one that its row tells of. The
 * descriptor, or -1, with EACCES in errno where that is why; *dir_out: where it
 * is. */
static int
open_theirs(const struct way *w, int *dir_out, struct stat *st)
{
	const int dirs[] = { w->import, w->submit };
	int why = 0;

	for (size_t i = 0; i < 2; i++) {
		int fd = dirs[i] < 0 ? -1 : fs_open_quietly(dirs[i],
			w->m->true_name);

		if (fd >= 0 && fstat(fd, st) == 0 &&
		    store_is_same_file(w->m, st)) {
			*dir_out = dirs[i];
			return fd;
		}
		if (fd >= 0)
			close(fd);
		else if (dirs[i] >= 0 && errno == EACCES)
			why = EACCES;
	}
	errno = why;
	return -1;
}

static char *
look(struct way *w, bool force)
{
	struct stat st;
	char *why;
	int fd, dir;

	if (!w->m->watched) {
		return !exists(w->submit, w->m->true_name) ? NULL :
			xasprintf("%s/%s is there: nothing is replaced",
				w->s->their_submit, w->m->true_name);
	}
	fd = open_theirs(w, &dir, &st);
	if (fd < 0)
		return errno == EACCES ? xstrdup("it may not be read: "
			"Permission denied") : xstrdup("it is not there any "
			"more, or changed");
	why = force ? NULL : open_words(fd, &st);
	if (!why && faccessat(dir, ".", W_OK | X_OK, AT_EACCESS) < 0)
		why = xasprintf("its directory may not be written: %s",
			strerror(errno));
	close(fd);
	return why;
}

int
take_out_look(struct store *s, const struct history_message *m, bool force,
	char **why_out, struct error *err)
{
	struct history_message copy = *m;
	struct way w;

	if (open_way(&w, s, &copy, err) < 0)
		return -1;
	*why_out = look(&w, force);
	close_way(&w);
	return *why_out == NULL;
}

bool
take_out_is_blind(const struct store *s)
{
	struct error ignored;
	int fd = s->their_import ? fs_open_dir(AT_FDCWD, s->their_import,
		&ignored) : -1;
	bool blind = fd >= 0 && fs_is_network(fd, true);

	if (fd >= 0)
		close(fd);
	return blind;
}

/* --- from one directory to another ------------------------------------------ */

static bool
is_same_content(int a, int b)
{
	char *x = xcalloc(2, COMPARE), *y = x + COMPARE;
	struct error ignored;
	off_t at = 0;
	ssize_t n, m;

	do {
		n = fs_read_at(a, x, COMPARE, at, &ignored);
		m = fs_read_at(b, y, COMPARE, at, &ignored);
		at += n;
	} while (n > 0 && n == m && memcmp(x, y, (size_t)n) == 0);
	free(x);
	return n == 0 && m == 0;
}

/* A copy under the name `part`, on disk, compared, then under its own. */
static int
copy_over(int from, const char *name, int to, const char *part,
	const char *as, struct error *err)
{
	int in = fs_open_quietly(from, name), out = -1, rc = -1;
	struct timespec times[2] = { { 0, UTIME_OMIT } };
	struct stat st;

	if (in < 0 || fstat(in, &st) < 0) {
		rc = error_sys(err, errno, "read %s", name);
	} else if (fs_remove(to, part, err) >= 0) {
		out = openat(to, part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			st.st_mode & 0666);
		times[1] = st.st_mtim;
		if (out < 0)
			error_sys(err, errno, "make %s", part);
		else if (fs_copy(in, out, st.st_size, err) == 0 &&
		    futimens(out, times) == 0 && fs_sync(out, part, err) == 0)
			rc = is_same_content(in, out) ? 0 : error_set(err,
				ERROR_STORE, "the copy of %s differs", name);
	}
	if (out >= 0)
		close(out);
	if (in >= 0)
		close(in);
	if (rc == 0 && fs_rename(to, part, to, as, err) != 0)
		rc = -1;
	return rc == 0 ? fs_sync(to, as, err) : -1;
}

/* Moves; both directories are on disk afterwards. */
static int
move_over(int from, const char *name, int to, const char *part,
	const char *as, struct error *err)
{
	int rc = fs_rename(from, name, to, as, err);

	if (rc > 0)
		return error_set(err, ERROR_STORE, "%s: %s", name, rc == 1 ?
			"its new name is taken" : "it is not there any more");
	if (rc < 0) {
		if (err->sys != EXDEV || copy_over(from, name, to, part, as,
		    err) < 0 || fs_remove(from, name, err) < 0)
			return -1;
	}
	return fs_sync(to, as, err) < 0 || fs_sync(from, name, err) < 0 ? -1 :
		0;
}

/* --- out ------------------------------------------------------------------- */

/* The file under the hidden name, in *dir_out. 1, 0 with why, -1. */
static int
hide(struct way *w, int *dir_out, char **why, struct error *err)
{
	struct stat held, got;
	int fd, rc;

	for (int i = 0; i < 2; i++) {
		*dir_out = i ? w->submit : w->import;
		if (exists(*dir_out, w->hidden))
			return 1;
	}
	fd = open_theirs(w, dir_out, &held);
	if (fd < 0) {
		*why = xstrdup("it left meanwhile");
		return 0;
	}
	rc = fs_rename(*dir_out, w->m->true_name, *dir_out, w->hidden, err);
	if (rc == 0 && (fstatat(*dir_out, w->hidden, &got,
	    AT_SYMLINK_NOFOLLOW) < 0 || got.st_ino != held.st_ino ||
	    got.st_dev != held.st_dev)) {
		rc = fs_rename(*dir_out, w->hidden, *dir_out, w->m->true_name,
			err);
		*why = rc == 0 ? xstrdup("another file came under its name; "
			"that one was left") : xasprintf("another file came "
			"under its name, and then another: one is %s there "
			"now", w->hidden);
		rc = 2;
	} else if (rc > 0) {
		*why = xstrdup("it left meanwhile");
	}
	close(fd);
	return rc < 0 ? -1 : rc == 0;
}

static int
take(struct way *w, char **why, struct error *err)
{
	int dir = -1, rc;

	/* A copy that has its name is whole. */
	if (exists(w->quarantine, w->ours)) {
		if ((w->import >= 0 && fs_remove(w->import, w->hidden,
		    err) < 0) || (w->submit >= 0 && fs_remove(w->submit,
		    w->hidden, err) < 0))
			return -1;
		return 1;
	}
	rc = hide(w, &dir, why, err);
	if (rc <= 0)
		return rc;
	return move_over(dir, w->hidden, w->quarantine, w->part, w->ours,
		err) < 0 ? -1 : 1;
}

static int
note_taken(struct way *w, struct error *err)
{
	struct history_message *m = w->m;
	struct stat st;

	if (fstatat(w->quarantine, w->ours, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_sys(err, errno, "look at quarantine/%s", w->ours);
	/* No verdict: somebody has decided. */
	m->doubt = false;
	m->maybe_delivered = m->state == STATE_IMPORTING;
	m->state = STATE_QUARANTINED;
	m->watched = false;
	m->inode = (int64_t)st.st_ino;
	m->size = st.st_size;
	m->mtime_ns = st.st_mtim.tv_sec * INT64_C(1000000000) +
		st.st_mtim.tv_nsec;
	return 0;
}

/* --- back ------------------------------------------------------------------ */

static int
give(struct way *w, char **why, struct error *err)
{
	int rc;

	if (w->submit < 0) {
		*why = xasprintf("%s cannot be opened", w->s->their_submit);
		return 0;
	}
	if (!exists(w->submit, w->hidden)) {
		if (!exists(w->quarantine, w->ours))
			return 1;	/* it was given before */
		if (exists(w->submit, w->m->true_name)) {
			*why = look(w, true);
			return 0;
		}
		if (move_over(w->quarantine, w->ours, w->submit, w->part,
		    w->hidden, err) < 0)
			return -1;
	}
	/* There is one of it, before anybody may take that. */
	if (fs_remove(w->quarantine, w->ours, err) < 0 ||
	    fs_sync(w->quarantine, "quarantine/", err) < 0)
		return -1;
	rc = fs_rename(w->submit, w->hidden, w->submit, w->m->true_name, err);
	if (rc == 1)
		*why = xasprintf("its name was taken meanwhile: it is %s in "
			"submit, and gets its name when that is free",
			w->hidden);
	return rc < 0 ? -1 : rc == 1 ? 2 : fs_sync(w->submit, "submit", err) <
		0 ? -1 : 1;
}

/* --- the row --------------------------------------------------------------- */

static int
put_item(struct way *w, const char *result, const char *why,
	enum state was, struct error *err)
{
	struct history_item item = {
		.action = w->m->noted_action, .message = w->m->id,
		.result = (char *)(uintptr_t)result, .at = clock_wall(),
		.why = (char *)(uintptr_t)why,
		.from_state = (char *)(uintptr_t)state_word(was),
		.to_state = (char *)(uintptr_t)state_word(w->m->state),
	};

	return history_item_put(w->s->history, &item, err);
}

/* What became of it, in a transaction. */
static int
write_row(struct way *w, bool gives, bool done, const char *why,
	struct error *err)
{
	struct history_message *m = w->m;
	enum state was = m->state;

	if (store_begin(w->s, err) < 0)
		return -1;
	if (done && gives)
		m->state = STATE_GONE;
	else if (done && note_taken(w, err) < 0)
		return -1;
	if (done) {
		m->since = clock_wall();
		m->changed_by = m->noted_action;
	}
	if (put_item(w, done ? "done" : "failed", why, was, err) < 0)
		return -1;
	if (done && store_event(w->s, gives ? EVENT_GIVEN_BACK :
	    EVENT_TAKEN_OUT, m->id, err, "%s was %s by %s", m->name, gives ?
	    "given back" : "taken out", m->action_by ? m->action_by :
	    "somebody") < 0)
		return -1;
	xstrset(&m->noted_verb, NULL);
	m->noted_action = 0;
	if (history_message_update(w->s->history, m, was, err) < 0)
		return -1;
	return store_commit(w->s, err);
}

/* EACCES and the like are why it was not done. */
static int
finish(struct way *w, char **why, struct error *err)
{
	bool gives = strcmp(w->m->noted_verb, verb_word(VERB_RELEASE)) == 0;
	int rc = gives ? give(w, why, err) : take(w, why, err);

	if (rc == 2)			/* it stays noted */
		return 0;
	if (rc < 0) {
		if (err->code == ERROR_UNKNOWN)
			return -1;
		*why = xstrdup(err->text);
		/* Half-way: it is gone on with later. */
		if (exists(w->import, w->hidden) || exists(w->submit,
		    w->hidden))
			return 0;
	}
	if (write_row(w, gives, rc > 0, *why, err) < 0)
		return -1;
	return rc > 0;
}

int
take_out_finish(struct store *s, int64_t id, char **why_out,
	struct error *err)
{
	struct history_message m = { 0 };
	int rc = history_message_get(s->history, id, &m, err);
	struct way w;

	*why_out = NULL;
	if (rc > 0 && !m.noted_verb) {
		*why_out = xstrdup("nothing is to be done to it any more");
		rc = 0;
	} else if (rc > 0) {
		rc = open_way(&w, s, &m, err);
		if (rc == 0) {
			rc = finish(&w, why_out, err);
			close_way(&w);
		}
	}
	history_message_release(&m);
	return rc;
}

int
take_out_recover(struct store *s, struct error *err)
{
	int64_t ids[100];
	int n = history_noted(s->history, ids, 100, err), rc = 0;
	char *why;

	for (int i = 0; i < n && rc >= 0; i++) {
		rc = store_lock(s, err);
		if (rc == 0)
			rc = take_out_finish(s, ids[i], &why, err);
		store_end(s);
		free(why);
	}
	return n < 0 || rc < 0 ? -1 : 0;
}
