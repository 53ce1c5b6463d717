/* SPDX-License-Identifier: ISC */
/*
 * shoot: pictures of a program's screen, for documents.
 *
 * Reads the script language of screen.c from its standard input, without
 * blocks and variables, and one command more:
 *
 *   svg FILE                writes what the screen shows
 *
 * The first command that fails ends it with 1, with its words and the screen
 * on standard error.
 */
#include "script.h"
#include "svg.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct script run = {
	.children = { CHILD_INIT, CHILD_INIT, CHILD_INIT },
	.columns = 80, .rows = 24,
};

static bool
do_svg(char *path)
{
	const struct svg_terminal terminal = {
		run.child->raw.data, run.child->raw.len, run.columns, run.rows,
	};
	struct str out = STR_INIT;
	FILE *f = fopen(path, "w");
	bool written;

	if (!f)
		return script_fail("cannot write", path);
	svg_draw(&terminal, &out);
	written = fwrite(out.data, 1, out.len, f) == out.len;
	str_release(&out);
	return (fclose(f) == 0 && written) ||
		script_fail("cannot write", path);
}

static bool
command(char *line)
{
	char *args = line + strcspn(line, " ");
	script_command call;

	if (*args)
		*args++ = '\0';
	if (strcmp(line, "svg") == 0)
		return do_svg(args);
	call = script_find(line);
	return call ? call(args) : script_fail("no such command:", line);
}

int
main(void)
{
	char line[1000], *s;
	bool ok = true;

	str_init(&run.why);
	str_init(&run.remembered);
	for (size_t i = 0; i < CHILDREN; i++)
		str_init(&run.children[i].raw);
	run.child = run.children;
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	signal(SIGPIPE, SIG_IGN);
	while (ok && fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		s = line + strspn(line, " \t");
		if (*s && *s != '#')
			ok = command(s);
		run.line++;
	}
	fputs(run.why.data, stderr);
	for (size_t i = 0; i < CHILDREN; i++)
		child_end(&run.children[i]);
	str_release(&run.why);
	str_release(&run.remembered);
	return !ok;
}
