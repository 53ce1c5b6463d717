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
			"upgraded the bytes are not known: whether any of it "
			"is among these is not, either");
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
	static const char *const names[] = { "reason=", "dry-run", "again",
		NULL };
	struct replay files = { 0 };
	struct error err = ERROR_INIT;
	const char *reason = NULL;
	int o, operands = 0, rc = 0;

	while (rc == 0 && (o = cli_next(cli, args, names)) != -1) {
		if (o == 0)
			reason = args->value;
		else if (o == 1)
			files.dry_run = true;
		else if (o == 2)
			files.again = true;
		else if (o != CLI_OPERAND)
			rc = CLI_USAGE;
		else if (operands++, replay_add(&files, args->value, &err) < 0)
			rc = cli_fail(cli, &err);
	}
	if (rc == 0)
		rc = check(cli, &files, reason, operands);
	if (rc == 0)
		rc = files.dry_run ? cli_open(cli, false) :
			cli_open_for_verb(cli);
	if (rc == 0)
		rc = replay(cli, &files, reason);
	replay_release(&files);
	return rc;
}
