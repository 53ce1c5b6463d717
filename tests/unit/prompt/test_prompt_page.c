/* SPDX-License-Identifier: ISC */
/* Tests of prompt_page: however narrow and low the screen, every field is on it
 * with room for its value, the deciding one last, and so is the cursor. */
#include "unit/unit.h"
#include "prompt/prompt_page.h"
#include "base/width.h"

#include <stdio.h>
#include <string.h>

static const size_t widths[] = { 40, 60, 80, 132 };

/* Rows of a body: from a screen of 10 to one of 60. */
enum { ROWS_LEAST = 6, ROWS_MOST = 55 };

#define LONG "a long fact that says what will follow from what is asked here " \
	"and to whom, and what of it can be taken back and what cannot"

/* The prompts that there are. */
static void
one(struct prompt *p)
{
	prompt_add_text(p, "Reason", "", false);
	p->focus = prompt_add_key(p, 'y', "y: quarantine it");
}

static void
some(struct prompt *p)
{
	prompt_add_text(p, "Reason", "", true);
	prompt_add_choice(p, "Twice", "leave those 31 out",
		"put them back too");
	prompt_add_key(p, 'y', "y: quarantine 100");
}

static void
many(struct prompt *p)
{
	prompt_add_text(p, "Reason", "", true);
	prompt_add_choice(p, "Twice", "leave those 1,234,567 out",
		"put them back too");
	prompt_add_number(p, "Oldest", 1234567, "all 1,234,567");
	prompt_add_word(p, "1234567");
}

static void
over_ssh(struct prompt *p)
{
	prompt_add_text(p, "Reason", "", true);
	prompt_add_number(p, "Oldest", 1165, "all 1,165");
	prompt_add_word(p, "a-host-whose-name-is-long.example.org");
}

static void
hold(struct prompt *p)
{
	prompt_add_text(p, "Reason", "", true);
	prompt_add_text(p, "Until", "", false);
	prompt_add_key(p, 'y', "y: hold");
}

static const struct {
	const char *name;
	void (*fill)(struct prompt *p);
} prompts[] = {
	{ "one", one }, { "some", some }, { "many", many },
	{ "over SSH", over_ssh }, { "hold", hold },
};

static void
add_facts(struct prompt_page *page)
{
	str_add(&page->title, "PURGE FOR GOOD 1,234,567 messages of one cause "
		"on a-host-whose->?");
	for (int i = 0; i < 8; i++)
		str_add(prompt_page_fact(page, "Cause"), LONG);
	str_add(prompt_page_fact_stays(page, "Twice?"), LONG);
	str_add(prompt_page_fact_stays(page, "Undo"), LONG);
}

/* What a field shows needs so many columns. */
static int
needs(const struct field *f)
{
	size_t most = 0;

	for (size_t i = 0; i < f->choice_count; i++)
		if (width_text(f->words[i]) > most)
			most = width_text(f->words[i]);
	return f->kind == FIELD_CHOICE ? (int)most + 2 :
		f->kind == FIELD_NUMBER || f->kind == FIELD_KEY ?
		(int)width_text(f->words[0]) : 5;
}

static void
walk(const struct prompt *p, const struct prompt_rows *all, size_t rows,
	int width)
{
	size_t next = 0;

	assert_true(all->count <= rows);
	for (size_t i = 0; i < all->count; i++) {
		const struct prompt_row *r = &all->rows[i];
		const struct field *f = &p->fields[r->field];

		if (r->kind != PROMPT_ROW_FIELD) {
			assert_true((int)width_text(r->text.data) <= width);
			continue;
		}
		assert_int_equal(r->field, next);
		next++;
		assert_true(r->column + r->columns <= width);
		assert_true(r->columns >= needs(f));
		if (f->kind != FIELD_WORD)
			assert_int_equal(r->column,
				width_text(r->text.data));
	}
	assert_int_equal(next, p->count);
	assert_int_equal(all->rows[all->count - 1].kind, PROMPT_ROW_FIELD);
}

static void
every_field_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(prompts); i++)
	for (size_t k = 0; k < COUNT(widths); k++)
	for (size_t rows = ROWS_LEAST; rows <= ROWS_MOST; rows++) {
		struct prompt_page page = PROMPT_PAGE_INIT;
		struct prompt_rows all = { NULL, 0, 0 };
		struct prompt p;

		prompt_init(&p);
		prompts[i].fill(&p);
		add_facts(&page);
		prompt_page_layout(&page, &p, rows, widths[k], &all);
		walk(&p, &all, rows, (int)widths[k]);
		prompt_rows_release(&all);
		prompt_page_release(&page);
		prompt_release(&p);
	}
}

/* All facts can be read, by PgDn, in however few rows; nothing decides
 * meanwhile, and behind the last the fields are there again. */
static void
every_fact_is_there(void **state)
{
	struct prompt_page page = PROMPT_PAGE_INIT;
	struct prompt p;
	bool seen[9] = { false };
	int turns = 0;

	(void)state;
	prompt_init(&p);
	one(&p);
	str_add(&page.title, "RETRY #1042 on hq-mail01?");
	for (int i = 0; i < 9; i++)
		str_addf(prompt_page_fact(&page, "Fact"), "fact %d", i);
	do {
		struct prompt_rows all = { NULL, 0, 0 };

		prompt_page_layout(&page, &p, 3, 40, &all);
		assert_true(all.count <= 3);
		for (size_t i = 0; i < all.count; i++) {
			const char *n = strstr(all.rows[i].text.data, "fact ");

			if (n)
				seen[n[5] - '0'] = true;
		}
		assert_int_equal(all.rows[all.count - 1].field, 1);
		prompt_rows_release(&all);
		assert_true(prompt_page_key(&page, KEYS_PGDN));
	} while (page.open && turns++ < 20);
	for (int i = 0; i < 9; i++)
		assert_true(seen[i]);
	/* Any other key only closes them. */
	assert_true(prompt_page_key(&page, KEYS_PGDN));
	assert_true(page.open);
	assert_true(prompt_page_key(&page, 'y'));
	assert_false(page.open);
	assert_false(prompt_page_key(&page, 'y'));
	prompt_page_release(&page);
	prompt_release(&p);
}

/* A complaint stands under its own field. */
static void
complaints(void **state)
{
	struct prompt_page page = PROMPT_PAGE_INIT;
	struct prompt_rows all = { NULL, 0, 0 };
	struct prompt p;

	(void)state;
	prompt_init(&p);
	hold(&p);
	prompt_refuse(&p, 1, "04:00, 2h or 2026-11-23 04:00");
	str_add(&page.title, "HOLD?");
	prompt_page_layout(&page, &p, 10, 40, &all);
	for (size_t i = 0; i + 1 < all.count; i++)
		if (all.rows[i].kind == PROMPT_ROW_FIELD)
			assert_int_equal(all.rows[i].field == 1,
				all.rows[i + 1].kind == PROMPT_ROW_COMPLAINT);
	prompt_rows_release(&all);
	prompt_page_release(&page);
	prompt_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_there),
		cmocka_unit_test(every_fact_is_there),
		cmocka_unit_test(complaints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
