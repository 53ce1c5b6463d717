/* SPDX-License-Identifier: ISC */
/* fault_core: see fault_core.h for the contract. */
#include "fault_core.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>

struct fault_config fault;

static const struct {
	const char *name;
	enum fault_mode mode;
	int error;
	unsigned classes;
} modes[] = {
	{ "count", FAULT_COUNT, 0, 0 },
	{ "kill-before", FAULT_KILL_BEFORE, 0, 0 },
	{ "kill-after", FAULT_KILL_AFTER, 0, 0 },
	{ "term", FAULT_TERM, 0, 0 },
	{ "stop", FAULT_STOP, 0, 0 },
	{ "kill-mid", FAULT_KILL_MID, 0, 0 },
	{ "fail-EIO", FAULT_FAIL, EIO, FAULT_CLASSES_EIO },
	{ "fail-ENOSPC", FAULT_FAIL, ENOSPC, FAULT_CLASSES_ENOSPC },
	{ "fail-EACCES", FAULT_FAIL, EACCES, FAULT_CLASSES_EACCES },
	{ "short", FAULT_SHORT, ENOSPC, FAULT_WRITE },
};

static void __attribute__((noreturn))
usage(const char *why)
{
	dprintf(2, "libfault: %s\n", why);
	_exit(125);
}

static size_t
find_mode(const char *s)
{
	size_t len = strcspn(s, "+:");

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (strlen(modes[i].name) == len &&
		    memcmp(modes[i].name, s, len) == 0)
			return i;
	usage("unknown mode");
}

static void
read_first(void)
{
	const char *s = getenv(FAULT_ENV_FIRST), *only = getenv(FAULT_ENV_ONLY);
	const char *at;

	if (!s || !*s)
		return;
	fault.first_mode = modes[find_mode(s)].mode;
	at = strchr(s, ':');
	fault.first_at = at ? (uint32_t)strtoul(at + 1, NULL, 10) : 0;
	if (!fault.first_at || !only || !*only ||
	    (fault.first_mode != FAULT_KILL_BEFORE &&
	     fault.first_mode != FAULT_KILL_AFTER &&
	     fault.first_mode != FAULT_KILL_MID))
		usage("FIRST is kill-...:N, and ONLY must be given");
}

static void
read_mode(void)
{
	const char *s = getenv(FAULT_ENV_MODE);
	size_t i;

	if (!s)
		s = "count";
	i = find_mode(s);
	fault.mode = modes[i].mode;
	fault.error = modes[i].error;
	fault.can_fail = modes[i].classes;
	fault.power = strstr(s, "+power") != NULL;
	fault.stick = strstr(s, "+stick") != NULL;
	fault.dead = strstr(s, "+dead") != NULL;
}

static void
copy_path(char *to, const char *variable)
{
	const char *s = getenv(variable);

	if (!s || *s != '/' || strlen(s) >= PATH_MAX)
		usage("LOG and SIDE must be absolute paths");
	memcpy(to, s, strlen(s) + 1);
}

/* Keeps a copy of what a child must be told, whatever environment it gets. */
static void
copy_environment(void)
{
	extern char **environ;
	size_t n = 0;

	for (char **e = environ; *e && n + 1 < FAULT_ENVIRONMENT_MAX; e++)
		if (strncmp(*e, "CCMQ_FAULT_", 11) == 0 ||
		    strncmp(*e, "LD_PRELOAD=", 11) == 0 ||
		    strncmp(*e, "LD_LIBRARY_PATH=", 16) == 0 ||
		    strncmp(*e, "ASAN_OPTIONS=", 13) == 0)
			fault.environment[n++] = strdup(*e);
}

static void
map_state(void)
{
	char path[PATH_MAX + 8];
	int fd;

	snprintf(path, sizeof path, "%s.state", fault.log);
	fd = raw_openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC,
		0666);
	if (fd < 0 || raw_ftruncate(fd, sizeof *fault.state) < 0)
		usage("no state page");
	fault.state = mmap(NULL, sizeof *fault.state, PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	if (fault.state == MAP_FAILED)
		usage("no state page");
	close(fd);
}

/* Whether this program is the one that counts. */
static bool
is_named(void)
{
	const char *only = getenv(FAULT_ENV_ONLY), *base;
	char exe[PATH_MAX];
	ssize_t n;

	if (!only || !*only)
		return true;
	n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	if (n < 0)
		return false;
	exe[n] = '\0';
	base = strrchr(exe, '/');
	return strcmp(base ? base + 1 : exe, only) == 0 ||
		strcmp(program_invocation_short_name, only) == 0;
}

/* Takes the pid's place if it is free. True if it is ours. */
static bool
take(_Atomic int32_t *place)
{
	int32_t nobody = 0, me = getpid();

	return atomic_compare_exchange_strong(place, &nobody, me) ||
		nobody == me;
}

/*
 * With a name given, the first process of that name takes the role for good:
 * a fork of it, or the same program started again as its runner, does not
 * count. (An exec in the same process keeps the role.) Where a first one is to
 * die, the role is free only when it is dead.
 */
static void
take_role(void)
{
	struct fault_state *s = fault.state;

	if (!fault.named)
		return;
	if (fault.first_at) {
		if (take(&s->first))
			return;
		if (!s->first_hit && kill(s->first, 0) == 0)
			return;
	}
	(void)take(&s->role);
}

static bool
has_role(void)
{
	const char *only = getenv(FAULT_ENV_ONLY);

	return fault.named && (!only || !*only ||
		fault.state->role == getpid());
}

