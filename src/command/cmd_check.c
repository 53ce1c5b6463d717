/* cmd_check: `ccmq check`. See ccmq(1) and check.h. */
#include "work/check.h"
#include "command/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
on_finding(void *arg, const struct check_finding *f)
{
	struct cli *cli = arg;

	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_text(j, "kind", check_kind_word(f->kind));
		if (f->id)
			json_put_number(j, "id", f->id);
		else
			json_put_null(j, "id");
		json_put_text(j, "directory", *f->dir ? f->dir : NULL);
		json_put_text(j, "text", f->text);
		json_put_bool(j, "mended", f->mended);
		json_line_print(j, stdout);
		return;
	}
	printf("%s%s\n", f->text, f->mended ? ": mended" : "");
}

static int
rebuild(struct cli *cli)
{
	struct error err = ERROR_INIT;
	int64_t found;

	int rc = cli_settings(cli);

	if (rc == 0)
		rc = cli_may_write(cli);
	if (rc != 0)
		return rc;
	found = check_rebuild(&cli->settings, &err);
	if (found < 0)
		return cli_fail(cli, &err);
	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_number(j, "messages", found);
		json_put_bool(j, "held", true);
		json_line_print(j, stdout);
	} else {
		printf("the history was made anew: %" PRId64 " messages. The "
			"connector is held: look, then ccmq resume\n", found);
	}
	return CLI_DONE;
}

int
cmd_check(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = { "repair", "|rebuild", NULL };
	struct error err = ERROR_INIT;
	bool want_repair = false, want_rebuild = false;
	int64_t n;
	int o, rc;

	while ((o = cli_next(cli, args, names)) != -1) {
		if (o == -2)
			return CLI_USAGE;
		if (o == CLI_OPERAND)
			return cli_usage(cli, "takes no arguments");
		want_repair = want_repair || o == 0;
		want_rebuild = want_rebuild || o == 1;
	}
	if (want_rebuild)
		return rebuild(cli);
	rc = cli_open(cli, want_repair);
	if (rc != 0)
		return rc;
	if (!want_repair && !cli->read_only &&
	    !cli->settings.console_read_only) {
		/* A clean check ends a hold that waits for one. */
		store_close(&cli->store);
		cli->store_open = false;
		rc = cli_open_store(cli, STORE_WRITE_IF_ALLOWED);
		if (rc != 0)
			return rc;
	}
	n = want_repair ? check_repair(&cli->store, &cli->settings, on_finding,
		cli, &err) : check_run(&cli->store, on_finding, cli, &err);
	if (n < 0)
		return cli_fail(cli, &err);
	return n ? CLI_NOT_DONE : CLI_DONE;
}
