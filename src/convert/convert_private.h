/* SPDX-License-Identifier: ISC */
/* convert_private: what the files convert*.c share. */
#ifndef CCMQ_CONVERT_PRIVATE_H
#define CCMQ_CONVERT_PRIVATE_H

#include "mail/charset.h"
#include "import/deliver.h"
#include "base/error.h"
#include "mail/message.h"
#include "import/postoffice.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum convert_status {
	CONVERT_OK = 0,
	CONVERT_SOME_NOT = 1,
	CONVERT_USAGE = 2,
	CONVERT_UNUSABLE = 3,
};

enum convert_form {
	CONVERT_EML,
	CONVERT_TEXT,
	CONVERT_DEFECTS,
};

struct convert_options {
	enum convert_form form;
	bool json;
	bool hex;
	bool quiet;
	bool und;
	bool help;
	bool version;
	const char *maildir;	/* or NULL */
	const char *mbox;	/* or NULL; "-" standard output */
	const char *post_office;
	const char *code_page;	/* NULL: the post office's */
	enum ccmail_date_order date_order;	/* 0: the post office's */
	char **paths;
	int path_count;
};

int convert_options_parse(int argc, char **argv, struct convert_options *out,
	struct error *err);
void convert_options_help(FILE *to);

/* A bar on standard error, if that is a terminal. */
struct convert_bar {
	bool shown;
	int64_t total_bytes, total_files;	/* 0: not yet known */
	int64_t start_ms, drawn_ms;
};

/* What the whole command needs. */
struct convert {
	struct convert_options options;
	struct postoffice *po;
	struct charset *charset;
	struct convert_bar bar;
	int64_t files, messages, converted, existed, not_messages, unreadable;
	int64_t repaired;
	int64_t replaced;	/* messages with a value that another stands
				 * for: a date, characters */
	int64_t defects[MESSAGE_DEFECT_KINDS];	/* how many of each */
	int64_t bytes;		/* of files that are done */
	int64_t in_file;	/* of the one that is being read, so far */
};

/* One file that is being read. */
struct convert_file {
	struct convert *convert;
	const char *path;	/* as the user named it */
	int fd;
	int64_t size;
	int64_t modified_at;
	char key[128];		/* of the file: hash and name; "" where no mail
				 * is made */
	struct message_source source;
};

/* For each message: 0 to go on, -1 with err ends the command. */
typedef int (*convert_each)(struct convert_file *file,
	const struct message *m, void *arg, struct error *err);

/*
 * Opens path ("-": standard input, kept in a temporary file), calls each for
 * each of its messages. 0; 1 the file could not be read: said on standard
 * error and counted; -1 each failed.
 */
int convert_read(struct convert *c, const char *path, convert_each each,
	void *arg, struct error *err);

/* Writes message m as RFC 5322 mail to fd. 0 or -1. */
int convert_eml(struct convert_file *file, const struct message *m, int fd,
	struct error *err);

/* The words for a file that somebody cut meanwhile; -1. */
int convert_shorter(const struct convert_file *file, struct error *err);

/* Prints message m for people. */
int convert_text(struct convert_file *file, const struct message *m,
	struct error *err);

/* The directory tree into a Maildir or an mbox. A convert_status, or -1 with
 * err for CONVERT_UNUSABLE. */
int convert_archive(struct convert *c, struct error *err);

/* Appends a line of foreign text of the file, printable. */
void convert_add_line(struct convert *c, const struct message_bytes *bytes,
	struct str *out);

/* `path: words` on standard error, in place of the bar. */
void convert_notice(struct convert *c, const char *path, const char *words);

/* The same of message m, which is none. */
void convert_notice_none(const struct convert_file *file,
	const struct message *m);

/* When the message says that it was written; without a date that fits when
 * its file was. */
int64_t convert_date(const struct convert_file *file, const struct message *m);

/* For each file: 0 to go on, -1 with err ends the command. */
typedef int (*convert_found)(struct convert *c, const char *path,
	int64_t size, void *arg, struct error *err);

/*
 * Calls found for every file that is named ("-" too), or lies as *.ccm below a
 * directory that is named, in the order of the names; links are not followed
 * there. What cannot be looked at is said and counted, unless quietly.
 * 0, or -1 when found said so. Ends early with 0 when convert_interrupted.
 */
int convert_walk(struct convert *c, bool quietly, convert_found found,
	void *arg, struct error *err);

/* From convert_catch on INT, TERM and HUP only make this true; a second one
 * ends the program. */
void convert_catch(void);
bool convert_interrupted(void);

/* Where messages of an archive go. */
struct convert_target;

struct convert_target *convert_target_open(struct convert *c,
	struct error *err);
/* Writes m, if it is not there already, and counts it. 0 or -1. */
int convert_target_add(struct convert_target *t, struct convert_file *file,
	const struct message *m, struct error *err);
/* Everything on disk; 0 or -1. Frees t whatever happens. */
int convert_target_close(struct convert_target *t, bool keep,
	struct error *err);

void convert_bar_start(struct convert *c);
void convert_bar_draw(struct convert *c);	/* only now and then */
void convert_bar_end(struct convert *c);

#endif
