/* SPDX-License-Identifier: ISC */
/* Tests of says: every sentence that stands in a line of its own, printed with
 * values as they may come: none is cut at 40 columns, none has a bare id. */
#include "unit/sentence.h"
#include "app/says.h"
#include "base/str.h"
#include "base/width.h"
#include "term/wrap.h"

#include <stdio.h>
#include <string.h>

#define ROWS_MOST 4		/* of a screen of 12 */
#define ID "1042"		/* SAYS_ID */

static const struct {
	const char *name;
	size_t width;
	size_t rows;
} screens[] = { { "80", 80, 2 }, { "40", 40, ROWS_MOST } };

static void
is_whole(const char *name, const char *words, size_t width, size_t rows)
{
	struct str out = STR_INIT;
	size_t used = 0;

	wrap_add(&out, (struct wrap){ NULL, 0, width }, words);
	print_message("# %zu %s\n%s", width, name, out.data);
	for (char *line = out.data; *line; used++) {
		char *end = strchr(line, '\n');

		*end = '\0';
		assert_true(width_text(line) <= width);
		line = end + 1;
	}
	assert_true(used <= rows);
	str_release(&out);
}

static void
has_no_bare_id(const char *words)
{
	for (const char *id = words; (id = strstr(id, ID)); id++)
		assert_true(id > words && id[-1] == '#');
}

static void
sentences(void **state)
{
	char words[512];

	(void)state;
	for (size_t i = 0; i < COUNT(screens); i++) {
#define X(name, format, values) \
		snprintf(words, sizeof words, format values); \
		is_whole(#name, words, screens[i].width, screens[i].rows); \
		has_no_bare_id(words); \
		sentence_check(words);
		SAYS_LIST(X)
#undef X
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
