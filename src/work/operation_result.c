/* SPDX-License-Identifier: ISC */
/* operation_result: what becomes of an id, in words. See operations.h. */
#include "work/operations.h"

#include <string.h>

static const char *const words[OPERATION_RESULT_COUNT] = {
#define X(name, word) [name] = word,
	OPERATION_RESULT_LIST(X)
#undef X
};

const char *
operation_word(enum operation_code code)
{
	return words[code];
}

bool
operation_parse(const char *word, enum operation_code *out)
{
	for (int i = 0; i < OPERATION_RESULT_COUNT; i++) {
		if (strcmp(words[i], word) != 0)
			continue;
		*out = (enum operation_code)i;
		return true;
	}
	return false;
}
