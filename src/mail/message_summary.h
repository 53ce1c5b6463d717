/* SPDX-License-Identifier: ISC */
/*
 * message_summary: who, whom, what and when of the first message of a file,
 * for lists. Cheap: it reads the first 8 KB once, more only when the headers
 * are longer, and never over MESSAGE_SUMMARY_READ_MAX bytes. Pure.
 *
 * All text is valid UTF-8 of one line without control characters, cut between
 * characters. `struct message_summary s; message_summary_init(&s); …
 * message_summary_release(&s);`
 */
#ifndef CCMQ_MESSAGE_SUMMARY_H
#define CCMQ_MESSAGE_SUMMARY_H

#include "mail/charset.h"
#include "base/error.h"
#include "mail/message.h"

#include <stddef.h>
#include <stdint.h>

#define MESSAGE_SUMMARY_TEXT_MAX 256	/* with the terminator; a screen shows
					 * less */
#define MESSAGE_SUMMARY_TO_MAX 100	/* recipients kept: a page of them */
#define MESSAGE_SUMMARY_READ_MAX (192 << 10)	/* the headers' maximum and
						 * what may stand before */

struct message_summary {
	char from[MESSAGE_SUMMARY_TEXT_MAX];	/* "" when there is none */
	char subject[MESSAGE_SUMMARY_TEXT_MAX];
	char date[MESSAGE_SUMMARY_TEXT_MAX];	/* as it stands there */
	int64_t date_at;	/* in the process's time zone; INT64_MIN when
				 * it is no date of that order */
	char **to;		/* To, cc and bcc in the order of the file */
	size_t to_count;	/* how many are kept */
	int64_t to_total;	/* how many there are */
};

void message_summary_init(struct message_summary *s);
void message_summary_release(struct message_summary *s);

/*
 * Fills *out (initialised; what it held is released), text taken as in the
 * code page of cs, which costs more to open than a summary: keep one; the date
 * as order says (0: MDY). 1 got one; 0 not recognizable as a message: no
 * `Message:` line with one of From, To, cc, bcc, Subject or Date behind it
 * within what is read (fields empty); -1 the source could not be read (fields
 * empty).
 */
int message_summary(const struct message_source *src, struct charset *cs,
	enum ccmail_date_order order, struct message_summary *out,
	struct error *err);

#endif
