/* SPDX-License-Identifier: ISC */
/*
 * fault_undo: lose the power, after the run has ended.
 *
 *   fault_undo [--strict 0|1|2] [--lose all|data|names|random:SEED]
 *           ROOT LOG SIDE
 *
 * Prints how many changes were undone. Exit: 0; 1 something could not be
 * undone; 2 usage.
 */
#include "undo.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
parse_lose(const char *s, struct undo *u)
{
	if (strcmp(s, "all") == 0)
		u->lose = UNDO_ALL;
	else if (strcmp(s, "data") == 0)
		u->lose = UNDO_DATA;
	else if (strcmp(s, "names") == 0)
		u->lose = UNDO_NAMES;
	else if (strncmp(s, "random:", 7) == 0) {
		u->lose = UNDO_RANDOM;
		u->seed = strtoull(s + 7, NULL, 10);
	} else
		return -1;
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "strict", required_argument, NULL, 's' },
		{ "lose", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	const char *env = getenv("CCMQ_FAULT_STRICT");
	struct undo u = { .strict = env ? atoi(env) : 1 };
	int c, n;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			u.strict = atoi(optarg);
		else if (c != 'l' || parse_lose(optarg, &u) < 0)
			return 2;
	}
	if (argc - optind != 3) {
		fprintf(stderr, "usage: fault_undo [--strict N] "
			"[--lose WHAT] ROOT LOG SIDE\n");
		return 2;
	}
	u.root = argv[optind];
	u.log = argv[optind + 1];
	u.side = argv[optind + 2];
	n = undo_run(&u);
	if (n < 0)
		return 1;
	printf("%d changes undone\n", n);
	return 0;
}
