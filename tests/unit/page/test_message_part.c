/* SPDX-License-Identifier: ISC */
/* Tests of message_part: each part of a message, and files that are larger
 * than what is held of them. */
#include "unit/unit.h"
#include "base/clock.h"
#include "page/message_part.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NOW INT64_C(1795525320000)	/* a Tuesday, 14:02 in CET */

struct fixture {
	char dir[64];
	struct store s;
	struct settings settings;
	struct history_message m;
	struct message_part part;
};

static int
setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof *f);
	struct error err = ERROR_INIT;

	snprintf(f->dir, sizeof f->dir, "part-test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	assert_int_equal(store_create(f->dir, "", &err), 0);
	assert_int_equal(store_open(&f->s, f->dir, "", "ccmq", STORE_WRITE, &err),
		0);
	settings_init(&f->settings);
	f->m = (struct history_message){ .id = 7, .state = STATE_FAILED,
		.name = (char *)"Msg.ccm", .true_name = (char *)"Msg.ccm",
		.true_name_len = 7, .received_at = NOW - CLOCK_HOUR };
	f->part = (struct message_part){ .store = &f->s,
		.settings = &f->settings, .message = &f->m, .now = NOW };
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	store_close(&f->s);
	settings_release(&f->settings);
	snprintf(command, sizeof command, "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static int
make_file(const struct fixture *f, const char *path)
{
	char whole[200];
	int fd;

	snprintf(whole, sizeof whole, "%s/%s", f->dir, path);
	fd = open(whole, O_RDWR | O_CREAT | O_TRUNC, 0660);
	assert_true(fd >= 0);
	return fd;
}

static void
put_message(const struct fixture *f, const char *text)
{
	int fd = make_file(f, "failed/000000000007-Msg.ccm");

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void
is_text(struct fixture *f, enum message_tab tab, const char *expected)
{
	struct str out = STR_INIT;

	f->part.tab = tab;
	message_part_text(&f->part, &out);
	assert_string_equal(out.data, expected);
	str_release(&out);
}

#define TWO_ITEMS \
	"Message:\r\nFrom: Grewal, Jeff at Hub\r\nTo: Admin at HUBPO2\r\n" \
	"Subject: caf\x82 \x1b[2J\r\nContents:\r\nText item:\r\n" \
	"one\r\n\ttwo\r\nFile item: a.wk4 5/6/97 3:10PM\r\nXYZ\r\n"

static void
parts(void **state)
{
	struct fixture *f = *state;
	int64_t counts[TAB_COUNT];

	put_message(f, TWO_ITEMS);
	is_text(f, TAB_TEXT, "-- Text, code page 437 \n one\n     two\n"
		" [file a.wk4, 5 bytes]\n");
	is_text(f, TAB_HEADERS, "-- Headers, code page 437 \n Message:\n"
		" From: Grewal, Jeff at Hub\n To: Admin at HUBPO2\n"
		" Subject: caf\xC3\xA9 \xE2\x86\x90[2J\n");
	is_text(f, TAB_ITEMS, "-- Items \n"
		"   1  text   raw                  11 bytes  \n"
		"   2  file   raw                   5 bytes  "
		"a.wk4 5/6/97 3:10PM\n"
		" at 58: [ or ] in a header (blocked Import 8.x, Q234350)\n"
		" at 0: no Date:\n");
	is_text(f, TAB_RAW, "-- Raw, code page 437 \n Message:\n"
		" From: Grewal, Jeff at Hub\n To: Admin at HUBPO2\n"
		" Subject: caf\xC3\xA9 \xE2\x86\x90[2J\n Contents:\n"
		" Text item:\n one\n     two\n File item: a.wk4 5/6/97 3:10PM\n"
		" XYZ\n");
	assert_int_equal(f->part.pieces, 1);
	f->m.attempts = 3;
	f->m.und_entries = 2;
	message_part_counts(&f->part, counts);
	assert_int_equal(counts[TAB_ITEMS], 2);
	assert_int_equal(counts[TAB_UND], 2);
	assert_int_equal(counts[TAB_LOG], 4);
	assert_int_equal(counts[TAB_TEXT], -1);
}

static void
hex(void **state)
{
	put_message(*state, "Message:\r\n\x80" "0123456789");
	is_text(*state, TAB_HEX, "-- Hex \n"
		" 00000000  4d 65 73 73 61 67 65 3a  0d 0a 80 30 31 32 33 34  "
		"Message:...01234\n"
		" 00000010  35 36 37 38 39                                    "
		"56789\n");
}

static void
not_there(void **state)
{
	struct fixture *f = *state;
	int64_t counts[TAB_COUNT];

	is_text(f, TAB_UND, "-- .und, code page 437 \n It left nothing in the "
		".und file.\n");
	message_part_counts(&f->part, counts);
	assert_int_equal(counts[TAB_ITEMS], -1);
	put_message(f, "nonsense\r\n");
	is_text(f, TAB_TEXT, "-- Text, code page 437 \n"
		" This is not a message; see Raw.\n");
}

/* Of a gigabyte one piece is read, wherever it is. */
static void
large(void **state)
{
	struct fixture *f = *state;
	int64_t size = INT64_C(1) << 30;
	int fd = make_file(f, "failed/000000000007-Msg.ccm");
	struct str out = STR_INIT;
	int64_t counts[TAB_COUNT];
	char head[300];

	snprintf(head, sizeof head, "Message:\r\n%-12" PRId64 "\r\n"
		"From: A at B\r\nTo: C at D\r\nContents:\r\n", (int64_t)0);
	assert_true(pwrite(fd, head, strlen(head), 0) > 0);
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(pwrite(fd, "\r\nlast line", 11, size - 11), 11);
	close(fd);
	f->part.tab = TAB_RAW;
	f->part.piece = 0;
	message_part_text(&f->part, &out);
	assert_int_equal(f->part.pieces, 16384);
	assert_true(out.len < 3 * MESSAGE_PIECE_BYTES);
	str_clear(&out);
	f->part.piece = 99999;
	message_part_text(&f->part, &out);
	assert_int_equal(f->part.piece, 16383);
	assert_memory_equal(out.data, "-- Raw, code page 437, piece 16,384 of "
		"16,384 \n", 46);
	assert_string_equal(out.data + out.len - 12, "\n last line\n");
	str_clear(&out);
	f->part.tab = TAB_HEX;
	f->part.piece = 16383;
	message_part_text(&f->part, &out);
	assert_non_null(strstr(out.data, " 3ffffff0  00 00 00 00 00 0d 0a 6c"));
	str_release(&out);
	/* Taken apart without its counts: with a limit. */
	message_part_counts(&f->part, counts);
	assert_true(counts[TAB_ITEMS] >= -1);
}

/* Every line is there once, whatever the pieces. */
static void
pieces(void **state)
{
	struct fixture *f = *state;
	int fd = make_file(f, "failed/000000000007-Msg.ccm");
	FILE *file = fdopen(fd, "w");
	int lines = 60000, next = 0;
	struct str out = STR_INIT;

	for (int i = 0; i < lines; i++)
		fprintf(file, "line %d of the file\r\n", i);
	fclose(file);
	f->part.tab = TAB_RAW;
	f->part.piece = 0;
	do {
		char *s, *save = NULL;

		str_clear(&out);
		message_part_text(&f->part, &out);
		assert_true(f->part.pieces > 4);
		for (s = strtok_r(out.data, "\n", &save); s;
		    s = strtok_r(NULL, "\n", &save)) {
			char expected[60];

			if (s[0] == '-')
				continue;
			snprintf(expected, sizeof expected,
				" line %d of the file", next++);
			assert_string_equal(s, expected);
		}
	} while (++f->part.piece < f->part.pieces);
	assert_int_equal(next, lines);
	str_release(&out);
}

/* The bytes of the entries, out of the current and of a rotated file. */
static void
und(void **state)
{
	struct fixture *f = *state;
	struct history_und_file file = { .lane = 1, .opened_at = NOW,
		.rotated_at = HISTORY_NO_TIME };
	struct history_und_entry e = { .start = 5, .length = 20, .at = NOW -
		CLOCK_MINUTE, .message = 7, .reason = (char *)"Unknown" };
	struct error err = ERROR_INIT;
	struct stat st;
	int fd = make_file(f, "import/ccmail.und.1");

	assert_int_equal(write(fd, "xxxxxMessage:\r\n*** Un\r\nyyyy", 27), 27);
	assert_int_equal(fstat(fd, &st), 0);
	close(fd);
	file.inode = (int64_t)st.st_ino;
	assert_int_equal(store_begin(&f->s, &err), 0);
	assert_int_equal(history_und_add(f->s.history, &file, &err), 0);
	file.number = 1;
	file.rotated_at = NOW;
	assert_int_equal(history_und_update(f->s.history, &file, &err), 0);
	e.file = file.id;
	assert_int_equal(history_und_entry_add(f->s.history, &e, &err), 0);
	assert_int_equal(store_commit(&f->s, &err), 0);
	is_text(f, TAB_UND, "-- .und, code page 437 \n"
		"-- 1: 14:01, 20 bytes, Unknown \n Message:\n *** Un\n yy\n");
	file.inode++;
	assert_int_equal(store_begin(&f->s, &err), 0);
	assert_int_equal(history_und_update(f->s.history, &file, &err), 0);
	assert_int_equal(store_commit(&f->s, &err), 0);
	is_text(f, TAB_UND, "-- .und, code page 437 \n"
		"-- 1: 14:01, 20 bytes, Unknown \n"
		" its .und file was replaced by another\n");
}

static void
log_of_it(void **state)
{
	struct fixture *f = *state;
	struct history_attempt a = { .message = 7, .number = 1,
		.why = (char *)"arrived", .started_at = NOW - 3000,
		.ended_at = NOW - 2600, .took_ms = 400, .code = 1,
		.class = (char *)"rejected", .copy = (char *)"left" };
	struct history_action action = { .at = NOW - 1000, .ended_at = NOW,
		.verb = (char *)"retry", .by = (char *)"mlopez",
		.reason = (char *)"mended", .session = (char *)"s1",
		.program = (char *)"ccmq" };
	struct history_item item = { .message = 7, .result = (char *)"done",
		.to_state = (char *)"queued", .at = NOW - 1000 };
	struct error err = ERROR_INIT;

	assert_int_equal(store_begin(&f->s, &err), 0);
	assert_int_equal(history_attempt_begin(f->s.history, &a, &err), 0);
	assert_int_equal(history_attempt_end(f->s.history, &a, &err), 0);
	assert_int_equal(history_action_add(f->s.history, &action, &err), 0);
	item.action = action.id;
	assert_int_equal(history_item_put(f->s.history, &item, &err), 0);
	assert_int_equal(store_commit(&f->s, &err), 0);
	is_text(f, TAB_LOG, "-- Log \n"
		" 14:01:59    retry by mlopez: done, queued  \"mended\"\n"
		" 14:01:57    attempt 1  arrived, rejected, code 1, 0.4s\n"
		" 13:02:00    arrived as Msg.ccm\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(parts, setup, teardown),
		cmocka_unit_test_setup_teardown(hex, setup, teardown),
		cmocka_unit_test_setup_teardown(not_there, setup, teardown),
		cmocka_unit_test_setup_teardown(large, setup, teardown),
		cmocka_unit_test_setup_teardown(pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(und, setup, teardown),
		cmocka_unit_test_setup_teardown(log_of_it, setup, teardown),
	};

	setenv("TZ", "CET-1", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
