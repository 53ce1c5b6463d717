/* SPDX-License-Identifier: ISC */
/* match_key: the keys of match expressions, each a row; see match_word.h. */
#include "history/match_word.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 5

struct key {
	const char *name;
	int (*add)(struct match *m, const struct key *key,
		const struct match_word *word, struct error *err);
	const char *columns[COLUMNS_MAX + 1];	/* ends with NULL */
};

/* The addresses of a message, one a line: whole means one whole line. */
static const char to_column[] = "to_addrs", from_column[] = "from_addr";
static const char true_name[] = "CAST(true_name AS TEXT)";	/* LIKE may skip
							 * blobs */

static int __attribute__((format(printf, 3, 4)))
refuse(struct error *err, const struct match_word *word, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(err, ERROR_INVALID, fmt, ap);
	va_end(ap);
	return error_prefix(err, "%s", word->shown);
}

static bool
is_equality(enum match_op op)
{
	return op == MATCH_OP_IS || op == MATCH_OP_EQUAL;
}

/* A new value: its number, or -1 when there are too many. */
static int
add_value(struct match *m, const struct match_word *word,
	const struct match_value *value, struct error *err)
{
	if (m->value_count == MATCH_VALUES_MAX)
		return refuse(err, word, "the expression has more than %d "
			"values", MATCH_VALUES_MAX);
	xgrow(&m->values, &m->value_cap, m->value_count + 1,
		sizeof *m->values, (size_t)2 * MATCH_VALUES_MAX);
	m->values[m->value_count] = *value;
	return (int)m->value_count++;
}

static int
add_number(struct match *m, const struct match_word *word, int64_t n,
	struct error *err)
{
	struct match_value value = { MATCH_VALUE_INT, n, NULL };

	return add_value(m, word, &value, err);
}

/* Takes text, also when it fails. */
static int
add_text_take(struct match *m, const struct match_word *word, char *text,
	struct error *err)
{
	struct match_value value = { MATCH_VALUE_TEXT, 0, text };
	int n = add_value(m, word, &value, err);

	if (n < 0)
		free(text);
	return n;
}

/* Compiles a pattern (taken); its number, or -1. */
static int
add_regex_take(struct match *m, const struct match_word *word, char *pattern,
	bool caseless, struct error *err)
{
	struct match_regex *regex = NULL;

	if (m->pattern_count == MATCH_REGEX_MAX)
		refuse(err, word, "the expression has more than %d regular "
			"expressions", MATCH_REGEX_MAX);
	else if (!(regex = match_regex_new(pattern, caseless, err)))
		error_prefix(err, "%s", word->shown);
	free(pattern);
	if (!regex)
		return -1;
	m->patterns[m->pattern_count].regex = regex;
	m->patterns[m->pattern_count].if_too_hard = word->negated;
	return (int)m->pattern_count++;
}

/* Whether the column is searched by a regular expression: always with ~, and
 * `to` with wildcards. */
static bool
wants_regex(const struct match_word *word, const char *column)
{
	return word->regex || (column == to_column &&
		(word->op == MATCH_OP_EQUAL ||
		match_has_wildcard(word->value.data)));
}

/* The number of the regular expression that the word needs, or -1. */
static int
add_word_regex(struct match *m, const struct match_word *word,
	struct error *err)
{
	const char *value = word->value.data;

	return add_regex_take(m, word, word->regex ? xstrdup(value) :
		match_line_pattern(value), word->regex, err);
}

/* A sender of whom the beginning is known is found by an index on that. */
static bool
has_beginning(const struct match *m, const char *column,
	const struct match_word *word, int value)
{
	return column == from_column && !word->regex &&
		!strchr("%_", *m->values[value].text);
}

/* The same in the archive, which does it all itself; its addresses stand in one
 * text, a line each. */
