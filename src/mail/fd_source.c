/* SPDX-License-Identifier: ISC */
/* fd_source: see fd_source.h for the contract. */
#include "mail/fd_source.h"
#include "base/files.h"

static int
read_at(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	ssize_t n = fs_read_at(*(int *)arg, buf, len, offset, err);

	if (n < 0)
		return -1;
	*got_out = (size_t)n;
	return 0;
}

struct message_source
fd_source(int *fd, int64_t size)
{
	return (struct message_source){ read_at, fd, size };
}
