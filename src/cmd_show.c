/* cmd_show: `ccmq show` and `ccmq history`. See ccmq(1). */
#include "cli.h"
#include "fsutil.h"
#include "text.h"
#include "und_account.h"
#include "xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX 100		/* attempts and actions of one message */

static struct json_line *
attempt_json(const struct history_attempt *a)
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
	if (a->code == HISTORY_NO_CODE)
		json_put_null(j, "result_code");
	else
		json_put_number(j, "result_code", a->code);
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

static struct json_line *
action_json(const struct history_action *a, const struct history_item *i)
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
		json_put_text(j, "detail", a->detail);
	}
	return j;
}

static void
print_attempt(const struct cli *cli, const struct history_attempt *a)
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

static void
print_action(const struct cli *cli, const struct history_action *a,
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
		printf(": %" PRId64 " of %" PRId64, a->done, a->total);
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

/* Attempts and actions of one message, in text or as arrays of j. */
static int
show_rows(struct cli *cli, int64_t id, struct json_line *j, struct error *err)
{
	struct history_attempt *a = xcalloc(SHOWN_MAX, sizeof *a);
	struct history_item *items = xcalloc(SHOWN_MAX, sizeof *items);
	struct history_action *actions = xcalloc(SHOWN_MAX, sizeof *actions);
	int na = history_attempts(cli->store.history, id, 0, a, SHOWN_MAX,
		err);
	int ni = na < 0 ? -1 : history_message_items(cli->store.history, id,
		items, actions, SHOWN_MAX, err);

	if (j) {
		json_put_array(j, "attempt_rows");
		json_put_array(j, "actions");
	} else if (na > 0) {
		printf("\nAttempts (newest first)\n");
	}
	for (int i = 0; i < na; i++) {
		if (j)
			json_put_append(j, "attempt_rows", attempt_json(&a[i]));
		else
			print_attempt(cli, &a[i]);
		history_attempt_release(&a[i]);
	}
	if (ni > 0 && !j)
		printf("\nActions (newest first)\n");
	for (int i = 0; i < ni; i++) {
		if (j)
			json_put_append(j, "actions", action_json(&actions[i],
				&items[i]));
		else
			print_action(cli, &actions[i], &items[i]);
		history_item_release(&items[i]);
		history_action_release(&actions[i]);
	}
	free(a);
	free(items);
	free(actions);
	return na < 0 || ni < 0 ? -1 : 0;
}

static void
print_field(const struct cli *cli, const char *label, const char *text)
{
	printf("%-10s ", label);
	cli_cell(cli, text && *text ? text : "-", 0);
	putchar('\n');
}

static void
print_recipients(const struct cli *cli, const char *to)
{
	const char *label = "To";

	if (!to)
		print_field(cli, label, NULL);
	while (to && *to) {
		size_t len = strcspn(to, "\n");
		char one[300];

		snprintf(one, sizeof one, "%.*s", (int)(len > 299 ? 299 : len),
			to);
		print_field(cli, label, one);
		label = "";
		to += len + (to[len] == '\n');
	}
}

static void
print_summary(const struct cli *cli, const struct history_message *m)
{
	char at[TEXT_TIME_MAX], size[TEXT_NUMBER_MAX], words[120];
	struct str name = STR_INIT;

	printf("%s%" PRId64 " %s%s since %s\n", cli_color(cli, CLI_BOLD),
		m->id, state_word(m->state), cli_color(cli, CLI_PLAIN),
		text_ago(at, m->since, cli->now));
	print_field(cli, "From", m->from);
	print_recipients(cli, m->to);
	print_field(cli, "Subject", m->subject);
	print_field(cli, "Date", m->date_text);
	text_add_printable(&name, m->true_name, m->true_name_len);
	printf("%-10s %s, %s bytes\n", "File", name.data,
		text_exact(size, (uint64_t)m->size));
	str_release(&name);
	print_field(cli, "Arrived", text_time(at, m->received_at, cli->now));
	cli_result_words(words, m);
	if (*words)
		print_field(cli, "Result", words);
	if (m->reason)
		print_field(cli, "Reason", m->reason);
	if (m->next_attempt_at != HISTORY_NO_TIME)
		print_field(cli, "Next try", text_ago(at, m->next_attempt_at,
			cli->now));
	if (m->suspect)
		print_field(cli, "Suspect", "failed in a row with others: "
			"likely the post office, not this message");
	if (m->maybe_delivered && m->state != STATE_IMPORTED)
		print_field(cli, "Twice?", "it may have reached some "
			"recipients already");
	if (m->changed_by && m->action_by)
		print_field(cli, "By", m->action_by);
	if (m->action_reason)
		print_field(cli, "Why", m->action_reason);
	if (m->und_entries)
		printf("%-10s %" PRId64 " %s, %s bytes\n", ".und",
			m->und_entries, m->und_entries == 1 ? "entry" :
			"entries", text_exact(size, (uint64_t)m->und_bytes));
}

static int
copy_out(struct cli *cli, int fd, int64_t start, int64_t end)
{
	static char buf[65536];
	struct error err = ERROR_INIT;

	while (start < end) {
		size_t want = end - start < (int64_t)sizeof buf ?
			(size_t)(end - start) : sizeof buf;
		ssize_t n = fs_read_at(fd, buf, want, start, &err);

		if (n < 0)
			return cli_fail(cli, &err);
		if (n == 0)
			break;
		if (fwrite(buf, 1, (size_t)n, stdout) != (size_t)n)
			return CLI_NOT_DONE;
		start += n;
	}
	return CLI_DONE;
}

static int
show_raw(struct cli *cli, const struct history_message *m)
{
	struct error err = ERROR_INIT;
	enum spool_dir dir;
	struct stat st;
	int fd = store_open_message(&cli->store, m, &st, &dir, &err);
	int rc;

	if (fd < 0)
		return cli_fail(cli, &err);
	rc = copy_out(cli, fd, 0, st.st_size);
	close(fd);
	return rc;
}

int
cmd_show(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = { "raw", "und", NULL };
	struct history_message m;
	struct error err = ERROR_INIT;
	bool raw = false, und = false;
	int64_t id = 0;
	int o, rc;

	while ((o = cli_next(cli, args, names)) != -1) {
		if (o == -2)
			return CLI_USAGE;
		raw = raw || o == 0;
		und = und || o == 1;
		if (o != CLI_OPERAND)
			continue;
		if (id)
			return cli_usage(cli, "shows one message at a time");
		if (cli_parse_id(args->value, &id, &err) < 0)
			return cli_usage(cli, "%s", err.text);
	}
	if (!id || (raw && und))
		return cli_usage(cli, id ? "--raw or --und, not both" :
			"wants an id");
	rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	rc = history_message_get(cli->store.history, id, &m, &err);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc == 0) {
		cli_notice(cli, "there is no message %" PRId64, id);
		return CLI_NOT_DONE;
	}
	if (raw) {
		rc = show_raw(cli, &m);
	} else if (und) {
		rc = cmd_und_of_message(cli, &m);
	} else if (cli->json) {
		struct json_line *j = cli_message_json(&m);

		rc = show_rows(cli, id, j, &err) < 0 ? cli_fail(cli, &err) : 0;
		json_line_print(j, stdout);
	} else {
		print_summary(cli, &m);
		rc = show_rows(cli, id, NULL, &err) < 0 ?
			cli_fail(cli, &err) : 0;
	}
	history_message_release(&m);
	return rc;
}

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
		json_line_print(attempt_json(a), stdout);
		return;
	}
	printf("%8" PRId64, a->message);
	print_attempt(cli, a);
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
			json_line_print(action_json(&m->action, NULL), stdout);
		else
			print_action(cli, &m->action, NULL);
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

