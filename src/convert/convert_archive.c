/* SPDX-License-Identifier: ISC */
/* convert: a directory tree of .ccm files into one target, with a report. */
#include "convert/convert_private.h"
#include "convert/json_convert.h"
#include "base/text.h"

#include <string.h>

struct archive {
	struct convert *convert;
	struct convert_target *target;
};

static int
count_file(struct convert *c, const char *path, int64_t size, void *arg,
	struct error *err)
{
	(void)path;
	(void)arg;
	(void)err;
	c->bar.total_files++;
	c->bar.total_bytes += size;
	return 0;
}

static int
add_message(struct convert_file *f, const struct message *m, void *arg,
	struct error *err)
{
	struct archive *a = arg;

	if (m->verdict == MESSAGE_NOT) {
		convert_notice_none(f, m);
		return 0;
	}
	return convert_target_add(a->target, f, m, err);
}

static int
add_file(struct convert *c, const char *path, int64_t size, void *arg,
	struct error *err)
{
	(void)size;
	convert_bar_draw(c);
	return convert_read(c, path, add_message, arg, err) < 0 ? -1 : 0;
}

static void
report_json(const struct convert *c, FILE *to)
{
	const struct json_convert_report report = {
		c->files, c->messages, c->converted, c->existed, c->repaired,
		c->replaced, c->not_messages, c->unreadable, c->bytes,
		convert_interrupted(), c->defects,
	};

	json_convert_report(to, &report);
}

static void
report_text(const struct convert *c, FILE *to)
{
	static const struct { const char *words; size_t offset; } lines[] = {
		{ "converted", offsetof(struct convert, converted) },
		{ "files", offsetof(struct convert, files) },
		{ "messages in them", offsetof(struct convert, messages) },
		{ "were there already", offsetof(struct convert, existed) },
		{ "repaired", offsetof(struct convert, repaired) },
		{ "with a value replaced", offsetof(struct convert,
			replaced) },
		{ "not messages", offsetof(struct convert, not_messages) },
		{ "files not readable", offsetof(struct convert, unreadable) },
	};
	char n[TEXT_NUMBER_MAX];

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		int64_t value = *(const int64_t *)(const void *)
			((const char *)c + lines[i].offset);

		fprintf(to, "%12s  %s\n", text_exact(n, (uint64_t)value),
			lines[i].words);
	}
	for (int i = 0; i < MESSAGE_DEFECT_KINDS; i++)
		if (c->defects[i])
			fprintf(to, "%12s  %s\n", text_exact(n,
				(uint64_t)c->defects[i]), message_defect_word(
				(enum message_defect_kind)i));
	if (convert_interrupted())
		fprintf(to, "interrupted: %s\n", c->options.maildir ?
			"the same command goes on" :
			"no mbox was made, one is whole or not there");
}

int
convert_archive(struct convert *c, struct error *err)
{
	struct archive a = { .convert = c };
	/* The mails themselves may be on standard output. */
	FILE *to = c->options.mbox && strcmp(c->options.mbox, "-") == 0 ?
		stderr : stdout;
	bool keep;
	int rc;

	a.target = convert_target_open(c, err);
	if (!a.target)
		return -1;
	convert_catch();
	convert_bar_start(c);
	rc = c->bar.shown ? convert_walk(c, true, count_file, &a, err) : 0;
	if (rc == 0)
		rc = convert_walk(c, false, add_file, &a, err);
	convert_bar_end(c);
	keep = rc == 0 && (c->options.maildir || !convert_interrupted());
	if (convert_target_close(a.target, keep, err) < 0)
		rc = -1;
	if (rc < 0)
		return -1;
	if (c->options.json)
		report_json(c, to);
	else if (!c->options.quiet)
		report_text(c, to);
	return c->not_messages || c->unreadable || c->replaced ||
		convert_interrupted() ? CONVERT_SOME_NOT : CONVERT_OK;
}
