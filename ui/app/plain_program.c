/* SPDX-License-Identifier: ISC */
/* plain_program: see plain_program.h for the contract. */
#include "app/plain_program.h"
#include "app/program.h"
#include "base/clock.h"
#include "base/text.h"
#include "history/history_cause.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CAUSES_MAX 1000
#define LINE_BYTES 65536		/* a longer one is cut in two */
#define WAIT_MS 100			/* between looks whether it has ended */

/* ---- while it runs ---- */

static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
#define ENDING (sizeof ending / sizeof *ending)
static volatile sig_atomic_t ended_by;

static void
remember(int signal)
{
	ended_by = signal;
}

/* What was printed so far, by line; a last one without its end with `all`. */
static void
print_lines(struct str *text, bool all)
{
	struct str line = STR_INIT;
	size_t at = 0;

	while (at < text->len) {
		const char *end = memchr(text->data + at, '\n', text->len - at);
		size_t n = end ? (size_t)(end - text->data) - at :
			text->len - at;

		if (!end && !all && n < LINE_BYTES)
			break;
		str_clear(&line);
		text_add_printable(&line, text->data + at, n);
		puts(line.data);
		at += n + (end != NULL);
	}
	fflush(stdout);
	str_remove(text, 0, at);
	str_release(&line);
}

/* Until it has ended, or we are told to end it; mask: what may come while it is
 * waited for. */
static void
follow(struct program *p, const sigset_t *mask)
{
	struct pollfd fd = { .fd = p->fd, .events = POLLIN };
	struct timespec wait = { 0, WAIT_MS * 1000000L };
	struct str text = STR_INIT;
	char buf[4096], how[PROGRAM_ENDED_MAX] = "ended by you";
	bool ended = false;
	ssize_t n = 1;

	while (!ended_by) {
		int ready;

		/* It ends once; what it printed may still be to be read. */
		ended = ended || program_ended(p, how);
		ready = ended ? poll(&fd, 1, 0) : ppoll(&fd, 1, &wait, mask);

		n = ready > 0 ? read(p->fd, buf, sizeof buf) : ready;
		if (n > 0)
			str_add_bytes(&text, buf, (size_t)n);
		print_lines(&text, false);
		if (ready > 0 && n <= 0)
			fd.fd = -1;	/* it has closed what it prints to */
		if (ended && n <= 0)
			break;
	}
	program_end(p);
	print_lines(&text, true);
	printf("-- %s\n", how);
	str_release(&text);
}

/* INT only ends what runs; what ends us ends it first. */
static void
run(struct program *p)
{
	struct sigaction act = { .sa_handler = remember }, were[ENDING];
	sigset_t block, was;

	ended_by = 0;
	sigemptyset(&block);
	for (size_t i = 0; i < ENDING; i++)
		sigaddset(&block, ending[i]);
	(void)sigprocmask(SIG_BLOCK, &block, &was);
	for (size_t i = 0; i < ENDING; i++)
		(void)sigaction(ending[i], &act, &were[i]);
	follow(p, &was);
	close(p->fd);
	for (size_t i = 0; i < ENDING; i++)
		(void)sigaction(ending[i], &were[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &was, NULL);
	if (ended_by && ended_by != SIGINT)
		(void)raise(ended_by);
}

/* ---- which, and what it is about ---- */

static const struct settings_program *
named(const struct settings *settings, const char *words, const char **on_out)
{
	const struct settings_programs *all = &settings->commands;

	for (size_t i = 0; i < all->count; i++) {
		const char *const its[] = { all->of[i].name, all->of[i].key };

		for (int k = 0; k < 2; k++) {
			size_t len = strlen(its[k]);

			if (strncasecmp(words, its[k], len) != 0 ||
			    (words[len] && words[len] != ' '))
				continue;
			*on_out = words + len + (words[len] == ' ');
			return &all->of[i];
		}
	}
	return NULL;
}

/* Counts of a cause, suspect or not, in failed and deferred. 0 or -1. */
static int
count_cause(struct history *h, int64_t cause, struct history_cause_row *sum,
	struct error *err)
{
	static const enum state states[] = { STATE_FAILED, STATE_DEFERRED };
	static struct history_cause_row rows[CAUSES_MAX];
	bool any = false;

	for (size_t s = 0; s < sizeof states / sizeof *states; s++) {
		int n = history_causes(h, states[s], rows, CAUSES_MAX, err);

		for (int i = 0; i < n; i++) {
			const struct history_cause_row *r = &rows[i];

			if (r->cause == cause) {
				sum->n += r->n;
				sum->suspect |= r->suspect;
				if (!any || r->first_at < sum->first_at)
					sum->first_at = r->first_at;
				if (!any || r->last_at > sum->last_at)
					sum->last_at = r->last_at;
				any = true;
			}
			history_cause_row_release(&rows[i]);
		}
		if (n < 0)
			return -1;
	}
	return 0;
}

static int
start(const struct plain_site *site, struct program_about *about,
	struct program *out, struct error *err)
{
	struct history_cause_row cause;
	int64_t id = about->on->cause;
	int rc;

	if (!id)
		return program_start_command(site->settings, site->store,
			about, out, err);
	rc = history_cause_get(site->store->history, id, &cause, err);
	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no such cause");
	about->cause = &cause;
	rc = count_cause(site->store->history, id, &cause, err) < 0 ? -1 :
		program_start_command(site->settings, site->store, about, out,
			err);
	history_cause_row_release(&cause);
	return rc;
}

/* Why it is not run, or NULL. */
static const char *
refused(const struct plain_site *site, const struct settings_program *p,
	const struct note_on *on)
{
	return p->writes && site->read_only_why ? site->read_only_why :
		on->message && !p->on_message ? "it is for causes" :
		on->cause && !p->on_cause ? "it is for messages" :
		!on->message && !on->cause ? "it is for messages and causes" :
		NULL;
}

bool
plain_program(const struct plain_site *site, const char *words)
{
	struct error err = ERROR_INIT;
	const char *text, *why;
	const struct settings_program *p = named(site->settings, words, &text);
	struct note_on on;
	struct actor actor;
	struct program_about about = { p, &on, NULL, site->host, NULL };
	struct program program;

	if (!p)
		return false;
	if (!*text) {
		printf("%s: on what? An id%s\n", p->name, p->on_cause ?
			", or cause:EXPR" : "");
		return true;
	}
	actor_init(&actor, "ccmq");
	about.by = actor.by;
	if (notes_on(site->store, text, clock_wall(), &on, &err) < 0)
		printf("%s: %s\n", p->name, err.text);
	else if ((why = refused(site, p, &on)))
		printf("%s: %s\n", p->name, why);
	else if (start(site, &about, &program, &err) < 0)
		printf("%s: %s\n", p->name, err.text);
	else
		run(&program);
	actor_release(&actor);
	return true;
}

void
plain_program_help(const struct plain_site *site)
{
	const struct settings_programs *all = &site->settings->commands;

	for (size_t i = 0; i < all->count; i++) {
		const struct settings_program *p = &all->of[i];

		printf("%s %s%s%s, or %s: runs %s%s\n", p->name, p->on_message ?
			"ID" : "", p->on_message && p->on_cause ? " or " : "",
			p->on_cause ? "cause:EXPR" : "", p->key, p->run[0],
			p->writes && site->read_only_why ?
			", not in read-only mode" : "");
	}
}
