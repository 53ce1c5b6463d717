/* SPDX-License-Identifier: ISC */
/* cmd_metrics: `ccmq metrics`. See ccmq(1) and reach/metrics.h. */
#include "command/cli.h"
#include "reach/metrics.h"

#include <stdio.h>

/* To standard output, or into metrics.file. */
static int
put(struct cli *cli, const struct str *text, bool write)
{
	const char *path = cli->settings.metrics_file;
	struct error err = ERROR_INIT;

	if (!write) {
		fwrite(text->data, 1, text->len, stdout);
		return CLI_DONE;
	}
	if (metrics_put_file(path, text, &err) < 0)
		return cli_fail(cli, &err);
	if (cli->json) {
		struct json_line *j = cli_result_json(cli, "done", NULL);

		json_put_text(j, "path", path);
		json_line_print(j, stdout);
	}
	return CLI_DONE;
}

int
cmd_metrics(struct cli *cli, struct cli_args *args)
{
	bool write = false;
	const struct cli_option options[] = {
		{ .name = "write", .take = CLI_FLAG, .out = &write },
		{ .name = NULL },
	};
	struct str text = STR_INIT;
	struct error err = ERROR_INIT;
	struct status st;
	int rc = cli_take(cli, args, options);

	if (rc == 0 && cli->json && !write)
		rc = cli_usage(cli, "speaks the format of Prometheus; ccmq "
			"status has the same as JSON");
	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc == 0 && write && !*cli->settings.metrics_file)
		rc = cli_usage(cli, "--write wants metrics.file in the "
			"settings");
	if (rc != 0)
		return rc;
	if (status_collect(&st, &cli->store, &cli->settings, cli->now,
	    &err) < 0)
		return cli_fail(cli, &err);
	rc = metrics_write(&text, &cli->store, &st, &err) < 0 ?
		cli_fail(cli, &err) : put(cli, &text, write);
	status_release(&st);
	str_release(&text);
	return rc;
}
