/* SPDX-License-Identifier: ISC */
/* settings_check: what texts may be, beyond their length. See
 * settings_table.h for the contract. */
#include "settings/alarm.h"
#include "settings/settings_table.h"
#include "mail/charset.h"

#include <stddef.h>

const struct settings_console *settings_console;

int
settings_check_code_page(const char *text, struct error *err)
{
	struct charset *cs = charset_new(text, err);

	charset_free(cs);
	return cs ? 0 : -1;
}

int
settings_check_absolute(const char *text, struct error *err)
{
	if (!*text || *text == '/')
		return 0;
	return error_set(err, ERROR_INVALID, "must be empty or begin with /");
}

int
settings_check_counts(const char *text, struct error *err)
{
	struct alarm_limit limit;

	return alarm_parse(ALARM_COUNTED, text, &limit, err);
}

int
settings_check_ages(const char *text, struct error *err)
{
	struct alarm_limit limit;

	return alarm_parse(ALARM_TIME, text, &limit, err);
}

int
settings_check_sizes(const char *text, struct error *err)
{
	struct alarm_limit limit;

	return alarm_parse(ALARM_BYTES, text, &limit, err);
}

/* What ssh(1) could take for an option, or a terminal for something else, is
 * refused. */
int
settings_check_host(const char *text, struct error *err)
{
	size_t n = 0;

	if (*text == '-')
		return error_set(err, ERROR_INVALID, "must not begin with -");
	while (text[n] > ' ' && text[n] <= '~')
		n++;
	return text[n] || n > 64 ? error_set(err, ERROR_INVALID, "may have 64 "
		"printable characters of ASCII, no blanks") : 0;
}

int
settings_check_color(const char *text, struct error *err)
{
	if (!*text || !settings_console)
		return 0;
	return settings_console->color(text, err);
}
