/* deliver: an item as a MIME part. */
#include "import/deliver_private.h"
#include "base/files.h"
#include "mail/message_hex.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)64 << 10)
#define LINE_MAX_SAFE 900	/* RFC 5322 2.1.1 allows 998 */

/* What a text is like, to choose how it travels. */
struct text_traits {
	size_t line;		/* bytes in the current line */
	bool last_cr;		/* the last byte was a CR not yet written */
	bool long_line, odd;
	char last;		/* the last byte written */
	char head[2];		/* the first two of the current line */
	int64_t high, total;
};

/* Looks at text that is to be written, LF at line ends. */
static void
look(struct text_traits *t, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n') {
			t->line = 0;
			continue;
		}
		if (c >= 0x80)
			t->high++;
		if (c == '\r' || c == 0)
			t->odd = true;
		/* What could be taken for a boundary of ours. */
		if (t->line < 2)
			t->head[t->line] = (char)c;
		else if (t->line == 2 && c == '=' && t->head[0] == '-' &&
		    t->head[1] == '-')
			t->odd = true;
		if (++t->line > LINE_MAX_SAFE)
			t->long_line = true;
	}
	t->total += (int64_t)len;
	if (len)
		t->last = text[len - 1];
}

static int
put_text(struct spool *to, struct text_traits *t, const char *text, size_t len,
	struct error *err)
{
	look(t, text, len);
	return spool_add(to, text, len, err);
}

/* CR LF becomes LF; a CR alone stays what it is. */
static int
add_text(struct spool *to, struct text_traits *t, const char *text, size_t len,
	struct error *err)
{
	const char *end = text + len;

	while (text < end) {
		const char *cr = memchr(text, '\r', (size_t)(end - text));
		const char *stop = cr ? cr : end;

		if (t->last_cr && *text != '\n' &&
		    put_text(to, t, "\r", 1, err) < 0)
			return -1;
		t->last_cr = cr != NULL;
		if (put_text(to, t, text, (size_t)(stop - text), err) < 0)
			return -1;
		text = cr ? cr + 1 : end;
	}
	return 0;
}

static int
end_text(struct spool *to, struct text_traits *t, struct error *err)
{
	if (t->last_cr && put_text(to, t, "\r", 1, err) < 0)
		return -1;
	/* A text of some bytes ends with a line end. */
	if (t->total && t->last != '\n')
		return put_text(to, t, "\n", 1, err);
	return 0;
}

/* Reads the next piece of a range behind the bytes that are kept in buf. */
static ssize_t
read_piece(struct deliver_run *run, const struct message_range *range,
	int64_t done, char *buf, size_t room, struct error *err)
{
	int64_t left = range->length - done;
	size_t want = left < (int64_t)room ? (size_t)left : room;

	return fs_read_at(run->job->source_fd, buf, want, range->offset + done, err);
}

static int
spool_text(struct deliver_run *run, const struct message_range *range,
	struct spool *to, struct text_traits *t, struct error *err)
{
	char *buf = xmalloc(PIECE);
	struct str utf8 = STR_INIT;
	size_t kept = 0, used;
	int64_t done = 0;
	bool last;
	int rc = 0;

	do {
		ssize_t n = read_piece(run, range, done, buf + kept,
			PIECE - kept, err);

		if (n < 0) {
			rc = -1;
			break;
		}
		done += n;
		last = n == 0 || done == range->length;
		str_clear(&utf8);
		used = charset_to_utf8_piece(run->job->charset, buf,
			kept + (size_t)n, last, &utf8);
		kept = kept + (size_t)n - used;
		memmove(buf, buf + used, kept);
		rc = add_text(to, t, utf8.data, utf8.len, err);
	} while (rc == 0 && !last);
	if (rc == 0)
		rc = end_text(to, t, err);
	str_release(&utf8);
	free(buf);
	return rc;
}

