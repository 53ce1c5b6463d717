/* SPDX-License-Identifier: ISC */
/* cmd_verbs: retry, quarantine, release, purge and restore. See ccmq(1) and
 * operations.h. */
#include "command/cli_job.h"
#include "command/cli_report.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "work/notes.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_LEAST 2000	/* ids: fewer are done at once */

struct verb_options {
	const char *match, *reason;
	const char *steps;		/* a job in steps … */
	int64_t rate;			/* … or so many a minute */
	bool at_once, wait, outcome;
	bool dry_run, yes, from_stdin;
	struct operation_target *targets;
	size_t n, cap;
};

static void
add_target(struct verb_options *o, int64_t id)
{
	xgrow(&o->targets, &o->cap, o->n + 1, sizeof *o->targets,
		OPERATIONS_MAX);
	o->targets[o->n++] = (struct operation_target){ id, OPERATIONS_ANY };
}

/* All ids of standard input, checked before anything is done: none is acted on
 * if it cannot be read to its end. */
static int
read_ids(struct cli *cli, struct verb_options *o)
{
	struct error err = ERROR_INIT;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int64_t id, number = 0;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, stdin)) > 0) {
		number++;
		while (len > 0 && strchr(" \t\r\n", line[len - 1]))
			line[--len] = '\0';
		if (len == 0)
			continue;
		if (strlen(line) != (size_t)len ||
		    cli_parse_id(line, &id, &err) < 0)
			rc = cli_usage(cli, "line %" PRId64
				" of standard input: %s", number,
				*err.text ? err.text : "not an id");
		else
			add_target(o, id);
	}
	if (rc == 0 && ferror(stdin)) {
		cli_notice(cli, "standard input cannot be read: %s: nothing "
			"was done", strerror(errno));
		rc = CLI_UNUSABLE;
	}
	free(line);
	return rc;
}

static int
by_id(const void *a, const void *b)
{
	const struct operation_target *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* Rising ids, each once. */
static void
sort_targets(struct verb_options *o)
{
	size_t kept = 0;

	if (o->n == 0)
		return;
	qsort(o->targets, o->n, sizeof *o->targets, by_id);
	for (size_t i = 1; i < o->n; i++)
		if (o->targets[i].id != o->targets[kept].id)
			o->targets[++kept] = o->targets[i];
	o->n = kept + 1;
}

/* "30/m": a minute. 0 or -1. */
static int
parse_rate(const char *text, int64_t *out)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	if (end == text || n < 1 || n > 1000000 || strcmp(end, "/m") != 0)
		return -1;
	*out = n;
	return 0;
}

/* An id, or - for ids on standard input. 0, or how the command ends. */
static int
parse_operand(struct cli *cli, const char *text, struct verb_options *o)
{
	struct error err = ERROR_INIT;
	int64_t id;

	if (strcmp(text, "-") == 0) {
		if (o->from_stdin)
			return cli_usage(cli, "- is given twice");
		o->from_stdin = true;
	} else if (cli_parse_id(text, &id, &err) < 0) {
		return cli_usage(cli, "%s", err.text);
	} else {
		add_target(o, id);
	}
	return 0;
}

static int
parse(struct cli *cli, struct cli_args *args, struct verb_options *o)
{
	static const char *const names[] = {
		"match=", "reason=", "dry-run", "yes", "steps=", "rate=",
		"first", "wait", "outcome", NULL,
	};
	struct error err = ERROR_INIT;
	int i, rc;

	while ((i = cli_next(cli, args, names)) != -1)
		switch (i) {
		case 0:
			o->match = args->value;
			break;
		case 1:
			o->reason = args->value;
			break;
		case 2:
			o->dry_run = true;
			break;
		case 3:
			o->yes = true;
			break;
		case 4:
			if (jobs_check_steps(args->value, &err) < 0)
				return cli_usage(cli, "--steps: %s", err.text);
			o->steps = args->value;
			break;
		case 5:
			if (parse_rate(args->value, &o->rate) < 0)
				return cli_usage(cli, "--rate: \"%s\": a "
					"number a minute, as in 30/m",
					args->value);
			break;
		case 6:
			o->at_once = true;
			break;
		case 7:
			o->wait = true;
			break;
		case 8:
			o->outcome = o->wait = true;
			break;
		case CLI_OPERAND:
			rc = parse_operand(cli, args->value, o);
			if (rc != 0)
				return rc;
			break;
		default:
			return CLI_USAGE;
		}
	if ((o->match != NULL) + o->from_stdin + (o->n > 0) != 1)
		return cli_usage(cli, o->match || o->from_stdin ?
			"ids, - or --match: one of them" :
			"wants ids, - or --match EXPR");
	return o->from_stdin ? read_ids(cli, o) : 0;
}

