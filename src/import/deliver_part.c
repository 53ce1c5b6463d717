/* SPDX-License-Identifier: ISC */
/* deliver: an item as a MIME part. */
#include "import/deliver_private.h"
#include "base/text.h"

#include <string.h>

/* The types that such archives are full of. */
static const struct {
	const char *suffix, *type, *subtype;
} file_types[] = {
	{ ".bmp", "image", "bmp" },
	{ ".doc", "application", "msword" },
	{ ".gif", "image", "gif" },
	{ ".jpg", "image", "jpeg" },
	{ ".pdf", "application", "pdf" },
	{ ".ppt", "application", "vnd.ms-powerpoint" },
	{ ".rtf", "application", "rtf" },
	{ ".tif", "image", "tiff" },
	{ ".wav", "audio", "x-wav" },
	{ ".wk1", "application", "vnd.lotus-1-2-3" },
	{ ".wk3", "application", "vnd.lotus-1-2-3" },
	{ ".wk4", "application", "vnd.lotus-1-2-3" },
	{ ".xls", "application", "vnd.ms-excel" },
	{ ".zip", "application", "zip" },
};

static GMimePart *
new_file_part(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < G_N_ELEMENTS(file_types); i++)
		if (text_equal_nocase(dot, file_types[i].suffix))
			return g_mime_part_new_with_type(file_types[i].type,
				file_types[i].subtype);
	return g_mime_part_new_with_type("application", "octet-stream");
}

/* What may be the name of a file anywhere. One that came with a path of DOS is
 * known by its last part; a slash or colon is part of a name ("Re: plan.txt"),
 * and stands for itself no longer. */
static void
safe_name(const char *name, struct str *out)
{
	const char *slash = strrchr(name, '\\');
	size_t len;

	if (slash && slash[1])
		name = slash + 1;
	len = strlen(name);
	text_trim(&name, &len);
	if (len && strspn(name, ".") >= len)
		str_add_char(out, '_');		/* not "..", nor "." */
	for (size_t i = 0; i < len; i++)
		str_add_char(out, strchr("/:\\", name[i]) ? '_' : name[i]);
	if (!len)
		str_add(out, "unnamed");
}

static void
set_file_date(GMimePart *part, const struct message_item *item)
{
	int64_t at = item->has_date ? ccmail_date_at(&item->date) :
		CCMAIL_DATE_UNKNOWN;
	char *date;

	if (at == CCMAIL_DATE_UNKNOWN)
		return;
	date = deliver_date(at);
	g_mime_object_set_content_disposition_parameter(GMIME_OBJECT(part),
		"modification-date", date);
	g_free(date);
}

/* Gives part, which has its headers, name and bytes. NULL with err. */
static GMimeObject *
fill_file(struct deliver_run *run, const struct message_item *item,
	const char *name, GMimePart *part, struct error *err)
{
	GMimeStream *content;

	if (item->encoding == MESSAGE_ENCODING_MACBINARY)
		return deliver_macintosh(run, item, name, part, err);
	content = deliver_content(run, item, err);
	if (!content) {
		g_object_unref(part);
		return NULL;
	}
	deliver_set_file(part, name, content);
	return GMIME_OBJECT(part);
}

static GMimeObject *
file_part(struct deliver_run *run, const struct message_item *item,
	struct error *err)
{
	struct str name = STR_INIT, safe = STR_INIT;
	GMimeObject *object;
	GMimePart *part;

	deliver_line(run->job->charset, item->name.len ? &item->name :
		&item->title, &name);
	safe_name(name.data, &safe);
	part = new_file_part(safe.data);
	g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
	if (name.len && strcmp(safe.data, name.data) != 0)
		deliver_describe(GMIME_OBJECT(part), name.data);
	set_file_date(part, item);
	if (item->kind != MESSAGE_ITEM_FILE)
		g_mime_object_append_header(GMIME_OBJECT(part),
			"X-CCMail-Item", message_item_word(item->kind), NULL);
	object = fill_file(run, item, safe.data, part, err);
	str_release(&name);
	str_release(&safe);
	return object;
}

GMimeObject *
deliver_part(struct deliver_run *run, const struct message_item *item,
	struct error *err)
{
	struct str title = STR_INIT;
	GMimePart *part;

	if (item->kind != MESSAGE_ITEM_TEXT)
		return file_part(run, item, err);
	part = deliver_text_part(run, item, err);
	if (!part)
		return NULL;
	g_mime_object_set_disposition(GMIME_OBJECT(part), "inline");
	deliver_line(run->job->charset, &item->title, &title);
	if (title.len)
		deliver_describe(GMIME_OBJECT(part), title.data);
	str_release(&title);
	return GMIME_OBJECT(part);
}
