/* SPDX-License-Identifier: ISC */
/*
 * stand_in: holds the lock of the store STORE as a ccmqd would, until it is
 * killed, and does nothing: so that a console says "running" and nothing
 * moves. It was last heard of at AT (seconds since 1970). With more words it
 * watches another connector, since then, and found message ID in a loop.
 *
 *	stand_in STORE AT [ID TRIES SINCE]
 */
#include "store/spool.h"
#include "store/status_word.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
say_loop(int lock, char **words)
{
	struct status_word_writer word = { 0 };

	status_word_begin(&word, lock);
	word.w.started_at = atoll(words[2]) * 1000;
	status_word_set_watch(&word, &(struct status_word_found){ .loops = 1,
		.id = atoll(words[0]), .tries = atoll(words[1]),
		.since = atoll(words[2]) * 1000, .alike_code = -1 });
	status_word_set_sign(&word);
}

int
main(int argc, char **argv)
{
	struct timespec at[2] = { { 0 } };
	struct error err = ERROR_INIT;
	struct spool spool;
	char who[128];

	if (argc != 3 && argc != 6)
		return 2;
	at[0].tv_sec = at[1].tv_sec = (time_t)atoll(argv[2]);
	if (spool_open(&spool, argv[1], "", true, &err) < 0 ||
	    spool_take_lock(&spool, "ccmqd", who, sizeof who, &err) != 0) {
		fprintf(stderr, "stand_in: %s\n", err.text);
		return 1;
	}
	if (argc == 6)
		say_loop(spool.lock, argv + 3);
	if (futimens(spool.lock, at) < 0)
		return 1;
	for (;;)
		pause();
}
