/* SPDX-License-Identifier: ISC */
/*
 * plain_program: the commands of the settings in `ccmq --plain`: their key or
 * their name, and what they are about: an id, or cause:EXPR (notes_on). What one
 * prints comes as lines, made printable; Ctrl-C ends it, and so does the end of
 * the console.
 */
#ifndef CCMQ_UI_PLAIN_PROGRAM_H
#define CCMQ_UI_PLAIN_PROGRAM_H

#include "settings/settings.h"
#include "store/store.h"

struct plain_site {
	const struct settings *settings;
	struct store *store;
	const char *host;
	const char *read_only_why;	/* NULL: it may be written */
};

/* False: the words, which one blank parts, name none of them. */
bool plain_program(const struct plain_site *site, const char *words);
/* A line for each of them. */
void plain_program_help(const struct plain_site *site);

#endif
