/* SPDX-License-Identifier: ISC */
/* prompt: see prompt.h for the contract. */
#include "prompt/prompt.h"
#include "base/clock.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
prompt_init(struct prompt *prompt)
{
	*prompt = (struct prompt){ .state = PROMPT_OPEN };
}

void
prompt_release(struct prompt *prompt)
{
	for (size_t i = 0; i < prompt->count; i++)
		str_release(&prompt->fields[i].text);
	prompt_init(prompt);
}

static struct field *
add(struct prompt *prompt, enum field_kind kind, const char *label)
{
	struct field *field = &prompt->fields[prompt->count];

	assert(prompt->count < PROMPT_FIELDS_MAX);
	prompt->count++;
	*field = (struct field){ .kind = kind, .label = label };
	str_init(&field->text);
	return field;
}

static void
set_words(struct field *field, size_t i, const char *words)
{
	snprintf(field->words[i], sizeof field->words[i], "%.*s",
		(int)sizeof field->words[i] - 1, words);
}

static void
set_text(struct field *field, const char *text)
{
	str_clear(&field->text);
	text_add_printable(&field->text, text,
		strnlen(text, FIELD_BYTES_MAX / 8));
	field->cursor = field->text.len;
	field->first = 0;
}

size_t
prompt_add_text(struct prompt *prompt, const char *label, const char *text,
	bool required)
{
	struct field *field = add(prompt, FIELD_TEXT, label);

	set_text(field, text);
	field->required = required;
	return prompt->count - 1;
}

size_t
prompt_add_choice(struct prompt *prompt, const char *label,
	const char *first, const char *second)
{
	struct field *field = add(prompt, FIELD_CHOICE, label);

	set_words(field, 0, first);
	set_words(field, 1, second);
	field->choice_count = 2;
	return prompt->count - 1;
}

size_t
prompt_add_number(struct prompt *prompt, const char *label, int64_t most,
	const char *empty)
{
	struct field *field = add(prompt, FIELD_NUMBER, label);

	set_words(field, 0, empty);
	field->most = most;
	return prompt->count - 1;
}

size_t
prompt_add_key(struct prompt *prompt, char key, const char *does)
{
	struct field *field = add(prompt, FIELD_KEY, "Do it?");

	set_words(field, 0, does);
	field->key = key;
	return prompt->count - 1;
}

size_t
prompt_add_word(struct prompt *prompt, const char *word)
{
	set_words(add(prompt, FIELD_WORD, "Do it?"), 0, word);
	return prompt->count - 1;
}

/* A field that decides by a number, or says one. */
static bool
wants_digits(const struct field *field)
{
	return field->kind == FIELD_NUMBER || (field->kind == FIELD_WORD &&
		isdigit((unsigned char)field->words[0][0]));
}

bool
prompt_is_text(const struct prompt *prompt)
{
	const struct field *field = &prompt->fields[prompt->focus];

	return prompt->state == PROMPT_OPEN && prompt->count &&
		(field->kind == FIELD_TEXT || field->kind == FIELD_WORD) &&
		!wants_digits(field);
}

int64_t
prompt_number(const struct prompt *prompt, size_t i)
{
	const struct field *field = &prompt->fields[i];

	return field->text.len ? strtoll(field->text.data, NULL, 10) :
		field->most;
}

static void
set_complaint(struct field *field, const char *words)
{
	snprintf(field->complaint, sizeof field->complaint, "%.*s",
		(int)sizeof field->complaint - 1, words);
}

/* ---- editing ---- */

static void
encode(char out[5], uint32_t cp)
{
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	out[n] = '\0';
	for (size_t i = n; i-- > 1; cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3F));
	out[0] = (char)(n == 1 ? cp : lead[n] | cp);
}

static void
insert(struct field *field, const char *bytes)
{
	size_t n = strlen(bytes);
	struct str *s = &field->text;
	size_t most = wants_digits(field) ? FIELD_DIGITS_MAX : FIELD_BYTES_MAX;

	if (s->len + n > most)
		return;
	str_add(s, bytes);	/* makes the room; then put in order */
	memmove(s->data + field->cursor + n, s->data + field->cursor,
		s->len - n - field->cursor);
	memcpy(s->data + field->cursor, bytes, n);
	field->cursor += n;
}

