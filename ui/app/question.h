/* SPDX-License-Identifier: ISC */
/*
 * question: what one key answers. It says what the keys are, over as many rows
 * as that takes; any other key, Esc too, does nothing and closes it. What it is
 * about is copied when it opens.
 *
 * A question that decides is deaf until its picture has reached the operator;
 * the second key of a chord only opens its prompt and is heard at once.
 */
#ifndef CCMQ_UI_QUESTION_H
#define CCMQ_UI_QUESTION_H

#include "app/desk.h"

struct question {
	struct screen screen;
	struct desk *desk;
	char words[300];
	/* The question is closed when this is called. False: the key is none
	 * of those it asks for. */
	bool (*answer)(struct question *q, key_code key, struct request *out);
	void (*release)(struct question *q);	/* of what it keeps; or NULL */
	bool chord;
	int64_t number;			/* the opener's own, as all below */
	void *data;
};

extern const struct screen_kind screen_question;

/* Opens a copy. */
void question_open(struct desk *desk, const struct question *q);

#endif
