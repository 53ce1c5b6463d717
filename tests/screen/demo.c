/* SPDX-License-Identifier: ISC */
/*
 * demo: the console's parts on a million invented rows, for the screen tests.
 *
 * demo [-n ROWS] [--hostile] [--no-color] [--light]. Keys are the console's;
 * besides, A aborts the program.
 */
#include "fake_source.h"
#include "term/keymap.h"
#include "list/list_draw.h"
#include "prompt/prompt_page.h"
#include "term/term.h"
#include "base/text.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mode {
	MODE_LIST,
	MODE_PAGE,		/* the retry page */
	MODE_LINE,		/* the filter line */
};

static struct {
	struct fake fake;
	struct list list;
	struct keymap keys;
	struct prompt prompt;
	enum mode mode;
	bool leave;
	int status;
	unsigned commands;	/* actions that keys led to */
	char last[128];
	struct error err;
} demo;

static const struct list_column columns[] = {
	[FAKE_ID] = { "ID", 'i', 7, 0, true, 0, false },
	[FAKE_SINCE] = { "SINCE", 's', 5, 0, true, 4, LIST_GONE_BLANK },
	[FAKE_SIZE] = { "SIZE", 'z', 5, 0, true, 3, false },
	[FAKE_RESULT] = { "RESULT", 'r', 10, 18, false, 1, true },
	[FAKE_FROM] = { "FROM", 'f', 10, 18, false, 2, false },
	[FAKE_SUBJECT] = { "SUBJECT", 'b', 9, LIST_UNLIMITED, false, 0,
		false },
};

/* What a hostile sender writes. */
static const char *
hostile_subject(int64_t id)
{
	static const char *const subjects[] = {
		"\x1b[2J\x1b[1;1Hclear",
		"\x1b]52;c;cm0gLXJmIC8=\x07" "clipboard",
		"\xC2\x9B" "2J C1 as UTF-8",
		"\x9B" "2J C1 as a byte",
		"abc\xE2\x80\xAE" "txt.exe\xE2\x81\xA6 bidi",
		"\xFF\xFE\xC0\xAF\xED\xA0\x80 invalid",
		"\r\n\t\b\x7f controls \x0e\x0f",
		"\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97 wide \xF0\x9F\x93\xA7",
		"Gr\xC3\xBC\xC3\x9F" "e aus K\xC3\xB6ln",
		"\x1bP+q544e\x1b\\ DCS \x1b_G\x1b\\ \x1bX \x1b^ \x1b#8",
		"a\xE2\x80\x8B" "b\xEF\xBB\xBF" "c zero width",
		"\xE2\x9D\xA4\xEF\xB8\x8F\xE8\x91\x9B\xF3\xA0\x84\x80 selectors",
	};
	static char marks[2100];

	if (id % 13 == 0) {
		strcpy(marks, "e");
		for (int i = 0; i < 1000; i++)
			strcat(marks, "\xCC\x81");
		return strcat(marks, " marks");
	}
	return subjects[id % 13 - 1];
}

static void
say(const char *text)
{
	snprintf(demo.last, sizeof demo.last, "%s", text);
}

static void
open_prompt(enum mode mode)
{
	prompt_init(&demo.prompt);
	if (mode == MODE_PAGE) {
		prompt_add_text(&demo.prompt, "Reason", "", true);
		prompt_add_choice(&demo.prompt, "Twice", "leave 31 out",
			"all");
		prompt_add_number(&demo.prompt, "Oldest", 1165, "all 1,165");
		prompt_add_key(&demo.prompt, 'y', "y: retry");
	} else {
		prompt_add_text(&demo.prompt, "/", "", false);
	}
	demo.mode = mode;
	term_deaf();
}

