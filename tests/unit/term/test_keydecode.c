/* SPDX-License-Identifier: ISC */
/* Tests of keydecode: every key torn at every byte, debris, paste, fields. */
#include "unit/unit.h"
#include "term/keydecode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A decoder and a clock; what it told, as names joined by blanks. */
struct line {
	struct keydecode d;
	int64_t now;
	char told[4096];
};

static void
note(struct line *line, const struct key_event *event)
{
	char name[KEY_NAME_MAX];
	size_t n = strlen(line->told);

	if (event->key == KEYS_REPORT)
		snprintf(name, sizeof name, "R%d;%d", event->row,
			event->column);
	else if (event->key == ' ')
		strcpy(name, "_");
	else
		key_word(name, event->key);
	snprintf(line->told + n, sizeof line->told - n, "%s%s%s",
		n ? " " : "", event->pasted ? "p:" : "", name);
}

/* Lets time pass as the console does: waking at each deadline. */
static void
pass(struct line *line, int64_t ms)
{
	int64_t end = line->now + ms, deadline;
	struct key_event event;

	while ((deadline = keydecode_deadline(&line->d)) >= 0 &&
	       deadline <= end) {
		line->now = deadline > line->now ? deadline : line->now;
		if (keydecode_time(&line->d, line->now, &event))
			note(line, &event);
	}
	line->now = end;
}

static void
byte(struct line *line, unsigned char c)
{
	struct key_event event;

	if (keydecode_time(&line->d, line->now, &event))
		note(line, &event);
	if (keydecode_byte(&line->d, c, line->now, &event))
		note(line, &event);
}

static void
bytes(struct line *line, const char *s)
{
	while (*s)
		byte(line, (unsigned char)*s++);
}

static struct line *
line_new(bool field)
{
	struct line *line = calloc(1, sizeof *line);

	assert_non_null(line);
	keydecode_init(&line->d, KEYDECODE_ESC_DELAY_MS);
	keydecode_set_field(&line->d, field);
	line->now = 1000000;
	return line;
}

static const struct {
	const char *seq;
	const char *name;
} keys[] = {
	{ "\x1b[A", "Up" }, { "\x1b[B", "Down" }, { "\x1b[C", "Right" },
	{ "\x1b[D", "Left" }, { "\x1bOA", "Up" }, { "\x1bOB", "Down" },
	{ "\x1bOC", "Right" }, { "\x1bOD", "Left" },
	{ "\x1b[1;5A", "Up" }, { "\x1b[1;2D", "Left" },
	{ "\x1b[H", "Home" }, { "\x1b[F", "End" }, { "\x1bOH", "Home" },
	{ "\x1bOF", "End" }, { "\x1b[1~", "Home" }, { "\x1b[4~", "End" },
	{ "\x1b[7~", "Home" }, { "\x1b[8~", "End" },
	{ "\x1b[5~", "PgUp" }, { "\x1b[6~", "PgDn" },
	{ "\x1b[5;5~", "PgUp" }, { "\x1b[2~", "Ins" }, { "\x1b[3~", "Del" },
	{ "\x1b[Z", "Shift-Tab" }, { "\x1bOP", "F1" }, { "\x1b[11~", "F1" },
	{ "\x1b[[A", "F1" }, { "\x1b[[E", "F5" }, { "\x1b[15~", "F5" },
	{ "\x1b[24~", "F12" },
};

static void
whole_sequences(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		for (int field = 0; field < 2; field++) {
			struct line *line = line_new(field);

			bytes(line, keys[i].seq);
			assert_string_equal(line->told, keys[i].name);
			pass(line, 10000);
			bytes(line, "j");
			pass(line, 10000);
			assert_string_equal(line->told + strlen(keys[i].name),
				" j");
			free(line);
		}
	}
}

