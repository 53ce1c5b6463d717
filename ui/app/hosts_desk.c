/* SPDX-License-Identifier: ISC */
/* hosts_desk: see hosts_desk.h. */
#include "app/hosts_desk.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list *
hosts_here(struct desk_of_hosts *d)
{
	return &d->lists[d->at];
}

struct hosts_cause *
hosts_cause_of(struct desk_of_hosts *d, int64_t id)
{
	return id >= 1 && id <= (int64_t)d->causes.count ?
		&d->causes.rows[id - 1] : NULL;
}

void
hosts_refresh(struct desk_of_hosts *d)
{
	struct error ignored = ERROR_INIT;

	if (d->state != ASKS)
		list_refresh(hosts_here(d), &ignored);
	d->dirty = true;
}

void
hosts_ask_causes(struct desk_of_hosts *d, size_t host)
{
	struct asked *a = &d->asked[host];
	struct host *o = &d->hosts.host[host];
	struct json_line *j;
	char id[40];

	if (d->at != HOSTS_CAUSES || o->state != HOST_LIVE ||
	    !o->facts.known || (a->causes && a->failed == o->facts.failed))
		return;
	a->causes = ++d->number;
	a->fresh = true;
	a->failed = o->facts.failed;
	j = json_line_new();
	snprintf(id, sizeof id, "causes-%u", a->causes);
	json_put_text(j, "id", id);
	json_put_text(j, "ask", "causes");
	hosts_ask(&d->hosts, host, j);
}

static void
hear_causes(struct desk_of_hosts *d, size_t host, const struct json_line *j)
{
	struct json_line *cause;

	if (d->asked[host].fresh)
		hosts_causes_forget(&d->causes, host);
	d->asked[host].fresh = false;
	if (json_get_object(j, "cause", &cause) == 1) {
		hosts_causes_add(&d->causes, host, cause);
		json_line_free(cause);
	}
}

static void
hear_ids(struct desk_of_hosts *d, size_t host, const struct json_line *j)
{
	struct asked *a = &d->asked[host];
	const char *why;
	int64_t *ids;
	size_t n;
	bool end;

	if (!a->wanted || a->over)
		return;
	if (json_get_list(j, "ids", &ids, &n, 1000) == 1) {
		for (size_t i = 0; i < n; i++)
			hosts_work_add(&d->next, host, ids[i]);
		free(ids);
	} else if (json_get_text(j, "error", &why) == 1) {
		text_printable(a->why, sizeof a->why, why, strlen(why));
		a->over = true;
	} else if (json_get_bool(j, "end", &end) == 1 && end) {
		a->over = true;
	}
}

void
hosts_hear(void *arg, size_t host, const struct json_line *j)
{
	struct desk_of_hosts *d = arg;
	const char *id = "";
	char want[40];

	json_get_text(j, "id", &id);
	if (d->work.hosts && hosts_work_line(&d->work, host, j)) {
		hosts_refresh(d);
		return;
	}
	snprintf(want, sizeof want, "causes-%u", d->asked[host].causes);
	if (strcmp(id, want) == 0) {
		hear_causes(d, host, j);
		if (d->at == HOSTS_CAUSES)
			hosts_refresh(d);
	}
	snprintf(want, sizeof want, "ids-%u", d->gathers);
	if (d->state == GATHERS && strcmp(id, want) == 0)
		hear_ids(d, host, j);
}

void
hosts_hello(void *arg, size_t host)
{
	struct desk_of_hosts *d = arg;

	d->asked[host].causes = 0;
	if (d->work.hosts)
		hosts_work_hello(&d->work, host);
}

void
hosts_go_to(struct desk_of_hosts *d, enum hosts_what what)
{
	struct error ignored = ERROR_INIT;

	d->at = what;
	for (size_t i = 0; i < d->hosts.count; i++)
		hosts_ask_causes(d, i);
	list_reload(hosts_here(d), &ignored);
	d->dirty = true;
}
