/* SPDX-License-Identifier: ISC */
/*
 * importer: runs the import program, one in each lane, and lets nothing of it
 * live on. A program gets one message and ends; a worker stays, and talks to the
 * connector over its standard input and output.
 *
 * Each lane has a runner: this program once more (importer_runner_main), in a
 * session of its own, a subreaper, with a socket to the connector. It starts
 * the program in yet another session, keeps the tail of what it prints, ends
 * it after its time, and kills whatever is left of it before it answers. When
 * the connector is gone the socket says so, and the runner kills its program
 * and ends.
 *
 * The program inherits a lock on STORE/lanes/N, taken anew for each attempt:
 * while anything of an attempt lives, nobody gets that lock, and no attempt
 * starts in that lane (importer_clear_lane). That holds for a connector that
 * was killed together with its runners, too.
 *
 * The program sees a minimal environment (CCMQ_ID, PATH, LANG, TZ), standard
 * input from /dev/null, and starts in its lane's directory. Nothing goes
 * through a shell.
 */
#ifndef CCMQ_IMPORTER_H
#define CCMQ_IMPORTER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORTER_OUTPUT_MAX 4096	/* tail kept of what it prints */
#define IMPORTER_ARGS_MAX 60000		/* bytes of all arguments: a packet */

enum importer_end {
	IMPORTER_EXITED,	/* value: exit status */
	IMPORTER_SIGNALLED,	/* value: signal */
	IMPORTER_TIMED_OUT,
	IMPORTER_NOT_STARTED,	/* value: errno */
	IMPORTER_STOPPED,	/* ended on importer_stop */
	IMPORTER_VANISHED,	/* the runner died with it */
};

struct importer_result {
	enum importer_end end;
	int value;
	int64_t took_ms;
	int killed;		/* left-over processes that were killed */
	bool alive;		/* some could not be killed */
	size_t output_len;
	char output[IMPORTER_OUTPUT_MAX];
};

struct importer_spec {
	char **argv;		/* NULL-terminated, placeholders filled in */
	const char *dir;	/* started in it */
	const char *ccmq_id;		/* "" for a worker */
	int64_t timeout_ms;		/* 0: none; a worker's is the connector's */
	bool worker;
};

struct importer;

/*
 * A lane's importer. lanes_fd is STORE/lanes, lane its number. The functions
 * below are a table, so that tests can put a program made of C in their place.
 */
struct importer_ops {
	/* NULL with err. */
	struct importer *(*open)(int lanes_fd, int lane, struct error *err);
	void (*close)(struct importer *im);
	/* Kills what still holds the lane, within a moment. 1 free, 0
	 * something lives on (words in err), -1. *killed_out counts. */
	int (*clear_lane)(struct importer *im, int *killed_out,
		struct error *err);
	/* Starts an attempt; the lane must be clear. 0 or -1. */
	int (*start)(struct importer *im, const struct importer_spec *spec,
		struct error *err);
	/* Readable when there is an answer. -1: nothing runs. */
	int (*fd)(const struct importer *im);
	/* 1 the answer, 0 not yet. Does not block. */
	int (*read)(struct importer *im, struct importer_result *out);
	/* Ends the running program; the answer comes as usual. */
	void (*stop)(struct importer *im);
	/* A worker's: where questions go, where answers come from, neither
	 * blocking; -1 none. Answers can be read after its end, too, up to the
	 * next start. finish closes its input. */
	int (*ask_fd)(const struct importer *im);
	int (*answer_fd)(const struct importer *im);
	void (*finish)(struct importer *im);
};

extern const struct importer_ops importer_real;

/* main of the runner; the socket is descriptor 3. Returns when it is closed. */
int importer_runner_main(void);

#endif
