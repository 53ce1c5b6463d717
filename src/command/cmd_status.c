/* SPDX-License-Identifier: ISC */
/* cmd_status: `ccmq status`. See ccmq(1). */
#include "command/cmd_status.h"
#include "store/status_at.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* -1: not known. */
static void
put_count(struct json_line *j, const char *name, int64_t n)
{
	if (n < 0)
		json_put_null(j, name);
	else
		json_put_number(j, name, n);
}

/* The words of all that are true, the worst first. */
static void
put_verdicts(struct json_line *j, const struct status *st)
{
	struct str words = STR_INIT;

	for (unsigned i = 0; i < st->verdict_count; i++)
		str_addf(&words, "%s%s", i ? "\n" : "",
			verdict_word(st->verdicts[i]));
	json_put_lines(j, "verdicts", words.data);
	str_release(&words);
}

/* What is told of a time that is past. */
static const char *const known_then[] = {
	"at", "store", "host", "held", "breaker", "hold_by", "hold_reason",
	"hold_until", "verdict", "verdict_text", "severity", "queued",
	"importing", "deferred", "failed", "quarantined", "purged", "imported",
	"lost", "und_bytes", NULL,
};

static void
put_verdict(struct json_line *j, const struct verdict *v)
{
	bool known = *v->text;

	json_put_text(j, "verdict", known ? verdict_word(v->kind) : NULL);
	json_put_text(j, "verdict_text", known ? v->text : NULL);
	json_put_text(j, "severity", known ?
		verdict_severity_word(v->severity) : NULL);
}

struct json_line *
status_json(const struct cli *cli, const struct status *st)
{
	struct json_line *j = json_line_new();
	const struct history_counts *c = &st->counts;
	const struct history_connector *row = &st->row;

	json_put_time(j, "at", st->at ? st->at : cli->now);
	json_put_text(j, "store", cli->store.path);
	json_put_text(j, "host", st->host);
	json_put_known(j, "pid", st->pid, 0);
	json_put_text(j, "connector", status_connector_word(st->connector));
	json_put_bool(j, "held", row->hold);
	json_put_text(j, "breaker", row->breaker_open ? "open" : "closed");
	json_put_text(j, "hold_reason", row->hold || row->drain ?
		row->hold_reason : NULL);
	json_put_time(j, "hold_until", row->hold || row->drain ?
		row->hold_until : HISTORY_NO_TIME);
	put_verdict(j, &st->verdict);
	put_verdicts(j, st);
	json_put_text(j, "advice", settings_advice(&cli->settings,
		verdict_word(st->verdict.kind)));
	for (int i = 0; i < STATE_COUNT; i++)
		if (i != STATE_REMOVED)
			json_put_number(j, state_word((enum state)i), c->n[i]);
	put_count(j, "submit_waiting", st->submit_waiting);
	put_count(j, "submit_ignored", st->submit_ignored);
	json_put_bool(j, "submit_more", st->submit_more);
	json_put_time(j, "last_import_at", row->last_import_at);
	json_put_time(j, "last_sign_at", st->last_sign_at);
	json_put_number(j, "und_bytes", st->und_bytes);
	json_put_number(j, "und_growth_per_hour", st->und_growth_per_hour);
	json_put_number(j, "disk_free", st->disk_free);
	json_put_number(j, "wal_bytes", st->wal_bytes);
	if (st->oldest_queued_at == HISTORY_NO_TIME)
		json_put_null(j, "oldest_queued_age_s");
	else
		json_put_number(j, "oldest_queued_age_s",
			(cli->now - st->oldest_queued_at) / 1000);
	json_put_bool(j, "disk_low", row->disk_low);
	json_put_text(j, "hold_by", row->hold || row->drain ? row->hold_by :
		NULL);
	json_put_time(j, "probe_at", row->breaker_open ? row->probe_at :
		HISTORY_NO_TIME);
	if (st->at)
		json_keep(j, known_then);
	return j;
}

