/* SPDX-License-Identifier: ISC */
/*
 * fields: every prompt and question of the console, walked through on a
 * terminal of any size: the label and the value of each field, what is
 * complained about, and the cursor are in the picture, whichever key was
 * pressed.
 *
 * fields CONFIG OUT SET. Runs on a terminal, in this process (bare.h); the
 * prompts are those of a SET in the table below, as the store has to be fit for
 * them. What is wrong is written to OUT. Exit status 0: nothing.
 */
#include "bare.h"
#include "app/ask.h"
#include "app/do.h"
#include "app/question.h"
#include "app/screen_message.h"
#include "app/view_mail.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "term/term.h"
#include "work/notes.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 100
#define BYTES_MAX 1024

static struct {
	char rows[ROWS_MAX][BYTES_MAX];
	int row, column;		/* of the cursor */
	int height, width;
} seen;

static const char *prompt_name;
static int walked, checks;

/* ---- what is seen ---- */

static void
look(void)
{
	draw();
	term_end();
	getyx(stdscr, seen.row, seen.column);
	term_size(&seen.height, &seen.width);
	for (int r = 0; r < seen.height && r < ROWS_MAX; r++) {
		mvinnstr(r, 0, seen.rows[r], BYTES_MAX - 1);
		for (size_t n = strlen(seen.rows[r]); n > 0 &&
		     seen.rows[r][n - 1] == ' '; n--)
			seen.rows[r][n - 1] = '\0';
	}
	move(seen.row, seen.column);
}

static void
wrong(const char *when, const char *what, const char *which)
{
	fprintf(out, "%dx%d, %s, %s: %s %s (cursor %d,%d)\n", seen.width,
		seen.height, prompt_name, when, what, which, seen.row,
		seen.column);
	for (int r = 0; r < seen.height && r < ROWS_MAX; r++)
		fprintf(out, "|%s\n", seen.rows[r]);
}

/* Words with one blank between them. */
static void
add_words(struct str *to, const char *text)
{
	while (*(text += strspn(text, " \n"))) {
		size_t n = strcspn(text, " \n");

		if (to->len)
			str_add_char(to, ' ');
		str_add_bytes(to, text, n);
		text += n;
	}
}

/* Whether the rows say it, over however many of them. */
static bool
say(int from, int to, const char *text)
{
	struct str all = STR_INIT, wanted = STR_INIT;
	bool found;

	for (int r = from; r < to; r++)
		add_words(&all, seen.rows[r]);
	add_words(&wanted, text);
	found = strstr(all.data, wanted.data) != NULL;
	str_release(&all);
	str_release(&wanted);
	return found;
}

static void
check_cursor(const char *when, int row)
{
	if (seen.row != row)
		wrong(when, "the cursor is not on the row of", "its field");
	if (seen.column >= seen.width)
		wrong(when, "the cursor is outside", "");
}

/* ---- a page ---- */

static bool
is_label(int row, const char *label)
{
	const char *s = seen.rows[row];
	size_t n = strlen(label);

	return s[0] == ' ' && strncmp(s + 1, label, n) == 0 && s[1 + n] == ' ';
}

/* What the row of a field shows of its value. */
static void
value_of(const struct field *f, char value[FIELD_WORDS_MAX + 16])
{
	const char *text = f->text.data + (f->text.len ? f->first : 0);

	switch (f->kind) {
	case FIELD_KEY:
		snprintf(value, FIELD_WORDS_MAX + 16, "%s", f->words[0]);
		break;
	case FIELD_CHOICE:
		snprintf(value, FIELD_WORDS_MAX + 16, "[%s",
			f->words[f->choice]);
		break;
	case FIELD_NUMBER:
		snprintf(value, FIELD_WORDS_MAX + 16, "[%s", f->text.len ?
			text : f->words[0]);
		break;
	case FIELD_WORD:
		snprintf(value, FIELD_WORDS_MAX + 16, "type %s: [%.5s",
			f->words[0], text);
		break;
	case FIELD_TEXT:
		snprintf(value, FIELD_WORDS_MAX + 16, "[%.8s", text);
		break;
	}
}

static void
check_page(const struct ask *a, const char *when)
{
	const struct prompt *p = &a->prompt;
	char value[FIELD_WORDS_MAX + 16];
	int row = seen.height - 2, below = seen.height - 1;

	if (!say(0, seen.height, a->page.title.data))
		wrong(when, "no title:", a->page.title.data);
	for (size_t i = p->count; i-- > 0; below = row, row--) {
		const struct field *f = &p->fields[i];

		while (row >= 0 && !is_label(row, f->label))
			row--;
		if (row < 0) {
			wrong(when, "no label", f->label);
			return;
		}
		value_of(f, value);
		if (!strstr(seen.rows[row], value))
			wrong(when, "no value", value);
		if (*f->complaint && !say(row + 1, below, f->complaint))
			wrong(when, "no complaint:", f->complaint);
		if (i == p->focus)
			check_cursor(when, row);
	}
}

