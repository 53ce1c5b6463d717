/* SPDX-License-Identifier: ISC */
/*
 * settings_scan: reading a settings file, and a look at it before libconfig
 * gets it; see settings_table.h for the contract.
 *
 * libconfig 1.5 cuts long numbers to 32 bits without a word, which cannot be
 * seen afterwards, and reads other files at @include.
 */
#include "settings/settings_table.h"
#include "base/files.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)	/* more is no settings file */
#define DIGITS_MAX 9			/* always fits into 32 bits */

int
settings_read_text(const char *file, struct str *out, struct error *err)
{
	char shown[256];
	int got = fs_read_file(AT_FDCWD, file, FILE_MAX, out, err);

	if (got < 0 && err->sys == EISDIR)
		return error_set(err, ERROR_STORE, "%s is a directory, not a "
			"settings file", text_printable(shown, sizeof shown,
				file, strlen(file)));
	if (got < 0)
		err->code = ERROR_STORE;
	if (got == 1 && memchr(out->data, '\0', out->len))
		return error_set(err, ERROR_STORE, "%s holds NUL bytes: it is "
			"not a text", text_printable(shown, sizeof shown,
				file, strlen(file)));
	return got;
}

/* Past the next `end` after p, or to the end of the text. */
static const char *
past(const char *p, const char *end)
{
	const char *found = strstr(p, end);

	return found ? found + strlen(end) : p + strlen(p);
}

static const char *
past_string(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		if (*p == '\\' && p[1])
			p++;
	return p + (*p == '"');
}

/* A name or a number, or one character that is neither. */
static const char *
past_word(const char *p)
{
	while (isalnum((unsigned char)*p) || (*p && strchr("_-*.", *p)))
		p++;
	return p;
}

static bool
is_long_number(const char *p)
{
	return isdigit((unsigned char)*p) &&
		strspn(p, "0123456789abcdefABCDEFxX") > DIGITS_MAX;
}

static int
refuse(const char *text, const char *at, const char *file, const char *words,
	struct error *err)
{
	unsigned line = 1;
	char shown[256];

	for (; text < at; text++)
		line += *text == '\n';
	return error_set(err, ERROR_STORE, "%s:%u: %s", text_printable(shown,
		sizeof shown, file, strlen(file)), line, words);
}

int
settings_scan(const char *text, const char *file, struct error *err)
{
	const char *p = text, *next;

	for (; *p; p = next) {
		if (*p == '#' || strncmp(p, "//", 2) == 0)
			next = past(p, "\n");
		else if (strncmp(p, "/*", 2) == 0)
			next = past(p + 2, "*/");
		else if (*p == '"')
			next = past_string(p);
		else if (strncmp(p, "@include", 8) == 0)
			return refuse(text, p, file, "@include is refused: "
				"the settings are one file", err);
		else if (is_long_number(p + (*p == '-')))
			return refuse(text, p, file, "a number of more than "
				"nine digits", err);
		else
			next = past_word(p) > p ? past_word(p) : p + 1;
	}
	return 0;
}
