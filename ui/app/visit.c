/* SPDX-License-Identifier: ISC */
/* visit: see visit.h for the contract. */
#include "app/visit.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_MAX 16384	/* a time, and a filter for each view */

/* The directory, which the caller frees; NULL: there is no place for it. */
static char *
directory(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state == '/')
		return xasprintf("%s/ccmq/visits", state);
	return home && *home == '/' ?
		xasprintf("%s/.local/state/ccmq/visits", home) : NULL;
}

/* Makes the directory and those above it. */
static void
make_directory(char *path)
{
	for (char *s = path + 1; *s; s++)
		if (*s == '/') {
			*s = '\0';
			(void)mkdir(path, 0700);
			*s = '/';
		}
	(void)mkdir(path, 0700);
}

static char *
file_of(const char *uuid, bool make)
{
	char *dir = directory(), *file;

	if (!dir)
		return NULL;
	if (make)
		make_directory(dir);
	file = xasprintf("%s/%s", dir, uuid);
	free(dir);
	return file;
}

int64_t
visit_last(const char *uuid, struct str *filters_out)
{
	char *file = file_of(uuid, false), text[BYTES_MAX];
	int fd = file ? open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK) : -1;
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	int64_t at = INT64_MAX;		/* nothing is new on the first visit */
	struct error ignored = ERROR_INIT;
	size_t line;

	if (n > 0) {
		text[n] = '\0';
		line = strcspn(text, "\n");
		if (text[line])
			str_add(filters_out, text + line + 1);
		text[line] = '\0';
		if (text_parse_int(text, 0, INT64_MAX, &at, &ignored) < 0)
			at = INT64_MAX;
	}
	if (fd >= 0)
		close(fd);
	free(file);
	return at;
}

void
visit_remember(const char *uuid, const char *filters)
{
	char *file = file_of(uuid, true), *new;
	struct str text = STR_INIT;
	int fd;

	if (!file)
		return;
	str_addf(&text, "%" PRId64 "\n%s", clock_wall(), filters);
	new = xasprintf("%s.%ld", file, (long)getpid());
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		if (write(fd, text.data, text.len) != (ssize_t)text.len ||
		    rename(new, file) < 0)
			(void)unlink(new);
		close(fd);
	}
	str_release(&text);
	free(new);
	free(file);
}
