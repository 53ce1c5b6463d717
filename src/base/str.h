/* SPDX-License-Identifier: ISC */
/*
 * str: a growable string of bytes, always terminated.
 *
 * `struct str s = STR_INIT;` … `str_release(&s);` or hand the bytes over with
 * str_steal. data is never NULL, len does not count the terminator, and NUL
 * bytes inside are allowed (len rules). A string never grows over STR_MAX
 * (64 MB: more than any line, page or header here may have); what would go
 * over is the caller's bug.
 */
#ifndef CCMQ_STR_H
#define CCMQ_STR_H

#include <stdarg.h>
#include <stddef.h>

#define STR_MAX ((size_t)64 << 20)

struct str {
	char *data;
	size_t len;
	size_t cap;		/* 0: data is the shared empty string */
};

extern char str_empty[1];

#define STR_INIT { str_empty, 0, 0 }

void str_init(struct str *s);
void str_release(struct str *s);	/* leaves it as after str_init */
void str_remove(struct str *s, size_t at, size_t len);	/* out of it */
void str_clear(struct str *s);		/* empty; keeps the memory */
void str_truncate(struct str *s, size_t len);	/* len <= s->len */
void str_add(struct str *s, const char *text);
void str_add_bytes(struct str *s, const void *bytes, size_t len);
void str_add_char(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* The bytes, to be freed by the caller; s is as after str_init. */
char *str_steal(struct str *s);

#endif
