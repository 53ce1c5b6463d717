/*
 * script: what the harness's script (screen.c) and its commands share.
 */
#ifndef CCMQ_TESTS_SCRIPT_H
#define CCMQ_TESTS_SCRIPT_H

#include "child.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define SCRIPT_LINES_MAX 2000

struct script {
	struct child child;
	char *lines[SCRIPT_LINES_MAX];
	size_t count, line;
	int columns, rows;	/* of the next run */
	char test[128];
	bool failed, any;
	int tests, failures;
	struct str why;		/* of the failure, as TAP comments */
};

extern struct script run;

/* A command: false is a failure, with its words in run.why. */
typedef bool (*script_command)(char *args);

/* NULL for a word that is none. */
script_command script_find(const char *word);

/* Notes what failed, and the screen. Always false. */
bool script_fail(const char *what, const char *text);

#endif
