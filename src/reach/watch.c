/* SPDX-License-Identifier: ISC */
/* watch: the files that are there. See watch.h for the contract. */
#include "reach/watch_private.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 100000000	/* 6 GB of memory */
#define BUCKETS_LEAST 64

struct watch *
watch_new(void)
{
	struct watch *w = xcalloc(1, sizeof *w);

	w->free = WATCH_NONE;
	w->bucket_count = BUCKETS_LEAST;
	w->buckets = xcalloc(w->bucket_count, sizeof *w->buckets);
	memset(w->buckets, 0xFF, w->bucket_count * sizeof *w->buckets);
	return w;
}

void
watch_free(struct watch *w)
{
	if (!w)
		return;
	free(w->entries);
	free(w->buckets);
	free(w->trials);
	free(w);
}

/* --- names -------------------------------------------------------------- */

/* FNV-1a of the name in lower case. */
uint64_t
watch_fold(const char *name)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		sum = (sum ^ c) * UINT64_C(0x100000001b3);
	}
	return sum;
}

static uint64_t
print_of(const struct watch_file *f)
{
	return ((uint64_t)f->size * UINT64_C(0x9e3779b97f4a7c15)) ^
		((uint64_t)f->mtime_ns * UINT64_C(0xc2b2ae3d27d4eb4f));
}

static uint32_t *
bucket(const struct watch *w, uint64_t name)
{
	return &w->buckets[(name ^ name >> 32) & (w->bucket_count - 1)];
}

static uint32_t
same_name(const struct watch *w, uint32_t ref, uint64_t name)
{
	while (ref != WATCH_NONE && w->entries[ref].name != name)
		ref = w->entries[ref].next;
	return ref;
}

uint32_t
watch_first(const struct watch *w, uint64_t name)
{
	return same_name(w, *bucket(w, name), name);
}

uint32_t
watch_next(const struct watch *w, uint32_t ref)
{
	return same_name(w, w->entries[ref].next, w->entries[ref].name);
}

static void
link_entry(struct watch *w, uint32_t ref)
{
	uint32_t *at = bucket(w, w->entries[ref].name);

	w->entries[ref].next = *at;
	*at = ref;
}

static void
unlink_entry(struct watch *w, uint32_t ref)
{
	uint32_t *at = bucket(w, w->entries[ref].name);

	while (*at != ref)
		at = &w->entries[*at].next;
	*at = w->entries[ref].next;
}

static void
more_buckets(struct watch *w)
{
	w->bucket_count *= 2;
	free(w->buckets);
	w->buckets = xcalloc(w->bucket_count, sizeof *w->buckets);
	memset(w->buckets, 0xFF, w->bucket_count * sizeof *w->buckets);
	for (uint32_t i = 0; i < w->count; i++)
		if (w->entries[i].there)
			link_entry(w, i);
}

/* --- entries ------------------------------------------------------------ */

static uint32_t
new_entry(struct watch *w)
{
	uint32_t ref = w->free;

	if (ref != WATCH_NONE) {
		w->free = w->entries[ref].next;
		return ref;
	}
	if (w->count >= 2 * w->bucket_count)
		more_buckets(w);
	xgrow(&w->entries, &w->cap, w->count + 1, sizeof *w->entries,
		FILES_MAX);
	return (uint32_t)w->count++;
}

static uint32_t
add(struct watch *w, enum watch_place place, const struct watch_file *f)
{
	uint32_t ref = new_entry(w);

	w->entries[ref] = (struct entry){
		.name = watch_fold(f->name), .inode = f->inode,
		.print = print_of(f), .trial = WATCH_NONE, .came = w->cycle,
		.size = (uint32_t)f->size,
		.place = (uint8_t)place, .seen_in = (uint8_t)place,
		.there = true,
	};
	w->places[place]++;
	link_entry(w, ref);
	return ref;
}

void
watch_drop_trial(struct watch *w, struct entry *e)
{
	if (e->trial == WATCH_NONE)
		return;
	w->trials[e->trial].ref = WATCH_NONE;
	w->trials_free++;
	e->trial = WATCH_NONE;
}

static void
forget(struct watch *w, uint32_t ref)
{
	struct entry *e = &w->entries[ref];

	watch_drop_trial(w, e);
	unlink_entry(w, ref);
	e->there = false;
	e->next = w->free;
	w->free = ref;
}

