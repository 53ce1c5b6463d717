/* SPDX-License-Identifier: ISC */
/* store: the lock, transactions and events. See store.h for the contract. */
#include "store/store.h"
#include "store/store_explain.h"
#include "mail/charset.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAL_CHECKPOINT_BYTES (4 << 20)

static char *
history_path(const char *store)
{
	return xasprintf("%s/history.db", store);
}

int
store_create(const char *path, const char *submit, struct error *err)
{
	char *file = history_path(path);
	struct stat st;
	int rc = -1;

	if (lstat(file, &st) == 0)
		error_set(err, ERROR_STORE, "%s is a store already: nothing "
			"was touched (--if-missing makes that no error, "
			"--upgrade brings an older one up to date)", path);
	else if (errno != ENOENT && errno != ENOTDIR)
		error_sys(err, errno, "look at %s", file);
	else if (store_explain_files(path, err) == 0 &&
	    spool_create(path, submit, err) == 0 &&
	    history_create(file, clock_wall(), err) == 0)
		rc = 0;
	if (rc == 0) {
		int root = fs_open_dir(AT_FDCWD, path, err);

		rc = root < 0 ? -1 : fs_sync(root, path, err);
		if (root >= 0)
			close(root);
	}
	free(file);
	return rc;
}

static int
check_history_mode(struct store *s, struct error *err)
{
	struct stat st;

	if (fstatat(s->spool.root, "history.db", &st,
	    AT_SYMLINK_NOFOLLOW) < 0)
		return store_explain_missing(s->path, err);
	if (st.st_size == 0) {		/* SQLite would make one of it */
		store_explain_history(s->spool.root, s->path, err);
		return -1;
	}
	s->history_at = (struct spool_identity){ st.st_dev, st.st_ino };
	if (s->writable && (st.st_mode & 07777) != 0660)
		return error_set(err, ERROR_STORE, "%s/history.db has mode "
			"%04o, must be 0660: chmod 0660 %s/history.db",
			s->path, (unsigned)st.st_mode & 07777, s->path);
	return 0;
}

/* May this process write the history? The reason if it may not. */
static bool
may_write(struct store *s)
{
	static const struct {
		const char *name;
		int how;
	} wanted[] = {
		{ "history.db", W_OK }, { "write.lock", W_OK },
		{ "failed", W_OK | X_OK },
	};

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		if (faccessat(s->spool.root, wanted[i].name, wanted[i].how,
		    AT_EACCESS) == 0)
			continue;
		store_explain_read_only(s->spool.root, s->path, wanted[i].name,
			s->read_only_why);
		return false;
	}
	return true;
}

static int
open_history(struct store *s, struct error *err)
{
	char *file = history_path(s->path);
	int rc = 0;

	/* Opening for writing may change the journal mode of a new one. */
	if (s->writable)
		rc = store_lock(s, err);
	if (rc == 0) {
		s->history = history_open(file, s->writable ? HISTORY_WRITE :
			HISTORY_READ, err);
		rc = s->history ? 0 : -1;
		if (rc < 0)
			store_explain_history(s->spool.root, s->path, err);
	}
	/* Opening made the WAL if there was none, and SQLite does not mind
	 * when its directory cannot be made durable: then the power would
	 * take every commit with it. */
	if (rc == 0 && s->writable && fs_sync(s->spool.root, s->path,
	    err) < 0) {
		store_mark_if_unknown(s, err);
		rc = -1;
	}
	if (rc < 0 && !s->writable && err->code == ERROR_STORE &&
	    faccessat(s->spool.root, "history.db-shm", F_OK, 0) < 0 &&
	    !strstr(err->text, "--rebuild"))
		error_prefix(err, "without permission to write the history "
			"can be read only once ccmqd has run (start it once)");
	if (s->writable && s->locked) {
		spool_write_holder(&s->spool, "");
		fs_unlock(s->spool.write_lock);
		sigprocmask(SIG_SETMASK, &s->old_mask, NULL);
		s->locked = false;
	}
	free(file);
	return rc;
}

static void
reset(struct store *s)
{
	memset(s, 0, sizeof *s);
	s->spool.root = -1;
	s->lock_limit_ms = 10 * CLOCK_SECOND;
	s->waiting_ms = CLOCK_SECOND;
}

/* Is history.db not there, with no other fault before that? */
static bool
is_missing(const char *path)
{
	char *file = history_path(path);
	struct stat st;
	bool missing = lstat(file, &st) < 0 && errno == ENOENT;

	free(file);
	return missing;
}

