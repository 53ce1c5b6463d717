/* SPDX-License-Identifier: ISC */
/*
 * import_pack: mails that become durable together.
 *
 * Each was written to staging and is for some mailboxes. When the pack is
 * flushed, or is full, one syncfs or a few fsyncs serve all of it, one append
 * records it, and each directory is synced once (maildir.h says in what
 * order). A mail that cannot be linked or moved fails its item alone; a disk
 * that does not take what it is given fails all, and the pack takes no more.
 */
#ifndef CCMQ_IMPORT_PACK_H
#define CCMQ_IMPORT_PACK_H

#include "import/import_office.h"

#define IMPORT_PACK_MAX 128	/* descriptors held open */
#define IMPORT_USABLE_MAX 64	/* Maildirs looked at once for all of it */

struct packed {
	struct import_item *item;
	char key[DELIVERED_KEY_MAX + 1];
	int fd;
	const char **boxes;	/* the strings are the post office's */
	size_t count;
};

struct import_pack {
	struct import_office *office;
	struct packed list[IMPORT_PACK_MAX];
	size_t count;
	size_t large;		/* of those: durable_begin */
	const char *usable[IMPORT_USABLE_MAX];	/* the post office's, too */
	size_t usable_count;
	bool broken;		/* err says why: nothing can be relied on */
	struct error err;
};

#define IMPORT_PACK_INIT(office) { (office), .count = 0 }

/* Takes fd, which maildir_stage made for key, and boxes. */
void import_pack_take(struct import_pack *p, struct import_item *item,
	const char *key, int fd, const char **boxes, size_t count);

/* Is a message of this file (its key without the number) in it? */
bool import_pack_has(const struct import_pack *p, const char *file_key);

/* Is that Maildir known to be there, and to take mail? */
bool import_pack_knows(const struct import_pack *p, const char *box);
void import_pack_learn(struct import_pack *p, const char *const *boxes,
	size_t count);

/* Everybody has it, on disk, or the item says why not. */
void import_pack_flush(struct import_pack *p);

#endif
