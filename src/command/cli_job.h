/* SPDX-License-Identifier: ISC */
/*
 * cli_job: a verb on more messages than fit one transaction is a job of the
 * store, and its command waits for it.
 *
 * What comes of each message is told as it is known, as if the command had done
 * it. It can be killed, and the terminal lost: the job goes on, or, where
 * console.on_lost is "stop", stops behind the batch in hand. Ctrl-C stops it
 * there, too. Where nobody carries the job out any more (its holder met a full
 * disk, and no ccmqd runs) the command does, and tells what it meets.
 */
#ifndef CCMQ_CLI_JOB_H
#define CCMQ_CLI_JOB_H

#include "command/cli.h"
#include "work/jobs.h"

struct cli_job {
	int64_t id;
	char name[SPOOL_CONSOLE_NAME];	/* in consoles/, while it is waited for */
	int line;			/* that file, locked; -1: none */
};

/* Records a job and starts its holder. waits: it is bound to this process, if
 * settings say so. 0 or -1. Always to be released. */
int cli_job_begin(struct cli_job *j, struct cli *cli,
	const struct operation *op, const struct operation_target *targets,
	size_t n, struct job_spec spec, bool waits, struct error *err);
void cli_job_release(struct cli_job *j, struct cli *cli);

/* As operations_apply, as a job where there is more than one transaction. */
int cli_job_apply(struct cli *cli, const struct operation *op,
	const struct operation_target *targets, size_t n,
	struct operation_summary *out, struct error *err);

#endif
