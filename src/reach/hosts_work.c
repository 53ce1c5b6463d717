/* SPDX-License-Identifier: ISC */
/* hosts_work: a verb on messages of many hosts. See hosts_work.h. */
#include "reach/hosts_work.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "reach/serve.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define NAMED 3			/* hosts that a sentence names */

void
hosts_work_add(struct hosts_work *w, size_t host, int64_t id)
{
	if (w->count == HOSTS_ITEMS_MAX)
		return;
	xgrow(&w->items, &w->cap, w->count + 1, sizeof *w->items,
		HOSTS_ITEMS_MAX);
	w->items[w->count++] = (struct hosts_item){ .host = host, .id = id };
}

static void
set_result(struct hosts_work *w, struct hosts_item *i,
	enum operation_code result)
{
	w->n[i->result]--;
	i->result = result;
	w->n[result]++;
}

/* 128 bits that nobody else has. 0 or -1. */
static int
make_name(char out[33], struct error *err)
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return error_set(err, ERROR_SYSTEM, "getrandom: %s",
			strerror(errno));
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

static void
send_request(struct hosts_work *w, struct hosts_request *r)
{
	struct json_line *j = json_line_new();
	int64_t *ids = xcalloc(r->count, sizeof *ids);

	for (size_t i = 0; i < r->count; i++)
		ids[i] = w->items[r->first + i].id;
	json_put_text(j, "id", r->id);
	json_put_text(j, "ask", w->verb);
	json_put_text(j, "seen", state_word(w->seen));
	json_put_text(j, "reason", w->reason);
	json_put_numbers(j, "ids", ids, r->count);
	free(ids);
	if (!hosts_ask(w->hosts, r->host, j))
		return;
	r->sent = true;
	for (size_t i = 0; i < r->count; i++)
		if (w->items[r->first + i].result == OPERATION_PENDING)
			set_result(w, &w->items[r->first + i],
				OPERATION_UNKNOWN);
}

/* One host's next items, as many as one request takes. 0 or -1. */
static int
add_request(struct hosts_work *w, size_t first, struct error *err)
{
	struct hosts_request r = { .host = w->items[first].host,
		.first = first };

	while (first + r.count < w->count && r.count < SERVE_IDS_MAX &&
	    w->items[first + r.count].host == r.host)
		r.count++;
	if (make_name(r.id, err) < 0)
		return -1;
	xgrow(&w->requests, &w->request_cap, w->request_count + 1,
		sizeof *w->requests, HOSTS_ITEMS_MAX);
	w->requests[w->request_count++] = r;
	return 0;
}

int
hosts_work_begin(struct hosts_work *w, struct hosts *hosts, const char *verb,
	const char *reason, enum state seen, struct error *err)
{
	w->hosts = hosts;
	w->verb = xstrdup(verb);
	w->reason = xstrdup(reason);
	w->seen = seen;
	w->n[OPERATION_PENDING] = (int64_t)w->count;
	for (size_t at = 0; at < w->count;
	     at += w->requests[w->request_count - 1].count)
		if (add_request(w, at, err) < 0)
			return -1;
	for (size_t i = 0; i < w->request_count; i++)
		send_request(w, &w->requests[i]);
	return 0;
}

void
hosts_work_hello(struct hosts_work *w, size_t host)
{
	for (size_t i = 0; i < w->request_count; i++)
		if (w->requests[i].host == host && !w->requests[i].over)
			send_request(w, &w->requests[i]);
}

static void
explain(struct hosts_item *i, const char *why)
{
	char words[160];

	xstrset(&i->why, why ? text_printable(words, sizeof words, why,
		strlen(why)) : NULL);
}

static void
hear_result(struct hosts_work *w, const struct hosts_request *r,
	const struct json_line *result)
{
	const char *word = "", *why = NULL;
	enum operation_code code;
	int64_t id = 0;

	json_get_number(result, "id", &id);
	json_get_text(result, "result", &word);
	json_get_text(result, "why", &why);
	/* "pending" would say that it was not sent. */
	if (!operation_parse(word, &code) || code == OPERATION_PENDING)
		return;
	for (size_t i = r->first; i < r->first + r->count; i++)
		if (w->items[i].id == id) {
			w->items[i].told = true;
			set_result(w, &w->items[i], code);
			explain(&w->items[i], why);
		}
}

/* What it said nothing of was not done: it says why. */
static void
hear_error(struct hosts_work *w, struct hosts_request *r, const char *why)
{
	r->over = true;
	for (size_t i = r->first; i < r->first + r->count; i++) {
		if (w->items[i].told)
			continue;
		set_result(w, &w->items[i], OPERATION_FAILED);
		explain(&w->items[i], why);
	}
}

bool
hosts_work_line(struct hosts_work *w, size_t host, const struct json_line *j)
{
	struct json_line *result;
	struct hosts_request *r = w->requests;
	const char *id = "", *why;
	bool end = false;
	size_t i;

	json_get_text(j, "id", &id);
	for (i = 0; i < w->request_count; i++, r++)
		if (r->host == host && strcmp(r->id, id) == 0)
			break;
	if (i == w->request_count)
		return false;
	if (r->over)
		return true;
	if (json_get_object(j, "result", &result) == 1) {
		hear_result(w, r, result);
		json_line_free(result);
	} else if (json_get_text(j, "error", &why) == 1) {
		hear_error(w, r, why);
	} else if (json_get_bool(j, "end", &end) == 1 && end) {
		r->over = true;
	}
	return true;
}

bool
hosts_work_is_over(const struct hosts_work *w)
{
	for (size_t i = 0; i < w->request_count; i++)
		if (!w->requests[i].over)
			return false;
	return true;
}

/* The hosts of those whose fate is not known. */
static void
name_hosts(const struct hosts_work *w, struct str *out)
{
	size_t named = 0, last = SIZE_MAX;

	for (size_t i = 0; i < w->count; i++) {
		const struct hosts_item *it = &w->items[i];

		if ((it->result != OPERATION_UNKNOWN && it->result !=
		    OPERATION_PENDING) || it->host == last)
			continue;
		last = it->host;
		if (named++ < NAMED)
			str_addf(out, "%s%s", named == 1 ? " (" : ", ",
				w->hosts->host[last].set->name);
	}
	if (named > NAMED)
		str_addf(out, ", %zu more", named - NAMED);
	str_add(out, named ? ")" : "");
}

void
hosts_work_sentence(const struct hosts_work *w, struct str *out)
{
	static const enum operation_code shown[] = {
		OPERATION_NOTED, OPERATION_UNCHANGED, OPERATION_SKIPPED,
		OPERATION_FAILED, OPERATION_PENDING, OPERATION_UNKNOWN,
	};
	char n[TEXT_NUMBER_MAX];

	str_addf(out, "%s of %s: ", w->verb, text_exact(n, w->count));
	str_addf(out, "%s done", text_exact(n, (uint64_t)
		w->n[OPERATION_DONE]));
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (w->n[shown[i]])
			str_addf(out, ", %s %s", text_exact(n, (uint64_t)
				w->n[shown[i]]), shown[i] ==
				OPERATION_PENDING ? "not sent yet" :
				operation_word(shown[i]));
	name_hosts(w, out);
}

void
hosts_work_release(struct hosts_work *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->items[i].why);
	free(w->items);
	free(w->requests);
	free(w->verb);
	free(w->reason);
	*w = (struct hosts_work){ 0 };
}