/* Only Esc, the key itself, or nothing may come out of torn sequences. */
static void
assert_harmless(const char *told, const char *name)
{
	char copy[4096], *save = NULL;

	snprintf(copy, sizeof copy, "%s", told);
	for (char *word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		if (strcmp(word, "Esc") != 0 && strcmp(word, name) != 0)
			fail_msg("\"%s\" told for a torn %s", told, name);
}

static const int gaps[] = {
	0, 1, 49, 100, 149, 150, 151, 152, 200, 500, 1000, 1850, 1999, 2000,
};

static void
torn_at_each_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		for (size_t at = 1; at < strlen(keys[i].seq); at++) {
			for (int gap = 0; gap <= 2000; gap++) {
				struct line *line = line_new(false);
				const char *s = keys[i].seq;

				for (size_t k = 0; s[k]; k++) {
					if (k == at)
						pass(line, gap);
					byte(line, (unsigned char)s[k]);
				}
				pass(line, 3000);
				assert_harmless(line->told, keys[i].name);
				if (gap <= 150 || at > 1)
					assert_string_equal(line->told,
						keys[i].name);
				bytes(line, "j");
				assert_non_null(strstr(line->told, "j"));
				free(line);
			}
		}
	}
}

static void
torn_at_every_byte_at_once(void **state)
{
	(void)state;
	srand(20261123);
	for (size_t i = 0; i < COUNT(keys); i++) {
		for (int round = 0; round < 2000; round++) {
			struct line *line = line_new(false);

			for (const char *s = keys[i].seq; *s; s++) {
				byte(line, (unsigned char)*s);
				pass(line, gaps[(size_t)rand() % COUNT(gaps)]);
			}
			pass(line, 3000);
			assert_harmless(line->told, keys[i].name);
			free(line);
		}
	}
}

/* The same with bytes lost. */
static void
sequences_that_lost_a_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct line *line = line_new(false);

		bytes(line, keys[i].seq + 1);		/* Esc lost */
		pass(line, 3000);
		assert_string_equal(line->told, "");
		byte(line, 0x1B);
		for (const char *s = keys[i].seq + 2; *s; s++)
			byte(line, (unsigned char)*s);	/* [ or O lost */
		pass(line, 3000);
		/* "Esc P" begins an answer. */
		if (strchr("[OP", keys[i].seq[2]) == NULL)
			assert_string_equal(line->told, "Esc");
		free(line);
	}
}

static void
esc(void **state)
{
	struct line *line = line_new(false);

	(void)state;
	byte(line, 0x1B);
	pass(line, 150);
	assert_string_equal(line->told, "");
	pass(line, 1);
	assert_string_equal(line->told, "Esc");
	bytes(line, "j");
	assert_string_equal(line->told, "Esc j");
	line->told[0] = '\0';
	byte(line, 0x1B);		/* what comes within 150 ms is lost */
	pass(line, 100);
	bytes(line, "rX");
	pass(line, 50);
	bytes(line, "X");
	pass(line, 1);
	bytes(line, "k");
	assert_string_equal(line->told, "Esc k");
	line->told[0] = '\0';
	byte(line, 0x1B);
	byte(line, 0x1B);
	pass(line, 1000);
	assert_string_equal(line->told, "Esc");
	free(line);
}

