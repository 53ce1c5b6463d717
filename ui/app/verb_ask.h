/* SPDX-License-Identifier: ISC */
/*
 * verb_ask: the prompt of a verb on messages, and what its answer begins.
 *
 * The ids and the states they were shown in are copied when it opens; what is
 * looked at of each is looked at in pieces, so that keys are answered however
 * many there are. When it is answered the work is handed to errand_mail; what
 * fails is said by desk_note.
 *
 * Made by verb_ask_new, filled by one of the next three, then opened: from
 * there on the screen owns it.
 */
#ifndef CCMQ_UI_VERB_ASK_H
#define CCMQ_UI_VERB_ASK_H

#include "app/desk.h"
#include "list/tags.h"
#include "history/history.h"
#include "history/state.h"

struct verb_ask;

/* Of a verb on messages shown as being in that state; a purge of purged ones
 * is one for good. */
struct verb_ask *verb_ask_new(struct desk *desk, enum verb verb,
	enum state state);

/* One more message, in the state it was shown in. */
void verb_ask_add(struct verb_ask *va, int64_t id, enum state seen);

/* All that a cause has at this moment; the query is copied, what it points to
 * is not. */
void verb_ask_of_cause(struct verb_ask *va, const struct history_query *query);

/* The tagged messages of a list that shows those states. The tags are that
 * list's and go when the verb is done; cursor: a message that is not meant
 * though the cursor is on it, or 0. */
void verb_ask_of_tags(struct verb_ask *va, struct tags *tags, unsigned shown,
	int64_t cursor);

/* Takes it. */
void verb_ask_open(struct verb_ask *va, struct desk *desk);

#endif
