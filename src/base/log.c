/* SPDX-License-Identifier: ISC */
/* log: see log.h for the contract. */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

static struct {
	const char *program;
	bool journal;
	bool system_log;
} state = { "ccmq", false, false };

void
log_open(const char *program)
{
	state.program = program;
	state.journal = getenv("JOURNAL_STREAM") != NULL;
	state.system_log = !state.journal;
	if (state.system_log)
		openlog(program, LOG_PID | LOG_NDELAY, LOG_MAIL);
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
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (state.journal)
		fprintf(stderr, "<%d>%s\n", priority[level], text);
	else
		fprintf(stderr, "%s: %s\n", state.program, text);
	if (state.system_log)
		syslog(priority[level], "%s", text);
}
