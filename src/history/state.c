/* SPDX-License-Identifier: ISC */
/* state: see state.h for the contract. */
#include "history/state.h"
#include "base/text.h"

#include <assert.h>

static const char *const state_words[] = {
#define X(name, word, dir) [name] = word,
	STATE_LIST(X)
#undef X
};

static const char *const state_dirs[] = {
#define X(name, word, dir) [name] = dir,
	STATE_LIST(X)
#undef X
};

static const struct {
	const char *word, *past;
	unsigned from;
} verbs[] = {
#define X(name, word, past, from) [name] = { word, past, from },
	VERB_LIST(X)
#undef X
};

static const char *const class_words[] = {
#define X(name, word) [name] = word,
	CLASS_LIST(X)
#undef X
};

/* The index of word in a table of n words, or -1. */
static int
find_word(const char *const *words, int n, const char *word)
{
	for (int i = 0; i < n; i++)
		if (text_equal_nocase(words[i], word))
			return i;
	return -1;
}

const char *
state_word(enum state state)
{
	assert(state < STATE_COUNT);
	return state_words[state];
}

const char *
state_dir(enum state state)
{
	assert(state < STATE_COUNT);
	return state_dirs[state];
}

bool
state_parse(const char *word, enum state *out)
{
	int i = find_word(state_words, STATE_COUNT, word);

	if (i >= 0)
		*out = (enum state)i;
	return i >= 0;
}

const char *
verb_word(enum verb verb)
{
	assert(verb < VERB_COUNT);
	return verbs[verb].word;
}

const char *
verb_past(enum verb verb)
{
	assert(verb < VERB_COUNT);
	return verbs[verb].past;
}

unsigned
verb_from(enum verb verb)
{
	assert(verb < VERB_COUNT);
	return verbs[verb].from;
}

bool
verb_parse(const char *word, enum verb *out)
{
	for (int i = 0; i < VERB_COUNT; i++) {
		if (!text_equal_nocase(verbs[i].word, word))
			continue;
		*out = (enum verb)i;
		return true;
	}
	return false;
}

const char *
class_word(enum outcome_class class)
{
	assert(class < CLASS_COUNT);
	return class_words[class];
}

bool
class_parse(const char *word, enum outcome_class *out)
{
	int i = find_word(class_words, CLASS_COUNT, word);

	if (i >= 0)
		*out = (enum outcome_class)i;
	return i >= 0;
}

const char *
result_code_meaning(int code)
{
	static const char *const meanings[] = {
		"completed successfully",
		"did not complete",
		"unknown",
		"post office not accessible",
		"post office locked",
		"undeliverable",
	};

	if (code < 0 || code >= (int)(sizeof meanings / sizeof *meanings))
		return NULL;
	return meanings[code];
}
