/* SPDX-License-Identifier: ISC */
/* cli: see cli.h for the contract. */
#include "command/cli.h"
#include "base/clock.h"
#include "base/files.h"
#include "history/history_note.h"
#include "work/operations.h"
#include "work/row_json.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 2, 0)))
say(const struct cli *cli, const char *fmt, va_list ap)
{
	struct str s = STR_INIT;

	fflush(stdout);
	str_vaddf(&s, fmt, ap);
	if (cli->plugin) {		/* its reader sees nothing else */
		printf("CCMQ UNKNOWN: ");
		cli_put(stdout, s.data);
		putchar('\n');
		fflush(stdout);
	}
	fprintf(stderr, "ccmq%s%s: ", cli->command ? " " : "",
		cli->command ? cli->command : "");
	cli_put(stderr, s.data);
	putc('\n', stderr);
	str_release(&s);
}

void
cli_notice(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(cli, fmt, ap);
	va_end(ap);
}

int
cli_usage(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(cli, fmt, ap);
	va_end(ap);
	fprintf(stderr, "try: ccmq %s%s--help\n",
		cli->command ? cli->command : "", cli->command ? " " : "");
	return CLI_USAGE;
}

int
cli_fail(const struct cli *cli, const struct error *err)
{
	cli_notice(cli, "%s", err->text);
	switch (err->code) {
	case ERROR_INVALID:
		return CLI_USAGE;
	case ERROR_NOT_FOUND:
	case ERROR_BUSY:
	case ERROR_STOPPED:
	case ERROR_UNKNOWN:
		return CLI_NOT_DONE;
	case ERROR_NONE:
	case ERROR_SYSTEM:
	case ERROR_STORE:
	case ERROR_REPLACED:
	case ERROR_READ_ONLY:
		break;
	}
	return CLI_UNUSABLE;
}

int
cli_settings(struct cli *cli)
{
	struct error err = ERROR_INIT;

	if (settings_load(&cli->settings, cli->config, cli->store_path,
	    &err) < 0) {
		cli_notice(cli, "%s", err.text);
		return err.code == ERROR_INVALID ? CLI_USAGE : CLI_UNUSABLE;
	}
	return 0;
}

int
cli_check_version(struct cli *cli)
{
	struct error err = ERROR_INIT;

	if (history_check_version(cli->store.history, &err) == 0)
		return 0;
	error_prefix(&err, "%s/history.db", cli->settings.store);
	return cli_fail(cli, &err);
}

int
cli_may_write(struct cli *cli)
{
	if (!cli->read_only && !cli->settings.console_read_only)
		return 0;
	cli_notice(cli, "this is read-only mode (%s): nothing was done",
		cli->read_only ? "--read-only" : "console.read_only");
	return CLI_UNUSABLE;
}

int
cli_open_store(struct cli *cli, enum store_mode mode)
{
	struct error err = ERROR_INIT;

	if (store_open(&cli->store, cli->settings.store,
	    cli->settings.intake_submit, "ccmq", mode, &err) < 0) {
		if (err.code == ERROR_INVALID || err.code == ERROR_NOT_FOUND)
			err.code = ERROR_STORE;
		return cli_fail(cli, &err);
	}
	store_use_mail(&cli->store, cli->settings.mail_code_page,
		cli->settings.mail_date_order);
	store_use_theirs(&cli->store, cli->settings.foreign_submit,
		cli->settings.foreign_import);
	cli->store_open = true;
	return 0;
}

int
cli_open(struct cli *cli, bool write)
{
	int rc = cli_settings(cli);

	if (rc == 0 && write)
		rc = cli_may_write(cli);
	if (rc == 0)
		rc = cli_open_store(cli, write ? STORE_WRITE : STORE_READ);
	return rc ? rc : cli_check_version(cli);
}

static bool
say_waiting(void *arg, const char *holder)
{
	const struct cli *cli = arg;

	cli_notice(cli, "waiting for the store, which is being written by %s",
		holder);
	return true;
}

int
cli_recover(struct cli *cli, struct error *err)
{
	char who[128];
	int rc = spool_take_lock(&cli->store.spool, "ccmq", who, sizeof who,
		err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;	/* a connector runs: it has recovered */
	rc = operations_recover(&cli->store, &cli->settings, err);
	spool_drop_lock(&cli->store.spool);
	if (rc < 0)
		store_end(&cli->store);
	return rc;
}

int
cli_open_for_verb(struct cli *cli)
{
	struct error err = ERROR_INIT;
	int rc = cli_open(cli, true);

	if (rc != 0)
		return rc;
	cli->store.waiting = say_waiting;
	cli->store.waiting_arg = cli;
	return cli_recover(cli, &err) < 0 ? cli_fail(cli, &err) : 0;
}

void
cli_result_words(char out[120], const struct history_message *m)
{
	const char *meaning = m->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(m->code);

	if (!m->class || m->code == 0)
		out[0] = '\0';		/* the state says it */
	else if (m->signal)
		snprintf(out, 120, "crashed, signal %d", m->signal);
	else if (m->code == HISTORY_NO_CODE)
		snprintf(out, 120, "%s", m->reason ? m->reason : m->class);
	else if (m->code == 5 && m->reason)
		snprintf(out, 120, "5 %.100s", m->reason);
	else
		snprintf(out, 120, "%d %s", m->code,
			meaning ? meaning : m->class);
}

/* The newest note and who has it in hand; null: none, nobody, not known. */
static void
put_notes(struct cli *cli, struct json_line *j, const struct history_message *m)
{
	struct history *h = cli->store.history;
	struct history_note note = { 0 }, hand = { 0 };
	struct error ignored;
	bool any = history_notes_any(h, &ignored) > 0;

	if (any && history_note_newest(h, m->id, m->cause, &note,
	    &ignored) <= 0)
		note.text = NULL;
	if (any && history_hand(h, m->id, m->cause, cli->now, &hand,
	    &ignored) <= 0)
		hand.by = NULL;
	json_put_text(j, "note", note.text);
	json_put_text(j, "mine_by", hand.by);
	json_put_time(j, "mine_until", hand.by ? hand.until : HISTORY_NO_TIME);
	history_note_release(&note);
	history_note_release(&hand);
}

struct json_line *
cli_message_at_json(struct cli *cli, const struct history_message *m)
{
	static const char *const known[] = {
		"id", "name", "name_b64", "state", "since", "size",
		"received_at", "attempts", "result_code", "class", "reason",
		"from", "to", "subject", "date", "suspect", NULL,
	};
	struct json_line *j = row_message_json(m);

	put_notes(cli, j, m);
	if (cli->at)
		json_keep(j, known);
	return j;
}

struct json_line *
cli_result_json(const struct cli *cli, const char *result, const char *why)
{
	struct json_line *j = json_line_new();

	json_put_null(j, "id");
	json_put_text(j, "verb", cli->command);
	json_put_text(j, "result", result);
	json_put_text(j, "why", why);
	json_put_null(j, "state");
	json_put_text(j, "by", cli->actor.by);
	json_put_time(j, "at", clock_wall());
	json_put_bool(j, "dry_run", false);
	return j;
}

int
cli_parse_id(const char *text, int64_t *out, struct error *err)
{
	int64_t id;

	text += *text == '#';		/* as it is printed */
	if (text_parse_int(text, 1, INT64_MAX, &id, err) < 0)
		return error_prefix(err, "id");
	*out = id;
	return 0;
}
