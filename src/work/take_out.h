/* SPDX-License-Identifier: ISC */
/*
 * take_out: a file out of the hands of a connector that is watched, and back:
 * the one thing that is ever written over there.
 *
 * Out: the file is renamed where it lies to .ccmq-ID, which no connector takes
 * for a message; what that name has now is compared with the descriptor that was
 * opened before, and renamed back if it is another file; only then it goes into
 * quarantine/: by rename on one file system, else copied, synced, compared, and
 * removed there. Back: into submit as .ccmq-ID first, then to its own name,
 * which is never replaced.
 *
 * The row says what is being done (noted_verb) before anything is renamed, and
 * what was done after all is on disk: whoever finds a note of a process that is
 * no more goes on from where the files are. All under one hold of write.lock.
 */
#ifndef CCMQ_TAKE_OUT_H
#define CCMQ_TAKE_OUT_H

#include "base/error.h"
#include "store/store.h"

/* May m be taken out or given back now? Looks only. 1; 0 with why, freed by the
 * caller; -1. force: though somebody has it open. */
int take_out_look(struct store *s, const struct history_message *m,
	bool force, char **why_out, struct error *err);

/* Their files lie on a network mount: who has one open on another machine cannot
 * be seen, and take_out_look does not know it. */
#define TAKE_OUT_BLIND "On a network mount it cannot be seen who has it open"
bool take_out_is_blind(const struct store *s);

/* Does what m's row notes. 1 done; 0 not, with why: the note is gone then, or,
 * where its name is taken in submit, stays; -1. */
int take_out_finish(struct store *s, int64_t id, char **why_out,
	struct error *err);

/* Goes on with what was begun and not ended. 0 or -1. */
int take_out_recover(struct store *s, struct error *err);

#endif
