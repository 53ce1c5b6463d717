/* postoffice_private: what the files postoffice*.c share. */
#ifndef CCMQ_POSTOFFICE_PRIVATE_H
#define CCMQ_POSTOFFICE_PRIVATE_H

#include "import/postoffice.h"

/* One way to name a mailbox. */
struct po_key {
	char *folded;		/* as po_add_folded makes it */
	const struct mailbox *box;
};

void po_add_folded(struct str *out, const char *name);
void po_sort_keys(struct postoffice *po);

/* Makes the index of names. -1 with err, and in *line_out the line at fault,
 * when a name or a Maildir would belong to two. */
int po_index(struct postoffice *po, unsigned *line_out, struct error *err);

#endif
