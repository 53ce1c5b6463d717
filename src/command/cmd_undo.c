/* SPDX-License-Identifier: ISC */
/* cmd_undo: `ccmq undo`. See ccmq(1) and operations.h. */
#include "command/cli_job.h"
#include "command/cli_report.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What came of it as a whole; in JSON only where no message says it. */
static void
print_undo(struct cli *cli, const struct history_action *action,
	const struct operation_summary *sum, bool dry_run)
{
	const char *mark = dry_run ? "dry run: " : "";
	const char *none = "cannot be taken back any more";
	char at[TEXT_TIME_MAX];

	if (cli->json && action->total == 0) {
		struct json_line *j = cli_result_json(cli, sum->done ? "done" :
			"skipped", sum->done ? NULL : none);

		json_put_bool(j, "dry_run", dry_run);
		json_put_number(j, "action", action->id);
		json_put_text(j, "of", action->verb);
		json_line_print(j, stdout);
	}
	if (cli->json)
		return;
	printf("%saction %" PRId64 ", %s of %s: ", mark, action->id,
		action->verb, text_time(at, action->at, cli->now));
	if (action->total == 0)
		printf("%s\n", sum->done == 0 ? none : dry_run ?
			"would be taken back" : "taken back");
	else
		printf("%" PRId64 " of %" PRId64 " message%s %staken back\n",
			sum->done, action->total, action->total == 1 ? "" :
			"s", dry_run ? "would be " : "");
}

/* The messages that it was done to. 0 or -1. */
static int
undo_messages(struct cli *cli, const struct operation *op,
	struct operation_summary *out, struct error *err)
{
	struct operation_target *targets;
	size_t n;
	int rc;

	if (operations_targets(&cli->store, op->undo_of, OPERATION_DONE,
	    &targets, &n, err) < 0)
		return -1;
	rc = cli_job_apply(cli, op, targets, n, out, err);
	free(targets);
	return rc;
}

static int
undo(struct cli *cli, const struct history_action *action, const char *reason,
	bool dry_run)
{
	struct cli_report r = {
		.cli = cli, .verb = "undo", .kind = VERB_COUNT,
		.quiet = !dry_run, .dry_run = dry_run,
	};
	struct operation op = {
		.actor = &cli->actor, .verb = "undo", .kind = VERB_COUNT,
		.undo_of = action->id, .reason = reason, .dry_run = dry_run,
		.result = cli_report_result, .progress = cli_report_progress,
		.arg = &r,
	};
	struct operation_summary sum;
	struct error err = ERROR_INIT;
	int rc = action->total ? undo_messages(cli, &op, &sum, &err) :
		operations_undo_connector(&cli->store, &op, action, &sum, &err);

	cli_report_clear(&r);
	if (rc < 0)
		return cli_fail(cli, &err);
	print_undo(cli, action, &sum, dry_run);
	return sum.skipped || sum.failed || sum.pending ? CLI_NOT_DONE :
		CLI_DONE;
}

int
cmd_undo(struct cli *cli, struct cli_args *args)
{
	struct history_action action;
	struct error err = ERROR_INIT;
	const char *reason = NULL;
	bool dry_run = false;
	int64_t id = 0;
	const struct cli_option options[] = {
		{ .name = "reason=", .take = CLI_TEXT, .out = &reason },
		{ .name = "dry-run", .take = CLI_FLAG, .out = &dry_run },
		{ .name = "", .take = CLI_ID, .out = &id,
		  .more = "takes back one action at a time" },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = dry_run ? cli_open(cli, false) : cli_open_for_verb(cli);
	if (rc != 0)
		return rc;
	rc = operations_find_undo(&cli->store, &cli->actor, id, &action, &err);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc == 0) {
		cli_notice(cli, "%s: ccmq history lists what was done",
			err.text);
		return CLI_NOT_DONE;
	}
	if (action.job && action.ended_at == HISTORY_NO_TIME) {
		cli_notice(cli, "job %" PRId64 " is %s: stop it first (ccmq "
			"job %" PRId64 " stop)", action.id, action.job_state,
			action.id);
		rc = CLI_NOT_DONE;
	} else {
		rc = undo(cli, &action, reason, dry_run);
	}
	history_action_release(&action);
	return rc;
}