static void
print_connector(const struct cli *cli, const struct status *st)
{
	char at[TEXT_TIME_MAX];
	bool good = st->connector == STATUS_RUNNING ||
		st->connector == STATUS_WATCHES;
	int64_t since = st->connector == STATUS_STOPPED ?
		st->row.ended_at : st->connector == STATUS_TRIPPED ?
		st->row.breaker_at : good ?
		st->row.started_at : st->row.hold_at;

	printf("%s%s%s", cli_color(cli, good ? CLI_GREEN : CLI_RED),
		status_connector_word(st->connector),
		cli_color(cli, CLI_PLAIN));
	if (since != HISTORY_NO_TIME && since > 0)
		printf(" since %s", text_time(at, since, cli->now));
	if (st->connector == STATUS_TRIPPED &&
	    st->row.probe_at != HISTORY_NO_TIME)
		printf(", tests again %s", text_time(at, st->row.probe_at,
			cli->now));
	if (st->pid)
		printf(" (pid %" PRId64 ")", st->pid);
	putchar('\n');
}

/* Who holds it, also while it is stopped: it will not start anything then. */
static void
print_hold(const struct cli *cli, const struct history_connector *row)
{
	char at[TEXT_TIME_MAX];

	if (!row->hold && !row->drain)
		return;
	printf("%-10s by ", row->hold ? "Held" : "Draining");
	cli_cell(cli, row->hold_by ? row->hold_by : "somebody", 0);
	if (row->hold_at != HISTORY_NO_TIME)
		printf(" since %s", text_time(at, row->hold_at, cli->now));
	if (row->hold_until != HISTORY_NO_TIME)
		printf(" until %s", text_time(at, row->hold_until, cli->now));
	if (row->hold_reason) {
		printf(": ");
		cli_cell(cli, row->hold_reason, 0);
	}
	putchar('\n');
}

static void
print_counts(const struct status *st)
{
	static const struct {
		enum state state;
		const char *word;
	} shown[] = {
		{ STATE_QUEUED, "queued" }, { STATE_IMPORTING, "importing" },
		{ STATE_DEFERRED, "deferred" }, { STATE_FAILED, "failed" },
		{ STATE_QUARANTINED, "quarantined" },
		{ STATE_PURGED, "purged" }, { STATE_IMPORTED, "imported" },
		{ STATE_LOST, "lost" }, { STATE_GONE, "gone" },
	};
	char n[TEXT_NUMBER_MAX], size[TEXT_NUMBER_MAX];

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		int64_t count = st->counts.n[shown[i].state];

		if (count == 0 && (shown[i].state == STATE_LOST ||
		    shown[i].state == STATE_GONE))
			continue;
		printf("  %-12s %10s  %6s\n", shown[i].word,
			text_exact(n, (uint64_t)count), st->at ? "" :
			text_size(size, (uint64_t)
				st->counts.bytes[shown[i].state]));
	}
}

static void
print_rest(const struct cli *cli, const struct status *st)
{
	char at[TEXT_TIME_MAX], size[TEXT_NUMBER_MAX], more[TEXT_NUMBER_MAX];
	char back[40] = "";

	if (st->last_minute.back)
		snprintf(back, sizeof back, ", put back %" PRId64,
			st->last_minute.back);
	if (st->submit_waiting < 0)
		puts("Submit     may not be looked at");
	else
		printf("Submit     %s%s waiting, %" PRId64 " left alone\n",
			text_exact(size, (uint64_t)st->submit_waiting),
			st->submit_more ? "+" : "", st->submit_ignored);
	printf("Imported   last %s; in the last minute arrived %"
		PRId64 "%s, imported %" PRId64 ", failed %" PRId64 "\n",
		st->row.last_import_at == HISTORY_NO_TIME ? "never" :
		text_ago(at, st->row.last_import_at, cli->now),
		st->last_minute.arrived, back, st->last_minute.imported, st->last_minute.failed);
	printf(".und       %s, +%s in 1 hour\n",
		text_size(size, (uint64_t)st->und_bytes),
		text_size(more, (uint64_t)st->und_growth_per_hour));
	printf("Disk       %s free; the history's WAL is %s\n",
		text_size(size, (uint64_t)st->disk_free),
		text_size(more, (uint64_t)st->wal_bytes));
}

