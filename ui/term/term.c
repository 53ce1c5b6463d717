/* SPDX-License-Identifier: ISC */
/* term: drawing, and taking the terminal. See term.h for the contract. */
#include "term/term_private.h"
#include "term/cells.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


/* By role; kept here because the type is curses'. */
static struct {
	attr_t attrs;
	int pair;
} roles[ROLE_COUNT];

static attr_t
curses_attrs(unsigned attrs)
{
	return (attrs & THEME_BOLD ? A_BOLD : 0) |
		(attrs & THEME_DIM ? A_DIM : 0) |
		(attrs & THEME_UNDERLINE ? A_UNDERLINE : 0) |
		(attrs & THEME_REVERSE ? A_REVERSE : 0);
}

/* A role's colours; pairs and direct colours go beyond a short. */
static void
init_colors(int pair, const struct theme_style *style)
{
	bool direct = term_info_is_direct(COLORS);

	init_extended_pair(pair, direct ? theme_direct(style->fg) : style->fg,
		direct ? theme_direct(style->bg) : style->bg);
}

static void
use_role(enum role role)
{
	attr_set(roles[role].attrs, 0, &roles[role].pair);
}

static void
init_roles(const struct term_options *options)
{
	const char *no_color = getenv("NO_COLOR");
	int colors = 0;

	if (!options->no_color && !(no_color && *no_color) && has_colors()) {
		start_color();
		if (use_default_colors() == OK)
			colors = COLORS;
	}
	for (int i = 0; i < ROLE_OWN + options->own_count; i++) {
		struct theme_style style = theme_style(options->theme,
			(enum role)i, colors, i < ROLE_OWN ?
			options->host_color :
			options->own_colors[i - ROLE_OWN]);

		roles[i].attrs = curses_attrs(style.attrs);
		roles[i].pair = 0;
		if (style.fg == THEME_DEFAULT && style.bg == THEME_DEFAULT)
			continue;
		roles[i].pair = i + 1;
		init_colors(roles[i].pair, &style);
	}
}

int
term_open(const struct term_options *options, struct error *err)
{
	memset(&term, 0, sizeof term);
	if (term_info_check(err) < 0)
		return -1;
	if (tcgetattr(STDIN_FILENO, &term.saved) < 0)
		return error_sys(err, errno, "read the terminal's settings");
	term_signals_before();
	if (!newterm(NULL, stdout, stdin))
		return error_set(err, ERROR_INVALID,
			"curses cannot use this terminal" TERM_OTHER
			TERM_ELSEWHERE);
	term.owner = getpid();
	term.taken = 1;
	term.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	term.blocks = term.utf8 && term_info_has_blocks();
	keydecode_init(&term.decode, options->esc_delay_ms);
	if (term_signals_install(err) < 0) {
		term_close();
		return -1;
	}
	atexit(term_close);
	typeahead(-1);
	curs_set(1);
	idlok(stdscr, TRUE);
	/* Looking for characters to insert, it goes to places where nothing
	 * has changed: 8 bytes a row of the strip. */
	idcok(stdscr, FALSE);
	init_roles(options);
	term_screen_enter();
	term_resize_now();
	return 0;
}

void
term_close(void)
{
	if (!term.taken || getpid() != term.owner)
		return;
	term_drain();
	term_screen_leave();
	term.taken = 0;
	term_signals_remove();
}

void
term_size(int *rows_out, int *columns_out)
{
	*rows_out = term.rows;
	*columns_out = term.columns;
}

bool
term_is_utf8(void)
{
	return term.utf8;
}

void
term_begin(void)
{
	erase();
	term_cursor(0, 0);
}

static int
put(int row, int column, enum role role, const char *bytes, size_t len,
	struct cells_window window)
{
	struct str line = STR_INIT;
	int left = term.columns - column;
	size_t used;

	if (row < 0 || row >= term.rows || column < 0 || left <= 0)
		return 0;
	if (window.columns > (size_t)left)
		window.columns = (size_t)left;
	window.utf8 = term.utf8;
	used = cells_clip(&line, bytes, len, window);
	use_role(role);
	mvaddnstr(row, column, line.data, (int)line.len);
	str_release(&line);
	return (int)used;
}

static size_t
room(int columns)
{
	return columns < 0 ? (size_t)term.columns : (size_t)columns;
}

int
term_put(int row, int column, int columns, enum role role, const char *text)
{
	return put(row, column, role, text, strlen(text),
		(struct cells_window){ .columns = room(columns), .mark = true });
}

int
term_put_bytes(int row, int column, int columns, enum role role,
	const char *bytes, size_t len, size_t skip)
{
	return put(row, column, role, bytes, len,
		(struct cells_window){ .columns = room(columns), .skip = skip });
}

void
term_fill(int row, int column, int columns, enum role role)
{
	int end = columns < 0 || column + columns > term.columns ?
		term.columns : column + columns;

	if (row < 0 || row >= term.rows)
		return;
	use_role(role);
	for (int at = column < 0 ? 0 : column; at < end; at++)
		mvaddch(row, at, ' ');
}

static void
put_on_canvas(void *arg, int row, int column, enum role role, const char *text)
{
	(void)arg;
	term_put(row, column, -1, role, text);
}

const struct canvas *
term_canvas(void)
{
	static struct canvas canvas = { .put = put_on_canvas };

	canvas.blocks = term.blocks;
	canvas.colors = roles[ROLE_BAD].pair != 0;
	return &canvas;
}

void
term_rule(int row)
{
	if (row < 0 || row >= term.rows)
		return;
	use_role(ROLE_RULE);
	for (int at = 0; at < term.columns; at++)
		mvaddch(row, at, '-');
}

void
term_cursor(int row, int column)
{
	term.cursor_row = row < 0 ? 0 : row < term.rows ? row : term.rows - 1;
	term.cursor_column = column < 0 ? 0 :
		column < term.columns ? column : term.columns - 1;
}

void
term_end(void)
{
	move(term.cursor_row, term.cursor_column);
	refresh();
	term_picture_sent();
}

void
term_bell(void)
{
	(void)beep();
}

void
term_redraw(void)
{
	clearok(curscr, TRUE);
}