static void
close_prompt(void)
{
	const struct prompt *p = &demo.prompt;

	if (p->state == PROMPT_CANCELLED)
		say("cancelled");
	else if (demo.mode == MODE_PAGE)
		snprintf(demo.last, sizeof demo.last,
			"retry: %.60s, %.20s, %" PRId64, p->fields[0].text.data,
			p->fields[1].words[p->fields[1].choice],
			prompt_number(p, 2));
	else
		snprintf(demo.last, sizeof demo.last, "filter: %.60s",
			p->fields[0].text.data);
	prompt_release(&demo.prompt);
	demo.mode = MODE_LIST;
}

static void
sort(key_code key)
{
	if (key == 'z')
		fake_sort_by_size(&demo.fake, !demo.fake.backward);
	else
		fake_sort_by_id(&demo.fake, !demo.fake.backward);
	(void)list_reload(&demo.list, &demo.err);
}

/* Takes the cursor's row away, as another operator would. */
static void
take_away(void)
{
	const struct list_row *row = list_current(&demo.list);

	if (row)
		demo.fake.absent[row->id] = true;
	(void)list_refresh(&demo.list, &demo.err);
}

static void
gather(int more)
{
	while (more > 0)
		more = list_gather(&demo.list, &demo.err);
}

static void
act(enum action action)
{
	struct list *l = &demo.list;
	int64_t page = (int64_t)l->height;

	demo.commands++;
	snprintf(demo.last, sizeof demo.last, "%s", action_word(action));
	switch ((int)action) {
	case ACTION_UP: (void)list_move(l, -1, &demo.err); break;
	case ACTION_DOWN: (void)list_move(l, 1, &demo.err); break;
	case ACTION_PAGE_UP: (void)list_page(l, -page, &demo.err); break;
	case ACTION_PAGE_DOWN: (void)list_page(l, page, &demo.err); break;
	case ACTION_FIRST: (void)list_first(l, &demo.err); break;
	case ACTION_LAST: (void)list_last(l, &demo.err); break;
	case ACTION_LEFT: list_sideways(l, -8); break;
	case ACTION_RIGHT: list_sideways(l, 8); break;
	case ACTION_TAG: (void)list_tag(l, &demo.err); break;
	case ACTION_RANGE: gather(list_range(l, &demo.err)); break;
	case ACTION_TAG_ALL: gather(list_tag_all(l, &demo.err)); break;
	case ACTION_UNTAG_ALL: list_untag_all(l); break;
	case ACTION_RETRY: open_prompt(MODE_PAGE); break;
	case ACTION_FILTER: open_prompt(MODE_LINE); break;
	case ACTION_QUARANTINE: take_away(); break;
	case ACTION_GROUP: sort('i'); break;
	case ACTION_SORT: sort('z'); break;
	case ACTION_REDRAW: term_redraw(); break;
	case ACTION_SUSPEND: term_suspend(); break;
	case ACTION_QUIT: case ACTION_BACK: demo.leave = true; break;
	default: break;
	}
}

/* Runs out of stack. */
static int64_t
overflow(int64_t n)
{
	volatile char room[4096] = { (char)n };

	return n < 0 ? room[0] : overflow(n + 1) + room[n & 4095];
}

static void
on_key(const struct key_event *event)
{
	enum action action;

	if (demo.mode != MODE_LIST) {
		if (prompt_key(&demo.prompt, event) != PROMPT_OPEN)
			close_prompt();
	} else if (event->key == 'A') {
		abort();
	} else if (event->key == 'E') {
		demo.commands = overflow(demo.commands);
	} else {
		action = keymap_find(&demo.keys, KEYMAP_LIST, event->key);
		if (action != ACTION_NONE)
			act(action);
	}
	term_field(demo.mode != MODE_LIST && prompt_is_text(&demo.prompt));
}

static void
on_event(const struct term_event *event)
{
	switch (event->kind) {
	case TERM_KEY:
		on_key(&event->key);
		break;
	case TERM_RESIZE:
	case TERM_REPORT:
		break;
	case TERM_END:
		demo.leave = true;
		demo.status = 128 + event->signal;
		break;
	case TERM_LOST:
		demo.leave = true;
		demo.status = 1;
		break;
	}
}

