/* SPDX-License-Identifier: ISC */
/* settings_reader: see settings_reader.h. */
#include "settings/settings_reader.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
reader_fault(struct reader *r, const config_setting_t *at, const char *name,
	const char *fmt, ...)
{
	char shown[256];
	va_list ap;

	va_start(ap, fmt);
	error_vset(r->err, ERROR_STORE, fmt, ap);
	va_end(ap);
	if (name)
		error_prefix(r->err, "%s", name);
	text_printable(shown, sizeof shown, r->file, strlen(r->file));
	error_prefix(r->err, "%s:%u", shown, at->line);
	return -1;
}

/* What kind of thing the file holds there, in words. */
static const char *
kind(const config_setting_t *at)
{
	static const char *const kinds[] = {
		[CONFIG_TYPE_NONE] = "nothing",
		[CONFIG_TYPE_GROUP] = "a group { }",
		[CONFIG_TYPE_INT] = "a number",
		[CONFIG_TYPE_INT64] = "a 64-bit number",
		[CONFIG_TYPE_FLOAT] = "a number with a fraction",
		[CONFIG_TYPE_STRING] = "a string",
		[CONFIG_TYPE_BOOL] = "true or false",
		[CONFIG_TYPE_ARRAY] = "an array [ ]",
		[CONFIG_TYPE_LIST] = "a list ( )",
	};

	return kinds[at->type];
}

int
reader_wrong_type(struct reader *r, const config_setting_t *at, const char *name,
	const char *wanted)
{
	return reader_fault(r, at, name, "wants %s, not %s", wanted, kind(at));
}

int
reader_list(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	int n;

	if (at->type != CONFIG_TYPE_LIST && at->type != CONFIG_TYPE_ARRAY)
		return reader_wrong_type(r, at, row->name, "a list");
	n = config_setting_length(at);
	if (n < row->least || n > row->most)
		return reader_fault(r, at, row->name, "has %d members; %" PRId64
			" to %" PRId64 " are possible", n, row->least,
			row->most);
	return n;
}
