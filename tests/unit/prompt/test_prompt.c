/* SPDX-License-Identifier: ISC */
/* Tests of prompt and cells: fields are edited by characters, foreign text is
 * cut by columns. */
#include "unit/unit.h"
#include "base/clock.h"
#include "term/cells.h"
#include "prompt/prompt.h"

#include <locale.h>
#include <string.h>

static enum prompt_state
press(struct prompt *p, const char *name)
{
	struct key_event event = { .pasted = false };

	assert_true(key_parse(name, &event.key));
	return prompt_key(p, &event);
}

static void
type(struct prompt *p, const char *text)
{
	for (; *text; text++)
		prompt_key(p, &(struct key_event){ .key = (key_code)*text });
}

static void
editing(void **state)
{
	static const struct { const char *key, *text; size_t cursor; } steps[] = {
		{ "Left", "date order", 9 }, { "Backspace", "date ordr", 8 },
		{ "Home", "date ordr", 0 }, { "Del", "ate ordr", 0 },
		{ "\xC3\xBC", "\xC3\xBC" "ate ordr", 2 },
		{ "Right", "\xC3\xBC" "ate ordr", 3 },
		{ "Left", "\xC3\xBC" "ate ordr", 2 },
		{ "Left", "\xC3\xBC" "ate ordr", 0 },
		{ "Left", "\xC3\xBC" "ate ordr", 0 },
		{ "Del", "ate ordr", 0 }, { "Ctrl-E", "ate ordr", 8 },
		{ "Right", "ate ordr", 8 }, { "Ctrl-W", "ate ", 4 },
		{ "Ctrl-W", "", 0 }, { "Backspace", "", 0 }, { "Del", "", 0 },
		{ "[", "[", 1 }, { "O", "[O", 2 }, { "Space", "[O ", 3 },
		{ "Ctrl-A", "[O ", 0 }, { "Right", "[O ", 1 },
		{ "Ctrl-K", "[", 1 }, { "Ctrl-U", "", 0 }, { "F5", "", 0 },
		{ "Ctrl-L", "", 0 },
	};
	struct prompt p;

	(void)state;
	prompt_init(&p);
	prompt_add_text(&p, "Reason", "date order", true);
	for (size_t i = 0; i < COUNT(steps); i++) {
		assert_int_equal(press(&p, steps[i].key), PROMPT_OPEN);
		assert_string_equal(p.fields[0].text.data, steps[i].text);
		assert_int_equal(p.fields[0].cursor, steps[i].cursor);
	}
	/* A mark goes with its character. */
	type(&p, "ae");
	prompt_key(&p, &(struct key_event){ .key = 0x301 });
	assert_int_equal(p.fields[0].cursor, 4);
	press(&p, "Backspace");
	assert_string_equal(p.fields[0].text.data, "a");
	for (int i = 0; i < 5000; i++)
		type(&p, "x");
	assert_int_equal(p.fields[0].text.len, FIELD_BYTES_MAX);
	prompt_release(&p);
}

/* A page: what is missing is said by its own field, which gets the focus. */
static void
pages(void **state)
{
	struct prompt p;
	size_t number, choice, word;

	(void)state;
	prompt_init(&p);
	prompt_add_text(&p, "Reason", "", true);
	choice = prompt_add_choice(&p, "Twice", "leave 31 out", "all");
	number = prompt_add_number(&p, "Oldest", 1165, "all 1,165");
	word = prompt_add_word(&p, "1165");
	assert_true(prompt_is_text(&p));
	assert_int_equal(prompt_number(&p, number), 1165);
	assert_int_equal(press(&p, "Enter"), PROMPT_OPEN);
	assert_int_equal(p.focus, 0);
	assert_string_equal(p.fields[0].complaint, "This is needed");
	type(&p, "  ");
	assert_string_equal(p.fields[0].complaint, "");
	assert_int_equal(press(&p, "Enter"), PROMPT_OPEN);
	assert_int_equal(p.focus, 0);
	press(&p, "Tab");
	assert_false(prompt_is_text(&p));
	type(&p, "yq");
	assert_int_equal(p.state, PROMPT_OPEN);
	assert_int_equal(p.fields[choice].choice, 0);
	press(&p, "Space");
	assert_int_equal(p.fields[choice].choice, 1);
	prompt_key(&p, &(struct key_event){ .key = ' ', .pasted = true });
	assert_int_equal(p.fields[choice].choice, 1);
	press(&p, "Tab");
	type(&p, "a1x2-0");
	assert_int_equal(prompt_number(&p, number), 120);
	type(&p, "00");
	press(&p, "Enter");
	assert_int_equal(p.focus, number);
	assert_string_equal(p.fields[number].complaint,
		"There are not so many");
	press(&p, "Ctrl-U");
	press(&p, "Enter");
	assert_int_equal(p.focus, word);
	/* Decided, but the reason is missing: said there. */
	type(&p, "116y5");
	assert_int_equal(press(&p, "Enter"), PROMPT_OPEN);
	assert_int_equal(p.focus, 0);
	type(&p, "why");
	press(&p, "Enter");
	assert_int_equal(p.focus, word);
	press(&p, "Backspace");
	assert_int_equal(press(&p, "Enter"), PROMPT_OPEN);
	assert_string_equal(p.fields[word].complaint,
		"Only 1165 does it; Esc leaves it");
	prompt_key(&p, &(struct key_event){ .key = '5', .pasted = true });
	assert_string_equal(p.fields[word].text.data, "116");
	type(&p, "5");
	assert_int_equal(press(&p, "Enter"), PROMPT_DONE);
	assert_false(prompt_is_text(&p));
	prompt_release(&p);
}

