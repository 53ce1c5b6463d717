/* SPDX-License-Identifier: ISC */
/* handoff_note: see handoff_note.h for the contract. */
#include "import/handoff_note.h"
#include "import/delivered.h"
#include "base/files.h"
#include "import/handoff.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTE_NAME "handing"
#define NOTE_END ".\n"		/* a line that is no address: it is complete */
#define NOTE_MAX ((size_t)HANDOFF_RECIPIENTS_MAX * 300 + 200)

static int
write_note(int po_dirfd, const struct str *text, struct error *err)
{
	int fd = openat(po_dirfd, NOTE_NAME, O_WRONLY | O_CREAT | O_TRUNC |
		O_NOFOLLOW | O_CLOEXEC, 0660);
	int rc;

	if (fd < 0)
		return error_sys(err, errno, "open " NOTE_NAME);
	rc = fs_write_all(fd, text->data, text->len, err);
	if (rc == 0)
		rc = fs_sync(fd, NOTE_NAME, err);
	close(fd);
	return rc < 0 ? -1 : fs_sync(po_dirfd, "post office", err);
}

int
handoff_note(int po_dirfd, const char *key, const char *const *who,
	size_t count, struct error *err)
{
	struct str text = STR_INIT;
	int rc;

	str_addf(&text, "%s\n", key);
	for (size_t i = 0; i < count; i++)
		str_addf(&text, "%s\n", who[i]);
	str_add(&text, NOTE_END);
	rc = write_note(po_dirfd, &text, err);
	str_release(&text);
	return rc;
}

void
handoff_note_clear(int po_dirfd)
{
	unlinkat(po_dirfd, NOTE_NAME, 0);
}

/* The lines of a complete note: its key, and DELIVERED_BEGUN before each of the
 * addresses; false if it is none. */
static bool
take_apart(char *text, const char **key_out, char **who, size_t *count_out)
{
	char *rest = text, *line = strsep(&rest, "\n");
	size_t n = 0;

	*key_out = line;
	if (!delivered_is_key(line))
		return false;
	while (rest && (line = strsep(&rest, "\n")) &&
	    strcmp(line, ".") != 0 && n < HANDOFF_RECIPIENTS_MAX)
		who[n++] = xasprintf(DELIVERED_BEGUN "%s", line);
	*count_out = n;
	return rest && strcmp(line, ".") == 0;
}

/* A note without its end was not on disk when its command was to start: that
 * never ran. */
int
handoff_recover(struct delivered_books *books, struct error *err)
{
	char *who[HANDOFF_RECIPIENTS_MAX] = { NULL };
	struct str text = STR_INIT;
	const char *key;
	size_t count = 0;
	int rc = fs_read_file(books->po_dirfd, NOTE_NAME, NOTE_MAX, &text, err);

	if (rc > 0) {
		rc = 0;
		if (take_apart(text.data, &key, who, &count))
			for (size_t i = 0; i < count; i++)
				delivered_note(books, key,
					(const char *const *)&who[i], 1);
		rc = delivered_commit(books, err);
		if (rc == 0)
			handoff_note_clear(books->po_dirfd);
	}
	for (size_t i = 0; i < HANDOFF_RECIPIENTS_MAX; i++)
		free(who[i]);
	str_release(&text);
	return rc < 0 ? error_prefix(err, "after an interrupted hand-off") : 0;
}
