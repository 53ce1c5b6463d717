/* SPDX-License-Identifier: ISC */
/*
 * Tests of watch: a connector in memory, of which only what can be seen is told;
 * healthy traffic of many kinds, and loops. What is said of it is compared with
 * what it did.
 */
#include "unit/unit.h"
#include "reach/likeness.h"
#include "reach/original_log.h"
#include "reach/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 20000
#define NOW INT64_C(1795421700000)

enum kind { GOOD, POISON, REPORT, LOCKED };

struct file {
	char name[24];
	enum kind kind;
	enum watch_place place;
	bool there;
	uint64_t inode;
	int64_t size, mtime, content;
	int64_t id, tries;		/* since it came */
	int64_t told_at;		/* its try when it was called a loop */
	int64_t until;			/* LOCKED: code 4 before that cycle */
	int64_t pause, next;		/* cycles between its tries */
};

/* What log and .und got since the last look. */
struct evidence {
	bool entry;
	char name[24];
	int code;
	int64_t content;
};

static struct {
	bool log, und, sp3;
	int each_look;			/* cycles between looks */
	bool slow;			/* a cycle passes in each look */
	bool outage, stopped;
	int64_t clock;			/* what is added to the time */
} world;

static struct file *files;
static int file_count;
static struct evidence news[FILES_MAX];
static int news_count;
static struct watch *w;
static int64_t cycle, next_content, next_id, arrived, gone, read_files;
static int false_loops, alike_said;
static uint64_t free_inodes[FILES_MAX];
static int free_inode_count;
static uint64_t next_inode, seed;

static uint64_t
random_number(void)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return seed >> 33;
}

static void
begin_world(void)
{
	memset(&world, 0, sizeof world);
	world.log = world.und = true;
	world.each_look = 1;
	watch_free(w);
	w = watch_new();
	free(files);
	files = calloc(FILES_MAX, sizeof *files);
	file_count = news_count = free_inode_count = 0;
	next_inode = 100;
	cycle = next_content = next_id = arrived = gone = read_files = 0;
	false_loops = alike_said = 0;
	seed = 7;
}

/* --- what happens there --------------------------------------------------- */

static uint64_t
take_inode(void)
{
	return free_inode_count ? free_inodes[--free_inode_count] :
		++next_inode;
}

static struct file *
drop(const char *name, enum kind kind)
{
	struct file *f = NULL;

	for (int i = 0; i < file_count && !f; i++)
		if (!files[i].there)
			f = &files[i];
	if (!f) {
		assert_true(file_count < FILES_MAX);
		f = &files[file_count++];
	}
	memset(f, 0, sizeof *f);
	snprintf(f->name, sizeof f->name, "%s", name);
	f->kind = kind;
	f->there = true;
	f->inode = take_inode();
	f->size = 1000 + (int64_t)(random_number() % 3);
	f->mtime = cycle;
	f->content = kind == REPORT ? -1 : ++next_content;
	return f;
}

static void
drop_many(int n)
{
	char name[24];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "Msg%04X.ccm",
			(unsigned)(random_number() % 300));
		drop(name, GOOD);
	}
}

static void
take_away(struct file *f)
{
	f->there = false;
	free_inodes[free_inode_count++] = f->inode;
}

static void
tell(const struct file *f, bool entry, int code)
{
	struct evidence *e = &news[news_count];

	if (entry ? !world.und : !world.log)
		return;
	assert_true(news_count++ < FILES_MAX - 1);
	*e = (struct evidence){ .entry = entry, .code = code,
		.content = f->content };
	snprintf(e->name, sizeof e->name, "%s", f->name);
}

static int
result_of(const struct file *f)
{
	if (world.outage)
		return 1;
	return f->kind == POISON ? 1 : f->kind == REPORT ? 5 :
		f->kind == LOCKED && cycle < f->until ? 4 : 0;
}

static void
import(struct file *f)
{
	int code = result_of(f);

	if (cycle < f->next)
		return;
	f->next = cycle + f->pause;
	f->tries++;
	if (code == 1 || code == 5)
		tell(f, true, code);
	tell(f, false, code);
	if (code == 0 || code == 5 || (world.sp3 && code == 1))
		take_away(f);
}

