/* SPDX-License-Identifier: ISC */
/*
 * view_ages: the pane that says how old what waits is, by sender; Enter opens
 * the messages of one. Its ctx is a struct ages.
 */
#ifndef CCMQ_UI_VIEW_AGES_H
#define CCMQ_UI_VIEW_AGES_H

#include "app/view.h"

extern const struct pane_kind view_ages;

#endif
