/* convert: a directory tree of .ccm files into one target, with a report. */
#include "convert_private.h"
#include "json_convert.h"
#include "text.h"

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

struct archive {
	struct convert *convert;
	struct convert_target *target;
	struct convert_bar bar;
	int64_t converted;
	int64_t defects[MESSAGE_DEFECT_KINDS];
};

static bool
is_ccm(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' && len > 4 &&
		text_equal_nocase(name + len - 4, ".ccm");
}

/*
 * Calls each for every file that is named, or lies as *.ccm below a directory
 * that is named; links are not followed there. 0, or -1 when each failed.
 */
static int
walk(struct convert *c, int (*each)(struct archive *a, const FTSENT *e,
	struct error *err), struct archive *a, struct error *err)
{
	FTS *fts;
	FTSENT *e;
	int rc = 0;

	/* FTS wants an array that ends with NULL: argv does. */
	fts = fts_open(c->options.paths, FTS_PHYSICAL | FTS_COMFOLLOW |
		FTS_NOCHDIR, NULL);
	if (!fts)
		return error_sys(err, errno, "read directories");
	while (rc == 0 && (e = fts_read(fts))) {
		bool named = e->fts_level == FTS_ROOTLEVEL;

		if (e->fts_info == FTS_F && (named || is_ccm(e->fts_name)))
			rc = each(a, e, err);
		else if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR ||
		    e->fts_info == FTS_NS)
			rc = each(a, e, err);
	}
	fts_close(fts);
	return rc;
}

static int
count_file(struct archive *a, const FTSENT *e, struct error *err)
{
	(void)err;
	if (e->fts_info == FTS_F) {
		a->bar.total_files++;
		a->bar.total_bytes += e->fts_statp->st_size;
	}
	return 0;
}

static int
add_message(struct convert_file *f, const struct message *m, void *arg,
	struct error *err)
{
	struct archive *a = arg;
	char words[200];
	int rc;

	for (size_t i = 0; i < m->defect_count; i++)
		a->defects[m->defects[i].kind]++;
	if (m->verdict == MESSAGE_NOT) {
		convert_bar_end(&a->bar);
		snprintf(words, sizeof words, "message %d is none: %s",
			m->number, m->defect_count ? m->defects[0].words :
			"nothing in it");
		convert_notice(f->path, words);
		return 0;
	}
	rc = convert_target_add(a->target, f, m, err);
	if (rc < 0)
		return -1;
	if (rc)
		a->converted++;
	else
		a->convert->existed++;
	return 0;
}

static int
add_file(struct archive *a, const FTSENT *e, struct error *err)
{
	if (e->fts_info != FTS_F) {
		convert_bar_end(&a->bar);
		convert_notice(e->fts_path, strerror(e->fts_errno));
		a->convert->unreadable++;
		return 0;
	}
	convert_bar_draw(&a->bar, a->convert);
	return convert_read(a->convert, e->fts_path, add_message, a, err) < 0 ?
		-1 : 0;
}

static void
report_json(const struct archive *a, FILE *to)
{
	const struct convert *c = a->convert;
	const struct json_convert_report report = {
		c->files, c->messages, a->converted, c->existed, c->repaired,
		c->not_messages, c->unreadable, c->bytes,
	};

	json_convert_report(to, &report);
}

static void
report_text(const struct archive *a, FILE *to)
{
	static const struct { const char *words; size_t offset; } lines[] = {
		{ "files", offsetof(struct convert, files) },
		{ "messages in them", offsetof(struct convert, messages) },
		{ "were there already", offsetof(struct convert, existed) },
		{ "repaired", offsetof(struct convert, repaired) },
		{ "not messages", offsetof(struct convert, not_messages) },
		{ "files not readable", offsetof(struct convert, unreadable) },
	};
	char n[TEXT_NUMBER_MAX];

	fprintf(to, "%12s  converted\n", text_exact(n,
		(uint64_t)a->converted));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		int64_t value = *(const int64_t *)(const void *)
			((const char *)a->convert + lines[i].offset);

		fprintf(to, "%12s  %s\n", text_exact(n, (uint64_t)value),
			lines[i].words);
	}
	for (int i = 0; i < MESSAGE_DEFECT_KINDS; i++)
		if (a->defects[i])
			fprintf(to, "%12s  %s\n", text_exact(n,
				(uint64_t)a->defects[i]), message_defect_word(
				(enum message_defect_kind)i));
}

int
convert_archive(struct convert *c, struct error *err)
{
	struct archive a = { .convert = c };
	/* The mails themselves may be on standard output. */
	FILE *to = c->options.mbox && strcmp(c->options.mbox, "-") == 0 ?
		stderr : stdout;
	int rc;

	a.target = convert_target_open(c, err);
	if (!a.target)
		return -1;
	convert_bar_start(&a.bar, c);
	rc = a.bar.shown ? walk(c, count_file, &a, err) : 0;
	if (rc == 0)
		rc = walk(c, add_file, &a, err);
	convert_bar_end(&a.bar);
	if (convert_target_close(a.target, rc == 0, err) < 0)
		rc = -1;
	if (rc < 0)
		return -1;
	if (c->options.json)
		report_json(&a, to);
	else if (!c->options.quiet)
		report_text(&a, to);
	return c->not_messages || c->unreadable ? CONVERT_SOME_NOT :
		CONVERT_OK;
}
