/* SPDX-License-Identifier: ISC */
/* cmd_list: `ccmq list`. See ccmq(1). Rows are fetched by pages, so memory
 * does not grow with the store. */
#include "command/cli.h"
#include "history/history_at.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_STATES (STATE_BIT(STATE_QUEUED) | \
	STATE_BIT(STATE_IMPORTING) | STATE_BIT(STATE_DEFERRED))
#define ALL_STATES (STATE_BIT(STATE_COUNT) - 1)

/* Columns of the text output: all of them where there is no terminal or a
 * wide one, fewer and narrower ones below 100 columns. The subject gets what
 * is left. */
struct layout {
	int id, since, tries, result, from, subject;
};

static struct layout
lay_out(const struct cli *cli)
{
	struct layout wide = { 8, 10, 5, 22, 20, 0 };
	struct layout narrow = { 6, 9, 0, 16, 12, 0 };
	struct layout l = cli->columns && cli->columns < 100 ? narrow : wide;
	int used = l.id + 1 + 11 + 1 + l.since + 1 + (l.tries ? 6 : 0) + 6 +
		l.result + 1 + l.from + 1;

	l.subject = cli->columns > used + 8 ? cli->columns - used : 0;
	return l;
}

/* "queued, importing, ..." */
static const char *
all_states(char out[200])
{
	size_t n = 0;

	for (int i = 0; i < STATE_COUNT; i++)
		n += (size_t)snprintf(out + n, 200 - n, "%s%s", i ? ", " : "",
			state_word((enum state)i));
	return out;
}

static int
parse_states(struct cli *cli, const char *text, unsigned *out)
{
	char word[32], shown[64], known[200];
	unsigned states = 0;
	enum state state;

	while (*text) {
		size_t len = strcspn(text, ",");

		snprintf(word, sizeof word, "%.*s", (int)(len > 31 ? 31 : len),
			text);
		if (text_equal_nocase(word, "all"))
			states |= ALL_STATES;
		else if (state_parse(word, &state))
			states |= STATE_BIT(state);
		else
			return cli_usage(cli, "there is no state \"%s\": all, "
				"%s", text_printable(shown, sizeof shown, text,
					len), all_states(known));
		text += len + (text[len] == ',');
	}
	if (!states)
		return cli_usage(cli, "--state wants a state");
	*out = states;
	return 0;
}

static void
print_header(const struct cli *cli, const struct layout *l)
{
	char at[TEXT_TIME_MAX];

	if (cli->at)
		printf("AS IT WAS AT %s\n", text_moment(at, cli->at,
			cli->now));
	printf("%s%*s %-11s %-*s ", cli_color(cli, CLI_BOLD), l->id, "ID",
		"STATE", l->since, "SINCE");
	if (l->tries)
		printf("%5s ", "TRIES");
	printf("%5s %-*s %-*s SUBJECT%s\n", "SIZE", l->result, "RESULT",
		l->from, "FROM", cli_color(cli, CLI_PLAIN));
}

/* "3m ago"; what is older than two days has its date. */
static const char *
since(char out[TEXT_TIME_MAX], int64_t at, int64_t now)
{
	if (now - at < INT64_C(2) * 86400 * 1000)
		return text_ago(out, at, now);
	return text_time(out, at, now);
}

static void
print_row(const struct cli *cli, const struct layout *l,
	const struct history_message *m)
{
	char at[TEXT_TIME_MAX], size[TEXT_NUMBER_MAX], words[120];
	bool bad = m->state == STATE_FAILED || m->state == STATE_LOST;

	cli_result_words(words, m);
	if (m->suspect && m->code != HISTORY_NO_CODE)
		snprintf(words, sizeof words, "%d suspect", m->code);
	printf("%*" PRId64 " %s%-11s%s %-*s ", l->id, m->id,
		bad ? cli_color(cli, CLI_RED) : "", state_word(m->state),
		bad ? cli_color(cli, CLI_PLAIN) : "", l->since,
		since(at, m->since, cli->at ? cli->at : cli->now));
	if (l->tries)
		printf("%5" PRId64 " ", m->attempts);
	printf("%5s ", text_size(size, (uint64_t)m->size));
	cli_cell(cli, words, l->result);
	putchar(' ');
	cli_cell(cli, m->from, l->from);
	putchar(' ');
	cli_cell(cli, m->subject ? m->subject : m->name, l->subject);
	putchar('\n');
}

/* The next rows, of now or of cli->at. */
static int
next_rows(struct cli *cli, struct history_query *q, struct history_at *then,
	int64_t after, int want, struct history_message *rows,
	struct error *err)
{
	struct history_message last = { .id = after };
	struct history_window w = { .forward = true, .anchor = &last };

	return then ? history_at_window(then, q, &w, want, rows, err) :
		history_page(cli->store.history, q, after, want, rows, err);
}

static int
print_all(struct cli *cli, struct history_query *q, int64_t limit)
{
	struct history_at *then = cli->at ? history_at_open(
		cli->store.history, cli->at) : NULL;
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct error err = ERROR_INIT;
	struct layout l = lay_out(cli);
	int64_t after = 0, printed = 0;
	int n = 0;

	while (printed < limit) {
		int want = limit - printed < HISTORY_PAGE ?
			(int)(limit - printed) : HISTORY_PAGE;

		n = next_rows(cli, q, then, after, want, rows, &err);
		if (n <= 0)
			break;
		if (printed == 0 && !cli->json)
			print_header(cli, &l);
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			if (cli->json)
				json_line_print(cli_message_at_json(cli,
					&rows[i]), stdout);
			else
				print_row(cli, &l, &rows[i]);
			history_message_release(&rows[i]);
		}
		printed += n;
		if (ferror(stdout))
			break;
	}
	free(rows);
	history_at_free(then);
	if (n < 0)
		return cli_fail(cli, &err);
	if (printed == 0 && !cli->json)
		cli_notice(cli, cli->at ? "no messages then" : "no messages");
	if (q->match && match_limit_hits(q->match)) {
		cli_notice(cli, "a regular expression was too much work for "
			"%" PRIu64 " values, which count as not matching",
			match_limit_hits(q->match));
		return CLI_NOT_DONE;
	}
	return CLI_DONE;
}

int
cmd_list(struct cli *cli, struct cli_args *args)
{
	struct history_query q = { 0 };
	struct error err = ERROR_INIT;
	const char *expr = NULL, *states = NULL;
	int64_t limit = INT64_MAX;
	const struct cli_option options[] = {
		{ .name = "state=", .take = CLI_TEXT, .out = &states },
		{ .name = "limit=", .take = CLI_NUMBER, .out = &limit, .least = 1 },
		{ .name = "match=", .take = CLI_TEXT, .out = &expr },
		{ .name = "|at=", .take = CLI_AT },
		{ .name = "", .take = CLI_NONE, .more =
		  "takes no arguments; ccmq show ID shows one message" },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc == 0 && states)
		rc = parse_states(cli, states, &q.states);
	if (rc != 0)
		return rc;
	if (expr) {
		q.match = match_compile(expr, 0, cli->now, &err);
		if (!q.match)
			return cli_usage(cli, "--match: %s", err.text);
	}
	if (!q.states && !(q.match && match_names_state(q.match)))
		q.states = DEFAULT_STATES;
	rc = cli_open(cli, false);
	if (rc == 0)
		rc = print_all(cli, &q, limit);
	match_free(q.match);
	return rc;
}
