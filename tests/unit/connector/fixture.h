/* SPDX-License-Identifier: ISC */
/*
 * fixture: the connector as a whole on a store of its own, with a clock that
 * jumps, an import program made of C, and calls of libc that fail when told to.
 */
#ifndef UNIT_CONNECTOR_FIXTURE_H
#define UNIT_CONNECTOR_FIXTURE_H

#include "unit/unit.h"
#include "connector/connector.h"
#include "work/operations.h"

#define START INT64_C(1795421700000)
#define STEP (5 * CLOCK_MINUTE)

struct fixture {
	char dir[64];
	struct connector *c;
};

extern int (*answer)(const char *file);		/* the program's result code */
extern int starts;				/* of it */
extern const struct importer_ops *importer;	/* another one, made of C */
extern void (*with)(struct settings *);		/* other ones, or NULL */
extern void (*meanwhile)(void);		/* before a batch's rows are written */
extern int syncfs_fails, rename_fails, statvfs_fails;	/* errno */
extern int fsync_fails;		/* errno, of the next one alone */
extern uint64_t room;				/* bytes that are free */
extern bool full;				/* no write finds any */

int setup(void **state);
int teardown(void **state);
/* A store in f->dir, and the connector on it, from that time on. */
void begin_at(struct fixture *f, int64_t at);
void open_connector(struct fixture *f);
/* A message; its file is called so, and its subject. */
void drop(const struct fixture *f, const char *name);
/* Lets it do all that is to be done now; a program may hang. */
void settle(struct fixture *f);
void pass(struct fixture *f, int64_t ms);
struct history_message message(struct fixture *f, int64_t id);
extern bool hangs;
int64_t count(struct fixture *f, enum state state);

#endif
