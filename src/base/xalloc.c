/* SPDX-License-Identifier: ISC */
/* xalloc: see xalloc.h for the contract. */
#include "base/xalloc.h"

#include <assert.h>
#ifdef HAVE_MALLOPT
#include <malloc.h>
#endif
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEEP_BYTES (8 << 20)

static void
out_of_memory(void)
{
	static const char words[] = "ccmq: out of memory\n";

	/* No stdio here: it may want memory itself. */
	if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
		_exit(3);
	_exit(3);
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *
xrealloc(void *p, size_t size)
{
	void *q = realloc(p, size ? size : 1);

	if (!q)
		out_of_memory();
	return q;
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	assert(size == 0 || n <= SIZE_MAX / size);
	return xrealloc(p, n * size);
}

char *
xstrdup(const char *s)
{
	return s ? xmemdup(s, strlen(s) + 1) : NULL;
}

void
xstrset(char **where, const char *text)
{
	char *copy = xstrdup(text);

	free(*where);
	*where = copy;
}

char *
xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = xmalloc(len + 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void *
xmemdup(const void *p, size_t size)
{
	void *copy = xmalloc(size);

	if (size)
		memcpy(copy, p, size);
	return copy;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *out;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&out, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return out;
}

void
xgrow(void *data, size_t *cap, size_t need, size_t size, size_t max)
{
	void **array = data;
	size_t want = *cap ? *cap : 8;

	if (need <= *cap)
		return;
	assert(need <= max);
	while (want < need)
		want = want > max / 2 ? max : want * 2;
	*array = xreallocarray(*array, want, size);
	*cap = want;
}

void
xalloc_keep(void)
{
#ifdef HAVE_MALLOPT
	mallopt(M_MMAP_THRESHOLD, KEEP_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
#endif
}
