/* SPDX-License-Identifier: ISC */
/* prompt_page: see prompt_page.h for the contract. */
#include "prompt/prompt_page.h"
#include "base/width.h"
#include "base/xalloc.h"
#include "base/text.h"
#include "term/wrap.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_COLUMNS_MAX 66	/* a reason is no letter */
#define WORD_COLUMNS_LEAST 8
#define COMPLAINT_ROWS_MAX 3	/* of 80 bytes, at 40 columns */
#define ROWS_MAX 10000		/* no page is so long */

void
prompt_page_release(struct prompt_page *page)
{
	str_release(&page->title);
	for (size_t i = 0; i < page->count; i++)
		str_release(&page->facts[i].text);
	*page = (struct prompt_page)PROMPT_PAGE_INIT;
}

struct str *
prompt_page_fact(struct prompt_page *page, const char *label)
{
	struct prompt_fact *fact = &page->facts[page->count];

	assert(page->count < PROMPT_FACTS_MAX);
	page->count++;
	*fact = (struct prompt_fact){ .label = label };
	str_init(&fact->text);
	return &fact->text;
}

struct str *
prompt_page_fact_stays(struct prompt_page *page, const char *label)
{
	struct str *text = prompt_page_fact(page, label);

	page->facts[page->count - 1].stays = true;
	return text;
}

bool
prompt_page_key(struct prompt_page *page, key_code key)
{
	size_t step = page->shown ? page->shown : 1;
	bool was = page->open;

	if (key == KEYS_PGDN && !was)
		page->open = page->hidden > 0;
	else if (key == KEYS_PGDN && page->top + step < page->shown +
	    page->hidden)
		page->top += step;
	else if (key == KEYS_PGUP && page->top > 0)
		page->top -= page->top < step ? page->top : step;
	else
		page->open = false;
	if (!page->open)
		page->top = 0;
	return was || key == KEYS_PGDN || key == KEYS_PGUP;
}

/* ---- rows ---- */

void
prompt_rows_release(struct prompt_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		str_release(&rows->rows[i].text);
	free(rows->rows);
	*rows = (struct prompt_rows){ NULL, 0, 0 };
}

static struct prompt_row *
add_row(struct prompt_rows *out, int kind)
{
	struct prompt_row *row;

	xgrow(&out->rows, &out->cap, out->count + 1, sizeof *out->rows,
		ROWS_MAX);
	row = &out->rows[out->count++];
	memset(row, 0, sizeof *row);
	row->kind = kind;
	row->hint = "";
	str_init(&row->text);
	return row;
}

/* The lines of a text that is wrapped already; at most so many. */
static void
add_lines(struct prompt_rows *out, int kind, const char *text, size_t most)
{
	for (; *text && most > 0; most--) {
		size_t n = strcspn(text, "\n");

		str_add_bytes(&add_row(out, kind)->text, text, n);
		text += n + (text[n] == '\n');
	}
}

/* ---- fields ---- */

static int
field_columns(const struct field *f, int room)
{
	int wanted = 0;

	switch (f->kind) {
	case FIELD_TEXT:
		wanted = TEXT_COLUMNS_MAX;
		break;
	case FIELD_CHOICE:
		for (size_t i = 0; i < f->choice_count; i++)
			if ((int)width_text(f->words[i]) + 2 > wanted)
				wanted = (int)width_text(f->words[i]) + 2;
		break;
	case FIELD_NUMBER:
		wanted = (int)width_text(f->words[0]) + 2;
		if (wanted < FIELD_DIGITS_MAX)
			wanted = FIELD_DIGITS_MAX;
		break;
	case FIELD_KEY:
		wanted = (int)width_text(f->words[0]);
		break;
	case FIELD_WORD:
		wanted = (int)width_text(f->words[0]) + 3;
		if (wanted < WORD_COLUMNS_LEAST)
			wanted = WORD_COLUMNS_LEAST;
		break;
	}
	return wanted < room ? wanted : room;
}

static const char *
field_hint(const struct field *f)
{
	if (f->hint)
		return f->hint;
	switch (f->kind) {
	case FIELD_CHOICE: return "Space turns";
	case FIELD_NUMBER: return "fewer: a number";
	case FIELD_KEY: return "n: nothing";
	case FIELD_WORD: return "Esc: nothing";
	case FIELD_TEXT: break;
	}
	return "";
}