static void
introducers_swallow(void **state)
{
	static const struct { const char *in; int ms; const char *told; } c[] = {
		{ "[A", 0, "" }, { "OA", 0, "" }, { "[5~", 0, "" },
		{ "[", 2000, "" }, { "O", 2000, "" },
		{ "<0;1;2M", 0, "" }, { ">0;1;2c", 0, "" },
		{ "<", 2000, "" }, { ">", 2000, "" }, { "]", 2000, "" },
		{ "P", 2000, "" }, { "_", 2000, "" }, { "[M!!!", 0, "" },
		{ "[[A", 0, "" }, { "[OA", 0, "" }, { "O[5~", 0, "" },
		{ "[1;", 2000, "" }, { "~", 0, "~" }, { "\x9b" "5~", 0, "" },
		{ "\x1b[O5~", 0, "" }, { "\x1b[[[A", 0, "" },
		{ "\x1b[12345678901234567890123~", 0, "" },
		{ "\x1b[200~", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct line *line = line_new(false);

		bytes(line, c[i].in);
		pass(line, c[i].ms);
		assert_string_equal(line->told, c[i].told);
		bytes(line, "X");		/* swallowed if still inside */
		if (c[i].ms == 2000 || strstr(c[i].in, "200~"))
			assert_string_equal(line->told, c[i].told);
		free(line);
	}
	struct line *line = line_new(false);

	bytes(line, "[");
	pass(line, 2001);
	bytes(line, "j");
	assert_string_equal(line->told, "j");
	free(line);
}

static void
pasting(void **state)
{
	struct line *line = line_new(false);

	(void)state;
	bytes(line, "\x1b[200~rX\ry[A\x1b[2\x1b[201~j");
	assert_string_equal(line->told, "j");
	line->told[0] = '\0';
	bytes(line, "[200~Xyz");	/* its Esc was lost, or came late */
	pass(line, 4000);
	bytes(line, "X\x1b[201~k");
	assert_string_equal(line->told, "k");
	line->told[0] = '\0';
	bytes(line, "\x1b[200~X");	/* its end never comes */
	pass(line, 5001);
	bytes(line, "j");
	assert_string_equal(line->told, "j");
	free(line);

	line = line_new(true);
	bytes(line, "\x1b[200~[O\r\xC3\xBC\x01\xE2\x80\xAE~\x1b[201~\r");
	assert_string_equal(line->told, "p:[ p:O p:_ p:\xC3\xBC p:~ Enter");
	free(line);
	for (size_t at = 1; at < 6; at++) {		/* the end mark torn */
		static const char mark[] = "\x1b[201~";

		line = line_new(true);
		bytes(line, "\x1b[200~a");
		for (size_t k = 0; mark[k]; k++) {
			if (k == at)
				pass(line, 2000);
			byte(line, (unsigned char)mark[k]);
		}
		bytes(line, "b");
		assert_string_equal(line->told, "p:a b");
		free(line);
	}
}

static void
fields(void **state)
{
	struct line *line = line_new(true);

	(void)state;
	bytes(line, "[O~\xC3\xA4\xF0\x9F\x93\xA7\xFFz\xC3z\x7f\t\r");
	assert_string_equal(line->told, "[ O ~ \xC3\xA4 \xF0\x9F\x93\xA7 z z "
		"Backspace Tab Enter");
	free(line);
}

static void
controls(void **state)
{
	struct line *line = line_new(false);

	(void)state;
	bytes(line, "\x01\x02\x03\x07\x08\x0a\x0c\x0d\x1a");
	byte(line, 0);
	byte(line, 0x1C);
	assert_string_equal(line->told, "Ctrl-A Ctrl-B Ctrl-C Ctrl-G "
		"Backspace Enter Ctrl-L Enter Ctrl-Z");
	free(line);
}

static void
deafness(void **state)
{
	struct line *line = line_new(false);

	(void)state;
	bytes(line, "\x1b[");			/* half a key is under way */
	keydecode_deaf(&line->d, line->now + 250);
	bytes(line, "Ay\r\x1b");
	pass(line, 100);
	bytes(line, "y");
	pass(line, 149);
	bytes(line, "y\x1b[");
	pass(line, 1);
	bytes(line, "B");			/* began while deaf */
	assert_string_equal(line->told, "");
	bytes(line, "y");
	assert_string_equal(line->told, "y");
	keydecode_deaf(&line->d, INT64_MAX);
	bytes(line, "y\r\x03y\x07");		/* but people get out */
	assert_string_equal(line->told, "y Ctrl-C Ctrl-G");
	keydecode_deaf(&line->d, line->now);	/* and it can end sooner */
	bytes(line, "z");
	assert_string_equal(line->told, "y Ctrl-C Ctrl-G z");
	free(line);
}

/* What terminals send of themselves: answers to questions that we, or a program
 * before us, asked, and the mouse. */
static const char *const answers[] = {
	"\x1b[?2004;1$y", "\x1b[4;2$y",			/* DECRPM */
	"\x1b[0n", "\x1b[?13n", "\x1b[?27;1;0;0n",		/* DSR */
	"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",		/* DA1 */
	"\x1b[?6c", "\x1b[>0;115;0c", "\x1b[>41;354;0c",	/* DA1, DA2 */
	"\x1b[?12;40R",						/* DECXCPR */
	"\x1b[8;24;80t", "\x1b[4;600;800t", "\x1b[3;-5;10t",	/* sizes */
	"\x1b[?0u", "\x1b[?62;c",				/* keyboard, DA1 */
	"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",			/* OSC */
	"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
	"\x1b]10;rgb:rrrr/XXXX/jjjj\x1b\\",
	"\x1b]4;1;rgb:cdcd/0000/0000\x07",
	"\x1b]4;255;rgb:eeee/eeee/eeee\x1b\\",
	"\x1b]52;c;clhRcnhVVGpR\x07", "\x1b]52;c;clhRcnhVVGpR\x1b\\",
	"\x1b]lXrQ\x1b\\", "\x1b]LXrQ\x1b\\",			/* titles */
	"\x1bP1$r0;1;4m\x1b\\", "\x1bP0$r\x1b\\",		/* DECRQSS */
	"\x1bP>|XTerm(379)\x1b\\", "\x1bP!|00000000\x1b\\",
	"\x1bP1+r636f=323536\x1b\\",
	"\x1b_Gi=31;OK\x1b\\",				/* graphics */
	"\x1b[M !!", "\x1b[M#Xr", "\x1b[Mt[O", "\x1b[M jk",	/* X10 */
	"\x1b[M\x7f\xff\xff",
	"\x1b[tXr", "\x1b[TXXrrQQ",				/* selections */
	"\x1b[<0;10;20M", "\x1b[<0;10;20m", "\x1b[<64;110;20M",	/* SGR */
	"\x1b[32;10;20M",					/* urxvt */
	"\x1b[I",						/* focus */
	"\x90" "1$r0m\x1b\\", "\x9d" "11;rgb:1/1/1\x07",
};

/* Outside a field nothing but Esc (for one that came alone) may be told, nor
 * may the next key be lost once the line is still. */
static void
assert_no_command(struct line *line, const char *answer, bool esc_allowed)
{
	pass(line, 2001);
	if (strcmp(line->told, "") != 0 &&
	    !(esc_allowed && strcmp(line->told, "Esc") == 0))
		fail_msg("\"%s\" told for the answer \"%s\"", line->told,
			answer + 1);
	line->told[0] = '\0';
	bytes(line, "j");
	assert_string_equal(line->told, "j");
}

static void
answers_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		for (int field = 0; field < 2; field++) {
			struct line *line = line_new(field);

			bytes(line, answers[i]);
			bytes(line, answers[i]);
			assert_string_equal(line->told, "");
			bytes(line, "\x1b[A");
			assert_string_equal(line->told, "Up");
			line->told[0] = '\0';
			assert_no_command(line, answers[i], false);
			free(line);
		}
	}
}

