/* SPDX-License-Identifier: ISC */
/* json: see json.h for the contract. */
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct json_line {
	json_t *object;
};

struct json_line *
json_line_new(void)
{
	struct json_line *j = xmalloc(sizeof *j);

	j->object = json_object();
	return j;
}

void
json_line_free(struct json_line *j)
{
	if (!j)
		return;
	json_decref(j->object);
	free(j);
}

void
json_put_bytes(struct json_line *j, const char *key, const void *bytes, size_t len)
{
	struct str s = STR_INIT;

	text_add_utf8(&s, bytes, len);
	json_object_set_new(j->object, key, json_stringn(s.data, s.len));
	str_release(&s);
}

void
json_put_text(struct json_line *j, const char *key, const char *value)
{
	if (value)
		json_put_bytes(j, key, value, strlen(value));
	else
		json_put_null(j, key);
}

/* At most three bytes as four digits. */
static void
base64_group(char out[4], const unsigned char *in, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t n = (uint32_t)in[0] << 16 |
		(len > 1 ? (uint32_t)in[1] << 8 : 0) |
		(len > 2 ? (uint32_t)in[2] : 0);

	out[0] = digits[n >> 18];
	out[1] = digits[n >> 12 & 63];
	out[2] = len > 1 ? digits[n >> 6 & 63] : '=';
	out[3] = len > 2 ? digits[n & 63] : '=';
}

void
json_put_base64(struct json_line *j, const char *key, const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	struct str s = STR_INIT;
	char group[4];

	for (size_t i = 0; i < len; i += 3) {
		base64_group(group, in + i, len - i);
		str_add_bytes(&s, group, sizeof group);
	}
	json_object_set_new(j->object, key, json_stringn(s.data, s.len));
	str_release(&s);
}

void
json_put_number(struct json_line *j, const char *key, int64_t value)
{
	json_object_set_new(j->object, key, json_integer(value));
}

void
json_put_bool(struct json_line *j, const char *key, bool value)
{
	json_object_set_new(j->object, key, json_boolean(value));
}

void
json_put_null(struct json_line *j, const char *key)
{
	json_object_set_new(j->object, key, json_null());
}

void
json_put_known(struct json_line *j, const char *key, int64_t value,
	int64_t none)
{
	if (value == none)
		json_put_null(j, key);
	else
		json_put_number(j, key, value);
}

void
json_put_time(struct json_line *j, const char *key, int64_t at)
{
	char text[TEXT_TIME_MAX];

	if (at == INT64_MIN)
		json_put_null(j, key);
	else
		json_put_text(j, key, text_rfc3339(text, at));
}

void
json_keep(struct json_line *j, const char *const *names)
{
	const char *key;
	json_t *value;

	json_object_foreach(j->object, key, value) {
		const char *const *name = names;

		while (*name && strcmp(*name, key) != 0)
			name++;
		/* Only the value: the members stay as they are. */
		if (!*name)
			json_object_set_new(j->object, key, json_null());
	}
}

static json_t *
array_at(struct json_line *j, const char *key)
{
	json_t *array = json_object_get(j->object, key);

	if (!array) {
		array = json_array();
		json_object_set_new(j->object, key, array);
	}
	return array;
}

void
json_put_array(struct json_line *j, const char *key)
{
	array_at(j, key);
}

void
json_put_lines(struct json_line *j, const char *key, const char *lines)
{
	json_t *array = array_at(j, key);
	struct str s = STR_INIT;

	while (lines && *lines) {
		size_t len = strcspn(lines, "\n");

		str_clear(&s);
		text_add_utf8(&s, lines, len);
		json_array_append_new(array, json_stringn(s.data, s.len));
		lines += len + (lines[len] == '\n');
	}
	str_release(&s);
}

void
json_put_append(struct json_line *j, const char *key, struct json_line *element)
{
	json_array_append(array_at(j, key), element->object);
	json_line_free(element);
}

/* jansson leaves DEL as it is. */
static int
write_ascii(const char *buffer, size_t size, void *arg)
{
	const char *del;
	FILE *to = arg;

	while ((del = memchr(buffer, 0x7F, size))) {
		fwrite(buffer, 1, (size_t)(del - buffer), to);
		fputs("\\u007f", to);
		size -= (size_t)(del + 1 - buffer);
		buffer = del + 1;
	}
	fwrite(buffer, 1, size, to);
	return 0;
}

static void
dump(const struct json_line *j, FILE *to, size_t flags)
{
	json_dump_callback(j->object, write_ascii, to, JSON_COMPACT |
		JSON_ENSURE_ASCII | flags);
}

void
json_put_numbers(struct json_line *j, const char *key, const int64_t *values,
	size_t count)
{
	json_t *array = array_at(j, key);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_integer(values[i]));
}

void
json_put_object(struct json_line *j, const char *key,
	struct json_line *object)
{
	json_object_set(j->object, key, object->object);
	json_line_free(object);
}