/* A key decides, and no other does. */
static void
one_key(void **state)
{
	static const char *const no[] = { "n", "q", "Esc", "Ctrl-C", "Ctrl-G" };
	static const char *const nothing[] = { "Y", "P", "p", "Enter", "Space",
		"x", "X", "1", "F5", "PgDn" };
	struct prompt p;

	(void)state;
	for (size_t i = 0; i < COUNT(no) + COUNT(nothing) + 1; i++) {
		bool is_no = i < COUNT(no), yes = i == COUNT(no) +
			COUNT(nothing);

		prompt_init(&p);
		prompt_add_text(&p, "Reason", "", false);
		p.focus = prompt_add_key(&p, 'y', "y: retry it");
		prompt_key(&p, &(struct key_event){ .key = 'y',
			.pasted = true });
		assert_int_equal(p.state, PROMPT_OPEN);
		assert_int_equal(press(&p, yes ? "y" : is_no ? no[i] :
			nothing[i - COUNT(no)]), yes ? PROMPT_DONE : is_no ?
			PROMPT_CANCELLED : PROMPT_OPEN);
		if (!yes && !is_no)
			assert_string_equal(p.fields[1].complaint,
				"Only y does it; n and Esc leave it");
		prompt_release(&p);
	}
	/* A letter of a word is no answer, nor is one that was refused so. */
	clock_freeze(0, 1000);
	prompt_init(&p);
	p.focus = prompt_add_key(&p, 'y', "y: retry it");
	type(&p, "any");
	assert_int_equal(p.state, PROMPT_OPEN);
	assert_string_equal(p.fields[0].complaint,
		"Among other keys: once more, alone");
	clock_advance(PROMPT_STRAY_MS - 1);
	type(&p, "n");
	assert_int_equal(p.state, PROMPT_OPEN);
	assert_int_equal(press(&p, "Tab"), PROMPT_OPEN);
	clock_advance(PROMPT_STRAY_MS);
	assert_int_equal(press(&p, "n"), PROMPT_CANCELLED);
	prompt_release(&p);
	prompt_init(&p);
	p.focus = prompt_add_key(&p, 'y', "y: retry it");
	type(&p, "Y");
	assert_int_equal(press(&p, "Esc"), PROMPT_CANCELLED);
	prompt_release(&p);
	/* One that was decided, and refused elsewhere, may be so again. */
	prompt_init(&p);
	prompt_add_text(&p, "Reason", "", true);
	p.focus = prompt_add_key(&p, 'y', "y: retry it");
	type(&p, "y");
	assert_int_equal(p.focus, 0);
	type(&p, "why");
	press(&p, "Enter");
	type(&p, "y");
	assert_int_equal(p.state, PROMPT_DONE);
	prompt_release(&p);
	/* In the reason it is a letter. */
	prompt_init(&p);
	prompt_add_text(&p, "Reason", "", false);
	p.focus = prompt_add_key(&p, 'y', "y: retry it");
	press(&p, "Tab");
	type(&p, "yn");
	assert_string_equal(p.fields[0].text.data, "yn");
	assert_int_equal(press(&p, "Enter"), PROMPT_OPEN);
	assert_int_equal(press(&p, "y"), PROMPT_DONE);
	prompt_release(&p);
}

