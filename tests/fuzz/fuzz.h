/* SPDX-License-Identifier: ISC */
/*
 * fuzz: what the fuzzers share. A message source that counts the bytes that
 * are asked for.
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
	int64_t asked;
	int64_t highest;	/* end of what was asked for */
};

static inline int
fuzz_read(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	struct fuzz_source *f = arg;

	(void)err;
	assert(offset >= 0 && (uint64_t)offset + len <= f->size);
	memcpy(buf, f->data + offset, len);
	f->asked += (int64_t)len;
	if (f->highest < offset + (int64_t)len)
		f->highest = offset + (int64_t)len;
	*got_out = len;
	return 0;
}

static inline struct message_source
fuzz_source(struct fuzz_source *f, const uint8_t *data, size_t size)
{
	*f = (struct fuzz_source){ data, size, 0, 0 };
	return (struct message_source){ fuzz_read, f, (int64_t)size };
}

/* Some reads of a few bytes for each line, and the window's. */
static inline void
fuzz_check(int64_t asked, size_t size)
{
	assert(asked <= 16 * (int64_t)size + (1 << 20));
}

/* A sink: arg is a struct str. */
static inline int
fuzz_to_str(void *arg, const void *bytes, size_t len, struct error *err)
{
	(void)err;
	str_add_bytes(arg, bytes, len);
	return 0;
}

#endif
