/* SPDX-License-Identifier: ISC */
/*
 * plain: `ccmq --plain`: the console as lines, for screen readers, dumb
 * terminals and slow lines. See ccmq-console(1).
 *
 * A sentence for each change that matters, held back while a line is typed, and
 * a prompt. What is typed is a command of ccmq(1), which is run as a process of
 * its own, without a terminal, so that what it says comes as lines, too; `look`
 * and `causes` are what the console shows below its rows. Nothing is changed
 * after it was printed.
 */
#include "app/console.h"
#include "app/plain_program.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "history/history_cause.h"
#include "page/panel.h"
#include "store/status.h"
#include "term/line.h"
#include "work/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 1000			/* of one line */
#define ACTIONS 20			/* newest ones, that are looked at */
#define CAUSES_MAX 100
#define LOOK_MS 10000			/* also when nobody has written */
#define PANEL_WIDTH 78
#define DEFAULT_STORE "/var/lib/ccmq"	/* of the settings */

extern char **environ;

struct plain {
	struct settings *settings;
	const char *config, *store_path;
	bool read_only;
	char why[STORE_WHY_MAX + 40];	/* "": the store may be written */
	struct store store;
	struct status status;
	bool known;
	enum verdict_kind said;		/* the verdict that was told last */
	struct { int64_t id; char state[16]; bool waits; } actions[ACTIONS];
	size_t action_count;
	int64_t version, looked_mono_ms;
	bool at_prompt;			/* a prompt stands in the line */
	struct error gone;		/* the store is not there any more */
	bool begun;			/* the actions of before are known */
	const char *const *words;	/* that begin a line */
};

/* ---- sentences ---- */

static void
say(struct plain *p, const char *text)
{
	char at[TEXT_TIME_MAX], words[600];
	int64_t now = clock_wall();

	/* What stands there stays as it is. */
	if (p->at_prompt)
		putchar('\n');
	p->at_prompt = false;
	printf("%s  %s\n", text_time(at, now, now), text_printable(words,
		sizeof words, text, strlen(text)));
}

static void
say_verdict(struct plain *p)
{
	const struct verdict *v = &p->status.verdict;
	char words[sizeof v->text + 40];

	snprintf(words, sizeof words, "%s%s%s", v->severity == VERDICT_ACT ?
		"Act: " : v->severity == VERDICT_LOOK ? "Look: " : "", v->text,
		v->kind == VERDICT_OK ? "" : ". look says more");
	say(p, words);
}

static int
collect(struct plain *p, struct error *err)
{
	struct status st;

	if (status_collect(&st, &p->store, p->settings, clock_wall(), err) < 0)
		return -1;
	if (p->known)
		status_release(&p->status);
	p->status = st;
	p->known = true;
	return 0;
}

/* Is there something to tell of an action? */
static bool
action_turned(struct plain *p, const struct history_action *a)
{
	const char *state = a->job_state ? a->job_state : "";
	size_t i = 0;
	bool turned;

	while (i < p->action_count && p->actions[i].id != a->id)
		i++;
	if (i == p->action_count) {
		if (i == ACTIONS)
			memmove(p->actions, p->actions + 1, --i *
				sizeof *p->actions);
		p->action_count = i + 1;
		p->actions[i].id = a->id;
		snprintf(p->actions[i].state, sizeof p->actions[i].state, "%s",
			state);
		p->actions[i].waits = a->waits > 0;
		return p->begun && (a->job || a->waits == 0);
	}
	turned = strcmp(p->actions[i].state, state) != 0 ||
		(p->actions[i].waits && a->waits == 0);
	snprintf(p->actions[i].state, sizeof p->actions[i].state, "%s", state);
	p->actions[i].waits = a->waits > 0;
	return turned;
}

/* What came of what was done, as one sentence each. */
static bool
say_actions(struct plain *p, struct error *err)
{
	struct history_action rows[ACTIONS];
	struct str words = STR_INIT;
	bool any = false;
	int n = history_jobs(p->store.history, 0, rows, ACTIONS, err);

	for (int i = n - 1; i >= 0; i--) {
		str_clear(&words);
		if (action_turned(p, &rows[i]) && jobs_sentence(
		    p->store.history, &rows[i], &words, err) == 0) {
			say(p, words.data);
			any = true;
		}
		history_action_release(&rows[i]);
	}
	p->begun = true;
	str_release(&words);
	return any;
}

/* All that has changed. True: something was said. */
static bool
say_news(struct plain *p)
{
	struct error err = ERROR_INIT;
	bool any;

	if (collect(p, &err) < 0) {
		say(p, err.text);
		return true;
	}
	any = say_actions(p, &err);
	if (p->status.verdict.kind != p->said) {
		p->said = p->status.verdict.kind;
		say_verdict(p);
		any = true;
	}
	return any;
}

/* Has somebody written, or is it time to look all the same? */
static bool
is_due(struct plain *p)
{
	struct error ignored = ERROR_INIT;
	int64_t version = 0, now = clock_mono_ms();

	if (history_data_version(p->store.history, &version, &ignored) == 0 &&
	    version == p->version && now - p->looked_mono_ms < LOOK_MS)
		return false;
	p->version = version;
	p->looked_mono_ms = now;
	return true;
}

