/* SPDX-License-Identifier: ISC */
/* import_judge: see import_judge.h for the contract. */
#include "import/import_judge.h"
#include "import/deliver.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

void
judged_add_reason(struct judged *j, const char *text,
	const struct message_header *header)
{
	/* One a header, and one for all of them. */
	xgrow(&j->reasons, &j->reason_cap, j->reason_count + 1,
		sizeof *j->reasons, 2 * MESSAGE_HEADERS_MAX);
	j->reasons[j->reason_count++] = (struct und_reason){ text, header };
}

static void
add_box(struct judged *j, const struct mailbox *box)
{
	xgrow(&j->boxes, &j->box_cap, j->box_count + 1, sizeof *j->boxes,
		MESSAGE_HEADERS_MAX);
	j->boxes[j->box_count++] = box->dir;
}

static void
add_foreign(struct judged *j, const struct resolved *who,
	const struct message_header *h)
{
	xgrow(&j->foreign, &j->foreign_cap, j->foreign_count + 1,
		sizeof *j->foreign, MESSAGE_HEADERS_MAX);
	j->foreign[j->foreign_count++] = (struct foreign){
		.address = xstrdup(who->address.data), .header = h,
		.made_from = xstrdup(who->made_from.data) };
}

/* The names are few in a post office's terms, but a message may bring 8,192
 * of them: sorting afterwards keeps that from being squared. */
static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
drop_repeated_boxes(struct judged *j)
{
	size_t kept = 0;

	if (j->box_count)
		qsort(j->boxes, j->box_count, sizeof *j->boxes, compare_names);
	for (size_t i = 0; i < j->box_count; i++)
		if (!kept || strcmp(j->boxes[kept - 1], j->boxes[i]) != 0)
			j->boxes[kept++] = j->boxes[i];
	j->box_count = kept;
}

/* By address, and those who are the same behind each other. */
static int
compare_foreign(const void *a, const void *b)
{
	const struct foreign *x = a, *y = b;
	int order = strcmp(x->address, y->address);

	return order ? order : strcmp(x->made_from, y->made_from);
}

void
judged_forget(struct foreign *f)
{
	free(f->address);
	free(f->made_from);
}

/* How many from at on have one address. */
static size_t
same_address(const struct judged *j, size_t at)
{
	size_t n = 1;

	while (at + n < j->foreign_count && strcmp(j->foreign[at].address,
	    j->foreign[at + n].address) == 0)
		n++;
	return n;
}

/* Are these all one recipient? Two different names that make one address are
 * not; an address that was written out says nothing against either. */
static bool
is_one(const struct foreign *f, size_t count)
{
	const char *name = "";

	for (size_t i = 0; i < count; i++) {
		if (*name && *f[i].made_from &&
		    strcmp(name, f[i].made_from) != 0)
			return false;
		if (*f[i].made_from)
			name = f[i].made_from;
	}
	return true;
}

static void
drop_repeated_foreign(struct judged *j)
{
	size_t kept = 0, count;

	if (j->foreign_count)
		qsort(j->foreign, j->foreign_count, sizeof *j->foreign,
			compare_foreign);
	for (size_t at = 0; at < j->foreign_count; at += count) {
		struct foreign *f = &j->foreign[at];
		size_t first;

		count = same_address(j, at);
		first = is_one(f, count) ? 1 : 0;
		for (size_t i = 0; i < count && !first; i++)
			judged_add_reason(j, REASON_UNCLEAR, f[i].header);
		for (size_t i = first; i < count; i++)
			judged_forget(&f[i]);
		if (first)
			j->foreign[kept++] = *f;
	}
	j->foreign_count = kept;
}

static bool
date_fits(const struct postoffice *po, const struct message *m)
{
	struct ccmail_date date;

	return !m->date || ccmail_date_parse(m->date->value.data,
		m->date->value.len, po->date_order, &date);
}

static void
judge_recipients(const struct postoffice *po, struct charset *charset,
	const struct message *m, struct judged *out)
{
	struct str line = STR_INIT, user = STR_INIT, place = STR_INIT;
	struct resolved who = RESOLVED_INIT;
	const struct message_header *h = NULL;

	while ((h = message_recipient(m, h))) {
		str_clear(&line);
		deliver_line(charset, &h->value, &line);
		deliver_split_address(line.data, &user, &place);
		postoffice_resolve(po, user.data, place.data, &who);
		if (who.kind == RESOLVED_MAILBOX)
			add_box(out, who.box);
		else if (who.kind == RESOLVED_FOREIGN)
			add_foreign(out, &who, h);
		else
			judged_add_reason(out, who.kind == RESOLVED_UNCLEAR ?
				REASON_UNCLEAR : REASON_NOT_FOUND, h);
	}
	str_release(&line);
	str_release(&user);
	str_release(&place);
	resolved_release(&who);
}

void
judge_message(const struct postoffice *po, struct charset *charset,
	const struct message *m, struct judged *out)
{
	judge_recipients(po, charset, m, out);
	drop_repeated_boxes(out);
	drop_repeated_foreign(out);
	if (m->recipient_count == 0)
		judged_add_reason(out, REASON_NOBODY, NULL);
	if (!date_fits(po, m)) {
		judged_add_reason(out, REASON_DATE, m->date);
		out->all_refused = true;
	}
}

void
judged_release(struct judged *j)
{
	for (size_t i = 0; i < j->foreign_count; i++)
		judged_forget(&j->foreign[i]);
	free(j->boxes);
	free(j->foreign);
	free(j->reasons);
	*j = (struct judged)JUDGED_INIT;
}
