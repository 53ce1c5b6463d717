/* prompt: see prompt.h for the contract. */
#include "prompt/prompt.h"
#include "base/text.h"

#include <assert.h>
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
	prompt->decides = prompt->count++;
	*field = (struct field){ .kind = kind, .label = label };
	str_init(&field->text);
	return field;
}

size_t
prompt_add_text(struct prompt *prompt, const char *label, const char *offered,
	bool required)
{
	struct field *field = add(prompt, FIELD_TEXT, label);

	text_add_printable(&field->text, offered,
		strnlen(offered, FIELD_BYTES_MAX / 8));
	field->cursor = field->text.len;
	field->required = required;
	field->offered = field->text.len > 0;
	return prompt->count - 1;
}

size_t
prompt_add_toggle(struct prompt *prompt, const char *label, bool yes)
{
	add(prompt, FIELD_TOGGLE, label)->yes = yes;
	return prompt->count - 1;
}

size_t
prompt_add_number(struct prompt *prompt, const char *label)
{
	add(prompt, FIELD_NUMBER, label);
	return prompt->count - 1;
}

bool
prompt_is_text(const struct prompt *prompt)
{
	return prompt->state == PROMPT_OPEN && prompt->count &&
		prompt->fields[prompt->focus].kind == FIELD_TEXT;
}

int64_t
prompt_number(const struct prompt *prompt, size_t field)
{
	const struct str *text = &prompt->fields[field].text;

	return text->len ? strtoll(text->data, NULL, 10) : -1;
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
	size_t most = field->kind == FIELD_NUMBER ? FIELD_DIGITS_MAX :
		FIELD_BYTES_MAX;

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
	bool offered = field->offered;
	char bytes[5];

	field->offered = false;
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
	if (field->kind == FIELD_NUMBER && (key < '0' || key > '9'))
		return;
	if (offered)
		erase(field, 0, field->text.len);
	encode(bytes, key);
	insert(field, bytes);
}

/* ---- the prompt ---- */

static bool
is_blank(const struct str *text)
{
	return strspn(text->data, " ") == text->len;
}

static void
accept(struct prompt *prompt)
{
	const struct field *here = &prompt->fields[prompt->focus];

	if (here->required && is_blank(&here->text)) {
		prompt->complaint = "this is needed";
		return;
	}
	if (prompt->focus != prompt->decides) {
		prompt->focus = prompt->focus < prompt->decides ?
			prompt->focus + 1 : prompt->decides;
		return;
	}
	for (size_t i = 0; i < prompt->count; i++) {
		struct field *field = &prompt->fields[i];

		if (!field->required || !is_blank(&field->text))
			continue;
		prompt->focus = i;
		prompt->complaint = "this is needed";
		return;
	}
	prompt->state = PROMPT_DONE;
}

/* False: a key that says neither. */
static bool
turn(struct field *field, key_code key)
{
	if (key == ' ')
		field->yes = !field->yes;
	else if (key == 'y' || key == 'n')
		field->yes = key == 'y';
	else
		return false;
	return true;
}

enum prompt_state
prompt_key(struct prompt *prompt, const struct key_event *event)
{
	struct field *field = &prompt->fields[prompt->focus];

	prompt->complaint = NULL;
	switch (event->key) {
	case KEYS_ESC:
	case KEY_CTRL('C'):
	case KEY_CTRL('G'):
		return prompt->state = PROMPT_CANCELLED;
	case KEYS_ENTER:
		accept(prompt);
		return prompt->state;
	case KEYS_TAB:
	case KEYS_DOWN:
		prompt->focus = (prompt->focus + 1) % prompt->count;
		return prompt->state;
	case KEYS_BACKTAB:
	case KEYS_UP:
		prompt->focus = (prompt->focus + prompt->count - 1) %
			prompt->count;
		return prompt->state;
	default:
		break;
	}
	/* What is pasted is a text, never an answer. */
	if (field->kind == FIELD_TOGGLE && !event->pasted &&
	    !turn(field, event->key))
		prompt->complaint = "y or n, or Space; then Enter";
	else if (field->kind != FIELD_TOGGLE)
		edit(field, event->key);
	return prompt->state;
}

int
prompt_choose(const struct prompt_choice *choices, key_code key)
{
	if (key == KEYS_ESC || key == KEY_CTRL('C') || key == KEY_CTRL('G'))
		return -1;
	for (int i = 0; choices[i].key; i++)
		if (choices[i].key == key)
			return i;
	return -2;
}
