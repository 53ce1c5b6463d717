/*
 * Round trip: a message made at random, written as .ccm, read, converted, and
 * read back by GMime is the same: subject, sender, recipients, texts and
 * attachments, byte for byte. MESSAGES=10000 for a long run, SEED=N for
 * another; what fails says its number, and SEED and FIRST repeat it.
 */
#include "../unit/unit.h"
#include "deliver.h"
#include "fsutil.h"
#include "message_writer.h"
#include "xalloc.h"

#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ITEMS_MAX 6
#define TO_MAX 5

struct sample {
	struct message_out out;
	struct message_out_header headers[TO_MAX + 4];
	struct message_out_item items[ITEMS_MAX];
	struct message_source sources[ITEMS_MAX];
	struct message_memory memories[ITEMS_MAX];
	char *bodies[ITEMS_MAX];
	char *strings[TO_MAX + 4 + ITEMS_MAX];
	size_t string_count;
	char *subject;		/* CP437 */
	size_t to_count;
};

static uint64_t state_of_chance;
static uint64_t current;	/* the number of the message */

static unsigned
chance(unsigned below)
{
	/* splitmix64: any seed is a good one */
	uint64_t z = (state_of_chance += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (unsigned)((z ^ (z >> 31)) % below);
}

/* Printable CP437 without what has a meaning in addresses and titles. */
static char *
make_words(struct sample *s, unsigned most)
{
	unsigned len = 1 + chance(most);
	char *text = xmalloc(len + 1);

	for (unsigned i = 0; i < len; i++) {
		unsigned c = chance(8) ? 'a' + chance(26) : 0x80 + chance(0x7F);

		if (i && i + 1 < len && text[i - 1] != ' ' && chance(6) == 0)
			c = ' ';
		text[i] = (char)c;
	}
	text[len] = '\0';
	return s->strings[s->string_count++] = text;
}

static char *
make_address(struct sample *s)
{
	char *last = make_words(s, 12), *first = make_words(s, 12);
	char *text = xasprintf("%s, %s at HUB", last, first);

	/* The two parts are not needed any more. */
	free(last);
	free(first);
	s->string_count -= 2;
	return s->strings[s->string_count++] = text;
}

static char *
make_body(bool text, size_t *len_out)
{
	size_t len = chance(5) == 0 ? chance(200000) : chance(2000);
	char *body = xmalloc(len + 1);

	for (size_t i = 0; i < len; i++) {
		if (!text)
			body[i] = (char)chance(256);
		else if (chance(40) == 0 && i + 1 < len) {
			body[i++] = '\r';
			body[i] = '\n';
		} else
			body[i] = (char)(chance(12) ? ' ' + chance(95) :
				0x80 + chance(128));
	}
	*len_out = len;
	return body;
}

static struct message_bytes
bytes(const char *text)
{
	return (struct message_bytes){ text, strlen(text) };
}

static void
add_header(struct sample *s, const char *keyword, const char *value)
{
	s->headers[s->out.header_count++] = (struct message_out_header){
		keyword, bytes(value) };
}

static void
make_item(struct sample *s, size_t i)
{
	struct message_out_item *item = &s->items[i];
	bool text = i == 0 || chance(2);
	size_t len;

	s->bodies[i] = make_body(text, &len);
	s->memories[i] = (struct message_memory){ s->bodies[i], len };
	s->sources[i] = message_source_memory(&s->memories[i]);
	item->kind = text ? MESSAGE_ITEM_TEXT : MESSAGE_ITEM_FILE;
	item->title = bytes(make_words(s, 20));
	item->body = &s->sources[i];
	item->range = (struct message_range){ 0, (int64_t)len };
}

static void
make_sample(struct sample *s)
{
	memset(s, 0, sizeof *s);
	add_header(s, "From", make_address(s));
	add_header(s, "Date", "6/2/98 8:39");
	s->to_count = 1 + chance(TO_MAX);
	for (size_t i = 0; i < s->to_count; i++)
		add_header(s, "To", make_address(s));
	s->subject = make_words(s, 60);
	add_header(s, "Subject", s->subject);
	s->out.item_count = 1 + chance(ITEMS_MAX);
	for (size_t i = 0; i < s->out.item_count; i++)
		make_item(s, i);
	s->out.form = MESSAGE_COUNTED;
	s->out.headers = s->headers;
	s->out.items = s->items;
}

static void
free_sample(struct sample *s)
{
	for (size_t i = 0; i < s->string_count; i++)
		free(s->strings[i]);
	for (size_t i = 0; i < s->out.item_count; i++)
		free(s->bodies[i]);
}

static int
write_fd(void *arg, const void *data, size_t len, struct error *err)
{
	return fs_write_all(*(int *)arg, data, len, err);
}

static int
read_fd(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	ssize_t n = fs_read_at(*(int *)arg, buf, len, offset, err);

	*got_out = n < 0 ? 0 : (size_t)n;
	return n < 0 ? -1 : 0;
}

/* Everything as CP437 in, UTF-8 out; CR LF as LF, a last line ended. */
static void
expect_text(struct charset *cs, const struct message_memory *m, struct str *out)
{
	struct str raw = STR_INIT;

	charset_to_utf8(cs, m->data, m->len, &raw);
	for (size_t i = 0; i < raw.len; i++)
		if (raw.data[i] != '\r' || raw.data[i + 1] != '\n')
			str_add_char(out, raw.data[i]);
	if (out->len && out->data[out->len - 1] != '\n')
		str_add_char(out, '\n');
	str_release(&raw);
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

static void
same_part(struct charset *cs, const struct sample *s, size_t i,
	GMimeObject *part)
{
	struct str want = STR_INIT, title = STR_INIT;
	GByteArray *got = content_of(part);
	size_t len = got->len;
	const char *name;

	deliver_line(cs, &s->items[i].title, &title);
	if (s->items[i].kind == MESSAGE_ITEM_TEXT) {
		expect_text(cs, &s->memories[i], &want);
		name = g_mime_part_get_content_description(GMIME_PART(part));
		/* In front of a boundary a line end belongs to that. */
		if (len + 1 == want.len)
			str_truncate(&want, len);
	} else {
		str_add_bytes(&want, s->memories[i].data, s->memories[i].len);
		name = g_mime_part_get_filename(GMIME_PART(part));
	}
	assert_non_null(name);
	assert_string_equal(name, title.data);
	assert_int_equal(len, want.len);
	assert_memory_equal(got->data, want.data, want.len);
	g_byte_array_unref(got);
	str_release(&want);
	str_release(&title);
}

static void
same_name(struct charset *cs, InternetAddressList *list, int index,
	const struct message_bytes *value)
{
	InternetAddress *a = internet_address_list_get_address(list, index);
	struct str line = STR_INIT, user = STR_INIT, place = STR_INIT;

	deliver_line(cs, value, &line);
	deliver_split_address(line.data, &user, &place);
	assert_string_equal(internet_address_get_name(a), user.data);
	str_release(&line);
	str_release(&user);
	str_release(&place);
}

static void
same_mail(struct charset *cs, const struct sample *s, int fd)
{
	GMimeStream *stream = g_mime_stream_fs_new_with_bounds(fd, 0, -1);
	GMimeParser *parser;
	GMimeMessage *mail;
	GMimeObject *body;
	struct message_bytes subject = bytes(s->subject);
	struct str line = STR_INIT;

	g_mime_stream_reset(stream);
	parser = g_mime_parser_new_with_stream(stream);
	mail = g_mime_parser_construct_message(parser, NULL);
	assert_non_null(mail);
	deliver_line(cs, &subject, &line);
	assert_string_equal(g_mime_message_get_subject(mail), line.data);
	same_name(cs, g_mime_message_get_from(mail), 0, &s->headers[0].value);
	for (size_t i = 0; i < s->to_count; i++)
		same_name(cs, g_mime_message_get_to(mail), (int)i,
			&s->headers[2 + i].value);
	body = g_mime_message_get_mime_part(mail);
	if (GMIME_IS_MULTIPART(body)) {
		assert_int_equal(g_mime_multipart_get_count(
			GMIME_MULTIPART(body)), s->out.item_count);
		for (size_t i = 0; i < s->out.item_count; i++)
			same_part(cs, s, i, g_mime_multipart_get_part(
				GMIME_MULTIPART(body), (int)i));
	} else {
		assert_int_equal(s->out.item_count, 1);
		same_part(cs, s, 0, body);
	}
	str_release(&line);
	g_object_unref(mail);
	g_object_unref(parser);
	g_object_unref(stream);
}

static void
one_trip(struct charset *cs, const struct postoffice *po)
{
	int ccm = memfd_create("ccm", MFD_CLOEXEC);
	int eml = memfd_create("eml", MFD_CLOEXEC);
	struct deliver_job job = { .po = po, .charset = cs, .source_fd = ccm,
		.temp_dirfd = AT_FDCWD, .id = "trip-1.1" };
	struct error err = ERROR_INIT;
	struct message_source source = { read_fd, &ccm, 0 };
	struct message_reader *reader;
	struct message m;
	struct sample s;

	make_sample(&s);
	if (message_write(&s.out, write_fd, &ccm, &err) < 0)
		fail_msg("%s", err.text);
	source.size = lseek(ccm, 0, SEEK_END);
	reader = message_reader_new(&source, NULL);
	message_init(&m);
	assert_int_equal(message_reader_next(reader, &m, &err), 1);
	if (deliver_write(&job, &m, eml, &err) < 0)
		fail_msg("%s", err.text);
	same_mail(cs, &s, eml);		/* closes eml */
	message_release(&m);
	message_reader_free(reader);
	free_sample(&s);
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
	struct error err;
	struct charset *cs = charset_new("437", &err);

	(void)state;
	for (uint64_t i = first; i < first + count; i++) {
		state_of_chance = seed * UINT64_C(1000003) + i;
		current = i;
		one_trip(cs, po);
	}
	charset_free(cs);
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
