/* SPDX-License-Identifier: ISC */
/*
 * bench_at HISTORY MINUTES: processor's milliseconds of the first picture of so long ago
 * (counts, connector, .und, a page of all messages), then of a minute further
 * back, each as the console asks for it.
 */
#include "history/history_at.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct error err = ERROR_INIT;

static void
must(int rc)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "bench_at: %s\n", err.text);
	exit(1);
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Milliseconds of one. */
static double
picture(struct history *h, struct history_at *a)
{
	struct history_message rows[HISTORY_PAGE] = { { 0 } };
	struct history_query q = { 0 };
	struct history_window w = { .by = HISTORY_BY_SINCE };
	struct history_connector c;
	struct history_counts counts;
	double begun = now_ms();
	int64_t bytes;
	int n;

	must(history_at_counts(a, &counts, &err));
	must(history_at_connector(h, history_at_time(a), &c, &err));
	must(history_at_und(h, history_at_time(a), &bytes, &err));
	must(n = history_at_window(a, &q, &w, HISTORY_PAGE, rows, &err));
	begun = now_ms() - begun;
	history_connector_release(&c);
	while (n > 0)
		history_message_release(&rows[--n]);
	return begun;
}

int
main(int argc, char **argv)
{
	int64_t at = clock_wall() - CLOCK_MINUTE * (argc == 3 ?
		atoi(argv[2]) : 0);
	struct history *h = argc == 3 ? history_open(argv[1], HISTORY_READ,
		&err) : NULL;
	struct history_at *a;
	double first;

	if (!h) {
		fprintf(stderr, "usage: bench_at HISTORY MINUTES; %s\n",
			err.text);
		return 2;
	}
	a = history_at_open(h, at);
	first = picture(h, a);
	history_at_go(a, at - CLOCK_MINUTE);
	printf("%.1f %.1f\n", first, picture(h, a));
	history_at_free(a);
	history_close(h);
	return 0;
}
