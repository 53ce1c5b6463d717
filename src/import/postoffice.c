/* SPDX-License-Identifier: ISC */
/* postoffice: making and freeing; see postoffice.h for the contract. */
#include "import/postoffice.h"
#include "import/postoffice_private.h"
#include "base/xalloc.h"

#include <stdlib.h>

static void
release_list(struct name_list *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}

static void
free_boxes(struct mailbox *boxes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(boxes[i].name);
		free(boxes[i].dir);
		free(boxes[i].address);
		free(boxes[i].forward);
		free(boxes[i].at);
		release_list(&boxes[i].aliases);
	}
	free(boxes);
}

struct postoffice *
postoffice_new(const char *name)
{
	struct postoffice *po = xcalloc(1, sizeof *po);
	struct error err;
	unsigned line;

	po->name = name ? xstrdup(name) : NULL;
	po->code_page = xstrdup("437");
	po->date_order = CCMAIL_DATE_MDY;
	if (name && po_index(po, &line, &err) < 0)
		abort();	/* there is nothing to clash with */
	return po;
}

void
postoffice_free(struct postoffice *po)
{
	if (!po)
		return;
	free(po->name);
	free(po->domain);
	free(po->time_zone);
	free(po->code_page);
	release_list(&po->names);
	release_list(&po->deliver);
	for (size_t i = 0; i < po->domain_count; i++) {
		free(po->domains[i].name);
		free(po->domains[i].domain);
	}
	free(po->domains);
	free_boxes(po->users, po->user_count);
	free_boxes(po->boards, po->board_count);
	po_index_free(po);
	free(po);
}
