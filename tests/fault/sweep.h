/* SPDX-License-Identifier: ISC */
/*
 * sweep: one command tried at every point of failure. Inside the driver:
 * sweep.c has the options and the loops, sweep_mode.c the modes, sweep_point.c
 * tries one point, sweep_child.c runs one program.
 */
#ifndef CCMQ_TESTS_SWEEP_H
#define CCMQ_TESTS_SWEEP_H

#include "fault.h"
#include "undo.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWEEP_MODES_MAX 32
#define SWEEP_JOBS_MAX 16

struct sweep_mode {
	char name[64];		/* as it was asked for */
	char library[64];	/* as the library is told */
	bool power;
	enum undo_lose lose;
	unsigned classes;	/* points it can be tried at; 0 all */
};

struct sweep {
	char scenario[PATH_MAX];
	const char *title;	/* the scenario's file name */
	char library[PATH_MAX];
	char work[PATH_MAX];
	char only[64];
	char first[64];		/* see fault.h */
	struct sweep_mode modes[SWEEP_MODES_MAX];
	size_t n_modes;
	uint32_t step, from, to;
	int jobs, timeout_s, strict;
	uint64_t seed;
	bool keep_going, keep, fresh, real_sync, allow_blind, tap, list;
};

enum sweep_outcome {
	SWEEP_OK,
	SWEEP_UNREACHED,	/* the run ended before the point; check was ok */
	SWEEP_FAILED,
	SWEEP_BROKEN,		/* the harness or the scenario itself */
};

/* Reads one mode. 0, or -1 after a line on standard error. */
int sweep_mode_parse(struct sweep_mode *m, const char *text);

/* Whether a point of this class is worth a try. */
bool sweep_mode_fits(const struct sweep_mode *m, unsigned class);

/* Makes the template of a worker. 0 or -1, said. */
int sweep_prepare(const struct sweep *s, int worker);

/* Runs without a fault and checks; fills classes (for FAULT_POINTS_MAX) and
 * the number of points. 0; 1 the first process has no such point; -1, said. */
int sweep_count(const struct sweep *s, int worker, uint8_t *classes,
	uint32_t *n_out);

/* Tries one point. What failed is said on standard output. */
enum sweep_outcome sweep_try(const struct sweep *s, int worker,
	const struct sweep_mode *m, uint32_t at);

/* What a program is run with. */
struct sweep_child {
	const char *const *argv;
	const char *const *env;		/* NAME=VALUE, or NAME to unset */
	const char *output;		/* file for its output */
	int timeout_s;
};

/* Runs it in a session of its own. The exit status, 128 + signal, 124 when the
 * time was up, 127 when it could not be run. Children that it leaves behind
 * live on until sweep_kill_survivors. */
int sweep_run(const struct sweep_child *c);
void sweep_kill_survivors(void);

/* Makes this process the one that inherits what its children leave. */
void sweep_adopt(void);

#endif
