/*
 * maildir: a message into several Maildirs, all or none, exactly once.
 *
 * The message is written to `staging` in the post office, which plays the part
 * of each Maildir's tmp/: readers clean tmp/ after 36 hours, and a delivery
 * that a crash interrupted must outlive that. Then, in this order:
 *
 *   1. the file is on disk, and has one more link `KEY=MAILBOX` in staging for
 *      each mailbox, on disk too;
 *   2. KEY is recorded as delivered to all of them (delivered.h), in one
 *      append: from here on the message is delivered, before it never was;
 *   3. each link is renamed into new/ as KEY; the directories are synced.
 *
 * After a crash maildir_recover finishes what is recorded and removes what is
 * not. So whoever delivers KEY again later asks delivered_has, and neither a
 * moved nor a deleted mail comes back; no Maildir is ever searched. Should the
 * record be gone, but KEY still lie in new/, that one copy stays.
 *
 * The name in new/ is KEY itself: unique, without the time that readers do not
 * need. Recipients share one inode. Mailboxes live below mail/ and are made
 * when first needed, as open to the group as the post office itself.
 *
 * staging/ and mail/ must be one file system; ERROR_STORE otherwise.
 * Only with the lock of the post office held.
 */
#ifndef CCMQ_MAILDIR_H
#define CCMQ_MAILDIR_H

#include "base/error.h"

#include <stddef.h>

#define MAILDIR_ROOT "mail"
#define MAILDIR_STAGING "staging"

/* Once, before anything else. Costs one look into an empty directory. */
int maildir_recover(int po_dirfd, struct error *err);

/* A new file for message key, to be written by the caller: a descriptor open
 * for reading and writing, or -1. */
int maildir_stage(int po_dirfd, const char *key, struct error *err);

/*
 * Delivers the staged file fd to count mailboxes (at least one). fd stays open
 * and is the caller's. 0: everybody has it, on disk. -1: all or none will have
 * it, and the next maildir_recover decides which.
 */
int maildir_commit(int po_dirfd, const char *key, int fd,
	const char *const *mailboxes, size_t count, struct error *err);

/* Throws the staged file away. Also right after a commit that failed. */
void maildir_abort(int po_dirfd, const char *key);

#endif