/* A yes on the terminal itself. 1 yes, 0 no, -1 there is none. */
static int
ask(const char *question)
{
	FILE *tty = fopen("/dev/tty", "r+");
	char line[16] = "";

	if (!tty)
		return -1;
	fprintf(tty, "%s [y/N] ", question);
	fflush(tty);
	if (!fgets(line, sizeof line, tty))
		line[0] = '\0';
	fclose(tty);
	return line[0] == 'y' || line[0] == 'Y';
}

/* How many of the targets are in the trash already. Number or -1. */
static int64_t
count_trash(struct cli *cli, const struct verb_options *o, struct error *err)
{
	struct history_message m;
	int64_t n = 0;

	for (size_t i = 0; i < o->n; i++) {
		enum state seen = o->targets[i].seen;
		int rc = 0;

		if (seen == OPERATIONS_ANY)
			rc = history_message_get(cli->store.history,
				o->targets[i].id, &m, err);
		if (rc < 0)
			return -1;
		if (rc > 0) {
			seen = m.state;
			history_message_release(&m);
		}
		n += seen == STATE_PURGED;
	}
	return n;
}

/* A purge of more than one asks; one for good asks too. 0 go on, or a
 * status. */
static int
confirm(struct cli *cli, const struct verb_options *o)
{
	struct error err = ERROR_INIT;
	char question[120];
	int64_t trash;
	int rc;

	if (o->yes || o->dry_run || o->n == 0)
		return 0;
	trash = count_trash(cli, o, &err);
	if (trash < 0)
		return cli_fail(cli, &err);
	if (o->n == 1 && trash == 0)
		return 0;
	if (o->n == 1)
		snprintf(question, sizeof question, "Remove message #%" PRId64
			" for good?", o->targets[0].id);
	else if (trash == 0)
		snprintf(question, sizeof question, "Purge %zu messages?",
			o->n);
	else
		snprintf(question, sizeof question, "Purge %zu messages, %"
			PRId64 " of them out of the trash, for good?", o->n,
			trash);
	rc = ask(question);
	if (rc > 0)
		return 0;
	cli_notice(cli, rc < 0 ? "there is no terminal to ask on: give --yes "
		"to purge %zu" : "nothing was done: to purge %zu wants a yes",
		o->n);
	return CLI_NOT_DONE;
}

/* What somebody else has in hand asks once more. 0 go on, or a status. */
static int
ask_hands(struct cli *cli, const struct verb_options *o)
{
	int64_t *ids = xcalloc(o->n + 1, sizeof *ids), id = 0, n;
	struct error err = ERROR_INIT;
	struct history_note hand = { 0 };
	char since[TEXT_TIME_MAX], who[160], question[400];
	int rc;

	for (size_t i = 0; i < o->n; i++)
		ids[i] = o->targets[i].id;
	n = o->yes || o->dry_run ? 0 : notes_in_hand(&cli->store, &cli->actor,
		ids, o->n, cli->now, &id, &hand, &err);
	free(ids);
	if (n <= 0)
		return n < 0 ? cli_fail(cli, &err) : 0;
	snprintf(question, sizeof question, "#%" PRId64 " is in hand: %s, "
		"since %s", id, notes_hand_words(who, &hand, cli->now),
		text_time(since, hand.at, cli->now));
	if (n > 1)
		snprintf(question + strlen(question), 60, " (%" PRId64
			" such in all)", n);
	history_note_release(&hand);
	strcat(question, ". Go on?");
	rc = ask(question);
	if (rc > 0)
		return 0;
	question[strlen(question) - 8] = '\0';
	cli_notice(cli, rc < 0 ? "%s: there is no terminal to ask on, give "
		"--yes: nothing was done" : "%s: nothing was done", question);
	return CLI_NOT_DONE;
}

