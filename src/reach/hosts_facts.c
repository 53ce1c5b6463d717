/* SPDX-License-Identifier: ISC */
/* hosts_facts: what is pure of hosts.h: command line, facts, sentences. */
#include "reach/hosts.h"
#include "base/clock.h"
#include "base/text.h"
#include "history/history.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

void
hosts_command(const char *args[HOSTS_ARGS], const char *ssh,
	const char *const *remote)
{
	static const char *const options[] = {
		"ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5",
		"-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=2",
		"--",
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		args[n++] = options[i];
	args[n++] = ssh;
	while (*remote)
		args[n++] = *remote++;
	args[n] = NULL;
}

#define NUMBER_MAX INT64_C(1000000000000000)	/* sums stay numbers, too */

/* What is out of bounds is not known. */
static int64_t
number(const struct json_line *j, const char *key, int64_t none)
{
	int64_t n;

	return json_get_number(j, key, &n) == 1 && n >= 0 && n <= NUMBER_MAX ?
		n : none;
}

static void
text(char *out, size_t cap, const struct json_line *j, const char *key)
{
	const char *value = "";

	json_get_text(j, key, &value);
	text_printable(out, cap, value, strlen(value));
}

bool
host_read_facts(const struct json_line *j, struct host_facts *out)
{
	struct host_facts f = { .known = true,
		.last_import_at = HISTORY_NO_TIME };
	char severity[8];

	text(f.connector, sizeof f.connector, j, "connector");
	if (!*f.connector)
		return false;
	text(f.store, sizeof f.store, j, "store");
	text(f.verdict, sizeof f.verdict, j, "verdict");
	text(f.text, sizeof f.text, j, "verdict_text");
	text(severity, sizeof severity, j, "severity");
	/* One that says it in another way, or not, is not well for that. */
	f.severity = strcmp(severity, "act") == 0 ? VERDICT_ACT :
		strcmp(severity, "ok") == 0 || strcmp(f.verdict, "ok") == 0 ?
		VERDICT_WELL : VERDICT_LOOK;
	f.queued = number(j, "queued", 0) + number(j, "importing", 0);
	f.deferred = number(j, "deferred", 0);
	f.failed = number(j, "failed", 0);
	f.quarantined = number(j, "quarantined", 0);
	f.oldest_s = number(j, "oldest_queued_age_s", -1);
	f.und_bytes = number(j, "und_bytes", -1);
	f.disk_free = number(j, "disk_free", -1);
	json_get_time(j, "last_import_at", &f.last_import_at);
	snprintf(f.version, sizeof f.version, "%s", out->version);
	*out = f;
	return true;
}

static bool
exited(const struct host_end *e, int status)
{
	return WIFEXITED(e->status) && WEXITSTATUS(e->status) == status;
}

bool
host_is_old(const struct host_end *e)
{
	return !e->hello && exited(e, 2) &&
		strstr(e->errors, "there is no command");
}

/* What ssh says when it fails (its status is 255), and what that means. */
static const struct {
	const char *said, *words;
} failures[] = {
	{ "IDENTIFICATION HAS CHANGED", "its key is another one than before: "
		"find out why before anybody logs in there" },
	{ "Host key verification failed", "its key is not known here: log in "
		"once with ssh, and compare it" },
	{ "Permission denied", "refused: this account may not log in there "
		"without a password" },
	{ "Too many authentication failures", "refused: too many keys were "
		"offered; name one in ~/.ssh/config" },
	{ "Could not resolve hostname", "there is no host of that name" },
	{ "Connection refused", "nothing listens there: connection refused" },
	{ "No route to host", "there is no way to it: no route to host" },
	{ "Network is unreachable", "there is no way to it: network is "
		"unreachable" },
	{ "not responding", "hangs: the line is dead" },
	{ "timed out", "does not answer: connection timed out" },
	{ "Connection reset", "the line was cut: connection reset" },
	{ "closed by", "the line was cut: connection closed" },
	{ "Broken pipe", "the line was cut: broken pipe" },
};

/* The last line with something in it, printable; what is before it in ours
 * ("ccmq serve: ") is left out. */
static const char *
last_line(char out[160], const char *errors)
{
	size_t end = strlen(errors), start;

	while (end > 0 && strchr(" \r\n", errors[end - 1]))
		end--;
	for (start = end; start > 0 && errors[start - 1] != '\n'; start--)
		;
	if (strncmp(errors + start, "ccmq serve: ", 12) == 0)
		start += 12;
	return text_printable(out, 160, errors + start, end - start);
}

static const char *
by_ssh(const char *errors)
{
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (strstr(errors, failures[i].said))
			return failures[i].words;
	return NULL;
}

const char *
host_failure(char out[256], const struct host_end *e)
{
	char line[160];
	const char *words = exited(e, 255) && *e->ssh ? by_ssh(e->errors) :
		NULL;

	last_line(line, e->errors);
	if (e->silent)
		snprintf(out, 256, e->hello ? "hangs: not a word for %d s" :
			"hangs: no ccmq spoke within %d s", (e->hello ?
			HOSTS_SILENT_MS : HOSTS_HELLO_MS) / 1000);
	else if (words)
		snprintf(out, 256, "%s", words);
	else if (exited(e, 127))
		snprintf(out, 256, "there is no ccmq there (%s)", *line ? line :
			"command not found");
	else if (exited(e, 3))
		snprintf(out, 256, "its store cannot be used: %s", line);
	else if (WIFSIGNALED(e->status))
		snprintf(out, 256, "ended by signal %d", WTERMSIG(e->status));
	else
		snprintf(out, 256, "%s with status %d%s%s", e->hello ?
			"it ended" : "no ccmq spoke: it ended",
			WEXITSTATUS(e->status), *line ? ": " : "", line);
	return out;
}

/* Who has been seen to be well is last; of one of which nothing is known the
 * worst is assumed, but for what is known to be worse. */
static int
badness(const struct host *h)
{
	if (h->facts.known && h->facts.severity == VERDICT_ACT)
		return 4;
	if (h->state != HOST_LIVE && *h->why && !h->old)
		return 3;
	if (h->facts.known && h->facts.severity == VERDICT_LOOK)
		return 2;
	return !h->facts.known;
}

/* The rank of its verdict in the table. */
static int
rank(const struct host *h)
{
	int kind = 0;

	while (kind < VERDICT_COUNT && strcmp(verdict_word(
	    (enum verdict_kind)kind), h->facts.verdict) != 0)
		kind++;
	return kind;
}

int
host_compare(const struct host *a, const struct host *b)
{
	if (badness(a) != badness(b))
		return badness(b) - badness(a);
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->facts.failed != b->facts.failed)
		return a->facts.failed > b->facts.failed ? -1 : 1;
	return strcmp(a->set->name, b->set->name);
}