static void
draw_header(int width)
{
	term_put(0, 0, 14, ROLE_HOST, "hq-mail01");
	term_put(0, 16, -1, ROLE_GOOD, "running");
	term_put(1, 0, 3, ROLE_BAD, "!! ");
	term_put(1, 3, -1, ROLE_BAD, "Likely the post office or importer, "
		"not the mail: 15 in a row, code 1");
	term_put(2, 0, -1, ROLE_LOOK, "!  2 foreign files in import/");
	(void)width;
}

static void
draw_prompt(int rows, int columns_)
{
	struct prompt *p = &demo.prompt;
	struct prompt_page page = PROMPT_PAGE_INIT;

	if (demo.mode == MODE_LINE) {
		term_put(rows - 1, 0, 1, ROLE_KEY, "/");
		prompt_draw_field(p, 0, rows - 1, 1, columns_ - 2);
		return;
	}
	str_add(&page.title, "RETRY tagged messages?");
	prompt_page_draw(&page, p, 4, rows - 7, columns_);
	prompt_page_release(&page);
}

static void
draw_bottom(int rows, int width)
{
	char exact[TEXT_NUMBER_MAX], line[256];
	struct keymap_part parts[ACTION_COUNT];
	size_t n;

	term_rule(rows - 3);
	snprintf(line, sizeof line, "%s rows  %zu tagged  %u commands  %s",
		text_exact(exact, (uint64_t)demo.list.total),
		demo.list.tags.count, demo.commands, demo.last);
	term_put(rows - 2, 0, -1, ROLE_NORMAL, line);
	n = keymap_footer_parts(&demo.keys, KEYMAP_LIST, NULL, (size_t)width,
		parts);
	for (size_t i = 0; i < n; i++)
		term_put(rows - 1, parts[i].column, -1, ROLE_KEY,
			parts[i].text);
}

static void
draw(void)
{
	struct list_view view = {
		.columns = columns, .count = FAKE_COLUMNS, .top = 3 };
	int rows, width;

	term_size(&rows, &width);
	term_begin();
	if (rows < 10 || width < 40) {
		term_put(0, 0, -1, ROLE_LOOK, "40x10 is the least");
		term_end();
		return;
	}
	view.width = width;
	if ((size_t)(rows - 7) != demo.list.height)
		(void)list_resize(&demo.list, (size_t)(rows - 7), &demo.err);
	draw_header(width);
	draw_bottom(rows, width);
	if (demo.mode != MODE_PAGE)
		list_draw(&demo.list, &view);
	if (demo.mode != MODE_LIST)
		draw_prompt(rows, width);
	term_end();
}

static int64_t
read_arguments(int argc, char **argv, struct term_options *options,
	bool *hostile)
{
	int64_t n = 1000000;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-n") == 0 && i + 1 < argc)
			n = strtoll(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--hostile") == 0)
			*hostile = true;
		else if (strcmp(argv[i], "--no-color") == 0)
			options->no_color = true;
		else if (strcmp(argv[i], "--light") == 0)
			options->theme = theme_find("light", &demo.err);
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct term_options options = {
		.theme = theme_find("dark", &demo.err),
		.host_color = THEME_DEFAULT,
		.esc_delay_ms = KEYDECODE_ESC_DELAY_MS,
	};
	struct term_event event;
	bool hostile = false;
	int64_t n;

	setlocale(LC_ALL, "");
	n = read_arguments(argc, argv, &options, &hostile);
	fake_init(&demo.fake, n);
	if (hostile)
		demo.fake.subject = hostile_subject;
	keymap_init(&demo.keys);
	list_init(&demo.list, &fake_source, &demo.fake);
	(void)list_reload(&demo.list, &demo.err);
	if (term_open(&options, &demo.err) < 0) {
		fprintf(stderr, "demo: %s\n", demo.err.text);
		return 3;
	}
	draw();
	while (!demo.leave) {
		term_wait(-1);
		while (!demo.leave && term_next(&event))
			on_event(&event);
		draw();
	}
	term_close();
	list_release(&demo.list);
	fake_release(&demo.fake);
	return demo.status;
}
