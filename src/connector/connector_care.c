/* SPDX-License-Identifier: ISC */
/*
 * connector_care: the disk, the .und file's rotation, retention, and what
 * else is looked at now and then. See connector.h.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/notify.h"
#include "history/event.h"
#include "history/history_at.h"
#include "store/follower.h"
#include "store/policy.h"
#include "store/status_at.h"
#include "base/text.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CARE_MS (60 * CLOCK_SECOND)
#define RETENTION_STEP 200		/* messages a turn */
#define CLOCK_JUMP_MS CLOCK_HOUR
#define NEWEST_STEP_MS (10 * CLOCK_MINUTE)
#define SIGN_MS (20 * CLOCK_SECOND)	/* of life, if no scan gives one */

static int
write_disk_low(struct connector *c, bool low, int64_t bytes,
	int64_t inodes, struct error *err)
{
	struct history_connector row = { 0 };
	char have[TEXT_NUMBER_MAX], least[TEXT_NUMBER_MAX], words[160];
	bool by_inodes = low && bytes >= c->settings.disk_min_free_bytes;
	int rc = -1;

	text_size(have, (uint64_t)bytes);
	text_size(least, (uint64_t)c->settings.disk_min_free_bytes);
	if (by_inodes)
		snprintf(words, sizeof words, "%" PRId64 " free inodes, %d "
			"are wanted (%s of space are free): nothing is taken "
			"in, no attempt starts", inodes, POLICY_MIN_INODES,
			have);
	else
		snprintf(words, sizeof words, low ? "%s free, disk.min_free "
			"is %s: nothing is taken in, no attempt starts" :
			"%s free, over one and a half times disk.min_free "
			"(%s): going on", have, least);
	if (store_begin(&c->store, err) == 0 &&
	    history_connector_get(c->store.history, &row, err) == 0) {
		row.disk_low = low;
		if (history_connector_put(c->store.history, &row, err) == 0 &&
		    store_event(&c->store, low ? EVENT_DISK_LOW :
			    EVENT_DISK_OK, 0, err, "%s", words) == 0)
			rc = store_commit(&c->store, err);
	}
	store_end(&c->store);
	history_connector_release(&row);
	return rc;
}

/* Room that came for what waits for it is news: who frees a disk rings no
 * bell. 0 or -1. */
static int
look_at_room(struct connector *c, int64_t room, struct error *err)
{
	int64_t least = 0;
	int waits = history_too_large_least(c->store.history, &least, err);
	bool fits = waits > 0 && least <= room;

	c->wake = c->wake || (fits && !c->large_fits);
	c->large_fits = fits;
	return waits < 0 ? -1 : 0;
}

/* What is true does not wait for being written down. 0 or -1. */
static int
see_disk(struct connector *c, int64_t *bytes, int64_t *inodes,
	struct error *err)
{
	int64_t least = c->settings.disk_min_free_bytes;
	bool low;

	if (fs_free(c->store.spool.root, bytes, inodes, err) < 0)
		return -1;
	low = *bytes < (c->disk_low ? least + least / 2 : least) ||
		(*inodes >= 0 && *inodes < POLICY_MIN_INODES);
	c->wake = c->wake || low != c->disk_low;
	c->disk_low = low;
	status_word_set_disk(&c->word, low);
	return 0;
}

/* A row about what anybody can see: where it cannot be written, the next look
 * tries again. But nothing begins where it is not known what a write left on
 * disk. 0 or -1. */
static int
is_true_without(struct connector *c, const struct error *err)
{
	return err->code == ERROR_REPLACED ||
		store_mark_if_unknown(&c->store, err) ? -1 : 0;
}

int
connector_look_at_disk(struct connector *c, struct error *err)
{
	int64_t bytes, inodes;

	if (see_disk(c, &bytes, &inodes, err) < 0 || look_at_room(c,
		    bytes - c->settings.disk_min_free_bytes, err) < 0)
		return -1;
	c->disk_mono_ms = clock_mono_ms() + CLOCK_SECOND;
	if (llabs(clock_wall() - c->word.w.sign_at) >= SIGN_MS)
		status_word_set_sign(&c->word);
	if (c->disk_low == c->disk_written)
		return 0;
	if (write_disk_low(c, c->disk_low, bytes, inodes, err) < 0)
		return is_true_without(c, err);
	c->disk_written = c->disk_low;
	return 0;
}

