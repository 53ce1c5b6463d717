/* SPDX-License-Identifier: ISC */
/*
 * match_regex: PCRE2 with limits.
 *
 * An expression that backtracks without end must not hold the console or the
 * store: each text gets a budget. The interpreter is used, not the JIT: it
 * keeps all three limits, and the sandbox forbids writable code.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "history/match_word.h"
#include "base/xalloc.h"

#include <assert.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define PATTERN_MAX 1000
#define NEST_MAX 50
#define MATCH_LIMIT 50000	/* per place in the text; about 1 ms */
#define DEPTH_LIMIT 5000
#define HEAP_LIMIT_KIB 4096

struct match_regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

/* The library's own words; it never fails to have some. */
static int
compile_error(struct error *err, int number, size_t offset)
{
	char words[160];

	if (pcre2_get_error_message(number, (PCRE2_UCHAR *)words,
	    sizeof words) < 0)
		words[0] = '\0';
	return error_set(err, ERROR_INVALID,
		"regular expression, at byte %zu: %s", offset, words);
}

static pcre2_compile_context *
compile_context(void)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	if (!context)
		abort();
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_max_pattern_length(context, PATTERN_MAX);
	pcre2_set_parens_nest_limit(context, NEST_MAX);
	return context;
}

static pcre2_code *
compile(const char *pattern, bool caseless, struct error *err)
{
	pcre2_compile_context *context = compile_context();
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
		PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
	pcre2_code *code;
	PCRE2_SIZE offset;
	int number;

	if (caseless)
		options |= PCRE2_CASELESS;
	code = pcre2_compile((PCRE2_SPTR)pattern, strlen(pattern), options,
		&number, &offset, context);
	if (!code)
		compile_error(err, number, offset);
	pcre2_compile_context_free(context);
	return code;
}

struct match_regex *
match_regex_new(const char *pattern, bool caseless, struct error *err)
{
	struct match_regex *regex;
	pcre2_code *code = compile(pattern, caseless, err);

	if (!code)
		return NULL;
	regex = xcalloc(1, sizeof *regex);
	regex->code = code;
	regex->data = pcre2_match_data_create(1, NULL);
	regex->limits = pcre2_match_context_create(NULL);
	if (!regex->data || !regex->limits)
		abort();		/* out of memory, as xalloc */
	pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(regex->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
	return regex;
}

void
match_regex_free(struct match_regex *regex)
{
	if (!regex)
		return;
	pcre2_match_data_free(regex->data);
	pcre2_match_context_free(regex->limits);
	pcre2_code_free(regex->code);
	free(regex);
}

int
match_regex_run(struct match_regex *regex, const char *text, size_t len)
{
	int rc = pcre2_match(regex->code, (PCRE2_SPTR)text, len, 0, 0,
		regex->data, regex->limits);

	/* 0: matched, with more groups than there is room for. */
	if (rc >= 0)
		return 1;
	return rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
}