/* One cycle of theirs; true if the next follows at once. */
static bool
turn(void)
{
	int taken = 0;

	cycle++;
	if (world.stopped)
		return false;
	for (int i = 0; i < file_count && taken < 5; i++)
		if (files[i].there && files[i].place == WATCH_SUBMIT) {
			files[i].place = WATCH_IMPORT;
			taken++;
		}
	for (int i = 0; i < file_count; i++)
		if (files[i].there && files[i].place == WATCH_IMPORT)
			import(&files[i]);
	return taken == 5;
}

/* --- what is seen of it --------------------------------------------------- */

static void
see(enum watch_place place)
{
	uint32_t ref;

	for (int i = 0; i < file_count; i++) {
		struct file *f = &files[i];
		struct watch_file seen = { f->name, f->inode, f->size,
			f->mtime * 15000000000 };

		if (!f->there || f->place != place)
			continue;
		if (watch_see(w, place, &seen, &ref) == WATCH_ARRIVED) {
			arrived++;
			watch_name(w, ref, f->id = ++next_id);
		}
	}
}

static struct file *
by_id(int64_t id)
{
	for (int i = 0; i < file_count; i++)
		if (files[i].there && files[i].id == id)
			return &files[i];
	return NULL;
}

static void
see_changes(void)
{
	uint32_t cursor = 0, ref;
	enum watch_news what;

	while ((what = watch_change(w, &cursor, &ref)) != WATCH_NOTHING)
		if (what == WATCH_MISSING && !by_id(watch_id(w, ref))) {
			gone++;
			watch_is_gone(w, ref);
		}
}

static void
judge(void)
{
	struct watch_loop loops[8];
	struct watch_alike alike;
	int n = watch_loops(w, loops, 8);

	alike_said += watch_alike(w, &alike);
	for (int i = 0; i < n && i < 8; i++) {
		struct file *f = by_id(loops[i].id);

		if (!f || f->kind != POISON)
			false_loops++;
		else if (!f->told_at)
			f->told_at = f->tries;
	}
}

static void
look(void)
{
	static struct evidence heard[FILES_MAX];
	static int64_t looked;
	int64_t at = NOW + cycle * 15000 + world.clock;
	int n = news_count;
	uint32_t cursor = 0, ref;
	bool tried;

	memcpy(heard, news, sizeof *news * (size_t)n);
	news_count = 0;
	watch_begin(w, cycle != looked);
	looked = cycle;
	see(WATCH_SUBMIT);
	if (world.slow)
		turn();
	see(WATCH_IMPORT);
	see(WATCH_BAD);
	see_changes();
	for (int i = 0; i < n; i++)
		if (!heard[i].entry)
			watch_line(w, heard[i].name, heard[i].code, at);
	for (int i = 0; i < n; i++)
		if (heard[i].entry)
			watch_entry(w, (uint64_t)(heard[i].content + 10), 500,
				at, &tried);
	for (int i = 0; i < WATCH_WANTED_MAX && watch_wanted(w, &cursor, &ref);
	    i++) {
		struct file *f = by_id(watch_id(w, ref));

		read_files++;
		watch_liken(w, ref, f ? (uint64_t)(f->content + 10) : 0);
	}
	judge();
	watch_end(w);
}

static void
pass(int cycles)
{
	bool full;

	for (int i = 0; i < cycles; i++)
		do {
			full = turn();
			if (cycle % world.each_look == 0)
				look();
		} while (full);
}

/* --- the ways to look ------------------------------------------------------ */

static const struct way {
	const char *name;
	bool log, und, slow;
	int each_look;
} ways[] = {
	{ "log and .und", true, true, false, 1 },
	{ "log alone", true, false, false, 1 },
	{ ".und alone", false, true, false, 1 },
	{ "neither", false, false, false, 1 },
	{ "slow, both", true, true, true, 1 },
	{ "slow, .und alone", false, true, true, 1 },
	{ "each third cycle, both", true, true, false, 3 },
	{ "each third cycle, .und alone", false, true, false, 3 },
};

static void
begin_way(const struct way *way)
{
	begin_world();
	world.log = way->log;
	world.und = way->und;
	world.slow = way->slow;
	world.each_look = way->each_look;
}

/* --- healthy traffic: no loop is ever said --------------------------------- */

static void
flow(void)
{
	while (next_content < 10000) {
		drop_many((int)(random_number() % 6));
		pass(1);
	}
}

