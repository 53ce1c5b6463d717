/* SPDX-License-Identifier: ISC */
/* cmd_check: `ccmq check`. See ccmq(1) and check.h. */
#include "work/check.h"
#include "command/cli.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
on_finding(void *arg, const struct check_finding *f)
{
	struct cli *cli = arg;

	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_text(j, "kind", check_kind_word(f->kind));
		json_put_known(j, "id", f->id, 0);
		json_put_text(j, "directory", *f->dir ? f->dir : NULL);
		if (*f->file)
			json_put_bytes(j, "file", f->file, strlen(f->file));
		else
			json_put_null(j, "file");
		json_put_text(j, "text", f->text);
		json_put_bool(j, "mended", f->mended);
		json_line_print(j, stdout);
		return;
	}
	cli_cell(cli, f->text, 0);
	puts(f->mended ? ": mended" : "");
}

/* To standard error: standard output is for what was found. */
static void
on_progress(void *arg, const char *what, int64_t done, int64_t total)
{
	struct cli *cli = arg;
	char n[TEXT_NUMBER_MAX], of[TEXT_NUMBER_MAX];

	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_text(j, "progress", what);
		json_put_number(j, "done", done);
		json_put_known(j, "total", total, 0);
		json_line_print(j, stderr);
		return;
	}
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s: %s%s%s\33[K\r", what,
		text_count(n, (uint64_t)done), total ? " of " : "",
		total ? text_count(of, (uint64_t)total) : "");
}

static int
rebuild(struct cli *cli, const struct check_watch *watch)
{
	struct error err = ERROR_INIT;
	struct check_rebuilt r;

	if (check_rebuild(&cli->settings, watch, &r, &err) < 0)
		return cli_fail(cli, &err);
	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_number(j, "messages", r.messages);
		json_put_number(j, "left", r.left);
		json_put_bool(j, "held", true);
		json_put_text(j, "aside", *r.aside ? r.aside : NULL);
		json_line_print(j, stdout);
		return r.left ? CLI_NOT_DONE : CLI_DONE;
	}
	printf("the history was made anew: %" PRId64 " message%s. The "
		"connector is held%s\n", r.messages, r.messages == 1 ? "" :
		"s", r.left ?
		" until ccmq check finds nothing" :
		": look, then ccmq resume");
	if (*r.aside) {
		printf("the old history is kept as ");
		cli_cell(cli, cli->settings.store, 0);
		printf("/%s\n", r.aside);
	}
	return r.left ? CLI_NOT_DONE : CLI_DONE;
}

/* The store with all that it needs to be opened. 0, or an exit status. */
static int
make_whole(struct cli *cli, bool make, const struct check_watch *watch)
{
	struct error err = ERROR_INIT;
	int rc = cli_settings(cli);

	if (rc == 0 && make)
		rc = cli_may_write(cli);
	if (rc != 0)
		return rc;
	rc = check_missing(&cli->settings, make, watch, &err);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc > 0 && !make)
		cli_notice(cli, "nothing else can be looked at before that is "
			"there: ccmq check --repair makes it");
	return rc > 0 && !make ? CLI_NOT_DONE : CLI_DONE;
}

int
cmd_check(struct cli *cli, struct cli_args *args)
{
	const struct check_watch watch = { on_finding, on_progress, cli };
	struct error err = ERROR_INIT;
	bool want_repair = false, want_rebuild = false;
	const struct cli_option options[] = {
		{ .name = "repair", .take = CLI_FLAG, .out = &want_repair },
		{ .name = "|rebuild", .take = CLI_FLAG, .out = &want_rebuild },
		{ .name = NULL },
	};
	int64_t n;
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = make_whole(cli, want_repair || want_rebuild, &watch);
	if (rc != 0)
		return rc;
	if (want_rebuild)
		return rebuild(cli, &watch);
	/* A clean check ends a hold that waits for one. */
	rc = cli_open_store(cli, want_repair ? STORE_WRITE : cli->read_only ||
		cli->settings.console_read_only ? STORE_READ :
		STORE_WRITE_IF_ALLOWED);
	if (rc == 0)
		rc = cli_check_version(cli);
	if (rc != 0)
		return rc;
	n = want_repair ? check_repair(&cli->store, &cli->settings, &watch,
		&err) : check_run(&cli->store, &watch, &err);
	if (n < 0)
		return cli_fail(cli, &err);
	return n ? CLI_NOT_DONE : CLI_DONE;
}
