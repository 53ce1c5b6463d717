/* SPDX-License-Identifier: ISC */
/*
 * visit: what the console remembers for a user and a store: when they last
 * looked, so that what came since is '+', and the filters in force. One small
 * file in $XDG_STATE_HOME/ccmq/visits (or ~/.local/state), named by the store's
 * uuid: the time in a line, then a line for each view with a filter, its word
 * and the expression. What cannot be read or written there is no fault: nothing
 * is marked or filtered then.
 */
#ifndef CCMQ_UI_VISIT_H
#define CCMQ_UI_VISIT_H

#include "base/str.h"

#include <stdint.h>

/* When it was: INT64_MAX for never. filters_out gets the other lines. */
int64_t visit_last(const char *uuid, struct str *filters_out);

/* Now, with these lines. */
void visit_remember(const char *uuid, const char *filters);

#endif
