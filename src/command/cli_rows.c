/* SPDX-License-Identifier: ISC */
/* cli_rows: attempts and actions, for people and for scripts. See cli.h. */
#include "command/cli.h"
#include "history/history_at.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "work/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 50
#define ACTIONS_MAX 1000	/* what people do to one message */

struct json_line *
cli_attempt_json(const struct history_attempt *a)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "kind", "attempt");
	json_put_number(j, "attempt", a->id);
	json_put_number(j, "message_id", a->message);
	json_put_number(j, "number", a->number);
	json_put_text(j, "why", a->why);
	json_put_time(j, "at", a->started_at);
	json_put_time(j, "ended_at", a->ended_at);
	json_put_number(j, "took_ms", a->took_ms);
	json_put_text(j, "class", a->class);
	json_put_known(j, "result_code", a->code, HISTORY_NO_CODE);
	json_put_number(j, "signal", a->signal);
	json_put_bool(j, "counted", a->counted);
	json_put_bool(j, "probe", a->probe);
	json_put_text(j, "copy", a->copy);
	json_put_text(j, "reason", a->reason);
	json_put_bytes(j, "output", a->output ? a->output : "",
		a->output_len);
	json_put_number(j, "und_bytes", a->und_end - a->und_start);
	json_put_number(j, "und_entries", a->und_entries);
	return j;
}

void
cli_put_outcomes(struct json_line *j, const struct history_action *a)
{
	json_put_number(j, "imported", a->imported);
	json_put_number(j, "failed_again", a->again);
	json_put_number(j, "deferred", a->deferred);
	json_put_number(j, "acted_on", a->acted);
	json_put_number(j, "to_come", a->waits + a->total - a->done -
		a->skipped - a->failed);
}

struct json_line *
cli_action_json(const struct history_action *a, const struct history_item *i)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "kind", "action");
	json_put_number(j, "action", a->id);
	json_put_time(j, "at", i ? i->at : a->at);
	json_put_text(j, "verb", a->verb);
	json_put_text(j, "by", a->by);
	json_put_text(j, "reason", a->reason);
	json_put_text(j, "tty", a->tty);
	json_put_text(j, "ssh", a->ssh);
	if (i) {
		json_put_number(j, "message_id", i->message);
		json_put_text(j, "result", i->result);
		json_put_text(j, "from", i->from_state);
		json_put_text(j, "to", i->to_state);
		json_put_text(j, "why", i->why);
	} else {
		json_put_number(j, "total", a->total);
		json_put_number(j, "done", a->done);
		json_put_number(j, "skipped", a->skipped);
		json_put_number(j, "failed", a->failed);
		cli_put_outcomes(j, a);
		json_put_text(j, "detail", a->detail);
	}
	return j;
}

void
cli_print_attempt(const struct cli *cli, const struct history_attempt *a)
{
	char at[TEXT_TIME_MAX], took[TEXT_NUMBER_MAX], und[TEXT_NUMBER_MAX];
	const char *meaning = a->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(a->code);
	char result[64];

	if (!a->class)
		snprintf(result, sizeof result, "running");
	else if (a->signal)
		snprintf(result, sizeof result, "crashed, signal %d",
			a->signal);
	else if (a->code != HISTORY_NO_CODE)
		snprintf(result, sizeof result, "code %d %s", a->code,
			meaning ? meaning : a->class);
	else
		snprintf(result, sizeof result, "%s", a->class);
	printf("  %3" PRId64 "  %-10s ", a->number,
		text_time(at, a->started_at, cli->now));
	cli_cell(cli, a->why, 18);
	printf(" %6s  ", text_duration(took, a->took_ms));
	cli_cell(cli, result, 26);
	printf(" %-8s", a->copy ? a->copy : "");
	if (a->und_end > a->und_start)
		printf(" .und +%s", text_size(und,
			(uint64_t)(a->und_end - a->und_start)));
	putchar('\n');
	if (a->reason) {
		printf("       ");
		cli_cell(cli, a->reason, 0);
		putchar('\n');
	}
}

