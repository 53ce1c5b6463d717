/* SPDX-License-Identifier: ISC */
/* likeness: see likeness.h for the contract. */
#include "reach/likeness.h"

#include <stdbool.h>
#include <string.h>

#define COUNTED (64 * 1024)

static bool
is_reason(const char *line, size_t len)
{
	return len >= 6 && memcmp(line, "***", 3) == 0 &&
		memcmp(line + len - 3, "***", 3) == 0;
}

/* Empty, or a count. */
static bool
says_nothing(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (line[i] != ' ' && (line[i] < '0' || line[i] > '9'))
			return false;
	return true;
}

/* FNV-1a. */
static uint64_t
add(uint64_t sum, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)text[i]) *
			UINT64_C(0x100000001b3);
	return sum;
}

uint64_t
likeness_of(const char *text, size_t len)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	size_t left = COUNTED;

	while (len > 0 && left > 0) {
		const char *feed = memchr(text, '\n', len);
		size_t whole = feed ? (size_t)(feed - text) + 1 : len;
		size_t n = feed ? whole - 1 : whole;

		while (n > 0 && text[n - 1] == '\r')
			n--;
		if (!is_reason(text, n) && !says_nothing(text, n)) {
			if (n > left)
				n = left;
			sum = add(add(sum, text, n), "\n", 1);
			left -= n;
		}
		text += whole;
		len -= whole;
	}
	return sum ? sum : 1;
}
