/* SPDX-License-Identifier: ISC */
/* sentence: rules that hold for each sentence that the programs can say. */
#ifndef CCMQ_TESTS_SENTENCE_H
#define CCMQ_TESTS_SENTENCE_H

#include "unit/unit.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* "1 messages wait": of one it is said as of one. */
static inline bool
sentence_is_of_one(const char *text)
{
	static const char *const many[] = { "are", "change", "entries",
		"files", "have", "lie", "messages", "others", "processes",
		"recipients", "senders", "suspects", "tests", "times", "tries",
		"wait", "were" };

	for (const char *p = strstr(text, "1 "); p; p = strstr(p + 1, "1 ")) {
		size_t len = strcspn(p + 2, " ,.;:\n");

		if (p > text && (isalnum((unsigned char)p[-1]) ||
		    strchr(",.#-+", p[-1])))
			continue;
		for (size_t i = 0; i < COUNT(many); i++)
			if (len == strlen(many[i]) &&
			    memcmp(p + 2, many[i], len) == 0)
				return false;
	}
	return true;
}

static inline void
sentence_check(const char *text)
{
	bool whole = sentence_is_of_one(text) && !strstr(text, "unknown") &&
		!strstr(text, " ;") && !strstr(text, " ,") &&
		!strstr(text, "()") && !strstr(text, ": .") &&
		!strstr(text, "; .") && !strpbrk(text, "{}\x1b");

	if (!whole)
		print_message("# %s\n", text);
	assert_true(whole);
}

#endif
