/* SPDX-License-Identifier: ISC */
/*
 * options: the command line of a program that has one set of options, by a
 * table that says where each value goes: ccmqd, ccmq-archive, ccmq-convert.
 * (ccmq's commands are in cli.h, IMPORT's switches in import_options.h.)
 *
 * What is wrong is said, never guessed: an option that is not there (the
 * nearest is named), one that is given twice, a value that is missing or that
 * nobody wants. Long options may be cut where that is clear, letters be put
 * together; operands may stand between options, and all behind --.
 */
#ifndef CCMQ_OPTIONS_H
#define CCMQ_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>

enum options_take {
	OPTIONS_FLAG,			/* bool */
	OPTIONS_TEXT,			/* const char *, of argv */
};

struct options_row {
	const char *name;		/* NULL: the table ends */
	char letter;			/* 0: none */
	enum options_take take;
	void *out;			/* untouched where it is not given */
};

#define OPTIONS_MAX 32

/* The number of the first operand: they come last in argv then. -1 with err
 * (ERROR_INVALID). */
int options_read(int argc, char **argv, const struct options_row *rows,
	struct error *err);

#endif
