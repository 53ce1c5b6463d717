/* SPDX-License-Identifier: ISC */
/* status_store: what is known of the connector and of the store it works on. See
 * status_private.h. */
#include "store/status_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "store/policy.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the connector ------------------------------------------------------ */

/* How the last one ended, or that the running one has not lost its history. */
static void
look_at_ends(struct status *st, struct store *s)
{
	struct verdict_facts *f = &st->facts;
	const struct status_word *w = &st->word;
	int64_t since = f->now - VERDICT_RESTARTS_MS;
	char why[STATUS_WORD_TEXT];
	struct stat info;

	for (int i = 0; i < STATUS_WORD_ENDS && w->bad_end_at[i] >= since &&
	    w->bad_end_at[i] > 0; i++) {
		f->bad_ends++;
		f->bad_ends_from = w->bad_end_at[i];
	}
	status_word_how_ended(s->spool.lock, w, why);
	if (!f->running && w->started_at && w->end != STATUS_WORD_ASKED) {
		f->bad_ends++;
		if (f->bad_ends == 1)
			f->bad_ends_from = f->stopped_at;
		f->bad_end_why = status_keep(st, why);
	} else {
		f->bad_end_why = status_keep(st, w->bad_end_why);
	}
	f->end_why = f->running ? NULL : status_keep(st, why);
	if (!f->running && w->end == STATUS_WORD_REPLACED)
		f->replaced_at = w->ended_at;
	if (f->running && w->history_inode && fstatat(s->spool.root,
	    "history.db", &info, 0) == 0 &&
	    (info.st_ino != w->history_inode ||
	     info.st_dev != w->history_device)) {
		f->replaced_running = true;
		f->replaced_at = info.st_ctim.tv_sec * INT64_C(1000);
	}
}

static void
look_at_end_of_last(struct status *st)
{
	struct verdict_facts *f = &st->facts;
	const struct status_word *w = &st->word;

	f->ended_unclean = w->started_at ? w->end != STATUS_WORD_ASKED :
		!st->row.clean_end;
	f->stopped_at = w->started_at ? w->end == STATUS_WORD_RUNS ?
		w->written_at : w->ended_at : st->row.clean_end ?
		status_known(st->row.ended_at) : status_known(st->last_sign_at);
}

int
status_look_at_connector(struct status *st, struct store *s,
	const struct settings *settings, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	char who[128];
	struct stat info;
	int held = spool_ask_lock(&s->spool, who, sizeof who, err);
	bool running = held > 0 && strncmp(who, "ccmqd ", 6) == 0, own;

	if (held < 0 || history_connector_get(s->history, &st->row, err) < 0)
		return -1;
	status_word_read(s->spool.lock, &st->word);
	/* ccmqd looks at itself: its own lock is not in its way. */
	own = held == 0 && st->row.pid == getpid() &&
		st->word.end == STATUS_WORD_RUNS && st->word.started_at;
	f->running = running = running || own;
	f->pid = st->pid = own ? getpid() : running ?
		strtoll(who + 6, NULL, 10) : 0;
	st->connector = !running ? STATUS_STOPPED :
		st->word.watches ? STATUS_WATCHES :
		st->row.breaker_open ? STATUS_TRIPPED :
		st->row.hold ? STATUS_HELD :
		st->row.drain ? STATUS_DRAINING : STATUS_RUNNING;
	f->scan_interval_ms = st->connector == STATUS_WATCHES ?
		settings->foreign_cycle_ms : settings->import_interval_ms;
	st->last_sign_at = st->word.sign_at ? st->word.sign_at :
		fstat(s->spool.lock, &info) == 0 ?
		info.st_mtim.tv_sec * INT64_C(1000) : HISTORY_NO_TIME;
	f->last_sign_at = status_known(st->last_sign_at);
	look_at_end_of_last(st);
	look_at_ends(st, s);
	return 0;
}

void
status_look_at_submit(struct status *st, struct store *s)
{
	const struct status_word *w = &st->word;
	struct verdict_facts *f = &st->facts;
	char *path = spool_submit_path(&s->spool);

	st->submit_path = status_keep(st, path);
	free(path);
	if (!f->running) {
		status_count_submit(st, s);
	} else if (w->started_at) {
		st->submit_waiting = w->submit_waiting;
		st->submit_ignored = w->submit_ignored;
		st->submit_oldest_at = w->submit_oldest_at ?
			w->submit_oldest_at : HISTORY_NO_TIME;
	} else {
		st->submit_waiting = st->row.submit_waiting;
		st->submit_ignored = st->row.submit_ignored;
		st->submit_oldest_at = st->row.submit_oldest_at;
	}
	f->submit_more = st->submit_more;
	f->submit_waiting = st->submit_waiting > 0 ?
		(uint64_t)st->submit_waiting : 0;
	if (st->submit_oldest_at != HISTORY_NO_TIME)
		f->submit_oldest_ms = f->now - st->submit_oldest_at;
}

/* Where a person's hold was there before, its reason is not that. */
static const char *
why_checked(const struct history_connector *row)
{
	const char *by = row->hold_by ? row->hold_by : "";

	return strcmp(by, STORE_CONNECTOR) == 0 ||
		strcmp(by, STORE_REBUILD) == 0 ? row->hold_reason : NULL;
}

