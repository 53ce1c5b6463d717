/*
 * fuzz: what the fuzzers share. A message source that counts how often each
 * byte is asked for.
 */
#ifndef CCMQ_TESTS_FUZZ_H
#define CCMQ_TESTS_FUZZ_H

#include "mail/message.h"
#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_source {
	const uint8_t *data;
	size_t size;
	uint8_t *times;
	bool paused;
};

static inline int
fuzz_read(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	struct fuzz_source *f = arg;

	(void)err;
	assert(offset >= 0 && (uint64_t)offset + len <= f->size);
	memcpy(buf, f->data + offset, len);
	for (size_t i = 0; i < len && !f->paused; i++)
		f->times[(size_t)offset + i]++;
	*got_out = len;
	return 0;
}

static inline struct message_source
fuzz_source(struct fuzz_source *f, const uint8_t *data, size_t size)
{
	*f = (struct fuzz_source){ data, size, calloc(size + 1, 1), false };
	return (struct message_source){ fuzz_read, f, (int64_t)size };
}

static inline void
fuzz_pause(struct fuzz_source *f)
{
	f->paused = true;
}

static inline void
fuzz_resume(struct fuzz_source *f)
{
	f->paused = false;
}

static inline void
fuzz_check(const struct fuzz_source *f, int most)
{
	for (size_t i = 0; i < f->size; i++)
		assert(f->times[i] <= most);
}

/* A sink: arg is a struct str. */
static inline int
fuzz_to_str(void *arg, const void *bytes, size_t len, struct error *err)
{
	(void)err;
	str_add_bytes(arg, bytes, len);
	return 0;
}

static inline void
fuzz_release(struct fuzz_source *f)
{
	free(f->times);
}

#endif
