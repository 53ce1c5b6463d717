/* SPDX-License-Identifier: ISC */
/*
 * undo_plan: see undo_plan.h for the contract.
 *
 * The journal is read backwards. What is durable of an object (an inode, or
 * a directory's names) is always a prefix of its changes, so what is undone
 * of a name or of an inode's bytes is always a suffix.
 */
#include "undo_plan.h"

#include <stdlib.h>
#include <string.h>

/* A set of numbers, each with a value: open addressing, 0 is an empty slot. */
struct slot {
	uint64_t key, value;
};

struct set {
	struct slot *slots;
	size_t cap, n;
};

static bool set_add(struct set *s, uint64_t key, uint64_t value);

static void
set_grow(struct set *s)
{
	struct set bigger = { NULL, s->cap ? s->cap * 2 : 256, 0 };

	bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
	if (!bigger.slots)
		abort();
	for (size_t i = 0; i < s->cap; i++)
		if (s->slots[i].key)
			set_add(&bigger, s->slots[i].key, s->slots[i].value);
	free(s->slots);
	*s = bigger;
}

static struct slot *
set_slot(const struct set *s, uint64_t key)
{
	size_t i = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 20) % s->cap;

	while (s->slots[i].key && s->slots[i].key != key)
		i = (i + 1) % s->cap;
	return &s->slots[i];
}

static bool
set_has(const struct set *s, uint64_t key)
{
	return s->cap && set_slot(s, key)->key;
}

/* False if it was there; the value of the first time stays. */
static bool
set_add(struct set *s, uint64_t key, uint64_t value)
{
	struct slot *at;

	if (s->n * 2 >= s->cap)
		set_grow(s);
	at = set_slot(s, key);
	if (at->key)
		return false;
	at->key = key;
	at->value = value;
	s->n++;
	return true;
}

static uint64_t
hash(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return h ? h : 1;
}

static uint64_t
mix(uint64_t seed, uint64_t n)
{
	uint64_t x = seed * UINT64_C(0x9E3779B97F4A7C15) ^
		(n + 1) * UINT64_C(0xBF58476D1CE4E5B9);

	x = (x ^ x >> 30) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

/* What the changes that come later than the one looked at have made durable. */
struct later {
	const struct undo *u;
	struct set synced;	/* inodes */
	struct set needed;	/* names that a durable change touches */
	struct set ranks;	/* UNDO_RANDOM: inode -> its first record */
	bool any, all;
	size_t n;		/* records */
};

/*
 * The object's changes before a random one reached the disk by themselves.
 * Inodes differ from run to run, the order in which they are met does not: the
 * same seed loses the same again.
 */
static bool
by_chance(const struct later *l, uint64_t ino, size_t index)
{
	if (l->u->lose != UNDO_RANDOM)
		return false;
	return index < mix(l->u->seed, set_slot(&l->ranks, ino)->value) %
		(l->n + 1);
}

static bool
is_durable(const struct later *l, uint64_t ino, size_t index)
{
	return l->all || set_has(&l->synced, ino) || by_chance(l, ino, index);
}

const char *
undo_path(const struct fault_record *r, int k)
{
	const char *first = (const char *)(r + 1);

	return k ? first + r->entry[0].path_len : first;
}

static void
decide_names(struct undo_item *it, struct later *l, size_t index)
{
	const struct fault_record *r = it->record;
	int n = r->entry[1].path_len ? 2 : 1;
	bool keep[2], needed[2];
	uint64_t h[2];

	for (int k = 0; k < n; k++) {
		h[k] = hash(undo_path(r, k));
		needed[k] = set_has(&l->needed, h[k]);
		keep[k] = is_durable(l, r->entry[k].dir, index) ||
			(l->u->strict == 0 && l->any) ||
			l->u->lose == UNDO_DATA;
	}
	if (n == 2 && l->u->strict < 2)
		keep[0] = keep[1] = (keep[0] && keep[1]) || needed[0] ||
			needed[1];
	for (int k = 0; k < n; k++) {
		it->undone[k] = !keep[k] && !needed[k];
		if (!it->undone[k])
			set_add(&l->needed, h[k], 0);
	}
}

static void
decide(struct undo_item *it, struct later *l, size_t index)
{
	const struct fault_record *r = it->record;

	switch ((enum fault_kind)r->kind) {
	case FAULT_REC_SYNC:
		set_add(&l->synced, r->ino, 0);
		l->any = true;
		break;
	case FAULT_REC_SYNCFS:
		l->all = l->any = true;
		break;
	case FAULT_REC_DATA:
		it->undone[0] = !is_durable(l, r->ino, index) &&
			l->u->lose != UNDO_NAMES;
		break;
	case FAULT_REC_META:
		it->undone[0] = !is_durable(l, r->ino, index) &&
			l->u->lose != UNDO_NAMES &&
			!(l->u->strict == 0 && l->any);
		break;
	case FAULT_REC_NAME:
		decide_names(it, l, index);
		break;
	}
}

static void
rank(struct later *l, const struct undo_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct fault_record *r = plan->items[i].record;

		if (r->ino)
			set_add(&l->ranks, r->ino, i * 4);
		for (uint64_t k = 0; k < 2; k++)
			if (r->entry[k].dir)
				set_add(&l->ranks, r->entry[k].dir,
					i * 4 + 1 + k);
	}
}

static void
read_records(struct undo_plan *plan, const char *journal, size_t len)
{
	size_t at = 0, cap = 0;

	memset(plan, 0, sizeof *plan);
	while (at + sizeof(struct fault_record) <= len) {
		const struct fault_record *r = (const void *)(journal + at);

		if (plan->n == cap) {
			cap = cap ? cap * 2 : 256;
			plan->items = realloc(plan->items,
				cap * sizeof *plan->items);
			if (!plan->items)
				abort();
		}
		plan->items[plan->n++] = (struct undo_item){ .record = r };
		at += (r->size + 7) & ~UINT64_C(7);
	}
}

void
undo_plan_make(struct undo_plan *plan, const char *journal, size_t len,
	const struct undo *u)
{
	struct later l = { .u = u };

	read_records(plan, journal, len);
	l.n = plan->n;
	if (u->lose == UNDO_RANDOM)
		rank(&l, plan);
	for (size_t i = plan->n; i-- > 0;)
		decide(&plan->items[i], &l, i);
	free(l.synced.slots);
	free(l.needed.slots);
	free(l.ranks.slots);
}