static void __attribute__((constructor))
start(void)
{
	const char *root = getenv(FAULT_ENV_ROOT), *s;
	struct stat st;

	s = getenv(FAULT_ENV_NOSYNC);
	fault.nosync = s && *s == '1';
	if (fault.nosync || (root && *root))
		copy_environment();
	if (!root || !*root)
		return;
	if (!realpath(root, fault.root) || stat(fault.root, &st) < 0)
		usage("the root is not there");
	fault.root_len = strlen(fault.root);
	fault.dev = st.st_dev;
	copy_path(fault.log, FAULT_ENV_LOG);
	read_mode();
	read_first();
	if (fault.power)
		copy_path(fault.side, FAULT_ENV_SIDE);
	s = getenv(FAULT_ENV_AT);
	fault.at = s ? (uint32_t)strtoul(s, NULL, 10) : 0;
	s = getenv(FAULT_ENV_LIST);
	fault.list = s && *s == '1';
	map_state();
	fault.named = is_named();
	fault.on = true;
	take_role();
}

static void __attribute__((noreturn))
die(void)
{
	for (;;)
		RAW(kill, getpid(), SIGKILL);
}

static void
describe(char *out, const char *name, const char *what, const char *what2)
{
	snprintf(out, FAULT_WHAT_MAX, "%s %s%s%s", name,
		what + (fault_is_below(what) ? fault.root_len + 1 : 0),
		what2 && *what2 ? " -> " : "",
		what2 && *what2 ?
			what2 + (fault_is_below(what2) ? fault.root_len + 1 : 0) : "");
}

static void
list_point(uint32_t n, const char *what)
{
	char path[PATH_MAX + 8], line[FAULT_WHAT_MAX + 16];
	int fd, len;

	snprintf(path, sizeof path, "%s.points", fault.log);
	fd = raw_openat(AT_FDCWD, path,
		O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return;
	len = snprintf(line, sizeof line, "%6u %s\n", n, what);
	if (RAW(write, fd, line, (size_t)len) < 0)
		fault_blind("list", path);
	close(fd);
}

/* What happens at the wanted point. 0, or the errno to fail with. */
static int
strike(struct fault_call *c, enum fault_mode mode)
{
	switch (mode) {
	case FAULT_KILL_BEFORE:
		die();
	case FAULT_KILL_AFTER:
		c->kill_after = true;
		return 0;
	case FAULT_KILL_MID:
		c->kill_after = c->cut = true;
		return 0;
	case FAULT_TERM:
		RAW(kill, getpid(), SIGTERM);
		return 0;
	case FAULT_STOP:
		RAW(kill, getpid(), SIGSTOP);
		return 0;
	case FAULT_SHORT:
		c->cut = true;
		if (fault.stick || fault.dead)
			fault.state->dead = FAULT_WRITE;
		else
			fault.state->full_ino = c->ino;
		fault.state->dead_error = ENOSPC;
		return 0;
	case FAULT_FAIL:
		if (!(c->class & fault.can_fail))
			return 0;
		if (fault.stick)
			fault.state->dead = c->class & ~FAULT_CUT;
		if (fault.dead)
			fault.state->dead = fault.can_fail;
		fault.state->dead_error = (uint32_t)fault.error;
		return fault.error;
	case FAULT_COUNT:
		break;
	}
	return 0;
}

/* Counts the point. 0, or the errno to fail with. */
static int
count(struct fault_call *c, const char *what, const char *what2)
{
	struct fault_state *s = fault.state;
	char words[FAULT_WHAT_MAX];
	uint64_t full = s->full_ino;
	uint32_t n;

	if (fault.first_at && s->first == getpid()) {
		if (++s->first_count != fault.first_at)
			return 0;
		s->first_hit = 1;
		return strike(c, fault.first_mode);
	}
	if (has_role()) {
		n = ++s->count;
		if (n <= FAULT_POINTS_MAX)
			s->class[n - 1] = (uint8_t)c->class;
		if (fault.list) {
			describe(words, c->name, what, what2);
			list_point(n, words);
		}
		if (n == fault.at) {
			describe(s->what, c->name, what, what2);
			s->hit = 1;
			return strike(c, fault.mode);
		}
	}
	if (s->dead & c->class)
		return (int)s->dead_error;
	if (full && full == c->ino && (c->class & FAULT_WRITE)) {
		s->full_ino = 0;
		return ENOSPC;
	}
	return 0;
}

int
fault_begin(struct fault_call *c, const char *name, unsigned class,
	uint64_t ino, const char *what, const char *what2)
{
	int saved = errno, failure;

	memset(c, 0, sizeof *c);
	c->name = name;
	c->class = class;
	c->ino = ino;
	c->journal = -1;
	if (fault.power)
		fault_journal_open(c);
	failure = count(c, what, what2);
	if (!failure) {
		errno = saved;
		return 0;
	}
	fault_end(c, -1);
	errno = failure;
	return -1;
}

long
fault_end(struct fault_call *c, long rc)
{
	int saved = errno;

	if (c->kill_after)
		die();
	fault_journal_close(c);
	errno = saved;
	return rc;
}

size_t
fault_cut(const struct fault_call *c, size_t len)
{
	return c->cut && len > 1 ? len / 2 : len;
}

void
fault_blind(const char *name, const char *what)
{
	describe(fault.state->blind_what, name, what, NULL);
	fault.state->blind++;
}
