/* SPDX-License-Identifier: ISC */
/*
 * Tests of message: whatever comes in, the reader ends, needs little memory,
 * and asks for not much more than is there. Memory is counted by wrapping the
 * allocator, what is asked for by the source.
 */
#include "unit/unit.h"
#include "mail/message.h"
#include "mail/message_scan.h"
#include "base/str.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MB ((size_t)1 << 20)

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

static size_t held, held_peak;

static void *
count(void *p)
{
	held += p ? malloc_usable_size(p) : 0;
	if (held > held_peak)
		held_peak = held;
	return p;
}

void *
__wrap_malloc(size_t size)
{
	return count(__real_malloc(size));
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return count(__real_calloc(n, size));
}

void *
__wrap_realloc(void *p, size_t size)
{
	size_t old = p ? malloc_usable_size(p) : 0;
	void *q;

	/* As if both were there at once: the worst that it may do. */
	held_peak = held + size > held_peak ? held + size : held_peak;
	q = __real_realloc(p, size);
	held -= old;
	return count(q);
}

void
__wrap_free(void *p)
{
	held -= p ? malloc_usable_size(p) : 0;
	__real_free(p);
}

/* Bytes in memory, then `zeros` more that are made up. */
struct flood {
	const char *data;
	int64_t len, zeros;
	const char *tail;
	int64_t asked;
};

static char
byte_at(const struct flood *f, int64_t at)
{
	if (at < f->len)
		return f->data[at];
	at -= f->len;
	return at < f->zeros ? '\0' : f->tail[at - f->zeros];
}

static int
read_flood(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	struct flood *f = arg;
	char *out = buf;

	(void)err;
	for (size_t i = 0; i < len; i++)
		out[i] = byte_at(f, offset + (int64_t)i);
	f->asked += (int64_t)len;
	*got_out = len;
	return 0;
}

struct result {
	int messages;
	size_t items;		/* of the last message */
	size_t memory;
	int verdict;		/* the worst */
	unsigned char kinds[MESSAGE_DEFECT_KINDS];	/* seen */
};

static void
parse(struct flood *f, struct result *out)
{
	struct message_source src = { read_flood, f, f->len + f->zeros +
		(f->tail ? (int64_t)strlen(f->tail) : 0) };
	struct error err = ERROR_INIT;
	struct message_reader *r;
	struct message m;
	int64_t end = 0;
	size_t before;

	memset(out, 0, sizeof *out);
	before = held_peak = held;
	message_init(&m);
	r = message_reader_new(&src, NULL);
	while (message_reader_next(r, &m, &err) == 1) {
		assert_true(m.range.offset >= end);
		end = m.range.offset + m.range.length;
		assert_true(end <= src.size);
		out->messages++;
		if (out->verdict < (int)m.verdict)
			out->verdict = (int)m.verdict;
		out->items = m.item_count;
		for (size_t i = 0; i < m.defect_count; i++)
			out->kinds[m.defects[i].kind] = 1;
	}
	message_reader_free(r);
	message_release(&m);
	out->memory = held_peak - before;
	assert_int_equal(held, before);
}

static void
check(const char *name, const struct str *text, struct result *out)
{
	struct flood f = { .data = text->data, .len = (int64_t)text->len };

	parse(&f, out);
	print_message("# %s: %d messages, %zu KB, %.1f times its bytes\n",
		name, out->messages, out->memory >> 10,
		(double)f.asked / (double)f.len);
	assert_true(out->memory < 4 * MB);
	assert_true(f.asked < 8 * f.len);
}

#define HEAD "Message:\r\nFrom: a at B\r\nTo: c at D\r\nDate: 1/2/98\r\n"

