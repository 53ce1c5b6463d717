/* SPDX-License-Identifier: ISC */
/* postoffice: looking up names; see postoffice.h for the contract. */
#include "import/postoffice.h"
#include "import/fold.h"
#include "import/postoffice_private.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Compares the text behind the folded one with a key that may be asked for. */
static int
compare_texts(const void *want, const void *row)
{
	return strcmp(want, *(char *const *)row);
}

/* The rows of the tables begin with their folded name. */
static void *
find_row(const char *folded, const void *rows, size_t count, size_t size)
{
	return count ? bsearch(folded, rows, count, size, compare_texts) : NULL;
}

/* What is known of a post office, or NULL. "": this one. */
static const struct po_place *
find_place(const struct postoffice *po, const char *place)
{
	struct str folded = STR_INIT;
	const struct po_place *got;

	fold_add(&folded, place);
	if (folded.len)
		got = find_row(folded.data, po->places, po->place_count,
			sizeof *po->places);
	else
		got = po->own;
	str_release(&folded);
	return got;
}

bool
postoffice_is_named(const struct postoffice *po, const char *name)
{
	const struct po_place *place = *name ? find_place(po, name) : NULL;

	return place && place->ours;
}

bool
postoffice_discards(const struct postoffice *po, const char *dir)
{
	return find_row(dir, po->discards.list, po->discards.count,
		sizeof *po->discards.list) != NULL;
}

/* The domain of a post office that has none is nobody's (RFC 2606). */
static void
invent_domain(const char *place, struct str *out)
{
	size_t start = out->len;

	for (const char *p = place; *p && out->len - start < 60; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;

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

static void
add_place_domain(const struct postoffice *po, const struct po_place *known,
	const char *place, struct str *out)
{
	if (known && known->domain)
		str_add(out, known->domain);
	else
		invent_domain(known && known->ours ? po->name : place, out);
}

void
postoffice_add_domain(const struct postoffice *po, const char *place,
	struct str *out)
{
	add_place_domain(po, find_place(po, place), place, out);
}

/* Is `user` an internet address, not a name that holds an '@'? Those who have
 * a directory write names; only a gateway, which has none, takes addresses:
 * "internet" any, another ("R@D at MARS") one whose domain has a dot. */
static bool
is_internet(const struct po_place *known, const char *user, const char *place)
{
	if ((known && !known->ours) || !postoffice_is_address(user))
		return false;
	return strchr(strchr(user, '@'), '.') != NULL ||
		text_equal_nocase(place, "internet");
}

/* What the directory says of `user at place`. */
struct found {
	const struct po_place *place;	/* or NULL */
	const struct mailbox *box;	/* or NULL */
	bool internet;		/* it is an address that nobody has as name */
};

static struct found
find(const struct postoffice *po, const char *user, const char *place)
{
	struct found f = { .place = find_place(po, place) };
	const struct po_key *key;
	struct str folded = STR_INIT;

	fold_add(&folded, user);
	if (!f.place || !f.place->ours) {
		str_add_char(&folded, PO_KEY_AT);
		fold_add(&folded, place);
	}
	key = find_row(folded.data, po->keys, po->key_count, sizeof *po->keys);
	if (!key && is_internet(f.place, user, place)) {
		f.internet = true;
		str_clear(&folded);
		fold_add(&folded, user);
		key = find_row(folded.data, po->addresses, po->address_count,
			sizeof *po->addresses);
	}
	f.box = key ? key->box : NULL;
	str_release(&folded);
	return f;
}

static void
add_trimmed(struct str *out, const char *text)
{
	static const char blanks[] = " \t\r\n";

	str_add(out, text + strspn(text, blanks));
	while (out->len && strchr(blanks, out->data[out->len - 1]))
		str_truncate(out, out->len - 1);
}

static void
add_address(const struct postoffice *po, const struct found *f,
	const char *user, const char *place, struct str *out)
{
	if (f->box && f->box->address) {
		str_add(out, f->box->address);
	} else if (f->box && f->box->at && f->box->forward) {
		str_add(out, f->box->forward);	/* a made one is not his */
	} else if (f->internet) {
		str_add(out, user);
	} else {
		/* Somebody's alias answers from his own address. */
		postoffice_add_local_part(f->box ? f->box->name : user, out);
		str_add_char(out, '@');
		add_place_domain(po, f->place, place, out);
	}
}

void
postoffice_address(const struct postoffice *po, const char *user,
	const char *place, struct str *out)
{
	struct str trimmed = STR_INIT;
	struct found f;

	add_trimmed(&trimmed, user);
	f = find(po, trimmed.data, place);
	add_address(po, &f, trimmed.data, place, out);
	str_release(&trimmed);
}

/* A user of ours who is not in the directory is nobody's user. */
static bool
is_our_domain(const struct postoffice *po, const char *address)
{
	struct str folded = STR_INIT;
	bool ours;

	fold_add(&folded, strchr(address, '@') + 1);
	ours = find_row(folded.data, po->own_domains.list,
		po->own_domains.count, sizeof *po->own_domains.list) != NULL;
	str_release(&folded);
	return ours;
}

/* What `deliver` can be given for somebody who is not in the directory. */
static enum resolved_kind
judge_foreign(const struct postoffice *po, const struct found *f,
	const char *user, const char *place, struct resolved *out)
{
	if (!po->deliver.count || is_our_domain(po, out->address.data))
		return RESOLVED_UNKNOWN;
	if (f->internet)
		return f->place && *place ? RESOLVED_UNKNOWN : RESOLVED_FOREIGN;
	if (!f->place || f->place->ours || !f->place->domain || !*user ||
	    *user == '#')
		return RESOLVED_UNKNOWN;
	/* His address is made from the name: it has to be his alone. */
	if (!postoffice_has_local_part(user))
		return RESOLVED_UNCLEAR;
	fold_add(&out->made_from, user);
	str_add_char(&out->made_from, PO_KEY_AT);
	fold_add(&out->made_from, place);
	return RESOLVED_FOREIGN;
}

static void
resolve(const struct postoffice *po, const char *user, const char *place,
	struct resolved *out)
{
	struct found f = find(po, user, place);

	out->box = f.box;
	add_address(po, &f, user, place, &out->address);
	if (!f.box) {
		out->kind = judge_foreign(po, &f, user, place, out);
	} else if (f.box->forward) {
		str_clear(&out->address);
		str_add(&out->address, f.box->forward);
		out->kind = RESOLVED_FOREIGN;
	} else {
		out->kind = RESOLVED_MAILBOX;
	}
}

void
postoffice_resolve(const struct postoffice *po, const char *user,
	const char *place, struct resolved *out)
{
	struct str trimmed = STR_INIT;

	str_clear(&out->address);
	str_clear(&out->made_from);
	add_trimmed(&trimmed, user);
	resolve(po, trimmed.data, place, out);
	str_release(&trimmed);
}

void
resolved_release(struct resolved *r)
{
	str_release(&r->address);
	str_release(&r->made_from);
}
