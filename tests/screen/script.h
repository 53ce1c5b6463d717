/* SPDX-License-Identifier: ISC */
/*
 * script: what the harness's script (screen.c) and its commands share.
 *
 * Up to CHILDREN terminals at once; one of them is meant by the commands.
 */
#ifndef CCMQ_TESTS_SCRIPT_H
#define CCMQ_TESTS_SCRIPT_H

#include "child.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCRIPT_LINES_MAX 2000
#define SCRIPT_LIMIT_MS 8000	/* nothing is waited for longer, unless asked */
#define CHILDREN 3

struct script {
	struct child children[CHILDREN];
	struct child *child;	/* the one that is meant */
	char *lines[SCRIPT_LINES_MAX];
	size_t count, line;
	unsigned keys;		/* pressed since the mark */
	int columns, rows;	/* of the next run */
	int64_t limit_ms;	/* of the next wait; 0: SCRIPT_LIMIT_MS */
	char test[128];
	char needs[96];		/* what a skipped one has not */
	bool failed, skipped, any;
	int tests, failures;
	struct str why;		/* of the failure, as TAP comments */
	struct str remembered;	/* the screen, for `unchanged` */
};

extern struct script run;

/* A command: false is a failure, with its words in run.why. */
typedef bool (*script_command)(char *args);

struct script_row {
	const char *word;
	script_command call;
};

/* The commands of each file, ended by a row without a word. */
extern const struct script_row script_run_commands[];
extern const struct script_row script_look_commands[];
extern const struct script_row script_store_commands[];

/* The line with $NAME of the environment put in, to be freed. */
char *script_expand(const char *line);

/* NULL for a word that is none. */
script_command script_find(const char *word);

/* Notes what failed, and the screen. Always false. */
bool script_fail(const char *what, const char *text);

int64_t script_now_ms(void);

/* So many ms, more on a machine with more to do than processors. */
int64_t script_patience(int64_t ms);

/* When the next wait ends; takes what `within` said. */
int64_t script_deadline(void);

/* Takes what all children send, waiting for the current one at most ms. True:
 * something came from it. */
bool script_pump(int ms);

/* Lets so much time pass, pumping, since the current one has read all that was
 * sent: on a busy machine that is later than it was sent. */
void script_pass(int64_t ms);

/* \e \r \n \t \\ \s and \xNN. */
void script_unescape(const char *text, struct str *out);

/* The bytes a terminal sends for a key by its name; NULL: none. */
const char *script_key_bytes(const char *name, char out[8]);

bool script_send(const char *bytes, size_t len);

#endif
