/*
 * connector_attempt: from a message that is due to what came of it. See
 * connector.h.
 *
 * One write transaction carries the ends of some attempts and the beginnings
 * of the next; programs start after it is committed.
 */
#include "connector_private.h"
#include "clock.h"
#include "fsutil.h"
#include "log.h"
#include "operations.h"
#include "text.h"
#include "und_account.h"
#include "xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define SETTLE_MOVES 64		/* one fsync serves so many */
#define SETTLE_MS 200
#define MOVES_MAX 10000
#define LOST_MAX 10
#define TOO_LARGE_WAIT_MS CLOCK_MINUTE

/* Runs something, or will after this transaction. */
static bool
is_occupied(const struct lane *lane)
{
	return lane->next.set || (lane->busy && !lane->written);
}

bool
connector_any_busy(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++)
		if (is_occupied(&c->lanes[i]))
			return true;
	return false;
}

void
connector_add_move(struct connector *c, struct history_message *m)
{
	if (!m->move_to) {
		history_message_release(m);
		return;
	}
	if (c->move_count == 0)
		c->settle_mono_ms = clock_mono_ms() + SETTLE_MS;
	xgrow(&c->moves, &c->move_cap, c->move_count + 1, sizeof *c->moves,
		MOVES_MAX);
	c->moves[c->move_count++] = *m;
	memset(m, 0, sizeof *m);
}

/* Somebody else may have finished it, and begun another. */
static bool
still_open(const struct history_message *now, const struct history_message *m)
{
	return now->move_to && strcmp(now->move_to, m->move_to) == 0 &&
		strcmp(now->move_from, m->move_from) == 0;
}

int
connector_carry_out(struct connector *c, bool all, struct error *err)
{
	for (size_t i = 0; i < c->move_count; i++) {
		struct history_message now;
		int rc = history_message_get(c->store.history, c->moves[i].id,
			&now, err);

		if (rc > 0 && still_open(&now, &c->moves[i]))
			rc = store_finish_move(&c->store, &now, err);
		if (rc >= 0 && now.state == STATE_LOST)
			c->lost_in_row++;
		history_message_release(&now);
		if (rc < 0)
			return -1;
	}
	for (size_t i = 0; i < c->move_count; i++)
		history_message_release(&c->moves[i]);
	c->move_count = 0;
	if (!all && store_unsettled(&c->store) < SETTLE_MOVES &&
	    clock_mono_ms() < c->settle_mono_ms)
		return 0;
	return store_settle(&c->store, err);
}

/* --- the end ----------------------------------------------------------- */

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
		take_result(lane);
		remove_copy(lane);
	}
}

static int
mark_lost(struct connector *c, struct lane *lane, struct history_message *m,
	struct error *err)
{
	struct history_attempt *a = &lane->attempt;

	free(a->class);
	a->class = xstrdup(class_word(CLASS_INTERRUPTED));
	free(a->reason);
	a->reason = xstrdup("its file disappeared");
	m->state = STATE_LOST;
	m->since = a->ended_at;
	c->lost_in_row++;
	if (history_attempt_end(c->store.history, a, err) < 0 ||
	    history_message_update(c->store.history, m, STATE_IMPORTING,
		    err) < 0)
		return -1;
	return store_event(&c->store, EVENT_LOST, m->id, err, "%s disappeared "
		"from queue/", m->name);
}

static int
end_test(struct connector *c, struct lane *lane,
	const struct history_message *m, struct error *err)
{
	struct history_action a;
	int rc = history_action_get(c->store.history, lane->test_action, &a,
		err);

	if (rc <= 0)
		return rc;
	a.ended_at = clock_wall();
	a.done = m->state == STATE_IMPORTED;
	a.failed = !a.done;
	free(a.detail);
	a.detail = xasprintf("%" PRId64 " %s", m->id, m->class ? m->class :
		state_word(m->state));
	rc = history_action_end(c->store.history, &a, err);
	history_action_release(&a);
	return rc;
}

/* Writes down one lane's end; *m_out is the message as it is now. */
static int
end_one(struct connector *c, struct lane *lane, struct history_connector *row,
	struct history_message *m_out, struct error *err)
{
	struct history_message m;
	enum policy_note note = POLICY_NOTE_NOTHING;
	char reason[81] = "";
	int rc;

