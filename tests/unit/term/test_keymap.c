/* SPDX-License-Identifier: ISC */
/* Tests of keymap and theme: the table itself, bindings of one's own, footer,
 * help, completion. */
#include "unit/unit.h"
#include "term/keymap.h"
#include "term/theme.h"
#include "base/width.h"

#include <string.h>

static void
every_key_of_the_table(void **state)
{
	static const struct {
		enum keymap_context where;
		const char *key;
		enum action action;
	} cases[] = {
		{ KEYMAP_LIST, "j", ACTION_DOWN },
		{ KEYMAP_LIST, "Ctrl-F", ACTION_PAGE_DOWN },
		{ KEYMAP_LIST, "Del", ACTION_PURGE },
		{ KEYMAP_LIST, "Space", ACTION_TAG },
		{ KEYMAP_CAUSES, "Space", ACTION_NONE },
		{ KEYMAP_MESSAGE, "J", ACTION_NEXT_MESSAGE },
		{ KEYMAP_LIST, "J", ACTION_NONE },
		{ KEYMAP_LIST, "h", ACTION_HELP },
		{ KEYMAP_LIST, "F1", ACTION_HELP },
		{ KEYMAP_CONNECTOR, "h", ACTION_HOLD },
		{ KEYMAP_CONNECTOR, "d", ACTION_DRAIN },
		{ KEYMAP_LIST, "d", ACTION_PURGE_HINT },
		{ KEYMAP_LIST, "r", ACTION_RETRY },
		{ KEYMAP_CONNECTOR, "r", ACTION_RESUME },
		{ KEYMAP_UND, "r", ACTION_RESEND },
		{ KEYMAP_LOG, "r", ACTION_NONE },
		{ KEYMAP_LIST, "7", ACTION_VIEW_7 },
		{ KEYMAP_LIST, "8", ACTION_VIEW_8 },
		{ KEYMAP_WORK, "x", ACTION_JOB_STOP },
		{ KEYMAP_WORK, "p", ACTION_JOB_PAUSE },
		{ KEYMAP_LIST, "p", ACTION_NONE },
		{ KEYMAP_LIST, "Esc", ACTION_ESCAPE },
		{ KEYMAP_LIST, "[", ACTION_NONE },
		{ KEYMAP_LIST, "O", ACTION_NONE },
		{ KEYMAP_LIST, "~", ACTION_NONE },
	};
	struct keymap map;
	key_code key;

	(void)state;
	keymap_init(&map);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(key_parse(cases[i].key, &key));
		assert_int_equal(keymap_find(&map, cases[i].where, key),
			cases[i].action);
	}
}

