/* SPDX-License-Identifier: ISC */
/* cmd_history: `ccmq history`. See ccmq(1). */
#include "command/cli.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* Attempts and actions merged, newest first. */
struct merge {
	struct history_attempt attempt;
	struct history_action action;
	bool has_attempt, has_action;
	int64_t attempt_before, action_before;
};

static int
refill(struct cli *cli, int64_t id, struct merge *m, struct error *err)
{
	int n;

	if (!m->has_attempt) {
		n = history_attempts(cli->store.history, id,
			m->attempt_before, &m->attempt, 1, err);
		if (n < 0)
			return -1;
		m->has_attempt = n > 0;
		m->attempt_before = n > 0 ? m->attempt.id : 1;
	}
	if (!m->has_action && !id) {
		n = history_actions(cli->store.history, m->action_before,
			&m->action, 1, err);
		if (n < 0)
			return -1;
		m->has_action = n > 0;
		m->action_before = n > 0 ? m->action.id : 1;
	}
	return m->has_attempt || m->has_action;
}

static void
print_merged_attempt(struct cli *cli, const struct history_attempt *a)
{
	if (cli->json) {
		json_line_print(cli_attempt_json(a), stdout);
		return;
	}
	printf("%8" PRId64, a->message);
	cli_print_attempt(cli, a);
}

/* True when there is more to print. */
static bool
print_newest(struct cli *cli, struct merge *m, int64_t since)
{
	bool attempt = m->has_attempt && (!m->has_action ||
		m->attempt.started_at >= m->action.at);
	int64_t at = attempt ? m->attempt.started_at : m->action.at;

	if (at >= since && attempt) {
		print_merged_attempt(cli, &m->attempt);
	} else if (at >= since) {
		if (cli->json)
			json_line_print(cli_action_json(&m->action, NULL),
				stdout);
		else
			cli_print_action(cli, &m->action, NULL);
	}
	if (attempt) {
		history_attempt_release(&m->attempt);
		m->has_attempt = false;
	} else {
		history_action_release(&m->action);
		m->has_action = false;
	}
	return at >= since && !ferror(stdout);
}

/* Attempts and actions of a message, which need not have a file any more. */
static int
one_message(struct cli *cli, int64_t id, int64_t since, int64_t limit)
{
	struct json_line *j = cli->json ? json_line_new() : NULL;
	struct error err = ERROR_INIT;
	struct history_message m = { 0 };
	int rc = history_message_get(cli->store.history, id, &m, &err);

	history_message_release(&m);
	if (rc > 0 && j)
		json_put_number(j, "id", id);
	if (rc > 0)
		rc = cli_print_rows(cli, id, since, limit, j, &err) < 0 ? -1 :
			1;
	if (rc > 0 && j)
		json_line_print(j, stdout);
	else
		json_line_free(j);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc == 0)
		cli_notice(cli, "there is no message #%" PRId64, id);
	return rc ? CLI_DONE : CLI_NOT_DONE;
}

int
cmd_history(struct cli *cli, struct cli_args *args)
{
	struct error err = ERROR_INIT;
	struct merge m = { 0 };
	int64_t id = 0, since = INT64_MIN, limit = INT64_MAX;
	const struct cli_option options[] = {
		{ .name = "since=", .take = CLI_SINCE, .out = &since },
		{ .name = "limit=", .take = CLI_NUMBER, .out = &limit, .least = 1 },
		{ .name = "", .take = CLI_ID, .out = &id,
		  .more = "shows one message at a time, or all" },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	if (id)
		return one_message(cli, id, since, limit);
	for (; limit > 0 && (rc = refill(cli, 0, &m, &err)) > 0; limit--)
		if (!print_newest(cli, &m, since))
			break;
	history_attempt_release(&m.attempt);
	history_action_release(&m.action);
	return rc < 0 ? cli_fail(cli, &err) : CLI_DONE;
}
