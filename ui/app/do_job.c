/* SPDX-License-Identifier: ISC */
/* do_job: orders to the job under the cursor of Work. See do.h. */
#include "app/do.h"
#include "app/errand.h"
#include "app/question.h"
#include "app/says.h"
#include "app/views.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct order_errand {
	struct errand errand;
	int64_t id;
	enum job_order order;
};

static int
piece(struct errand *e, struct desk *desk, struct error *err)
{
	struct order_errand *oe = (struct order_errand *)e;
	int rc = jobs_order(&desk->store, &desk->actor, oe->id, oe->order,
		NULL, err);

	if (rc == 0)
		desk_note(desk, "%.250s", err->text);
	else if (rc > 0 && oe->order != JOB_PAUSE)
		rc = jobs_start_holder("ccmq", desk->config, &desk->store,
			oe->id, err);
	return rc < 0 ? -1 : 0;
}

static void
give_order(struct desk *desk, int64_t id, enum job_order order)
{
	struct order_errand *oe = xcalloc(1, sizeof *oe);

	oe->errand = (struct errand){ .verb = "job", .piece = piece };
	oe->id = id;
	oe->order = order;
	errand_begin(desk, &oe->errand);
}

/* Is the job one that a person or its steps paused? */
static bool
is_paused(struct desk *desk, int64_t id)
{
	struct history_action a;
	struct error err = ERROR_INIT;
	bool paused;

	if (history_action_get(desk->store.history, id, &a, &err) <= 0)
		return false;
	paused = a.job_state && strcmp(a.job_state, "paused") == 0 &&
		!a.job_auto;
	history_action_release(&a);
	return paused;
}

void
do_job_pause(struct desk *desk)
{
	int64_t id = views_job(desk);

	if (!id)
		desk_note(desk, says_no_job);
	else if (desk_may_write(desk))
		give_order(desk, id, is_paused(desk, id) ? JOB_GO_ON :
			JOB_PAUSE);
}

static bool
answer(struct question *q, key_code key, struct request *out)
{
	(void)out;
	if (key == 'y' && desk_may_write(q->desk))
		give_order(q->desk, q->number, JOB_STOP);
	return key == 'y';
}

void
do_job_stop(struct desk *desk)
{
	struct question q = { .answer = answer };
	struct history_action a;
	struct error err = ERROR_INIT;
	int rc;

	q.number = views_job(desk);
	if (!q.number) {
		desk_note(desk, says_no_job);
		return;
	}
	if (!desk_may_write(desk))
		return;
	rc = history_action_get(desk->store.history, q.number, &a, &err);
	if (rc < 0)
		desk_fail(desk, &err);
	if (rc <= 0)
		return;
	snprintf(q.words, sizeof q.words, says_stop_job, a.id, a.verb, a.by);
	history_action_release(&a);
	question_open(desk, &q);
}
