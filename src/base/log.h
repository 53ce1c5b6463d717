/* SPDX-License-Identifier: ISC */
/*
 * log: one line for syslog and for whoever looks at standard error.
 *
 * Lines are printable text without a line feed. log_open once, at the start;
 * before it, lines go to standard error alone. When standard error is the
 * journal already ($JOURNAL_STREAM), it alone is used, with a priority in
 * front, so that no line stands twice. Nothing here fails.
 */
#ifndef CCMQ_LOG_H
#define CCMQ_LOG_H

#include "base/error.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
};

void log_open(const char *program);
void log_line(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What is said between them goes to standard error in one write, or few. */
void log_hold(void);
void log_release(void);

#endif
