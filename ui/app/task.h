/* SPDX-License-Identifier: ISC */
/*
 * task: what the console is doing to the store: one thing at a time, a piece
 * of it each turn of the main loop, so that keys are answered between.
 *
 * task_begin_… copies its subject. task_step does a piece; when the store's
 * lock is held by somebody else it gives up at once and tries again the next
 * time. A piece is one transaction. task_stop ends it between two pieces: what
 * was not reached is recorded as dropped. When it has ended task_take_result
 * has the words. No loop, no screen, no clock but for pauses: whoever replaces
 * this by a row that another process carries out replaces this file.
 */
#ifndef CCMQ_UI_TASK_H
#define CCMQ_UI_TASK_H

#include "base/str.h"
#include "list/tags.h"
#include "settings/settings.h"
#include "work/operations.h"

struct task;

struct task *task_new(struct store *store, const struct settings *settings,
	const struct actor *actor);
void task_free(struct task *t);

/* Each asserts that nothing is under way. */
struct task_verb {
	enum verb verb;
	struct operation_target *targets;	/* taken */
	size_t n;
	const char *reason;			/* "" none */
	/* Those it was done to come off these, as long as it runs; or NULL. */
	struct tags *tags;
	bool for_good;				/* there is no undo */
	const char *subject;			/* of a single message */
};
void task_begin_verb(struct task *t, const struct task_verb *verb);
void task_begin_undo(struct task *t, struct history_action *taken,
	const char *reason);
/* Goes on with what was cut off, or drops what is left of it. */
void task_begin_rest(struct task *t, struct history_action *taken, bool drop);
void task_begin_connector(struct task *t, enum connector_verb verb,
	const char *reason, int64_t until);
void task_begin_test(struct task *t);

bool task_runs(const struct task *t);
void task_step(struct task *t);
void task_stop(struct task *t);

/* "retry: 412 of 1,204.  Ctrl-C stops", while it runs. */
const char *task_words(const struct task *t);

struct task_result {
	char words[256];	/* a sentence */
	bool bad;
	struct str details;	/* a line for each that was not done, or "" */
	char title[80];		/* of the details */
	int64_t test;		/* the action whose result is to come, or 0 */
};

/* Once after it has ended: true, and the caller releases the details. */
bool task_take_result(struct task *t, struct task_result *out);

#endif
