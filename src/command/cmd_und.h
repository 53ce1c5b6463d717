/* SPDX-License-Identifier: ISC */
/* cmd_und: what `ccmq und` was asked for; internal to cmd_und.c and
 * cmd_resend.c. */
#ifndef CCMQ_CMD_UND_H
#define CCMQ_CMD_UND_H

#include "command/cli.h"

struct und_args {
	const char *what;		/* "status" … */
	const char *match, *reason;
	bool dry_run, again;
	int64_t *entries;		/* their numbers */
	size_t n, cap;
	int64_t before;			/* that match, and were resent */
};

int cmd_und_resend(struct cli *cli, struct und_args *o);

#endif
