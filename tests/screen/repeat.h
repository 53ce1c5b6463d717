/* SPDX-License-Identifier: ISC */
/*
 * repeat: bytes for libvterm, with "the last letter again" (REP) spelled out.
 *
 * libvterm takes a repetition that ends before the last column for one that
 * filled it, so that the next letter stands in the row below. One zeroed struct
 * repeat for each terminal; a sequence may come in pieces.
 */
#ifndef CCMQ_TESTS_SCREEN_REPEAT_H
#define CCMQ_TESTS_SCREEN_REPEAT_H

#include <stddef.h>
#include <vterm.h>

struct repeat {
	char held[12];			/* what may become one */
	size_t n;
	char last;
};

void repeat_feed(struct repeat *r, VTerm *vt, const char *bytes, size_t len);

#endif
