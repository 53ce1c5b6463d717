/* SPDX-License-Identifier: ISC */
/* cmd_report: `ccmq report`. See ccmq(1) and work/report.h. */
#include "command/cli_beside.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "work/notes.h"
#include "work/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 1000000		/* of the archive's answer */
#define SHIFT_MS INT64_C(28800000)	/* without --since or --from */

struct report_options {
	struct report_spec spec;
	const char *cause, *message;
	bool since, span, archive;
};

static int
read_format(struct cli *cli, const char *word, enum report_format *out)
{
	static const char *const words[] = {
		[REPORT_TEXT] = "text", [REPORT_MARKDOWN] = "markdown",
		[REPORT_JSON] = "json",
	};

	for (int i = 0; i <= REPORT_JSON; i++)
		if (strcmp(words[i], word) == 0) {
			*out = (enum report_format)i;
			return CLI_DONE;
		}
	return cli_usage(cli, "--format: text, markdown or json");
}

static int
read_option(struct cli *cli, struct report_options *o, int option,
	const char *value)
{
	struct error err = ERROR_INIT;
	int64_t span;
	int rc = 0;

	switch (option) {
	case 0:
		rc = text_parse_duration(value, &span, &err);
		if (rc == 0)
			o->spec.from = cli->now - span;
		break;
	case 1:
		rc = text_parse_past(value, cli->now, &o->spec.from, &err);
		break;
	case 2:
		rc = text_parse_past(value, cli->now, &o->spec.to, &err);
		break;
	case 3:
		return read_format(cli, value, &o->spec.format);
	case 4:
		o->cause = value;
		break;
	case 5:
		o->message = value;
		break;
	case 6:
		o->spec.private = true;
		break;
	case 7:
		o->archive = true;
		break;
	default:
		return cli_usage(cli, "takes no arguments");
	}
	o->span = o->span || option <= 2;
	return rc < 0 ? cli_usage(cli, "%s", err.text) : CLI_DONE;
}

/* What goes with what. */
static int
check_options(struct cli *cli, struct report_options *o)
{
	bool note = o->cause || o->message;

	if (note && o->archive)
		return cli_usage(cli, "--archive is of a span of time: "
			"--cause and --message are of one store");
	if (note && o->span)
		return cli_usage(cli, "a span of time, or --cause or "
			"--message");
	if (!note && o->spec.private)
		return cli_usage(cli, "--private is of --cause and --message");
	if (o->spec.from >= o->spec.to)
		return cli_usage(cli, "it ends before it begins");
	return CLI_DONE;
}

/* The message or cause that the note is of. 0 or -1. */
static int
find_subject(struct cli *cli, struct report_options *o, struct error *err)
{
	struct note_on on = { 0 };
	struct str text = STR_INIT;
	int rc;

	str_addf(&text, "%s%s", o->cause ? "cause:" : "", o->cause ?
		o->cause : o->message);
	rc = notes_on(&cli->store, text.data, cli->now, &on, err);
	str_release(&text);
	o->spec.message = on.message;
	o->spec.cause = on.cause;
	if (rc == 0 && !on.message && !on.cause)
		return error_set(err, ERROR_INVALID, "--message wants an id");
	return rc;
}

/* --- of the archive --- */

struct lines {
	struct json_line **line;
	size_t count, cap;
};

static void
keep_line(void *arg, struct json_line *j)
{
	struct lines *l = arg;

	xgrow(&l->line, &l->cap, l->count + 1, sizeof(struct json_line *),
		LINES_MAX);
	l->line[l->count++] = j;
}

static int
report_of_archive(struct cli *cli, const struct report_spec *spec)
{
	char from[24], to[24];
	const char *options[] = { "--from", from, "--to", to, NULL };
	struct lines l = { 0 };
	struct str out = STR_INIT;
	int rc;

	snprintf(from, sizeof from, "%" PRId64, spec->from);
	snprintf(to, sizeof to, "%" PRId64, spec->to);
	rc = cli_archive(cli, options, keep_line, &l);
	report_archive(spec, l.line, l.count, &out);
	if (rc == 0)
		cli_put(stdout, out.data);
	str_release(&out);
	free(l.line);
	return rc;
}

int
cmd_report(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = { "since=", "|from=", "to=",
		"format=", "cause=", "|message=", "private",
		"archive", NULL };
	struct report_options opt = { .spec = { .now = cli->now,
		.from = cli->now - SHIFT_MS, .to = cli->now } };
	struct error err = ERROR_INIT;
	struct str out = STR_INIT;
	bool note;
	int o, rc;

	while ((o = cli_next(cli, args, names)) != -1) {
		if (o == -2)
			return CLI_USAGE;
		if ((rc = read_option(cli, &opt, o, args->value)) != 0)
			return rc;
	}
	if (cli->json)
		opt.spec.format = REPORT_JSON;
	if ((rc = check_options(cli, &opt)) != 0)
		return rc;
	if (opt.archive)
		return (rc = cli_settings(cli)) != 0 ? rc :
			report_of_archive(cli, &opt.spec);
	if ((rc = cli_open(cli, false)) != 0)
		return rc;
	note = opt.cause || opt.message;
	rc = note && find_subject(cli, &opt, &err) < 0 ? -1 : note ?
		report_incident(&cli->store, &opt.spec, &out, &err) :
		report_shift(&cli->store, &opt.spec, &out, &err);
	if (rc == 0)
		cli_put(stdout, out.data);
	str_release(&out);
	return rc < 0 ? cli_fail(cli, &err) : CLI_DONE;
}
