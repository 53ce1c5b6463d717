/* cli: see cli.h for the contract. */
#include "command/cli.h"
#include "base/clock.h"
#include "base/files.h"
#include "work/operations.h"
#include "base/text.h"
#include "base/width.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void __attribute__((format(printf, 2, 0)))
say(const struct cli *cli, const char *fmt, va_list ap)
{
	fflush(stdout);
	fprintf(stderr, "ccmq%s%s: ", cli->command ? " " : "",
		cli->command ? cli->command : "");
	vfprintf(stderr, fmt, ap);
	putc('\n', stderr);
}

void
cli_notice(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(cli, fmt, ap);
	va_end(ap);
}

int
cli_usage(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(cli, fmt, ap);
	va_end(ap);
	fprintf(stderr, "try: ccmq %s --help\n",
		cli->command ? cli->command : "");
	return CLI_USAGE;
}

int
cli_fail(const struct cli *cli, const struct error *err)
{
	cli_notice(cli, "%s", err->text);
	switch (err->code) {
	case ERROR_INVALID:
		return CLI_USAGE;
	case ERROR_NOT_FOUND:
	case ERROR_BUSY:
	case ERROR_STOPPED:
	case ERROR_UNKNOWN:
		return CLI_NOT_DONE;
	case ERROR_NONE:
	case ERROR_SYSTEM:
	case ERROR_STORE:
	case ERROR_REPLACED:
	case ERROR_READ_ONLY:
		break;
	}
	return CLI_UNUSABLE;
}

int
cli_open(struct cli *cli, bool write)
{
	struct error err = ERROR_INIT;
	bool read_only = cli->read_only || cli->settings.console_read_only;

	if (write && read_only) {
		cli_notice(cli, "this is read-only mode (%s)", cli->read_only ?
			"--read-only" : "console.read_only");
		return CLI_UNUSABLE;
	}
	if (store_open(&cli->store, cli->settings.store, "ccmq",
	    write ? STORE_WRITE : STORE_READ, &err) < 0) {
		if (err.code == ERROR_INVALID || err.code == ERROR_NOT_FOUND)
			err.code = ERROR_STORE;
		return cli_fail(cli, &err);
	}
	cli->store_open = true;
	return 0;
}

static bool
say_waiting(void *arg, const char *holder)
{
	const struct cli *cli = arg;

	cli_notice(cli, "waiting for the store, which is being written by %s",
		holder);
	return true;
}

int
cli_open_for_verb(struct cli *cli)
{
	struct error err = ERROR_INIT;
	char who[128];
	int rc = cli_open(cli, true);

	if (rc != 0)
		return rc;
	cli->store.waiting = say_waiting;
	cli->store.waiting_arg = cli;
	rc = spool_take_lock(&cli->store.spool, "ccmq", who, sizeof who, &err);
	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc > 0)
		return 0;		/* a connector runs: it has recovered */
	rc = operations_recover(&cli->store, &cli->settings, &err);
	spool_drop_lock(&cli->store.spool);
	if (rc < 0) {
		store_end(&cli->store);
		return cli_fail(cli, &err);
	}
	return 0;
}

/* The index of name in names; '=' ends a name with a value. */
static int
find_option(const char *name, size_t len, const char *const *names,
	bool *has_value)
{
	for (int i = 0; names[i]; i++) {
		size_t n = strcspn(names[i], "=");

		if (n == len && strncmp(names[i], name, n) == 0) {
			*has_value = names[i][n] == '=';
			return i;
		}
	}
	return -1;
}

static int
long_option(struct cli *cli, struct cli_args *args, const char *text,
	const char *const *names)
{
	size_t len = strcspn(text, "=");
	bool wants = false;
	int i;

	args->value = text[len] == '=' ? text + len + 1 : NULL;
	if (len == 4 && strncmp(text, "help", 4) == 0)
		return CLI_HELP;
	if (len == 4 && strncmp(text, "json", 4) == 0) {
		cli->json = true;
		return cli_next(cli, args, names);
	}
	i = find_option(text, len, names, &wants);
	if (i < 0) {
		char shown[64];

		cli_usage(cli, "there is no option --%s",
			text_printable(shown, sizeof shown, text, len));
		return -2;
	}
	if (wants && !args->value) {
		if (args->at == args->argc) {
			cli_usage(cli, "--%.*s wants a value", (int)len, text);
			return -2;
		}
		args->value = args->argv[args->at++];
	} else if (!wants && args->value) {
		cli_usage(cli, "--%.*s takes no value", (int)len, text);
		return -2;
	}
	return i;
}

