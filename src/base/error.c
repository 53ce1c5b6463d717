/* SPDX-License-Identifier: ISC */
/* error: see error.h for the contract. */
#include "base/error.h"

#include <stdio.h>
#include <string.h>

int
error_vset(struct error *err, enum error_code code, const char *fmt, va_list ap)
{
	char text[ERROR_TEXT_MAX];

	/* Through a buffer: an argument may be err->text itself. */
	vsnprintf(text, sizeof text, fmt, ap);
	memcpy(err->text, text, sizeof text);
	err->code = code;
	err->sys = 0;
	return -1;
}

int
(error_set)(struct error *err, enum error_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(err, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
(error_sys)(struct error *err, int errnum, const char *fmt, ...)
{
	va_list ap;
	size_t used;

	va_start(ap, fmt);
	error_vset(err, ERROR_SYSTEM, fmt, ap);
	va_end(ap);
	err->sys = errnum;
	used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s",
		strerror(errnum));
	return -1;
}

int
(error_prefix)(struct error *err, const char *fmt, ...)
{
	char words[ERROR_TEXT_MAX];
	char both[2 * ERROR_TEXT_MAX + 3];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	snprintf(both, sizeof both, "%s: %s", words, err->text);
	snprintf(err->text, sizeof err->text, "%.*s", ERROR_TEXT_MAX - 1, both);
	return -1;
}
