/* SPDX-License-Identifier: ISC */
/* hooks: see hooks.h for the contract. */
#include "reach/hooks.h"
#include "base/actor.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_AT_ONCE 65536
#define STRAYS_MAX 1000		/* one began the other; and one forks for ever */

/* A hook and one of its words. */
struct slot {
	const struct settings_program *program;
	enum verdict_kind word;
	bool holds, told;		/* is it so; was it told so */
	bool silent;			/* a hook brought it about */
	int64_t missed;			/* changes that were not told */
	int64_t ran_at[SETTINGS_AT_MOST];	/* monotonic; the last ones */
	int64_t runs;
	struct verdict verdict;		/* as it began */
	int64_t at;			/* of the newest change, wall clock */

	pid_t pid;			/* 0: it does not run */
	int output;
	int64_t until_ms;
	bool over;			/* its time */
	char begin[HOOKS_OUTPUT];	/* of what it prints */
	size_t begin_len;
};

struct hooks {
	struct slot *slots;
	size_t count;
	char *store, host[256];
	void (*ended)(void *arg, const struct hooks_end *end);
	void *arg;
};

struct hooks *
hooks_new(const struct settings_programs *p,
	void (*ended)(void *arg, const struct hooks_end *end), void *arg)
{
	struct hooks *h = xcalloc(1, sizeof *h);

	h->ended = ended;
	h->arg = arg;
	gethostname(h->host, sizeof h->host - 1);
	for (size_t i = 0; i < p->count; i++)
		for (char **on = p->of[i].on; *on; on++) {
			int word = 0;

			while (word < VERDICT_OK && strcmp(verdict_word(
			    (enum verdict_kind)word), *on) != 0)
				word++;
			h->slots = xreallocarray(h->slots, h->count + 1,
				sizeof *h->slots);
			h->slots[h->count++] = (struct slot){
				.program = &p->of[i], .output = -1,
				.word = (enum verdict_kind)word,
			};
		}
	/* What a program leaves behind comes to us, and is killed. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return h;
}

/* --- how things are ---------------------------------------------------------- */

/* What a hook brought about may become a person's without a look between. */
static void
change(struct slot *slot, bool holds, bool silent)
{
	bool taken_over = holds && slot->silent && !silent;

	if (slot->holds == holds && !taken_over)
		return;
	slot->holds = holds;
	slot->at = clock_wall();
	if (taken_over)
		slot->told = false;
	else if (silent || slot->silent)
		slot->told = holds;
	if (slot->told != holds)
		slot->missed++;
	slot->silent = silent;
}

/* Did a hook bring it about? */
static bool
is_own(enum verdict_kind word, struct store *s, const struct status *st)
{
	struct history_message m;
	struct error err;
	bool own;

	if (word == VERDICT_HELD)
		return actor_is_hook(st->row.hold_by);
	if (word == VERDICT_JOB)
		return actor_is_hook(st->facts.job_by);
	if (word != VERDICT_BACK_AGAIN || history_message_get(s->history,
	    st->facts.again_id, &m, &err) <= 0)
		return false;
	own = actor_is_hook(m.action_by);
	history_message_release(&m);
	return own;
}

void
hooks_see(struct hooks *h, struct store *s, const struct status *st)
{
	struct verdict v;

	free(h->store);
	h->store = xstrdup(s->path);
	for (size_t i = 0; i < h->count; i++) {
		struct slot *slot = &h->slots[i];
		bool holds = false;

		for (unsigned n = 0; n < st->verdict_count; n++)
			if (st->verdicts[n] == slot->word) {
				status_verdict(st, n, &v);
				slot->verdict = v;
				holds = true;
			}
		change(slot, holds, holds && (!slot->holds || slot->silent) &&
			is_own(slot->word, s, st));
	}
}

void
hooks_see_nothing(struct hooks *h, const char *why)
{
	for (size_t i = 0; i < h->count; i++) {
		struct slot *slot = &h->slots[i];

		if (slot->word != VERDICT_STORE)
			continue;
		slot->verdict.severity = VERDICT_ACT;
		text_printable(slot->verdict.text, sizeof slot->verdict.text,
			why, strlen(why));
		change(slot, true, false);
	}
}

/* --- one runs ----------------------------------------------------------------- */

static void
add_object(const struct hooks *h, const struct slot *slot, struct str *out)
{
	static const char *const severities[] = {
		[VERDICT_WELL] = "ok", [VERDICT_LOOK] = "look",
		[VERDICT_ACT] = "act",
	};
	struct json_line *j = json_line_new();

	json_put_text(j, "word", verdict_word(slot->word));
	json_put_text(j, "what", slot->holds ? "begins" : "ends");
	json_put_time(j, "at", slot->at);
	json_put_text(j, "severity", severities[slot->verdict.severity]);
	json_put_text(j, "text", slot->verdict.text);
	json_put_text(j, "host", h->host);
	json_put_text(j, "store", h->store);
	json_put_number(j, "changes", slot->missed);
	json_line_append(j, out);
}

/* The arguments, with %word filled in; to free, each and all. */
static char **
fill_in(char *const *words, const char *word)
{
	size_t n = 0;
	char **out;

	while (words[n])
		n++;
	out = xcalloc(n + 1, sizeof *out);
	for (size_t i = 0; i < n; i++) {
		const char *at = strstr(words[i], "%word");

		out[i] = at ? xasprintf("%.*s%s%s", (int)(at - words[i]),
			words[i], word, at + 5) : xstrdup(words[i]);
	}
	return out;
}

/* 0, or what errno says. */
static int
spawn(struct slot *slot, char **argv, int in, int out)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&fa, out, STDERR_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	setenv(ACTOR_HOOK_ENV, verdict_word(slot->word), 1);
	rc = posix_spawnp(&slot->pid, argv[0], &fa, &attr, argv, environ);
	unsetenv(ACTOR_HOOK_ENV);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	if (rc != 0)
		slot->pid = 0;
	return rc;
}

