/* SPDX-License-Identifier: ISC */
/*
 * hosts: the stores of many hosts, each over an ssh(1) of its own.
 *
 * For each host of the settings a client runs `ccmq serve` there (serve.h),
 * always by the same command line: nothing that varies stands behind the host.
 * At most HOSTS_STARTS are being started at a time; they are kept open, and
 * started anew after a growing pause. One whose ccmq does not know `serve` is
 * asked by `status --json` every now and then, and has no verbs. Each way of
 * failing has its own sentence.
 *
 * Nothing here waits: the caller polls what hosts_poll says and calls
 * hosts_turn. What a host sends is foreign text: bounded, and made printable
 * before it stands in a struct host. Lines of answers are handed on as they
 * are, to whoever set `line`.
 */
#ifndef CCMQ_HOSTS_H
#define CCMQ_HOSTS_H

#include "base/json.h"
#include "settings/settings.h"
#include "store/verdict.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HOSTS_STARTS 20
#define HOSTS_START_MS 3000	/* so long a start stands in others' way */
#define HOSTS_HELLO_MS 20000	/* … and so long it may take */
#define HOSTS_SILENT_MS 35000	/* a status comes each 10 s */
#define HOSTS_OLD_MS 15000	/* between two status --json */
#define HOSTS_ERRORS_MAX 4096	/* of what ssh says, the end */

enum host_state {
	HOST_WAITS,			/* for its (next) start */
	HOST_STARTS,			/* ssh runs, no hello yet */
	HOST_LIVE,
	HOST_OLD,			/* status --json is being asked */
	HOST_ENDS,			/* ssh has closed and is not gone yet */
};

/* A row: how things are there. */
struct host_facts {
	bool known;
	char store[200], version[24];
	char connector[16], verdict[32], text[200];
	enum verdict_severity severity;
	int64_t queued, deferred, failed, quarantined;
	int64_t oldest_s;		/* of what is queued; -1: none */
	int64_t und_bytes, disk_free;	/* -1: not known */
	int64_t last_import_at;		/* HISTORY_NO_TIME: never */
	int64_t heard_mono_ms;		/* when this was said */
};

struct host {
	const struct settings_host *set;
	int64_t id;			/* its place, from 1 */
	enum host_state state;
	struct host_facts facts;	/* the newest there was */
	bool writes;			/* verbs can be done there */
	bool old;			/* … cannot: too old for serve */
	char why[256];			/* what is wrong with it, or ""; with
					 * HOST_LIVE: what is to be said */
	uint64_t changed;		/* grows with each change of a row */

	/* private */
	pid_t pid;
	int fd, err_fd;
	struct str in, out, errors;
	size_t preface;			/* bytes before the hello */
	int64_t since_mono_ms, heard_mono_ms, next_mono_ms;
	bool spoke;			/* it said hello */
	bool silent;			/* it was ended for that */
	int64_t newer;			/* the protocol that it speaks, if that
					 * is newer than ours; else 0 */
	unsigned tries;
};

struct hosts {
	struct host *host;
	size_t count;
	/* An answer: a line that has an id. May be NULL. */
	void (*line)(void *arg, size_t host, const struct json_line *j);
	/* Its serve has said hello: what was not answered is asked again. */
	void (*hello)(void *arg, size_t host);
	void *arg;

	/* private */
	const char *config, *store;
	struct settings_host here;
};

/* Of the settings (which outlive it), or of this host alone where they name
 * none; config and store: -c and -s, for this host. Nothing is started yet. */
void hosts_open(struct hosts *h, const struct settings *settings,
	const char *config, const char *store);
/* Ends all clients. */
void hosts_close(struct hosts *h);

/* What to wait for: fills fds, which has room for HOSTS_FDS of each host.
 * Their number; *timeout_ms_out is made smaller where it must be. */
#define HOSTS_FDS 2
size_t hosts_poll(const struct hosts *h, struct pollfd *fds,
	int *timeout_ms_out);
/* Reads, writes, starts and ends what is to be; fds as hosts_poll filled them,
 * after poll. Is there something new? */
bool hosts_turn(struct hosts *h, const struct pollfd *fds);

/* Sends a request to a host that is live; false: it is not. j is taken. */
bool hosts_ask(struct hosts *h, size_t host, struct json_line *j);

/* Have all of them said how they are, or why not? */
bool hosts_all_known(const struct hosts *h);

/* ---- pure: hosts_facts.c ---- */

/* The command line, NULL-terminated: remote[] is what to run there. */
#define HOSTS_ARGS 20
void hosts_command(const char *args[HOSTS_ARGS], const char *ssh,
	const char *const *remote);

/* The facts of a status line. false: it is none. */
bool host_read_facts(const struct json_line *j, struct host_facts *out);

/* How a client ended. */
struct host_end {
	int status;			/* of waitpid */
	bool hello, silent;
	const char *ssh;		/* what was tried: "" this host */
	const char *errors;		/* what it said on standard error */
};
/* Why, in words. */
const char *host_failure(char out[256], const struct host_end *e);
/* Does that say that there is no `serve` yet? */
bool host_is_old(const struct host_end *e);

/* The worst first, then those that say nothing, then by name. */
int host_compare(const struct host *a, const struct host *b);

#endif
