/* SPDX-License-Identifier: ISC */
/* cmd_connector: hold, drain, resume, test and events. See ccmq(1). */
#include "command/cli.h"
#include "base/clock.h"
#include "work/operations.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEST_WAIT_MARGIN_MS (30 * CLOCK_SECOND)

static enum connector_verb
which(const char *command)
{
	return strcmp(command, "hold") == 0 ? CONNECTOR_HOLD :
		strcmp(command, "drain") == 0 ? CONNECTOR_DRAIN :
		CONNECTOR_RESUME;
}

static void
print_connector(struct cli *cli, const char *result, int64_t until,
	const char *why)
{
	char at[TEXT_TIME_MAX];

	if (cli->json) {
		struct json_line *j = cli_result_json(cli, result, why);

		json_put_time(j, "until", until);
		json_line_print(j, stdout);
		return;
	}
	if (strcmp(result, "skipped") == 0)
		return;
	printf("%s: %s", cli->command, result);
	if (until != HISTORY_NO_TIME)
		printf(", until %s", text_time(at, until, cli->now));
	putchar('\n');
}

int
cmd_connector(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = {
		"reason=", "for=", "|until=", NULL,
	};
	enum connector_verb verb = which(cli->command);
	struct error err = ERROR_INIT;
	const char *reason = NULL;
	char at[TEXT_TIME_MAX];
	int64_t until = HISTORY_NO_TIME, span;
	int o, rc;

	while ((o = cli_next(cli, args, names)) != -1) {
		if (o == -2)
			return CLI_USAGE;
		if (o == CLI_OPERAND || (o > 0 && verb == CONNECTOR_RESUME))
			return cli_usage(cli, "takes no %s",
				o == CLI_OPERAND ? "arguments" : "time");
		if (o == 0)
			reason = args->value;
		if (o == 1 && text_parse_duration(args->value, &span,
		    &err) < 0)
			return cli_usage(cli, "--for: %s", err.text);
		if ((o == 1 || o == 2) && text_parse_time(args->value,
		    cli->now, &until, &err) < 0)
			return cli_usage(cli, "--%s: %s", o == 1 ? "for" :
				"until", err.text);
	}
	if (until != HISTORY_NO_TIME && until <= cli->now)
		return cli_usage(cli, "%s is over already",
			text_time(at, until, cli->now));
	if (verb != CONNECTOR_RESUME && !(reason && *reason))
		return cli_usage(cli, "wants --reason TEXT: whoever comes next "
			"must know why nothing is %s", verb ==
			CONNECTOR_HOLD ? "imported" : "taken in");
	rc = cli_open_for_verb(cli);
	if (rc != 0)
		return rc;
	rc = operations_connector(&cli->store, &cli->actor, verb, reason,
		until, &err);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc == 0)
		cli_notice(cli, "%s", err.text);
	print_connector(cli, rc == 1 ? "done" : rc == 2 ? "unchanged" :
		"skipped", until, rc == 1 ? NULL : err.text);
	return rc > 0 ? CLI_DONE : CLI_NOT_DONE;
}

/* Waits for the connector to end the action. 1 ended, 0 not, -1. */
static int
wait_for_action(struct cli *cli, int64_t id, struct history_action *out,
	struct error *err)
{
	int64_t until = clock_mono_ms() + cli->settings.import_timeout_ms +
		TEST_WAIT_MARGIN_MS;
	struct cli_bell bell;
	char who[128];
	int rc;

	cli_bell_open(&bell, &cli->store);
	for (;;) {
		rc = history_action_get(cli->store.history, id, out, err);
		if (rc <= 0 || out->ended_at != HISTORY_NO_TIME)
			break;
		history_action_release(out);
		rc = spool_ask_lock(&cli->store.spool, who, sizeof who, err);
		if (rc == 0)
			error_set(err, ERROR_NOT_FOUND, "the connector ended "
				"before the test did");
		if (rc > 0 && clock_mono_ms() >= until)
			rc = error_set(err, ERROR_BUSY, "the connector has "
				"not answered: see ccmq status");
		if (rc <= 0 || (rc = cli_bell_wait(&bell, err)) < 0)
			break;
	}
	cli_bell_close(&bell);
	return rc;
}

