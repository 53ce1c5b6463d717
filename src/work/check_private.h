/* SPDX-License-Identifier: ISC */
/* check_private: what the files check*.c share. See check.h. */
#ifndef CCMQ_CHECK_PRIVATE_H
#define CCMQ_CHECK_PRIVATE_H

#include "work/check.h"

#include <stddef.h>

/* Names are kept once, end to end, in one piece of memory: what is told of a
 * million files must fit into 100 MB. A text is a place in it; 0 is "". */
typedef uint32_t check_text;
#define CHECK_TEXT_MAX UINT32_MAX
#define CHECK_FILES_MAX 50000000
#define CHECK_FINDINGS_MAX 50000000
#define CHECK_SIZE_MAX (INT64_C(1) << 50)	/* 1 PB: more is a lie */

struct check_file {
	int64_t id;
	check_text name;
	uint8_t dir;			/* enum spool_dir */
};

/* A finding, as long as it is only a doubt. */
struct check_doubt {
	int64_t id;
	check_text name, why;
	uint8_t kind, dir;
};

struct check {
	struct store *store;
	const struct check_watch *watch;
	bool owns_lock, rebuild;
	int64_t told_ms;		/* when progress was told last */
	char *text;
	size_t text_len, text_cap;
	struct check_file *files;	/* sorted by id, directory, name */
	size_t file_count, file_cap;
	struct check_doubt *doubts;	/* in the same order, 0 first */
	size_t doubt_count, doubt_cap;
};

void check_init(struct check *c, struct store *s,
	const struct check_watch *watch);
void check_release(struct check *c);
void check_tell(struct check *c, const char *what, int64_t done,
	int64_t total);
check_text check_keep(struct check *c, const char *text);
void check_doubt(struct check *c, enum check_kind kind, int64_t id,
	enum spool_dir dir, const char *name, const char *why);
/* Hands a doubt over as a finding. */
void check_report(const struct check *c, const struct check_doubt *d,
	bool mended);

/* check_names: the files of all directories, each read once. 0 or -1. */
int check_read_names(struct check *c, struct error *err);
void check_add_file(struct check *c, int64_t id, enum spool_dir dir,
	const char *name);
void check_sort_files(struct check *c);
/* Order of two doubts. */
int check_compare(const struct check *ca, const struct check_doubt *a,
	const struct check *cb, const struct check_doubt *b);
/* The end of the doubts that have the id of the first. */
size_t check_group(const struct check *c, size_t first);

/* check_judge: what the row of an id (NULL: none) and the n files that have it,
 * in order, say of each other: doubts. */
void check_judge(struct check *c, int64_t id, const struct history_message *m,
	const struct check_file *files, size_t n);

/* One look at everything: doubts. 0 or -1. */
int check_look(struct check *c, struct error *err);

/*
 * A second look at the id of the doubts [first, end) of `from`, at the row and
 * the files as they are now: what it says is added to c, whose files become
 * those of this id alone. m_out is the row if there is one, released by the
 * caller. 1 there is a row, 0 there is none, -1.
 */
int check_look_again(struct check *c, const struct check *from, size_t first,
	size_t end, struct history_message *m_out, struct error *err);

/* The highest id that was ever used, as files and `lock` tell. */
int64_t check_highest(const struct check *c);

/* Mends what was doubted, in transactions of its own. A doubt gets the words
 * why it could not be. 0 or -1. */
int check_mend_all(struct check *c, struct error *err);
/* One id, in a write transaction: the row m (NULL: none) and c as
 * check_look_again has left them. *moves_out counts the moves that are open
 * now. 1 with words in why: something could not be done; 0; -1. */
int check_mend_one(struct check *c, struct history_message *m, int *moves_out,
	struct error *why, struct error *err);

/* Mends all, looks again, and tells. Number of findings that are left, -1. */
int64_t check_mend_and_look(struct check *c, struct error *err);

/* `lock`, which the connector must not hold. 0 or -1. */
int check_take_lock(const struct spool *spool, struct error *err);
int check_end_hold(struct store *s, struct error *err);

#endif