static int
open_store(struct store *s, const char *path, const char *submit,
	const char *program, enum store_mode mode, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_set(err, ERROR_STORE, "store %s: %s: make one "
			"with ccmq -s %s init, or name another with -s", path,
			strerror(errno), path);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, ERROR_STORE, "store %s is not a "
			"directory: name another with -s", path);
	if (access(path, R_OK | X_OK) < 0)
		return store_explain_closed(path, err);
	if (is_missing(path))
		return store_explain_missing(path, err);
	s->path = xstrdup(path);
	s->program = program;
	if (spool_open(&s->spool, path, submit, false, err) < 0) {
		store_close(s);
		return -1;
	}
	s->writable = mode != STORE_READ && may_write(s);
	if (mode == STORE_WRITE && !s->writable) {
		error_set(err, ERROR_READ_ONLY, "%s", s->read_only_why);
		store_close(s);
		return -1;
	}
	if (s->writable) {
		spool_close(&s->spool);
		if (spool_open(&s->spool, path, submit, true, err) < 0) {
			store_close(s);
			return -1;
		}
	}
	if (check_history_mode(s, err) < 0 || open_history(s, err) < 0) {
		store_close(s);
		return -1;
	}
	return 0;
}

int
store_open(struct store *s, const char *path, const char *submit,
	const char *program, enum store_mode mode, struct error *err)
{
	reset(s);
	return open_store(s, path, submit, program, mode, err);
}

int
store_open_daemon(struct store *s, const char *path, const char *submit,
	const char *program, bool (*waiting)(void *arg, const char *holder), void *arg,
	struct error *err)
{
	reset(s);
	s->lock_limit_ms = -1;
	s->waiting = waiting;
	s->waiting_arg = arg;
	s->log_events = s->daemon = true;
	if (open_store(s, path, submit, program, STORE_WRITE, err) < 0)
		return -1;
	if (spool_check_submit(&s->spool, err) == 0)
		return 0;
	store_close(s);
	return -1;
}

static void
drop_log_lines(struct store *s)
{
	for (size_t i = 0; i < s->log_count; i++)
		free(s->log_lines[i]);
	s->log_count = 0;
}

void
store_close(struct store *s)
{
	assert(!s->in_transaction);
	history_close(s->history);
	if (s->path)
		spool_close(&s->spool);
	drop_log_lines(s);
	free(s->log_lines);
	charset_free(s->charset);
	free(s->their_submit);
	free(s->their_import);
	free(s->path);
	reset(s);
}

static bool
still_waiting(void *arg)
{
	struct store *s = arg;
	char holder[64];

	if (!s->waiting || clock_mono_ms() - s->waited_at < s->waiting_ms)
		return true;
	s->waited_at = clock_mono_ms();
	spool_read_holder(&s->spool, holder);
	return s->waiting(s->waiting_arg, *holder ? holder : "somebody");
}

static int
lock_failed(struct store *s, int rc, struct error *err)
{
	char holder[64];

	sigprocmask(SIG_SETMASK, &s->old_mask, NULL);
	if (rc < 0)
		return error_prefix(err, "lock %s", s->path);
	if (rc == 2)
		return error_set(err, ERROR_STOPPED,
			"stopped while waiting for the store");
	spool_read_holder(&s->spool, holder);
	return error_set(err, ERROR_BUSY, "the store is being written by %s "
		"for %d s: try again", *holder ? holder : "somebody",
		(int)(s->lock_limit_ms / 1000));
}

int
store_lock(struct store *s, struct error *err)
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGHUP,
	};
	char who[64];
	sigset_t set;
	int rc;

	assert(s->writable);
	if (s->locked)
		return 0;
	/* A wait can be given up; only holding may not be interrupted. */
	sigprocmask(SIG_SETMASK, NULL, &s->old_mask);
	s->waited_at = clock_mono_ms();
	rc = fs_lock(s->spool.write_lock, s->lock_limit_ms, still_waiting, s,
		err);
	if (rc != 0)
		return lock_failed(s, rc, err);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, &s->old_mask);
	s->locked = true;
	s->verified = false;
	snprintf(who, sizeof who, "%s %d", s->program, (int)getpid());
	spool_write_holder(&s->spool, who);
	return 0;
}

/* Is the WAL the one that was there when it was first looked at? It stays as
 * long as somebody has the history open. */
static bool
look_at_wal(struct store *s)
{
	struct stat st;
	bool there = fstatat(s->spool.root, "history.db-wal", &st,
		AT_SYMLINK_NOFOLLOW) == 0;

	if (there && !s->wal_at.inode)
		s->wal_at = (struct spool_identity){ st.st_dev, st.st_ino };
	return !s->wal_at.inode || (there && st.st_ino == s->wal_at.inode &&
		st.st_dev == s->wal_at.device);
}

