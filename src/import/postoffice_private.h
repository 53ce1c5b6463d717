/* SPDX-License-Identifier: ISC */
/* postoffice_private: what the files postoffice*.c share. */
#ifndef CCMQ_POSTOFFICE_PRIVATE_H
#define CCMQ_POSTOFFICE_PRIVATE_H

#include "import/postoffice.h"

/* Between name and place of somebody elsewhere; in neither. */
#define PO_KEY_AT '\n'

/* One way to name a mailbox. */
struct po_key {
	char *folded;		/* first: see find_row */
	const struct mailbox *box;
};

/* One name of a post office. */
struct po_place {
	char *folded;		/* first: see find_row */
	const char *domain;	/* the post office's; or NULL */
	bool ours;
	unsigned line;		/* where the domain stands */
};

/* Makes the sorted tables. -1 with err, and in *line_out the line at fault,
 * when a name, a Maildir or a place would mean two. */
int po_index(struct postoffice *po, unsigned *line_out, struct error *err);
void po_index_free(struct postoffice *po);

#endif
