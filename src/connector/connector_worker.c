/* SPDX-License-Identifier: ISC */
/*
 * connector_worker: a program that stays, reads one JSON object a line from its
 * standard input, and answers one a line (ccmqd(8) "WORKERS"). See
 * connector_private.h.
 *
 * What is asked is written as far as the pipe takes it; what is answered is
 * read as it comes. A worker that dies, is silent for import.timeout, or breaks
 * the contract (an answer that is none, twice, or for what it was not given) is
 * ended; what it had in hand is then one message, whose fault it was, or
 * several, of which nobody knows which: those come again one by one.
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RENEW_AFTER 10000		/* messages */
#define IDLE_MS CLOCK_MINUTE
#define FINISH_MS (10 * CLOCK_SECOND)	/* after its input was closed */
#define ANSWER_MAX (64 << 10)		/* bytes of a line */
#define READ_MAX (1 << 20)		/* bytes taken in one turn */

/* --- asking ----------------------------------------------------------------- */

static void
add_question(struct connector *c, struct lane *lane, struct in_hand *h)
{
	struct json_line *j = json_line_new();
	char *key = store_message_key(&c->store, &h->message);
	char *file = xasprintf("%s/m%" PRId64 "/%s", lane->dir,
		h->message.id, h->message.name);

	json_put_number(j, "id", h->message.id);
	json_put_text(j, "key", key);
	json_put_text(j, "file", file);
	json_put_text(j, "name", h->message.name);
	json_put_text(j, "und", lane->und_path);
	json_line_append(j, &lane->asks);
	free(file);
	free(key);
}

static int
start_worker(struct connector *c, struct lane *lane, struct error *err)
{
	struct importer_spec spec = {
		.argv = c->settings.import_program, .dir = lane->dir,
		.ccmq_id = "", .worker = true,
	};

	if (c->options.importer->start(lane->importer, &spec, err) < 0)
		return -1;
	lane->started = true;
	lane->renew = lane->finishing = lane->mute = false;
	lane->stop = STOP_NONE;
	lane->handed = 0;
	lane->nonsense[0] = '\0';
	str_clear(&lane->asks);
	str_clear(&lane->answers);
	lane->heard_mono_ms = clock_mono_ms();
	return 0;
}

/* Writes what the pipe takes. A worker that is gone is told by its end. */
static void
write_questions(struct connector *c, struct lane *lane)
{
	int fd = c->options.importer->ask_fd(lane->importer);
	ssize_t n;

	while (lane->asks.len > 0 && fd >= 0) {
		n = write(fd, lane->asks.data, lane->asks.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE)
			str_clear(&lane->asks);
		if (n <= 0)
			return;
		str_remove(&lane->asks, 0, (size_t)n);
	}
}

static void
hand_over(struct connector *c, struct lane *lane, struct in_hand *h)
{
	struct error err = ERROR_INIT;

	if (copy_make(c, lane, h, &err) < 0) {
		lane_could_not_start(h, &err);
		copy_remove(c, lane, h);
		return;
	}
	if (lane_count_in(lane, HAND_RUNNING) == 0)
		lane->heard_mono_ms = clock_mono_ms();
	add_question(c, lane, h);
	h->state = HAND_RUNNING;
	lane->handed++;
	lane->last_action = h->message.put_back_by;
}

void
worker_launch(struct connector *c, struct lane *lane)
{
	struct error err = ERROR_INIT;

	if (lane->blocked)
		return;
	if (lane_count_in(lane, HAND_RECORDED) > 0 && !lane->started &&
	    start_worker(c, lane, &err) < 0) {
		for (int i = 0; i < lane->count; i++)
			if (lane->hand[i]->state == HAND_RECORDED) {
				lane->hand[i]->facts.end = POLICY_END_NOT_RUN;
				lane_could_not_start(lane->hand[i], &err);
			}
		return;
	}
	for (int i = 0; i < lane->count; i++)
		if (lane->hand[i]->state == HAND_RECORDED)
			hand_over(c, lane, lane->hand[i]);
	if (lane->started)
		write_questions(c, lane);
}

/* --- its answers -------------------------------------------------------- */

static struct in_hand *
find(struct lane *lane, int64_t id)
{
	for (int i = 0; i < lane->count; i++)
		if (lane->hand[i]->message.id == id &&
		    lane->hand[i]->state >= HAND_RUNNING)
			return lane->hand[i];
	return NULL;
}