/* For line.h. */
static int
wait_for_input(void *arg, int fd, bool quiet)
{
	struct plain *p = arg;
	struct pollfd f = { .fd = fd, .events = POLLIN };
	bool any = false;

	while (!any && poll(&f, 1, 1000) == 0) {
		if (store_is_there(&p->store, &p->gone) < 0)
			return -1;
		if (quiet || !is_due(p))
			continue;
		p->at_prompt = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
		any = say_news(p);
		p->at_prompt = false;
		fflush(stdout);
	}
	return any;
}

/* ---- what the console shows below its rows ---- */

static void
look(struct plain *p, int64_t number)
{
	struct panel_facts facts = { .status = &p->status,
		.config = p->config, .store = p->store.path,
		.store_is_default = p->config ? !p->store_path :
		strcmp(p->store.path, DEFAULT_STORE) == 0 };
	struct str out = STR_INIT;
	struct error ignored = ERROR_INIT;
	struct verdict v;
	struct panel panel;

	(void)collect(p, &ignored);
	if (number < 1 || number > (int64_t)p->status.verdict_count) {
		printf("%u %s true; look N shows one of them.\n",
			p->status.verdict_count, p->status.verdict_count == 1 ?
			"thing is" : "things are");
		return;
	}
	status_verdict(&p->status, (unsigned)number - 1, &v);
	printf("%s%s\n", v.severity == VERDICT_ACT ? "Act: " : v.severity ==
		VERDICT_LOOK ? "Look: " : "", v.text);
	facts.advice = settings_advice(p->settings, verdict_word(v.kind));
	panel_verdict(&facts, v.kind, &panel);
	(void)panel_lines(&panel, (struct panel_room){ PANEL_WIDTH, 0, 0 },
		&out);
	panel_release(&panel);
	fputs(out.data, stdout);
	if (number < (int64_t)p->status.verdict_count)
		printf("%" PRId64 " more: look %" PRId64 "\n", (int64_t)
			p->status.verdict_count - number, number + 1);
	str_release(&out);
}

static void
causes(struct plain *p)
{
	struct history_cause_row rows[CAUSES_MAX];
	struct error err = ERROR_INIT;
	char words[160], first[TEXT_TIME_MAX], last[TEXT_TIME_MAX];
	int64_t now = clock_wall();
	int n = history_causes(p->store.history, STATE_FAILED, rows,
		CAUSES_MAX, &err);

	for (int i = 0; i < n; i++) {
		printf("%" PRId64 " failed%s: %s, first %s, last %s\n",
			rows[i].n, rows[i].suspect ? ", suspect" : "",
			history_cause_words(words, &rows[i]), text_time(first,
			rows[i].first_at, now), text_time(last,
			rows[i].last_at, now));
		history_cause_row_release(&rows[i]);
	}
	if (n <= 0)
		puts(n < 0 ? err.text : "Nothing failed.");
}

/* ---- commands ---- */

/* What a process prints, as lines of ours. */
static void
copy(int fd)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) > 0) {
		fwrite(buf, 1, (size_t)n, stdout);
		fflush(stdout);
	}
}

/* ccmq with these words, which end with NULL. */
static void
run_ccmq(const struct plain *p, char **words)
{
	char *args[WORDS_MAX + 8] = { "ccmq" };
	posix_spawn_file_actions_t fa;
	int out[2], status, rc, n = 1;
	pid_t pid;

	if (p->config) {
		args[n++] = (char *)(uintptr_t)"-c";
		args[n++] = (char *)(uintptr_t)p->config;
	}
	if (p->store_path) {
		args[n++] = (char *)(uintptr_t)"-s";
		args[n++] = (char *)(uintptr_t)p->store_path;
	}
	if (p->read_only)
		args[n++] = (char *)(uintptr_t)"--read-only";
	while (*words)
		args[n++] = *words++;
	if (pipe2(out, O_CLOEXEC) < 0) {
		printf("pipe: %s\n", strerror(errno));
		return;
	}
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, out[1], 1);
	posix_spawn_file_actions_adddup2(&fa, out[1], 2);
	rc = posix_spawn(&pid, "/proc/self/exe", &fa, NULL, args, environ);
	posix_spawn_file_actions_destroy(&fa);
	close(out[1]);
	if (rc == 0) {
		copy(out[0]);
		waitpid(pid, &status, 0);
	} else {
		printf("ccmq: %s\n", strerror(rc));
	}
	close(out[0]);
}

/* Words as a shell has them: '…', "…" and \. Their number; -1: a quote is not
 * closed, or there are too many. The words stand in line. */