void
connector_show_life(struct connector *c)
{
	int64_t bytes, inodes;
	struct error ignored;

	(void)see_disk(c, &bytes, &inodes, &ignored);
	status_word_set_sign(&c->word);
}

void
connector_guard(struct connector *c)
{
	int64_t bytes, inodes;
	struct error err;

	if (!connector_any_busy(c) ||
	    fs_free(c->store.spool.root, &bytes, &inodes, &err) < 0 ||
	    bytes >= c->settings.disk_min_free_bytes / 2)
		return;
	for (int i = 0; i < c->lane_count; i++)
		if (!c->lanes[i].stop &&
		    lane_count_in(&c->lanes[i], HAND_RUNNING) > 0)
			lane_stop(c, &c->lanes[i], STOP_DISK);
}

/* Retention for one message whose file may go. 1 did one, 0 none, -1. */
static int
expire_one(struct connector *c, enum state state, int64_t before,
	struct error *err)
{
	struct history_message m;
	int rc = history_next_expired(c->store.history, state, before, &m,
		err);

	if (rc <= 0)
		return rc;
	if (state == STATE_IMPORTED) {
		m.kept = false;
		store_note_move(&m, SPOOL_IMPORTED, SPOOL_NOWHERE);
	} else {
		m.state = STATE_REMOVED;
		m.since = clock_wall();
		m.changed_by = 0;
		free(m.action_reason);
		m.action_reason = xstrdup("retention (keep.trash)");
		store_note_move(&m, SPOOL_TRASH, SPOOL_NOWHERE);
	}
	rc = history_message_update(c->store.history, &m, state, err);
	if (rc < 0) {
		history_message_release(&m);
		return -1;
	}
	connector_note_move(c, &m);
	history_message_release(&m);
	return 1;
}

static int
distrust(struct connector *c, struct error *err)
{
	c->retention_wait_ms = CLOCK_DAY;
	if (store_begin(&c->store, err) < 0 ||
	    store_event(&c->store, EVENT_CLOCK, 0, err, "the clock was set by "
		    "more than an hour: nothing old is thrown away before "
		    "ccmqd has run for a day") < 0)
		return -1;
	return store_commit(&c->store, err);
}

/*
 * Nothing is thrown away for a day after the wall clock left the monotonic one,
 * or the newest row, in either direction: a flat battery must not empty the
 * trash. The day is running time, kept over restarts, and not begun anew while
 * one is counted: a host that sleeps each night retires its mail all the same.
 */
int
connector_look_at_clock(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	int64_t now = clock_wall(), mono = clock_mono_ms();
	int64_t moved = now - mono - c->clock_offset, away;
	int rc = 0;

	if (history_connector_get(c->store.history, &row, err) < 0)
		return -1;
	away = row.newest_at ? now - row.newest_at : 0;
	history_connector_release(&row);
	c->retention_wait_ms -= mono - c->retention_mono_ms;
	c->retention_mono_ms = mono;
	if (c->retention_wait_ms < 0)
		c->retention_wait_ms = 0;
	c->clock_offset = now - mono;
	c->wake = c->wake || llabs(moved) > CLOCK_MINUTE;  /* what is due? */
	if (c->retention_wait_ms == 0 && (llabs(moved) > CLOCK_JUMP_MS ||
	    llabs(away) > CLOCK_JUMP_MS))
		rc = distrust(c, err);
	store_end(&c->store);
	return rc;
}

/* Retention's turn, for what hears of lost followers. */
struct turn {
	struct connector *c;
	struct error *err;
	int n;				/* written, or -1 */
};

static void
note_lost(void *arg, const char *name, int64_t txn)
{
	struct turn *t = arg;

	if (t->n >= 0)
		t->n = store_event(&t->c->store, EVENT_FOLLOWER, 0, t->err,
			"%s was told nothing after transaction %" PRId64 ", "
			"and retention has waited for it as long as "
			"archive.keep says: what goes now it will miss", name,
			txn) < 0 ? -1 : t->n + 1;
}

/* Of the history, what its followers have been told. Number, or -1. */
static int
forget_some(struct connector *c, int most, struct error *err)
{
	struct turn t = { .c = c, .err = err };
	int64_t before = followers_before(&c->store, clock_wall() -
		c->settings.keep_history_ms, c->settings.archive_keep_ms,
		note_lost, &t);
	int n = t.n < 0 ? -1 : history_forget_messages(c->store.history,
		before, most, err), rest = 0;

	if (n >= 0 && n < most)
		rest = history_forget_rest(c->store.history, before,
			RETENTION_STEP, err);
	return n < 0 || rest < 0 ? -1 : t.n + n + rest;
}

