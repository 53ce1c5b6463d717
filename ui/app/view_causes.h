/* SPDX-License-Identifier: ISC */
/*
 * view_causes: the pane of messages by cause, with what the one under the cursor
 * means below it; Enter opens its messages. Its ctx is a struct causes, that of
 * the inner pane a struct mail.
 */
#ifndef CCMQ_UI_VIEW_CAUSES_H
#define CCMQ_UI_VIEW_CAUSES_H

#include "app/view.h"

extern const struct pane_kind view_causes;

#endif