/* ---- a line, a question ---- */

static void
check_line(const struct ask *a, const char *when)
{
	const struct field *f = &a->prompt.fields[0];
	int last = seen.height - 1;

	if (strncmp(seen.rows[last], f->label, strlen(f->label)) != 0 ||
	    !strchr(seen.rows[last], '['))
		wrong(when, "no label", f->label);
	if (!say(0, last, *f->complaint ? f->complaint : a->hint))
		wrong(when, "no words:", *f->complaint ? f->complaint :
			a->hint);
	check_cursor(when, last);
}

static void
check(const char *when)
{
	struct screen *top = screens_top(&desk.screens);
	struct ask *a = (struct ask *)top;

	look();
	checks++;
	if (top->kind == &screen_question) {
		if (!say(0, seen.height, ((struct question *)top)->words))
			wrong(when, "not whole:",
				((struct question *)top)->words);
		check_cursor(when, seen.height - 2);
	} else if (a->kind->line) {
		check_line(a, when);
	} else {
		check_page(a, when);
	}
}

/* ---- the walk ---- */

static void
around(struct prompt *p, key_code key, const char *when)
{
	for (size_t i = 0; i <= p->count; i++) {
		press(key);
		check(when);
	}
}

static const char long_text[] = "a reason that is longer than any line of a "
	"narrow terminal has room for, and than many a wide one has: 0123456789";

static void
try_field(struct prompt *p, size_t i)
{
	struct field *f = &p->fields[i];

	while (p->focus != i)
		press(KEYS_TAB);
	switch (f->kind) {
	case FIELD_TEXT:
		type(long_text);
		check("a long text");
		press(KEYS_HOME);
		check("its beginning");
		press(KEYS_END);
		break;
	case FIELD_CHOICE:
		press(' ');
		check("the other choice");
		press(' ');
		press('Z');
		break;
	case FIELD_NUMBER:
		press('0');
		press(KEYS_ENTER);
		check("too small a number");
		press(KEY_CTRL('U'));
		type("99999999999999");
		press(KEYS_ENTER);
		break;
	case FIELD_WORD:
		type("77");
		press(KEYS_ENTER);
		break;
	case FIELD_KEY:
		press(KEYS_ENTER);
		check("Enter");
		press('Z');
		break;
	}
	check("what it does not take");
	press(KEY_CTRL('U'));
}

/* The facts that have no room. */
static void
open_facts(struct ask *a)
{
	size_t shown = 0, all = 0;

	look();
	if (!a->page.hidden)
		return;
	press(KEYS_PGDN);
	all = a->page.shown + a->page.hidden;
	for (size_t last = SIZE_MAX; a->page.open && last != a->page.top;) {
		look();
		if (!say(0, seen.height - 1, "Do it?"))
			wrong("facts", "the deciding line is not there", "");
		shown = a->page.top + a->page.shown;
		last = a->page.top;
		press(KEYS_PGDN);
		if (!a->page.open)
			break;
	}
	if (shown < all)
		wrong("facts", "not all were shown", "");
	if (a->page.open)
		press('Z');
	check("back from the facts");
}

static void
walk(void)
{
	struct screen *top = screens_top(&desk.screens);
	struct ask *a = (struct ask *)top;
	struct prompt *p = &a->prompt;

	check("opened");
	if (top->kind == &screen_question) {
		press(KEYS_ESC);
		return;
	}
	if (a->kind->line) {
		type(long_text);
		check("a long text");
		press(KEYS_HOME);
		check("its beginning");
	} else {
		around(p, KEYS_TAB, "Tab");
		around(p, KEYS_BACKTAB, "Shift-Tab");
		around(p, KEYS_DOWN, "Down");
		around(p, KEYS_UP, "Up");
		for (size_t i = 0; i < p->count; i++)
			try_field(p, i);
		open_facts(a);
	}
	press(KEYS_ESC);
}

/* ---- places ---- */

static void
failed(void)
{
	struct error err = ERROR_INIT;
	struct list *list = view_list(view(VIEW_FAILED, PANE_INNER));

	must(list_first(list, &err), &err);
}

static void causes(void) { view(VIEW_FAILED, PANE_OUTER); }
static void quarantine(void) { view(VIEW_QUARANTINE, PANE_INNER); }
static void trash(void) { view(VIEW_TRASH, PANE_INNER); }
static void log_lines(void) { view(VIEW_LOG, PANE_OUTER); }
static void work(void) { view(VIEW_WORK, PANE_OUTER); }
static void queue(void) { view(VIEW_QUEUE, PANE_INNER); }
static void message(void) { message_of(STATE_BIT(STATE_FAILED)); }

