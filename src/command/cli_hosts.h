/* SPDX-License-Identifier: ISC */
/* cli_hosts: what the commands about many hosts share. */
#ifndef CCMQ_CLI_HOSTS_H
#define CCMQ_CLI_HOSTS_H

#include "command/cli.h"
#include "reach/hosts.h"

#define CLI_HOSTS_WAIT_MS 10000		/* for those that say nothing */

/* Lets the hosts work until done says so, or for_ms have passed (-1: never).
 * done is asked after each turn. */
void cli_hosts_run(struct hosts *h, bool (*done)(void *arg), void *arg,
	int64_t for_ms);

#endif