static void
large_attachment(void **state)
{
	struct str s = STR_INIT;
	struct result out;
	struct flood f = { .zeros = INT64_C(2) << 30 };
	char item[80], contents[80];
	int64_t n;

	(void)state;
	snprintf(item, sizeof item, "File item: big.bin\r\n%-12" PRId64 "\r\n",
		f.zeros);
	f.tail = "Text item:\r\n5           \r\nHello";
	n = (int64_t)strlen(item) + f.zeros + (int64_t)strlen(f.tail);
	snprintf(contents, sizeof contents, "Contents:\r\n%-12" PRId64 "\r\n",
		n);
	str_addf(&s, "Message:\r\n%-12" PRId64 "\r\n%s%s%s",
		n + (int64_t)strlen(contents) + (int64_t)strlen(HEAD) - 10,
		&HEAD[10], contents, item);
	f.data = s.data;
	f.len = (int64_t)s.len;
	parse(&f, &out);
	assert_int_equal(out.messages, 1);
	assert_int_equal(out.items, 2);
	assert_true(out.memory < 400 << 10);
	assert_true(f.asked < 200 << 10);
	str_release(&s);
}

/* unit, over and over, behind a start. */
static void
repeat(struct str *s, const char *start, const char *unit, size_t len)
{
	str_clear(s);
	str_add(s, start);
	while (s->len < len)
		str_add(s, unit);
}

static void
floods(void **state)
{
	static const struct {
		const char *name, *start, *unit;
		int kind;		/* a defect that must be seen, or -1 */
	} cases[] = {
		{ "Message: lines", "", "Message:\r\n",
			MESSAGE_DEFECT_MESSAGES_MANY },
		{ "a header without end", HEAD "Subject: ", "x",
			MESSAGE_DEFECT_HEADERS_LONG },
		{ "recipients", HEAD, "To: User Name at DEMO\r\n",
			MESSAGE_DEFECT_HEADERS_LONG },
		{ "short headers", HEAD, "a:\r\n", MESSAGE_DEFECT_HEADERS_MANY },
		{ "junk headers", HEAD, "x\r\n", MESSAGE_DEFECT_HEADERS_MANY },
		{ "items", HEAD "Contents:\r\n", "Text item:\r\n",
			MESSAGE_DEFECT_ITEMS_MANY },
		{ "items with titles", HEAD "Contents:\r\n",
			"File item: 0123456789012345678901234567890123456789"
			"0123456789012345678901234567890123456789 1/1/98\r\nx\r\n",
			MESSAGE_DEFECT_ITEMS_MANY },
		{ "a title without end", HEAD "Contents:\r\nText item: ", "x",
			MESSAGE_DEFECT_TITLE_LONG },
		{ "Contents: lines", HEAD, "Contents:\r\n", -1 },
		{ "NULs", "", "", MESSAGE_DEFECT_NO_MESSAGE },
		{ "CRs", "", "\r", -1 },
		{ "CR text", "Message:\rFrom: a\rContents:\rText item:\r",
			"Hello\r", MESSAGE_DEFECT_NO_DATE },
		{ "LF text", "Message:\nFrom: a\nContents:\nText item:\n",
			"Hello\n", MESSAGE_DEFECT_NO_DATE },
		{ "stray LFs", HEAD "Contents:\r\nText item:\r\n", "\n",
			MESSAGE_DEFECT_STRAY_TEXT },
		{ "stray CRs", HEAD "Contents:\r\nText item:\r\n", "a\r\r",
			MESSAGE_DEFECT_STRAY_TEXT },
		{ "blank headers", HEAD, "\r\n", -1 },
		{ "blank contents", HEAD "Contents:\r\n", " \r\n", -1 },
		{ "Ctrl-Zs", HEAD "Contents:\r\nText item:\r\n", "\x1a", -1 },
		{ "torn ones", HEAD "Contents:\r\nText item:\r\n",
			"xMessage:\r\n12\r\n", MESSAGE_DEFECT_MESSAGES_MANY },
		{ "torn in headers", HEAD, "xMessage:\r\n12\r\n",
			MESSAGE_DEFECT_MESSAGES_MANY },
		{ "reasons", HEAD, "***  x  ***\r\n",
			MESSAGE_DEFECT_HEADERS_MANY },
		{ "blank counts", "Message:\r\n  \r\n", "File item:\r\n  \r\n",
			MESSAGE_DEFECT_ITEMS_MANY },
		{ "huge counts", "Message:\r\n9\r\nContents:\r\n9\r\n",
			"Text item:\r\n9999999999999\r\n",
			MESSAGE_DEFECT_ITEMS_MANY },
		{ "counts over counts", "Message:\r\n1\r\nContents:\r\n1\r\n",
			"Text item:\r\n40000\r\n", MESSAGE_DEFECT_COUNT_WRONG },
	};
	struct str s = STR_INIT;
	struct result out;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		repeat(&s, cases[i].start, *cases[i].unit ? cases[i].unit :
			"\n", 10 * MB);
		if (!*cases[i].unit)
			memset(s.data, '\0', s.len);
		check(cases[i].name, &s, &out);
		assert_true(cases[i].kind < 0 || out.kinds[cases[i].kind]);
		/* What is over a maximum is never passed over. */
		if (cases[i].kind == MESSAGE_DEFECT_HEADERS_LONG ||
		    cases[i].kind == MESSAGE_DEFECT_HEADERS_MANY ||
		    cases[i].kind == MESSAGE_DEFECT_ITEMS_MANY ||
		    cases[i].kind == MESSAGE_DEFECT_TITLE_LONG)
			assert_int_equal(out.verdict, MESSAGE_NOT);
	}
	str_release(&s);
}

