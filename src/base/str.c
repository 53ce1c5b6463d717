/* SPDX-License-Identifier: ISC */
/* str: see str.h for the contract. */
#include "base/str.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char str_empty[1] = "";

void
str_init(struct str *s)
{
	s->data = str_empty;
	s->len = 0;
	s->cap = 0;
}

void
str_release(struct str *s)
{
	if (s->cap)
		free(s->data);
	str_init(s);
}

void
str_remove(struct str *s, size_t at, size_t len)
{
	assert(at <= s->len && len <= s->len - at);
	if (len == 0)
		return;
	memmove(s->data + at, s->data + at + len, s->len - at - len + 1);
	s->len -= len;
}

void
str_clear(struct str *s)
{
	str_truncate(s, 0);
}

void
str_truncate(struct str *s, size_t len)
{
	assert(len <= s->len);
	s->len = len;
	if (s->cap)
		s->data[len] = '\0';
}

static void
make_room(struct str *s, size_t more)
{
	char *data = s->cap ? s->data : NULL;

	assert(more < STR_MAX);
	xgrow(&data, &s->cap, s->len + more + 1, 1, STR_MAX);
	s->data = data;
}

void
str_add_bytes(struct str *s, const void *bytes, size_t len)
{
	make_room(s, len);
	if (len)
		memcpy(s->data + s->len, bytes, len);
	s->len += len;
	s->data[s->len] = '\0';
}

void
str_add(struct str *s, const char *text)
{
	str_add_bytes(s, text, strlen(text));
}

void
str_add_char(struct str *s, char c)
{
	str_add_bytes(s, &c, 1);
}

void
str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	make_room(s, (size_t)n);
	vsnprintf(s->data + s->len, (size_t)n + 1, fmt, ap);
	s->len += (size_t)n;
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

char *
str_steal(struct str *s)
{
	char *data = s->cap ? s->data : xstrdup("");

	str_init(s);
	return data;
}
