/*
 * cli: what the commands of `ccmq` share.
 *
 * A command is one row in the table of ccmq_main.c and one function in a file
 * cmd_*.c. It gets a struct cli with the options that all commands take, and
 * its own arguments; it returns an exit status:
 *
 *	0  all done
 *	1  something asked for was not done (each named on standard error)
 *	2  usage
 *	3  the store or the settings cannot be used, or a verb in read-only mode
 *
 * Data goes to standard output, notices to standard error. Foreign text is
 * made printable here, at the edge.
 */
#ifndef CCMQ_CLI_H
#define CCMQ_CLI_H

#include "base/actor.h"
#include "base/error.h"
#include "base/json.h"
#include "settings/settings.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	CLI_DONE = 0,
	CLI_NOT_DONE = 1,
	CLI_USAGE = 2,
	CLI_UNUSABLE = 3,
};

struct cli {
	const char *config, *store_path;	/* -c, -s */
	bool read_only;				/* --read-only, or a setting */
	bool json;
	const char *command;
	struct settings settings;
	struct store store;
	bool store_open;
	struct actor actor;
	bool color;				/* standard output takes it */
	int columns;				/* of standard output; 0: no
						 * terminal, do not cut */
	int64_t now;
};

/* "ccmq: <command>: <words>" on standard error; the exit status that belongs
 * to the error. */
int cli_fail(const struct cli *cli, const struct error *err);
void cli_notice(const struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, and "try: ccmq COMMAND --help"; returns CLI_USAGE. */
int cli_usage(const struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Opens the store; for writing it may be read-only, which is an error then.
 * 0, or an exit status (said). */
int cli_open(struct cli *cli, bool write);

/* For a verb: opens for writing, and, when no connector runs, takes `lock`
 * and recovers first. 0 or an exit status (said). */
int cli_open_for_verb(struct cli *cli);

/*
 * The next option of a command's own arguments. names: "json" "reason=" …,
 * NULL-terminated, '=' for those with a value. Returns its index, -1 when
 * there is none left (*arg_out is the next plain argument, or NULL), -2 when
 * it is wrong (said). --json is taken care of, and so is --help (index
 * CLI_HELP).
 */
#define CLI_HELP 1000
#define CLI_OPERAND 1001
struct cli_args {
	int argc, at;
	char **argv;
	const char *value;
	bool only_operands;
};
int cli_next(struct cli *cli, struct cli_args *args, const char *const *names);

/* Colours, "" where there are none. */
enum cli_color { CLI_RED, CLI_YELLOW, CLI_GREEN, CLI_DIM, CLI_BOLD, CLI_PLAIN };
const char *cli_color(const struct cli *cli, enum cli_color color);

/* Prints text made printable in exactly `columns` columns, left-aligned
 * (negative: right-aligned), cut with '>' where it is too long; 0: all of it,
 * without padding. NULL is "". */
void cli_cell(const struct cli *cli, const char *text, int columns);

/* The importer's result in words: "1 did not complete". */
void cli_result_words(char out[120], const struct history_message *m);

/* A message in the members of list --json. */
struct json_line *cli_message_json(const struct history_message *m);

/* An attempt, and an action (with what it did to one message, or NULL): as a
 * line of text, or as an object. */
void cli_print_attempt(const struct cli *cli, const struct history_attempt *a);
void cli_print_action(const struct cli *cli, const struct history_action *a,
	const struct history_item *i);
struct json_line *cli_attempt_json(const struct history_attempt *a);
struct json_line *cli_action_json(const struct history_action *a,
	const struct history_item *i);
/* Attempts and actions of one message, newest first, in text or as arrays of
 * j. 0 or -1. */
int cli_print_rows(struct cli *cli, int64_t id, struct json_line *j,
	struct error *err);

/* Reads an id: a positive decimal number. 0 or -1 with err. */
int cli_parse_id(const char *text, int64_t *out, struct error *err);

/* What a command's row knows, for help. */
struct command {
	const char *name;
	const char *args;
	const char *summary;
	int (*run)(struct cli *cli, struct cli_args *args);
	const char *help;		/* more, or NULL */
};
extern const struct command commands[];
int cli_help(const struct cli *cli);

int cmd_init(struct cli *cli, struct cli_args *args);
int cmd_status(struct cli *cli, struct cli_args *args);
int cmd_list(struct cli *cli, struct cli_args *args);
int cmd_show(struct cli *cli, struct cli_args *args);
int cmd_verb(struct cli *cli, struct cli_args *args);
int cmd_undo(struct cli *cli, struct cli_args *args);
int cmd_connector(struct cli *cli, struct cli_args *args);
int cmd_test(struct cli *cli, struct cli_args *args);
int cmd_history(struct cli *cli, struct cli_args *args);
int cmd_events(struct cli *cli, struct cli_args *args);
int cmd_und(struct cli *cli, struct cli_args *args);
/* For show --und: what a message left in the .und file. */
int cmd_und_of_message(struct cli *cli, const struct history_message *m);
int cmd_check(struct cli *cli, struct cli_args *args);

#endif
