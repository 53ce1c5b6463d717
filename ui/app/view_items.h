/* SPDX-License-Identifier: ISC */
/*
 * view_items: the inner list of Log and of Work: the results of one action,
 * each of which opens its message. Its ctx is a struct log_results, whose
 * words the info line says.
 */
#ifndef CCMQ_UI_VIEW_ITEMS_H
#define CCMQ_UI_VIEW_ITEMS_H

#include "app/view.h"

extern const struct pane_kind view_items;

#endif
