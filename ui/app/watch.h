/* SPDX-License-Identifier: ISC */
/*
 * watch: notices that the store changed (the bell, and a look at data_version
 * a second), whether a ccmqd runs (asked when `lock` was opened or closed, which
 * the kernel does for one that was killed; where that cannot be told, or another
 * connector is watched, each second), and who else has a console open: each
 * that may write holds a locked file in consoles/, named by its process, which
 * holds the operator's name. A file that nobody locks is a dead one's.
 */
#ifndef CCMQ_UI_WATCH_H
#define CCMQ_UI_WATCH_H

#include "app/desk.h"

#define WATCH_OTHERS_MAX 8	/* names of other consoles that are kept */

struct watch {
	struct desk *desk;
	int inotify;			/* to be polled; -1: there is none */
	int watch_consoles, watch_lock;	/* -1: it tells nothing of them */
	int presence;			/* our locked file, or -1 */
	char presence_name[SPOOL_CONSOLE_NAME];
	char others[WATCH_OTHERS_MAX][16];
	size_t other_count;
	int64_t data_version;
	int64_t changed_at_mono_ms;	/* the last change of somebody else's */
	bool connector_ran;		/* when looked at last */
	/* … of a connector that is watched: */
	int64_t und_bytes, loops, loop_id, alike;
	int64_t ask_until_mono_ms;	/* `lock`, each second */
	int64_t looked_at_mono_ms;	/* last look at data_version */
	int64_t looked_around;		/* at disk and consoles, in 10 s */
	int64_t minute;			/* that is shown, of the wall clock */
};

void watch_open(struct watch *w, struct desk *desk);
void watch_close(struct watch *w);

/* Has the store changed since the last call? Looks where it must, and makes
 * the desk stale. rings: inotify has something to tell. */
void watch_look(struct watch *w, bool rings);

#endif
