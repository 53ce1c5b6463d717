/* json_convert: see json_convert.h for the contract. */
#include "convert/json_convert.h"
#include "base/str.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

/* Foreign bytes as a JSON string; null for a NULL. jansson wants UTF-8, which
 * a path need not be. */
static json_t *
utf8_string(const char *bytes, size_t len)
{
	struct str s = STR_INIT;
	json_t *out;

	text_add_utf8(&s, bytes, len);
	out = json_stringn(s.data, s.len);
	str_release(&s);
	return out;
}

static json_t *
foreign_string(struct charset *charset, const struct message_bytes *bytes)
{
	struct str s = STR_INIT;
	json_t *out;

	charset_to_utf8(charset, bytes->data, bytes->len, &s);
	out = json_stringn(s.data, s.len);
	str_release(&s);
	return out;
}

static json_t *
header_string(struct charset *charset, const struct message_header *h)
{
	return h ? foreign_string(charset, &h->value) : json_null();
}

static json_t *
recipients(struct charset *charset, const struct message *m)
{
	const struct message_header *h = NULL;
	json_t *list = json_array();

	while ((h = message_recipient(m, h)))
		json_array_append_new(list, header_string(charset, h));
	return list;
}

static json_t *
items(struct charset *charset, const struct message *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];

		json_array_append_new(list, json_pack("{s:s, s:o, s:I}",
			"kind", message_item_word(item->kind),
			"name", foreign_string(charset, item->name.len ?
			&item->name : &item->title),
			"size", (json_int_t)item->body.length));
	}
	return list;
}

static json_t *
defects(const struct message *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->defect_count; i++)
		json_array_append_new(list, json_pack("{s:I, s:s, s:s}",
			"offset", (json_int_t)m->defects[i].offset,
			"kind", message_defect_word(m->defects[i].kind),
			"words", m->defects[i].words));
	return list;
}

static void
print(FILE *to, json_t *object)
{
	json_dumpf(object, to, JSON_COMPACT | JSON_PRESERVE_ORDER);
	fputc('\n', to);
	json_decref(object);
}

void
json_convert_message(FILE *to, const char *path, struct charset *charset,
	const struct message *m)
{
	print(to, json_pack("{s:o, s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o, "
		"s:o}",
		"file", utf8_string(path, strlen(path)),
		"number", m->number,
		"verdict", message_verdict_word(m->verdict),
		"form", message_form_word(m->form),
		"from", header_string(charset, m->from),
		"to", recipients(charset, m),
		"subject", header_string(charset, m->subject),
		"date", header_string(charset, m->date),
		"items", items(charset, m),
		"defects", defects(m)));
}

void
json_convert_report(FILE *to, const struct json_convert_report *r)
{
	json_t *kinds = json_object();

	for (int i = 0; i < MESSAGE_DEFECT_KINDS; i++)
		if (r->defects[i])
			json_object_set_new(kinds, message_defect_word(
				(enum message_defect_kind)i),
				json_integer((json_int_t)r->defects[i]));
	print(to, json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, "
		"s:o}",
		"files", (json_int_t)r->files,
		"messages", (json_int_t)r->messages,
		"converted", (json_int_t)r->converted,
		"existed", (json_int_t)r->existed,
		"repaired", (json_int_t)r->repaired,
		"not_messages", (json_int_t)r->not_messages,
		"unreadable", (json_int_t)r->unreadable,
		"bytes", (json_int_t)r->bytes,
		"interrupted", (int)r->interrupted,
		"defects", kinds));
}
