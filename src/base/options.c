/* SPDX-License-Identifier: ISC */
/* options: see options.h for the contract. */
#include "base/options.h"
#include "base/text.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>

/* getopt's tables; an option's number is that of its row, from 1 on. */
struct tables {
	struct option names[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 2];
};

static void
make_tables(const struct options_row *rows, struct tables *t)
{
	char *letter = t->letters;
	int n = 0;

	*letter++ = ':';		/* a value that is missing is told apart */
	for (; rows[n].name; n++) {
		bool text = rows[n].take == OPTIONS_TEXT;

		assert(n < OPTIONS_MAX);
		t->names[n] = (struct option){ rows[n].name, text ?
			required_argument : no_argument, NULL, n + 1 };
		if (rows[n].letter)
			*letter++ = rows[n].letter;
		if (rows[n].letter && text)
			*letter++ = ':';
	}
	t->names[n] = (struct option){ NULL, 0, NULL, 0 };
	*letter = '\0';
}

static int
row_of(const struct options_row *rows, int option)
{
	int i = 0;

	if (option >= 1 && option <= OPTIONS_MAX)
		return option - 1;
	while (rows[i].name && rows[i].letter != option)
		i++;
	return i;
}

static int
unknown(const char *arg, const struct options_row *rows, struct error *err)
{
	char word[64], letter[3] = { '-', (char)optopt, '\0' };
	struct text_guess g = { .typed = word };
	size_t len = strcspn(arg, "=");

	if (strncmp(arg, "--", 2) != 0)
		return error_set(err, ERROR_INVALID, "there is no option %s",
			text_printable(word, sizeof word, letter, 2));
	text_printable(word, sizeof word, arg + 2, len - 2);
	for (; rows->name; rows++)
		text_guess_try(&g, rows->name);
	if (g.best)
		return error_set(err, ERROR_INVALID, "there is no option --%s; "
			"did you mean --%s?", word, g.best);
	return error_set(err, ERROR_INVALID, "there is no option --%s", word);
}

/* What getopt returned, for what is no option with what it wants. */
static int
refuse(int c, char **argv, const struct options_row *rows, struct error *err)
{
	int row = optopt ? row_of(rows, optopt) : -1;

	if (row < 0 || !rows[row].name)
		return unknown(argv[optind - 1], rows, err);
	return error_set(err, ERROR_INVALID, c == ':' ? "--%s wants a value" :
		"--%s takes no value", rows[row].name);
}

int
options_read(int argc, char **argv, const struct options_row *rows,
	struct error *err)
{
	struct tables t;
	unsigned seen = 0;
	int c;

	make_tables(rows, &t);
	optind = 0;			/* glibc starts anew */
	opterr = 0;
	while ((c = getopt_long(argc, argv, t.letters, t.names, NULL)) != -1) {
		int i = row_of(rows, c);

		if (c == ':' || c == '?')
			return refuse(c, argv, rows, err);
		if (seen & 1u << i)
			return error_set(err, ERROR_INVALID, "--%s is given "
				"twice", rows[i].name);
		seen |= 1u << i;
		if (rows[i].take == OPTIONS_TEXT)
			*(const char **)rows[i].out = optarg;
		else
			*(bool *)rows[i].out = true;
	}
	return optind;
}
