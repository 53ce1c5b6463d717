/* SPDX-License-Identifier: ISC */
/*
 * Tests of message_writer: what it writes is read back as the same message.
 * A generator with a seed makes messages; MESSAGES says how many (200).
 */
#include "unit/unit.h"
#include "mail/message_writer.h"
#include "unit/mail/source.h"

#include <stdio.h>
#include <stdlib.h>

#define HEADERS 40
#define ITEMS 12
#define SEED 20261123

static uint64_t seed;

/* xorshift64*: from 0 to n - 1. */
static unsigned
some(unsigned n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned)((seed * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % n;
}

/* One made-up message; the strings behind it. */
struct made {
	struct message_out out;
	struct message_out_header headers[HEADERS];
	struct message_out_item items[ITEMS];
	struct message_source sources[ITEMS];
	struct message_memory memory[ITEMS];
	struct str texts[HEADERS + 2 * ITEMS];
	size_t text_count;
};

static struct str *
new_text(struct made *m)
{
	struct str *s = &m->texts[m->text_count++];

	str_init(s);
	return s;
}

/* One line of any bytes but line ends and NUL, no blanks around it. */
static struct message_bytes
make_line(struct made *m, unsigned max)
{
	struct str *s = new_text(m);
	unsigned len = some(3) ? some(max < 40 ? max : 40) : some(max);

	for (unsigned i = 0; i < len; i++) {
		unsigned c = 1 + some(255);
		bool edge = i == 0 || i == len - 1;

		if (c == '\r' || c == '\n' || (edge && (c == ' ' || c == '\t')))
			c = ':';
		str_add_char(s, (char)c);
	}
	return (struct message_bytes){ s->data, s->len };
}

/* Whole pieces that are dangerous in the wrong place, and any bytes. */
static void
make_body(struct made *m, struct str *s)
{
	static const char *const pieces[] = {
		"\r\n", "\n", "\r", "Contents:", "12          \r\n",
		"From: a at B", "\x1a", "*** x ***", "            ",
		" Message: and Text item: ", "\r\nMessage: not\r\n",
		/* From here on plain bodies are refused. */
		"Text item:", "File item: x 1/1/98", "Message:",
		"\r\nText item: t\r\n", "\r\nMessage:\r\n",
		"xMessage:\r\n34\r\n",
	};
	bool safe = m->out.form == MESSAGE_PLAIN && some(20);
	unsigned most = safe ? 11 : COUNT(pieces);
	unsigned n = some(60);

	for (unsigned i = 0; i < n; i++) {
		if (some(3) == 0)
			str_add(s, pieces[some(most)]);
		else
			str_add_char(s, (char)some(256));
		if (some(400) == 0)
			while (s->len < 300000)
				str_add_char(s, (char)some(256));
	}
	if (m->out.form == MESSAGE_PLAIN && (s->len < 2 ||
	     memcmp(s->data + s->len - 2, "\r\n", 2) != 0))
		str_add(s, "\r\n");	/* else the writer adds it */
}

static void
make(struct made *m)
{
	static const char *const words[] = {
		"From", "Date", "To", "cc", "bcc", "Subject", "RRT", "X-Other",
	};

	memset(m, 0, sizeof *m);
	m->out.form = some(3) ? MESSAGE_COUNTED : MESSAGE_PLAIN;
	m->out.headers = m->headers;
	m->out.items = m->items;
	m->out.header_count = 3 + some(HEADERS - 3);
	m->out.item_count = 1 + some(ITEMS - 1);
	for (size_t i = 0; i < m->out.header_count; i++) {
		/* From, Date and To once, then what may repeat. */
		unsigned w = i < 3 ? (unsigned)i : 2 + some(3);

		if (i == 3)
			w = 5 + some(3);
		m->headers[i].keyword = words[w];
		m->headers[i].value = make_line(m, 3000);
	}
	for (size_t i = 0; i < m->out.item_count; i++) {
		struct str *body = new_text(m);

		make_body(m, body);
		m->memory[i] = (struct message_memory){ body->data, body->len };
		m->sources[i] = message_source_memory(&m->memory[i]);
		m->items[i].kind = (enum message_item_kind)some(3);
		m->items[i].title = make_line(m, MESSAGE_TITLE_MAX);
		m->items[i].body = &m->sources[i];
		m->items[i].range.length = (int64_t)body->len;
	}
}

static void
release(struct made *m)
{
	for (size_t i = 0; i < m->text_count; i++)
		str_release(&m->texts[i]);
}

static void
assert_same_bytes(struct message_bytes a, struct message_bytes b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
}

static void
assert_same(const struct made *made, const struct message *m,
	const struct str *text)
{
	assert_int_equal(m->verdict, MESSAGE_WHOLE);
	assert_int_equal(m->form, made->out.form);
	assert_false(m->torn);
	assert_int_equal(m->header_count, made->out.header_count);
	for (size_t i = 0; i < m->header_count; i++) {
		assert_same_bytes(m->headers[i].value, made->headers[i].value);
		assert_int_equal(m->headers[i].keyword.len,
			strlen(made->headers[i].keyword));
	}
	assert_int_equal(m->item_count, made->out.item_count);
	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];

		assert_int_equal(item->kind, made->items[i].kind);
		assert_same_bytes(item->title, made->items[i].title);
		assert_same_bytes((struct message_bytes){
			text->data + item->body.offset,
			(size_t)item->body.length },
			(struct message_bytes){ made->memory[i].data,
			made->memory[i].len });
	}
}

