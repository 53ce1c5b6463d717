/* SPDX-License-Identifier: ISC */
/*
 * import_batch: files into the post office, together.
 *
 * In order: the post office is entered (its lock, CCPODOWN, postoffice.conf,
 * what an earlier crash left); each file is read and its mails are written;
 * all of them are made durable, recorded and moved into the Maildirs together
 * (import_pack.h); what is undeliverable is appended to the .und files. So
 * everything is on disk before the next step, and a crash anywhere is repaired
 * by running again with the same keys. A batch of one is the program that
 * imports one file.
 *
 * Files are not deleted here.
 */
#ifndef CCMQ_IMPORT_BATCH_H
#define CCMQ_IMPORT_BATCH_H

#include "import/import_office.h"

#define IMPORT_BATCH_MAX 128

/* Each item has its code, and is on disk, when this returns. */
void import_batch(struct import_office *office, struct import_item **items,
	size_t count);

#endif
