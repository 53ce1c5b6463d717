/* SPDX-License-Identifier: ISC */
/* errand_mail: verbs to messages, at once or as a job. See errand.h. */
#include "app/errand.h"
#include "app/follow.h"
#include "app/says.h"
#include "app/screen_text.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DETAILS_MAX (1 << 20)	/* bytes that are shown at once */

struct mail_errand {
	struct errand errand;
	struct errand_mail what;
	char *reason, *subject, *console;
	size_t at;			/* of the list, so many are written */
	int64_t action;
	struct str details;		/* a line for each that was not done */
	int64_t not_done;
	char why[160];			/* of the first of them */
};

static struct operation
operation_of(struct mail_errand *m, struct desk *desk)
{
	return (struct operation){ .actor = &desk->actor,
		.verb = m->what.word, .kind = m->what.verb,
		.reason = m->reason, .undo_of = m->what.undo_of,
		.batch = ERRAND_SHORT, .arg = m };
}

static void
on_result(void *arg, const struct operation_result *r)
{
	struct mail_errand *m = arg;
	char why[140];

	if (r->result == OPERATION_DONE || r->result == OPERATION_NOTED) {
		if (m->what.tags)
			tags_remove(m->what.tags, r->id);
		return;
	}
	text_printable(why, sizeof why, r->why ? r->why : "",
		strlen(r->why ? r->why : ""));
	if (!m->not_done++)
		snprintf(m->why, sizeof m->why, "#%" PRId64 " %s", r->id, why);
	if (m->details.len < DETAILS_MAX)
		str_addf(&m->details, " #%-8" PRId64 " %-8s %s\n", r->id,
			operation_word(r->result), why);
}

static void
follow(struct mail_errand *m, struct desk *desk, int64_t action)
{
	follow_begin(desk, &(struct follow){ .action = action,
		.for_good = m->what.for_good, .tags = m->what.tags },
		m->subject, m->why);
}

/* Each that was not done is told, if there is room. */
static void
tell_details(struct mail_errand *m, struct desk *desk,
	const struct operation_summary *sum)
{
	char title[80];

	if (m->not_done < 2 || screens_top(&desk->screens)->kind->still)
		return;
	snprintf(title, sizeof title, "%s: %" PRId64 " done, %" PRId64
		" not", m->what.word, sum->done + sum->noted, m->not_done);
	screen_text_open(desk, title, &m->details);
}

static int
do_at_once(struct mail_errand *m, struct desk *desk, struct error *err)
{
	struct operation op = operation_of(m, desk);
	struct operation_summary sum;

	op.result = on_result;
	if (operations_apply(&desk->store, &op, m->what.targets, m->what.n,
	    &sum, err) < 0)
		return -1;
	if (sum.action)
		follow(m, desk, sum.action);
	else
		desk_note(desk, "%.200s", m->why);
	tell_details(m, desk, &sum);
	return 0;
}

static int
start(struct mail_errand *m, struct desk *desk, struct error *err)
{
	return jobs_start_holder("ccmq", desk->config, &desk->store,
		m->action, err);
}

/* Its list, a transaction each turn, then its holder. */
static int
begin_job(struct mail_errand *m, struct desk *desk, struct error *err)
{
	struct operation op = operation_of(m, desk);

	if (m->at < m->what.n)
		return operations_record(&desk->store, &op, m->what.targets,
			m->what.n, &m->at, &m->action, err) < 0 ? -1 : 1;
	if (jobs_make(&desk->store, m->action, &m->what.spec, err) < 0 ||
	    start(m, desk, err) < 0)
		return -1;
	follow(m, desk, m->action);
	return 0;
}

static int
piece(struct errand *e, struct desk *desk, struct error *err)
{
	struct mail_errand *m = (struct mail_errand *)e;
	const struct job_spec *spec = &m->what.spec;

	if (m->what.stop_first) {
		if (jobs_order(&desk->store, &desk->actor, m->what.undo_of,
		    JOB_STOP, m->reason, err) < 0)
			return -1;
		m->what.stop_first = false;
		return 1;
	}
	return m->what.n > ERRAND_SHORT || spec->steps || spec->rate ?
		begin_job(m, desk, err) : do_at_once(m, desk, err);
}

/* A list that was begun is that of a job which is stopped. */
static int
give_up(struct errand *e, struct desk *desk, struct error *err)
{
	struct mail_errand *m = (struct mail_errand *)e;

	if (!m->action)
		return 0;
	return jobs_make(&desk->store, m->action, &m->what.spec, err) < 0 ||
		jobs_order(&desk->store, &desk->actor, m->action, JOB_STOP,
			NULL, err) < 0 || start(m, desk, err) < 0 ? -1 : 0;
}

static void
release(struct errand *e)
{
	struct mail_errand *m = (struct mail_errand *)e;

	free(m->what.targets);
	free(m->reason);
	free(m->subject);
	free(m->console);
	str_release(&m->details);
}

void
errand_mail_begin(struct desk *desk, const struct errand_mail *what)
{
	struct mail_errand *m = xcalloc(1, sizeof *m);
	const char *reason = what->reason ? what->reason : "";

	m->errand = (struct errand){ .verb = what->word, .piece = piece,
		.give_up = give_up, .release = release };
	m->what = *what;
	m->reason = reason[strspn(reason, " ")] ? xstrdup(reason) : NULL;
	m->subject = xstrdup(what->subject);
	m->console = xstrdup(what->spec.console);
	m->what.spec.console = m->console;
	str_init(&m->details);
	errand_begin(desk, &m->errand);
}