static void
nightly_report(void)
{
	for (int night = 0; night < 30; night++) {
		drop("REPORT.CCM", REPORT);
		drop_many(3);
		pass(20);
	}
}

static void
outage_of_an_hour(void)
{
	for (int i = 0; i < 3; i++) {
		drop_many(40);
		pass(20);
		world.outage = true;
		for (int minute = 0; minute < 60; minute++) {
			drop_many(3);
			pass(4);
		}
		world.outage = false;
		pass(40);
	}
}

static void
locked_for_hours(void)
{
	drop("Msg9999.ccm", LOCKED)->until = 2000;
	drop("Msg9998.ccm", LOCKED)->until = 1000;
	for (int i = 0; i < 2100; i++) {
		drop_many(i % 3 == 0);
		pass(1);
	}
}

static void
stopped_and_started(void)
{
	for (int i = 0; i < 20; i++) {
		drop_many(12);
		world.stopped = i % 2;
		pass(30);
	}
}

static void
clock_that_jumps(void)
{
	for (int i = 0; i < 300; i++) {
		world.clock = (int64_t)(random_number() % 3 - 1) * 86400000 *
			400;
		drop_many(4);
		pass(1);
	}
}

/* The very same file, to all appearance, comes again and again. */
static void
same_again(void)
{
	for (int i = 0; i < 50; i++) {
		struct file *f = drop("Msg0001.ccm", REPORT);

		f->inode = 5;
		f->size = 7;
		f->mtime = 9;
		look();
		pass(3);
		look();
	}
	assert_true(gone >= 49);
	assert_int_equal(arrived, 50);
}

/* 10,000 messages, and all of that meanwhile; a cycle is 15 s. */
static void
all_of_it(void)
{
	for (int i = 0; next_content < 10000; i++) {
		drop_many((int)(random_number() % 6));
		if (i % 300 == 0)
			drop("REPORT.CCM", REPORT);
		if (i % 1000 == 0)
			drop("Msg9999.ccm", LOCKED)->until = cycle + 300;
		if (i % 60 == 0)
			world.clock = (int64_t)(random_number() % 3 - 1) *
				86400000 * 400;
		if (i % 1000 == 400)
			drop_many(40);
		world.outage = i % 1000 >= 405 && i % 1000 < 645;
		world.stopped = i % 700 >= 650;
		pass(1);
	}
	world.outage = world.stopped = false;
	pass(100);
	assert_true(arrived > 2000);	/* the others were never seen */
}

static const struct {
	const char *name;
	void (*happens)(void);
} healthy[] = {
	{ "10,000 messages, names and inodes that come again", flow },
	{ "a nightly report that is undeliverable", nightly_report },
	{ "everything fails for an hour, three times", outage_of_an_hour },
	{ "code 4 for hours", locked_for_hours },
	{ "stopped and started", stopped_and_started },
	{ "a clock that jumps", clock_that_jumps },
	{ "the same identity comes again", same_again },
	{ "10,000 messages, and all of that meanwhile", all_of_it },
};

static void
no_false_loops(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(healthy); i++)
		for (size_t k = 0; k < COUNT(ways); k++) {
			begin_way(&ways[k]);
			healthy[i].happens();
			if (false_loops)
				print_error("%s, %s\n", healthy[i].name,
					ways[k].name);
			assert_int_equal(false_loops, 0);
		}
}

static void
all_alike_is_said(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(ways); k++) {
		begin_way(&ways[k]);
		outage_of_an_hour();
		assert_true(alike_said > 0 || (!world.log && !world.und));
		begin_way(&ways[k]);
		flow();
		assert_int_equal(alike_said, 0);
	}
}

/* --- loops: each is said by its third try ----------------------------------- */

static void
told(struct file *f, int64_t by)
{
	/* Where it is tried more than once between two looks: at the second
	 * look after. */
	if (world.each_look > 1 || world.slow)
		by += 2 * (world.slow ? 2 : world.each_look);
	if (!world.log && !world.und)
		assert_int_equal(f->told_at, 0);
	else if (f->told_at < 3 || f->told_at > by)
		fail_msg("%s was told at try %d of %d", f->name,
			(int)f->told_at, (int)f->tries);
}

static void
one_among_200(void)
{
	struct file *poison;

	drop_many(100);
	poison = drop("Msg4F2C.ccm", POISON);
	drop_many(99);
	pass(30);
	told(poison, 3);
}

