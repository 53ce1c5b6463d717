/* SPDX-License-Identifier: ISC */
/*
 * operations_unfinished: work on many messages that was cut off (a lost line,
 * a kill), and work of others that goes on. See operations.h.
 *
 * An action that has ids left belongs to the process that began it, as long as
 * that lives.
 */
#include "work/operations.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPEN_MAX 20		/* of which one is looked for */

/* A process with that number that is a ccmq: numbers are used again, and a
 * dead one may not have been buried yet (state Z). */
static bool
is_alive(int64_t pid)
{
	char path[40], stat[64] = "", *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, stat, sizeof stat - 1);
	close(fd);
	stat[n < 0 ? 0 : n] = '\0';
	end = strchr(stat, ')');
	return strstr(stat, "(ccmq") && end && end[1] == ' ' && end[2] != 'Z';
}

static bool
is_wanted(const struct history_action *a, const struct actor *mine)
{
	if (a->job)		/* the store's, not a process's */
		return false;
	if (!mine)
		return a->pid != getpid() && is_alive(a->pid);
	return a->uid == mine->uid && !is_alive(a->pid) &&
		a->done + a->skipped + a->failed < a->total;
}

/* The newest open action that somebody works on (mine NULL), or that nobody
 * does. */
static int
find_open(struct store *s, const struct actor *mine,
	struct history_action *out, struct error *err)
{
	struct history_action *rows = xcalloc(OPEN_MAX, sizeof *rows);
	int n = history_actions_open(s->history, rows, OPEN_MAX, err);
	int found = 0;

	for (int i = 0; i < n; i++) {
		if (!found && is_wanted(&rows[i], mine)) {
			*out = rows[i];
			found = 1;
		} else {
			history_action_release(&rows[i]);
		}
	}
	free(rows);
	return n < 0 ? -1 : found;
}

int
operations_unfinished(struct store *s, const struct actor *actor,
	struct history_action *out, struct error *err)
{
	return find_open(s, actor, out, err);
}

int
operations_running(struct store *s, struct history_action *out,
	struct error *err)
{
	return find_open(s, NULL, out, err);
}
