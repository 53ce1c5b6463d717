/* SPDX-License-Identifier: ISC */
/*
 * work_filter: which actions are shown: words that must all be found in what
 * the row says and in the reason, ASCII letters in both cases; `by:`, `state:`,
 * `verb:` and `reason:` before one say where, `-` negates it. Pure.
 */
#ifndef CCMQ_UI_WORK_FILTER_H
#define CCMQ_UI_WORK_FILTER_H

#include "view/work_list.h"

/* 0, or -1: a word has a key that there is not. */
int work_filter_check(const char *filter, struct error *err);

/* "paused": what an action is now, in a word. */
const char *work_state(const struct history_action *a);

bool work_filter_holds(const char *filter, const struct work_row *row);

#endif
