/* SPDX-License-Identifier: ISC */
/*
 * settings: what the administrator may choose.
 *
 * One table (settings_table.c) holds every setting: name, type, default,
 * least, most, unit and one sentence. From it come loading, the errors, the
 * printed settings, the sample file and the manual's table. The names are
 * fixed by the design; the file is libconfig's format.
 *
 * The file is the one named by the caller, else $CCMQ_CONFIG (both must
 * exist), else the first that exists of $XDG_CONFIG_HOME/ccmq/ccmq.conf
 * (without that variable ~/.config/ccmq/ccmq.conf) and
 * SYSCONFDIR/ccmq/ccmq.conf; else the defaults hold. It is a regular file of
 * at most 1 MB; it includes no other.
 *
 * What the file says wrongly is refused, never guessed: unknown names (the
 * error names the nearest known one), wrong types, values out of range,
 * numbers too long for libconfig (which would cut them silently). Errors are
 * ERROR_STORE and begin with FILE:LINE.
 *
 * Rules over more than one setting: backoff.cap >= backoff.first,
 * breaker.probe_cap >= breaker.probe, und.path begins with %d/ or /, and
 * begins with %d/ when import.lanes > 1 (lanes do not share an .und);
 * import.program has no %f beside --worker; control.every wants control.to;
 * foreign.submit and foreign.import are set together, apart from each other
 * and from the store; no key is in commands and console.keys. A
 * result code may be mapped to any class but `interrupted`, which is the
 * connector's own word for an attempt that had no end. Code 0 may be mapped
 * to something else and other codes to `imported`, for programs that count
 * differently: whoever maps a code to `imported` says that its messages are
 * safe elsewhere.
 *
 * When import.program is not set, the /D of its default follows the store:
 * /DSTORE-po.
 *
 * A struct settings owns what it points to and is plain data otherwise; to
 * reread, load into a second one and swap. Files are read only here; nothing
 * is kept between calls.
 */
#ifndef CCMQ_SETTINGS_H
#define CCMQ_SETTINGS_H

#include "base/error.h"
#include "history/state.h"
#include "settings/alarm.h"
#include "mail/ccmail_date.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum settings_theme {
	SETTINGS_THEME_DARK, SETTINGS_THEME_LIGHT, SETTINGS_THEME_MONO,
};

/* What becomes of a job when the line of the console that began it is lost. */
enum settings_on_lost { SETTINGS_ON_LOST_GO_ON, SETTINGS_ON_LOST_STOP };

/* The verdicts that a site may add a line to, by their words for programs. */
#define SETTINGS_ADVICE_LIST(X) \
	X(replaced) X(store) X(disk) X(stopped) X(silent) X(restarts) \
	X(tripped) X(loop) X(path) X(lane) X(moves) X(stuck) X(blocked) \
	X(waiting) X(und) X(backlog) X(leftover) X(held) X(job) X(storm) \
	X(doubtful) X(back_again) X(wal) X(busy) X(suspects) X(failed)

enum {
#define X(word) SETTINGS_ADVICE_##word,
	SETTINGS_ADVICE_LIST(X)
#undef X
	SETTINGS_ADVICE_COUNT
};

struct settings_key {
	char *key, *action;
};

#define SETTINGS_HOSTS_MAX 1000		/* as many connections */

struct settings_host {
	char *name;			/* shown; unique */
	char *ssh;			/* what ssh(1) is given; "": this
					 * host. Neither begins with - */
	char *color;			/* "": none */
};

/* A program of the site's: a hook of ccmq watch, or a command of the console. */
struct settings_program {
	char **run;			/* NULL-terminated, at least one */
	char **on;			/* a hook's verdicts, likewise */
	int64_t at_most, per_ms;	/* of a hook: so often for a word */
	int64_t limit_ms;		/* … and so long may it take */
	char *key, *name;		/* a command's: "F6"; unique */
	bool on_message, on_cause, writes;
};

struct settings_programs {
	struct settings_program *of;
	size_t count;
};
#define SETTINGS_AT_MOST 100		/* the most that at_most may be */

/* What the console alone knows, where the program has one: set it before
 * loading, and keys and colours are checked where they stand in the file. 0,
 * or -1 with err. */