static void
erase(struct field *field, size_t from, size_t to)
{
	struct str *s = &field->text;

	memmove(s->data + from, s->data + to, s->len - to);
	str_truncate(s, s->len - (to - from));
	field->cursor = from;
}

/* The beginning of the next character (its combining marks included). */
static size_t
after(const struct field *field, size_t at)
{
	const struct str *s = &field->text;
	uint32_t cp;
	size_t n;

	if (at >= s->len)
		return s->len;
	n = text_decode(s->data + at, s->len - at, &cp);
	at += n ? n : 1;
	while (at < s->len) {
		n = text_decode(s->data + at, s->len - at, &cp);
		if (!n || !text_is_combining(cp))
			break;
		at += n;
	}
	return at;
}

static size_t
before(const struct field *field, size_t at)
{
	size_t last = 0, next;

	for (size_t i = 0; i < at; i = next) {
		next = after(field, i);
		last = i;
	}
	return last;
}

static size_t
word_before(const struct field *field, size_t at)
{
	const char *s = field->text.data;

	while (at > 0 && s[at - 1] == ' ')
		at--;
	while (at > 0 && s[at - 1] != ' ')
		at--;
	return at;
}

static void
edit(struct field *field, key_code key)
{
	size_t at = field->cursor, end = field->text.len;
	char bytes[5];

	switch (key) {
	case KEYS_LEFT:
		field->cursor = before(field, at);
		return;
	case KEYS_RIGHT:
		field->cursor = after(field, at);
		return;
	case KEYS_HOME:
	case KEY_CTRL('A'):
		field->cursor = 0;
		return;
	case KEYS_END:
	case KEY_CTRL('E'):
		field->cursor = end;
		return;
	case KEYS_BACKSPACE:
		erase(field, before(field, at), at);
		return;
	case KEYS_DEL:
		erase(field, at, after(field, at));
		return;
	case KEY_CTRL('U'):
		erase(field, 0, at);
		return;
	case KEY_CTRL('K'):
		erase(field, at, end);
		return;
	case KEY_CTRL('W'):
		erase(field, word_before(field, at), at);
		return;
	default:
		break;
	}
	if (key < 0x20 || key >= KEY_SPECIAL)
		return;
	if (wants_digits(field) && (key < '0' || key > '9'))
		return;
	encode(bytes, key);
	insert(field, bytes);
}

/* ---- the prompt ---- */

static bool
is_blank(const struct str *text)
{
	return strspn(text->data, " ") == text->len;
}

void
prompt_refuse(struct prompt *prompt, size_t field, const char *why)
{
	prompt->state = PROMPT_OPEN;
	prompt->focus = field;
	set_complaint(&prompt->fields[field], why);
}

/* Whether a field may stay as it is; says why not. */
static bool
is_filled(struct field *field)
{
	int64_t n = field->kind == FIELD_NUMBER && field->text.len ?
		strtoll(field->text.data, NULL, 10) : 0;

	if (field->required && is_blank(&field->text))
		set_complaint(field, "This is needed");
	else if (field->kind == FIELD_NUMBER && field->text.len &&
	    (n < 1 || n > field->most))
		set_complaint(field, n < 1 ? "At least 1; Esc leaves it" :
			"There are not so many");
	return !*field->complaint;
}

/* It was decided: done, unless something is missing. */
static void
decide(struct prompt *prompt)
{
	for (size_t i = 0; i < prompt->count; i++)
		if (!is_filled(&prompt->fields[i])) {
			prompt->focus = i;
			return;
		}
	prompt->state = PROMPT_DONE;
}

