/* SPDX-License-Identifier: ISC */
/* cmd_shape: `ccmq shape`. See ccmq(1) and work/shape.h. */
#include "command/cli.h"
#include "base/text.h"
#include "work/shape.h"

#include <stdio.h>
#include <string.h>

static const char *const by_words[] = {
	[HISTORY_SHAPE_SENDER] = "sender",
	[HISTORY_SHAPE_RECIPIENT] = "recipient",
	[HISTORY_SHAPE_CAUSE] = "cause",
};

static void
print_text(const struct cli *cli, const struct shape_row *row,
	const char *name)
{
	char n[TEXT_NUMBER_MAX];

	cli_cell(cli, name, 24);
	printf(" %6s", text_count(n, (uint64_t)row->n));
	for (int i = 0; i < SHAPE_BANDS; i++)
		printf(" %5s", row->bands[i] ? text_count(n,
			(uint64_t)row->bands[i]) : ".");
	putchar('\n');
}

static void
print_json(const struct shape_row *row, const char *name, const char *kind)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "kind", kind);
	json_put_text(j, "name", name);
	json_put_number(j, "count", row->n);
	json_put_numbers(j, "bands", row->bands, SHAPE_BANDS);
	json_line_print(j, stdout);
}

static void
print_row(const struct cli *cli, const struct shape_row *row,
	const char *name, const char *kind)
{
	if (cli->json)
		print_json(row, name, kind);
	else
		print_text(cli, row, *name ? name : "(not known)");
}

static void
print_all(const struct cli *cli, const struct shape *s,
	enum history_shape by, int64_t limit)
{
	if (!cli->json) {
		printf("%s%-24s %6s", cli_color(cli, CLI_BOLD), by_words[by],
			"n");
		for (int i = 0; i < SHAPE_BANDS; i++)
			printf(" %5s", shape_band(i));
		printf("%s\n", cli_color(cli, CLI_PLAIN));
	}
	print_row(cli, &s->total, "TOTAL", "total");
	for (size_t i = 0; i < s->count && (int64_t)i < limit; i++)
		print_row(cli, &s->rows[i], s->rows[i].name, by_words[by]);
	if (s->others.n)
		print_row(cli, &s->others, "others", "others");
}

static int
read_by(struct cli *cli, const char *word, enum history_shape *out)
{
	for (int i = 0; i <= HISTORY_SHAPE_CAUSE; i++)
		if (strcmp(by_words[i], word) == 0) {
			*out = (enum history_shape)i;
			return CLI_DONE;
		}
	return cli_usage(cli, "--by: sender, recipient or cause");
}

int
cmd_shape(struct cli *cli, struct cli_args *args)
{
	enum history_shape by = HISTORY_SHAPE_SENDER;
	struct error err = ERROR_INIT;
	const char *by_word = NULL;
	int64_t limit = INT64_MAX;
	const struct cli_option options[] = {
		{ .name = "by=", .take = CLI_TEXT, .out = &by_word },
		{ .name = "limit=", .take = CLI_NUMBER, .out = &limit, .least = 1 },
		{ .name = NULL },
	};
	struct shape s;
	int rc = cli_take(cli, args, options);

	if (rc == 0 && by_word)
		rc = read_by(cli, by_word, &by);
	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	if (shape_collect(cli->store.history, by, cli->now, NULL, &s,
	    &err) < 0)
		return cli_fail(cli, &err);
	print_all(cli, &s, by, limit);
	shape_release(&s);
	return CLI_DONE;
}
