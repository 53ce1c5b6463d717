/* SPDX-License-Identifier: ISC */
/*
 * term: what terminfo knows. See term.h for the contract. A file of its own,
 * because <term.h> makes macros of words such as "columns".
 */
#include "term/term_private.h"
#include "base/text.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

struct term_state term;

/* Appends a terminfo string without its "$<…>" waiting times. */
static void
add_restore(const char *capability)
{
	const char *s = tigetstr(capability);

	if (!s || s == (char *)-1)
		return;
	while (*s && term.restore_len < TERM_RESTORE_MAX) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>'))
			s = strchr(s, '>') + 1;
		else
			term.restore[term.restore_len++] = *s++;
	}
}

static void
build_restore(void)
{
	const char *rmcup = tigetstr("rmcup");
	bool has_rmcup = rmcup && rmcup != (char *)-1;

	memcpy(term.restore, TERM_PASTE_OFF, strlen(TERM_PASTE_OFF));
	term.restore_len = strlen(TERM_PASTE_OFF);
	add_restore("sgr0");
	add_restore("op");
	add_restore("cnorm");
	add_restore(has_rmcup ? "rmcup" : "clear");
}

int
term_info_check(struct error *err)
{
	const char *name = getenv("TERM");
	const char *cup;
	char shown[64];
	int status;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, ERROR_INVALID,
			"the console needs a terminal" TERM_ELSEWHERE);
	if (!name)
		name = "";
	text_printable(shown, sizeof shown, name, strlen(name));
	if (setupterm(NULL, STDOUT_FILENO, &status) != OK)
		return error_set(err, ERROR_INVALID,
			"nothing is known of the terminal TERM=%s" TERM_OTHER
			TERM_ELSEWHERE, shown);
	cup = tigetstr("cup");
	if (!cup || cup == (char *)-1)
		status = -1;
	else
		build_restore();
	del_curterm(cur_term);
	if (status == -1)
		return error_set(err, ERROR_INVALID, "the terminal TERM=%s has "
			"no cursor that could be moved" TERM_OTHER TERM_ELSEWHERE,
			shown);
	return 0;
}

bool
term_info_is_direct(int colors)
{
	const char *bits = tigetstr("RGB");

	return colors > 256 && (tigetflag("RGB") > 0 || tigetnum("RGB") > 0 ||
		(bits && bits != (char *)-1));
}

bool
term_info_has_blocks(void)
{
	static const char *const without[] = { "linux", "vt", "ansi", "con" };
	const char *name = getenv("TERM");

	for (size_t i = 0; name && i < sizeof without / sizeof *without; i++)
		if (strncmp(name, without[i], strlen(without[i])) == 0)
			return false;
	return name != NULL;
}
