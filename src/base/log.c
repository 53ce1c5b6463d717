/* SPDX-License-Identifier: ISC */
/* log: see log.h for the contract. */
#include "base/log.h"
#include "base/clock.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#define LOOK_MS CLOCK_SECOND
#define LINE_EXTRA 128		/* the program's name, and more */

static struct {
	const char *program;
	bool journal;
	bool system_log;
	bool is_there;			/* something listens for syslog() */
	int64_t look_mono_ms;		/* next look whether it does */
	char lines[16 << 10];		/* held back for one write */
	size_t len;
	bool held;
} state = { .program = "ccmq" };

void
log_open(const char *program)
{
	state.program = program;
	state.journal = getenv("JOURNAL_STREAM") != NULL;
	state.system_log = !state.journal;
	if (state.system_log)
		openlog(program, LOG_PID | LOG_NDELAY, LOG_MAIL);
}

/* syslog() itself would try to connect for each line. */
static bool
has_system_log(void)
{
	int64_t now = clock_mono_ms();

	if (now >= state.look_mono_ms) {
		state.is_there = access("/dev/log", F_OK) == 0;
		state.look_mono_ms = now + LOOK_MS;
	}
	return state.is_there;
}

static void
flush(void)
{
	fwrite(state.lines, 1, state.len, stderr);
	state.len = 0;
}

void
log_hold(void)
{
	state.held = true;
}

void
log_release(void)
{
	state.held = false;
	flush();
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	static const int priority[] = {
		[LOG_LEVEL_ERROR] = LOG_ERR,
		[LOG_LEVEL_WARNING] = LOG_WARNING,
		[LOG_LEVEL_INFO] = LOG_INFO,
	};
	char text[1024];
	size_t left;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (sizeof state.lines - state.len < sizeof text + LINE_EXTRA)
		flush();
	left = sizeof state.lines - state.len;
	state.len += (size_t)(state.journal ?
		snprintf(state.lines + state.len, left, "<%d>%s\n",
			priority[level], text) :
		snprintf(state.lines + state.len, left, "%.100s: %s\n",
			state.program, text));
	if (!state.held)
		flush();
	if (state.system_log && has_system_log())
		syslog(priority[level], "%s", text);
}
