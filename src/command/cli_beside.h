/* SPDX-License-Identifier: ISC */
/*
 * cli_beside: programs that stand beside ccmq, so that it need not load their
 * libraries: ccmq-convert, ccmq-archive.
 */
#ifndef CCMQ_CLI_BESIDE_H
#define CCMQ_CLI_BESIDE_H

#include "command/cli.h"

/* Where it is: in the folder of ccmq, or in the sbin beside that. False: it is
 * in neither (errno). */
bool cli_beside(char *path, size_t size, const char *name);

/* Runs ccmq-archive with these options (NULL-terminated) behind those of cli,
 * and hands on each object that it prints, to keep. An exit status; what went
 * wrong is said. */
int cli_archive(struct cli *cli, const char *const *options,
	void (*line)(void *arg, struct json_line *j), void *arg);

#endif