static int
add_text_archive(struct match *m, const struct key *key,
	const struct match_word *word, struct error *err)
{
	bool whole = word->op == MATCH_OP_EQUAL, lines = whole ||
		word->regex || match_has_wildcard(word->value.data);
	int value = add_text_take(m, word, word->regex ?
		xstrdup(word->value.data) :
		match_like_pattern(word->value.data, whole), err);

	for (const char *const *column = key->columns; value >= 0 && *column;
	     column++) {
		bool each = lines && *column == to_column;

		if (*column == true_name)
			continue;	/* its name is the true one */
		str_add(&m->where, column == key->columns ? "" : " OR ");
		str_add(&m->where, each ? "EXISTS (SELECT FROM unnest("
			"string_to_array(to_addrs, chr(10))) AS line WHERE line" :
			*column);
		str_addf(&m->where, word->regex ? " ~* ?%d" :
			" ILIKE ?%d ESCAPE '\\'", value);
		if (has_beginning(m, *column, word, value))
			str_addf(&m->where, " AND lower(from_addr) LIKE "
				"lower(?%d) ESCAPE '\\'", value);
		str_add(&m->where, each ? ")" : "");
	}
	return value < 0 ? -1 : 0;
}

/* Each column by a LIKE or a regular expression, one for all that need it. */
static int
add_text(struct match *m, const struct key *key, const struct match_word *word,
	struct error *err)
{
	const char *const *column = key->columns;
	int like = -1, regex = -1;

	if (!is_equality(word->op) || (word->regex &&
	    word->op == MATCH_OP_EQUAL))
		return refuse(err, word, word->regex ? "%s takes a colon before "
			"~" : "%s takes : or =", key->name);
	if (m->flags & MATCH_ARCHIVE)
		return add_text_archive(m, key, word, err);
	for (; *column; column++) {
		bool by_regex = wants_regex(word, *column);
		int *number = by_regex ? &regex : &like;

		if (*number < 0)
			*number = by_regex ? add_word_regex(m, word, err) :
				add_text_take(m, word,
					match_like_pattern(word->value.data,
					word->op == MATCH_OP_EQUAL), err);
		if (*number < 0)
			return -1;
		str_add(&m->where, column == key->columns ? "" : " OR ");
		if (by_regex)
			str_addf(&m->where, "ccmq_regex(%d, %s)", regex,
				*column);
		else
			str_addf(&m->where, "%s LIKE ?%d ESCAPE '\\'",
				*column, like);
	}
	return 0;
}

/* A comparison of one column with one new value. */
static int
add_comparison(struct match *m, const char *column, enum match_op op,
	int value)
{
	static const char *const signs[] = {
		[MATCH_OP_IS] = "=", [MATCH_OP_EQUAL] = "=",
		[MATCH_OP_LESS] = "<", [MATCH_OP_LESS_EQUAL] = "<=",
		[MATCH_OP_MORE] = ">", [MATCH_OP_MORE_EQUAL] = ">=",
	};

	if (value < 0)
		return -1;
	str_addf(&m->where, "%s %s ?%d", column, signs[op], value);
	return 0;
}

static int
parse_number(const char *text, const struct match_word *word, int64_t *out,
	struct error *err)
{
	if (text_parse_int(text, 0, INT64_MAX, out, err) < 0)
		return error_prefix(err, "%s", word->shown);
	return 0;
}

/* "7" or "7-9" of a list, cut up in place. */
static int
add_range(struct match *m, const struct key *key,
	const struct match_word *word, char *part, struct error *err)
{
	char *dash = strchr(part, '-');
	int64_t first, last;
	int low, high;

	if (dash)
		*dash = '\0';
	if (parse_number(part, word, &first, err) < 0)
		return -1;
	if (!dash)
		return add_comparison(m, key->columns[0], MATCH_OP_EQUAL,
			add_number(m, word, first, err));
	if (parse_number(dash + 1, word, &last, err) < 0)
		return -1;
	if (last < first)
		return refuse(err, word, "the range ends before it begins");
	low = add_number(m, word, first, err);
	high = low < 0 ? -1 : add_number(m, word, last, err);
	if (high < 0)
		return -1;
	str_addf(&m->where, "%s BETWEEN ?%d AND ?%d", key->columns[0], low,
		high);
	return 0;
}

