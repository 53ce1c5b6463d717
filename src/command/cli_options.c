/* SPDX-License-Identifier: ISC */
/* cli_options: the options of a command and those of all commands. See
 * cli.h for the contract. */
#include "command/cli.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What every command takes, before its name and after. */
enum { GLOBAL_CONFIG, GLOBAL_STORE, GLOBAL_READ_ONLY, GLOBAL_NO_COLOR,
	GLOBAL_JSON, GLOBAL_HELP };
static const char *const global_names[] = {
	[GLOBAL_CONFIG] = "config=",
	[GLOBAL_STORE] = "store=",
	[GLOBAL_READ_ONLY] = "read-only",
	[GLOBAL_NO_COLOR] = "no-color",
	[GLOBAL_JSON] = "json",
	[GLOBAL_HELP] = "help",
	NULL,
};

/* An option's name without its marks; *len_out is its length. */
static const char *
bare(const char *name, size_t *len_out)
{
	name += *name == '|';
	*len_out = strcspn(name, "=");
	return name;
}

static int
find(const char *text, size_t len, const char *const *names)
{
	for (int i = 0; names[i]; i++) {
		size_t n;
		const char *name = bare(names[i], &n);

		if (n == len && strncmp(name, text, n) == 0)
			return i;
	}
	return -1;
}

/* Looks through names for what was most likely meant; its word to `to`. */
static void
guess(struct text_guess *g, char to[40], const char *const *names)
{
	for (int i = 0; names[i]; i++) {
		size_t n;
		const char *name = bare(names[i], &n);
		char word[40];

		snprintf(word, sizeof word, "%.*s", (int)n, name);
		if (text_guess_try(g, word))
			memcpy(to, word, sizeof word);
	}
}

static int
unknown(struct cli *cli, const char *text, size_t len,
	const char *const *names)
{
	char shown[64], word[64], best[40];
	struct text_guess g = { .typed = word };

	text_printable(shown, sizeof shown, text, len);
	snprintf(word, sizeof word, "%.*s", (int)(len < 63 ? len : 63), text);
	guess(&g, best, names);
	guess(&g, best, global_names);
	if (g.best)
		cli_usage(cli, "there is no option --%s; did you mean --%s?",
			shown, best);
	else
		cli_usage(cli, "there is no option --%s", shown);
	return -2;
}

/* Once only, and not beside one that excludes it. 0 or -2 (said). */
static int
note(struct cli *cli, const char *const *names, int i, unsigned *seen)
{
	size_t n, m;
	const char *name = bare(names[i], &n), *other;
	int first = i, k;

	assert(i < 32);
	if (*seen & 1u << i) {
		cli_usage(cli, "--%.*s is given twice", (int)n, name);
		return -2;
	}
	while (*names[first] == '|')
		first--;
	for (k = first; names[k] && (k == first || *names[k] == '|'); k++) {
		if (!(*seen & 1u << k))
			continue;
		other = bare(names[k], &m);
		cli_usage(cli, "--%.*s or --%.*s, not both", (int)m, other,
			(int)n, name);
		return -2;
	}
	*seen |= 1u << i;
	return 0;
}

/* The value of an option into args->value, where it takes one; text is what
 * follows its name. 0 or -2 (said). */
static int
take_value(struct cli *cli, struct cli_args *args, const char *name,
	const char *text)
{
	size_t n;
	const char *word = bare(name, &n);
	bool wants = word[n] == '=';

	args->value = *text == '=' ? text + 1 : NULL;
	if (!wants && args->value) {
		cli_usage(cli, "--%.*s takes no value", (int)n, word);
		return -2;
	}
	if (!wants || args->value)
		return 0;
	if (args->at == args->argc) {
		cli_usage(cli, "--%.*s wants a value", (int)n, word);
		return -2;
	}
	args->value = args->argv[args->at++];
	return 0;
}

static int
use_global(struct cli *cli, const char *value, int i)
{
	switch (i) {
	case GLOBAL_CONFIG:
		cli->config = value;
		break;
	case GLOBAL_STORE:
		cli->store_path = value;
		break;
	case GLOBAL_READ_ONLY:
		cli->read_only = true;
		break;
	case GLOBAL_NO_COLOR:
		cli->no_color = true;
		cli->color = false;
		break;
	case GLOBAL_JSON:
		cli->json = true;
		break;
	default:
		return CLI_HELP;
	}
	return 0;
}

