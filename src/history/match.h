/* SPDX-License-Identifier: ISC */
/*
 * match: the language in which people say which messages they mean.
 *
 * The same in `--match` and in the console's filter. An expression is words
 * that must all hold; `|` stands between groups of words, one of which must
 * hold; `-` before a word negates it.
 *
 *	word    looks for            e.g.
 *	state   a state              state:failed  state:queued,deferred
 *	class   an outcome's class   class:crashed
 *	from to subject name reason  from:grewal  name:Msg4*  subject:~^re\b
 *	code attempts tries id       code:1  attempts>=2  id:7,1042-1050
 *	size und                     size>1M  und=0
 *	age     since it was received  age>2h
 *	suspect yes or no            suspect:yes
 *	other words look in from, to, subject and name
 *
 * `name` is the reduced or the true name. Letters match without case (ASCII).
 * A text with an unescaped `*` (any characters) or `?` (one) must match the
 * whole value, one whole address of `to`; otherwise any part of it, and after
 * `=` instead of the colon the whole of it. `~` before a text makes it a PCRE2
 * expression, without case, in which ^ and $ match at each address of `to`.
 * Numbers take : = > < >= <=, and with : or =
 * lists and ranges (not size, und and age; age takes no = at all).
 * "..." holds blanks and bars together; \ before * ? " \ makes those
 * ordinary; what begins with a quote is neither negated nor a key. Unquoted
 * parentheses are refused outside of ~: they would look like groups. So is
 * what looks like a key and is none, also before = < >.
 *
 * The result is a WHERE text for SQLite with numbered parameters, over a
 * table with the columns id, name, true_name, state, size, received_at,
 * attempts, tries, result_code, class, reason, from_addr, to_addrs (one
 * address a line), subject, und_bytes, suspect. No byte of the expression is
 * in that text; all of them are in the values. A column that is NULL matches
 * nothing, so that a negated word holds for it.
 *
 * Texts are compared by SQLite's LIKE (bounded: it goes back to the last *
 * only), regular expressions by the SQL function ccmq_regex(N, text), which
 * whoever runs the statement registers and answers with match_regex.
 *
 * Limits: expressions of MATCH_TEXT_MAX bytes, MATCH_WORDS_MAX words,
 * MATCH_VALUES_MAX values and MATCH_REGEX_MAX regular expressions of at most
 * 1000 bytes, each with match, depth and heap limits: for a text on which
 * these are reached the word does not hold, negated or not, and it is counted
 * (match_limit_hits), so that the caller can say so.
 *
 * A struct match changes only in match_regex; use it from one thread.
 */
#ifndef CCMQ_MATCH_H
#define CCMQ_MATCH_H

#include "base/error.h"
#include "history/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATCH_TEXT_MAX 4096	/* a line of a person, not a program */
#define MATCH_WORDS_MAX 200	/* with the values: under SQLite's depth of */
#define MATCH_VALUES_MAX 500	/* 1,000 for an expression */
#define MATCH_REGEX_MAX 32	/* words with * or ? that look in `to` too */
#define MATCH_STATES_ALL (STATE_BIT(STATE_COUNT) - 1)

#define MATCH_ALLOW_EMPTY 1u	/* an empty expression matches everything */
/* A group of words holds for a purged message only if state:purged stands in
 * it, not negated: for a verb that would throw those away for good. */
#define MATCH_PURGED_IF_NAMED 2u
/* The text is for the tables of the archive in PostgreSQL (ccmq-archive(5)): its
 * parameters are $1 and so on, times are timestamps, and what stands behind ~
 * is an expression of PostgreSQL's. match_regex is not asked. */
#define MATCH_ARCHIVE 4u

struct match;

enum match_value_type {
	MATCH_VALUE_INT,
	MATCH_VALUE_TEXT,
	MATCH_VALUE_TIME,		/* ms since the epoch, a number too */
};

struct match_value {
	enum match_value_type type;
	int64_t number;			/* unless it is a text */
	const char *text;		/* MATCH_VALUE_TEXT: owned by the match */
};

/*
 * Compiles text; ages count from now (ms since the epoch). flags: 0, or
 * MATCH_ALLOW_EMPTY and the like. NULL with err (ERROR_INVALID, naming the word, and the
 * nearest known one for a wrong key, state or class).
 */
struct match *match_compile(const char *text, unsigned flags, int64_t now,
	struct error *err);
void match_free(struct match *m);

/* The WHERE text in parentheses, its parameters numbered from ?first on, each
 * of them perhaps more than once. The caller frees it. */
char *match_where(const struct match *m, size_t first);

/* What to bind: value i to parameter ?(first + i). */
size_t match_value_count(const struct match *m);
struct match_value match_value(const struct match *m, size_t i);

/* What ccmq_regex(n, text) is, len bytes that need not be UTF-8. An n that is
 * none of this match's gives false, and so does a text of NULL. */
bool match_regex(struct match *m, int64_t n, const char *text, size_t len);

/* How many texts were too hard for a regular expression since compiling. */
uint64_t match_limit_hits(const struct match *m);

/* Whether `state:` occurs, so that `list` can leave its default out. */
bool match_names_state(const struct match *m);

/* STATE_BITs of the states that a message can be in to match; all where the
 * expression does not say. Never leaves out one that could match. */
unsigned match_states(const struct match *m);

#endif