/* The most of everything in one message. */
static void
all_at_once(void **state)
{
	struct str s = STR_INIT;
	struct result out;

	(void)state;
	str_add(&s, "Message:\r\n1\r\n");
	for (int i = 0; i < 8192; i++)
		str_add(&s, "To: User at DEMO\r\n");
	str_add(&s, "Contents:\r\n1\r\n");
	for (int i = 0; i < 5000; i++) {
		str_add(&s, "File item: ");
		for (int j = 0; j < MESSAGE_TITLE_MAX; j++)
			str_add_char(&s, 't');
		str_addf(&s, "\r\n%d\r\n", 2000000 + i * 200);
	}
	while (s.len < 5 * MB)
		str_add(&s, "x\r\n");
	check("all at once", &s, &out);
	assert_int_equal(out.items, MESSAGE_ITEMS_MAX);
	str_release(&s);
}

/* Items whose counts point at `spread` different wrong places, far away. */
static void
wrong_counts(struct str *s, size_t len, int spread)
{
	str_clear(s);
	for (int i = 0; s->len < len; i++) {
		if (i % MESSAGE_ITEMS_MAX == 0)
			str_add(s, "Message:\n1\nFrom: a at B\nContents:\n1\n");
		size_t target = len + 300000 + (size_t)(i % spread) * 150;

		/* The count's own digits are always seven. */
		str_addf(s, "Text item:\n%07zu\n", target - s->len - 11 - 8);
	}
	while (s->len < len + 400000 + (size_t)spread * 150)
		str_add(s, "no keyword here\n");
}

static void
counts_that_point_at_one_place(void **state)
{
	static const int spreads[] = { 1, 7, 1000, 5000 };
	struct str s = STR_INIT;
	struct result out;
	char name[64];

	(void)state;
	for (size_t i = 0; i < COUNT(spreads); i++) {
		wrong_counts(&s, 2 * MB, spreads[i]);
		snprintf(name, sizeof name, "counts at %d places", spreads[i]);
		check(name, &s, &out);
		assert_true(out.kinds[MESSAGE_DEFECT_COUNT_WRONG]);
	}
	str_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_attachment),
		cmocka_unit_test(floods),
		cmocka_unit_test(all_at_once),
		cmocka_unit_test(counts_that_point_at_one_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
