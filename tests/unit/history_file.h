/* SPDX-License-Identifier: ISC */
/* history_file: a history of a test program's own, in the folder it runs in. */
#ifndef CCMQ_TESTS_HISTORY_FILE_H
#define CCMQ_TESTS_HISTORY_FILE_H

#include "history/history.h"

#include <stdio.h>
#include <unistd.h>

static char history_file[64];
static struct history *h;

static void
history_file_open(int64_t created_at)
{
	struct error err = ERROR_INIT;

	snprintf(history_file, sizeof history_file, "test-%ld.db",
		(long)getpid());
	assert_int_equal(history_create(history_file, created_at, &err), 0);
	h = history_open(history_file, HISTORY_WRITE, &err);
	assert_non_null(h);
}

/* For cmocka. */
static int
history_file_close(void **state)
{
	static const char *const parts[] = { "", "-wal", "-shm" };
	char path[sizeof history_file + 4];

	(void)state;
	history_close(h);
	for (size_t i = 0; i < COUNT(parts); i++) {
		snprintf(path, sizeof path, "%s%s", history_file, parts[i]);
		unlink(path);
	}
	return 0;
}

#endif