	rc = history_message_get(c->store.history, lane->attempt.message, &m,
		err);
	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_STORE,
			"message %" PRId64 " is not in the history any more",
			lane->attempt.message);
	if (lane->message.state == STATE_LOST) {
		rc = mark_lost(c, lane, &m, err);
	} else {
		c->lost_in_row = 0;
		rc = und_account_measure(&c->store, lane->number,
			lane->und_path, &lane->attempt, reason, err);
		lane->facts.und_reason = reason;
		lane->facts.partial = c->partial;
		if (rc == 0)
			rc = outcome_record(&c->store, &c->settings, row, &m,
				&lane->attempt, &lane->facts, &note, err);
	}
	if (rc == 0 && lane->test_action)
		rc = end_test(c, lane, &m, err);
	if (rc == 0 && lane->result.killed && lane->started)
		rc = store_event(&c->store, EVENT_SURVIVOR, m.id, err,
			"%d processes that the import of %s left running were "
			"killed%s", lane->result.killed, m.name,
			lane->result.alive ? "; some live on" : "");
	if (rc < 0) {
		history_message_release(&m);
		return -1;
	}
	*m_out = m;
	return 0;
}

static void
free_lane(struct lane *lane)
{
	history_message_release(&lane->message);
	history_attempt_release(&lane->attempt);
	lane->busy = lane->started = lane->ended = lane->written = false;
	lane->stop = STOP_NONE;
	lane->test_action = 0;
	lane->facts = (struct outcome_facts){ .und_reason = "" };
	lane->result.killed = 0;
}

/* --- the beginning ----------------------------------------------------- */

static const char *
why(const struct history_message *m, bool probe, bool test, char buf[96])
{
	if (test)
		return "test";
	if (probe)
		return "probe";
	if (m->attempts == 0)
		return "arrived";
	if (m->tries == 0 && m->retries) {
		snprintf(buf, 96, "retry %s", m->action_by ? m->action_by : "");
		return buf;
	}
	if (m->class && strcmp(m->class, "interrupted") == 0)
		return "after interruption";
	return "backoff";
}

static bool
was_interrupted(const struct history_message *m)
{
	return m->class && strcmp(m->class, "interrupted") == 0;
}

/* Something runs that must run alone, or this one must and others run. */
static bool
must_wait(const struct connector *c, const struct history_message *m)
{
	for (int i = 0; i < c->lane_count; i++) {
		const struct lane *lane = &c->lanes[i];

		if (is_occupied(lane) && (was_interrupted(m) ||
		    was_interrupted(lane->next.set ? &lane->next.message :
			    &lane->message)))
			return true;
	}
	return false;
}

static int
defer_too_large(struct connector *c, struct history_message *m,
	struct error *err)
{
	enum state was = m->state;

	m->state = STATE_DEFERRED;
	m->since = clock_wall();
	m->next_attempt_at = m->since + TOO_LARGE_WAIT_MS;
	if (history_message_update(c->store.history, m, was, err) < 0)
		return -1;
	if (was == STATE_DEFERRED)
		return 0;
	return store_event(&c->store, EVENT_TOO_LARGE, m->id, err, "%s waits: "
		"its %" PRId64 " bytes and disk.min_free are more than is "
		"free", m->name, m->size);
}

struct choice {
	bool probe;
	int64_t test_action;
};

/* The message to try next. 1, 0, -1. */
static int
choose(struct connector *c, const struct history_connector *row,
	const struct choice *choice, struct history_message *m,
	struct error *err)
{
	int64_t now = c->once_at ? c->once_at : clock_wall();
	int rc;

	if (choice->probe)
		return history_next_probe(c->store.history,
			row->probe_youngest, m, err);
	rc = history_next_due(c->store.history, now, m, err);
	if (rc == 0 && choice->test_action)
		rc = history_next_probe(c->store.history, false, m, err);
	return rc;
}

/* The same, passing over what the disk has no room for. */
static int
choose_fitting(struct connector *c, const struct history_connector *row,
	const struct choice *choice, struct history_message *m,
	struct error *err)
{
	int64_t bytes, inodes;
	int rc;

