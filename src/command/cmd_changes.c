/* SPDX-License-Identifier: ISC */
/* cmd_changes: `ccmq changes`. See ccmq(1) and history/changes.h. */
#include "command/cli.h"
#include "base/clock.h"
#include "base/text.h"
#include "history/changes.h"
#include "history/seal_verify.h"
#include "store/follower.h"
#include "work/row_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STEP 1000		/* transactions, then a follower's place moves */

static struct json_line *
change_json(const struct history_change *c)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "change", c->id);
	json_put_time(j, "at", c->at);
	json_put_number(j, "message_id", c->message);
	json_put_text(j, "from", c->state_from);
	json_put_time(j, "since", c->since_from);
	json_put_text(j, "to", c->state_to);
	json_put_known(j, "attempt", c->attempt, 0);
	json_put_known(j, "action", c->action, 0);
	return j;
}

static struct json_line *
event_json(const struct history_event *e)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "event", e->id);
	json_put_time(j, "at", e->at);
	json_put_number(j, "number", e->number);
	json_put_text(j, "severity", history_severity_word(e->severity));
	json_put_text(j, "text", e->text);
	json_put_known(j, "message_id", e->message, 0);
	return j;
}

static struct json_line *
note_json(const struct history_note *n)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "note_id", n->id);
	json_put_time(j, "at", n->at);
	json_put_text(j, "by", n->by);
	json_put_known(j, "message_id", n->message, 0);
	json_put_known(j, "cause", n->cause, 0);
	json_put_text(j, "note", n->mine ? NULL : n->text);
	json_put_time(j, "mine_until", n->mine ? n->until : HISTORY_NO_TIME);
	return j;
}

static struct json_line *
removed_json(const struct history_told *t)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "table", t->removed.table);
	json_put_number(j, "first", t->removed.first);
	json_put_number(j, "last", t->removed.last);
	return j;
}

static struct json_line *
seal_json(const struct history_told *t)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "digest", t->seal);
	return j;
}

static const char *const words[] = {
	[TOLD_ATTEMPT] = "attempt", [TOLD_ACTION] = "action",
	[TOLD_CHANGE] = "change", [TOLD_EVENT] = "event",
	[TOLD_NOTE] = "note", [TOLD_MESSAGE] = "message",
	[TOLD_REMOVED] = "removed", [TOLD_SEAL] = "seal",
};

static struct json_line *
told_json(const struct history_told *t)
{
	switch (t->kind) {
	case TOLD_ATTEMPT:
		return cli_attempt_json(&t->attempt);
	case TOLD_ACTION:
		return cli_action_json(&t->action, NULL);
	case TOLD_CHANGE:
		return change_json(&t->change);
	case TOLD_EVENT:
		return event_json(&t->event);
	case TOLD_NOTE:
		return note_json(&t->note);
	case TOLD_MESSAGE:
		return row_message_json(&t->message);
	case TOLD_REMOVED:
		return removed_json(t);
	case TOLD_SEAL:
		break;
	}
	return seal_json(t);
}

/* What a row says, behind the words for its kind. */
static void
print_told(const struct cli *cli, const struct history_told *t)
{
	switch (t->kind) {
	case TOLD_ATTEMPT:
		printf("#%" PRId64 " %s", t->attempt.message,
			t->attempt.class ? t->attempt.class : "begins");
		break;
	case TOLD_ACTION:
		printf("%s by ", t->action.verb);
		cli_cell(cli, t->action.by, 0);
		break;
	case TOLD_CHANGE:
		printf("#%" PRId64 " from %s to %s", t->change.message,
			t->change.state_from, t->change.state_to);
		break;
	case TOLD_EVENT:
		printf("%d ", t->event.number);
		cli_cell(cli, t->event.text, 0);
		break;
	case TOLD_NOTE:
		printf("by ");
		cli_cell(cli, t->note.by, 0);
		printf(": ");
		cli_cell(cli, t->note.text, 0);
		break;
	case TOLD_MESSAGE:
		printf("#%" PRId64 " is %s", t->message.id,
			state_word(t->message.state));
		break;
	case TOLD_REMOVED:
		printf("%s %" PRId64 " to %" PRId64, t->removed.table,
			t->removed.first, t->removed.last);
		break;
	case TOLD_SEAL:
		cli_cell(cli, t->seal, 0);
	}
}

/* When what is told happened, as far as it knows. */
static int64_t
told_at(const struct history_told *t)
{
	return t->kind == TOLD_CHANGE ? t->change.at :
		t->kind == TOLD_EVENT ? t->event.at :
		t->kind == TOLD_NOTE ? t->note.at : 0;
}

/* Who is told, and how far they are. */
struct told {
	struct cli *cli;
	struct follower place;		/* fd -1: of nobody */
	int64_t after, at;
	char seal[SEAL_HEX];
};