static void
add_field(const struct prompt *p, size_t i, int width, struct prompt_rows *out)
{
	const struct field *f = &p->fields[i];
	struct prompt_row *row = add_row(out, PROMPT_ROW_FIELD);
	struct str words = STR_INIT;
	int room;

	str_addf(&row->text, " %-*s", PROMPT_INDENT - 1, f->label);
	if (f->kind == FIELD_WORD)
		str_addf(&row->text, "type %s: ", f->words[0]);
	row->field = i;
	row->column = (int)width_text(row->text.data);
	/* A name too long for its line leaves room to type it. */
	if (row->column > width - WORD_COLUMNS_LEAST - 1)
		row->column = width - WORD_COLUMNS_LEAST - 1;
	room = width - row->column - 1;
	row->columns = field_columns(f, room);
	row->hint = field_hint(f);
	if (row->columns + 2 + (int)strlen(row->hint) > room)
		row->hint = "";
	/* One that is too long for its place begins at the edge. */
	if (*f->complaint)
		wrap_add(&words, (struct wrap){ NULL, PROMPT_INDENT + (int)
			width_text(f->complaint) < width ? PROMPT_INDENT : 1,
			(size_t)width }, f->complaint);
	add_lines(out, PROMPT_ROW_COMPLAINT, words.data, COMPLAINT_ROWS_MAX);
	str_release(&words);
}

/* ---- the page ---- */

struct layout {
	struct str title, stay, facts;
	size_t title_rows, stay_rows, fact_rows;
};

static void
wrap_all(const struct prompt_page *page, size_t width, struct layout *l)
{
	*l = (struct layout){ STR_INIT, STR_INIT, STR_INIT, 0, 0, 0 };
	wrap_add(&l->title, (struct wrap){ NULL, 1, width }, page->title.data);
	for (size_t i = 0; i < page->count; i++)
		if (page->facts[i].text.len)
			wrap_add(page->facts[i].stays ? &l->stay : &l->facts,
				(struct wrap){ page->facts[i].label,
				PROMPT_INDENT, width },
				page->facts[i].text.data);
	l->title_rows = text_lines(l->title.data);
	l->stay_rows = text_lines(l->stay.data);
	l->fact_rows = text_lines(l->facts.data);
}

static void
release_layout(struct layout *l)
{
	str_release(&l->title);
	str_release(&l->stay);
	str_release(&l->facts);
}

/* Lines of a text from one on, and how many are left out. */
static void
add_window(struct prompt_page *page, const char *text, size_t lines,
	size_t room, struct prompt_rows *out)
{
	page->shown = room < lines ? room : lines;
	page->hidden = lines - page->shown;
	for (size_t i = 0; i < page->top && *text; i++)
		text += strcspn(text, "\n") + 1;
	add_lines(out, PROMPT_ROW_TEXT, text, page->shown);
}

/* All facts, and the field that decides. */
static void
lay_open(struct prompt_page *page, const struct prompt *prompt,
	struct layout *l, size_t rows, size_t width, struct prompt_rows *out)
{
	size_t last = prompt->count - 1;

	str_add(&l->stay, l->facts.data);
	add_window(page, l->stay.data, l->stay_rows + l->fact_rows, rows - 1,
		out);
	add_field(prompt, last, (int)width, out);
}

void
prompt_page_layout(struct prompt_page *page, const struct prompt *prompt,
	size_t rows, size_t width, struct prompt_rows *out)
{
	struct prompt_rows fields = { NULL, 0, 0 };
	struct layout l;
	size_t left;

	wrap_all(page, width, &l);
	if (page->open && prompt->count && rows > 1) {
		lay_open(page, prompt, &l, rows, width, out);
		release_layout(&l);
		return;
	}
	for (size_t i = 0; i < prompt->count; i++)
		add_field(prompt, i, (int)width, &fields);
	left = rows > fields.count ? rows - fields.count : 0;
	if (l.title_rows > left)
		l.title_rows = left;
	left -= l.title_rows;
	if (l.stay_rows > left)
		l.stay_rows = left;
	left -= l.stay_rows;
	add_lines(out, PROMPT_ROW_TITLE, l.title.data, l.title_rows);
	if (left > l.fact_rows + 1 && l.fact_rows) {
		add_row(out, PROMPT_ROW_TEXT);
		left--;
	}
	add_window(page, l.facts.data, l.fact_rows, left, out);
	add_lines(out, PROMPT_ROW_TEXT, l.stay.data, l.stay_rows);
	if (left > l.fact_rows + 1)
		add_row(out, PROMPT_ROW_TEXT);
	for (size_t i = 0; i < fields.count; i++)
		*add_row(out, fields.rows[i].kind) = fields.rows[i];
	free(fields.rows);
	release_layout(&l);
}
