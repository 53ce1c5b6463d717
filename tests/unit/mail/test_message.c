/* SPDX-License-Identifier: ISC */
/* Tests of message: constructs and defects, one table. */
#include "unit/unit.h"
#include "mail/message.h"
#include "message_cases.h"
#include "mail/message_hex.h"
#include "unit/mail/source.h"

static const char header_letters[] = "FDTCBSR?*-";

static void
add_escaped(struct str *s, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\r')
			str_add(s, "\\r");
		else if (p[i] == '\n')
			str_add(s, "\\n");
		else if ((unsigned char)p[i] < 0x20)
			str_addf(s, "\\x%02x", p[i]);
		else
			str_add_char(s, p[i]);
	}
}

static const char *
defect_name(enum message_defect_kind kind)
{
	static const char *const names[] = {
#define X(name, verdict, words) [name] = #name,
		MESSAGE_DEFECT_LIST(X)
#undef X
	};

	return names[kind] + strlen("MESSAGE_DEFECT_");
}

static void
add_items(struct str *s, const struct message *m, const char *in)
{
	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];

		str_addf(s, " %s%s\"", message_item_word(item->kind),
			item->is_history ? "(history)" :
			item->encoding == MESSAGE_ENCODING_HEX ? "(hex)" :
			item->encoding == MESSAGE_ENCODING_MACBINARY ? "(mac)" :
			"");
		add_escaped(s, item->title.data, item->title.len);
		str_add(s, "\"");
		add_escaped(s, in + item->body.offset,
			(size_t)item->body.length);
	}
}

static void
sketch(struct str *s, const char *in, const struct message *m)
{
	if (s->len)
		str_add(s, " + ");
	str_addf(s, "%s %s%s", message_form_word(m->form),
		message_verdict_word(m->verdict), m->torn ? " torn" : "");
	for (size_t i = 0; i < m->header_count; i++)
		str_addf(s, "%s%c", i ? "" : " ",
			header_letters[m->headers[i].kind]);
	add_items(s, m, in);
	for (size_t i = 0; i < m->defect_count; i++)
		str_addf(s, " %s", defect_name(m->defects[i].kind));
}

static void
table(void **state)
{
	struct str s = STR_INIT;
	bool good = true;
	struct message m;

	(void)state;
	message_init(&m);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err = ERROR_INIT;
		struct test_source t;
		struct message_source src = test_source(&t, cases[i].in,
			cases[i].len);
		struct message_reader *r = message_reader_new(&src, NULL);

		str_clear(&s);
		while (message_reader_next(r, &m, &err) > 0)
			sketch(&s, cases[i].in, &m);
		message_reader_free(r);
		if (strcmp(s.data, cases[i].out) == 0)
			continue;
		print_message("# %s:\n#  %s\n#  %s\n", cases[i].name, s.data,
			cases[i].out);
		good = false;
	}
	message_release(&m);
	str_release(&s);
	assert_true(good);
}

/* Reads the one message of a text. */
static void
read_one(const char *in, size_t len, const struct message_options *options,
	struct message *m)
{
	struct message_memory memory = { in, len };
	struct message_source src = message_source_memory(&memory);
	struct message_reader *r = message_reader_new(&src, options);
	struct error err = ERROR_INIT;

	message_init(m);
	assert_int_equal(message_reader_next(r, m, &err), 1);
	message_reader_free(r);
}

static void
assert_bytes(struct message_bytes b, const char *text)
{
	assert_int_equal(b.len, strlen(text));
	assert_memory_equal(b.data, text, b.len);
}