static void
tell_end(struct hooks *h, struct slot *slot, bool failed, const char *how)
{
	struct hooks_end end = {
		.word = verdict_word(slot->word), .failed = failed,
		.program = slot->program->run[0], .begins = slot->told,
	};

	snprintf(end.how, sizeof end.how, "%s", how);
	text_printable(end.output, sizeof end.output, slot->begin,
		slot->begin_len);
	h->ended(h->arg, &end);
}

/* With the object on its standard input: it fits into a pipe. */
static void
run(struct hooks *h, struct slot *slot)
{
	char **argv = fill_in(slot->program->run, verdict_word(slot->word));
	struct str object = STR_INIT;
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, rc = 0;

	add_object(h, slot, &object);
	slot->ran_at[slot->runs++ % SETTINGS_AT_MOST] = clock_mono_ms();
	slot->told = slot->holds;
	slot->missed = 0;
	slot->begin_len = 0;
	slot->over = false;
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 ||
	    fcntl(in[1], F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(out[0], F_SETFL, O_NONBLOCK) < 0 ||
	    write(in[1], object.data, object.len) < 0)
		rc = errno;
	if (rc == 0)
		rc = spawn(slot, argv, in[0], out[1]);
	for (int i = 0; i < 2; i++)
		if (in[i] >= 0)
			close(in[i]);
	if (out[1] >= 0)
		close(out[1]);
	if (rc == 0)
		slot->output = out[0];
	else if (out[0] >= 0)
		close(out[0]);
	slot->until_ms = clock_mono_ms() + slot->program->limit_ms;
	if (rc != 0)
		tell_end(h, slot, true, strerror(rc));
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	free(argv);
	str_release(&object);
}

static void
read_some(struct slot *slot)
{
	char buf[READ_AT_ONCE];
	ssize_t n = read(slot->output, buf, sizeof buf);
	size_t room = sizeof slot->begin - slot->begin_len;

	if (n <= 0)
		return;
	if ((size_t)n < room)
		room = (size_t)n;
	memcpy(slot->begin + slot->begin_len, buf, room);
	slot->begin_len += room;
}

/* Is it one that runs, or of the session of one? */
static bool
is_running(const struct hooks *h, pid_t pid)
{
	pid_t session = getsid(pid);

	for (size_t i = 0; i < h->count; i++)
		if (h->slots[i].pid && (h->slots[i].pid == pid ||
		    h->slots[i].pid == session))
			return true;
	return false;
}

/* Whose parents have ended are ours now: their process groups may be any. True:
 * some were there, whose own children are ours from then on. */
static bool
kill_some(const struct hooks *h)
{
	char path[64];
	bool any = false;
	FILE *f;
	int pid;

	snprintf(path, sizeof path, "/proc/self/task/%d/children",
		(int)getpid());
	f = fopen(path, "re");
	while (f && fscanf(f, "%d", &pid) == 1)
		if (!is_running(h, pid) && kill(pid, SIGKILL) == 0) {
			waitpid(pid, NULL, 0);
			any = true;
		}
	if (f)
		fclose(f);
	return any;
}

static void
kill_strays(const struct hooks *h)
{
	for (int depth = 0; depth < STRAYS_MAX && kill_some(h); depth++)
		;
}

static void
look_at(struct hooks *h, struct slot *slot)
{
	char how[80];
	int status;

	read_some(slot);
	if (clock_mono_ms() >= slot->until_ms) {
		slot->over = true;
		kill(-slot->pid, SIGKILL);
	}
	if (waitpid(slot->pid, &status, WNOHANG) != slot->pid)
		return;
	read_some(slot);
	kill(-slot->pid, SIGKILL);
	slot->pid = 0;
	kill_strays(h);
	close(slot->output);
	slot->output = -1;
	if (slot->over)
		snprintf(how, sizeof how, "its time was over");
	else if (WIFEXITED(status))
		snprintf(how, sizeof how, "exit status %d",
			WEXITSTATUS(status));
	else
		snprintf(how, sizeof how, "signal %d", WTERMSIG(status));
	tell_end(h, slot, status != 0, how);
}

static bool
may_run(const struct hooks *h, const struct slot *slot)
{
	int64_t most = slot->program->at_most;

	for (size_t i = 0; i < h->count; i++)
		if (h->slots[i].pid && h->slots[i].word == slot->word)
			return false;
	return slot->runs < most || clock_mono_ms() - slot->ran_at[
		(slot->runs - most) % SETTINGS_AT_MOST] >= slot->program->per_ms;
}

bool
hooks_turn(struct hooks *h)
{
	bool busy = false;

	for (size_t i = 0; i < h->count; i++) {
		struct slot *slot = &h->slots[i];

		if (slot->pid)
			look_at(h, slot);
		if (slot->told != slot->holds && may_run(h, slot))
			run(h, slot);
		busy = busy || slot->pid;
	}
	return busy;
}

void
hooks_free(struct hooks *h)
{
	for (size_t i = 0; h && i < h->count; i++)
		if (h->slots[i].pid) {
			kill(-h->slots[i].pid, SIGKILL);
			waitpid(h->slots[i].pid, NULL, 0);
			h->slots[i].pid = 0;
			close(h->slots[i].output);
		}
	if (!h)
		return;
	kill_strays(h);
	free(h->slots);
	free(h->store);
	free(h);
}