static int
expire_some(struct connector *c, struct error *err)
{
	const struct settings *k = &c->settings;
	int64_t now = clock_wall();
	int n = 0, rc = 0;

	if (store_begin(&c->store, err) < 0)
		return -1;
	while (n < RETENTION_STEP && (rc = expire_one(c, STATE_IMPORTED,
	    now - k->keep_imported_ms, err)) > 0)
		n++;
	while (rc >= 0 && n < RETENTION_STEP && (rc = expire_one(c,
	    STATE_PURGED, now - k->keep_trash_ms, err)) > 0)
		n++;
	if (rc >= 0 && n < RETENTION_STEP) {
		rc = forget_some(c, RETENTION_STEP - n, err);
		n += rc > 0 ? rc : 0;
	}
	if (rc < 0)
		return -1;
	if (n > 0 && store_commit(&c->store, err) < 0)
		return -1;
	return n;
}

/* Rotated .und files that are older than keep.und. */
static int
expire_und(struct connector *c, struct error *err)
{
	int64_t after = 0, before = clock_wall() - c->settings.keep_und_ms;
	struct history_und_file f;
	bool any = false;
	char *path;
	int rc;

	if (store_begin(&c->store, err) < 0)
		return -1;
	while ((rc = history_und_next(c->store.history, after, &f, err)) > 0) {
		after = f.id;
		if (f.number == 0 || f.rotated_at >= before ||
		    f.lane > c->lane_count)
			continue;
		path = xasprintf("%s.%" PRId64, c->lanes[f.lane - 1].und_path,
			f.number);
		rc = fs_remove(AT_FDCWD, path, err);
		free(path);
		if (rc < 0 || history_und_remove(c->store.history, f.id,
		    err) < 0)
			return -1;
		any = true;
	}
	return rc < 0 ? -1 : any ? store_commit(&c->store, err) : 0;
}

/* A copy of ours: by its own name, or m<id>/ of a worker. */
static bool
is_in_hand(const struct lane *lane, const char *name)
{
	if (name[0] == 'm' && strspn(name + 1, "0123456789") ==
	    strlen(name + 1))
		return true;
	for (int i = 0; i < lane->count; i++)
		if (strcmp(name, lane->hand[i]->message.name) == 0)
			return true;
	return false;
}

/* What lies in import/ and is not ours: counted, never touched. One of them is
 * named. */
static int64_t
count_foreign(struct connector *c, char shown[200])
{
	struct error err;
	int64_t n = 0;
	const struct dirent *d;
	const char *und = strrchr(c->lanes[0].und_path, '/');
	DIR *dir = fs_open_names(c->store.spool.dirs[SPOOL_IMPORT], ".", &err);

	und = und ? und + 1 : c->lanes[0].und_path;
	if (!dir)
		return 0;
	while (n < 10000 && fs_next(dir, &d, &err) > 0) {
		const char *name = d->d_name;

		if (name[0] == '.' || strncmp(name, und, strlen(und)) == 0 ||
		    (strspn(name, "0123456789") == strlen(name)))
			continue;
		if (is_in_hand(&c->lanes[0], name))
			continue;
		if (n++ == 0)
			text_printable(shown, 200, name, strlen(name));
	}
	closedir(dir);
	return n;
}

static int
note_foreign(struct connector *c, int64_t n, const char *shown,
	struct error *err)
{
	char more[TEXT_NUMBER_MAX + 12] = "";

	if (n > 1)
		snprintf(more, sizeof more, " and %" PRId64 " more", n - 1);
	return store_event(&c->store, EVENT_FOREIGN, 0, err, "import/%s%s: "
		"not the connector's, left by the import program?", shown,
		more);
}

static int
write_care(struct connector *c, struct error *err)
{
	struct history_connector row = { 0 };
	char shown[200] = "";
	int64_t foreign = count_foreign(c, shown), now = clock_wall();
	int capped, rc = -1;
	bool news;

	if (store_begin(&c->store, err) < 0 ||
	    history_connector_get(c->store.history, &row, err) < 0)
		return -1;
	capped = history_cap_due(c->store.history, now,
		now + c->settings.backoff_cap_ms, err);
	rc = capped < 0 ? -1 : 0;
	if (rc == 0 && foreign > 0 && row.foreign_files == 0)
		rc = note_foreign(c, foreign, shown, err);
	/* An idle store is not written to each minute. */
	news = capped > 0 || row.foreign_files != foreign ||
		llabs(now - row.newest_at) > NEWEST_STEP_MS;
	row.foreign_files = foreign;
	row.newest_at = now;
	row.retention_wait_ms = c->retention_wait_ms;
	if (rc == 0 && news)
		rc = history_connector_put(c->store.history, &row, err);
	if (rc == 0 && news)
		rc = store_commit(&c->store, err);
	history_connector_release(&row);
	return rc;
}

