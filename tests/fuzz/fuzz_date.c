/* SPDX-License-Identifier: ISC */
/* Fuzzer of dates: what is one is written and read back as the same. */
#include "mail/ccmail_date.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

static void
check_date(const struct ccmail_date *d)
{
	char text[CCMAIL_DATE_TEXT_MAX];
	struct ccmail_date again;
	bool same;

	assert(d->month >= 1 && d->month <= 12 && d->day >= 1 && d->day <= 31);
	assert(d->hour <= 23 && d->minute <= 59 && d->second <= 59);
	ccmail_date_at(d);
	for (int order = CCMAIL_DATE_MDY; order <= CCMAIL_DATE_YMD; order++) {
		ccmail_date_format(text, d, (enum ccmail_date_order)order);
		same = ccmail_date_parse(text, strlen(text),
			(enum ccmail_date_order)order, &again) &&
			again.year == d->year && again.month == d->month &&
			again.day == d->day && again.hour == d->hour &&
			again.minute == d->minute && again.second == d->second;
		assert(same);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct ccmail_date d;
	size_t n;

	for (int order = CCMAIL_DATE_MDY; order <= CCMAIL_DATE_YMD; order++) {
		if (ccmail_date_parse(text, size,
				(enum ccmail_date_order)order, &d))
			check_date(&d);
		if (!ccmail_date_split_suffix(text, size,
				(enum ccmail_date_order)order, &n, &d))
			continue;
		assert(n > 0 && n < size);
		check_date(&d);
	}
	return 0;
}
