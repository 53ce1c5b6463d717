/* SPDX-License-Identifier: ISC */
/*
 * error: why something could not be done, in words.
 *
 * A function that can fail takes `struct error *err` as its last parameter,
 * fills it and returns -1 (or NULL). Lower layers fill and return; the one
 * who can act reports, once. The words say what was tried, on what, and why:
 * "move 1042 to failed: No space left on device"; lower case, no full stop.
 * They are already printable: whoever puts foreign text into them makes it so
 * (text_printable).
 *
 * A struct error is plain storage: copy it, reuse it, nothing to release. It
 * is written only on failure.
 */
#ifndef CCMQ_ERROR_H
#define CCMQ_ERROR_H

#include <stdarg.h>

enum error_code {
	ERROR_NONE,
	ERROR_SYSTEM,		/* a system call failed; sys holds errno */
	ERROR_INVALID,		/* the caller's input is not acceptable */
	ERROR_BUSY,		/* somebody else holds what is needed */
	ERROR_STORE,		/* the store or the settings cannot be used */
	ERROR_READ_ONLY,	/* may look, may not change */
	ERROR_NOT_FOUND,	/* no such thing */
	ERROR_UNKNOWN,		/* a commit failed: it may come true yet */
	ERROR_REPLACED,		/* history.db is not the one that was opened */
	ERROR_STOPPED,		/* the caller asked to stop waiting */
};

#define ERROR_TEXT_MAX 512

struct error {
	enum error_code code;
	int sys;			/* errno, or 0 */
	char text[ERROR_TEXT_MAX];	/* always terminated */
};

#define ERROR_INIT { ERROR_NONE, 0, "" }

/* Fills *err. Always returns -1, so that failing is one statement. */
int error_set(struct error *err, enum error_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int error_vset(struct error *err, enum error_code code, const char *fmt,
	va_list ap) __attribute__((format(printf, 3, 0)));

/* The same for a failed system call: appends ": " and the words of errnum. */
int error_sys(struct error *err, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "<fmt>: " before the words that are there. Returns -1. */
int error_prefix(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A compiler that looks from one function into another (LTO) sees by this that
 * who fails returns -1, and has no result that is not set. */
static inline int
error_is_failure(int is)
{
	(void)is;
	return -1;
}

#define error_set(...) error_is_failure(error_set(__VA_ARGS__))
#define error_sys(...) error_is_failure(error_sys(__VA_ARGS__))
#define error_prefix(...) error_is_failure(error_prefix(__VA_ARGS__))

#endif
