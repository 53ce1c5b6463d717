/* SPDX-License-Identifier: ISC */
/*
 * match_word: an expression cut into words, and what a word becomes in SQL.
 * Private to match*.c.
 */
#ifndef CCMQ_MATCH_WORD_H
#define CCMQ_MATCH_WORD_H

#include "history/match.h"
#include "base/str.h"

enum match_op {
	MATCH_OP_IS,		/* : or nothing */
	MATCH_OP_EQUAL,
	MATCH_OP_LESS,
	MATCH_OP_LESS_EQUAL,
	MATCH_OP_MORE,
	MATCH_OP_MORE_EQUAL,
};

struct match_word {
	char shown[80];		/* the word as written, printable, for errors */
	char key[16];		/* "" for a bare word; cut if too long */
	enum match_op op;
	bool negated;
	bool regex;
	bool bar;		/* not a word but `|` */
	struct str value;	/* without quotes; escapes still in it */
};

#define MATCH_WORD_INIT { .value = STR_INIT }

/* The next word at *p, which moves on. 1, 0 at the end, -1. */
int match_word_next(const char **p, struct match_word *word,
	struct error *err);

struct match_regex;

/* A regular expression of the match, and what a text too hard for it gives:
 * true in a negated word, so that the word does not hold either way. */
struct match_pattern {
	struct match_regex *regex;
	bool if_too_hard;
};

struct match {
	struct str where;	/* parameters written ?0 ?1 ...; no other '?' */
	struct match_value *values;
	size_t value_count, value_cap;
	struct match_pattern patterns[MATCH_REGEX_MAX];
	size_t pattern_count;
	int64_t now;
	uint64_t limit_hits;
	unsigned states;	/* of the groups before this one */
	unsigned group_states;	/* of this group */
	bool group_names_purged;
	unsigned flags;
	bool names_state;
};

/* Adds the word's condition to m->where and its values. 0 or -1. */
int match_add_word(struct match *m, const struct match_word *word,
	struct error *err);

/* Whether a value has an unescaped * or ?. */
bool match_has_wildcard(const char *value);

/* A value as a LIKE pattern with \ as its escape: of the whole text, or where it
 * has no wildcard of any part of it; the caller frees it. */
char *match_like_pattern(const char *value, bool whole);

/* A value, wildcards or not, as a regular expression for one whole line, ASCII
 * letters in both cases; the caller frees it. */
char *match_line_pattern(const char *value);

/* Compiles a pattern for match_regex; multiline, UTF-8. caseless: Unicode's
 * simple folding. NULL with err. */
struct match_regex *match_regex_new(const char *pattern, bool caseless,
	struct error *err);
void match_regex_free(struct match_regex *regex);

/* 1 matches, 0 does not, -1 a limit was reached. */
int match_regex_run(struct match_regex *regex, const char *text, size_t len);

#endif
