/* SPDX-License-Identifier: ISC */
/* deliver: see deliver.h for the contract. */
#include "import/deliver_private.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HASH_PIECE ((size_t)256 << 10)
#define DEFECTS_SHOWN 8		/* in headers; convert lists them all */

static void
start_gmime(void)
{
	static bool started;

	if (!started)
		g_mime_init();
	started = true;
}

static void
add_foreign(const struct deliver_job *job, struct str *out, const char *name,
	const struct message_bytes *value)
{
	struct str line = STR_INIT;

	deliver_line(job->charset, value, &line);
	deliver_add_header(out, name, line.data);
	str_release(&line);
}

/* `Priority: High` becomes X-CCMail-Priority. */
static void
add_unknown(const struct deliver_job *job, struct str *out,
	const struct message_header *h)
{
	struct str name = STR_INIT;

	str_add(&name, "X-CCMail-");
	for (size_t i = 0; i < h->keyword.len && name.len < 70; i++) {
		char c = h->keyword.data[i];

		str_add_char(&name, g_ascii_isalnum(c) ? c : '-');
	}
	add_foreign(job, out, name.data, &h->value);
	str_release(&name);
}

/* The Date; true if the message says none that can be told. */
static bool
add_date(const struct deliver_job *job, const struct message *m,
	struct str *out)
{
	struct ccmail_date date;
	int64_t at = CCMAIL_DATE_UNKNOWN;
	char *text;

	if (m->date && ccmail_date_parse(m->date->value.data,
	    m->date->value.len, job->po->date_order, &date))
		at = ccmail_date_at(&date);
	text = deliver_date(at == CCMAIL_DATE_UNKNOWN ? job->default_at : at);
	str_addf(out, "Date: %s\n", text);
	g_free(text);
	return at == CCMAIL_DATE_UNKNOWN;
}

/* From, Date and Subject stand once in a mail; what repeats is kept aside. */
static void
add_repeated(const struct deliver_job *job, const struct message *m,
	struct str *out, const struct message_header *h)
{
	if (h->kind == MESSAGE_HEADER_FROM && h != m->from)
		add_foreign(job, out, "X-CCMail-From", &h->value);
	else if (h->kind == MESSAGE_HEADER_DATE && h != m->date)
		add_foreign(job, out, "X-CCMail-Date", &h->value);
	else if (h->kind == MESSAGE_HEADER_SUBJECT && h != m->subject)
		add_foreign(job, out, "X-CCMail-Subject", &h->value);
}

static void
add_others(const struct deliver_job *job, const struct message *m,
	struct str *out)
{
	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];

		if (h->kind == MESSAGE_HEADER_UNKNOWN)
			add_unknown(job, out, h);
		else if (h->kind == MESSAGE_HEADER_REASON)
			add_foreign(job, out, "X-CCMail-Reason", &h->value);
		else if (h->kind == MESSAGE_HEADER_NONE && h->value.len)
			add_foreign(job, out, "X-CCMail-Line", &h->value);
		else if (h->kind == MESSAGE_HEADER_RECEIPT && h->value.len)
			add_foreign(job, out, "X-CCMail-RRT", &h->value);
		else
			add_repeated(job, m, out, h);
	}
	if (m->verdict == MESSAGE_WHOLE)
		return;
	for (size_t i = 0; i < m->defect_count && i < DEFECTS_SHOWN; i++)
		deliver_add_header(out, "X-CCMail-Defect", m->defects[i].words);
}

/* A key may have two dots side by side, a Message-ID may not (RFC 5322 3.6.4);
 * no key has a "=". */
static void
add_id(struct str *out, const char *key)
{
	for (const char *p = key; *p; p++)
		if (*p == '.' && p > key && p[-1] == '.')
			str_add(out, "=2E");
		else
			str_add_char(out, *p);
}

static void
add_headers(const struct deliver_job *job, const struct message *m,
	struct str *out)
{
	struct str text = STR_INIT;
	bool undated = add_date(job, m, out);

