/* SPDX-License-Identifier: ISC */
/*
 * view_mail: the views of messages: what they own, for whoever acts on it.
 */
#ifndef CCMQ_UI_VIEW_MAIL_H
#define CCMQ_UI_VIEW_MAIL_H

#include "app/desk.h"
#include "app/view.h"
#include "view/ages.h"
#include "view/causes.h"
#include "view/mail.h"

struct mail_view {
	struct mail mail;
	struct causes causes;
	struct ages ages;
	struct str filter;		/* the one in force, or "" */
	struct str kept_filter;		/* … before a sender's messages were
					 * opened */
	struct str cause_words;		/* of the one it is narrowed to */
};

extern const struct view_kind view_queue, view_failed, view_quarantine,
	view_trash, view_done;

/* NULL: it is no view of messages. */
struct mail_view *view_mail_of(const struct view *v);

/* Puts a filter in force; what is no expression is none (false, and err says
 * why). The list is to be reloaded. */
bool view_mail_filter(struct view *v, const char *text, struct error *err);

/* What the footer offers for a message in that state; one that another
 * connector has is only looked at. */
const struct keymap_label *view_mail_labels(enum state state, bool watched);

#endif
