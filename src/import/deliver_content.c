/* SPDX-License-Identifier: ISC */
/* deliver: bytes as the content of a part. */
#include "import/deliver_private.h"
#include "base/files.h"
#include "mail/message_hex.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

ssize_t
deliver_read_piece(struct deliver_run *run, const struct message_range *range,
	int64_t done, char *buf, size_t room, struct error *err)
{
	int64_t left = range->length - done;
	size_t want = left < (int64_t)room ? (size_t)left : room;

	return fs_read_at(run->job->source_fd, buf, want, range->offset + done, err);
}

void
deliver_set_content(GMimePart *part, GMimeStream *stream)
{
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream,
		GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, content);
	g_object_unref(content);
	g_object_unref(stream);
}

void
deliver_set_boundary(GMimeMultipart *multi)
{
	unsigned char random[16];
	struct str boundary = STR_INIT;
	ssize_t n = getrandom(random, sizeof random, 0);

	assert(n == sizeof random);	/* so few bytes always come */
	str_add(&boundary, DELIVER_BOUNDARY);
	for (size_t i = 0; i < sizeof random; i++)
		str_addf(&boundary, "%02x", random[i]);
	g_mime_multipart_set_boundary(multi, boundary.data);
	str_release(&boundary);
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

	deliver_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	if (!g_mime_object_get_disposition(object))
		g_mime_object_set_disposition(object, "attachment");
	g_mime_part_set_filename(part, name);
	use_utf8(g_mime_content_type_get_parameters(
		g_mime_object_get_content_type(object)));
	use_utf8(g_mime_content_disposition_get_parameters(
		g_mime_object_get_content_disposition(object)));
}

static int
spool_hex(struct deliver_run *run, const struct message_range *range,
	struct spool *to, struct error *err)
{
	char *buf = xmalloc(DELIVER_PIECE);
	uint8_t *out = xmalloc(DELIVER_PIECE / 2 + 1);
	struct message_hex hex = { 0 };
	int64_t done = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && done < range->length) {
		n = deliver_read_piece(run, range, done, buf, DELIVER_PIECE, err);
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

GMimeStream *
deliver_content(struct deliver_run *run, const struct message_item *item,
	struct error *err)
{
	return item->encoding == MESSAGE_ENCODING_HEX ?
		hex_content(run, item, err) : raw_content(run, item);
}
