/* SPDX-License-Identifier: ISC */
/* Tests of message_summary: what a list shows, for little. */
#include "unit/unit.h"
#include "mail/message_summary.h"
#include "unit/mail/source.h"

#include <time.h>

static const char plain[] =
	"Message:\r\n"
	"From: Grewal, Jeff at DEMO\r\n"
	"Date: 6/2/98 8:39\r\n"
	"To: Admin at DEMO\r\n"
	"cc: Doe, Jane at DEMO\r\n"
	"Subject: M\x81ller\r\n"
	"Contents:\r\n"
	"Text item:\r\n"
	"Hello\r\n";

static int
summary(const char *data, size_t len, struct message_summary *out,
	struct test_source *t)
{
	struct message_source src = test_source(t, data, len);
	struct error err = ERROR_INIT;

	struct charset *cs = charset_new("437", &err);
	int rc = message_summary(&src, cs, 0, out, &err);

	charset_free(cs);
	return rc;
}

static void
usual(void **state)
{
	struct message_summary s;
	struct test_source t;

	(void)state;
	message_summary_init(&s);
	assert_int_equal(summary(plain, strlen(plain), &s, &t), 1);
	assert_string_equal(s.from, "Grewal, Jeff at DEMO");
	assert_string_equal(s.subject, "Müller");
	assert_string_equal(s.date, "6/2/98 8:39");
	assert_int_equal(s.date_at, INT64_C(896776740000));
	assert_int_equal(s.to_count, 2);
	assert_int_equal(s.to_total, 2);
	assert_string_equal(s.to[0], "Admin at DEMO");
	assert_string_equal(s.to[1], "Doe, Jane at DEMO");
	assert_int_equal(t.calls, 1);
	message_summary_release(&s);
}

static void
not_recognizable(void **state)
{
	static const char *const texts[] = {
		"", "Hello\r\n", "From: a at B\r\n", "Message:\r\n",
		"Message:\r\nContents:\r\n", "Message:\r\nX-Y: z\r\n",
		"\r\n\r\n",
	};
	struct message_summary s;
	struct test_source t;

	(void)state;
	message_summary_init(&s);
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(summary(plain, strlen(plain), &s, &t), 1);
		assert_int_equal(summary(texts[i], strlen(texts[i]), &s, &t),
			0);
		assert_string_equal(s.from, "");
		assert_int_equal(s.to_count, 0);
		assert_int_equal(s.date_at, INT64_MIN);
	}
	message_summary_release(&s);
}

static void
many_recipients(void **state)
{
	struct str text = STR_INIT;
	struct message_summary s;
	struct test_source t;

	(void)state;
	message_summary_init(&s);
	str_add(&text, "Message:\r\n");
	for (int i = 0; i < 3000; i++)
		str_addf(&text, "To: User %04d at DEMO\r\n", i);
	str_add(&text, "Subject: late\r\nContents:\r\nText item:\r\n");
	for (int i = 0; i < 100000; i++)
		str_add(&text, "Hello, hello\r\n");
	assert_int_equal(summary(text.data, text.len, &s, &t), 1);
	assert_int_equal(s.to_count, MESSAGE_SUMMARY_TO_MAX);
	assert_int_equal(s.to_total, 3000);
	assert_string_equal(s.to[99], "User 0099 at DEMO");
	assert_string_equal(s.subject, "late");
	assert_true(t.asked <= MESSAGE_SUMMARY_READ_MAX);
	message_summary_release(&s);
	str_release(&text);
}

/* Headers without an end, junk without one: never more than the maximum. */
static void
never_reads_more(void **state)
{
	static const char *const units[] = { "x", "\n", "To: a at B\r\n",
		"Message:\n", "\r" };
	struct message_summary s;
	struct test_source t;
	struct str text = STR_INIT;

	(void)state;
	message_summary_init(&s);
	for (size_t i = 0; i < COUNT(units); i++) {
		str_clear(&text);
		str_add(&text, i == 2 ? "Message:\r\nSubject: x" : "");
		while (text.len < (1 << 20))
			str_add(&text, units[i]);
		assert_int_equal(summary(text.data, text.len, &s, &t), i == 2);
		assert_true(t.asked <= MESSAGE_SUMMARY_READ_MAX);
	}
	message_summary_release(&s);
	str_release(&text);
}

static void
bounded_and_valid(void **state)
{
	struct str text = STR_INIT;
	struct message_summary s;
	struct test_source t;

	(void)state;
	message_summary_init(&s);
	str_add(&text, "Message:\r\nSubject:\t");
	for (int i = 0; i < 300; i++)
		str_add(&text, "\xB0");
	str_add_bytes(&text, "\r\nDate: 31/31/98\r\nFrom: a\0\tb\x1b\r\n", 31);
	assert_int_equal(summary(text.data, text.len, &s, &t), 1);
	assert_int_equal(strlen(s.subject), 255);
	assert_string_equal(s.from, "a  b←");
	assert_string_equal(s.date, "31/31/98");
	assert_int_equal(s.date_at, INT64_MIN);
	message_summary_release(&s);
	str_release(&text);
}

static void
failures(void **state)
{
	struct message_summary s;
	struct test_source t;
	struct message_source src = test_source(&t, plain, strlen(plain));
	struct error err = ERROR_INIT;
	struct charset *cs;

	(void)state;
	message_summary_init(&s);
	cs = charset_new("437", &err);
	t.fail_at = 20;
	assert_int_equal(message_summary(&src, cs, 0, &s, &err), -1);
	assert_string_equal(err.text, "read: as ordered");
	assert_string_equal(s.from, "");
	t.fail_at = -1;
	t.len = 60;		/* it became shorter than its size says */
	assert_int_equal(message_summary(&src, cs, 0, &s, &err), 1);
	assert_string_equal(s.date, "6/2/98 8:39");
	message_summary_release(&s);
	charset_free(cs);
}

static void
order_of_dates(void **state)
{
	static const char text[] = "Message:\r\nFrom: a\r\nDate: 25/12/98\r\n"
		"Contents:\r\n";
	struct message_memory memory = { text, sizeof text - 1 };
	struct message_source src = message_source_memory(&memory);
	struct error err = ERROR_INIT;
	struct charset *cs = charset_new("437", &err);
	struct message_summary s;

	(void)state;
	message_summary_init(&s);
	assert_int_equal(message_summary(&src, cs, 0, &s, &err), 1);
	assert_int_equal(s.date_at, CCMAIL_DATE_UNKNOWN);
	assert_int_equal(message_summary(&src, cs, CCMAIL_DATE_DMY, &s, &err),
		1);
	assert_int_equal(s.date_at, INT64_C(914544000000));
	assert_string_equal(s.date, "25/12/98");
	message_summary_release(&s);
	charset_free(cs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual),
		cmocka_unit_test(order_of_dates),
		cmocka_unit_test(not_recognizable),
		cmocka_unit_test(many_recipients),
		cmocka_unit_test(never_reads_more),
		cmocka_unit_test(bounded_and_valid),
		cmocka_unit_test(failures),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
