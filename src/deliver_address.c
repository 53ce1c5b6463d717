/*
 * deliver: who and whom.
 *
 * The name shown is the one that stands in the message; the address behind it
 * is made from the directory of the post office.
 */
#include "ccmail_address.h"
#include "deliver_private.h"

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

static void
add_mailbox(const struct deliver_job *job, GMimeMessage *out,
	GMimeAddressType type, const struct message_header *h)
{
	struct str line = STR_INIT, user = STR_INIT, place = STR_INIT;
	struct str address = STR_INIT;
	InternetAddress *who;
	bool internet;

	if (h)
		deliver_line(job->charset, &h->value, &line);
	deliver_split_address(line.data, &user, &place);
	postoffice_address(job->po, user.data, place.data, &address);
	internet = strcmp(user.data, address.data) == 0;
	who = internet_address_mailbox_new(internet || !user.len ? NULL :
		user.data, address.data);
	internet_address_set_charset(who, "utf-8");
	internet_address_list_add(g_mime_message_get_addresses(out, type), who);
	g_object_unref(who);
	/* Somebody without a name is still somewhere. */
	if (!user.len && line.len)
		g_mime_object_append_header(GMIME_OBJECT(out),
			"X-CCMail-Address", line.data, "UTF-8");
	str_release(&line);
	str_release(&user);
	str_release(&place);
	str_release(&address);
}

static void
add_receipt(const struct deliver_job *job, const struct message *m,
	GMimeMessage *out)
{
	InternetAddressList *from = g_mime_message_get_from(out);
	char *text;

	(void)job;
	if (!m->receipt || !internet_address_list_length(from))
		return;
	text = internet_address_list_to_string(from, NULL, TRUE);
	g_mime_object_append_header(GMIME_OBJECT(out),
		"Disposition-Notification-To", text, "UTF-8");
	g_free(text);
}

void
deliver_add_addresses(const struct deliver_job *job, const struct message *m,
	GMimeMessage *out)
{
	const struct message_header *h = NULL;

	add_mailbox(job, out, GMIME_ADDRESS_TYPE_FROM, m->from);
	while ((h = message_recipient(m, h))) {
		if (h->kind == MESSAGE_HEADER_TO)
			add_mailbox(job, out, GMIME_ADDRESS_TYPE_TO, h);
		else if (h->kind == MESSAGE_HEADER_CC)
			add_mailbox(job, out, GMIME_ADDRESS_TYPE_CC, h);
		else if (job->keep_bcc)
			add_mailbox(job, out, GMIME_ADDRESS_TYPE_BCC, h);
	}
	add_receipt(job, m, out);
}
