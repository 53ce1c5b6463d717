/* SPDX-License-Identifier: ISC */
/*
 * prompt: the fields of a question to the operator, and what keys do to them.
 *
 * Fields stand one under the other (prompt_page.h) or alone in a line. One has
 * the focus; the last one that was added decides. What a key means:
 *   Tab, Shift-Tab           next, previous field
 *   Down, Up                 the same, but where reasons are offered: those
 *   Space                    turns a choice
 *   Enter                    in a text or a choice: on to the field that decides
 *   Esc, Ctrl-C, Ctrl-G      cancelled; nothing happens
 * The field that decides is one of
 *   a key                    it, and nothing else, is yes; n and q are no; but
 *                            none of these within PROMPT_STRAY_MS of another
 *                            letter, as they may be part of a word
 *   a word                   a number or a host's name, typed; then Enter. n is
 *                            no where digits are wanted
 *   a text                   of a prompt that is a line: Enter
 * Anything else does nothing and says so, in the field's complaint. What is
 * missing is said by the field where it is missing, which gets the focus.
 *
 * Text fields take UTF-8 and edit as lines do elsewhere (Left, Right, Home,
 * End, Backspace, Del, Ctrl-A E U W K). What is pasted is a text, never an
 * answer. Pure but for
 * prompt_draw_field and the clock.
 *
 * Whoever opens a prompt calls term_deaf, and term_field with prompt_is_text
 * after each key.
 */
#ifndef CCMQ_UI_PROMPT_H
#define CCMQ_UI_PROMPT_H

#include "term/key.h"
#include "term/keydecode.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_TEXT,
	FIELD_CHOICE,		/* one of a few values; Space turns */
	FIELD_NUMBER,		/* digits; empty is all of them */
	FIELD_KEY,		/* decides by one key */
	FIELD_WORD,		/* decides by a typed number or name */
};

#define FIELD_BYTES_MAX 1024	/* a reason, an expression, a path */
#define FIELD_DIGITS_MAX 12
#define FIELD_CHOICES_MAX 4
#define FIELD_WORDS_MAX 80

struct field {
	enum field_kind kind;
	const char *label;		/* borrowed, as the hint is */
	const char *hint;		/* behind it; NULL: as its kind says */
	bool required;			/* text: may not be blank */
	char complaint[ERROR_TEXT_MAX];	/* why it was not taken, or "" */
	struct str text;		/* of what is typed, UTF-8 */
	size_t cursor;			/* byte offset in text */
	size_t first;			/* byte offset of what is shown first */
	char words[FIELD_CHOICES_MAX][FIELD_WORDS_MAX];
				/* of a choice its values; else [0]: of a number
				 * what empty means, of a key what it does, of a
				 * word what is to be typed */
	size_t choice, choice_count;
	int64_t most;			/* of a number */
	char key;			/* of FIELD_KEY */
};

#define PROMPT_FIELDS_MAX 8
#define PROMPT_STRAY_MS 1000

enum prompt_state {
	PROMPT_OPEN,
	PROMPT_DONE,
	PROMPT_CANCELLED,
};

struct prompt {
	struct field fields[PROMPT_FIELDS_MAX];
	size_t count;
	size_t focus;
	enum prompt_state state;
	bool strayed;			/* the last key was a letter, and when */
	int64_t strayed_at_mono_ms;
	/* Offered in fields[0] by Up and Down, newest first; borrowed. */
	const char *const *offers;
	size_t offer_count, offer;	/* offer: the one shown, plus 1 */
};

void prompt_init(struct prompt *prompt);
void prompt_release(struct prompt *prompt);

/* Each adds a field; the label is borrowed, other words are copied. Returns
 * its index. */
size_t prompt_add_text(struct prompt *prompt, const char *label,
	const char *text, bool required);
size_t prompt_add_choice(struct prompt *prompt, const char *label,
	const char *first, const char *second);
size_t prompt_add_number(struct prompt *prompt, const char *label,
	int64_t most, const char *empty);
size_t prompt_add_key(struct prompt *prompt, char key, const char *does);
size_t prompt_add_word(struct prompt *prompt, const char *word);

/* A key came. Returns the state it led to. */
enum prompt_state prompt_key(struct prompt *prompt,
	const struct key_event *event);

/* What was answered is no answer: open again, at that field, with why. */
void prompt_refuse(struct prompt *prompt, size_t field, const char *why);

/* Whether keys go to a text now. */
bool prompt_is_text(const struct prompt *prompt);

/* The number of a number field: its most when it is empty. */
int64_t prompt_number(const struct prompt *prompt, size_t field);

/* Draws "[text____]" of so many columns at a place, brackets included, and
 * puts the hardware cursor there if the field has the focus. */
void prompt_draw_field(struct prompt *prompt, size_t field, int row,
	int column, int columns);

#endif
