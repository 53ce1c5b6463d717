/* SPDX-License-Identifier: ISC */
/* cmd_jobs: `ccmq jobs` and `ccmq job`. See ccmq(1) and jobs.h. */
#include "command/cli.h"
#include "base/clock.h"
#include "history/history_at.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "work/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIST_MAX 20		/* actions that are over, of `jobs` */

/* What it is now, in a word: an action that was done at once is done. */
static const char *
state_of(const struct history_action *a)
{
	return a->job ? a->job_state : a->ended_at == HISTORY_NO_TIME ?
		"running" : "done";
}

static bool
is_open(const struct history_action *a)
{
	const char *state = state_of(a);

	return strcmp(state, "done") != 0 && strcmp(state, "stopped") != 0;
}

static struct json_line *
job_json(struct cli *cli, const struct history_action *a,
	const char *sentence)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "id", a->id);
	json_put_time(j, "at", a->at);
	json_put_text(j, "verb", a->verb);
	json_put_text(j, "by", a->by);
	json_put_text(j, "reason", a->reason);
	json_put_text(j, "state", state_of(a));
	json_put_text(j, "state_by", a->job_by);
	json_put_text(j, "state_why", a->job_why);
	json_put_text(j, "steps", a->steps);
	json_put_number(j, "rate_per_minute", a->rate);
	json_put_number(j, "total", a->total);
	json_put_number(j, "done", a->done);
	json_put_number(j, "skipped", a->skipped);
	json_put_number(j, "failed", a->failed);
	cli_put_outcomes(j, a);
	if (cli->at)
		json_put_null(j, "held");
	else
		json_put_bool(j, "held", a->job && jobs_is_held(&cli->store,
			a->id));
	json_put_text(j, "text", sentence);
	json_put_time(j, "ended_at", a->ended_at);
	return j;
}

static int
print_job(struct cli *cli, const struct history_action *a, struct error *err)
{
	char at[TEXT_TIME_MAX], done[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];
	struct str s = STR_INIT;

	if (jobs_sentence(cli->store.history, a, &s, err) < 0) {
		str_release(&s);
		return -1;
	}
	if (cli->json) {
		json_line_print(job_json(cli, a, s.data), stdout);
	} else {
		printf("%6" PRId64 "  %-8s %-12s ", a->id, state_of(a),
			text_time(at, a->at, cli->now));
		cli_put(stdout, a->by);
		printf("  ");
		cli_put(stdout, s.data);
		if (a->job_why && is_open(a)) {
			printf("; paused ");
			if (a->job_by) {
				printf("by ");
				cli_put(stdout, a->job_by);
				putchar(' ');
			}
			printf("after %s of %s: ", text_exact(done,
				(uint64_t)a->done), text_exact(all,
				(uint64_t)a->total));
			cli_put(stdout, a->job_why);
		}
		putchar('\n');
	}
	str_release(&s);
	return 0;
}

static int
list(struct cli *cli, struct error *err)
{
	struct history_action *rows = xcalloc(LIST_MAX, sizeof *rows);
	int n = cli->at ? history_at_jobs(cli->store.history, cli->at, rows,
		LIST_MAX, err) : history_jobs(cli->store.history, 0, rows,
		LIST_MAX, err);
	int rc = n < 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = print_job(cli, &rows[i], err);
		history_action_release(&rows[i]);
	}
	free(rows);
	return rc;
}

/* Each change of the list, again from its top. */
static int
follow(struct cli *cli, struct error *err)
{
	int64_t seen = -1, version = 0;
	struct cli_bell bell;
	int rc = 0;

	cli_bell_open(&bell, &cli->store);
	while (rc == 0 && !ferror(stdout) && (rc = history_data_version(
	    cli->store.history, &version, err)) == 0) {
		if (version != seen) {
			cli->now = clock_wall();
			rc = list(cli, err);
			putchar('\n');
			fflush(stdout);
		}
		seen = version;
		if (rc == 0)
			rc = cli_bell_wait(&bell, err);
	}
	cli_bell_close(&bell);
	return rc;
}

int
cmd_jobs(struct cli *cli, struct cli_args *args)
{
	struct error err = ERROR_INIT;
	bool wants_follow = false;
	const struct cli_option options[] = {
		{ .name = "follow", .take = CLI_FLAG, .out = &wants_follow },
		{ .name = "|at=", .take = CLI_AT },
		{ .name = "", .take = CLI_NONE, .more =
		  "takes no operands: ccmq job ID shows one" },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc)
		return rc;
	rc = wants_follow ? follow(cli, &err) : list(cli, &err);
	return rc < 0 ? cli_fail(cli, &err) : CLI_DONE;
}

