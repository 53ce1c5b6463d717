/* SPDX-License-Identifier: ISC */
/*
 * bench_message: how fast messages are read, in MB/s: `bench_message FILE...`.
 * Beside each file the rate of counting its line feeds in the same run, as
 * `wc -l` does it: only the ratio of the two travels between machines. Files
 * are read through pread; each is read five times and the best counts.
 */
#include "base/clock.h"
#include "mail/fd_source.h"
#include "mail/message.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS 5
#define WC_CHUNK ((size_t)256 << 10)

/* How many messages the file has. */
static int64_t
read_messages(int *fd, int64_t size)
{
	struct message_source src = fd_source(fd, size);
	struct message_reader *r = message_reader_new(&src, NULL);
	struct error err;
	struct message m;
	int64_t n = 0;

	message_init(&m);
	while (message_reader_next(r, &m, &err) > 0)
		n++;
	message_release(&m);
	message_reader_free(r);
	return n;
}

static int64_t
count_lines(int *fd, int64_t size)
{
	char *buf = malloc(WC_CHUNK);
	int64_t n = 0, at = 0;
	ssize_t got;

	while (buf && at < size &&
	    (got = pread(*fd, buf, WC_CHUNK, at)) > 0) {
		const char *p = buf, *end = buf + got;

		while ((p = memchr(p, '\n', (size_t)(end - p)))) {
			n++;
			p++;
		}
		at += got;
	}
	free(buf);
	return n;
}

/* The best of some rounds, in bytes a millisecond; *n_out what it gave. */
static double
rate(int64_t (*work)(int *fd, int64_t size), int fd, int64_t size,
	int64_t *n_out)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = clock_mono_ms(), took;
		int times = 0;

		do {		/* short files: as long as can be measured */
			*n_out = work(&fd, size);
			times++;
			took = clock_mono_ms() - start;
		} while (took < 100);
		if (took * 1000 / times < best)
			best = took * 1000 / times;
	}
	return best ? (double)size * 1000 / (double)best : 0;
}

static int
bench(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int64_t messages, lines;
	double parse, wc;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		perror(path);
		return 1;
	}
	parse = rate(read_messages, fd, st.st_size, &messages) / 1000;
	wc = rate(count_lines, fd, st.st_size, &lines) / 1000;
	printf("%s: %" PRId64 " messages, %" PRId64 " lines, %.0f MB/s, "
		"lines alone %.0f MB/s, ratio %.2f\n", path, messages, lines,
		parse, wc, wc > 0 ? parse / wc : 0);
	close(fd);
	return 0;
}

int
main(int argc, char **argv)
{
	int rc = argc < 2;

	if (rc)
		fprintf(stderr, "usage: bench_message FILE...\n");
	for (int i = 1; i < argc; i++)
		rc |= bench(argv[i]);
	return rc;
}
