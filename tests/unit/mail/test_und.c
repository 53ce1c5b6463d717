/* SPDX-License-Identifier: ISC */
/* Tests of und: entries found in pieces of any size, and written. */
#include "unit/unit.h"
#include "mail/und.h"
#include "unit/mail/source.h"

#include <stdio.h>

#define ENTRY(n, reason) \
	"Message:\r\nFrom: User " n " at DEMO\r\n" reason \
	"To: Nobody at DEMO\r\nSubject: number " n "\r\nContents:\r\n" \
	"Text item:\r\nbody\r\n"
#define REASON "***  Not found in directory  ***\r\n"

static struct charset *cs;

struct got {
	struct und_entry e[16];
	int count, stop_after;
	int64_t next;
};

static int
keep(void *arg, const struct und_entry *e)
{
	struct got *got = arg;

	assert_true(got->count < 16);
	got->e[got->count++] = *e;
	return got->count == got->stop_after;
}

static void
scan(const char *data, size_t len, int64_t start, struct got *got)
{
	struct error err = ERROR_INIT;
	struct test_source t;
	struct message_source src = test_source(&t, data, len);

	memset(got, 0, sizeof *got);
	if (und_scan(&src, cs, start, (int64_t)len, keep, got, &got->next, &err))
		fail_msg("%s", err.text);
}

static void
entries(void **state)
{
	static const char text[] = ENTRY("1", REASON) ENTRY("2", "")
		ENTRY("3", "***  Unknown Date Format  ***\r\n" REASON);
	struct got got;

	(void)state;
	scan(text, strlen(text), 0, &got);
	assert_int_equal(got.count, 3);
	assert_int_equal(got.next, strlen(text));
	assert_string_equal(got.e[0].reason, "Not found in directory");
	assert_string_equal(got.e[0].from, "User 1 at DEMO");
	assert_string_equal(got.e[0].to, "Nobody at DEMO");
	assert_string_equal(got.e[0].subject, "number 1");
	assert_int_equal(got.e[0].reasons, 1);
	assert_true(got.e[0].complete);
	assert_int_equal(got.e[1].offset, got.e[0].length);
	assert_string_equal(got.e[1].reason, "");
	assert_string_equal(got.e[2].reason, "Unknown Date Format");
	assert_int_equal(got.e[2].reasons, 2);
	assert_int_equal(got.e[2].offset + got.e[2].length, strlen(text));
}

static void
only_what_is_new(void **state)
{
	static const char text[] = ENTRY("1", REASON) ENTRY("2", "");
	int64_t start = (int64_t)strlen(ENTRY("1", REASON));
	struct error err = ERROR_INIT;
	struct test_source t;
	struct message_source src = test_source(&t, text, strlen(text));
	unsigned char times[sizeof text] = { 0 };
	struct got got = { .count = 0 };

	(void)state;
	t.times = times;
	assert_int_equal(und_scan(&src, cs, start, src.size, keep, &got, &got.next,
		&err), 0);
	assert_int_equal(got.count, 1);
	assert_string_equal(got.e[0].subject, "number 2");
	assert_int_equal(got.e[0].offset, start);
	for (int64_t i = 0; i < start; i++)
		assert_int_equal(times[i], 0);
	memset(times, 0, sizeof times);
	got.count = 0;
	assert_int_equal(und_scan(&src, cs, 0, start, keep, &got, &got.next, &err),
		0);
	assert_int_equal(got.count, 1);
	for (int64_t i = start; i < src.size; i++)
		assert_int_equal(times[i], 0);
}

/* A file that grows byte by byte: every entry is found complete once, and
 * where to go on never passes an entry that is not. */