static void
on_told(void *arg, const struct history_told *t)
{
	struct told *to = arg;
	const struct cli *cli = to->cli;
	struct json_line *j;

	if (told_at(t) > to->at)
		to->at = told_at(t);
	if (t->kind == TOLD_SEAL)
		memcpy(to->seal, t->seal, sizeof to->seal);
	if (!cli->json) {
		printf("%8" PRId64 " %-8s ", t->txn, words[t->kind]);
		print_told(cli, t);
		putchar('\n');
		return;
	}
	j = told_json(t);
	json_put_number(j, "txn", t->txn);
	json_put_text(j, "kind", words[t->kind]);
	json_line_print(j, stdout);
}

/* What was printed is handed over before the place moves. 0 or -1. */
static int
move(struct told *to, struct error *err)
{
	fflush(stdout);
	if (to->place.fd < 0 || ferror(stdout) ||
	    (to->after == to->place.txn &&
		    to->at - to->place.at < CLOCK_MINUTE))
		return 0;
	return follower_move(&to->place, to->after, to->at, *to->seal ? to->seal :
		to->place.seal, err);
}

/* All that is newer, to the end of what is there. 0 or -1. */
static int
tell_all(struct told *to, struct error *err)
{
	int64_t now = clock_wall(), was = to->after;
	int rc;

	while ((rc = history_changes_next(to->cli->store.history, &to->after, 1,
	    on_told, to, err)) > 0 && !ferror(stdout)) {
		if (to->after - was >= STEP && move(to, err) < 0)
			return -1;
		if (to->after - was >= STEP)
			was = to->after;
		now = clock_wall();
	}
	/* A look found no more: nothing of before is missing. */
	if (rc == 0)
		to->at = now;
	return rc < 0 ? -1 : move(to, err);
}

/* Where to begin: behind a number that was asked for, if all is there, or
 * behind what is not whole. 0 or an exit status. */
static int
begin(struct cli *cli, int64_t from, int64_t *after)
{
	struct error err = ERROR_INIT;
	unsigned char digest[SEAL_BYTES];
	int64_t gap, newest = 0;

	*after = from < 0 ? 0 : from;
	if (history_changes_gap(cli->store.history, *after, &gap, &err) < 0 ||
	    history_seal_newest(cli->store.history, &newest, digest, &err) < 0)
		return cli_fail(cli, &err);
	if (from > newest) {
		cli_notice(cli, "the newest transaction is %" PRId64 ": this "
			"is not the history that had %" PRId64 ". Begin anew, "
			"without --from", newest, from);
		return CLI_NOT_DONE;
	}
	if (from >= 0 && gap > from) {
		char first[40] = "";

		if (gap > from + 1)
			snprintf(first, sizeof first, "s %" PRId64 " to",
				from + 1);
		cli_notice(cli, "transaction%s %" PRId64 " %s not whole any "
			"more: retention has removed of %s. --from %" PRId64
			" goes on behind", first, gap, *first ? "are" : "is",
			*first ? "them" : "it", gap);
		return CLI_NOT_DONE;
	}
	if (gap > *after)
		*after = gap;
	return 0;
}

static int
tell(struct told *to, bool follow, struct error *err)
{
	struct cli_bell bell;
	int rc;

	cli_bell_open(&bell, &to->cli->store);
	rc = tell_all(to, err);
	while (rc == 0 && follow && !ferror(stdout)) {
		rc = cli_bell_wait(&bell, err) < 0 ? -1 : tell_all(to, err);
	}
	cli_bell_close(&bell);
	return rc;
}

int
cmd_changes(struct cli *cli, struct cli_args *args)
{
	struct error err = ERROR_INIT;
	int64_t from = -1;
	const char *as = NULL;
	bool follow = false;
	struct told to = { .cli = cli, .place = FOLLOWER_INIT };
	const struct cli_option options[] = {
		{ .name = "from=", .take = CLI_NUMBER, .out = &from },
		{ .name = "as=", .take = CLI_TEXT, .out = &as },
		{ .name = "follow", .take = CLI_FLAG, .out = &follow },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc == 0 && as && follower_open(&to.place, &cli->store, as, &err) <
	    0)
		rc = cli_fail(cli, &err);
	if (rc == 0 && from < 0 && follower_check(&to.place, &cli->store,
	    &err) < 0)
		rc = (cli_fail(cli, &err), CLI_NOT_DONE);
	if (from < 0 && to.place.txn > 0)
		from = to.place.txn;
	if (rc == 0)
		rc = begin(cli, from, &to.after);
	if (rc == 0 && tell(&to, follow, &err) < 0)
		rc = cli_fail(cli, &err);
	follower_close(&to.place);
	return rc;
}
