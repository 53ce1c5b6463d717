/* SPDX-License-Identifier: ISC */
/* cmd_serve: what the files of `ccmq serve` share. ccmq-serve(7) has the
 * protocol. */
#ifndef CCMQ_CMD_SERVE_H
#define CCMQ_CMD_SERVE_H

#include "command/cli.h"

/* One request, answered in lines on standard output. */
void serve_answer(struct cli *cli, const char *line, size_t len);

#endif
