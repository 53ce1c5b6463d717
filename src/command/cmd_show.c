/* SPDX-License-Identifier: ISC */
/* cmd_show: `ccmq show`. See ccmq(1). */
#include "command/cli.h"
#include "history/history_at.h"
#include "base/files.h"
#include "work/notes.h"
#include "base/text.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHILDREN_SHOWN 8
#define NOTES_SHOWN 20		/* of a message, and of its cause */

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

/* Who has it in hand, and what was noted on it or its cause, newest first. */
static void
print_notes(struct cli *cli, const struct history_message *m)
{
	struct history_note rows[NOTES_SHOWN] = { { 0 } }, hand;
	char at[TEXT_TIME_MAX], words[160];
	struct error ignored;
	int64_t now = cli->at ? cli->at : cli->now;
	int n = 0;

	if (history_notes_any(cli->store.history, &ignored) <= 0)
		return;
	if (history_hand(cli->store.history, m->id, m->cause, now, &hand,
	    &ignored) > 0) {
		print_field(cli, "In hand", notes_hand_words(words, &hand,
			now));
		history_note_release(&hand);
	}
	for (int of_cause = 0; of_cause < 2; of_cause++) {
		if (of_cause && !m->cause)
			break;
		n = history_notes(cli->store.history, of_cause ? 0 : m->id,
			m->cause, 0, rows, NOTES_SHOWN, &ignored);
		for (int i = 0; i < n; i++) {
			if (!rows[i].mine && rows[i].at <= now) {
				printf("%-10s %s ", of_cause ? "Of cause" :
					"Note", text_time(at, rows[i].at,
						cli->now));
				cli_cell(cli, rows[i].by, 0);
				printf(": ");
				cli_cell(cli, rows[i].text, 0);
				putchar('\n');
			}
			history_note_release(&rows[i]);
		}
	}
}

/* What it was made of, and what was made of it. */
static void
print_lineage(struct cli *cli, const struct history_message *m)
{
	struct error ignored;
	int64_t id = 0;
	int n = 0;

	if (m->parent)
		printf("%-10s #%" PRId64 "\n", "Made from", m->parent);
	if (cli->at)
		return;
	while (n < CHILDREN_SHOWN && history_child_next(cli->store.history,
	    m->id, id, &id, &ignored) > 0)
		printf(n++ ? " #%" PRId64 : "Made of it #%" PRId64, id);
	if (n == CHILDREN_SHOWN)
		printf(" and more: ccmq list --match "
			"'parent:%" PRId64 " -state:removed'",
			m->id);
	if (n)
		putchar('\n');
}

static void
print_summary(struct cli *cli, const struct history_message *m)
{
	char at[TEXT_TIME_MAX], size[TEXT_NUMBER_MAX], words[120];
	if (cli->at)
		printf("AS IT WAS AT %s\n", text_moment(at, cli->at,
			cli->now));
	printf("%s%" PRId64 " %s%s since %s\n", cli_color(cli, CLI_BOLD),
		m->id, state_word(m->state), cli_color(cli, CLI_PLAIN),
		text_ago(at, m->since, cli->at ? cli->at : cli->now));
	print_field(cli, "From", m->from);
	print_recipients(cli, m->to);
	print_field(cli, "Subject", m->subject);
	print_field(cli, "Date", m->date_text);
	printf("%-10s ", "File");
	cli_cell(cli, m->true_name, 0);
	printf(", %s bytes\n", text_exact(size, (uint64_t)m->size));
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
	print_lineage(cli, m);
	print_notes(cli, m);
	if (m->changed_by && m->action_by)
		print_field(cli, "By", m->action_by);
	if (m->action_reason)
		print_field(cli, "Why", m->action_reason);
	if (m->und_entries)
		printf("%-10s %" PRId64 " %s, %s bytes\n", ".und",
			m->und_entries, m->und_entries == 1 ? "entry" :
			"entries", text_exact(size, (uint64_t)m->und_bytes));
}

int
cli_copy_out(struct cli *cli, int fd, int64_t start, int64_t end,
	struct json_line *j)
{
	static char buf[65536];
	struct error err = ERROR_INIT;
	struct json_stream stream;
	int rc = CLI_DONE;

	if (j)
		json_stream_begin(&stream, j, stdout);
	while (start < end && rc == CLI_DONE) {
		size_t want = end - start < (int64_t)sizeof buf ?
			(size_t)(end - start) : sizeof buf;
		ssize_t n = fs_read_at(fd, buf, want, start, &err);

		if (n < 0)
			rc = cli_fail(cli, &err);
		if (n <= 0)
			break;
		if (j)
			json_stream_add(&stream, buf, (size_t)n);
		else
			fwrite(buf, 1, (size_t)n, stdout);
		if (ferror(stdout))
			rc = CLI_NOT_DONE;
		start += n;
	}
	if (j)
		json_stream_end(&stream);
	return rc == CLI_DONE && start < end ? CLI_NOT_DONE : rc;
}

static int
show_raw(struct cli *cli, const struct history_message *m)
{
	struct error err = ERROR_INIT;
	enum spool_dir dir;
	struct stat st;
	struct json_line *j = NULL;
	int fd = store_open_message(&cli->store, m, &st, &dir, &err);
	int rc;

	if (fd < 0)
		return cli_fail(cli, &err);
	if (cli->json) {
		j = json_line_new();
		json_put_number(j, "id", m->id);
		json_put_number(j, "size", st.st_size);
	}
	rc = cli_copy_out(cli, fd, 0, st.st_size, j);
	close(fd);
	return rc;
}

int
cmd_show(struct cli *cli, struct cli_args *args)
{
	struct history_message m;
	struct error err = ERROR_INIT;
	bool raw = false, und = false;
	int64_t id = 0;
	const struct cli_option options[] = {
		{ .name = "raw", .take = CLI_FLAG, .out = &raw },
		{ .name = "|und", .take = CLI_FLAG, .out = &und },
		{ .name = "|at=", .take = CLI_AT },
		{ .name = "", .take = CLI_ID, .out = &id,
		  .more = "shows one message at a time" },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc != 0)
		return rc;
	if (!id)
		return cli_usage(cli, "wants an id");
	rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	rc = cli->at ? history_at_message(cli->store.history, id, cli->at, &m,
		&err) : history_message_get(cli->store.history, id, &m, &err);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc == 0) {
		cli_notice(cli, cli->at ? "there was no message #%" PRId64
			" then" : "there is no message #%" PRId64, id);
		return CLI_NOT_DONE;
	}
	if (raw) {
		rc = show_raw(cli, &m);
	} else if (und) {
		rc = cmd_und_of_message(cli, &m);
	} else if (cli->json) {
		struct json_line *j = cli_message_at_json(cli, &m);

		rc = cli_print_rows(cli, id, INT64_MIN, INT64_MAX, j, &err) <
			0 ? cli_fail(cli, &err) : 0;
		json_line_print(j, stdout);
	} else {
		print_summary(cli, &m);
		rc = cli_print_rows(cli, id, INT64_MIN, INT64_MAX, NULL,
			&err) < 0 ? cli_fail(cli, &err) : 0;
	}
	history_message_release(&m);
	return rc;
}