static int
apply(struct cli *cli, const struct verb_options *o, enum verb verb)
{
	struct operation_summary sum;
	struct cli_report r = {
		.cli = cli, .verb = verb_word(verb), .kind = verb,
		.quiet = o->n > 20 && !o->dry_run, .dry_run = o->dry_run,
		.progress = o->n >= PROGRESS_LEAST && isatty(STDERR_FILENO),
		.start_mono_ms = clock_mono_ms(),
	};
	struct operation op = {
		.actor = &cli->actor, .verb = verb_word(verb), .kind = verb,
		.reason = o->reason, .dry_run = o->dry_run, .force = o->yes,
		.result = cli_report_result, .progress = cli_report_progress,
		.arg = &r,
	};
	struct error err = ERROR_INIT;
	int rc = cli_job_apply(cli, &op, o->targets, o->n, &sum, &err);

	cli_report_clear(&r);
	if (rc < 0) {
		rc = cli_fail(cli, &err);
		cli_report_sum(&r, &sum);
		return rc;
	}
	return cli_report_sum(&r, &sum);
}

/* Shows how far it is, until nothing more comes of it by itself. */
static int
follow_job(struct cli *cli, const struct verb_options *o, int64_t id,
	struct error *err)
{
	struct history_action a = { 0 };
	struct cli_bell bell;
	struct str s = STR_INIT;
	bool over = false, shown = isatty(STDERR_FILENO);
	int rc = 0;

	cli_bell_open(&bell, &cli->store);
	while (rc == 0 && !over) {
		history_action_release(&a);
		str_clear(&s);
		rc = history_action_get(cli->store.history, id, &a, err) <= 0 ||
			jobs_sentence(cli->store.history, &a, &s, err) < 0 ? -1 : 0;
		over = rc == 0 && ((a.ended_at != HISTORY_NO_TIME &&
			(!o->outcome || a.waits == 0)) ||
			(strcmp(a.job_state, "paused") == 0 && !a.job_auto));
		if (shown)
			fprintf(stderr, "\r\033[K%s", s.data);
		if (rc == 0 && !over)
			rc = cli_bell_wait(&bell, err);
	}
	cli_bell_close(&bell);
	if (shown)
		fputs("\r\033[K", stderr);
	if (rc == 0 && !cli->json) {
		cli_put(stdout, s.data);
		putchar('\n');
		if (a.ended_at == HISTORY_NO_TIME)
			cli_notice(cli, "job %" PRId64 " paused after %" PRId64
				" of %" PRId64 ": %s", id, a.done, a.total,
				a.job_why ? a.job_why : "");
	}
	rc = rc < 0 ? cli_fail(cli, err) : (o->outcome ? a.imported : a.done) ==
		a.total ? CLI_DONE : CLI_NOT_DONE;
	str_release(&s);
	history_action_release(&a);
	return rc;
}

static void
say_begun(struct cli *cli, const struct verb_options *o, enum verb verb,
	int64_t id)
{
	if (cli->json) {
		struct json_line *j = cli_result_json(cli, "begun", NULL);

		json_put_number(j, "job", id);
		json_put_number(j, "total", (int64_t)o->n);
		json_line_print(j, stdout);
	} else {
		printf("job %" PRId64 " begun: %s of %zu; ccmq job %" PRId64
			" shows what comes of it\n", id, verb_word(verb), o->n,
			id);
	}
	fflush(stdout);
}