/* -1: taken care of, go on; else as cli_next. */
static int
option(struct cli *cli, struct cli_args *args, const char *text, size_t len,
	const char *const *names)
{
	int i = find(text, len, names);
	bool global = i < 0;
	const char *const *from = global ? global_names : names;

	if (global)
		i = find(text, len, global_names);
	if (i < 0)
		return unknown(cli, text, len, names);
	if (take_value(cli, args, from[i], text + len) < 0 ||
	    note(cli, from, i, global ? &cli->seen : &args->seen) < 0)
		return -2;
	if (!global)
		return i;
	i = use_global(cli, args->value, i);
	return i ? i : -1;
}

int
cli_next(struct cli *cli, struct cli_args *args, const char *const *names)
{
	char shown[64];

	while (args->at < args->argc) {
		const char *arg = args->argv[args->at++];
		int got;

		args->value = arg;
		if (args->only_operands || arg[0] != '-' || !arg[1])
			return CLI_OPERAND;
		if (strcmp(arg, "--") == 0) {
			args->only_operands = true;
			continue;
		}
		if (arg[1] == '-')
			got = option(cli, args, arg + 2,
				strcspn(arg + 2, "="), names);
		else if (strcmp(arg, "-c") == 0)
			got = option(cli, args, "config", 6, names);
		else if (strcmp(arg, "-s") == 0)
			got = option(cli, args, "store", 5, names);
		else if (strcmp(arg, "-h") == 0)
			got = CLI_HELP;
		else {
			cli_usage(cli, "there is no option %s", text_printable(
				shown, sizeof shown, arg, strlen(arg)));
			return -2;
		}
		if (got != -1)
			return got;
	}
	return -1;
}

/* What is typed for a row. 0 or -1 with err. */
static int
take_one(struct cli *cli, const struct cli_option *o, const char *value,
	struct error *err)
{
	struct cli_operands *all = o->out;
	int64_t span;
	int rc = 0;

	switch (o->take) {
	case CLI_NONE:
		return error_set(err, ERROR_INVALID, "%s", o->more);
	case CLI_FLAG:
		*(bool *)o->out = true;
		return 0;
	case CLI_TEXT:
		*(const char **)o->out = value;
		return 0;
	case CLI_ALL:
		all->of[all->count++] = (char *)(uintptr_t)value;
		return 0;
	case CLI_ID:
		return cli_parse_id(value, o->out, err);
	case CLI_NUMBER:
		rc = text_parse_int(value, o->least, INT64_MAX, o->out, err);
		break;
	case CLI_SPAN:
		rc = text_parse_duration(value, o->out, err);
		break;
	case CLI_SINCE:
		rc = text_parse_duration(value, &span, err);
		if (rc == 0)
			*(int64_t *)o->out = cli->now - span;
		break;
	case CLI_AT:
		rc = text_parse_past(value, cli->now, &cli->at, err);
		break;
	}
	return rc < 0 ? error_prefix(err, "--%.*s",
		(int)strcspn(o->name + (*o->name == '|'), "="),
		o->name + (*o->name == '|')) : 0;
}

int
cli_take(struct cli *cli, struct cli_args *args,
	const struct cli_option *options)
{
	const char *names[33] = { NULL };
	const struct cli_option *operand = NULL;
	struct error err = ERROR_INIT;
	bool had_operand = false;
	int n = 0, i;

	for (const struct cli_option *o = options; o->name; o++)
		if (*o->name)
			names[n++] = o->name;
		else
			operand = o;
	if (operand && operand->take == CLI_ALL)
		*(struct cli_operands *)operand->out = (struct cli_operands){
			args->argv + args->at, 0 };
	assert(n <= 32 && (!operand || operand == options + n));
	while ((i = cli_next(cli, args, names)) != -1) {
		if (i == -2)
			return CLI_USAGE;
		if (i == CLI_OPERAND && had_operand &&
		    operand->take != CLI_ALL)
			return cli_usage(cli, "%s", operand->more);
		if (i == CLI_OPERAND && !operand)
			return cli_usage(cli, "takes no arguments");
		had_operand = had_operand || i == CLI_OPERAND;
		if (take_one(cli, i == CLI_OPERAND ? operand : &options[i],
		    args->value, &err) < 0)
			return cli_usage(cli, "%s", err.text);
	}
	return 0;
}
