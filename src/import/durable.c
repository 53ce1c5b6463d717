/* SPDX-License-Identifier: ISC */
/* durable: see durable.h for the contract. */
#include "import/durable.h"
#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#define GUESS_EACH_US 1000	/* before the first was seen */
#define PATIENCE 20
#define LARGE ((off_t)32 << 10)	/* bytes */

static int64_t
mono_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

bool
durable_begin(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size < LARGE)
		return false;
	/* Only a hint. */
	sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return true;
}

bool
durable_prefers_all(const struct durable *d, size_t count, int64_t now_us)
{
	int64_t each = d->each_us ? d->each_us : GUESS_EACH_US;
	int64_t most = (int64_t)count * each / (d->large ? 2 : 1);

	if (count < d->few || (d->large && !d->each_us))
		return false;
	if (!d->all_us || d->all_us <= most)
		return true;
	return now_us >= d->not_before_us;
}

bool
durable_prefers_all_now(const struct durable *d)
{
	return durable_prefers_all(d, 100, mono_us());
}

void
durable_saw_all(struct durable *d, int64_t took_us, int64_t now_us)
{
	d->by_all++;
	d->all_us = took_us > 0 ? took_us : 1;
	d->not_before_us = now_us + PATIENCE * took_us;
}

void
durable_saw_each(struct durable *d, size_t count, int64_t took_us)
{
	int64_t one = took_us / (int64_t)count;

	d->by_each++;
	/* Few share no commit of the file system: they say nothing of many. */
	if (count >= d->few)
		d->each_us = one > 0 ? one : 1;
}

static int
sync_each(int dir_fd, const int *fds, size_t count, struct error *err)
{
	/* Only a hint: what it could not begin, fsync does. */
	for (size_t i = 0; count > 1 && i < count; i++)
		sync_file_range(fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
	for (size_t i = 0; i < count; i++)
		if (fs_sync(fds[i], "delivery", err) < 0)
			return -1;
	return fs_sync(dir_fd, "staging", err);
}

int
durable_sync(struct durable *d, int dir_fd, const int *fds, size_t count,
	struct error *err)
{
	int64_t start = mono_us(), now;
	bool all = durable_prefers_all(d, count, start);

	if (count == 0)
		return 0;
	if (all ? fs_sync_all(dir_fd, "post office", err) < 0 :
	    sync_each(dir_fd, fds, count, err) < 0)
		return -1;
	now = mono_us();
	if (all)
		durable_saw_all(d, now - start, now);
	else
		durable_saw_each(d, count, now - start);
	return 0;
}
