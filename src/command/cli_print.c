/* SPDX-License-Identifier: ISC */
/* cli_print: text for people, in the character set of the locale. See cli.h
 * for the contract. */
#include "command/cli.h"
#include "base/put.h"
#include "base/text.h"
#include "base/width.h"

#include <stdlib.h>
#include <string.h>

/* text in UTF-8, with ? for what the locale lacks. */
static void
add_known(struct str *s, const char *text)
{
	char bytes[MB_LEN_MAX];
	size_t len = strlen(text), n;
	uint32_t cp;

	for (size_t i = 0; i < len; i += n) {
		n = text_decode(text + i, len - i, &cp);
		if (n && (cp < 0x80 || put_encode(bytes, cp)))
			str_add_bytes(s, text + i, n);
		else
			str_add_char(s, '?');
		n = n ? n : 1;
	}
}

void
cli_put(FILE *to, const char *text)
{
	put_text(to, text, strlen(text));
}

void
cli_cell(const struct cli *cli, const char *text, int columns)
{
	struct str printable = STR_INIT, s = STR_INIT;
	char cut[1024];
	size_t want = (size_t)abs(columns), have;

	(void)cli;
	if (text)
		text_add_printable(&printable, text, strlen(text));
	add_known(&s, printable.data);
	str_release(&printable);
	if (columns == 0) {
		cli_put(stdout, s.data);
		str_release(&s);
		return;
	}
	width_cut(cut, sizeof cut, s.data, want);
	str_release(&s);
	have = width_text(cut);
	if (columns < 0)
		printf("%*s", (int)(want - have), "");
	cli_put(stdout, cut);
	if (columns > 0)
		printf("%*s", (int)(want - have), "");
}

const char *
cli_color(const struct cli *cli, enum cli_color color)
{
	static const char *const codes[] = {
		[CLI_RED] = "\033[31m", [CLI_YELLOW] = "\033[33m",
		[CLI_GREEN] = "\033[32m", [CLI_DIM] = "\033[2m",
		[CLI_BOLD] = "\033[1m", [CLI_PLAIN] = "\033[0m",
	};

	return cli->color ? codes[color] : "";
}
