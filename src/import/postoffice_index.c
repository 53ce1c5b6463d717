/* postoffice: the names of all mailboxes, sorted, each meaning one. */
#include "import/postoffice.h"
#include "import/postoffice_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN(text) text_printable((char[96]){ 0 }, 96, (text), strlen(text))

static void
add_key(struct postoffice *po, const struct mailbox *box, char *folded)
{
	/* Each mailbox has a name, an address and at most so many aliases. */
	xgrow(&po->keys, &po->key_cap, po->key_count + 1, sizeof *po->keys,
		(size_t)2 * POSTOFFICE_USERS_MAX * 10);
	po->keys[po->key_count++] = (struct po_key){ folded, box };
}

static void
add_name_key(struct postoffice *po, const struct mailbox *box, const char *name)
{
	struct str folded = STR_INIT;

	if (box->board)
		str_add_char(&folded, '#');
	po_add_folded(&folded, box->board && *name == '#' ? name + 1 : name);
	add_key(po, box, str_steal(&folded));
}

static void
add_keys(struct postoffice *po, const struct mailbox *box)
{
	struct str address = STR_INIT;

	add_name_key(po, box, box->name);
	for (size_t i = 0; i < box->aliases.count; i++)
		add_name_key(po, box, box->aliases.list[i]);
	if (box->address) {
		po_add_folded(&address, box->address);
	} else {
		postoffice_add_local_part(box->name, &address);
		str_add_char(&address, '@');
		postoffice_add_domain(po, "", &address);
	}
	add_key(po, box, str_steal(&address));
}

static int
compare_dirs(const void *a, const void *b)
{
	const struct mailbox *const *x = a, *const *y = b;

	return strcasecmp((*x)->dir, (*y)->dir);
}

/* Two in one Maildir would read each other's mail. */
static int
check_dirs(struct postoffice *po, unsigned *line_out, struct error *err)
{
	size_t count = po->user_count + po->board_count;
	const struct mailbox **all = xcalloc(count + 1, sizeof *all);
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		all[i] = i < po->user_count ? &po->users[i] :
			&po->boards[i - po->user_count];
	qsort(all, count, sizeof *all, compare_dirs);
	for (size_t i = 1; rc == 0 && i < count; i++) {
		if (strcasecmp(all[i - 1]->dir, all[i]->dir) != 0)
			continue;
		*line_out = all[i]->line;
		rc = error_set(err, ERROR_STORE, "\"%s\" and \"%s\" would share "
			"the mailbox %s: give one of them another "
			"(mailbox = \"...\")", SHOWN(all[i - 1]->name),
			SHOWN(all[i]->name), all[i]->dir);
	}
	free(all);
	return rc;
}

static int
check_names(struct postoffice *po, unsigned *line_out, struct error *err)
{
	for (size_t i = 0; i < po->user_count; i++)
		add_keys(po, &po->users[i]);
	for (size_t i = 0; i < po->board_count; i++)
		add_keys(po, &po->boards[i]);
	po_sort_keys(po);
	for (size_t i = 1; i < po->key_count; i++) {
		const struct po_key *a = &po->keys[i - 1], *b = &po->keys[i];

		if (strcmp(a->folded, b->folded) != 0 || a->box == b->box)
			continue;
		*line_out = b->box->line;
		return error_set(err, ERROR_STORE, "\"%s\" names both \"%s\" "
			"and \"%s\"", SHOWN(a->folded), SHOWN(a->box->name),
			SHOWN(b->box->name));
	}
	return 0;
}

int
po_index(struct postoffice *po, unsigned *line_out, struct error *err)
{
	if (check_dirs(po, line_out, err) < 0)
		return -1;
	return check_names(po, line_out, err);
}
