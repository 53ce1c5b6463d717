/* SPDX-License-Identifier: ISC */
/*
 * deliver: a Macintosh file, whose forks came as MacBinary II.
 *
 * Nobody but a Macintosh of that time can open MacBinary, so the forks go
 * apart. A file with a data fork alone is that fork, under its name. One with
 * a resource fork becomes multipart/appledouble (RFC 1740): first an AppleDouble
 * file with resource fork, type, creator and dates, then the data fork, which
 * every mail program shows as the attachment it is.
 */
#include "import/deliver_private.h"
#include "base/files.h"

#include <stdint.h>

/* MacBinary II, see message_attach.c. */
#define MAC_HEADER 128
#define MAC_NAME_LEN 1
#define MAC_NAME 2
#define MAC_TYPE 65		/* and creator, 8 bytes */
#define MAC_FLAGS_HIGH 73
#define MAC_PLACE 75		/* on the screen, and folder, 6 bytes */
#define MAC_CREATED 91		/* seconds since 1904 */
#define MAC_MODIFIED 95
#define MAC_FLAGS_LOW 101

/* AppleDouble version 2 (RFC 1740, appendix B). */
#define DOUBLE_MAGIC 0x00051607u
#define DOUBLE_VERSION 0x00020000u
#define DOUBLE_FIXED 26		/* before the entries */
#define DOUBLE_ENTRY 12
#define ENTRY_RESOURCE 2
#define ENTRY_NAME 3
#define ENTRY_DATES 8
#define ENTRY_FINDER 9
#define DATES_LEN 16
#define FINDER_LEN 32
#define DATE_UNKNOWN 0x80000000u
#define SECONDS_1904_TO_2000 3029529600u

static void
add_number(struct str *s, uint32_t n, int bytes)
{
	while (bytes--)
		str_add_char(s, (char)(n >> 8 * bytes));
}

static uint32_t
number(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3];
}

static void
add_entry(struct str *s, uint32_t id, uint32_t *at, uint32_t len)
{
	add_number(s, id, 4);
	add_number(s, *at, 4);
	add_number(s, len, 4);
	*at += len;
}

/* The same moment, counted from 2000; 0 means that none was set. */
static void
add_date(struct str *s, uint32_t since_1904)
{
	add_number(s, since_1904 ? since_1904 - SECONDS_1904_TO_2000 :
		DATE_UNKNOWN, 4);
}

/* Everything of the AppleDouble file before the resource fork. */
static void
add_double_header(struct str *s, const uint8_t h[MAC_HEADER], uint32_t resource)
{
	uint32_t name = h[MAC_NAME_LEN], at = DOUBLE_FIXED + 4 * DOUBLE_ENTRY;

	add_number(s, DOUBLE_MAGIC, 4);
	add_number(s, DOUBLE_VERSION, 4);
	for (int i = 0; i < 16; i++)
		str_add_char(s, '\0');
	add_number(s, 4, 2);
	add_entry(s, ENTRY_NAME, &at, name);
	add_entry(s, ENTRY_DATES, &at, DATES_LEN);
	add_entry(s, ENTRY_FINDER, &at, FINDER_LEN);
	add_entry(s, ENTRY_RESOURCE, &at, resource);
	str_add_bytes(s, h + MAC_NAME, name);
	add_date(s, number(h + MAC_CREATED));
	add_date(s, number(h + MAC_MODIFIED));
	add_number(s, DATE_UNKNOWN, 4);		/* of the last backup */
	add_number(s, DATE_UNKNOWN, 4);		/* of the last look at it */
	str_add_bytes(s, h + MAC_TYPE, 8);
	str_add_char(s, (char)h[MAC_FLAGS_HIGH]);
	str_add_char(s, (char)h[MAC_FLAGS_LOW]);
	str_add_bytes(s, h + MAC_PLACE, 6);
	for (int i = 16; i < FINDER_LEN; i++)
		str_add_char(s, '\0');
}

static GMimeStream *
fork_stream(struct deliver_run *run, const struct message_range *fork)
{
	return g_mime_stream_substream(run->source, fork->offset,
		fork->offset + fork->length);
}

/* The AppleDouble file; NULL with err. */
static GMimePart *
double_part(struct deliver_run *run, const struct message_item *item,
	const char *name, struct error *err)
{
	GMimePart *part = g_mime_part_new_with_type("application", "applefile");
	GMimeStream *all = g_mime_stream_cat_new(), *piece;
	uint8_t h[MAC_HEADER] = { 0 };
	struct str head = STR_INIT;

	if (fs_read_at(run->job->source_fd, h, sizeof h, item->body.offset,
	    err) < 0) {
		g_object_unref(part);
		g_object_unref(all);
		return NULL;
	}
	add_double_header(&head, h, (uint32_t)item->resource_fork.length);
	piece = g_mime_stream_mem_new_with_buffer(head.data, head.len);
	g_mime_stream_cat_add_source(GMIME_STREAM_CAT(all), piece);
	g_object_unref(piece);
	piece = fork_stream(run, &item->resource_fork);
	g_mime_stream_cat_add_source(GMIME_STREAM_CAT(all), piece);
	g_object_unref(piece);
	deliver_set_file(part, name, all);
	str_release(&head);
	return part;
}

GMimeObject *
deliver_macintosh(struct deliver_run *run, const struct message_item *item,
	const char *name, GMimePart *data, struct error *err)
{
	GMimeMultipart *both;
	GMimePart *part;

	deliver_set_file(data, name, fork_stream(run, &item->data_fork));
	if (!item->resource_fork.length)
		return GMIME_OBJECT(data);
	part = double_part(run, item, name, err);
	if (!part) {
		g_object_unref(data);
		return NULL;
	}
	both = g_mime_multipart_new_with_subtype("appledouble");
	deliver_set_boundary(both);
	g_mime_multipart_add(both, GMIME_OBJECT(part));
	g_mime_multipart_add(both, GMIME_OBJECT(data));
	g_object_unref(part);
	g_object_unref(data);
	return GMIME_OBJECT(both);
}
