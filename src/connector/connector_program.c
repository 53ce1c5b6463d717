/* SPDX-License-Identifier: ISC */
/*
 * connector_program: a program that gets one message and ends. See
 * connector_private.h; a program that stays is connector_worker.c.
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

#define BRISK_MS 50	/* a program that takes longer gets one at a time */

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

/* The first of its hand in that state, or NULL. */
static struct in_hand *
first_in(struct lane *lane, enum hand_state state)
{
	for (int i = 0; i < lane->count; i++)
		if (lane->hand[i]->state == state)
			return lane->hand[i];
	return NULL;
}

/* Zero: there is none. */
static void
look_at_und(const struct lane *lane, struct stat *out)
{
	if (stat(lane->und_path, out) < 0)
		memset(out, 0, sizeof *out);
}

/* It waited behind another one, and shall not begin any more. */
static void
let_go(struct connector *c, struct in_hand *h)
{
	h->state = HAND_ENDED;
	h->facts.end = POLICY_END_INTERRUPTED;
	h->facts.on_request = true;
	h->attempt.ended_at = clock_wall();
	c->wake = true;
}

void
program_launch(struct connector *c, struct lane *lane)
{
	struct in_hand *h = first_in(lane, HAND_RECORDED);
	struct error err = ERROR_INIT;

	if (!h || lane->started)
		return;
	if (c->stopping) {
		let_go(c, h);
		return;
	}
	if (lane->blocked)
		return;
	look_at_und(lane, &h->und_was);
	if (copy_make(c, lane, h, &err) < 0 ||
	    start_program(c, lane, h, &err) < 0) {
		lane_could_not_start(h, &err);
		copy_remove(c, lane, h);
		return;
	}
	h->state = HAND_RUNNING;
	lane->started = true;
}

void
program_go_on(struct connector *c, struct lane *lane)
{
	if (lane->brisk && lane_count_in(lane, HAND_ENDED) == 1 &&
	    !lane->rotate && !c->disk_low && c->errors == 0)
		program_launch(c, lane);
}

int
program_room(const struct lane *lane, const struct history_connector *row,
	bool solo)
{
	int had = lane_in_hand(lane);

	if (solo || row->streak_count > 0 || !lane->brisk)
		return had == 0 && !lane->started;
	return had < 2 ? 2 - had : 0;
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

/* It was imported, quickly, and left nothing that is to be looked at: no word in
 * the .und file, no process. */
static bool
is_brisk(const struct connector *c, const struct lane *lane,
	const struct in_hand *h)
{
	return h->facts.end == POLICY_END_EXIT && h->und_same &&
		policy_class(&c->settings, h->facts.end, h->facts.code) ==
		CLASS_IMPORTED && h->attempt.took_ms <= BRISK_MS &&
		!lane->result.killed && !lane->result.alive;
}

void
program_collect(struct connector *c, struct lane *lane)
{
	struct in_hand *h = first_in(lane, HAND_RUNNING);
	struct stat und;

	if (!lane->started || !h || c->options.importer->read(lane->importer,
	    &lane->result) <= 0)
		return;
	h->state = HAND_ENDED;
	h->attempt.ended_at = clock_wall();
	status_word_set_answer(&c->word);
	take_result(lane, h);
	look_at_und(lane, &und);
	h->und_same = und.st_dev == h->und_was.st_dev &&
		und.st_ino == h->und_was.st_ino &&
		und.st_size == h->und_was.st_size;
	lane->brisk = is_brisk(c, lane, h);
	copy_remove(c, lane, h);
	lane->started = false;
	lane->stop = STOP_NONE;
}