/* --- a look ------------------------------------------------------------- */

void
watch_begin(struct watch *w, bool cycle)
{
	w->cycle += cycle;
	memset(w->unread, 0, sizeof w->unread);
	w->und_grew = w->passed = false;
}

/* The file of that identity; *grown_out: the one it may have grown from. */
static uint32_t
find(const struct watch *w, enum watch_place place,
	const struct watch_file *f, uint32_t *grown_out)
{
	uint64_t print = print_of(f);
	uint32_t ref;

	*grown_out = WATCH_NONE;
	for (ref = watch_first(w, watch_fold(f->name)); ref != WATCH_NONE;
	    ref = watch_next(w, ref)) {
		const struct entry *e = &w->entries[ref];

		if (e->inode != f->inode || e->gone)
			continue;
		if (e->print == print)
			return ref;
		if (place == WATCH_SUBMIT && e->place == place && !e->seen &&
		    e->trial == WATCH_NONE && e->size < (uint32_t)f->size)
			*grown_out = ref;
	}
	return WATCH_NONE;
}

enum watch_news
watch_see(struct watch *w, enum watch_place place,
	const struct watch_file *f, uint32_t *ref_out)
{
	enum watch_news news = WATCH_NOTHING;
	uint32_t grown, ref = find(w, place, f, &grown);

	if (ref == WATCH_NONE && grown != WATCH_NONE) {
		ref = grown;
		w->entries[ref].print = print_of(f);
		w->entries[ref].size = (uint32_t)f->size;
		news = WATCH_GREW;
	} else if (ref == WATCH_NONE) {
		ref = add(w, place, f);
		news = WATCH_ARRIVED;
	}
	w->entries[ref].seen = true;
	w->entries[ref].seen_in = (uint8_t)place;
	*ref_out = ref;
	return news;
}

void
watch_unread(struct watch *w, enum watch_place place)
{
	w->unread[place] = true;
}

enum watch_news
watch_change(struct watch *w, uint32_t *cursor, uint32_t *ref_out)
{
	while (*cursor < w->count) {
		uint32_t ref = (*cursor)++;
		struct entry *e = &w->entries[ref];

		*ref_out = ref;
		if (!e->there || e->gone)
			continue;
		if (!e->seen && !w->unread[e->place])
			return WATCH_MISSING;
		if (e->seen && e->seen_in != e->place) {
			w->places[e->place]--;
			e->place = e->seen_in;
			w->places[e->place]++;
			return WATCH_MOVED;
		}
	}
	return WATCH_NOTHING;
}

static bool
is_over(const struct watch *w, const struct entry *e)
{
	return e->heard || e->renumbered || !w->log_speaks ||
		w->cycle - e->went > 2;
}

void
watch_end(struct watch *w)
{
	for (uint32_t i = 0; i < w->count; i++) {
		w->entries[i].seen = false;
		if (w->entries[i].there && w->entries[i].gone &&
		    is_over(w, &w->entries[i]))
			forget(w, i);
	}
}

/* --- what the caller says and asks -------------------------------------- */

void
watch_name(struct watch *w, uint32_t ref, int64_t id)
{
	w->entries[ref].id = id;
}

int64_t
watch_id(const struct watch *w, uint32_t ref)
{
	return w->entries[ref].id;
}

bool
watch_is_there(const struct watch *w, uint32_t ref)
{
	return !w->entries[ref].gone;
}

enum watch_place
watch_place(const struct watch *w, uint32_t ref)
{
	return (enum watch_place)w->entries[ref].place;
}

void
watch_drop(struct watch *w, int64_t id)
{
	for (size_t i = 0; i < w->count; i++) {
		struct entry *e = &w->entries[i];

		if (!e->there || e->gone || e->id != id)
			continue;
		e->gone = e->heard = true;
		w->places[e->place]--;
	}
}

uint32_t
watch_know(struct watch *w, enum watch_place place,
	const struct watch_file *f, int64_t id)
{
	uint32_t ref = add(w, place, f);

	w->entries[ref].id = id;
	return ref;
}

int64_t
watch_count(const struct watch *w, enum watch_place place)
{
	return w->places[place];
}
