/* SPDX-License-Identifier: ISC */
/*
 * program: a program that runs beside the console: a command of the settings, or
 * what a message is piped to.
 *
 * It gets `in` as its standard input and none of our descriptors, has a session
 * of its own (no terminal) and the operator's own group.
 */
#ifndef CCMQ_UI_PROGRAM_H
#define CCMQ_UI_PROGRAM_H

#include "base/json.h"
#include "settings/settings.h"
#include "store/store.h"
#include "work/notes.h"

#define PROGRAM_ENDED_MAX 40

struct program {
	pid_t pid;			/* 0: it has ended */
	int fd;				/* of what it prints */
};

/* in stays the caller's. 0, with *out; or -1. */
int program_start(char *const *argv, int in, struct program *out,
	struct error *err);
/* Has it ended? Then with how ("exit status 3"), and what it left behind is
 * ended, too. */
bool program_ended(struct program *p, char ended[PROGRAM_ENDED_MAX]);
/* It and all that it started. */
void program_end(struct program *p);

/* A command of the settings, and what it is to read. */
struct program_about {
	const struct settings_program *command;
	const struct note_on *on;
	const struct history_cause_row *cause;	/* of a cause */
	const char *host, *by;
};
/* Starts it, if those who may write its file are those that it may have. */
int program_start_command(const struct settings *settings,
	struct store *store, const struct program_about *about,
	struct program *out, struct error *err);

#endif
