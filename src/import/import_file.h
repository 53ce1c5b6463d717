/* SPDX-License-Identifier: ISC */
/*
 * import_file: the messages of one file.
 *
 * All of them are read first, and one that is none stops the file before
 * anything is delivered. Then each is delivered (import_message.h), and what
 * is undeliverable is kept for the .und file.
 */
#ifndef CCMQ_IMPORT_FILE_H
#define CCMQ_IMPORT_FILE_H

#include "import/import_pack.h"

/* item->code, and err with it, says what came of it; what is in the pack may
 * fail the item yet. The post office is entered, the pack not broken. */
void import_file(struct import_pack *pack, struct import_item *item);

#endif
