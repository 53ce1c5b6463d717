/* SPDX-License-Identifier: ISC */
/*
 * maildir: messages into several Maildirs, each all or none, exactly once.
 *
 * A message is written to `staging` in the post office, which plays the part
 * of each Maildir's tmp/: readers clean tmp/ after 36 hours, and a delivery
 * that a crash interrupted must outlive that. Then, in this order, for all
 * messages of a batch together:
 *
 *   1. each file has a name `KEY=MAILBOX` in staging for each mailbox
 *      (maildir_link); files and names are made durable (durable.h);
 *   2. each KEY is recorded as delivered to its mailboxes (delivered.h), in
 *      one append: from here on it is delivered, before it never was;
 *   3. each name is renamed into new/ as KEY (maildir_move); the directories
 *      are synced, once each.
 *
 * After a crash maildir_recover finishes what is recorded and removes what is
 * not. So whoever delivers KEY again later asks delivered_has, and neither a
 * moved nor a deleted mail comes back; no Maildir is ever searched. Should the
 * record be gone, but KEY still lie in new/, that one copy stays.
 *
 * The name in new/ is KEY itself: unique, without the time that readers do not
 * need. Recipients share one inode. Mailboxes live below mail/ and are made
 * when first needed, as open to the group as the post office itself. A mailbox
 * that is to be discarded gets the message all the same, and loses it at once.
 *
 * staging/ and mail/ must be one file system; ERROR_STORE otherwise.
 * Only with the lock of the post office held.
 */
#ifndef CCMQ_MAILDIR_H
#define CCMQ_MAILDIR_H

#include "base/error.h"
#include "import/delivered.h"
#include "import/postoffice.h"

#include <stdbool.h>
#include <stddef.h>

#define MAILDIR_ROOT "mail"
#define MAILDIR_STAGING "staging"

/* Once, before anything else. Costs one look into an empty directory. */
int maildir_recover(const struct delivered_books *books,
	const struct postoffice *po, struct error *err);

/* Sees to it that a message can be moved into this mailbox after the record
 * says that it was. 0; 1: it was made, and is to be kept; -1: it cannot. */
int maildir_need(int po_dirfd, const char *mailbox, struct error *err);

/* Makes mailboxes that were made durable. That new/ is there means that all
 * is, and will be: -1 when that is not sure, and it has gone again. */
int maildir_keep(int po_dirfd, const char *const *mailboxes, size_t count,
	struct error *err);

/* Opens staging, which is made if it is missing: for durable_sync. */
int maildir_open_staging(int po_dirfd, struct error *err);

/* A new file for message key, to be written by the caller: a descriptor open
 * for reading and writing, or -1. It has the name for its first mailbox from the
 * start; NULL: it is for none, and is to be thrown away. */
int maildir_stage(int po_dirfd, const char *key, const char *mailbox,
	struct error *err);

/* Step 1: the file, staged for the first, under the names of count mailboxes.
 * -1: as after maildir_abort. */
int maildir_link(int po_dirfd, const char *key, const char *const *mailboxes,
	size_t count, struct error *err);

/* Step 3 for one mailbox. 0: it is there, and not yet durable. */
int maildir_move(int po_dirfd, const char *key, const char *mailbox,
	bool discard, struct error *err);
/* The directory that it went to, to be made durable with staging. */
int maildir_open_new(int po_dirfd, const char *mailbox, struct error *err);

/* Throws the staged file away: its names for these mailboxes, or, if there are
 * none, the one it was staged under for none. */
void maildir_abort(int po_dirfd, const char *key, const char *const *mailboxes,
	size_t count);

#endif
