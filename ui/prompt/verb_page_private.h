/* SPDX-License-Identifier: ISC */
/*
 * verb_page_private: what the files verb_page*.c share.
 */
#ifndef CCMQ_UI_VERB_PAGE_PRIVATE_H
#define CCMQ_UI_VERB_PAGE_PRIVATE_H

#include "prompt/verb_page.h"

/* What follows from it. */
void verb_page_add_then(const struct verb_page *page,
	const struct verb_page_world *world, struct str *out);

/* How it can be taken back. */
const char *verb_page_undo(const struct verb_page *page);

#endif
