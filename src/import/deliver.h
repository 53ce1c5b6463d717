/* SPDX-License-Identifier: ISC */
/*
 * deliver: a cc:Mail message as RFC 5322 mail.
 *
 * Headers become headers of their own where RFC 5322 has one, X-CCMail-...
 * where it has none; a receipt (RRT, Q262989) becomes Disposition-
 * Notification-To. Text items become text/plain in UTF-8, inline, a title as
 * Content-Description; every other item becomes an attachment, byte for byte,
 * with its name and date. `Last, First at PO` becomes
 * "Last, First" <first.last@domain of PO>.
 *
 * Bodies are streamed from a file: memory does not grow with them. The result
 * depends only on what is given here (and the time zone): the same message
 * converted twice is the same bytes, but for the boundaries of its parts, which
 * nobody shall foresee.
 *
 * Dates in messages are local times of this process (TZ).
 * Only deliver*.c and convert*.c know GMime; it is started when first needed.
 */
#ifndef CCMQ_DELIVER_H
#define CCMQ_DELIVER_H

#include "mail/charset.h"
#include "base/error.h"
#include "mail/message.h"
#include "import/postoffice.h"

#include <stdbool.h>
#include <stdint.h>

struct deliver_job {
	const struct postoffice *po;	/* domains, date order */
	struct charset *charset;	/* of the message */
	int source_fd;		/* the file that the message is in */
	int temp_dirfd;		/* where a large text may be kept meanwhile;
				 * AT_FDCWD for $TMPDIR */
	const char *id;		/* left part of the Message-ID: delivery key */
	int64_t default_at;	/* the Date where the message has none that
				 * fits */
	bool keep_bcc;		/* an archive shows them, a delivery does not */
};

/* Writes message m to out_fd, at its offset, with LF line ends. 0, or -1: what
 * is written then is to be thrown away. */
int deliver_write(const struct deliver_job *job, const struct message *m,
	int out_fd, struct error *err);

/* The key of a file without CCMQ_ID: SHA-256 of its bytes, in hex. 0 or -1. */
int deliver_hash(int fd, char out[65], struct error *err);

/* Appends the envelope sender: the address of who wrote the message, where
 * that is somebody who can be written to; else the postmaster of this post
 * office, or "<>" if it has no domain. */
void deliver_sender(const struct postoffice *po, struct charset *charset,
	const struct message *m, struct str *out);

/* Foreign bytes of a header as one line of UTF-8: TAB, CR, LF are blanks. */
void deliver_line(struct charset *charset, const struct message_bytes *bytes,
	struct str *out);

/* `Last, First at PO` in UTF-8, taken apart into two strings of UTF-8. A board
 * keeps its '#'. */
void deliver_split_address(const char *text, struct str *user_out,
	struct str *place_out);

#endif
