/* SPDX-License-Identifier: ISC */
/* key: see key.h for the contract. */
#include "term/key.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	key_code key;
	const char *word;
} words[] = {
#define X(name, word) { name, word },
	KEY_LIST(X)
#undef X
	{ ' ', "Space" },
};

/* The UTF-8 of a code point. */
static void
encode(char out[5], key_code cp)
{
	size_t n = 0;

	if (cp < 0x80) {
		out[n++] = (char)cp;
	} else if (cp < 0x800) {
		out[n++] = (char)(0xC0 | cp >> 6);
		out[n++] = (char)(0x80 | (cp & 0x3F));
	} else if (cp < 0x10000) {
		out[n++] = (char)(0xE0 | cp >> 12);
		out[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[n++] = (char)(0x80 | (cp & 0x3F));
	} else {
		out[n++] = (char)(0xF0 | cp >> 18);
		out[n++] = (char)(0x80 | (cp >> 12 & 0x3F));
		out[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[n++] = (char)(0x80 | (cp & 0x3F));
	}
	out[n] = '\0';
}

const char *
key_word(char out[KEY_NAME_MAX], key_code key)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].key == key)
			return strcpy(out, words[i].word);
	if (key > 0 && key <= 26)
		snprintf(out, KEY_NAME_MAX, "Ctrl-%c", (char)(key + '@'));
	else if (key >= 0x20 && key < KEY_SPECIAL)
		encode(out, key);
	else
		snprintf(out, KEY_NAME_MAX, "(none)");
	return out;
}

bool
key_parse(const char *name, key_code *out)
{
	size_t len = strlen(name), n;
	uint32_t cp;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (text_equal_nocase(words[i].word, name)) {
			*out = words[i].key;
			return true;
		}
	}
	if (strncasecmp(name, "Ctrl-", 5) == 0 && len == 6) {
		char letter = name[5] & ~0x20;

		if (letter < 'A' || letter > 'Z')
			return false;
		*out = KEY_CTRL(letter);
		return true;
	}
	n = text_decode(name, len, &cp);
	if (!n || n != len || cp <= 0x20 || (cp >= 0x7F && cp < 0xA0))
		return false;
	*out = cp;
	return true;
}
