/* SPDX-License-Identifier: ISC */
/*
 * hosts_desk: what the files of the console of many hosts share: what is shown
 * and asked, and the verb that is being asked about.
 */
#ifndef CCMQ_UI_HOSTS_DESK_H
#define CCMQ_UI_HOSTS_DESK_H

#include "app/hosts_rows.h"
#include "page/pager.h"
#include "prompt/prompt_page.h"
#include "settings/settings.h"
#include "term/term.h"

/* What is asked of each host. */
struct asked {
	unsigned causes;		/* the newest request's number; 0: none */
	bool fresh;			/* … of which nothing has come yet */
	int64_t failed;			/* as it was then */
	bool wanted, over;		/* the ids of the cause in question */
	char why[100];			/* … which it does not tell */
};

struct desk_of_hosts {
	struct settings *settings;
	const char *config, *store;
	struct term_options options;
	struct hosts hosts;
	struct hosts_causes causes;
	struct hosts_work work;		/* what is, or was last, done */
	struct hosts_rows rows;
	struct list lists[HOSTS_WHATS];
	enum hosts_what at;
	struct asked *asked;
	unsigned number;		/* of requests … */
	unsigned gathers;		/* … that for the ids of a cause */

	/* A verb that is about to be asked about. */
	enum { QUIET, GATHERS, ASKS, FILTERS, HELPS } state;
	const char *verb;
	int64_t cause_id, gathers_until_mono_ms;
	struct hosts_work next;
	struct prompt prompt;
	struct prompt_page page;
	char *reason;			/* the last that was given */
	char filter[HOSTS_FILTER_MAX];	/* of all three lists */
	struct pager help;
	int *own;

	bool read_only;
	char note[200];
	bool leave, dirty;
	int exit_status;
};

/* The list that is shown. */
struct list *hosts_here(struct desk_of_hosts *d);
struct hosts_cause *hosts_cause_of(struct desk_of_hosts *d, int64_t id);
/* Rows changed. */
void hosts_refresh(struct desk_of_hosts *d);
/* Asks why messages failed there, where that is shown and may have changed. */
void hosts_ask_causes(struct desk_of_hosts *d, size_t host);
void hosts_go_to(struct desk_of_hosts *d, enum hosts_what what);
/* For struct hosts; arg is the desk. */
void hosts_hear(void *arg, size_t host, const struct json_line *j);
void hosts_hello(void *arg, size_t host);

/* ---- hosts_help.c ---- */

/* What the keys do here, over the whole screen; any that does not move in it
 * closes it. */
void hosts_help_open(struct desk_of_hosts *d);
void hosts_help_draw(struct desk_of_hosts *d, int row, int rows, int width);
void hosts_help_key(struct desk_of_hosts *d, key_code key);
/* The keys of the last row. */
const char *hosts_footer(enum hosts_what at);

/* ---- hosts_verb.c ---- */

/* A verb on the cause under the cursor: which messages are these? */
void hosts_verb_gather(struct desk_of_hosts *d, const char *verb);
/* Asks the operator when all hosts have said so, or the time is over. */
void hosts_verb_look(struct desk_of_hosts *d);
void hosts_verb_key(struct desk_of_hosts *d, const struct key_event *key);

#endif
