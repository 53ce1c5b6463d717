/* SPDX-License-Identifier: ISC */
/*
 * xalloc: memory, or the end of the process.
 *
 * Out of memory ends the process with a line on standard error: the store is
 * consistent at every moment, so dying is safe and honest. Nothing here
 * returns NULL. Memory is released with free().
 */
#ifndef CCMQ_XALLOC_H
#define CCMQ_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);		/* zeroed; checks n * size */
void *xrealloc(void *p, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);			/* NULL gives NULL */
/* Frees *where and puts a copy of text there; NULL stays NULL. */
void xstrset(char **where, const char *text);
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t size);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Grows the array at *data, which has room for *cap elements of size bytes,
 * so that it holds at least `need`; doubles, and never goes over max
 * elements: asking for more is the caller's bug.
 */
void xgrow(void *data, size_t *cap, size_t need, size_t size, size_t max);

/* For who lives long and asks for the same again and again: some MB that are
 * freed are kept, so that the kernel need not give them anew, page by page. */
void xalloc_keep(void);

#endif
