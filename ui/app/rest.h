/* SPDX-License-Identifier: ISC */
/*
 * rest: what a console that nothing happens to need not look at, nor draw.
 */
#ifndef CCMQ_UI_REST_H
#define CCMQ_UI_REST_H

#include "app/desk.h"

/* What a look around may find changed without a bell, as a number: the files
 * and the disk, and what is said because of them. */
uint64_t rest_around(const struct status *st);

/* Nothing is to be done, and ccmqd lives: what is said changes by the hour, not
 * by the second, but for the disk. */
bool rest_holds(struct desk *desk);

#endif
