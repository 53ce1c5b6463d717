/* SPDX-License-Identifier: ISC */
/* convert: see convert.h for the contract. */
#include "convert/convert.h"
#include "convert/convert_private.h"
#include "convert/json_convert.h"
#include "base/put.h"
#include "base/xalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
say(const struct error *err, enum convert_status status)
{
	fputs("ccmq convert: ", stderr);
	put_printable(stderr, err->text, strlen(err->text));
	putc('\n', stderr);
	return (int)status;
}

static int
prepare(struct convert *c, struct error *err)
{
	const struct convert_options *o = &c->options;

	c->po = o->post_office ? postoffice_load(o->post_office, err) :
		postoffice_new("ccmail");
	if (!c->po)
		return -1;
	if (o->date_order)
		c->po->date_order = o->date_order;
	c->charset = charset_new(o->code_page ? o->code_page :
		c->po->code_page, err);
	return c->charset ? 0 : -1;
}

static void
print_defects(const struct convert_file *f, const struct message *m)
{
	for (size_t i = 0; i < m->defect_count; i++) {
		put_printable(stdout, f->path, strlen(f->path));
		printf(":%lld: message %d, %s: %s\n",
			(long long)m->defects[i].offset, m->number,
			message_verdict_word(m->verdict), m->defects[i].words);
	}
	if (m->defect_total == (int64_t)m->defect_count)
		return;
	put_printable(stdout, f->path, strlen(f->path));
	printf(": message %d: and %lld more\n", m->number,
		(long long)m->defect_total - (long long)m->defect_count);
}

/* Nothing may stand between two mails on standard output but an mbox. */
static int
print_eml(struct convert_file *f, const struct message *m, struct error *err)
{
	struct convert *c = f->convert;

	if (c->messages > 1) {
		convert_notice(c, f->path, "is not the first message; "
			"--mbox - prints them all");
		c->existed++;
		return 0;
	}
	fflush(stdout);
	return convert_eml(f, m, STDOUT_FILENO, err);
}

static int
print_message(struct convert_file *f, const struct message *m, void *arg,
	struct error *err)
{
	struct convert *c = f->convert;

	(void)arg;
	if (c->options.json) {
		json_convert_message(stdout, f->path, c->charset, m);
		return 0;
	}
	if (c->options.form == CONVERT_DEFECTS) {
		print_defects(f, m);
		return 0;
	}
	if (m->verdict == MESSAGE_NOT) {
		convert_notice_none(f, m);
		return 0;
	}
	if (c->options.form == CONVERT_EML)
		return print_eml(f, m, err);
	if (c->messages > 1)
		puts("\n========");
	return convert_text(f, m, err);
}

static int
print_file(struct convert *c, const char *path, int64_t size, void *arg,
	struct error *err)
{
	(void)size;
	return convert_read(c, path, print_message, arg, err) < 0 ? -1 : 0;
}

static int
print_all(struct convert *c, struct error *err)
{
	if (convert_walk(c, false, print_file, NULL, err) < 0)
		return say(err, CONVERT_UNUSABLE);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		error_sys(err, errno, "write standard output");
		return say(err, CONVERT_UNUSABLE);
	}
	if (c->not_messages || c->unreadable || c->existed || c->replaced)
		return CONVERT_SOME_NOT;
	if (c->options.form == CONVERT_DEFECTS && c->repaired)
		return CONVERT_SOME_NOT;
	return CONVERT_OK;
}

int
convert_command(int argc, char **argv)
{
	struct convert c = { 0 };
	struct error err = ERROR_INIT;
	int status;

	if (convert_options_parse(argc, argv, &c.options, &err) < 0)
		return say(&err, CONVERT_USAGE);
	if (c.options.help) {
		convert_options_help(stdout);
		return CONVERT_OK;
	}
	if (c.options.version) {
		puts("ccmq-convert " PACKAGE_VERSION);
		return CONVERT_OK;
	}
	if (prepare(&c, &err) < 0) {
		status = say(&err, CONVERT_UNUSABLE);
	} else if (c.options.maildir || c.options.mbox) {
		status = convert_archive(&c, &err);
		if (status < 0)
			status = say(&err, CONVERT_UNUSABLE);
	} else {
		status = print_all(&c, &err);
	}
	charset_free(c.charset);
	postoffice_free(c.po);
	return status;
}
