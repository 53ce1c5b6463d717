/* SPDX-License-Identifier: ISC */
/*
 * bench_console: what the console takes, on a terminal in memory.
 *
 *	bench_console first TIMES CCMQ…		ms to the first full picture
 *	bench_console keys COUNT CCMQ…		ms from a key to its picture:
 *						median, p99, worst
 *	bench_console past CCMQ…		ms to the screen of 55 minutes ago,
 *						then to a minute further (worst of 10)
 *	bench_console sort CCMQ…		ms from `o z` to the list by size,
 *						of a page down there; of Esc to
 *						its picture while it sorts (worst
 *						of 10)
 *	bench_console memory CCMQ…		KB resident after a look around
 *	bench_console page CCMQ…		bytes for a page down
 *	bench_console change CHANGE CCMQ…	bytes for what CHANGE does
 *	bench_console idle SECONDS CCMQ…	bytes, and ms of processor time
 *
 * CCMQ… is the console's command line, CHANGE a shell command. Each prints
 * one line of numbers. The list of failed messages must hold some.
 */
#include "child.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COLUMNS 80
#define ROWS 24
#define LIMIT_US INT64_C(20000000)
#define STILL_MS 60		/* so long without a byte: a whole picture */
#define TIMES_MAX 2000

static struct child child = CHILD_INIT;
static char **command;

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
fail(const char *why)
{
	struct str screen = STR_INIT;

	fprintf(stderr, "bench_console: %s\n", why);
	if (child.picture) {
		picture_text(child.picture, &screen);
		fputs(screen.data, stderr);
	}
	child_end(&child);
	exit(1);
}

static bool
shows(const char *text)
{
	struct str screen = STR_INIT;
	bool found;

	picture_text(child.picture, &screen);
	found = strstr(screen.data, text) != NULL;
	str_release(&screen);
	return found;
}

static int
cursor_row(void)
{
	int row, column;

	picture_cursor(child.picture, &row, &column);
	return row;
}

/* Takes what comes until nothing came for so long; when the last byte did. */
static int64_t
settle(int still_ms)
{
	int64_t last = now_us(), start = last;

	while (child_pump(&child, still_ms)) {
		last = now_us();
		if (last - start > LIMIT_US)
			break;
	}
	return last;
}

/* Starts it; the microseconds until its first picture was whole. */
static int64_t
start(void)
{
	int64_t began = now_us(), at;

	if (child_run(&child, command, COLUMNS, ROWS) < 0)
		fail("cannot start");
	do {
		at = settle(STILL_MS);
		if (child.ended || at - began > LIMIT_US)
			fail("no picture");
	} while (!shows("? help") || !shows("Queue"));
	return at - began;
}

static void
leave(void)
{
	child_send(&child, "Q", 1);
	while (!child.ended)
		child_pump(&child, 10);
	child_end(&child);
}

/* Failed, as a list. */
static void
go_to_list(void)
{
	child_send(&child, "2", 1);
	settle(300);
	child_send(&child, "=", 1);
	settle(300);
	child_send(&child, "g", 1);
	settle(300);
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* ---- what is measured ---- */

static void
measure_first(int times)
{
	int64_t took[TIMES_MAX];

	for (int i = 0; i < times; i++) {
		took[i] = start();
		leave();
	}
	qsort(took, (size_t)times, sizeof *took, by_value);
	printf("%.1f %.1f\n", (double)took[times / 2] / 1000,
		(double)took[times - 1] / 1000);
}

/* A key down and one up again move the cursor by a row each. */
static int64_t
one_key(char key)
{
	int row = cursor_row();
	int64_t began = now_us();

	child_send(&child, &key, 1);
	while (cursor_row() == row) {
		child_pump(&child, 10);
		if (now_us() - began > LIMIT_US)
			fail("the cursor does not move");
	}
	return now_us() - began;
}

static void
measure_keys(int count)
{
	int64_t took[TIMES_MAX];
	unsigned seed = 1;

	start();
	go_to_list();
	for (int i = 0; i < count; i++) {
		took[i] = one_key("jk"[i % 2]);
		seed = seed * 1103515245 + 12345;
		for (int64_t end = now_us() + 5000 + seed % 40000;
		     now_us() < end;)
			child_pump(&child, 5);
	}
	leave();
	qsort(took, (size_t)count, sizeof *took, by_value);
	printf("%.1f %.1f %.1f\n", (double)took[count / 2] / 1000,
		(double)took[count * 99 / 100] / 1000,
		(double)took[count - 1] / 1000);
}

/* A number after a word in a file of /proc/PID, or the first one. */
static int64_t
of_process(const char *file, const char *word)
{
	char path[64], line[256];
	int64_t n = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)child.group, file);
	f = fopen(path, "r");
	while (f && n < 0 && fgets(line, sizeof line, f))
		if (strncmp(line, word, strlen(word)) == 0)
			n = strtoll(line + strlen(word), NULL, 10);
	if (f)
		fclose(f);
	return n;
}

/* The time that row 1 says it is of, after "AS IT WAS AT". */
static void
time_shown(char out[16])
{
	struct str screen = STR_INIT;
	const char *at;

	picture_text(child.picture, &screen);
	at = strstr(screen.data, "AS IT WAS AT ");
	at = at ? at + strlen("AS IT WAS AT ") : "";
	/* Of another day its name stands before it. */
	snprintf(out, 16, "%.8s", at + strcspn(at, "0123456789"));
	str_release(&screen);
}