void
json_line_print(struct json_line *j, FILE *to)
{
	dump(j, to, 0);
	putc('\n', to);
	json_line_free(j);
}

static int
append(const char *bytes, size_t len, void *arg)
{
	str_add_bytes(arg, bytes, len);
	return 0;
}

void
json_line_append(struct json_line *j, struct str *out)
{
	json_dump_callback(j->object, append, out, JSON_COMPACT |
		JSON_ENSURE_ASCII);
	str_add_char(out, '\n');
	json_line_free(j);
}

void
json_stream_begin(struct json_stream *s, struct json_line *j, FILE *to)
{
	putc('{', to);
	dump(j, to, JSON_EMBED);
	fputs(",\"base64\":\"", to);
	*s = (struct json_stream){ .to = to };
	json_line_free(j);
}

void
json_stream_add(struct json_stream *s, const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	char group[4];

	for (size_t i = 0; i < len; i++) {
		s->left[s->count++] = in[i];
		if (s->count < 3)
			continue;
		base64_group(group, s->left, 3);
		fwrite(group, 1, sizeof group, s->to);
		s->count = 0;
	}
}

void
json_stream_end(struct json_stream *s)
{
	char group[4];

	if (s->count) {
		base64_group(group, s->left, s->count);
		fwrite(group, 1, sizeof group, s->to);
	}
	fputs("\"}\n", s->to);
}

struct json_line *
json_line_read(const char *bytes, size_t len, struct error *err)
{
	struct json_line *j;
	json_error_t why;
	json_t *object = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &why);
	char shown[160];

	if (!json_is_object(object)) {
		if (object)
			snprintf(why.text, sizeof why.text, "not an object");
		json_decref(object);
		error_set(err, ERROR_INVALID, "not a JSON object: %s",
			text_printable(shown, sizeof shown, why.text,
			strlen(why.text)));
		return NULL;
	}
	j = json_line_new();
	json_decref(j->object);
	j->object = object;
	return j;
}

/* The member, or NULL with *rc_out: there is none, or it is not of type. */
static const json_t *
get(const struct json_line *j, const char *key, json_type type, int *rc_out)
{
	const json_t *value = json_object_get(j->object, key);

	*rc_out = 0;
	if (!value || json_is_null(value))
		return NULL;
	*rc_out = json_typeof(value) == type ? 1 : -1;
	return *rc_out == 1 ? value : NULL;
}

int
json_get_number(const struct json_line *j, const char *key, int64_t *out)
{
	int rc;
	const json_t *value = get(j, key, JSON_INTEGER, &rc);

	if (value)
		*out = json_integer_value(value);
	return rc;
}

int
json_get_text(const struct json_line *j, const char *key, const char **out)
{
	int rc;
	const json_t *value = get(j, key, JSON_STRING, &rc);

	if (value)
		*out = json_string_value(value);
	return rc;
}

int
json_get_time(const struct json_line *j, const char *key, int64_t *out)
{
	struct tm tm = { 0 };
	const char *text;
	int ms, end = 0, rc = json_get_text(j, key, &text);

	if (rc <= 0)
		return rc;
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &tm.tm_year,
	    &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms,
	    &end) != 7 || !end || text[end])
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*out = (int64_t)timegm(&tm) * 1000 + ms;
	return 1;
}

int
json_get_bool(const struct json_line *j, const char *key, bool *out)
{
	const json_t *value = json_object_get(j->object, key);

	if (!value || json_is_null(value))
		return 0;
	*out = json_is_true(value);
	return json_is_boolean(value) ? 1 : -1;
}

int
json_get_object(const struct json_line *j, const char *key,
	struct json_line **out)
{
	json_t *value = json_object_get(j->object, key);

	if (!value || json_is_null(value))
		return 0;
	if (!json_is_object(value))
		return -1;
	*out = xmalloc(sizeof **out);
	(*out)->object = json_incref(value);
	return 1;
}

int
json_get_list(const struct json_line *j, const char *key, int64_t **out,
	size_t *count_out, size_t max)
{
	const json_t *value = json_object_get(j->object, key);
	size_t n = json_array_size(value);
	int64_t *list;
	int rc;

	if (!value || json_is_null(value))
		return 0;
	if (n > max)
		return -1;
	list = xcalloc(n + 1, sizeof *list);
	rc = json_get_numbers(j, key, list, n);
	if (rc != 1) {
		free(list);
		return rc;
	}
	*out = list;
	*count_out = n;
	return 1;
}

int
json_get_numbers(const struct json_line *j, const char *key, int64_t *out,
	size_t count)
{
	int rc;
	const json_t *value = get(j, key, JSON_ARRAY, &rc);

	if (!value)
		return rc;
	if (json_array_size(value) != count)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!json_is_integer(json_array_get(value, i)))
			return -1;
	for (size_t i = 0; i < count; i++)
		out[i] = json_integer_value(json_array_get(value, i));
	return 1;
}
