/* SPDX-License-Identifier: ISC */
/* postoffice: the names of all mailboxes, sorted, each meaning one. */
#include "import/postoffice.h"
#include "import/fold.h"
#include "import/postoffice_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN(text) text_printable((char[96]){ 0 }, 96, (text), strlen(text))

static int
compare_keys(const void *a, const void *b)
{
	const struct po_key *x = a, *y = b;

	return strcmp(x->folded, y->folded);
}

static int
compare_places(const void *a, const void *b)
{
	const struct po_place *x = a, *y = b;
	int order = strcmp(x->folded, y->folded);

	return order ? order : (y->domain != NULL) - (x->domain != NULL);
}

static int
compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* --- post offices ---------------------------------------------------------- */

static void
add_place(struct postoffice *po, const char *name, const char *domain,
	bool ours, unsigned line)
{
	struct str folded = STR_INIT;

	fold_add(&folded, name);
	xgrow(&po->places, &po->place_cap, po->place_count + 1,
		sizeof *po->places, POSTOFFICE_USERS_MAX + POSTOFFICE_LIST_MAX);
	po->places[po->place_count++] = (struct po_place){
		.folded = str_steal(&folded), .domain = domain,
		.ours = ours, .line = line };
}

static int
check_places(const struct postoffice *po, unsigned *line_out,
	struct error *err)
{
	for (size_t i = 1; i < po->place_count; i++) {
		const struct po_place *a = &po->places[i - 1];
		const struct po_place *b = &po->places[i];

		if (strcmp(a->folded, b->folded) != 0 || !a->domain ||
		    !b->domain || strcasecmp(a->domain, b->domain) == 0)
			continue;
		*line_out = a->line > b->line ? a->line : b->line;
		return error_set(err, ERROR_STORE, "domains: \"%s\" has two, "
			"%s and %s", SHOWN(a->folded), a->domain, b->domain);
	}
	return 0;
}

/* Rows of one name become one: ours may have a domain that the list gives. */
static void
join_places(struct postoffice *po)
{
	size_t kept = 0;

	for (size_t i = 0; i < po->place_count; i++) {
		struct po_place *last = kept ? &po->places[kept - 1] : NULL;
		struct po_place *p = &po->places[i];

		if (!last || strcmp(last->folded, p->folded) != 0) {
			po->places[kept++] = *p;
			continue;
		}
		last->ours = last->ours || p->ours;
		last->domain = last->domain ? last->domain : p->domain;
		free(p->folded);
	}
	po->place_count = kept;
}

static void
add_name(struct name_list *names, char *name, size_t most)
{
	xgrow(&names->list, &names->cap, names->count + 1, sizeof *names->list,
		most);
	names->list[names->count++] = name;
}

static void
sort_names(struct name_list *names)
{
	if (names->count)
		qsort(names->list, names->count, sizeof *names->list,
			compare_strings);
}

static void
free_names(struct name_list *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}

static void
add_own_domain(struct postoffice *po, const char *name)
{
	struct str domain = STR_INIT, folded = STR_INIT;

	postoffice_add_domain(po, name, &domain);
	fold_add(&folded, domain.data);
	add_name(&po->own_domains, str_steal(&folded), POSTOFFICE_LIST_MAX + 2);
	str_release(&domain);
}

static int
index_places(struct postoffice *po, unsigned *line_out, struct error *err)
{
	for (size_t i = 0; i < po->domain_count; i++)
		add_place(po, po->domains[i].name, po->domains[i].domain, false,
			po->domains[i].line);
	add_place(po, po->name, NULL, true, 0);
	for (size_t i = 0; i < po->names.count; i++)
		add_place(po, po->names.list[i], NULL, true, 0);
	qsort(po->places, po->place_count, sizeof *po->places, compare_places);
	if (check_places(po, line_out, err) < 0)
		return -1;
	join_places(po);
	for (size_t i = 0; i < po->place_count; i++)
		if (po->places[i].ours && !po->places[i].domain)
			po->places[i].domain = po->domain;
	po->own = xcalloc(1, sizeof *po->own);
	po->own->domain = po->domain;
	po->own->ours = true;
	add_own_domain(po, "");
	add_own_domain(po, po->name);
	for (size_t i = 0; i < po->names.count; i++)
		add_own_domain(po, po->names.list[i]);
	sort_names(&po->own_domains);
	return 0;
}