static int
spool_hex(struct deliver_run *run, const struct message_range *range,
	struct spool *to, struct error *err)
{
	char *buf = xmalloc(PIECE);
	uint8_t *out = xmalloc(PIECE / 2 + 1);
	struct message_hex hex = { 0 };
	int64_t done = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && done < range->length) {
		n = read_piece(run, range, done, buf, PIECE, err);
		if (n <= 0) {
			rc = n < 0 ? -1 : 0;
			break;
		}
		done += n;
		rc = spool_add(to, out, message_hex_decode(&hex, buf,
			(size_t)n, out), err);
	}
	/* The reader has looked at all of it. */
	if (rc == 0 && !message_hex_end(&hex))
		rc = error_set(err, ERROR_INVALID, "hex text has changed");
	free(out);
	free(buf);
	return rc;
}

static void
set_content(GMimePart *part, GMimeStream *stream)
{
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream,
		GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, content);
	g_object_unref(content);
	g_object_unref(stream);
}

static GMimeContentEncoding
text_encoding(const struct text_traits *t)
{
	if (!t->high && !t->long_line && !t->odd)
		return GMIME_CONTENT_ENCODING_7BIT;
	/* Three bytes for one against four for three. */
	if (t->high > t->total / 6)
		return GMIME_CONTENT_ENCODING_BASE64;
	return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

GMimePart *
deliver_empty_part(void)
{
	GMimePart *part = g_mime_part_new_with_type("text", "plain");

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset",
		"utf-8");
	set_content(part, g_mime_stream_mem_new());
	return part;
}

static GMimePart *
text_part(struct deliver_run *run, const struct message_item *item,
	struct error *err)
{
	struct text_traits traits = { 0 };
	GMimePart *part = NULL;
	struct spool spool;

	spool_init(&spool, run);
	if (spool_text(run, &item->body, &spool, &traits, err) == 0) {
		part = deliver_empty_part();
		set_content(part, spool_steal(&spool));
		g_mime_part_set_content_encoding(part, text_encoding(&traits));
	}
	spool_release(&spool);
	return part;
}

static void
describe(GMimePart *part, const char *words)
{
	deliver_add_header(GMIME_OBJECT(part), "Content-Description", words);
}

/* GMime would choose ISO 8859-1 where that does. */
static void
use_utf8(GMimeParamList *params)
{
	for (int i = 0; i < g_mime_param_list_length(params); i++)
		g_mime_param_set_charset(g_mime_param_list_get_parameter_at(
			params, i), "utf-8");
}

void
deliver_set_file(GMimePart *part, const char *name, GMimeStream *content)
{
	GMimeObject *object = GMIME_OBJECT(part);

	set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	if (!g_mime_object_get_disposition(object))
		g_mime_object_set_disposition(object, "attachment");
	g_mime_part_set_filename(part, name);
	use_utf8(g_mime_content_type_get_parameters(
		g_mime_object_get_content_type(object)));
	use_utf8(g_mime_content_disposition_get_parameters(
		g_mime_object_get_content_disposition(object)));
}

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

/* The bytes as they are in the file, nothing copied. */
static GMimeStream *
raw_content(struct deliver_run *run, const struct message_item *item)
{
	return g_mime_stream_substream(run->source, item->body.offset,
		item->body.offset + item->body.length);
}

/* What hex text means; NULL with err. */
static GMimeStream *
hex_content(struct deliver_run *run, const struct message_item *item,
	struct error *err)
{
	GMimeStream *content = NULL;
	struct spool spool;

	spool_init(&spool, run);
	if (spool_hex(run, &item->body, &spool, err) == 0)
		content = spool_steal(&spool);
	spool_release(&spool);
	return content;
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
	content = item->encoding == MESSAGE_ENCODING_HEX ?
		hex_content(run, item, err) : raw_content(run, item);
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
		describe(part, name.data);
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
	part = text_part(run, item, err);
	if (!part)
		return NULL;
	g_mime_object_set_disposition(GMIME_OBJECT(part), "inline");
	deliver_line(run->job->charset, &item->title, &title);
	if (title.len)
		describe(part, title.data);
	str_release(&title);
	return GMIME_OBJECT(part);
}
