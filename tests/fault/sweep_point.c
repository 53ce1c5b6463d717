/* SPDX-License-Identifier: ISC */
/*
 * sweep_point: one point, from a fresh copy of the store to the verdict.
 *
 * WORK/wN/ belongs to worker N:
 *   root/ out/      what the scenario is given, copied anew for each point
 *   template/       root and out as prepare left them
 *   side/ log*      of the preload library
 *   *.txt           what the phases printed
 */
#include "sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIR_ROOM (PATH_MAX + 16)	/* WORK/wN */
#define ROOM (DIR_ROOM + 32)		/* WORK/wN/name */
#define ENV_ROOM (ROOM + 64)
#define SHOWN_LINES_MAX 2000	/* bytes of a phase's output in a report */

struct point {
	const struct sweep *s;
	char dir[DIR_ROOM];
	char root[ROOM], out[ROOM], side[ROOM], log[ROOM];
};

static void
point_init(struct point *p, const struct sweep *s, int worker)
{
	p->s = s;
	snprintf(p->dir, sizeof p->dir, "%s/w%d", s->work, worker);
	snprintf(p->root, sizeof p->root, "%s/root", p->dir);
	snprintf(p->out, sizeof p->out, "%s/out", p->dir);
	snprintf(p->side, sizeof p->side, "%s/side", p->dir);
	snprintf(p->log, sizeof p->log, "%s/log", p->dir);
}

