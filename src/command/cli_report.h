/* SPDX-License-Identifier: ISC */
/*
 * cli_report: what came of each message of a verb, for people and for scripts,
 * and how far it is.
 *
 * Begin with the first members filled; give cli_report_result and
 * cli_report_progress to the operation, with the report as their argument, and
 * end with cli_report_sum. Results go to standard output, what was not done
 * and the progress to standard error. A dry run says so in every line.
 */
#ifndef CCMQ_CLI_REPORT_H
#define CCMQ_CLI_REPORT_H

#include "command/cli.h"
#include "work/operations.h"

struct cli_report {
	struct cli *cli;
	const char *verb;
	enum verb kind;			/* VERB_COUNT: undo */
	bool quiet;			/* many: only what was not done */
	bool dry_run;
	bool progress;			/* on a terminal, and long */
	int64_t start_mono_ms;

	/* private */
	int64_t for_good;		/* out of the trash, for ever */
	bool progress_shown;
};

/* What became of one message, in the members of a verb's --json. */
struct json_line *cli_operation_json(const char *verb,
	const struct operation_result *res);

void cli_report_result(void *arg, const struct operation_result *res);
bool cli_report_progress(void *arg, int64_t done, int64_t total);

/* Takes the progress off the terminal. */
void cli_report_clear(struct cli_report *r);

/* The counts, where they say more than the lines before them. The exit
 * status. */
int cli_report_sum(struct cli_report *r, const struct operation_summary *sum);

#endif