/* One lane's file, when it is due: nothing begins before it is done, and it
 * is done when nothing runs. 0 or -1. */
static int
rotate_lane(struct connector *c, struct lane *lane, bool asked,
	struct error *err)
{
	struct stat st;

	if (!lane->rotate && (asked || (stat(lane->und_path, &st) == 0 &&
	    st.st_size >= c->settings.und_rotate_bytes)))
		lane->rotate = true;
	if (!lane->rotate)
		return 0;
	worker_renew(lane);
	if (lane_is_occupied(lane) || lane->started)
		return 0;
	if (und_account_rotate(&c->store, lane->number, lane->und_path,
	    err) < 0)
		return -1;
	lane->rotate = false;
	c->wake = true;
	return 0;
}

static int
end_request(struct connector *c, struct history_action *a, struct error *err)
{
	int rc = -1;

	a->ended_at = clock_wall();
	a->done = 1;
	if (store_begin(&c->store, err) == 0 &&
	    history_action_end(c->store.history, a, err) == 0)
		rc = store_commit(&c->store, err);
	store_end(&c->store);
	c->rotate_asked = 0;
	return rc;
}

int
connector_rotate(struct connector *c, struct error *err)
{
	struct history_action a;
	int asked = history_action_pending(c->store.history, "rotate", &a,
		err);
	bool anew = asked > 0 && c->rotate_asked != a.id, open = false;
	int rc = asked < 0 ? -1 : 0;

	if (asked > 0)
		c->rotate_asked = a.id;
	for (int i = 0; rc == 0 && i < c->lane_count; i++) {
		rc = rotate_lane(c, &c->lanes[i], anew, err);
		open = open || c->lanes[i].rotate;
	}
	if (rc == 0 && asked > 0 && !open)
		rc = end_request(c, &a, err);
	if (asked > 0)
		history_action_release(&a);
	return rc;
}

/* Whether the verdict is another one than the event before says; where there
 * is none, all was well. 1, 0, -1. */
static int
is_news(struct connector *c, const struct verdict *v, struct error *err)
{
	struct verdict was = { .kind = VERDICT_OK };
	struct history_event e;
	int rc = history_at_event(c->store.history, EVENT_VERDICT,
		clock_wall(), &e, err);

	if (rc > 0) {
		status_read_verdict(e.text, &was);
		history_event_release(&e);
	}
	return rc < 0 ? -1 : was.kind != v->kind;
}

/* A verdict that begins or ends is an event. */
static int
note_verdict(struct connector *c, struct error *err)
{
	struct status st;
	int rc;

	if (status_collect(&st, &c->store, &c->settings, clock_wall(), err) <
	    0)
		return -1;
	notify_status(st.verdict.text);
	rc = is_news(c, &st.verdict, err);
	if (rc > 0)
		rc = store_begin(&c->store, err) < 0 ||
			store_event(&c->store, EVENT_VERDICT, 0, err, "%s: %s",
				verdict_word(st.verdict.kind),
				st.verdict.text) < 0 ||
			store_commit(&c->store, err) < 0 ? -1 : 0;
	store_end(&c->store);
	status_release(&st);
	return rc < 0 ? is_true_without(c, err) : 0;
}

int
connector_care(struct connector *c, struct error *err)
{
	int64_t now = clock_mono_ms();
	int rc, n = 0;

	rc = connector_look_at_clock(c, err);
	if (rc == 0 && c->retention_wait_ms == 0) {
		n = expire_some(c, err);
		store_end(&c->store);
		rc = n < 0 ? -1 : expire_und(c, err);
		store_end(&c->store);
	}
	if (rc < 0)
		return -1;
	c->care_mono_ms = n >= RETENTION_STEP ? now : now + CARE_MS;
	rc = write_care(c, err);
	if (now >= c->seal_mono_ms)
		connector_tell_seal(c);
	store_end(&c->store);
	return rc < 0 ? -1 : note_verdict(c, err);
}
