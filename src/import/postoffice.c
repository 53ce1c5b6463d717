/* postoffice: looking up names; see postoffice.h for the contract. */
#include "import/postoffice.h"
#include "import/postoffice_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A name as it is compared: lower case, no blanks around it or a comma, one
 * blank for many. */
void
po_add_folded(struct str *out, const char *name)
{
	size_t start = out->len;

	for (const char *p = name; *p; p++) {
		bool edge = out->len == start ||
			out->data[out->len - 1] == ' ' ||
			out->data[out->len - 1] == ',';

		if (is_blank(*p)) {
			if (!edge)
				str_add_char(out, ' ');
			continue;
		}
		if (*p == ',' && out->len > start &&
		    out->data[out->len - 1] == ' ')
			str_truncate(out, out->len - 1);
		str_add_char(out, lower(*p));
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		str_truncate(out, out->len - 1);
}

static bool
same_name(const char *a, const char *b)
{
	struct str x = STR_INIT, y = STR_INIT;
	bool same;

	po_add_folded(&x, a);
	po_add_folded(&y, b);
	same = strcmp(x.data, y.data) == 0;
	str_release(&x);
	str_release(&y);
	return same;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct po_key *x = a, *y = b;

	return strcmp(x->folded, y->folded);
}

void
po_sort_keys(struct postoffice *po)
{
	if (po->key_count)
		qsort(po->keys, po->key_count, sizeof *po->keys, compare_keys);
}

/* The mailbox with this name, alias or address, or NULL. */
static const struct mailbox *
find_box(const struct postoffice *po, const char *name)
{
	struct str folded = STR_INIT;
	struct po_key want = { NULL, NULL }, *got;

	if (!po->key_count)
		return NULL;
	po_add_folded(&folded, name);
	want.folded = folded.data;
	got = bsearch(&want, po->keys, po->key_count, sizeof *po->keys,
		compare_keys);
	str_release(&folded);
	return got ? got->box : NULL;
}

bool
postoffice_is_named(const struct postoffice *po, const char *name)
{
	if (same_name(po->name, name))
		return true;
	for (size_t i = 0; i < po->names.count; i++)
		if (same_name(po->names.list[i], name))
			return true;
	return false;
}

/* The domain that the file gives a post office, or NULL. */
static const char *
find_domain(const struct postoffice *po, const char *place)
{
	for (size_t i = 0; i < po->domain_count; i++)
		if (same_name(po->domains[i].name, place))
			return po->domains[i].domain;
	if (!*place || postoffice_is_named(po, place))
		return po->domain;
	return NULL;
}

void
postoffice_add_domain(const struct postoffice *po, const char *place,
	struct str *out)
{
	const char *known = find_domain(po, place);
	size_t start = out->len;

	if (known) {
		str_add(out, known);
		return;
	}
	if (!*place || postoffice_is_named(po, place))
		place = po->name;
	for (const char *p = place; *p && out->len - start < 60; p++) {
		char c = lower(*p);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			str_add_char(out, c);
		else if (out->len > start && out->data[out->len - 1] != '-')
			str_add_char(out, '-');
	}
	while (out->len > start && out->data[out->len - 1] == '-')
		str_truncate(out, out->len - 1);
	if (out->len == start)
		str_add(out, "nowhere");
	str_add(out, ".invalid");
}

bool
postoffice_is_address(const char *s)
{
	const char *at = strchr(s, '@');

	if (!at || at == s || !at[1] || strchr(at + 1, '@') || *s == '-')
		return false;
	for (const char *p = s; *p; p++)
		if (*p <= ' ' || *p > '~' || strchr("<>()[]\\\",;:", *p))
			return false;
	return strlen(s) <= 254;	/* RFC 5321 4.5.3.1.3 */
}

static const struct mailbox *
find_local(const struct postoffice *po, const char *user, const char *place)
{
	if (strchr(user, '@'))
		return find_box(po, user);
	if (*place && !postoffice_is_named(po, place))
		return NULL;
	return find_box(po, user);
}

void
postoffice_address(const struct postoffice *po, const char *user,
	const char *place, struct str *out)
{
	const struct mailbox *box = find_local(po, user, place);
	struct str trimmed = STR_INIT;

	while (is_blank(*user))
		user++;
	str_add(&trimmed, user);
	while (trimmed.len && is_blank(trimmed.data[trimmed.len - 1]))
		str_truncate(&trimmed, trimmed.len - 1);
	if (box && box->address) {
		str_add(out, box->address);
	} else if (postoffice_is_address(trimmed.data)) {
		str_add(out, trimmed.data);
	} else {
		/* Somebody's alias answers from his own address. */
		postoffice_add_local_part(box ? box->name : trimmed.data, out);
		str_add_char(out, '@');
		postoffice_add_domain(po, place, out);
	}
	str_release(&trimmed);
}

void
postoffice_resolve(const struct postoffice *po, const char *user,
	const char *place, struct resolved *out)
{
	out->box = find_local(po, user, place);
	out->kind = RESOLVED_UNKNOWN;
	str_clear(&out->address);
	postoffice_address(po, user, place, &out->address);
	if (out->box && !out->box->forward) {
		out->kind = RESOLVED_MAILBOX;
		return;
	}
	if (out->box) {
		str_clear(&out->address);
		str_add(&out->address, out->box->forward);
		out->kind = RESOLVED_FOREIGN;
		return;
	}
	if (!po->deliver.count)
		return;
	if (strchr(user, '@')) {
		if (postoffice_is_address(user))
			out->kind = RESOLVED_FOREIGN;
		return;
	}
	/* A user of ours who is not in the directory is nobody's user. */
	if (*place && *user && *user != '#' && find_domain(po, place) &&
	    !postoffice_is_named(po, place))
		out->kind = RESOLVED_FOREIGN;
}

void
resolved_release(struct resolved *r)
{
	str_release(&r->address);
}

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
		release_list(&boxes[i].aliases);
	}
	free(boxes);
}

struct postoffice *
postoffice_new(const char *name)
{
	struct postoffice *po = xcalloc(1, sizeof *po);

	po->name = name ? xstrdup(name) : NULL;
	po->code_page = xstrdup("437");
	po->date_order = CCMAIL_DATE_MDY;
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
	for (size_t i = 0; i < po->key_count; i++)
		free(po->keys[i].folded);
	free(po->keys);
	free(po);
}