static void
growing(void **state)
{
	static const char *const forms[] = {
		ENTRY("1", REASON) ENTRY("2", "") ENTRY("3", REASON),
		"Message:\r\n107         \r\nFrom: A at B\r\n" REASON
		"Contents:\r\n34          \r\nText item:\r\n8           \r\n"
		"Message:"
		"Message:\r\n72          \r\nFrom: C at D\r\n"
		"Contents:\r\n33          \r\nText item:\r\n7           \r\n"
		"7 bytes"
	};
	static const int complete[] = { 3, 2 };

	(void)state;
	for (size_t f = 0; f < COUNT(forms); f++) {
		int64_t at = 0;
		int found = 0;
		struct got got;

		for (size_t len = 0; len <= strlen(forms[f]); len++) {
			scan(forms[f], len, at, &got);
			/* Plain text ends anywhere: count what stays. */
			if (f == 0 && len < strlen(forms[f]))
				continue;
			for (int i = 0; i < got.count; i++)
				found += got.e[i].complete;
			at = got.next;
		}
		assert_int_equal(found, complete[f]);
		assert_int_equal(at, strlen(forms[f]));
	}
}

static void
torn(void **state)
{
	static const struct {
		const char *text;
		int count;
		int64_t next;		/* -1: the end */
		bool complete[2];
	} cases[] = {
		{ "Message:\r\nFrom: A at B\r\nSubj", 1, 0, { false } },
		{ "Message:\r\n500         \r\nFrom: A at B\r\n"
			"Contents:\r\n480         \r\nText item:\r\n"
			"460         \r\nabc", 1, 0, { false } },
		/* The next run wrote on behind it. */
		{ "Message:\r\nFrom: A at B\r\nSubj" ENTRY("2", REASON), 2, -1,
			{ false, true } },
		{ "Message:\r\n500         \r\nFrom: A at B\r\n"
			"Contents:\r\n480         \r\nText item:\r\n"
			"460         \r\nabc" ENTRY("2", REASON), 2, -1,
			{ false, true } },
		{ "Messa", 0, 0, { false } },
		{ "left over\r\n" ENTRY("1", REASON), 1, -1, { true } },
		{ "", 0, -1, { false } },
		{ "\r\n", 0, -1, { false } },
		{ "an old tale that nobody wrote\r\n", 0, 15, { false } },
	};
	struct got got;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = strlen(cases[i].text);

		scan(cases[i].text, len, 0, &got);
		assert_int_equal(got.count, cases[i].count);
		assert_int_equal(got.next, cases[i].next < 0 ? (int64_t)len :
			cases[i].next);
		for (int j = 0; j < got.count; j++)
			assert_int_equal(got.e[j].complete,
				cases[i].complete[j]);
	}
}

static void
truncated_and_stopped(void **state)
{
	static const char text[] = ENTRY("1", REASON) ENTRY("2", "");
	struct error err = ERROR_INIT;
	struct test_source t;
	struct message_source src = test_source(&t, text, strlen(text));
	struct got got = { .stop_after = 1 };
	int64_t next = 7;

	(void)state;
	assert_int_equal(und_scan(&src, cs, src.size + 1, src.size + 9, keep, &got,
		&next, &err), 0);
	assert_int_equal(next, 0);
	assert_int_equal(got.count, 0);
	assert_int_equal(t.calls, 0);
	assert_int_equal(und_scan(&src, cs, 0, INT64_MAX, keep, &got, &next, &err),
		0);
	assert_int_equal(got.count, 1);
	assert_int_equal(next, strlen(ENTRY("1", REASON)));
	t.fail_at = 5;
	next = 7;
	assert_int_equal(und_scan(&src, cs, 0, src.size, keep, &got, &next, &err),
		-1);
	assert_int_equal(next, 7);
}

static void
bounded_reason(void **state)
{
	static const char text[] = "Message:\r\nFrom: A at B\r\n***  \xB0\xB0\x1b"
		"0123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789  ***\r\n"
		"Contents:\r\nText item:\r\nx\r\n";
	struct got got;

	(void)state;
	scan(text, strlen(text), 0, &got);
	assert_int_equal(got.count, 1);
	assert_int_equal(strlen(got.e[0].reason), 80);
	assert_memory_equal(got.e[0].reason, "░░←012", 12);
}

struct writing {
	const char *name, *in;
	const char *reasons[3];
	int headers[3];		/* index; -1: NULL */
	bool fresh_line;
	const char *out;
};