void
status_look_at_hold(struct status *st, const struct store *s)
{
	const struct history_connector *row = &st->row;
	struct verdict_facts *f = &st->facts;
	bool marked = spool_check_needed(&s->spool);

	f->held = row->hold;
	f->draining = row->drain;
	f->hold_by = row->hold_by;
	f->hold_reason = row->hold_reason;
	f->hold_until = status_known(row->hold_until);
	f->needs_check = row->needs_check || marked;
	f->check_why = row->needs_check ? why_checked(row) :
		"it is not known what a failed write left on disk: run ccmq "
		"check";
}

/* --- the store ---------------------------------------------------------- */

/* The kernel makes it so when it finds the file system damaged, and not every
 * one says so when asked. Nobody of ours can write that down then. */
static bool
is_read_only(const struct store *s)
{
	int fd = openat(s->spool.root, "lock", O_WRONLY | O_CLOEXEC |
		O_NOFOLLOW);
	bool read_only = fd < 0 && errno == EROFS;

	if (fd >= 0)
		close(fd);
	return read_only;
}

/* The last write failed, and none came true since: not even, when ccmqd has
 * ended, one of somebody else. */
static void
look_at_error(struct status *st, struct store *s)
{
	const struct status_word *w = &st->word;
	struct verdict_facts *f = &st->facts;
	struct stat info;

	if (is_read_only(s)) {
		f->write_error = "the store's file system is read-only";
		return;
	}
	if (!w->started_at) {
		f->write_error = st->row.last_error;
		return;
	}
	if (!w->error_at || (!f->running && fstatat(s->spool.root,
	    "history.db-wal", &info, 0) == 0 &&
	    info.st_mtim.tv_sec * INT64_C(1000) > w->written_at))
		return;
	f->write_error = status_keep(st, w->error);
	f->write_error_at = w->error_at;
}

/* Who holds a read open, if the WAL has grown: the marks of its readers are
 * locks on history.db-shm, from byte 123 on (SQLite's WAL_READ_LOCK). */
static void
look_at_wal(struct status *st, struct store *s)
{
	struct verdict_facts *f = &st->facts;
	struct stat info;
	char name[32];

	if (fstatat(s->spool.root, "history.db-wal", &info, 0) == 0)
		st->wal_bytes = info.st_size;
	f->wal_bytes = (uint64_t)st->wal_bytes;
	if (f->wal_bytes <= VERDICT_WAL_BYTES ||
	    fstatat(s->spool.root, "history.db-shm", &info, 0) < 0)
		return;
	f->wal_pid = status_lock_holder("POSIX", "READ", info.st_ino, 123, 127,
		st->pid);
	status_process_name(f->wal_pid, name);
	f->wal_program = status_keep(st, name);
}

static void
look_at_und(struct status *st, struct store *s,
	const struct settings *settings)
{
	struct stat info;

	if (*settings->foreign_und) {
		if (stat(settings->foreign_und, &info) == 0)
			st->und_bytes = info.st_size;
		return;
	}
	for (int lane = 1; lane <= (int)settings->import_lanes; lane++) {
		char *und = und_account_lane_path(s->path, settings->und_path,
			lane, 0);

		if (stat(und, &info) == 0)
			st->und_bytes += info.st_size;
		free(und);
	}
}

/* Where its .und grows; the store's own disk, if that may not be looked at. It
 * has no least of its own, and no word of ours: it stands when nothing is left. */
static void
look_at_their_disk(struct status *st, const struct settings *settings)
{
	struct error ignored;
	int fd = fs_open_dir(AT_FDCWD, settings->foreign_import, &ignored);

	if (fd < 0)
		return;
	fs_free(fd, &st->disk_free, &st->disk_inodes, &ignored);
	fs_size(fd, &st->disk_size, &ignored);
	close(fd);
	if (st->facts.disk_min_bytes > (uint64_t)st->disk_size / 100)
		st->facts.disk_min_bytes = (uint64_t)st->disk_size / 100;
}

int
status_look_at_files(struct status *st, struct store *s,
	const struct settings *settings, struct error *err)
{
	struct verdict_facts *f = &st->facts;
	struct stat info;

	if (fs_free(s->spool.root, &st->disk_free, &st->disk_inodes, err) < 0 ||
	    fs_size(s->spool.root, &st->disk_size, err) < 0)
		return -1;
	f->disk_min_bytes = (uint64_t)settings->disk_min_free_bytes;
	if (st->connector == STATUS_WATCHES)
		look_at_their_disk(st, settings);
	f->disk_free_bytes = (uint64_t)st->disk_free;
	f->disk_inodes_low = st->disk_inodes >= 0 &&
		st->disk_inodes < POLICY_MIN_INODES;
	f->disk_told = f->running && st->word.started_at &&
		st->connector != STATUS_WATCHES;
	f->disk_low = f->running && (st->word.started_at ?
		st->word.disk_low : st->row.disk_low);
	look_at_error(st, s);
	look_at_wal(st, s);
	look_at_und(st, s, settings);
	if (f->running && f->now - f->last_sign_at > CLOCK_MINUTE &&
	    fstat(s->spool.write_lock, &info) == 0 &&
	    status_lock_holder("FLOCK", "WRITE", info.st_ino, 0, 0, st->pid)) {
		char holder[64];

		spool_read_holder(&s->spool, holder);
		f->lock_holder = status_keep(st, holder);
	}
	return 0;
}
