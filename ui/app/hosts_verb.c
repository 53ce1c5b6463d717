/* SPDX-License-Identifier: ISC */
/* hosts_verb: retry and quarantine of a cause on all hosts that have it. See
 * hosts_desk.h. */
#include "app/hosts_desk.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK_MS 5000			/* for the ids of a cause */

static void
give_up(struct desk_of_hosts *d, const char *note)
{
	hosts_work_release(&d->next);
	prompt_release(&d->prompt);
	prompt_page_release(&d->page);
	d->page = (struct prompt_page)PROMPT_PAGE_INIT;
	d->state = QUIET;
	term_field(false);
	snprintf(d->note, sizeof d->note, "%s", note);
	hosts_refresh(d);
}

/* Which messages these are, on each host that has some. */
void
hosts_verb_gather(struct desk_of_hosts *d, const char *verb)
{
	const struct list_row *row = list_current(hosts_here(d));
	const struct hosts_cause *c = row ? hosts_cause_of(d, row->id) : NULL;
	char id[40];

	if (!c || d->state != QUIET)
		return;
	if (d->read_only) {
		snprintf(d->note, sizeof d->note, "Read-only: nothing is done "
			"from here");
		return;
	}
	if (d->work.hosts && !hosts_work_is_over(&d->work)) {
		snprintf(d->note, sizeof d->note, "One thing at a time: "
			"not all hosts have answered to the last one");
		return;
	}
	d->state = GATHERS;
	d->verb = verb;
	d->cause_id = c->id;
	d->gathers_until_mono_ms = clock_mono_ms() + ASK_MS;
	snprintf(id, sizeof id, "ids-%u", d->gathers = ++d->number);
	for (size_t i = 0; i < d->hosts.count; i++)
		d->asked[i].wanted = d->asked[i].over = false;
	for (size_t i = 0; i < c->part_count; i++) {
		struct host *o = &d->hosts.host[c->parts[i].host];
		struct asked *a = &d->asked[c->parts[i].host];

		a->wanted = true;
		*a->why = '\0';
		a->over = !o->writes || !hosts_ask(&d->hosts,
			c->parts[i].host, hosts_cause_ids(c, id));
		if (a->over)
			snprintf(a->why, sizeof a->why, "%s", o->state !=
				HOST_LIVE ? "cannot be asked" : "read-only");
	}
}

static bool
all_gathered(const struct desk_of_hosts *d)
{
	for (size_t i = 0; i < d->hosts.count; i++)
		if (d->asked[i].wanted && !d->asked[i].over &&
		    d->hosts.host[i].state == HOST_LIVE)
			return false;
	return true;
}

static int
by_host(const void *one, const void *other)
{
	const struct hosts_item *a = one, *b = other;

	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* Hosts with their numbers, and those that are left out. */
static size_t
say_hosts(struct desk_of_hosts *d, struct str *names, struct str *left)
{
	size_t hosts = 0;

	for (size_t i = 0, k = 0; i < d->hosts.count; i++) {
		struct asked *a = &d->asked[i];
		size_t first = k;

		while (k < d->next.count && d->next.items[k].host == i)
			k++;
		if (k > first)
			str_addf(names, "%s%s %zu", hosts++ ? ", " : "",
				d->hosts.host[i].set->name, k - first);
		else if (a->wanted)
			str_addf(left, "%s%s: %s", left->len ? ", " : "",
				d->hosts.host[i].set->name, *a->why ? a->why :
				a->over ? "none any more" : "did not answer");
	}
	return hosts;
}

static void
ask_operator(struct desk_of_hosts *d)
{
	struct str names = STR_INIT, left = STR_INIT;
	char words[160], n[TEXT_NUMBER_MAX], typed[24];
	size_t hosts;

	if (d->next.count)
		qsort(d->next.items, d->next.count, sizeof *d->next.items,
			by_host);
	hosts = say_hosts(d, &names, &left);
	if (!hosts) {
		give_up(d, "No host has such a message that something can be "
			"done to");
	} else {
		d->state = ASKS;
		str_addf(&d->page.title, "%s %s message%s on %zu host%s?",
			strcmp(d->verb, "retry") == 0 ? "RETRY" : "QUARANTINE",
			text_exact(n, d->next.count), d->next.count == 1 ? "" :
			"s", hosts, hosts == 1 ? "" : "s");
		str_add(prompt_page_fact(&d->page, "Cause"), hosts_cause_words(
			words, hosts_cause_of(d, d->cause_id)));
		str_add(prompt_page_fact(&d->page, "Hosts"), names.data);
		if (left.len)
			str_add(prompt_page_fact_stays(&d->page, "Left out"),
				left.data);
		str_add(prompt_page_fact(&d->page, "Undo"), "on each host by "
			"itself: ccmq undo");
		prompt_init(&d->prompt);
		prompt_add_text(&d->prompt, "Reason", d->reason ? d->reason :
			"", true);
		snprintf(typed, sizeof typed, "%zu", d->next.count);
		prompt_add_word(&d->prompt, typed);
		term_deaf();
		term_field(prompt_is_text(&d->prompt));
		d->dirty = true;
	}
	str_release(&names);
	str_release(&left);
}

static void
begin_work(struct desk_of_hosts *d)
{
	struct error err = ERROR_INIT;

	hosts_work_release(&d->work);
	d->work = d->next;
	d->next = (struct hosts_work){ 0 };
	xstrset(&d->reason, d->prompt.fields[0].text.data);
	if (hosts_work_begin(&d->work, &d->hosts, d->verb, d->reason,
	    STATE_FAILED, &err) < 0)
		give_up(d, err.text);
	else
		give_up(d, "");
	hosts_go_to(d, HOSTS_RESULTS);
}

void
hosts_verb_key(struct desk_of_hosts *d, const struct key_event *key)
{
	if (prompt_page_key(&d->page, key->key))
		return;
	switch (prompt_key(&d->prompt, key)) {
	case PROMPT_OPEN:
		term_field(prompt_is_text(&d->prompt));
		break;
	case PROMPT_DONE:
		begin_work(d);
		break;
	case PROMPT_CANCELLED:
		give_up(d, "Nothing was done");
	}
}

void
hosts_verb_look(struct desk_of_hosts *d)
{
	if (d->state == GATHERS && (all_gathered(d) ||
	    clock_mono_ms() >= d->gathers_until_mono_ms))
		ask_operator(d);
}
