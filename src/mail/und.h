/* SPDX-License-Identifier: ISC */
/*
 * und: the undeliverable file `ccmail.und`, read and written.
 *
 * Append-only. An entry is a whole message in the import format, attachments
 * included, with reason lines `***  reason  ***` anywhere in its header part
 * (ccmq-import(1)). The reader finds entries in a file of any size by
 * reading only what is new: the caller keeps *next_out and the inode, and
 * starts at 0 again when the inode changed. Pure: bytes in, values out.
 */
#ifndef CCMQ_UND_H
#define CCMQ_UND_H

#include "base/error.h"
#include "mail/charset.h"
#include "mail/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UND_REASON_MAX 81	/* 80 bytes and the terminator: a screen line */
#define UND_TEXT_MAX 256	/* with the terminator */

/* All text is valid, printable UTF-8 of one line. */
struct und_entry {
	int64_t offset, length;
	char reason[UND_REASON_MAX];	/* the first; "" when there is none */
	int reasons;			/* how many reason lines */
	char from[UND_TEXT_MAX];
	char to[UND_TEXT_MAX];		/* the first To, cc or bcc */
	char subject[UND_TEXT_MAX];
	bool complete;			/* false: cut off, by the end of what
					 * was scanned or by a later entry */
};

/*
 * Calls entry for each entry that begins in [start, end), in the order of the
 * file; nothing outside of [start, end) is read. What stands before the first
 * `Message:` is passed over. entry returns 0 to go on, 1 to stop (next_out is
 * then behind that entry), -1 to fail; it must fill err itself then.
 *
 * *next_out: where to go on next time: the start of a last entry that is not
 * complete, else end. A start behind the end of the source means that the
 * file was truncated: nothing is read and *next_out is 0. end is cut to
 * src->size. Text is taken as in the code page of cs. 0, or -1.
 */
int und_scan(const struct message_source *src, struct charset *cs,
	int64_t start, int64_t end,
	int (*entry)(void *arg, const struct und_entry *e), void *arg,
	int64_t *next_out, struct error *err);

/* A reason and the header line that caused it. */
struct und_reason {
	const char *text;	/* printable is made of it; cut to 80 bytes */
	const struct message_header *header;	/* of the message; NULL: under
						 * Subject:, else under the
						 * last header */
};

/*
 * Writes message m of src as one entry: copied as it was, the reasons put in
 * in their order, its `Message:` count set right in counted form, and ended
 * with a line end, all with the line ends that it has. fresh_line: what is in
 * the file before does not end with one, so begin with one. m must be of the
 * same source. 0, or -1 with what sink or source said.
 */
int und_write(const struct message_source *src, const struct message *m,
	const struct und_reason *reasons, size_t reason_count, bool fresh_line,
	message_sink sink, void *arg, struct error *err);

/*
 * The other way: writes entry m (read with options.und) as the message that it
 * was: the reason lines taken out, its `Message:` count set right. 0, or -1
 * with what sink or source said.
 */
int und_restore(const struct message_source *src, const struct message *m,
	message_sink sink, void *arg, struct error *err);

#endif