/* All that are true, the worst first, each with the site's own line. */
static void
print_verdicts(const struct cli *cli, const struct status *st)
{
	const char *advice;
	struct verdict v;

	for (unsigned i = 0; i < st->verdict_count; i++) {
		status_verdict(st, i, &v);
		printf("%s%s ", cli_color(cli, v.severity == VERDICT_ACT ?
			CLI_RED : v.severity == VERDICT_LOOK ? CLI_YELLOW :
			CLI_PLAIN), verdict_sign(v.severity));
		cli_cell(cli, v.text, 0);
		printf("%s\n", cli_color(cli, CLI_PLAIN));
		advice = settings_advice(&cli->settings, verdict_word(v.kind));
		if (!advice)
			continue;
		printf("   ");
		cli_cell(cli, advice, 0);
		putchar('\n');
	}
}

static void
print_text(const struct cli *cli, const struct status *st)
{
	printf("Store      ");
	cli_cell(cli, cli->store.path, 0);
	printf(" on ");
	cli_cell(cli, st->host, 0);
	printf("\nConnector  ");
	print_connector(cli, st);
	print_hold(cli, &st->row);
	print_verdicts(cli, st);
	putchar('\n');
	print_counts(st);
	putchar('\n');
	print_rest(cli, st);
}

/* What the history tells of then; the rest is not known and not shown. */
static void
print_then(const struct cli *cli, const struct status *st)
{
	char at[TEXT_TIME_MAX], size[TEXT_NUMBER_MAX];

	printf("Store      ");
	cli_cell(cli, cli->store.path, 0);
	printf(" on ");
	cli_cell(cli, st->host, 0);
	printf("\n%sAS IT WAS AT %s%s%s\n", cli_color(cli, CLI_BOLD),
		text_moment(at, st->at, cli->now),
		st->at < st->row.upgraded_at ? ", as far as known" : "",
		cli_color(cli, CLI_PLAIN));
	if (st->row.breaker_open)
		printf("Breaker    open\n");
	print_hold(cli, &st->row);
	if (*st->verdict.text) {
		printf("%s ", verdict_sign(st->verdict.severity));
		cli_cell(cli, st->verdict.text, 0);
		putchar('\n');
	}
	putchar('\n');
	print_counts(st);
	printf("\n.und       %s\n", text_size(size, (uint64_t)st->und_bytes));
}

/* The limits of --check: what was typed, over the settings. 0 or an exit status
 * (said). */
static int
read_limits(struct cli *cli, const char *const texts[ALARM_COUNT],
	struct alarm_limit out[ALARM_COUNT])
{
	struct error err = ERROR_INIT;

	for (enum alarm i = 0; i < ALARM_COUNT; i++) {
		out[i] = alarm_limit(&cli->settings, i);
		if (!texts[i])
			continue;
		if (!cli->plugin)
			return cli_usage(cli, "limits belong to --check");
		if (alarm_parse(alarm_unit(i), texts[i], &out[i], &err) < 0)
			return cli_usage(cli, "--%s: %s", alarm_word(i),
				err.text);
	}
	return 0;
}

int
cmd_status(struct cli *cli, struct cli_args *args)
{
	const char *texts[ALARM_COUNT] = { NULL };
	const struct cli_option options[] = {
		{ .name = "at=", .take = CLI_AT },
		{ .name = "|check", .take = CLI_FLAG, .out = &cli->plugin },
#define X(name_, word, unit) { .name = #word "=", .take = CLI_TEXT, \
			.out = &texts[ALARM_##name_] },
		ALARM_LIST(X)
#undef X
		{ .name = NULL },
	};
	struct alarm_limit limits[ALARM_COUNT];
	struct error err = ERROR_INIT;
	struct history_at *then;
	struct status st;
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc == 0)
		rc = read_limits(cli, texts, limits);
	if (rc != 0)
		return rc;
	then = history_at_open(cli->store.history, cli->at);
	rc = cli->at ? status_at(&st, &cli->store, then, &err) :
		status_collect(&st, &cli->store, &cli->settings, cli->now,
			&err);
	history_at_free(then);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (cli->plugin)
		status_check(cli, &st, limits);
	else if (cli->json)
		json_line_print(status_json(cli, &st), stdout);
	else if (st.at)
		print_then(cli, &st);
	else
		print_text(cli, &st);
	status_release(&st);
	return CLI_DONE;
}
