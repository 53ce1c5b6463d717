/* SPDX-License-Identifier: ISC */
/*
 * key: what one press of a key is called.
 *
 * A key is a number: the code point of a character, 1 to 26 for Ctrl with a
 * letter, or one of the KEYS below. Names are what settings, help and manual
 * write: "j", "Ctrl-F", "PgDn", "Space". Pure.
 */
#ifndef CCMQ_UI_KEY_H
#define CCMQ_UI_KEY_H

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t key_code;

#define KEY_SPECIAL 0x110000u		/* above all code points */

/* Names are matched without case; the first of equal codes is shown. */
#define KEY_LIST(X) \
	X(KEYS_ESC, "Esc") \
	X(KEYS_ENTER, "Enter") \
	X(KEYS_TAB, "Tab") \
	X(KEYS_BACKTAB, "Shift-Tab") \
	X(KEYS_BACKSPACE, "Backspace") \
	X(KEYS_UP, "Up") \
	X(KEYS_DOWN, "Down") \
	X(KEYS_LEFT, "Left") \
	X(KEYS_RIGHT, "Right") \
	X(KEYS_PGUP, "PgUp") \
	X(KEYS_PGDN, "PgDn") \
	X(KEYS_HOME, "Home") \
	X(KEYS_END, "End") \
	X(KEYS_INS, "Ins") \
	X(KEYS_DEL, "Del") \
	X(KEYS_F1, "F1") \
	X(KEYS_F2, "F2") \
	X(KEYS_F3, "F3") \
	X(KEYS_F4, "F4") \
	X(KEYS_F5, "F5") \
	X(KEYS_F6, "F6") \
	X(KEYS_F7, "F7") \
	X(KEYS_F8, "F8") \
	X(KEYS_F9, "F9") \
	X(KEYS_F10, "F10") \
	X(KEYS_F11, "F11") \
	X(KEYS_F12, "F12")

enum key_special {
	KEYS_NONE = KEY_SPECIAL,
#define X(name, word) name,
	KEY_LIST(X)
#undef X
	KEYS_END_OF_LIST,
	KEYS_REPORT = KEYS_END_OF_LIST	/* no key: see keydecode.h */
};

#define KEY_CTRL(letter) ((key_code)((letter) & 0x1F))

#define KEY_NAME_MAX 16

/* "j", "Ctrl-F", "PgDn"; "Space" for a blank. Returns out. */
const char *key_word(char out[KEY_NAME_MAX], key_code key);

/* The key of a name (one character, Ctrl-X or a word). False: no such. */
bool key_parse(const char *name, key_code *out);

#endif
