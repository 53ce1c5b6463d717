/* SPDX-License-Identifier: ISC */
/* match: compiling an expression and handing out its parts; see match.h. */
#include "history/match.h"
#include "history/match_word.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A bar, or the end: the group is complete. */
static int
end_group(struct match *m, size_t words, struct error *err)
{
	if (!words)
		return error_set(err, ERROR_INVALID,
			"nothing stands on one side of \"|\"");
	if (m->flags & MATCH_PURGED_IF_NAMED && !m->group_names_purged) {
		str_addf(&m->where, " AND state <> '%s'",
			state_word(STATE_PURGED));
		m->group_states &= ~STATE_BIT(STATE_PURGED);
	}
	m->group_names_purged = false;
	m->states |= m->group_states;
	m->group_states = MATCH_STATES_ALL;
	return 0;
}

/* All words of all groups. The number of words in the last group, or -1. */
static int
add_words(struct match *m, const char *text, struct error *err)
{
	struct match_word word = MATCH_WORD_INIT;
	int words = 0, all = 0, got;

	while ((got = match_word_next(&text, &word, err)) == 1) {
		if (word.bar) {
			got = end_group(m, (size_t)words, err);
			str_add(&m->where, ") OR (");
			words = 0;
		} else if (all++ == MATCH_WORDS_MAX) {
			got = error_set(err, ERROR_INVALID, "the expression "
				"has more than %d words", MATCH_WORDS_MAX);
		} else {
			str_add(&m->where, words++ ? " AND " : "");
			got = match_add_word(m, &word, err);
		}
		if (got < 0)
			break;
	}
	str_release(&word.value);
	return got < 0 ? -1 : words;
}

static bool
is_empty(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static int
compile(struct match *m, const char *text, unsigned flags, struct error *err)
{
	int words;

	if (strlen(text) > MATCH_TEXT_MAX)
		return error_set(err, ERROR_INVALID, "the expression is longer "
			"than %d bytes", MATCH_TEXT_MAX);
	if (is_empty(text) && !(flags & MATCH_ALLOW_EMPTY))
		return error_set(err, ERROR_INVALID,
			"the expression is empty");
	if (is_empty(text)) {
		str_add(&m->where, "(1)");
		m->states = MATCH_STATES_ALL;
		return 0;
	}
	str_add(&m->where, "((");
	words = add_words(m, text, err);
	if (words < 0 || end_group(m, (size_t)words, err) < 0)
		return -1;
	str_add(&m->where, "))");
	return 0;
}

struct match *
match_compile(const char *text, unsigned flags, int64_t now,
	struct error *err)
{
	struct match *m = xcalloc(1, sizeof *m);

	str_init(&m->where);
	m->now = now;
	m->flags = flags;
	m->group_states = MATCH_STATES_ALL;
	if (compile(m, text, flags, err) == 0)
		return m;
	match_free(m);
	return NULL;
}

void
match_free(struct match *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->value_count; i++)
		free((char *)m->values[i].text);
	for (size_t i = 0; i < m->pattern_count; i++)
		match_regex_free(m->patterns[i].regex);
	free(m->values);
	str_release(&m->where);
	free(m);
}

/* A parameter, of the type that PostgreSQL would not guess. */
static void
add_archive_value(struct str *out, enum match_value_type type, size_t n)
{
	switch (type) {
	case MATCH_VALUE_INT:
		str_addf(out, "$%zu::bigint", n);
		break;
	case MATCH_VALUE_TEXT:
		str_addf(out, "$%zu", n);
		break;
	case MATCH_VALUE_TIME:
		str_addf(out, "to_timestamp($%zu::bigint / 1000.0)", n);
		break;
	}
}

char *
match_where(const struct match *m, size_t first)
{
	struct str out = STR_INIT;
	const char *p = m->where.data, *mark;
	char *end;

	for (; (mark = strchr(p, '?')); p = end) {
		size_t n = strtoul(mark + 1, &end, 10);

		str_add_bytes(&out, p, (size_t)(mark - p));
		if (!(m->flags & MATCH_ARCHIVE))
			str_addf(&out, "?%zu", n + first);
		else
			add_archive_value(&out, m->values[n].type, n + first);
	}
	str_add(&out, p);
	return str_steal(&out);
}

size_t
match_value_count(const struct match *m)
{
	return m->value_count;
}

struct match_value
match_value(const struct match *m, size_t i)
{
	assert(i < m->value_count);
	return m->values[i];
}

bool
match_regex(struct match *m, int64_t n, const char *text, size_t len)
{
	int rc;

	if (n < 0 || (uint64_t)n >= m->pattern_count || !text)
		return false;
	rc = match_regex_run(m->patterns[n].regex, text, len);
	if (rc < 0)
		m->limit_hits++;
	return rc < 0 ? m->patterns[n].if_too_hard : rc > 0;
}

uint64_t
match_limit_hits(const struct match *m)
{
	return m->limit_hits;
}

bool
match_names_state(const struct match *m)
{
	return m->names_state;
}

unsigned
match_states(const struct match *m)
{
	return m->states & MATCH_STATES_ALL;
}
