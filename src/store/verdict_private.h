/* SPDX-License-Identifier: ISC */
/*
 * verdict_private: the rows of the table, for verdict.c.
 *
 * X_holds says whether the row is true of the facts; X_say writes its sentence
 * and, where the sentence's beginning alone would not do, the brief one, and
 * what it opens where that is not the table's.
 */
#ifndef CCMQ_VERDICT_PRIVATE_H
#define CCMQ_VERDICT_PRIVATE_H

#include "store/verdict.h"

#define VERDICT_NAME_COLUMNS 10	/* a name is cut there */

#define X(name, row, word, severity, opens) \
	bool verdict_##row##_holds(const struct verdict_facts *f); \
	void verdict_##row##_say(const struct verdict_facts *f, \
		struct verdict *v);
VERDICT_LIST(X)
#undef X

/* A foreign text, printable and at most so many columns. */
const char *verdict_foreign(char out[VERDICT_BYTES], const char *text,
	size_t columns);

/* Joins before, as much of the foreign text as fits, and after. */
void verdict_join(char out[VERDICT_BYTES], const char *before,
	const char *text, const char *after);

#endif
