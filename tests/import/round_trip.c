/* SPDX-License-Identifier: ISC */
/*
 * Round trip: a message made at random, written as .ccm, read, converted, and
 * read back by GMime is the same: subject, sender, all of 1 to 500 recipients,
 * texts with every character of their code page, and 0 to 50 attachments of 0
 * bytes to 1 MB, byte for byte, with names and dates. MESSAGES=10000 for a
 * long run, SEED=N for another; what fails says its number, and SEED and FIRST
 * repeat it. What a text should become is told by iconv, not by our tables.
 */
#include "unit/unit.h"
#include "import/deliver.h"
#include "mail/fd_source.h"
#include "base/files.h"
#include "round_trip.h"

#include <fcntl.h>
#include <gmime/gmime.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Code pages, in turn. */
static struct page {
	const char *name;	/* for us */
	const char *iconv_name;
	bool dos;		/* control bytes are glyphs */
	struct charset *charset;
	char high[128][5];	/* what iconv makes of 0x80 to 0xFF */
} pages[] = {
	{ .name = "437", .iconv_name = "CP437", .dos = true },
	{ .name = "850", .iconv_name = "CP850", .dos = true },
	{ .name = "1252", .iconv_name = "CP1252" },
};

static struct page *page;	/* of the current message */

static uint64_t current;	/* the number of the message */

static int
write_fd(void *arg, const void *data, size_t len, struct error *err)
{
	return fs_write_all(*(int *)arg, data, len, err);
}

/* What iconv makes of each byte of the page's upper half. */
static void
fill_page(struct page *p)
{
	iconv_t cd = iconv_open("UTF-8", p->iconv_name);
	struct error err = ERROR_INIT;

	assert_true(cd != (iconv_t)-1);
	for (int c = 0x80; c < 0x100; c++) {
		char byte = (char)c, *in = &byte, *out = p->high[c - 0x80];
		size_t left = 1, room = 4;

		iconv(cd, NULL, NULL, NULL, NULL);
		if (iconv(cd, &in, &left, &out, &room) == (size_t)-1)
			strcpy(p->high[c - 0x80], "\uFFFD");
	}
	iconv_close(cd);
	p->charset = charset_new(p->name, &err);
	if (!p->charset)
		fail_msg("%s", err.text);
}

/* Bytes of the page as UTF-8. Glyphs of control bytes are tested elsewhere. */
static void
expect_utf8(const char *data, size_t len, struct str *out)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c >= 0x80)
			str_add(out, page->high[c - 0x80]);
		else if ((c >= ' ' && c < 0x7F) || strchr("\t\r\n", c + !c))
			str_add_char(out, (char)c);
		else
			charset_to_utf8(page->charset, data + i, 1, out);
	}
}

/* CR LF as LF, a last line ended. */
static void
expect_text(const struct message_memory *m, struct str *out)
{
	struct str raw = STR_INIT;

	expect_utf8(m->data, m->len, &raw);
	for (size_t i = 0; i < raw.len; i++)
		if (raw.data[i] != '\r' || raw.data[i + 1] != '\n')
			str_add_char(out, raw.data[i]);
	if (out->len && out->data[out->len - 1] != '\n')
		str_add_char(out, '\n');
	str_release(&raw);
}

/* Base64 has the line ends of the wire (RFC 2045 6.8). */
static void
put_crs(struct str *text)
{
	struct str lf = *text;

	str_init(text);
	for (size_t i = 0; i < lf.len; i++) {
		if (lf.data[i] == '\n' && (i == 0 || lf.data[i - 1] != '\r'))
			str_add_char(text, '\r');
		str_add_char(text, lf.data[i]);
	}
	str_release(&lf);
}

static GByteArray *
content_of(GMimeObject *part)
{
	GMimeDataWrapper *w = g_mime_part_get_content(GMIME_PART(part));
	GMimeStream *mem = g_mime_stream_mem_new();
	GByteArray *got;

	assert_true(g_mime_data_wrapper_write_to_stream(w, mem) >= 0);
	got = g_byte_array_ref(g_mime_stream_mem_get_byte_array(
		GMIME_STREAM_MEM(mem)));
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(mem), FALSE);
	g_object_unref(mem);
	return got;
}

/* Text of an item, and its title as description; the text's bytes go to
 * want. */
static const char *
expect_text_part(const struct sample *s, size_t i, GMimePart *part,
	size_t got, struct str *want)
{
	const char *disposition = g_mime_object_get_disposition(
		GMIME_OBJECT(part));

	assert_non_null(disposition);
	assert_string_equal(disposition, "inline");
	expect_text(&s->memories[i], want);
	if (g_mime_part_get_content_encoding(part) ==
	    GMIME_CONTENT_ENCODING_BASE64)
		put_crs(want);
	/* In front of a boundary a line end belongs to that. */
	if (got + 1 == want->len)
		str_truncate(want, got);
	return g_mime_part_get_content_description(part);
}

static const char *
expect_file_part(const struct sample *s, size_t i, GMimePart *part,
	struct str *want)
{
	const char *date = g_mime_object_get_content_disposition_parameter(
		GMIME_OBJECT(part), "modification-date");
	GDateTime *at;

	str_add_bytes(want, s->memories[i].data, s->memories[i].len);
	assert_int_equal(date != NULL, s->dated[i]);
	if (date) {
		at = g_mime_utils_header_decode_date(date);
		assert_non_null(at);
		assert_int_equal(g_date_time_to_unix(at), FILE_AT);
		g_date_time_unref(at);
	}
	return g_mime_part_get_filename(part);
}

