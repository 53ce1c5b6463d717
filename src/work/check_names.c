/* SPDX-License-Identifier: ISC */
/*
 * check_names: the names of a store's files, each directory read once, and
 * what is doubted of them. See check_private.h.
 */
#include "work/check_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TELL_MS 250
#define QUIET_MS 1000		/* what is done sooner needs no progress */

void
check_init(struct check *c, struct store *s, const struct check_watch *watch)
{
	memset(c, 0, sizeof *c);
	c->store = s;
	c->watch = watch;
	c->told_ms = clock_mono_ms() + QUIET_MS - TELL_MS;
	check_keep(c, "");
}

void
check_release(struct check *c)
{
	free(c->text);
	free(c->files);
	free(c->doubts);
	memset(c, 0, sizeof *c);
}

void
check_tell(struct check *c, const char *what, int64_t done, int64_t total)
{
	int64_t now = clock_mono_ms();

	if (!c->watch->progress || now - c->told_ms < TELL_MS)
		return;
	c->told_ms = now;
	c->watch->progress(c->watch->arg, what, done, total);
}

/* A text of c itself is kept already. What there is no room for is "": it is
 * only for people. */
check_text
check_keep(struct check *c, const char *text)
{
	size_t len = strlen(text) + 1;
	check_text at = (check_text)c->text_len;

	if (c->text_len && len == 1)
		return 0;
	if ((uintptr_t)text - (uintptr_t)c->text < c->text_len)
		return (check_text)(text - c->text);
	if (len > CHECK_TEXT_MAX - c->text_len)
		return 0;
	xgrow(&c->text, &c->text_cap, c->text_len + len, 1, CHECK_TEXT_MAX);
	memcpy(c->text + at, text, len);
	c->text_len += len;
	return at;
}

/* --- files ------------------------------------------------------------- */

void
check_add_file(struct check *c, int64_t id, enum spool_dir dir,
	const char *name)
{
	xgrow(&c->files, &c->file_cap, c->file_count + 1, sizeof *c->files,
		CHECK_FILES_MAX);
	c->files[c->file_count++] = (struct check_file){
		id, check_keep(c, name), (uint8_t)dir };
}

static int
by_place(const void *a, const void *b, void *arg)
{
	const struct check_file *x = a, *y = b;
	const struct check *c = arg;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->dir != y->dir)
		return x->dir - y->dir;
	return strcmp(c->text + x->name, c->text + y->name);
}

void
check_sort_files(struct check *c)
{
	if (c->file_count)
		qsort_r(c->files, c->file_count, sizeof *c->files, by_place, c);
}

/* A file is a message only with its whole name, as we would write it. */
static void
add_name(struct check *c, enum spool_dir dir, const char *file)
{
	char whole[SPOOL_FILE_MAX];
	const char *name = strchr(file, '-');
	int64_t id;

	if (spool_parse_file_name(file, &id) &&
	    spool_is_reduced_name(name + 1)) {
		spool_file_name(whole, id, name + 1);
		if (strcmp(whole, file) == 0) {
			check_add_file(c, id, dir, name + 1);
			return;
		}
	}
	check_doubt(c, CHECK_FOREIGN, 0, dir, file, "");
}

static int
read_dir(struct check *c, enum spool_dir dir, struct error *err)
{
	DIR *handle = fs_open_names(c->store->spool.dirs[dir], ".", err);
	const struct dirent *d;
	int rc;

	if (!handle)
		return -1;
	while ((rc = fs_next(handle, &d, err)) > 0) {
		if (c->file_count == CHECK_FILES_MAX ||
		    CHECK_TEXT_MAX - c->text_len < sizeof d->d_name) {
			rc = error_set(err, ERROR_INVALID, "holds more files "
				"than a check can");
			break;
		}
		add_name(c, dir, d->d_name);
		check_tell(c, "reading names", (int64_t)c->file_count, 0);
	}
	closedir(handle);
	return rc < 0 ? error_prefix(err, "%s/", spool_dir_word(dir)) : 0;
}

int
check_read_names(struct check *c, struct error *err)
{
	for (int d = 0; d < SPOOL_DIR_COUNT; d++)
		if (SPOOL_HOLDS_MESSAGES(d) &&
		    read_dir(c, (enum spool_dir)d, err) < 0)
			return -1;
	check_sort_files(c);
	return 0;
}

int64_t
check_highest(const struct check *c)
{
	int64_t file = c->file_count ? c->files[c->file_count - 1].id : 0;
	struct spool_ids ids;

	spool_read_ids(&c->store->spool, &ids);
	return file > ids.committed ? file : ids.committed;
}

/* --- doubts ------------------------------------------------------------ */

void
check_doubt(struct check *c, enum check_kind kind, int64_t id,
	enum spool_dir dir, const char *name, const char *why)
{
	if (c->doubt_count == CHECK_FINDINGS_MAX)
		return;		/* enough to know */
	xgrow(&c->doubts, &c->doubt_cap, c->doubt_count + 1,
		sizeof *c->doubts, CHECK_FINDINGS_MAX);
	c->doubts[c->doubt_count++] = (struct check_doubt){
		.id = id, .name = check_keep(c, name),
		.why = check_keep(c, why), .kind = (uint8_t)kind,
		.dir = (uint8_t)dir,
	};
}

int
check_compare(const struct check *ca, const struct check_doubt *a,
	const struct check *cb, const struct check_doubt *b)
{
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind - b->kind;
	if (a->dir != b->dir)
		return a->dir - b->dir;
	return strcmp(ca->text + a->name, cb->text + b->name);
}

size_t
check_group(const struct check *c, size_t first)
{
	size_t end = first + 1;

	while (end < c->doubt_count && c->doubts[end].id == c->doubts[first].id)
		end++;
	return end;
}

static const struct {
	const char *word, *sentence;
} kinds[] = {
#define X(name, word, sentence) [name] = { word, sentence },
	CHECK_LIST(X)
#undef X
};

const char *
check_kind_word(enum check_kind kind)
{
	return kinds[kind].word;
}

void
check_report(const struct check *c, const struct check_doubt *d, bool mended)
{
	const char *name = c->text + d->name, *why = c->text + d->why;
	const char *dir = spool_dir_word((enum spool_dir)d->dir);
	char *file = d->id && *name ? xasprintf("%012" PRId64 "-%s", d->id,
		name) : xstrdup(name);
	struct str text = STR_INIT;

	if (d->id)
		str_addf(&text, "#%" PRId64 " ", d->id);
	if (*dir)
		str_addf(&text, "%s%s", dir, *file ? "/" : "");
	text_add_printable(&text, file, strlen(file));
	if (text.len && text.data[text.len - 1] != ' ')
		str_add(&text, ": ");
	str_add(&text, kinds[d->kind].sentence);
	if (*why)
		str_addf(&text, " (%s)", why);
	c->watch->finding(c->watch->arg, &(struct check_finding){
		.kind = (enum check_kind)d->kind, .id = d->id, .dir = dir,
		.file = file, .text = text.data, .mended = mended });
	str_release(&text);
	free(file);
}
