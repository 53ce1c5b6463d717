/* SPDX-License-Identifier: ISC */
/* cmd_replay: `ccmq replay`. See ccmq(1) and replay.h. */
#include "command/cli_made.h"
#include "work/replay.h"

static int
replay(struct cli *cli, struct replay *files, const char *reason)
{
	struct cli_made r = { .cli = cli, .verb = "replay",
		.quiet = files->n > 20 && !files->dry_run,
		.dry_run = files->dry_run };
	struct made_spec spec = cli_made_spec(&r, reason);
	struct error err = ERROR_INIT;
	int unknown = history_content_unknown(cli->store.history, &err);

	if (unknown < 0 || replay_do(files, &spec, &err) < 0)
		return cli_fail(cli, &err);
	if (unknown && r.done && !files->again)
		cli_notice(cli, "of what was imported before the history was "
			"upgraded, or by a connector that was watched, the "
			"bytes are not known: whether any of it is among "
			"these is not, either");
	if (files->n == 0)
		cli_notice(cli, "there is no .ccm file: nothing was done");
	return cli_made_sum(&r);
}

/* Of work on several somebody will ask why. */
static int
check(struct cli *cli, const struct replay *files, const char *reason,
	int operands)
{
	if (operands == 0)
		return cli_usage(cli, "wants files, or directories of them");
	if (files->n > 1 && !files->dry_run && !(reason && *reason))
		return cli_usage(cli, "%zu files want --reason TEXT: nothing "
			"was done", files->n);
	return CLI_DONE;
}

int
cmd_replay(struct cli *cli, struct cli_args *args)
{
	struct replay files = { 0 };
	struct cli_operands all;
	const char *reason = NULL;
	const struct cli_option options[] = {
		{ .name = "reason=", .take = CLI_TEXT, .out = &reason },
		{ .name = "dry-run", .take = CLI_FLAG, .out = &files.dry_run },
		{ .name = "again", .take = CLI_FLAG, .out = &files.again },
		{ .name = "", .take = CLI_ALL, .out = &all },
		{ .name = NULL },
	};
	struct error err = ERROR_INIT;
	int rc = cli_take(cli, args, options);

	for (int i = 0; rc == 0 && i < all.count; i++)
		if (replay_add(&files, all.of[i], &err) < 0)
			rc = cli_fail(cli, &err);
	if (rc == 0)
		rc = check(cli, &files, reason, all.count);
	if (rc == 0)
		rc = files.dry_run ? cli_open(cli, false) :
			cli_open_for_verb(cli);
	if (rc == 0)
		rc = replay(cli, &files, reason);
	replay_release(&files);
	return rc;
}
