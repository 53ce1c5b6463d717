/* SPDX-License-Identifier: ISC */
/* do_unfinished: work on many messages that was cut off is asked about at the
 * next start; what is left becomes a job, or one that is stopped. See do.h. */
#include "app/do.h"
#include "app/errand.h"
#include "app/follow.h"
#include "app/question.h"
#include "app/says.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdio.h>

struct rest_errand {
	struct errand errand;
	int64_t id;
	bool drop;
};

static int
piece(struct errand *e, struct desk *desk, struct error *err)
{
	struct rest_errand *re = (struct rest_errand *)e;
	struct job_spec spec = { 0 };

	if (jobs_make(&desk->store, re->id, &spec, err) < 0 || (re->drop &&
	    jobs_order(&desk->store, &desk->actor, re->id, JOB_STOP, NULL,
		    err) < 0) ||
	    jobs_start_holder("ccmq", desk->config, &desk->store, re->id,
		    err) < 0)
		return -1;
	follow_begin(desk, &(struct follow){ .action = re->id }, NULL, NULL);
	return 0;
}

static bool
answer(struct question *q, key_code key, struct request *out)
{
	struct rest_errand *re;

	(void)out;
	if (key != 'g' && key != 'd') {
		desk_note(q->desk, says_later);
		return true;
	}
	if (!desk_may_write(q->desk))
		return true;
	re = xcalloc(1, sizeof *re);
	re->errand = (struct errand){ .verb = "job", .piece = piece };
	re->id = q->number;
	re->drop = key == 'd';
	errand_begin(q->desk, &re->errand);
	return true;
}

void
do_unfinished(struct desk *desk)
{
	struct question q = { .answer = answer };
	struct history_action a;
	struct error err = ERROR_INIT;
	char n[TEXT_NUMBER_MAX], at[TEXT_NUMBER_MAX], left[TEXT_NUMBER_MAX];
	int64_t reached;
	int rc = desk->read_only ? 0 : operations_unfinished(&desk->store,
		&desk->actor, &a, &err);

	if (rc < 0)
		desk_fail(desk, &err);
	if (rc <= 0)
		return;
	reached = a.done + a.skipped + a.failed;
	snprintf(q.words, sizeof q.words, says_unfinished, a.verb,
		text_exact(n, (uint64_t)a.total), text_exact(at,
			(uint64_t)reached), text_exact(left,
			(uint64_t)(a.total - reached)));
	q.number = a.id;
	history_action_release(&a);
	question_open(desk, &q);
}
