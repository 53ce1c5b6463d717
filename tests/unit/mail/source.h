/* SPDX-License-Identifier: ISC */
/*
 * source: message sources for tests. A string, with what was asked of it
 * counted; errors and short reads to order.
 */
#ifndef CCMQ_TESTS_SOURCE_H
#define CCMQ_TESTS_SOURCE_H

#include "mail/message.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

struct test_source {
	const char *data;
	int64_t len;		/* bytes that are there */
	int64_t fail_at;	/* reading this one fails; -1 never */
	int64_t asked;		/* bytes that were asked for in all */
	int calls;
	unsigned char *times;	/* NULL, or a counter for each byte */
};

static inline int
test_source_read(void *arg, int64_t offset, void *buf, size_t len,
	size_t *got_out, struct error *err)
{
	struct test_source *t = arg;
	size_t n = 0;

	t->calls++;
	t->asked += (int64_t)len;
	if (t->fail_at >= offset && t->fail_at < offset + (int64_t)len)
		return error_set(err, ERROR_SYSTEM, "read: as ordered");
	if (offset < t->len)
		n = t->len - offset < (int64_t)len ?
			(size_t)(t->len - offset) : len;
	if (n)
		memcpy(buf, t->data + offset, n);
	for (size_t i = 0; t->times && i < n; i++)
		if (t->times[offset + (int64_t)i] < 255)
			t->times[offset + (int64_t)i]++;
	*got_out = n;
	return 0;
}

static inline struct message_source
test_source(struct test_source *t, const char *data, size_t len)
{
	*t = (struct test_source){ data, (int64_t)len, -1, 0, 0, NULL };
	return (struct message_source){ test_source_read, t, (int64_t)len };
}

/* A sink into a struct str. */
static inline int
test_sink(void *arg, const void *bytes, size_t len, struct error *err)
{
	(void)err;
	str_add_bytes(arg, bytes, len);
	return 0;
}

#endif