/* Until row 1 says another time and the picture is whole. */
static double
another_time(const char *keys)
{
	char before[16], now[16];
	int64_t began = now_us(), at;

	time_shown(before);
	child_send(&child, keys, strlen(keys));
	do {
		at = settle(STILL_MS);
		time_shown(now);
		if (now_us() - began > LIMIT_US)
			fail("no other time");
	} while (strcmp(before, now) == 0);
	return (double)(at - began) / 1000;
}

static void
measure_past(void)
{
	double first, worst = 0;

	start();
	/* The prompt is deaf for a moment: again, until it hears. */
	child_send(&child, "2:", 2);
	for (int i = 0; i < 20 && !shows("at 55m"); i++) {
		settle(1000);
		child_send(&child, "\x15" "at 55m", 7);
		settle(300);
	}
	first = another_time("\r");
	for (int i = 0; i < 10; i++) {
		double took = another_time(i < 5 ? "." : ",");

		worst = took > worst ? took : worst;
	}
	printf("%.1f %.1f\n", first, worst);
	leave();
}

/* Until the picture has, or has no more, that text. */
static double
until(const char *keys, const char *text, bool has)
{
	int64_t began = now_us();

	child_send(&child, keys, strlen(keys));
	while (shows(text) != has) {
		child_pump(&child, 5);
		if (now_us() - began > LIMIT_US)
			fail(text);
	}
	return (double)(now_us() - began) / 1000;
}

static void
measure_sort(void)
{
	double sorted, page, worst = 0;

	start();
	go_to_list();
	child_send(&child, "o", 1);
	settle(300);
	sorted = until("z", "by size", true);
	settle(300);
	page = until("\x1b[6~", "1 of ", false);
	for (int i = 0; i < 10; i++) {
		double took;

		settle(300);
		child_send(&child, "o", 1);
		settle(300);
		(void)until("u", "Reading all", true);
		took = until("q", "Reading all", false);
		worst = took > worst ? took : worst;
	}
	printf("%.1f %.1f %.1f\n", sorted, page, worst);
	leave();
}

static void
measure_memory(void)
{
	start();
	go_to_list();
	for (const char *keys = "G\x02\x02g\x06T=1456232"; *keys; keys++) {
		child_send(&child, keys, 1);
		settle(300);
	}
	printf("%" PRId64 "\n", of_process("status", "VmHWM:"));
	leave();
}

static void
measure_page(void)
{
	size_t most = 0;

	start();
	go_to_list();
	for (int i = 0; i < 5; i++) {
		size_t before = child.raw.len;

		child_send(&child, "\x1b[6~", 4);
		settle(300);
		if (child.raw.len - before > most)
			most = child.raw.len - before;
	}
	printf("%zu\n", most);
	leave();
}

/* The median of five, so that the clock's minute does not count. */
static void
measure_change(const char *change)
{
	int64_t sent[5];

	start();
	go_to_list();
	for (int i = 0; i < 5; i++) {
		size_t before = child.raw.len;

		if (system(change) != 0)
			fail(change);
		settle(1500);
		sent[i] = (int64_t)(child.raw.len - before);
	}
	qsort(sent, 5, sizeof *sent, by_value);
	printf("%" PRId64 "\n", sent[2]);
	leave();
}

/* Idle is who has not been told anything for so long that no row is bold any
 * more, nor stands as "~". */
#define REST_MS 25000

static void
measure_idle(int seconds)
{
	int64_t end, cpu;
	size_t before;

	start();
	settle(REST_MS);
	before = child.raw.len;
	cpu = of_process("schedstat", "");
	for (end = now_us() + seconds * INT64_C(1000000); now_us() < end;)
		child_pump(&child, 100);
	printf("%zu %.1f\n", child.raw.len - before,
		(double)(of_process("schedstat", "") - cpu) / 1e6);
	leave();
}

int
main(int argc, char **argv)
{
	bool bare = argc > 2 && (strcmp(argv[1], "memory") == 0 ||
		strcmp(argv[1], "page") == 0 ||
		strcmp(argv[1], "past") == 0 ||
		strcmp(argv[1], "sort") == 0);
	int n = argc > 3 && !bare ? atoi(argv[2]) : 0;

	if (argc < 3 || (!bare && argc < 4) || n > TIMES_MAX) {
		fprintf(stderr, "usage: bench_console first|keys|past|sort|"
			"memory|page|change|idle [N] CCMQ...\n");
		return 2;
	}
	str_init(&child.raw);
	command = argv + (bare ? 2 : 3);
	setenv("TERM", "xterm-256color", 1);
	if (strcmp(argv[1], "first") == 0)
		measure_first(n);
	else if (strcmp(argv[1], "keys") == 0)
		measure_keys(n);
	else if (strcmp(argv[1], "past") == 0)
		measure_past();
	else if (strcmp(argv[1], "sort") == 0)
		measure_sort();
	else if (strcmp(argv[1], "memory") == 0)
		measure_memory();
	else if (strcmp(argv[1], "page") == 0)
		measure_page();
	else if (strcmp(argv[1], "change") == 0)
		measure_change(argv[2]);
	else if (strcmp(argv[1], "idle") == 0)
		measure_idle(n);
	return 0;
}
