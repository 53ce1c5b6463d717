/* SPDX-License-Identifier: ISC */
/* cli_hosts: see cli_hosts.h for the contract. */
#include "command/cli_hosts.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <stdlib.h>

void
cli_hosts_run(struct hosts *h, bool (*done)(void *arg), void *arg,
	int64_t for_ms)
{
	struct pollfd *fds = xcalloc(h->count * HOSTS_FDS, sizeof *fds);
	int64_t until = clock_mono_ms() + for_ms;

	hosts_turn(h, fds);		/* they are started */
	while (!done(arg) && !ferror(stdout)) {
		int64_t left = until - clock_mono_ms();
		int timeout = for_ms < 0 ? 60000 : (int)left;
		size_t n;

		if (for_ms >= 0 && left <= 0)
			break;
		n = hosts_poll(h, fds, &timeout);
		poll(fds, n, timeout);
		hosts_turn(h, fds);
	}
	free(fds);
}