/* No key means two things in one place. */
static void
no_key_twice(void **state)
{
	struct keymap map;

	(void)state;
	keymap_init(&map);
	for (size_t i = 0; i < map.count; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(map.bindings[i].key ==
				map.bindings[j].key && map.bindings[i].where &
				map.bindings[j].where);
}

/* The parts of a footer as the line that they make. */
static void
footer(const struct keymap *map, enum keymap_context context,
	const struct keymap_label *labels, size_t columns, struct str *out)
{
	struct keymap_part parts[ACTION_COUNT];
	size_t n = keymap_footer_parts(map, context, labels, columns, parts);

	for (size_t i = 0; i < n; i++)
		str_addf(out, "%*s%s", parts[i].column - (int)out->len, "",
			parts[i].text);
}

static void
own_keys(void **state)
{
	struct error err = ERROR_INIT;
	struct str s = STR_INIT;
	struct keymap map;

	(void)state;
	keymap_init(&map);
	assert_int_equal(keymap_bind(&map, "e", "retry", &err), 0);
	assert_int_equal(keymap_bind(&map, "r", "none", &err), 0);
	assert_int_equal(keymap_find(&map, KEYMAP_LIST, 'e'), ACTION_RETRY);
	assert_int_equal(keymap_find(&map, KEYMAP_LIST, 'r'), ACTION_NONE);
	assert_int_equal(keymap_find(&map, KEYMAP_CONNECTOR, 'r'),
		ACTION_RESUME);
	footer(&map, KEYMAP_LIST, NULL, 80, &s);
	assert_non_null(strstr(s.data, " e retry x quarantine"));
	str_release(&s);

	assert_int_equal(keymap_bind(&map, "e", "retri", &err), -1);
	assert_string_equal(err.text,
		"key \"e\": no action \"retri\"; did you mean \"retry\"?");
	assert_int_equal(keymap_bind(&map, "PageDn", "up", &err), -1);
	assert_string_equal(err.text,
		"no key \"PageDn\"; did you mean \"PgDn\"?");
	for (const char *const *p = (const char *const[]){ "[", "O", "~",
	     "<", ">", "]", "P", "_", "\\", "Esc", "Ctrl-C", "Ctrl-G", NULL }; *p; p++)
		assert_int_equal(keymap_bind(&map, *p, "up", &err), -1);
	for (int i = 0; i < 1000; i++)
		(void)keymap_bind(&map, i % 2 ? "e" : "y", "retry", &err);
	assert_true(map.count < KEYMAP_BINDINGS_MAX);
}

static void
footers(void **state)
{
	static const struct keymap_label causes[] = {
		{ ACTION_OPEN, "messages" }, { ACTION_NONE, NULL },
	};
	struct str s = STR_INIT;
	struct keymap map;

	(void)state;
	keymap_init(&map);
	footer(&map, KEYMAP_CAUSES, causes, 80, &s);
	assert_string_equal(s.data, "Enter messages  r retry  x quarantine  "
		"X purge  c connector  a look  ? help");
	str_clear(&s);
	footer(&map, KEYMAP_MESSAGE, NULL, 80, &s);
	assert_string_equal(s.data, "r retry  x quarantine  X purge  w write  "
		"/ search  ? help  q back");
	for (size_t columns = 6; columns < 90; columns++) {
		str_clear(&s);
		footer(&map, KEYMAP_LIST, NULL, columns, &s);
		assert_true(width_text(s.data) <= columns);
		assert_non_null(strstr(s.data, "? help"));
	}
	str_release(&s);
}

static void
help_and_manual(void **state)
{
	struct str s = STR_INIT;
	struct keymap map;

	(void)state;
	keymap_init(&map);
	keymap_help(&map, KEYMAP_LIST, &s);
	assert_non_null(strstr(s.data, "X Del           throw away"));
	assert_non_null(strstr(s.data, "c h             hold"));
	assert_null(strstr(s.data, "the next message of the list"));
	for (const char *p = s.data; *p; p = strchr(p, '\n') + 1)
		assert_true(strcspn(p, "\n") <= 78);
	str_clear(&s);
	keymap_manual(&s);
	assert_non_null(strstr(s.data, ".It Ic \"\\&5\"\n\\&.und\n"));
	assert_non_null(strstr(s.data, ".It Ic \"\\&c t\"\ntest now"));
	str_release(&s);
}

/* What each does is said, and of no two alike. */
static void
help_of_each(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const char *help = action_help((enum action)i);

		assert_true(*help && help[strlen(help) - 1] != '.');
		for (int k = ACTION_NONE + 1; k < i; k++) {
			if (!strcmp(help, action_help((enum action)k)))
				print_message("# twice: %s\n", help);
			assert_string_not_equal(help,
				action_help((enum action)k));
		}
	}
}

static void
themes(void **state)
{
	static const char *const names[] = { "dark", "light", "mono" };
	static const int colors[] = { -1, 0, 2, 8, 16, 256 };
	struct error err = ERROR_INIT;
	int color;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct theme *theme = theme_find(names[i], &err);

		assert_non_null(theme);
		for (size_t c = 0; c < COUNT(colors); c++)
			for (int r = 0; r < ROLE_COUNT; r++) {
				struct theme_style s = theme_style(theme,
					(enum role)r, colors[c], 5);

				assert_true(s.fg < (colors[c] < 8 ? 0 :
					colors[c] == 256 ? 256 : 8));
				assert_false(r == ROLE_NORMAL && s.attrs);
			}
		assert_int_equal(theme_style(theme, ROLE_HOST, 8, 5).fg, 5);
		assert_int_equal(theme_style(theme, ROLE_HOST, 0, 5).fg, -1);
	}
	assert_int_equal(theme_direct(THEME_DEFAULT), THEME_DEFAULT);
	assert_int_equal(theme_direct(7), 7);
	assert_int_equal(theme_direct(9), 0xFF0000);
	assert_int_equal(theme_direct(16), 0);
	assert_int_equal(theme_direct(203), 0xFF5F5F);
	assert_int_equal(theme_direct(231), 0xFFFFFF);
	assert_int_equal(theme_direct(232), 0x080808);
	assert_int_equal(theme_direct(255), 0xEEEEEE);
	assert_null(theme_find("solarized", &err));
	assert_int_equal(theme_parse_color("Blue", &color, &err), 0);
	assert_int_equal(color, 4);
	assert_int_equal(theme_parse_color("", &color, &err), 0);
	assert_int_equal(color, THEME_DEFAULT);
	assert_int_equal(theme_parse_color("256", &color, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_the_table),
		cmocka_unit_test(no_key_twice),
		cmocka_unit_test(own_keys),
		cmocka_unit_test(footers),
		cmocka_unit_test(help_and_manual),
		cmocka_unit_test(help_of_each),
		cmocka_unit_test(themes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