struct settings_console {
	int (*key)(const char *key, const char *action, struct error *err);
	int (*color)(const char *word, struct error *err);
	int (*command)(const char *name, struct error *err);	/* it may be
					 * called so */
};
extern const struct settings_console *settings_console;

/* No mapping for this result code: the default one holds (policy_class). */
#define SETTINGS_CLASS_DEFAULT (-1)

struct settings {
	char *file;			/* the file read; NULL: the defaults */
	char *store;			/* absolute, no slash at its end */

	char **import_program;		/* NULL-terminated, at least one */
	size_t import_program_count;
	int64_t import_interval_ms;
	int64_t import_timeout_ms;
	int64_t import_lanes;
	int64_t import_batch;
	int8_t result_class[256];	/* enum outcome_class, or ..._DEFAULT */

	int64_t limits_rejected;
	int64_t limits_crashed;
	int64_t limits_unavailable;

	int64_t backoff_first_ms;
	int64_t backoff_cap_ms;

	int64_t breaker_unavailable;
	int64_t breaker_rejected;
	int64_t breaker_probe_ms;
	int64_t breaker_probe_cap_ms;

	int64_t intake_settle_ms;
	char *intake_submit;		/* absolute; "": STORE/submit */

	char *mail_code_page;
	enum ccmail_date_order mail_date_order;

	char *und_path;			/* %d stands for the import directory */
	int64_t und_rotate_bytes;

	int64_t disk_min_free_bytes;

	int64_t keep_imported_ms;
	int64_t keep_trash_ms;
	int64_t keep_und_ms;
	int64_t keep_history_ms;
	int64_t archive_keep_ms;
	char *archive_database;		/* "": none */

	enum settings_theme console_theme;
	bool console_read_only;
	char *console_host_color;	/* "": none */
	int64_t console_esc_delay_ms;
	bool console_bell;
	enum settings_on_lost console_on_lost;
	struct settings_key *console_keys;
	size_t console_keys_count;

	struct settings_host *hosts;
	size_t hosts_count;

	struct settings_programs hooks, commands;
	char *metrics_file;		/* "": none is written */
	char *control_to;		/* "": no control messages */
	int64_t control_every_ms;	/* 0: only when asked for */

	char *alarm[ALARM_COUNT];	/* "N,M": alarm.h */
	char *foreign_submit, *foreign_import;	/* absolute; "": nothing is
						 * watched */
	char *foreign_bad, *foreign_und, *foreign_log;	/* "": none */
	int64_t foreign_cycle_ms;

	char *advice[SETTINGS_ADVICE_COUNT];	/* NULL: none */
};

#define SETTINGS_INIT { .file = NULL }

/* The defaults, file NULL. What *s held before is not released. */
void settings_init(struct settings *s);

/* Leaves *s as SETTINGS_INIT does; releasing that again does nothing. */
void settings_release(struct settings *s);

/*
 * Reads the settings. file: what -c said, or NULL; store: what -s said, or
 * NULL; it wins over the file's and may be relative. 0, with *s filled (what
 * it held before is not released); -1 with err (ERROR_STORE: the file cannot
 * be read or says something wrong; ERROR_INVALID: the store given is not
 * one) and *s untouched.
 */
int settings_load(struct settings *s, const char *file, const char *store,
	struct error *err);

/* The values in s as a libconfig text that, loaded, gives them again. */
void settings_print(const struct settings *s, struct str *out);

/* Of those only what is no default, and the store. */
void settings_print_set(const struct settings *s, struct str *out);

/* The sample file: every setting with its sentence, range and default, each
 * commented out ('#' right before the name). */
void settings_print_sample(struct str *out);

/* The manual's table: an mdoc list, one item for each setting. */
void settings_print_mdoc(struct str *out);

const char *settings_theme_word(enum settings_theme theme);

/* The site's own line for a verdict ("back_again"), or NULL. */
const char *settings_advice(const struct settings *s, const char *verdict);

/*
 * Whether nobody but root and this process's user can change what a connector
 * with these settings runs: the file they were read from, the import program,
 * and every directory on the way (trust.h). 0, or -1 with err (ERROR_STORE).
 */
int settings_trusted(const struct settings *s, struct error *err);

/* The same of the file and a program of the site's. */
int settings_trusted_program(const struct settings *s,
	const struct settings_program *p, struct error *err);

#endif
