/* SPDX-License-Identifier: ISC */
/* verdict_words: what the sentences of verdicts are made of. */
#include "store/verdict_private.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *
verdict_span(char out[24], int64_t ms, bool fine)
{
	int64_t minutes = ms / CLOCK_MINUTE;

	if (fine && ms < 10 * CLOCK_SECOND && ms % 1000 >= 100)
		snprintf(out, 24, "%" PRId64 ".%" PRId64 " s", ms / 1000,
			ms % 1000 / 100);
	else if (ms < 2 * CLOCK_MINUTE && ms % CLOCK_MINUTE != 0)
		snprintf(out, 24, "%" PRId64 " s", ms / 1000);
	else if (minutes < 120)
		snprintf(out, 24, "%" PRId64 " min", minutes);
	else if (minutes < 48 * 60)
		snprintf(out, 24, "%" PRId64 " h", minutes / 60);
	else
		snprintf(out, 24, "%" PRId64 " days", minutes / 1440);
	return out;
}

const char *
verdict_foreign(char out[VERDICT_BYTES], const char *text, size_t columns)
{
	char printable[VERDICT_BYTES];

	if (!text)
		text = "";
	text_printable(printable, sizeof printable, text,
		strnlen(text, VERDICT_BYTES));
	return width_cut(out, VERDICT_BYTES / 2, printable, columns);
}

void
verdict_join(char out[VERDICT_BYTES], const char *before, const char *text,
	const char *after)
{
	char shown[VERDICT_BYTES];
	size_t taken = width_text(before) + width_text(after);
	size_t room = taken < VERDICT_COLUMNS ? VERDICT_COLUMNS - taken : 0;

	snprintf(out, VERDICT_BYTES, "%.200s%s%.50s", before,
		verdict_foreign(shown, text, room), after);
}
