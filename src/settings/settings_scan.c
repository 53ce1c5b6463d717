/*
 * settings_scan: reading a settings file, and a look at it before libconfig
 * gets it; see settings_table.h for the contract.
 *
 * libconfig 1.5 cuts long numbers to 32 bits without a word, and ends the
 * process when an included name is a directory. Neither can be seen
 * afterwards, so the text is walked once, as its scanner would.
 */
#include "settings/settings_table.h"
#include "base/files.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)	/* more is no settings file */
#define DIGITS_MAX 9			/* always fits into 32 bits */
#define DEPTH_MAX 10			/* libconfig's own limit */

struct scan {
	const char *file;
	const char *p;			/* the text ends with a NUL */
	unsigned line;
	unsigned depth;
};

static int scan_text(struct scan *s, struct error *err);

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

static int
scan_error(const struct scan *s, struct error *err, const char *words)
{
	char shown[256];

	return error_set(err, ERROR_STORE, "%s:%u: %s", text_printable(shown,
		sizeof shown, s->file, strlen(s->file)), s->line, words);
}

/* Past what ends before the text does; counts the lines. */
static void
skip_until(struct scan *s, const char *end)
{
	size_t len = strlen(end);

	for (; *s->p && strncmp(s->p, end, len) != 0; s->p++)
		s->line += *s->p == '\n';
	/* The line feed that ends a comment is not part of it. */
	if (*s->p && *end != '\n')
		s->p += len;
}

static void
skip_string(struct scan *s)
{
	for (s->p++; *s->p && *s->p != '"'; s->p++) {
		if (*s->p == '\\' && s->p[1])
			s->p++;
		s->line += *s->p == '\n';
	}
	s->p += *s->p == '"';
}

static bool
is_word_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_-*.", c));
}

/* A name or a number, or one character that is neither. */
static int
scan_word(struct scan *s, struct error *err)
{
	const char *digits = s->p + (*s->p == '-');

	if (isdigit((unsigned char)*digits) &&
	    strspn(digits, "0123456789abcdefABCDEFxX") > DIGITS_MAX)
		return scan_error(s, err, "a number of more than nine digits");
	if (!is_word_char(*s->p++))
		return 0;
	while (is_word_char(*s->p))
		s->p++;
	return 0;
}

/* At the word @include. Wrong syntax is left to libconfig. */
static int
scan_include(struct scan *s, struct error *err)
{
	struct scan inner = { NULL, NULL, 1, s->depth + 1 };
	struct str text = STR_INIT;
	const char *name, *end;
	char *file = NULL;
	int rc = 0;

	s->p += strlen("@include");
	name = s->p + strspn(s->p, " \t");
	end = *name == '"' ? strpbrk(name + 1, "\"\n") : NULL;
	if (!end || *end != '"' || inner.depth > DEPTH_MAX)
		return 0;
	str_add_bytes(&text, name + 1, (size_t)(end - name - 1));
	file = str_steal(&text);
	rc = settings_read_text(file, &text, err);
	inner.file = file;
	inner.p = text.data;
	if (rc == 0)
		rc = scan_error(s, err, "the file to include is not there");
	else if (rc < 0)
		scan_error(s, err, err->text);
	else
		rc = scan_text(&inner, err);
	str_release(&text);
	free(file);
	s->p = end + 1;
	return rc;
}

/* One thing of the text: a comment, a string, a word or a character. */
static int
scan_one(struct scan *s, bool line_start, struct error *err)
{
	if (*s->p == '#' || strncmp(s->p, "//", 2) == 0)
		skip_until(s, "\n");
	else if (strncmp(s->p, "/*", 2) == 0) {
		s->p += 2;		/* or the star of "/" "*" "/" ends it */
		skip_until(s, "*/");
	} else if (*s->p == '"')
		skip_string(s);
	else if (line_start && strncmp(s->p, "@include", 8) == 0)
		return scan_include(s, err);
	else
		return scan_word(s, err);
	return 0;
}

static int
scan_text(struct scan *s, struct error *err)
{
	bool line_start = true;
	int rc = 0;

	while (*s->p && rc == 0) {
		if (*s->p == '\n' || *s->p == ' ' || *s->p == '\t') {
			line_start = line_start || *s->p == '\n';
			s->line += *s->p++ == '\n';
			continue;
		}
		rc = scan_one(s, line_start, err);
		line_start = false;
	}
	return rc;
}

int
settings_scan(const struct str *text, const char *file, struct error *err)
{
	struct scan s = { file, text->data, 1, 0 };

	return scan_text(&s, err);
}
