/* SPDX-License-Identifier: ISC */
/* cmd_note: `ccmq note` and `ccmq mine`. See ccmq(1) and work/notes.h. */
#include "command/cli.h"
#include "base/text.h"
#include "history/history_cause.h"
#include "work/notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE 50

/* What a row is on, in words. */
static void
words_of(struct cli *cli, const struct history_note *n, char out[160])
{
	struct history_cause_row row;
	struct error ignored;

	if (n->message)
		snprintf(out, 160, "#%" PRId64, n->message);
	else if (n->cause && history_cause_get(cli->store.history, n->cause,
	    &row, &ignored) > 0) {
		history_cause_words(out, &row);
		history_cause_row_release(&row);
	} else
		snprintf(out, 160, n->cause ? "a cause" : "the store");
}

static void
print_note(struct cli *cli, const struct history_note *n)
{
	char at[TEXT_TIME_MAX], on[160];
	struct json_line *j;

	words_of(cli, n, on);
	if (!cli->json) {
		printf("%s  ", text_time(at, n->at, cli->now));
		cli_cell(cli, n->by, 0);
		printf(" on %s: ", on);
		if (n->mine && n->until <= n->at)
			fputs("not any more in hand", stdout);
		else if (n->mine)
			printf("in hand until %s", text_time(at, n->until,
				cli->now));
		else
			cli_cell(cli, n->text, 0);
		putchar('\n');
		return;
	}
	j = json_line_new();
	json_put_time(j, "at", n->at);
	json_put_text(j, "by", n->by);
	json_put_text(j, "on", on);
	json_put_known(j, "message_id", n->message, 0);
	json_put_text(j, "note", n->mine ? NULL : n->text);
	json_put_time(j, "mine_until", n->mine ? n->until : HISTORY_NO_TIME);
	json_line_print(j, stdout);
}

/* Of one message or cause, or of all (store), newest first. */
static int
show(struct cli *cli, const struct note_on *on)
{
	struct history_note rows[PAGE] = { { 0 } };
	struct error err = ERROR_INIT;
	int64_t before = 0;
	int n;

	while ((n = history_notes(cli->store.history, on->message, on->cause,
	    before, rows, PAGE, &err)) > 0)
		for (int i = 0; i < n; i++) {
			before = rows[i].id;
			if (!cli->at || rows[i].at <= cli->at)
				print_note(cli, &rows[i]);
			history_note_release(&rows[i]);
		}
	return n < 0 ? cli_fail(cli, &err) : CLI_DONE;
}

int
cmd_note(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = { "at=", NULL };
	const char *on_text = NULL, *text = NULL;
	struct error err = ERROR_INIT;
	struct note_on on = { 0 };
	int o, rc;

	while ((o = cli_next(cli, args, names)) != -1) {
		if (o == -2)
			return CLI_USAGE;
		if (o == 0) {
			if (text_parse_past(args->value, cli->now, &cli->at,
			    &err) < 0)
				return cli_usage(cli, "--at: %s", err.text);
			continue;
		}
		if (text)
			return cli_usage(cli, "one text, in quotes");
		if (on_text)
			text = args->value;
		else
			on_text = args->value;
	}
	if (text && cli->at)
		return cli_usage(cli, "nothing is noted at another time");
	rc = cli_open(cli, text != NULL);
	if (rc != 0)
		return rc;
	if (on_text && notes_on(&cli->store, on_text, cli->now, &on, &err) < 0)
		return cli_fail(cli, &err);
	if (!text)
		return show(cli, &on);
	if (notes_write(&cli->store, &cli->actor, &on, text, &err) < 0)
		return cli_fail(cli, &err);
	if (cli->json)
		json_line_print(cli_result_json(cli, "done", NULL), stdout);
	else
		printf("noted on %s\n", on.words);
	return CLI_DONE;
}

static int
take(struct cli *cli, const struct note_on *on, int64_t for_ms)
{
	struct history_note hand, was;
	struct error err = ERROR_INIT;
	char at[TEXT_TIME_MAX];
	struct json_line *j;
	bool ends;

	if (notes_take(&cli->store, &cli->actor, on, for_ms, &hand, &was,
	    &err) < 0)
		return cli_fail(cli, &err);
	ends = hand.until <= hand.at;
	if (cli->json) {
		j = cli_result_json(cli, "done", NULL);
		json_put_text(j, "on", on->words);
		json_put_time(j, "mine_until", ends ? HISTORY_NO_TIME :
			hand.until);
		json_line_print(j, stdout);
	} else if (ends)
		printf("%s is not yours any more\n", on->words);
	else
		printf("%s is yours until %s\n", on->words, text_time(at,
			hand.until, cli->now));
	if (was.by && strcmp(was.by, cli->actor.by) != 0)
		cli_notice(cli, "%s had it, until %s", was.by, text_time(at,
			was.until, cli->now));
	history_note_release(&hand);
	history_note_release(&was);
	return CLI_DONE;
}

int
cmd_mine(struct cli *cli, struct cli_args *args)
{
	const char *on_text = NULL;
	struct error err = ERROR_INIT;
	struct note_on on;
	int64_t for_ms = -1;
	const struct cli_option options[] = {
		{ .name = "for=", .take = CLI_SPAN, .out = &for_ms },
		{ .name = "", .take = CLI_TEXT, .out = &on_text,
		  .more = "one id, or cause:EXPR in quotes" },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc != 0)
		return rc;
	if (for_ms == 0)
		return cli_usage(cli, "--for: not 0");
	if (!on_text)
		return cli_usage(cli, "wants an id, or cause:EXPR");
	rc = cli_open(cli, true);
	if (rc != 0)
		return rc;
	if (notes_on(&cli->store, on_text, cli->now, &on, &err) < 0)
		return cli_fail(cli, &err);
	return take(cli, &on, for_ms < 0 ? 0 : for_ms);
}
