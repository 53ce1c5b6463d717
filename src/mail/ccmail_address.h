/* SPDX-License-Identifier: ISC */
/*
 * ccmail_address: `Last, First at POSTOFFICE` taken apart.
 *
 * The last " at " (blanks on both sides, any case) separates the user from
 * the post office. `#Name at PO` is a bulletin board, `user@domain at
 * internet` a foreign address, with a name too: `"Name" <user@domain> at
 * internet`; ` at PO` has a blank user (Q249133 shows that it occurs). Works
 * on bytes in any code page whose lower half is ASCII; the parts point into
 * the text that was given and live as long as it. Never fails: what has no
 * " at " is a user without a post office. Pure.
 */
#ifndef CCMQ_CCMAIL_ADDRESS_H
#define CCMQ_CCMAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum ccmail_address_kind {
	CCMAIL_ADDRESS_USER,	/* somebody in a post office */
	CCMAIL_ADDRESS_BOARD,	/* a bulletin board; user is without the # */
	CCMAIL_ADDRESS_FOREIGN,	/* user has an @ with something on each side */
	CCMAIL_ADDRESS_BLANK,	/* no user at all */
};

struct ccmail_part {
	const char *data;	/* not terminated; never NULL */
	size_t len;
};

struct ccmail_address {
	enum ccmail_address_kind kind;
	struct ccmail_part user;	/* all before " at ", trimmed; what is
					 * in the brackets if there are any */
	struct ccmail_part display;	/* before the brackets, without quotes;
					 * empty if there are none */
	struct ccmail_part post_office;	/* all after it, trimmed */
	bool has_post_office;		/* false: there was no " at " */
	struct ccmail_part last, first;	/* USER: around the first comma; without
					 * a comma last is all of user */
};

void ccmail_address_split(const char *text, size_t len,
	struct ccmail_address *out);

#endif
