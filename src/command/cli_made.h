/* SPDX-License-Identifier: ISC */
/* cli_made: what became of each file that split, replay and und resend were to
 * make a message of, in text and as JSON. */
#ifndef CCMQ_CLI_MADE_H
#define CCMQ_CLI_MADE_H

#include "command/cli.h"
#include "work/made.h"

struct cli_made {
	struct cli *cli;
	const char *verb;
	bool quiet;			/* many: only what was not made */
	bool dry_run;

	int64_t done, left_out, not_done;
};

/* What all three are asked for: their actor and the like. */
struct made_spec cli_made_spec(struct cli_made *r, const char *reason);

void cli_made_result(void *arg, const struct made_one *one);

/* The counts, where they say more than the lines before them. The exit
 * status. */
int cli_made_sum(struct cli_made *r);

#endif
