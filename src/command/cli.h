/* SPDX-License-Identifier: ISC */
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
 * made printable here, at the edge, and goes out in the locale's character
 * set, with ? for what that lacks (JSON is ASCII).
 *
 * A command reads its options first, then opens the store (which loads the
 * settings): what is typed wrongly is said before anything else is looked at.
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
#include <stdio.h>

enum {
	CLI_DONE = 0,
	CLI_NOT_DONE = 1,
	CLI_USAGE = 2,
	CLI_UNUSABLE = 3,
};

struct cli {
	const char *config, *store_path;	/* -c, -s */
	bool read_only;				/* --read-only */
	bool json, no_color;
	unsigned seen;				/* of these options; private */
	const char *command;
	struct settings settings;
	struct store store;
	bool store_open;
	struct actor actor;
	bool color;				/* standard output takes it */
	int columns;				/* of standard output; 0: no
						 * terminal, do not cut */
	int64_t now;
	int64_t at;				/* --at: what is shown is of
						 * then; 0: of now */
	bool plugin;				/* status --check: what goes
						 * wrong is said on standard
						 * output, too */
	int plugin_status;			/* 3, until it is known */
};

/* "ccmq <command>: <words>" on standard error; the exit status that belongs
 * to the error. */
int cli_fail(const struct cli *cli, const struct error *err);
void cli_notice(const struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, and "try: ccmq COMMAND --help"; returns CLI_USAGE. */
int cli_usage(const struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Loads the settings. 0 or an exit status (said). */
int cli_settings(struct cli *cli);

/* Not in read-only mode? 0, or an exit status (said). After cli_settings. */
int cli_may_write(struct cli *cli);

/* Loads the settings and opens the store, whose history must be of our
 * version; for writing it may be read-only, which is an error then. 0, or an
 * exit status (said). */
int cli_open(struct cli *cli, bool write);

/* Is the history of the version that this program knows? 0 or an exit status
 * (said). */
int cli_check_version(struct cli *cli);

/* The store alone, of whatever version. After cli_settings. */
int cli_open_store(struct cli *cli, enum store_mode mode);

/* Before a verb, in a store open for writing: when no connector runs, takes
 * `lock` and recovers. 0 or -1. */
int cli_recover(struct cli *cli, struct error *err);
/* Opens for it, too. 0 or an exit status (said). */
int cli_open_for_verb(struct cli *cli);

/*
 * The next option or operand of a command. names: "dry-run" "reason=" …, at
 * most 32, NULL-terminated; '=' ends those with a value, '|' begins one that
 * excludes those before it ("for=", "|until="). Returns its index, with
 * args->value; CLI_OPERAND, CLI_HELP; -1 when there is none left; -2 when it
 * is wrong (said): unknown, given twice, beside one that excludes it. What
 * every command takes (--config, --store, --read-only, --json …) is taken
 * care of.
 */
#define CLI_HELP 1000
#define CLI_OPERAND 1001
struct cli_args {
	int argc, at;
	char **argv;
	const char *value;
	bool only_operands;
	unsigned seen;				/* private */
};
int cli_next(struct cli *cli, struct cli_args *args, const char *const *names);

/*
 * All of them, by a table that ends with a name of NULL: where each value goes.
 * The row named "" is the operand, of which there may be one (with CLI_ALL: any
 * number); more says what is wrong with another (or, with CLI_NONE, with the
 * first). Without that row a
 * command takes no arguments. 0 or an exit status (said).
 */
enum cli_take {
	CLI_NONE,
	CLI_FLAG,		/* bool */
	CLI_TEXT,		/* const char *, of args */
	CLI_NUMBER,		/* int64_t, not under least */
	CLI_ID,			/* int64_t, a message's or an action's */
	CLI_SPAN,		/* int64_t, ms */
	CLI_SINCE,		/* int64_t, wall clock: so long ago */
	CLI_AT,			/* cli->at */
	CLI_ALL,		/* struct cli_operands: as many as there are */
};
/* Of args->argv, which has them at its beginning then. */
struct cli_operands {
	char **of;
	int count;
};
struct cli_option {
	const char *name;	/* as for cli_next */
	enum cli_take take;
	void *out;		/* untouched where it is not given */
	int64_t least;
	const char *more;
};
int cli_take(struct cli *cli, struct cli_args *args,
	const struct cli_option *options);

/* Colours, "" where there are none. */
enum cli_color { CLI_RED, CLI_YELLOW, CLI_GREEN, CLI_DIM, CLI_BOLD, CLI_PLAIN };
const char *cli_color(const struct cli *cli, enum cli_color color);

/* Prints UTF-8 in the locale's character set. */
void cli_put(FILE *to, const char *text);

/* Prints text made printable in exactly `columns` columns, left-aligned
 * (negative: right-aligned), cut with '>' where it is too long; 0: all of it,
 * without padding. NULL is "". */
void cli_cell(const struct cli *cli, const char *text, int columns);

/* The importer's result in words: "1 did not complete". */
void cli_result_words(char out[120], const struct history_message *m);

/* The result of a command that is not about one message, in the members of a
 * verb's result. */
struct json_line *cli_result_json(const struct cli *cli, const char *result,
	const char *why);

/* A message in the members of list --json; what is not known of cli->at is
 * null there. */
struct json_line *cli_message_at_json(struct cli *cli,
	const struct history_message *m);

/* An attempt, and an action (with what it did to one message, or NULL): as a
 * line of text, or as an object. */
void cli_print_attempt(const struct cli *cli, const struct history_attempt *a);
void cli_print_action(const struct cli *cli, const struct history_action *a,
	const struct history_item *i);
struct json_line *cli_attempt_json(const struct history_attempt *a);
struct json_line *cli_action_json(const struct history_action *a,
	const struct history_item *i);
/* What came of what an action put back, as members. */
void cli_put_outcomes(struct json_line *j, const struct history_action *a);
/* Attempts and actions of one message since then, newest first and at most
 * `limit` of each, in text or as arrays of j. 0 or -1. */
int cli_print_rows(struct cli *cli, int64_t id, int64_t since, int64_t limit,
	struct json_line *j, struct error *err);

/* Copies bytes of a file to standard output as they are, or, with j (taken),
 * as one object with them in base64. An exit status. */
int cli_copy_out(struct cli *cli, int fd, int64_t start, int64_t end,
	struct json_line *j);

/* Rings when somebody has committed; a second at the most. -1 with err: the
 * store is not there any more, which ends all that follow it. */
struct cli_bell {
	int fd;
	struct store *store;
};
void cli_bell_open(struct cli_bell *b, struct store *s);
int cli_bell_wait(struct cli_bell *b, struct error *err);
/* Until then, or until there is something to read from fd: true. */
bool cli_bell_wait_or(struct cli_bell *b, int fd, int timeout_ms);
void cli_bell_close(struct cli_bell *b);

/* Reads an id: a positive decimal number, perhaps after a #. 0 or -1 with
 * err. */
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
int cmd_jobs(struct cli *cli, struct cli_args *args);
int cmd_job(struct cli *cli, struct cli_args *args);
int cmd_undo(struct cli *cli, struct cli_args *args);
int cmd_connector(struct cli *cli, struct cli_args *args);
int cmd_test(struct cli *cli, struct cli_args *args);
int cmd_history(struct cli *cli, struct cli_args *args);
int cmd_events(struct cli *cli, struct cli_args *args);
int cmd_und(struct cli *cli, struct cli_args *args);
/* For show --und: what a message left in the .und file. */
int cmd_und_of_message(struct cli *cli, const struct history_message *m);
int cmd_report(struct cli *cli, struct cli_args *args);
int cmd_shape(struct cli *cli, struct cli_args *args);
int cmd_note(struct cli *cli, struct cli_args *args);
int cmd_mine(struct cli *cli, struct cli_args *args);
int cmd_check(struct cli *cli, struct cli_args *args);
int cmd_verify(struct cli *cli, struct cli_args *args);
int cmd_metrics(struct cli *cli, struct cli_args *args);
int cmd_watch(struct cli *cli, struct cli_args *args);
int cmd_split(struct cli *cli, struct cli_args *args);
int cmd_replay(struct cli *cli, struct cli_args *args);
int cmd_hosts(struct cli *cli, struct cli_args *args);
int cmd_find(struct cli *cli, struct cli_args *args);
int cmd_serve(struct cli *cli, struct cli_args *args);
int cmd_changes(struct cli *cli, struct cli_args *args);

#endif
