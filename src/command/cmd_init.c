/* SPDX-License-Identifier: ISC */
/* cmd_init: `ccmq init`. See ccmq(1). */
#include "command/cmd_adopt.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What init did, with the version of the history. */
static int
print_init(struct cli *cli, const char *result, const char *why)
{
	const char *store = cli->settings.store;
	const char *submit = cli->settings.intake_submit;

	if (cli->json) {
		struct json_line *j = cli_result_json(cli, result, why);

		json_put_text(j, "store", store);
		json_put_number(j, "version", HISTORY_VERSION);
		json_line_print(j, stdout);
		return CLI_DONE;
	}
	cli_cell(cli, store, 0);
	if (why) {
		printf(": %s\n", why);
		return CLI_DONE;
	}
	printf(": a store was made. Drop messages into ");
	cli_cell(cli, *submit ? submit : store, 0);
	printf("%s (under another name,\nthen rename to *.ccm), and "
		"start ccmqd.\n", *submit ? "" : "/submit");
	return CLI_DONE;
}

static int
upgrade(struct cli *cli)
{
	struct error err = ERROR_INIT, ignored;
	bool current;
	int rc = cli_open_store(cli, STORE_WRITE);

	if (rc != 0)
		return rc;
	current = history_check_version(cli->store.history, &ignored) == 0;
	if (store_upgrade(&cli->store, &err) < 0) {
		error_prefix(&err, "%s/history.db", cli->settings.store);
		return cli_fail(cli, &err);
	}
	return print_init(cli, current ? "unchanged" : "done",
		"the history is of the current version");
}

/* Is there a store of ours already? 1, 0, or -1 - status (said). */
static int
is_there(struct cli *cli)
{
	char *file = xasprintf("%s/history.db", cli->settings.store);
	bool there = access(file, F_OK) == 0;
	int rc;

	free(file);
	if (!there)
		return 0;
	rc = cli_open_store(cli, STORE_READ);
	if (rc == 0)
		rc = cli_check_version(cli);
	return rc ? -1 - rc : 1;
}

int
cmd_init(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = { "upgrade", "|if-missing",
		"|adopt=", NULL };
	struct error err = ERROR_INIT;
	bool want[2] = { false, false };
	const char *adopt = NULL;
	int o, rc;

	while ((o = cli_next(cli, args, names)) != -1) {
		if (o == -2)
			return CLI_USAGE;
		if (o == CLI_OPERAND)
			return cli_usage(cli, "takes no arguments; the store "
				"is named by -s or the settings");
		if (o == 2)
			adopt = args->value;
		else
			want[o] = true;
	}
	if (adopt)
		return cmd_adopt(cli, adopt);
	rc = cli_settings(cli);
	if (rc == 0)
		rc = cli_may_write(cli);
	if (rc == 0 && want[0])
		return upgrade(cli);
	if (rc == 0 && want[1]) {
		rc = is_there(cli);
		if (rc > 0)
			return print_init(cli, "unchanged",
				"there is a store already");
		rc = rc < 0 ? -1 - rc : 0;
	}
	if (rc != 0)
		return rc;
	if (store_create(cli->settings.store, cli->settings.intake_submit,
	    &err) < 0) {
		cli_notice(cli, "%s", err.text);
		return CLI_UNUSABLE;
	}
	return print_init(cli, "done", NULL);
}
