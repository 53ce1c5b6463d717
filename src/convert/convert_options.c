/* SPDX-License-Identifier: ISC */
/* convert: its command line. One table feeds getopt and --help. */
#include "convert/convert_private.h"
#include "base/text.h"

#include <getopt.h>
#include <string.h>

enum {
	OPT_TO = 256, OPT_JSON, OPT_MAILDIR, OPT_MBOX, OPT_POST_OFFICE,
	OPT_CODE_PAGE, OPT_DATE_ORDER, OPT_HEX, OPT_UND, OPT_QUIET, OPT_HELP,
	OPT_VERSION,
};

/* option, long name, its value, one sentence */
#define OPTION_LIST(X) \
	X(OPT_TO, "to", "FORM", "eml (the default), text, or defects") \
	X(OPT_JSON, "json", NULL, "one JSON object a message, or the report") \
	X(OPT_MAILDIR, "maildir", "DIR", \
		"write into this Maildir, made if it is not there") \
	X(OPT_MBOX, "mbox", "FILE", \
		"write this new mbox, - for standard output") \
	X(OPT_POST_OFFICE, "post-office", "DIR", \
		"domains, code page and date order from its postoffice.conf") \
	X(OPT_CODE_PAGE, "code-page", "PAGE", "437, 850, or what iconv knows") \
	X(OPT_DATE_ORDER, "date-order", "ORDER", "mdy, dmy or ymd") \
	X(OPT_HEX, "files-hex", NULL, "attachments are hex text") \
	X(OPT_UND, "und", NULL, "the files are .und files") \
	X(OPT_QUIET, "quiet", NULL, "no progress bar, no report") \
	X(OPT_HELP, "help", NULL, "this text") \
	X(OPT_VERSION, "version", NULL, "which one this is")

static const struct option long_options[] = {
#define X(option, name, value, words) \
	{ name, (value) ? required_argument : no_argument, NULL, option },
	OPTION_LIST(X)
#undef X
	{ NULL, 0, NULL, 0 },
};

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

static int
set_option(struct convert_options *o, int option, struct error *err)
{
	switch (option) {
	case OPT_TO: return parse_form(optarg, &o->form, err);
	case OPT_JSON: o->json = true; return 0;
	case OPT_MAILDIR: o->maildir = optarg; return 0;
	case OPT_MBOX: o->mbox = optarg; return 0;
	case OPT_POST_OFFICE: o->post_office = optarg; return 0;
	case OPT_CODE_PAGE: o->code_page = optarg; return 0;
	case OPT_DATE_ORDER:
		return ccmail_date_order_named(optarg, &o->date_order) ? 0 :
			error_set(err, ERROR_INVALID, "--date-order: mdy, dmy "
			"or ymd");
	case OPT_HEX: o->hex = true; return 0;
	case OPT_UND: o->und = true; return 0;
	case OPT_QUIET: o->quiet = true; return 0;
	case OPT_HELP: o->help = true; return 0;
	case OPT_VERSION: o->version = true; return 0;
	default: return error_set(err, ERROR_INVALID, "see convert --help");
	}
}

int
convert_options_parse(int argc, char **argv, struct convert_options *out,
	struct error *err)
{
	unsigned seen = 0;
	int option, row = 0;

	*out = (struct convert_options){ .form = CONVERT_EML };
	/* 0: glibc starts anew; the program has looked at its own options. */
	optind = 0;
	while ((option = getopt_long(argc, argv, "", long_options, &row)) !=
	    -1) {
		if (option >= OPT_TO && seen & 1u << row)
			return error_set(err, ERROR_INVALID, "--%s is given "
				"twice", long_options[row].name);
		seen |= 1u << row;
		if (set_option(out, option, err) < 0)
			return -1;
	}
	out->paths = argv + optind;
	out->path_count = argc - optind;
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
#define X(option, name, value, words) { name, value, words },
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