/* The members of an answer. 0, or -1 when it is none. */
static int
take_answer(struct lane *lane, const struct json_line *j, struct error *err)
{
	int64_t id, code, und[2] = { 0, 0 };
	const char *output = "";
	struct in_hand *h;

	if (json_get_number(j, "id", &id) <= 0 ||
	    json_get_number(j, "code", &code) <= 0 || code < 0 || code > 255 ||
	    json_get_text(j, "output", &output) < 0 ||
	    json_get_numbers(j, "und", und, 2) < 0)
		return error_set(err, ERROR_INVALID, "an answer needs a number "
			"id, a code from 0 to 255, and may have output and und");
	h = find(lane, id);
	if (!h)
		return error_set(err, ERROR_INVALID, "it answered for %" PRId64
			", which it was not given", id);
	if (h->state != HAND_RUNNING)
		return error_set(err, ERROR_INVALID, "it answered twice for %"
			PRId64, id);
	h->state = HAND_ENDED;
	h->facts.end = POLICY_END_EXIT;
	h->facts.code = (int)code;
	h->und_start = und[0];
	h->und_end = und[1];
	h->attempt.ended_at = clock_wall();
	h->attempt.output_len = strlen(output);
	if (h->attempt.output_len > IMPORTER_OUTPUT_MAX) {
		output += h->attempt.output_len - IMPORTER_OUTPUT_MAX;
		h->attempt.output_len = IMPORTER_OUTPUT_MAX;
	}
	h->attempt.output = xmemdup(output, h->attempt.output_len + 1);
	h->attempt.took_ms = clock_mono_ms() - lane->heard_mono_ms;
	return 0;
}

static void
understand(struct connector *c, struct lane *lane, const char *line,
	size_t len)
{
	struct error err = ERROR_INIT;
	struct json_line *j = json_line_read(line, len, &err);
	int64_t id = 0;

	if (!j || take_answer(lane, j, &err) < 0) {
		snprintf(lane->nonsense, sizeof lane->nonsense, "%.190s",
			err.text);
		lane_stop(c, lane, STOP_NONSENSE);
	} else {
		json_get_number(j, "id", &id);
		copy_remove(c, lane, find(lane, id));
		lane->heard_mono_ms = clock_mono_ms();
		c->wake = true;
	}
	json_line_free(j);
}

static void
understand_lines(struct connector *c, struct lane *lane)
{
	size_t at = 0;
	char *end;

	while (!lane->stop && (end = memchr(lane->answers.data + at, '\n',
	    lane->answers.len - at))) {
		size_t len = (size_t)(end - lane->answers.data) - at;

		if (len > 0)
			understand(c, lane, lane->answers.data + at, len);
		at += len + 1;
	}
	str_remove(&lane->answers, 0, at);
	if (at > 0)
		status_word_set_answer(&c->word);
	if (!lane->stop && lane->answers.len > ANSWER_MAX) {
		snprintf(lane->nonsense, sizeof lane->nonsense, "a line of its "
			"answers is longer than %d bytes", ANSWER_MAX);
		lane_stop(c, lane, STOP_NONSENSE);
	}
}

/* Reads what is there; what it says after it was stopped counts no more. */
static void
read_answers(struct connector *c, struct lane *lane)
{
	int fd = c->options.importer->answer_fd(lane->importer);
	char buf[16384];
	ssize_t n;

	for (size_t got = 0; fd >= 0 && got < READ_MAX; got += (size_t)n) {
		n = read(fd, buf, sizeof buf);
		/* It closed its output: nothing more will come, and poll
		 * would not wait. */
		if (n == 0) {
			lane->mute = true;
			worker_renew(lane);
		}
		if (n <= 0)
			return;
		if (lane->stop)
			continue;
		str_add_bytes(&lane->answers, buf, (size_t)n);
		understand_lines(c, lane);
	}
}

/* --- its end ------------------------------------------------------------ */

/* What the end of the worker says of a message that it had in hand. */
static void
judge(struct connector *c, struct lane *lane, struct in_hand *h, bool several)
{
	const struct importer_result *r = &lane->result;
	struct outcome_facts *f = &h->facts;

	f->end = POLICY_END_DIED;
	if (lane->stop == STOP_DISK) {
		f->end = POLICY_END_DISK;
	} else if (lane->stop == STOP_REQUEST) {
		f->end = POLICY_END_INTERRUPTED;
		f->on_request = true;
	} else if (r->end == IMPORTER_NOT_STARTED) {
		f->end = POLICY_END_NOT_RUN;
		f->not_run_errno = r->value;
	} else if (r->end == IMPORTER_EXITED && policy_class(&c->settings,
	    POLICY_END_EXIT, r->value) == CLASS_UNAVAILABLE && !lane->stop) {
		f->end = POLICY_END_EXIT;
		f->code = r->value;
	} else if (several) {
		f->end = POLICY_END_INTERRUPTED;
		f->several = true;
	} else if (lane->stop == STOP_SILENT) {
		f->end = POLICY_END_TIMEOUT;
	} else if (lane->stop == STOP_NONSENSE) {
		snprintf(h->words, sizeof h->words, "the worker broke its "
			"contract: %s", lane->nonsense);
		f->words = h->words;
	} else if (r->end == IMPORTER_SIGNALLED) {
		f->end = POLICY_END_SIGNAL;
		f->signal = r->value;
	} else {
		snprintf(h->words, sizeof h->words, "the worker ended with "
			"status %d and gave no answer", r->value);
		f->words = h->words;
	}
}

