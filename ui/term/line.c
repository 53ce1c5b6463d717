/* SPDX-License-Identifier: ISC */
/* line: see line.h for the contract. */
#include "term/line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_LIBEDIT
#include <histedit.h>
#include <wchar.h>
#endif

static struct {
	struct line_options options;
	char line[LINE_MAX_BYTES];
	bool terminal;
#ifdef HAVE_LIBEDIT
	EditLine *edit;
	History *history;
#endif
} l;

static void
prompt(void)
{
	fputs(LINE_PROMPT, stdout);
	fflush(stdout);
}

/* A byte of a line that nobody edits. False: there is none any more. */
static bool
read_byte(char *out)
{
	ssize_t n;
	int waited;

	while ((waited = l.options.wait(l.options.arg, STDIN_FILENO,
	    l.terminal)) > 0)
		if (l.terminal)
			prompt();
	if (waited < 0)
		return false;
	while ((n = read(STDIN_FILENO, out, 1)) < 0 && errno == EINTR)
		;
	return n == 1;
}

/* Not edited; what is too long is cut. */
static const char *
read_plain(void)
{
	size_t n = 0;
	char c;

	if (l.terminal)
		prompt();
	while (read_byte(&c)) {
		if (c == '\n') {
			l.line[n] = '\0';
			return l.line;
		}
		if (n < sizeof l.line - 1)
			l.line[n++] = c;
	}
	return NULL;
}

#ifdef HAVE_LIBEDIT
static char *
prompt_text(EditLine *edit)
{
	static char text[] = LINE_PROMPT;

	(void)edit;
	return text;
}

/* One character, when one comes; meanwhile others may speak. The prompt that
 * is written here is the one libedit believes to be there. */
static int
next_char(EditLine *edit, wchar_t *out)
{
	const LineInfoW *info = el_wline(edit);
	mbstate_t state = { 0 };
	ssize_t n;
	char c;

	for (;;) {
		int waited;

		while ((waited = l.options.wait(l.options.arg, STDIN_FILENO,
		    info->lastchar != info->buffer)) > 0)
			prompt();
		if (waited < 0)
			return 0;
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != 1)
			return 0;
		switch (mbrtowc(out, &c, 1, &state)) {
		case (size_t)-2:
			continue;
		case (size_t)-1:
			*out = L'?';
			return 1;
		default:
			return 1;
		}
	}
}

/* The first word, as far as it is the only one that begins so. */
static unsigned char
complete(EditLine *edit, int key)
{
	const LineInfo *info = el_line(edit);
	size_t len = (size_t)(info->cursor - info->buffer), common = 0;
	const char *found = NULL;

	(void)key;
	for (const char *const *w = l.options.words; *w; w++) {
		size_t same = 0;

		if (strncmp(*w, info->buffer, len) != 0)
			continue;
		while (found && found[same] && found[same] == (*w)[same])
			same++;
		common = found && same < common ? same : !found ? strlen(*w) :
			common;
		found = *w;
	}
	if (!found || common <= len || memchr(info->buffer, ' ', len))
		return CC_ERROR;
	snprintf(l.line, sizeof l.line, "%.*s", (int)(common - len),
		found + len);
	return el_insertstr(edit, l.line) < 0 ? CC_ERROR : CC_REFRESH;
}

static void
open_edit(void)
{
	HistEvent event;

	l.edit = el_init("ccmq", stdin, stdout, stderr);
	l.history = history_init();
	if (!l.edit || !l.history)
		return;
	history(l.history, &event, H_SETSIZE, 500);
	/* Nothing that moves a cursor elsewhere. */
	el_set(l.edit, EL_TERMINAL, "dumb");
	el_set(l.edit, EL_EDITOR, "emacs");
	el_set(l.edit, EL_SIGNAL, 0);
	el_set(l.edit, EL_PROMPT, prompt_text);
	el_set(l.edit, EL_HIST, history, l.history);
	el_set(l.edit, EL_ADDFN, "complete", "completes a word", complete);
	el_set(l.edit, EL_BIND, "^I", "complete", NULL);
	el_wset(l.edit, EL_GETCFN, next_char);
}

static const char *
read_edited(void)
{
	HistEvent event;
	int n;
	const char *text = el_gets(l.edit, &n);

	if (!text || n <= 0)
		return NULL;
	snprintf(l.line, sizeof l.line, "%s", text);
	l.line[strcspn(l.line, "\n")] = '\0';
	if (*l.line)
		history(l.history, &event, H_ENTER, l.line);
	return l.line;
}
#endif

bool
line_can_edit(void)
{
#ifdef HAVE_LIBEDIT
	return true;
#else
	return false;
#endif
}

void
line_open(const struct line_options *options)
{
	l.options = *options;
	l.terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
#ifdef HAVE_LIBEDIT
	if (l.terminal)
		open_edit();
#endif
}

void
line_close(void)
{
#ifdef HAVE_LIBEDIT
	if (l.edit)
		el_end(l.edit);
	if (l.history)
		history_end(l.history);
#endif
	memset(&l, 0, sizeof l);
}

const char *
line_read(void)
{
#ifdef HAVE_LIBEDIT
	if (l.edit && l.history)
		return read_edited();
#endif
	return read_plain();
}