static void
one_alone(void)
{
	struct file *poison = drop("Msg4F2C.ccm", POISON);

	pass(12);
	told(poison, 3);
}

static void
two_at_once(void)
{
	struct file *a = drop("Msg4F2C.ccm", POISON);
	struct file *b = drop("Msg4F2D.ccm", POISON);

	for (int i = 0; i < 20; i++) {
		drop_many(2);
		pass(1);
	}
	told(a, 3);
	told(b, 3);
}

static void
three_in_traffic(void)
{
	struct file *a = drop("Msg4F2C.ccm", POISON);
	struct file *b = drop("Msg4F2D.ccm", POISON);
	struct file *c = drop("Msg4F2E.ccm", POISON);

	for (int i = 0; i < 20; i++) {
		drop_many(2);
		look();
		pass(1);
	}
	told(a, world.slow ? 6 : 4);
	told(b, world.slow ? 6 : 4);
	told(c, world.slow ? 6 : 4);
}

/* 240 cycles between its tries, and others that pass meanwhile. */
static void
one_try_an_hour(void)
{
	struct file *poison = drop("Msg4F2C.ccm", POISON);

	poison->pause = 240;
	for (int i = 0; i < 1500; i++) {
		drop_many(1);
		pass(1);
	}
	told(poison, 3);
}

/* After an hour in which all fail it is said as well. */
static void
after_an_outage(void)
{
	struct file *poison;

	drop_many(20);
	poison = drop("Msg4F2C.ccm", POISON);
	world.outage = true;
	pass(100);
	assert_int_equal(poison->told_at, 0);
	world.outage = false;
	poison->tries = 2;	/* so much all of that may be worth */
	for (int i = 0; i < 30; i++) {
		drop_many(1);
		pass(1);
	}
	told(poison, 4);
}

static const struct {
	const char *name;
	void (*happens)(void);
} loops[] = {
	{ "one among 200", one_among_200 },
	{ "one alone", one_alone },
	{ "two at once", two_at_once },
	{ "three in traffic", three_in_traffic },
	{ "one try an hour", one_try_an_hour },
	{ "after an outage", after_an_outage },
};

static void
true_loops(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(loops); i++)
		for (size_t k = 0; k < COUNT(ways); k++) {
			begin_way(&ways[k]);
			print_message("# %s, %s\n", loops[i].name,
				ways[k].name);
			loops[i].happens();
			assert_int_equal(false_loops, 0);
		}
}

/* --- single facts ---------------------------------------------------------- */

static uint32_t
see_one(enum watch_place place, const char *name, uint64_t inode, int64_t size,
	int64_t mtime, enum watch_news want)
{
	struct watch_file f = { name, inode, size, mtime };
	uint32_t ref;

	assert_int_equal(watch_see(w, place, &f, &ref), want);
	return ref;
}

static void
end_look(void)
{
	uint32_t cursor = 0, ref;

	while (watch_change(w, &cursor, &ref) == WATCH_MISSING)
		watch_is_gone(w, ref);
	watch_end(w);
	watch_begin(w, true);
}

static void
identities(void **state)
{
	uint32_t a, cursor = 0, ref;

	(void)state;
	begin_world();
	watch_begin(w, true);
	a = see_one(WATCH_SUBMIT, "Msg1.ccm", 7, 10, 20, WATCH_ARRIVED);
	end_look();
	/* Another case is the same name; each other part makes another file. */
	assert_int_equal(see_one(WATCH_IMPORT, "MSG1.CCM", 7, 10, 20,
		WATCH_NOTHING), a);
	assert_int_equal(watch_change(w, &cursor, &ref), WATCH_MOVED);
	assert_int_equal(watch_place(w, a), WATCH_IMPORT);
	see_one(WATCH_IMPORT, "Msg1.ccm", 8, 10, 20, WATCH_ARRIVED);
	see_one(WATCH_IMPORT, "Msg1.ccm", 7, 11, 20, WATCH_ARRIVED);
	see_one(WATCH_IMPORT, "Msg1.ccm", 7, 10, 21, WATCH_ARRIVED);
	see_one(WATCH_IMPORT, "Msg2.ccm", 7, 10, 20, WATCH_ARRIVED);
	assert_int_equal(watch_count(w, WATCH_IMPORT), 5);
	end_look();
	end_look();			/* all are absent once … */
	assert_int_equal(watch_count(w, WATCH_IMPORT), 0);
	see_one(WATCH_IMPORT, "Msg1.ccm", 7, 10, 20, WATCH_ARRIVED);
}