/* Writes one to three messages and reads them again. How many the plain form
 * refused, because a keyword stood in a body. */
static int
round_trip(void)
{
	unsigned n = 1 + some(3), written = 0;
	struct made *made = calloc(n, sizeof *made);
	struct str text = STR_INIT;
	struct error err = ERROR_INIT;
	struct message_memory memory;
	struct message_source src;
	struct message_reader *r;
	struct message m;

	for (unsigned i = 0; i < n; i++) {
		size_t before = text.len;

		make(&made[written]);
		if (message_write(&made[written].out, test_sink, &text,
				&err) == 0) {
			written++;
			continue;
		}
		assert_int_equal(made[written].out.form, MESSAGE_PLAIN);
		assert_int_equal(err.code, ERROR_INVALID);
		assert_int_equal(text.len, before);
		release(&made[written]);
	}
	memory = (struct message_memory){ text.data, text.len };
	src = message_source_memory(&memory);
	message_init(&m);
	r = message_reader_new(&src, NULL);
	for (unsigned i = 0; i < written; i++) {
		assert_int_equal(message_reader_next(r, &m, &err), 1);
		assert_same(&made[i], &m, &text);
		release(&made[i]);
	}
	assert_int_equal(message_reader_next(r, &m, &err), 0);
	message_reader_free(r);
	message_release(&m);
	str_release(&text);
	free(made);
	return (int)(n - written);
}

static void
round_trips(void **state)
{
	const char *many = getenv("MESSAGES");
	int n = many ? atoi(many) : 200, refused = 0;

	(void)state;
	for (int i = 0; i < n; i++) {
		seed = SEED + (uint64_t)i;
		if (many && i % 1000 == 0)
			print_message("# seed %d\n", i);
		refused += round_trip();
	}
	print_message("# %d files, %d plain messages refused\n", n, refused);
	assert_true(refused < n);
}

static void
layout(void **state)
{
	static const struct message_memory body = { "Hello", 5 };
	const struct message_source src = message_source_memory(&body);
	const struct message_out_header headers[] = {
		{ "From", { "a at B", 6 } }, { "Subject", { " ", 1 } },
	};
	const struct message_out_item items[] = {
		{ MESSAGE_ITEM_FILE, { " x 1/1/98", 9 }, &src, { 0, 5 } },
		{ MESSAGE_ITEM_TEXT, { "", 0 }, &src, { 1, 2 } },
	};
	struct message_out m = { MESSAGE_COUNTED, headers, 2, items, 2 };
	struct error err = ERROR_INIT;
	struct str s = STR_INIT;

	(void)state;
	assert_int_equal(message_write(&m, test_sink, &s, &err), 0);
	assert_string_equal(s.data, "Message:\r\n117         \r\n"
		"From: a at B\r\nSubject:\r\nContents:\r\n68          \r\n"
		"File item: x 1/1/98\r\n5           \r\nHello"
		"Text item:\r\n2           \r\nel");
	str_clear(&s);
	m.form = MESSAGE_PLAIN;
	assert_int_equal(message_write(&m, test_sink, &s, &err), 0);
	assert_string_equal(s.data, "Message:\r\nFrom: a at B\r\nSubject:\r\n"
		"Contents:\r\nFile item: x 1/1/98\r\nHello\r\n"
		"Text item:\r\nel\r\n");
	str_release(&s);
}

