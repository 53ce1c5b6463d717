/* SPDX-License-Identifier: ISC */
/*
 * hooks: programs of the site, run when a verdict begins and when it ends.
 *
 * A hook is run with one JSON object on its standard input, which says all; on
 * its command line stands only what the settings say, and %word, the verdict's
 * word. No shell; a session of its own; none of our descriptors; what it leaves
 * behind when it ends, or when its time is over, is killed. What it prints is
 * read a little at a time and thrown away but for its beginning, so that one
 * that floods waits, and nobody for it.
 *
 * Never two run at once for one word. at_most counts for each word of a hook:
 * where it was run as often as that, it is told the newest state as soon as it
 * may, and nothing where that is the one it was told last. Each word stands for
 * itself: many changes of one delay no other.
 *
 * What a hook did itself (it has CCMQ_HOOK in its environment) is told to none.
 *
 * hooks_see says how things are, hooks_turn does what is due; neither waits.
 */
#ifndef CCMQ_HOOKS_H
#define CCMQ_HOOKS_H

#include "settings/settings.h"
#include "store/status.h"

#define HOOKS_OUTPUT 200		/* bytes of its output that are told */
#define HOOKS_BUSY_MS 100		/* hooks_turn again, while one runs */

/* One that has ended, or could not be started. The texts are printable and
 * borrowed. */
struct hooks_end {
	const char *word, *program;
	bool begins;			/* it was told so */
	bool failed;
	char how[80];			/* "exit status 1", "its time was over" */
	char output[4 * HOOKS_OUTPUT];
};

struct hooks;

/* p belongs to the caller, and must live as long. */
struct hooks *hooks_new(const struct settings_programs *p,
	void (*ended)(void *arg, const struct hooks_end *end), void *arg);
/* Kills what runs. */
void hooks_free(struct hooks *h);

void hooks_see(struct hooks *h, struct store *s, const struct status *st);
/* So as if the verdict `store` held: nothing else can be seen. */
void hooks_see_nothing(struct hooks *h, const char *why);

/* Whether one runs. */
bool hooks_turn(struct hooks *h);

#endif
