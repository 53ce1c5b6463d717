/* SPDX-License-Identifier: ISC */
/*
 * duty: how a process comes to be the one that a store belongs to, ccmqd
 * whatever it does: it takes `lock`, and looks whether the history is the one
 * that the files are of.
 */
#ifndef CCMQ_DUTY_H
#define CCMQ_DUTY_H

#include "base/error.h"
#include "store/store.h"

/* Takes `lock`, waiting up to five seconds for who is done soon. 0, or -1
 * (ERROR_BUSY: held by another, named). */
int duty_take_lock(struct store *s, const char *program, struct error *err);

/* Are there ids in use above any that the history knows of? Then an old one was
 * restored, and nothing starts before a check; said as an event. 0 or -1. */
int duty_check_ids(struct store *s, struct error *err);

#endif
