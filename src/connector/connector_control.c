/* SPDX-License-Identifier: ISC */
/*
 * connector_control: a message of our own, seen through in one attempt: is it
 * the importer, or the mail? See connector_private.h.
 *
 * Its row is that of a message that has no file and never had one (removed,
 * control = 1): it is in no queue, no count and no streak, and needs no
 * recovery. What the program gets is made where a copy would be made.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "mail/message_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
connector_control_due_at(const struct connector *c,
	const struct history_connector *row)
{
	int64_t every = c->settings.control_every_ms, last = row->started_at;

	if (every == 0 || row->hold || row->drain || row->breaker_open)
		return HISTORY_NO_TIME;
	last = later(last, row->last_import_at);
	return later(last, row->control_at) + every;
}

/* Nothing came through for that long. */
static bool
is_quiet(const struct connector *c, const struct history_connector *row)
{
	int64_t due = connector_control_due_at(c, row);

	return due != HISTORY_NO_TIME && clock_wall() >= due;
}

bool
connector_wants_control(struct connector *c,
	const struct history_connector *row, const struct history_action *test,
	bool probe)
{
	if (test && test->detail && strcmp(test->detail, "control") == 0)
		return true;
	if (!*c->settings.control_to || test)
		return false;
	return probe ? !row->control_passed : is_quiet(c, row);
}

int
connector_begin_control(struct connector *c, struct lane *lane,
	int64_t test_action, bool probe, struct error *err)
{
	struct in_hand *h = lane_add(lane);
	struct history_message *m = &h->message;
	struct history_attempt *a = &h->attempt;

	*m = (struct history_message){
		.name = xstrdup("control.ccm"),
		.true_name = xstrdup("control.ccm"), .true_name_len = 11,
		.state = STATE_REMOVED, .code = HISTORY_NO_CODE,
		.next_attempt_at = HISTORY_NO_TIME,
		.failed_at = HISTORY_NO_TIME, .date_at = HISTORY_NO_TIME,
		.received_at = clock_wall(), .since = clock_wall(),
		.attempts = 1, .tries = 1, .control = true,
		.subject = xstrdup("ccmq control message"),
		.to = xstrdup(c->settings.control_to),
		.action_reason = xstrdup("control message"),
	};
	h->control = h->solo = true;
	h->test_action = test_action;
	c->begun++;
	c->news = true;
	if (history_message_new_key(m, err) < 0 ||
	    store_add_message(&c->store, m, err) < 0)
		return -1;
	*a = (struct history_attempt){
		.message = m->id, .number = 1, .lane = lane->number,
		.started_at = clock_wall(), .ended_at = HISTORY_NO_TIME,
		.code = HISTORY_NO_CODE, .from_state = STATE_REMOVED,
		.from_since = m->since, .probe = probe,
		.why = xstrdup("control"),
	};
	return history_attempt_begin(c->store.history, a, err);
}

/* --- what the program gets ------------------------------------------------- */

static int
to_str(void *arg, const void *bytes, size_t len, struct error *err)
{
	(void)err;
	str_add_bytes(arg, bytes, len);
	return 0;
}

static struct message_bytes
bytes_of(const char *text)
{
	return (struct message_bytes){ text, strlen(text) };
}

static int
compose(struct connector *c, struct str *out, struct error *err)
{
	static const char words[] = "This message was made by ccmqd to see "
		"whether mail gets through.\r\n";
	struct message_memory memory = { words, sizeof words - 1 };
	struct message_source body = message_source_memory(&memory);
	struct message_out_item item = {
		.kind = MESSAGE_ITEM_TEXT, .title = bytes_of(""),
		.body = &body, .range = { 0, sizeof words - 1 },
	};
	char date[40];
	time_t now = (time_t)(clock_wall() / 1000);
	struct tm tm;
	struct message_out_header headers[4];
	struct message_out m = {
		.form = MESSAGE_COUNTED, .headers = headers,
		.header_count = 4, .items = &item, .item_count = 1,
	};

	localtime_r(&now, &tm);
	snprintf(date, sizeof date, "%d/%d/%02d %d:%02d", tm.tm_mon + 1,
		tm.tm_mday, tm.tm_year % 100, tm.tm_hour, tm.tm_min);
	headers[0] = (struct message_out_header){ "From",
		bytes_of(c->settings.control_to) };
	headers[1] = (struct message_out_header){ "Date", bytes_of(date) };
	headers[2] = (struct message_out_header){ "To",
		bytes_of(c->settings.control_to) };
	headers[3] = (struct message_out_header){ "Subject",
		bytes_of("ccmq control message") };
	return message_write(&m, to_str, out, err);
}

