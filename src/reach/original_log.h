/* SPDX-License-Identifier: ISC */
/*
 * original_log: the lines of the original connector's event log.
 *
 * "… Lotus cc:Mail IMPORT from file Msg4F2C.ccm returned result code 1. …" and
 * "… completed successfully.", whatever stands before and behind. Pure.
 */
#ifndef CCMQ_ORIGINAL_LOG_H
#define CCMQ_ORIGINAL_LOG_H

#include <stdbool.h>
#include <stddef.h>

#define ORIGINAL_NAME_MAX 256

struct original_event {
	char name[ORIGINAL_NAME_MAX];	/* of the file, raw */
	int code;			/* result code, 0 … 255 */
};

/* False: it is another line. len bytes, without the line feed. */
bool original_log_read(const char *line, size_t len,
	struct original_event *out);

#endif
