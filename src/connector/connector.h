/* SPDX-License-Identifier: ISC */
/*
 * connector: takes in what producers drop, hands each message to the import
 * program, and writes down what came of it. ccmqd is this in a loop.
 *
 * Calling order: connector_new (recovers), then again and again
 * connector_poll_fds, poll with the timeout it gives, connector_turn; at the
 * end connector_stop until connector_idle, connector_end, connector_free.
 *
 * A turn does not block, but for write.lock and the disk. The loop of Q223772
 * cannot happen: what is handed to the program is a copy; an attempt is
 * recorded before it starts; and a message whose limit is reached has left
 * queue/, the only place from which attempts are made.
 *
 * Errors of a turn: ERROR_UNKNOWN and failed fsyncs are fatal (nothing more is
 * started; the caller ends, and the store waits for a check); others are kept
 * in mind, shown (status, STORE), and tried again after a while (two
 * seconds at most); with --once, and when it is to stop, five in a row end it.
 */
#ifndef CCMQ_CONNECTOR_H
#define CCMQ_CONNECTOR_H

#include "base/error.h"
#include "connector/importer.h"
#include "settings/settings.h"
#include "store/store.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#define CONNECTOR_LANES_MAX 16
#define CONNECTOR_FDS_MAX (3 * CONNECTOR_LANES_MAX + 1)

struct connector;

struct connector_options {
	const char *program;		/* "ccmqd" */
	const struct importer_ops *importer;
	bool once;			/* --once */
	bool (*waiting)(void *arg, const char *holder);	/* for write.lock */
	void *arg;
};

/* Takes `lock`, recovers. Takes over settings (moved out of *settings).
 * NULL with err: ERROR_BUSY when another ccmqd runs. */
struct connector *connector_new(struct settings *settings,
	const struct connector_options *options, struct error *err);
/* Writes down that it ended by itself, when it is idle and all that it has
 * done is known. 0 or -1. */
int connector_end(struct connector *c, struct error *err);
/* Drops the lock; ends what still runs. */
void connector_free(struct connector *c);

/* What to poll; the number of entries. *timeout_ms_out: at most 1 s. */
int connector_poll_fds(struct connector *c,
	struct pollfd fds[CONNECTOR_FDS_MAX], int *timeout_ms_out);

/* Does what is to be done now. 0; -1: it cannot go on (err). */
int connector_turn(struct connector *c, struct error *err);

/* Starts nothing more; now: ends what runs, too. */
void connector_stop(struct connector *c, bool now);
bool connector_idle(const struct connector *c);	/* nothing runs */

/* --once: everything due has been tried once. *worked_out: exit status 0. */
bool connector_once_done(const struct connector *c, bool *worked_out,
	char why[160]);

/* Other settings from the next attempt on (moved out of *settings); the store
 * stays. */
void connector_set_settings(struct connector *c, struct settings *settings);

/* An event that the caller has to tell; if that fails, it is logged alone. */
void connector_note(struct connector *c, enum event number, const char *text);

struct store *connector_store(struct connector *c);

#endif