static void
answers_torn_at_each_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		const char *s = answers[i];

		for (size_t at = 1; at < strlen(s); at++) {
			for (int gap = 0; gap <= 2000; gap += 25) {
				struct line *line = line_new(false);

				for (size_t k = 0; s[k]; k++) {
					if (k == at)
						pass(line, gap);
					byte(line, (unsigned char)s[k]);
				}
				assert_no_command(line, s, at == 1);
				free(line);
			}
		}
	}
}

static void
answers_torn_everywhere(void **state)
{
	(void)state;
	srand(20261126);
	for (size_t i = 0; i < COUNT(answers); i++) {
		for (int round = 0; round < 500; round++) {
			struct line *line = line_new(false);

			for (const char *s = answers[i]; *s; s++) {
				byte(line, (unsigned char)*s);
				pass(line, gaps[(size_t)rand() % COUNT(gaps)]);
			}
			assert_no_command(line, answers[i], true);
			free(line);
		}
	}
}

/* A text whose end got lost does not swallow the keys that begin with Esc,
 * nor Ctrl-C for longer than itself. */
static void
strings_without_an_end(void **state)
{
	struct line *line = line_new(false);

	(void)state;
	bytes(line, "\x1b]11;rgb:\x1b[B");
	assert_string_equal(line->told, "Down");
	bytes(line, "\x1b]52;c;AAA\x1bOAk");
	assert_string_equal(line->told, "Down Up k");
	bytes(line, "]XrQ\x03\x03");
	assert_string_equal(line->told, "Down Up k Ctrl-C");
	free(line);
}

