/* SPDX-License-Identifier: ISC */
/* match_word: cutting an expression into words; see match_word.h. */
#include "history/match_word.h"
#include "base/text.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* An operator at *p, which moves behind it. */
static bool
take_op(const char **p, enum match_op *op)
{
	static const struct {
		const char *sign;
		enum match_op op;
	} ops[] = {
		{ ">=", MATCH_OP_MORE_EQUAL }, { "<=", MATCH_OP_LESS_EQUAL },
		{ ">", MATCH_OP_MORE }, { "<", MATCH_OP_LESS },
		{ "=", MATCH_OP_EQUAL },
	};
	size_t len;

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
		len = strlen(ops[i].sign);
		if (strncmp(*p, ops[i].sign, len) != 0)
			continue;
		*p += len;
		*op = ops[i].op;
		return true;
	}
	return false;
}

/* Letters and an operator: a key. Without one *p stays. */
static void
take_key(const char **p, struct match_word *word)
{
	const char *end = *p, *op;
	size_t len;

	while (is_letter(*end))
		end++;
	len = (size_t)(end - *p);
	op = end;
	if (!len || (*end != ':' && !take_op(&op, &word->op)))
		return;
	if (*end == ':') {
		op = end + 1;
		take_op(&op, &word->op);	/* size:>1M is as good */
	}
	if (len >= sizeof word->key)
		len = sizeof word->key - 1;
	memcpy(word->key, *p, len);
	word->key[len] = '\0';
	*p = op;
}

/* The value up to a blank, a bar or the end, outside of quotes. 0; -1 when a
 * quote stays open, -2 at a parenthesis that looks like a group. */
static int
take_value(const char **p, struct match_word *word)
{
	const char *s = *p;
	bool quoted = false;

	for (; *s && (quoted || (!is_blank(*s) && *s != '|')); s++) {
		if (*s == '"') {
			quoted = !quoted;
			continue;
		}
		if (!quoted && !word->regex && (*s == '(' || *s == ')'))
			return -2;
		if (*s == '\\' && s[1] && strchr("*?\"\\", s[1]))
			str_add_char(&word->value, *s++);
		str_add_char(&word->value, *s);
	}
	*p = s;
	return quoted ? -1 : 0;
}

static int
take_word(const char **p, struct match_word *word, struct error *err)
{
	const char *start = *p;
	int rc;

	if (**p == '-') {
		word->negated = true;
		++*p;
	}
	take_key(p, word);
	if (**p == '~') {
		word->regex = true;
		++*p;
	}
	rc = take_value(p, word);
	text_printable(word->shown, sizeof word->shown, start,
		rc < 0 ? strlen(start) : (size_t)(*p - start));
	if (rc == -1)
		return error_set(err, ERROR_INVALID,
			"%s: the quote is not closed", word->shown);
	if (rc == -2)
		return error_set(err, ERROR_INVALID, "%s: parentheses do not "
			"group; to look for one, write it in quotes",
			word->shown);
	if (!word->value.len)
		return error_set(err, ERROR_INVALID,
			"%s: there is nothing to look for", word->shown);
	return 1;
}

int
match_word_next(const char **p, struct match_word *word, struct error *err)
{
	while (is_blank(**p))
		++*p;
	if (!**p)
		return 0;
	str_clear(&word->value);
	word->key[0] = '\0';
	word->op = MATCH_OP_IS;
	word->negated = word->regex = false;
	word->bar = **p == '|';
	if (word->bar) {
		++*p;
		return 1;
	}
	return take_word(p, word, err);
}
