/* SPDX-License-Identifier: ISC */
/* cli_made: see cli_made.h for the contract. */
#include "command/cli_made.h"
#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct made_spec
cli_made_spec(struct cli_made *r, const char *reason)
{
	return (struct made_spec){
		.store = &r->cli->store, .actor = &r->cli->actor,
		.reason = reason,
		.min_free = r->cli->settings.disk_min_free_bytes,
		.result = cli_made_result, .arg = r,
	};
}

static void
print_json(const struct cli_made *r, const struct made_one *one)
{
	struct json_line *j = json_line_new();

	json_put_known(j, "id", one->m.id, 0);
	json_put_text(j, "verb", r->verb);
	json_put_text(j, "result", operation_word(one->result));
	json_put_text(j, "why", one->why);
	json_put_text(j, "state", one->m.id ? state_word(one->m.state) : NULL);
	json_put_text(j, "by", r->cli->actor.by);
	json_put_time(j, "at", one->m.id ? one->m.since : clock_wall());
	json_put_bool(j, "dry_run", r->dry_run);
	json_put_text(j, "name", one->m.name);
	json_put_known(j, "parent", one->m.parent, 0);
	if (one->from)
		json_put_bytes(j, "file", one->from, strlen(one->from));
	else
		json_put_null(j, "file");
	json_put_known(j, "number", one->number, 0);
	json_line_print(j, stdout);
}

/* What it was to be made of, in words. */
static void
put_source(const struct cli_made *r, const struct made_one *one, char out[300])
{
	if (one->from)
		text_printable(out, 300, one->from, strlen(one->from));
	else if (one->m.name && strcmp(r->verb, "split") == 0)
		snprintf(out, 300, "%s", one->m.name);
	else
		snprintf(out, 300, ".und entry %" PRId64, one->number);
}

void
cli_made_result(void *arg, const struct made_one *one)
{
	bool bad = one->result != OPERATION_DONE &&
		one->result != OPERATION_UNCHANGED;
	struct cli_made *r = arg;
	char source[300];

	++*(bad ? &r->not_done : one->result == OPERATION_DONE ? &r->done :
		&r->left_out);
	put_source(r, one, source);
	if (bad)
		cli_notice(r->cli, "%s%s %s: %s", r->dry_run ? "dry run: " :
			"", source, operation_word(one->result), one->why);
	if (r->cli->json) {
		print_json(r, one);
	} else if (one->result == OPERATION_UNCHANGED) {
		printf("%sleft out: ", r->dry_run ? "dry run: " : "");
		cli_cell(r->cli, source, 0);
		printf(": %s\n", one->why);
	} else if (!bad && !r->quiet) {
		if (r->dry_run)
			printf("dry run: would be queued: ");
		else
			printf("#%" PRId64 " %s: ", one->m.id,
				state_word(one->m.state));
		cli_cell(r->cli, source, 0);
		putchar('\n');
	}
}

int
cli_made_sum(struct cli_made *r)
{
	if (!r->cli->json && (r->quiet || r->dry_run || r->not_done))
		cli_notice(r->cli, "%s%" PRId64 " %s, %" PRId64 " left out, %"
			PRId64 " not done", r->dry_run ? "dry run: " : "",
			r->done, r->dry_run ? "would be queued" : "queued",
			r->left_out, r->not_done);
	return r->not_done ? CLI_NOT_DONE : CLI_DONE;
}
