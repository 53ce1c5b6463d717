/* SPDX-License-Identifier: ISC */
/*
 * sweep: tries a scenario's command at every point of failure.
 *
 *   sweep [options] SCENARIO        (see README.md, and --help)
 *
 * Exit: 0 every point passed; 1 some failed, said; 2 usage, or the scenario
 * or the harness itself is broken; 3 --first names a point that is not there.
 */
#include "sweep.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_MODES "kill-before,kill-after,kill-mid,power,power-after," \
	"fail-EIO,fail-ENOSPC,fail-EACCES,short"

/* Shared by the workers of one mode. */
struct shared {
	_Atomic uint32_t next;
	_Atomic uint32_t tried, failed, unreached;
	_Atomic uint32_t broken;
	_Atomic bool stop;
};

static const struct option options[] = {
	{ "modes", required_argument, NULL, 'm' },
	{ "only", required_argument, NULL, 'o' },
	{ "first", required_argument, NULL, '1' },
	{ "step", required_argument, NULL, 's' },
	{ "from", required_argument, NULL, 'f' },
	{ "to", required_argument, NULL, 't' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "timeout", required_argument, NULL, 'T' },
	{ "strict", required_argument, NULL, 'S' },
	{ "seed", required_argument, NULL, 'r' },
	{ "work", required_argument, NULL, 'w' },
	{ "library", required_argument, NULL, 'L' },
	{ "keep-going", no_argument, NULL, 'g' },
	{ "keep", no_argument, NULL, 'k' },
	{ "fresh", no_argument, NULL, 'F' },
	{ "real-sync", no_argument, NULL, 'R' },
	{ "allow-blind", no_argument, NULL, 'B' },
	{ "tap", no_argument, NULL, 'p' },
	{ "list", no_argument, NULL, 'l' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int
usage(void)
{
	printf("usage: sweep [options] SCENARIO\n"
		"  --modes M,M...  (%s)\n"
		"  --only NAME     only points of this program count\n"
		"  --first kill-after:N  the first NAME dies there, the "
		"second one counts\n"
		"  --step K  --from N  --to N   which points\n"
		"  --jobs J  --timeout S (300)  how\n"
		"  --strict 0|1|2 (1)  --seed N   what a power loss undoes\n"
		"  --keep-going    do not stop at the first failure\n"
		"  --keep          keep the working directory\n"
		"  --fresh         prepare anew for each point: inodes stay\n"
		"  --real-sync     let fsync do its work (slow)\n"
		"  --allow-blind   go on when a change could not be seen\n"
		"  --tap           one TAP line for each mode\n"
		"  --list          print the points and end\n"
		"  --work DIR      (./sweep.PID)  --library FILE\n",
		DEFAULT_MODES);
	return 2;
}

static int
parse_modes(struct sweep *s, const char *list)
{
	char *copy = strdup(list), *rest = copy, *one;
	int rc = 0;

	if (!copy)
		abort();
	s->n_modes = 0;
	while (rc == 0 && (one = strsep(&rest, ",")))
		rc = s->n_modes == SWEEP_MODES_MAX ? -1 :
			sweep_mode_parse(&s->modes[s->n_modes++], one);
	free(copy);
	return rc;
}

static int
set_option(struct sweep *s, int c)
{
	switch (c) {
	case 'm': return parse_modes(s, optarg);
	case 'o': snprintf(s->only, sizeof s->only, "%s", optarg); break;
	case '1': snprintf(s->first, sizeof s->first, "%s", optarg); break;
	case 's': s->step = (uint32_t)strtoul(optarg, NULL, 10); break;
	case 'f': s->from = (uint32_t)strtoul(optarg, NULL, 10); break;
	case 't': s->to = (uint32_t)strtoul(optarg, NULL, 10); break;
	case 'j': s->jobs = atoi(optarg); break;
	case 'T': s->timeout_s = atoi(optarg); break;
	case 'S': s->strict = atoi(optarg); break;
	case 'r': s->seed = strtoull(optarg, NULL, 10); break;
	case 'w': snprintf(s->work, sizeof s->work, "%s", optarg); break;
	case 'L': snprintf(s->library, sizeof s->library, "%s", optarg); break;
	case 'g': s->keep_going = true; break;
	case 'k': s->keep = true; break;
	case 'F': s->fresh = true; break;
	case 'R': s->real_sync = true; break;
	case 'B': s->allow_blind = true; break;
	case 'p': s->tap = true; break;
	case 'l': s->list = true; break;
	default: return -1;
	}
	return 0;
}

static int
parse_options(struct sweep *s, int argc, char **argv)
{
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (set_option(s, c) < 0)
			return -1;
	return optind == argc - 1 ? 0 : -1;
}

/* The scenario's own options come first, so that the caller's win. */
static int
scenario_options(struct sweep *s, const char *path)
{
	char command[PATH_MAX + 16], line[1024] = "sweep ", *rest = line;
	char *argv[66], *word;
	size_t got;
	int argc = 0;
	FILE *f;

	if (!realpath(path, s->scenario)) {
		fprintf(stderr, "sweep: %s: %s\n", path, strerror(errno));
		return -1;
	}
	snprintf(command, sizeof command, "'%s' options", s->scenario);
	f = popen(command, "r");
	if (!f)
		return -1;
	got = fread(line + 6, 1, sizeof line - 7, f);
	line[6 + got] = '\0';
	if (pclose(f) != 0) {
		fprintf(stderr, "sweep: %s options failed\n", path);
		return -1;
	}
	while (argc < 64 && (word = strsep(&rest, " \n")))
		if (*word)
			argv[argc++] = word;
	argv[argc++] = s->scenario;
	argv[argc] = NULL;
	return parse_options(s, argc, argv);
}

static int
find_places(struct sweep *s)
{
	char self[PATH_MAX], work[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	s->title = strrchr(s->scenario, '/') + 1;
	if (n < 0)
		return -1;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	setenv("FAULT_BIN", self, 0);
	if (!s->library[0])
		snprintf(s->library, sizeof s->library, "%.*s/libfault.so",
			PATH_MAX - 16, self);
	if (access(s->library, R_OK) < 0) {
		fprintf(stderr, "sweep: no library %s\n", s->library);
		return -1;
	}
	if (!s->work[0])
		snprintf(s->work, sizeof s->work, "sweep.%d", getpid());
	if (mkdir(s->work, 0777) < 0 && errno != EEXIST) {
		fprintf(stderr, "sweep: %s: %s\n", s->work, strerror(errno));
		return -1;
	}
	if (!realpath(s->work, work))
		return -1;
	memcpy(s->work, work, strlen(work) + 1);
	return 0;
}

static void
worker_loop(const struct sweep *s, int worker, const struct sweep_mode *m,
	const uint32_t *points, uint32_t n, struct shared *sh)
{
	uint32_t i;

	sweep_adopt();
	while (!sh->stop && (i = sh->next++) < n) {
		enum sweep_outcome o = sweep_try(s, worker, m, points[i]);

		sh->tried++;
		if (o == SWEEP_UNREACHED)
			sh->unreached++;
		if (o == SWEEP_FAILED)
			sh->failed++;
		if (o == SWEEP_BROKEN)
			sh->broken++;
		if (o == SWEEP_BROKEN || (o == SWEEP_FAILED && !s->keep_going))
			sh->stop = true;
	}
	fflush(stdout);
	_exit(0);
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The points to try. Behind the last one the power can still go. */
static uint32_t
choose(const struct sweep *s, const struct sweep_mode *m,
	const uint8_t *classes, uint32_t n, uint32_t *points)
{
	uint32_t chosen = 0, last = n + (m->power && !m->classes ? 1 : 0);

	if (s->to && s->to < last)
		last = s->to;
	for (uint32_t at = s->from; at <= last; at += s->step)
		if (at > n || sweep_mode_fits(m, classes[at - 1]))
			points[chosen++] = at;
	return chosen;
}

static void
run_mode(const struct sweep *s, const struct sweep_mode *m,
	const uint32_t *points, uint32_t n, struct shared *sh)
{
	double start = now_s();
	pid_t pids[SWEEP_JOBS_MAX];

	memset(sh, 0, sizeof *sh);
	fflush(stdout);
	for (int j = 0; j < s->jobs; j++) {
		pids[j] = fork();
		if (pids[j] == 0)
			worker_loop(s, j, m, points, n, sh);
	}
	for (int j = 0; j < s->jobs; j++) {
		int status = 0;

		if (pids[j] < 0 || waitpid(pids[j], &status, 0) < 0 || status)
			sh->broken++;
	}
	if (s->tap)
		printf("%sok %d - ", sh->failed || sh->broken ? "not " : "",
			(int)(m - s->modes) + 1);
	printf("%s %s: %u points, %u failed", s->title, m->name, sh->tried,
		sh->failed);
	if (sh->unreached)
		printf(", %u not reached", sh->unreached);
	if (sh->broken)
		printf(", broken");
	printf(" (%.1f s)\n", now_s() - start);
	fflush(stdout);
}

static int
print_points(const struct sweep *s)
{
	char path[PATH_MAX + 32], line[1024];
	FILE *f;

	snprintf(path, sizeof path, "%s/w0/log.points", s->work);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		fputs(line, stdout);
	if (f)
		fclose(f);
	return 0;
}

static int
sweep_all(const struct sweep *s)
{
	static uint8_t classes[FAULT_POINTS_MAX];
	static uint32_t points[FAULT_POINTS_MAX + 2];
	struct shared *sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint32_t n = 0, chosen, tried = 0, failed = 0;
	bool broken = false;
	int rc;

	if (sh == MAP_FAILED)
		abort();
	for (int j = 0; j < s->jobs; j++)
		broken = sweep_prepare(s, j) < 0 || broken;
	rc = broken ? -1 : sweep_count(s, 0, classes, &n);
	if (rc != 0)
		return rc < 0 ? 2 : 3;
	if (s->list)
		return print_points(s);
	if (s->tap)
		printf("1..%zu\n", s->n_modes);
	for (size_t i = 0; i < s->n_modes && !broken; i++) {
		chosen = choose(s, &s->modes[i], classes, n, points);
		run_mode(s, &s->modes[i], points, chosen, sh);
		tried += sh->tried;
		failed += sh->failed;
		broken = sh->broken > 0;
		if (failed && !s->keep_going && !s->tap)
			break;
	}
	printf("%s%s: %u points x %zu modes = %u tried, %u failures\n",
		s->tap ? "# " : "", s->title, n, s->n_modes, tried, failed);
	munmap(sh, sizeof *sh);
	return broken ? 2 : failed ? 1 : 0;
}

static void
clean_up(const struct sweep *s)
{
	const char *argv[] = { "rm", "-rf", s->work, NULL };
	struct sweep_child c = { argv, NULL, "/dev/null", 600 };

	if (!s->keep)
		sweep_run(&c);
}

int
main(int argc, char **argv)
{
	static struct sweep s = { .step = 1, .from = 1, .jobs = 1,
		.timeout_s = 300, .strict = 1 };
	const char *strict = getenv(FAULT_ENV_STRICT);
	int rc;

	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (strict)
		s.strict = atoi(strict);
	parse_modes(&s, DEFAULT_MODES);
	if (parse_options(&s, argc, argv) < 0)
		return usage();
	if (scenario_options(&s, argv[argc - 1]) < 0 ||
	    parse_options(&s, argc, argv) < 0 || find_places(&s) < 0)
		return 2;
	if (s.jobs < 1 || s.jobs > SWEEP_JOBS_MAX || s.step < 1 || s.from < 1)
		return usage();
	sweep_adopt();
	rc = sweep_all(&s);
	fflush(stdout);
	clean_up(&s);
	return rc;
}
