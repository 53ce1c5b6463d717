/* SPDX-License-Identifier: ISC */
/* import_options: see import_options.h for the contract. */
#include "import/import_options.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define SHOWN(text) text_printable((char[96]){ 0 }, 96, (text), strlen(text))
#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct option_row {
	const char *dos;	/* IMPORT's spelling, or NULL */
	const char *name;	/* behind "--" */
	const char *value;	/* what follows, or NULL */
	const char *words;
	size_t offset;
} rows[] = {
#define X(member, dos, name, value, words) \
	{ dos, name, value, words, offsetof(struct import_options, member) },
	IMPORT_SWITCH_LIST(X)
#undef X
};

static const char **
member_of(struct import_options *o, const struct option_row *row)
{
	return (const char **)(void *)((char *)o + row->offset);
}

static int
set(struct import_options *o, const struct option_row *row, const char *value,
	struct error *err)
{
	const char **member = member_of(o, row);

	if (*member)
		return error_set(err, ERROR_INVALID, "--%s is given twice",
			row->name);
	if (row->value && !*value)
		return error_set(err, ERROR_INVALID, "--%s%s%s needs a value",
			row->name, row->dos ? " or " : "",
			row->dos ? row->dos : "");
	*member = value;
	return 0;
}

/* Whole words first: "/PARTIAL" is no password "ARTIAL". */
static const struct option_row *
find_switch(const char *arg)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].dos && !rows[i].value &&
		    strcasecmp(rows[i].dos, arg) == 0)
			return &rows[i];
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].dos && rows[i].value &&
		    strncasecmp(rows[i].dos, arg, 2) == 0)
			return &rows[i];
	return NULL;
}

static const struct option_row *
find_name(const char *name, size_t len, struct error *err)
{
	struct text_guess g;
	char word[64];

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strlen(rows[i].name) == len &&
		    memcmp(rows[i].name, name, len) == 0)
			return &rows[i];
	text_printable(word, sizeof word, name, len);
	g = (struct text_guess){ .typed = word };
	for (size_t i = 0; i < COUNT(rows); i++)
		text_guess_try(&g, rows[i].name);
	if (g.best)
		error_set(err, ERROR_INVALID, "unknown option --%s (did you "
			"mean --%s?)", word, g.best);
	else
		error_set(err, ERROR_INVALID, "unknown option --%s", word);
	return NULL;
}

/* Handles argv[i]; the number of arguments it took, or -1. */
static int
parse_long(int argc, char **argv, int i, struct import_options *o,
	struct error *err)
{
	const char *name = argv[i] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_row *row = find_name(name, len, err);

	if (!row)
		return -1;
	if (!row->value && equals)
		return error_set(err, ERROR_INVALID, "--%s takes no value",
			row->name);
	if (!row->value)
		return set(o, row, "", err) < 0 ? -1 : 1;
	if (equals)
		return set(o, row, equals + 1, err) < 0 ? -1 : 1;
	if (i + 1 >= argc)
		return set(o, row, "", err) < 0 ? -1 : 1;
	return set(o, row, argv[i + 1], err) < 0 ? -1 : 2;
}

static int
parse_switch(char *arg, struct import_options *o, struct error *err)
{
	const struct option_row *row = find_switch(arg);

	if (!row)
		return error_set(err, ERROR_INVALID, "unknown %s %s",
			*arg == '/' ? "switch" : "argument", SHOWN(arg));
	return set(o, row, row->value ? arg + 2 : "", err);
}

static int
complete(struct import_options *o, struct error *err)
{
	if (o->help || o->version)
		return 0;
	if (!o->directory)
		return error_set(err, ERROR_INVALID, "no post office: "
			"/Ddirectory is missing");
	if (o->worker && o->file)
		return error_set(err, ERROR_INVALID, "--worker and /@file "
			"exclude each other");
	if (!o->worker && !o->file)
		return error_set(err, ERROR_INVALID, "nothing to import: "
			"/@file is missing");
	if (o->hex && o->macbinary)
		return error_set(err, ERROR_INVALID, "/FILES/HEX and "
			"/FILES/MACBIN2 exclude each other");
	if (!o->und)
		o->und = IMPORT_UND_DEFAULT;
	return 0;
}

int
import_options_parse(int argc, char **argv, struct import_options *out,
	struct error *err)
{
	*out = (struct import_options){ 0 };
	for (int i = 1, took; i < argc; i += took) {
		if (strncmp(argv[i], "--", 2) == 0)
			took = parse_long(argc, argv, i, out, err);
		else
			took = parse_switch(argv[i], out, err) < 0 ? -1 : 1;
		if (took < 0)
			return -1;
	}
	if (out->password) {
		/* It points into argv, which may be written. */
		memset((char *)(uintptr_t)out->password, 'x',
			strlen(out->password));
		out->password = "";
	}
	return complete(out, err);
}

void
import_options_help(FILE *to)
{
	fputs("usage: ccmq-import /Ddirectory /@file [switches]\n"
		"       ccmq-import --worker /Ddirectory [switches]\n"
		"Imports a cc:Mail message file into a post office of "
		"Maildirs.\n\n", to);
	for (size_t i = 0; i < COUNT(rows); i++) {
		char left[64], name[32];

		snprintf(name, sizeof name, "--%s%s%s", rows[i].name,
			rows[i].value ? "=" : "",
			rows[i].value ? rows[i].value : "");
		snprintf(left, sizeof left, "%-14s %-22s",
			rows[i].dos ? rows[i].dos : "", name);
		fprintf(to, "  %s %s\n", left, rows[i].words);
	}
	fputs("\nResult codes: 0 imported, 1 not a message, 2 unknown failure, "
		"3 post office or\ncommand line unusable, 4 post office locked "
		"or down, 5 undeliverable, or partly.\n", to);
}
