/* check_private: what check.c and check_repair.c share. */
#ifndef CCMQ_CHECK_PRIVATE_H
#define CCMQ_CHECK_PRIVATE_H

#include "work/check.h"

#include <stddef.h>

#define CHECK_FILES_MAX 100000000	/* 1.6 GB: more than a store can be */
#define CHECK_FINDINGS_MAX 10000000

struct check_file {
	int64_t id;
	enum spool_dir dir;
};

struct check {
	struct store *store;
	bool owns_lock;
	struct check_file *files;
	size_t file_count, file_cap;
	struct check_finding *findings;
	size_t finding_count, finding_cap;
};

/* One look; findings are added to c. 0 or -1. */
int check_look(struct check *c, struct error *err);
int check_read_files(struct check *c, struct error *err);
void check_add(struct check *c, enum check_kind kind, int64_t id,
	enum spool_dir dir, const char *name);
int check_places(struct check *c, const struct history_message *m,
	enum spool_dir places[SPOOL_DIR_COUNT], struct error *err);
int check_message(struct check *c, const struct history_message *m,
	size_t files_with_id, struct error *err);
/* Mends what was found, as far as that can be. 0 or -1. */
int check_mend_all(struct check *c, struct error *err);
/* `lock`, which the connector must not hold. 0 or -1. */
int check_take_lock(const struct spool *spool, struct error *err);
int check_end_hold(struct store *s, struct error *err);
void check_release(struct check *c);

#endif
