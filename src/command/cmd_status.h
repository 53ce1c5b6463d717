/* SPDX-License-Identifier: ISC */
/* cmd_status: what the files of `ccmq status` share. */
#ifndef CCMQ_CMD_STATUS_H
#define CCMQ_CMD_STATUS_H

#include "command/cli.h"
#include "settings/alarm.h"
#include "store/status.h"

/* The members of status --json. */
struct json_line *status_json(const struct cli *cli, const struct status *st);

/* Prints a monitoring plugin's line, and leaves its exit status in
 * cli->plugin_status. */
void status_check(struct cli *cli, const struct status *st,
	const struct alarm_limit limits[ALARM_COUNT]);

#endif