/* What of a report was told: "R2;5" for each. */
static void
reports(void **state)
{
	static const struct { const char *in, *told; } c[] = {
		{ "\x1b[2;5R", "R2;5" }, { "\x1b[24;80R", "R24;80" },
		{ "[2;5R", "R2;5" },			/* its Esc came late */
		{ "\x1b[R", "F3" }, { "\x1b[2R", "" }, { "\x1b[2;R", "" },
		{ "\x1b[?2;5R", "" }, { "\x1b[2;5;1R", "" },
		{ "\x1b[99999;5R", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		for (int deaf = 0; deaf < 2; deaf++) {
			struct line *line = line_new(false);
			bool report = c[i].told[0] == 'R';

			if (deaf)
				keydecode_deaf(&line->d, INT64_MAX);
			bytes(line, c[i].in);
			assert_string_equal(line->told, deaf && !report ? "" :
				c[i].told);
			free(line);
		}
	}
	for (int gap = 0; gap <= 2000; gap += 10) {	/* torn, and a field */
		for (size_t at = 1; at < 6; at++) {
			struct line *line = line_new(true);

			keydecode_deaf(&line->d, INT64_MAX);
			for (size_t k = 0; k < 6; k++) {
				if (k == at)
					pass(line, gap);
				byte(line, (unsigned char)"\x1b[2;5R"[k]);
			}
			assert_string_equal(line->told, "R2;5");
			free(line);
		}
	}
}

/* Any bytes at any times: no hang, no run over, and j works in the end. */
static void
debris(void **state)
{
	static const char alphabet[] = "\x1b\x1b[[OO~~01256;?AZHj\r\x9b\xC3";

	(void)state;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		struct line *line = line_new(rand() % 2);

		for (int i = 0; i < 40; i++) {
			byte(line, rand() % 4 ? (unsigned char)alphabet[
				(size_t)rand() % (sizeof alphabet - 1)] :
				(unsigned char)rand());
			if (rand() % 3 == 0)
				pass(line, gaps[(size_t)rand() % COUNT(gaps)]);
		}
		pass(line, 6000);
		line->told[0] = '\0';
		bytes(line, "j");
		assert_string_equal(line->told, "j");
		assert_int_equal(keydecode_deadline(&line->d), -1);
		free(line);
	}
}

static void
names(void **state)
{
	char name[KEY_NAME_MAX];
	key_code key;

	(void)state;
	for (key_code k = 1; k < KEYS_END_OF_LIST; k++) {
		key_word(name, k);
		if (strcmp(name, "(none)") != 0 && k != 0x7F &&
		    (k < 0x80 || k > 0x9F)) {
			assert_true(key_parse(name, &key));
			assert_int_equal(key, k);
		}
		if (k == 0x300)
			k = KEY_SPECIAL - 2;
	}
	assert_true(key_parse("ctrl-f", &key));
	assert_int_equal(key, KEY_CTRL('F'));
	assert_true(key_parse("pgdn", &key));
	assert_int_equal(key, KEYS_PGDN);
	assert_true(key_parse("space", &key));
	assert_int_equal(key, ' ');
	assert_false(key_parse("", &key));
	assert_false(key_parse("jj", &key));
	assert_false(key_parse("Ctrl-1", &key));
	assert_false(key_parse("\x1b", &key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_sequences),
		cmocka_unit_test(torn_at_each_byte),
		cmocka_unit_test(torn_at_every_byte_at_once),
		cmocka_unit_test(sequences_that_lost_a_byte),
		cmocka_unit_test(esc),
		cmocka_unit_test(introducers_swallow),
		cmocka_unit_test(pasting),
		cmocka_unit_test(fields),
		cmocka_unit_test(controls),
		cmocka_unit_test(deafness),
		cmocka_unit_test(answers_whole),
		cmocka_unit_test(answers_torn_at_each_byte),
		cmocka_unit_test(answers_torn_everywhere),
		cmocka_unit_test(strings_without_an_end),
		cmocka_unit_test(reports),
		cmocka_unit_test(debris),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