int
cli_next(struct cli *cli, struct cli_args *args, const char *const *names)
{
	const char *arg;
	char shown[64];

	if (args->at >= args->argc)
		return -1;
	arg = args->argv[args->at++];
	if (!args->only_operands && strcmp(arg, "--") == 0) {
		args->only_operands = true;
		return cli_next(cli, args, names);
	}
	if (!args->only_operands && strncmp(arg, "--", 2) == 0)
		return long_option(cli, args, arg + 2, names);
	if (!args->only_operands && strcmp(arg, "-h") == 0)
		return CLI_HELP;
	if (!args->only_operands && arg[0] == '-' && arg[1]) {
		cli_usage(cli, "there is no option %s",
			text_printable(shown, sizeof shown, arg, strlen(arg)));
		return -2;
	}
	args->value = arg;
	return CLI_OPERAND;
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

void
cli_cell(const struct cli *cli, const char *text, int columns)
{
	struct str s = STR_INIT;
	char cut[1024];
	size_t want = (size_t)abs(columns), have;

	(void)cli;
	if (text)
		text_add_printable(&s, text, strlen(text));
	if (columns == 0) {
		fputs(s.data, stdout);
		str_release(&s);
		return;
	}
	width_cut(cut, sizeof cut, s.data, want);
	str_release(&s);
	have = width_text(cut);
	if (columns < 0)
		printf("%*s", (int)(want - have), "");
	fputs(cut, stdout);
	if (columns > 0)
		printf("%*s", (int)(want - have), "");
}

void
cli_result_words(char out[120], const struct history_message *m)
{
	const char *meaning = m->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(m->code);

	if (!m->class || m->code == 0)
		out[0] = '\0';		/* the state says it */
	else if (m->signal)
		snprintf(out, 120, "crashed, signal %d", m->signal);
	else if (m->code == HISTORY_NO_CODE)
		snprintf(out, 120, "%s", m->reason ? m->reason : m->class);
	else if (m->code == 5 && m->reason)
		snprintf(out, 120, "5 %.100s", m->reason);
	else
		snprintf(out, 120, "%d %s", m->code,
			meaning ? meaning : m->class);
}

struct json_line *
cli_message_json(const struct history_message *m)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "id", m->id);
	json_put_bytes(j, "name", m->true_name, m->true_name_len);
	json_put_base64(j, "name_b64", m->true_name, m->true_name_len);
	json_put_text(j, "state", state_word(m->state));
	json_put_number(j, "size", m->size);
	json_put_time(j, "received_at", m->received_at);
	json_put_number(j, "attempts", m->attempts);
	json_put_number(j, "tries", m->tries);
	if (m->code == HISTORY_NO_CODE)
		json_put_null(j, "result_code");
	else
		json_put_number(j, "result_code", m->code);
	json_put_text(j, "class", m->class);
	json_put_text(j, "reason", m->reason);
	json_put_text(j, "from", m->from);
	json_put_lines(j, "to", m->to);
	json_put_text(j, "subject", m->subject);
	json_put_text(j, "date", m->date_text);
	json_put_time(j, "next_attempt_at", m->next_attempt_at);
	json_put_number(j, "und_bytes", m->und_bytes);
	json_put_bool(j, "suspect", m->suspect);
	json_put_time(j, "since", m->since);
	json_put_bool(j, "maybe_delivered", m->maybe_delivered);
	json_put_number(j, "retries", m->retries);
	json_put_text(j, "action_reason", m->action_reason);
	json_put_text(j, "action_by", m->action_by);
	json_put_text(j, "noted_verb", m->noted_verb);
	return j;
}

int
cli_parse_id(const char *text, int64_t *out, struct error *err)
{
	int64_t id;

	if (text_parse_int(text, 1, INT64_MAX, &id, err) < 0)
		return error_prefix(err, "id");
	*out = id;
	return 0;
}