static int
print_test(struct cli *cli, const struct history_action *a)
{
	char *rest;
	/* Those of 0.1.0 have no # before it. */
	int64_t id = a->detail ? strtoll(a->detail + (*a->detail == '#'),
		&rest, 10) : 0;

	if (cli->json) {
		struct json_line *j = cli_result_json(cli, a->done ? "done" :
			"failed", a->detail);

		if (id)
			json_put_number(j, "id", id);
		json_put_time(j, "at", a->ended_at);
		json_line_print(j, stdout);
	} else if (id) {
		printf("test: #%" PRId64 ":", id);
		cli_cell(cli, rest, 0);
		putchar('\n');
	} else {
		cli_notice(cli, "%s", a->detail ? a->detail : "no result");
	}
	return a->done ? CLI_DONE : CLI_NOT_DONE;
}

int
cmd_test(struct cli *cli, struct cli_args *args)
{
	struct history_action a = { 0 };
	bool control = false;
	struct error err = ERROR_INIT;
	const char *reason = NULL;
	const struct cli_option options[] = {
		{ .name = "reason=", .take = CLI_TEXT, .out = &reason },
		{ .name = "control", .take = CLI_FLAG, .out = &control },
		{ .name = NULL },
	};
	char who[128];
	int64_t id;
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_open(cli, true);
	if (rc != 0)
		return rc;
	rc = spool_ask_lock(&cli->store.spool, who, sizeof who, &err);
	if (rc <= 0 || strncmp(who, "ccmqd ", 6) != 0) {
		cli_notice(cli, "no connector runs: start ccmqd "
			"(systemctl start ccmqd)");
		return CLI_UNUSABLE;
	}
	if (operations_test(&cli->store, &cli->actor, reason, control, &id,
	    &err) < 0)
		return cli_fail(cli, &err);
	rc = wait_for_action(cli, id, &a, &err);
	if (rc <= 0) {
		rc = cli_fail(cli, &err);
		return rc == CLI_NOT_DONE && err.code == ERROR_NOT_FOUND ?
			CLI_UNUSABLE : rc;
	}
	rc = print_test(cli, &a);
	history_action_release(&a);
	return rc;
}

static void
print_event(struct cli *cli, const struct history_event *e)
{
	char at[TEXT_TIME_MAX];

	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_time(j, "at", e->at);
		json_put_number(j, "number", e->number);
		json_put_text(j, "severity",
			history_severity_word(e->severity));
		json_put_text(j, "text", e->text);
		json_put_known(j, "message_id", e->message, 0);
		json_line_print(j, stdout);
		return;
	}
	printf("%s%-10s %5d %-7s ", cli_color(cli,
		e->severity == SEVERITY_ERROR ? CLI_RED :
		e->severity == SEVERITY_WARNING ? CLI_YELLOW : CLI_PLAIN),
		text_time(at, e->at, clock_wall()), e->number,
		history_severity_word(e->severity));
	if (e->message)
		printf("%8" PRId64 " ", e->message);
	else
		printf("%8s ", "");
	cli_cell(cli, e->text, 0);
	printf("%s\n", cli_color(cli, CLI_PLAIN));
}

/* All events after *after. Number printed, or -1. */
static int
print_events(struct cli *cli, int64_t *after, struct error *err)
{
	struct history_event rows[100] = { { 0 } };
	int n, total = 0;

	while ((n = history_events(cli->store.history, *after, rows, 100,
	    err)) > 0) {
		for (int i = 0; i < n; i++) {
			*after = rows[i].id;
			print_event(cli, &rows[i]);
			history_event_release(&rows[i]);
		}
		total += n;
	}
	fflush(stdout);
	return n < 0 ? -1 : total;
}

int
cmd_events(struct cli *cli, struct cli_args *args)
{
	struct error err = ERROR_INIT;
	int64_t since = INT64_MIN, after = 0;
	bool follow = false;
	const struct cli_option options[] = {
		{ .name = "since=", .take = CLI_SINCE, .out = &since },
		{ .name = "follow", .take = CLI_FLAG, .out = &follow },
		{ .name = NULL },
	};
	struct cli_bell bell;
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	if (since != INT64_MIN && history_event_since(cli->store.history,
	    since, &after, &err) < 0)
		return cli_fail(cli, &err);
	cli_bell_open(&bell, &cli->store);
	rc = print_events(cli, &after, &err);
	while (rc >= 0 && follow && !ferror(stdout)) {
		rc = cli_bell_wait(&bell, &err) < 0 ? -1 :
			print_events(cli, &after, &err);
	}
	cli_bell_close(&bell);
	return rc < 0 ? cli_fail(cli, &err) : CLI_DONE;
}
