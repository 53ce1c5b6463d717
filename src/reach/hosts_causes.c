/* SPDX-License-Identifier: ISC */
/* hosts_causes: causes of all hosts. See hosts_work.h for the contract. */
#include "reach/hosts_work.h"
#include "base/xalloc.h"
#include "history/history_cause.h"

#include <stdlib.h>
#include <string.h>

#define CAUSES_MAX 100000		/* what hosts send is bounded */
#define REASON_MAX 1000

static void
release(struct hosts_cause *c)
{
	free(c->class);
	free(c->reason);
	free(c->parts);
}

void
hosts_causes_release(struct hosts_causes *c)
{
	while (c->count > 0)
		release(&c->rows[--c->count]);
	free(c->rows);
	*c = (struct hosts_causes){ 0 };
}

static void
sum(struct hosts_cause *c)
{
	c->n = 0;
	for (size_t i = 0; i < c->part_count; i++) {
		const struct hosts_part *p = &c->parts[i];

		if (c->n == 0 || p->first_at < c->first_at)
			c->first_at = p->first_at;
		if (c->n == 0 || p->last_at > c->last_at)
			c->last_at = p->last_at;
		c->n += p->n;
	}
}

void
hosts_causes_forget(struct hosts_causes *all, size_t host)
{
	for (size_t i = 0; i < all->count; i++) {
		struct hosts_cause *c = &all->rows[i];

		for (size_t k = 0; k < c->part_count; k++)
			if (c->parts[k].host == host)
				c->parts[k--] = c->parts[--c->part_count];
		sum(c);
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The row of that class, code, signal and reason; a new one if there is none.
 * NULL: there are too many. */
static struct hosts_cause *
row_of(struct hosts_causes *all, const char *class, int code, int signal,
	const char *reason)
{
	struct hosts_cause *c;

	for (size_t i = 0; i < all->count; i++) {
		c = &all->rows[i];
		if (c->code == code && c->signal == signal &&
		    same_text(c->class, class) && same_text(c->reason, reason))
			return c;
	}
	if (all->count == CAUSES_MAX)
		return NULL;
	xgrow(&all->rows, &all->cap, all->count + 1, sizeof *all->rows,
		CAUSES_MAX);
	c = &all->rows[all->count++];
	*c = (struct hosts_cause){ .id = (int64_t)all->count, .code = code,
		.signal = signal, .class = xstrdup(class),
		.reason = xstrdup(reason) };
	return c;
}

/* A cause stands once more where some of it are suspect. */
static struct hosts_part *
part_of(struct hosts_cause *c, size_t host)
{
	for (size_t i = 0; i < c->part_count; i++)
		if (c->parts[i].host == host)
			return &c->parts[i];
	xgrow(&c->parts, &c->part_cap, c->part_count + 1, sizeof *c->parts,
		SETTINGS_HOSTS_MAX);
	c->parts[c->part_count] = (struct hosts_part){ .host = host,
		.first_at = INT64_MAX, .last_at = INT64_MIN };
	return &c->parts[c->part_count++];
}

void
hosts_causes_add(struct hosts_causes *all, size_t host,
	const struct json_line *j)
{
	int64_t code = HISTORY_NO_CODE, signal = 0, n = 0, first = 0, last = 0;
	const char *class = NULL, *reason = NULL;
	struct hosts_cause *c;
	struct hosts_part *p;

	json_get_number(j, "code", &code);
	json_get_number(j, "signal", &signal);
	json_get_number(j, "messages", &n);
	json_get_time(j, "first_at", &first);
	json_get_time(j, "last_at", &last);
	json_get_text(j, "reason", &reason);
	if (json_get_text(j, "class", &class) != 1 || n < 1 || n > INT32_MAX ||
	    strlen(class) > 40 || (reason && strlen(reason) > REASON_MAX))
		return;
	c = row_of(all, class, (int)code, (int)signal, reason);
	if (!c)
		return;
	p = part_of(c, host);
	p->n += n;
	if (first < p->first_at)
		p->first_at = first;
	if (last > p->last_at)
		p->last_at = last;
	sum(c);
}

const char *
hosts_cause_words(char out[160], const struct hosts_cause *c)
{
	const struct history_cause_row row = { .class = c->class,
		.reason = c->reason, .code = c->code, .signal = c->signal };

	return history_cause_words(out, &row);
}

struct json_line *
hosts_cause_ids(const struct hosts_cause *c, const char *id)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "id", id);
	json_put_text(j, "ask", "ids");
	json_put_text(j, "class", c->class);
	json_put_known(j, "code", c->code, HISTORY_NO_CODE);
	json_put_number(j, "signal", c->signal);
	json_put_text(j, "reason", c->reason);
	return j;
}