int
connector_write_control(struct connector *c, struct in_hand *h, int dirfd,
	struct stat *st_out, struct error *err)
{
	struct str text = STR_INIT;
	int fd = -1, rc = compose(c, &text, err);

	if (rc == 0) {
		fd = openat(dirfd, h->message.name, O_WRONLY | O_CREAT |
			O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0660);
		rc = fd < 0 ? error_sys(err, errno, "make the control "
			"message") : fs_write_all(fd, text.data, text.len,
			err);
	}
	if (rc == 0 && fstat(fd, st_out) < 0)
		rc = error_sys(err, errno, "look at the control message");
	if (fd >= 0)
		close(fd);
	str_release(&text);
	return rc;
}

/* --- what came of it ------------------------------------------------------- */

/* As a probe it spares real mail: only that closes the breaker. */
static void
judge_probe(struct connector *c, struct history_connector *row, bool passed)
{
	int64_t now = clock_wall();

	row->control_passed = passed;
	if (passed) {
		row->probe_at = now;
		return;
	}
	row->probe_delay_ms *= 2;
	if (row->probe_delay_ms > c->settings.breaker_probe_cap_ms)
		row->probe_delay_ms = c->settings.breaker_probe_cap_ms;
	row->probe_at = now + row->probe_delay_ms;
}

static void
end_words(const struct in_hand *h, char out[200])
{
	const struct outcome_facts *f = &h->facts;

	out[0] = '\0';
	if (f->words)
		snprintf(out, 200, "%.190s", f->words);
	else if (f->end == POLICY_END_TIMEOUT)
		snprintf(out, 200, "timed out");
	else if (f->end == POLICY_END_NOT_RUN)
		snprintf(out, 200, "the import program cannot be executed");
	else if (f->end == POLICY_END_SIGNAL)
		snprintf(out, 200, "ended by signal %d", f->signal);
	else if (f->end == POLICY_END_EXIT && result_code_meaning(f->code))
		snprintf(out, 200, "%s", result_code_meaning(f->code));
}

int
connector_end_control(struct connector *c, struct in_hand *h,
	struct history_connector *row, struct error *err)
{
	struct history_attempt *a = &h->attempt;
	enum outcome_class class = policy_class(&c->settings, h->facts.end,
		h->facts.code);
	bool passed = class == CLASS_IMPORTED;
	char words[200];

	end_words(h, words);
	xstrset(&a->class, class_word(class));
	a->code = h->facts.end == POLICY_END_EXIT ? h->facts.code :
		HISTORY_NO_CODE;
	a->signal = h->facts.end == POLICY_END_SIGNAL ? h->facts.signal : 0;
	xstrset(&a->reason, *words && !passed ? words : NULL);
	/* Ended on request it has told nothing. */
	if (class != CLASS_INTERRUPTED) {
		row->control_at = a->ended_at;
		xstrset(&row->control_class, a->class);
		xstrset(&row->control_words, a->reason);
		row->control_code = a->code;
		if (a->probe)
			judge_probe(c, row, passed);
	}
	if (history_attempt_end(c->store.history, a, err) < 0)
		return -1;
	h->after.state = passed ? STATE_IMPORTED : STATE_REMOVED;
	return store_event(&c->store, passed ? EVENT_CONTROL :
		EVENT_CONTROL_FAILED, h->message.id, err, "the control message "
		"%s%s%s", passed ? "passed" : class == CLASS_INTERRUPTED ?
		"was interrupted" : "failed", *words && !passed ? ": " : "",
		passed ? "" : words);
}
