/* SPDX-License-Identifier: ISC */
/*
 * row_json: a message and a cause as programs get them, in the members that
 * ccmq(1) lists, wherever they are told.
 */
#ifndef CCMQ_ROW_JSON_H
#define CCMQ_ROW_JSON_H

#include "base/json.h"
#include "history/history.h"

/* In the members of list --json, without notes. */
struct json_line *row_message_json(const struct history_message *m);

/* In the members of a cause of `ccmq serve`. */
struct json_line *row_cause_json(const struct history_cause_row *row);

#endif
