/* SPDX-License-Identifier: ISC */
/*
 * stand_in: holds the lock of the store STORE as a ccmqd would, until it is
 * killed, and does nothing: so that a console says "running" and nothing
 * moves. It was last heard of at AT (seconds since 1970).
 *
 *	stand_in STORE AT
 */
#include "store/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct timespec at[2] = { { 0 } };
	struct error err = ERROR_INIT;
	struct spool spool;
	char who[128];

	if (argc != 3)
		return 2;
	at[0].tv_sec = at[1].tv_sec = (time_t)atoll(argv[2]);
	if (spool_open(&spool, argv[1], "", true, &err) < 0 ||
	    spool_take_lock(&spool, "ccmqd", who, sizeof who, &err) != 0 ||
	    futimens(spool.lock, at) < 0) {
		fprintf(stderr, "stand_in: %s\n", err.text);
		return 1;
	}
	for (;;)
		pause();
}
