/* SPDX-License-Identifier: ISC */
/* cmd_resend: `ccmq und resend`. See ccmq(1) and resend.h. */
#include "command/cmd_und.h"
#include "command/cli_made.h"
#include "work/resend.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>

#define PAGE 200

static void
add_entry(struct und_args *o, int64_t id)
{
	xgrow(&o->entries, &o->cap, o->n + 1, sizeof *o->entries,
		OPERATIONS_MAX);
	o->entries[o->n++] = id;
}

/* What the messages of a page left in the .und file. 0 or -1. */
static int
add_entries_of(struct cli *cli, struct und_args *o, int64_t message,
	struct error *err)
{
	struct history_und_entry rows[PAGE] = { { 0 } };
	int64_t after = 0;
	int n;

	while ((n = history_und_entries(cli->store.history, message, after,
	    rows, PAGE, err)) > 0)
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			if (!rows[i].resent || o->again)
				add_entry(o, after);
			else
				o->before++;
			history_und_entry_release(&rows[i]);
		}
	return n;
}

/* The entries of the messages that match, which are in whatever state. */
static int
match_entries(struct cli *cli, struct und_args *o, struct match *match,
	struct error *err)
{
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_query q = { .match = match };
	int64_t after = 0;
	int n, rc = 0;

	while ((n = history_page(cli->store.history, &q, after, HISTORY_PAGE,
	    rows, err)) > 0)
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			if (rc == 0 && rows[i].und_entries > 0)
				rc = add_entries_of(cli, o, after, err);
			history_message_release(&rows[i]);
		}
	free(rows);
	return n < 0 ? -1 : rc;
}

static int
find_entries(struct cli *cli, struct und_args *o, struct match *match)
{
	struct error err = ERROR_INIT;

	if (match_entries(cli, o, match, &err) < 0)
		return cli_fail(cli, &err);
	if (match_limit_hits(match)) {
		cli_notice(cli, "a regular expression was too much work for "
			"%" PRIu64 " values: nothing was done",
			match_limit_hits(match));
		return CLI_NOT_DONE;
	}
	if (o->before)
		cli_notice(cli, "resent before: %" PRId64, o->before);
	if (o->n == 0)
		cli_notice(cli, "no %sentry of a message that matches: nothing "
			"was done", o->before ? "other " : "");
	return CLI_DONE;
}

static int
resend(struct cli *cli, struct und_args *o)
{
	struct cli_made r = { .cli = cli, .verb = "resend",
		.quiet = o->n > 20 && !o->dry_run, .dry_run = o->dry_run };
	struct made_spec spec = cli_made_spec(&r, o->reason);
	struct resend what = {
		.und_path = cli->settings.und_path, .entries = o->entries,
		.n = o->n, .again = o->again, .dry_run = o->dry_run,
	};
	struct error err = ERROR_INIT;

	if (o->n == 0)
		return CLI_DONE;
	if (o->n > 1 && !o->dry_run && !(o->reason && *o->reason))
		return cli_usage(cli, "%zu entries want --reason TEXT: nothing "
			"was done", o->n);
	if (resend_do(&what, &spec, &err) < 0)
		return cli_fail(cli, &err);
	return cli_made_sum(&r);
}

int
cmd_und_resend(struct cli *cli, struct und_args *o)
{
	struct error err = ERROR_INIT;
	struct match *match = NULL;
	int rc;

	if ((o->match != NULL) + (o->n > 0) != 1)
		return cli_usage(cli, "resend wants numbers of entries, or "
			"--match EXPR");
	if (o->match)
		match = match_compile(o->match, 0, cli->now, &err);
	if (o->match && !match)
		return cli_usage(cli, "--match: %s", err.text);
	rc = o->dry_run ? cli_open(cli, false) : cli_open_for_verb(cli);
	if (rc == 0 && match)
		rc = find_entries(cli, o, match);
	match_free(match);
	return rc ? rc : resend(cli, o);
}
