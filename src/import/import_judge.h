/* SPDX-License-Identifier: ISC */
/*
 * import_judge: to whom a message goes, and why not to the others.
 *
 * Pure but for memory: looks at a message and a post office, changes nothing.
 * Each mailbox and each address stands once, however often it is named.
 */
#ifndef CCMQ_IMPORT_JUDGE_H
#define CCMQ_IMPORT_JUDGE_H

#include "mail/charset.h"
#include "mail/message.h"
#include "import/postoffice.h"
#include "mail/und.h"

#include <stdbool.h>
#include <stddef.h>

#define REASON_DATE "Unknown Date Format"	/* Q180641 */
#define REASON_NOT_FOUND "Not found in directory"
#define REASON_NOBODY "No recipient"		/* [ours] */
#define REASON_TOO_MANY "Too many recipients elsewhere"	/* [ours] */
#define REASON_REFUSED "Refused by the mail system"	/* [ours] */
#define REASON_UNCLEAR "Name makes no address of its own"	/* [ours] */

struct foreign {
	char *address;
	char *made_from;	/* see struct resolved; "" */
	const struct message_header *header;	/* where it stands */
	bool begun;		/* handed over before, with an unknown end */
};

struct judged {
	const char **boxes;	/* mailbox names; the post office's */
	size_t box_count, box_cap;
	struct foreign *foreign;	/* for `deliver` */
	size_t foreign_count, foreign_cap;
	struct und_reason *reasons;
	size_t reason_count, reason_cap;
	bool all_refused;	/* a reason that concerns every recipient */
};

#define JUDGED_INIT { 0 }

void judge_message(const struct postoffice *po, struct charset *charset,
	const struct message *m, struct judged *out);
void judged_add_reason(struct judged *j, const char *text,
	const struct message_header *header);
void judged_forget(struct foreign *f);	/* what one holds */
void judged_release(struct judged *j);

#endif