static void
over_ssh(void)
{
	failed();
	desk.actor.ssh = xstrdup("192.0.2.1");
	snprintf(desk.status.host, sizeof desk.status.host,
		"a-host-with-a-long-name.example.com");
}

static void
runs(void)
{
	failed();
	desk.status.connector = STATUS_RUNNING;
}

/* Somebody else has all of them in hand. */
static void
in_hand(void)
{
	struct actor other = desk.actor;
	struct history_note now, was;
	struct error err = ERROR_INIT;
	struct note_on on = { 0 };

	failed();
	on.message = list_current(view_list(views_here(&desk)))->id;
	other.by = (char *)(uintptr_t)"mlopez (as root)";
	must(notes_take(&desk.store, &other, &on, CLOCK_HOUR, &now, &was,
		&err), &err);
	history_note_release(&now);
	history_note_release(&was);
}

/* The newest action is of this session, its job of this console. */
static void
mine(void)
{
	struct history_action a;
	struct error err = ERROR_INIT;

	work();
	must(history_actions(desk.store.history, 0, &a, 1, &err), &err);
	free(desk.actor.session);
	desk.actor.session = xstrdup(a.session);
	snprintf(desk.presence, sizeof desk.presence, "%s", a.console ?
		a.console : "");
	history_action_release(&a);
}

static void
cut_off(void)
{
	mine();
	do_unfinished(&desk);
	settle();
}

static const struct {
	const char *set, *name;
	void (*reach)(void);
	const char *keys;
} prompts[] = {
	{ "verbs", "retry of one", failed, "r" },
	{ "verbs", "quarantine of one", failed, "x" },
	{ "verbs", "purge of one", failed, "X" },
	{ "verbs", "retry on the page", message, "r" },
	{ "verbs", "retry of some", failed, "tttgr" },
	{ "verbs", "quarantine of some", failed, "tttgx" },
	{ "verbs", "purge of some", failed, "tttgX" },
	{ "verbs", "retry of many", failed, "Tr" },
	{ "verbs", "quarantine of many", failed, "Tx" },
	{ "verbs", "purge of many", failed, "TX" },
	{ "verbs", "retry of a cause", causes, "r" },
	{ "verbs", "release", quarantine, "r" },
	{ "verbs", "purge of one that is quarantined", quarantine, "X" },
	{ "verbs", "restore", trash, "r" },
	{ "verbs", "purge for good", trash, "X" },
	{ "verbs", "which", failed, "tttr" },
	{ "verbs", "note on a message", failed, "i" },
	{ "verbs", "note on a cause", causes, "i" },
	{ "verbs", "write a list", failed, "w" },
	{ "verbs", "write a message", message, "w" },
	{ "verbs", "write the incident note", causes, "W" },
	{ "verbs", "pipe", message, "|" },
	{ "verbs", "filter", failed, "/" },
	{ "verbs", "filter of the log", log_lines, "/" },
	{ "verbs", "search", message, "/" },
	{ "verbs", "command", failed, ":" },
	{ "verbs", "sort", failed, "o" },
	{ "verbs", "sort the trash", trash, "o" },
	{ "verbs", "connector", failed, "c" },
	{ "verbs", "hold", failed, "ch" },
	{ "verbs", "drain", failed, "cd" },
	{ "verbs", "resume", failed, "cr" },
	{ "verbs", "test", runs, "ct" },
	{ "verbs", "in hand", in_hand, "r" },
	{ "verbs", "purge of many over SSH", over_ssh, "TX" },
	{ "undo", "undo", mine, "u" },
	{ "job", "stop a job", mine, "x" },
	{ "job", "leave", mine, "q" },
	{ "job", "undo of a job", mine, "u" },
	{ "cut", "go on", cut_off, "" },
	{ "watched", "take out", queue, "x" },
};

static void
one(size_t i)
{
	struct screen *top;

	for (int k = 0; k < VIEW_COUNT; k++) {
		struct list *list = &views_of(&desk)->views[k].
			panes[PANE_INNER].list;

		while (list->range || list->tags.count)
			list_untag_all(list);
	}
	prompt_name = prompts[i].name;
	prompts[i].reach();
	draw();
	type(prompts[i].keys);
	top = screens_top(&desk.screens);
	if (top->kind->context || (top->kind != &screen_question &&
	    !((struct ask *)top)->prompt.count)) {
		look();
		wrong("opened", "there is no prompt;", desk.note);
		return;
	}
	walk();
	walked++;
	screens_clear(&desk.screens);
	screens_sweep(&desk.screens);
}

int
main(int argc, char **argv)
{
	bool well;

	if (argc != 4)
		return 2;
	bare_open(argv[1], argv[2]);
	for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++)
		if (strcmp(prompts[i].set, argv[3]) == 0)
			one(i);
	well = bare_close();
	printf("%d prompts, %d pictures\n", walked, checks);
	return !well || !walked;
}
