/* SPDX-License-Identifier: ISC */
/* importer_private: what the connector and its runner say to each other, in
 * packets over a socket between two runs of the same binary. */
#ifndef CCMQ_IMPORTER_PRIVATE_H
#define CCMQ_IMPORTER_PRIVATE_H

#include "connector/importer.h"

#define RUNNER_SOCKET 3
#define RUNNER_FDS 3		/* lock, and a worker's input and output */

/* Followed by the directory, CCMQ_ID and argc arguments, each with its NUL;
 * the lane's lock comes along as a descriptor, and with a worker what is to be
 * its standard input and output. A packet of one byte means
 * "stop what runs". */
struct runner_request {
	int64_t timeout_ms;
	int32_t argc;
	int32_t worker;
};

struct runner_reply {
	int32_t end;		/* enum importer_end */
	int32_t value;
	int64_t took_ms;
	int32_t killed;
	int32_t alive;
	uint64_t output_len;
	char output[IMPORTER_OUTPUT_MAX];
};

#endif