static void
end_hand(struct connector *c, struct lane *lane)
{
	bool several = lane_count_in(lane, HAND_RUNNING) > 1;

	for (int i = 0; i < lane->count; i++) {
		struct in_hand *h = lane->hand[i];

		if (h->state != HAND_RUNNING)
			continue;
		judge(c, lane, h, several);
		h->state = HAND_ENDED;
		h->attempt.ended_at = clock_wall();
		h->attempt.took_ms = clock_mono_ms() - lane->heard_mono_ms;
		h->attempt.output = xmemdup(lane->result.output,
			lane->result.output_len + 1);
		h->attempt.output_len = lane->result.output_len;
		copy_remove(c, lane, h);
	}
}

static void
worker_ended(struct connector *c, struct lane *lane)
{
	read_answers(c, lane);
	if (lane->stop == STOP_NONSENSE)
		log_line(LOG_LEVEL_ERROR, "lane %d: the worker broke its "
			"contract: %s", lane->number, lane->nonsense);
	end_hand(c, lane);
	lane->started = lane->finishing = lane->renew = false;
	lane->stop = STOP_NONE;
	str_clear(&lane->asks);
	str_clear(&lane->answers);
	if (lane_count_in(lane, HAND_RECORDED) == 0)
		copy_remove_all(lane);
	c->wake = true;
}

/* --- its life ----------------------------------------------------------- */

void
worker_renew(struct lane *lane)
{
	lane->renew = lane->started;
}

int
worker_room(const struct connector *c, const struct lane *lane)
{
	int batch = (int)c->settings.import_batch, had = lane_in_hand(lane);

	/* Four that it may work on together, so that its syncs serve all, and
	 * four that wait meanwhile. */
	if (lane->renew || lane->finishing || lane->stop || had > 4 * batch)
		return 0;
	return had > 0 ? 4 * batch : batch;
}

/* Nothing runs in it, and it is to end, or has been idle. */
static void
finish(struct connector *c, struct lane *lane)
{
	int64_t now = clock_mono_ms();

	if (lane->finishing || lane->stop ||
	    lane_count_in(lane, HAND_RUNNING) +
	    lane_count_in(lane, HAND_RECORDED) > 0)
		return;
	if (!lane->renew && lane->handed < RENEW_AFTER &&
	    now - lane->heard_mono_ms < IDLE_MS)
		return;
	lane->finishing = true;
	lane->finish_mono_ms = now + FINISH_MS;
	c->options.importer->finish(lane->importer);
}

static void
look_at_time(struct connector *c, struct lane *lane)
{
	int64_t now = clock_mono_ms();

	if (lane->stop)
		return;
	if (lane->finishing && now >= lane->finish_mono_ms)
		lane_stop(c, lane, STOP_REQUEST);
	else if (c->stopping && now >= c->stop_mono_ms)
		lane_stop(c, lane, STOP_REQUEST);
	else if (lane_count_in(lane, HAND_RUNNING) > 0 &&
	    now - lane->heard_mono_ms >= c->settings.import_timeout_ms)
		lane_stop(c, lane, STOP_SILENT);
}

void
worker_collect(struct connector *c, struct lane *lane)
{
	bool ended;

	write_questions(c, lane);
	read_answers(c, lane);
	ended = c->options.importer->read(lane->importer,
		&lane->result) > 0;
	if (ended) {
		worker_ended(c, lane);
		return;
	}
	if (lane->handed >= RENEW_AFTER)
		worker_renew(lane);
	finish(c, lane);
	look_at_time(c, lane);
}

int
worker_poll(struct connector *c, struct lane *lane, struct pollfd fds[2])
{
	int answer = c->options.importer->answer_fd(lane->importer);
	int ask = c->options.importer->ask_fd(lane->importer), n = 0;

	if (answer >= 0 && !lane->mute)
		fds[n++] = (struct pollfd){ .fd = answer, .events = POLLIN };
	if (ask >= 0 && lane->asks.len > 0)
		fds[n++] = (struct pollfd){ .fd = ask, .events = POLLOUT };
	return n;
}

int64_t
worker_next_mono_ms(const struct connector *c, const struct lane *lane)
{
	if (lane->finishing)
		return lane->finish_mono_ms;
	if (lane_count_in(lane, HAND_RUNNING) > 0)
		return lane->heard_mono_ms + c->settings.import_timeout_ms;
	return lane->heard_mono_ms + IDLE_MS;
}