static const struct writing writings[] = {
	{ "plain, under its header", ENTRY("1", ""),
		{ "Not found in directory" }, { 1 }, false,
		"Message:\r\nFrom: User 1 at DEMO\r\nTo: Nobody at DEMO\r\n"
		REASON "Subject: number 1\r\nContents:\r\nText item:\r\n"
		"body\r\n" },
	{ "under the subject", ENTRY("1", ""), { "Unknown Date Format" },
		{ -1 }, true,
		"\r\nMessage:\r\nFrom: User 1 at DEMO\r\nTo: Nobody at DEMO\r\n"
		"Subject: number 1\r\n***  Unknown Date Format  ***\r\n"
		"Contents:\r\nText item:\r\nbody\r\n" },
	{ "two, given in the other order", ENTRY("1", ""),
		{ "b", "a" }, { 1, 0 }, false,
		"Message:\r\nFrom: User 1 at DEMO\r\n***  a  ***\r\n"
		"To: Nobody at DEMO\r\n***  b  ***\r\nSubject: number 1\r\n"
		"Contents:\r\nText item:\r\nbody\r\n" },
	{ "lines end with LF", "Message:\nFrom: C at D\nContents:\n"
		"Text item:\nx", { "x" }, { 0 }, false,
		"Message:\nFrom: C at D\n***  x  ***\nContents:\n"
		"Text item:\nx\n" },
	{ "lines end with CR", "Message:\r99\rFrom: C at D\rContents:\r"
		"0\rText item:\r1\rx", { "x" }, { 0 }, false,
		"Message:\r51          \rFrom: C at D\r***  x  ***\rContents:\r"
		"0\rText item:\r1\rx\r" },
	{ "a stray CR behind Message:", "junk\nMessage:\r\n9\nFrom: C at D\r\n"
		"Contents:\n0\nText item:\n1\nx", { "x" }, { 0 }, false,
		"Message:\n52          \nFrom: C at D\r\n***  x  ***\nContents:\n"
		"0\nText item:\n1\nx\n" },
	{ "a stray LF makes no reason", "Message:\r\n"
		"Subject: s\n***  no  ***\r\nContents:\r\nText item:\r\nx\n",
		{ "x" }, { 0 }, true, "\r\nMessage:\r\n"
		"Subject: s\n***  no  ***\r\n***  x  ***\r\nContents:\r\n"
		"Text item:\r\nx\n\r\n" },
	{ "counted, no line end", "Message:\r\n72          \r\n"
		"From: C at D\r\nContents:\r\n33          \r\nText item:\r\n"
		"7           \r\n7 bytes", { "x" }, { -1 }, false,
		"Message:\r\n85          \r\nFrom: C at D\r\n***  x  ***\r\n"
		"Contents:\r\n33          \r\nText item:\r\n7           \r\n"
		"7 bytes\r\n" },
	{ "a wrong count becomes right", "Message:\r\n9999\r\n"
		"From: C at D\r\nContents:\r\n\r\nText item:\r\n7\r\n7 bytes",
		{ "x" }, { 0 }, false,
		"Message:\r\n62          \r\nFrom: C at D\r\n***  x  ***\r\n"
		"Contents:\r\n\r\nText item:\r\n7\r\n7 bytes\r\n" },
	{ "foreign bytes in a reason", ENTRY("1", ""), { "a\r\nb\x1b" },
		{ 0 }, false,
		"Message:\r\nFrom: User 1 at DEMO\r\n"
		"***  a\\x0d\\x0ab\\x1b  ***\r\nTo: Nobody at DEMO\r\n"
		"Subject: number 1\r\nContents:\r\nText item:\r\nbody\r\n" },
	{ "a header cut off", "Message:\r\n99\r\nFrom: C at D", { "x" },
		{ 0 }, false, "Message:\r\n27          \r\nFrom: C at D\r\n"
		"***  x  ***\r\n" },
	{ "no header at all", "Message:\r\n", { "x" }, { -1 }, false,
		"Message:\r\n***  x  ***\r\n" },
};

