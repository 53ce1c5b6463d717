/* SPDX-License-Identifier: ISC */
/*
 * hosts_work: causes of all hosts, and a verb on messages of many.
 *
 * Causes: what failed for the same class, code, signal and reason is one row,
 * whichever hosts it is on.
 *
 * Work: each host gets the ids that were shown, in requests of at most
 * SERVE_IDS_MAX, each with a name of its own that the host keeps with what it
 * does. A request whose answer was lost with its line is asked again under that
 * name: the host returns what it did, and does nothing twice. Until the answer
 * is there its messages are `unknown`, never "not done".
 */
#ifndef CCMQ_HOSTS_WORK_H
#define CCMQ_HOSTS_WORK_H

#include "reach/hosts.h"
#include "work/operations.h"

/* ---- causes ---- */

struct hosts_part {
	size_t host;
	int64_t n, first_at, last_at;
};

struct hosts_cause {
	int64_t id;			/* stays */
	char *class, *reason;		/* foreign; reason may be NULL */
	int code, signal;		/* HISTORY_NO_CODE: none */
	struct hosts_part *parts;	/* one a host */
	size_t part_count, part_cap;
	int64_t n, first_at, last_at;	/* of all; n 0: none any more */
};

struct hosts_causes {
	struct hosts_cause *rows;
	size_t count, cap;
};

void hosts_causes_release(struct hosts_causes *c);
/* A host will be told anew. */
void hosts_causes_forget(struct hosts_causes *c, size_t host);
/* The object "cause" of its answer (ccmq-serve(7)). */
void hosts_causes_add(struct hosts_causes *c, size_t host,
	const struct json_line *cause);
/* "code 5 Unknown Date Format", printable. */
const char *hosts_cause_words(char out[160], const struct hosts_cause *c);
/* The request for its ids, of that name. */
struct json_line *hosts_cause_ids(const struct hosts_cause *c,
	const char *id);

/* ---- work ---- */

#define HOSTS_ITEMS_MAX 1000000

struct hosts_item {
	size_t host;
	int64_t id;
	enum operation_code result;	/* PENDING: not sent yet */
	char *why;			/* printable, or NULL */
	bool told;			/* the host said so */
};

struct hosts_request {
	size_t host, first, count;	/* of the items */
	char id[33];
	bool sent, over;
};

struct hosts_work {
	struct hosts *hosts;
	char *verb, *reason;
	enum state seen;
	struct hosts_item *items;	/* by host, then id */
	size_t count, cap;
	struct hosts_request *requests;
	size_t request_count, request_cap;
	int64_t n[OPERATION_RESULT_COUNT];	/* how many of each result */
};

/* Before begin: one message more, of rising ids for each host. */
void hosts_work_add(struct hosts_work *w, size_t host, int64_t id);
/* Sends all that can be sent. 0, or -1: no names could be made. */
int hosts_work_begin(struct hosts_work *w, struct hosts *hosts,
	const char *verb, const char *reason, enum state seen,
	struct error *err);
/* A host is live (again): what has no answer is asked. */
void hosts_work_hello(struct hosts_work *w, size_t host);
/* A line of an answer. false: it is not of this work. */
bool hosts_work_line(struct hosts_work *w, size_t host,
	const struct json_line *j);
/* Has every request its answer? */
bool hosts_work_is_over(const struct hosts_work *w);
/* "retry of 1,187: 1,170 done, 3 skipped, 14 unknown (hq-mail02, …)". */
void hosts_work_sentence(const struct hosts_work *w, struct str *out);
void hosts_work_release(struct hosts_work *w);

#endif
