/*
 * app_visit: when this user last looked at this store, so that what came since
 * can be marked '+'. One small file for each store and user, in
 * $XDG_STATE_HOME/ccmq/visits (or ~/.local/state), named by the store's uuid.
 * What cannot be read or written there is no fault: nothing is marked then.
 */
#include "app/app.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
file_of(const struct app *app, bool make)
{
	char *dir = directory(), *file;

	if (!dir)
		return NULL;
	if (make)
		make_directory(dir);
	file = xasprintf("%s/%s", dir, history_uuid(app->store.history));
	free(dir);
	return file;
}

int64_t
app_visit_last(const struct app *app)
{
	char *file = file_of(app, false), text[32];
	int fd = file ? open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK) : -1;
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	int64_t at = INT64_MAX;		/* nothing is new on the first visit */
	struct error ignored = ERROR_INIT;

	if (n > 0) {
		text[n] = '\0';
		text[strcspn(text, "\n")] = '\0';
		if (text_parse_int(text, 0, INT64_MAX, &at, &ignored) < 0)
			at = INT64_MAX;
	}
	if (fd >= 0)
		close(fd);
	free(file);
	return at;
}

void
app_visit_remember(const struct app *app)
{
	char *file = file_of(app, true), *new, text[32];
	int fd, n = snprintf(text, sizeof text, "%" PRId64 "\n", clock_wall());

	if (!file)
		return;
	new = xasprintf("%s.%ld", file, (long)getpid());
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		if (write(fd, text, (size_t)n) != n || rename(new, file) < 0)
			(void)unlink(new);
		close(fd);
	}
	free(new);
	free(file);
}