static void
values_and_places(void **state)
{
	static const char in[] = "Message:\r\n"
		"FROM:  Doe, Jane at DEMO \r\n"
		"Subject:\r\n"
		"To: a at B\r\ncc: c at D\r\nbcc: e at F\r\nRRT: yes\r\n"
		"Contents:\r\n"
		"File item:  Abc.wk4 5/6/97 3:10PM\r\nx\r\n";
	const struct message_header *h;
	struct message m;

	(void)state;
	read_one(in, strlen(in), NULL, &m);
	assert_bytes(m.from->keyword, "FROM");
	assert_bytes(m.from->value, "Doe, Jane at DEMO");
	assert_int_equal(m.from->offset, 10);
	assert_int_equal(m.from->length, 27);
	assert_bytes(m.subject->value, "");
	assert_null(m.date);
	assert_non_null(m.receipt);
	assert_int_equal(m.recipient_count, 3);
	h = message_recipient(&m, NULL);
	assert_bytes(h->value, "a at B");
	h = message_recipient(&m, h);
	assert_int_equal(h->kind, MESSAGE_HEADER_CC);
	h = message_recipient(&m, h);
	assert_int_equal(h->kind, MESSAGE_HEADER_BCC);
	assert_null(message_recipient(&m, h));
	assert_bytes(m.items[0].name, "Abc.wk4");
	assert_true(m.items[0].has_date);
	assert_int_equal(m.items[0].date.hour, 15);
	assert_int_equal(m.items[0].body.length, 3);
	assert_memory_equal(in + m.items[0].line.offset, "File", 4);
	assert_int_equal(m.items[0].line.offset + m.items[0].line.length,
		m.items[0].body.offset);
	assert_int_equal(m.range.length, strlen(in));
	message_release(&m);
}

static void
nul_in_a_header(void **state)
{
	static const char in[] = "Message:\r\nFrom: a\0b\r\nTo: c\r\nDate: x\r\n"
		"Contents:\r\nText item:\r\n\0\r\n";
	struct message m;

	(void)state;
	read_one(in, sizeof in - 1, NULL, &m);
	assert_int_equal(m.verdict, MESSAGE_WHOLE);
	assert_int_equal(m.from->value.len, 3);
	assert_int_equal(m.defects[0].kind, MESSAGE_DEFECT_NUL);
	assert_int_equal(m.defects[0].offset, 10);
	message_release(&m);
}

#define HEX_HEAD "Message:\r\nFrom: a\r\nTo: c\r\nDate: x\r\nContents:\r\n"

static void
hex_files(void **state)
{
	static const char in[] = HEX_HEAD "File item: a.bin\r\n4d 5A\r\n00ff\r\n"
		"File item: b.txt\r\nhello\r\nText item:\r\n4d\r\n"
		"File item: empty\r\n";
	const struct message_options options = { .hex_files = true };
	struct message_hex h = { 0 };
	struct message m;
	uint8_t out[16];
	size_t n;

	(void)state;
	read_one(in, strlen(in), NULL, &m);
	assert_int_equal(m.items[0].encoding, MESSAGE_ENCODING_RAW);
	message_release(&m);
	read_one(in, strlen(in), &options, &m);
	assert_int_equal(m.items[0].encoding, MESSAGE_ENCODING_HEX);
	assert_int_equal(m.items[1].encoding, MESSAGE_ENCODING_RAW);
	assert_int_equal(m.items[2].encoding, MESSAGE_ENCODING_RAW);
	assert_int_equal(m.items[3].encoding, MESSAGE_ENCODING_RAW);
	assert_int_equal(m.defect_count, 1);
	assert_int_equal(m.defects[0].kind, MESSAGE_DEFECT_NOT_HEX);
	n = message_hex_decode(&h, in + m.items[0].body.offset, 4, out);
	n += message_hex_decode(&h, in + m.items[0].body.offset + 4,
		(size_t)m.items[0].body.length - 4, out + n);
	assert_int_equal(n, 4);
	assert_memory_equal(out, "MZ\0\xff", 4);
	assert_true(message_hex_end(&h));
	message_hex_decode(&h, "4", 1, out);
	assert_false(message_hex_end(&h));
	message_hex_decode(&h, "x", 1, out);
	assert_true(h.bad);
	message_release(&m);
}

/* Hex text is what is hex to its end, however it begins. */
static void
hex_to_the_end(void **state)
{
	static const struct {
		const char *tail;
		enum message_encoding encoding;
	} tails[] = {
		{ "", MESSAGE_ENCODING_HEX },
		{ "00 FF", MESSAGE_ENCODING_HEX },
		{ "0", MESSAGE_ENCODING_RAW },
		{ "0G", MESSAGE_ENCODING_RAW },
		{ "and a word", MESSAGE_ENCODING_RAW },
	};
	const struct message_options options = { .hex_files = true };

	(void)state;
	for (size_t i = 0; i < COUNT(tails); i++) {
		struct str s = STR_INIT;
		struct message m;

		str_add(&s, HEX_HEAD "File item: a.bin\r\n");
		while (s.len < 100000)
			str_add(&s, "0123456789abcdef\r\n");
		str_addf(&s, "%s\r\nText item:\r\nx\r\n", tails[i].tail);
		read_one(s.data, s.len, &options, &m);
		assert_int_equal(m.items[0].encoding, tails[i].encoding);
		assert_int_equal(m.item_count, 2);
		assert_int_equal(m.defect_count,
			tails[i].encoding == MESSAGE_ENCODING_RAW);
		message_release(&m);
		str_release(&s);
	}
}

