/* SPDX-License-Identifier: ISC */
/*
 * settings_table: the table of all settings. Private to settings*.c.
 *
 * Defaults are written as libconfig values and are read by the same code as
 * the file, so that a default cannot break a rule that the file must keep.
 */
#ifndef CCMQ_SETTINGS_TABLE_H
#define CCMQ_SETTINGS_TABLE_H

#include "settings/settings.h"

enum settings_type {
	SETTINGS_TEXT,		/* char *; least and most: bytes */
	SETTINGS_INT,		/* int64_t */
	SETTINGS_SIZE,		/* int64_t, bytes; written "64M" */
	SETTINGS_DURATION,	/* int64_t, ms; written "30s" */
	SETTINGS_BOOL,		/* bool */
	SETTINGS_WORD,		/* an enum; row->words in its order */
	SETTINGS_PROGRAM,	/* list of strings */
	SETTINGS_CODES,		/* list of { code; class; } */
	SETTINGS_KEYS,		/* list of { key; action; } */
	SETTINGS_HOSTS,		/* list of { name; ssh; color; } */
	SETTINGS_ADVICE,	/* group of texts, by verdict */
	SETTINGS_HOOKS,		/* struct settings_programs: each has `on` … */
	SETTINGS_COMMANDS,	/* … or a key, a name, a place */
};

struct settings_row {
	const char *name;	/* "group.member", or "store" */
	enum settings_type type;
	size_t at;		/* offset in struct settings */
	const char *def;	/* as libconfig text */
	int64_t least, most;	/* in the unit of the field */
	const char *const *words;	/* of SETTINGS_WORD, ends with NULL */
	/* Of a text: 0, or -1 with err. NULL: any will do. */
	int (*check)(const char *text, struct error *err);
	const char *unit;	/* what the manual calls its values */
	const char *sentence;
};

/* Rows of one group stand together, in the order in which they are shown. */
extern const struct settings_row settings_rows[];
extern const size_t settings_rows_count;

/* The row of that full name, or NULL. */
const struct settings_row *settings_row_find(const char *name);

/* True for the name of a group ("import"). */
bool settings_group_exists(const char *name);

/* A known name near this one, or NULL. */
const char *settings_row_nearest(const char *name);

/* "tripped", or NULL past the last. */
const char *settings_advice_word(size_t i);

/* What texts may be; see settings_check.c. */
int settings_check_code_page(const char *text, struct error *err);
int settings_check_absolute(const char *text, struct error *err);
int settings_check_counts(const char *text, struct error *err);
int settings_check_ages(const char *text, struct error *err);
int settings_check_sizes(const char *text, struct error *err);
int settings_check_host(const char *text, struct error *err);
int settings_check_color(const char *text, struct error *err);

/* Where the row's value is in s. */
void *settings_field(struct settings *s, const struct settings_row *row);
const void *settings_field_const(const struct settings *s,
	const struct settings_row *row);

/* Durations and sizes as they are written, in the largest unit that is
 * exact: "90s", "64M". */
void settings_add_value(struct str *out, enum settings_type type, int64_t n);

/* " (from 1s to 1d)", or nothing where only the type limits it. */
void settings_add_range(struct str *out, const struct settings_row *row);

/* The sentence, with the range before its full stop. */
void settings_add_sentence(struct str *out, const struct settings_row *row);

/*
 * Reads libconfig text into *s, over what is there. file: the name for
 * errors. *program_set_out says whether import.program occurred. 0, or -1
 * with err, *s then partly changed.
 */
int settings_read(struct settings *s, const char *text, const char *file,
	bool *program_set_out, struct error *err);

/* Refuses what libconfig would misread without a word, or read elsewhere:
 * numbers of more than nine digits, @include. 0 or -1. */
int settings_scan(const char *text, const char *file, struct error *err);

/* A settings file: at most 1 MB, no NUL bytes. 1, 0 if it is not there, -1. */
int settings_read_text(const char *file, struct str *out, struct error *err);

#endif
