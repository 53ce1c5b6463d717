/* SPDX-License-Identifier: ISC */
/* do_unfinished: work on many messages that was cut off is asked about at the
 * next start. See do.h. */
#include "app/do.h"
#include "app/question.h"
#include "app/says.h"
#include "app/task.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

static bool
answer(struct question *q, key_code key, struct request *out)
{
	(void)out;
	if (key == 'g' || key == 'd') {
		if (desk_may_write(q->desk))
			task_begin_rest(q->desk->task, q->data, key == 'd');
		return true;
	}
	desk_note(q->desk, says_later);
	return true;
}

static void
release(struct question *q)
{
	history_action_release(q->data);
	free(q->data);
}

void
do_unfinished(struct desk *desk)
{
	struct question q = { .answer = answer, .release = release };
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
	q.data = xmemdup(&a, sizeof a);
	question_open(desk, &q);
}