/* A MacBinary II file: header, data fork, resource fork. */
static void
add_mac(struct str *s, size_t data, size_t resource)
{
	uint8_t h[128] = { 0, 4, 'N', 'o', 't', 'e' };
	unsigned crc = 0;

	h[83 + 2] = (uint8_t)(data >> 8);
	h[83 + 3] = (uint8_t)data;
	h[87 + 2] = (uint8_t)(resource >> 8);
	h[87 + 3] = (uint8_t)resource;
	for (int i = 0; i < 124; i++) {
		crc ^= (unsigned)h[i] << 8;
		for (int b = 0; b < 8; b++)
			crc = crc << 1 ^ (crc & 0x8000 ? 0x11021 : 0);
	}
	h[124] = (uint8_t)(crc >> 8);
	h[125] = (uint8_t)crc;
	str_add_bytes(s, h, 128);
	for (size_t i = 0; i < (data + 127) / 128 * 128; i++)
		str_add_char(s, 'd');
	for (size_t i = 0; i < (resource + 127) / 128 * 128; i++)
		str_add_char(s, 'r');
}

static void
mac_binary(void **state)
{
	struct str s = STR_INIT;
	struct message m;
	size_t start;

	(void)state;
	str_add(&s, HEX_HEAD "File item: Note\r\n");
	start = s.len;
	add_mac(&s, 300, 10);
	read_one(s.data, s.len, NULL, &m);
	assert_int_equal(m.items[0].encoding, MESSAGE_ENCODING_MACBINARY);
	assert_int_equal(m.items[0].data_fork.offset, start + 128);
	assert_int_equal(m.items[0].data_fork.length, 300);
	assert_int_equal(m.items[0].resource_fork.offset, start + 128 + 384);
	assert_int_equal(m.items[0].resource_fork.length, 10);
	message_release(&m);
	read_one(s.data, s.len - 120, NULL, &m);	/* a fork cut off */
	assert_int_equal(m.items[0].encoding, MESSAGE_ENCODING_RAW);
	message_release(&m);
	str_add(&s, "more");				/* bytes behind it */
	read_one(s.data, s.len, NULL, &m);
	assert_int_equal(m.items[0].encoding, MESSAGE_ENCODING_RAW);
	message_release(&m);
	s.len -= 4;
	s.data[start + 5] ^= 1;				/* a wrong sum */
	read_one(s.data, s.len, NULL, &m);
	assert_int_equal(m.items[0].encoding, MESSAGE_ENCODING_RAW);
	assert_int_equal(m.items[0].data_fork.length, 0);
	message_release(&m);
	str_release(&s);
}

static void
failures(void **state)
{
	static const char in[] = HEX_HEAD "Text item:\r\nHello\r\n";
	struct error err = ERROR_INIT;
	struct test_source t;
	struct message_source src = test_source(&t, in, strlen(in));
	struct message_reader *r;
	struct message m;

	(void)state;
	message_init(&m);
	t.fail_at = 30;
	r = message_reader_new(&src, NULL);
	assert_int_equal(message_reader_next(r, &m, &err), -1);
	assert_string_equal(err.text, "read: as ordered");
	assert_int_equal(m.header_count, 0);
	assert_int_equal(message_reader_next(r, &m, &err), -1);
	message_reader_free(r);
	t.fail_at = -1;
	t.len = 45;			/* shorter than its size says */
	r = message_reader_new(&src, NULL);
	assert_int_equal(message_reader_next(r, &m, &err), 1);
	assert_true(m.torn);
	assert_int_equal(m.range.length, 45);
	assert_int_equal(message_reader_next(r, &m, &err), 0);
	assert_int_equal(message_reader_next(r, &m, &err), 0);
	message_reader_free(r);
	message_release(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(values_and_places),
		cmocka_unit_test(nul_in_a_header),
		cmocka_unit_test(hex_files),
		cmocka_unit_test(hex_to_the_end),
		cmocka_unit_test(mac_binary),
		cmocka_unit_test(failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