int
cmd_history(struct cli *cli, struct cli_args *args)
{
	static const char *const names[] = { "since=", "limit=", NULL };
	struct error err = ERROR_INIT;
	struct merge m = { 0 };
	int64_t id = 0, since = INT64_MIN, limit = INT64_MAX, span;
	int o, rc;

	while ((o = cli_next(cli, args, names)) != -1) {
		if (o == -2)
			return CLI_USAGE;
		if (o == 0) {
			if (text_parse_duration(args->value, &span, &err) < 0)
				return cli_usage(cli, "--since: %s", err.text);
			since = cli->now - span;
		} else if (o == 1 && text_parse_int(args->value, 1, INT64_MAX,
		    &limit, &err) < 0) {
			return cli_usage(cli, "--limit: %s", err.text);
		} else if (o == CLI_OPERAND &&
		    cli_parse_id(args->value, &id, &err) < 0) {
			return cli_usage(cli, "%s", err.text);
		}
	}
	rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	if (id) {
		struct json_line *j = cli->json ? json_line_new() : NULL;

		if (j)
			json_put_number(j, "id", id);
		rc = show_rows(cli, id, j, &err);
		if (j)
			json_line_print(j, stdout);
		return rc < 0 ? cli_fail(cli, &err) : CLI_DONE;
	}
	for (; limit > 0 && (rc = refill(cli, 0, &m, &err)) > 0; limit--)
		if (!print_newest(cli, &m, since))
			break;
	history_attempt_release(&m.attempt);
	history_action_release(&m.action);
	return rc < 0 ? cli_fail(cli, &err) : CLI_DONE;
}
