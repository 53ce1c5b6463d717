/* SPDX-License-Identifier: ISC */
/* deliver: the spool; see deliver_private.h for the contract. */
#include "import/deliver_private.h"
#include "base/files.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void
spool_init(struct spool *s, struct deliver_run *run)
{
	s->run = run;
	str_init(&s->memory);
	s->start = -1;
}

void
spool_release(struct spool *s)
{
	str_release(&s->memory);
}

static int
need_file(struct deliver_run *run, struct error *err)
{
	const char *dir = getenv("TMPDIR");
	int flags = O_TMPFILE | O_RDWR | O_CLOEXEC;

	if (run->temp)
		return 0;
	if (run->job->temp_dirfd != AT_FDCWD)
		run->temp_fd = openat(run->job->temp_dirfd, ".", flags, 0600);
	else
		run->temp_fd = open(dir && *dir ? dir : "/tmp", flags, 0600);
	if (run->temp_fd < 0)
		return error_sys(err, errno, "make a temporary file");
	run->temp = g_mime_stream_fs_new(run->temp_fd);
	return 0;
}

static int
write_temp(struct deliver_run *run, const void *bytes, size_t len,
	struct error *err)
{
	if (lseek(run->temp_fd, run->temp_end, SEEK_SET) < 0)
		return error_sys(err, errno, "write temporary file");
	if (fs_write_all(run->temp_fd, bytes, len, err) < 0)
		return -1;
	run->temp_end += (int64_t)len;
	return 0;
}

int
spool_add(struct spool *s, const void *bytes, size_t len, struct error *err)
{
	if (s->start < 0 &&
	    s->run->memory + s->memory.len + len <= DELIVER_MEMORY_MAX) {
		str_add_bytes(&s->memory, bytes, len);
		return 0;
	}
	if (s->start < 0) {
		if (need_file(s->run, err) < 0)
			return -1;
		s->start = s->run->temp_end;
		if (write_temp(s->run, s->memory.data, s->memory.len, err) < 0)
			return -1;
		str_release(&s->memory);
	}
	return write_temp(s->run, bytes, len, err);
}

GMimeStream *
spool_steal(struct spool *s)
{
	GMimeStream *stream;

	if (s->start >= 0) {
		stream = g_mime_stream_substream(s->run->temp, s->start,
			s->run->temp_end);
		s->start = -1;
		return stream;
	}
	stream = g_mime_stream_mem_new_with_buffer(s->memory.data,
		s->memory.len);
	s->run->memory += s->memory.len;
	str_clear(&s->memory);
	return stream;
}