	if (fs_free(c->store.spool.root, &bytes, &inodes, err) < 0)
		return -1;
	for (int tries = 0; tries < 100; tries++) {
		rc = choose(c, row, choice, m, err);
		if (rc <= 0 || m->size <= bytes -
		    c->settings.disk_min_free_bytes)
			return rc;
		rc = defer_too_large(c, m, err);
		history_message_release(m);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
begin_one(struct connector *c, struct lane *lane, struct history_message *m,
	const struct choice *choice, struct error *err)
{
	enum state was = m->state;
	struct history_attempt *a = &lane->next.attempt;
	char buf[96];

	*a = (struct history_attempt){
		.message = m->id, .number = m->attempts + 1,
		.lane = lane->number, .started_at = clock_wall(),
		.ended_at = HISTORY_NO_TIME, .code = HISTORY_NO_CODE,
		.probe = choice->probe,
		.why = xstrdup(why(m, choice->probe, choice->test_action,
			buf)),
	};
	m->state = STATE_IMPORTING;
	m->since = a->started_at;
	m->attempts++;
	m->tries++;
	m->changed_by = 0;
	m->next_attempt_at = HISTORY_NO_TIME;
	if (history_attempt_begin(c->store.history, a, err) < 0 ||
	    history_message_update(c->store.history, m, was, err) < 0) {
		history_attempt_release(a);
		return -1;
	}
	lane->next.message = *m;
	lane->next.test_action = choice->test_action;
	lane->next.set = true;
	memset(m, 0, sizeof *m);
	return 1;
}

static bool
test_is_running(const struct connector *c)
{
	for (int i = 0; i < c->lane_count; i++) {
		const struct lane *lane = &c->lanes[i];

		if (lane->next.set ? lane->next.test_action :
		    lane->busy && !lane->written && lane->test_action)
			return true;
	}
	return false;
}

static int
refuse_test(struct connector *c, struct history_action *a, const char *words,
	struct error *err)
{
	a->ended_at = clock_wall();
	a->failed = 1;
	free(a->detail);
	a->detail = xstrdup(words);
	c->refused = true;
	return history_action_end(c->store.history, a, err);
}

/* May an attempt start, and as what? 1, 0, -1. */
static int
may_begin(struct connector *c, const struct history_connector *row,
	struct choice *choice, struct history_action *test, struct error *err)
{
	struct policy_breaker breaker;
	bool busy = connector_any_busy(c);
	int rc;

	memset(choice, 0, sizeof *choice);
	if (c->stopping)
		return 0;
	rc = test_is_running(c) ? 0 : history_action_pending(c->store.history,
		"test", test, err);
	if (rc < 0)
		return -1;
	if (rc > 0)
		choice->test_action = test->id;
	if (c->disk_low || row->needs_check ||
	    spool_check_needed(&c->store.spool))
		return rc ? refuse_test(c, test, c->disk_low ? "disk is low" :
			"a check is needed", err) : 0;
	outcome_breaker_get(row, &breaker);
	choice->probe = breaker.open;
	if (choice->test_action)
		return !(breaker.open && busy);
	if (row->hold || (breaker.open && (busy ||
	    !policy_breaker_wants_probe(&breaker, &c->settings,
		    clock_wall()))))
		return 0;
	return 1;
}

/* Begins an attempt in a free lane if there is one to begin. 1, 0, -1. */
static int
begin_in(struct connector *c, struct lane *lane,
	struct history_connector *row, struct error *err)
{
	struct history_action test = { 0 };
	struct history_message m = { 0 };
	struct choice choice;
	int rc = may_begin(c, row, &choice, &test, err);

	if (rc > 0)
		rc = choose_fitting(c, row, &choice, &m, err);
	if (rc == 0 && choice.test_action && !test.detail && !c->stopping &&
	    !connector_any_busy(c))
		rc = refuse_test(c, &test, "there is no message to test with",
			err);
	else if (rc > 0 && must_wait(c, &m))
		rc = 0;
	else if (rc > 0)
		rc = begin_one(c, lane, &m, &choice, err);
	if (rc > 0 && choice.probe) {
		/* No second one before this one's end. */
		row->probe_youngest = !row->probe_youngest;
	}
	history_action_release(&test);
	history_message_release(&m);
	return rc;
}

/* --- the transaction --------------------------------------------------- */

/* Holds and drains that are over. 1 changed, 0, -1. */
static int
look_at_hold(struct connector *c, struct history_connector *row,
	struct error *err)
{
	struct history_counts counts;
	int64_t now = clock_wall();

	if ((row->hold || row->drain) && !row->needs_check &&
	    row->hold_until != HISTORY_NO_TIME && row->hold_until <= now) {
		row->hold = row->drain = false;
		return store_event(&c->store, EVENT_RESUMED, 0, err,
			"the time of the hold by %s is over",
			row->hold_by ? row->hold_by : "somebody") < 0 ? -1 : 1;
	}
	if (!row->drain || connector_any_busy(c) || c->scan)
		return 0;
	if (history_counts(c->store.history, &counts, err) < 0)
		return -1;
	if (counts.n[STATE_QUEUED] || counts.n[STATE_IMPORTING])
		return 0;
	row->drain = false;
	row->hold = true;
	return store_event(&c->store, EVENT_DRAINED, 0, err,
		"the queue is empty: held") < 0 ? -1 : 1;
}

static int
hold_if_lost(struct connector *c, struct history_connector *row,
	struct error *err)
{
	if (c->lost_in_row < LOST_MAX || row->needs_check)
		return 0;
	return operations_hold_for_check(&c->store, row, "ten messages in a "
		"row had lost their files: run ccmq check", err);
}

/* Ends and beginnings. 1 something changed, 0, -1. */
static int
end_and_begin(struct connector *c, struct history_connector *row,
	struct history_message *ended, struct error *err)
{
	int changed = 0, rc;

	c->refused = false;
	for (int i = 0; i < c->lane_count; i++) {
		if (!c->lanes[i].ended)
			continue;
		if (end_one(c, &c->lanes[i], row, &ended[i], err) < 0)
			return -1;
		c->lanes[i].written = true;
		changed = 1;
	}
	rc = look_at_hold(c, row, err);
	if (rc < 0 || hold_if_lost(c, row, err) < 0)
		return -1;
	changed |= rc;
	for (int i = 0; i < c->lane_count; i++) {
		if (is_occupied(&c->lanes[i]) || c->lanes[i].blocked)
			continue;
		rc = begin_in(c, &c->lanes[i], row, err);
		if (rc < 0)
			return -1;
		changed |= rc;
	}
	return changed || c->refused;
}

static void
note_row(struct connector *c, const struct history_connector *row)
{
	c->probe_at = row->breaker_open && !row->hold ? row->probe_at :
		HISTORY_NO_TIME;
	c->hold_until = row->hold || row->drain ? row->hold_until :
		HISTORY_NO_TIME;
}

/* What is due and was not begun may not begin now (tripped, held, disk low,
 * nothing there): looking again at once would not change that. Whatever does
 * wakes the connector. */
static void
wait_for_news(struct connector *c)
{
	int64_t now = clock_wall();

	if (c->next_due_at <= now)
		c->next_due_at = HISTORY_NO_TIME;
	if (c->probe_at <= now)
		c->probe_at = HISTORY_NO_TIME;
}

static int
transaction(struct connector *c, struct history_message *ended,
	struct error *err)
{
	struct history_connector row = { 0 };
	bool settle = c->move_count > 0 || store_unsettled(&c->store) > 0;
	int changed = -1;

	if (store_begin(&c->store, err) < 0 ||
	    history_connector_get(c->store.history, &row, err) < 0)
		return -1;
	if (!settle || connector_carry_out(c, false, err) == 0)
		changed = end_and_begin(c, &row, ended, err);
	if (changed > 0 && c->last_error[0]) {
		free(row.last_error);
		row.last_error = NULL;
	}
	if (changed > 0 && history_connector_put(c->store.history, &row,
	    err) < 0)
		changed = -1;
	if (changed == 0 && !connector_any_busy(c) && settle &&
	    connector_carry_out(c, true, err) < 0)
		changed = -1;		/* nothing else to do: settle now */
	if (changed >= 0 && history_next_due_at(c->store.history,
	    &c->next_due_at, err) < 0)
		changed = -1;
	if (changed >= 0 && (changed > 0 || settle) &&
	    store_commit(&c->store, err) < 0)
		changed = -1;
	if (changed >= 0)
		note_row(c, &row);
	if (changed == 0)
		wait_for_news(c);
	history_connector_release(&row);
	return changed;
}

/* What the transaction said has come true. */
static void
adopt(struct connector *c, struct lane *lane, struct history_message *ended)
{
	if (lane->written) {
		if (ended->state != STATE_IMPORTED)
			c->once_failed++;
		connector_add_move(c, ended);
		free_lane(lane);
	}
	if (!lane->next.set)
		return;
	lane->message = lane->next.message;
	lane->attempt = lane->next.attempt;
	lane->test_action = lane->next.test_action;
	memset(&lane->next, 0, sizeof lane->next);
	lane->busy = true;
}

static void
forget(struct lane *lane, struct history_message *ended)
{
	lane->written = false;
	history_message_release(ended);
	history_message_release(&lane->next.message);
	history_attempt_release(&lane->next.attempt);
	lane->next.test_action = 0;
	lane->next.set = false;
}

int
connector_work(struct connector *c, struct error *err)
{
	struct history_message ended[CONNECTOR_LANES_MAX] = { { 0 } };
	int changed = transaction(c, ended, err);

	store_end(&c->store);
	for (int i = 0; i < c->lane_count; i++) {
		if (changed >= 0)
			adopt(c, &c->lanes[i], &ended[i]);
		else
			forget(&c->lanes[i], &ended[i]);
	}
	if (changed >= 0)
		c->last_error[0] = '\0';
	return changed;
}

/* --- the program ------------------------------------------------------- */

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