/* ": 50 of 50; 20 imported, 30 failed again (code 1)" */
static void
print_counts(const struct cli *cli, const struct history_action *a)
{
	struct error ignored;
	struct str s = STR_INIT;
	const char *counts;

	printf(": %" PRId64 " of %" PRId64, a->done, a->total);
	if (a->waits + a->imported + a->again + a->deferred + a->acted > 0 &&
	    jobs_sentence(cli->store.history, a, &s, &ignored) == 0 &&
	    (counts = strstr(s.data, ": "))) {
		printf("; ");
		cli_cell(cli, counts + 2, 0);
	}
	str_release(&s);
}

void
cli_print_action(const struct cli *cli, const struct history_action *a,
	const struct history_item *i)
{
	char at[TEXT_TIME_MAX];

	printf("  %-10s %-10s by ", text_time(at, i ? i->at : a->at, cli->now),
		a->verb);
	cli_cell(cli, a->by, 0);
	if (i)
		printf(": %s%s%s", i->result, i->to_state ? ", " : "",
			i->to_state ? i->to_state : "");
	else if (a->total)
		print_counts(cli, a);
	if (i && i->why) {
		printf(" (");
		cli_cell(cli, i->why, 0);
		printf(")");
	}
	if (a->reason) {
		printf(" \"");
		cli_cell(cli, a->reason, 0);
		printf("\"");
	}
	putchar('\n');
}

/* Had it happened by then? */
static bool
is_told(const struct cli *cli, int64_t at)
{
	return !cli->at || at <= cli->at;
}

/* Newest first, a page at a time. Number printed, or -1. */
static int64_t
print_attempts(struct cli *cli, int64_t id, int64_t since, int64_t limit,
	struct json_line *j, struct error *err)
{
	struct history_attempt rows[PAGE] = { { 0 } };
	int64_t before = 0, printed = 0;
	int n;

	while ((n = history_attempts(cli->store.history, id, before, rows,
	    PAGE, err)) > 0)
		for (int i = 0; i < n; i++) {
			before = rows[i].id;
			if (cli->at)
				history_at_attempt(&rows[i], cli->at);
			if (rows[i].started_at >= since && printed < limit &&
			    is_told(cli, rows[i].started_at)) {
				if (j)
					json_put_append(j, "attempt_rows",
						cli_attempt_json(&rows[i]));
				if (!j && printed == 0)
					printf("\nAttempts (newest first)\n");
				if (!j)
					cli_print_attempt(cli, &rows[i]);
				printed++;
			}
			history_attempt_release(&rows[i]);
		}
	return n < 0 ? -1 : printed;
}

static int
print_actions(struct cli *cli, int64_t id, int64_t since, int64_t limit,
	struct json_line *j, struct error *err)
{
	struct history_item *items = xcalloc(ACTIONS_MAX, sizeof *items);
	struct history_action *actions = xcalloc(ACTIONS_MAX,
		sizeof *actions);
	int n = history_message_items(cli->store.history, id, items, actions,
		ACTIONS_MAX, err);
	int64_t printed = 0;

	for (int i = 0; i < n; i++) {
		if (items[i].at >= since && printed < limit &&
		    is_told(cli, items[i].at)) {
			if (j)
				json_put_append(j, "actions", cli_action_json(
					&actions[i], &items[i]));
			if (!j && printed == 0)
				printf("\nActions (newest first)\n");
			if (!j)
				cli_print_action(cli, &actions[i], &items[i]);
			printed++;
		}
		history_item_release(&items[i]);
		history_action_release(&actions[i]);
	}
	free(items);
	free(actions);
	return n < 0 ? -1 : 0;
}

int
cli_print_rows(struct cli *cli, int64_t id, int64_t since, int64_t limit,
	struct json_line *j, struct error *err)
{
	if (j) {
		json_put_array(j, "attempt_rows");
		json_put_array(j, "actions");
	}
	if (print_attempts(cli, id, since, limit, j, err) < 0)
		return -1;
	return print_actions(cli, id, since, limit, j, err);
}
