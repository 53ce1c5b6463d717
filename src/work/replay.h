/* SPDX-License-Identifier: ISC */
/*
 * replay: saved files become messages again, in the order of their times
 * (mtime, then name): what was in a folder of copies, or in imported/.
 *
 * What the history knows already is left out, by its bytes (content): what was
 * imported, what is here still, and what was split. What it cannot know is
 * left out, too, and why is told: a file over STORE_CONTENT_MAX, or a .und
 * file, whose entries are resent one by one (Q168680: never as such).
 */
#ifndef CCMQ_REPLAY_H
#define CCMQ_REPLAY_H

#include "work/made.h"

#define REPLAY_MAX 10000000		/* files of one replay */

struct replay_file {
	char *path;			/* as given, or below a directory that
					 * was */
	int64_t mtime_ns;
	const char *why;		/* it is none, so it is left out */
};

struct replay {
	struct replay_file *files;
	size_t n, cap;
	bool again;			/* leave out nothing that is known */
	bool dry_run;			/* only say what would be done */
};

/* Adds a file, or all that a directory holds of them. 0, or -1: it cannot be
 * looked at. */
int replay_add(struct replay *r, const char *path, struct error *err);
void replay_release(struct replay *r);

/* In order. spec: store, actor, reason, min_free, result and arg; each result
 * has the path in `from`. 0 or -1. */
int replay_do(struct replay *r, const struct made_spec *spec,
	struct error *err);

#endif
