/* SPDX-License-Identifier: ISC */
/* cli_report: see cli_report.h for the contract. */
#include "command/cli_report.h"
#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

void
cli_report_clear(struct cli_report *r)
{
	if (r->progress_shown)
		fputs("\r\033[K", stderr);
	r->progress_shown = false;
}

struct json_line *
cli_operation_json(const char *verb, const struct operation_result *res)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "id", res->id);
	json_put_text(j, "verb", verb);
	json_put_text(j, "result", operation_word(res->result));
	json_put_text(j, "why", res->why);
	json_put_text(j, "state", res->known ? state_word(res->state) : NULL);
	json_put_text(j, "by", res->by);
	json_put_time(j, "at", res->at);
	return j;
}

static void
print_result_json(const struct cli_report *r, const struct operation_result *res)
{
	struct json_line *j = cli_operation_json(r->verb, res);

	json_put_bool(j, "dry_run", r->dry_run);
	if (r->kind == VERB_PURGE)
		json_put_bool(j, "for_good", res->result == OPERATION_DONE &&
			res->from == STATE_PURGED);
	json_line_print(j, stdout);
}

/* "dry run: #4 would be gone for good (is purged)" */
static void
print_would_be(const struct cli_report *r, const struct operation_result *res)
{
	bool for_good = r->kind == VERB_PURGE && res->from == STATE_PURGED;

	printf("dry run: #%" PRId64 " ", res->id);
	if (res->result == OPERATION_DONE)
		printf("would be %s (is %s)\n", for_good ? "gone for good" :
			r->kind == VERB_COUNT ? "taken back" :
			verb_past(r->kind), state_word(res->from));
	else if (res->result == OPERATION_NOTED)
		printf("would be %s when its attempt ends, unless it is "
			"imported\n", verb_past(r->kind));
	else {
		printf("would stay as it is: ");
		cli_cell(r->cli, res->why, 0);
		putchar('\n');
	}
}

static void
print_result(const struct cli_report *r, const struct operation_result *res)
{
	if (r->dry_run) {
		print_would_be(r, res);
		return;
	}
	printf("#%" PRId64 " %s", res->id, operation_word(res->result));
	if (res->known && res->result == OPERATION_DONE)
		printf(": %s", state_word(res->state));
	else if (res->result == OPERATION_UNCHANGED) {
		printf(": ");
		cli_cell(r->cli, res->why, 0);
	}
	putchar('\n');
}

void
cli_report_result(void *arg, const struct operation_result *res)
{
	struct cli_report *r = arg;
	bool good = res->result == OPERATION_DONE ||
		res->result == OPERATION_NOTED ||
		res->result == OPERATION_UNCHANGED;

	r->for_good += r->kind == VERB_PURGE && res->result == OPERATION_DONE &&
		res->from == STATE_PURGED;
	if (r->cli->json)
		print_result_json(r, res);
	else if (good && !r->quiet)
		print_result(r, res);
	if (!good) {
		cli_report_clear(r);
		cli_notice(r->cli, "%s#%" PRId64 " %s: %s",
			r->dry_run ? "dry run: " : "", res->id,
			operation_word(res->result), res->why ? res->why : "");
	}
}

bool
cli_report_progress(void *arg, int64_t done, int64_t total)
{
	struct cli_report *r = arg;
	int64_t took = clock_mono_ms() - r->start_mono_ms;
	char left[TEXT_NUMBER_MAX];

	if (!r->progress)
		return true;
	fprintf(stderr, "\r%s: %" PRId64 " of %" PRId64 ", %s left\033[K",
		r->verb, done, total, text_duration(left,
			took * (total - done) / (done ? done : 1)));
	r->progress_shown = true;
	return true;
}

int
cli_report_sum(struct cli_report *r, const struct operation_summary *sum)
{
	bool all = !sum->skipped && !sum->failed && !sum->pending &&
		!sum->unknown;
	struct str s = STR_INIT;

	cli_report_clear(r);
	str_addf(&s, "%s%" PRId64 " %s", r->dry_run ? "dry run: " : "",
		sum->done + sum->noted, r->dry_run ? "would be done" : "done");
	if (r->for_good)
		str_addf(&s, ", %" PRId64 " of them %sgone for good",
			r->for_good, r->dry_run ? "would be " : "");
	if (sum->unchanged)
		str_addf(&s, ", %" PRId64 " unchanged", sum->unchanged);
	str_addf(&s, ", %" PRId64 " skipped, %" PRId64 " failed%s",
		sum->skipped, sum->failed, sum->pending ?
		", the rest not reached" : "");
	if (sum->unknown)
		str_addf(&s, ", %" PRId64 " unknown: run ccmq check",
			sum->unknown);
	if (!r->cli->json && (r->quiet || r->dry_run || !all))
		cli_notice(r->cli, "%s", s.data);
	str_release(&s);
	return all ? CLI_DONE : CLI_NOT_DONE;
}
