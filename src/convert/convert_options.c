/* SPDX-License-Identifier: ISC */
/* convert: its command line. One table feeds its reading and --help. */
#include "convert/convert_private.h"
#include "base/options.h"

#include <string.h>

/* where it goes, long name, its value, one sentence */
#define OPTION_LIST(X) \
	X(to, "to", "FORM", "eml (the default), text, or defects") \
	X(out->json, "json", NULL, "one JSON object a message, or the report") \
	X(out->maildir, "maildir", "DIR", \
		"write into this Maildir, made if it is not there") \
	X(out->mbox, "mbox", "FILE", \
		"write this new mbox, - for standard output") \
	X(out->post_office, "post-office", "DIR", \
		"domains, code page and date order from its postoffice.conf") \
	X(out->code_page, "code-page", "PAGE", "437, 850, or what iconv knows") \
	X(order, "date-order", "ORDER", "mdy, dmy or ymd") \
	X(out->hex, "files-hex", NULL, "attachments are hex text") \
	X(out->und, "und", NULL, "the files are .und files") \
	X(out->quiet, "quiet", NULL, "no progress bar, no report") \
	X(out->help, "help", NULL, "this text") \
	X(out->version, "version", NULL, "which one this is")

static int
parse_form(const char *word, enum convert_form *out, struct error *err)
{
	static const char *const words[] = { "eml", "text", "defects" };
	static const enum convert_form forms[] = {
		CONVERT_EML, CONVERT_TEXT, CONVERT_DEFECTS,
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (strcmp(word, words[i]) == 0) {
			*out = forms[i];
			return 0;
		}
	}
	return error_set(err, ERROR_INVALID, "--to: eml, text or defects");
}

int
convert_options_parse(int argc, char **argv, struct convert_options *out,
	struct error *err)
{
	const char *to = NULL, *order = NULL;
	const struct options_row rows[] = {
#define X(where, name, value, words) \
		{ name, 0, (value) ? OPTIONS_TEXT : OPTIONS_FLAG, &(where) },
		OPTION_LIST(X)
#undef X
		{ NULL, 0, OPTIONS_FLAG, NULL },
	};
	int operands;

	*out = (struct convert_options){ .form = CONVERT_EML };
	operands = options_read(argc, argv, rows, err);
	if (operands < 0 || (to && parse_form(to, &out->form, err) < 0))
		return -1;
	if (order && !ccmail_date_order_named(order, &out->date_order))
		return error_set(err, ERROR_INVALID, "--date-order: mdy, dmy "
			"or ymd");
	out->paths = argv + operands;
	out->path_count = argc - operands;
	if (out->help || out->version)
		return 0;
	if (out->path_count == 0)
		return error_set(err, ERROR_INVALID, "no file is named");
	if (out->maildir && out->mbox)
		return error_set(err, ERROR_INVALID, "--maildir and --mbox "
			"exclude each other");
	if ((out->maildir || out->mbox) && out->form != CONVERT_EML)
		return error_set(err, ERROR_INVALID, "--maildir and --mbox "
			"take mail only (--to eml)");
	if (out->json && out->form == CONVERT_TEXT)
		return error_set(err, ERROR_INVALID, "--json or --to text, not "
			"both");
	return 0;
}

void
convert_options_help(FILE *to)
{
	static const struct {
		const char *name, *value, *words;
	} rows[] = {
#define X(where, name, value, words) { name, value, words },
		OPTION_LIST(X)
#undef X
	};

	fputs("usage: ccmq convert [options] FILE-OR-DIRECTORY...\n"
		"       ccmq convert --maildir DIR | --mbox FILE "
		"FILE-OR-DIRECTORY...\n"
		"- is standard input; of a directory all *.ccm below it are "
		"meant.\n\n", to);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char left[40];

		snprintf(left, sizeof left, "--%s%s%s", rows[i].name,
			rows[i].value ? "=" : "",
			rows[i].value ? rows[i].value : "");
		fprintf(to, "  %-20s %s\n", left, rows[i].words);
	}
}