static int
split(char *line, char **words)
{
	char quote = '\0', *to = line;
	int n = 0;
	bool in = false;

	for (char *c = line; *c; c++) {
		bool blank = !quote && (*c == ' ' || *c == '\t');

		if (!blank && !in) {
			if (n == WORDS_MAX)
				return -1;
			words[n++] = to;
			in = true;
		}
		if (blank && in)
			*to++ = '\0';
		in = in && !blank;
		if (blank)
			continue;
		if (quote && *c == quote)
			quote = '\0';
		else if (!quote && (*c == '"' || *c == '\''))
			quote = *c;
		else if (*c == '\\' && quote != '\'' && c[1])
			*to++ = *++c;
		else
			*to++ = *c;
	}
	*to = '\0';
	words[n] = NULL;
	return quote ? -1 : n;
}

/* What the views of the console are here. */
static const struct {
	const char *word, *args[4];
} views[] = {
	{ "queue", { "list", NULL } },
	{ "failed", { "list", "--state", "failed", NULL } },
	{ "quar", { "list", "--state", "quarantined", NULL } },
	{ "trash", { "list", "--state", "purged", NULL } },
	{ "done", { "list", "--state", "imported", NULL } },
	{ "log", { "history", NULL } },
	{ "work", { "jobs", NULL } },
	{ "help", { "--help", NULL } },
};

static bool
run_view(const struct plain *p, const char *word)
{
	for (size_t i = 0; i < sizeof views / sizeof *views; i++)
		if (strcmp(word, views[i].word) == 0) {
			run_ccmq(p, (char **)(uintptr_t)views[i].args);
			return true;
		}
	return false;
}

/* A command of the settings, if no word of ours begins the line. */
static bool
run_program(struct plain *p, char **words)
{
	struct plain_site site = { p->settings, &p->store, p->status.host,
		*p->why ? p->why : NULL };
	struct str line = STR_INIT;
	bool known = false;

	for (const char *const *w = p->words; *w; w++)
		known |= strcmp(*w, words[0]) == 0;
	for (int i = 0; words[i]; i++)
		str_addf(&line, "%s%s", i ? " " : "", words[i]);
	known = !known && plain_program(&site, line.data);
	if (strcmp(words[0], "help") == 0) {
		run_view(p, words[0]);
		plain_program_help(&site);
		known = true;
	}
	str_release(&line);
	return known;
}

/* False: leave. */
static bool
obey(struct plain *p, char *line)
{
	char *words[WORDS_MAX + 1], *show[3] = { "show", NULL, NULL };
	int n = split(*line == ':' ? line + 1 : line, words);

	if (n < 0)
		puts("A quote is not closed: nothing was done.");
	else if (n == 0)
		say_verdict(p);
	else if (strcmp(words[0], "q") == 0 || strcmp(words[0], "quit") == 0)
		return false;
	else if (strcmp(words[0], "look") == 0)
		look(p, n > 1 ? atoll(words[1]) : 1);
	else if (strcmp(words[0], "causes") == 0)
		causes(p);
	else if (n == 1 && strspn(words[0] + (*words[0] == '#'),
	    "0123456789") == strlen(words[0]) - (*words[0] == '#')) {
		show[1] = words[0];
		run_ccmq(p, show);
	} else if (!run_program(p, words) && (n > 1 || !run_view(p, words[0])))
		run_ccmq(p, words);
	return true;
}

static void
run(struct plain *p)
{
	const char *got;
	char line[LINE_MAX_BYTES];
	bool go_on = true;

	printf("Store %s on %s. help names the commands, q leaves.\n",
		p->store.path, p->status.host);
	say_verdict(p);
	while (go_on && fflush(stdout) == 0 && (got = line_read())) {
		snprintf(line, sizeof line, "%s", got);
		go_on = obey(p, line);
		if (go_on)
			say_news(p);
	}
}

int
console_plain(struct settings *settings, const char *config,
	const char *store, bool read_only, const char *const *words)
{
	struct plain p = { .settings = settings, .config = config,
		.store_path = store, .read_only = read_only, .words = words };
	const struct line_options options = { words, wait_for_input, &p };
	struct error err = ERROR_INIT;
	bool set = read_only || settings->console_read_only;

	if (store_open(&p.store, settings->store, settings->intake_submit,
	    "ccmq", set ? STORE_READ : STORE_WRITE_IF_ALLOWED, &err) < 0) {
		fprintf(stderr, "ccmq: %s\n", err.text);
		return 3;
	}
	if (!p.store.writable)
		snprintf(p.why, sizeof p.why, "not in read-only mode: %s",
			read_only ? "--read-only" : set ?
			"console.read_only is set" : p.store.read_only_why);
	store_use_theirs(&p.store, settings->foreign_submit,
		settings->foreign_import);
	if (history_check_version(p.store.history, &err) < 0 ||
	    collect(&p, &err) < 0) {
		fprintf(stderr, "ccmq: %s\n", err.text);
		store_close(&p.store);
		return 3;
	}
	p.said = p.status.verdict.kind;
	say_actions(&p, &err);
	line_open(&options);
	run(&p);
	line_close();
	status_release(&p.status);
	store_close(&p.store);
	if (p.gone.code == ERROR_NONE)
		return 0;
	fprintf(stderr, "ccmq: %s\n", p.gone.text);
	return 3;
}