/* --- users and boards ------------------------------------------------------ */

/* Each mailbox has a name, an address and at most so many aliases. */
#define KEYS_MAX ((size_t)2 * POSTOFFICE_USERS_MAX * 10)

static void
add_name_key(struct postoffice *po, const struct mailbox *box, const char *name)
{
	struct str folded = STR_INIT;

	if (box->board)
		str_add_char(&folded, '#');
	fold_add(&folded, box->board && *name == '#' ? name + 1 : name);
	if (box->at) {
		str_add_char(&folded, PO_KEY_AT);
		fold_add(&folded, box->at);
	}
	xgrow(&po->keys, &po->key_cap, po->key_count + 1, sizeof *po->keys,
		KEYS_MAX);
	po->keys[po->key_count++] = (struct po_key){ str_steal(&folded), box };
}

static void
add_address_key(struct postoffice *po, const struct mailbox *box,
	const char *address)
{
	struct str folded = STR_INIT;

	fold_add(&folded, address);
	xgrow(&po->addresses, &po->address_cap, po->address_count + 1,
		sizeof *po->addresses, KEYS_MAX);
	po->addresses[po->address_count++] = (struct po_key){
		str_steal(&folded), box };
}

static void
add_keys(struct postoffice *po, const struct mailbox *box)
{
	struct str made = STR_INIT;

	if (box->discard)
		add_name(&po->discards, xstrdup(box->dir),
			2 * POSTOFFICE_USERS_MAX);
	add_name_key(po, box, box->name);
	for (size_t i = 0; i < box->aliases.count; i++) {
		add_name_key(po, box, box->aliases.list[i]);
		if (postoffice_is_address(box->aliases.list[i]))
			add_address_key(po, box, box->aliases.list[i]);
	}
	if (box->address) {
		add_address_key(po, box, box->address);
	} else if (!box->at) {
		postoffice_add_local_part(box->name, &made);
		str_add_char(&made, '@');
		postoffice_add_domain(po, "", &made);
		add_address_key(po, box, made.data);
	}
	str_release(&made);
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
	size_t have = 0;
	int rc = 0;

	for (size_t i = 0; i < count; i++) {
		const struct mailbox *box = i < po->user_count ?
			&po->users[i] : &po->boards[i - po->user_count];

		if (!box->forward)
			all[have++] = box;
	}
	count = have;
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
check_keys(struct po_key *keys, size_t count, unsigned *line_out,
	struct error *err)
{
	if (count)
		qsort(keys, count, sizeof *keys, compare_keys);
	for (size_t i = 1; i < count; i++) {
		const struct po_key *a = &keys[i - 1], *b = &keys[i];

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
	if (index_places(po, line_out, err) < 0 ||
	    check_dirs(po, line_out, err) < 0)
		return -1;
	for (size_t i = 0; i < po->user_count; i++)
		add_keys(po, &po->users[i]);
	for (size_t i = 0; i < po->board_count; i++)
		add_keys(po, &po->boards[i]);
	sort_names(&po->discards);
	if (check_keys(po->keys, po->key_count, line_out, err) < 0)
		return -1;
	return check_keys(po->addresses, po->address_count, line_out, err);
}

void
po_index_free(struct postoffice *po)
{
	for (size_t i = 0; i < po->key_count; i++)
		free(po->keys[i].folded);
	for (size_t i = 0; i < po->address_count; i++)
		free(po->addresses[i].folded);
	for (size_t i = 0; i < po->place_count; i++)
		free(po->places[i].folded);
	free_names(&po->own_domains);
	free_names(&po->discards);
	free(po->keys);
	free(po->addresses);
	free(po->places);
	free(po->own);
}
