/* SPDX-License-Identifier: ISC */
/* arrivals: see arrivals.h for the contract. A hash table of names, open
 * addressing, twice as many places as names. */
#include "connector/arrivals.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define PLACES (2 * ARRIVALS_MAX)

struct entry {
	char *name;			/* NULL: free */
	enum arrival what;
	int64_t size, mtime_ns, since_mono_ms;	/* as it was asked about */
};

struct arrivals {
	struct entry places[PLACES];
	int count;
	bool created;			/* there are some of ARRIVAL_CREATED */
};

struct arrivals *
arrivals_new(void)
{
	return xcalloc(1, sizeof(struct arrivals));
}

void
arrivals_clear(struct arrivals *a)
{
	for (int i = 0; i < PLACES; i++) {
		free(a->places[i].name);
		a->places[i].name = NULL;
	}
	a->count = 0;
}

void
arrivals_free(struct arrivals *a)
{
	if (!a)
		return;
	arrivals_clear(a);
	free(a);
}

/* FNV-1a. */
static unsigned
hash(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h % PLACES;
}

/* The place of a name, or the free one where it would be. */
static unsigned
place(const struct arrivals *a, const char *name)
{
	unsigned i = hash(name);

	while (a->places[i].name && strcmp(a->places[i].name, name) != 0)
		i = (i + 1) % PLACES;
	return i;
}

static void
put(struct arrivals *a, const char *name, enum arrival what)
{
	struct entry *e = &a->places[place(a, name)];

	if (!e->name && a->count == ARRIVALS_MAX)
		return;
	if (!e->name) {
		*e = (struct entry){ .name = xstrdup(name) };
		a->count++;
	}
	e->what = what;
}

void
arrivals_forget(struct arrivals *a, const char *name)
{
	unsigned i = place(a, name), next;

	if (!a->places[i].name)
		return;
	free(a->places[i].name);
	a->places[i].name = NULL;
	a->count--;
	/* What was pushed on by it moves up. */
	for (next = (i + 1) % PLACES; a->places[next].name;
	    next = (next + 1) % PLACES) {
		struct entry e = a->places[next];

		a->places[next].name = NULL;
		a->places[place(a, e.name)] = e;
	}
}

static enum arrival
ask(const struct arrivals *a, const char *name)
{
	const struct entry *e = &a->places[place(a, name)];

	return e->name ? e->what : ARRIVAL_UNTOLD;
}

bool
arrivals_note(struct arrivals *a, uint32_t mask, const char *name)
{
	if (mask & (IN_MOVED_TO | IN_CLOSE_WRITE)) {
		put(a, name, ARRIVAL_WHOLE);
		return true;
	}
	if (mask & IN_CREATE) {
		put(a, name, ARRIVAL_CREATED);
		a->created = true;
	} else if (mask & IN_OPEN) {
		if (ask(a, name) == ARRIVAL_CREATED)
			put(a, name, ARRIVAL_BEING_WRITTEN);
	} else {
		arrivals_forget(a, name);
	}
	return false;
}

void
arrivals_end(struct arrivals *a)
{
	for (int i = 0; a->created && i < PLACES; i++)
		if (a->places[i].name && a->places[i].what == ARRIVAL_CREATED)
			a->places[i].what = ARRIVAL_UNTOLD;
	a->created = false;
}

bool
arrivals_is_quiet(struct arrivals *a, const char *name, const struct stat *st,
	int64_t now_mono_ms, int64_t wait_ms)
{
	int64_t mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
		st->st_mtim.tv_nsec;
	struct entry *e;

	if (!a->places[place(a, name)].name)
		put(a, name, ARRIVAL_UNTOLD);
	e = &a->places[place(a, name)];
	if (!e->name)
		return false;
	if (!e->since_mono_ms || e->size != st->st_size ||
	    e->mtime_ns != mtime_ns) {
		e->size = st->st_size;
		e->mtime_ns = mtime_ns;
		e->since_mono_ms = now_mono_ms;
	}
	return now_mono_ms - e->since_mono_ms >= wait_ms;
}

enum arrival
arrivals_ask(const struct arrivals *a, const char *name)
{
	enum arrival what = ask(a, name);

	return what == ARRIVAL_CREATED ? ARRIVAL_UNTOLD : what;
}
