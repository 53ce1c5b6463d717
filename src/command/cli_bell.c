/* SPDX-License-Identifier: ISC */
/* cli_bell: waiting until somebody has committed. See cli.h. */
#include "command/cli.h"
#include "base/xalloc.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

void
cli_bell_open(struct cli_bell *b, struct store *s)
{
	char *path = xasprintf("%s/write.lock", s->path);

	b->store = s;
	b->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (b->fd >= 0)
		inotify_add_watch(b->fd, path, IN_MODIFY);
	free(path);
}

bool
cli_bell_wait_or(struct cli_bell *b, int fd, int timeout_ms)
{
	struct pollfd p[2] = { { .fd = b->fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };
	char buf[4096];

	if (poll(p, 2, timeout_ms) > 0)
		while (read(b->fd, buf, sizeof buf) > 0)
			;
	return p[1].revents != 0;
}

int
cli_bell_wait(struct cli_bell *b, struct error *err)
{
	cli_bell_wait_or(b, -1, 1000);
	return store_is_there(b->store, err);
}

void
cli_bell_close(struct cli_bell *b)
{
	if (b->fd >= 0)
		close(b->fd);
}