/* Calls add for each part of a comma list, with OR between them. */
static int
add_list(struct match *m, const struct key *key, const struct match_word *word,
	int (*add)(struct match *, const struct key *,
		const struct match_word *, char *, struct error *),
	struct error *err)
{
	char *copy = xstrdup(word->value.data), *rest = copy, *part;
	int rc = 0;

	while (rc == 0 && (part = strsep(&rest, ","))) {
		str_add(&m->where, part == copy ? "" : " OR ");
		rc = add(m, key, word, part, err);
	}
	free(copy);
	return rc;
}

static int
add_count(struct match *m, const struct key *key,
	const struct match_word *word, struct error *err)
{
	int64_t n;

	if (is_equality(word->op))
		return add_list(m, key, word, add_range, err);
	if (parse_number(word->value.data, word, &n, err) < 0)
		return -1;
	return add_comparison(m, key->columns[0], word->op,
		add_number(m, word, n, err));
}

static int
add_size(struct match *m, const struct key *key, const struct match_word *word,
	struct error *err)
{
	int64_t bytes;

	if (text_parse_size(word->value.data, &bytes, err) < 0)
		return error_prefix(err, "%s", word->shown);
	return add_comparison(m, key->columns[0], word->op,
		add_number(m, word, bytes, err));
}

/* Older than means received before: the comparison turns round. */
static int
add_age(struct match *m, const struct key *key, const struct match_word *word,
	struct error *err)
{
	struct match_value time = { MATCH_VALUE_TIME, 0, NULL };
	enum match_op op = word->op;
	int64_t ms;

	if (is_equality(op))
		return refuse(err, word, "age takes >, <, >= or <=");
	if (text_parse_duration(word->value.data, &ms, err) < 0)
		return error_prefix(err, "%s", word->shown);
	if (op == MATCH_OP_MORE || op == MATCH_OP_MORE_EQUAL)
		op = op == MATCH_OP_MORE ? MATCH_OP_LESS : MATCH_OP_LESS_EQUAL;
	else
		op = op == MATCH_OP_LESS ? MATCH_OP_MORE : MATCH_OP_MORE_EQUAL;
	time.number = m->now - ms;
	return add_comparison(m, key->columns[0], op,
		add_value(m, word, &time, err));
}

static int
add_yes_no(struct match *m, const struct key *key,
	const struct match_word *word, struct error *err)
{
	bool yes = text_equal_nocase(word->value.data, "yes");

	if (!is_equality(word->op) ||
	    (!yes && !text_equal_nocase(word->value.data, "no")))
		return refuse(err, word, "%s is yes or no", key->name);
	if (m->flags & MATCH_ARCHIVE)
		str_addf(&m->where, yes ? "%s" : "NOT %s", key->columns[0]);
	else
		str_addf(&m->where, yes ? "%s <> 0" : "%s = 0",
			key->columns[0]);
	return 0;
}

/* "unknown state "fail"; did you mean "failed"?"; all where none is near */
static int
refuse_word(struct error *err, const struct match_word *word,
	const struct key *key, const char *part,
	const char *(*known)(int), int count)
{
	struct text_guess g = { .typed = part };
	struct str all = STR_INIT;
	char shown[40];

	for (int i = 0; i < count; i++) {
		text_guess_try(&g, known(i));
		str_addf(&all, "%s%s", i ? ", " : "", known(i));
	}
	text_printable(shown, sizeof shown, part, strlen(part));
	if (g.best)
		refuse(err, word, "unknown %s \"%s\"; did you mean \"%s\"?",
			key->name, shown, g.best);
	else
		refuse(err, word, "unknown %s \"%s\": there are %s",
			key->name, shown, all.data);
	str_release(&all);
	return -1;
}

static const char *
known_state(int i)
{
	return state_word((enum state)i);
}

static const char *
known_class(int i)
{
	return class_word((enum outcome_class)i);
}

