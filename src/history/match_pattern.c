/* SPDX-License-Identifier: ISC */
/* match_pattern: what people write with * and ?, in the languages of SQLite
 * and PCRE2; see match_word.h. */
#include "history/match_word.h"

#include <string.h>

static bool
is_escape(const char *p)
{
	return *p == '\\' && p[1] && strchr("*?\"\\", p[1]);
}

bool
match_has_wildcard(const char *value)
{
	for (; *value; value++) {
		if (*value == '*' || *value == '?')
			return true;
		value += is_escape(value);
	}
	return false;
}

char *
match_like_pattern(const char *value, bool whole)
{
	struct str s = STR_INIT;

	whole = whole || match_has_wildcard(value);
	str_add(&s, whole ? "" : "%");
	for (; *value; value++) {
		if (*value == '*' || *value == '?') {
			str_add_char(&s, *value == '*' ? '%' : '_');
			continue;
		}
		value += is_escape(value);
		if (strchr("%_\\", *value))
			str_add_char(&s, '\\');
		str_add_char(&s, *value);
	}
	str_add(&s, whole ? "" : "%");
	return str_steal(&s);
}

/* One character that stands for itself, letters of ASCII in both cases. */
static void
add_regex_char(struct str *s, char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		str_addf(s, "[%c%c]", c & ~0x20, c | 0x20);
	else if ((unsigned char)c < 0x80 && !(c >= '0' && c <= '9'))
		str_addf(s, "\\x%02x", (unsigned char)c);
	else
		str_add_char(s, c);
}

/* What stands between two stars is taken at its first place and never moved:
 * no other place could do better, and time stays linear. */
char *
match_line_pattern(const char *value)
{
	struct str s = STR_INIT;
	const char *star;
	bool atomic = false;

	str_add_char(&s, '^');
	for (; *value; value++) {
		if (*value == '*') {
			str_add(&s, atomic ? ")" : "");
			for (star = value + 1; *star && *star != '*'; star++)
				star += is_escape(star);
			atomic = *star == '*';
			str_add(&s, atomic ? "(?>[^\\n]*?" : "[^\\n]*");
		} else if (*value == '?') {
			str_add(&s, "[^\\n]");
		} else {
			value += is_escape(value);
			add_regex_char(&s, *value);
		}
	}
	str_add_char(&s, '$');
	return str_steal(&s);
}