static void
same_part(const struct sample *s, size_t i, GMimePart *part)
{
	struct str want = STR_INIT, title = STR_INIT;
	const struct message_bytes *t = &s->items[i].title;
	GByteArray *got = content_of(GMIME_OBJECT(part));
	size_t len = t->len - (s->dated[i] ? strlen(FILE_DATE) : 0);
	const char *name = s->items[i].kind == MESSAGE_ITEM_TEXT ?
		expect_text_part(s, i, part, got->len, &want) :
		expect_file_part(s, i, part, &want);

	expect_utf8(t->data, len, &title);
	assert_non_null(name);
	assert_string_equal(name, title.data);
	assert_int_equal(got->len, want.len);
	if (want.len)
		assert_memory_equal(got->data, want.data, want.len);
	g_byte_array_unref(got);
	str_release(&want);
	str_release(&title);
}

/* Name and address of `Last, First at HUB`. */
static void
same_name(InternetAddressList *list, int index,
	const struct message_bytes *value)
{
	InternetAddress *a = internet_address_list_get_address(list, index);
	struct str user = STR_INIT, local = STR_INIT;
	const char *address;

	assert_non_null(a);
	expect_utf8(value->data, value->len - strlen(" at HUB"), &user);
	assert_string_equal(internet_address_get_name(a), user.data);
	postoffice_add_local_part(user.data, &local);
	str_add(&local, "@hub.invalid");
	address = internet_address_mailbox_get_addr(
		INTERNET_ADDRESS_MAILBOX(a));
	assert_string_equal(address, local.data);
	str_release(&user);
	str_release(&local);
}

static void
same_mail(const struct sample *s, int fd)
{
	GMimeStream *stream = g_mime_stream_fs_new_with_bounds(fd, 0, -1);
	GMimeParser *parser;
	GMimeMessage *mail;
	GMimeObject *body;
	struct str line = STR_INIT;

	g_mime_stream_reset(stream);
	parser = g_mime_parser_new_with_stream(stream);
	mail = g_mime_parser_construct_message(parser, NULL);
	assert_non_null(mail);
	expect_utf8(s->subject, strlen(s->subject), &line);
	assert_string_equal(g_mime_message_get_subject(mail), line.data);
	assert_int_equal(g_date_time_to_unix(g_mime_message_get_date(mail)),
		MAIL_AT);
	same_name(g_mime_message_get_from(mail), 0, &s->headers[0].value);
	assert_int_equal(internet_address_list_length(
		g_mime_message_get_to(mail)), s->to_count);
	for (size_t i = 0; i < s->to_count; i++)
		same_name(g_mime_message_get_to(mail), (int)i,
			&s->headers[2 + i].value);
	body = g_mime_message_get_mime_part(mail);
	if (GMIME_IS_MULTIPART(body)) {
		assert_int_equal(g_mime_multipart_get_count(
			GMIME_MULTIPART(body)), s->out.item_count);
		for (size_t i = 0; i < s->out.item_count; i++)
			same_part(s, i, GMIME_PART(g_mime_multipart_get_part(
				GMIME_MULTIPART(body), (int)i)));
	} else {
		assert_int_equal(s->out.item_count, 1);
		same_part(s, 0, GMIME_PART(body));
	}
	str_release(&line);
	g_object_unref(mail);
	g_object_unref(parser);
	g_object_unref(stream);
}

static void
one_trip(const struct postoffice *po, uint64_t seed)
{
	int ccm = memfd_create("ccm", MFD_CLOEXEC);
	int eml = memfd_create("eml", MFD_CLOEXEC);
	struct deliver_job job = { .po = po, .charset = page->charset, .source_fd = ccm,
		.temp_dirfd = AT_FDCWD, .id = "trip-1.1" };
	struct error err = ERROR_INIT;
	struct message_source source = fd_source(&ccm, 0);
	struct message_reader *reader;
	struct message m;
	struct sample s;

	trip_make(&s, seed, current, page->dos);
	if (message_write(&s.out, write_fd, &ccm, &err) < 0)
		fail_msg("%s", err.text);
	source.size = lseek(ccm, 0, SEEK_END);
	reader = message_reader_new(&source, NULL);
	message_init(&m);
	assert_int_equal(message_reader_next(reader, &m, &err), 1);
	assert_int_equal(m.verdict, MESSAGE_WHOLE);
	assert_int_equal(m.recipient_count, s.to_count);
	assert_int_equal(m.item_count, s.out.item_count);
	if (deliver_write(&job, &m, eml, &err) < 0)
		fail_msg("%s", err.text);
	same_mail(&s, eml);		/* closes eml */
	message_release(&m);
	message_reader_free(reader);
	trip_free(&s);
	close(ccm);
}

static uint64_t
number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static void
round_trips(void **state)
{
	uint64_t count = number_from("MESSAGES", 200);
	uint64_t first = number_from("FIRST", 0);
	uint64_t seed = number_from("SEED", 1);
	struct postoffice *po = postoffice_new("HUB");

	(void)state;
	g_mime_init();			/* delivery may not have needed it */
	for (size_t i = 0; i < COUNT(pages); i++)
		fill_page(&pages[i]);
	for (uint64_t i = first; i < first + count; i++) {
		current = i;
		page = &pages[i % COUNT(pages)];
		one_trip(po, seed);
	}
	for (size_t i = 0; i < COUNT(pages); i++)
		charset_free(pages[i].charset);
	postoffice_free(po);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trips) };
	int rc;

	setenv("TZ", "UTC", 1);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	if (rc)
		printf("# to see it again: FIRST=%llu MESSAGES=1\n",
			(unsigned long long)current);
	fflush(stdout);
	return rc;
}
