/* SPDX-License-Identifier: ISC */
/*
 * watch: what is seen of a connector that is not ours, and what follows from
 * it. Pure: facts in, answers out; no files, no clock.
 *
 * One file is name, inode, size and mtime, and never seen absent in between: a
 * name comes again for another message, and inodes are used again. Names are
 * compared without case, as a disk or the connector may. A try is known from a
 * line of the log, or from an entry in the .und that is like the file; where
 * both speak the log decides.
 *
 * A loop is one file that was tried at least three times, each time with code
 * 1 (or an entry) and still there after it; or one name with code 1 each time,
 * no 0 or 5 between, and files alike. Not when all fail alike: three different
 * files or more in a row, and none that passed between; a file that is too young
 * to be read is one of them by its entry. Then it is likely the post office or
 * the importer (watch_alike). What failed before another passed
 * and fails again after it is never counted to such a row. What was tried while
 * all failed counts no more when the first has passed.
 *
 * One look, in this order, so that a file that moves on meanwhile is seen in
 * the one place or the other, and what a line or an entry tells of is older
 * than the sight of its file:
 *
 *	(the caller reads what is new in log and .und)
 *	watch_begin, watch_see for each name in submit, import, bad
 *	watch_change until there is none; of a missing one the caller looks
 *		again and says watch_is_gone, or nothing
 *	watch_line, watch_entry for what was read, in its order
 *	watch_wanted until there is none: files whose likeness would tell more
 *	watch_end
 *
 * A ref is a file's number as long as it is there, and then until its line has
 * been heard, for two cycles at the most: a log may lag. It costs about 60
 * bytes a file.
 */
#ifndef CCMQ_WATCH_H
#define CCMQ_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#define WATCH_NONE UINT32_MAX
#define WATCH_LOOP_TRIES 3
#define WATCH_ALIKE 3		/* different files in a row */
#define WATCH_WANTED_MAX 64	/* files to be read in one look */

/* In the order in which a file goes through them. */
enum watch_place {
	WATCH_SUBMIT,
	WATCH_IMPORT,
	WATCH_BAD,
	WATCH_PLACES,
};

struct watch_file {
	const char *name;
	uint64_t inode;
	int64_t size, mtime_ns;
};

enum watch_news {
	WATCH_NOTHING,
	WATCH_ARRIVED,		/* not known: give it an id (watch_name) */
	WATCH_GREW,		/* in submit, untried: it is being written */
	WATCH_MOVED,		/* it is in another place now */
	WATCH_MISSING,		/* not seen in a place that was read whole */
};

struct watch;

struct watch *watch_new(void);
void watch_free(struct watch *w);

/* A look begins; cycle: the foreign connector's cycle has passed since the last
 * look that began with one. */
void watch_begin(struct watch *w, bool cycle);
/* WATCH_ARRIVED, WATCH_GREW or WATCH_NOTHING. */
enum watch_news watch_see(struct watch *w, enum watch_place place,
	const struct watch_file *file, uint32_t *ref_out);
/* A place that could not be read whole is no answer about its files. */
void watch_unread(struct watch *w, enum watch_place place);

/* What the caller calls a file; 0 at first. What was known before a restart: so
 * often tried, and so many bytes in the .und, since `at`. */
void watch_name(struct watch *w, uint32_t ref, int64_t id);
int64_t watch_id(const struct watch *w, uint32_t ref);
bool watch_is_there(const struct watch *w, uint32_t ref);
enum watch_place watch_place(const struct watch *w, uint32_t ref);
/* A file of that id is none of theirs any more, whatever is seen under its
 * name. Between two looks. */
void watch_drop(struct watch *w, int64_t id);
uint32_t watch_know(struct watch *w, enum watch_place place,
	const struct watch_file *file, int64_t id);
void watch_tried_before(struct watch *w, uint32_t ref, int64_t tries,
	int64_t counted, int64_t und_bytes, int64_t at);

/* The next file that moved or is missing. *cursor is 0 at first. */
enum watch_news watch_change(struct watch *w, uint32_t *cursor,
	uint32_t *ref_out);
void watch_is_gone(struct watch *w, uint32_t ref);

/* Who a line of the log is about: a file, or WATCH_NONE. */
uint32_t watch_line(struct watch *w, const char *name, int code, int64_t at);
/* Who an entry of the .und is of: a file, or WATCH_NONE: nobody that is known.
 * It may turn out later (watch_linked). *tried: it is a try of its own. */
uint32_t watch_entry(struct watch *w, uint64_t likeness, int64_t bytes,
	int64_t at, bool *tried);

/* A file that is to be read: it is suspected and was unchanged for two cycles.
 * false: none. *cursor is 0 at first. */
bool watch_wanted(struct watch *w, uint32_t *cursor, uint32_t *ref_out);
/* How many entries of before turned out to be tries of this file: none where
 * the log speaks. likeness 0: it could not be read. */
int64_t watch_liken(struct watch *w, uint32_t ref, uint64_t likeness);

/* What is gone, and of which nothing more is expected, is forgotten. */
void watch_end(struct watch *w);
/* There is a log: what left has passed only if that says so. */
void watch_expect_log(struct watch *w);

struct watch_loop {
	uint32_t ref;
	int64_t id;
	int64_t tries;			/* in all */
	int64_t since, last;		/* the first and the last of them */
	int64_t und_bytes;
};

/* The loops, the most often tried first, up to max; how many there are. */
int watch_loops(const struct watch *w, struct watch_loop *out, int max);

struct watch_alike {
	int64_t count;			/* different files in a row */
	int code;			/* of the last, or -1: an entry alone */
	int64_t since, last;
};

/* Do all fail alike? */
bool watch_alike(const struct watch *w, struct watch_alike *out);

/* Of the files in a place: how many; the file's tries. */
int64_t watch_count(const struct watch *w, enum watch_place place);
int64_t watch_tries(const struct watch *w, uint32_t ref);
/* … and how many of them count towards a loop, as things are. */
int64_t watch_counted(const struct watch *w, uint32_t ref);
/* There is a log: without one, what left has passed. */
bool watch_log_speaks(const struct watch *w);

#endif
