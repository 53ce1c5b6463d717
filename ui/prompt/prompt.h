/*
 * prompt: questions to the operator, and the fields of them.
 *
 * A prompt is some fields with words, one of which has the focus. It may be
 * one line at the bottom of the screen or part of a page; the logic is the
 * same. Pure but for prompt_draw_field. What a key means here:
 *   Tab, Down / Shift-Tab, Up   next, previous field
 *   Space                       turns a yes/no field
 *   y, n                        sets a yes/no field
 *   Enter                       on the field that decides: done, if all
 *                               required ones are filled; elsewhere: goes on
 *                               to the next one
 *   Esc, Ctrl-C, Ctrl-G         cancelled; nothing happens
 * Text fields take UTF-8 and edit as lines do elsewhere (Left, Right, Home,
 * End, Backspace, Del, Ctrl-A E U W K).
 *
 * A text that was offered gives way to what is typed; moving the cursor in it
 * keeps it.
 *
 * Whoever opens a prompt calls term_deaf, and term_field with prompt_is_text
 * after each key.
 */
#ifndef CCMQ_UI_PROMPT_H
#define CCMQ_UI_PROMPT_H

#include "term/key.h"
#include "term/keydecode.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_TEXT,
	FIELD_TOGGLE,		/* [yes] [no ] */
	FIELD_NUMBER,		/* digits; empty is allowed and means none */
};

#define FIELD_BYTES_MAX 1024	/* a reason, an expression, a path */
#define FIELD_DIGITS_MAX 12

struct field {
	enum field_kind kind;
	const char *label;
	bool required;		/* text: may not be blank */
	bool offered;		/* and not touched: typing takes its place */
	bool yes;		/* of a toggle */
	struct str text;	/* of text and number, UTF-8 */
	size_t cursor;		/* byte offset in text */
	size_t first;		/* byte offset of what is shown first */
};

#define PROMPT_FIELDS_MAX 8

enum prompt_state {
	PROMPT_OPEN,
	PROMPT_DONE,
	PROMPT_CANCELLED,
};

struct prompt {
	struct field fields[PROMPT_FIELDS_MAX];
	size_t count;
	size_t focus;
	size_t decides;		/* the field Enter on which is the answer: the
				 * last one that was added, unless set */
	enum prompt_state state;
	const char *complaint;	/* why Enter was not taken, or NULL */
};

void prompt_init(struct prompt *prompt);
void prompt_release(struct prompt *prompt);

/* Adds a field; the label is borrowed. Returns its index. */
size_t prompt_add_text(struct prompt *prompt, const char *label,
	const char *offered, bool required);
size_t prompt_add_toggle(struct prompt *prompt, const char *label, bool yes);
size_t prompt_add_number(struct prompt *prompt, const char *label);

/* A key came. Returns the state it led to. */
enum prompt_state prompt_key(struct prompt *prompt,
	const struct key_event *event);

/* Whether keys go to a text now. */
bool prompt_is_text(const struct prompt *prompt);

/* The number of a number field: -1 when it is empty. */
int64_t prompt_number(const struct prompt *prompt, size_t field);

/* Draws "[text____]" of so many columns at a place, brackets included, and
 * puts the hardware cursor there if the field has the focus. */
void prompt_draw_field(struct prompt *prompt, size_t field, int row,
	int column, int columns);

/* ---- one key out of a few ---- */

struct prompt_choice {
	key_code key;
	const char *words;	/* "h hold" */
};

/* The index of the choice a key makes; -1 cancelled; -2 no such choice (go
 * on asking). choices ends with key 0. */
int prompt_choose(const struct prompt_choice *choices, key_code key);

#endif
