/* SPDX-License-Identifier: ISC */
/*
 * undo_plan: which records of a journal are undone. Pure: reads the journal in
 * memory, touches no file.
 */
#ifndef CCMQ_TESTS_UNDO_PLAN_H
#define CCMQ_TESTS_UNDO_PLAN_H

#include "fault.h"
#include "undo.h"

#include <stdbool.h>
#include <stddef.h>

struct undo_item {
	const struct fault_record *record;
	bool undone[2];		/* [1]: the second name of NAME */
};

struct undo_plan {
	struct undo_item *items;	/* in the order of the journal */
	size_t n;
};

/* The path of entry k of a NAME record. */
const char *undo_path(const struct fault_record *r, int k);

/* Reads len bytes of whole records. The plan points into them; free items. */
void undo_plan_make(struct undo_plan *plan, const char *journal, size_t len,
	const struct undo *u);

#endif
