/* SPDX-License-Identifier: ISC */
/* delivered: spreading what is recent; see delivered.h. */
#include "import/delivered_private.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
books_add_who(struct str *out, const char *words, size_t len)
{
	bool one = len > strlen(DELIVERED_BEGUN) &&
		strncmp(words, DELIVERED_BEGUN, strlen(DELIVERED_BEGUN)) == 0;
	size_t start = out->len;

	str_add_bytes(out, words, len);
	str_add_char(out, '\n');
	for (char *p = out->data + start; !one && *p; p++)
		if (*p == ' ')
			*p = '\n';
}

struct line {
	unsigned group;
	const char *text;	/* "KEY WHO...\n" */
};

static int
compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->text < y->text ? -1 : x->text > y->text;
}

static struct line *
sort_lines(const struct str *recent, size_t *count_out)
{
	struct line *lines = NULL;
	size_t count = 0, cap = 0;

	for (const char *p = recent->data, *end; *p; p = end + 1) {
		size_t key = strcspn(p, " \n");

		end = strchr(p, '\n');
		if (p[key] != ' ')
			continue;
		xgrow(&lines, &cap, count + 1, sizeof *lines, BOOKS_READ_MAX);
		lines[count++] = (struct line){ books_group(p, key), p };
	}
	if (count)
		qsort(lines, count, sizeof *lines, compare_lines);
	*count_out = count;
	return lines;
}

static void
add_spread(struct str *added, const char *line)
{
	size_t key = strcspn(line, " ");
	struct str who = STR_INIT;

	books_add_who(&who, line + key + 1, strcspn(line + key + 1, "\n"));
	for (char *p = who.data, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		str_add_bytes(added, line, key + 1);
		str_add_bytes(added, p, (size_t)(end - p) + 1);
	}
	str_release(&who);
}

/* Appends to the file of a group; when it is durable, the caller sees to. */
static int
add_to_group(int po_dirfd, unsigned group, const struct str *added,
	struct error *err)
{
	struct str old = STR_INIT;
	char name[24];
	int rc;

	books_file_name(name, group);
	rc = books_read(po_dirfd, name, &old, err);
	if (rc == 0 && old.len > DELIVERED_FILE_MAX)
		rc = books_replace(po_dirfd, name, &old, added, err);
	else if (rc == 0)
		rc = books_append(po_dirfd, name, (off_t)old.len, added, false,
			err);
	str_release(&old);
	return rc;
}

static int
spread(struct delivered_books *b, const struct line *lines, size_t count,
	struct error *err)
{
	struct str added = STR_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		add_spread(&added, lines[i].text);
		if (i + 1 < count && lines[i + 1].group == lines[i].group)
			continue;
		rc = add_to_group(b->po_dirfd, lines[i].group, &added, err);
		str_clear(&added);
	}
	str_release(&added);
	return rc;
}

/* Empties `recent`. That it is empty need not be durable. */
int
books_spread(struct delivered_books *b, struct error *err)
{
	size_t count;
	struct line *lines = sort_lines(&b->recent, &count);
	int fd, rc = spread(b, lines, count, err);

	free(lines);
	if (rc == 0)
		rc = fs_sync_all(b->po_dirfd, BOOKS_DIR, err);
	if (rc < 0)
		return -1;
	fd = books_open(b->po_dirfd, BOOKS_RECENT, O_TRUNC, err);
	if (fd < 0)
		return -1;
	close(fd);
	str_clear(&b->recent);
	b->recent_end = 0;
	memset(b->maybe, 0, sizeof b->maybe);
	return 0;
}
