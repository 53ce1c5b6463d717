/* SPDX-License-Identifier: ISC */
/*
 * deliver: who and whom.
 *
 * The name shown is the one that stands in the message; the address behind it
 * is made from the directory of the post office.
 */
#include "mail/ccmail_address.h"
#include "import/deliver_private.h"

#include <string.h>

void
deliver_line(struct charset *charset, const struct message_bytes *bytes,
	struct str *out)
{
	size_t start = out->len;

	charset_to_utf8(charset, bytes->data, bytes->len, out);
	for (char *p = out->data + start; p < out->data + out->len; p++)
		if (*p == '\t' || *p == '\r' || *p == '\n')
			*p = ' ';
}

void
deliver_split_address(const char *text, struct str *user_out,
	struct str *place_out)
{
	struct ccmail_address a;

	ccmail_address_split(text, strlen(text), &a);
	str_clear(user_out);
	str_clear(place_out);
	if (a.kind == CCMAIL_ADDRESS_BOARD)
		str_add_char(user_out, '#');
	str_add_bytes(user_out, a.user.data, a.user.len);
	str_add_bytes(place_out, a.post_office.data, a.post_office.len);
}

/* Appends the sender or a recipient; h NULL: nobody is named. */
static void
add_mailbox(const struct deliver_job *job, struct str *out, struct str *list,
	const struct message_header *h)
{
	struct str line = STR_INIT, user = STR_INIT, place = STR_INIT;
	struct str address = STR_INIT, name = STR_INIT;
	struct ccmail_address a;

	if (h)
		deliver_line(job->charset, &h->value, &line);
	ccmail_address_split(line.data, strlen(line.data), &a);
	str_add_bytes(&name, a.display.data, a.display.len);
	deliver_split_address(line.data, &user, &place);
	postoffice_address(job->po, user.data, place.data, &address);
	if (!name.len && strcmp(user.data, address.data) != 0)
		str_add(&name, user.data);
	deliver_add_mailbox(list, name.data, address.data);
	/* Somebody without a name is still somewhere. */
	if (!user.len && line.len)
		deliver_add_header(out, "X-CCMail-Address", line.data);
	str_release(&line);
	str_release(&user);
	str_release(&place);
	str_release(&address);
	str_release(&name);
}

static void
add_recipients(const struct deliver_job *job, const struct message *m,
	struct str *out, const char *name, enum message_header_kind kind)
{
	const struct message_header *h = NULL;
	struct str list = STR_INIT;

	while ((h = message_recipient(m, h)))
		if (h->kind == kind)
			add_mailbox(job, out, &list, h);
	if (list.len)
		deliver_add_raw(out, name, &list);
	str_release(&list);
}

void
deliver_add_addresses(const struct deliver_job *job, const struct message *m,
	struct str *out)
{
	struct str from = STR_INIT;

	add_mailbox(job, out, &from, m->from);
	deliver_add_raw(out, "From", &from);
	add_recipients(job, m, out, "To", MESSAGE_HEADER_TO);
	add_recipients(job, m, out, "Cc", MESSAGE_HEADER_CC);
	if (job->keep_bcc)
		add_recipients(job, m, out, "Bcc", MESSAGE_HEADER_BCC);
	if (m->receipt)
		deliver_add_raw(out, "Disposition-Notification-To", &from);
	str_release(&from);
}

void
deliver_sender(const struct postoffice *po, struct charset *charset,
	const struct message *m, struct str *out)
{
	struct str line = STR_INIT, user = STR_INIT, place = STR_INIT;
	struct resolved who = RESOLVED_INIT;

	if (m->from)
		deliver_line(charset, &m->from->value, &line);
	deliver_split_address(line.data, &user, &place);
	postoffice_resolve(po, user.data, place.data, &who);
	if (who.kind == RESOLVED_FOREIGN ||
	    (who.kind == RESOLVED_MAILBOX && (who.box->address || po->domain)))
		str_add_bytes(out, who.address.data, who.address.len);
	else if (po->domain)
		str_addf(out, "postmaster@%s", po->domain);
	else
		str_add(out, "<>");
	str_release(&line);
	str_release(&user);
	str_release(&place);
	resolved_release(&who);
}
