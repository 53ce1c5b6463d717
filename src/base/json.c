/* json: see json.h for the contract. */
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

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

void
json_put_base64(struct json_line *j, const char *key, const void *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = bytes;
	struct str s = STR_INIT;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t n = (uint32_t)in[i] << 16 |
			(left > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
			(left > 2 ? (uint32_t)in[i + 2] : 0);

		str_add_char(&s, digits[n >> 18]);
		str_add_char(&s, digits[n >> 12 & 63]);
		str_add_char(&s, left > 1 ? digits[n >> 6 & 63] : '=');
		str_add_char(&s, left > 2 ? digits[n & 63] : '=');
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
json_put_time(struct json_line *j, const char *key, int64_t at)
{
	char text[TEXT_TIME_MAX];

	if (at == INT64_MIN)
		json_put_null(j, key);
	else
		json_put_text(j, key, text_rfc3339(text, at));
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

void
json_line_print(struct json_line *j, FILE *to)
{
	json_dumpf(j->object, to, JSON_COMPACT);
	putc('\n', to);
	json_line_free(j);
}
