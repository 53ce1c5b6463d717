/* SPDX-License-Identifier: ISC */
/* term: curses takes and leaves the screen. See term_private.h. */
#include "term/term_private.h"
#include "base/files.h"

#include <curses.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void
write_out(const char *bytes)
{
	struct error ignored;

	/* A lost line is seen by whoever reads it. */
	(void)fs_write_all(STDOUT_FILENO, bytes, strlen(bytes), &ignored);
}

void
term_screen_enter(void)
{
	raw();			/* no signals from keys, no Ctrl-S */
	noecho();
	nonl();
	write_out(TERM_MOUSE_OFF TERM_PASTE_ON);
	clearok(curscr, TRUE);
}

void
term_screen_leave(void)
{
	endwin();
	term_give_back(false);
}

void
term_resize_now(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row &&
	    size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	/* A terminal that was small for a moment has lost what it showed, also
	 * when it is as large as before by now. */
	clearok(curscr, TRUE);
	term.rows = LINES;
	term.columns = COLS;
}
