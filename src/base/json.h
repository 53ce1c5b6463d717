/* SPDX-License-Identifier: ISC */
/*
 * json: one object a line, for scripts and between programs.
 *
 * The one module that knows jansson. An object is built member by member, in
 * order, and printed with a line feed; texts that are not UTF-8 get U+FFFD.
 * What is printed is printable ASCII and the line feed, all else \uNNNN, so
 * that a terminal obeys none of it. Nothing fails: what cannot be said is
 * null. One that is read is asked for its members by name; what nobody asks for
 * is passed over.
 */
#ifndef CCMQ_JSON_H
#define CCMQ_JSON_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_line;

struct json_line *json_line_new(void);
void json_line_free(struct json_line *j);

void json_put_text(struct json_line *j, const char *key, const char *value);
void json_put_bytes(struct json_line *j, const char *key, const void *bytes,
	size_t len);				/* as UTF-8 */
void json_put_base64(struct json_line *j, const char *key, const void *bytes,
	size_t len);
void json_put_number(struct json_line *j, const char *key, int64_t value);
void json_put_bool(struct json_line *j, const char *key, bool value);
void json_put_null(struct json_line *j, const char *key);
/* null if the value is the one that says that there is none. */
void json_put_known(struct json_line *j, const char *key, int64_t value,
	int64_t none);
/* RFC 3339 in UTC; INT64_MIN is null. */
void json_put_time(struct json_line *j, const char *key, int64_t at);
/* Lines of text, each an element; NULL is an empty array. */
void json_put_lines(struct json_line *j, const char *key, const char *lines);
/* Appends an object, which is taken over, to the array at key. */
void json_put_append(struct json_line *j, const char *key, struct json_line *element);
/* Puts an object, which is taken over, at key. */
void json_put_object(struct json_line *j, const char *key,
	struct json_line *object);
/* An array that is there even when nothing is appended. */
void json_put_array(struct json_line *j, const char *key);

/* count numbers, as an array. */
void json_put_numbers(struct json_line *j, const char *key,
	const int64_t *values, size_t count);

/* Every member that is not among the names becomes null. */
void json_keep(struct json_line *j, const char *const *names);

/* Prints it and frees it. */
void json_line_print(struct json_line *j, FILE *to);
/* Appends it, with its line feed, to out, and frees it. */
void json_line_append(struct json_line *j, struct str *out);

/* Bytes of any length as the last member, "base64": begin prints what j has
 * (at least a member) and frees it, end ends the line. */
struct json_stream {
	FILE *to;
	unsigned char left[3];
	size_t count;
};
void json_stream_begin(struct json_stream *s, struct json_line *j, FILE *to);
void json_stream_add(struct json_stream *s, const void *bytes, size_t len);
void json_stream_end(struct json_stream *s);

/* Reads one object, which is all of the bytes but for white space. NULL with
 * err (ERROR_INVALID): it is none, or names a member twice. */
struct json_line *json_line_read(const char *bytes, size_t len,
	struct error *err);

/* A member: 1 got it, 0 there is none or it is null, -1 it is something else.
 * *out is set only with 1; a text lives as long as j, and is UTF-8 without
 * NUL. */
int json_get_number(const struct json_line *j, const char *key, int64_t *out);
int json_get_text(const struct json_line *j, const char *key,
	const char **out);
/* A time as json_put_time writes it. */
int json_get_time(const struct json_line *j, const char *key, int64_t *out);
int json_get_bool(const struct json_line *j, const char *key, bool *out);
/* An object, freed by the caller. */
int json_get_object(const struct json_line *j, const char *key,
	struct json_line **out);
/* An array of at most max numbers, freed by the caller. */
int json_get_list(const struct json_line *j, const char *key, int64_t **out,
	size_t *count_out, size_t max);
/* An array of exactly count numbers. */
int json_get_numbers(const struct json_line *j, const char *key, int64_t *out,
	size_t count);

#endif
