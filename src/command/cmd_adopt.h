/* SPDX-License-Identifier: ISC */
/* cmd_adopt: `ccmq init --adopt`. */
#ifndef CCMQ_CMD_ADOPT_H
#define CCMQ_CMD_ADOPT_H

#include "command/cli.h"

/* Settings for a connector of ours go to file. The exit status. */
int cmd_adopt(struct cli *cli, const char *file);

#endif