/* Up and Down in the first field: reasons used before, and back to none. */
static void
offers(void **state)
{
	static const char *const reasons[] = { "newest", "older" };
	static const struct { const char *key, *text; } steps[] = {
		{ "Up", "newest" }, { "Up", "older" }, { "Up", "" },
		{ "Down", "older" }, { "Down", "newest" }, { "Down", "" },
	};
	struct prompt p;

	(void)state;
	prompt_init(&p);
	prompt_add_text(&p, "Reason", "", true);
	prompt_add_key(&p, 'y', "y: do it");
	p.offers = reasons;
	p.offer_count = COUNT(reasons);
	for (size_t i = 0; i < COUNT(steps); i++) {
		press(&p, steps[i].key);
		assert_string_equal(p.fields[0].text.data, steps[i].text);
		assert_int_equal(p.focus, 0);
	}
	press(&p, "Tab");
	press(&p, "Up");
	assert_int_equal(p.focus, 0);
	prompt_release(&p);
}

/* What is offered may come from anywhere. */
static void
hostile_offer(void **state)
{
	struct prompt p;

	(void)state;
	prompt_init(&p);
	prompt_add_text(&p, "Reason", "a\x1b[2J\xFF", false);
	assert_string_equal(p.fields[0].text.data, "a\\x1b[2J\\xff");
	prompt_release(&p);
}

#define WIDE "\xE4\xB8\xAD\xE6\x96\x87"
#define MARKED "e\xCC\x81"

static const struct {
	const char *name, *in;
	struct cells_window window;
	const char *out;
	size_t columns;
} clips[] = {
	{ "fits", "abc", { 0, 3, true, true }, "abc", 3 },
	{ "cut", "abcd", { 0, 3, true, true }, "ab>", 3 },
	{ "cut, no mark", "abcd", { 0, 3, true, false }, "abc", 3 },
	{ "no room", "abcd", { 0, 0, true, true }, "", 0 },
	{ "skip", "abcd", { 2, 9, true, false }, "cd", 2 },
	{ "skip all", "abcd", { 9, 9, true, false }, "", 0 },
	{ "wide fits", WIDE, { 0, 4, true, true }, WIDE, 4 },
	{ "wide cut", WIDE, { 0, 3, true, true }, "\xE4\xB8\xAD>", 3 },
	{ "wide halved at the right", WIDE, { 0, 3, true, false },
	  "\xE4\xB8\xAD", 2 },
	{ "wide halved at the left", WIDE, { 1, 9, true, false },
	  " \xE6\x96\x87", 3 },
	{ "mark", MARKED "x", { 0, 1, true, false }, MARKED, 1 },
	{ "mark of a skipped character", MARKED "x", { 1, 9, true, false },
	  "x", 1 },
	{ "mark without a character", "\xCC\x81x", { 0, 9, true, false },
	  "x", 1 },
	{ "many marks", "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
	  { 0, 9, true, false }, "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81", 1 },
	{ "ASCII", "Gr\xC3\xBC" MARKED WIDE, { 0, 9, false, false },
	  "Gr?e??", 6 },
	{ "escape", "\x1b[2J", { 0, 9, true, false }, "\\x1b[2J", 7 },
	{ "unknown to the library", "a\xF4\x8F\xBF\xBF", { 0, 9, true, false },
	  "a?", 2 },
};

static void
clipping(void **state)
{
	struct str out = STR_INIT;
	size_t columns;

	(void)state;
	for (size_t i = 0; i < COUNT(clips); i++) {
		str_clear(&out);
		columns = cells_clip(&out, clips[i].in, strlen(clips[i].in),
			clips[i].window);
		if (strcmp(out.data, clips[i].out) != 0)
			print_message("case: %s\n", clips[i].name);
		assert_string_equal(out.data, clips[i].out);
		assert_int_equal(columns, clips[i].columns);
	}
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(editing),
		cmocka_unit_test(pages),
		cmocka_unit_test(one_key),
		cmocka_unit_test(offers),
		cmocka_unit_test(hostile_offer),
		cmocka_unit_test(clipping),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
