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

void
program_launch(struct connector *c, struct lane *lane)
{
	struct in_hand *h = lane->count ? lane->hand[0] : NULL;
	struct error err = ERROR_INIT;

	if (!h || h->state != HAND_RECORDED || lane->blocked)
		return;
	if (copy_make(c, lane, h, &err) < 0 ||
	    start_program(c, lane, h, &err) < 0) {
		lane_could_not_start(h, &err);
		copy_remove(c, lane, h);
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
	copy_remove(c, lane, h);
	lane->started = false;
	lane->stop = STOP_NONE;
}
