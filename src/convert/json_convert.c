/* SPDX-License-Identifier: ISC */
/* json_convert: see json_convert.h for the contract. */
#include "convert/json_convert.h"
#include "import/deliver.h"
#include "base/json.h"
#include "base/str.h"

static void
put_foreign(struct json_line *j, const char *key, struct charset *charset,
	const struct message_bytes *bytes)
{
	struct str s = STR_INIT;

	deliver_line(charset, bytes, &s);
	json_put_bytes(j, key, s.data, s.len);
	str_release(&s);
}

static void
put_header(struct json_line *j, const char *key, struct charset *charset,
	const struct message_header *h)
{
	if (h)
		put_foreign(j, key, charset, &h->value);
	else
		json_put_null(j, key);
}

static void
put_recipients(struct json_line *j, struct charset *charset,
	const struct message *m)
{
	const struct message_header *h = NULL;
	struct str lines = STR_INIT;

	while ((h = message_recipient(m, h))) {
		deliver_line(charset, &h->value, &lines);
		str_add_char(&lines, '\n');
	}
	json_put_lines(j, "to", lines.data);
	str_release(&lines);
}

static void
put_items(struct json_line *j, struct charset *charset,
	const struct message *m)
{
	json_put_array(j, "items");
	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];
		struct json_line *one = json_line_new();

		json_put_text(one, "kind", message_item_word(item->kind));
		put_foreign(one, "name", charset, item->name.len ?
			&item->name : &item->title);
		json_put_number(one, "size", item->body.length);
		json_put_append(j, "items", one);
	}
}

static void
put_defects(struct json_line *j, const struct message *m)
{
	json_put_array(j, "defects");
	for (size_t i = 0; i < m->defect_count; i++) {
		const struct message_defect *d = &m->defects[i];
		struct json_line *one = json_line_new();

		json_put_number(one, "offset", d->offset);
		json_put_text(one, "kind", message_defect_word(d->kind));
		json_put_text(one, "words", d->words);
		json_put_append(j, "defects", one);
	}
	json_put_number(j, "defects_total", m->defect_total);
}

void
json_convert_message(FILE *to, const char *path, struct charset *charset,
	const struct message *m)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "file", path);
	json_put_number(j, "number", m->number);
	json_put_text(j, "verdict", message_verdict_word(m->verdict));
	json_put_text(j, "form", message_form_word(m->form));
	put_header(j, "from", charset, m->from);
	put_recipients(j, charset, m);
	put_header(j, "subject", charset, m->subject);
	put_header(j, "date", charset, m->date);
	put_items(j, charset, m);
	put_defects(j, m);
	json_line_print(j, to);
}

void
json_convert_report(FILE *to, const struct json_convert_report *r)
{
	struct json_line *j = json_line_new(), *kinds = json_line_new();

	for (int i = 0; i < MESSAGE_DEFECT_KINDS; i++)
		if (r->defects[i])
			json_put_number(kinds, message_defect_word(
				(enum message_defect_kind)i), r->defects[i]);
	json_put_number(j, "files", r->files);
	json_put_number(j, "messages", r->messages);
	json_put_number(j, "converted", r->converted);
	json_put_number(j, "existed", r->existed);
	json_put_number(j, "repaired", r->repaired);
	json_put_number(j, "replaced", r->replaced);
	json_put_number(j, "not_messages", r->not_messages);
	json_put_number(j, "unreadable", r->unreadable);
	json_put_number(j, "bytes", r->bytes);
	json_put_bool(j, "interrupted", r->interrupted);
	json_put_object(j, "defects", kinds);
	json_line_print(j, to);
}