/* Enter. */
static void
accept(struct prompt *prompt)
{
	struct field *here = &prompt->fields[prompt->focus];
	char word[FIELD_WORDS_MAX];

	memcpy(word, here->words[0], sizeof word);
	if (!is_filled(here))
		return;
	if (prompt->focus + 1 < prompt->count)
		prompt->focus = prompt->count - 1;
	else if (here->kind == FIELD_KEY)
		snprintf(here->complaint, sizeof here->complaint,
			"Only %c does it; n and Esc leave it", here->key);
	else if (here->kind == FIELD_WORD &&
	    strcmp(here->text.data, here->words[0]) != 0)
		snprintf(here->complaint, sizeof here->complaint,
			"Only %.40s does it; Esc leaves it", word);
	else
		decide(prompt);
}

/* Who types a word by mistake has answered nothing by one of its letters. */
static void
decide_by_key(struct prompt *prompt, struct field *field, key_code key)
{
	int64_t now = clock_mono_ms();
	bool yes = key == (key_code)field->key, no = key == 'n' || key == 'q';
	bool among = prompt->strayed && now - prompt->strayed_at_mono_ms <
		PROMPT_STRAY_MS;

	if ((yes || no) && among)
		set_complaint(field, "Among other keys: once more, alone");
	else if (yes)
		decide(prompt);
	else if (no)
		prompt->state = PROMPT_CANCELLED;
	else
		snprintf(field->complaint, sizeof field->complaint,
			"Only %c does it; n and Esc leave it", field->key);
	prompt->strayed = among || (!yes && !no && key > ' ' &&
		key < KEY_SPECIAL);
	prompt->strayed_at_mono_ms = now;
}

static void
turn(struct field *field, key_code key)
{
	if (key == ' ')
		field->choice = (field->choice + 1) % field->choice_count;
	else
		set_complaint(field, "Space turns it; Tab goes on");
}

/* The next older (up) or newer of the texts that are offered. */
static void
offer(struct prompt *prompt, bool up)
{
	size_t n = prompt->offer + (up ? 1 : prompt->offer_count);

	prompt->offer = n % (prompt->offer_count + 1);
	set_text(&prompt->fields[0], prompt->offer ?
		prompt->offers[prompt->offer - 1] : "");
}

static void
move_focus(struct prompt *prompt, key_code key)
{
	bool back = key == KEYS_UP || key == KEYS_BACKTAB;

	if (prompt->focus == 0 && prompt->offer_count &&
	    (key == KEYS_UP || key == KEYS_DOWN))
		offer(prompt, back);
	else
		prompt->focus = (prompt->focus + (back ? prompt->count - 1 :
			1)) % prompt->count;
}

/* A key for the field that has the focus. */
static void
field_key(struct prompt *prompt, const struct key_event *event)
{
	struct field *field = &prompt->fields[prompt->focus];
	bool typed = field->kind == FIELD_TEXT || field->kind == FIELD_NUMBER ||
		field->kind == FIELD_WORD;

	/* What is pasted is a text, never an answer. */
	if (event->pasted && field->kind != FIELD_TEXT)
		return;
	if (field->kind == FIELD_KEY)
		decide_by_key(prompt, field, event->key);
	else if (field->kind == FIELD_CHOICE)
		turn(field, event->key);
	else if (field->kind == FIELD_WORD && wants_digits(field) &&
	    (event->key == 'n' || event->key == 'q'))
		prompt->state = PROMPT_CANCELLED;
	else if (typed)
		edit(field, event->key);
}

enum prompt_state
prompt_key(struct prompt *prompt, const struct key_event *event)
{
	for (size_t i = 0; i < prompt->count; i++)
		prompt->fields[i].complaint[0] = '\0';
	switch (event->key) {
	case KEYS_ESC:
	case KEY_CTRL('C'):
	case KEY_CTRL('G'):
		prompt->state = PROMPT_CANCELLED;
		break;
	case KEYS_ENTER:
		accept(prompt);
		break;
	case KEYS_TAB: case KEYS_DOWN: case KEYS_BACKTAB: case KEYS_UP:
		move_focus(prompt, event->key);
		break;
	default:
		field_key(prompt, event);
		break;
	}
	return prompt->state;
}