/* Each of these is refused, and nothing is written. */
static void
refused(void **state)
{
	static const struct message_memory body = {
		"a\r\nText item: b\n", 16 };
	const struct message_source src = message_source_memory(&body);
	static const char longer[MESSAGE_TITLE_MAX + 1] = "x";
	const struct {
		const char *keyword;
		struct message_bytes value, title;
		enum message_item_kind kind;
		struct message_range range;
	} cases[] = {
		{ "", { "", 0 }, { "", 0 }, 0, { 0, 1 } },
		{ "Message", { "", 0 }, { "", 0 }, 0, { 0, 1 } },
		{ "contents", { "", 0 }, { "", 0 }, 0, { 0, 1 } },
		{ "a b", { "", 0 }, { "", 0 }, 0, { 0, 1 } },
		{ "a:", { "", 0 }, { "", 0 }, 0, { 0, 1 } },
		{ "1", { "", 0 }, { "", 0 }, 0, { 0, 1 } },
		{ "To", { "a\nb", 3 }, { "", 0 }, 0, { 0, 1 } },
		{ "To", { "a\rb", 3 }, { "", 0 }, 0, { 0, 1 } },
		{ "To", { "a\0b", 3 }, { "", 0 }, 0, { 0, 1 } },
		{ "To", { "", 0 }, { "\n", 1 }, 0, { 0, 1 } },
		{ "To", { "", 0 }, { longer, sizeof longer }, 0, { 0, 1 } },
		{ "To", { "", 0 }, { "", 0 }, MESSAGE_ITEM_OTHER, { 0, 1 } },
		{ "To", { "", 0 }, { "", 0 }, 0, { 0, 16 } },
		{ "To", { "", 0 }, { "", 0 }, 0, { 0, 17 } },
		{ "To", { "", 0 }, { "", 0 }, 0, { 17, 0 } },
		{ "To", { "", 0 }, { "", 0 }, 0, { -1, 2 } },
		{ "To", { "", 0 }, { "", 0 }, 0, { 1, INT64_MAX } },
	};
	struct error err = ERROR_INIT;
	struct str s = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct message_out_header header = { cases[i].keyword,
			cases[i].value };
		struct message_out_item item = { cases[i].kind, cases[i].title,
			&src, cases[i].range };
		struct message_out m = { MESSAGE_PLAIN, &header, 1, &item, 1 };

		assert_int_equal(message_write(&m, test_sink, &s, &err), -1);
		assert_int_equal(err.code, ERROR_INVALID);
		assert_int_equal(s.len, 0);
	}
	str_release(&s);
}

static int
full_sink(void *arg, const void *bytes, size_t len, struct error *err)
{
	(void)arg;
	(void)bytes;
	(void)len;
	return error_set(err, ERROR_SYSTEM, "write: full");
}

static void
failures(void **state)
{
	struct test_source t;
	struct message_source src = test_source(&t, "Hello", 5);
	struct message_out_header header = { "To", { "x", 1 } };
	struct message_out_item item = { MESSAGE_ITEM_TEXT, { "", 0 }, &src,
		{ 0, 5 } };
	struct message_out m = { MESSAGE_COUNTED, &header, 1, &item, 1 };
	struct error err = ERROR_INIT;
	struct str s = STR_INIT;

	(void)state;
	assert_int_equal(message_write(&m, full_sink, NULL, &err), -1);
	assert_string_equal(err.text, "write: full");
	t.fail_at = 2;
	assert_int_equal(message_write(&m, test_sink, &s, &err), -1);
	assert_string_equal(err.text, "read: as ordered");
	t.fail_at = -1;
	t.len = 3;		/* shorter than it was */
	assert_int_equal(message_write(&m, test_sink, &s, &err), -1);
	assert_int_equal(err.code, ERROR_INVALID);
	str_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout),
		cmocka_unit_test(refused),
		cmocka_unit_test(failures),
		cmocka_unit_test(round_trips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
