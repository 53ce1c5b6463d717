/* SPDX-License-Identifier: ISC */
/*
 * prompt_page: the one layout that every prompt of more than a line has.
 *
 * From the top: the title (what, of what, on which host), facts with labels,
 * the fields, one a line, and the field that decides last. All fields are
 * visible, whole, from 40 columns on. Where there is no room for all the facts
 * the first lines stand there, down to none (`hidden` says how many do not);
 * those that stay (twice, no undo) do so as long as the fields leave room.
 * PgDn then opens them, over all rows but the deciding one; behind the last
 * line, and by any other key, the fields come back.
 *
 *	struct prompt_page page = PROMPT_PAGE_INIT;
 *	str_add(&page.title, …); str_addf(prompt_page_fact(&page, "Undo"), …);
 *	prompt_page_draw(&page, &prompt, row, rows, width);
 *	prompt_page_release(&page);
 *
 * Texts are printable (text_printable). Pure but for prompt_page_draw.
 */
#ifndef CCMQ_UI_PROMPT_PAGE_H
#define CCMQ_UI_PROMPT_PAGE_H

#include "prompt/prompt.h"

#define PROMPT_FACTS_MAX 16
#define PROMPT_INDENT 10	/* where facts and fields begin */

struct prompt_page {
	struct str title;
	struct prompt_fact {
		const char *label;	/* borrowed */
		struct str text;
		bool stays;
	} facts[PROMPT_FACTS_MAX];
	size_t count;
	bool open;			/* the facts are: no other fields */
	size_t top;			/* of what is shown then, in lines */
	size_t shown, hidden;		/* lines of facts, when laid out last */
};

#define PROMPT_PAGE_INIT { .title = STR_INIT }

void prompt_page_release(struct prompt_page *page);

/* The text of one more fact, to be filled. */
struct str *prompt_page_fact(struct prompt_page *page, const char *label);
struct str *prompt_page_fact_stays(struct prompt_page *page,
	const char *label);

/* Opens, moves and closes the facts. False: the key is not for them. */
bool prompt_page_key(struct prompt_page *page, key_code key);

struct prompt_row {
	enum { PROMPT_ROW_TITLE, PROMPT_ROW_TEXT, PROMPT_ROW_FIELD,
		PROMPT_ROW_COMPLAINT } kind;
	struct str text;	/* of a field: what stands before it */
	const char *hint;	/* of a field: what stands behind it, or "" */
	size_t field;
	int column, columns;	/* of a field, brackets included */
};

struct prompt_rows {
	struct prompt_row *rows;
	size_t count, cap;
};

/* The rows of a page for so much room; prompt_rows_release afterwards. The
 * page's window is kept within its text. */
void prompt_page_layout(struct prompt_page *page, const struct prompt *prompt,
	size_t rows, size_t width, struct prompt_rows *out);
void prompt_rows_release(struct prompt_rows *rows);

void prompt_page_draw(struct prompt_page *page, struct prompt *prompt,
	int row, int rows, int width);

#endif