static int
broken(const char *what, const char *path)
{
	printf("sweep: %s %s: %s\n", what, path, strerror(errno));
	return -1;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

static int
remove_tree(const char *path)
{
	if (nftw(path, remove_one, 32, FTW_PHYS | FTW_DEPTH) != 0 &&
	    errno != ENOENT)
		return broken("remove", path);
	return 0;
}

static int
make_dir(const char *path)
{
	if (mkdir(path, 0777) < 0)
		return broken("make", path);
	return 0;
}

static int
copy_template(const struct point *p)
{
	char from[ROOM], output[ROOM];
	const char *argv[] = { "cp", "-a", from, p->dir, NULL };
	struct sweep_child c = { .argv = argv, .output = output,
		.timeout_s = 600 };

	snprintf(from, sizeof from, "%s/template/.", p->dir);
	snprintf(output, sizeof output, "%s/copy.txt", p->dir);
	if (sweep_run(&c) != 0) {
		printf("sweep: copying %s failed, see %s\n", from, output);
		return -1;
	}
	return 0;
}

/*
 * Runs a phase of the scenario; more is added to the environment that every
 * phase gets: the library is always there, to spare the work of fsync; only
 * with a root it does more.
 */
static int
phase(const struct point *p, const char *name, const char *const *more)
{
	const char *argv[] = { p->s->scenario, name, p->root, NULL };
	char out[ENV_ROOM], output[ROOM], preload[ENV_ROOM], asan[ENV_ROOM];
	char where[ENV_ROOM];
	const char *env[24] = { out, where, preload, asan, p->s->real_sync ?
		FAULT_ENV_NOSYNC : FAULT_ENV_NOSYNC "=1", NULL };
	const char *asan_now = getenv("ASAN_OPTIONS");
	const char *library = strrchr(p->s->library, '/');
	size_t n = 5;
	struct sweep_child c = { argv, env, output, p->s->timeout_s };

	snprintf(out, sizeof out, "CCMQ_FAULT_OUT=%s", p->out);
	snprintf(output, sizeof output, "%s/%s.txt", p->dir, name);
	/* By its name: a blank in LD_PRELOAD ends a name. */
	snprintf(where, sizeof where, "LD_LIBRARY_PATH=%.*s",
		(int)(library - p->s->library), p->s->library);
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s", library + 1);
	snprintf(asan, sizeof asan, "ASAN_OPTIONS=%.1000s%s"
		"verify_asan_link_order=0", asan_now ? asan_now : "",
		asan_now ? ":" : "");
	while (more && *more)
		env[n++] = *more++;
	return sweep_run(&c);
}

static int
show(const struct point *p, const char *name)
{
	char path[ROOM], text[SHOWN_LINES_MAX];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/%s.txt", p->dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text);
	close(fd);
	if (n <= 0)
		return 0;
	printf("# %s: ", name);
	for (ssize_t i = 0; i < n; i++) {
		putchar(text[i]);
		if (text[i] == '\n' && i + 1 < n)
			printf("# %s: ", name);
	}
	if (text[n - 1] != '\n')
		putchar('\n');
	return 0;
}

static int
prepare_here(const struct point *p)
{
	int status;

	if (make_dir(p->root) < 0 || make_dir(p->out) < 0)
		return -1;
	status = phase(p, "prepare", NULL);
	sweep_kill_survivors();
	if (status == 0)
		return 0;
	printf("sweep: %s prepare ended with %d\n", p->s->title, status);
	show(p, "prepare");
	return -1;
}

int
sweep_prepare(const struct sweep *s, int worker)
{
	char path[ROOM], to[ENV_ROOM];
	struct point p;

	point_init(&p, s, worker);
	if (remove_tree(p.dir) < 0 || make_dir(p.dir) < 0)
		return -1;
	if (s->fresh)
		return 0;
	snprintf(path, sizeof path, "%s/template", p.dir);
	if (make_dir(path) < 0 || prepare_here(&p) < 0)
		return -1;
	snprintf(to, sizeof to, "%s/root", path);
	if (rename(p.root, to) < 0)
		return broken("move", p.root);
	snprintf(to, sizeof to, "%s/out", path);
	if (rename(p.out, to) < 0)
		return broken("move", p.out);
	return 0;
}

/* A store as prepare left it, and an empty journal. */
static int
point_renew(const struct point *p)
{
	char path[ENV_ROOM];

	if (remove_tree(p->root) < 0 || remove_tree(p->out) < 0 ||
	    remove_tree(p->side) < 0 || make_dir(p->side) < 0)
		return -1;
	unlink(p->log);
	snprintf(path, sizeof path, "%s.state", p->log);
	unlink(path);
	snprintf(path, sizeof path, "%s.points", p->log);
	unlink(path);
	return p->s->fresh ? prepare_here(p) : copy_template(p);
}

/* The command under fault. Its exit status. */
static int
point_run(const struct point *p, const char *mode, uint32_t at)
{
	const struct sweep *s = p->s;
	char root[ENV_ROOM], log[ENV_ROOM], side[ENV_ROOM];
	char how[128], where[64], only[128], first[128];
	const char *env[] = { root, log, side, how, where, only, first,
		s->list ? FAULT_ENV_LIST "=1" : FAULT_ENV_LIST, NULL };

	snprintf(root, sizeof root, FAULT_ENV_ROOT "=%s", p->root);
	snprintf(log, sizeof log, FAULT_ENV_LOG "=%s", p->log);
	snprintf(side, sizeof side, FAULT_ENV_SIDE "=%s", p->side);
	snprintf(how, sizeof how, FAULT_ENV_MODE "=%s", mode);
	snprintf(where, sizeof where, FAULT_ENV_AT "=%u", at);
	snprintf(only, sizeof only, FAULT_ENV_ONLY "=%s", s->only);
	snprintf(first, sizeof first, FAULT_ENV_FIRST "=%s", s->first);
	return phase(p, "run", env);
}

static int
point_check(const struct point *p, const char *mode, uint32_t at,
	const struct fault_state *st, int status)
{
	char how[128], where[64], ended[64], what[FAULT_WHAT_MAX + 32];
	const char *env[] = { how, where, ended, what,
		st->hit ? "CCMQ_FAULT_HIT=1" : "CCMQ_FAULT_HIT=0", NULL };
	int rc;

	snprintf(how, sizeof how, FAULT_ENV_MODE "=%s", mode);
	snprintf(where, sizeof where, FAULT_ENV_AT "=%u", at);
	snprintf(ended, sizeof ended, "CCMQ_FAULT_STATUS=%d", status);
	snprintf(what, sizeof what, "CCMQ_FAULT_WHAT=%s", st->what);
	rc = phase(p, "check", env);
	sweep_kill_survivors();
	return rc;
}

/* NULL if the library never started: then no point was met. */
static struct fault_state *
state_map(const struct point *p)
{
	struct fault_state *st;
	char path[ENV_ROOM];
	int fd;

	snprintf(path, sizeof path, "%s.state", p->log);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	st = mmap(NULL, sizeof *st, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	return st == MAP_FAILED ? NULL : st;
}

static bool
is_blind(const struct point *p, const struct fault_state *st)
{
	if (!st->blind || p->s->allow_blind)
		return false;
	printf("sweep: %u changes could not be seen, last: %s\n", st->blind,
		st->blind_what);
	return true;
}

int
sweep_count(const struct sweep *s, int worker, uint8_t *classes,
	uint32_t *n_out)
{
	struct fault_state *st;
	struct point p;
	int status, rc = -1;

	point_init(&p, s, worker);
	if (point_renew(&p) < 0)
		return -1;
	status = point_run(&p, "count+power", 0);
	sweep_kill_survivors();
	st = state_map(&p);
	if (!st) {
		printf("sweep: nothing ran with the library\n");
		show(&p, "run");
		return -1;
	}
	if (is_blind(&p, st)) {
		rc = -1;
	} else if (s->first[0] && st->first && !st->first_hit) {
		printf("sweep: the first %s has only %u points\n", s->only,
			st->first_count);
		munmap(st, sizeof *st);
		return 1;
	} else if (s->only[0] && !st->role) {
		printf("sweep: no %sprogram called %s was started\n",
			s->first[0] ? "second " : "", s->only);
	} else if (st->count > FAULT_POINTS_MAX) {
		printf("sweep: %u points are too many\n", st->count);
	} else if (point_check(&p, "count", 0, st, status) != 0) {
		printf("sweep: %s fails without any fault (run: %d)\n",
			s->title, status);
		show(&p, "check");
	} else {
		*n_out = st->count;
		memcpy(classes, st->class, st->count);
		rc = 0;
	}
	if (rc < 0)
		show(&p, "run");
	munmap(st, sizeof *st);
	return rc;
}

static int
point_undo(const struct point *p, const struct sweep_mode *m, uint32_t at)
{
	struct undo u = { .root = p->root, .log = p->log, .side = p->side,
		.strict = p->s->strict, .lose = m->lose,
		.seed = p->s->seed * 1000003 + at };

	return undo_run(&u);
}

/* Says what failed and how to see it again, and keeps the evidence. */
static void
report(const struct point *p, const struct sweep_mode *m, uint32_t at,
	const struct fault_state *st, int ran, int checked)
{
	const struct sweep *s = p->s;
	char kept[ENV_ROOM];

	printf("# FAILED %s %s at %u: %s (run: %d, check: %d%s)\n", s->title,
		m->name, at, st->hit ? st->what : "the end", ran, checked,
		checked == 124 ? ", time is up" : "");
	show(p, "run");
	show(p, "check");
	snprintf(kept, sizeof kept, "%s/failed-%s-%u", s->work, m->name, at);
	remove_tree(kept);
	if (s->keep && mkdir(kept, 0777) == 0) {
		static const char *const parts[] = { "root", "out", "log",
			"run.txt", "check.txt" };
		char from[ROOM], to[ENV_ROOM + 16];

		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
			snprintf(from, sizeof from, "%s/%s", p->dir, parts[i]);
			snprintf(to, sizeof to, "%s/%s", kept, parts[i]);
			if (rename(from, to) < 0 && errno != ENOENT)
				broken("keep", from);
		}
		printf("# kept in %s\n", kept);
	}
	printf("# again: sweep --keep --strict %d --seed %llu --modes %s "
		"--from %u --to %u %s%s%s%s%s%s%s\n", s->strict,
		(unsigned long long)s->seed, m->name, at, at,
		s->first[0] ? "--first " : "", s->first,
		s->first[0] ? " " : "",
		s->only[0] ? "--only " : "", s->only, s->only[0] ? " " : "",
		s->scenario);
	fflush(stdout);
}

enum sweep_outcome
sweep_try(const struct sweep *s, int worker, const struct sweep_mode *m,
	uint32_t at)
{
	enum sweep_outcome outcome = SWEEP_BROKEN;
	struct fault_state *st;
	struct point p;
	int ran, checked;

	point_init(&p, s, worker);
	if (point_renew(&p) < 0)
		return SWEEP_BROKEN;
	ran = point_run(&p, m->library, at);
	if (m->power)
		sweep_kill_survivors();
	st = state_map(&p);
	if (!st) {
		printf("sweep: nothing ran with the library\n");
		show(&p, "run");
		return SWEEP_BROKEN;
	}
	if (!is_blind(&p, st) && (!m->power || point_undo(&p, m, at) >= 0)) {
		checked = point_check(&p, m->name, at, st, ran);
		outcome = st->hit ? SWEEP_OK : SWEEP_UNREACHED;
		if (checked != 0 || ran == 124) {
			report(&p, m, at, st, ran, checked);
			outcome = SWEEP_FAILED;
		}
	}
	munmap(st, sizeof *st);
	return outcome;
}
