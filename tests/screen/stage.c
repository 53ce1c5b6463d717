/* SPDX-License-Identifier: ISC */
/*
 * stage: tells a story of stories.h in a new store STORE (its settings in
 * STORE.conf), and stays there as its ccmqd, at the moment at which the story
 * ends, until it is killed. Then nothing waits that has no reason to: what is
 * to be done now is done at once.
 *
 *	stage NAME STORE
 *
 * USR1: what is wrong outside is mended. USR2: three minutes pass. Words on
 * standard output: "told" when the store may be looked at.
 */
#include "unit/connector/stories.h"
#include "base/clock.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t mend, later;

static void
heard(int signal)
{
	if (signal == SIGUSR1)
		mend = 1;
	else
		later = 1;
}

/* As ccmqd does, but that the clock stands. */
static void
live(struct fixture *f)
{
	struct pollfd fds[CONNECTOR_FDS_MAX];
	int timeout, n;

	for (;;) {
		if (mend) {
			mend = 0;
			story_mend(f);
		}
		if (later) {
			later = 0;
			clock_advance(3 * CLOCK_MINUTE);
		}
		settle(f);
		n = connector_poll_fds(f->c, fds, &timeout);
		poll(fds, (nfds_t)n, 100);
	}
}

int
main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = heard };
	const struct story *story;
	struct fixture f = { .c = NULL };

	story = argc == 3 ? story_find(argv[1]) : NULL;
	if (!story || strlen(argv[2]) >= sizeof f.dir)
		return 2;
	snprintf(f.dir, sizeof f.dir, "%s", argv[2]);
	sigaction(SIGUSR1, &act, NULL);
	sigaction(SIGUSR2, &act, NULL);
	story_tell(&f, story);
	puts("told");
	fflush(stdout);
	live(&f);
}
