/* SPDX-License-Identifier: ISC */
/*
 * message_store: what a struct message is made with. Internal to message.
 *
 * Bytes kept for a message stay where they are until it is cleared, so that
 * pointers to them do not move.
 */
#ifndef CCMQ_MESSAGE_STORE_H
#define CCMQ_MESSAGE_STORE_H

#include "mail/message.h"

#include <stddef.h>

/* As after message_init, but what memory it has may be kept for reuse. */
void message_clear(struct message *m);

/* A copy of len bytes that lives as long as m's contents. */
struct message_bytes message_keep(struct message *m, const void *bytes,
	size_t len);

/*
 * data without the blanks around it. Stray line ends go with them: of a file
 * with LF whose lines have a CR here and there each name is the same as
 * without.
 */
struct message_bytes message_trimmed(const char *data, size_t len);

/* A zeroed one more, or NULL when there are as many as are kept. */
struct message_header *message_add_header(struct message *m);
struct message_item *message_add_item(struct message *m);

/* Notes a defect and lowers the verdict. fmt (may be NULL) adds what about
 * it; foreign text is not to be given. */
void message_add_defect(struct message *m, enum message_defect_kind kind,
	int64_t offset, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
