/* SPDX-License-Identifier: ISC */
/*
 * likeness: a number for what a message says, the same for its file and for
 * its entry in the .und.
 *
 * An entry is the message with reason lines put in and counts set anew, so
 * lines of either kind, empty ones and the ends of lines do not count; of the
 * rest the first 64 KB do. Two that have the same number are the same message
 * as far as anybody looks. Pure: bytes in, a number out.
 */
#ifndef CCMQ_LIKENESS_H
#define CCMQ_LIKENESS_H

#include <stddef.h>
#include <stdint.h>

/* Never 0, which stands for "not known". */
uint64_t likeness_of(const char *text, size_t len);

/* So much of a file or entry is enough to call it with: reasons take room. */
#define LIKENESS_READ (80 * 1024)

#endif