/* In steps, or with a rate: the store's work, not this process's. */
static int
begin_job(struct cli *cli, const struct verb_options *o, enum verb verb)
{
	struct operation op = {
		.actor = &cli->actor, .verb = verb_word(verb), .kind = verb,
		.reason = o->reason,
	};
	struct job_spec spec = {
		.steps = o->steps, .rate = o->rate, .at_once = o->at_once,
	};
	struct error err = ERROR_INIT;
	struct cli_job j;
	int rc = CLI_DONE;

	if (cli_job_begin(&j, cli, &op, o->targets, o->n, spec, o->wait,
	    &err) < 0) {
		rc = cli_fail(cli, &err);
	} else {
		say_begun(cli, o, verb, j.id);
		if (o->wait)
			rc = follow_job(cli, o, j.id, &err);
	}
	cli_job_release(&j, cli);
	return rc;
}

/* What is purged already is meant only where state:purged is written out. */
static struct match *
compile(struct cli *cli, const struct verb_options *o, enum verb verb,
	struct error *err)
{
	return match_compile(o->match, verb == VERB_PURGE ?
		MATCH_PURGED_IF_NAMED : 0, cli->now, err);
}

/* The ids that match, in the states the verb acts from. */
static int
match_targets(struct cli *cli, struct verb_options *o, enum verb verb)
{
	struct error err = ERROR_INIT;
	struct match *m = compile(cli, o, verb, &err);
	/* What loops in a connector that is watched is in its importer. */
	unsigned states = verb_from(verb) | (verb == VERB_QUARANTINE &&
		cli->store.their_submit ? STATE_BIT(STATE_IMPORTING) : 0);
	int rc;

	if (!m)
		return cli_usage(cli, "--match: %s", err.text);
	rc = operations_match(&cli->store, m, states, &o->targets,
		&o->n, &err);
	if (rc < 0)
		rc = cli_fail(cli, &err);
	else if (match_limit_hits(m)) {
		cli_notice(cli, "a regular expression was too much work for "
			"%" PRIu64 " values: nothing was done",
			match_limit_hits(m));
		rc = CLI_NOT_DONE;
	}
	match_free(m);
	return rc;
}

/* Of work on several somebody will ask why. 0 or CLI_USAGE (said). */
static int
need_reason(const struct cli *cli, const struct verb_options *o)
{
	if (o->n < 2 || o->dry_run || (o->reason && *o->reason))
		return 0;
	return cli_usage(cli, "%zu messages want --reason TEXT: nothing was "
		"done", o->n);
}

/* What is typed wrongly is said before the store is looked at. */
static int
check_words(struct cli *cli, struct verb_options *o, enum verb verb)
{
	struct error err = ERROR_INIT;
	struct match *m;

	sort_targets(o);
	if ((o->steps || o->rate || o->at_once || o->outcome) &&
	    verb != VERB_RETRY && verb != VERB_RELEASE)
		return cli_usage(cli, "--steps, --rate, --first and --outcome "
			"are for retry and release: nothing comes of a %s",
			verb_word(verb));
	if (!o->match)
		return need_reason(cli, o);
	m = compile(cli, o, verb, &err);
	if (!m)
		return cli_usage(cli, "--match: %s", err.text);
	match_free(m);
	return 0;
}

int
cmd_verb(struct cli *cli, struct cli_args *args)
{
	struct verb_options o = { 0 };
	enum verb verb = VERB_RETRY;
	bool known = verb_parse(cli->command, &verb);
	int rc = parse(cli, args, &o);

	assert(known);
	if (rc == 0)
		rc = check_words(cli, &o, verb);
	if (rc == 0)
		rc = o.dry_run ? cli_open(cli, false) : cli_open_for_verb(cli);
	if (rc == 0 && o.match)
		rc = match_targets(cli, &o, verb);
	if (rc == 0)
		rc = need_reason(cli, &o);
	if (rc == 0 && verb == VERB_PURGE)
		rc = confirm(cli, &o);
	if (rc == 0)
		rc = ask_hands(cli, &o);
	if (rc == 0 && o.n == 0)
		cli_notice(cli, o.from_stdin ? "standard input named no ids: "
			"nothing was done" : "no message matches: nothing was "
			"done");
	else if (rc == 0 && (o.steps || o.rate || o.wait) && !o.dry_run)
		rc = begin_job(cli, &o, verb);
	else if (rc == 0)
		rc = apply(cli, &o, verb);
	free(o.targets);
	return rc;
}
