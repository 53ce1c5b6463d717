/* SPDX-License-Identifier: ISC */
/* original_log: see original_log.h for the contract. */
#include "reach/original_log.h"

#include <string.h>

static const char from_file[] = "IMPORT from file ";
static const char returned[] = " returned result code ";
static const char completed[] = " completed successfully";

/* Where word begins in text, or NULL. */
static const char *
find(const char *text, const char *end, const char *word)
{
	return memmem(text, (size_t)(end - text), word, strlen(word));
}

/* "1. Program …": digits and a full stop, or the end. -1: no such number. */
static int
read_code(const char *text, const char *end)
{
	int code = 0, digits = 0;

	for (; text < end && *text >= '0' && *text <= '9'; text++, digits++)
		if (digits == 3 || (code = code * 10 + *text - '0') > 255)
			return -1;
	return digits > 0 && (text == end || *text == '.') ? code : -1;
}

bool
original_log_read(const char *line, size_t len, struct original_event *out)
{
	const char *end = line + len, *name, *behind;

	name = find(line, end, from_file);
	if (!name)
		return false;
	name += strlen(from_file);
	behind = find(name, end, returned);
	out->code = behind ? read_code(behind + strlen(returned), end) : 0;
	if (!behind)
		behind = find(name, end, completed);
	if (!behind || behind == name || out->code < 0 ||
	    behind - name >= ORIGINAL_NAME_MAX)
		return false;
	memcpy(out->name, name, (size_t)(behind - name));
	out->name[behind - name] = '\0';
	return !memchr(out->name, '/', (size_t)(behind - name)) &&
		strlen(out->name) == (size_t)(behind - name);
}
