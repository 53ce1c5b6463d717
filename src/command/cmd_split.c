/* SPDX-License-Identifier: ISC */
/* cmd_split: `ccmq split`. See ccmq(1) and split.h. */
#include "command/cli_made.h"
#include "work/split.h"

#include <inttypes.h>
#include <stdio.h>

static int
say_dry_run(struct cli *cli, const struct split *split)
{
	if (cli->json) {
		struct json_line *j = cli_result_json(cli, "done", NULL);

		json_put_number(j, "id", split->id);
		json_put_bool(j, "dry_run", true);
		json_put_number(j, "count", split->count);
		json_line_print(j, stdout);
	} else {
		printf("dry run: #%" PRId64 " would be split into %" PRId64
			" messages", split->id, split->count);
		printf(split->done ? ", %" PRId64 " of them made already\n" :
			"\n", split->done);
	}
	return CLI_DONE;
}

static int
split_one(struct cli *cli, int64_t id, const char *reason, bool dry_run)
{
	struct cli_made r = { .cli = cli, .verb = "split" };
	struct made_spec spec = cli_made_spec(&r, reason);
	struct error err = ERROR_INIT;
	struct split split;
	int rc = split_look(&cli->store, id, &split, &err);

	if (rc == 0) {
		cli_notice(cli, "%s", err.text);
		return CLI_NOT_DONE;
	}
	if (rc > 0 && dry_run)
		return say_dry_run(cli, &split);
	r.quiet = split.count > 20;
	if (rc < 0 || split_do(&split, &spec, &err) < 0)
		return cli_fail(cli, &err);
	return cli_made_sum(&r);
}

int
cmd_split(struct cli *cli, struct cli_args *args)
{
	const char *reason = NULL;
	bool dry_run = false;
	int64_t id = 0;
	const struct cli_option options[] = {
		{ .name = "reason=", .take = CLI_TEXT, .out = &reason },
		{ .name = "dry-run", .take = CLI_FLAG, .out = &dry_run },
		{ .name = "", .take = CLI_ID, .out = &id,
			.more = "splits one message at a time" },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc == 0 && !id)
		rc = cli_usage(cli, "wants an id");
	if (rc == 0)
		rc = dry_run ? cli_open(cli, false) : cli_open_for_verb(cli);
	return rc ? rc : split_one(cli, id, reason, dry_run);
}