static void
write_one(const struct writing *w, struct str *out)
{
	struct error err = ERROR_INIT;
	struct test_source t;
	struct message_source src = test_source(&t, w->in, strlen(w->in));
	struct message_reader *r = message_reader_new(&src, NULL);
	struct und_reason reasons[3];
	struct message m;
	size_t n = 0;

	message_init(&m);
	assert_int_equal(message_reader_next(r, &m, &err), 1);
	for (; n < 3 && w->reasons[n]; n++)
		reasons[n] = (struct und_reason){ w->reasons[n],
			w->headers[n] < 0 ? NULL : &m.headers[w->headers[n]] };
	assert_int_equal(und_write(&src, &m, reasons, n, w->fresh_line,
		test_sink, out, &err), 0);
	message_release(&m);
	message_reader_free(r);
}

static void
written(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(writings); i++) {
		str_clear(&out);
		write_one(&writings[i], &out);
		if (strcmp(out.data, writings[i].out) != 0)
			fail_msg("%s:\n%s", writings[i].name, out.data);
	}
	str_release(&out);
}

/* What was written, as the message that it was. */
static void
restore(const struct str *entry, struct str *out)
{
	struct message_options options = { .und = true };
	struct error err = ERROR_INIT;
	struct test_source t;
	struct message_source src = test_source(&t, entry->data, entry->len);
	struct message_reader *r = message_reader_new(&src, &options);
	struct message m;

	message_init(&m);
	assert_int_equal(message_reader_next(r, &m, &err), 1);
	assert_int_equal(und_restore(&src, &m, test_sink, out, &err), 0);
	message_release(&m);
	message_reader_free(r);
}

/* Nothing but the reason is taken out: byte for byte. */
static void
restored_exactly(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ ENTRY("1", REASON), ENTRY("1", "") },
		{ ENTRY("1", REASON REASON), ENTRY("1", "") },
		{ "Message:\r\n85          \r\nFrom: C at D\r\n***  x  ***\r\n"
			"Contents:\r\n33          \r\nText item:\r\n"
			"7           \r\n7 bytes\r\n",
			"Message:\r\n72          \r\nFrom: C at D\r\n"
			"Contents:\r\n33          \r\nText item:\r\n"
			"7           \r\n7 bytes" },
		{ "Message:\r\nFrom: C at D\r\nContents:\r\nText item:\r\n"
			"***  not a reason  ***\r\n",
			"Message:\r\nFrom: C at D\r\nContents:\r\nText item:\r\n"
			"***  not a reason  ***\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str in = STR_INIT, out = STR_INIT;

		str_add(&in, cases[i].in);
		restore(&in, &out);
		assert_string_equal(out.data, cases[i].out);
		str_release(&in);
		str_release(&out);
	}
}

static void
written_is_read(void **state)
{
	struct str out = STR_INIT;
	struct got got;

	(void)state;
	for (size_t i = 0; i < 10; i++)
		write_one(&writings[i], &out);
	scan(out.data, out.len, 0, &got);
	assert_int_equal(got.count, 10);
	for (int i = 0; i < 10; i++) {
		assert_true(got.e[i].complete);
		assert_int_equal(got.e[i].reasons, i == 2 ? 2 : 1);
	}
	assert_string_equal(got.e[2].reason, "a");
	assert_string_equal(got.e[3].from, "C at D");
	assert_string_equal(got.e[5].from, "C at D");
	assert_string_equal(got.e[6].subject, "s ***  no  ***");
	assert_int_equal(got.next, out.len);
	str_release(&out);
}

static int
open_page(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	cs = charset_new("437", &err);
	return cs ? 0 : -1;
}

static int
close_page(void **state)
{
	(void)state;
	charset_free(cs);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries),
		cmocka_unit_test(only_what_is_new),
		cmocka_unit_test(growing),
		cmocka_unit_test(torn),
		cmocka_unit_test(truncated_and_stopped),
		cmocka_unit_test(bounded_reason),
		cmocka_unit_test(written),
		cmocka_unit_test(restored_exactly),
		cmocka_unit_test(written_is_read),
	};

	return cmocka_run_group_tests(tests, open_page, close_page);
}
