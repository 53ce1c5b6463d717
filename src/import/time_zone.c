/* SPDX-License-Identifier: ISC */
/* time_zone: see time_zone.h for the contract. */
#include "import/time_zone.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* tzfile(5): such a file begins with these. */
static bool
has_file(const char *zone)
{
	const char *dir = getenv("TZDIR");
	char *path = xasprintf("%s/%s", dir && *dir ? dir :
		"/usr/share/zoneinfo", zone);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char magic[4] = "";
	bool has = fd >= 0 && read(fd, magic, 4) == 4 &&
		memcmp(magic, "TZif", 4) == 0;

	if (fd >= 0)
		close(fd);
	free(path);
	return has;
}

/* Behind a name of three letters or more, or one in < >; NULL: none. */
static const char *
after_name(const char *s)
{
	size_t len;

	if (*s == '<') {
		len = strspn(s + 1, LETTERS DIGITS "+-");
		return len >= 3 && s[len + 1] == '>' ? s + len + 2 : NULL;
	}
	len = strspn(s, LETTERS);
	return len >= 3 ? s + len : NULL;
}

/* Behind [+-]hh[:mm[:ss]]; NULL: none. */
static const char *
after_offset(const char *s)
{
	size_t len;

	s += *s == '+' || *s == '-';
	len = strspn(s, DIGITS);
	return len >= 1 && len <= 3 ? s + len + strspn(s + len, DIGITS ":") :
		NULL;
}

/* POSIX 8.3: std offset [dst [offset] [,rule]] */
static bool
is_rule(const char *s)
{
	s = after_name(s);
	if (!s || !(s = after_offset(s)))
		return false;
	if (!*s)
		return true;
	s = after_name(s);
	if (s && *s && *s != ',')
		s = after_offset(s);
	return s && (!*s || (*s == ',' && strchr(s + 1, ',')));
}

bool
time_zone_is_known(const char *zone)
{
	if (*zone == ':')
		zone++;
	if (strcmp(zone, "UTC") == 0 || is_rule(zone))
		return true;
	return *zone != '/' && !strstr(zone, "..") && has_file(zone);
}