	deliver_add_addresses(job, m, out);
	if (m->subject)
		deliver_line(job->charset, &m->subject->value, &text);
	deliver_add_header(out, "Subject", text.data);
	if (undated && m->date)
		add_foreign(job, out, "X-CCMail-Date", &m->date->value);
	str_add(out, "Message-Id: <");
	add_id(out, job->id);
	str_add(out, "@ccmq.");
	postoffice_add_domain(job->po, "", out);
	str_add(out, ">\n");
	add_others(job, m, out);
	str_add(out, "MIME-Version: 1.0\n");
	str_release(&text);
}

static GMimeObject *
make_body(struct deliver_run *run, const struct message *m,
	struct error *err)
{
	GMimeMultipart *multi;
	GMimeObject *part;

	if (m->item_count == 0)
		return GMIME_OBJECT(deliver_empty_part());
	if (m->item_count == 1 && m->items[0].kind == MESSAGE_ITEM_TEXT)
		return deliver_part(run, &m->items[0], err);
	multi = g_mime_multipart_new_with_subtype("mixed");
	deliver_set_boundary(multi);
	for (size_t i = 0; i < m->item_count; i++) {
		part = deliver_part(run, &m->items[i], err);
		if (!part) {
			g_object_unref(multi);
			return NULL;
		}
		g_mime_multipart_add(multi, part);
		g_object_unref(part);
	}
	return GMIME_OBJECT(multi);
}

static int
write_out(GMimeObject *body, int out_fd, struct error *err)
{
	/* A "pipe", because flushing a "file" is an fsync: when that is
	 * needed, the caller knows. */
	GMimeStream *file = g_mime_stream_pipe_new(out_fd);
	GMimeStream *buffer = g_mime_stream_buffer_new(file,
		GMIME_STREAM_BUFFER_BLOCK_WRITE);
	int rc = 0;

	g_mime_stream_pipe_set_owner(GMIME_STREAM_PIPE(file), FALSE);
	errno = 0;
	if (g_mime_object_write_to_stream(body, NULL, buffer) < 0 ||
	    g_mime_stream_flush(buffer) < 0)
		rc = error_sys(err, errno ? errno : EIO, "write message");
	g_object_unref(buffer);
	g_object_unref(file);
	return rc;
}

static int
open_run(struct deliver_run *run, const struct deliver_job *job,
	struct error *err)
{
	int fd = fcntl(job->source_fd, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return error_sys(err, errno, "read message");
	*run = (struct deliver_run){ .job = job, .temp_fd = -1,
		.source = g_mime_stream_fs_new(fd) };
	return 0;
}

static void
close_run(struct deliver_run *run)
{
	g_object_unref(run->source);
	if (run->temp)
		g_object_unref(run->temp);
}

/* Headers, and a body that GMime makes. */
static int
write_parts(const struct deliver_job *job, const struct message *m,
	const struct str *headers, int out_fd, struct error *err)
{
	struct deliver_run run;
	GMimeObject *body;
	int rc = -1;

	start_gmime();
	if (open_run(&run, job, err) < 0)
		return -1;
	body = make_body(&run, m, err);
	if (body) {
		rc = fs_write_all(out_fd, headers->data, headers->len, err);
		if (rc == 0)
			rc = write_out(body, out_fd, err);
		g_object_unref(body);
	}
	close_run(&run);
	return rc;
}

int
deliver_write(const struct deliver_job *job, const struct message *m,
	int out_fd, struct error *err)
{
	struct str mail = STR_INIT;
	int rc = 0;

	add_headers(job, m, &mail);
	/* Most mail is one text, and needs nobody's help. */
	if (m->item_count == 1 && m->items[0].kind == MESSAGE_ITEM_TEXT)
		rc = deliver_plain_text(job, &m->items[0], &mail, err);
	if (rc > 0)
		rc = fs_write_all(out_fd, mail.data, mail.len, err);
	else if (rc == 0)
		rc = write_parts(job, m, &mail, out_fd, err);
	str_release(&mail);
	return rc;
}

int
deliver_hash(int fd, char out[65], struct error *err)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	unsigned char *buf = xmalloc(HASH_PIECE);
	off_t at = 0;
	ssize_t n;

	while ((n = fs_read_at(fd, buf, HASH_PIECE, at, err)) > 0) {
		g_checksum_update(sum, buf, n);
		at += n;
	}
	if (n == 0)
		g_strlcpy(out, g_checksum_get_string(sum), 65);
	g_checksum_free(sum);
	free(buf);
	return n < 0 ? -1 : 0;
}
