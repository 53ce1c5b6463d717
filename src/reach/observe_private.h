/* SPDX-License-Identifier: ISC */
/*
 * observe_private: what the files observe*.c share. From the ground up: what is
 * heard (observe_hear: log and .und), what is written (observe_note), a look
 * (observe_look), beginning, turns and end (observe).
 */
#ifndef CCMQ_OBSERVE_PRIVATE_H
#define CCMQ_OBSERVE_PRIVATE_H

#include "reach/observe.h"
#include "reach/original_log.h"
#include "reach/watch.h"
#include "store/status_word.h"
#include "store/store.h"
#include "store/und_account.h"

#include <dirent.h>

#define TOLD_MAX 64		/* loops that are known to be told */
#define CHANGES_MAX 100000000

/* A line of the log, or an entry of the .und. */
struct heard {
	struct original_event line;	/* of a line; else … */
	bool entry;
	int64_t start, end;		/* … its range, without a gap before */
	uint64_t likeness;
};

enum change_kind {
	CHANGE_ARRIVED,
	CHANGE_GREW,
	CHANGE_MOVED,
	CHANGE_GONE,
	CHANGE_TRIED,
	CHANGE_ENTRY,			/* of a try that is told of elsewhere, or
					 * nobody's */
	CHANGE_READ,			/* from, to, subject are known */
};

struct change {
	enum change_kind kind;
	uint32_t ref;			/* WATCH_NONE: the log alone knows it */
	int code;			/* of a try, -1: an entry alone */
	enum watch_place place;		/* where it moved to */
	int64_t start, end;		/* of the .und, or 0, 0 */
	struct history_message m;	/* of those that arrived or were read;
					 * the name of one that moved */
};

struct observed {			/* a directory */
	const char *path;		/* of the settings; "": none */
	dev_t device;			/* when it was read first, or 0 */
	bool away;			/* it cannot be read, and that is told */
};

struct observer {
	struct store store;
	struct settings settings;
	struct status_word_writer word;
	struct observer_options options;
	struct watch *watch;
	struct observed places[WATCH_PLACES];
	int inotify;			/* or -1 */
	bool hinted;			/* something changes there */
	int64_t look_mono_ms;		/* no look before, if hinted */
	int64_t cycle_mono_ms;		/* the next one in any case */
	int64_t steady_mono_ms, clock_offset;	/* for retention */
	int64_t ignored, oldest_at;	/* in submit, of this look */

	int64_t event;			/* the newest that was read */
	ino_t log_inode;
	int64_t log_offset;
	int64_t und_size;		/* at the last look */
	struct heard *heard;
	size_t heard_count, heard_cap;
	struct und_ahead *ahead;

	struct change *changes;
	size_t change_count, change_cap;
	int64_t told[TOLD_MAX];		/* ids of loops */
	int told_count;
	bool alike_told;
	int64_t stirs, cycles;		/* observer_stirs, observer_cycles */
	char last_error[256];
	char away[STATUS_WORD_TEXT];	/* what cannot be read, and why */
};

/* --- observe_hear.c: what is new in log and .und ------------------------- */

/* From where on they are new. 0 or -1. */
int observe_begin_hearing(struct observer *o, struct error *err);
int observe_hear(struct observer *o, struct error *err);

/* --- observe_note.c: into the history ------------------------------------ */

/* A change, to be written; the one that was added. */
struct change *observe_add(struct observer *o, enum change_kind kind,
	uint32_t ref);
/* Writes up to STORE_BATCH of the changes at a time, and forgets them. 0 or
 * -1. */
int observe_write(struct observer *o, struct error *err);
/* What loops or fails alike: events, and the word in `lock`. 0 or -1. */
int observe_tell(struct observer *o, struct error *err);

/* --- observe_look.c -------------------------------------------------------- */

int observe_look(struct observer *o, bool cycle, struct error *err);

#endif