static int
add_word_value(struct match *m, const struct key *key,
	const struct match_word *word, const char *value, struct error *err)
{
	return add_comparison(m, key->columns[0], MATCH_OP_EQUAL,
		add_text_take(m, word, xstrdup(value), err));
}

static int
add_one_state(struct match *m, const struct key *key,
	const struct match_word *word, char *part, struct error *err)
{
	enum state state;

	if (!state_parse(part, &state))
		return refuse_word(err, word, key, part, known_state,
			STATE_COUNT);
	m->states |= STATE_BIT(state);
	return add_word_value(m, key, word, state_word(state), err);
}

static int
add_state(struct match *m, const struct key *key, const struct match_word *word,
	struct error *err)
{
	unsigned before = m->states, named;
	int rc;

	if (!is_equality(word->op))
		return refuse(err, word, "state takes a colon");
	m->names_state = true;
	m->states = 0;
	rc = add_list(m, key, word, add_one_state, err);
	named = m->states;
	if (!word->negated && named & STATE_BIT(STATE_PURGED))
		m->group_names_purged = true;
	m->states = before;
	m->group_states &= word->negated ? ~named : named;
	return rc;
}

static int
add_one_class(struct match *m, const struct key *key,
	const struct match_word *word, char *part, struct error *err)
{
	enum outcome_class class;

	if (!class_parse(part, &class))
		return refuse_word(err, word, key, part, known_class,
			CLASS_COUNT);
	return add_word_value(m, key, word, class_word(class), err);
}

static int
add_class(struct match *m, const struct key *key, const struct match_word *word,
	struct error *err)
{
	if (!is_equality(word->op))
		return refuse(err, word, "class takes a colon");
	return add_list(m, key, word, add_one_class, err);
}

static const struct key keys[] = {
	{ "age", add_age, { "received_at" } },
	{ "attempts", add_count, { "attempts" } },
	{ "class", add_class, { "class" } },
	{ "code", add_count, { "result_code" } },
	{ "from", add_text, { from_column } },
	{ "id", add_count, { "id" } },
	{ "name", add_text, { "name", true_name } },
	{ "parent", add_count, { "parent" } },
	{ "reason", add_text, { "reason" } },
	{ "size", add_size, { "size" } },
	{ "state", add_state, { "state" } },
	{ "subject", add_text, { "subject" } },
	{ "suspect", add_yes_no, { "suspect" } },
	{ "to", add_text, { to_column } },
	{ "tries", add_count, { "tries" } },
	{ "und", add_size, { "und_bytes" } },
};

static const struct key bare = {
	"a word", add_text,
	{ from_column, to_column, "subject", "name", true_name },
};

static const struct key *
find_key(const struct match_word *word, struct error *err)
{
	struct text_guess g = { .typed = word->key };
	struct str all = STR_INIT;

	if (!*word->key)
		return &bare;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (text_equal_nocase(keys[i].name, word->key))
			return &keys[i];
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		text_guess_try(&g, keys[i].name);
		str_addf(&all, "%s%s", i ? ", " : "", keys[i].name);
	}
	if (g.best)
		refuse(err, word, "unknown key \"%s\"; did you mean \"%s\"? "
			"(to look for this text, write it in quotes)",
			word->key, g.best);
	else
		refuse(err, word, "unknown key \"%s\": there are %s (to look "
			"for this text, write it in quotes)", word->key,
			all.data);
	str_release(&all);
	return NULL;
}

int
match_add_word(struct match *m, const struct match_word *word,
	struct error *err)
{
	const struct key *key = find_key(word, err);
	int rc;

	if (!key)
		return -1;
	if (word->regex && key->add != add_text)
		return refuse(err, word, "%s takes no regular expression",
			key->name);
	/* NULL matches nothing, so that its negation holds. */
	str_add(&m->where, word->negated ? "NOT coalesce(" : "(");
	rc = key->add(m, key, word, err);
	str_add(&m->where, !word->negated ? ")" : m->flags & MATCH_ARCHIVE ?
		", false)" : ", 0)");
	return rc;
}