/* What is being written in submit is one file all the time. */
static void
growing(void **state)
{
	uint32_t a;

	(void)state;
	begin_world();
	watch_begin(w, true);
	a = see_one(WATCH_SUBMIT, "Msg1.ccm", 7, 10, 20, WATCH_ARRIVED);
	end_look();
	assert_int_equal(see_one(WATCH_SUBMIT, "Msg1.ccm", 7, 15, 30,
		WATCH_GREW), a);
	end_look();
	see_one(WATCH_SUBMIT, "Msg1.ccm", 7, 9, 40, WATCH_ARRIVED);
}

static void
unread_places(void **state)
{
	uint32_t cursor = 0, ref, a;

	(void)state;
	begin_world();
	watch_begin(w, true);
	a = see_one(WATCH_IMPORT, "Msg1.ccm", 7, 10, 20, WATCH_ARRIVED);
	end_look();
	watch_unread(w, WATCH_IMPORT);
	assert_int_equal(watch_change(w, &cursor, &ref), WATCH_NOTHING);
	watch_end(w);
	watch_begin(w, true);
	assert_int_equal(see_one(WATCH_IMPORT, "Msg1.ccm", 7, 10, 20,
		WATCH_NOTHING), a);
}

/* A mount gives other inodes: a new file, and what is known of it goes over. */
static void
other_inodes(void **state)
{
	struct watch_loop loop;
	uint32_t ref = WATCH_NONE;

	(void)state;
	begin_world();
	watch_begin(w, true);
	for (uint64_t i = 0; i < 4; i++) {
		struct watch_file f = { "Msg1.ccm", 70 + i, 10, 20 };
		uint32_t cursor = 0, old;

		watch_see(w, WATCH_IMPORT, &f, &ref);
		while (watch_change(w, &cursor, &old) == WATCH_MISSING)
			watch_is_gone(w, old);
		watch_line(w, "MSG1.ccm", 1, NOW);
		watch_end(w);
		watch_begin(w, true);
	}
	assert_int_equal(watch_loops(w, &loop, 1), 1);
	assert_int_equal(loop.ref, ref);
}

/* A connector that leaves the file in submit and tries copies of it. */
static void
copies_are_tried(void **state)
{
	struct watch_loop loop;
	uint32_t ref;

	(void)state;
	begin_world();
	watch_begin(w, true);
	ref = see_one(WATCH_SUBMIT, "Msg1.ccm", 7, 10, 20, WATCH_ARRIVED);
	end_look();
	for (uint64_t i = 0; i < 3; i++) {
		see_one(WATCH_SUBMIT, "Msg1.ccm", 7, 10, 20, WATCH_NOTHING);
		if (i != 1)
			see_one(WATCH_IMPORT, "Msg1.ccm", 80 + i, 10, 30,
				WATCH_ARRIVED);
		end_look();
		see_one(WATCH_SUBMIT, "Msg1.ccm", 7, 10, 20, WATCH_NOTHING);
		{
			uint32_t cursor = 0, old;

			while (watch_change(w, &cursor, &old) == WATCH_MISSING)
				watch_is_gone(w, old);
		}
		assert_int_equal(watch_line(w, "Msg1.ccm", 1, NOW), ref);
		watch_end(w);
		watch_begin(w, true);
	}
	assert_int_equal(watch_loops(w, &loop, 1), 1);
}

static void
known_from_before(void **state)
{
	struct watch_file f = { "Msg1.ccm", 7, 10, 20 };
	struct watch_loop loop;
	uint32_t ref;

	(void)state;
	begin_world();
	ref = watch_know(w, WATCH_IMPORT, &f, 42);
	watch_tried_before(w, ref, 214, 3, 9000, NOW - 1000);
	watch_begin(w, true);
	assert_int_equal(see_one(WATCH_IMPORT, "Msg1.ccm", 7, 10, 20,
		WATCH_NOTHING), ref);
	assert_int_equal(watch_loops(w, &loop, 1), 1);
	assert_int_equal(loop.id, 42);
	assert_int_equal(loop.tries, 214);
	assert_int_equal(loop.since, NOW - 1000);
	assert_int_equal(loop.und_bytes, 9000);
}