/* Is history.db still the one that is open? */
static int
verify_history(struct store *s, struct error *err)
{
	struct stat st;

	if (fstatat(s->spool.root, "history.db", &st,
	    AT_SYMLINK_NOFOLLOW) < 0 ||
	    st.st_ino != s->history_at.inode ||
	    st.st_dev != s->history_at.device)
		return error_set(err, ERROR_REPLACED, "%s/history.db was "
			"replaced or taken away: nothing is written into the "
			"old one", s->path);
	return look_at_wal(s) ? 0 : error_set(err, ERROR_REPLACED,
		"%s/history.db-wal was replaced or taken away: what is written "
		"into the old one would be lost", s->path);
}

int
store_is_there(struct store *s, struct error *err)
{
	return spool_is_there(&s->spool, err) < 0 ? -1 :
		verify_history(s, err);
}

/* The first transaction of a hold: the names, and what others left open. */
static int
begin_hold(struct store *s, struct error *err)
{
	struct store_moves moves = { 0 };

	s->verified = true;
	if (s->anew && store_event(s, EVENT_DIR_ANEW, 0, err, "%s/ was made "
	    "anew by somebody else; it is used from now on", s->anew) < 0)
		return -1;
	return s->daemon ? 0 : store_finish_moves(s, &moves, err);
}

static int
verify(struct store *s, struct error *err)
{
	const char *anew = "";

	if (verify_history(s, err) < 0 ||
	    spool_verify(&s->spool, &anew, err) < 0)
		return -1;
	/* Until it is committed: some only begin, and end. */
	if (*anew)
		s->anew = anew;
	return 0;
}

int
store_begin(struct store *s, struct error *err)
{
	assert(!s->in_transaction);
	if (store_lock(s, err) < 0 || (!s->verified && verify(s, err) < 0) ||
	    history_begin(s->history, err) < 0)
		return -1;
	s->in_transaction = true;
	return s->verified ? 0 : begin_hold(s, err);
}

int
store_look_at_names(struct store *s, struct error *err)
{
	int rc = verify(s, err);

	if (rc < 0 || !s->anew || !s->writable)
		return rc;
	rc = store_begin(s, err) < 0 ? -1 : store_commit(s, err);
	store_end(s);
	return rc;
}

int
store_commit(struct store *s, struct error *err)
{
	assert(s->in_transaction);
	s->in_transaction = false;
	if (history_commit(s->history, err) < 0) {
		store_mark_if_unknown(s, err);
		drop_log_lines(s);
		s->highest = 0;
		return -1;
	}
	s->anew = NULL;
	if (s->highest) {
		spool_write_committed(&s->spool, s->highest);
		s->committed = s->highest;
	}
	s->highest = 0;
	spool_ring(&s->spool);
	log_hold();
	for (size_t i = 0; i < s->log_count; i++)
		log_line(s->log_lines[i][0] == 'I' ? LOG_LEVEL_INFO :
			s->log_lines[i][0] == 'W' ? LOG_LEVEL_WARNING :
			LOG_LEVEL_ERROR, "%s", s->log_lines[i] + 1);
	log_release();
	drop_log_lines(s);
	return 0;
}

void
store_end(struct store *s)
{
	struct error ignored;

	if (s->in_transaction) {
		history_rollback(s->history);
		s->in_transaction = false;
		s->highest = 0;
		drop_log_lines(s);
	}
	if (!s->locked)
		return;
	/* A checkpoint that fails leaves a longer WAL, and no more. What
	 * counts is what is used of the file, which never shrinks: or each
	 * commit would be followed by a checkpoint once it has grown. */
	if (s->history &&
	    history_wal_bytes(s->history) > WAL_CHECKPOINT_BYTES)
		history_checkpoint(s->history, &ignored);
	spool_write_holder(&s->spool, "");
	fs_unlock(s->spool.write_lock);
	s->locked = false;
	sigprocmask(SIG_SETMASK, &s->old_mask, NULL);
}

void
store_use_mail(struct store *s, const char *code_page,
	enum ccmail_date_order date_order)
{
	charset_free(s->charset);
	s->charset = NULL;
	snprintf(s->code_page, sizeof s->code_page, "%s", code_page);
	s->date_order = date_order;
}

void
store_use_theirs(struct store *s, const char *submit, const char *import)
{
	xstrset(&s->their_submit, *submit ? submit : NULL);
	xstrset(&s->their_import, *submit ? import : NULL);
}

int
store_upgrade(struct store *s, struct error *err)
{
	int64_t bytes = 0, inodes;
	int rc = store_lock(s, err);

	if (rc == 0)
		rc = fs_free(s->spool.root, &bytes, &inodes, err);
	if (rc == 0)
		rc = history_upgrade(s->history, bytes, err);
	store_end(s);
	return rc;
}

void
store_give_way(void)
{
	struct timespec pause = { 0, 1000000 };

	nanosleep(&pause, NULL);
}