/* --- one job ---------------------------------------------------------------- */

static void
print_item(struct cli *cli, const struct history_item *i)
{
	char at[TEXT_TIME_MAX];

	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_number(j, "id", i->message);
		json_put_text(j, "result", i->result);
		json_put_text(j, "why", i->why);
		json_put_time(j, "at", i->at);
		json_put_text(j, "outcome", i->outcome);
		json_put_known(j, "outcome_code", i->outcome_code, HISTORY_NO_CODE);
		json_put_text(j, "outcome_reason", i->outcome_reason);
		json_put_time(j, "outcome_at", i->outcome_at);
		json_line_print(j, stdout);
		return;
	}
	printf("  #%-10" PRId64 " %-8s ", i->message, i->result);
	if (i->outcome) {
		cli_put(stdout, i->outcome);
		if (i->outcome_code != HISTORY_NO_CODE)
			printf(", code %d", i->outcome_code);
		if (i->outcome_reason) {
			printf(" ");
			cli_put(stdout, i->outcome_reason);
		}
		if (i->outcome_at != HISTORY_NO_TIME)
			printf("  %s", text_time(at, i->outcome_at, cli->now));
	} else if (i->why) {
		cli_put(stdout, i->why);
	}
	putchar('\n');
}

static int
show(struct cli *cli, int64_t id, struct error *err)
{
	struct history_item *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_action a = { 0 };
	int64_t after = 0;
	int rc = history_action_get(cli->store.history, id, &a, err), n = 0;

	if (rc == 0 || (rc > 0 && a.total == 0))
		rc = error_set(err, ERROR_NOT_FOUND, "there is no job %"
			PRId64, id);
	if (rc > 0)
		rc = print_job(cli, &a, err);
	while (rc == 0 && (n = history_items(cli->store.history, id, after,
	    rows, HISTORY_PAGE, err)) > 0)
		for (int i = 0; i < n; i++) {
			after = rows[i].message;
			print_item(cli, &rows[i]);
			history_item_release(&rows[i]);
		}
	history_action_release(&a);
	free(rows);
	return rc < 0 || n < 0 ? -1 : 0;
}

static int
give_order(struct cli *cli, int64_t id, enum job_order order,
	const char *reason, struct error *err)
{
	int rc = jobs_order(&cli->store, &cli->actor, id, order, reason, err);

	if (rc <= 0)
		return rc < 0 ? cli_fail(cli, err) :
			(cli_notice(cli, "%s", err->text), CLI_NOT_DONE);
	if (order != JOB_PAUSE && jobs_start_holder("ccmq", cli->config,
	    &cli->store, id, err) < 0)
		return cli_fail(cli, err);
	return show(cli, id, err) < 0 ? cli_fail(cli, err) : CLI_DONE;
}

/* What its first process is started as. */
static int
hold(struct cli *cli, int64_t id, struct error *err)
{
	return jobs_hold(&cli->store, id, err) < 0 ? cli_fail(cli, err) :
		CLI_DONE;
}

int
cmd_job(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = { "reason=", NULL };
	static const char *const words[] = { "pause", "go-on", "stop", "hold" };
	struct error err = ERROR_INIT;
	const char *reason = NULL;
	int64_t id = 0;
	int i, rc, what = -1;

	while ((i = cli_next(cli, args, names)) != -1) {
		if (i == 0) {
			reason = args->value;
			continue;
		}
		if (i != CLI_OPERAND)
			return CLI_USAGE;
		if (id == 0) {
			if (cli_parse_id(args->value, &id, &err) < 0)
				return cli_usage(cli, "%s", err.text);
			continue;
		}
		for (int w = 0; w < 4 && what < 0; w++)
			if (strcmp(args->value, words[w]) == 0)
				what = w;
		if (what < 0)
			return cli_usage(cli, "\"%s\": pause, go-on or stop",
				args->value);
	}
	if (id == 0)
		return cli_usage(cli, "wants the ID of a job: ccmq jobs lists "
			"them");
	rc = what < 0 ? cli_open(cli, false) : cli_open_for_verb(cli);
	if (rc)
		return rc;
	if (what < 0)
		return show(cli, id, &err) < 0 ? cli_fail(cli, &err) :
			CLI_DONE;
	return what == 3 ? hold(cli, id, &err) :
		give_order(cli, id, (enum job_order)what, reason, &err);
}