/* An entry may have come before its file could be read, not before the file. */
static void
entries(void **state)
{
	uint32_t ref = WATCH_NONE, got, cursor;
	bool tried;

	(void)state;
	begin_world();
	for (int i = 0; i < 4; i++) {
		watch_begin(w, true);
		if (i > 0)
			ref = see_one(WATCH_IMPORT, "Msg1.ccm", 7, 10, 20,
				i == 1 ? WATCH_ARRIVED : WATCH_NOTHING);
		assert_int_equal(watch_entry(w, 9, 500, NOW, &tried),
			WATCH_NONE);
		cursor = 0;
		assert_int_equal(watch_wanted(w, &cursor, &got), i == 3);
		if (i < 3)
			watch_end(w);
	}
	assert_int_equal(watch_liken(w, ref, 9), 3);
	assert_int_equal(watch_tries(w, ref), 3);
	cursor = 0;
	assert_false(watch_wanted(w, &cursor, &got));
	assert_int_equal(watch_entry(w, 9, 500, NOW, &tried), ref);
	assert_true(tried);
	assert_int_equal(watch_entry(w, 8, 500, NOW, &tried), WATCH_NONE);
}

/* Nothing is read but what is suspected. */
static void
reads_little(void **state)
{
	(void)state;
	begin_world();
	flow();
	assert_int_equal(read_files, 0);
	begin_world();
	one_among_200();
	assert_int_equal(read_files, 1);
}

static void
log_lines(void **state)
{
	static const struct {
		const char *line;
		const char *name;
		int code;
	} cases[] = {
		{ "Lotus cc:Mail IMPORT from file Msg4F2C.ccm completed "
			"successfully.", "Msg4F2C.ccm", 0 },
		{ "1998-06-02 08:39:11\t59\terror\tLotus cc:Mail IMPORT from "
			"file Msg4F2C.ccm returned result code 1. Program did "
			"not complete successfully.\r", "Msg4F2C.ccm", 1 },
		{ "IMPORT from file A B.ccm returned result code 5", "A B.ccm",
			5 },
		{ "IMPORT from file A.ccm returned result code 255.", "A.ccm",
			255 },
		{ "IMPORT from file A.ccm returned result code 256.", NULL, 0 },
		{ "IMPORT from file A.ccm returned result code 1x.", NULL, 0 },
		{ "IMPORT from file A.ccm returned result code .", NULL, 0 },
		{ "IMPORT from file  returned result code 1.", NULL, 0 },
		{ "IMPORT from file ../A.ccm returned result code 1.", NULL,
			0 },
		{ "EXPORT from file A.ccm returned result code 1.", NULL, 0 },
		{ "Message Msg1.ccm was moved to the bad directory.", NULL,
			0 },
		{ "", NULL, 0 },
	};
	struct original_event e;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool got = original_log_read(cases[i].line,
			strlen(cases[i].line), &e);

		assert_int_equal(got, cases[i].name != NULL);
		if (!got)
			continue;
		assert_string_equal(e.name, cases[i].name);
		assert_int_equal(e.code, cases[i].code);
	}
}

static uint64_t
like(const char *text)
{
	return likeness_of(text, strlen(text));
}

static void
likenesses(void **state)
{
	(void)state;
	assert_int_equal(like("Message:\r\n179         \r\nSubject: a\r\n"),
		like("Message:\n214\nSubject: a\n***  Header Buffer Full  ***\n"
			"\n"));
	assert_int_equal(like("Subject: a"), like("Subject: a\r\n"));
	assert_int_not_equal(like("Subject: a"), like("Subject: b"));
	assert_int_not_equal(like("a\nb"), like("ab"));
	assert_int_not_equal(like(""), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identities),
		cmocka_unit_test(growing),
		cmocka_unit_test(unread_places),
		cmocka_unit_test(other_inodes),
		cmocka_unit_test(copies_are_tried),
		cmocka_unit_test(known_from_before),
		cmocka_unit_test(no_false_loops),
		cmocka_unit_test(all_alike_is_said),
		cmocka_unit_test(true_loops),
		cmocka_unit_test(entries),
		cmocka_unit_test(reads_little),
		cmocka_unit_test(log_lines),
		cmocka_unit_test(likenesses),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	watch_free(w);
	free(files);
	return rc;
}
